//! Reads an export record by record: nothing larger than a record is ever in memory.

use std::{
    fmt,
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::Path,
};

use serde::{
    Deserializer,
    de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value};

/// How a source writes its JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// An array, or an object a line.
    ArrayOrLines,
    /// An array, or an object with an array of this name.
    ArrayIn(&'static str),
}

/// How a source writes its CSV.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Columns {
    /// The first row names them.
    Named,
    /// There is no such row: these are the places, from 0 on, and what is there.
    Fixed(&'static [(usize, &'static str)]),
}

/// A record, and its number in the file: of its line, of its row behind the header, or of its place
/// in the array; 1 is the first.
pub(crate) struct Record {
    pub(crate) line: u64,
    /// The record, or why it cannot be read.
    pub(crate) value: Result<Value, String>,
}

/// A line that is longer is no user.
const LONGEST_LINE: u64 = 16 << 20;

/// Hands every record on; `take` says whether there is to be another one.
pub(crate) fn read(
    file: &Path,
    layout: Layout,
    columns: Columns,
    mut take: impl FnMut(Record) -> bool,
) -> io::Result<()> {
    let mut reader = BufReader::with_capacity(1 << 16, File::open(file)?);
    let first = first_byte(&mut reader)?;
    match (first, layout) {
        (Some(b'['), Layout::ArrayIn(name)) => array(reader, None, &mut within_each(name, take)),
        (Some(b'['), Layout::ArrayOrLines) => array(reader, None, &mut take),
        (Some(b'{'), Layout::ArrayIn(name)) => array(reader, Some(name), &mut take),
        (Some(b'{'), Layout::ArrayOrLines) => lines(reader, &mut take),
        (Some(_), _) => rows(reader, columns, &mut take),
        (None, _) => Ok(()),
    }
}

/// The first byte that is neither blank nor a byte order mark, which is left to be read.
fn first_byte(reader: &mut impl BufRead) -> io::Result<Option<u8>> {
    if reader.fill_buf()?.starts_with(b"\xef\xbb\xbf") {
        reader.consume(3);
    }
    loop {
        let Some(byte) = reader.fill_buf()?.first().copied() else { return Ok(None) };
        if !byte.is_ascii_whitespace() {
            return Ok(Some(byte));
        }
        reader.consume(1);
    }
}

/// Several exports in one array, such as Keycloak's of all realms: the elements of each.
fn within_each(
    name: &'static str,
    mut take: impl FnMut(Record) -> bool,
) -> impl FnMut(Record) -> bool {
    let mut line = 0;
    move |Record { value, .. }| {
        let elements = match value {
            Ok(Value::Object(mut export)) if export.get(name).is_some_and(Value::is_array) => {
                export.remove(name).and_then(|all| all.as_array().cloned()).unwrap_or_default()
            }
            Ok(element) => vec![element],
            Err(_) => Vec::new(),
        };
        elements.into_iter().all(|element| {
            line += 1;
            take(Record { line, value: Ok(element) })
        })
    }
}

fn lines(mut reader: impl BufRead, take: &mut impl FnMut(Record) -> bool) -> io::Result<()> {
    let mut text = Vec::new();
    for line in 1.. {
        text.clear();
        let read = reader.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut text)?;
        if read == 0 {
            break;
        }
        if u64::try_from(read) == Ok(LONGEST_LINE) {
            return Err(io::Error::other(format!("line {line} is longer than 16 MiB")));
        }
        if text.trim_ascii().is_empty() {
            continue;
        }
        let value = serde_json::from_slice(&text).map_err(|error| error.to_string());
        if !take(Record { line, value }) {
            break;
        }
    }
    Ok(())
}

