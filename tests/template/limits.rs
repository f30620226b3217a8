//! What AWS takes of templates, routes and names, and how much of it is used.

use std::{collections::BTreeSet, fs};

use rolecall_http::access::Access;
use serde_json::Value;

use super::{NESTED, ROOT, pages, resources, templates};
use crate::support::{Json, binaries::root};

/// A template in a bucket, in bytes (its user guide, "Understand quotas").
const TEMPLATE: u64 = 1_000_000;
const RESOURCES: usize = 500;
const PARAMETERS: usize = 200;
const OUTPUTS: usize = 200;
/// What a parameter's value may have, in bytes.
const VALUE: usize = 4096;
/// Routes of an API ("Quotas for configuring and running an HTTP API").
const ROUTES: usize = 300;
/// A function's name.
const NAME: usize = 64;

fn count(template: &Value, section: &str) -> usize {
    template[section].as_object().unwrap().len()
}

#[test]
fn every_template_stays_under_the_limits_of_cloudformation() {
    for template in templates() {
        let what = &template["Description"];
        // SAM makes one resource of each of its functions: they have no events.
        assert!(count(template, "Resources") <= RESOURCES, "{what}");
        assert!(count(template, "Parameters") <= PARAMETERS, "{what}");
        assert!(count(template, "Outputs") <= OUTPUTS, "{what}");
        for (name, parameter) in template["Parameters"].as_object().unwrap() {
            assert!(parameter["Default"].to_string().len() <= VALUE, "{what}: {name}");
        }
    }
    for (stack, one) in resources("AWS::CloudFormation::Stack") {
        for (name, value) in one["Parameters"].as_object().unwrap() {
            assert!(value.to_string().len() <= VALUE, "{stack}: {name}");
        }
        let file = fs::metadata(root().join("infra").join(one.text_of("TemplateURL"))).unwrap();
        assert!(file.len() <= TEMPLATE, "{stack}");
    }
    assert!(fs::metadata(root().join("infra/template.yaml")).unwrap().len() <= TEMPLATE);
}

#[test]
fn there_is_room_for_three_quarters_as_many_endpoints_again() {
    let routes = resources("AWS::ApiGatewayV2::Route").len();
    assert!(routes + 3 * routes / 4 <= ROUTES, "{routes} routes");
    // The routes of the pages lie in their own stack.
    let of_endpoints = ["AWS::ApiGatewayV2::Route", "AWS::ApiGatewayV2::Integration"];
    let all = ROOT["Resources"].as_object().unwrap();
    let is_theirs = |one: &&Value| of_endpoints.contains(&one.text_of("Type"));
    let (all, theirs) = (all.len(), all.values().filter(is_theirs).count());
    assert!(all + 3 * theirs / 4 <= RESOURCES, "{all} resources, {theirs} of them of endpoints");
    for (stack, template) in &*NESTED {
        assert!(2 * count(template, "Resources") <= RESOURCES, "{stack}");
    }
}

/// API Gateway refuses others, which no emulator does ("One or more path parts appear to be
/// invalid").
#[test]
fn every_route_has_a_path_that_api_gateway_takes() {
    let is_word = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || "._-:".contains(c))
    };
    for route in resources("AWS::ApiGatewayV2::Route").values() {
        let key = route.text_of("RouteKey");
        let Some((_, path)) = key.split_once(" /") else {
            assert_eq!(key, "$default");
            continue;
        };
        let is_taken = |part: &str| {
            let inner = part.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
            is_word(inner.unwrap_or(part))
        };
        assert!(path.is_empty() || path.split('/').all(is_taken), "{key}");
    }
}

/// API Gateway waits for 30 seconds at most: what a caller has no answer of should not go on.
#[test]
fn no_function_of_a_route_goes_on_without_its_caller() {
    let routes = functions::routes::all();
    for function in resources("AWS::Serverless::Function").values() {
        let name = function.text_of("FunctionName");
        let is_of_a_route = routes.iter().any(|row| name.ends_with(&format!("-{}", row.name)));
        let seconds = function["Timeout"].as_u64().unwrap_or(15);
        assert!(!is_of_a_route || seconds < 30, "{name}: {seconds} s");
    }
}

#[test]
fn the_longest_name_of_a_function_leaves_what_operating_says_for_the_stacks() {
    let functions = resources("AWS::Serverless::Function");
    let names = functions.values().map(|function| function.text_of("FunctionName"));
    let longest = names.map(|name| name.strip_prefix("${Stack}").unwrap().len()).max().unwrap();
    let said = format!("at most {} characters", NAME - longest);
    let operating = fs::read_to_string(root().join("docs/operating.md")).unwrap();
    assert!(operating.contains(&said), "docs/operating.md does not say `{said}`");
}

#[test]
fn every_public_route_has_bounds_of_its_own_and_is_there_before_the_stage() {
    let stage = &ROOT["Resources"]["Stage"];
    let settings = stage["Properties"]["RouteSettings"].as_object().unwrap();
    let mut public: BTreeSet<String> = ["$default".to_owned()].into();
    for endpoint in functions::routes::all().into_iter().chain(pages()) {
        if !matches!(endpoint.handler.access, Access::Page | Access::Public) {
            continue;
        }
        if let Some(path) = endpoint.key().strip_prefix("GET ") {
            public.insert(format!("HEAD {path}"));
        }
        public.insert(endpoint.key());
    }
    assert_eq!(settings.keys().cloned().collect::<BTreeSet<_>>(), public);
    for (key, bounds) in settings {
        assert_eq!(bounds["ThrottlingRateLimit"], "PublicRequestsPerSecond", "{key}");
        assert_eq!(bounds["ThrottlingBurstLimit"], "PublicRequestsAtOnce", "{key}");
    }
    let routes = resources("AWS::ApiGatewayV2::Route");
    let in_stack = NESTED["PagesFunctions"]["Resources"].as_object().unwrap();
    let of_pages: Vec<&str> = in_stack
        .values()
        .filter(|one| one["Type"] == "AWS::ApiGatewayV2::Route")
        .map(|one| one.text_of("Properties/RouteKey"))
        .collect();
    let before: BTreeSet<&str> = stage
        .list_of("DependsOn")
        .iter()
        .flat_map(|id| match id.as_str().unwrap() {
            "PagesFunctions" => of_pages.clone(),
            id => vec![routes[id].text_of("RouteKey")],
        })
        .collect();
    assert_eq!(before, public.iter().map(String::as_str).collect());
    let all = &ROOT["Parameters"];
    let (one, stack) = ("PublicRequestsPerSecond", "RequestsPerSecond");
    assert!(all[one]["Default"].as_u64() < all[stack]["Default"].as_u64());
}
