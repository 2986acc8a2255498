//! The mapping between Microsoft's matrix and ATT&CK, as references that stand on the techniques of either.
//! Relationships between techniques whose STIX ids are known are made with the Microsoft bundle.

use super::{
    bundle::{Object, reference},
    facts::MicrosoftFacts,
};

/// The names of the two catalogues, as `source_name` of a reference has them.
pub const ATTACK: &str = "mitre-attack";
pub const MICROSOFT: &str = "threat-matrix-for-kubernetes";

/// References to the Microsoft techniques that are mapped to this one of ATT&CK's.
pub fn to_microsoft(facts: &MicrosoftFacts, technique: &str) -> Vec<Object> {
    let mapped = facts.techniques.iter().filter(|other| other.mitre_technique_ids.iter().any(|id| id == technique));
    mapped.map(|other| reference(MICROSOFT, &other.id, &other.url).with("description", other.name.as_str())).collect()
}

/// References to the ATT&CK techniques to which this one of Microsoft's is mapped.
pub fn to_attack(facts: &MicrosoftFacts, ids: &[String]) -> Vec<Object> {
    let name = |id: &str| {
        let entry = facts.mitre_cross_reference.iter().find(|entry| entry.mitre_technique_id == id);
        entry.map(|entry| entry.name.as_str())
    };
    ids.iter().map(|id| reference(ATTACK, id, &technique_url(id)).with_some("description", name(id))).collect()
}

/// The page of an ATT&CK technique: `T1078.004` has its own below its parent's.
pub fn technique_url(id: &str) -> String {
    format!("https://attack.mitre.org/techniques/{}", id.replace('.', "/"))
}