/// A row of such a file is a line: what its writer does not quote, it does not escape either.
fn fixed_rows(
    reader: impl BufRead,
    columns: &[(usize, &str)],
    take: &mut impl FnMut(Record) -> bool,
) -> io::Result<()> {
    for (line, text) in (1..).zip(reader.lines()) {
        let text = text?;
        let mut row = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        let Some(row) = row.records().next() else { continue };
        let value = row.map_err(|error| error.to_string()).and_then(|row| {
            // The last ones may be missing; a name that is cut takes all of them with it.
            let is_whole = columns.last().is_none_or(|(last, _)| row.len() + 1 >= *last);
            let fields = columns.iter().filter_map(|(place, name)| Some((*name, row.get(*place)?)));
            if is_whole { Ok(object(fields)) } else { Err(format!("{} columns", row.len())) }
        });
        if !take(Record { line, value }) {
            break;
        }
    }
    Ok(())
}

/// The fields that are there.
fn object<'a>(fields: impl Iterator<Item = (&'a str, &'a str)>) -> Value {
    let fields = fields.filter(|(_, text)| !text.is_empty());
    Value::Object(
        fields.map(|(name, text)| (name.to_owned(), Value::from(text))).collect::<Map<_, _>>(),
    )
}

fn rows(
    reader: impl BufRead,
    columns: Columns,
    take: &mut impl FnMut(Record) -> bool,
) -> io::Result<()> {
    if let Columns::Fixed(columns) = columns {
        return fixed_rows(reader, columns, take);
    }
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(reader);
    let names = reader.headers()?.clone();
    for (line, row) in (1..).zip(reader.records()) {
        let row = row.map_err(|error| error.to_string());
        let value = row.map(|row| object(names.iter().map(str::trim).zip(row.iter())));
        if !take(Record { line, value }) {
            break;
        }
    }
    Ok(())
}

fn array(
    reader: impl Read,
    within: Option<&'static str>,
    take: &mut impl FnMut(Record) -> bool,
) -> io::Result<()> {
    let mut stopped = false;
    let mut line = 0;
    let mut each = |value: Value| {
        line += 1;
        stopped = !take(Record { line, value: Ok(value) });
        !stopped
    };
    let mut reader = serde_json::Deserializer::from_reader(reader);
    let read = Elements { within, each: &mut each }.deserialize(&mut reader);
    // A reader that stops in the middle leaves an array that does not end.
    if stopped {
        return Ok(());
    }
    // Nothing is to be behind it that nobody reads.
    read.and_then(|()| reader.end()).map_err(io::Error::from)
}

/// Hands on the elements of an array while it is read.
struct Elements<'a> {
    within: Option<&'static str>,
    each: &'a mut dyn FnMut(Value) -> bool,
}

impl<'de> DeserializeSeed<'de> for Elements<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match self.within {
            Some(_) => deserializer.deserialize_map(self),
            None => deserializer.deserialize_seq(self),
        }
    }
}

