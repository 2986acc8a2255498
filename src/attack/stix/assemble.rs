//! Puts the objects of a bundle together as knowledge: tactics in the order of the matrices, techniques with what relates
//! to them. Only what relates to a technique is kept.

use super::{
    ReadError, Warnings,
    object::{Inner, Object},
    text::{Lenient, Text},
};
use crate::attack::{
    Actor, ActorKind, ActorUse, Confidence, Counterpart, Detection, Knowledge, Mitigation, Release, Retired, Tactic,
    TacticName, Technique, TechniqueId, Tier, TierAssignment, TierSet,
};
use crate::order;
use rustc_hash::{FxHashMap, FxHashSet};

/// Catalogues whose ids are techniques' own.
const ATTACK_SOURCES: [&str; 3] = ["mitre-attack", "mitre-mobile-attack", "mitre-ics-attack"];

/// Catalogues whose ids name the same behaviour elsewhere.
const COUNTERPARTS: [&str; 2] = ["threat-matrix-for-kubernetes", "mitre-attack"];

/// The objects of a bundle by kind, as they came.
#[derive(Default)]
pub struct Parts<'a> {
    seen: FxHashSet<String>,
    collection: Option<Object<'a>>,
    matrices: Vec<Object<'a>>,
    tactics: Vec<Object<'a>>,
    techniques: Vec<Object<'a>>,
    actors: Vec<Object<'a>>,
    mitigations: Vec<Object<'a>>,
    detections: Vec<Object<'a>>,
    analytics: Vec<Object<'a>>,
    relationships: Vec<Relationship<'a>>,
}

/// What is kept of a relationship: there are twenty thousand in the Enterprise bundle.
struct Relationship<'a> {
    kind: Text<'a>,
    source: Text<'a>,
    target: Text<'a>,
    container_related: bool,
}

impl<'a> Parts<'a> {
    /// Takes an object that has a use; others are skipped, broken ones with a warning.
    pub fn take(&mut self, object: Object<'a>, at: usize, warnings: &mut Warnings) {
        let Some(kind) = object.kind.as_str() else {
            warnings.add(|| format!("object {at} has no type: left out"));
            return;
        };
        let place = match kind {
            "relationship" => return self.take_relationship(object),
            "x-mitre-matrix" => &mut self.matrices,
            "x-mitre-tactic" => &mut self.tactics,
            "attack-pattern" => &mut self.techniques,
            "intrusion-set" | "malware" | "tool" | "campaign" => &mut self.actors,
            "course-of-action" => &mut self.mitigations,
            "x-mitre-detection-strategy" | "x-mitre-data-component" => &mut self.detections,
            "x-mitre-analytic" => &mut self.analytics,
            "x-mitre-collection" => {
                self.collection.get_or_insert(object);
                return;
            }
            _ => return,
        };
        match object.id.as_str() {
            None => warnings.add(|| format!("object {at} ({kind}) has no id: left out")),
            Some(id) if !self.seen.insert(id.to_owned()) => {
                warnings.add(|| format!("object {at} has the id {id} of an earlier one: left out"));
            }
            Some(_) => place.push(object),
        }
    }

