//! Layers from real detection content: their counts are those of an independent reading of the same files, and of the
//! facts that somebody else took from them. Both are in `../shared/data` or the folder that BULKHEAD_FACTS names; without
//! them the tests say so and pass.

#![allow(clippy::unwrap_used)] // a file that is there and broken is a failed test

mod facts;

use bulkhead::{
    attack::{self, Knowledge},
    import::{Choices, Kind, Plan, Planned, read_files},
    layer::{self, Layer},
};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// How often each technique is named: by rules, each rule once.
type Counts = BTreeMap<String, usize>;

#[test]
fn falco_rules_give_the_counts_of_a_plain_reading() {
    let Some(folder) = content() else { return };
    for name in ["falco_rules.yaml", "falco-incubating_rules.yaml", "falco-sandbox_rules.yaml"] {
        let path = folder.join("falcosecurity__rules/rules").join(name);
        let expected = plain_falco(&fs::read_to_string(&path).unwrap());
        assert!(expected.len() > 5, "{name}");
        let planned = planned(&[path], |choices| choices.off = true);
        assert_eq!(counts(&planned), expected, "{name}");
    }
}

#[test]
fn falco_rules_that_are_not_enabled_count_only_where_asked_for() {
    let (Some(folder), Some(facts)) = (content(), facts("falco")) else { return };
    let enabled: Vec<&Value> = facts.iter().filter(|fact| fact["enabled"] != Value::Bool(false)).collect();
    assert!(enabled.len() < facts.len());
    let files = |fact: &Value| folder.join(stored(fact));
    let paths: Vec<PathBuf> = facts.iter().map(files).collect::<BTreeSet<_>>().into_iter().collect();
    assert_eq!(counts(&planned(&paths, |_| {})), of_facts(&enabled));
    assert_eq!(counts(&planned(&paths, |choices| choices.off = true)), of_facts(&facts.iter().collect::<Vec<_>>()));
    let all = planned(&paths, |choices| choices.off = true);
    assert_eq!(all.rules, facts.len());
    let named = facts.iter().filter(|fact| !fact["technique_ids"].as_array().unwrap().is_empty()).count();
    assert_eq!(all.mapped, named);
    let left: usize =
        all.left.iter().filter(|left| left.reason.starts_with("Names")).map(|left| left.rules.len()).sum();
    assert_eq!(left, facts.len() - named, "what names no technique is listed");
}

#[test]
fn other_makers_rules_give_the_counts_of_their_facts() {
    let Some(folder) = content() else { return };
    for (source, kind) in [("sigma", Kind::Sigma), ("splunk", Kind::Splunk), ("atomic-red-team", Kind::Atomic)] {
        let Some(facts) = facts(source) else { return };
        // A few facts are of files that are not there.
        let facts: Vec<&Value> = facts.iter().filter(|fact| folder.join(stored(fact)).exists()).collect();
        let paths: BTreeSet<PathBuf> = facts.iter().map(|fact| folder.join(stored(fact))).collect();
        let planned = planned(&paths.into_iter().collect::<Vec<_>>(), |choices| choices.off = true);
        assert_eq!(planned.kind, kind);
        assert_eq!(counts(&planned), of_facts(&facts), "{source}");
    }
}

#[test]
fn the_sigma_sample_gives_the_counts_of_a_plain_reading() {
    let Some(folder) = content() else { return };
    let mut paths = Vec::new();
    collect(&folder.join("SigmaHQ__sigma"), "yml", &mut paths);
    assert!(paths.len() > 30);
    let mut expected = Counts::new();
    for path in &paths {
        let text = fs::read_to_string(path).unwrap();
        let tags =
            text.lines().skip_while(|line| !line.starts_with("tags:")).skip(1).take_while(|line| line.starts_with(' '));
        let ids: BTreeSet<String> =
            tags.filter_map(|line| line.trim().strip_prefix("- attack.t")).map(|id| format!("T{id}")).collect();
        ids.into_iter().for_each(|id| *expected.entry(id).or_default() += 1);
    }
    assert_eq!(counts(&planned(&paths, |_| {})), expected);
}

