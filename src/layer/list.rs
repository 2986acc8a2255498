//! The rows of metadata, links and legend, with everything that a file had in them: dividers, unknown keys, and rows
//! that are none. Which of them are shown is the page's choice; none is lost.

use super::Color;
use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::{Map, Value, json};

/// A row of `metadata`: layer format 4.5, "Metadata object".
#[derive(Debug, Clone, PartialEq)]
pub enum Metadata {
    Item {
        name: String,
        value: String,
        kept: Map<String, Value>,
    },
    /// `{"divider": true}`, or mitreattack-python's `{"name": "DIVIDER", "value": true}`, as it came.
    Divider(Value),
    /// What is neither; it is written back as it came.
    Other(Value),
}

/// A row of `links`: layer format 4.5, "Link object".
#[derive(Debug, Clone, PartialEq)]
pub enum Link {
    Item {
        label: String,
        url: String,
        kept: Map<String, Value>,
    },
    /// `{"divider": true}`, as it came.
    Divider(Value),
    /// What is neither; it is written back as it came.
    Other(Value),
}

/// A row of `legendItems`: layer format 4.5, "LegendItem object".
#[derive(Debug, Clone, PartialEq)]
pub enum LegendItem {
    Item {
        color: Color,
        label: String,
        kept: Map<String, Value>,
    },
    /// What has no label or no colour; it is written back as it came.
    Other(Value),
}

/// What links and metadata have in common: rows of two texts, with dividers between them.
pub trait Row: Clone {
    fn item(first: String, second: String) -> Self;
    fn line() -> Self;
    fn is_line(&self) -> bool;
    /// Its two texts; `None` for a divider and for what is no row.
    fn texts(&mut self) -> Option<(&mut String, &mut String)>;
}

/// A change of a list of rows; rows are counted from zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowChange {
    Add(String, String),
    Set(usize, String, String),
    /// A divider after the last row.
    Divide,
    Move {
        from: usize,
        to: usize,
    },
    Remove(usize),
}

impl RowChange {
    /// The list with the change made. As in the official Navigator (`LI` 44 to 110 of 5.1.0) no divider is left beside
    /// another or at an end when a row goes. What is asked of a row that isn't there changes nothing.
    pub fn made<T: Row>(&self, rows: &[T]) -> Vec<T> {
        let mut rows = rows.to_vec();
        match self {
            Self::Add(first, second) => rows.push(T::item(first.clone(), second.clone())),
            Self::Set(at, first, second) => {
                if let Some((one, other)) = rows.get_mut(*at).and_then(T::texts) {
                    one.clone_from(first);
                    other.clone_from(second);
                }
            }
            Self::Divide => {
                if rows.last().is_some_and(|last| !last.is_line()) {
                    rows.push(T::line());
                }
            }
            Self::Move { from, to } => {
                if *from < rows.len() && *to < rows.len() {
                    let row = rows.remove(*from);
                    rows.insert(*to, row);
                    rows.dedup_by(|next, before| next.is_line() && before.is_line());
                }
            }
            Self::Remove(at) => {
                if *at < rows.len() {
                    rows.remove(*at);
                }
                rows.dedup_by(|next, before| next.is_line() && before.is_line());
                if rows.last().is_some_and(T::is_line) {
                    rows.pop();
                }
                if rows.first().is_some_and(T::is_line) {
                    rows.remove(0);
                }
            }
        }
        rows
    }
}

impl Row for Metadata {
    fn item(first: String, second: String) -> Self {
        Self::new(first, second)
    }

    fn line() -> Self {
        Self::divider()
    }

    fn is_line(&self) -> bool {
        matches!(self, Self::Divider(_))
    }

    fn texts(&mut self) -> Option<(&mut String, &mut String)> {
        match self {
            Self::Item { name, value, .. } => Some((name, value)),
            Self::Divider(_) | Self::Other(_) => None,
        }
    }
}

impl Row for Link {
    fn item(first: String, second: String) -> Self {
        Self::new(first, second)
    }

    fn line() -> Self {
        Self::divider()
    }

    fn is_line(&self) -> bool {
        matches!(self, Self::Divider(_))
    }

    fn texts(&mut self) -> Option<(&mut String, &mut String)> {
        match self {
            Self::Item { label, url, .. } => Some((label, url)),
            Self::Divider(_) | Self::Other(_) => None,
        }
    }
}

