//! Drafts of contributions: what is missing in them, and what of them stands in a bundle.

use super::*;
use crate::attack::read;
use std::collections::BTreeSet;

pub(crate) fn knowledge() -> Knowledge {
    read(include_bytes!("../../../data/attack-containers-19.2.json")).unwrap().knowledge
}

fn id(text: &str) -> TechniqueId {
    TechniqueId::parse(text).unwrap()
}

fn tactic(text: &str) -> TacticName {
    TacticName::parse(text).unwrap()
}

fn reference() -> Reference {
    Reference {
        title: "Example Team. Incident in a test cluster. 2026-01".to_owned(),
        url: "https://example.org/report".to_owned(),
    }
}

/// A complete draft of each kind, about things that nobody did.
pub(crate) fn examples() -> [Draft; 4] {
    let knowledge = knowledge();
    let common = |draft: Draft| Draft {
        in_the_wild: true,
        references: vec![reference()],
        contributor: "Example Team".to_owned(),
        ..draft
    };
    let technique = Draft {
        name: "Admission Policy Shadowing".to_owned(),
        technique: None,
        tactics: vec![tactic("persistence"), tactic("execution")],
        tiers: Some(TierSet::Both),
        primary: Some(Tier::Orchestration),
        behaviour:
            "Adversaries may register an admission webhook that answers before the cluster's own, so that workloads \
            of theirs are let in unchanged and those of others are altered on their way.\n\nThey need the right to \
            create webhook configurations."
                .to_owned(),
        detection: "Watch for new webhook configurations in the audit log.".to_owned(),
        mitigation: "Let nobody but the platform's own pipeline create webhook configurations.".to_owned(),
        ..Draft::begin(Kind::Technique, &knowledge, None)
    };
    let procedure = Draft {
        actor: "TeamTNT".to_owned(),
        actor_kind: Some(ActorKind::Group),
        behaviour: "Deployed a container from a public image on every node through an open API server.".to_owned(),
        seen: "A test cluster, January 2026".to_owned(),
        visibility: "Our own incident response".to_owned(),
        ..Draft::begin(Kind::Procedure, &knowledge, Some(&id("T1610")))
    };
    let mut placement = Draft::begin(Kind::Placement, &knowledge, Some(&id("T1610")));
    placement.tactics.push(tactic("persistence"));
    placement.behaviour = "A deployment that is restarted keeps the foothold.".to_owned();
    let tier = Draft {
        tiers: Some(TierSet::One(Tier::Container)),
        primary: None,
        behaviour: "It is the runtime that starts it.".to_owned(),
        ..Draft::begin(Kind::Tier, &knowledge, Some(&id("T1610")))
    };
    [technique, procedure, placement, tier].map(common)
}

fn missing(draft: &Draft) -> BTreeSet<&'static str> {
    check(draft, &knowledge()).into_iter().filter(|it| it.must).map(|it| it.field).collect()
}

#[test]
fn a_complete_draft_of_each_kind_lacks_nothing() {
    for draft in examples() {
        assert_eq!(missing(&draft), BTreeSet::new(), "{draft:?}");
        assert!(!draft.says_nothing());
    }
}

#[test]
fn a_blank_draft_says_what_it_lacks() {
    let cases: [(Kind, &[&str]); 4] = [
        (Kind::Technique, &["draft-name", "draft-tactic", "draft-behaviour", "draft-in-the-wild", "draft-url"]),
        (
            Kind::Procedure,
            &[
                "draft-technique",
                "draft-actor",
                "draft-actor-kind",
                "draft-behaviour",
                "draft-seen",
                "draft-in-the-wild",
                "draft-url",
            ],
        ),
        (Kind::Placement, &["draft-technique", "draft-tactic", "draft-behaviour", "draft-in-the-wild", "draft-url"]),
        (Kind::Tier, &["draft-technique", "draft-tiers", "draft-behaviour"]),
    ];
    for (kind, expected) in cases {
        assert!(Draft::begin(kind, &knowledge(), Some(&id("T1610"))).says_nothing());
        assert_eq!(missing(&Draft::begin(kind, &knowledge(), None)), expected.iter().copied().collect(), "{kind:?}");
    }
}

