//! What the function `pages` embeds: each document in each language, and each asset, as it is and
//! compressed. Assets lie under a hash of them all, so that they may be kept for good.

use std::{
    collections::{BTreeMap, BTreeSet},
    error::Error,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use oxc_allocator::Allocator;
use oxc_codegen::{Codegen, CodegenOptions};
use oxc_minifier::{Minifier, MinifierOptions};
use oxc_parser::Parser;
use oxc_span::SourceType;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use zopfli::{Format, Options};

type Failure = Box<dyn Error>;

/// The shell that each document is, with the texts of one language that its script names.
const SHELL: &str = "page.html";

/// What a document starts.
struct Document {
    name: &'static str,
    sheet: &'static str,
    script: &'static str,
    /// What the script imports, which is loaded beside it.
    imports: &'static [&'static str],
}

const DOCUMENTS: [Document; 3] = [
    Document { name: "entry", sheet: "style.css", script: "entry.js", imports: &[] },
    Document { name: "account", sheet: "style.css", script: "account.js", imports: &[] },
    Document {
        name: "console",
        sheet: "console.css",
        script: "console.js",
        imports: &["preact.mjs", "hooks.mjs", "htm.mjs"],
    },
];

/// Assets, each with the files that it is made of, one behind the other.
const ASSETS: [(&str, &[&str]); 8] = [
    ("style.css", &["style.css"]),
    ("entry.js", &["common.js", "base.js", "form.js", "entry-links.js", "entry.js"]),
    ("account.js", &["common.js", "base.js", "form.js", "account-lists.js", "account.js"]),
    ("console.css", &["style.css", "console/console.css"]),
    // All of them share one scope. What runs at once has to find what it needs: `common`, `kit` and
    // `api` come first, `picker` before `fields` and those before `history`, `shell` last.
    (
        "console.js",
        &[
            "common.js",
            "console/kit.js",
            "console/api.js",
            "console/route.js",
            "console/settings.js",
            "console/ui.js",
            "console/reference.js",
            "console/dialog.js",
            "console/filters.js",
            "console/form.js",
            "console/table.js",
            "console/chart.js",
            "console/picker.js",
            "console/people.js",
            "console/matrix.js",
            "console/organizations.js",
            "console/memberships.js",
            "console/sessions.js",
            "console/catalogue.js",
            "console/roles.js",
            "console/person.js",
            "console/why.js",
            "console/fields.js",
            "console/history.js",
            "console/activity.js",
            "console/statistics.js",
            "console/shell.js",
        ],
    ),
    ("preact.mjs", &["vendor/preact.mjs"]),
    ("hooks.mjs", &["vendor/hooks.mjs"]),
    ("htm.mjs", &["vendor/htm.mjs"]),
];

/// A language, and how it is written.
const LANGUAGES: [(&str, &str); 2] = [("en", "ltr"), ("de", "ltr")];

/// Writes `pages.rs` and what it includes into `out`, made of the folder `pages`.
pub(crate) fn build(pages: &Path, out: &Path) -> Result<(), Failure> {
    let read = |folder: &str, name: &str| {
        let path = pages.join(folder).join(name);
        println!("cargo::rerun-if-changed={}", path.display());
        fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))
    };
    let sums = read("assets", "vendor/CHECKSUMS")?;
    let mut assets = BTreeMap::new();
    let mut named: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (name, parts) in ASSETS {
        let parts = parts.iter().map(|part| {
            let text = read("assets", part)?;
            match part.strip_prefix("vendor/") {
                Some(file) if !sums.contains(&format!("{}  {file}\n", sha256(&text))) => {
                    Err(format!("{file} is not what CHECKSUMS says"))
                }
                _ => Ok(text),
            }
        });
        let parts = parts.collect::<Result<Vec<_>, _>>()?;
        named.insert(name, parts.iter().flat_map(|part| texts_named(part)).collect());
        assets.insert(name, small(name, parts.concat())?);
    }
    let build = hash(&assets.values().cloned().collect::<String>());
    let mut made = format!(
        "/// A hash of all assets: the folder in which they are.\nconst BUILD: \
         &str = \"{build}\";\n"
    );
    let mut files = Files { out: out.to_owned() };
    let mut list = String::new();
    for (name, content) in &assets {
        writeln!(list, "    (\"{name}\", {}),", files.add(name, content)?)?;
    }
    writeln!(made, "static ASSETS: &[(&str, File)] = &[\n{list}];")?;
    let mut list = String::new();
    let html = read("assets", SHELL)?;
    for document in &DOCUMENTS {
        let named = named.get(document.script).ok_or("a document has a script")?;
        for (language, direction) in LANGUAGES {
            let texts: Map<String, Value> =
                serde_json::from_str(&read("texts", &format!("{language}.json"))?)?;
            let html =
                document.fill(&html, &chosen(&texts, named), [language, direction, &build])?;
            let name = format!("{}.{language}.html", document.name);
            let file = files.add(&name, &html)?;
            writeln!(list, "    (\"{}\", \"{language}\", {file}),", document.name)?;
        }
    }
    writeln!(made, "static DOCUMENTS: &[(&str, &str, File)] = &[\n{list}];")?;
    fs::write(out.join("pages.rs"), made)?;
    Ok(())
}

