//! What roles may do.

use std::collections::BTreeSet;

use functions::Endpoint;
use rolecall_storage::{keys::PATTERNS, table::INDEXES};
use serde_json::{Value, json};

use super::{name_of, resources};
use crate::support::{Json, document};

/// The statements of a role; those of a condition are looked at as if it held.
fn statements(role: &Value) -> Vec<&Value> {
    let policies = role.list_of("Policies");
    let all = policies.iter().flat_map(|policy| policy.list_of("PolicyDocument/Statement"));
    all.map(|one| if one.is_array() { &one[1] } else { one }).collect()
}

fn texts(value: &Value) -> Vec<&str> {
    value
        .as_array()
        .map_or_else(|| vec![value], |all| all.iter().collect())
        .into_iter()
        .map(|one| one.as_str().unwrap())
        .collect()
}

#[test]
fn every_function_has_a_role_of_its_own() {
    let functions = resources("AWS::Serverless::Function");
    let roles: BTreeSet<&str> =
        functions.values().map(|function| function.text_of("Role")).collect();
    assert_eq!(roles.len(), functions.len());
    for (id, function) in functions {
        assert_eq!(function["Role"], format!("{id}Role.Arn"));
        assert!(function["Policies"].is_null());
        let role = resources("AWS::IAM::Role")[format!("{id}Role").as_str()];
        assert!(role["ManagedPolicyArns"].is_null());
        // IAM takes 10,240 characters for all policies of a role.
        assert!(role["Policies"].to_string().len() < 9000, "{id}");
    }
}

#[test]
fn no_role_may_do_everything_or_read_the_table_through() {
    for (id, role) in resources("AWS::IAM::Role") {
        for statement in statements(role) {
            let actions = texts(&statement["Action"]);
            for action in &actions {
                assert!(
                    !action.contains('*')
                        && !action.ends_with("Scan")
                        && !action.contains("PartiQL"),
                    "{id}: {action}"
                );
            }
            // X-Ray's actions know no resource.
            let of_everything = texts(&statement["Resource"]).contains(&"*");
            assert!(
                !of_everything || actions.iter().all(|action| action.starts_with("xray:Put")),
                "{id}: {statement}"
            );
        }
    }
}

#[test]
fn the_table_is_named_by_keys_that_there_are() {
    let prefix = |pattern: &str| {
        pattern
            .split_once('{')
            .map_or_else(|| pattern.to_owned(), |(before, _)| format!("{before}*"))
    };
    let mut patterns: BTreeSet<String> =
        PATTERNS.iter().map(|[_, partition, ..]| prefix(partition)).collect();
    let mut named = BTreeSet::new();
    for (id, role) in resources("AWS::IAM::Role") {
        for statement in statements(role).into_iter().filter(|one| one["Sid"] != "Stream") {
            if !texts(&statement["Action"])[0].starts_with("dynamodb:") {
                continue;
            }
            let keys = &statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"];
            if keys.is_null() {
                assert_eq!(
                    statement["Action"], "dynamodb:Query",
                    "{id}: only indexes have keys that say nothing"
                );
                for resource in texts(&statement["Resource"]) {
                    assert!(
                        INDEXES.iter().any(|index| resource.ends_with(&format!("/index/{index}"))),
                        "{id}: {resource}"
                    );
                }
                continue;
            }
            for key in texts(keys) {
                assert!(patterns.contains(key), "{id}: no key begins with {key}");
                named.insert(key.to_owned());
            }
        }
    }
    // A key may begin with what others begin with.
    patterns.retain(|pattern| {
        named.contains(pattern)
            || !named.iter().any(|one| {
                one.strip_suffix('*').is_some_and(|beginning| pattern.starts_with(beginning))
            })
    });
    assert_eq!(patterns, named, "an item that no function may touch");
}

