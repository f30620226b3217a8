"""A request that fits the document may be refused for what no schema can say, and for nothing else."""

import schemathesis
from schemathesis.core.failures import Failure

# Rules about more than the field's own text: the account, the catalogue, the other fields of the request, lists of bad passwords, scripts of names.
BEYOND = {
    "ambiguous",
    "email_not_deliverable",
    "mixed_scripts",
    "not_for_super_admins",
    "not_possible",
    "not_together",
    "password_too_common",
    "password_too_similar",
    "password_unchanged",
    "platform_only",
    "required",
    "reserved",
    "unchanged",
    "unknown_member",
    "unknown_module",
    "unknown_role",
    "wrong_password",
}
# An end before its start; one more than there may be.
BEYOND |= {"expires_at: out_of_range", "code: too_many", "is_pinned: too_many", "role: too_many", "user_id: too_many"}
# Letters of every script: no pattern says that which all generators can read.
BEYOND |= {"username: invalid_characters"}
# A pattern says what a network is made of, and not which address is one.
BEYOND |= {"invalid_network"}
# Blanks around a text are dropped before its characters are counted.
BEYOND |= {"name: too_short", "username: too_short"}


@schemathesis.check
def refused_beyond_the_schema(ctx, response, case):
    if response.status_code != 422 or case.meta is None or not case.meta.generation.mode.is_positive:
        return
    errors = [(error["code"], f"{error['field']}: {error['code']}") for error in response.json().get("errors", [])]
    unsaid = [error for code, error in errors if not {code, error} & BEYOND]
    if unsaid:
        raise Failure(operation=case.operation.label, title="The document does not say why", message=", ".join(unsaid))


# An empty text where one may be left out counts as none, which `format: email` cannot say.
@schemathesis.hook
def filter_case(context, case):
    sent = [part for part in (case.query, case.body) if isinstance(part, dict)]
    return not any("email" in name and value == "" for part in sent for name, value in part.items())
