"""Gives a deployed stack other parameters and waits until it has them.

    update.py STACK NAME=VALUE…

It is what `sam deploy` does with a template that CloudFormation has already, without reading and uploading it again.
"""

import sys
import time

import boto3

STACK, CHANGES = sys.argv[1], dict(change.split("=", 1) for change in sys.argv[2:])
CLOUDFORMATION = boto3.client("cloudformation")


def stack():
    return CLOUDFORMATION.describe_stacks(StackName=STACK)["Stacks"][0]


names = [one["ParameterKey"] for one in stack()["Parameters"]]
unknown = set(CHANGES) - set(names)
if unknown:
    sys.exit(f"{STACK} has no parameter {', '.join(unknown)}")
parameters = [
    {"ParameterKey": name, "ParameterValue": CHANGES[name]} if name in CHANGES else {"ParameterKey": name, "UsePreviousValue": True}
    for name in names
]
CLOUDFORMATION.update_stack(StackName=STACK, UsePreviousTemplate=True, Parameters=parameters, Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"])
status = stack()["StackStatus"]
while status.endswith("_IN_PROGRESS"):
    time.sleep(0.2)
    status = stack()["StackStatus"]
if status != "UPDATE_COMPLETE":
    for event in CLOUDFORMATION.describe_stack_events(StackName=STACK)["StackEvents"][:20]:
        print(event["ResourceStatus"], event.get("LogicalResourceId"), event.get("ResourceStatusReason", ""))
    sys.exit(f"{STACK}: {status}")
