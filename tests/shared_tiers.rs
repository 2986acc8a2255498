//! Tier assignments of the user's, as the bundle that is passed on: read by the `stix2` library in strict mode, and read
//! back here. Needs the Python that `tests/python` finds; without it the test says that it was skipped.

// Helpers of tests are tests, which clippy doesn't see.
#![allow(clippy::unwrap_used)]

mod python;

use bulkhead::attack::{
    self, Knowledge, Technique, Tier, TierSet,
    assignment::{Assignment, Judgement, read, share},
};
use serde_json::{Value, json};
use std::{fs, path::Path};

/// Parses each bundle strictly and says, for each of its notes, what it is about and which tiers it names.
const SCRIPT: &str = "
import json, sys, stix2

with open(sys.argv[1], encoding='utf-8') as file:
    bundle = stix2.parse(file.read(), allow_custom=False, version='2.1')
notes = [json.loads(it.serialize()) for it in bundle.objects if it['type'] == 'note']
with open(sys.argv[2], 'w', encoding='utf-8') as file:
    json.dump([[note['object_refs'], list(note['extensions'].values())[0]['tiers']] for note in notes], file)
";

#[test]
fn tier_assignments_pass_stix2_in_strict_mode() {
    let knowledge = knowledge();
    let given = bundle(&knowledge, &turned(&knowledge)).to_string();
    let Some(told) = python::made_of(SCRIPT, "tiers.json", given.as_bytes()) else { return };
    let expected: Vec<Value> =
        knowledge.techniques.iter().map(|it| json!([[it.stix_id], [turned_tier(it).word()]])).collect();
    assert_eq!(told, json!(expected));
}

#[test]
fn every_technique_turned_round_is_read_back_and_differs() {
    let knowledge = knowledge();
    let given = turned(&knowledge);
    let back = read(bundle(&knowledge, &given).to_string().as_bytes(), &knowledge).unwrap();
    assert!(back.passed_over.is_empty(), "{:?}", back.passed_over);
    assert_eq!(back.assignment, given);
    assert_eq!(given.differences(&knowledge).len(), knowledge.techniques.len());
}

#[test]
fn our_own_bundle_differs_from_itself_in_nothing() {
    let back = read(&ours(), &knowledge()).unwrap();
    assert_eq!(back.assignment, Assignment::default());
    assert!(back.passed_over.is_empty(), "{:?}", back.passed_over);
}

/// Every technique in the one tier where we don't look first.
fn turned(knowledge: &Knowledge) -> Assignment {
    let mut assignment = Assignment::default();
    for technique in &knowledge.techniques {
        let tier = turned_tier(technique);
        assignment.judge(knowledge, &technique.id, Judgement::new(TierSet::One(tier), tier, "because"));
    }
    assignment
}

fn turned_tier(technique: &Technique) -> Tier {
    technique.tier.as_ref().map_or(Tier::Container, |tier| tier.primary.other())
}

fn bundle(knowledge: &Knowledge, assignment: &Assignment) -> Value {
    let mut count = 0;
    share(assignment, knowledge, "2026-01-31T12:00:00.000Z", || {
        count += 1;
        format!("00000000-0000-4000-9000-{count:012}")
    })
}

fn knowledge() -> Knowledge {
    attack::read(&ours()).unwrap().knowledge
}

fn ours() -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("data/attack-containers-19.2.json")).unwrap()
}
