"""Prints every line of a log group, oldest first: the local AWS answers the first 10,000 and no token for the rest.

    logs.py GROUP
"""

import sys

import boto3

LOGS = boto3.client("logs")
since, seen = 0, set()
while True:
    events = LOGS.filter_log_events(logGroupName=sys.argv[1], startTime=since)["events"]
    lines = [(one["timestamp"], one["logStreamName"], one["message"].rstrip("\n")) for one in events]
    news = [line for line in lines if line not in seen]
    if not news:
        break
    for *_, message in news:
        print(message)
    since = lines[-1][0]
    # Of the last instant there may be more.
    seen = {line for line in lines if line[0] == since}
