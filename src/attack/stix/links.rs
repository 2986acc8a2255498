//! What relates to techniques: who uses them, what mitigates and what detects them, and what replaced them. Of actors,
//! mitigations, detections and data components only those are kept that relate to a technique.

use super::{
    assemble::{Parts, Relationship, RelationshipKind},
    ids::{ById, Id},
    object::Object,
    references::{Own, References},
};
use crate::attack::{
    Actor, ActorKind, ActorUse, Analytic, Asset, Component, Detection, Knowledge, Mitigation, Release, Retired, Tactic,
    Technique, TechniqueId,
};
use crate::order;
use rustc_hash::FxHashMap;
use std::borrow::Cow;

/// Relations, and what of actors, mitigations and detections they lead to.
pub struct Links<'p, 'a> {
    techniques_read: &'p [Object<'a>],
    analytics: ById<'p, &'p Object<'a>>,
    techniques: Vec<Technique>,
    at: ById<'p, usize>,
    actors: Kept<'p, 'a, Actor>,
    mitigations: Kept<'p, 'a, Mitigation>,
    detections: Kept<'p, 'a, Detection>,
    components: Kept<'p, 'a, Component>,
    assets: Kept<'p, 'a, Asset>,
    /// Of each detection, the data components that its analytics look at.
    looks_at: Vec<Vec<usize>>,
    data_sources: ById<'p, &'p Object<'a>>,
    release: Release,
}

/// Objects that are made into something when a relation first leads to them.
struct Kept<'p, 'a, T> {
    objects: ById<'p, Slot<'p, 'a>>,
    all: Vec<T>,
}

struct Slot<'p, 'a> {
    object: &'p Object<'a>,
    /// Where among all it is, if it has been made.
    at: Option<usize>,
}

impl<'p, 'a, T> Kept<'p, 'a, T> {
    fn new(objects: &'p [Object<'a>]) -> Self {
        Self {
            objects: by_id(objects, |object| object.is_live().then_some(Slot { object, at: None })),
            all: Vec::new(),
        }
    }

    fn get(&mut self, id: &Id<'p>, make: impl FnOnce(&Object<'a>) -> T) -> Option<usize> {
        let slot = self.objects.get_mut(id)?;
        Some(*slot.at.get_or_insert_with(|| {
            self.all.push(make(slot.object));
            self.all.len() - 1
        }))
    }
}

impl<'p, 'a> Links<'p, 'a> {
    pub fn new(parts: &'p Parts<'a>, release: &Release, techniques: Vec<Technique>) -> Self {
        let mut at = ById::default();
        // They are in the order of the objects that they were made of.
        for object in &parts.techniques {
            let is_next = |id: &str| techniques.get(at.len()).is_some_and(|technique| technique.stix_id == id);
            if object.id.text().as_str().is_some_and(is_next) {
                at.extend(object.id().map(|id| (id, at.len())));
            }
        }
        Self {
            techniques_read: &parts.techniques,
            analytics: by_id(&parts.analytics, Some),
            data_sources: by_id(&parts.data_sources, Some),
            techniques,
            at,
            actors: Kept::new(&parts.actors),
            mitigations: Kept::new(&parts.mitigations),
            detections: Kept::new(&parts.detections),
            components: Kept::new(&parts.components),
            assets: Kept::new(&parts.assets),
            looks_at: Vec::new(),
            release: release.clone(),
        }
    }

    #[inline(never)] // see `Object::scan`
    pub fn follow(&mut self, relationship: &'p Relationship<'a>, retired: &mut ById<'p, Retired>) {
        let Relationship { kind, source, target, container_related } = relationship;
        // All others lead to a technique.
        let (technique, other) =
            if matches!(kind, RelationshipKind::Targets) { (source, target) } else { (target, source) };
        match (kind, self.at.get(technique).copied()) {
            (RelationshipKind::RevokedBy, Some(technique)) => {
                if let Some(gone) = retired.get_mut(other) {
                    gone.replaced_by = Some(self.techniques[technique].id.clone());
                }
            }
            // What took its place has been revoked since: whoever looks for it goes on from there.
            (RelationshipKind::RevokedBy, None) => {
                let next = retired.get(technique).map(|next| next.id.clone());
                if let Some(gone) = retired.get_mut(other).filter(|gone| gone.replaced_by.is_none()) {
                    gone.replaced_by = next;
                }
            }
            (_, None) => {}
            (RelationshipKind::Uses, Some(technique)) => {
                if let Some(actor) = self.actors.get(other, actor) {
                    let seen = ActorUse { actor, container_related: *container_related };
                    self.techniques[technique].uses.push(seen);
                }
            }
            (RelationshipKind::Mitigates, Some(technique)) => {
                if let Some(mitigation) = self.mitigations.get(other, mitigation) {
                    self.techniques[technique].mitigations.push(mitigation);
                }
            }
            (RelationshipKind::Detects, Some(technique)) => self.detects(other, technique),
            (RelationshipKind::Targets, Some(technique)) => {
                if let Some(asset) = self.assets.get(other, asset) {
                    self.techniques[technique].assets.push(asset);
                }
            }
            (RelationshipKind::SubtechniqueOf, Some(technique)) => {
                let parent = self.techniques[technique].id.clone();
                if let Some(child) = self.at.get(other) {
                    self.techniques[*child].parent = Some(parent);
                }
            }
        }
    }

