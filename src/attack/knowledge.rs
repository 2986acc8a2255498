//! What a bundle says, parsed: tactics in matrix order, techniques, who uses them, what helps against them.
//! Immutable once read. Reading is `stix`'s; laying out is `matrix`'s.

use super::{Retired, TacticName, TechniqueId, TierAssignment, TierSet, digest::Later};
use crate::order;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

/// One bundle's knowledge. Techniques, actors, mitigations and detections refer to each other by their index here.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Knowledge {
    pub release: Release,
    /// In the order of the bundle's matrix (of its matrices, one after the other), without repetition.
    pub tactics: Vec<Tactic>,
    /// Live techniques and sub-techniques, by id.
    pub techniques: Vec<Technique>,
    /// Revoked and deprecated techniques, by id.
    pub retired: Vec<Retired>,
    pub actors: Vec<Actor>,
    pub mitigations: Vec<Mitigation>,
    pub detections: Later<Vec<Detection>>,
    pub components: Vec<Component>,
    pub assets: Vec<Asset>,
    /// It says who stands where and who was seen against containers; the rest is yet to come.
    pub outline: bool,
    #[serde(skip)]
    index: FxHashMap<TechniqueId, usize>,
    /// Of each technique that has sub-techniques: where they are, by id.
    #[serde(skip)]
    children: FxHashMap<TechniqueId, Vec<usize>>,
}

/// Which catalogue and release the knowledge is of.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// `ATT&CK for Containers`, or what the bundle calls itself.
    pub title: String,
    /// As layer files name it: `enterprise-attack`.
    pub domain: String,
    /// `19.2`; absent where the bundle doesn't say.
    pub version: Option<String>,
    /// The platform that the bundle is about, where it is about one: techniques without it only give context.
    pub scope: Option<String>,
    /// ISO date of the release.
    pub released: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tactic {
    /// `TA0002`.
    pub id: String,
    pub short_name: TacticName,
    pub name: String,
    pub url: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Technique {
    pub id: TechniqueId,
    pub stix_id: String,
    pub name: String,
    pub description: String,
    pub parent: Option<TechniqueId>,
    /// Short names as the bundle lists them; those that no matrix has are left out.
    pub tactics: Vec<TacticName>,
    pub platforms: Vec<String>,
    pub version: Option<String>,
    pub url: Option<String>,
    pub tier: Option<TierAssignment>,
    pub uses: Vec<ActorUse>,
    /// Indexes into [`Knowledge::mitigations`].
    pub mitigations: Vec<usize>,
    /// Indexes into [`Knowledge::detections`].
    pub detections: Vec<usize>,
    /// What its detections look at: indexes into [`Knowledge::components`].
    pub components: Vec<usize>,
    /// What it acts on, in the ICS domain: indexes into [`Knowledge::assets`].
    pub assets: Vec<usize>,
    /// The same behaviour in another catalogue.
    pub counterparts: Vec<Counterpart>,
}

/// That an actor was seen using a technique.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActorUse {
    /// Index into [`Knowledge::actors`].
    pub actor: usize,
    /// Seen against containers, not just anywhere.
    pub container_related: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// `G0139`, `S0601`, `C0002`; empty where the bundle gives none.
    pub id: String,
    pub name: String,
    pub kind: ActorKind,
    pub aliases: Vec<String>,
    pub url: Option<String>,
    /// Known for acting against containers.
    pub container_native: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ActorKind {
    Group,
    Software,
    Campaign,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mitigation {
    /// `M1026`.
    pub id: String,
    pub name: String,
    pub url: Option<String>,
}

/// A detection strategy; releases before ATT&CK 18 have none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detection {
    /// `DET0065`.
    pub id: String,
    pub name: String,
    pub url: Option<String>,
    /// Those for the bundle's scope.
    pub analytics: Vec<Analytic>,
    /// Names of the log sources that these read.
    pub log_sources: Vec<String>,
}

/// One way to see a technique on some platforms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Analytic {
    /// `AN0110`.
    pub id: String,
    pub name: String,
    pub url: Option<String>,
    pub platforms: Vec<String>,
}

/// A data component: something that can be watched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Component {
    /// `DC0032`; empty where the bundle gives none, as before ATT&CK 17.
    pub id: String,
    pub name: String,
    pub url: Option<String>,
    /// The name of its data source, where releases have those.
    pub source: Option<String>,
}

/// A kind of device or system that techniques act on; the ICS domain has them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asset {
    /// `A0003`.
    pub id: String,
    pub name: String,
    pub url: Option<String>,
    /// What related devices are called.
    pub aliases: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counterpart {
    /// `mitre-attack` or `threat-matrix-for-kubernetes`.
    pub catalogue: String,
    pub id: String,
    pub name: String,
    pub url: Option<String>,
}

impl Knowledge {
    /// Puts the parts together: sorts techniques and retired ones by id and makes them findable.
    pub fn new(
        release: Release,
        tactics: Vec<Tactic>,
        mut techniques: Vec<Technique>,
        mut retired: Vec<Retired>,
        actors: Vec<Actor>,
        mitigations: Vec<Mitigation>,
        detections: Vec<Detection>,
    ) -> Self {
        order::sort_by(&mut techniques, |a, b| a.id.cmp(&b.id));
        order::sort_by(&mut retired, |a, b| a.id.cmp(&b.id));
        let detections = Later::from(detections);
        Self { release, tactics, techniques, retired, actors, mitigations, detections, ..Self::default() }.indexed()
    }

