//! Lists as CSV (RFC 4180), a page an answer.

use http::{HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;
use serde_json::Value;

use crate::{Problem, Response, page::Page};

/// Where the cursor of the next page is; the last page has none.
pub const NEXT_CURSOR: &str = "Rolecall-Next-Cursor";

/// What the answers are.
pub const MEDIA_TYPE: &str = "text/csv; charset=utf-8";

/// What a spreadsheet takes for the beginning of a formula, in both widths, or passes over before
/// one (OWASP, "CSV Injection").
const RUNS: [char; 11] =
    ['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];

/// A page of a table: the fields of its items that are `columns`, under a row of their names on the
/// first page. A text that a spreadsheet would run has an apostrophe before it.
pub fn page<T: Serialize>(
    columns: &[&str],
    Page { items, next_cursor, is_first }: &Page<T>,
) -> Result<Response, Problem> {
    let table = table(columns, items, *is_first);
    let mut response = Response::new(table.map_err(|error| Problem::bug(&error))?.into());
    *response.status_mut() = StatusCode::OK;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    if let Some(cursor) = next_cursor.as_ref().and_then(|cursor| HeaderValue::try_from(cursor).ok())
    {
        headers.insert(HeaderName::from_static("rolecall-next-cursor"), cursor);
    }
    Ok(response)
}

fn table<T: Serialize>(columns: &[&str], items: &[T], has_names: bool) -> Result<Vec<u8>, String> {
    let lines = csv::Terminator::CRLF;
    let names = if has_names { format!("{}\r\n", columns.join(",")) } else { String::new() };
    // In quotes a cell stays one where another sign than the comma tells cells apart.
    let quotes = csv::QuoteStyle::Always;
    let mut table = csv::WriterBuilder::new();
    let mut table = table.terminator(lines).quote_style(quotes).from_writer(names.into_bytes());
    for item in items {
        let item = serde_json::to_value(item).map_err(|error| error.to_string())?;
        let cells = columns.iter().map(|column| item.get(column).map(cell).unwrap_or_default());
        table.write_record(cells).map_err(|error| error.to_string())?;
    }
    table.into_inner().map_err(|error| error.to_string())
}

/// Objects and lists are JSON in a cell.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::String(text) => inert(text.clone()),
        Value::Array(_) | Value::Object(_) => inert(value.to_string()),
    }
}

fn inert(text: String) -> String {
    if text.trim_start_matches(' ').starts_with(RUNS) { format!("'{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_row_has_its_columns_in_their_order_and_only_the_first_page_has_names() {
        let item = json!({ "b": true, "a": "x,\"y\"\nz", "c": null, "d": [1], "e": -1, "f": "no" });
        let text = |has_names| {
            let columns = ["a", "b", "c", "d", "e", "missing"];
            String::from_utf8(table(&columns, &[&item], has_names).unwrap()).unwrap()
        };
        let row = "\"x,\"\"y\"\"\nz\",\"true\",\"\",\"[1]\",\"-1\",\"\"\r\n";
        assert_eq!(text(true), format!("a,b,c,d,e,missing\r\n{row}"));
        assert_eq!(text(false), row);
    }

    #[test]
    fn what_a_spreadsheet_would_run_is_text() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "=1", "@a"] {
            assert_eq!(inert(text.to_owned()), format!("'{text}"));
        }
        for text in ["", "ada", "a=1", "1-1", "'=1", "ada@example.com"] {
            assert_eq!(inert(text.to_owned()), text);
        }
    }
}
