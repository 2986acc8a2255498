//! The bundle of one ATT&CK release's container techniques: matrix, tactics, techniques, what replaced retired ones,
//! mitigations. Actors, detections and extensions have modules of their own.

use std::collections::BTreeMap;

use super::{
    DataError, actors,
    bundle::{Bundle, Object, midnight, own_id, reference},
    crosswalk::{self, ATTACK},
    description::Descriptions,
    detection,
    extension::{self, Extension, own_id_mark, property_extension},
    facts::{
        AttackFacts, AttackMitigation, AttackTactic, AttackTechnique, EnterpriseIds, MicrosoftFacts, RetiredTechnique,
        Tiers,
    },
    relationship::Relationships,
};

const DOMAIN: &str = "enterprise-attack";

const STATEMENT: &str = "© 2026 The MITRE Corporation. This work is reproduced and distributed with the permission of The \
                         MITRE Corporation.";

/// What one release's bundle is made from.
pub struct Sources<'a> {
    pub release: &'a AttackFacts,
    /// All that have facts, newest first: some of them know what another one only names.
    pub releases: &'a [AttackFacts],
    pub enterprise: &'a EnterpriseIds,
    pub microsoft: &'a MicrosoftFacts,
    pub tiers: &'a Tiers,
    pub descriptions: &'a Descriptions,
}

/// The STIX ids of the techniques that a bundle has.
pub struct TechniqueRefs<'a>(BTreeMap<&'a str, String>);

impl TechniqueRefs<'_> {
    /// # Errors
    /// When the bundle doesn't have the technique; `subject` is the id of what refers to it.
    pub fn get(&self, technique: &str, subject: &str) -> Result<&str, DataError> {
        let missing = || DataError::Dangling { subject: subject.to_owned(), missing: technique.to_owned() };
        self.0.get(technique).map(String::as_str).ok_or_else(missing)
    }
}

/// # Errors
/// When the facts refer to something they don't have, or a technique has no tier or no description.
pub fn bundle(sources: &Sources) -> Result<Bundle, DataError> {
    let facts = sources.release;
    let time = midnight(&facts.release_date);
    let parents = parents_elsewhere(sources)?;
    let refs = TechniqueRefs(
        facts.techniques.iter().chain(parents.iter().copied()).map(|t| (t.id.as_str(), technique_id(t))).collect(),
    );
    let mut relationships = Relationships::new(&time);
    let mut bundle = Bundle::new(&format!("{ATTACK}-containers-{}", facts.version));

    bundle.extend(extension::definitions());
    bundle.extend(collection(facts, &time));
    bundle.push(matrix(facts, &time));
    bundle.extend(facts.tactics.iter().map(|tactic| tactic_object(tactic, &time)));
    for technique in &facts.techniques {
        if let Some(parent) = &technique.parent_id {
            relationships.add("subtechnique-of", &technique_id(technique), refs.get(parent, &technique.id)?);
        }
        bundle.push(technique_object(sources, technique)?);
    }
    for parent in parents {
        bundle.push(parent_object(sources, parent)?);
    }
    for retired in &facts.retired_container_techniques {
        if let Some(replacement) = &retired.replaced_by {
            relationships.add("revoked-by", &retired_id(retired), refs.get(replacement, &retired.id)?);
        }
        bundle.push(retired_object(sources, retired, &time));
    }
    bundle.extend(actors::objects(facts, &refs, &mut relationships)?);
    for mitigation in &facts.mitigations {
        let id = mitigation_id(mitigation);
        for technique in &mitigation.technique_ids {
            relationships.add("mitigates", &id, refs.get(technique, &mitigation.id)?);
        }
        bundle.push(mitigation_object(mitigation, &id, &time));
    }
    bundle.extend(detection::objects(facts, sources.releases, &refs, &mut relationships)?);
    bundle.relate(relationships);
    Ok(bundle)
}

