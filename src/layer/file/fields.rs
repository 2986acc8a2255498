//! Taking the known keys out of an object of a file. What has the wrong type and what is unknown stays behind, to be
//! written back as it came.

use super::{
    notes::Notes,
    rows::{FromJson, Rows, listed},
};
use serde_json::{Map, Value};

const UNUSABLE: &str = "not a value that the layer format has here; it is ignored, but kept in the file";

/// The keys of one object, taken one after another.
pub(super) struct Fields<'a> {
    /// The object's own name, for notes: `layout`; empty for the layer itself.
    place: &'static str,
    map: Map<String, Value>,
    kept: Map<String, Value>,
    notes: &'a mut Notes,
}

impl<'a> Fields<'a> {
    pub(super) fn new(place: &'static str, map: Map<String, Value>, notes: &'a mut Notes) -> Self {
        Self { place, map, kept: Map::new(), notes }
    }

    /// The value under a key, if `read` can use it; it gives back what it can't.
    pub(super) fn take<T>(&mut self, key: &str, read: impl FnOnce(Value) -> Result<T, Value>) -> Option<T> {
        match read(self.map.shift_remove(key)?) {
            Ok(value) => Some(value),
            Err(raw) => {
                self.refuse(key, raw);
                None
            }
        }
    }

    /// The rows under a key that were read as they came; none if they are no list.
    pub(super) fn take_rows<T: FromJson>(&mut self, key: &str, rows: Option<Rows<T>>) -> Vec<T> {
        rows.map(listed).and_then(|rows| rows.map_err(|raw| self.refuse(key, raw)).ok()).unwrap_or_default()
    }

    /// Keeps a value that can't be used, and tells so unless it says nothing.
    pub(super) fn refuse(&mut self, key: &str, raw: Value) {
        if !raw.is_null() {
            let dot = if self.place.is_empty() { "" } else { "." };
            self.notes.add(&format_args!("\"{}{dot}{key}\"", self.place), UNUSABLE);
        }
        self.kept.insert(key.to_owned(), raw);
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.map.contains_key(key)
    }

    /// Takes a key out for good.
    pub(super) fn remove(&mut self, key: &str) -> Option<Value> {
        self.map.shift_remove(key)
    }

    pub(super) fn notes(&mut self) -> &mut Notes {
        self.notes
    }

    /// What was refused, then what nobody asked for.
    pub(super) fn kept(mut self) -> Map<String, Value> {
        self.kept.extend(self.map);
        self.kept
    }
}

pub(super) fn text(value: Value) -> Result<String, Value> {
    match value {
        Value::String(text) => Ok(text),
        other => Err(other),
    }
}

pub(super) fn flag(value: Value) -> Result<bool, Value> {
    value.as_bool().ok_or(value)
}

pub(super) fn number(value: Value) -> Result<f64, Value> {
    value.as_f64().filter(|number| number.is_finite()).ok_or(value)
}

pub(super) fn list(value: Value) -> Result<Vec<Value>, Value> {
    match value {
        Value::Array(list) => Ok(list),
        other => Err(other),
    }
}

/// A list of rows, each read by `row`, which knows what to do with any.
pub(super) fn rows<T>(row: fn(Value) -> T) -> impl Fn(Value) -> Result<Vec<T>, Value> {
    move |value| list(value).map(|rows| rows.into_iter().map(row).collect())
}

/// Texts only; a list with anything else in it is none.
pub(super) fn texts(value: Value) -> Result<Vec<String>, Value> {
    let all: Option<Vec<String>> =
        value.as_array().and_then(|list| list.iter().map(|text| text.as_str().map(str::to_owned)).collect());
    all.ok_or(value)
}

pub(super) fn object(value: Value) -> Result<Map<String, Value>, Value> {
    match value {
        Value::Object(map) => Ok(map),
        other => Err(other),
    }
}

/// A word that `from_word` knows.
pub(super) fn word<T>(from_word: fn(&str) -> Option<T>) -> impl Fn(Value) -> Result<T, Value> {
    move |value| value.as_str().and_then(from_word).ok_or(value)
}
