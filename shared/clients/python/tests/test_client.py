"""The client against a running stack."""

import logging
import subprocess
import sys
import time

import httpx
import pytest

from rolecall import (
    AsyncClient,
    Caller,
    Category,
    Client,
    ConfigurationError,
    FlushError,
    Question,
    Severity,
    TokenError,
    TokenReason,
    UnavailableError,
    problems,
)

NOBODY = "http://127.0.0.1:9"


class Failing(httpx.BaseTransport):
    """A server that fails every third call: one that it never saw, the next after it was done.

    Or every one, after it was done.
    """

    def __init__(self):
        self.calls, self.inner, self.loses_all = 0, httpx.HTTPTransport(), False

    def close(self):
        self.inner.close()

    def handle_request(self, request):
        self.calls += 1
        fails = self.loses_all or self.calls % 3 == 0
        if fails and self.calls % 2 and not self.loses_all:
            raise httpx.ConnectError("away", request=request)
        response = self.inner.handle_request(request)
        if fails:
            response.close()
            return httpx.Response(504)
        return response


def recorded_by_itself(client):
    """Whether the one activity is recorded without a flush, in time."""
    until = time.monotonic() + 10
    while client.counts.recorded < 1 and time.monotonic() < until:
        time.sleep(0.05)
    return client.counts.recorded == 1


@pytest.fixture
def client(office):
    with Client(office.stack.url, token=office.key) as client:
        yield client


def test_a_token_says_who_calls_and_where(office, client):
    caller = client.verify(office.ada["access"])
    assert caller.user_id == office.ada["user"]["id"]
    assert caller.organization == "ACME"
    assert caller.session_id == office.ada["session_id"]
    assert office.ada["access"] not in repr(caller) + repr(client)


def test_what_is_no_access_token_of_this_server_is_refused(office, client):
    head, claims, signature = office.ada["access"].split(".")
    others = office.bob["access"].split(".")[1]
    none = "eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0"
    for wrong in [
        "",
        "a.b.c",
        office.ada["refresh"],
        office.key,
        f"{head}.{claims}.",
        f"{head}.{others}.{signature}",
        f"{none}.{claims}.",
    ]:
        with pytest.raises(TokenError) as error:
            client.verify(wrong)
        assert error.value.reason == TokenReason.INVALID
        assert not wrong or wrong not in repr(error.value)
    for settings, reason in [
        ({"issuer": "https://other.example.com"}, TokenReason.ISSUER),
        ({"audience": "other"}, TokenReason.AUDIENCE),
        ({"token_type": "JWT"}, TokenReason.TYPE),
        ({"leeway": -7200}, TokenReason.EXPIRED),
    ]:
        with Client(office.stack.url, **settings) as other, pytest.raises(TokenError) as error:
            other.verify(office.ada["access"])
        assert error.value.reason == reason


def test_rights_are_decided_by_the_server(office, client):
    for pair, allowed in [(office.ada, True), (office.bob, False)]:
        token = pair["access"]
        assert client.check(token, permission="pid.create") is allowed
        assert client.check(token, module="PID") is allowed
        assert client.check(token, permission="no.such") is False
    assert client.check(office.key, permission="pid.create")
    questions = [Question(permission="pid.create"), Question(module="NO")] * 60
    assert client.checks(office.ada["access"], questions) == [True, False] * 60
    about = {"user_id": office.bob["user"]["id"], "organization": "ACME"}
    assert not client.check(office.stack.root, permission="pid.create", **about)
    yes = client.explain(office.ada["access"], permission="pid.create")
    assert yes
    assert yes.chain["role"] == "drafter"
    no = client.explain(office.bob["access"], permission="pid.create")
    assert [one["code"] for one in no.blockers] == ["no_grant"]
    with pytest.raises(problems.Forbidden) as error:
        client.check(office.bob["access"], permission="x", user_id=office.ada["user"]["id"])
    assert error.value.request_id
    with pytest.raises(ValueError, match="a permission or a module"):
        client.check(office.bob["access"])


def test_a_right_that_was_taken_away_is_gone_unless_decisions_are_cached(office, client):
    pair = office.stack.member("carl", "ACME", "drafter")
    with Client(office.stack.url, cache_seconds=3600) as cached:
        assert cached.check(pair["access"], permission="pid.create")
        role = f"/organizations/ACME/members/{pair['user']['id']}/roles/drafter"
        office.stack.call("DELETE", role)
        assert cached.check(pair["access"], permission="pid.create")
        assert not client.check(pair["access"], permission="pid.create")
        assert not cached.check(pair["access"], module="PID")


