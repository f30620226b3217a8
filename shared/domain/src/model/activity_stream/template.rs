use std::{borrow::Cow, collections::BTreeMap};

use serde::Serialize;

use super::entry::{Entry, Shown, shortened};
use crate::model::{
    activity::Activity,
    event::{Category, Event},
    organization::LogKey,
    words::Line,
};

/// How entries of a type are shown: texts with placeholders, and what a client draws beside them.
///
/// Placeholders are `{user}` (the name of whom it concerns), `{description}`, `{related.type}`,
/// `{related.id}` and `{details.NAME}`. What is not known is left out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Template {
    pub title: Option<Line<200>>,
    /// The second line.
    pub subtitle: Option<Line<200>>,
    /// The name of an icon; the built-in ones are Lucide's.
    pub icon: Option<Line<50>>,
    /// A colour of CSS.
    pub color: Option<Line<50>>,
    /// Whether all members of the organization see it.
    pub is_public: Option<bool>,
}

/// The templates that an operator gave, by type, and how often they were changed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Templates {
    pub by_type: BTreeMap<String, Template>,
    pub version: u64,
}

/// What stands for somebody whose name is not known.
const SOMEBODY: &str = "Somebody";

/// What did something that nobody did.
const SYSTEM: &str = "System";

impl Templates {
    /// How an entry of somebody erased is shown, after its latest activity, where that is there.
    pub(crate) fn nobody(&self, entry: &Entry, latest: Option<&Activity>) -> Shown {
        match latest {
            Some(latest) => self.show(latest, None).0,
            None => Shown { title: SOMEBODY.to_owned(), subtitle: None, ..entry.shown.clone() },
        }
    }

    /// How an activity is shown, and whether to everybody in its organization. `name` is that of
    /// its user.
    pub(crate) fn show(&self, activity: &Activity, name: Option<&str>) -> (Shown, bool) {
        let what = &activity.what;
        let event = Event::from_type(&what.activity_type);
        let own = self.by_type.get(what.activity_type.as_ref());
        let built_in = event.and_then(Event::display);
        let user = match (activity.concerned(), event) {
            (None, None) => SYSTEM,
            _ => name.unwrap_or(SOMEBODY),
        };
        let fill = |text: &str| shortened(&filled(text, activity, user));
        let title = own.and_then(|own| own.title.as_ref()).map(Line::as_str);
        let title = title.or(built_in.map(|row| row.title)).unwrap_or("{description}");
        let subtitle = own.and_then(|own| own.subtitle.as_ref()).map(Line::as_str);
        let subtitle = subtitle.or(built_in.map(|row| row.subtitle)).unwrap_or("{user}");
        let icon = own.and_then(|own| own.icon.as_ref()).map(Line::as_str);
        let color = own.and_then(|own| own.color.as_ref()).map(Line::as_str);
        let shown = Shown {
            title: Some(fill(title))
                .filter(|title| !title.is_empty())
                .unwrap_or_else(|| what.activity_type.to_string()),
            subtitle: Some(fill(subtitle)).filter(|text| !text.is_empty()),
            icon: icon
                .or(built_in.map(|row| row.icon))
                .unwrap_or_else(|| icon_of(what.category))
                .to_owned(),
            color: color.unwrap_or_else(|| color_of(activity)).to_owned(),
        };
        let usually = built_in.map_or_else(|| is_harmless(activity), |row| row.is_public);
        // What has no organization is nobody's to see but its readers'.
        let is_public = own.and_then(|own| own.is_public).unwrap_or(usually);
        let is_of_platform =
            activity.organization.as_ref().is_none_or(|log| *log == LogKey::platform());
        (shown, is_public && !is_of_platform)
    }
}

/// Whether colleagues may see that it happened, where nothing says so: it worked, and is not about
/// who is who or may what.
fn is_harmless(activity: &Activity) -> bool {
    let is_private = matches!(
        activity.what.category,
        Category::Authentication | Category::Authorization | Category::Security
    );
    !is_private && !activity.what.is_flagged()
}

fn icon_of(category: Category) -> &'static str {
    match category {
        Category::Authentication => "key-round",
        Category::Authorization => "shield",
        Category::DataManagement => "file-text",
        Category::SystemOperation => "server",
        Category::Security => "shield-alert",
        Category::Api => "terminal",
        Category::MlAi => "brain",
        Category::Communication => "mail",
        Category::Maintenance => "wrench",
    }
}

fn color_of(activity: &Activity) -> &'static str {
    match activity.what.category {
        _ if !activity.what.success => "red",
        _ if activity.what.severity.is_high() => "orange",
        Category::Authentication => "blue",
        Category::Authorization => "purple",
        Category::DataManagement => "green",
        Category::Security => "orange",
        Category::MlAi => "teal",
        Category::Communication => "navy",
        Category::SystemOperation | Category::Api | Category::Maintenance => "gray",
    }
}

/// A text with its placeholders filled in. What is filled in is not read for placeholders again.
fn filled(text: &str, activity: &Activity, user: &str) -> String {
    let (mut filled, mut rest) = (String::new(), text);
    while let Some((before, behind)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((name, after)) = behind.split_once('}') else {
            filled.push('{');
            rest = behind;
            continue;
        };
        filled.push_str(&value(name, activity, user));
        rest = after;
    }
    filled + rest
}

fn value<'a>(name: &str, activity: &'a Activity, user: &'a str) -> Cow<'a, str> {
    let related = activity.extra.related.as_ref();
    match name {
        "user" => user.into(),
        "description" => activity.what.description.as_ref().into(),
        "related.type" => related.map_or("", |(kind, _)| kind).into(),
        "related.id" => related.map_or("", |(_, id)| id).into(),
        _ => match name.strip_prefix("details.").and_then(|name| activity.details.get(name)) {
            Some(serde_json::Value::String(text)) => text.as_str().into(),
            Some(value @ (serde_json::Value::Number(_) | serde_json::Value::Bool(_))) => {
                value.to_string().into()
            }
            _ => "".into(),
        },
    }
}
