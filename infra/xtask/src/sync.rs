use std::{collections::BTreeMap, fs, path::Path};

use functions::Endpoint;
use rolecall_domain::settings::{VARIABLES, Variable};
use rolecall_http::openapi;
use rolecall_storage::keys::PATTERNS;
use serde_json::Value;

use crate::template::{self, Functions};

/// Where the nested stacks are: nothing but what is made here.
const GROUPS: &str = "infra/groups";

/// Writes every generated part, or with `check` fails and names those that drifted.
pub(crate) fn run(root: &Path, check: bool) -> Result<(), String> {
    let mut drifted = Vec::new();
    let generated = generated(root)?;
    for file in left_over(root, &generated) {
        if !check {
            fs::remove_file(root.join(&file)).map_err(|error| format!("{file}: {error}"))?;
        }
        drifted.push(file);
    }
    for (file, new) in generated {
        let path = root.join(&file);
        let old = fs::read_to_string(&path).unwrap_or_default();
        if old != new {
            if !check {
                fs::write(&path, new).map_err(|error| format!("{file}: {error}"))?;
            }
            drifted.push(file);
        }
    }
    if check && !drifted.is_empty() {
        return Err(format!(
            "drifted from the route table: {}; run `cargo xtask sync`",
            drifted.join(", ")
        ));
    }
    Ok(())
}

/// Files among the nested stacks that no group has any more.
fn left_over(root: &Path, generated: &[(String, String)]) -> Vec<String> {
    let there = fs::read_dir(root.join(GROUPS)).into_iter().flatten().flatten();
    let files = there.map(|entry| format!("{GROUPS}/{}", entry.file_name().to_string_lossy()));
    files.filter(|file| generated.iter().all(|(known, _)| known != file)).collect()
}

fn generated(root: &Path) -> Result<Vec<(String, String)>, String> {
    let rows = functions::routes::all();
    let functions = fs::read_to_string(root.join("infra/functions.yaml"))
        .map_err(|error| format!("infra/functions.yaml: {error}"))?;
    let functions = Functions::read(&functions)?;
    let deployed = functions.deployed(&rows)?;
    let (mut files, mut stacks) = (Vec::new(), String::new());
    for group in template::groups(&deployed) {
        let text = template::file(group, &deployed, &functions)?;
        stacks += &template::stacks(group, &format!("groups/{group}.yaml"), &text);
        files.push((format!("{GROUPS}/{group}.yaml"), text));
    }
    let file = "infra/template.yaml";
    let root_template = between(root, file, "parameters", &template::parameters())?;
    let root_template = replace(&root_template, file, "cors", &template::cors(&rows))?;
    let root_template = replace(&root_template, file, "groups", &stacks)?;
    let throttles = template::throttles(&deployed, &rows);
    let root_template = replace(&root_template, file, "throttles", &throttles)?;
    let root_template = replace(&root_template, file, "routes", &template::routes(&deployed))?;
    let parts = [
        (file, root_template),
        ("functions/Cargo.toml", between(root, "functions/Cargo.toml", "bins", &bins(&rows))?),
        ("Cargo.toml", between(root, "Cargo.toml", "router", &router(&rows))?),
        ("docs/api.md", between(root, "docs/api.md", "routes", &route_table(&rows))?),
        ("docs/settings.md", between(root, "docs/settings.md", "settings", &settings_table())?),
        ("docs/table.md", between(root, "docs/table.md", "keys", &key_table())?),
        ("functions/openapi.json", document(&rows)?),
    ];
    files.extend(parts.map(|(file, text)| (file.to_owned(), text)));
    Ok(files)
}

/// The file with what stands between `xtask:begin NAME` and `xtask:end NAME` replaced.
fn between(root: &Path, file: &str, name: &str, new: &str) -> Result<String, String> {
    let text = fs::read_to_string(root.join(file)).map_err(|error| format!("{file}: {error}"))?;
    replace(&text, file, name, new)
}

fn replace(text: &str, file: &str, name: &str, new: &str) -> Result<String, String> {
    let missing = || format!("{file} has no lines with xtask:begin {name} and xtask:end {name}");
    let begin = text.find(&format!("xtask:begin {name}")).ok_or_else(missing)?;
    let start = text
        .get(begin..)
        .and_then(|rest| rest.find('\n'))
        .map(|line| begin + line + 1)
        .ok_or_else(missing)?;
    let end = text.find(&format!("xtask:end {name}")).ok_or_else(missing)?;
    let end = text
        .get(..end)
        .and_then(|before| before.rfind('\n'))
        .map(|line| line + 1)
        .ok_or_else(missing)?;
    match (text.get(..start), text.get(end..)) {
        (Some(before), Some(after)) if start <= end => Ok(format!("{before}{new}{after}")),
        _ => Err(missing()),
    }
}

