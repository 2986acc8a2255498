//! Puts the objects of a bundle together as knowledge: tactics in the order of the matrices, techniques in their tactics.
//! What relates to them is `links`'s.

use super::{
    KILL_CHAINS, ReadError, Warnings,
    ids::{ById, Id, Ids},
    links::Links,
    object::Object,
    references::{Own, References},
};
use crate::attack::{
    Confidence, Knowledge, Release, Retired, Tactic, TacticName, Technique, TechniqueId, Tier, TierAssignment, TierSet,
};
use rustc_hash::FxHashSet;
use std::{borrow::Cow, mem};

/// The objects of a bundle by kind, as they came.
#[derive(Default)]
pub struct Parts<'a> {
    seen: Ids<'a>,
    collection: Option<Object<'a>>,
    matrices: Vec<Object<'a>>,
    tactics: Vec<Object<'a>>,
    pub(super) techniques: Vec<Object<'a>>,
    pub(super) actors: Vec<Object<'a>>,
    pub(super) mitigations: Vec<Object<'a>>,
    pub(super) detections: Vec<Object<'a>>,
    pub(super) components: Vec<Object<'a>>,
    pub(super) data_sources: Vec<Object<'a>>,
    pub(super) analytics: Vec<Object<'a>>,
    pub(super) assets: Vec<Object<'a>>,
    pub(super) relationships: Vec<Relationship<'a>>,
}

/// What is kept of a relationship: there are twenty thousand in the Enterprise bundle.
pub(super) struct Relationship<'a> {
    pub(super) kind: RelationshipKind,
    pub(super) source: Id<'a>,
    pub(super) target: Id<'a>,
    pub(super) container_related: bool,
}

#[derive(Clone, Copy)]
pub(super) enum RelationshipKind {
    Uses,
    Mitigates,
    Detects,
    Targets,
    SubtechniqueOf,
    RevokedBy,
}

impl RelationshipKind {
    /// Others say nothing that is kept.
    fn from_word(word: &[u8]) -> Option<Self> {
        Some(match word {
            b"uses" => Self::Uses,
            b"mitigates" => Self::Mitigates,
            b"detects" => Self::Detects,
            b"targets" => Self::Targets,
            b"subtechnique-of" => Self::SubtechniqueOf,
            b"revoked-by" => Self::RevokedBy,
            _ => return None,
        })
    }
}

impl<'a> Parts<'a> {
    /// Takes an object that has a use; others are skipped, broken ones with a warning.
    pub fn take(&mut self, object: &mut Object<'a>, at: usize, warnings: &mut Warnings) {
        let Some(kind) = object.kind.letters() else {
            warnings.add(|| format!("object {at} has no type: left out"));
            return;
        };
        let place = match kind.as_ref() {
            b"relationship" => return self.take_relationship(object),
            b"x-mitre-matrix" => &mut self.matrices,
            b"x-mitre-tactic" => &mut self.tactics,
            b"attack-pattern" => &mut self.techniques,
            b"intrusion-set" | b"malware" | b"tool" | b"campaign" => &mut self.actors,
            b"course-of-action" => &mut self.mitigations,
            b"x-mitre-detection-strategy" => &mut self.detections,
            b"x-mitre-data-component" => &mut self.components,
            b"x-mitre-data-source" => &mut self.data_sources,
            b"x-mitre-analytic" => &mut self.analytics,
            b"x-mitre-asset" => &mut self.assets,
            b"x-mitre-collection" => {
                self.collection.get_or_insert(mem::take(object));
                return;
            }
            _ => return,
        };
        let Some(id) = object.id() else {
            return warnings.add(|| format!("object {at} ({}) has no id: left out", object.kind.owned()));
        };
        if !self.seen.insert(id) {
            return warnings
                .add(|| format!("object {at} has the id {} of an earlier one: left out", object.id.owned()));
        }
        object.read_references();
        place.push(mem::take(object));
    }

    fn take_relationship(&mut self, object: &Object<'a>) {
        let kind = object.relationship_type.letters().and_then(|word| RelationshipKind::from_word(&word));
        let (Some(kind), Some(source), Some(target), true) =
            (kind, object.source_ref.letters(), object.target_ref.letters(), object.is_live())
        else {
            return;
        };
        self.relationships.push(Relationship {
            kind,
            source: Id::of(source),
            target: Id::of(target),
            container_related: object.is_container_related(),
        });
    }
}

pub fn assemble(parts: Parts, warnings: &mut Warnings) -> Result<Knowledge, ReadError> {
    let release = release(&parts);
    let tactics = tactics(&parts, warnings);
    if tactics.is_empty() {
        return Err(ReadError::NoMatrix);
    }
    if parts.techniques.is_empty() {
        return Err(ReadError::NoTechniques);
    }
    let (live, mut retired) = techniques(&parts, &tactics, warnings);
    let mut links = Links::new(&parts, &release, live);
    if parts.components.is_empty() {
        links.follow_data_sources();
    }
    for relationship in &parts.relationships {
        links.follow(relationship, &mut retired);
    }
    let retired = retired.into_values().collect();
    Ok(links.finish(release, tactics, retired))
}

fn release(parts: &Parts) -> Release {
    let collection = parts.collection.as_ref();
    let said = |read: fn(&Object) -> Option<String>| collection.and_then(read);
    let domain = said(|it| it.extensions().domain.owned())
        .or_else(|| {
            parts.techniques.iter().find_map(|technique| Some(technique.domains().first()?.clone().into_owned()))
        })
        .or_else(|| parts.techniques.iter().find_map(domain_of_kill_chain));
    let matrix = parts.matrices.iter().find(|matrix| matrix.is_live());
    Release {
        title: said(|it| it.name.text().owned())
            .or_else(|| matrix.map(|matrix| matrix.name.owned()))
            .unwrap_or_default(),
        domain: domain.unwrap_or_else(|| "enterprise-attack".to_owned()),
        version: said(|it| it.version.text().owned()),
        scope: said(|it| it.extensions().platform.owned()),
        released: said(|it| it.extensions().released.owned()),
    }
}