#[test]
fn each_thing_that_is_asked_is_asked_alone() {
    type Break = fn(&mut Draft);
    let cases: [(usize, Break, &str); 15] = [
        (0, |it| it.name = "Deploy Container".to_owned(), "draft-name"),
        (0, |it| it.name = "Peirates against the API server".to_owned(), "draft-name"),
        (0, |it| it.name = "Running kubectl".to_owned(), "draft-name"),
        (0, |it| it.tactics.clear(), "draft-tactic"),
        (0, |it| it.platforms = vec![" ".to_owned()], "draft-platforms"),
        (0, |it| it.technique = Some(TechniqueId::parse("T9999").unwrap()), "draft-technique"),
        (0, |it| it.technique = Some(TechniqueId::parse("T1053.007").unwrap()), "draft-technique"),
        (0, |it| it.in_the_wild = false, "draft-in-the-wild"),
        (0, |it| it.references.clear(), "draft-url"),
        (0, |it| it.references[0].url = "file:///etc/passwd".to_owned(), "draft-url"),
        (1, |it| it.actor.clear(), "draft-actor"),
        (1, |it| it.seen = "\n".to_owned(), "draft-seen"),
        (2, |it| drop(it.tactics.pop()), "draft-tactic"),
        (3, |it| it.tiers = None, "draft-tiers"),
        (3, |it| it.behaviour.clear(), "draft-behaviour"),
    ];
    for (at, break_it, field) in cases {
        let mut draft = examples()[at].clone();
        break_it(&mut draft);
        assert_eq!(missing(&draft), BTreeSet::from([field]), "{draft:?}");
    }
}

#[test]
fn what_the_contributor_saw_stands_for_a_report() {
    let mut draft = examples()[0].clone();
    draft.references.clear();
    draft.visibility = "Our honeypots".to_owned();
    assert_eq!(missing(&draft), BTreeSet::new());
}

#[test]
fn an_address_is_one_of_the_web() {
    let good = ["https://example.org", "http://a.b/c?d=e#f", " https://example.org/x "];
    let bad =
        ["", "example.org", "https://", "https://host", "javascript:alert(1)", "https://a.b/ c", "https://a.b/\"<"];
    assert!(good.into_iter().all(is_web_address));
    assert!(!bad.into_iter().any(is_web_address));
}

#[test]
fn a_proposed_cell_stands_where_the_bundle_has_none() {
    let knowledge = knowledge();
    let [technique, procedure, placement, tier] = examples();
    let names = |draft: &Draft| draft.proposed_in(&knowledge).iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(names(&technique), ["persistence", "execution"]);
    assert_eq!(names(&placement), ["persistence"]);
    assert!(names(&procedure).is_empty() && names(&tier).is_empty());
    let elsewhere = Draft { tactics: vec![tactic("no-such-tactic")], ..technique };
    assert!(names(&elsewhere).is_empty());
    assert!(elsewhere.is_in(None) && elsewhere.is_in(Some(Tier::Container)));
    assert!(!tier.is_in(Some(Tier::Orchestration)));
}

#[test]
fn tactics_are_phases_of_the_kill_chain_of_the_domain() {
    let [technique, ..] = examples();
    let domains = [
        ("enterprise-attack", "mitre-attack"),
        ("mobile-attack", "mitre-mobile-attack"),
        ("ics-attack", "mitre-ics-attack"),
        ("microsoft-kubernetes", "microsoft-kubernetes"),
    ];
    for (domain, chain) in domains {
        let draft = Draft { domain: domain.to_owned(), ..technique.clone() };
        let bundle = bundle([("00000000-0000-4000-8000-000000000001", &draft)], &knowledge(), "", String::new);
        assert_eq!(bundle["objects"][3]["kill_chain_phases"][0]["kill_chain_name"], chain);
    }
}

#[test]
fn a_draft_is_stored_and_read_again_as_it_was_and_old_ones_too() {
    for draft in examples() {
        let text = serde_json::to_string(&draft).unwrap();
        assert_eq!(serde_json::from_str::<Draft>(&text).unwrap(), draft);
    }
    let old: Draft = serde_json::from_str(r#"{"kind": "Procedure", "actor": "x", "unknown": 1}"#).unwrap();
    assert_eq!((old.kind, old.actor.as_str(), old.in_the_wild), (Kind::Procedure, "x", false));
}
