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
            authorization.record(ports, Event::ActivityStreamChanged, client, authorization.log());
        let object = |of: &std::collections::BTreeMap<String, Template>| -> Map<String, Value> {
            of.iter()
                .map(|(activity_type, template)| (activity_type.clone(), audited(template).into()))
                .collect()
        };
        let record =
            compared(record, Some(&object(&before.by_type)), Some(&object(&templates.by_type)));
        ports.store.put_templates(&templates, &record, ports.id()).await?;
        Ok(changes)
    })
    .await
}
