//! The reader on small bundles: what it takes, what it leaves out and says so, what it refuses.

use super::*;
use crate::attack::{ActorKind, TechniqueId, Tier, TierSet};
use serde_json::{Value, json};

fn reference(id: &str) -> Value {
    json!([{"source_name": "capec", "external_id": "CAPEC-1"}, {"source_name": "mitre-attack", "external_id": id, "url": format!("https://example.org/{id}")}])
}

fn objects() -> Vec<Value> {
    vec![
        json!({"type": "x-mitre-matrix", "id": "m0", "name": "Old", "x_mitre_deprecated": true, "tactic_refs": ["t1"]}),
        json!({"type": "x-mitre-matrix", "id": "m1", "name": "Test ATT&CK", "tactic_refs": ["t2", "t1", "t9"]}),
        json!({"type": "x-mitre-tactic", "id": "t1", "name": "Execution", "x_mitre_shortname": "execution", "external_references": reference("TA0002")}),
        json!({"type": "x-mitre-tactic", "id": "t2", "name": "Stealth", "x_mitre_shortname": "stealth", "external_references": reference("TA0005")}),
        json!({"type": "attack-pattern", "id": "a1", "name": "Parent <b>", "description": "(Citation: Z) Text. (Citation: A) More (of it).(Citation: B)",
            "kill_chain_phases": [{"kill_chain_name": "mitre-attack", "phase_name": "execution"}, {"phase_name": "gone"}],
            "x_mitre_platforms": ["Containers", " Linux "], "x_mitre_domains": ["enterprise-attack"], "external_references": reference("T1059")}),
        json!({"type": "attack-pattern", "id": "a2", "name": "Child", "x_mitre_is_subtechnique": true,
            "kill_chain_phases": [{"phase_name": "stealth"}], "external_references": reference("T1059.013"),
            "extensions": {"extension-definition--1": {"tiers": ["container", "orchestration"], "primary_tier": "container",
                "confidence": "high", "objects": ["socket"], "rationale": "because"}}}),
        json!({"type": "attack-pattern", "id": "a3", "name": "Gone", "revoked": true, "external_references": reference("T1562")}),
        json!({"type": "attack-pattern", "id": "a4", "name": "Old", "x_mitre_deprecated": true, "external_references": reference("T1000")}),
        json!({"type": "intrusion-set", "id": "g1", "name": "Group", "aliases": ["Group", "Other"], "external_references": reference("G0001"),
            "extensions": {"extension-definition--2": {"container_native": true}}}),
        json!({"type": "malware", "id": "s1", "name": "A tool", "external_references": reference("S0001")}),
        json!({"type": "malware", "id": "s2", "name": "Unrelated", "external_references": reference("S0002")}),
        json!({"type": "course-of-action", "id": "c1", "name": "Audit", "external_references": reference("M1047")}),
        json!({"type": "x-mitre-detection-strategy", "id": "d1", "name": "See it", "x_mitre_analytic_refs": ["n1", "n2"], "external_references": reference("DET0001")}),
        json!({"type": "x-mitre-analytic", "id": "n1", "x_mitre_platforms": ["Containers"], "x_mitre_log_source_references": [{"name": "kubernetes:audit"}]}),
        json!({"type": "x-mitre-analytic", "id": "n2", "x_mitre_platforms": ["Windows"], "x_mitre_log_source_references": [{"name": "WinEventLog"}]}),
        json!({"type": "relationship", "id": "r1", "relationship_type": "uses", "source_ref": "s1", "target_ref": "a1"}),
        json!({"type": "relationship", "id": "r2", "relationship_type": "uses", "source_ref": "g1", "target_ref": "a1",
            "extensions": {"extension-definition--2": {"container_related": true}}}),
        json!({"type": "relationship", "id": "r3", "relationship_type": "uses", "source_ref": "s2", "target_ref": "a1", "revoked": true}),
        json!({"type": "relationship", "id": "r4", "relationship_type": "mitigates", "source_ref": "c1", "target_ref": "a1"}),
        json!({"type": "relationship", "id": "r5", "relationship_type": "detects", "source_ref": "d1", "target_ref": "a1"}),
        json!({"type": "relationship", "id": "r6", "relationship_type": "subtechnique-of", "source_ref": "a2", "target_ref": "a1"}),
        json!({"type": "relationship", "id": "r7", "relationship_type": "revoked-by", "source_ref": "a3", "target_ref": "a1"}),
        json!({"type": "unheard-of", "id": "x"}),
    ]
}