fn bins(routes: &[Endpoint]) -> String {
    let fallback = functions::routes::fallback();
    let endpoints = routes
        .iter()
        .chain([&fallback])
        .map(|one| (one.name, format!("{}/{}", one.group, one.name)));
    let all = endpoints
        .chain([("pages", "pages".to_owned())])
        .chain(functions::jobs::all().into_iter().map(|job| (job.name, job.folder.to_owned())));
    let bins = all.map(|(name, folder)| {
        format!("[[bin]]\nname = \"{name}\"\npath = \"{folder}/main.rs\"\ntest = false\n")
    });
    bins.collect::<Vec<_>>().join("\n")
}

fn router(routes: &[Endpoint]) -> String {
    let mut paths: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let pages = functions::routes::pages();
    for one in routes.iter().chain(&pages) {
        paths
            .entry(one.path)
            .or_default()
            .push(format!("{{ method = \"{}\", function = \"{}\" }}", one.method, one.name));
    }
    let rows = paths
        .into_iter()
        .map(|(path, functions)| format!("\"{path}\" = [{}]\n", functions.join(", ")));
    format!("[workspace.metadata.lambda.watch.router]\n{}", rows.collect::<String>())
}

fn route_table(routes: &[Endpoint]) -> String {
    let mut table = "\n| route | function | who may call |\n| --- | --- | --- |\n".to_owned();
    for one in routes {
        let folder = format!(
            "[`{name}`](../functions/{group}/{name}/mod.rs)",
            name = one.name,
            group = one.group
        );
        table += &format!("| `{}` | {folder} | {} |\n", one.key(), one.handler.access.describe());
    }
    for path in functions::pages::PATHS {
        table += &format!("| `GET {path}` | [`pages`](../functions/pages/mod.rs) | anybody |\n");
    }
    for job in functions::jobs::all() {
        table += &format!(
            "| {} | [`{name}`](../functions/{folder}/mod.rs) | |\n",
            job.trigger.describe(),
            name = job.name,
            folder = job.folder
        );
    }
    format!("{table}\n")
}

fn key_table() -> String {
    let rows = PATTERNS
        .iter()
        .map(|[item, pk, sk, what]| format!("| {item} | `{pk}` | `{sk}` | {what} |\n"));
    format!(
        "\n| item | PK | SK | what it is |\n| --- | --- | --- | --- |\n{}\n",
        rows.collect::<String>()
    )
}

fn settings_table() -> String {
    let mut table = "\n| variable | wants | default |\n| --- | --- | --- |\n".to_owned();
    for Variable { name, wants, example, default } in VARIABLES {
        let default = match default {
            Some("") => String::new(),
            Some(default) => format!("`{default}`"),
            None => format!("none; for example `{example}`"),
        };
        table += &format!("| `{name}` | {wants} | {default} |\n");
    }
    format!("{table}\n")
}

/// One line a path and one a schema: a change shows where it is, and functions embed no
/// indentation.
fn document(routes: &[Endpoint]) -> Result<String, String> {
    let mut document = openapi::document(routes, env!("CARGO_PKG_VERSION"));
    let mut take =
        |pointer: &str| document.pointer_mut(pointer).map(Value::take).unwrap_or_default();
    let (paths, schemas) = (lines(&take("/paths")), lines(&take("/components/schemas")));
    let text = serde_json::to_string(&document).map_err(|error| error.to_string())?;
    let with_paths = text.replacen("\"paths\":null", &format!("\"paths\":{paths}"), 1);
    Ok(with_paths.replacen("\"schemas\":null", &format!("\"schemas\":{schemas}"), 1) + "\n")
}

/// An object with a line an entry.
fn lines(object: &Value) -> String {
    let entries = object.as_object().into_iter().flatten();
    let entries: Vec<String> =
        entries.map(|(name, value)| format!("{}:{value}", Value::from(name.as_str()))).collect();
    format!("{{\n{}\n}}", entries.join(",\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_between_the_marks_is_replaced() {
        let text = "a\n# xtask:begin x\nold\n# xtask:end x\nb\n";
        assert_eq!(
            replace(text, "f", "x", "new\n").unwrap(),
            "a\n# xtask:begin x\nnew\n# xtask:end x\nb\n"
        );
        assert!(replace("nothing", "f", "x", "new").unwrap_err().contains("xtask:begin x"));
    }

    #[test]
    fn a_nested_stack_of_no_group_is_left_over() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join(GROUPS)).unwrap();
        for group in ["jobs", "gone"] {
            fs::write(root.path().join(format!("{GROUPS}/{group}.yaml")), "").unwrap();
        }
        let generated = [(format!("{GROUPS}/jobs.yaml"), String::new())];
        assert_eq!(left_over(root.path(), &generated), ["infra/groups/gone.yaml"]);
    }
}
