"""Calls every route of a deployed stack, and every job, on every path that takes another call of AWS.

    sweep.py STACK

Environment: ROLECALL_URL, ROLECALL_MAILBOX, ROLECALL_ADMIN_EMAIL, ROLECALL_ADMIN_PASSWORD, ROLECALL_REGISTRATION. A route that
answers what is not expected, or that nothing here calls, ends it.
"""

import base64
import json
import os
import sys
import threading
import time
import traceback
import urllib.error
import urllib.parse
import urllib.request
import uuid

import boto3
import logs
from boto3.dynamodb.conditions import Attr, Key

STACK = sys.argv[1]
URL, MAILBOX = os.environ["ROLECALL_URL"], os.environ["ROLECALL_MAILBOX"]
MODE = os.environ.get("ROLECALL_REGISTRATION", "open")
PASSWORD, OTHER = "violet-anchor-mosaic-91", "copper-meadow-lantern-58"
ROOT = (os.environ["ROLECALL_ADMIN_EMAIL"], os.environ["ROLECALL_ADMIN_PASSWORD"])
# A user that another system's hash came with: bcrypt of PASSWORD.
# Firebase's: the key of its project is to be a parameter of the stack.
KEYED = (
    "$firebase-scrypt$ln=4,r=8$u4xZFYm4y7kyQ26eX32iRBpmI3SLSj8bHKWFFXAbcIgAh4O0ukW4yIVhDcUNe8a9HAMnsXuQkDWK2eZ9KwMTZg$Bw"
    "$MDEyMzQ1Njc4OQ$yn5XeIxjEtA0+yNDyC7pj4EjtJNs/zH56j5ww0swMG6Nb66RyOwQOV5yqRK68Gzp56laLvNNidu7J4UumQGBOg"
)
FOREIGN = "bcrypt$$2b$04$514hPgIU9Z2OvsQoqRzrLOqQkweR2P.8H27aE9Igd.io5fF.CQsl6"
# A picture of one pixel.
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
CALLED = set()
# Routes with a parameter of their query, and with its value.
ASKED = set()
# Routes that the super admin called after a minute of rest.
RESTED = set()
TABLE = boto3.resource("dynamodb").Table(STACK)
ADA = f"success+sweep-{MODE}-ada@simulator.amazonses.com"
# More users than lie in one item of statistics, and more calls than one network has in a minute where floods come.
PEOPLE, MANY = 20, 20


def operations():
    """Every route, method and path, with its operation, from the document that the stack serves."""
    with urllib.request.urlopen(URL + "/openapi.json") as answer:
        paths = json.load(answer)["paths"]
    return {(method.upper(), path): one for path, methods in paths.items() for method, one in methods.items()}


def parameters(operation):
    """What a route's query may say: some of it takes other calls of AWS."""
    for one in operation.get("parameters", ()):
        if one["in"] == "query":
            yield one["name"]
            if "`*`" in one.get("description", ""):
                yield one["name"] + "=*"


def template_of(method, path):
    """The route that API Gateway takes: of those that match, the one with most fixed parts."""
    parts = path.split("?")[0].split("/")
    fits = lambda wanted: len(wanted) == len(parts) and all(a == b or b[:1] == "{" for a, b in zip(parts, wanted))
    found = [one for one in ROUTES if one[0] == method and fits(one[1].split("/"))]
    return min(found, key=lambda one: one[1].count("{"), default=None)


def sent(request):
    """The answer to a request, an error too, and its text."""
    try:
        answer = urllib.request.urlopen(request)
    except urllib.error.HTTPError as error:
        answer = error
    return answer, answer.read().decode(errors="replace")


def call(method, path, body=None, access=None, expect=(200, 201, 202, 204), headers=()):
    route = template_of(method, path)
    CALLED.add(route)
    for name, value in urllib.parse.parse_qsl(urllib.parse.urlsplit(path).query):
        ASKED.update({(route, name), (route, f"{name}={value}")})
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(URL + path, data, dict(headers), method=method)
    if data is not None:
        request.add_header("Content-Type", "application/json")
    if access:
        request.add_header("Authorization", "Bearer " + access)
    answer, text = sent(request)
    if answer.status == 502 and "Sandbox.Timedout" in text:
        # The emulator did not get a process to work within 15 seconds; a function that hangs does so again.
        print(f"{method} {path} was sent again: {text}")
        answer, text = sent(request)
    expect = expect if isinstance(expect, tuple) else (expect,)
    if answer.status not in expect:
        if answer.status >= 500:
            time.sleep(2)
            lines = logs.lines(f"/rolecall/{STACK}")
            print(*(line for line in lines if "unavailable" in line or "error" in line.lower()), sep="\n")
        raise SystemExit(f"{method} {path} answered {answer.status}: {text}\n{''.join(traceback.format_stack(limit=4))}")
    if answer.headers.get_content_type() in ("image/png", "text/html"):
        return text
    if answer.headers.get_content_type() == "text/csv":
        return {"lines": text.splitlines(), "next_cursor": answer.headers["Rolecall-Next-Cursor"]}
    return json.loads(text) if text else None


def pair(email, password=PASSWORD, **more):
    return call("POST", "/api/v1/auth/token", {"email": email, "password": password, **more}, expect=200)


def ago(signed_in, what, seconds):
    """A session as if something of it was so many seconds ago."""
    key = f"USER#{signed_in['user']['id']}", f"SESSION#{signed_in['session_id']}"
    update(*key, f"SET {what} = :then", {":then": int(time.time() - seconds) * 1000})
    return signed_in


def rested():
    """The super admin's session, as if it was not used for a minute: its next use is noted, and so is that somebody is there."""
    return ago(USED, "last_activity", 61)["access"]