fn bundle(objects: &[Value]) -> String {
    json!({"type": "bundle", "id": "bundle--1", "objects": objects}).to_string()
}

fn reading(objects: &[Value]) -> Reading {
    read(bundle(objects).as_bytes()).unwrap()
}

#[test]
fn reading_tells_how_far_it_is() {
    let bytes = include_bytes!("../../../data/attack-containers-19.2.json");
    let mut told = Vec::new();
    let watched = super::read_watched(bytes, &mut |at| told.push(at)).unwrap();
    assert_eq!(watched.knowledge, super::read(bytes).unwrap().knowledge);
    assert!(told.len() > 3 && told.windows(2).all(|pair| pair[0] < pair[1]), "{told:?}");
    assert!(told.iter().all(|at| *at < bytes.len()), "{told:?}");
}

#[test]
fn tactics_stand_in_the_order_of_the_live_matrix() {
    let Reading { knowledge, warnings } = reading(&objects());
    let names: Vec<&str> = knowledge.tactics.iter().map(|tactic| tactic.short_name.as_str()).collect();
    assert_eq!(names, ["stealth", "execution"]);
    assert_eq!(knowledge.tactics[1].id, "TA0002");
    let warnings: Vec<String> = warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        warnings,
        [
            "the matrix names the tactic t9, which is not there: left out",
            "T1059 is in the tactic \"gone\", which no matrix has",
        ]
    );
}

#[test]
fn techniques_keep_their_text_as_text_and_lose_citations() {
    let knowledge = reading(&objects()).knowledge;
    let parent = &knowledge.techniques[0];
    assert_eq!(parent.id.as_str(), "T1059");
    assert_eq!(parent.name, "Parent <b>");
    assert_eq!(parent.description, "Text.  More (of it).");
    assert_eq!(parent.platforms, ["Containers", "Linux"]);
    assert_eq!(parent.url.as_deref(), Some("https://example.org/T1059"));
    let child = &knowledge.techniques[1];
    assert_eq!(child.parent.as_ref(), Some(&parent.id));
    let tier = child.tier.as_ref().unwrap();
    assert_eq!((tier.tiers, tier.primary), (TierSet::Both, Tier::Container));
}

#[test]
fn a_citation_without_an_end_takes_no_text_along() {
    let mut objects = objects();
    objects[4]["description"] = json!("Text. (Citation: A) More. (Citation: B and all that follows.");
    assert_eq!(
        reading(&objects).knowledge.techniques[0].description,
        "Text.  More. (Citation: B and all that follows."
    );
}

#[test]
fn what_stands_under_a_sub_technique_or_under_itself_is_not_lost() {
    let mut objects = objects();
    for (at, id) in ["T2000", "T2001", "T2002"].into_iter().enumerate() {
        let phases = json!([{"phase_name": "execution"}]);
        objects.push(
            json!({"type": "attack-pattern", "id": format!("b{at}"), "kill_chain_phases": phases, "external_references": reference(id)}),
        );
    }
    for (child, parent) in [("b0", "a2"), ("b1", "b1"), ("b2", "b0")] {
        objects.push(json!({"type": "relationship", "relationship_type": "subtechnique-of", "source_ref": child, "target_ref": parent}));
    }
    let knowledge = reading(&objects).knowledge;
    let under: Vec<&str> =
        knowledge.subtechniques_of(&knowledge.techniques[0].id).map(|technique| technique.id.as_str()).collect();
    assert_eq!(under, ["T1059.013", "T2000", "T2002"]);
    let tops: Vec<&str> = knowledge.tops().map(|technique| technique.id.as_str()).collect();
    assert_eq!(tops, ["T1059", "T2001"]);
}

#[test]
fn relations_lead_to_what_is_live_and_the_container_related_come_first() {
    let knowledge = reading(&objects()).knowledge;
    let parent = &knowledge.techniques[0];
    let users: Vec<(&str, bool)> =
        parent.uses.iter().map(|seen| (knowledge.actors[seen.actor].name.as_str(), seen.container_related)).collect();
    assert_eq!(users, [("Group", true), ("A tool", false)]);
    assert_eq!(knowledge.actors.len(), 2);
    let group = knowledge.actors.iter().find(|actor| actor.kind == ActorKind::Group).unwrap();
    assert_eq!((group.aliases.as_slice(), group.container_native), (&["Other".to_owned()][..], true));
    assert_eq!(knowledge.mitigations[parent.mitigations[0]].id, "M1047");
    assert_eq!(knowledge.detections[parent.detections[0]].log_sources, ["WinEventLog", "kubernetes:audit"]);
}

