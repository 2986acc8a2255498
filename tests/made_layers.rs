//! Evidence, the crosswalk, and the layers made from either, against tables that are computed here from the facts and from
//! nothing of ours. They need the facts, in `../shared/data` or the folder that BULKHEAD_FACTS names; without them they say
//! so and pass.

// Helpers of tests are tests, which clippy doesn't see.
#![allow(clippy::unwrap_used)]

mod facts;

use bulkhead::{
    attack::{Crosswalk, Evidence, Knowledge, Record, Sighting, TechniqueId, read},
    layer::{
        self, Combine, Counted, Edit, Key, Layer, Score, Target, carry_over, layer_from_actors, layer_from_evidence,
        write,
    },
    matrix,
};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

const RELEASES: [&str; 2] = ["19.2", "18.1"];

/// What the facts say of a container technique.
#[derive(Default)]
struct Row {
    tactics: Vec<String>,
    native: BTreeSet<String>,
    users: BTreeSet<String>,
}

#[test]
fn evidence_counts_are_those_of_the_facts() {
    let Some(facts) = facts() else { return };
    for release in RELEASES {
        let (table, knowledge) = (table(&facts, release), attack(release));
        for (id, row) in &table {
            let technique = knowledge.technique(&TechniqueId::parse(id).unwrap()).unwrap();
            let evidence = Evidence::of(&knowledge, technique);
            let ids =
                |actors: &[&bulkhead::attack::Actor]| actors.iter().map(|it| it.id.clone()).collect::<BTreeSet<_>>();
            assert_eq!(ids(&evidence.native), row.native, "{release} {id}: against containers");
            assert!(evidence.others.is_empty(), "{release} {id}");
            let elsewhere: BTreeSet<String> = row.users.difference(&row.native).cloned().collect();
            assert_eq!(ids(&evidence.elsewhere), elsewhere, "{release} {id}: elsewhere");
            let sighting = match (row.native.is_empty(), row.users.is_empty()) {
                (false, _) => Sighting::AgainstContainers,
                (true, false) => Sighting::Elsewhere,
                (true, true) => Sighting::Unseen,
            };
            assert_eq!(evidence.sighting(), sighting, "{release} {id}");
        }
        let seen = table.values().filter(|row| !row.native.is_empty()).count();
        // The figures of `data/README.md`.
        assert_eq!(seen, if release == "19.2" { 19 } else { 17 });
    }
}

#[test]
fn a_layer_from_evidence_is_right_cell_by_cell_after_export_and_opening() {
    let Some(facts) = facts() else { return };
    for release in RELEASES {
        let knowledge = attack(release);
        let made = layer_from_evidence(&Record::own(&knowledge), &placements(&knowledge));
        let expected = cells(&table(&facts, release), |row| row.native.clone());
        assert_eq!(told(&again(&made, &knowledge)), expected, "{release}");
    }
}

#[test]
fn a_layer_from_an_actor_is_right_cell_by_cell_after_export_and_opening() {
    let Some(facts) = facts() else { return };
    for release in RELEASES {
        let (knowledge, table) = (attack(release), table(&facts, release));
        let natives: BTreeSet<&String> = table.values().flat_map(|row| &row.native).collect();
        assert!(natives.len() >= 6);
        for id in natives {
            let only = |row: &BTreeSet<String>| row.iter().filter(|it| *it == id).cloned().collect::<BTreeSet<_>>();
            for counted in [Counted::AgainstContainers, Counted::Anywhere] {
                let made = layer_from_actors(
                    &Record::own(&knowledge),
                    &placements(&knowledge),
                    &[actor(&knowledge, id)],
                    counted,
                );
                let expected = cells(&table, |row| match counted {
                    Counted::AgainstContainers => only(&row.native),
                    Counted::Anywhere => only(&row.users),
                });
                assert!(!expected.is_empty());
                assert_eq!(told(&again(&made, &knowledge)), expected, "{release} {id} {counted:?}");
            }
        }
    }
}

#[test]
fn a_layer_from_several_actors_is_right_cell_by_cell_after_export_and_opening() {
    let Some(facts) = facts() else { return };
    let (knowledge, table) = (attack("19.2"), table(&facts, "19.2"));
    let users: BTreeSet<&String> = table.values().flat_map(|row| &row.users).collect();
    let chosen: BTreeSet<&String> = users.into_iter().step_by(7).collect();
    let places: Vec<usize> = chosen.iter().map(|id| actor(&knowledge, id)).collect();
    let made = layer_from_actors(&Record::own(&knowledge), &placements(&knowledge), &places, Counted::Anywhere);
    let expected = cells(&table, |row| row.users.iter().filter(|id| chosen.contains(id)).cloned().collect());
    assert!(expected.len() > 30);
    assert_eq!(told(&again(&made, &knowledge)), expected);
}

