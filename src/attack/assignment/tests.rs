//! Judgements over a bundle's tiers, how they differ from ours, and their way out and in as STIX.

use super::*;
use crate::attack::{Confidence, Release, TechniqueId};
use serde_json::{Value, json};

const O: Tier = Tier::Orchestration;
const C: Tier = Tier::Container;

fn id(text: &str) -> TechniqueId {
    TechniqueId::parse(text).unwrap()
}

fn ours(tiers: TierSet, primary: Tier) -> TierAssignment {
    TierAssignment {
        tiers,
        primary,
        confidence: Some(Confidence::High),
        objects: vec!["Pod".into()],
        rationale: "ours".into(),
    }
}

/// Techniques in orchestration, in both (container first), and in no tier.
fn knowledge() -> Knowledge {
    let technique = |name: &str, number: u8, tier| Technique {
        stix_id: format!("attack-pattern--00000000-0000-4000-8000-00000000000{number}"),
        name: format!("Technique {number}"),
        tier,
        ..Technique::bare(name)
    };
    let techniques = vec![
        technique("T1001", 1, Some(ours(TierSet::One(O), O))),
        technique("T1002", 2, Some(ours(TierSet::Both, C))),
        technique("MS-TA9003", 3, None),
    ];
    Knowledge::new(Release::default(), vec![], techniques, vec![], vec![], vec![], vec![])
}

fn assignment(said: &[(&str, TierSet, Tier, &str)]) -> Assignment {
    let knowledge = knowledge();
    let mut assignment = Assignment::default();
    for (name, tiers, primary, reason) in said {
        assignment.judge(&knowledge, &id(name), Judgement::new(*tiers, *primary, *reason));
    }
    assignment
}

fn shared(assignment: &Assignment) -> Value {
    let mut count = 0;
    share(assignment, &knowledge(), "2026-01-31T12:00:00.000Z", || {
        count += 1;
        format!("00000000-0000-4000-9000-{count:012}")
    })
}

#[test]
fn a_judgement_is_told_by_what_it_changes() {
    let table = [
        (None, TierSet::One(O), O, "", Some(Change::New)),
        (Some((TierSet::One(O), O)), TierSet::One(C), C, "", Some(Change::Moved)),
        (Some((TierSet::One(O), O)), TierSet::Both, O, "", Some(Change::Widened)),
        (Some((TierSet::Both, O)), TierSet::One(O), O, "", Some(Change::Narrowed)),
        (Some((TierSet::Both, O)), TierSet::Both, C, "", Some(Change::Primary)),
        (Some((TierSet::Both, O)), TierSet::Both, O, "mine", Some(Change::Reason)),
        (Some((TierSet::Both, O)), TierSet::Both, O, "ours", None),
        (Some((TierSet::One(C), C)), TierSet::One(C), C, " ", None),
        // A primary tier that is none of the tiers gives way.
        (Some((TierSet::One(C), C)), TierSet::One(C), O, "", None),
    ];
    for (before, tiers, primary, reason, change) in table {
        let before = before.map(|(tiers, primary)| ours(tiers, primary));
        let judgement = Judgement::new(tiers, primary, reason);
        assert_eq!(judgement.change(before.as_ref()), change, "{before:?} {judgement:?}");
    }
}

#[test]
fn judgements_change_the_tiers_and_nothing_else() {
    let before = knowledge();
    let after = assignment(&[("T1001", TierSet::Both, C, "mine"), ("MS-TA9003", TierSet::One(C), C, "")]).over(&before);
    assert_eq!(after.tiers_of(&id("T1001")), TierSet::Both);
    assert_eq!(after.tiers_of(&id("MS-TA9003")), TierSet::One(C));
    assert_eq!(after.technique(&id("T1002")), before.technique(&id("T1002")));
    let tier = after.technique(&id("T1001")).unwrap().tier.clone().unwrap();
    assert_eq!((tier.primary, tier.rationale.as_str(), tier.confidence), (C, "mine", None));
    assert_eq!(tier.objects, ["Pod"]);
    assert_eq!(Assignment::default().over(&before), before);
}

#[test]
fn what_only_repeats_the_bundle_is_no_judgement() {
    let mut said = assignment(&[("T1001", TierSet::One(C), C, "mine")]);
    assert_eq!(said.len(), 1);
    said.judge(&knowledge(), &id("T1001"), Judgement::new(TierSet::One(O), O, ""));
    assert!(said.is_empty());
}