#[test]
fn an_actor_seen_against_containers_and_elsewhere_is_named_once() {
    let mut objects = objects();
    objects.extend([
        json!({"type": "relationship", "relationship_type": "uses", "source_ref": "g1", "target_ref": "a1"}),
        json!({"type": "relationship", "relationship_type": "uses", "source_ref": "s1", "target_ref": "a1",
            "extensions": {"extension-definition--2": {"container_related": true}}}),
    ]);
    let knowledge = reading(&objects).knowledge;
    let users = knowledge.techniques[0].uses.iter();
    let users: Vec<_> =
        users.map(|seen| (knowledge.actors[seen.actor].name.as_str(), seen.container_related)).collect();
    assert_eq!(users, [("Group", true), ("A tool", true)]);
}

#[test]
fn revoked_and_deprecated_techniques_are_known_as_such() {
    let knowledge = reading(&objects()).knowledge;
    let retired: Vec<(String, Option<String>)> = knowledge
        .retired
        .iter()
        .map(|it| (it.id.to_string(), it.replaced_by.as_ref().map(ToString::to_string)))
        .collect();
    assert_eq!(retired, [("T1000".to_owned(), None), ("T1562".to_owned(), Some("T1059".to_owned()))]);
}

/// As `T1150`, `T1162` and `T1073` in ATT&CK 18.
#[test]
fn what_was_revoked_in_favour_of_a_technique_that_is_revoked_too_leads_on() {
    let mut objects = objects();
    objects.insert(
        0,
        json!({"type": "relationship", "relationship_type": "revoked-by", "source_ref": "a5", "target_ref": "a3"}),
    );
    objects.push(
        json!({"type": "attack-pattern", "id": "a5", "name": "Gone before", "revoked": true, "external_references": reference("T1089")}),
    );
    let knowledge = reading(&objects).knowledge;
    let next = |id: &str| knowledge.retired(&TechniqueId::parse(id).unwrap()).and_then(|it| it.replaced_by.as_ref());
    assert_eq!(next("T1089").map(TechniqueId::as_str), Some("T1562"));
    assert_eq!(next("T1562").map(TechniqueId::as_str), Some("T1059"));
}

#[test]
fn a_data_component_that_a_technique_names_in_words_too_is_there_once() {
    let shown = |objects: &[Value]| {
        let knowledge = reading(objects).knowledge;
        let shown = knowledge.techniques[0].components.iter().map(|at| {
            let component = &knowledge.components[*at];
            format!("{:?} {} {}", component.source, component.name, component.url.is_some())
        });
        shown.collect::<Vec<_>>()
    };
    let mut objects = objects();
    objects[4]["x_mitre_data_sources"] = json!(["Process: Process Creation"]);
    assert_eq!(shown(&objects), ["Some(\"Process\") Process Creation false"]);
    objects.extend([
        json!({"type": "x-mitre-data-source", "id": "ds", "name": "Process"}),
        json!({"type": "x-mitre-data-component", "id": "dc", "name": "Process Creation", "x_mitre_data_source_ref": "ds",
            "external_references": reference("DC0032")}),
        json!({"type": "relationship", "relationship_type": "detects", "source_ref": "dc", "target_ref": "a1"}),
    ]);
    assert_eq!(shown(&objects), ["Some(\"Process\") Process Creation true"]);
}

#[test]
fn a_scope_narrows_log_sources_and_names_the_release() {
    let mut objects = objects();
    objects.push(json!({"type": "x-mitre-collection", "id": "c", "name": "Ours", "x_mitre_version": "19.2", "extensions":
        {"extension-definition--3": {"catalogue": "mitre-attack", "domain": "enterprise-attack", "platform": "Containers", "released": "2026-08-06"}}}));
    let knowledge = reading(&objects).knowledge;
    assert_eq!(knowledge.release.title, "Ours");
    assert_eq!(knowledge.release.major().as_deref(), Some("19"));
    assert_eq!(knowledge.release.scope.as_deref(), Some("Containers"));
    assert_eq!(knowledge.detections[0].log_sources, ["kubernetes:audit"]);
}