def root(method, path, body=None, **more):
    """As the super admin; each route once after a minute of rest."""
    path = "/api/v1/" + path
    route = template_of(method, path)
    is_first = route not in RESTED
    RESTED.add(route)
    return call(method, path, body, rested() if is_first else USED["access"], **more)


def invoke(function, event, group="jobs"):
    answer = boto3.client("lambda").invoke(FunctionName=f"{STACK}-{group}-{function}", Payload=json.dumps(event))
    text = answer["Payload"].read().decode()
    if "FunctionError" in answer:
        sys.exit(f"{function} failed: {text}")
    CALLED.add(function)
    return json.loads(text)


def until(what, look):
    for _ in range(150):
        found = look()
        if found:
            return found
        time.sleep(0.2)
    sys.exit(f"{what} did not come")


def mails(to):
    with urllib.request.urlopen(MAILBOX + "?" + urllib.parse.urlencode({"to": to})) as answer:
        return json.load(answer)


def token(to, word):
    """The token of the newest mail to somebody whose link has a word in it."""
    def look():
        for mail in mails(to):
            if word in mail["text"] and "token=" in mail["text"]:
                return mail["text"].split("token=")[1].split()[0]
        return None
    return until(f"a mail to {to} about {word}", look)


def address(name):
    return f"success+{name}@simulator.amazonses.com"


def sign_up(name, **headers):
    body = {"username": name, "email": address(name), "password": PASSWORD}
    user = call("POST", "/api/v1/auth/register", body, headers=headers.items())
    call("POST", "/api/v1/auth/verify-email/resend", {"email": address(name)}, expect=202)
    link = {"token": token(address(name), "verify-email")}
    call("POST", "/api/v1/auth/verify-email", {**link, "password": "wrong"}, expect=401)
    call("POST", "/api/v1/auth/verify-email", {**link, "password": PASSWORD}, expect=204)
    return user


def whole(path):
    """The first two pages, of one entry each, of a list that has at least two, or of its CSV."""
    separator = "&" if "?" in path else "?"
    first = root("GET", f"{path}{separator}limit=1")
    if first.get("next_cursor"):
        root("GET", f"{path}{separator}limit=1&cursor={first['next_cursor']}")
    return first["items"] if "items" in first else first["lines"]


def once(path, body):
    """Twice under one idempotency key."""
    key = {"Idempotency-Key": body.get("code") or body.get("username") or body["name"]}.items()
    made = root("POST", path, body, headers=key, expect=201)
    again = root("POST", path, body, headers=key, expect=(200, 201))
    assert made == again, (made, again)
    return made


def sign_ups():
    sign_up(f"sweep-{MODE}-ada")
    sign_up(f"sweep-{MODE}-ada2", **{"Idempotency-Key": f"sweep-{MODE}"})
    call("POST", "/api/v1/auth/verify-email", {"token": "x"}, expect=400)


def catalogue():
    for kind, one in (
        ("organizations", {"name": "Sweep"}), ("modules", {"name": "Sweep"}),
        ("permissions", {"module": "SWEEP", "name": "Sweep", "action": "read"}), ("roles", {"name": "Sweep", "level": 5}),
    ):
        codes = ("sweep.read", "sweep.write") if kind == "permissions" else ("SWEEP", "SWEEP2")
        for code in codes:
            once(kind, {"code": code, **one})
        whole(kind)
        root("GET", f"{kind}/{codes[0]}")
        root("PATCH", f"{kind}/{codes[0]}", {"name": "Changed"})
    root("POST", "organizations", {"code": "SWEEP", "name": "Sweep"}, headers={"Idempotency-Key": "taken"}.items(), expect=409)
    for kind, one, other in (("permissions", "sweep.read", "sweep.write"), ("modules", "SWEEP", "SWEEP2")):
        root("PUT", f"roles/SWEEP/{kind}/{one}")
        root("PUT", f"roles/SWEEP/{kind}/{other}")
        whole(f"roles/SWEEP/{kind}")
        root("DELETE", f"roles/SWEEP/{kind}/{other}", expect=204)


def own_roles():
    own = "roles/SWEEP:own"
    root("POST", "roles", {"code": "SWEEP:own", "organization": "SWEEP", "name": "Own", "level": 5}, expect=201)
    root("PATCH", own, {"name": "Ours"})
    root("GET", "roles?organization=SWEEP")
    for what in ("permissions/sweep.read", "modules/SWEEP"):
        root("PUT", f"{own}/{what}")
        root("DELETE", f"{own}/{what}", expect=204)
    root("DELETE", own, expect=204)


def withdrawn():
    for what in ("permissions/sweep.read", "modules/SWEEP"):
        root("DELETE", f"roles/SWEEP/{what}")
    for kind, codes in (("permissions", ("sweep.read", "sweep.write")), ("modules", ("SWEEP", "SWEEP2")),
                        ("roles", ("SWEEP", "SWEEP2")), ("organizations", ("SWEEP2",))):
        for code in codes:
            root("DELETE", f"{kind}/{code}", expect=204)