#[test]
fn differences_name_both_views() {
    let knowledge = knowledge();
    let said = assignment(&[("T1002", TierSet::One(O), O, "mine"), ("MS-TA9003", TierSet::Both, O, "")]);
    let told: Vec<_> = said.differences(&knowledge).iter().map(|it| (it.technique.id.to_string(), it.change)).collect();
    assert_eq!(told, [("MS-TA9003".to_owned(), Change::New), ("T1002".to_owned(), Change::Narrowed)]);
}

#[test]
fn what_is_shared_is_read_back() {
    let said = assignment(&[
        ("T1001", TierSet::Both, C, "a reason\nof two lines"),
        ("T1002", TierSet::One(O), O, ""),
        ("MS-TA9003", TierSet::One(C), C, "<b>"),
    ]);
    let bundle = shared(&said);
    let notes: Vec<&Value> = bundle["objects"].as_array().unwrap().iter().filter(|it| it["type"] == "note").collect();
    assert_eq!(notes.len(), 3);
    assert!(notes.iter().all(|note| note["content"] != ""));
    let back = read(bundle.to_string().as_bytes(), &knowledge()).unwrap();
    assert_eq!(back, Shared { assignment: said, passed_over: vec![] });
}

#[test]
fn what_is_not_understood_is_passed_over_and_named() {
    let note = |name: &str, tiers: Value, primary: &str| {
        json!({"type": "note", "external_references": [{"external_id": name}],
            "extensions": {"extension-definition--b888a9b2-4889-539b-9ac9-e239f98a2c53": {"tiers": tiers, "primary_tier": primary}}})
    };
    let objects = json!([
        {"type": "note"}, 7, note("T1001", json!(["container"]), "container"), note("T1002", json!(["cloud"]), "container"),
        note("T9999", json!(["container"]), "container"), note("T1002", json!([]), "container"), note("<", json!("x"), "x"),
        note("T1002", json!(["container"]), "cloud"),
    ]);
    let bundle = json!({"type": "bundle", "objects": objects}).to_string();
    let back = read(bundle.as_bytes(), &knowledge()).unwrap();
    assert_eq!(back.assignment, assignment(&[("T1001", TierSet::One(C), C, "")]));
    let places: Vec<&str> = back.passed_over.iter().filter_map(|line| line.split(':').next()).collect();
    assert_eq!(places, ["object 4", "object 5", "object 6", "object 7", "object 8"]);
}

#[test]
fn what_is_no_bundle_of_judgements_is_refused() {
    let large = vec![b' '; MAXIMUM_BYTES + 1];
    let table: [(&[u8], &str); 6] = [
        (b"", "not JSON"),
        (b"{\"type\": \"bundle\"", "not JSON"),
        (b"[]", "no STIX bundle"),
        (b"{\"type\": \"bundle\"}", "no STIX bundle"),
        (b"{\"type\": \"bundle\", \"objects\": [{\"type\": \"note\"}]}", "no tier assignments"),
        (&large, "larger than 8 MB"),
    ];
    for (bytes, words) in table {
        let error = read(bytes, &knowledge()).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }
}

#[test]
fn two_views_are_set_against_each_other_and_taken_together() {
    let mine = assignment(&[("T1001", TierSet::One(C), C, "mine"), ("T1002", TierSet::One(O), O, "")]);
    let theirs = assignment(&[
        ("T1001", TierSet::Both, C, "theirs"),
        ("T1002", TierSet::One(O), O, ""),
        ("MS-TA9003", TierSet::One(C), C, ""),
    ]);
    let apart: Vec<(&str, [bool; 2])> =
        mine.against(&theirs).into_iter().map(|(id, both)| (id.as_str(), both.map(|it| it.is_some()))).collect();
    assert_eq!(apart, [("MS-TA9003", [false, true]), ("T1001", [true, true])]);
    assert_eq!(mine.with(&theirs), theirs);
}

#[test]
fn a_file_of_judgements_is_told_from_a_bundle_of_techniques_by_its_beginning() {
    let said = assignment(&[("T1001", TierSet::One(C), C, "mine")]);
    let start = |text: String| text.chars().take(2000).collect::<String>();
    let text = serde_json::to_string_pretty(&shared(&said)).unwrap();
    assert!(looks_shared(&start(shared(&said).to_string())) && looks_shared(&start(text)));
    let ours = include_str!("../../../data/attack-containers-19.2.json");
    assert!(!looks_shared(&start(ours.to_owned())));
}
