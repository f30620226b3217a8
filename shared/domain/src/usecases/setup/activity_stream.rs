use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::change::Change;
use crate::{
    model::{
        activity::compared,
        activity_stream::{Template, Templates},
        client::Client,
        event::Event,
        fields::audited,
        violation::Violation,
    },
    ports::{Crypto, Ports, Store},
    usecases::{
        administration::{AdministerError, AdministerRefusal},
        commit::commit,
        permission::operator,
    },
};

/// A template that is wanted for entries of a type.
#[derive(Debug, Clone)]
pub struct WantedTemplate {
    pub activity_type: String,
    /// How they are shown; what it does not say is as it is without a template.
    pub template: Template,
}

/// They are one item of the table, which is read whenever the activity stream is filled.
const MOST: usize = 100;

/// The most bytes of them as JSON: sixteen read units, and a record that has them twice, as they
/// were and as they are, is an item.
const MOST_BYTES: usize = 64 * 1024;

/// Templates by type, as records and answers have them.
fn object(of: &BTreeMap<String, Template>) -> Map<String, Value> {
    let one = |(activity_type, template): (&String, &Template)| {
        (activity_type.clone(), audited(template).into())
    };
    of.iter().map(one).collect()
}

/// Makes templates so, all at once.
pub(super) async fn set_up(
    ports: &Ports<impl Store, impl Crypto>,
    wanted: &[WantedTemplate],
    dry_run: bool,
    client: &Client,
) -> Result<Vec<Change>, AdministerError> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let authorization = &operator(ports).await?;
    let load = || async move { Ok(ports.store.templates().await?) };
    commit(load, |before: Templates| async move {
        let mut templates = before.clone();
        for one in wanted {
            templates.by_type.insert(one.activity_type.clone(), one.template.clone());
        }
        if templates.by_type.len() > MOST {
            let violation = Violation::new("too_many", format!("At most {MOST} in all."));
            return Err(AdministerRefusal::Invalid("feed_templates", violation).into());
        }
        let is_as = object(&templates.by_type);
        if Value::Object(is_as.clone()).to_string().len() > MOST_BYTES {
            let violation = Violation::new("too_long", "At most 64 KiB as JSON in all.");
            return Err(AdministerRefusal::Invalid("feed_templates", violation).into());
        }
        let differs =
            |one: &&WantedTemplate| before.by_type.get(&one.activity_type) != Some(&one.template);
        let changes: Vec<Change> = wanted
            .iter()
            .filter(differs)
            .map(|one| {
                let was = before.by_type.get(&one.activity_type).map(audited);
                Change::new(
                    "feed template",
                    &one.activity_type,
                    was.as_ref(),
                    &audited(&one.template),
                )
            })
            .collect();
        if changes.is_empty() || dry_run {
            return Ok(changes);
        }
        templates.version += 1;
        let record =
            authorization.record(ports, Event::ActivityStreamChanged, client, &authorization.log());
        let record = compared(record, Some(&object(&before.by_type)), Some(&is_as));
        ports.store.put_templates(&templates, &record, ports.id()).await?;
        Ok(changes)
    })
    .await
}