def people():
    invited = once("users", {"username": "sweep-ivy", "email": address("sweep-ivy"), "organization": "SWEEP", "role": "admin"})
    first = token(address("sweep-ivy"), "accept-invitation")
    root("POST", f"users/{invited['id']}/invitation", expect=(200, 202, 204))
    until("another invitation", lambda: token(address("sweep-ivy"), "accept-invitation") != first)
    confirm = {"token": token(address("sweep-ivy"), "accept-invitation"), "new_password": PASSWORD}
    call("POST", "/api/v1/auth/password-reset/confirm", confirm, expect=204)
    for query in (f"email={urllib.parse.quote(address('sweep-ivy'))}", "username=sweep-ivy", "employee_id=E-7&organization=SWEEP",
                  "name=sweep", "status=active", "role=super_admin", "organization=SWEEP", "organization=SWEEP&role=SWEEP"):
        root("GET", f"users?{query}")
        whole(f"users.csv?{query}")
    whole("users?status=active")
    user = f"users/{invited['id']}"
    root("GET", user)
    root("PATCH", user, {"first_name": "Ivy"})
    member = f"organizations/SWEEP/members/{invited['id']}"
    root("PUT", member, {"employee_id": "E-7"})
    root("PUT", member, {"employee_id": "E-8"})
    root("GET", member)
    ivy = pair(address("sweep-ivy"), organization="SWEEP")
    call("GET", "/api/v1/organizations", access=ivy["access"])
    for is_active, status in ((False, (401, 403)), (True, 200)):
        root("PATCH", "organizations/SWEEP", {"is_active": is_active})
        call("POST", "/api/v1/auth/token", {"email": address("sweep-ivy"), "password": PASSWORD, "organization": "SWEEP"}, expect=status)
    ada = pair(ADA)["user"]["id"]
    root("PUT", f"organizations/SWEEP/members/{ada}", {"employee_id": "E-9"})
    # The last administrator stays, and one of two may go.
    root("DELETE", member, expect=409)
    root("PUT", f"organizations/SWEEP/members/{ada}/roles/admin", {})
    root("GET", "catalogue")
    look = {"product_name": "Acme", "accent_color": "#2b70ea", "logo": PIXEL}
    root("PUT", "appearance", look)
    assert call("GET", "/api/v1/appearance")["logo_url"].endswith("/api/v1/appearance/logo")
    assert "PNG" in call("GET", "/api/v1/appearance/logo")
    root("PUT", "appearance", {"logo": None})
    assert any(one["name"] == "ROLECALL_REGISTRATION" for one in root("GET", "settings"))
    root("POST", "signing-keys/rotate", {"current_password": "not-the-password-1"}, expect=422)
    root("POST", "signing-keys/rotate", {"current_password": ROOT[1]}, expect=202)
    keys = {one["state"]: one["kid"] for one in root("GET", "signing-keys")}
    root("POST", "signing-keys/rotate", {"drop": keys["next"], "current_password": ROOT[1]}, expect=202)
    assert [one["kid"] for one in root("GET", "signing-keys")] == [keys["current"]]
    for page in ("sign-in", "sign-up", "account", "verify-email", "undo-email-change", "console", "console/people", "console/roles/admin"):
        assert call("GET", f"/{page}").startswith("<!doctype html>"), page
    whole("organizations/SWEEP/members")
    assert len(whole("organizations/SWEEP/members.csv")) == 2
    root("PUT", f"{member}/roles/SWEEP", {})
    root("PUT", f"{member}/roles/SWEEP", {"expires_at": "2099-01-01T00:00:00.000Z"})
    whole(f"{member}/roles")
    root("DELETE", f"{member}/roles/SWEEP", expect=204)
    root("PUT", f"{member}/roles/SWEEP", {})
    # Power over everything, given and taken in each way that it can go.
    platform = f"organizations/PLATFORM/members/{invited['id']}"
    root("PUT", platform, {})
    root("PUT", f"{platform}/roles/super_admin", {})
    root("PUT", platform, {"status": "suspended"})
    root("PUT", platform, {"status": "active"})
    root("PATCH", user, {"status": "suspended"})
    call("POST", "/api/v1/auth/token", {"email": address("sweep-ivy"), "password": PASSWORD}, expect=403)
    root("PATCH", user, {"status": "active"})
    root("DELETE", f"{platform}/roles/super_admin", expect=204)
    # The last one stays.
    last = pair(*ROOT)["user"]["id"]
    root("DELETE", f"users/{last}", expect=409)
    root("PATCH", f"users/{last}", {"status": "suspended"}, expect=409)
    root("PUT", f"organizations/PLATFORM/members/{last}", {"status": "suspended"}, expect=409)
    root("DELETE", f"organizations/PLATFORM/members/{last}/roles/super_admin", expect=409)
    root("DELETE", f"organizations/PLATFORM/members/{last}", expect=409)
    root("PUT", f"{platform}/roles/super_admin", {})
    root("DELETE", user, expect=204)
    root("POST", "users", {"username": "sweep-again", "email": address("sweep-ivy")}, expect=409)
    root("POST", f"{user}/restore")
    root("DELETE", platform, expect=204)
    root("DELETE", member, expect=204)
    root("DELETE", f"organizations/SWEEP/members/{ada}", expect=204)
    invitations(ada)
    # A lock of the account's own: nothing but an operator's hand makes one.
    update(f"USER#{invited['id']}", "USER", "SET locked_until = :until", {":until": 4_000_000_000_000})
    root("POST", f"{user}/unlock", expect=200)