/// Every placement of Microsoft's matrix has a score of its own, so that each score says where it is from.
#[test]
fn a_carried_layer_is_right_cell_by_cell_after_export_and_opening() {
    let Some(facts) = facts() else { return };
    let mapping = json(&facts.join("microsoft-k8s.json"));
    let (here, there) = (microsoft(), attack("19.2"));
    let all = placements(&here);
    let mut layer = Layer::new("Ours", "microsoft-kubernetes", None, Vec::new());
    let mut scores: BTreeMap<(String, String), f64> = BTreeMap::new();
    for (at, key) in all.iter().enumerate() {
        let score = f64::from(u32::try_from(at).unwrap());
        scores.insert((key.technique.to_string(), key.tactic.as_ref().unwrap().to_string()), score);
        let target = vec![Target { key: key.clone(), tier: None }];
        layer = Edit::Score(target, Score::new(score)).apply(&layer).unwrap();
    }
    let table = table(&facts, "19.2");
    let mut expected: BTreeMap<(String, String), f64> = BTreeMap::new();
    let mut left: BTreeSet<String> = BTreeSet::new();
    for technique in items(&mapping["techniques"]) {
        let id = text(&technique["id"]);
        let rows = items(&technique["mitre_technique_ids"]).filter_map(|other| table.get_key_value(text(other)));
        let rows: Vec<_> = rows.collect();
        if rows.is_empty() {
            left.insert(id.to_owned());
        }
        for ((_, tactic), score) in scores.iter().filter(|((technique, _), _)| technique == id) {
            for (other, row) in &rows {
                let same = row.tactics.contains(tactic);
                for target in row.tactics.iter().filter(|target| !same || *target == tactic) {
                    let cell = expected.entry(((*other).clone(), target.clone())).or_insert(f64::MAX);
                    *cell = cell.min(*score);
                }
            }
        }
    }
    let carried = carry_over(&layer, &Crosswalk::between(&here, &there), &here, &there, Combine::Weakest);
    let opened = again(&carried.layer, &there);
    let found: BTreeMap<(String, String), f64> = opened
        .annotations
        .iter()
        .map(|entry| {
            let score = opened.mark_of(entry, None).score.unwrap().value();
            ((entry.key.technique.to_string(), entry.key.tactic.as_ref().unwrap().to_string()), score)
        })
        .collect();
    assert!(expected.len() > 20);
    assert_eq!(found, expected);
    assert_eq!(carried.left.iter().map(|left| left.technique.to_string()).collect::<BTreeSet<_>>(), left);
    assert_eq!(carried.techniques + left.len(), 40);
}

/// The container techniques of a release, with who used them: native are actors of that tier whose use the facts flag, by
/// its text (unless a person found that it means something else) or because the technique exists on containers only.
fn table(facts: &Path, release: &str) -> BTreeMap<String, Row> {
    let fact = json(&facts.join(format!("attack-containers/attack-containers-{release}.json")));
    let mut table: BTreeMap<String, Row> = BTreeMap::new();
    let mut only: BTreeSet<&str> = BTreeSet::new();
    for technique in items(&fact["techniques"]) {
        let tactics = items(&technique["tactics"]).map(|tactic| text(tactic).to_owned()).collect();
        table.insert(text(&technique["id"]).to_owned(), Row { tactics, ..Row::default() });
        if technique["containers_only"] == true {
            only.insert(text(&technique["id"]));
        }
    }
    for actor in ["groups", "software", "campaigns"].iter().flat_map(|kind| items(&fact[*kind])) {
        for row in items(&actor["technique_ids"]) {
            table.get_mut(text(row)).unwrap().users.insert(text(&actor["id"]).to_owned());
        }
    }
    for actor in items(&fact["container_native_actors"]).filter(|actor| actor["tier"] == "native") {
        for seen in items(&actor["uses"]) {
            let victim = seen["reviewed"].is_null() || seen["reviewed"] == "victim";
            let named = seen["mentions_container"] == true && victim;
            let technique = text(&seen["technique_id"]);
            if let Some(row) = table.get_mut(technique).filter(|_| named || only.contains(technique)) {
                row.native.insert(text(&actor["id"]).to_owned());
            }
        }
    }
    table
}

/// What a layer must say: of each cell the ids of its actors, as many as its score.
fn cells(table: &BTreeMap<String, Row>, actors: impl Fn(&Row) -> BTreeSet<String>) -> Vec<String> {
    let mut cells: Vec<String> = Vec::new();
    for (id, row) in table {
        let actors = actors(row);
        for tactic in row.tactics.iter().filter(|_| !actors.is_empty()) {
            let ids: Vec<&str> = actors.iter().map(String::as_str).collect();
            cells.push(format!("{id} {tactic} {} {} {}", actors.len(), ids.join(" "), ids.len()));
        }
    }
    cells.sort();
    cells
}

/// The same of a layer: the ids are those of its comment; how many links there are is the last.
fn told(layer: &Layer) -> Vec<String> {
    let mut told: Vec<String> = Vec::new();
    for entry in layer.annotations.iter() {
        let mark = layer.mark_of(entry, None);
        let ids = mark.comment.split(['(', ')']).skip(1).step_by(2);
        let ids: Vec<&str> = ids.collect::<BTreeSet<_>>().into_iter().collect();
        let tactic = entry.key.tactic.as_ref().unwrap();
        let score = mark.score.unwrap();
        told.push(format!("{} {tactic} {score} {} {}", entry.key.technique, ids.join(" "), entry.links.len()));
    }
    told.sort();
    told
}

fn again(layer: &Layer, knowledge: &Knowledge) -> Layer {
    layer::read(write(layer, &placements(knowledge)).as_bytes()).unwrap().layers.remove(0)
}

fn placements(knowledge: &Knowledge) -> Vec<Key> {
    matrix::placements(knowledge).into_iter().map(|(technique, tactic)| Key::new(technique, tactic)).collect()
}

fn actor(knowledge: &Knowledge, id: &str) -> usize {
    knowledge.actors.iter().position(|actor| actor.id == id).unwrap()
}

fn attack(release: &str) -> Knowledge {
    bundle(&format!("attack-containers-{release}"))
}

fn microsoft() -> Knowledge {
    bundle("microsoft-kubernetes")
}

fn bundle(name: &str) -> Knowledge {
    read(&fs::read(repository().join(format!("data/{name}.json"))).unwrap()).unwrap().knowledge
}

fn facts() -> Option<PathBuf> {
    facts::found("microsoft-k8s.json").and_then(|file| Some(file.parent()?.to_owned()))
}

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

fn items(list: &Value) -> impl Iterator<Item = &Value> + Clone {
    list.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
