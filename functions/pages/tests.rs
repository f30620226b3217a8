use std::{collections::BTreeSet, fs, path::Path};

use rolecall_domain::appearance::Language;
use serde_json::{Map, Value};

use super::*;

/// Pages, each with how many files it may have beside itself, and how many bytes with them when
/// all is compressed.
const SIZES: [(&str, usize, usize); 3] =
    [("/sign-in", 2, 12 * 1024), ("/account", 2, 12 * 1024), ("/console", 11, 60 * 1024)];

fn get(path: &str, headers: &[(&str, &str)]) -> Response {
    let mut request = http::Request::get(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    handler(&request.body(Bytes::new()).unwrap()).unwrap()
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
}

/// Assets that a document names.
fn named(html: &str) -> Vec<&str> {
    let words = html.split('"').filter(|word| word.starts_with("/assets/"));
    words.collect()
}

/// Every script of ours, as it was written.
fn scripts() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("pages/assets");
    let files = ["", "console"].map(|name| fs::read_dir(folder.join(name)).unwrap());
    let paths = files.into_iter().flatten().map(|file| file.unwrap().path());
    let scripts = paths.filter(|path| path.extension().is_some_and(|kind| kind == "js"));
    scripts.map(|path| fs::read_to_string(path).unwrap()).collect()
}

fn texts(language: &str) -> Map<String, Value> {
    let (en, de) = (include_str!("texts/en.json"), include_str!("texts/de.json"));
    serde_json::from_str(if language == "en" { en } else { de }).unwrap()
}

#[test]
fn a_page_and_all_that_it_names_is_small() {
    for (path, files, bytes) in SIZES {
        for language in ["en", "de"] {
            let gzip = [("accept-encoding", "gzip"), ("accept-language", language)];
            let page = get(path, &gzip);
            let plain = get(path, &[("accept-language", language)]);
            let html = String::from_utf8(plain.body().to_vec()).unwrap();
            let assets = named(&html);
            let rest: usize = assets.iter().map(|asset| get(asset, &gzip).body().len()).sum();
            let all = page.body().len() + rest;
            assert!(assets.len() <= files && all <= bytes, "{path} {language}: {all}");
            assert!(!html.contains("{{"), "{path} has a placeholder that nothing fills");
        }
    }
}

#[test]
fn a_page_comes_in_the_readers_language_and_encoding_and_is_asked_about_anew() {
    let german = get("/sign-in", &[("accept-language", "de")]);
    assert!(String::from_utf8_lossy(german.body()).contains("<html lang=\"de\""));
    assert_eq!(header(&german, "content-type"), "text/html; charset=utf-8");
    assert_eq!(header(&german, "cache-control"), "no-cache");
    assert_eq!(header(&german, "vary"), "Accept-Encoding, Accept-Language, Cookie");
    let tag = header(&german, "etag");
    let again = get("/sign-in", &[("accept-language", "de"), ("if-none-match", tag)]);
    assert_eq!((again.status(), again.body().len()), (StatusCode::NOT_MODIFIED, 0));
    let others = [
        get("/sign-in", &[]),
        get("/sign-in", &[("accept-language", "de"), ("accept-encoding", "gzip")]),
        get("/account", &[("accept-language", "de")]),
    ];
    let tags: BTreeSet<&str> =
        others.iter().chain([&german]).map(|one| header(one, "etag")).collect();
    assert_eq!(tags.len(), 4, "each is a representation of its own");
    for (accepted, coding) in [
        ("gzip", "gzip"),
        ("br, GZIP;q=0.5", "gzip"),
        ("gzip;q=0", ""),
        ("gzip;q=x", ""),
        ("br", ""),
        ("*", ""),
    ] {
        let page = get("/sign-in", &[("accept-encoding", accepted)]);
        assert_eq!(header(&page, "content-encoding"), coding, "{accepted}");
    }
}

