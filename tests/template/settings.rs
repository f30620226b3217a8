//! How settings reach the functions: parameters of the root, handed to each nested stack.

use std::collections::BTreeSet;

use rolecall_domain::settings::VARIABLES;
use serde_json::{Value, json};

use super::{NESTED, ROOT, resources};

#[test]
fn every_nested_stack_is_given_what_it_wants_and_no_more() {
    for (stack, one) in resources("AWS::CloudFormation::Stack") {
        let names = |value: &'static Value| -> BTreeSet<&str> {
            value.as_object().unwrap().keys().map(String::as_str).collect()
        };
        assert_eq!(names(&one["Parameters"]), names(&NESTED[stack]["Parameters"]), "{stack}");
        assert_eq!(ROOT["Resources"][stack]["DependsOn"], "Table");
    }
}

/// Names of variables that a group's functions have, with what the root hands over for each; and
/// those that one function has alone.
fn reaching(stack: &str) -> (Vec<(&'static str, &'static Value)>, BTreeSet<&'static str>) {
    let template = &NESTED[stack];
    let (mut all, mut alone) = (Vec::new(), BTreeSet::new());
    let handed = |parameter: &Value| {
        let parameters = &resources("AWS::CloudFormation::Stack")[stack]["Parameters"];
        &parameters[parameter.as_str().unwrap()]
    };
    let shared = template.pointer("/Globals/Function/Environment/Variables").unwrap();
    for (name, value) in shared.as_object().unwrap() {
        if name == "ROLECALL_KEYS_SSM" {
            assert_eq!(value, "/rolecall/${Stack}");
        } else {
            all.push((name.as_str(), handed(value)));
        }
    }
    for resource in template["Resources"].as_object().unwrap().values() {
        let own = resource.pointer("/Properties/Environment/Variables");
        for (name, value) in own.into_iter().filter_map(Value::as_object).flatten() {
            alone.insert(name.as_str());
            all.push((name.as_str(), handed(value)));
        }
    }
    (all, alone)
}

#[test]
fn every_setting_is_a_parameter_with_the_same_default_and_reaches_the_functions() {
    let mut alone = BTreeSet::new();
    let groups: Vec<_> = NESTED
        .keys()
        .map(|stack| {
            let (all, own) = reaching(stack);
            alone.extend(own);
            (stack, all)
        })
        .collect();
    assert_eq!(alone, ["ROLECALL_AUTHORIZER_ROUTES"].into());
    let known: BTreeSet<&str> = VARIABLES.iter().map(|variable| variable.name).collect();
    let mut reached = BTreeSet::new();
    for (stack, group) in groups {
        // The pages know of no table.
        let is_known = |name: &str| {
            alone.contains(name) || (*stack == "PagesFunctions" && name == "ROLECALL_TABLE")
        };
        let names: BTreeSet<&str> = group.iter().map(|(name, _)| *name).collect();
        let missing: Vec<&&str> = known.difference(&names).filter(|one| !is_known(one)).collect();
        assert!(missing.is_empty(), "{missing:?}");
        reached.extend(names);
        for (name, value) in group {
            let default = VARIABLES.iter().find(|variable| variable.name == name).unwrap().default;
            match name {
                "ROLECALL_TABLE" => assert_eq!(value, "${AWS::StackName}${Restored}"),
                "ROLECALL_ISSUER" => assert_eq!(value[1], "https://${DomainName}"),
                "ROLECALL_SES_CONFIGURATION_SET" => assert_eq!(value, "MailEvents"),
                name => {
                    let parameter = &ROOT["Parameters"][value.as_str().unwrap()];
                    assert_eq!(
                        (parameter["Default"].as_str(), parameter["Type"].as_str()),
                        (default, Some("String")),
                        "{name}"
                    );
                }
            }
        }
    }
    assert_eq!(known, reached);
}

#[test]
fn what_roles_name_by_a_parameter_is_the_stacks_own() {
    for (stack, one) in resources("AWS::CloudFormation::Stack") {
        let parameters = &one["Parameters"];
        // The pages have no table.
        let (table, own) = (&parameters["TableArn"], ":table/${AWS::StackName}${Restored}");
        let is_own = table.as_str().map_or(stack == "PagesFunctions", |arn| arn.ends_with(own));
        assert!(is_own, "{stack}");
        assert_eq!(
            (&parameters["LogsArn"], &parameters["Logs"]),
            (&json!("Logs.Arn"), &json!("Logs"))
        );
        let (keys, queue) = (&parameters["KeysArn"], &parameters["DeadLetters"]);
        let own = ":parameter/rolecall/${AWS::StackName}";
        assert!(keys.as_str().is_none_or(|keys| keys.ends_with(own)), "{stack}: {keys}");
        assert!(queue.is_null() || queue == "DeadLetters.Arn", "{stack}: {queue}");
    }
}
