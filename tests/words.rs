//! One word a thing: what the glossary calls old is no identifier any more.

use std::{collections::BTreeSet, fs};

use proc_macro2::{TokenStream, TokenTree};

use crate::{architecture::all_sources, support::binaries::root};

/// The old words of the glossary's table.
fn old_words() -> BTreeSet<String> {
    let glossary = fs::read_to_string(root().join("docs/glossary.md")).unwrap();
    let table = glossary.split_once("| --- | --- |").unwrap().1;
    let old = table.lines().filter_map(|line| line.split('|').nth(1));
    old.flat_map(|cell| cell.split('`').skip(1).step_by(2)).map(str::to_owned).collect()
}

fn identifiers(tokens: TokenStream, found: &mut BTreeSet<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => identifiers(group.stream(), found),
            TokenTree::Ident(identifier) => {
                found.insert(identifier.to_string());
            }
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

#[test]
fn no_identifier_is_an_old_word() {
    let old = old_words();
    assert!(old.len() > 50, "{old:?}");
    let mut left = Vec::new();
    for (path, text) in all_sources() {
        let mut found = BTreeSet::new();
        identifiers(text.parse().unwrap(), &mut found);
        left.extend(found.intersection(&old).map(|word| format!("{path}: {word}")));
    }
    assert_eq!(left, [""; 0]);
}
