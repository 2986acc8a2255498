//! Relationships between objects of a bundle: one for each kind, source and target.
//! Which there are is left to the modules that make the objects at their ends.

use std::collections::BTreeMap;

use super::{
    bundle::{Object, own_id},
    extension::Extension,
};

/// Makes the relationships of one bundle, all dated with its release.
pub struct Relationships {
    time: String,
    by_source: BTreeMap<String, Vec<Object>>,
}

impl Relationships {
    /// `time` as STIX writes it.
    pub fn new(time: &str) -> Self {
        Self { time: time.to_owned(), by_source: BTreeMap::new() }
    }

    pub fn add(&mut self, kind: &str, source: &str, target: &str) {
        self.add_with_evidence(kind, source, target, Object::default());
    }

    /// As [`Self::add`], with what the evidence extension says, if that is anything.
    pub fn add_with_evidence(&mut self, kind: &str, source: &str, target: &str, evidence: Object) {
        let id = own_id("relationship", &format!("{kind}:{source}:{target}"));
        let relationship = Object::stix("relationship", &id, &self.time, &self.time)
            .with("relationship_type", kind)
            .with("source_ref", source)
            .with("target_ref", target);
        let relationship = Extension::Evidence.on(relationship, evidence);
        self.by_source.entry(source.to_owned()).or_default().push(relationship);
    }

    /// The relationships by the id of their source, each source's in the order they were added.
    pub fn by_source(self) -> BTreeMap<String, Vec<Object>> {
        self.by_source
    }
}