impl<'de> Visitor<'de> for Elements<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.within {
            Some(name) => write!(f, "an object with an array `{name}`"),
            None => f.write_str("an array"),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        while let Some(value) = elements.next_element()? {
            if !(self.each)(value) {
                break;
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut is_there = false;
        while let Some(name) = map.next_key::<String>()? {
            if Some(name.as_str()) == self.within {
                is_there = true;
                map.next_value_seed(Elements { within: None, each: self.each })?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        let missing = || format!("there is no array `{}`", self.within.unwrap_or_default());
        if is_there { Ok(()) } else { Err(A::Error::custom(missing())) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(text: &str, layout: Layout, columns: Columns) -> (Vec<String>, Option<String>) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("export");
        std::fs::write(&file, text).unwrap();
        let mut seen = Vec::new();
        let ended = read(&file, layout, columns, |Record { line, value }| {
            seen.push(match value {
                Ok(value) => format!("{line} {value}"),
                Err(_) => format!("{line} unreadable"),
            });
            seen.len() < 3
        });
        (seen, ended.err().map(|error| error.to_string()))
    }

    #[test]
    fn every_layout_is_read_and_told_apart_by_its_first_byte() {
        let two = vec!["1 {\"a\":1}".to_owned(), "2 {\"a\":2}".to_owned()];
        let within = Layout::ArrayIn("users");
        for (text, layout) in [
            ("\u{feff} [{\"a\":1},{\"a\":2}]", Layout::ArrayOrLines),
            ("{\"a\":1}\n{\"a\":2}\n", Layout::ArrayOrLines),
            ("[{\"a\":1},{\"a\":2}]", within),
            ("{\"x\":[0],\"users\":[{\"a\":1},{\"a\":2}],\"y\":{}}", within),
        ] {
            assert_eq!(read_all(text, layout, Columns::Named), (two.clone(), None), "{text}");
        }
        let rows = vec!["1 {\"a\":\"1\"}".to_owned(), "2 {\"a\":\"2\",\"b\":\"x,y\"}".to_owned()];
        assert_eq!(read_all("a,b\n1,\n2,\"x,y\"\n", within, Columns::Named), (rows.clone(), None));
        let fixed = Columns::Fixed(&[(0, "a"), (1, "b")]);
        assert_eq!(read_all("1,,3\n2,\"x,y\",\n", within, fixed), (rows, None));
        assert_eq!(read_all(" \n", within, fixed), (Vec::new(), None));
    }

    #[test]
    fn what_is_not_the_export_that_was_meant_is_an_error() {
        let within = Layout::ArrayIn("users");
        for (text, layout, told) in [
            ("{\"federatedUsers\":[]}", within, "no array `users`"),
            ("[{\"a\":1}][{\"a\":2}]", Layout::ArrayOrLines, "trailing characters"),
            ("{\"users\":[]}{}", within, "trailing characters"),
        ] {
            let error = read_all(text, layout, Columns::Named).1.unwrap();
            assert!(error.contains(told), "{error}");
        }
        let realms = "[{\"users\":[{\"a\":1}]},{\"users\":[{\"a\":2}]}]";
        let two = vec!["1 {\"a\":1}".to_owned(), "2 {\"a\":2}".to_owned()];
        assert_eq!(read_all(realms, within, Columns::Named), (two, None));
    }

    #[test]
    fn a_quote_in_a_name_takes_no_other_row_along() {
        let columns = Columns::Fixed(&[(0, "id"), (1, "name"), (4, "last")]);
        let rows = "1,\"x,,,a\n2,\"y, z\",,,b,\n3,u,,,c\n";
        let (seen, ended) = read_all(rows, Layout::ArrayOrLines, columns);
        let [first, second, third] = [
            "1 unreadable",
            "2 {\"id\":\"2\",\"last\":\"b\",\"name\":\"y, z\"}",
            "3 {\"id\":\"3\",\"last\":\"c\",\"name\":\"u\"}",
        ];
        assert_eq!((seen, ended), ([first, second, third].map(str::to_owned).to_vec(), None));
    }

    #[test]
    fn a_line_that_cannot_be_read_holds_up_no_other_and_a_cut_array_is_told() {
        let lines = "{\"a\":1}\n\n{\"a\":\n{\"a\":4}\n{\"a\":5}\n";
        let (seen, ended) = read_all(lines, Layout::ArrayOrLines, Columns::Named);
        assert_eq!(seen, ["1 {\"a\":1}", "3 unreadable", "4 {\"a\":4}"], "and no more than three");
        assert_eq!(ended, None);
        let (seen, ended) = read_all("[{\"a\":1},{\"a\"", Layout::ArrayOrLines, Columns::Named);
        assert_eq!(seen, ["1 {\"a\":1}"]);
        assert!(ended.unwrap().contains("EOF"));
        let (seen, ended) = read_all("[1,2,3,4", Layout::ArrayOrLines, Columns::Named);
        assert_eq!((seen.len(), ended), (3, None), "whoever has enough reads no further");
    }
}