def invitations(ada):
    """Whoever is invited with and without an account, and what becomes of it."""
    invited = "organizations/SWEEP/invitations"
    guest, email = f"{MODE}-guest", address(f"sweep-{MODE}-guest")
    key = {"Idempotency-Key": guest}.items()
    order = {"email": email, "roles": ["SWEEP"], "employee_id": "E-20"}
    first = root("POST", invited, order, headers=key, expect=201)["id"]
    assert root("POST", invited, order, headers=key, expect=201)["id"] == first
    other = {"email": address(f"sweep-{MODE}-other")}
    several = {"invitations": [other, {"email": address(f"sweep-{MODE}-third")}]}
    several = root("POST", invited, several, headers={"Idempotency-Key": f"{guest}s"}.items(), expect=201)["results"]
    whole(invited)
    root("GET", f"{invited}/{first}")
    # Another one takes its place.
    second = root("POST", invited, {**order, "department": "Sweeping"}, expect=201)["id"]
    root("POST", f"{invited}/{second}/resend")
    root("DELETE", f"{invited}/{several[1]['id']}", expect=204)

    def works(link):
        offer = call("POST", "/api/v1/auth/accept-invitation/verify", {"token": link}, expect=(200, 400))
        return link if "has_account" in offer else None
    # Links of before are dead.
    link = until("the link that works", lambda: works(token(email, "accept-invitation")))
    accept = {"token": link, "username": f"sweep.{MODE}.guest", "password": PASSWORD}
    joined = call("POST", "/api/v1/auth/accept-invitation", accept)["user"]["id"]
    root("DELETE", f"organizations/SWEEP/members/{joined}", expect=204)
    # Whoever is invited and asks for a reset gets the invitation again.
    call("POST", "/api/v1/auth/password-reset", other, expect=202)
    until("the invitation once more", lambda: len(mails(other["email"])) > 1)
    call("POST", "/api/v1/auth/decline-invitation", {"token": token(other["email"], "accept-invitation")}, expect=204)
    # And once more, when that mail was not taken: see `mail_again`.
    waiting = address(f"sweep-{MODE}-waiting")
    root("POST", invited, {"email": waiting}, expect=201)
    call("POST", "/api/v1/auth/password-reset", {"email": waiting}, expect=202)
    until("the invitation once more", lambda: len(mails(waiting)) > 1)
    # Nobody joins by an address that is not proven; here an operator's hand proves it.
    update(f"USER#{ada}", "USER", "SET email_verified = :yes", {":yes": True})

    def as_ada(method, path):
        return call(method, f"/api/v1/me/invitations{path}", access=ago(pair(ADA), "last_activity", 61)["access"])
    root("POST", invited, {"email": ADA, "roles": ["SWEEP"], "employee_id": "E-21"}, expect=201)
    root("POST", "organizations", {"code": "SWEEP3", "name": "Sweep"}, expect=201)
    root("POST", "roles", {"code": "SWEEP3:own", "organization": "SWEEP3", "name": "Own", "level": 5}, expect=201)
    root("POST", "organizations/SWEEP3/invitations", {"email": ADA}, expect=201)
    pages = [as_ada("GET", "?limit=1")]
    pages.append(as_ada("GET", f"?limit=1&cursor={pages[0]['next_cursor']}"))
    mine = {one["organization"]: one["id"] for page in pages for one in page["items"]}
    as_ada("POST", f"/{mine['SWEEP']}/accept")
    root("DELETE", "organizations/SWEEP3", expect=204)
    root("DELETE", f"organizations/SWEEP/members/{ada}", expect=204)
    root("POST", invited, {"email": ADA}, expect=201)
    as_ada("POST", f"/{as_ada('GET', '')['items'][0]['id']}/decline")


def leavers():
    """Whoever is renamed, corrected, deleted before the invitation is taken, or goes."""
    invited = root("POST", "users", {"username": "sweep-typo", "email": address("sweep-typo")}, expect=201)
    user = f"users/{invited['id']}"
    root("PATCH", user, {"username": "sweep-right"})
    root("PATCH", user, {"email": address("sweep-ivy")}, expect=409)
    root("PATCH", user, {"email": address("sweep-right")})
    token(address("sweep-right"), "accept-invitation")
    # Whoever is invited gets the invitation again.
    call("POST", "/api/v1/auth/password-reset", {"email": address("sweep-right")}, expect=202)
    until("the invitation once more", lambda: len(mails(address("sweep-right"))) > 1)
    root("DELETE", user, expect=204)
    root("POST", f"{user}/restore")
    name = f"sweep-{MODE}-leaver"
    sign_up(name)
    # A super admin, of whom there is another one.
    platform = f"organizations/PLATFORM/members/{pair(address(name))['user']['id']}"
    root("PUT", platform, {})
    root("PUT", f"{platform}/roles/super_admin", {})
    # An administrator, beside whom there is another one.
    ada = f"organizations/SWEEP/members/{pair(ADA)['user']['id']}"
    for one in (ada, platform.replace("PLATFORM", "SWEEP")):
        root("PUT", one, {})
        root("PUT", f"{one}/roles/admin", {})
    leaver = pair(address(name))
    call("PATCH", "/api/v1/me", {"username": "sweep-left"}, leaver["access"])
    call("DELETE", "/api/v1/me", {"current_password": OTHER}, leaver["access"], 422)
    ago(leaver, "last_activity", 61)
    call("DELETE", "/api/v1/me", {"current_password": PASSWORD}, leaver["access"], 204)
    root("DELETE", ada, expect=204)


def erasures():
    """Whoever asks to be forgotten: at once, and when the time has come."""
    for name, at_once in ((f"sweep-{MODE}-eve", True), (f"sweep-{MODE}-kay", False)):
        sign_up(name)
        one = pair(address(name))
        user, member = (f"{where}/{one['user']['id']}" for where in ("users", "organizations/SWEEP/members"))
        root("PUT", member, {"employee_id": name})
        root("PUT", f"{member}/roles/SWEEP", {})
        root("POST", "organizations/SWEEP2/invitations", {"email": address(name)}, expect=201)
        leave = {"current_password": PASSWORD}
        call("DELETE", "/api/v1/me", leave, ago(one, "last_activity", 61)["access"], 204)
        if at_once:
            root("POST", f"{user}/restore")
            call("DELETE", "/api/v1/me", leave, ago(pair(address(name)), "last_activity", 61)["access"], 204)
            root("POST", f"{user}/erase", expect=202)
            until("the erasure", lambda: root("GET", user)["erased_at"])
        else:
            then = 1_000_000_000_000
            update("ERASURES", f"{then:013}#{one['user']['id']}", "SET entity = :entity", {":entity": "erasure"})
            update(f"USER#{one['user']['id']}", "USER", "SET erase_at = :then", {":then": then})
            assert invoke("erase_users", {"source": "aws.scheduler"})["erased"] == 1
            assert root("GET", user)["erased_at"]


