use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use fst::Set;
use rolecall_domain::account::common_password_forms;

/// What the domain reads.
const FILE: &str = "shared/domain/data/common-passwords.fst";

/// So many characters make a password by themselves; with fewer it is only ever the core of one.
const WHOLE: usize = 8;

/// How many of the commonest of a list are taken as cores: each makes a random text a little more
/// likely to be refused.
const CORES: usize = 10_000;

/// Writes the list of the domain, of these.
pub(crate) fn run(root: &Path, lists: &[PathBuf]) -> Result<(), String> {
    let read = |list: &PathBuf| {
        fs::read_to_string(list).map_err(|error| format!("{}: {error}", list.display()))
    };
    let texts: Vec<String> = lists.iter().map(read).collect::<Result<_, _>>()?;
    let file = root.join(FILE);
    fs::write(&file, compiled(&forms(&texts))?).map_err(|error| format!("{FILE}: {error}"))
}

/// The forms of all passwords that are long enough or common enough.
fn forms(lists: &[String]) -> BTreeSet<String> {
    let ranked = lists.iter().flat_map(|list| list.lines().enumerate());
    let is_taken = |rank: usize, form: &str| rank < CORES || form.chars().count() >= WHOLE;
    ranked
        .flat_map(|(rank, password)| {
            let forms = common_password_forms(password).into_iter();
            forms.filter(move |form| is_taken(rank, form))
        })
        .collect()
}

/// The list as the domain reads it.
fn compiled(forms: &BTreeSet<String>) -> Result<Vec<u8>, String> {
    let set = Set::from_iter(forms).map_err(|error| format!("the list: {error}"))?;
    Ok(set.into_fst().into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_holds_every_form_of_what_is_long_or_common() {
        let rare = (0..CORES).map(|n| format!("rare{n:04x}\n")).collect::<String>();
        let lists = ["Dragon\nTrustno1\n".to_owned(), format!("{rare}zebra\nzebrafish\n")];
        let forms = forms(&lists);
        let set = Set::new(compiled(&forms).unwrap()).unwrap();
        for listed in ["dragon", "trustno1", "trustnoi", "zebrafish"] {
            assert!(set.contains(listed), "{listed}");
        }
        assert!(!set.contains("zebra") && !set.contains("Dragon"));
        assert_eq!(set.len(), forms.len());
    }
}