    fn take_relationship(&mut self, object: Object<'a>) {
        if object.revoked.0 || object.x_mitre_deprecated.0 {
            return;
        }
        self.relationships.push(Relationship {
            kind: object.relationship_type,
            source: object.source_ref,
            target: object.target_ref,
            container_related: object.extensions.container_related,
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
    for relationship in &parts.relationships {
        links.follow(relationship, &mut retired);
    }
    let retired = retired.into_values().collect();
    Ok(links.finish(release, tactics, retired))
}

fn is_live(object: &Object) -> bool {
    !object.revoked.0 && !object.x_mitre_deprecated.0
}

fn release(parts: &Parts) -> Release {
    let first = |list: &[Text]| list.first().map(Text::owned);
    let collection = parts.collection.as_ref();
    let said = |read: fn(&Object) -> Option<String>| collection.and_then(read);
    let domain = said(|it| it.extensions.domain.as_str().map(str::to_owned))
        .or_else(|| parts.techniques.iter().find_map(|technique| first(&technique.x_mitre_domains.0)))
        .or_else(|| parts.techniques.iter().find_map(domain_of_kill_chain));
    let matrix = parts.matrices.iter().find(|matrix| is_live(matrix));
    Release {
        title: said(|it| it.name.as_str().map(str::to_owned))
            .or_else(|| matrix.map(|matrix| matrix.name.owned()))
            .unwrap_or_default(),
        domain: domain.unwrap_or_else(|| "enterprise-attack".to_owned()),
        version: said(|it| it.x_mitre_version.as_str().map(str::to_owned)),
        scope: said(|it| it.extensions.platform.as_str().map(str::to_owned)),
        released: said(|it| it.extensions.released.as_str().map(str::to_owned)),
    }
}

/// Bundles before ATT&CK 10 don't name their domain; their kill chain does.
fn domain_of_kill_chain(technique: &Object) -> Option<String> {
    let phase = technique.kill_chain_phases.0.iter().find_map(|phase| phase.0.as_ref())?;
    let domain = match phase.kill_chain_name.as_str()? {
        "mitre-attack" => "enterprise-attack",
        "mitre-mobile-attack" => "mobile-attack",
        "mitre-ics-attack" => "ics-attack",
        other => other,
    };
    Some(domain.to_owned())
}

/// The tactics of all live matrices, in their order, without repetition.
fn tactics(parts: &Parts, warnings: &mut Warnings) -> Vec<Tactic> {
    let by_id: FxHashMap<&str, &Object> =
        parts.tactics.iter().filter_map(|tactic| Some((tactic.id.as_str()?, tactic))).collect();
    let mut tactics: Vec<Tactic> = Vec::new();
    for matrix in parts.matrices.iter().filter(|matrix| is_live(matrix)) {
        for reference in matrix.tactic_refs.0.iter().filter_map(Text::as_str) {
            let Some(object) = by_id.get(reference) else {
                warnings.add(|| format!("the matrix names the tactic {reference}, which is not there: left out"));
                continue;
            };
            let Ok(short_name) = TacticName::parse(object.x_mitre_shortname.as_str().unwrap_or_default()) else {
                warnings.add(|| format!("the tactic {reference} has no usable short name: left out"));
                continue;
            };
            if tactics.iter().all(|tactic| tactic.short_name != short_name) {
                let (id, url) = own_reference(object).map_or_else(Default::default, |(id, url)| (id.to_owned(), url));
                tactics.push(Tactic { id, short_name, name: object.name.owned(), url });
            }
        }
    }
    tactics
}

/// Live techniques with their STIX ids, and retired ones by theirs.
fn techniques(
    parts: &Parts,
    tactics: &[Tactic],
    warnings: &mut Warnings,
) -> (Vec<Technique>, FxHashMap<String, Retired>) {
    let mut live = Vec::new();
    let mut retired = FxHashMap::default();
    let mut ids = FxHashSet::default();
    for object in &parts.techniques {
        let stix_id = object.id.owned();
        let Some((id, url)) = own_reference(object).and_then(|(id, url)| Some((TechniqueId::parse(id).ok()?, url)))
        else {
            warnings.add(|| format!("the technique {stix_id} has no usable id: left out"));
            continue;
        };
        if !is_live(object) {
            let name = object.name.owned();
            retired.insert(stix_id, Retired { id, name, replaced_by: None });
        } else if ids.insert(id.clone()) {
            live.push(technique(object, id, url, tactics, warnings));
        } else {
            warnings.add(|| format!("{id} is there twice: the second is left out"));
        }
    }
    (live, retired)
}

fn technique(
    object: &Object,
    id: TechniqueId,
    url: Option<String>,
    tactics: &[Tactic],
    warnings: &mut Warnings,
) -> Technique {
    let mut names: Vec<TacticName> = Vec::new();
    for phase in object.kill_chain_phases.0.iter().filter_map(|phase| phase.0.as_ref()) {
        let phase = phase.phase_name.as_str().unwrap_or_default();
        match tactics.iter().find(|tactic| tactic.short_name.as_str() == phase) {
            Some(tactic) if !names.contains(&tactic.short_name) => names.push(tactic.short_name.clone()),
            Some(_) => {}
            None => warnings.add(|| format!("{id} is in the tactic \"{phase}\", which no matrix has")),
        }
    }
    let platforms = object.x_mitre_platforms.0.iter().filter_map(Text::as_str);
    Technique {
        tier: tier(object, &id, warnings),
        parent: if object.x_mitre_is_subtechnique.0 { id.parent() } else { None },
        stix_id: object.id.owned(),
        name: object.name.owned(),
        description: without_citations(object.description.as_str().unwrap_or_default()),
        tactics: names,
        platforms: platforms.map(|platform| platform.trim().to_owned()).collect(),
        version: object.x_mitre_version.as_str().map(str::to_owned),
        url,
        uses: Vec::new(),
        mitigations: Vec::new(),
        detections: Vec::new(),
        counterparts: counterparts(object, &id),
        id,
    }
}

fn tier(object: &Object, id: &TechniqueId, warnings: &mut Warnings) -> Option<TierAssignment> {
    let said = &object.extensions;
    if said.tiers.0.is_empty() {
        return None;
    }
    let tiers = TierSet::of(said.tiers.0.iter().filter_map(Text::as_str).filter_map(Tier::from_word));
    let primary = said.primary_tier.as_str().and_then(Tier::from_word);
    let (Some(tiers), Some(primary)) = (tiers, primary) else {
        warnings.add(|| format!("the tiers of {id} are none that we know: it is taken as unassigned"));
        return None;
    };
    Some(TierAssignment {
        tiers,
        primary: if tiers.contains(primary) { primary } else { primary.other() },
        confidence: said.confidence.as_str().and_then(Confidence::from_word),
        objects: said.objects.0.iter().filter_map(Text::as_str).map(str::to_owned).collect(),
        rationale: said.rationale.owned(),
    })
}

fn references<'o, 'a>(object: &'o Object<'a>) -> impl Iterator<Item = &'o Inner<'a>> {
    object.external_references.0.iter().filter_map(|reference: &Lenient<Inner>| reference.0.as_ref())
}

/// An object's own id in its catalogue, and its address: ATT&CK's if it has one, else the first with an id.
fn own_reference<'o>(object: &'o Object) -> Option<(&'o str, Option<String>)> {
    let first = references(object).find(|reference| reference.external_id.0.is_some());
    let is_counterpart = first.is_some_and(|it| it.source_name.as_str() == Some(COUNTERPARTS[0]));
    let official = references(object).find(|reference| {
        let known = reference.source_name.as_str().is_some_and(|source| ATTACK_SOURCES.contains(&source));
        known && reference.external_id.0.is_some() && !is_counterpart
    });
    let own = official.or(first)?;
    Some((own.external_id.as_str()?, own.url.as_str().map(str::to_owned)))
}

fn counterparts(object: &Object, id: &TechniqueId) -> Vec<Counterpart> {
    let elsewhere = references(object).filter_map(|reference| {
        let catalogue = reference.source_name.as_str().filter(|source| COUNTERPARTS.contains(source))?;
        let other = reference.external_id.as_str().filter(|other| *other != id.as_str())?;
        Some(Counterpart {
            catalogue: catalogue.to_owned(),
            id: other.to_owned(),
            name: reference.description.owned(),
            url: reference.url.as_str().map(str::to_owned),
        })
    });
    elsewhere.collect()
}

/// Official descriptions carry their sources as `(Citation: …)`, which only MITRE's site can resolve.
fn without_citations(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, citation)) = rest.split_once("(Citation: ") {
        plain.push_str(before);
        rest = citation.split_once(')').map_or("", |(_, after)| after);
    }
    plain.push_str(rest);
    plain.trim().to_owned()
}