    /// By a strategy through its analytics, or, before ATT&CK 18, by a data component itself.
    fn detects(&mut self, source: &Id<'p>, technique: usize) {
        if let Some(component) = self.component(source) {
            self.techniques[technique].components.push(component);
            return;
        }
        let scope = self.release.scope.as_deref();
        let mut seen = None;
        let made = self.detections.get(source, |object| {
            let analytics = analytics(object, &self.analytics, scope);
            let mut names = Vec::new();
            let mut components = Vec::new();
            for [name, component] in analytics.iter().flat_map(|analytic| analytic.log_sources()) {
                names.extend(name.text().0);
                components.extend(component.letters().map(Id::of));
            }
            seen = Some(components);
            detection(object, &analytics, names)
        });
        let Some(at) = made else { return };
        if let Some(components) = seen {
            let looks_at = components.iter().filter_map(|id| self.component(id)).collect();
            self.looks_at.push(looks_at);
        }
        let seen = self.looks_at.get(at).map_or(&[][..], Vec::as_slice);
        self.techniques[technique].components.extend_from_slice(seen);
        self.techniques[technique].detections.push(at);
    }

    fn component(&mut self, id: &Id<'p>) -> Option<usize> {
        let sources = &self.data_sources;
        self.components.get(id, |object| {
            let Own { id, url } = References::of(object).own();
            let source = object.data_source().and_then(|id| sources.get(&id)).map(|source| source.name.owned());
            Component { id, name: object.name.owned(), url, source }
        })
    }

    /// What techniques say in words of where they can be seen. From ATT&CK 10 to 17 they say so besides, of data components
    /// that the bundle has: so it is asked only of bundles that have none.
    pub fn follow_data_sources(&mut self) {
        let mut named: FxHashMap<String, usize> = FxHashMap::default();
        for object in self.techniques_read {
            let Some(technique) = object.id().and_then(|id| self.at.get(&id)).copied() else {
                continue;
            };
            for words in object.data_sources() {
                let known = &mut self.components.all;
                let at = *named.entry(words.clone().into_owned()).or_insert_with(|| {
                    let (source, name) = words
                        .split_once(": ")
                        .map_or((None, words.as_ref()), |(source, name)| (Some(source.to_owned()), name));
                    known.push(Component { id: String::new(), name: name.to_owned(), url: None, source });
                    known.len() - 1
                });
                self.techniques[technique].components.push(at);
            }
        }
    }

    /// Those who acted against containers come first, then by name.
    pub fn finish(self, release: Release, tactics: Vec<Tactic>, retired: Vec<Retired>) -> Knowledge {
        let Self { mut techniques, actors, mitigations, detections, components, assets, .. } = self;
        let (actors, mitigations) = (actors.all, mitigations.all);
        let (detections, components, assets) = (detections.all, components.all, assets.all);
        let names: Vec<String> = actors.iter().map(|actor| actor.name.to_ascii_lowercase()).collect();
        let actor_ranks = order::ranks(actors.len(), |a, b| {
            let key = |at: usize| (!actors[at].container_native, names[at].as_str());
            key(a).cmp(&key(b))
        });
        let mitigation_ranks = order::ranks(mitigations.len(), |a, b| mitigations[a].id.cmp(&mitigations[b].id));
        let detection_ranks = order::ranks(detections.len(), |a, b| detections[a].id.cmp(&detections[b].id));
        let component_ranks = order::ranks(components.len(), |a, b| {
            let key = |at: usize| (&components[at].source, &components[at].name);
            key(a).cmp(&key(b))
        });
        let asset_ranks = order::ranks(assets.len(), |a, b| assets[a].name.cmp(&assets[b].name));
        let by_rank = |list: &mut Vec<usize>, ranks: &[usize]| {
            list.sort_unstable_by_key(|at| ranks[*at]);
            list.dedup();
        };
        for technique in &mut techniques {
            once_each(&mut technique.uses);
            technique.uses.sort_by_key(|seen| (!seen.container_related, actor_ranks[seen.actor]));
            technique.uses.dedup_by_key(|seen| seen.actor);
            by_rank(&mut technique.mitigations, &mitigation_ranks);
            by_rank(&mut technique.detections, &detection_ranks);
            by_rank(&mut technique.components, &component_ranks);
            by_rank(&mut technique.assets, &asset_ranks);
        }
        stand_on_two_levels(&mut techniques);
        let mut knowledge = Knowledge::new(release, tactics, techniques, retired, actors, mitigations, detections);
        knowledge.components = components;
        knowledge.assets = assets;
        knowledge
    }
}