    /// What it takes to lay out a matrix and to mark its cells, and no more: a twentieth of the whole.
    pub fn outlined(&self) -> Self {
        let technique = |whole: &Technique| Technique {
            stix_id: String::new(),
            description: String::new(),
            version: None,
            url: None,
            tier: whole.tier.clone().map(|tier| TierAssignment {
                objects: Vec::new(),
                rationale: String::new(),
                ..tier
            }),
            uses: whole.uses.iter().filter(|seen| seen.container_related).copied().collect(),
            mitigations: Vec::new(),
            detections: Vec::new(),
            components: Vec::new(),
            assets: Vec::new(),
            counterparts: Vec::new(),
            ..whole.clone()
        };
        let mut techniques: Vec<Technique> = self.techniques.iter().map(technique).collect();
        let mut actors: Vec<Actor> = Vec::new();
        let mut places: FxHashMap<usize, usize> = FxHashMap::default();
        for seen in techniques.iter_mut().flat_map(|technique| &mut technique.uses) {
            let place = places.entry(seen.actor).or_insert(actors.len());
            if *place == actors.len() {
                actors.extend(self.actors.get(seen.actor).map(|actor| Actor {
                    aliases: Vec::new(),
                    url: None,
                    ..actor.clone()
                }));
            }
            seen.actor = *place;
        }
        Self {
            release: self.release.clone(),
            tactics: self.tactics.clone(),
            techniques,
            actors,
            outline: true,
            ..Self::default()
        }
        .indexed()
    }

    /// With its techniques and sub-techniques findable.
    pub(super) fn indexed(mut self) -> Self {
        let each = self.techniques.iter().enumerate();
        self.index = each.map(|(at, technique)| (technique.id.clone(), at)).collect();
        let mut children: FxHashMap<TechniqueId, Vec<usize>> = FxHashMap::default();
        for (at, technique) in self.techniques.iter().enumerate() {
            if let Some(parent) = self.parent_of(technique) {
                children.entry(parent.id.clone()).or_default().push(at);
            }
        }
        self.children = children;
        self
    }

    pub fn technique(&self, id: &TechniqueId) -> Option<&Technique> {
        self.index.get(id).and_then(|at| self.techniques.get(*at))
    }

    /// The platforms of its techniques, in the order in which they first appear.
    pub fn platforms(&self) -> Vec<&str> {
        let mut platforms: Vec<&str> = Vec::new();
        for platform in self.techniques.iter().flat_map(|technique| &technique.platforms) {
            if !platforms.contains(&platform.as_str()) {
                platforms.push(platform);
            }
        }
        platforms
    }

    /// The technique under which a sub-technique stands, if the bundle has it.
    pub fn parent_of(&self, technique: &Technique) -> Option<&Technique> {
        technique.parent.as_ref().and_then(|parent| self.technique(parent))
    }

    /// Those of the bundle, by id.
    pub fn subtechniques_of(&self, id: &TechniqueId) -> impl Iterator<Item = &Technique> {
        let places = self.children.get(id).map_or(&[][..], Vec::as_slice);
        places.iter().filter_map(|at| self.techniques.get(*at))
    }

    /// Techniques that stand under no other.
    pub fn tops(&self) -> impl Iterator<Item = &Technique> {
        self.techniques.iter().filter(|technique| self.parent_of(technique).is_none())
    }

    pub fn tactic(&self, name: &TacticName) -> Option<&Tactic> {
        self.tactics.iter().find(|tactic| tactic.short_name == *name)
    }

    /// What a tactic is called; of one that the bundle doesn't have, its short name.
    pub fn tactic_title<'a>(&'a self, name: &'a TacticName) -> &'a str {
        self.tactic(name).map_or(name.as_str(), |tactic| &tactic.name)
    }

    /// Whether the technique counts in the bundle's matrix; one that doesn't only gives context to its sub-techniques.
    pub fn in_scope(&self, technique: &Technique) -> bool {
        match &self.release.scope {
            Some(scope) => technique.platforms.iter().any(|platform| platform == scope),
            None => true,
        }
    }

    /// The tiers in which a technique stands. One that nobody assigned stands in both.
    pub fn tiers_of(&self, id: &TechniqueId) -> TierSet {
        let assigned = self.technique(id).and_then(|technique| technique.tier.as_ref());
        assigned.map_or(TierSet::Both, |assignment| assignment.tiers)
    }
}

#[cfg(test)]
impl Technique {
    /// One of which nothing is known but its id.
    pub(crate) fn bare(id: &str) -> Self {
        Self {
            id: TechniqueId::parse(id).unwrap(),
            stix_id: String::new(),
            name: String::new(),
            description: String::new(),
            parent: None,
            tactics: Vec::new(),
            platforms: Vec::new(),
            version: None,
            url: None,
            tier: None,
            uses: Vec::new(),
            mitigations: Vec::new(),
            detections: Vec::new(),
            components: Vec::new(),
            assets: Vec::new(),
            counterparts: Vec::new(),
        }
    }
}

impl ActorKind {
    /// As people read it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Group => "group",
            Self::Software => "software",
            Self::Campaign => "campaign",
        }
    }
}

impl Release {
    /// What it is, for people: `ATT&CK for Containers v19.2`.
    pub fn words(&self) -> String {
        let version = self.version.as_deref().map(|version| format!(" v{version}")).unwrap_or_default();
        format!("{}{version}", self.title)
    }

    /// The release as layer files name it: `19` of `19.2`.
    pub fn major(&self) -> Option<String> {
        self.version.as_deref().and_then(|version| version.split('.').next()).map(str::to_owned)
    }
}

impl Technique {
    /// Whether someone was seen using it against containers.
    pub fn seen_against_containers(&self) -> bool {
        self.uses.iter().any(|seen| seen.container_related)
    }
}
