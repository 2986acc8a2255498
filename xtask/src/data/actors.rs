//! Groups, software and campaigns, the techniques they use, and which of these uses are evidence against containers.
//! That an actor is native, and what was found in ATT&CK's text on a use, comes from the facts.

use std::collections::BTreeMap;

use super::{
    DataError,
    attack::TechniqueRefs,
    bundle::{Object, midnight, own_id, reference},
    crosswalk::ATTACK,
    extension::{Extension, own_id_mark, property_extension},
    facts::{Actor, AttackFacts, ReviewedActor, ReviewedUse},
    relationship::Relationships,
};

/// What a person may have found of a use whose text names containers: only this is acting against them.
const AGAINST_VICTIM: &str = "victim";

/// The actors' objects in the order group, software, campaign; their uses go to `relationships`.
///
/// # Errors
/// When an actor uses a technique that the facts don't have.
pub fn objects(
    facts: &AttackFacts,
    techniques: &TechniqueRefs,
    relationships: &mut Relationships,
) -> Result<Vec<Object>, DataError> {
    let native: BTreeMap<&str, &ReviewedActor> = facts
        .container_native_actors
        .iter()
        .filter(|actor| actor.tier == "native")
        .map(|actor| (actor.id.as_str(), actor))
        .collect();
    let time = midnight(&facts.release_date);
    let mut objects = Vec::new();
    for actor in facts.groups.iter().chain(&facts.software).chain(&facts.campaigns) {
        let reviewed = native.get(actor.id.as_str()).copied();
        let id = stix_id(actor);
        for technique in &actor.technique_ids {
            let target = techniques.get(technique, &actor.id)?;
            let only_containers = || facts.techniques.iter().any(|t| t.id == *technique && t.containers_only);
            let evidence = reviewed.map(|reviewed| evidence(reviewed, technique, only_containers()));
            relationships.add_with_evidence("uses", &id, target, evidence.unwrap_or_default());
        }
        objects.push(object(actor, &id, &time, reviewed.is_some()));
    }
    Ok(objects)
}

fn object(actor: &Actor, id: &str, time: &str, native: bool) -> Object {
    let kind = stix_kind(actor);
    let family = (kind == "malware").then_some(true);
    let object = Object::stix(kind, id, time, time)
        .with("name", actor.name.as_str())
        .with_some("is_family", family)
        .with_list("aliases", actor.aliases.clone())
        .with_some("first_seen", actor.first_seen.as_deref().map(midnight))
        .with_some("last_seen", actor.last_seen.as_deref().map(midnight))
        .with_list("x_mitre_platforms", actor.platforms.clone().unwrap_or_default())
        .with_list("external_references", [reference(ATTACK, &actor.id, &actor.url)]);
    let evidence = if native { property_extension().with("container_native", true) } else { Object::default() };
    Extension::on_all(object, [(Extension::Evidence, evidence), (Extension::Scope, unknown(actor))])
}

/// What the scope extension says of an actor whose id or kind the facts don't know.
fn unknown(actor: &Actor) -> Object {
    let mark = own_id_mark(actor.stix_id.is_none());
    // The kind is part of the id, so whose kind is unknown has no known id either.
    if actor.kind.is_none() && !mark.is_empty() { mark.with("assumed_type", true) } else { mark }
}

/// What makes a native actor's use of a technique evidence: that ATT&CK's text on it names container technology and
/// nobody who read it found otherwise, or that the technique exists on containers only. Nothing if it is none.
fn evidence(actor: &ReviewedActor, technique: &str, only_containers: bool) -> Object {
    let seen = actor.uses.iter().find(|seen| seen.technique_id == technique);
    let named = seen.filter(|seen| names_containers(seen));
    if named.is_none() && !only_containers {
        return Object::default();
    }
    let terms = named.and_then(|seen| seen.terms.clone()).unwrap_or_default();
    let carried = named.and_then(|seen| seen.flags_carried_from.as_deref());
    property_extension()
        .with("container_related", true)
        .with("basis", if named.is_some() { "text" } else { "technique" })
        .with("terms", terms)
        .with("reviewed", named.is_some_and(|seen| seen.reviewed.is_some()))
        .with_some("carried_from", carried)
}

fn names_containers(seen: &ReviewedUse) -> bool {
    let otherwise = seen.reviewed.as_deref().is_some_and(|found| found != AGAINST_VICTIM);
    seen.mentions_container == Some(true) && !otherwise
}

fn stix_id(actor: &Actor) -> String {
    actor.stix_id.clone().unwrap_or_else(|| own_id(stix_kind(actor), &format!("{ATTACK}:{}", actor.id)))
}

/// The newest software is of unknown kind; most of ATT&CK's is malware.
fn stix_kind(actor: &Actor) -> &'static str {
    match actor.kind.as_deref() {
        Some("group") => "intrusion-set",
        Some("campaign") => "campaign",
        Some("tool") => "tool",
        _ => "malware",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn actor(mentions: Option<bool>, reviewed: Option<&str>) -> ReviewedActor {
        let seen = ReviewedUse {
            technique_id: "T1046".to_owned(),
            mentions_container: mentions,
            terms: None,
            reviewed: reviewed.map(str::to_owned),
            flags_carried_from: None,
        };
        ReviewedActor { id: "G0000".to_owned(), tier: "native".to_owned(), uses: vec![seen] }
    }

    #[test]
    fn a_use_is_evidence_by_its_text_or_by_its_technique() {
        let cases = [
            (actor(Some(true), Some("victim")), false, true),
            (actor(Some(true), None), false, true),
            (actor(Some(true), Some("adversary-infra")), false, false),
            (actor(Some(false), None), false, false),
            (actor(None, None), false, false),
            (actor(None, None), true, true),
            (actor(Some(false), None), true, true),
        ];
        for (at, (actor, only_containers, expected)) in cases.iter().enumerate() {
            assert_eq!(!evidence(actor, "T1046", *only_containers).is_empty(), *expected, "case {at}");
        }
        assert!(evidence(&actor(Some(true), None), "T1610", false).is_empty());
    }
}
