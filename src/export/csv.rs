//! A table as comma-separated values (RFC 4180), for spreadsheets and scripts. A text that a spreadsheet would take for a
//! formula gets an apostrophe in front, as OWASP ("CSV Injection") advises: what a layer says is never run.

use super::rows::{Field, HEAD, rows};
use crate::{attack::Knowledge, layer::Layer};

/// With the byte order mark by which spreadsheets know UTF-8.
pub fn csv(layer: &Layer, knowledge: &Knowledge) -> String {
    let mut text = String::from("\u{feff}");
    line(&mut text, HEAD.iter().map(|name| (*name).to_owned()));
    for row in rows(layer, knowledge) {
        line(&mut text, row.iter().map(field));
    }
    text
}

fn line(text: &mut String, fields: impl Iterator<Item = String>) {
    for (at, field) in fields.enumerate() {
        if at > 0 {
            text.push(',');
        }
        if field.contains(['"', ',', '\n', '\r']) || field.starts_with(' ') || field.ends_with(' ') {
            text.push('"');
            text.push_str(&field.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(&field);
        }
    }
    text.push_str("\r\n");
}

fn field(field: &Field) -> String {
    match field {
        Field::Empty => String::new(),
        Field::Number(number) => number.to_string(),
        Field::Text(text) => guarded(text),
    }
}

/// A text that no spreadsheet runs.
pub fn guarded(text: &str) -> String {
    if is_taken_for_formula(text) { format!("'{text}") } else { text.to_owned() }
}

/// Also of one that begins with an apostrophe before such a sign, so that taking one away always gives the text.
fn is_taken_for_formula(text: &str) -> bool {
    text.trim_start_matches('\'').trim_start().starts_with(['=', '+', '-', '@', '\t', '\r', '|', '%'])
        || text.starts_with(['\t', '\r', '\n'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(texts: &[&str]) -> String {
        let mut out = String::new();
        line(&mut out, texts.iter().map(|text| field(&Field::Text((*text).to_owned()))));
        out
    }

    #[test]
    fn fields_are_quoted_where_they_have_to_be() {
        assert_eq!(written(&["a", "b c", "d,e", "f\"g", "h\ni", " j"]), "a,b c,\"d,e\",\"f\"\"g\",\"h\ni\",\" j\"\r\n");
        assert_eq!(field(&Field::Number(2.5)), "2.5");
        assert_eq!(field(&Field::Number(-3.0)), "-3");
    }

    #[test]
    fn no_text_is_a_formula() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1", "  =1", "|calc", "%0a"] {
            let made = field(&Field::Text(text.to_owned()));
            assert_eq!(made, format!("'{text}"));
        }
        for text in ["a=1", "T1610", "'quoted'", "5 - 3"] {
            assert_eq!(field(&Field::Text(text.to_owned())), text);
        }
    }
}