/// Relations, and what of actors, mitigations and detections they lead to.
struct Links<'p, 'a> {
    parts: &'p Parts<'a>,
    techniques: Vec<Technique>,
    at: FxHashMap<String, usize>,
    actors: Kept<'p, 'a, Actor>,
    mitigations: Kept<'p, 'a, Mitigation>,
    detections: Kept<'p, 'a, Detection>,
    release: Release,
}

/// Objects that are made into something when a relation first leads to them.
struct Kept<'p, 'a, T> {
    objects: FxHashMap<&'p str, &'p Object<'a>>,
    at: FxHashMap<&'p str, usize>,
    all: Vec<T>,
}

impl<'p, 'a, T> Kept<'p, 'a, T> {
    fn new(objects: &'p [Object<'a>]) -> Self {
        let live = objects.iter().filter(|object| is_live(object));
        let objects = live.filter_map(|object| Some((object.id.as_str()?, object))).collect();
        Self { objects, at: FxHashMap::default(), all: Vec::new() }
    }

    fn get(&mut self, id: &str, make: impl FnOnce(&Object<'a>) -> T) -> Option<usize> {
        let (id, object) = self.objects.get_key_value(id)?;
        Some(*self.at.entry(id).or_insert_with(|| {
            self.all.push(make(object));
            self.all.len() - 1
        }))
    }
}

impl<'p, 'a> Links<'p, 'a> {
    fn new(parts: &'p Parts<'a>, release: &Release, techniques: Vec<Technique>) -> Self {
        let at = techniques.iter().enumerate().map(|(at, technique)| (technique.stix_id.clone(), at)).collect();
        Self {
            parts,
            techniques,
            at,
            actors: Kept::new(&parts.actors),
            mitigations: Kept::new(&parts.mitigations),
            detections: Kept::new(&parts.detections),
            release: release.clone(),
        }
    }