#[test]
fn one_wrong_field_does_not_cost_the_bundle() {
    let mut objects = objects();
    objects.extend([
        json!(5),
        json!({"id": "y"}),
        json!({"type": "attack-pattern", "name": "No id"}),
        json!({"type": "attack-pattern", "id": "a1", "name": "Twice"}),
        json!({"type": "attack-pattern", "id": "a9", "name": 7, "description": ["x"], "kill_chain_phases": "no", "x_mitre_platforms": {"a": 1},
            "revoked": "yes", "extensions": [], "external_references": [3, {"source_name": "mitre-attack", "external_id": "T1999"}]}),
        json!({"type": "attack-pattern", "id": "a10", "external_references": [{"source_name": "mitre-attack", "external_id": "<script>"}]}),
        json!({"type": "attack-pattern", "id": "a11", "external_references": reference("T1998"), "extensions": {"e": {"tiers": ["cloud"], "primary_tier": "cloud"}}}),
    ]);
    let Reading { knowledge, warnings } = reading(&objects);
    let ids: Vec<&str> = knowledge.techniques.iter().map(|technique| technique.id.as_str()).collect();
    assert_eq!(ids, ["T1059", "T1059.013", "T1998", "T1999"]);
    assert_eq!(knowledge.techniques[3].name, "");
    assert_eq!(knowledge.techniques[2].tier, None);
    let warnings: Vec<String> = warnings.iter().map(ToString::to_string).collect();
    for expected in [
        "object 23 is no object: left out",
        "object 24 has no type: left out",
        "object 25 (attack-pattern) has no id: left out",
        "object 26 has the id a1 of an earlier one: left out",
        "the technique a10 has no usable id: left out",
        "the tiers of T1998 are none that we know: it is taken as unassigned",
    ] {
        assert!(warnings.iter().any(|warning| warning == expected), "{expected}: {warnings:?}");
    }
}

#[test]
fn one_key_that_is_no_text_does_not_cost_the_bundle() {
    let text = bundle(&objects()).replacen("\"aliases\"", "\"\\ud800\"", 1);
    assert!(text.contains("\\ud800"));
    assert_eq!(read(text.as_bytes()).unwrap().knowledge.techniques.len(), 2);
}

#[test]
fn warnings_are_bounded() {
    let mut objects = objects();
    objects.extend((0..500).map(|_| json!(1)));
    let warnings = reading(&objects).warnings;
    assert_eq!(warnings.len(), MOST_WARNINGS + 1);
    assert_eq!(warnings.last().unwrap().to_string(), "and 402 more");
}

#[test]
fn what_is_no_bundle_is_refused_with_its_reason() {
    // What is skipped is skipped without recursion, however deep it goes.
    let deep = format!("{}1{}", "[".repeat(500), "]".repeat(500));
    let cases = [
        ("", "it ends too early, at line 1, column 0: the file is cut off"),
        ("{\"objects\": [{\"type\": \"att", "it ends too early, at line 1, column 26: the file is cut off"),
        ("hello", "it is not a STIX bundle: expected value, at line 1, column 1"),
        ("[]", "it is not a STIX bundle: it has no \"objects\""),
        ("{\"objects\": {}}", "it is not a STIX bundle: it has no \"objects\""),
        ("{}", "it is not a STIX bundle: it has no \"objects\""),
        ("{\"techniques\": []}", "it looks like a Navigator layer, not like a STIX bundle"),
        ("{\"objects\": []}", "it has no matrix (x-mitre-matrix) with tactics, so there is nothing to lay out"),
        ("{\"objects\": [], } ", "it is not a STIX bundle: key must be a string, at line 1, column 17"),
        (
            &format!("{{\"objects\": [{deep}]}}"),
            "it has no matrix (x-mitre-matrix) with tactics, so there is nothing to lay out",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(read(text.as_bytes()).unwrap_err().to_string(), expected, "{text:.40}");
    }
    assert_eq!(read(b"\xff\xfe{").unwrap_err(), ReadError::NotText(0));
    let only_matrix = bundle(&objects()[..4]);
    assert_eq!(read(only_matrix.as_bytes()).unwrap_err(), ReadError::NoTechniques);
    let with_mark = format!("\u{feff}{}", bundle(&objects()));
    assert!(read(with_mark.as_bytes()).is_ok());
}
