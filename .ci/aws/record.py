"""Stands between the functions and the local AWS, and writes down which function called what.

    record.py PORT AWS_PORT FILE

Each call is a line of FILE: the access key of the function's role, the IAM action, and what it named (partition keys, an index,
a parameter). `GET /mail.json?to=…` lists the mails that SES was given, as the local stack's mailbox does.
"""

import http.client
import json
import re
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

PORT, AWS, FILE = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
MAIL = "/v2/email/outbound-emails"
LOCK = threading.Lock()
CONNECTION = threading.local()


def prefix(key):
    """What IAM can say of a partition key: what stands before the first `#`."""
    return key.split("#", 1)[0] + "#*" if "#" in key else key


def one(action, item):
    return action, prefix(item["PK"]["S"])


def query(call):
    if "IndexName" in call:
        return "QueryIndex", call["IndexName"]
    names, values = call.get("ExpressionAttributeNames", {}), call["ExpressionAttributeValues"]
    for left, right in re.findall(r"(#?\w+) = (:\w+)", call["KeyConditionExpression"]):
        if names.get(left, left) == "PK":
            return "Query", prefix(values[right]["S"])
    raise ValueError(f"no partition key: {call}")


def transacted(call, names):
    for item in call["TransactItems"]:
        for kind, body in item.items():
            yield one(names[kind], body.get("Key") or body["Item"])


def dynamodb(operation, call):
    """The IAM actions of a call and what each names."""
    if operation in ("GetItem", "UpdateItem", "DeleteItem"):
        yield one(operation, call["Key"])
    elif operation == "PutItem":
        yield one(operation, call["Item"])
    elif operation == "Query":
        yield query(call)
    elif operation == "BatchGetItem":
        for keys in call["RequestItems"].values():
            yield from (one(operation, key) for key in keys["Keys"])
    elif operation == "BatchWriteItem":
        for requests in call["RequestItems"].values():
            for request in requests:
                put, delete = request.get("PutRequest"), request.get("DeleteRequest")
                yield one(operation, put["Item"] if put else delete["Key"])
    elif operation == "TransactWriteItems":
        yield from transacted(call, {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem",
                                     "ConditionCheck": "ConditionCheckItem"})
    elif operation == "TransactGetItems":
        yield from transacted(call, {"Get": "GetItem"})
    else:
        yield operation, "?"


def calls(path, target, body):
    service, _, operation = target.partition(".")
    if service.startswith("DynamoDB"):
        return list(dynamodb(operation, json.loads(body)))
    if service == "AmazonSSM":
        # What stands behind the stack's own path: `server`, or `signing/*`.
        name = json.loads(body)["Name"].split("/", 3)[3]
        # What is written is told apart further: an import keeps nothing else among the keys of passwords.
        kept = "/*" if operation == "GetParameter" else r"/\1*"
        return [(f"ssm:{operation}", re.sub(r"/(firebase-)?.*", kept, name))]
    if path == MAIL:
        return [("ses:SendEmail", "")]
    return [(f"{service or path}:{operation}", "?")]


def as_operator(body):
    """Headers under which the emulator takes a mail from anybody: it does not know that SES's resources are identities."""
    request = AWSRequest("POST", f"http://127.0.0.1:{AWS}{MAIL}", {"Content-Type": "application/json"}, body)
    SigV4Auth(Credentials("test", "test"), "ses", "us-east-1").add_auth(request)
    return dict(request.headers)


def aws():
    if not hasattr(CONNECTION, "to_aws"):
        CONNECTION.to_aws = http.client.HTTPConnection("127.0.0.1", AWS)
    return CONNECTION.to_aws


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    def answer(self, status, headers, body):
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in ("transfer-encoding", "connection", "content-length"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        caller = re.search(r"Credential=(\w+)/", self.headers.get("Authorization", ""))
        for action, names in calls(self.path, self.headers.get("x-amz-target", ""), body):
            with LOCK, open(FILE, "a") as file:
                print(json.dumps([caller and caller[1], action, names]), file=file)
        headers = dict(self.headers)
        if self.path == MAIL:
            headers = as_operator(body)
        try:
            aws().request(self.command, self.path, body, headers)
            response = aws().getresponse()
        except (http.client.HTTPException, OSError):
            # A connection that was closed meanwhile.
            aws().close()
            aws().request(self.command, self.path, body, headers)
            response = aws().getresponse()
        self.answer(response.status, response.getheaders(), response.read())

    def do_GET(self):
        to = parse_qs(urlsplit(self.path).query).get("to", [""])[0]
        aws().request("GET", "/_ministack/ses/messages")
        accounts = json.loads(aws().getresponse().read())["messages"]
        mails = [mail for mails in accounts.values() for mail in mails if to in mail["To"]]
        mails = [{"id": mail["MessageId"], "to": mail["To"][0], "from": mail["Source"], "subject": mail["Subject"],
                  "text": mail["BodyText"], "html": mail["BodyHtml"], "sent_at": mail["Timestamp"]} for mail in mails]
        self.answer(200, [("Content-Type", "application/json")], json.dumps(mails[::-1], separators=(",", ":")).encode())


ThreadingHTTPServer(("127.0.0.1", PORT), Handler).serve_forever()
