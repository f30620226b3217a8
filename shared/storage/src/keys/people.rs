//! Keys of the lists that people are found in.

use rolecall_domain::{
    clock::{Timestamp, from_millis},
    ids::UserId,
    organization::LogKey,
    people::{PeopleList, search_text},
};

use super::{Key, escape, ordered};

/// Comes before everything that a name may hold, so that "Ada" sorts before "Ada Lovelace".
const TAB: char = '\t';

/// A sort key has 1,024 bytes at most (DynamoDB developer guide, "Constraints"): of a name or a
/// word so many.
const LONGEST: usize = 400;

/// What the lists have of a user. Not among the account's own items: an older version takes all of
/// these away when it erases somebody, and what the lists have has to be found after that.
#[must_use]
pub fn listed(user: UserId) -> Key {
    Key::new(format!("LISTED#{user}"), "LISTED")
}

/// How far the lists are filled.
#[must_use]
pub fn filling() -> Key {
    Key::new("PEOPLE".to_owned(), "FILLING")
}

/// A list: of everybody, or of an organization. By its id: one of a code that was used before shows
/// nobody of before, however far the lists are behind.
#[must_use]
pub fn people_partition(organization: Option<&LogKey>, list: &PeopleList) -> String {
    let list = match list {
        PeopleList::Everybody => "name".to_owned(),
        PeopleList::Accounts(status) => format!("account:{}", status.as_str()),
        PeopleList::Members(status) => format!("member:{}", status.as_str()),
        PeopleList::Role(code) => format!("role:{}", escape(code.as_str())),
        PeopleList::Department(name) => {
            format!("department:{}", escape(beginning(&search_text(name))))
        }
        PeopleList::Found(_) => "word".to_owned(),
        PeopleList::AwaySince(_) => "away".to_owned(),
    };
    format!(
        "PEOPLE#{}#{list}",
        organization.map_or_else(|| "*".to_owned(), |log| escape(log.as_str()))
    )
}

/// Somebody in a list that is sorted by name.
#[must_use]
pub fn person(organization: Option<&LogKey>, list: &PeopleList, name: &str, user: UserId) -> Key {
    Key::new(people_partition(organization, list), format!("{}{TAB}{user}", beginning(name)))
}

/// Somebody in the list of the last sign-ins.
#[must_use]
pub fn person_away(organization: Option<&LogKey>, since: Timestamp, user: UserId) -> Key {
    let list = PeopleList::AwaySince(since);
    Key::new(people_partition(organization, &list), format!("{}{TAB}{user}", away_before(since)))
}

/// Before whom in that list have not signed in since.
#[must_use]
pub fn away_before(since: Timestamp) -> String {
    // Later instants have a digit more, and would sort before those of today.
    ordered(from_millis(LAST_ORDERED).map_or(since, |last| since.min(last)))
}

/// The last instant of thirteen digits.
const LAST_ORDERED: i64 = 9_999_999_999_999;

/// Somebody in the list of words, under the anchor of a word.
#[must_use]
pub fn person_found(organization: Option<&LogKey>, anchor: &str, word: &str, user: UserId) -> Key {
    let list = PeopleList::Found(String::new());
    let place = format!("{}{TAB}{user}", found_prefix(anchor, word));
    Key::new(people_partition(organization, &list), place)
}

/// What the sort keys of words begin with that begin so, under an anchor.
#[must_use]
pub fn found_prefix(anchor: &str, word: &str) -> String {
    format!("{anchor}{TAB}{}", beginning(word))
}

/// The word of such a sort key.
#[must_use]
pub fn word_of(sort_key: &str) -> Option<&str> {
    sort_key.split(TAB).nth(1)
}

/// As much of a name or a word as a sort key has room for.
#[must_use]
pub fn beginning(text: &str) -> &str {
    &text[..text.floor_char_boundary(LONGEST)]
}