/// Whether a link may be followed: `http`, `https` and `mailto` only, and nothing that a browser reads over.
pub fn is_safe_url(url: &str) -> bool {
    let starts = |scheme: &str| url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    !url.chars().any(char::is_control) && ["http://", "https://", "mailto:"].into_iter().any(starts)
}

impl Metadata {
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self::Item { name: name.into(), value: value.into(), kept: Map::new() }
    }

    pub fn divider() -> Self {
        Self::Divider(json!({ "divider": true }))
    }

    pub(super) fn from_json(row: Value) -> Self {
        let python_divider = row.get("name").is_some_and(|name| name == "DIVIDER") && is_flag(&row, "value");
        if python_divider || is_flag(&row, "divider") {
            return Self::Divider(row);
        }
        match two_texts(row, "name", "value") {
            Ok((name, value, kept)) => Self::Item { name, value, kept },
            Err(row) => Self::Other(row),
        }
    }
}

impl Link {
    pub fn new(label: impl Into<String>, url: impl Into<String>) -> Self {
        Self::Item { label: label.into(), url: url.into(), kept: Map::new() }
    }

    pub fn divider() -> Self {
        Self::Divider(json!({ "divider": true }))
    }

    pub(super) fn from_json(row: Value) -> Self {
        if is_flag(&row, "divider") {
            return Self::Divider(row);
        }
        match two_texts(row, "label", "url") {
            Ok((label, url, kept)) => Self::Item { label, url, kept },
            Err(row) => Self::Other(row),
        }
    }
}

impl LegendItem {
    pub fn new(color: Color, label: impl Into<String>) -> Self {
        Self::Item { color, label: label.into(), kept: Map::new() }
    }

    pub(super) fn from_json(row: Value) -> Self {
        let color = row.get("color").and_then(Value::as_str).and_then(|text| Color::parse(text).ok());
        let Some(color) = color else { return Self::Other(row) };
        match two_texts(row, "color", "label") {
            Ok((_, label, kept)) => Self::Item { color, label, kept },
            Err(row) => Self::Other(row),
        }
    }
}

impl Serialize for Metadata {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Item { name, value, kept } => row(serializer, ("name", name), ("value", value), kept),
            Self::Divider(raw) | Self::Other(raw) => raw.serialize(serializer),
        }
    }
}

impl Serialize for Link {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Item { label, url, kept } => row(serializer, ("label", label), ("url", url), kept),
            Self::Divider(raw) | Self::Other(raw) => raw.serialize(serializer),
        }
    }
}

impl Serialize for LegendItem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Item { color, label, kept } => row(serializer, ("color", color.as_str()), ("label", label), kept),
            Self::Other(raw) => raw.serialize(serializer),
        }
    }
}

fn is_flag(row: &Value, key: &str) -> bool {
    row.get(key).is_some_and(Value::is_boolean)
}

/// The two texts that make a row, and what else it has; the row itself where they aren't there.
fn two_texts(row: Value, first: &str, second: &str) -> Result<(String, String, Map<String, Value>), Value> {
    let Value::Object(mut map) = row else { return Err(row) };
    if !map.get(first).is_some_and(Value::is_string) || !map.get(second).is_some_and(Value::is_string) {
        return Err(Value::Object(map));
    }
    match (map.shift_remove(first), map.shift_remove(second)) {
        (Some(Value::String(first)), Some(Value::String(second))) => Ok((first, second, map)),
        _ => Err(Value::Object(map)),
    }
}

