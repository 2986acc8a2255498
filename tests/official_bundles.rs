//! Official bundles are read as they are: each relation that the file has between what it lists is there once, and nothing
//! else. The comparison reads the JSON by itself. Without the facts it says so and passes.

#![allow(clippy::unwrap_used)] // what can't be read here is a broken test

mod facts;

use bulkhead::{
    attack::{Knowledge, Technique, read},
    matrix::placements,
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

fn official(name: &str) -> Option<Vec<u8>> {
    facts::unpacked(&format!("stix/{name}.json.gz"))
}

/// The ids of what relates to each technique, by kind of relation.
type Relations = BTreeMap<(String, &'static str), BTreeSet<String>>;

/// As the file has them.
fn in_file(file: &Value) -> Relations {
    let objects: Vec<&Value> = file["objects"].as_array().unwrap().iter().collect();
    let is_live = |object: &&&Value| object["revoked"] != true && object["x_mitre_deprecated"] != true;
    let by_id: BTreeMap<&str, &Value> =
        objects.iter().filter(is_live).map(|object| (object["id"].as_str().unwrap(), *object)).collect();
    let name = |object: &Value| {
        let references = object["external_references"].as_array().into_iter().flatten();
        let own = references.filter(|it| it["source_name"].as_str().is_some_and(|source| source.starts_with("mitre-")));
        let id = own.filter_map(|it| it["external_id"].as_str()).next();
        id.unwrap_or_else(|| object["name"].as_str().unwrap()).to_owned()
    };
    let mut relations = Relations::new();
    for object in objects.iter().filter(|object| object["type"] == "relationship").filter(is_live) {
        let end = |end: &str| by_id.get(object[end].as_str().unwrap()).copied();
        let (Some(source), Some(target)) = (end("source_ref"), end("target_ref")) else { continue };
        if target["type"] == "x-mitre-asset" && source["type"] == "attack-pattern" {
            assert_eq!(object["relationship_type"], "targets");
            relations.entry((name(source), "acts on")).or_default().insert(name(target));
        }
        if target["type"] != "attack-pattern" {
            continue;
        }
        let mut add = |kind: &'static str, other: String| {
            relations.entry((name(target), kind)).or_default().insert(other);
        };
        match object["relationship_type"].as_str().unwrap() {
            "uses" => add("uses", name(source)),
            "mitigates" => add("mitigates", name(source)),
            "detects" if source["type"] == "x-mitre-data-component" => add("shows", name(source)),
            "detects" => {
                add("detects", name(source));
                for analytic in source["x_mitre_analytic_refs"].as_array().into_iter().flatten() {
                    let Some(analytic) = by_id.get(analytic.as_str().unwrap()) else { continue };
                    add("analyses", name(analytic));
                    for log in analytic["x_mitre_log_source_references"].as_array().into_iter().flatten() {
                        if let Some(component) = by_id.get(log["x_mitre_data_component_ref"].as_str().unwrap()) {
                            add("shows", name(component));
                        }
                    }
                }
            }
            "subtechnique-of" => {
                relations.entry((name(source), "parent")).or_default().insert(name(target));
            }
            _ => {}
        }
    }
    // Before ATT&CK 10 in words, such as "Process: Process Creation".
    for technique in by_id.values().filter(|object| object["type"] == "attack-pattern") {
        for words in technique["x_mitre_data_sources"].as_array().into_iter().flatten() {
            let words = words.as_str().unwrap();
            let component = words.split_once(": ").map_or(words, |(_, component)| component).to_owned();
            relations.entry((name(technique), "shows")).or_default().insert(component);
        }
    }
    relations
}

/// As the knowledge has them; each once.
fn known(knowledge: &Knowledge) -> Relations {
    let mut relations = Relations::new();
    let mut add = |technique: &Technique, kind: &'static str, others: Vec<String>| {
        let once: BTreeSet<String> = others.iter().cloned().collect();
        assert!(kind == "shows" || once.len() == others.len(), "{} {kind} {others:?}", technique.id);
        if !once.is_empty() {
            relations.insert((technique.id.to_string(), kind), once);
        }
    };
    for technique in &knowledge.techniques {
        let named = |id: &str, name: &str| if id.is_empty() { name.to_owned() } else { id.to_owned() };
        let actors = technique.uses.iter().map(|seen| &knowledge.actors[seen.actor]);
        add(technique, "uses", actors.map(|it| named(&it.id, &it.name)).collect());
        let mitigations = technique.mitigations.iter().map(|at| &knowledge.mitigations[*at]);
        add(technique, "mitigates", mitigations.map(|it| named(&it.id, &it.name)).collect());
        let detections: Vec<_> = technique.detections.iter().map(|at| &knowledge.detections[*at]).collect();
        add(technique, "detects", detections.iter().map(|it| named(&it.id, &it.name)).collect());
        let analytics = detections.iter().flat_map(|it| &it.analytics);
        add(technique, "analyses", analytics.map(|it| named(&it.id, &it.name)).collect());
        let components = technique.components.iter().map(|at| &knowledge.components[*at]);
        add(technique, "shows", components.map(|it| named(&it.id, &it.name)).collect());
        let assets = technique.assets.iter().map(|at| &knowledge.assets[*at]);
        add(technique, "acts on", assets.map(|it| named(&it.id, &it.name)).collect());
        add(technique, "parent", technique.parent.iter().map(ToString::to_string).collect());
    }
    relations
}

#[test]
fn each_relation_of_an_official_bundle_is_there_once() {
    let bundles = [
        ("enterprise-attack-18.1", ["uses", "mitigates", "detects", "analyses", "shows", "parent"].as_slice()),
        ("enterprise-attack-9.0", &["uses", "mitigates", "shows", "parent"]),
        ("mobile-attack-17.1", &["uses", "mitigates", "shows", "parent"]),
        ("ics-attack-18.1", &["uses", "mitigates", "detects", "analyses", "shows", "acts on"]),
    ];
    for (name, kinds) in bundles {
        let Some(bytes) = official(name) else { return };
        let expected = in_file(&serde_json::from_slice(&bytes).unwrap());
        let found = known(&read(&bytes).unwrap().knowledge);
        let both = expected.keys().chain(found.keys());
        let wrong: Vec<String> = both
            .filter(|key| expected.get(key) != found.get(key))
            .map(|key| format!("{key:?}: {:?}, not {:?}", found.get(key), expected.get(key)))
            .collect();
        assert!(wrong.is_empty(), "{name}: {}", wrong[..wrong.len().min(5)].join("\n"));
        let there: BTreeSet<&str> = found.keys().map(|(_, kind)| *kind).collect();
        assert_eq!(there, kinds.iter().copied().collect(), "{name}");
    }
}

#[test]
fn official_bundles_have_all_of_their_techniques_and_placements() {
    let cases = [
        ("enterprise-attack-18.1", 691, 14, 887),
        ("enterprise-attack-9.0", 552, 14, 718),
        ("mobile-attack-17.1", 121, 12, 139),
        ("ics-attack-18.1", 83, 12, 94),
    ];
    for (name, techniques, tactics, placed) in cases {
        let Some(bytes) = official(name) else { return };
        let knowledge = read(&bytes).unwrap().knowledge;
        assert_eq!((knowledge.techniques.len(), knowledge.tactics.len()), (techniques, tactics), "{name}");
        let count = knowledge.techniques.iter().map(|technique| technique.tactics.len()).sum::<usize>();
        assert_eq!(placements(&knowledge).len(), count, "{name}");
        assert_eq!(count, placed, "{name}");
    }
}
