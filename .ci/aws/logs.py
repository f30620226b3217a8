"""Prints every line of a log group, oldest first: the local AWS answers the first 10,000 and no token for the rest.

    logs.py GROUP
"""

import sys

import boto3


def lines(group):
    logs, since, seen = boto3.client("logs"), 0, set()
    while True:
        events = logs.filter_log_events(logGroupName=group, startTime=since)["events"]
        found = [(one["timestamp"], one["logStreamName"], one["message"].rstrip("\n")) for one in events]
        news = [line for line in found if line not in seen]
        if not news:
            return
        yield from (message for *_, message in news)
        since = found[-1][0]
        # Of the last instant there may be more.
        seen = {line for line in found if line[0] == since}


if __name__ == "__main__":
    print(*lines(sys.argv[1]), sep="\n")