/// Bundles before ATT&CK 10 don't name their domain; their kill chain does.
fn domain_of_kill_chain(technique: &Object) -> Option<String> {
    let name = technique.kill_chain();
    let name = name.as_str()?;
    let domain = KILL_CHAINS.into_iter().find(|(chain, _)| *chain == name).map_or(name, |(_, domain)| domain);
    Some(domain.to_owned())
}

/// The tactics of all live matrices, in their order, without repetition.
fn tactics(parts: &Parts, warnings: &mut Warnings) -> Vec<Tactic> {
    let by_id: ById<&Object> = parts.tactics.iter().filter_map(|tactic| Some((tactic.id()?, tactic))).collect();
    let mut tactics: Vec<Tactic> = Vec::new();
    for matrix in parts.matrices.iter().filter(|matrix| matrix.is_live()) {
        for reference in matrix.tactic_refs() {
            let Some(object) = by_id.get(&Id::of_text(reference.clone())) else {
                warnings.add(|| format!("the matrix names the tactic {reference}, which is not there: left out"));
                continue;
            };
            let Ok(short_name) = TacticName::parse(&object.short_name.owned()) else {
                warnings.add(|| format!("the tactic {reference} has no usable short name: left out"));
                continue;
            };
            if tactics.iter().all(|tactic| tactic.short_name != short_name) {
                let Own { id, url } = References::of(object).own();
                tactics.push(Tactic { id, short_name, name: object.name.owned(), url });
            }
        }
    }
    tactics
}

/// Live techniques with their STIX ids, and retired ones by theirs.
fn techniques<'a>(
    parts: &Parts<'a>,
    tactics: &[Tactic],
    warnings: &mut Warnings,
) -> (Vec<Technique>, ById<'a, Retired>) {
    let mut live = Vec::new();
    let mut retired = ById::default();
    let mut ids = FxHashSet::default();
    for object in &parts.techniques {
        let stix_id = object.id.text();
        let stix_id = stix_id.as_str().unwrap_or_default();
        let references = References::of(object);
        let Own { id, url } = references.own();
        let Ok(id) = TechniqueId::parse(&id) else {
            warnings.add(|| format!("the technique {stix_id} has no usable id: left out"));
            continue;
        };
        if !object.is_live() {
            let name = object.name.owned();
            retired.extend(object.id().map(|stix_id| (stix_id, Retired { id, name, replaced_by: None })));
        } else if ids.insert(id.clone()) {
            live.push(technique(object, &references, id, url, tactics, warnings));
        } else {
            warnings.add(|| format!("{id} is there twice: the second is left out"));
        }
    }
    (live, retired)
}

#[inline(never)] // see `Object::scan`
fn technique(
    object: &Object,
    references: &References,
    id: TechniqueId,
    url: Option<String>,
    tactics: &[Tactic],
    warnings: &mut Warnings,
) -> Technique {
    let mut names: Vec<TacticName> = Vec::new();
    for phase in object.phases() {
        let phase = phase.as_str().unwrap_or_default();
        match tactics.iter().find(|tactic| tactic.short_name.as_str() == phase) {
            Some(tactic) if !names.contains(&tactic.short_name) => names.push(tactic.short_name.clone()),
            Some(_) => {}
            None => warnings.add(|| format!("{id} is in the tactic \"{phase}\", which no matrix has")),
        }
    }
    Technique {
        tier: tier(object, &id, warnings),
        parent: if object.is_subtechnique { id.parent() } else { None },
        stix_id: object.id.owned(),
        name: object.name.owned(),
        description: without_citations(object.description().as_str().unwrap_or_default()),
        tactics: names,
        platforms: object.platforms().iter().map(|platform| platform.trim().to_owned()).collect(),
        version: object.version.text().owned(),
        url,
        uses: Vec::new(),
        mitigations: Vec::new(),
        detections: Vec::new(),
        components: Vec::new(),
        assets: Vec::new(),
        counterparts: references.counterparts(&id),
        id,
    }
}

fn tier(object: &Object, id: &TechniqueId, warnings: &mut Warnings) -> Option<TierAssignment> {
    let said = object.extensions();
    if said.tiers.is_empty() {
        return None;
    }
    let tiers = TierSet::of(said.tiers.iter().filter_map(|tier| Tier::from_word(tier)));
    let primary = said.primary_tier.as_str().and_then(Tier::from_word);
    let (Some(tiers), Some(primary)) = (tiers, primary) else {
        warnings.add(|| format!("the tiers of {id} are none that we know: it is taken as unassigned"));
        return None;
    };
    Some(TierAssignment {
        tiers,
        primary: if tiers.contains(primary) { primary } else { primary.other() },
        confidence: said.confidence.as_str().and_then(Confidence::from_word),
        objects: said.objects.into_iter().map(Cow::into_owned).collect(),
        rationale: said.rationale.owned().unwrap_or_default(),
    })
}

/// Official descriptions carry their sources as `(Citation: …)`, which only MITRE's site can resolve.
fn without_citations(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('(') {
        plain.push_str(before);
        rest = after;
        match after.strip_prefix("Citation: ").map(|citation| citation.split_once(')')) {
            None => plain.push('('),
            Some(Some((_, after))) => rest = after,
            // Nothing that follows ends one: it is a text like any other.
            Some(None) => {
                plain.push('(');
                break;
            }
        }
    }
    plain.push_str(rest);
    plain.trim().to_owned()
}