#[test]
fn only_two_functions_send_and_only_those_that_sign_read_signing_keys() {
    let (mut sending, mut signing, mut making, mut destroying) =
        (BTreeSet::new(), BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let mut by_a_person = BTreeSet::new();
    for (id, function) in resources("AWS::Serverless::Function") {
        for statement in statements(resources("AWS::IAM::Role")[format!("{id}Role").as_str()]) {
            let action = texts(&statement["Action"])[0];
            if action.starts_with("ses:") {
                assert_eq!(
                    statement["Condition"],
                    json!({ "StringEquals": { "ses:FromAddress": "MailFrom" } })
                );
                sending.insert(name_of(function));
            }
            if action.starts_with("ssm:") {
                assert!(
                    texts(&statement["Resource"]).iter().all(|one| one.starts_with("${KeysArn}/")),
                    "{id}: {statement}"
                );
                let signs =
                    texts(&statement["Resource"]).iter().any(|one| one.ends_with("/signing/*"));
                signing.extend(signs.then(|| name_of(function)));
                if name_of(function) == "rotate_signing_keys" && action != "ssm:GetParameter" {
                    by_a_person.extend(texts(&statement["Resource"]));
                }
                match action {
                    "ssm:GetParameter" => {}
                    "ssm:DeleteParameter" => destroying.extend([name_of(function)]),
                    _ => making.extend([name_of(function)]),
                }
            }
        }
    }
    assert_eq!(sending, ["deliver_mail", "sweep_mail"].into());
    assert_eq!(by_a_person, ["${KeysArn}/signing/*"].into());
    assert_eq!(
        signing,
        [
            "accept_invitation",
            "create_token",
            "refresh_token",
            "rotate_keys",
            "rotate_signing_keys",
            "switch_organization",
        ]
        .into()
    );
    assert_eq!(
        destroying,
        ["rotate_keys", "rotate_signing_keys", "seal_passwords", "sign_out_everyone"].into()
    );
    // An import keeps what a Firebase project's hashes have in common.
    assert_eq!(
        making,
        [
            "import_users",
            "rotate_keys",
            "rotate_signing_keys",
            "seal_passwords",
            "sign_out_everyone"
        ]
        .into()
    );
}

/// A page that is not the last one has a cursor, which is made with the server key.
#[test]
fn every_list_reads_the_server_key() {
    let reads_it = |id: &str| {
        let all = statements(resources("AWS::IAM::Role")[format!("{id}Role").as_str()]);
        all.into_iter().any(|one| {
            texts(&one["Action"])[0] == "ssm:GetParameter"
                && texts(&one["Resource"]).iter().any(|key| key.ends_with("/server/*"))
        })
    };
    let functions = resources("AWS::Serverless::Function");
    let reading: BTreeSet<&str> = functions
        .into_iter()
        .filter(|(id, _)| reads_it(id))
        .map(|(_, function)| name_of(function))
        .collect();
    let takes_a_cursor = |endpoint: &Endpoint| {
        let path = &document()["paths"][endpoint.path];
        let parameters = &path[endpoint.method.as_str().to_lowercase()]["parameters"];
        parameters.as_array().is_some_and(|all| all.iter().any(|one| one["name"] == "cursor"))
    };
    let lists: BTreeSet<&str> = functions::routes::all()
        .iter()
        .filter(|one| takes_a_cursor(one))
        .map(|one| one.name)
        .collect();
    assert!(lists.len() > 10, "{lists:?}");
    assert_eq!(lists.difference(&reading).collect::<Vec<_>>(), Vec::<&&str>::new());
}

/// Who is signed in is counted where something changes, and told where they had too much.
#[test]
fn every_call_that_is_counted_may_be() {
    let table = |id: &str, action: &str, key: &str| {
        let role = resources("AWS::IAM::Role")[format!("{id}Role").as_str()];
        statements(role).into_iter().any(|one| {
            let keys = &one["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"];
            texts(&one["Action"]).contains(&action) && !keys.is_null() && texts(keys).contains(&key)
        })
    };
    let functions = resources("AWS::Serverless::Function");
    let counting: BTreeSet<&str> = functions
        .into_iter()
        .filter(|(id, _)| {
            table(id, "dynamodb:UpdateItem", "LIMIT#*")
                && table(id, "dynamodb:PutItem", "ACTIVITY#*")
        })
        .map(|(_, function)| name_of(function))
        .collect();
    let counted: BTreeSet<&str> = functions::routes::all()
        .iter()
        .filter(|one| one.handler.is_counted && !one.method.is_safe())
        .map(|one| one.name)
        .collect();
    assert!(counted.len() > 30, "{counted:?}");
    assert_eq!(counted.difference(&counting).collect::<Vec<_>>(), Vec::<&&str>::new());
}

#[test]
fn a_scheduled_function_is_one_that_the_schedule_may_start() {
    let may = statements(resources("AWS::IAM::Role")["ScheduleRole"]);
    let may: BTreeSet<&str> = texts(&may[0]["Resource"]).into_iter().collect();
    let scheduled = resources("AWS::Scheduler::Schedule");
    assert_eq!(may, scheduled.values().map(|one| one.text_of("Target/Arn")).collect());
}

/// Whether a role lets its function update these attributes of an item, as IAM decides it: some
/// statement allows the action, and each of its conditions holds for every value (`ForAllValues`).
fn may_update(role: &Value, key: &str, attributes: &[&str]) -> bool {
    let is_like = |pattern: &str| match pattern.strip_suffix('*') {
        Some(prefix) => key.starts_with(prefix),
        None => key == pattern,
    };
    statements(role).into_iter().any(|statement| {
        let condition = &statement["Condition"];
        let keys = &condition["ForAllValues:StringLike"]["dynamodb:LeadingKeys"];
        let named = &condition["ForAllValues:StringEquals"]["dynamodb:Attributes"];
        let conditions = condition.as_object().map_or(0, serde_json::Map::len);
        assert!(conditions <= usize::from(!keys.is_null()) + usize::from(!named.is_null()) + 1);
        texts(&statement["Action"]).contains(&"dynamodb:UpdateItem")
            && texts(keys).into_iter().any(is_like)
            && (named.is_null() || attributes.iter().all(|one| texts(named).contains(one)))
    })
}

#[test]
fn attack_83_no_role_writes_an_attribute_that_its_function_does_not_change() {
    let functions = resources("AWS::Serverless::Function");
    let seen = [
        "PK",
        "SK",
        "access_used_generation",
        "ended_at",
        "enclosed",
        "generation",
        "last_activity",
        "page",
    ];
    let (mut noting, mut ruling, mut reviving) =
        (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for (id, function) in functions {
        let role = resources("AWS::IAM::Role")[format!("{id}Role").as_str()];
        let (name, user) = (name_of(function), "USER#0199c1d2-7a10-7b32-9f54-0c1d2e3f4a5b");
        noting.extend(may_update(role, user, &seen).then_some(name));
        for attribute in ["seats", "seats_version"] {
            ruling.extend(may_update(role, user, &["PK", "SK", attribute]).then_some(name));
        }
        for attribute in ["status", "epoch", "locked_until", "is_service", "email", "ends_at"] {
            reviving.extend(may_update(role, user, &["PK", "SK", attribute]).then_some(name));
        }
    }
    for reader in ["list_modules", "get_me", "check_permissions", "list_users", "authorizer"] {
        assert!(noting.contains(reader), "{reader} notes that its caller was there");
        assert!(!ruling.contains(reader) && !reviving.contains(reader), "{reader}");
    }
    // Those that change accounts or memberships.
    let accounts = [
        "change_password",
        "confirm_email_change",
        "confirm_password_reset",
        "delete_me",
        "delete_user",
        "end_sessions",
        "erase_user",
        "erase_users",
        "put_member",
        "relay",
        "remove_member",
        "request_email_change",
        "resend_invitation",
        "restore_user",
        "setup",
        "undo_email_change",
        "update_me",
        "update_user",
        "verify_email",
    ];
    let with = |more: &[&'static str]| -> BTreeSet<&str> {
        accounts.iter().chain(more).copied().collect()
    };
    assert_eq!(ruling, with(&["accept_my_invitation", "assign_role", "unassign_role"]));
    // A token's address and end, and a session's: no account's.
    let tokens = ["deliver_mail", "sweep_mail", "refresh_token", "request_password_reset"];
    assert_eq!(reviving, with(&tokens));
}
