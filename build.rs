//! Puts the bundle that the first visit shows into the build: the one in `data/`, without what only other programs read
//! and with short ids, which are most of its weight. It stays a bundle that the one reader reads.

use serde_json::{Map, Value};
use std::{collections::HashMap, env, error::Error, fs, path::Path};

const BUNDLE: &str = "data/attack-containers-19.2.json";

/// Types that the reader has no use for.
const LEFT_OUT_TYPES: &[&str] = &["extension-definition", "identity", "marking-definition", "x-mitre-data-component"];

/// Keys that the reader has no use for, at any depth.
const LEFT_OUT_KEYS: &[&str] = &[
    "aliases",
    "assumed_type",
    "basis",
    "carried_from",
    "created",
    "created_by_ref",
    "extension_type",
    "first_seen",
    "is_family",
    "last_seen",
    "modified",
    "object_marking_refs",
    "own_id",
    "reviewed",
    "second_opinion",
    "spec_version",
    "terms",
    "x_mitre_data_component_ref",
    "x_mitre_domains",
];

/// Keys whose values are ids of objects.
const REFERENCES: &[&str] = &["id", "source_ref", "target_ref", "tactic_refs", "x_mitre_analytic_refs"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={BUNDLE}");
    println!("cargo::rerun-if-changed=build.rs");
    let text =
        fs::read_to_string(BUNDLE).map_err(|error| format!("{BUNDLE}: {error}; `cargo xtask data` writes it"))?;
    let mut bundle: Value = serde_json::from_str(&text)?;
    let objects = bundle.get_mut("objects").and_then(Value::as_array_mut).ok_or("no objects")?;
    objects.retain(|object| !object["type"].as_str().is_some_and(|kind| LEFT_OUT_TYPES.contains(&kind)));
    let mut ids = Ids::default();
    for object in objects.iter_mut().filter_map(Value::as_object_mut) {
        slim_object(object, &mut ids);
    }
    let to = Path::new(&env::var("OUT_DIR")?).join("embedded-bundle.json");
    Ok(fs::write(to, serde_json::to_vec(&bundle)?)?)
}

/// Short ids in place of long ones. Techniques keep theirs: what a user contributes must name them.
#[derive(Default)]
struct Ids(HashMap<String, String>);

impl Ids {
    fn shorten(&mut self, value: &mut Value) {
        match value {
            Value::String(id) if !id.starts_with("attack-pattern--") => {
                let next = format!("{:x}", self.0.len());
                *id = self.0.entry(std::mem::take(id)).or_insert(next).clone();
            }
            Value::Array(list) => list.iter_mut().for_each(|id| self.shorten(id)),
            _ => {}
        }
    }
}

fn slim_object(object: &mut Map<String, Value>, ids: &mut Ids) {
    let kind = object.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
    if kind == "relationship" {
        object.shift_remove("id");
    }
    if kind != "x-mitre-collection" {
        object.shift_remove("x_mitre_version");
    }
    if matches!(kind.as_str(), "malware" | "tool") {
        object.shift_remove("x_mitre_platforms");
    }
    if matches!(kind.as_str(), "campaign" | "intrusion-set" | "malware" | "tool") {
        leave_out_address(object);
    }
    if kind == "x-mitre-analytic" {
        object.shift_remove("name");
        object.shift_remove("external_references");
    }
    for (_, value) in object.iter_mut().filter(|(key, _)| REFERENCES.contains(&key.as_str())) {
        ids.shorten(value);
    }
    if let Some(extensions) = object.get_mut("extensions").and_then(Value::as_object_mut) {
        let values: Vec<Value> = std::mem::take(extensions).into_iter().map(|(_, value)| value).collect();
        extensions.extend(values.into_iter().enumerate().map(|(at, value)| (at.to_string(), value)));
    }
    leave_out(object);
}

/// The addresses of ATT&CK's actors follow from their ids, and the reader knows how.
fn leave_out_address(object: &mut Map<String, Value>) {
    let references = object.get_mut("external_references").and_then(Value::as_array_mut);
    for reference in references.into_iter().flatten().filter_map(Value::as_object_mut) {
        reference.shift_remove("url");
    }
}

fn leave_out(object: &mut Map<String, Value>) {
    object.retain(|key, _| !LEFT_OUT_KEYS.contains(&key.as_str()));
    for (_, value) in object.iter_mut() {
        match value {
            Value::Object(inner) => leave_out(inner),
            Value::Array(list) => list.iter_mut().filter_map(Value::as_object_mut).for_each(leave_out),
            _ => {}
        }
    }
}
