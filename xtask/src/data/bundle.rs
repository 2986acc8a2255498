//! STIX objects with their members in the order they were given, our ids for them, and a bundle of them as text.
//! What members an object has is left to the modules that make objects.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use uuid::Uuid;

use super::{DataError, relationship::Relationships};

/// Under which all our ids are made. A new one would change the id of every object of ours.
const NAMESPACE: Uuid = Uuid::from_u128(0xe3e7_5c3e_883f_432c_b57c_8547_fb3c_d055);

/// An id of our own: the same for the same kind and name in every release and on every run.
pub fn own_id(kind: &str, name: &str) -> String {
    format!("{kind}--{}", Uuid::new_v5(&NAMESPACE, format!("{kind}:{name}").as_bytes()))
}

/// A date as STIX writes times: `2026-08-06` as midnight of that day.
pub fn midnight(date: &str) -> String {
    format!("{date}T00:00:00.000Z")
}

/// A STIX object or a part of one.
#[derive(Default)]
pub struct Object(Map<String, Value>);

impl Object {
    /// A STIX 2.1 object with the members that each one must have.
    pub fn stix(kind: &str, id: &str, created: &str, modified: &str) -> Self {
        let object = Self::default().with("type", kind).with("spec_version", "2.1").with("id", id);
        object.with("created", created).with("modified", modified)
    }

    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }

    /// Adds the list, but not an empty one: STIX has no empty lists.
    pub fn with_list<T: Into<Value>>(self, name: &str, values: impl IntoIterator<Item = T>) -> Self {
        let values: Vec<Value> = values.into_iter().map(Into::into).collect();
        if values.is_empty() { self } else { self.with(name, values) }
    }

    pub fn with_some(self, name: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn id(&self) -> &str {
        self.0.get("id").and_then(Value::as_str).unwrap_or_default()
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Self {
        Self::Object(object.0)
    }
}

/// A reference to a page, `external_references`' members.
pub fn reference(source: &str, id: &str, url: &str) -> Object {
    Object::default().with("source_name", source).with("external_id", id).with("url", url)
}

pub struct Bundle {
    id: String,
    objects: Vec<Object>,
}

impl Bundle {
    pub fn new(name: &str) -> Self {
        Self { id: own_id("bundle", name), objects: Vec::new() }
    }

    pub fn push(&mut self, object: Object) {
        self.objects.push(object);
    }

    pub fn extend(&mut self, objects: impl IntoIterator<Item = Object>) {
        self.objects.extend(objects);
    }

    /// Puts each relationship after its source, where a reader looks for it and where it compresses best.
    pub fn relate(&mut self, relationships: Relationships) {
        let mut by_source = relationships.by_source();
        let objects = std::mem::take(&mut self.objects);
        for object in objects {
            let related = by_source.remove(object.id()).unwrap_or_default();
            self.objects.push(object);
            self.objects.extend(related);
        }
        self.objects.extend(by_source.into_values().flatten());
    }

    /// One object a line, so that a new release shows in a diff as the objects that changed.
    ///
    /// # Errors
    /// When two objects have the same id.
    pub fn text(&self) -> Result<String, DataError> {
        let mut ids = BTreeSet::new();
        if let Some(twice) = self.objects.iter().map(Object::id).find(|id| !ids.insert(*id)) {
            return Err(DataError::Duplicate(twice.to_owned()));
        }
        let lines: Vec<String> =
            self.objects.iter().map(|object| Value::Object(object.0.clone()).to_string()).collect();
        Ok(format!("{{\"type\":\"bundle\",\"id\":\"{}\",\"objects\":[\n{}\n]}}\n", self.id, lines.join(",\n")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_name_gives_the_same_id() {
        assert_eq!(own_id("tool", "x"), own_id("tool", "x"));
        assert_ne!(own_id("tool", "x"), own_id("malware", "x"));
    }

    #[test]
    fn a_bundle_has_one_object_a_line_in_the_order_given() {
        let mut bundle = Bundle::new("test");
        bundle.push(Object::default().with("type", "b").with("id", "b--1"));
        bundle.push(Object::default().with("type", "a").with("id", "a--1").with_list::<String>("none", []));
        let text = bundle.text().unwrap();
        let lines: Vec<&str> = text.lines().skip(1).collect();
        assert_eq!(lines, [r#"{"type":"b","id":"b--1"},"#, r#"{"type":"a","id":"a--1"}"#, "]}"]);
    }

    #[test]
    fn an_id_twice_is_refused() {
        let mut bundle = Bundle::new("test");
        bundle.extend((0..2).map(|_| Object::default().with("id", "a--1")));
        assert!(matches!(bundle.text(), Err(DataError::Duplicate(id)) if id == "a--1"));
    }
}