/// The id under which a bundle has the technique.
pub fn technique_id(technique: &AttackTechnique) -> String {
    technique.stix_id.clone().unwrap_or_else(|| own_id("attack-pattern", &format!("{ATTACK}:{}", technique.id)))
}

/// What bundle it is and whose words and names: the collection, and the statement that it carries.
fn collection(facts: &AttackFacts, time: &str) -> [Object; 2] {
    let marking = own_id("marking-definition", ATTACK);
    let statement = Object::default().with("statement", STATEMENT);
    // A marking definition is never modified, so it has no such time.
    let statement = Object::default()
        .with("type", "marking-definition")
        .with("spec_version", "2.1")
        .with("id", marking.as_str())
        .with("created", "2026-08-06T00:00:00.000Z")
        .with("definition_type", "statement")
        .with("definition", statement);
    let description = format!(
        "The techniques of ATT&CK v{} for containers, who uses them, what mitigates and what detects them: identifiers, \
         names and relations from ATT&CK, with descriptions and tiers of Bulkhead's own. {STATEMENT} ATT&CK is a \
         registered trademark of The MITRE Corporation.",
        facts.version
    );
    let scope = property_extension()
        .with("catalogue", ATTACK)
        .with("domain", DOMAIN)
        .with("platform", "Containers")
        .with("released", facts.release_date.as_str());
    let name = format!("{ATTACK}-containers");
    let collection = Object::stix("x-mitre-collection", &own_id("x-mitre-collection", &name), time, time)
        .with("created_by_ref", extension::identity())
        .with("name", "ATT&CK for Containers")
        .with("description", description)
        .with("x_mitre_version", facts.version.as_str())
        .with_list("object_marking_refs", [marking]);
    [statement, Extension::Scope.on(collection, scope)]
}

fn matrix(facts: &AttackFacts, time: &str) -> Object {
    Object::stix("x-mitre-matrix", &facts.matrix_stix_id, time, time)
        .with("name", "Enterprise ATT&CK")
        .with_list("tactic_refs", facts.tactics.iter().map(tactic_id))
        .with_list(
            "external_references",
            [reference(ATTACK, DOMAIN, "https://attack.mitre.org/matrices/enterprise/containers/")],
        )
}

fn tactic_object(tactic: &AttackTactic, time: &str) -> Object {
    let url = format!("https://attack.mitre.org/tactics/{}", tactic.id);
    let object = Object::stix("x-mitre-tactic", &tactic_id(tactic), time, time)
        .with("name", tactic.name.as_str())
        .with("x_mitre_shortname", tactic.shortname.as_str())
        .with_list("external_references", [reference(ATTACK, &tactic.id, &url)]);
    Extension::Scope.on(object, own_id_mark(tactic.stix_id.is_none()))
}

fn tactic_id(tactic: &AttackTactic) -> String {
    tactic.stix_id.clone().unwrap_or_else(|| own_id("x-mitre-tactic", &format!("{ATTACK}:{}", tactic.id)))
}

fn technique_object(sources: &Sources, technique: &AttackTechnique) -> Result<Object, DataError> {
    let object = attack_pattern(technique, &technique.name, &technique.modified)
        .with("description", sources.descriptions.of(&technique.id)?)
        .with_list("kill_chain_phases", phases(&technique.tactics))
        .with("x_mitre_is_subtechnique", technique.is_subtechnique)
        .with_list("x_mitre_platforms", technique.platforms.clone())
        .with("x_mitre_version", technique.version.as_str())
        .with_list("x_mitre_domains", [DOMAIN])
        .with_list("external_references", references(sources, technique));
    let tiers = extension::tiers(&sources.tiers.attack, &technique.id, technique.stix_id.is_none())?;
    Ok(Extension::Tiers.on(object, tiers))
}

