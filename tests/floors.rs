//! The three floors of the domain: imports go down only, and never in a circle.

use std::{
    collections::{BTreeMap, BTreeSet},
    iter::Peekable,
};

use proc_macro2::{Delimiter, TokenStream, TokenTree, token_stream::IntoIter};

use crate::architecture::all_sources;

/// From the ground up.
const FLOORS: [&str; 3] = ["model", "ports", "usecases"];

/// Where a module lies: floor, area, and its own name within the area.
type Place = Vec<String>;

type Tokens = Peekable<IntoIter>;

fn is(mark: char, token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(one) if one.as_char() == mark)
}

/// The `::` that goes on with a path.
fn continues(tokens: &mut Tokens) -> bool {
    let mut is_colon = || tokens.next_if(|token| is(':', token)).is_some();
    is_colon() && is_colon()
}

/// What follows `path`, each leaf of a `use` for itself.
fn rest_of(mut path: Vec<String>, tokens: &mut Tokens, found: &mut Vec<Vec<String>>) {
    while continues(tokens) {
        match tokens.next() {
            Some(TokenTree::Ident(name)) => path.push(name.to_string()),
            Some(TokenTree::Group(leaves)) if leaves.delimiter() == Delimiter::Brace => {
                let mut leaves = leaves.stream().into_iter().peekable();
                while let Some(leaf) = leaves.next() {
                    if let TokenTree::Ident(name) = leaf {
                        let path = [path.clone(), vec![name.to_string()]].concat();
                        rest_of(path, &mut leaves, found);
                    }
                    while leaves.next_if(|token| !is(',', token)).is_some() {}
                    leaves.next();
                }
                return;
            }
            // A glob, or the type arguments of a call.
            _ => break,
        }
    }
    path.retain(|name| name != "self");
    // `pub(crate)` is no path.
    if path.len() > 1 {
        found.push(path);
    }
}

/// Every path of a file that begins with `crate` or `super`.
fn paths(tokens: TokenStream, found: &mut Vec<Vec<String>>) {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Ident(name) if name == "crate" || name == "super" => {
                rest_of(vec![name.to_string()], &mut tokens, found);
            }
            TokenTree::Group(group) => paths(group.stream(), found),
            _ => {}
        }
    }
}

/// Of `shared/domain/src/model/account/types.rs`: `model`, `account`, `types`.
fn place_of(file: &str) -> Place {
    let path = file.trim_end_matches(".rs").trim_end_matches("/mod");
    path.split('/').map(str::to_owned).collect()
}

/// Where a path leads that stands in a module; `None` where it is no path of the crate.
fn target(path: &[String], from: &Place) -> Option<Place> {
    match path.first()?.as_str() {
        "crate" => Some(path[1..].to_vec()),
        "super" => {
            let ups = path.iter().take_while(|name| *name == "super").count();
            let above = from.len().checked_sub(ups)?;
            Some([&from[..above], &path[ups..]].concat())
        }
        _ => None,
    }
}

/// Every import between two modules of the domain.
fn imports() -> Vec<(Place, Place)> {
    let mut all = Vec::new();
    for (path, text) in all_sources() {
        let Some(file) = path.strip_prefix("shared/domain/src/").filter(|file| *file != "lib.rs")
        else {
            continue;
        };
        let from = place_of(file);
        let mut found = Vec::new();
        paths(text.parse().unwrap(), &mut found);
        all.extend(found.iter().filter_map(|path| Some((from.clone(), target(path, &from)?))));
    }
    assert!(all.len() > 500, "{}", all.len());
    all
}

fn rank(place: &Place) -> Option<usize> {
    FLOORS.iter().position(|floor| Some(*floor) == place.first().map(String::as_str))
}

/// A circle of nodes, where there is one.
fn circle(edges: &BTreeMap<String, BTreeSet<String>>) -> Option<Vec<String>> {
    fn walk(
        node: &str,
        edges: &BTreeMap<String, BTreeSet<String>>,
        way: &mut Vec<String>,
        done: &mut BTreeSet<String>,
    ) -> bool {
        if way.iter().any(|one| one == node) {
            way.push(node.to_owned());
            return true;
        }
        if !done.insert(node.to_owned()) {
            return false;
        }
        way.push(node.to_owned());
        if edges.get(node).into_iter().flatten().any(|next| walk(next, edges, way, done)) {
            return true;
        }
        way.pop();
        false
    }
    let (mut way, mut done) = (Vec::new(), BTreeSet::new());
    edges.keys().any(|node| walk(node, edges, &mut way, &mut done)).then_some(way)
}

#[test]
fn imports_of_the_domain_go_down_only() {
    for (from, to) in imports() {
        let (own, other) = (rank(&from), rank(&to));
        assert!(other.is_some(), "{from:?} names {to:?} by no floor");
        assert!(other <= own, "{from:?} imports {to:?}, which is above it");
    }
}

#[test]
fn no_areas_of_a_floor_and_no_files_of_an_area_import_each_other_in_a_circle() {
    let mut areas: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut files = areas.clone();
    for (from, to) in imports() {
        let [own, other] = [&from, &to].map(|place| place.get(..2).map(|area| area.join("/")));
        let (Some(own), Some(other)) = (own, other) else { continue };
        if own != other {
            areas.entry(own).or_default().insert(other);
        } else if let (Some(own), Some(other)) = (from.get(2), to.get(2)) {
            let [own, other] = [own, other].map(|file| format!("{}/{file}", from[..2].join("/")));
            if own != other {
                files.entry(own).or_default().insert(other);
            }
        }
    }
    assert_eq!(circle(&areas), None);
    assert_eq!(circle(&files), None);
}

#[test]
fn a_path_and_a_circle_are_seen() {
    let text = "use crate::{model::{a::B, c}, ports::D as E}; fn f() { super::g::h(&crate::i); }";
    let mut found = Vec::new();
    paths(text.parse().unwrap(), &mut found);
    let found: Vec<String> = found.iter().map(|path| path.join("::")).collect();
    assert_eq!(
        found,
        ["crate::model::a::B", "crate::model::c", "crate::ports::D", "super::g::h", "crate::i"]
    );
    let edges = |all: &[(&str, &str)]| {
        let mut edges: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (from, to) in all {
            edges.entry((*from).to_owned()).or_default().insert((*to).to_owned());
        }
        edges
    };
    assert_eq!(circle(&edges(&[("a", "b"), ("b", "c"), ("a", "c")])), None);
    assert!(circle(&edges(&[("a", "b"), ("b", "c"), ("c", "b")])).is_some());
}