    fn follow(&mut self, relationship: &Relationship, retired: &mut FxHashMap<String, Retired>) {
        let (Some(kind), Some(source), Some(target)) =
            (relationship.kind.as_str(), relationship.source.as_str(), relationship.target.as_str())
        else {
            return;
        };
        let Some(technique) = self.at.get(target).copied() else { return };
        match kind {
            "uses" => {
                if let Some(actor) = self.actors.get(source, actor) {
                    let seen = ActorUse { actor, container_related: relationship.container_related };
                    self.techniques[technique].uses.push(seen);
                }
            }
            "mitigates" => {
                if let Some(mitigation) = self.mitigations.get(source, mitigation) {
                    self.techniques[technique].mitigations.push(mitigation);
                }
            }
            "detects" => {
                let (parts, scope) = (self.parts, self.release.scope.as_deref());
                if let Some(at) = self.detections.get(source, |object| detection(object, parts, scope)) {
                    self.techniques[technique].detections.push(at);
                }
            }
            "subtechnique-of" => {
                let parent = self.techniques[technique].id.clone();
                if let Some(child) = self.at.get(source) {
                    self.techniques[*child].parent = Some(parent);
                }
            }
            "revoked-by" => {
                if let Some(gone) = retired.get_mut(source) {
                    gone.replaced_by = Some(self.techniques[technique].id.clone());
                }
            }
            _ => {}
        }
    }

    /// Those who acted against containers come first, then by name.
    fn finish(self, release: Release, tactics: Vec<Tactic>, retired: Vec<Retired>) -> Knowledge {
        let Self { mut techniques, actors, mitigations, detections, .. } = self;
        let (actors, mitigations, detections) = (actors.all, mitigations.all, detections.all);
        for technique in &mut techniques {
            let rank = |seen: &ActorUse| {
                let actor = &actors[seen.actor];
                (!seen.container_related, !actor.container_native, actor.name.to_ascii_lowercase(), seen.actor)
            };
            order::sort_by_key(&mut technique.uses, rank);
            technique.uses.dedup_by_key(|seen| seen.actor);
            order::sort_by_key(&mut technique.mitigations, |at| (mitigations[*at].id.clone(), *at));
            technique.mitigations.dedup();
            order::sort_by_key(&mut technique.detections, |at| (detections[*at].id.clone(), *at));
            technique.detections.dedup();
        }
        Knowledge::new(release, tactics, techniques, retired, actors, mitigations, detections)
    }
}

fn actor(object: &Object) -> Actor {
    let (id, url) = own_reference(object).map_or_else(Default::default, |(id, url)| (id.to_owned(), url));
    let url = url.or_else(|| address(object, &id));
    let name = object.name.owned();
    let aliases = object.aliases.0.iter().chain(&object.x_mitre_aliases.0).filter_map(Text::as_str);
    Actor {
        kind: match object.kind.as_str() {
            Some("intrusion-set") => ActorKind::Group,
            Some("campaign") => ActorKind::Campaign,
            _ => ActorKind::Software,
        },
        aliases: aliases.filter(|alias| *alias != name).map(str::to_owned).collect(),
        container_native: object.extensions.container_native,
        id,
        name,
        url,
    }
}

/// Where ATT&CK's site has an actor that comes without an address.
fn address(object: &Object, id: &str) -> Option<String> {
    references(object).find(|reference| reference.source_name.as_str() == Some("mitre-attack"))?;
    let folder = match object.kind.as_str()? {
        "intrusion-set" => "groups",
        "campaign" => "campaigns",
        _ => "software",
    };
    Some(format!("https://attack.mitre.org/{folder}/{id}"))
}

fn mitigation(object: &Object) -> Mitigation {
    let (id, url) = own_reference(object).map_or_else(Default::default, |(id, url)| (id.to_owned(), url));
    Mitigation { id, name: object.name.owned(), url }
}

/// With the log sources of its analytics that are about the bundle's scope.
fn detection(object: &Object, parts: &Parts, scope: Option<&str>) -> Detection {
    let (id, url) = own_reference(object).map_or_else(Default::default, |(id, url)| (id.to_owned(), url));
    let wanted: FxHashSet<&str> = object.x_mitre_analytic_refs.0.iter().filter_map(Text::as_str).collect();
    let about = |analytic: &&Object| {
        let platforms = &analytic.x_mitre_platforms.0;
        let fits = |scope: &str| platforms.is_empty() || platforms.iter().any(|it| it.as_str() == Some(scope));
        analytic.id.as_str().is_some_and(|id| wanted.contains(id)) && scope.is_none_or(fits)
    };
    let analytics = parts.analytics.iter().filter(|_| !wanted.is_empty()).filter(about);
    let mut log_sources: Vec<String> = analytics
        .flat_map(|analytic| analytic.x_mitre_log_source_references.0.iter().filter_map(|it| it.0.as_ref()))
        .filter_map(|source| source.name.as_str().map(str::to_owned))
        .collect();
    order::sort_by(&mut log_sources, String::cmp);
    log_sources.dedup();
    Detection { id, name: object.name.owned(), url, log_sources }
}