/// A matrix has techniques and what stands under them. What a bundle puts under a sub-technique stands under the technique
/// above it, and what it puts under itself, by however many others, stands by itself: it would be nowhere else.
fn stand_on_two_levels(techniques: &mut [Technique]) {
    let parents: FxHashMap<&TechniqueId, Option<&TechniqueId>> =
        techniques.iter().map(|technique| (&technique.id, technique.parent.as_ref())).collect();
    let above = |id: &TechniqueId| parents.get(id).copied().flatten().filter(|above| parents.contains_key(above));
    let lower = techniques.iter().enumerate().filter(|(_, technique)| above(&technique.id).and_then(above).is_some());
    let tops: Vec<(usize, Option<TechniqueId>)> = lower
        .map(|(at, technique)| {
            let mut way = std::iter::successors(above(&technique.id), |id| above(id)).take(techniques.len());
            (at, way.find(|id| above(id).is_none()).cloned())
        })
        .collect();
    for (at, top) in tops {
        techniques[at].parent = top;
    }
}

/// Who was seen against containers is not told of again for what was seen elsewhere.
fn once_each(uses: &mut Vec<ActorUse>) {
    let against: Vec<usize> = uses.iter().filter(|seen| seen.container_related).map(|seen| seen.actor).collect();
    uses.retain(|seen| seen.container_related || !against.contains(&seen.actor));
}

fn actor(object: &Object) -> Actor {
    let references = References::of(object);
    let Own { id, url } = references.own();
    let kind = object.kind.text();
    let url = url.or_else(|| references.address_of_actor(kind.as_str()?, &id));
    let name = object.name.owned();
    Actor {
        kind: match kind.as_str() {
            Some("intrusion-set") => ActorKind::Group,
            Some("campaign") => ActorKind::Campaign,
            _ => ActorKind::Software,
        },
        aliases: object.aliases().into_iter().filter(|alias| *alias != name).map(Cow::into_owned).collect(),
        container_native: object.extensions().container_native,
        id,
        name,
        url,
    }
}

fn mitigation(object: &Object) -> Mitigation {
    let Own { id, url } = References::of(object).own();
    Mitigation { id, name: object.name.owned(), url }
}

fn asset(object: &Object) -> Asset {
    let Own { id, url } = References::of(object).own();
    Asset { id, name: object.name.owned(), url, aliases: object.related_assets() }
}

/// The analytics of a detection strategy that are about the bundle's scope.
fn analytics<'p, 'a>(strategy: &Object, all: &ById<'p, &'p Object<'a>>, scope: Option<&str>) -> Vec<&'p Object<'a>> {
    let fits = |analytic: &&Object| {
        scope.is_none_or(|scope| {
            let platforms = analytic.platforms();
            platforms.is_empty() || platforms.iter().any(|platform| platform == scope)
        })
    };
    let wanted = strategy.analytic_refs();
    wanted.into_iter().filter_map(|id| all.get(&Id::of_text(id)).copied()).filter(fits).collect()
}

fn detection(object: &Object, analytics: &[&Object], mut log_sources: Vec<Cow<str>>) -> Detection {
    let Own { id, url } = References::of(object).own();
    order::sort_by(&mut log_sources, Cow::cmp);
    log_sources.dedup();
    let log_sources = log_sources.into_iter().map(Cow::into_owned).collect();
    let analytic = |object: &&Object| {
        let Own { id, url } = References::of(object).own();
        let platforms = object.platforms().into_iter().map(Cow::into_owned).collect();
        Analytic { id, name: object.name.owned(), url, platforms }
    };
    Detection { id, name: object.name.owned(), url, analytics: analytics.iter().map(analytic).collect(), log_sources }
}

/// What is made of each of them, by their ids.
fn by_id<'p, 'a, T>(objects: &'p [Object<'a>], make: impl Fn(&'p Object<'a>) -> Option<T>) -> ById<'p, T> {
    let mut all = ById::with_capacity_and_hasher(objects.len(), Default::default());
    all.extend(objects.iter().filter_map(|object| Some((object.id()?, make(object)?))));
    all
}
