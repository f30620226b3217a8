"""A stack for the tests: that of ``ROLECALL_BIN``, in memory, on free ports."""

import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest

PASSWORD = "violet-anchor-mosaic-91"
ENVIRONMENT = {
    "ROLECALL_ADMIN_EMAIL": "admin@example.com",
    "ROLECALL_ADMIN_PASSWORD": PASSWORD,
    "ROLECALL_REGISTRATION": "open",
}


@dataclass
class Stack:
    """A running stack, and its super admin."""

    url: str
    root: str

    def call(self, method, path, body=None, token=None, status=None):
        response = httpx.request(
            method,
            f"{self.url}/api/v1{path}",
            json=body,
            headers={"Authorization": f"Bearer {token or self.root}"} if token or self.root else {},
        )
        wanted = (200, 201, 202, 204) if status is None else (status,)
        assert response.status_code in wanted, f"{method} {path}: {response.text}"
        return response.json() if response.content else None

    def sign_in(self, name, organization=None):
        body = {"email": f"{name}@example.com", "password": PASSWORD}
        if organization:
            body["organization"] = organization
        return self.call("POST", "/auth/token", body)

    def member(self, name, organization, *roles):
        """Somebody who signed up, is a member with these roles, and signed in."""
        body = {"username": name, "email": f"{name}@example.com", "password": PASSWORD}
        user = self.call("POST", "/auth/register", body)
        at = f"/organizations/{organization}/members/{user['id']}"
        self.call("PUT", at, {})
        for role in roles:
            self.call("PUT", f"{at}/roles/{role}", {})
        return self.sign_in(name, organization)

    def log(self, activity_type, organization="ACME"):
        """What is in the log of a type, newest first."""
        found, cursor = [], ""
        while cursor is not None:
            query = f"?activity_type={activity_type}&organization={organization}&limit=200{cursor}"
            page = self.call("GET", f"/activities{query}")
            found += page["items"]
            following = page["next_cursor"]
            cursor = None if following is None else f"&cursor={following}"
        return found


@dataclass
class Office:
    """A drawing office: who may create drawings, who may nothing, and the service's own key."""

    stack: Stack
    ada: dict
    bob: dict
    eve: dict
    service_id: str
    key: str


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    command = [os.environ["ROLECALL_BIN"], "--port", "0", "--dynamodb-port", "0"]
    process = subprocess.Popen(
        [*command, "--data", "memory"],
        env={**os.environ, **ENVIRONMENT},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        for line in process.stdout:
            if found := re.search(r"listening on (http://\S+)", line):
                started = Stack(found.group(1), "")
                break
        else:
            pytest.fail("the stack does not start")
        started.root = started.sign_in("admin")["access"]
        yield started
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


@pytest.fixture(scope="session")
def office(stack) -> Office:
    for path, body in [
        ("/organizations", {"code": "ACME", "name": "Acme"}),
        ("/organizations", {"code": "OTHER", "name": "Other"}),
        ("/modules", {"code": "PID", "name": "Piping"}),
        ("/roles", {"code": "drafter", "name": "Drafter", "level": 5}),
    ]:
        stack.call("POST", path, body)
    for action in ("create", "read", "delete"):
        permission = {"code": f"pid.{action}", "module": "PID", "name": action, "action": action}
        stack.call("POST", "/permissions", permission)
    for granted in ("permissions/pid.create", "permissions/pid.read", "modules/PID"):
        stack.call("PUT", f"/roles/drafter/{granted}")
    service = {"kind": "service", "name": "Drawings", "organization": "ACME", "roles": ["drafter"]}
    service_id = stack.call("POST", "/users", service)["id"]
    key = {"name": "tests", "scopes": ["pid.create"]}
    return Office(
        stack,
        stack.member("ada", "ACME", "drafter"),
        stack.member("bob", "ACME"),
        stack.member("eve", "OTHER", "drafter"),
        service_id,
        stack.call("POST", f"/users/{service_id}/api-keys", key)["key"],
    )