def keys():
    """Keys of a service account, and of oneself, with everything that becomes of a key."""
    service = once("users", {"name": "sweep-service", "kind": "service", "organization": "SWEEP", "roles": ["SWEEP"]})
    of_service, new = f"users/{service['id']}/api-keys", lambda n: {"name": f"sweep-{n}", "scopes": ["sweep.read"]}
    # The tenth is the last one, and asked for again it is the tenth.
    for n in range(10):
        made = once(of_service, new(n))
    root("POST", of_service, new(10), expect=409)
    assert len(root("GET", of_service)["items"]) == 10
    tracked = {"activity_type": "sweep_done", "description": "By a program.", "category": "maintenance"}
    for _ in range(2):
        assert call("POST", "/api/v1/activities", tracked, made["key"])["service_id"] == service["id"]
        call("GET", "/api/v1/me", access=made["key"])
    call("GET", "/api/v1/me", access="rck_x", expect=401)
    one, key = f"{of_service}/{made['id']}", {"Idempotency-Key": "sweep-rotate"}.items()
    rotated = [root("POST", f"{one}/rotate", {"overlap_seconds": 60}, headers=key, expect=201) for _ in range(2)]
    assert rotated[0] == rotated[1]
    for text in (made["key"], rotated[0]["key"]):
        call("GET", "/api/v1/me", access=text)
    # It ends in six days, as if it was made two days ago.
    now, item = int(time.time() * 1000), (f"USER#{service['id']}", f"KEY#{made['id']}")
    due = now - 86_400_000
    update(*item, "SET ends_at = :end, created_at = :made REMOVE rotated_at", {":end": due + 7 * 86_400_000, ":made": due - 1})
    update("KEY_REMINDERS", f"{due:013}#{service['id']}#{made['id']}", "SET entity = :entity", {":entity": "key reminder"})
    assert invoke("remind_key_owners", {"source": "aws.scheduler"})["told"] == 1
    root("DELETE", one, expect=204)
    call("GET", "/api/v1/me", access=made["key"], expect=401)
    own = root("POST", "users/me/api-keys", new(0), expect=201)
    own = root("POST", f"users/me/api-keys/{own['id']}/rotate", {}, expect=201)
    for _ in range(2):
        call("POST", "/api/v1/auth/api-key/revoke", {"key": own["key"]}, expect=204)
    # Lists of an organization have the deleted ones, too.
    root("DELETE", f"organizations/SWEEP/members/{service['id']}", expect=204)
    root("DELETE", f"users/{service['id']}", expect=204)


def lists():
    """The lists of people are read once everybody was gone through twice, before that the directory."""
    ada = pair(ADA)["user"]["id"]
    member, listed = f"organizations/SWEEP/members/{ada}", {"PK": f"LISTED#{ada}", "SK": "LISTED"}
    root("PUT", member, {})
    until("the membership in the lists", lambda: whole_table(Attr("PK").begins_with("PEOPLE#SWEEP@") & Attr("SK").contains(ada)))
    # As a version from before the lists does it: nothing tells that it changed.
    update(f"USER#{ada}", "USER", "SET last_name = :name REMOVE enclosed", {":name": "Swept"})
    for event in ({}, {"again": True}):
        assert not invoke("fill_people_lists", {"source": "aws.scheduler", **event})["done"]
    assert TABLE.get_item(Key=listed)["Item"]["done"]["last_name"] == "Swept"
    update("PEOPLE", "FILLING", "SET passes = :twice", {":twice": 2})
    for filters in ("q=s", "status=active", "role=admin"):
        for path in ("users", "users.csv", "organizations/SWEEP/members", "organizations/SWEEP/members.csv"):
            whole(f"{path}?{filters}")
    for path in ("users", "users.csv"):
        root("GET", f"{path}?inactive_since=2099-01-01T00:00:00Z")
    for path in ("organizations/SWEEP/members", "organizations/SWEEP/members.csv"):
        root("GET", f"{path}?department=Tools")
    assert [one["user_id"] for one in root("GET", "organizations/SWEEP/members")["items"]] == [ada]
    # Here, and in the other one again.
    switched = call("POST", "/api/v1/auth/switch-organization", {"organization": "SWEEP"}, ago(pair(ADA), "last_activity", 61)["access"])
    call("GET", "/api/v1/me", access=switched["access"])
    root("DELETE", member, expect=204)


def update(pk, sk, expression, values):
    TABLE.update_item(Key={"PK": pk, "SK": sk}, UpdateExpression=expression, ExpressionAttributeValues=values)


def at_once(*works):
    """All of them at the same time: some have to try again."""
    threads = [threading.Thread(target=work) for work in works]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]


def lock():
    """A lock, and its owner's end of it. Five failures are enough on a stack of mode verified here."""
    for _ in range(5):
        call("POST", "/api/v1/auth/token", {"email": ADA, "password": OTHER}, expect=401)
    call("POST", "/api/v1/auth/unlock", {"token": token(ADA, "unlock")}, expect=204)
    pair(ADA)


