"""Holds what each function may do against what it was seen to do: none missing, none unused.

    rights.py STACK FILE

FILE is what record.py wrote. The rights are those of the deployed roles, as IAM has them. Statements that are for the service
that runs a function, and not for the function, are left out: logs, traces, the stream it is fed from, its dead letters.
"""

import collections
import hashlib
import json
import sys

import boto3

STACK, FILE = sys.argv[1], sys.argv[2]
OF_THE_SERVICE = {"Logs", "Traces", "Stream", "DeadLetters"}


def functions():
    pages = boto3.client("lambda").get_paginator("list_functions").paginate()
    return [one for page in pages for one in page["Functions"] if one["FunctionName"].startswith(STACK + "-")]


def access_key(function):
    """The key under which the emulator lets a function call: lambda_runtime.execution_credentials."""
    digest = hashlib.sha256(f"{function['FunctionArn']}:{function['Role']}".encode()).hexdigest()
    return "ASIA" + digest[:16].upper()


def granted(function):
    role = function["Role"].rsplit("/", 1)[-1]
    document = boto3.client("iam").get_role_policy(RoleName=role, PolicyName="own")["PolicyDocument"]
    for statement in document["Statement"]:
        if statement["Sid"] in OF_THE_SERVICE:
            continue
        action = statement["Action"].removeprefix("dynamodb:")
        resources = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
        keys = statement.get("Condition", {}).get("ForAllValues:StringLike", {}).get("dynamodb:LeadingKeys")
        if keys:
            yield from ((action, key) for key in ([keys] if isinstance(keys, str) else keys))
        elif "/index/" in resources[0]:
            yield from (("QueryIndex", resource.rsplit("/", 1)[-1]) for resource in resources)
        elif action.startswith("ssm:"):
            yield from ((action, resource.split(f"/rolecall/{STACK}/")[1]) for resource in resources)
        else:
            yield action, ""


def seen():
    calls = collections.defaultdict(set)
    with open(FILE) as file:
        for line in file:
            caller, action, names = json.loads(line)
            calls[caller].add((action, names))
    return calls


wrong, calls = 0, seen()
for function in sorted(functions(), key=lambda one: one["FunctionName"]):
    name = function["FunctionName"].removeprefix(STACK + "-")
    may, did = set(granted(function)), calls.get(access_key(function), set())
    for word, rights in (("may not, and did", did - may), ("may, and did not", may - did)):
        for action, names in sorted(rights):
            wrong += 1
            print(f"{name}: {word}: {action} {names}")
print(f"{len(calls)} callers, {sum(map(len, calls.values()))} different rights used, {wrong} wrong")
sys.exit(1 if wrong else 0)