def test_nobody_gets_in_where_the_server_is_away(office):
    with Client(NOBODY, token="rcs_x") as client:
        for call in (client.verify, lambda token: client.check(token, permission="pid.create")):
            with pytest.raises(UnavailableError) as error:
                call(office.ada["access"])
            assert office.ada["access"] not in repr(error.value)
        client.track("drawing_lost")
        with pytest.raises(FlushError) as error:
            client.flush(0.05)
        assert error.value.left == 1
        client._queue.answered(client._queue.due(None), 0)
    for url in ["id.example.com", "http://id.example.com", "https://a:b@id.example.com", ""]:
        with pytest.raises(ConfigurationError):
            Client(url)
    Client("http://rolecall:3000", allow_http=True).close()


def test_an_ended_session_is_seen_by_the_next_check(office, client):
    pair = office.stack.sign_in("bob", "ACME")
    office.stack.call("POST", "/auth/token/revoke", {"refresh": pair["refresh"]})
    assert isinstance(client.verify(pair["access"]), Caller)
    with pytest.raises(TokenError) as error:
        client.check(pair["access"], permission="pid.create")
    assert error.value.reason == TokenReason.ENDED


def test_what_is_tracked_is_in_the_log(office, client):
    client.track(
        "document_uploaded",
        "A drawing\x1b was uploaded.",
        category=Category.DATA_MANAGEMENT,
        severity=Severity.HIGH,
        details={"filename": "pid-101.dwg", "where": object()},
        tags=["pid"],
        duration_ms=125,
        related=("document", "pid-101"),
    )
    ada = client.verify(office.ada["access"])
    client.track("document_read", success=False, error_message="x", caller=ada)
    client.track("Not a slug")
    client.flush()
    assert (client.pending, client.counts.recorded, client.counts.refused) == (0, 2, 1)
    [uploaded] = office.stack.log("document_uploaded")
    assert (uploaded["user_id"], uploaded["service_id"]) == (None, office.service_id)
    assert uploaded["details"]["filename"] == "pid-101.dwg"
    assert uploaded["description"] == "A drawing  was uploaded."
    assert uploaded["related"] == {"type": "document", "id": "pid-101"}
    assert "rolecall-python/" in str(uploaded["user_agent"])
    [read] = office.stack.log("document_read")
    assert read["user_id"] == office.ada["user"]["id"]


def test_activities_are_sent_in_the_background(office, client):
    client.track("drawing_opened")
    assert recorded_by_itself(client)


def test_each_activity_reaches_a_server_that_fails_every_third_call_once(office):
    transport = Failing()
    with Client(office.stack.url, token=office.key, transport=transport) as client:
        for number in range(1000):
            client.track("drawing_printed", details={"number": number})
        client.flush(120)
        assert client.counts.recorded == 1000
    numbers = [one["details"]["number"] for one in office.stack.log("drawing_printed")]
    assert (len(numbers), set(numbers)) == (1000, set(range(1000)))
    assert transport.calls >= 59


def test_what_may_be_recorded_is_not_told_again_in_another_name(office):
    transport = Failing()
    pair = office.stack.sign_in("bob", "ACME")
    with Client(office.stack.url, token=office.key, transport=transport) as client:
        bob = client.verify(pair["access"])
        transport.loses_all = True
        client.track("drawing_renamed", caller=bob)
        with pytest.raises(FlushError):
            client.flush(0.2)
        office.stack.call("POST", "/auth/token/revoke", {"refresh": pair["refresh"]})
        transport.loses_all = False
        client.flush()
        assert (client.counts.unknown, client.counts.recorded) == (1, 0)
    assert len(office.stack.log("drawing_renamed")) == 1


def test_a_call_that_is_broken_off_may_be_recorded(office):
    class Interrupted(Failing):
        def handle_request(self, request):
            super().handle_request(request).close()
            raise KeyboardInterrupt

    pair = office.stack.sign_in("bob", "ACME")
    client = Client(office.stack.url, token=office.key)
    bob = client.verify(pair["access"])
    client.close()
    broken = Client(office.stack.url, token=office.key, transport=Interrupted())
    broken.track("drawing_torn", caller=bob)
    with pytest.raises(KeyboardInterrupt):
        broken.flush()
    assert broken._queue.due(None).is_unanswered
    broken._queue.answered(broken._queue.due(None), 0)
    broken.close()


def test_what_never_arrived_is_told_by_the_service(office):
    class Unreachable(httpx.BaseTransport):
        is_away = True
        inner = httpx.HTTPTransport()

        def handle_request(self, request):
            if self.is_away:
                raise httpx.ConnectError("away", request=request)
            return self.inner.handle_request(request)

        def close(self):
            self.inner.close()

    pair, transport = office.stack.sign_in("bob", "ACME"), Unreachable()
    transport.is_away = False
    with Client(office.stack.url, token=office.key, transport=transport) as client:
        bob = client.verify(pair["access"])
        transport.is_away = True
        client.track("drawing_kept", caller=bob)
        with pytest.raises(FlushError):
            client.flush(0.2)
        office.stack.call("POST", "/auth/token/revoke", {"refresh": pair["refresh"]})
        transport.is_away = False
        client.flush()
        assert (client.counts.unknown, client.counts.recorded) == (0, 1)