def account():
    email = ADA
    call("POST", "/api/v1/auth/token", {"email": email, "password": OTHER}, expect=401)
    first = pair(email)
    second = call("POST", "/api/v1/auth/token/refresh", {"refresh": first["refresh"]})
    root("GET", "me")
    call("GET", "/api/v1/me", access=second["access"])
    # Behind the time in which two tabs may use one token.
    ago(first, "rotated_at", 120)
    call("POST", "/api/v1/auth/token/refresh", {"refresh": first["refresh"]}, expect=401)
    call("POST", "/api/v1/auth/token/refresh", {"refresh": "rcr_x"}, expect=401)
    pair(email, device=pair(email)["device"])
    call("POST", "/api/v1/auth/token/revoke", {"refresh": pair(email)["refresh"]}, expect=204)
    access = pair(email)["access"]
    wrong = {"current_password": "granite-harbour-violin-7"}
    root("POST", "auth/password-change", {**wrong, "new_password": PASSWORD}, expect=422)
    root("POST", "auth/email-change", {**wrong, "new_email": address("sweep-chief")}, expect=422)
    root("POST", "auth/email-change/confirm", {"token": "x"}, expect=400)
    call("POST", "/api/v1/auth/token/refresh", {"refresh": pair(*ROOT)["refresh"]})
    root("PATCH", "me", {"last_name": "Root"})
    root("DELETE", "user-sessions/01a2190a-0000-7000-8000-000000000000", expect=(204, 404))
    at_once(*(lambda n=n: call("PATCH", "/api/v1/me", {"bio": f"Counts to {n}."}, access, (200, 503)) for n in range(12)))
    for path in ("me/permissions", "me/modules", "user-sessions"):
        whole(path)
    whole("active-users")
    # Failures that an administrator takes back.
    call("POST", "/api/v1/auth/unlock", {"token": "x"}, expect=400)
    call("POST", "/api/v1/auth/token", {"email": email, "password": OTHER}, expect=401)
    user = pair(*ROOT) and root("GET", f"users?email={urllib.parse.quote(email)}")["items"][0]["id"]
    root("GET", f"users/{user}")
    root("POST", f"users/{user}/unlock", expect=(200, 204))
    # Sessions of somebody else, and one's own.
    for _ in range(3):
        last = pair(email)
    whole(f"user-sessions?user_id={user}")
    root("DELETE", f"user-sessions/{last['session_id']}?user_id={user}", expect=(204, 404))
    call("DELETE", f"/api/v1/user-sessions/{pair(email)['session_id']}", access=pair(email)["access"], expect=204)
    root("DELETE", f"user-sessions?scope=all&user_id={user}", expect=204)
    call("DELETE", "/api/v1/user-sessions?scope=others", access=pair(email)["access"], expect=204)
    # Passwords and addresses.
    call("POST", "/api/v1/auth/password-reset", {"email": email}, expect=202)
    call("POST", "/api/v1/auth/password-reset", {"email": address("sweep-nobody")}, expect=202)
    reset = token(email, "reset-password")
    call("POST", "/api/v1/auth/password-reset/verify", {"token": reset}, expect=204)
    call("POST", "/api/v1/auth/password-reset/verify", {"token": "x"}, expect=400)
    call("POST", "/api/v1/auth/password-reset/confirm", {"token": reset, "new_password": OTHER}, expect=204)
    call("POST", "/api/v1/auth/password-reset/confirm", {"token": "x", "new_password": OTHER}, expect=400)
    change = lambda now, new: {"current_password": now, "new_password": new}
    call("POST", "/api/v1/auth/password-change", change("granite-harbour-violin-7", PASSWORD), pair(email, OTHER)["access"], 422)
    for attempt in range(4):
        now, new = (OTHER, PASSWORD) if attempt % 2 == 0 else (PASSWORD, OTHER)
        access = pair(email, now)["access"]
        at_once(lambda: call("POST", "/api/v1/auth/password-change", change(now, new), access, 204),
                *(lambda n=n: call("PATCH", "/api/v1/me", {"bio": f"Sings {n}."}, access, (200, 503)) for n in range(12)))
    call("POST", "/api/v1/auth/password-change", change(OTHER, PASSWORD), pair(email, OTHER)["access"], 204)
    move = lambda now, to: {"current_password": now, "new_email": address(to)}
    call("POST", "/api/v1/auth/email-change", move(OTHER, "sweep-moved"), pair(email)["access"], 422)
    for to, expect in ((f"sweep-{MODE}-ada2", 202), ("sweep-other", 202), ("sweep-moved", 202), ("sweep-more", 429)):
        call("POST", "/api/v1/auth/email-change", move(PASSWORD, to), pair(email)["access"], expect)
        if to == f"sweep-{MODE}-ada2":
            call("POST", "/api/v1/auth/email-change/undo", {"token": token(email, "Stop the change")}, expect=204)
    moving = token(address("sweep-moved"), "token=")
    call("POST", "/api/v1/auth/email-change/confirm", {"token": moving, "password": PASSWORD}, expect=204)
    call("POST", "/api/v1/auth/email-change/confirm", {"token": "x"}, expect=400)
    call("POST", "/api/v1/auth/email-change/undo", {"token": token(email, "Take the change back")}, expect=204)
    call("POST", "/api/v1/auth/email-change/undo", {"token": "x"}, expect=400)
    # Guesses at the present password, up to the lock that tells the owner.
    for _ in range(6):
        call("POST", "/api/v1/auth/password-change", change("granite-harbour-violin-7", OTHER),
             pair(address(f"sweep-{MODE}-ada2"))["access"], (422, 429))


