use std::{fs, path::Path, process::Command};

/// Makes folder and row of an endpoint, then has `sync` write the rest.
pub(crate) fn run(root: &Path, endpoint: &str, method: &str, path: &str) -> Result<(), String> {
    let (group, name) =
        endpoint.split_once('/').ok_or("say <group>/<endpoint>, such as accounts/lock")?;
    if ![group, name].iter().all(|word| is_identifier(word)) {
        return Err("group and endpoint are lower-case words joined by '_'".to_owned());
    }
    if !["GET", "POST", "PUT", "PATCH", "DELETE"].contains(&method) || !path.starts_with('/') {
        return Err(
            "say a method such as POST and a path such as /api/v1/users/{id}/lock".to_owned()
        );
    }
    let group_folder = root.join("functions").join(group);
    let folder = group_folder.join(name);
    if !group_folder.join("mod.rs").exists() {
        return Err(format!("there is no group functions/{group}"));
    }
    if folder.exists() {
        return Err(format!("functions/{group}/{name} exists"));
    }
    fs::create_dir(&folder).map_err(|error| error.to_string())?;
    write(&folder.join("mod.rs"), &module(name, method, path))?;
    write(&folder.join("main.rs"), &main(name))?;
    write(&folder.join("tests.rs"), &tests(method, path))?;
    insert_module(&group_folder.join("mod.rs"), name)?;
    insert_row(&root.join("functions/routes.rs"), group, name, method, path)?;
    append(&root.join("infra/functions.yaml"), &format!("  {name}:\n    with: [gate]\n"))?;
    let formatted = Command::new(env!("CARGO"))
        .args(["fmt", "--package", "functions"])
        .current_dir(root)
        .status();
    if !formatted.is_ok_and(|status| status.success()) {
        return Err("the endpoint was made, but `cargo fmt` failed".to_owned());
    }
    // The table just changed, so what follows from it is written by a tool that is compiled anew.
    let sync = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--package", "xtask", "--", "sync"])
        .current_dir(root)
        .status();
    if !sync.is_ok_and(|status| status.success()) {
        return Err("the endpoint was made, but `cargo xtask sync` failed".to_owned());
    }
    say(group, name, method);
    Ok(())
}

#[expect(clippy::print_stdout, reason = "a command-line tool")]
fn say(group: &str, name: &str, method: &str) {
    println!(
        "functions/{group}/{name} and its row are there. Next:\n\
         1. write the handler in functions/{group}/{name}/mod.rs and its access rule in its row (\
             functions/routes.rs);\n\
         2. write its expectations in tests/coverage.rs, for {method};\n\
         3. write what it may do into infra/functions.yaml, run `cargo xtask sync`, \
             and call it in .ci/aws/sweep.py."
    );
}

fn is_identifier(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_lowercase())
        && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

fn append(path: &Path, text: &str) -> Result<(), String> {
    let old = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    write(path, &(old + text))
}

fn module(name: &str, method: &str, path: &str) -> String {
    format!(
        r#"//! `{method} {path}`: TELL WHAT IT DOES.

use rolecall_domain::session::Caller;
use rolecall_http::{{Problem, Request, Response, openapi::Doc, response}};

use crate::Context;

/// TELL WHAT IT ANSWERS.
pub async fn handler(_: Context, _: Caller, _: Request) -> Result<Response, Problem> {{
    response::no_content()
}}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {{
    Doc::new("{name}", "TELL WHAT IT DOES.").empty(204, "It is done.")
}}

#[cfg(test)]
mod tests;
"#
    )
}

fn main(name: &str) -> String {
    format!(
        r"//! The Lambda function `{name}`.

use std::process::ExitCode;

fn main() -> ExitCode {{
    rolecall_runtime::http(functions::routes::{name}())
}}
"
    )
}

fn tests(method: &str, path: &str) -> String {
    format!(
        r#"#[test]
fn it_has_its_row_in_the_route_table() {{
    assert!(crate::routes::all().iter().any(|row| row.key() == "{method} {path}"));
}}
"#
    )
}

/// Puts `pub mod name;` among the others.
fn insert_module(file: &Path, name: &str) -> Result<(), String> {
    let text = fs::read_to_string(file).map_err(|error| error.to_string())?;
    let line = format!("pub mod {name};");
    let at = text.find("pub mod ").ok_or_else(|| format!("{} has no `pub mod`", file.display()))?;
    let (before, after) = text.split_at_checked(at).unwrap_or((&text, ""));
    write(file, &format!("{before}{line}\n{after}"))
}

/// Puts the row among the others, which are sorted by URL.
fn insert_row(
    file: &Path,
    group: &str,
    name: &str,
    method: &str,
    path: &str,
) -> Result<(), String> {
    let text = fs::read_to_string(file).map_err(|error| error.to_string())?;
    let (base, rest) = match path.strip_prefix("/api/v1") {
        Some(rest) => ("/api/v1", rest),
        None => ("", path),
    };
    let start = format!("    \"{base}\" {{\n");
    let missing = || format!("{} has no routes below \"{base}\"", file.display());
    let (before, section) = text.split_once(&start).ok_or_else(missing)?;
    let (rows, after) = section.split_once("    }\n").ok_or_else(missing)?;
    let is_later = |line: &str| {
        let known = line.strip_prefix("        ").and_then(|row| row.split('"').nth(1));
        known.is_some_and(|known| known > rest)
    };
    let at = rows
        .split_inclusive('\n')
        .scan(0, |end, line| {
            let start = *end;
            *end += line.len();
            Some((start, line))
        })
        .find(|(_, line)| is_later(line))
        .map_or(rows.len(), |(start, _)| start);
    let (earlier, later) = rows.split_at_checked(at).unwrap_or((rows, ""));
    let row = format!("        {method} \"{rest}\" signed_in {group}::{name};\n");
    write(file, &format!("{before}{start}{earlier}{row}{later}    }}\n{after}"))
}
