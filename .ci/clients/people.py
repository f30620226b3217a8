"""Makes what the callers need: an organization with a role, a member in it, and a token for each; prints them as shell variables."""

import json
import sys
import urllib.request

base, email, password = sys.argv[1:]


def call(method, path, body=None, token=None):
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(base + path, data, headers, method=method)) as answer:
        return json.loads(answer.read() or b"null")


def sign_in(email, **more):
    return call("POST", "/api/v1/auth/token", {"email": email, "password": password, **more})["access"]


admin = sign_in(email)
call("POST", "/api/v1/organizations", {"code": "ACME", "name": "Acme"}, admin)
call("POST", "/api/v1/roles", {"code": "reader", "name": "Reader", "level": 5}, admin)
for permission in ["users.read", "activities.read", "stats.read"]:
    call("PUT", f"/api/v1/roles/reader/permissions/{permission}", None, admin)
member = call("POST", "/api/v1/auth/register", {"username": "ada", "email": "ada@example.com", "password": password})["id"]
call("PUT", f"/api/v1/organizations/ACME/members/{member}", {"department": "Research"}, admin)
call("PUT", f"/api/v1/organizations/ACME/members/{member}/roles/reader", {}, admin)
print(f"admin={admin}\nmember={sign_in('ada@example.com', organization='ACME')}")
