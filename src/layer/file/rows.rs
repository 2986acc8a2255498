//! Rows of metadata and links, each read as it comes: a file may have a million of them, and a map for each takes its time.

use super::shape::{FromObject, Shape};
use crate::layer::{Link, Metadata, Row};
use serde::de::MapAccess;
use serde_json::Value;

/// A list of rows, or what stands where one should.
pub(super) type Rows<T> = Shape<Vec<Shape<Value, T>>, Value>;

/// A row of which the layer format says that it is two texts.
pub(super) trait FromJson: Row {
    /// Their keys.
    const TEXTS: [&str; 2];
    /// A row of anything else.
    fn from_json(row: Value) -> Self;
}

impl FromJson for Metadata {
    const TEXTS: [&str; 2] = ["name", "value"];

    fn from_json(row: Value) -> Self {
        Self::from_json(row)
    }
}

impl FromJson for Link {
    const TEXTS: [&str; 2] = ["label", "url"];

    fn from_json(row: Value) -> Self {
        Self::from_json(row)
    }
}

impl<T: FromJson> FromObject for T {
    fn from_object<'de, A: MapAccess<'de>>(mut object: A) -> Result<Self, A::Error> {
        let mut fields: Vec<(String, Value)> = Vec::with_capacity(2);
        while let Some(field) = object.next_entry()? {
            fields.push(field);
        }
        // Nearly all rows are this, as every program writes them.
        if let [(first, Value::String(one)), (second, Value::String(other))] = fields.as_mut_slice()
            && [first.as_str(), second.as_str()] == T::TEXTS
        {
            return Ok(T::item(std::mem::take(one), std::mem::take(other)));
        }
        Ok(T::from_json(Value::Object(fields.into_iter().collect())))
    }
}

/// The rows of a list; what is no list is given back.
pub(super) fn listed<T: FromJson>(rows: Rows<T>) -> Result<Vec<T>, Value> {
    let row = |row| match row {
        Shape::Object(row) => row,
        Shape::List(raw) | Shape::Other(raw) => T::from_json(raw),
    };
    match rows {
        Shape::List(rows) => Ok(rows.into_iter().map(row).collect()),
        Shape::Object(raw) | Shape::Other(raw) => Err(raw),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_the_same_whether_it_is_read_as_it_comes_or_as_a_value() {
        let rows = [
            r#"{"name": "a", "value": "b"}"#,
            r#"{"value": "b", "name": "a"}"#,
            r#"{"name": "a", "name": "b"}"#,
            r#"{"name": "a", "name": "b", "value": "c"}"#,
            r#"{"name": "a", "value": "b", "more": [1]}"#,
            r#"{"value": "b", "more": {"name": 1}}"#,
            r#"{"name": "a", "value": 1}"#,
            r#"{"name": "DIVIDER", "value": true}"#,
            r#"{"divider": true}"#,
            r#"{"label": "a", "url": "b"}"#,
            "{}",
            r#"["name", "value"]"#,
            "null",
            "1",
        ];
        let value = |row: &str| -> Value { serde_json::from_str(row).unwrap() };
        let as_they_come: Rows<Metadata> = serde_json::from_str(&format!("[{}]", rows.join(","))).unwrap();
        let as_values: Vec<Metadata> = rows.iter().map(|row| Metadata::from_json(value(row))).collect();
        assert_eq!(listed(as_they_come), Ok(as_values));
        let as_they_come: Rows<Link> = serde_json::from_str(&format!("[{}]", rows.join(","))).unwrap();
        let as_values: Vec<Link> = rows.iter().map(|row| Link::from_json(value(row))).collect();
        assert_eq!(listed(as_they_come), Ok(as_values));
    }

    #[test]
    fn what_is_no_list_is_given_back() {
        for text in [r#"{"name": "a", "value": "b"}"#, "null", r#""a""#] {
            let rows: Rows<Metadata> = serde_json::from_str(text).unwrap();
            let value: Value = serde_json::from_str(text).unwrap();
            assert_eq!(listed(rows), Err(value));
        }
        let rows: Rows<Metadata> = serde_json::from_str("[]").unwrap();
        assert_eq!(listed(rows), Ok(Vec::new()));
    }
}
