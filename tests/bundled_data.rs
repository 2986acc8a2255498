//! What is in `data/`, bundles and replaced ids: whole in itself, and true to the facts it was made from. The comparisons
//! need the facts, in `../shared/data` or the folder that BULKHEAD_FACTS names; without them they say so and pass.

mod facts;
#[path = "bundled_data/reading.rs"]
mod reading;

use reading::{
    Bundle, EVIDENCE, Facts, at, external_id, fact_line, items, json, members, pairs, repository, technique_line, text,
    tier_line,
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const RELEASES: [&str; 2] = ["19.2", "18.1"];

#[test]
fn every_live_technique_is_described_from_both_sides() {
    let written = json(&repository().join("xtask/src/data/descriptions.json"));
    for bundle in bundles() {
        for technique in bundle.live_techniques() {
            let id = external_id(technique);
            let sides = (&written[id]["in_cluster"], &written[id]["in_container"]);
            let expected = format!("In the cluster: {}\n\nIn the container: {}", text(sides.0), text(sides.1));
            assert_eq!(text(&technique["description"]), expected, "{}: {id}; run cargo xtask data", bundle.name);
            let (cluster, container) = (sentences(text(sides.0)), sentences(text(sides.1)));
            assert!(cluster >= 1 && container >= 1, "{id} leaves out a side");
            assert!((2..=4).contains(&(cluster + container)), "{id} has {} sentences", cluster + container);
        }
    }
}

#[test]
fn no_two_techniques_are_described_alike() {
    let written = json(&repository().join("xtask/src/data/descriptions.json"));
    let mut seen = BTreeMap::new();
    for (id, sides) in members(&written) {
        for (_, side) in members(sides) {
            let other = seen.insert(text(side), id);
            assert!(other.is_none(), "{id} has the words of {}", other.map_or("", String::as_str));
        }
    }
}

#[test]
fn ids_are_unique_and_well_formed() {
    for bundle in bundles() {
        let mut seen = BTreeSet::new();
        for object in &bundle.objects {
            let id = text(&object["id"]);
            let kind = id.split_once("--").filter(|(_, uuid)| is_uuid(uuid)).map(|(kind, _)| kind);
            assert_eq!(kind, Some(text(&object["type"])), "{}: {id}", bundle.name);
            assert!(seen.insert(id), "{}: {id} stands twice", bundle.name);
        }
    }
}

#[test]
fn every_reference_resolves() {
    for bundle in bundles() {
        let ids: BTreeSet<&str> = bundle.objects.iter().map(|object| text(&object["id"])).collect();
        for object in &bundle.objects {
            let id = text(&object["id"]);
            for (member, target) in references(object) {
                // What a technique is related to stands in the other catalogue's bundle.
                let elsewhere = object["relationship_type"] == "related-to" && member == "target_ref";
                assert!(elsewhere || ids.contains(target), "{}: {id} has no {member} {target}", bundle.name);
            }
        }
    }
}

#[test]
fn only_native_actors_are_evidence() {
    for bundle in bundles() {
        for relationship in bundle.relationships("uses") {
            let evidence = bundle.extension(relationship, EVIDENCE);
            let actor = bundle.object(text(&relationship["source_ref"]));
            let native = bundle.extension(actor, EVIDENCE)["container_native"] == true;
            let related = evidence["container_related"] == true;
            assert!(native || !related, "{}: {}", bundle.name, external_id(actor));
        }
    }
}

#[test]
fn attack_techniques_are_as_the_facts_have_them() {
    let Some(facts) = Facts::found() else { return };
    let (tiers, enterprise) = (facts.read("tiers.json"), facts.read("attack-containers/enterprise-ids.json"));
    for release in RELEASES {
        let (bundle, fact) = (attack_bundle(release), facts.release(release));
        let mut expected: Vec<String> = items(&fact["techniques"])
            .map(|technique| {
                let stix_id = technique["stix_id"].as_str().unwrap_or("own");
                let parent = technique["parent_id"].as_str().unwrap_or("none");
                technique_line(technique, stix_id, parent, &tier_line(&tiers["attack"], &technique["id"], "primary"))
            })
            .collect();
        // The parent of T1059.013, which is no container technique in that release.
        if release == "18.1" {
            let mut parent = enterprise[release]["T1059"].clone();
            parent["id"] = "T1059".into();
            let newer = facts.release("19.2");
            let stix_id = items(&newer["techniques"]).find(|technique| technique["id"] == "T1059");
            let stix_id = stix_id.map_or("own", |technique| text(&technique["stix_id"]));
            expected.push(technique_line(&parent, stix_id, "none", "no tier"));
        }
        same(&bundle, "techniques", expected, bundle.technique_lines());
        let revoked = bundle.of_type("attack-pattern").filter(|technique| technique["revoked"] == true);
        let retired = items(&fact["retired_container_techniques"]);
        same(&bundle, "retired", retired.clone().map(fact_line).collect(), bundle.lines(revoked));
        let replaced = retired.map(|gone| format!("{} -> {}", text(&gone["id"]), text(&gone["replaced_by"])));
        same(&bundle, "replacements", replaced.collect(), bundle.relations("revoked-by"));
    }
}

#[test]
fn attack_tactics_are_in_matrix_order() {
    let Some(facts) = Facts::found() else { return };
    for release in RELEASES {
        let (bundle, fact) = (attack_bundle(release), facts.release(release));
        let line = |id: &str, short_name: &Value, name: &Value| format!("{id} {} {}", text(short_name), text(name));
        let expected: Vec<String> = items(&fact["tactics"])
            .map(|tactic| {
                let stix_id = tactic["stix_id"].as_str().unwrap_or("own");
                line(text(&tactic["id"]), &tactic["shortname"], &tactic["name"]) + " " + stix_id
            })
            .collect();
        let found: Vec<String> = bundle
            .tactics()
            .map(|tactic| {
                line(external_id(tactic), &tactic["x_mitre_shortname"], &tactic["name"])
                    + " "
                    + bundle.own_or_id(tactic)
            })
            .collect();
        assert_eq!(found, expected, "{release}");
        let matrix = bundle.of_type("x-mitre-matrix").map(|matrix| &matrix["id"]);
        assert_eq!(matrix.collect::<Vec<_>>(), [&fact["matrix_stix_id"]], "{release}");
    }
}

#[test]
fn attack_objects_have_the_names_and_ids_of_the_facts() {
    let Some(facts) = Facts::found() else { return };
    let kinds: [(&str, &[&str]); 5] = [
        ("/groups", &["intrusion-set"]),
        ("/software", &["malware", "tool"]),
        ("/campaigns", &["campaign"]),
        ("/mitigations", &["course-of-action"]),
        ("/detection/strategies", &["x-mitre-detection-strategy"]),
    ];
    for release in RELEASES {
        let (bundle, fact) = (attack_bundle(release), facts.release(release));
        for (pointer, types) in kinds {
            let found = types.iter().flat_map(|kind| bundle.of_type(kind));
            same(&bundle, pointer, at(&fact, pointer).map(fact_line).collect(), bundle.lines(found));
        }
        let analytics = at(&fact, "/detection/analytics").filter(for_containers).map(fact_line);
        same(&bundle, "analytics", analytics.collect(), bundle.lines(bundle.of_type("x-mitre-analytic")));
    }
}

#[test]
fn analytics_read_the_log_sources_of_the_facts() {
    let Some(facts) = Facts::found() else { return };
    // The newest release's facts name no data components; ids and names are those of the release before.
    let components: Vec<String> = at(&facts.release("18.1"), "/detection/data_components").map(fact_line).collect();
    for release in RELEASES {
        let (bundle, fact) = (attack_bundle(release), facts.release(release));
        for line in bundle.lines(bundle.of_type("x-mitre-data-component")) {
            assert!(components.contains(&line), "{release}: {line}");
        }
        let line = |analytic: &str, component: &str, name: &Value| format!("{analytic}: {component} {}", text(name));
        let expected = at(&fact, "/detection/analytics").filter(for_containers).flat_map(|analytic| {
            let sources = items(&analytic["log_sources"]);
            let id = text(&analytic["id"]);
            sources.map(move |source| line(id, text(&source["data_component_id"]), &source["log_source"]))
        });
        let found = bundle.of_type("x-mitre-analytic").flat_map(|analytic| {
            let sources = items(&analytic["x_mitre_log_source_references"]);
            let component = |source: &Value| external_id(bundle.object(text(&source["x_mitre_data_component_ref"])));
            sources.map(|source| line(external_id(analytic), component(source), &source["name"])).collect::<Vec<_>>()
        });
        same(&bundle, "log sources", expected.collect(), found.collect());
    }
}

#[test]
fn each_relation_of_the_attack_facts_is_there_once() {
    let Some(facts) = Facts::found() else { return };
    let kinds: [(&str, &[&str]); 3] = [
        ("uses", &["/groups", "/software", "/campaigns"]),
        ("mitigates", &["/mitigations"]),
        ("detects", &["/detection/strategies"]),
    ];
    for release in RELEASES {
        let (bundle, fact) = (attack_bundle(release), facts.release(release));
        for (kind, pointers) in kinds {
            let sources = pointers.iter().flat_map(|pointer| at(&fact, pointer));
            let expected = sources.flat_map(|source| pairs(&source["id"], &source["technique_ids"]));
            same(&bundle, kind, expected.collect(), bundle.relations(kind));
        }
    }
}

#[test]
fn evidence_is_what_the_facts_flag() {
    let Some(facts) = Facts::found() else { return };
    for release in RELEASES {
        let (bundle, fact) = (attack_bundle(release), facts.release(release));
        let only: BTreeSet<&str> = items(&fact["techniques"])
            .filter(|technique| technique["containers_only"] == true)
            .map(|technique| text(&technique["id"]))
            .collect();
        let here: BTreeSet<&str> = items(&fact["techniques"]).map(|technique| text(&technique["id"])).collect();
        let native = items(&fact["container_native_actors"]).filter(|actor| actor["tier"] == "native");
        let expected = native.clone().flat_map(|actor| {
            let flagged = items(&actor["uses"]).filter(|seen| {
                let victim = seen["reviewed"].is_null() || seen["reviewed"] == "victim";
                let named = seen["mentions_container"] == true && victim;
                let technique = text(&seen["technique_id"]);
                here.contains(technique) && (named || only.contains(technique))
            });
            flagged.map(|seen| format!("{} -> {}", text(&actor["id"]), text(&seen["technique_id"]))).collect::<Vec<_>>()
        });
        let found = bundle.relationships("uses").filter(|uses| {
            let evidence = bundle.extension(uses, EVIDENCE);
            evidence["container_related"] == true
        });
        let found = found.map(|uses| bundle.relation(uses)).collect();
        same(&bundle, "evidence", expected.collect(), found);
        let marked =
            bundle.objects.iter().filter(|actor| bundle.extension(actor, EVIDENCE)["container_native"] == true);
        let natives = native.map(|actor| text(&actor["id"]).to_owned()).collect();
        same(&bundle, "native actors", natives, marked.map(|actor| external_id(actor).to_owned()).collect());
    }
}

#[test]
fn microsofts_matrix_is_as_the_facts_have_it() {
    let Some(facts) = Facts::found() else { return };
    let (bundle, fact) = (Bundle::read("microsoft-kubernetes"), facts.read("microsoft-k8s.json"));
    let (tiers, attack) = (facts.read("tiers.json"), facts.release("19.2"));
    let tactics: Vec<&str> = bundle.tactics().map(|tactic| text(&tactic["name"])).collect();
    assert_eq!(tactics, items(&fact["tactics"]).map(|tactic| text(&tactic["name"])).collect::<Vec<_>>());

    let short_name = |key: &Value| {
        let tactic = items(&fact["tactics"]).find(|tactic| tactic["key"] == *key);
        tactic.map_or(String::new(), |tactic| text(&tactic["name"]).to_lowercase().replace(' ', "-"))
    };
    let techniques = items(&fact["techniques"]).map(|technique| {
        let mut as_attack = technique.clone();
        as_attack["tactics"] = items(&technique["tactics"]).map(|key| Value::from(short_name(key))).collect();
        as_attack["platforms"] = vec![Value::from("Kubernetes")].into();
        technique_line(&as_attack, "own", "none", &tier_line(&tiers["microsoft"], &technique["id"], "primary"))
    });
    same(&bundle, "techniques", techniques.collect(), bundle.technique_lines());

    let mapped = items(&fact["techniques"]).flat_map(|technique| {
        let known = items(&attack["techniques"])
            .filter(|other| items(&technique["mitre_technique_ids"]).any(|id| *id == other["id"]));
        known.map(|other| format!("{} -> {}", text(&technique["id"]), text(&other["stix_id"]))).collect::<Vec<_>>()
    });
    same(&bundle, "related-to", mapped.collect(), bundle.relations("related-to"));
    let mapped =
        items(&fact["techniques"]).flat_map(|technique| pairs(&technique["id"], &technique["mitre_technique_ids"]));
    let counterparts = bundle.of_type("attack-pattern").flat_map(|technique| {
        let others = items(&technique["external_references"]).skip(1);
        others.map(|other| format!("{} -> {}", external_id(technique), text(&other["external_id"]))).collect::<Vec<_>>()
    });
    same(&bundle, "counterparts", mapped.collect(), counterparts.collect());

    let names = items(&fact["mitigations"]).map(|fact| format!("{} {}", text(&fact["id"]), text(&fact["name"])));
    same(
        &bundle,
        "mitigations",
        names.collect(),
        bundle
            .of_type("course-of-action")
            .map(|mitigation| format!("{} {}", external_id(mitigation), text(&mitigation["name"])))
            .collect(),
    );
    let on_mitigations = items(&fact["mitigations"]).flat_map(|m| pairs(&m["id"], &m["technique_ids"]));
    let on_techniques = items(&fact["techniques"]).flat_map(|technique| {
        let mitigations = items(&technique["mitigation_ids"]);
        mitigations.map(|id| format!("{} -> {}", text(id), text(&technique["id"]))).collect::<Vec<_>>()
    });
    let mitigates: BTreeSet<String> = on_mitigations.chain(on_techniques).collect();
    same(&bundle, "mitigates", mitigates.into_iter().collect(), bundle.relations("mitigates"));
}

#[test]
fn every_revoked_id_has_a_replacement_that_was_live_then() {
    let bytes = std::fs::read(repository().join("data/attack-replacements.json")).unwrap_or_default();
    assert!(bulkhead::layer::Replacements::read(&bytes).is_ok());
    let Some(facts) = Facts::found() else { return };
    let enterprise = facts.read("attack-containers/enterprise-ids.json");
    let mut expected = BTreeMap::new();
    for release in RELEASES {
        // From the newest on: what the older release says of an id counts.
        let techniques = &enterprise[release];
        for (old, technique) in members(techniques).filter(|(_, technique)| technique["status"] == "revoked") {
            let mut new = text(&technique["replaced_by"]);
            while techniques[new]["status"] == "revoked" {
                new = text(&techniques[new]["replaced_by"]);
            }
            let tactics = items(&techniques[new]["tactics"]).map(text);
            expected.insert(old.clone(), std::iter::once(new).chain(tactics).map(str::to_owned).collect::<Vec<_>>());
        }
    }
    let table = json(&repository().join("data/attack-replacements.json"));
    let found = members(&table["replacements"]);
    let found: BTreeMap<String, Vec<String>> =
        found.map(|(old, row)| (old.clone(), items(row).map(|word| text(word).to_owned()).collect())).collect();
    assert_eq!(found, expected, "run cargo xtask data");
    assert_eq!(found["T1086"], ["T1059.001", "execution"]);
}

fn bundles() -> Vec<Bundle> {
    let attack = RELEASES.map(attack_bundle);
    attack.into_iter().chain([Bundle::read("microsoft-kubernetes")]).collect()
}

fn for_containers(analytic: &&Value) -> bool {
    items(&analytic["platforms"]).any(|platform| platform == "Containers")
}

fn attack_bundle(release: &str) -> Bundle {
    Bundle::read(&format!("attack-containers-{release}"))
}

/// Both have the same lines, as often; the message names those that differ.
fn same(bundle: &Bundle, what: &str, mut expected: Vec<String>, mut found: Vec<String>) {
    expected.sort();
    found.sort();
    let without = |all: &[String], others: &[String]| {
        let mut left = others.to_vec();
        let keep =
            |line: &&String| left.iter().position(|other| other == *line).map(|at| left.swap_remove(at)).is_none();
        all.iter().filter(keep).cloned().collect::<Vec<_>>()
    };
    let (missing, extra) = (without(&expected, &found), without(&found, &expected));
    assert!(missing.is_empty() && extra.is_empty(), "{} {what}: missing {missing:#?}, extra {extra:#?}", bundle.name);
    assert!(!found.is_empty() || expected.is_empty(), "{} has no {what}", bundle.name);
}

/// Every member that refers to another object, at any depth, with the id it has; our extensions by their keys too.
fn references(value: &Value) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    for (name, member) in members(value) {
        match member {
            Value::String(id) if name.ends_with("_ref") => found.push((name.as_str(), id.as_str())),
            Value::Array(ids) if name.ends_with("_refs") => {
                found.extend(ids.iter().map(|id| (name.as_str(), text(id))))
            }
            Value::Array(parts) => found.extend(parts.iter().flat_map(references)),
            Value::Object(parts) if name == "extensions" => {
                found.extend(parts.keys().map(|id| (name.as_str(), id.as_str())));
            }
            _ => found.extend(references(member)),
        }
    }
    found
}