fn row<S: Serializer>(
    serializer: S,
    first: (&str, &str),
    second: (&str, &str),
    kept: &Map<String, Value>,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(2 + kept.len()))?;
    map.serialize_entry(first.0, first.1)?;
    map.serialize_entry(second.0, second.1)?;
    for (key, value) in kept {
        map.serialize_entry(key, value)?;
    }
    map.end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_written_back_as_it_came() {
        let rows = [
            (json!({ "name": "a", "value": "b" }), "item"),
            (json!({ "name": "a", "value": "b", "more": [1] }), "item"),
            (json!({ "name": "", "value": "" }), "item"),
            (json!({ "divider": true }), "divider"),
            (json!({ "divider": false }), "divider"),
            (json!({ "name": "DIVIDER", "value": true }), "divider"),
            (json!({ "name": "DIVIDER", "value": "x" }), "item"),
            (json!({ "divider": "x" }), "other"),
            (json!({ "name": "a" }), "other"),
            (json!({ "name": 1, "value": "b" }), "other"),
            (json!(["a", "b"]), "other"),
            (json!(null), "other"),
        ];
        for (raw, kind) in rows {
            let row = Metadata::from_json(raw.clone());
            let read = match row {
                Metadata::Item { .. } => "item",
                Metadata::Divider(_) => "divider",
                Metadata::Other(_) => "other",
            };
            assert_eq!(read, kind, "{raw}");
            assert_eq!(serde_json::to_value(&row).unwrap(), raw);
        }
    }

    #[test]
    fn a_change_of_rows_leaves_no_divider_where_it_divides_nothing() {
        let row = |text: char| match text {
            '-' => Metadata::divider(),
            '?' => Metadata::Other(json!(1)),
            text => Metadata::new(text, "v"),
        };
        let told = |rows: &[Metadata]| -> String {
            let one = |row: &Metadata| match row {
                Metadata::Item { name, .. } => name.clone(),
                Metadata::Divider(_) => "-".to_owned(),
                Metadata::Other(_) => "?".to_owned(),
            };
            rows.iter().map(one).collect()
        };
        let set = |at, name: &str| RowChange::Set(at, name.to_owned(), "w".to_owned());
        let cases = [
            ("", RowChange::Add("a".to_owned(), "v".to_owned()), "a"),
            ("a-b", set(2, "c"), "a-c"),
            ("a-b", set(1, "c"), "a-b"),
            ("a?", set(1, "c"), "a?"),
            ("ab", set(7, "c"), "ab"),
            ("", RowChange::Divide, ""),
            ("a", RowChange::Divide, "a-"),
            ("a-", RowChange::Divide, "a-"),
            ("ab-c", RowChange::Move { from: 3, to: 0 }, "cab-"),
            ("a-b-c", RowChange::Move { from: 2, to: 0 }, "ba-c"),
            ("ab", RowChange::Move { from: 0, to: 2 }, "ab"),
            ("a-b-c", RowChange::Remove(2), "a-c"),
            ("a-b", RowChange::Remove(0), "b"),
            ("a-b", RowChange::Remove(2), "a"),
            ("a-b", RowChange::Remove(1), "ab"),
            ("a", RowChange::Remove(0), ""),
            ("a", RowChange::Remove(1), "a"),
        ];
        for (rows, change, expected) in cases {
            let rows: Vec<Metadata> = rows.chars().map(row).collect();
            assert_eq!(told(&change.made(&rows)), expected, "{change:?}");
        }
    }

    #[test]
    fn a_row_that_is_edited_keeps_what_nobody_knows() {
        let row = Link::from_json(json!({ "label": "a", "url": "b", "x": 1 }));
        let rows = RowChange::Set(0, "c".to_owned(), "d".to_owned()).made(&[row]);
        assert_eq!(serde_json::to_value(&rows).unwrap(), json!([{ "label": "c", "url": "d", "x": 1 }]));
    }

    #[test]
    fn links_and_legend_rows_too() {
        let link = json!({ "label": "a", "url": "javascript:alert(1)", "x": 1 });
        assert!(matches!(Link::from_json(link.clone()), Link::Item { .. }));
        assert_eq!(serde_json::to_value(Link::from_json(link.clone())).unwrap(), link);
        for raw in [json!({ "color": "#f00", "label": "a", "x": 1 }), json!({ "color": "no", "label": "a" }), json!(1)]
        {
            assert_eq!(serde_json::to_value(LegendItem::from_json(raw.clone())).unwrap(), raw);
        }
        assert!(matches!(LegendItem::from_json(json!({ "color": "no", "label": "a" })), LegendItem::Other(_)));
    }

    #[test]
    fn only_links_that_do_nothing_but_lead_somewhere_are_safe() {
        for url in ["https://example.org", "HTTP://example.org/a b", "mailto:a@example.org"] {
            assert!(is_safe_url(url), "{url}");
        }
        let unsafe_urls = [
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            " https://example.org",
            "\u{1}https://example.org",
            "java\nscript:alert(1)",
            "https://example.org/\n",
            "data:text/html,x",
            "//example.org",
            "/path",
            "file:///etc/passwd",
            "httpsx://a",
            "https:javascript",
            "",
            "é",
        ];
        for url in unsafe_urls {
            assert!(!is_safe_url(url), "{url:?}");
        }
    }
}
