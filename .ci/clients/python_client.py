"""The walkthrough with the client that openapi-python-client makes."""

import datetime
from typing import TypeVar

from expect import email, is_problem, name, password, url
from rolecall_client import AuthenticatedClient, Client
from rolecall_client.api.activity import list_activities, track_activity
from rolecall_client.api.catalogue import create_module, create_permission, create_role, grant_permission, list_permissions
from rolecall_client.api.members import create_organization, get_organization, update_organization
from rolecall_client.api.permissions import check_permissions
from rolecall_client.api.sessions import create_token
from rolecall_client.models import (
    Action,
    Activities,
    Category,
    CheckResult,
    Credentials,
    JsonObject,
    NewActivity,
    NewModule,
    NewOrganization,
    NewPermission,
    NewRole,
    Organization,
    OrganizationPatch,
    Permission,
    PermissionCheck,
    PermissionQuestion,
    Permissions,
    ProblemBody,
    Role,
    RoleGrant,
    Severity,
    TokenPair,
)
from rolecall_client.types import UNSET, Unset

Answer = TypeVar("Answer")


def read(answer: object, kind: type[Answer]) -> Answer:
    assert isinstance(answer, kind), answer
    return answer


def refused(answer: object, status: int, code: str) -> ProblemBody:
    problem = read(answer, ProblemBody)
    is_problem(problem, status, code)
    return problem


def free(**values: object) -> JsonObject:
    value = JsonObject()
    value.additional_properties = values
    return value


stranger = Client(base_url=url)
refused(create_token.sync(client=stranger, body=Credentials(email=email, password="not-the-password-1")), 401, "invalid_credentials")
pair = read(create_token.sync(client=stranger, body=Credentials(email=email, password=password)), TokenPair)
assert (pair.token_type, pair.user.status) == ("Bearer", "active")
client = AuthenticatedClient(base_url=url, token=pair.access)

# A write that is repeated with its key is done once.
organization = NewOrganization(code=name, name=name, settings=free(theme="dark"))
for _ in range(2):
    created = read(create_organization.sync(client=client, body=organization, idempotency_key=f"{name}-1"), Organization)
    assert (created.code, created.settings["theme"]) == (name, "dark")
refused(create_organization.sync(client=client, body=organization), 409, "code_taken")

# The ETag of an answer guards the next write.
etag = get_organization.sync_detailed(name, client=client).headers["ETag"]
city = OrganizationPatch(city="London")
assert read(update_organization.sync(name, client=client, body=city, if_match=etag), Organization).city == "London"
refused(update_organization.sync(name, client=client, body=city, if_match=etag), 412, "stale")
cleared = update_organization.sync(name, client=client, body=OrganizationPatch(city=None))
assert not read(cleared, Organization).city

code = f"{name.lower()}.read"
create_module.sync(client=client, body=NewModule(code=name, name=name, order=3))
permission = create_permission.sync(client=client, body=NewPermission(action=Action.READ, code=code, module=name, name=name))
assert read(permission, Permission).action == "read"
role = create_role.sync(client=client, body=NewRole(code=name.lower(), level=5, name=name))
assert read(role, Role).level == 5
assert read(grant_permission.sync(name.lower(), code, client=client), RoleGrant).code == code
one = check_permissions.sync(client=client, body=PermissionCheck(permission=code))
assert read(one, CheckResult).allowed is True
checks = [PermissionQuestion(permission=code), PermissionQuestion(module="NONE")]
many = check_permissions.sync(client=client, body=PermissionCheck(checks=checks))
assert [result.allowed for result in read(many, CheckResult).results or []] == [True, False]

activity = NewActivity(
    activity_type="file_stored",
    category=Category.DATA_MANAGEMENT,
    severity=Severity.HIGH,
    description=name,
    success=False,
    details=free(file_size=1),
)
track_activity.sync(client=client, body=activity)
since = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=1)
categories = [Category.DATA_MANAGEMENT, Category.COMMUNICATION]
found = list_activities.sync(client=client, limit=10, category=categories, success=False, since=since)
mine = next(item for item in read(found, Activities).items if item.description == name)
assert (mine.details["file_size"], mine.category) == (1, "data_management")
hours = list_activities.sync(client=client, hours=24, severity=[Severity.HIGH])
assert mine.id in [item.id for item in read(hours, Activities).items]

# Every page, by the cursor of the one before.
codes: list[str] = []
cursor: str | Unset | None = UNSET
while cursor is not None:
    page = read(list_permissions.sync(client=client, limit=5, cursor=cursor), Permissions)
    codes += [item.code for item in page.items]
    cursor = page.next_cursor
assert len(codes) > 5 and code in codes

refused(get_organization.sync("NOWHERE", client=client), 404, "not_found")
invalid = refused(check_permissions.sync(client=client, body=PermissionCheck()), 422, "validation_failed")
assert isinstance(invalid.errors, list) and invalid.errors[0].field == "permission"
