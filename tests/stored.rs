//! What the items of the table hold: nothing of it grows without a cap, and each cap has a test
//! that fills it. `docs/table.md` has the list.

mod known;

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use crate::{architecture::all_sources, support::binaries::root};
use known::{BOUNDED, SHORT};

/// Where the stored structs are.
const ITEMS: &str = "shared/storage/src/items/";

/// Types that hold any number of things.
const MANY: [&str; 9] = [
    "Vec",
    "VecDeque",
    "Map",
    "BTreeMap",
    "BTreeSet",
    "HashMap",
    "HashSet",
    "Value",
    "StoredDocument",
];

/// Attributes that hold many things and are written without a stored struct: the file under
/// `shared/storage/src/ops`, what makes their values, how often, and what they are.
const BY_HAND: [(&str, &str, usize, &[&str]); 8] = [
    ("accounts.rs", "AttributeValue::L(", 1, &["FailedLoginsItem.sources"]),
    ("accounts.rs", "AttributeValue::M(", 1, &["StoredDelivery.reason"]),
    ("activity_stream.rs", "AttributeValue::L(", 1, &["feed head.pinned"]),
    ("definitions.rs", "slot_name(", 3, &["gate.change_0", "gate.inactive"]),
    ("members.rs", "AttributeValue::Ss(", 1, &["super admins.holders"]),
    ("presence.rs", "presence_slot(", 1, &["presence.session_0"]),
    ("own_roles.rs", "slot_name(", 1, &["organization state.change_0"]),
    ("sessions.rs", "AttributeValue::Bs(", 1, &["living.live"]),
];

/// What makes an attribute that holds many things.
const MAKERS: [&str; 5] = [
    "AttributeValue::L(",
    "AttributeValue::M(",
    "AttributeValue::Ss(",
    "AttributeValue::Ns(",
    "AttributeValue::Bs(",
];

/// A field of a stored struct: the struct's name and the attribute's, and the types that it names.
#[derive(Debug, PartialEq, Eq)]
struct Field {
    place: String,
    types: Vec<String>,
}

