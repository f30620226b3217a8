"""The drawing office's views against a running stack."""

import json
import os
import stat
import subprocess

import django
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client, override_settings
from django.test.utils import setup_test_environment


@pytest.fixture(scope="session")
def project(office):
    """The project, with the settings of its file but the stack's URL and the office's key."""

    os.environ["DJANGO_SETTINGS_MODULE"] = "drawing_office.settings"
    os.environ["ROLECALL_URL"], os.environ["ROLECALL_KEY"] = office.stack.url, office.key
    django.setup()
    setup_test_environment()
    call_command("migrate", run_syncdb=True, verbosity=0)
    yield office
    from rolecall.django.conf import get_client

    get_client().close()


def send(pair, method, path, body=None):
    headers = {"Authorization": f"Bearer {pair['access']}"} if pair else {}
    return Client(raise_request_exception=False, enforce_csrf_checks=True).generic(
        method, path, json.dumps(body) if body else "", "application/json", headers=headers
    )


def flushed(office, activity_type):
    from rolecall.django.conf import get_client

    get_client().flush()
    return office.stack.log(activity_type)


def test_views_ask_for_the_permission_of_their_method(project):
    drawing = {"code": "pid-101", "title": "Pump station"}
    for pair, status in [(None, 401), (project.bob, 403), (project.ada, 201)]:
        response = send(pair, "POST", "/drawings/", drawing)
        assert response.status_code == status, response.content
    saved = send(project.ada, "GET", "/drawings/pid-101/").json()
    assert saved["organization"] == "ACME"
    assert saved["created_by"] == project.ada["user"]["id"]
    assert send(project.bob, "GET", "/drawings/").status_code == 403
    # No entry for OPTIONS, and nobody has `pid.delete`.
    assert send(project.ada, "OPTIONS", "/drawings/").status_code == 403
    assert send(project.ada, "DELETE", "/drawings/pid-101/").status_code == 403
    [tracked] = flushed(project, "drawing_created")
    assert tracked["user_id"] == project.ada["user"]["id"]
    assert tracked["details"] == {"title": "Pump station", "method": "POST", "path": "/drawings/"}
    assert tracked["tags"] == ["pid"]


def test_objects_are_written_by_their_own_organization(project):
    drawing = {"code": "pid-102", "title": "Valve"}
    assert send(project.ada, "POST", "/drawings/", drawing).status_code == 201
    # Another organization's draughtsman has the permission, and no part in this drawing.
    assert send(project.eve, "GET", "/drawings/pid-102/").status_code == 200
    new = {"title": "Mine"}
    assert send(project.eve, "PATCH", "/drawings/pid-102/", new).status_code == 403
    assert send(project.ada, "PATCH", "/drawings/pid-102/", new).status_code == 200


def test_modules_are_asked_for_and_views_are_tracked(project):
    assert send(project.ada, "GET", "/statistics/").status_code == 200
    assert send(project.bob, "GET", "/statistics/").status_code == 403
    [viewed] = flushed(project, "statistics_viewed")
    assert viewed["user_id"] == project.ada["user"]["id"]
    assert viewed["duration_ms"] > 0


def test_djangos_own_decorators_ask_as_well_and_errors_are_recorded(project):
    assert send(project.ada, "GET", "/report/").status_code == 200
    assert send(project.bob, "GET", "/report/").status_code == 403
    assert send(project.ada, "GET", "/report/?broken=1").status_code == 500
    failed, good = flushed(project, "report_made")
    if failed["success"]:
        failed, good = good, failed
    assert (good["success"], failed["success"]) == (True, False)
    assert failed["error_message"] == "RuntimeError: the plotter is out of ink"


def test_async_views_have_the_same_user(project):
    for pair, status in [(None, 403), (project.bob, 403), (project.ada, 200)]:
        response = send(pair, "POST", "/plot/")
        assert response.status_code == status, response.content
    assert response.json() == {"plotted_by": project.ada["user"]["id"]}
    [plotted] = flushed(project, "drawing_plotted")
    assert (plotted["severity"], plotted["user_id"]) == ("low", project.ada["user"]["id"])