impl Document {
    /// The document with these texts.
    fn fill(
        &self,
        html: &str,
        texts: &BTreeMap<&String, &Value>,
        [language, direction, build]: [&str; 3],
    ) -> Result<String, Failure> {
        let noscript = texts.get(&NOSCRIPT.to_owned()).and_then(|text| text.as_str());
        let preload =
            |name: &&str| format!("<link rel=\"modulepreload\" href=\"/assets/{build}/{name}\">\n");
        let preloads: String = self.imports.iter().map(preload).collect();
        // In a script element nothing but its end tag ends the text.
        let texts = serde_json::to_string(&texts)?.replace('<', "\\u003c");
        let filled = [
            ("language", language),
            ("direction", direction),
            ("build", build),
            ("sheet", self.sheet),
            ("script", self.script),
            ("preloads", &preloads),
            ("noscript", &escaped(noscript.unwrap_or_default())),
            ("texts", &texts),
        ];
        Ok(filled.iter().fold(html.to_owned(), |html, (name, value)| {
            html.replace(&format!("{{{{{name}}}}}"), value)
        }))
    }
}

/// The text that a document says itself.
const NOSCRIPT: &str = "common.noscript";

/// Keys of texts that a script has between quotes: whole, or, with `.` or `_` at the end, the
/// beginnings of keys that it makes.
fn texts_named(script: &str) -> Vec<String> {
    let is_key = |word: &&str| {
        word.contains('.') && word.chars().all(|c| c.is_ascii_alphanumeric() || "._".contains(c))
    };
    script.split('"').skip(1).step_by(2).filter(is_key).map(str::to_owned).collect()
}

/// What a document has of the texts. Those for one and for many are named as one.
fn chosen<'a>(
    texts: &'a Map<String, Value>,
    named: &BTreeSet<String>,
) -> BTreeMap<&'a String, &'a Value> {
    let begins = |key: &str| {
        let mut made = named.iter().filter(|name| name.ends_with(['.', '_']));
        made.any(|name| key.starts_with(name.as_str()))
    };
    let is_named = |key: &str| {
        let stem = key.trim_end_matches(".one").trim_end_matches(".other");
        key == NOSCRIPT || named.contains(key) || named.contains(stem) || begins(key)
    };
    texts.iter().filter(|(key, _)| is_named(key)).collect()
}

/// Without what is for those who read the source alone.
fn small(name: &str, source: String) -> Result<String, Failure> {
    match Path::new(name).extension().and_then(|extension| extension.to_str()) {
        Some("js") => small_script(name, &source),
        Some("css") => Ok(without_comments(&source)),
        _ => Ok(source),
    }
}

/// A script that does the same: short local names, no white space, no comments.
fn small_script(name: &str, source: &str) -> Result<String, Failure> {
    let allocator = Allocator::default();
    let mut parsed = Parser::new(&allocator, source, SourceType::mjs()).parse();
    if let Some(problem) = parsed.diagnostics.first() {
        return Err(format!("{name}: {problem:?}").into());
    }
    let minified =
        Minifier::new(MinifierOptions::default()).minify(&allocator, &mut parsed.program);
    let options = CodegenOptions::minify();
    let written = Codegen::new().with_options(options).with_scoping(minified.scoping);
    Ok(written.build(&parsed.program).code)
}

/// A sheet without the lines that are comments, and without what lines begin with.
fn without_comments(source: &str) -> String {
    let is_comment = |line: &&str| line.starts_with("/*") && line.ends_with("*/");
    let lines = source.lines().map(str::trim_start).filter(|line| !line.is_empty());
    lines.filter(|line| !is_comment(line)).map(|line| format!("{line}\n")).collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

struct Files {
    out: PathBuf,
}

impl Files {
    /// Writes a file, as it is and compressed, and answers the expression that includes it.
    fn add(&mut self, name: &str, content: &str) -> Result<String, Failure> {
        fs::write(self.out.join(name), content)?;
        let mut compressed = Vec::new();
        zopfli::compress(Options::default(), Format::Gzip, content.as_bytes(), &mut compressed)?;
        fs::write(self.out.join(format!("{name}.gz")), compressed)?;
        let include =
            |name: &str| format!("include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{name}\"))");
        let (plain, gzip) = (include(name), include(&format!("{name}.gz")));
        let (etag, media_type) = (hash(content), media_type(name)?);
        Ok(format!(
            "File {{ plain: {plain}, gzip: {gzip}, etag: {etag:?}, media_type: {media_type:?} }}"
        ))
    }
}

fn media_type(name: &str) -> Result<&'static str, Failure> {
    match Path::new(name).extension().and_then(|extension| extension.to_str()) {
        Some("css") => Ok("text/css; charset=utf-8"),
        Some("html") => Ok("text/html; charset=utf-8"),
        Some("js" | "mjs") => Ok("text/javascript; charset=utf-8"),
        _ => Err(format!("{name} has no known media type").into()),
    }
}

/// 64 bits of SHA-256: who can choose the files has no need of a collision.
fn hash(content: &str) -> String {
    sha256(content).chars().take(16).collect()
}

fn sha256(content: &str) -> String {
    Sha256::digest(content.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