/// Parents of this release's sub-techniques that are no container techniques in it, as another release has them.
fn parents_elsewhere<'a>(sources: &Sources<'a>) -> Result<Vec<&'a AttackTechnique>, DataError> {
    let here = &sources.release.techniques;
    let mut parents = Vec::new();
    for technique in here {
        let Some(parent) = &technique.parent_id else { continue };
        if here.iter().any(|other| other.id == *parent) {
            continue;
        }
        let elsewhere = sources.releases.iter().flat_map(|facts| &facts.techniques).find(|other| other.id == *parent);
        let missing = || DataError::Dangling { subject: technique.id.clone(), missing: parent.clone() };
        parents.push(elsewhere.ok_or_else(missing)?);
    }
    parents.sort_by_key(|parent| &parent.id);
    parents.dedup_by_key(|parent| &parent.id);
    Ok(parents)
}

/// A parent that only gives context: the tactics and platforms it had in this release, no tier, and no version, since
/// the facts have that of a later release alone.
fn parent_object(sources: &Sources, parent: &AttackTechnique) -> Result<Object, DataError> {
    let release = &sources.release.version;
    let missing = || DataError::Dangling { subject: format!("release {release}"), missing: parent.id.clone() };
    let then = sources.enterprise.technique(release, &parent.id).ok_or_else(missing)?;
    let object = attack_pattern(parent, &then.name, &midnight(&sources.release.release_date))
        .with("description", sources.descriptions.of(&parent.id)?)
        .with_list("kill_chain_phases", phases(&then.tactics))
        .with("x_mitre_is_subtechnique", parent.is_subtechnique)
        .with_list("x_mitre_platforms", then.platforms.clone())
        .with_list("x_mitre_domains", [DOMAIN])
        .with_list("external_references", references(sources, parent));
    Ok(Extension::Scope.on(object, own_id_mark(parent.stix_id.is_none())))
}

fn attack_pattern(technique: &AttackTechnique, name: &str, modified: &str) -> Object {
    Object::stix("attack-pattern", &technique_id(technique), &technique.created, modified).with("name", name)
}

fn phases(tactics: &[String]) -> impl Iterator<Item = Object> {
    tactics.iter().map(|tactic| Object::default().with("kill_chain_name", ATTACK).with("phase_name", tactic.as_str()))
}

fn references(sources: &Sources, technique: &AttackTechnique) -> Vec<Object> {
    let mut references = vec![reference(ATTACK, &technique.id, &technique.url)];
    references.extend(crosswalk::to_microsoft(sources.microsoft, &technique.id));
    references
}

/// Older releases know when it was created.
fn retired_object(sources: &Sources, retired: &RetiredTechnique, time: &str) -> Object {
    let url = crosswalk::technique_url(&retired.id);
    let before = sources.releases.iter().flat_map(|facts| &facts.techniques).find(|other| other.id == retired.id);
    let created = before.map_or(time, |technique| technique.created.as_str());
    let object = Object::stix("attack-pattern", &retired_id(retired), created, time)
        .with("name", retired.name.as_str())
        .with("revoked", true)
        .with("x_mitre_is_subtechnique", retired.id.contains('.'))
        .with_list("x_mitre_domains", [DOMAIN])
        .with_list("external_references", [reference(ATTACK, &retired.id, &url)]);
    Extension::Scope.on(object, own_id_mark(retired.stix_id.is_none()))
}

fn retired_id(retired: &RetiredTechnique) -> String {
    retired.stix_id.clone().unwrap_or_else(|| own_id("attack-pattern", &format!("{ATTACK}:{}", retired.id)))
}

fn mitigation_object(mitigation: &AttackMitigation, id: &str, time: &str) -> Object {
    let object = Object::stix("course-of-action", id, time, time)
        .with("name", mitigation.name.as_str())
        .with_list("external_references", [reference(ATTACK, &mitigation.id, &mitigation.url)]);
    Extension::Scope.on(object, own_id_mark(mitigation.stix_id.is_none()))
}

fn mitigation_id(mitigation: &AttackMitigation) -> String {
    mitigation.stix_id.clone().unwrap_or_else(|| own_id("course-of-action", &format!("{ATTACK}:{}", mitigation.id)))
}