def test_without_a_token_a_plain_view_has_an_anonymous_user(project):
    assert send(None, "GET", "/report/").status_code == 403


def test_the_services_own_fault_is_not_the_users(project):
    wrong = {**settings.ROLECALL, "KEY": "rcs_x"}
    with override_settings(ROLECALL=wrong):
        assert send(project.ada, "GET", "/active-users/").status_code == 500
        assert send(project.ada, "GET", "/profile/").status_code == 200


def test_tracking_raises_nothing_and_takes_what_projects_give_it(project):
    from drawings.models import Drawing

    from rolecall.django import ActivityTracker

    drawing = Drawing(pk=7)
    ActivityTracker.track("drawing_checked", tags=None, details={("a", "b"): 1})
    ActivityTracker.track("drawing_checked", tags="pid", related_object=drawing)
    [tracked] = flushed(project, "drawing_checked")
    assert tracked["tags"] == ["pid"]
    assert tracked["related"] == {"type": "drawing", "id": "7"}
    assert tracked["category"] == "system_operation"


def test_a_view_says_what_it_needs(project):
    from django.core.exceptions import ImproperlyConfigured
    from rest_framework.test import APIRequestFactory

    from rolecall.django import HasPermission

    class View:
        permission_required = {"GET": [], "POST": None}

    for method in ("GET", "POST"):
        request = APIRequestFactory().generic(method, "/")
        if method == "POST":
            assert HasPermission().has_permission(request, View()) is False
            continue
        with pytest.raises(ImproperlyConfigured):
            HasPermission().has_permission(request, View())


def test_the_profile_says_what_somebody_may_do(project):
    mine = send(project.ada, "GET", "/profile/").json()
    assert mine == {
        "username": "ada",
        "may_create": True,
        "has_pid": True,
        "permissions": ["pid.create", "pid.read"],
        "modules": ["PID"],
    }
    assert send(project.bob, "GET", "/profile/").json()["may_create"] is False
    assert send(None, "GET", "/profile/").status_code == 401


def test_a_session_that_was_ended_is_refused_at_once(project):
    pair = project.stack.sign_in("ada", "ACME")
    assert send(pair, "GET", "/drawings/").status_code == 200
    project.stack.call("POST", "/auth/token/revoke", {"refresh": pair["refresh"]})
    response = send(pair, "GET", "/drawings/")
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert pair["access"] not in response.content.decode()
    response = send({"access": "a.b.c"}, "GET", "/drawings/")
    assert response.status_code == 401


def test_every_request_is_recorded_and_writes_twice(project):
    before = len(flushed(project, "http_request"))
    assert send(project.ada, "POST", "/drawings/", {"code": "pid-103"}).status_code == 400
    assert send(project.bob, "GET", "/drawings/").status_code == 403
    assert send(None, "GET", "/healthz").status_code == 200
    requests = flushed(project, "http_request")
    assert len(requests) == before + 2
    by_user = {one["user_id"]: one["details"]["status"] for one in requests[:2]}
    assert by_user == {project.ada["user"]["id"]: 400, project.bob["user"]["id"]: 403}
    written = flushed(project, "data_written")[0]
    assert (written["success"], written["details"]["status"]) == (False, 400)


def test_active_users_are_those_of_the_organization(project):
    send(project.ada, "GET", "/profile/")
    active = send(project.ada, "GET", "/active-users/").json()["active"]
    assert "ada" in {one["username"] for one in active}


def test_nobody_gets_in_where_rolecall_is_away(project):
    away = {"URL": "http://127.0.0.1:9", "KEY": "rcs_x", "TIMEOUT": 1}
    without = [one for one in settings.MIDDLEWARE if "RBAC" not in one]
    for middleware in (settings.MIDDLEWARE, without):
        with override_settings(ROLECALL=away, MIDDLEWARE=middleware):
            response = send(project.ada, "GET", "/drawings/")
            assert response.status_code == 503, response.content
            from rolecall.django.conf import get_client

            client = get_client()
            while batch := client._queue.due(None):
                client._queue.answered(batch, 0)


