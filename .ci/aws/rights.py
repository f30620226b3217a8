"""Holds what each function may do against what it was seen to do, in one stack or the other: none missing, none unused.

    rights.py FILE STACK...

FILE is what record.py wrote. The rights are those of the deployed roles, as IAM has them. Statements that are for the service
that runs a function, and not for the function, are left out: logs, traces, the stream it is fed from, its dead letters.
"""

import collections
import hashlib
import json
import sys

import boto3

FILE, STACKS = sys.argv[1], sys.argv[2:]
# What happens seldom, and not on every walk through the product: somebody spends a tenth of a quota, a proxy is trusted, mail goes by SMTP, an hour cannot
# be counted, an organization has no state of its own yet, there is one super admin more.
SELDOM = {
    ("UpdateItem", "LIMIT#*"),
    ("PutItem", "ACTIVITY#*"),
    ("ssm:GetParameter", "proxy"),
    ("ssm:GetParameter", "smtp"),
    ("PutItem", "STATS"),
    ("DeleteItem", "STATS"),
    ("BatchGetItem", "GATE#*"),
    ("GetItem", "PLATFORM"),
    # A stack from before keys had ids, or organizations a state of their own.
    ("ssm:GetParameter", "server"),
    ("ssm:DeleteParameter", "server"),
    # A key of passwords goes a week after another one followed.
    ("ssm:DeleteParameter", "passwords/*"),
    ("GetItem", "ORGANIZATIONS"),
    # Somebody leaves who administers an organization with others.
    ("Query", "MEMBERS#*"),
    ("BatchGetItem", "USER#*"),
    # A call that names an organization, where none has to be named.
    ("BatchGetItem", "ORG#*"),
    # An organization has roles of its own, and whoever changes something there has one.
    ("Query", "ROLES#*"),
    ("ConditionCheckItem", "ORG#*"),
    ("BatchGetItem", "ORGANIZATIONS"),
    # Somebody is erased who invited.
    ("UpdateItem", "INVITATION#*"),
    # A new type of activities, which `relay` may list before the function that recorded it.
    ("Query", "TYPES#*"),
    ("BatchWriteItem", "TYPES#*"),
    # Mails and records that fail, sign-ups that are over.
    ("PutItem", "OUTBOX_DUE"),
    ("PutItem", "SET_ASIDE"),
    ("BatchWriteItem", "SIGNUPS#*"),
}
OF_THE_SERVICE = {"Logs", "Traces", "Stream", "DeadLetters"}


def functions():
    pages = boto3.client("lambda").get_paginator("list_functions").paginate()
    return [one for page in pages for one in page["Functions"] if one["FunctionName"].rsplit("-", 2)[0] in STACKS]


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
            yield from ((action, resource.split(":parameter/rolecall/")[1].split("/", 1)[1]) for resource in resources)
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
may, did = collections.defaultdict(set), collections.defaultdict(set)
for function in functions():
    name = function["FunctionName"].rsplit("-", 2)[2]
    may[name].update(granted(function))
    did[name].update(calls.get(access_key(function), ()))
for name in sorted(may):
    for word, rights in (("may not, and did", did[name] - may[name]), ("may, and did not", may[name] - did[name] - SELDOM)):
        for action, names in sorted(rights):
            wrong += 1
            print(f"{name}: {word}: {action} {names}")
print(f"{len(may)} functions with {sum(map(len, may.values()))} rights, {wrong} wrong")
sys.exit(1 if wrong else 0)
