//! Drafts of contributions as a STIX bundle, read by the `stix2` library in strict mode. Needs the Python that `tests/python`
//! finds; without it the test says that it was skipped.

// Helpers of tests are tests, which clippy doesn't see.
#![allow(clippy::unwrap_used)]

mod python;

use bulkhead::attack::{
    self, ActorKind, Knowledge, TacticName, TechniqueId, Tier, TierSet,
    draft::{Draft, Kind, Reference, bundle},
};
use serde_json::{Value, json};
use std::{fs, path::Path};

/// Parses the bundle strictly and hands its objects back as the library has them.
const SCRIPT: &str = "
import json, sys, stix2

with open(sys.argv[1], encoding='utf-8') as file:
    bundle = stix2.parse(file.read(), allow_custom=False, version='2.1')
with open(sys.argv[2], 'w', encoding='utf-8') as file:
    json.dump([json.loads(it.serialize()) for it in bundle.objects], file)
";

fn knowledge() -> Knowledge {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/attack-containers-19.2.json");
    attack::read(&fs::read(path).unwrap()).unwrap().knowledge
}

fn id(number: u32) -> String {
    format!("00000000-0000-4000-8000-{number:012}")
}

fn drafts(knowledge: &Knowledge) -> Vec<(String, Draft)> {
    let deploy = TechniqueId::parse("T1610").unwrap();
    let filled = |kind: Kind, about: Option<&TechniqueId>| Draft {
        behaviour: "What is done.\nAnd <why>.".to_owned(),
        in_the_wild: true,
        visibility: "Seen by ourselves".to_owned(),
        contributor: "Example Team".to_owned(),
        references: vec![
            Reference { title: "Example. 2026".to_owned(), url: "https://example.org/report".to_owned() },
            Reference { title: "no address".to_owned(), url: "javascript:alert(1)".to_owned() },
        ],
        ..Draft::begin(kind, knowledge, about)
    };
    let technique = Draft {
        name: "Admission Policy Shadowing".to_owned(),
        tactics: vec![TacticName::parse("persistence").unwrap()],
        tiers: Some(TierSet::Both),
        primary: Some(Tier::Container),
        technique: Some(deploy.clone()),
        detection: "Audit log".to_owned(),
        ..filled(Kind::Technique, None)
    };
    let procedure = |actor: &str, kind| Draft {
        actor: actor.to_owned(),
        actor_kind: kind,
        seen: "A test cluster".to_owned(),
        ..filled(Kind::Procedure, Some(&deploy))
    };
    let tier = Draft { tiers: Some(TierSet::One(Tier::Container)), ..filled(Kind::Tier, Some(&deploy)) };
    let all = [
        technique,
        procedure("teamtnt", Some(ActorKind::Group)),
        procedure("A worm", Some(ActorKind::Software)),
        procedure("A campaign", Some(ActorKind::Campaign)),
        filled(Kind::Placement, Some(&deploy)),
        tier,
        // Blank ones, too: they are passed on as what they are.
        Draft::begin(Kind::Technique, knowledge, None),
        Draft::begin(Kind::Procedure, knowledge, None),
        Draft::begin(Kind::Tier, knowledge, None),
    ];
    all.into_iter().zip(1..).map(|(draft, number)| (id(number), draft)).collect()
}

fn made(knowledge: &Knowledge, drafts: &[(String, Draft)]) -> Value {
    let mut count = 1000;
    bundle(drafts.iter().map(|(id, draft)| (id.as_str(), draft)), knowledge, "2026-01-31T12:00:00.000Z", || {
        count += 1;
        id(count)
    })
}

#[test]
fn drafts_pass_stix2_in_strict_mode_and_say_there_what_they_say() {
    let knowledge = knowledge();
    let given = made(&knowledge, &drafts(&knowledge));
    let Some(told) = python::made_of(SCRIPT, "drafts.json", given.to_string().as_bytes()) else { return };
    let told = told.as_array().unwrap();
    let of = |kind: &str| told.iter().filter(|it| it["type"] == kind).collect::<Vec<_>>();
    let technique = of("attack-pattern");
    assert_eq!(technique.len(), 2);
    assert_eq!(technique[0]["name"], "Admission Policy Shadowing");
    assert_eq!(technique[0]["description"], "What is done.\nAnd <why>.");
    assert_eq!(
        technique[0]["kill_chain_phases"],
        json!([{"kill_chain_name": "mitre-attack", "phase_name": "persistence"}])
    );
    assert_eq!(
        technique[0]["external_references"],
        json!([{"source_name": "Example. 2026", "url": "https://example.org/report"}])
    );
    let stix_id = &knowledge.technique(&TechniqueId::parse("T1610").unwrap()).unwrap().stix_id;
    let relations: Vec<(&str, &str)> = of("relationship")
        .iter()
        .map(|it| (it["relationship_type"].as_str().unwrap(), it["target_ref"].as_str().unwrap()))
        .collect();
    let stix_id = stix_id.as_str();
    assert_eq!(relations, [("subtechnique-of", stix_id), ("uses", stix_id), ("uses", stix_id), ("uses", stix_id)]);
    // One that the bundle knows has its name and id.
    let groups = of("intrusion-set");
    assert_eq!(groups[0]["name"], "TeamTNT");
    assert_eq!(groups[0]["external_references"][0]["external_id"], "G0139");
    assert_eq!((of("malware").len(), of("campaign").len(), of("note").len()), (1, 1, 2));
}

#[test]
fn a_tier_argument_is_read_as_a_judgement() {
    let knowledge = knowledge();
    let drafts = drafts(&knowledge);
    let given = made(&knowledge, &drafts[5..6]);
    let shared = attack::assignment::read(given.to_string().as_bytes(), &knowledge).unwrap();
    let judgement = shared.assignment.of(&TechniqueId::parse("T1610").unwrap()).unwrap();
    assert_eq!(
        (judgement.tiers, judgement.reason.as_str()),
        (TierSet::One(Tier::Container), "What is done.\nAnd <why>.")
    );
}

#[test]
fn an_exported_draft_has_the_same_id_each_time() {
    let knowledge = knowledge();
    let drafts = drafts(&knowledge);
    let id_of = |value: &Value| value["objects"][3]["id"].clone();
    let first = id_of(&made(&knowledge, &drafts[..1]));
    assert_eq!(first, json!(format!("attack-pattern--{}", id(1))));
    assert_eq!(id_of(&made(&knowledge, &drafts[..1])), first);
}
