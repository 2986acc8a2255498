//! The bundle of Microsoft's Threat Matrix for Kubernetes. It has no STIX ids of its own, so all here are ours.
//! The mapping to ATT&CK is `crosswalk`'s.

use std::collections::BTreeSet;

use super::{
    DataError, attack,
    bundle::{Bundle, Object, midnight, own_id, reference},
    crosswalk::{self, ATTACK, MICROSOFT},
    description::Descriptions,
    extension::{self, Extension, property_extension},
    facts::{AttackFacts, MicrosoftFacts, MicrosoftMitigation, MicrosoftTactic, MicrosoftTechnique, Tiers},
    relationship::Relationships,
};

const DOMAIN: &str = "microsoft-kubernetes";
const HOME: &str = "https://microsoft.github.io/Threat-Matrix-for-Kubernetes/";

const DESCRIPTION: &str = "The techniques of Microsoft's Threat Matrix for Kubernetes with their mitigations and their \
                           mapping to ATT&CK: identifiers, names and relations by Microsoft, CC BY 4.0, adapted; \
                           descriptions and tiers are Bulkhead's own.";

/// `attack` has the STIX ids of the ATT&CK techniques to which a technique can be related.
///
/// # Errors
/// When the facts refer to something they don't have, or a technique has no tier or no description.
pub fn bundle(
    facts: &MicrosoftFacts,
    attack: Option<&AttackFacts>,
    tiers: &Tiers,
    descriptions: &Descriptions,
) -> Result<Bundle, DataError> {
    let released = facts.source.commit_date.split('T').next().unwrap_or_default();
    let time = midnight(released);
    let mut tactics: Vec<&MicrosoftTactic> = facts.tactics.iter().collect();
    tactics.sort_by_key(|tactic| tactic.order);
    let mut relationships = Relationships::new(&time);
    let mut bundle = Bundle::new(DOMAIN);

    bundle.extend(extension::definitions());
    bundle.push(collection(released, &time));
    bundle.push(matrix(&tactics, &time));
    bundle.extend(tactics.iter().map(|tactic| tactic_object(tactic, &time)));
    for technique in &facts.techniques {
        let object = technique_object(facts, technique, &tactics, &time)?;
        let object = object.with("description", descriptions.of(&technique.id)?);
        bundle.push(Extension::Tiers.on(object, extension::tiers(&tiers.microsoft, &technique.id, true)?));
        for related in attack.map(|facts| &facts.techniques).into_iter().flatten() {
            if technique.mitre_technique_ids.contains(&related.id) {
                relationships.add("related-to", &technique_id(&technique.id), &attack::technique_id(related));
            }
        }
    }
    for mitigation in &facts.mitigations {
        for technique in mitigated(facts, mitigation)? {
            relationships.add("mitigates", &mitigation_id(&mitigation.id), &technique_id(technique));
        }
        bundle.push(mitigation_object(mitigation, &time));
    }
    bundle.relate(relationships);
    Ok(bundle)
}

fn collection(released: &str, time: &str) -> Object {
    let scope = property_extension()
        .with("catalogue", MICROSOFT)
        .with("domain", DOMAIN)
        .with("platform", "Kubernetes")
        .with("released", released);
    let object = Object::stix("x-mitre-collection", &own_id("x-mitre-collection", DOMAIN), time, time)
        .with("created_by_ref", extension::identity())
        .with("name", "Threat Matrix for Kubernetes")
        .with("description", DESCRIPTION)
        .with("x_mitre_version", released);
    Extension::Scope.on(object, scope)
}

fn matrix(tactics: &[&MicrosoftTactic], time: &str) -> Object {
    Object::stix("x-mitre-matrix", &own_id("x-mitre-matrix", DOMAIN), time, time)
        .with("name", "Threat Matrix for Kubernetes")
        .with_list("tactic_refs", tactics.iter().map(|tactic| tactic_id(tactic)))
        .with_list("external_references", [reference(MICROSOFT, DOMAIN, HOME)])
}

fn tactic_object(tactic: &MicrosoftTactic, time: &str) -> Object {
    let url = format!("{HOME}tactics/{}/", tactic.key);
    Object::stix("x-mitre-tactic", &tactic_id(tactic), time, time)
        .with("name", tactic.name.as_str())
        .with("x_mitre_shortname", short_name(tactic))
        .with_list("external_references", [reference(MICROSOFT, &tactic.key, &url)])
}

fn technique_object(
    facts: &MicrosoftFacts,
    technique: &MicrosoftTechnique,
    tactics: &[&MicrosoftTactic],
    time: &str,
) -> Result<Object, DataError> {
    let mut phases = Vec::new();
    for key in &technique.tactics {
        let tactic = tactics.iter().find(|tactic| tactic.key == *key);
        let missing = || DataError::Dangling { subject: technique.id.clone(), missing: key.clone() };
        let name = short_name(tactic.ok_or_else(missing)?);
        phases.push(Object::default().with("kill_chain_name", DOMAIN).with("phase_name", name));
    }
    let mut references = vec![reference(MICROSOFT, &technique.id, &technique.url)];
    references.extend(crosswalk::to_attack(facts, &technique.mitre_technique_ids));
    Ok(Object::stix("attack-pattern", &technique_id(&technique.id), time, time)
        .with("name", technique.name.as_str())
        .with_list("kill_chain_phases", phases)
        .with("x_mitre_is_subtechnique", false)
        .with_list("x_mitre_platforms", ["Kubernetes"])
        .with_list("x_mitre_domains", [DOMAIN])
        .with_list("external_references", references))
}

fn mitigation_object(mitigation: &MicrosoftMitigation, time: &str) -> Object {
    let mut references = vec![reference(MICROSOFT, &mitigation.id, &mitigation.url)];
    references.extend(mitigation.mitre_mitigation_ids.iter().map(|id| {
        let url = format!("https://attack.mitre.org/mitigations/{id}");
        reference(ATTACK, id, &url)
    }));
    Object::stix("course-of-action", &mitigation_id(&mitigation.id), time, time)
        .with("name", mitigation.name.as_str())
        .with_list("external_references", references)
}

/// The techniques that a mitigation helps against, whether its own page says so or the technique's: they differ.
fn mitigated<'a>(
    facts: &'a MicrosoftFacts,
    mitigation: &'a MicrosoftMitigation,
) -> Result<BTreeSet<&'a str>, DataError> {
    let mut ids: BTreeSet<&str> = mitigation.technique_ids.iter().map(String::as_str).collect();
    let named = facts.techniques.iter().filter(|technique| technique.mitigation_ids.contains(&mitigation.id));
    ids.extend(named.map(|technique| technique.id.as_str()));
    match ids.iter().find(|id| !facts.techniques.iter().any(|technique| technique.id == **id)) {
        Some(id) => Err(DataError::Dangling { subject: mitigation.id.clone(), missing: (*id).to_owned() }),
        None => Ok(ids),
    }
}

/// `Initial Access` as `initial-access`, the way ATT&CK writes it.
fn short_name(tactic: &MicrosoftTactic) -> String {
    tactic.name.to_lowercase().replace(' ', "-")
}

fn tactic_id(tactic: &MicrosoftTactic) -> String {
    own_id("x-mitre-tactic", &format!("{MICROSOFT}:{}", tactic.key))
}

fn technique_id(technique: &str) -> String {
    own_id("attack-pattern", &format!("{MICROSOFT}:{technique}"))
}

fn mitigation_id(mitigation: &str) -> String {
    own_id("course-of-action", &format!("{MICROSOFT}:{mitigation}"))
}