def test_the_thread_outlives_an_accident(office, client, monkeypatch):
    monkeypatch.setattr("rolecall.client.LONGEST_PAUSE", 0.05)
    real, accidents = client._send_due, iter([RuntimeError("an accident")])

    def send_due():
        for accident in accidents:
            raise accident
        return real()

    monkeypatch.setattr(client, "_send_due", send_due)
    client.track("drawing_opened")
    assert recorded_by_itself(client)


PROGRAM = """
import asyncio, multiprocessing, os, sys
from rolecall import AsyncClient, Client

url, key, kind = sys.argv[1:]

def child():
    client.track("process_ended", details={"kind": kind})

async def main():
    AsyncClient(url, token=key).track("process_ended", details={"kind": kind})

if kind == "async":
    asyncio.run(main())
else:
    client = Client(url, token=key)
    if kind == "plain":
        child()
    elif kind == "multiprocessing":
        process = multiprocessing.get_context("fork").Process(target=child)
        process.start()
        process.join()
    elif os.fork() == 0:
        child()
    else:
        os.wait()
"""


@pytest.mark.parametrize("kind", ["plain", "async", "multiprocessing", "fork"])
def test_what_is_left_is_sent_when_the_process_ends(office, kind):
    command = [sys.executable, "-c", PROGRAM, office.stack.url, office.key, kind]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    kinds = [one["details"]["kind"] for one in office.stack.log("process_ended")]
    assert kinds.count(kind) == 1


def test_one_that_has_a_call_refused_holds_no_other_up(office, client):
    deep = 1
    for _ in range(130):
        deep = [deep]
    client.track("drawing_deep")
    client.track("drawing_deep", details={"x": deep})
    client.flush()
    assert (client.counts.recorded, client.counts.refused) == (1, 1)


def test_no_token_is_in_a_log_line(office, client, caplog):
    caplog.set_level(logging.DEBUG)
    pair = office.stack.sign_in("bob", "ACME")
    bob = client.verify(pair["access"])
    office.stack.call("POST", "/auth/token/revoke", {"refresh": pair["refresh"]})
    client.track("drawing_closed", caller=bob)
    client.flush()
    assert client.counts.recorded == 1
    # The service tells it, and says whose it is.
    [told] = office.stack.log("drawing_closed")
    assert (told["user_id"], told["service_id"]) == (None, office.service_id)
    assert told["details"] == {"user_id": bob.user_id, "session_id": bob.session_id}
    with Client(office.stack.url, token="rcs_of_nobody") as stranger:
        stranger.track("drawing_opened")
        stranger.flush()
        assert stranger.counts.refused == 1
    with Client(office.stack.url, token="rcs_with_a_break\n") as stranger:
        stranger.track("drawing_opened")
        stranger.flush()
        assert stranger.counts.refused == 1
    assert "were refused" in caplog.text
    for secret in (pair["access"], "rcs_of_nobody", "rcs_with", office.key):
        assert secret not in caplog.text


def test_the_server_is_one_that_this_package_knows(office, client):
    client.check_document_version()
    assert client.get("/me", token=office.ada["access"])["username"] == "ada"


def test_every_problem_code_has_its_exception(office):
    text = httpx.get(f"{office.stack.url}/openapi.json").text
    codes = {rest.split('"')[0] for rest in text.split("urn:problem-type:rolecall:")[1:]}
    assert set(problems.BY_CODE) == codes | {"method_not_allowed"}
    schemas = httpx.get(f"{office.stack.url}/openapi.json").json()["components"]["schemas"]
    assert set(Category) == set(schemas["Category"]["enum"])
    assert set(Severity) == set(schemas["Severity"]["enum"])


def test_the_async_client_does_the_same(office):
    import asyncio

    async def everything():
        async with AsyncClient(office.stack.url, token=office.key) as client:
            callers = await asyncio.gather(*[client.verify(office.ada["access"])] * 1)
            assert callers[0].organization == "ACME"
            assert await client.check(office.ada["access"], permission="pid.create")
            questions = [Question(module="PID"), Question(module="NO")]
            assert await client.checks(office.ada["access"], questions) == [True, False]
            assert await client.explain(office.ada["access"], module="PID")
            await client.check_document_version()
            assert (await client.get("/me", token=office.bob["access"]))["username"] == "bob"
            for number in range(60):
                client.track("drawing_moved", details={"number": number})
            for _ in range(200):
                if not client.pending:
                    break
                await asyncio.sleep(0.05)
            assert client.counts.recorded == 60
            client.track("drawing_moved", caller=await client.verify(office.ada["access"]))
            await client.flush()
        async with AsyncClient(NOBODY, token="rcs_x") as away:
            away.track("drawing_lost")
            with pytest.raises(FlushError):
                await away.flush(0.05)
            away._queue.answered(away._queue.due(None), 0)
            with pytest.raises(UnavailableError):
                await away.verify(office.ada["access"])

    asyncio.run(everything())
    assert len(office.stack.log("drawing_moved")) == 61
