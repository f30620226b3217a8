//! An upgrade from the template that had every function in one stack. What is new is made before
//! what is old is deleted: nothing may be there twice meanwhile.

use std::collections::{BTreeMap, BTreeSet};

use super::{NESTED, ROOT, physical_name};

/// What that template had: type, logical id, name.
const BEFORE: &str = include_str!("before.txt");
/// What of it is no more, and was not renamed either.
const GONE: [&str; 1] = ["FillFeedStream"];

fn before() -> impl Iterator<Item = [&'static str; 3]> {
    let rows = BEFORE.lines().filter(|line| !line.starts_with('#'));
    rows.map(|line| {
        let (kind, rest) = line.split_once(' ').unwrap();
        let (id, name) = rest.split_once(' ').unwrap();
        [kind, id, name]
    })
}

/// Type, logical id with its stack's, and name of every resource as it is now.
fn now() -> Vec<(&'static str, String, Option<String>)> {
    let stacks = NESTED.iter().map(|(stack, template)| (format!("{stack}/"), template));
    let mut all = Vec::new();
    for (stack, template) in stacks.chain([(String::new(), &*ROOT)]) {
        for (id, resource) in template["Resources"].as_object().unwrap() {
            let key = resource["Properties"]["RouteKey"].as_str();
            let name = key.or_else(|| physical_name(resource));
            let name = name.map(|name| name.replace("${Stack}", "${AWS::StackName}"));
            all.push((resource["Type"].as_str().unwrap(), format!("{stack}{id}"), name));
        }
    }
    all
}

#[test]
fn no_name_and_no_route_is_there_twice_during_an_upgrade() {
    let mut owners: BTreeMap<(&str, String), BTreeSet<String>> = BTreeMap::new();
    for [kind, id, name] in before().filter(|[.., name]| *name != "-") {
        owners.entry((kind, name.to_owned())).or_default().insert(id.to_owned());
    }
    let functions = owners.keys().filter(|(kind, _)| *kind == "AWS::Serverless::Function").count();
    assert_eq!(functions, 85);
    for (kind, id, name) in now() {
        if let Some(name) = name {
            owners.entry((kind, name)).or_default().insert(id);
        }
    }
    owners.retain(|_, ids| ids.len() > 1);
    assert!(owners.is_empty(), "{owners:?}");
}

#[test]
fn what_is_no_function_stays_under_its_logical_id_and_no_id_changes_its_type() {
    let now: BTreeMap<String, &str> = now().into_iter().map(|(kind, id, _)| (id, kind)).collect();
    for [kind, id, _] in before() {
        match now.get(id) {
            Some(is) => assert_eq!(*is, kind, "{id}"),
            None => assert!(kind == "AWS::Serverless::Function" || GONE.contains(&id), "{id}"),
        }
    }
}

#[test]
fn what_is_there_once_keeps_its_name() {
    let now: BTreeSet<(&str, String, Option<String>)> = now().into_iter().collect();
    for [kind, id, name] in before() {
        if kind != "AWS::Serverless::Function" && !GONE.contains(&id) && name != "-" {
            let is = (kind, id.to_owned(), Some(name.to_owned()));
            assert!(now.contains(&is), "{is:?}");
        }
    }
}
