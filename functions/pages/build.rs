//! What the function `pages` embeds: each document in each language, and each asset, as it is and
//! compressed. Assets lie under a hash of them all, so that they may be kept for good.

use std::{
    collections::BTreeMap,
    error::Error,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use zopfli::{Format, Options};

type Failure = Box<dyn Error>;

/// A document is a shell with the texts of one language in it.
struct Shell {
    name: &'static str,
    file: &'static str,
    /// The script that it starts.
    script: &'static str,
    /// What the keys of its texts begin with.
    texts: &'static [&'static str],
}

const SHELLS: [Shell; 2] = [
    Shell { name: "entry", file: "page.html", script: "entry.js", texts: &["common.", "entry."] },
    Shell {
        name: "account",
        file: "page.html",
        script: "account.js",
        texts: &["common.", "account."],
    },
];

/// Assets, each with the files that it is made of, one behind the other.
const ASSETS: [(&str, &[&str]); 3] = [
    ("style.css", &["style.css"]),
    ("entry.js", &["base.js", "form.js", "entry-links.js", "entry.js"]),
    ("account.js", &["base.js", "form.js", "account-lists.js", "account.js"]),
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
    let mut assets = BTreeMap::new();
    for (name, parts) in ASSETS {
        let parts = parts.iter().map(|part| read("assets", part)).collect::<Result<Vec<_>, _>>()?;
        let parts = parts.iter().map(|part| without_comments(part));
        assets.insert(name, parts.collect::<String>());
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
    for shell in &SHELLS {
        let html = read("assets", shell.file)?;
        for (language, direction) in LANGUAGES {
            let texts: Map<String, Value> =
                serde_json::from_str(&read("texts", &format!("{language}.json"))?)?;
            let html = shell.fill(&html, &texts, [language, direction, &build])?;
            let name = format!("{}.{language}.html", shell.name);
            let file = files.add(&name, &html)?;
            writeln!(list, "    (\"{}\", \"{language}\", {file}),", shell.name)?;
        }
    }
    writeln!(made, "static DOCUMENTS: &[(&str, &str, File)] = &[\n{list}];")?;
    fs::write(out.join("pages.rs"), made)?;
    Ok(())
}

impl Shell {
    /// The document with these texts.
    fn fill(
        &self,
        html: &str,
        texts: &Map<String, Value>,
        [language, direction, build]: [&str; 3],
    ) -> Result<String, Failure> {
        let is_own = |key: &str| self.texts.iter().any(|prefix| key.starts_with(prefix));
        let own: BTreeMap<&String, &Value> = texts.iter().filter(|(key, _)| is_own(key)).collect();
        let noscript = texts.get("common.noscript").and_then(Value::as_str).unwrap_or_default();
        // In a script element nothing but its end tag ends the text.
        let own = serde_json::to_string(&own)?.replace('<', "\\u003c");
        let filled = [
            ("language", language),
            ("direction", direction),
            ("build", build),
            ("script", self.script),
            ("noscript", &escaped(noscript)),
            ("texts", &own),
        ];
        Ok(filled.iter().fold(html.to_owned(), |html, (name, value)| {
            html.replace(&format!("{{{{{name}}}}}"), value)
        }))
    }
}

/// Without the lines that are comments, and without what lines begin with: the source is for those
/// who read it, and a page is small.
fn without_comments(source: &str) -> String {
    let is_comment =
        |line: &&str| line.starts_with("//") || (line.starts_with("/*") && line.ends_with("*/"));
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
    let digest = Sha256::digest(content.as_bytes());
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