/// The parts of a list that commas divide; those within `<` and `>` do not.
fn parts(list: TokenStream) -> Vec<Vec<TokenTree>> {
    let (mut parts, mut depth) = (vec![Vec::new()], 0);
    for token in list {
        if let TokenTree::Punct(mark) = &token {
            match mark.as_char() {
                '<' => depth += 1,
                '>' => depth -= 1,
                ',' if depth == 0 => {
                    parts.push(Vec::new());
                    continue;
                }
                _ => {}
            }
        }
        parts.last_mut().unwrap().push(token);
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// Every name in some tokens.
fn names(tokens: impl IntoIterator<Item = TokenTree>) -> Vec<String> {
    let of = |token| match token {
        TokenTree::Ident(name) => vec![name.to_string()],
        TokenTree::Group(group) => names(group.stream()),
        _ => Vec::new(),
    };
    tokens.into_iter().flat_map(of).collect()
}

/// The fields between a type's braces or parentheses; of an enum those of all variants.
fn fields(owner: &str, group: &Group, is_enum: bool, found: &mut Vec<Field>) {
    for (place, part) in parts(group.stream()).into_iter().enumerate() {
        let (mut renamed, mut rest) = (None, Vec::new());
        let mut tokens = part.into_iter().peekable();
        while let Some(token) = tokens.next() {
            let is_hash = matches!(&token, TokenTree::Punct(mark) if mark.as_char() == '#');
            match tokens.next_if(|_| is_hash) {
                Some(attribute) => {
                    let text = attribute.to_string();
                    let name =
                        text.split_once("rename = \"").and_then(|(_, it)| it.split_once('"'));
                    renamed = name.map(|(name, _)| name.to_owned()).or(renamed);
                }
                None => rest.push(token),
            }
        }
        if is_enum {
            if let Some(TokenTree::Group(group)) = rest.last() {
                fields(owner, group, false, found);
            }
            continue;
        }
        let is_colon =
            |token: &TokenTree| matches!(token, TokenTree::Punct(mark) if mark.as_char() == ':');
        let name = match rest.iter().position(is_colon) {
            Some(at) if group.delimiter() == Delimiter::Brace => {
                let own = rest.drain(..at).next_back().unwrap().to_string();
                renamed.unwrap_or(own)
            }
            _ => place.to_string(),
        };
        found.push(Field { place: format!("{owner}.{name}"), types: names(rest) });
    }
}

/// Every field of every struct and enum of a file.
fn fields_of(file: &str) -> Vec<Field> {
    let mut found = Vec::new();
    let mut tokens = file.parse::<TokenStream>().unwrap().into_iter();
    while let Some(token) = tokens.next() {
        let is = |word: &str| matches!(&token, TokenTree::Ident(one) if one == word);
        if !is("struct") && !is("enum") {
            continue;
        }
        let owner = tokens.next().unwrap().to_string();
        let group = tokens.find_map(|token| match token {
            TokenTree::Group(group) => Some(group),
            _ => None,
        });
        fields(&owner, &group.unwrap(), is("enum"), &mut found);
    }
    found
}

fn stored_fields() -> Vec<Field> {
    let files = all_sources().into_iter().filter(|(path, _)| path.starts_with(ITEMS));
    let found: Vec<Field> = files.flat_map(|(_, text)| fields_of(&text)).collect();
    assert!(found.len() > 200, "{}", found.len());
    for short in SHORT {
        let is_it = |field: &Field| is_named(field, short);
        assert!(found.iter().any(is_it), "{short} is no field any more");
    }
    found
}

/// Whether a field is called so, with or without its struct.
fn is_named(field: &Field, name: &str) -> bool {
    field.place == name || field.place.split_once('.').unwrap().1 == name
}

/// Whether a field can grow; an error names a type of which nobody said whether it can.
fn can_grow(field: &Field, own: &BTreeSet<String>) -> Result<bool, String> {
    let is_short = SHORT.iter().any(|name| is_named(field, name));
    let mut grows = false;
    for one in field.types.iter().map(String::as_str) {
        if MANY.contains(&one) {
            grows = true;
        } else if one == "String" {
            grows |= !is_short;
        } else if !BOUNDED.contains(&one) && !own.contains(one) {
            return Err(format!("{}: how large is a {one} at most?", field.place));
        }
    }
    Ok(grows)
}

/// The rows of the first table of "What has a cap", cell by cell.
fn rows() -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(root().join("docs/table.md")).unwrap();
    let (_, behind) = text.split_once("## What has a cap").unwrap();
    let section = behind.split_once("\nAt their caps").unwrap().0;
    let cells =
        |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
    section.lines().filter(|line| line.starts_with("| ")).skip(2).map(cells).collect()
}

/// What stands between backticks.
fn quoted(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

#[test]
fn whatever_can_grow_in_an_item_has_its_cap_in_the_table() {
    let fields = stored_fields();
    let own =
        fields.iter().map(|field| field.place.split_once('.').unwrap().0.to_owned()).collect();
    let mut growing: BTreeSet<String> = BTreeSet::new();
    let mut unknown = Vec::new();
    for field in &fields {
        match can_grow(field, &own) {
            Ok(true) => drop(growing.insert(field.place.clone())),
            Ok(false) => {}
            Err(question) => unknown.push(question),
        }
    }
    assert!(unknown.is_empty(), "{unknown:#?}");
    growing.extend(BY_HAND.iter().flat_map(|(.., what)| what.iter().map(|one| (*one).to_owned())));
    let mut listed = BTreeSet::new();
    for row in rows() {
        for place in quoted(&row[0]) {
            assert!(listed.insert(place.to_owned()), "{place} is there twice");
        }
    }
    let missing: Vec<_> = growing.difference(&listed).collect();
    assert!(missing.is_empty(), "no cap in docs/table.md: {missing:#?}");
    let gone: Vec<_> = listed.difference(&growing).collect();
    assert!(gone.is_empty(), "docs/table.md has what is not there: {gone:#?}");
}

#[test]
fn what_is_written_without_a_stored_struct_is_known() {
    let mut found = BTreeMap::new();
    for (path, text) in all_sources() {
        let Some(file) = path.strip_prefix("shared/storage/src/") else { continue };
        let file = file.trim_start_matches("ops/");
        for maker in MAKERS.into_iter().chain(["slot_name(", "presence_slot("]) {
            let times = text.matches(maker).count();
            if times > 0 {
                found.insert((file.to_owned(), maker), times);
            }
        }
    }
    let known =
        BY_HAND.iter().map(|(file, maker, times, _)| (((*file).to_owned(), *maker), *times));
    assert_eq!(found, known.collect());
}

/// The number that a constant of this name is, where it is one: whole numbers and their products.
fn number(text: &str, name: &str) -> Option<u64> {
    let (_, behind) = text.split_once(&format!("const {name}: "))?;
    let value = behind.split_once("= ")?.1.split_once(';')?.0;
    let factors = value.split(" * ").map(|factor| factor.replace('_', "").parse::<u64>().ok());
    factors.product()
}

/// As the documents write a number: `20,000`, or `16 KiB`.
fn written(number: u64) -> String {
    if number >= 1024 && number.is_multiple_of(1024) {
        return format!("{} KiB", number / 1024);
    }
    if number >= 1000 {
        format!("{},{:03}", number / 1000, number % 1000)
    } else {
        number.to_string()
    }
}

#[test]
fn every_cap_is_held_where_the_table_says_and_filled_by_its_test() {
    let sources: Vec<(String, String)> =
        all_sources().into_iter().filter(|(path, _)| path != "tests/stored.rs").collect();
    let is_test = |name: &str| {
        sources.iter().any(|(_, text)| {
            text.split_once(&format!("fn {name}(")).is_some_and(|(before, _)| {
                let attribute = before.rsplit_once("#[").map_or("", |(_, attribute)| attribute);
                (attribute.starts_with("test]") || attribute.starts_with("tokio::test"))
                    && !attribute.contains(['{', '}'])
            })
        })
    };
    let rows = rows();
    assert!(rows.len() > 25, "{}", rows.len());
    for row in rows {
        let [places, _, cap, _, constants, filled] = &row[..] else { panic!("{row:?}") };
        for name in quoted(constants) {
            let is_there = |(_, text): &&(String, String)| {
                [format!("const {name}: "), format!("fn {name}(")]
                    .iter()
                    .any(|one| text.contains(one))
            };
            let there: Vec<_> = sources.iter().filter(is_there).collect();
            assert!(!there.is_empty(), "{places}: {name} is nowhere");
            let mut numbers = there.iter().map(|(_, text)| number(text, name));
            let is_told = numbers.any(|number| number.is_none_or(|it| cap.contains(&written(it))));
            assert!(is_told, "{places}: {cap} is not {name}");
        }
        assert!(!quoted(filled).is_empty(), "{places}: no test fills it");
        for name in quoted(filled) {
            assert!(is_test(name), "{places}: there is no test {name}");
        }
    }
}

#[test]
fn what_can_grow_is_seen_and_what_cannot_is_not() {
    let file = "#[derive(Serialize)] pub(crate) struct A { #[serde(flatten)] key: Key, \
        #[serde(default, rename = \"seats\")] pub(crate) memberships: Vec<B>, \
        counts: BTreeMap<String, u64>, id: String, text: Option<String>, what: Blob } \
        struct B(String); enum C { D { all: Option<Vec<u8>>, one: u8 }, E, F(u32) }";
    let fields = fields_of(file);
    let own = ["A", "B", "C"].map(str::to_owned).into();
    let told: Vec<_> =
        fields.iter().map(|field| (field.place.as_str(), can_grow(field, &own))).collect();
    let question = "A.what: how large is a Blob at most?".to_owned();
    assert_eq!(
        told,
        [
            ("A.key", Ok(false)),
            ("A.seats", Ok(true)),
            ("A.counts", Ok(true)),
            ("A.id", Ok(false)),
            ("A.text", Ok(true)),
            ("A.what", Err(question)),
            ("B.0", Ok(true)),
            ("C.all", Ok(true)),
            ("C.one", Ok(false)),
            ("C.0", Ok(false)),
        ]
    );
    assert_eq!(number("const MOST: usize = 16 * 1024;", "MOST").map(written).unwrap(), "16 KiB");
    assert_eq!(number("const A: u64 = 20_000;", "A").map(written).unwrap(), "20,000");
    assert_eq!(number("const A: usize = MOST - 1;", "A"), None);
}