#[test]
fn the_index_of_tests_says_the_same_as_the_tests() {
    let Some(folder) = content() else { return };
    let atomics = folder.join("redcanaryco__atomic-red-team/atomics");
    let index = counts(&planned(&[atomics.join("Indexes/Indexes-CSV/containers-index.csv")], |_| {}));
    let mut paths = Vec::new();
    collect(&atomics, "yaml", &mut paths);
    let mut tests = counts(&planned(&paths, |_| {}));
    // Some of the tests stand in no tactic of it.
    tests.retain(|id, _| index.contains_key(id));
    assert_eq!(tests, index);
    assert!(index.len() > 8);
}

#[test]
fn a_layer_of_rules_is_a_layer_like_others() {
    let Some(folder) = content() else { return };
    let planned = planned(&[folder.join("falcosecurity__rules/rules/falco_rules.yaml")], |_| {});
    let layer =
        planned.layer(Layer::new("Falco rules", "enterprise-attack", Some("19"), vec!["Containers".to_owned()]));
    let again = layer::read(layer::write(&layer, &[]).as_bytes()).unwrap();
    assert!(again.notes.is_empty(), "{:?}", again.notes);
    assert_eq!(again.layers[0].annotations.len(), layer.annotations.len());
    let scored: BTreeSet<&str> = layer.annotations.iter().map(|entry| entry.key.technique.as_str()).collect();
    assert_eq!(scored, planned.techniques.iter().map(|it| it.id.as_str()).collect());
}

// ---- the app's reading

fn planned(paths: &[PathBuf], choose: impl Fn(&mut Choices)) -> Planned {
    let files: Vec<(String, Vec<u8>)> =
        paths.iter().map(|path| (path.to_string_lossy().into_owned(), fs::read(path).unwrap())).collect();
    let files: Vec<(&str, &[u8])> = files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect();
    let material = read_files(&files);
    assert_eq!((material.problems.len(), material.others), (0, 0), "{:?}", material.problems);
    let knowledge = knowledge();
    let mut choices = Choices::new(&material, &knowledge);
    // As the files have it: what the bundle makes of it is tested with the plan.
    choices.replaced = false;
    choose(&mut choices);
    let mut layers = Plan::of(&material, &choices, &knowledge).layers;
    assert_eq!(layers.len(), 1);
    layers.remove(0)
}

fn knowledge() -> Knowledge {
    attack::read(include_bytes!("../data/attack-containers-19.2.json")).unwrap().knowledge
}

fn counts(planned: &Planned) -> Counts {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    planned.techniques.iter().map(|it| (it.id.to_string(), it.score.value() as usize)).collect()
}

// ---- a plain reading, and the facts

/// A rule's tags stand in one line of Falco's own files; a rule begins in a line of its own.
fn plain_falco(text: &str) -> Counts {
    let mut counts = Counts::new();
    for rule in text.split("\n- ").filter(|item| item.starts_with("rule:")) {
        let tags = rule.lines().filter_map(|line| line.trim().strip_prefix("tags: [")?.strip_suffix(']'));
        let is_id =
            |tag: &&str| tag.strip_prefix('T').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        let ids: BTreeSet<&str> = tags.flat_map(|tags| tags.split(',')).map(str::trim).filter(is_id).collect();
        ids.into_iter().for_each(|id| *counts.entry(id.to_owned()).or_default() += 1);
    }
    counts
}

fn of_facts(facts: &[&Value]) -> Counts {
    let mut counts = Counts::new();
    for fact in facts {
        for id in fact["technique_ids"].as_array().unwrap() {
            *counts.entry(id.as_str().unwrap().to_owned()).or_default() += 1;
        }
    }
    counts
}

fn facts(source: &str) -> Option<Vec<Value>> {
    let all: Value =
        serde_json::from_slice(&fs::read(facts::found("detections/detection-facts.json")?).unwrap()).unwrap();
    Some(all["facts"].as_array().unwrap().iter().filter(|fact| fact["source"] == source).cloned().collect())
}

/// Where a rule's file is stored.
fn stored(fact: &Value) -> PathBuf {
    Path::new(&fact["repo"].as_str().unwrap().replace('/', "__")).join(fact["path"].as_str().unwrap())
}

fn content() -> Option<PathBuf> {
    facts::found("detections")
}

fn collect(folder: &Path, ending: &str, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, ending, paths);
        } else if path.extension().is_some_and(|own| own == ending) {
            paths.push(path);
        }
    }
    paths.sort();
}
