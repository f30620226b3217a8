//! Who may import whom, held against `cargo metadata` and the sources.

use std::{collections::BTreeSet, fs, path::Path};

use cargo_metadata::{DependencyKind, MetadataCommand};
use rolecall_storage::keys::PATTERNS;

use crate::support::binaries::root;

/// Every edge between our crates that is allowed; one that is not used any more has to leave.
const ALLOWED: &[(&str, &[&str])] = &[
    ("rolecall-domain", &[]),
    ("rolecall-http", &["rolecall-domain"]),
    ("rolecall-crypto", &["rolecall-domain"]),
    ("rolecall-storage", &["rolecall-domain"]),
    ("rolecall-mail", &["rolecall-domain"]),
    (
        "rolecall-runtime",
        &[
            "rolecall-crypto",
            "rolecall-domain",
            "rolecall-http",
            "rolecall-mail",
            "rolecall-storage",
        ],
    ),
    // `rolecall-runtime` is for the bins alone, the adapters for `lib.rs`: the sources are looked
    // at below.
    (
        "functions",
        &[
            "rolecall-crypto",
            "rolecall-domain",
            "rolecall-http",
            "rolecall-runtime",
            "rolecall-storage",
        ],
    ),
    // For other people's services: nothing of the server's, nothing of AWS.
    ("rolecall-client", &[]),
    (
        "rolecall-local",
        &[
            "functions",
            "rolecall-crypto",
            "rolecall-domain",
            "rolecall-http",
            "rolecall-mail",
            "rolecall-storage",
        ],
    ),
    ("xtask", &["functions", "rolecall-domain", "rolecall-http", "rolecall-storage"]),
    (
        "tests",
        &[
            "functions",
            "rolecall-client",
            "rolecall-crypto",
            "rolecall-domain",
            "rolecall-http",
            "rolecall-local",
            "rolecall-storage",
        ],
    ),
];

/// Other people's crates that only these of ours may import.
const RESERVED: &[(&str, &[&str])] = &[
    ("aws-sdk-dynamodb", &["rolecall-storage"]),
    ("aws-sdk-dynamodbstreams", &["rolecall-local"]),
    ("aws-sdk-sesv2", &["rolecall-mail"]),
    ("lettre", &["rolecall-mail"]),
    ("aws-sigv4", &["rolecall-runtime"]),
    ("aws-config", &["rolecall-runtime"]),
    ("lambda_http", &["rolecall-runtime"]),
    ("lambda_runtime", &["rolecall-runtime"]),
    ("jsonwebtoken", &["rolecall-client", "rolecall-crypto", "tests"]),
    ("argon2", &["rolecall-crypto"]),
    ("bcrypt", &["rolecall-crypto"]),
    ("pbkdf2", &["rolecall-crypto"]),
    ("scrypt", &["rolecall-crypto"]),
    ("dynoxide-rs", &["rolecall-local"]),
];

/// What the domain must not know of.
const NOT_IN_THE_DOMAIN: [&str; 6] = ["http", "tokio", "serde_dynamo", "hyper", "axum", "utoipa"];

#[test]
fn our_crates_import_each_other_only_along_the_edges() {
    let metadata = MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .no_deps()
        .other_options(vec!["--offline".into()])
        .exec()
        .unwrap();
    let names: BTreeSet<&str> =
        metadata.packages.iter().map(|package| package.name.as_str()).collect();
    let listed: BTreeSet<&str> = ALLOWED.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, listed, "every package has its line");
    for package in &metadata.packages {
        let normal = package
            .dependencies
            .iter()
            .filter(|dependency| dependency.kind != DependencyKind::Development);
        let imports: BTreeSet<&str> = normal.map(|dependency| dependency.name.as_str()).collect();
        let ours: Vec<&str> = imports.iter().copied().filter(|name| names.contains(name)).collect();
        let (_, allowed) = ALLOWED.iter().find(|(name, _)| *name == package.name.as_str()).unwrap();
        assert_eq!(ours, *allowed, "{}", package.name);
        for (crate_name, importers) in RESERVED {
            assert!(
                !imports.contains(crate_name) || importers.contains(&package.name.as_str()),
                "{} imports {crate_name}",
                package.name
            );
        }
        if package.name.as_str() == "rolecall-domain" {
            for outside in NOT_IN_THE_DOMAIN
                .iter()
                .copied()
                .chain(imports.iter().copied().filter(|name| name.starts_with("aws")))
            {
                assert!(!imports.contains(outside), "the domain imports {outside}");
            }
        }
    }
}

fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push((
                path.strip_prefix(root()).unwrap().display().to_string(),
                fs::read_to_string(&path).unwrap(),
            ));
        }
    }
}

pub(crate) fn all_sources() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for folder in ["functions", "shared", "infra", "tests"] {
        sources(&root().join(folder), &mut found);
    }
    assert!(found.len() > 60, "{}", found.len());
    found
}

#[test]
fn the_lambda_host_is_named_in_mains_alone() {
    for (path, text) in all_sources().iter().filter(|(path, _)| path.starts_with("functions/")) {
        assert!(path.ends_with("/main.rs") || !text.contains("rolecall_runtime"), "{path}");
        if path.ends_with("/main.rs") {
            assert!((6..=10).contains(&text.lines().count()), "{path} has not six to ten lines");
        }
    }
}

#[test]
fn a_handler_file_is_short_and_every_file_is() {
    for (path, text) in all_sources() {
        let lines = text.lines().count();
        assert!(lines <= 400, "{path} has {lines} lines");
        // functions/<group>/<endpoint>/mod.rs
        let is_handler = path.starts_with("functions/")
            && path.ends_with("/mod.rs")
            && path.matches('/').count() == 3;
        assert!(lines <= 80 || !is_handler, "{path} has {lines} lines");
    }
}

/// What a key of a pattern begins with, as a string of the sources.
fn begins(pattern: &str) -> String {
    match pattern.split_once('{') {
        Some((prefix, _)) => format!("\"{prefix}"),
        None => format!("\"{pattern}\""),
    }
}

#[test]
fn no_key_is_built_outside_of_keys() {
    let patterns = PATTERNS.iter().flat_map(|[_, pk, sk, _]| [*pk, *sk]);
    // What begins with a placeholder begins with nothing of its own, and `PLATFORM` is the code of
    // an organization, too.
    let is_telling = |beginning: &String| beginning.len() > 1 && beginning != "\"PLATFORM\"";
    let beginnings: BTreeSet<String> = patterns.map(begins).filter(is_telling).collect();
    assert!(beginnings.len() > 30, "{beginnings:?}");
    for (path, text) in all_sources()
        .iter()
        .filter(|(path, _)| path.starts_with("shared/") && !path.contains("storage/src/keys"))
    {
        for beginning in &beginnings {
            assert!(!text.contains(beginning), "{path} builds a key with {beginning}");
        }
    }
}

#[test]
fn lines_have_at_most_a_hundred_columns() {
    for (path, text) in all_sources() {
        for (line, number) in text.lines().zip(1..) {
            assert!(line.len() <= 100, "{path}:{number}");
        }
    }
}

#[test]
fn lints_are_expected_with_a_reason_and_never_allowed() {
    let allow = concat!("#[", "allow(");
    for (path, text) in all_sources() {
        assert!(!text.contains(allow) && !text.contains(&allow.replace("#[", "#![")), "{path}");
    }
}

#[test]
fn the_adapters_are_named_once_in_the_functions() {
    for (path, text) in all_sources() {
        let names = text.contains("rolecall_storage") || text.contains("rolecall_crypto");
        assert!(!names || !path.starts_with("functions/") || path == "functions/lib.rs", "{path}");
    }
}
