//! `--map`: which organizations and roles of ours the other system's groups and roles are.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::Path,
};

use serde::Deserialize;

/// The file, in YAML or JSON.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mapping {
    /// Of whoever no group places.
    #[serde(default)]
    organization: Option<String>,
    /// Groups, by the name that the other system gives them.
    #[serde(default)]
    organizations: BTreeMap<String, String>,
    /// Roles, likewise.
    #[serde(default)]
    roles: BTreeMap<String, Roles>,
    /// Whether addresses are proven of which the other system does not say so.
    #[serde(default)]
    pub(crate) email_verified: bool,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Roles {
    One(String),
    Many(Vec<String>),
}

impl Mapping {
    pub(crate) fn read(file: &Path) -> io::Result<Self> {
        serde_saphyr::from_str(&fs::read_to_string(file)?)
            .map_err(|error| io::Error::other(error.to_string()))
    }

    /// The organization and the roles that groups and roles stand for; those that stand for nothing
    /// are noted.
    pub(crate) fn place(
        &self,
        groups: &[String],
        roles: &[String],
        notes: &mut BTreeSet<String>,
    ) -> (Option<String>, BTreeSet<String>) {
        let mut organization = None;
        for group in groups {
            match self.organizations.get(group) {
                Some(code) if organization.as_ref().is_none_or(|one| one == code) => {
                    organization = Some(code.clone());
                }
                _ => {
                    notes.insert(format!("group_not_imported: {group}"));
                }
            }
        }
        let organization = organization.or_else(|| self.organization.clone());
        let mut given = BTreeSet::new();
        for role in roles {
            match self.roles.get(role).filter(|_| organization.is_some()) {
                Some(Roles::One(code)) => {
                    given.insert(code.clone());
                }
                Some(Roles::Many(codes)) => given.extend(codes.iter().cloned()),
                None => {
                    notes.insert(format!("role_not_imported: {role}"));
                }
            }
        }
        (organization, given)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mapping(yaml: &str) -> Mapping {
        serde_saphyr::from_str(yaml).unwrap()
    }

    fn place(mapping: &Mapping, groups: &[&str], roles: &[&str]) -> String {
        let owned = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
        let mut notes = BTreeSet::new();
        let (organization, roles) = mapping.place(&owned(groups), &owned(roles), &mut notes);
        format!("{organization:?} {roles:?} {notes:?}")
    }

    #[test]
    fn groups_become_organizations_and_roles_become_roles_and_the_rest_is_noted() {
        let full = mapping(
            "organization: REST\norganizations: { /acme: ACME, /too: ACME, /b: B }\n\
             roles: { dev: engineer, boss: [admin, auditor] }\n",
        );
        for (groups, roles, placed) in [
            (
                &["/acme", "/too"][..],
                &["dev", "boss"][..],
                r#"Some("ACME") {"admin", "auditor", "engineer"} {}"#,
            ),
            (&["/acme", "/b"], &[], r#"Some("ACME") {} {"group_not_imported: /b"}"#),
            (
                &["/x"],
                &["x"],
                r#"Some("REST") {} {"group_not_imported: /x", "role_not_imported: x"}"#,
            ),
            (&[], &[], r#"Some("REST") {} {}"#),
        ] {
            assert_eq!(place(&full, groups, roles), placed);
        }
        let none = Mapping::default();
        assert_eq!(place(&none, &[], &["dev"]), r#"None {} {"role_not_imported: dev"}"#);
        let nowhere = mapping("roles: { dev: engineer }");
        assert_eq!(place(&nowhere, &[], &["dev"]), r#"None {} {"role_not_imported: dev"}"#);
    }

    #[test]
    fn a_word_that_is_not_known_is_refused() {
        let wrong = serde_saphyr::from_str::<Mapping>("organisation: ACME");
        assert!(wrong.unwrap_err().to_string().contains("organisation"));
    }
}
