//! The bundles and the facts for the tests next to this file: what each says, as lines that can be compared.
//! What must hold is left to the tests.

use crate::facts;
use serde_json::Value;
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

pub const EVIDENCE: &str = "Bulkhead container evidence";
const TIERS: &str = "Bulkhead technique tiers";
const SCOPE: &str = "Bulkhead catalogue scope";

pub struct Bundle {
    pub name: String,
    pub objects: Vec<Value>,
    by_id: BTreeMap<String, usize>,
}

impl Bundle {
    pub fn read(name: &str) -> Self {
        let bundle = json(&repository().join(format!("data/{name}.json")));
        let objects: Vec<Value> = items(&bundle["objects"]).cloned().collect();
        let by_id = objects.iter().enumerate().map(|(at, object)| (text(&object["id"]).to_owned(), at)).collect();
        Self { name: name.to_owned(), objects, by_id }
    }

    pub fn object(&self, id: &str) -> &Value {
        self.by_id.get(id).map_or(&Value::Null, |at| &self.objects[*at])
    }

    pub fn of_type(&self, kind: &str) -> impl Iterator<Item = &Value> {
        self.objects.iter().filter(move |object| object["type"] == kind)
    }

    pub fn live_techniques(&self) -> impl Iterator<Item = &Value> {
        self.of_type("attack-pattern").filter(|technique| technique["revoked"] != true)
    }

    /// In the matrix's order.
    pub fn tactics(&self) -> impl Iterator<Item = &Value> {
        let order = self.of_type("x-mitre-matrix").flat_map(|matrix| items(&matrix["tactic_refs"]));
        order.map(|id| self.object(text(id)))
    }

    pub fn relationships(&self, kind: &str) -> impl Iterator<Item = &Value> {
        self.of_type("relationship").filter(move |relationship| relationship["relationship_type"] == kind)
    }

    pub fn relations(&self, kind: &str) -> Vec<String> {
        self.relationships(kind).map(|relationship| self.relation(relationship)).collect()
    }

    /// `G0139 -> T1610`; an end that the bundle doesn't have stands with its STIX id.
    pub fn relation(&self, relationship: &Value) -> String {
        let [source, target] = ["source_ref", "target_ref"].map(|end| {
            let id = text(&relationship[end]);
            let object = self.object(id);
            if object.is_null() { id } else { external_id(object) }
        });
        format!("{source} -> {target}")
    }

    /// What our extension of this name says of the object.
    pub fn extension<'a>(&self, object: &'a Value, name: &str) -> &'a Value {
        let definition = self.of_type("extension-definition").find(|definition| definition["name"] == name);
        definition.map_or(&Value::Null, |definition| &object["extensions"][text(&definition["id"])])
    }

    /// The object's STIX id, or `own` where the bundle says that the id is ours.
    pub fn own_or_id<'a>(&self, object: &'a Value) -> &'a str {
        let own = [TIERS, SCOPE].iter().any(|name| self.extension(object, name)["own_id"] == true);
        if own { "own" } else { text(&object["id"]) }
    }

    pub fn lines<'a>(&self, objects: impl Iterator<Item = &'a Value>) -> Vec<String> {
        let line = |object| format!("{} {} {}", external_id(object), text(&object["name"]), self.own_or_id(object));
        objects.map(line).collect()
    }

    pub fn technique_lines(&self) -> Vec<String> {
        let parents: BTreeMap<&str, &str> = self
            .relationships("subtechnique-of")
            .map(|of| (text(&of["source_ref"]), external_id(self.object(text(&of["target_ref"])))))
            .collect();
        let line = |technique: &Value| {
            let mut as_fact = Value::Null;
            as_fact["id"] = external_id(technique).into();
            as_fact["name"] = technique["name"].clone();
            as_fact["tactics"] =
                items(&technique["kill_chain_phases"]).map(|phase| phase["phase_name"].clone()).collect();
            as_fact["platforms"] = technique["x_mitre_platforms"].clone();
            as_fact["version"] = technique["x_mitre_version"].clone();
            let parent = parents.get(text(&technique["id"])).copied().unwrap_or("none");
            let sub_technique = technique["x_mitre_is_subtechnique"] == true;
            assert_eq!(sub_technique, parent != "none", "{}: {}", self.name, external_id(technique));
            let mut tiers = self.extension(technique, TIERS).clone();
            if !tiers.is_null() {
                tiers["id"] = external_id(technique).into();
            }
            let tiers = tier_line(&vec![tiers].into(), &external_id(technique).into(), "primary_tier");
            technique_line(&as_fact, self.own_or_id(technique), parent, &tiers)
        };
        self.live_techniques().map(line).collect()
    }
}

/// The facts that the bundles were made from.
pub struct Facts(PathBuf);

impl Facts {
    pub fn found() -> Option<Self> {
        facts::found("tiers.json").and_then(|file| Some(Self(file.parent()?.to_owned())))
    }

    pub fn read(&self, path: &str) -> Value {
        json(&self.0.join(path))
    }

    pub fn release(&self, release: &str) -> Value {
        self.read(&format!("attack-containers/attack-containers-{release}.json"))
    }
}

pub fn technique_line(technique: &Value, stix_id: &str, parent: &str, tiers: &str) -> String {
    let list = |name: &str| items(&technique[name]).map(text).collect::<Vec<_>>().join(",");
    let (id, name, version) = (text(&technique["id"]), text(&technique["name"]), text(&technique["version"]));
    format!("{id} {version} {name} | {stix_id} | {} | {} | in {parent} | {tiers}", list("tactics"), list("platforms"))
}

/// The tiers in order and the primary one, as the assignments have them for this technique.
pub fn tier_line(assignments: &Value, id: &Value, primary: &str) -> String {
    let Some(tier) = items(assignments).find(|tier| tier["id"] == *id) else { return "no tier".to_owned() };
    let tiers: Vec<&str> = items(&tier["tiers"]).map(text).collect();
    format!("{} first {} {}", tiers.join(","), text(&tier[primary]), text(&tier["confidence"]))
}

pub fn fact_line(fact: &Value) -> String {
    format!("{} {} {}", text(&fact["id"]), text(&fact["name"]), fact["stix_id"].as_str().unwrap_or("own"))
}

pub fn pairs(source: &Value, targets: &Value) -> Vec<String> {
    items(targets).map(|target| format!("{} -> {}", text(source), text(target))).collect()
}

pub fn external_id(object: &Value) -> &str {
    text(&object["external_references"][0]["external_id"])
}

pub fn at<'a>(fact: &'a Value, pointer: &str) -> impl Iterator<Item = &'a Value> + Clone {
    items(fact.pointer(pointer).unwrap_or(&Value::Null))
}

pub fn items(list: &Value) -> impl Iterator<Item = &Value> + Clone {
    list.as_array().map(Vec::as_slice).unwrap_or_default().iter()
}

pub fn members(object: &Value) -> impl Iterator<Item = (&String, &Value)> {
    object.as_object().into_iter().flatten()
}

pub fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

pub fn json(path: &Path) -> Value {
    let read = fs::read(path).map_err(|error| error.to_string());
    let parsed = read.and_then(|bytes| serde_json::from_slice(&bytes).map_err(|error| error.to_string()));
    parsed.unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