/// RFC 9562: hexadecimal groups of 8, 4, 4, 4 and 12, with version 1 to 8 and the variant that has the bits 10.
fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let hexadecimal = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
        && groups.iter().all(|group| group.chars().all(hexadecimal))
        && groups[2].starts_with(|c| ('1'..='8').contains(&c))
        && groups[3].starts_with(['8', '9', 'a', 'b'])
}

fn sentences(text: &str) -> usize {
    text.split_whitespace().filter(|word| word.ends_with(['.', '!', '?'])).count()
}

#[test]
fn the_history_of_techniques_is_that_of_the_facts() {
    let Some(facts) = Facts::found() else { return };
    let map = facts.read("attack-containers/upgrade-map.json");
    let table = json(&repository().join("data/attack-history.json"));
    let found: BTreeSet<String> = members(&table["techniques"])
        .flat_map(|(id, events)| items(events).map(move |event| format!("{id} {event}")))
        .collect();
    let mut expected = BTreeSet::new();
    for technique in items(&map["lifecycle"]).filter(|it| it["first_container_release"] == "9.0") {
        expected.insert(format!("{} [\"9.0\",\"there\"]", text(&technique["id"])));
    }
    for step in items(&map["steps"]) {
        for change in items(&step["changes"]) {
            let (release, id) = (&step["to"], text(&change["id"]));
            let event = match text(&change["change"]) {
                "object-version" => continue,
                "added" if change["how"] == "new-technique" => format!("[{release},\"added\"]"),
                "added" => format!("[{release},\"platform\"]"),
                "renamed" => format!("[{release},\"renamed\",{},{}]", change["from"], change["to"]),
                "revoked" => format!("[{release},\"revoked\",{}]", change["replaced_by"]),
                "tactics" => format!("[{release},\"tactics\",{},{}]", change["added"], change["removed"]),
                "other-platforms" => format!("[{release},\"platforms\",{},{}]", change["added"], change["removed"]),
                other => panic!("{id}: the facts have a change \"{other}\" that is not told of"),
            };
            expected.insert(format!("{id} {event}"));
        }
    }
    assert_eq!(found, expected);
}