#[test]
fn pages_speak_the_languages_that_the_appearance_offers() {
    let spoken: BTreeSet<&str> = DOCUMENTS.iter().map(|(_, language, _)| *language).collect();
    assert_eq!(spoken, Language::ALL.map(Language::as_str).into());
}

#[test]
fn assets_are_kept_for_good_and_those_of_another_build_are_not_here() {
    let page = get("/sign-in", &[]);
    let html = String::from_utf8(page.body().to_vec()).unwrap();
    for asset in named(&html) {
        let response = get(asset, &[]);
        assert_eq!(header(&response, "cache-control"), "public, max-age=31536000, immutable");
    }
    for path in ["/assets/0000000000000000/style.css", "/assets/", "/nothing"] {
        let request = http::Request::get(path).body(Bytes::new()).unwrap();
        assert_eq!(handler(&request).unwrap_err().code().status(), 404, "{path}");
    }
    assert_eq!(header(&get("/", &[]), "location"), "/account");
}

/// As `api-pages.md` has them.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' \
    data:; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'";

#[test]
fn every_answer_forbids_what_no_page_does() {
    let html = String::from_utf8(get("/sign-in", &[]).body().to_vec()).unwrap();
    let assets = named(&html);
    let pages = ["/", "/sign-in", "/account", "/console", "/console/people", "/setup"];
    assert!(!assets.is_empty());
    for path in pages.iter().copied().chain(assets) {
        let response = get(path, &[]);
        for (name, value) in [
            ("content-security-policy", POLICY),
            ("referrer-policy", "no-referrer"),
            ("strict-transport-security", "max-age=63072000"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(header(&response, name), value, "{path}: {name}");
        }
        let denied = header(&response, "permissions-policy");
        for feature in ["camera=()", "geolocation=()", "microphone=()"] {
            assert!(denied.contains(feature), "{path}: {denied}");
        }
    }
}

/// Keys of texts that a script names: whole, or the beginning of a made one.
fn used(script: &str) -> BTreeSet<String> {
    let quoted = script.split('"').skip(1).step_by(2);
    let is_key = |word: &&str| {
        let first = word.split('.').next().unwrap_or_default();
        word.contains('.')
            && ["common", "entry", "account", "console"].contains(&first)
            && word.chars().all(|c| c.is_ascii_alphanumeric() || "._".contains(c))
    };
    quoted.filter(is_key).map(str::to_owned).collect()
}

#[test]
fn every_text_is_there_in_every_language_and_is_used() {
    let (english, german) = (texts("en"), texts("de"));
    let keys = |texts: &Map<String, Value>| texts.keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(keys(&english), keys(&german));
    for (key, text) in english.iter().chain(&german) {
        assert!(text.as_str().is_some_and(|text| !text.trim().is_empty()), "{key}");
    }
    let placeholders = |text: &Value| -> BTreeSet<String> {
        let parts = text.as_str().unwrap().split('{').skip(1);
        parts.map(|rest| rest.split('}').next().unwrap().to_owned()).collect()
    };
    for (key, text) in &english {
        assert_eq!(placeholders(text), placeholders(&german[key]), "{key}");
    }
    let named: BTreeSet<String> = scripts()
        .iter()
        .flat_map(|script| used(script))
        .chain(["common.noscript".to_owned()])
        .collect();
    let plural = |key: &str| format!("{key}.other");
    for key in named.iter().filter(|key| !key.ends_with(['.', '_'])) {
        let is_there = english.contains_key(key) || english.contains_key(&plural(key));
        assert!(is_there, "no text is called {key}");
    }
    let is_used = |key: &String| {
        let whole = key.trim_end_matches(".one").trim_end_matches(".other");
        let made = |name: &String| name.ends_with(['.', '_']) && key.starts_with(name.as_str());
        named.contains(key) || named.contains(whole) || named.iter().any(made)
    };
    let unused: Vec<&String> = english.keys().filter(|key| !is_used(key)).collect();
    assert!(unused.is_empty(), "{unused:?}");
}