def activities():
    one = {"activity_type": "sweep_done", "description": "A sweep.", "category": "data_management", "tags": ["sweep"]}
    key = {"Idempotency-Key": "sweep"}.items()
    made = root("POST", "activities", one, headers=key)
    root("POST", "activities", one, headers=key)
    root("POST", "activities", {**one, "severity": "high", "success": False})
    root("POST", "activities/batch", {"activities": [one, one]}, headers=key)
    # One of few organizations: what a super admin did lies in each that they ever touched.
    user = root("GET", f"users?username=sweep-{MODE}-ada")["items"][0]["id"]
    until("the feed", lambda: root("GET", "activity-streams")["items"])
    for query in ("", f"user_id={user}", "activity_type=sweep_done", "category=data_management", "severity=high", "success=false",
                  "tag=sweep", "hours=1", "organization=*", f"user_id={user}&organization=*", f"subject_id={user}",
                  "since=2020-01-01T00:00:00Z&until=2099-01-01T00:00:00Z"):
        whole("activities?" + query)
        whole("activities.csv?" + query)
    root("GET", f"activities/{made['id']}")
    for query in ("", "?organization=*"):
        root("GET", f"activities/01a2190a-0000-7000-8000-000000000000{query}", expect=404)
    yesterday()
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    invoke("aggregate_stats", {"source": "aws.scheduler", "time": now})
    root("GET", "activities/summary")
    root("GET", "activities/summary?organization=*")
    for query in ("period_type=minute", "period_type=hour", "period_type=minute&organization=*",
                  "period_type=hour&since=2020-01-01T00:00:00Z&until=2099-01-01T00:00:00Z"):
        whole("activity-stats?" + query)
    root("GET", "activity-stats/latest")
    root("GET", "activity-stats/latest?organization=*")
    for query in ("", "organization=*"):
        whole("activity-streams?" + query)
    entry = root("GET", "activity-streams")["items"][0]["id"]
    root("GET", f"activity-streams/{entry}")
    root("GET", f"activity-streams/{entry}?organization=*")
    root("PATCH", f"activity-streams/{entry}?organization=*", {"is_public": True})
    for is_pinned in (True, False):
        root("PATCH", f"activity-streams/{entry}", {"is_pinned": is_pinned})
        root("GET", "activity-streams")


