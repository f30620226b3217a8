"""The walkthrough with the Python client that openapi-generator makes."""

import datetime
from collections.abc import Callable

from expect import email, is_problem, name, password, url
from rolecall_api import ActivityApi, ApiClient, CatalogueApi, Configuration, MembersApi, PermissionsApi, SessionsApi
from rolecall_api.exceptions import ApiException
from rolecall_api.models import (
    Action,
    Category,
    Credentials,
    NewActivity,
    NewModule,
    NewOrganization,
    NewPermission,
    NewRole,
    OrganizationPatch,
    PermissionCheck,
    PermissionQuestion,
    ProblemBody,
    Severity,
)



def refused(call: Callable[[], object], status: int, code: str) -> ProblemBody:
    try:
        answer = call()
    except ApiException as error:
        problem = error.data
        assert isinstance(problem, ProblemBody), problem
        is_problem(problem, status, code)
        return problem
    raise AssertionError(answer)


def client(access: str | None = None) -> ApiClient:
    return ApiClient(Configuration(host=url, access_token=access))


stranger = SessionsApi(client())
refused(lambda: stranger.create_token(Credentials(email=email, password="not-the-password-1")), 401, "invalid_credentials")
pair = stranger.create_token(Credentials(email=email, password=password))
assert (pair.token_type, pair.user.status) == ("Bearer", "active")
signed_in = client(pair.access)
activities, catalogue, members = ActivityApi(signed_in), CatalogueApi(signed_in), MembersApi(signed_in)
permissions = PermissionsApi(signed_in)

# A write that is repeated with its key is done once.
organization = NewOrganization(code=name, name=name, settings={"theme": "dark"})
for _ in range(2):
    created = members.create_organization(organization, idempotency_key=f"{name}-1")
    assert (created.code, created.settings["theme"]) == (name, "dark")
refused(lambda: members.create_organization(organization), 409, "code_taken")

# The ETag of an answer guards the next write.
headers = members.get_organization_with_http_info(name).headers or {}
etag = next(value for header, value in headers.items() if header.lower() == "etag")
city = OrganizationPatch(city="London")
assert members.update_organization(name, city, if_match=etag).city == "London"
refused(lambda: members.update_organization(name, city, if_match=etag), 412, "stale")
assert members.update_organization(name, OrganizationPatch(city=None)).city is None

code = f"{name.lower()}.read"
catalogue.create_module(NewModule(code=name, name=name, order=3))
permission = catalogue.create_permission(NewPermission(action=Action.READ, code=code, module=name, name=name))
assert permission.action == "read"
assert catalogue.create_role(NewRole(code=name.lower(), level=5, name=name)).level == 5
assert catalogue.grant_permission(name.lower(), code).code == code
assert permissions.check_permissions(PermissionCheck(permission=code)).allowed is True
checks = [PermissionQuestion(permission=code), PermissionQuestion(module="NONE")]
many = permissions.check_permissions(PermissionCheck(checks=checks))
assert [result.allowed for result in many.results or []] == [True, False]

activity = NewActivity(
    activity_type="file_stored",
    category=Category.DATA_MANAGEMENT,
    severity=Severity.HIGH,
    description=name,
    success=False,
    details={"file_size": 1},
)
tracked = activities.track_activity(activity)
since = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=1)
categories = [Category.DATA_MANAGEMENT, Category.COMMUNICATION]
found = activities.list_activities(limit=10, category=categories, success=False, since=since)
mine = next(item for item in found.items if item.id == tracked.id)
assert (mine.details["file_size"], mine.category) == (1, "data_management")
assert mine.id in [item.id for item in activities.list_activities(hours=24, severity=[Severity.HIGH]).items]

# Every page, by the cursor of the one before.
codes: list[str] = []
cursor: str | None = None
while True:
    page = catalogue.list_permissions(limit=5, cursor=cursor)
    codes += [item.code for item in page.items]
    cursor = page.next_cursor
    if cursor is None:
        break
assert len(codes) > 5 and code in codes

refused(lambda: members.get_organization("NOWHERE"), 404, "not_found")
invalid = refused(lambda: permissions.check_permissions(PermissionCheck()), 422, "validation_failed")
assert invalid.errors and invalid.errors[0].var_field == "permission"