def test_without_the_middleware_authentication_and_rights_are_the_same(project):
    middleware = [one for one in settings.MIDDLEWARE if "RBAC" not in one]
    with override_settings(MIDDLEWARE=middleware):
        assert send(None, "GET", "/drawings/").status_code == 401
        assert send(project.bob, "GET", "/drawings/").status_code == 403
        assert send(project.ada, "GET", "/drawings/").status_code == 200
        assert send({"access": "a.b.c"}, "GET", "/drawings/").status_code == 401


def test_the_catalogue_is_set_up_once(project, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("ROLECALL_SETUP_TOKEN", project.stack.root)
    wanted = json.loads((settings_folder() / "catalogue.json").read_text())
    file = tmp_path / "catalogue.json"
    file.write_text(json.dumps(wanted))
    for arguments, last in [
        (["--dry-run"], "changes would be made"),
        ([], "changes"),
        ([], "0 changes"),
    ]:
        call_command("rolecall_setup", str(file), *arguments)
        said = capsys.readouterr().out.splitlines()
        assert said[-1].endswith(last), said
    role = project.stack.call("GET", "/roles/draughtsman")
    assert role["name"] == "Draughtsman"
    monkeypatch.setenv("ROLECALL_SETUP_TOKEN", project.bob["access"])
    wanted["modules"][0]["name"] = "Mine"
    file.write_text(json.dumps(wanted))
    with pytest.raises(CommandError, match="forbidden"):
        call_command("rolecall_setup", str(file))
    for wrong in ("[]", "{", '{"models": []}', '{"roles": [{}]}'):
        file.write_text(wrong)
        with pytest.raises(CommandError):
            call_command("rolecall_setup", str(file))


def test_the_readme_shows_what_works(project, monkeypatch):
    """Both programs of its section, in this project."""
    from rest_framework.test import APIRequestFactory, force_authenticate
    from rest_framework.views import APIView
    from rest_framework.viewsets import ModelViewSet

    from rolecall.django import Profile, RolecallUser, get_client

    readme = (settings_folder().parent / "README.md").read_text()
    shown = readme.split("## With Django\n")[1].split("```python\n")[1:3]
    chosen, views = (block.split("```")[0] for block in shown)
    monkeypatch.setenv("ROLECALL_KEY", project.key)
    names = {"os": os}
    exec(compile(chosen, "README.md", "exec"), names)
    middleware = names["MIDDLEWARE"][1:]
    assert [one for one in settings.MIDDLEWARE if one in middleware] == middleware
    assert set(names["ROLECALL"]) <= set(settings.ROLECALL)
    before = len(flushed(project, "backup_created"))
    names = {"APIView": APIView, "ModelViewSet": ModelViewSet}
    exec(compile(views, "README.md", "exec"), names)
    [backup] = flushed(project, "backup_created")[before:]
    assert (backup["user_id"], backup["service_id"]) == (None, project.service_id)
    caller = get_client().verify(project.ada["access"])
    request = APIRequestFactory().get("/")
    force_authenticate(request, RolecallUser(caller, Profile(caller)))
    # It shows the check alone, and answers nothing.
    with pytest.raises(AssertionError, match="HttpResponse"):
        names["StatisticsView"].as_view()(request)


def settings_folder():
    from pathlib import Path

    return Path(__file__).parent


def test_users_are_exported_as_the_import_takes_them(project, tmp_path):

    from django.contrib.auth.models import Group, User

    group = Group.objects.create(name="Draughtsmen")
    user = User.objects.create_user("zoe", "zoe@example.com", "violet-anchor-mosaic-91")
    user.groups.add(group)
    file = tmp_path / "users.json"
    call_command("rolecall_export", str(file))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with pytest.raises(CommandError):
        call_command("rolecall_export", str(file))
    mapping = tmp_path / "roles.yaml"
    mapping.write_text("organization: ACME\nroles: { Draughtsmen: drafter }\n")
    port = project.stack.url.rpartition(":")[2]
    command = [os.environ["ROLECALL_BIN"], "--port", port, "import", str(file), "--from", "django"]
    command += ["--map", str(mapping)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert project.stack.sign_in("zoe", "ACME")["user"]["username"] == "zoe"