def yesterday():
    """A day that has closed, with more people in it than one item of statistics holds."""
    one = TABLE.query(IndexName="by_type", KeyConditionExpression=Key("by_type").eq("PLATFORM#sweep_done#0"), Limit=1)["Items"][0]
    one = {name: value for name, value in one.items() if name not in ("enclosed", "feed")}
    millis = (int(time.time()) // 86400 * 86400 - 3600) * 1000
    # As a stack has it from before hours were noted.
    TABLE.put_item(Item={"PK": "STATS", "SK": "WATERMARK", "entity": "watermark", "v": 1, "counted_to": millis})
    with TABLE.batch_writer() as batch:
        for n in range(PEOPLE):
            id = f"{millis >> 16:08x}-{millis & 0xffff:04x}-7000-8000-{n:012x}"
            who = base64.urlsafe_b64encode(uuid.UUID(id).bytes).decode().rstrip("=")
            batch.put_item(Item={**one, "SK": id, "actor": who, "subject": who})


def checks():
    user = root("GET", f"users?username=sweep-{MODE}-ada")["items"][0]["id"]
    root("POST", "permissions/check", {"permission": "sweep.read"})
    root("POST", "permissions/check", {"permission": "sweep.read", "user_id": user, "organization": "SWEEP", "explain": True})
    for access, need in ((rested(), "signed-in"), (USED["access"], "users.read")):
        event = {"version": "2.0", "routeKey": "GET /x", "identitySource": [f"Bearer {access}"], "headers": {},
                 "stageVariables": {"rolecall_needs": need}}
        assert invoke("authorizer", event, "authorizer")["isAuthorized"] is True


def whole_table(condition):
    pages = TABLE.meta.client.get_paginator("scan").paginate(TableName=STACK, FilterExpression=condition)
    return [item for page in pages for item in page["Items"]]


def forget_limits():
    for one in whole_table(Attr("PK").begins_with("LIMIT#")):
        TABLE.delete_item(Key={"PK": one["PK"], "SK": one["SK"]})


def written():
    """What each mail said as it was put into the outbox, by the table's stream: what is sent is not kept."""
    streams, mails = boto3.client("dynamodbstreams"), {}
    stream = {"StreamArn": boto3.client("dynamodb").describe_table(TableName=STACK)["Table"]["LatestStreamArn"]}
    for shard in streams.describe_stream(**stream)["StreamDescription"]["Shards"]:
        place = streams.get_shard_iterator(ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON", **stream)["ShardIterator"]
        while place:
            page = streams.get_records(ShardIterator=place, Limit=1000)
            images = [record["dynamodb"].get("NewImage", {}) for record in page["Records"]]
            mails.update((image["id"]["S"], image["mail"]["S"]) for image in images if "mail" in image)
            place = page.get("NextShardIterator") if images else None
    return mails


def mail_again():
    """Mails of each kind, as if the mail service had not taken them; and one that comes back."""
    # What is over a bound would wait.
    forget_limits()
    sent = Attr("entity").eq("outbox") & Attr("sent_at").exists()
    texts = written()
    outbox = [mail for mail in whole_table(sent) if mail["id"] in texts]
    now = int(time.time()) * 1000
    for mail in outbox:
        TABLE.update_item(Key={"PK": mail["PK"], "SK": mail["SK"]}, UpdateExpression="REMOVE sent_at SET mail = :mail",
                          ExpressionAttributeValues={":mail": texts[mail["id"]]})
        TABLE.put_item(Item={"PK": "OUTBOX_DUE", "SK": f"{now - 1000:013}#{mail['id']}", "entity": "due mail", "v": 1, "expires_at": now // 1000 + 600})
    answer = invoke("sweep_mail", {})
    # The schedule starts it as well, and may have been first.
    again = {mail["id"] for mail in outbox} & {mail["id"] for mail in whole_table(sent)}
    assert again, (answer, len(outbox), whole_table(Attr("PK").eq("OUTBOX_DUE")))
    bounce = {"bounceType": "Permanent", "bounceSubType": "General", "bouncedRecipients": [{"emailAddress": ADA, "status": "5.1.1"}],
              "timestamp": time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime())}
    invoke("note_mail_events", {"detail-type": "Email Bounced", "detail": {"eventType": "Bounce", "bounce": bounce}})


def jobs():
    setup = {
        "organizations": [{"code": "SETUP", "name": "Setup"}], "modules": [{"code": "SETUP", "name": "Setup"}],
        "permissions": [{"code": "setup.read", "module": "SETUP", "name": "Read", "action": "read"}],
        "roles": [{"code": "setup", "name": "Setup", "level": 4, "permissions": ["setup.read"]}],
        "super_admin": {"username": "sweep-chief", "email": address("sweep-chief"),
                        "memberships": [{"organization": "SETUP", "employee_id": "S-1"}]},
        "service_users": [{"username": "sweep-robot", "email": address("sweep-robot"),
                           "memberships": [{"organization": "SETUP", "employee_id": "S-2"}]}],
        "feed_templates": [{"activity_type": "sweep_done", "title": "{user} swept"}],
    }
    assert invoke("setup", {**setup, "dry_run": True})["changes"]
    assert invoke("setup", setup)["changes"]
    setup["organizations"][0]["name"] = "Changed"
    setup["roles"][0]["name"] = "Changed"
    setup["super_admin"]["memberships"][0]["employee_id"] = "S-3"
    assert invoke("setup", setup)["changes"]
    assert invoke("setup", setup)["changes"] == []
    user = {"username": "sweep-old", "email": address("sweep-old"), "password_hash": FOREIGN, "organization": "SETUP", "roles": ["setup"], "external_id": "old:1"}
    keyed = {"username": "sweep-keyed", "email": address("sweep-keyed"), "password_hash": KEYED}
    bring = lambda **more: [one["outcome"] for one in invoke("import_users", {"users": [user, keyed], **more})["results"]]
    assert bring(dry_run=True) == ["would_create"] * 2
    assert bring() == ["created"] * 2
    assert bring() == ["already_imported", "email_taken"]
    pair(address("sweep-old"))
    pair(address("sweep-keyed"))
    kid = invoke("rotate_keys", {"source": "aws.scheduler"})["signing"]
    header = json.loads(base64.urlsafe_b64decode(pair(*ROOT)["access"].split(".")[0] + "=="))
    assert header["kid"] == kid, (header, kid)
    assert invoke("rotate_keys", {"drop": "current"})["removed"] == [kid]
    mail_again()
    assert invoke("rotate_keys", {"drop": "server"})["removed"][0].startswith("server/")
    everyone()


def everyone():
    """Everybody is signed out, then with the passwords: the super admin comes back by a reset, and a link of before is dead."""
    assert invoke("sign_out_everyone", {})["removed"][0].startswith("server/")
    assert invoke("seal_passwords", {"new_key": True})["sealed"] > 0
    assert invoke("sign_out_everyone", {"passwords": True})["removed"]
    call("GET", "/api/v1/me", access=USED["access"], expect=401)
    # Other instances go by the list of keys for ten seconds.
    time.sleep(11)
    call("POST", "/api/v1/auth/token", {"email": ROOT[0], "password": ROOT[1]}, expect=401)
    before = len(mails(ROOT[0]))
    call("POST", "/api/v1/auth/password-reset", {"email": ROOT[0]}, expect=202)
    until("the reset", lambda: len(mails(ROOT[0])) > before)
    reset = {"token": token(ROOT[0], "reset-password"), "new_password": ROOT[1]}
    call("POST", "/api/v1/auth/password-reset/confirm", reset, expect=204)
    USED.update(pair(*ROOT))
    root("GET", "me")


def flood(path, body):
    """One network on one route until it is too often: minutes are counted by the clock, so a new one may begin meanwhile."""
    # Several routes count as one: each has to be the one that goes too far.
    forget_limits()
    for n in range(4 * MANY):
        answer = call("POST", "/api/v1/auth/" + path, body(n), expect=(202, 204, 400, 401, 429))
        if answer and answer.get("code") == "too_many_requests":
            return
    sys.exit(f"{path} is never too often")


def floods():
    """On everything that counts networks. This process waits for nobody's minute: it comes last."""
    token, nobody = {"token": "x"}, {"email": address("sweep-nobody")}
    flood("token", lambda n: {"email": address(f"sweep-nobody-{n}"), "password": PASSWORD})
    flood("token/refresh", lambda _: {"refresh": "rcr_x"})
    flood("verify-email", lambda _: token)
    flood("password-reset", lambda _: nobody)
    flood("verify-email/resend", lambda _: nobody)
    flood("password-reset/verify", lambda _: token)
    flood("password-reset/confirm", lambda _: {**token, "new_password": PASSWORD})
    flood("email-change/confirm", lambda _: token)
    flood("email-change/undo", lambda _: token)
    flood("unlock", lambda _: token)
    flood("api-key/revoke", lambda _: {"key": "rck_x"})
    flood("register", lambda n: {"username": f"sweep-flood-{n}", "email": address(f"sweep-flood-{n}"), "password": PASSWORD})


def public():
    for path in ("/.well-known/jwks.json", "/.well-known/openid-configuration", "/openapi.json", "/healthz"):
        call("GET", path)
    call("GET", "/api/v1/nowhere", expect=404)
    call("PUT", "/api/v1/me", {}, expect=405)


OPERATIONS = operations()
ROUTES = set(OPERATIONS)
USED = pair(*ROOT) if MODE == "open" else None
CALLED.clear()
sign_ups()
if MODE == "open":
    public()
    catalogue()
    own_roles()
    people()
    keys()
    lists()
    leavers()
    erasures()
    account()
    activities()
    checks()
    withdrawn()
    jobs()
    left = ROUTES - CALLED
    if left:
        sys.exit(f"nothing calls {sorted(left)}")
    unasked = [f"{method} {path}?{name}" for (method, path), one in sorted(OPERATIONS.items()) for name in parameters(one)
               if ((method, path), name) not in ASKED]
    if unasked:
        sys.exit("\n".join(["nothing asks for", *unasked]))
else:
    lock()
    floods()
print(f"{len(CALLED & ROUTES)} of {len(ROUTES)} routes, {len([one for one in CALLED if isinstance(one, str)])} jobs")
