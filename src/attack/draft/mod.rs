//! Drafts of contributions to ATT&CK: a technique or sub-technique that is missing, a procedure that was seen, a technique
//! that belongs to another tactic or platform, an argument about tiers. Here is what a draft says; whether it is complete
//! is `check`'s, how it is passed on as STIX `stix`'s. Where drafts are kept is the app's.

mod check;
mod stix;

pub use check::{Finding, check, is_web_address};
pub use stix::bundle;

use super::{ActorKind, Knowledge, TacticName, TechniqueId, Tier, TierSet};
use serde::{Deserialize, Serialize};

/// The longest text that a field takes, in characters.
pub const LONGEST_TEXT: usize = 20_000;

/// What a draft proposes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Kind {
    /// A technique, or a sub-technique of one that the bundle has.
    #[default]
    Technique,
    /// That somebody was seen using a technique.
    Procedure,
    /// Other tactics or platforms for a technique.
    Placement,
    /// Other tiers for a technique, with the argument.
    Tier,
}

/// A draft. Which fields count depends on its kind; the others are kept, for a change of mind.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    pub kind: Kind,
    /// The catalogue that it is about, as layer files name it.
    pub domain: String,
    /// Of a new one: the technique that it is a sub-technique of, if it is one. Else: the technique that it is about.
    pub technique: Option<TechniqueId>,
    /// Of a new technique.
    pub name: String,
    pub tactics: Vec<TacticName>,
    pub platforms: Vec<String>,
    pub tiers: Option<TierSet>,
    pub primary: Option<Tier>,
    /// What adversaries do, or the argument for a change.
    pub behaviour: String,
    /// Of a procedure: who.
    pub actor: String,
    pub actor_kind: Option<ActorKind>,
    /// Where and when it was seen.
    pub seen: String,
    /// Adversaries were seen doing it; it is not only research or a test.
    pub in_the_wild: bool,
    /// How the contributor knows, where it is not published.
    pub visibility: String,
    pub detection: String,
    pub mitigation: String,
    pub references: Vec<Reference>,
    /// Who is to be named for it.
    pub contributor: String,
    /// When it was changed last: `2026-01-31T12:00:00.000Z`.
    pub changed: String,
}

/// Something that anybody can read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Reference {
    /// Author, title and date.
    pub title: String,
    pub url: String,
}

impl Kind {
    pub const ALL: [Self; 4] = [Self::Technique, Self::Procedure, Self::Placement, Self::Tier];

    /// The word for it in the page and in files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Technique => "technique",
            Self::Procedure => "procedure",
            Self::Placement => "placement",
            Self::Tier => "tier",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// As people call it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Technique => "New technique",
            Self::Procedure => "Procedure example",
            Self::Placement => "Change of tactic or platform",
            Self::Tier => "Tier argument",
        }
    }
}

impl Draft {
    /// A blank one about a bundle and, where there is one, a technique: what the bundle says of it is where one begins.
    pub fn begin(kind: Kind, knowledge: &Knowledge, technique: Option<&TechniqueId>) -> Self {
        let about = technique.and_then(|id| knowledge.technique(id));
        let scope: Vec<String> = knowledge.release.scope.iter().cloned().collect();
        let mut draft = Self { kind, domain: knowledge.release.domain.clone(), ..Self::default() };
        match (kind, about) {
            (Kind::Technique, _) => draft.platforms = scope,
            (_, None) => {}
            (_, Some(technique)) => {
                draft.technique = Some(technique.id.clone());
                draft.tactics.clone_from(&technique.tactics);
                draft.platforms.clone_from(&technique.platforms);
                draft.tiers = technique.tier.as_ref().map(|tier| tier.tiers);
                draft.primary = technique.tier.as_ref().map(|tier| tier.primary);
            }
        }
        draft
    }

    /// Whether nothing was written in it yet.
    pub fn says_nothing(&self) -> bool {
        let texts =
            [&self.name, &self.behaviour, &self.actor, &self.seen, &self.visibility, &self.detection, &self.mitigation];
        let said = |it: &Reference| !it.title.trim().is_empty() || !it.url.trim().is_empty();
        texts.iter().all(|text| text.trim().is_empty()) && !self.in_the_wild && !self.references.iter().any(said)
    }

    /// What it is called in a list: `New technique: Node Credential Relay`.
    pub fn title(&self, knowledge: &Knowledge) -> String {
        let about = || match &self.technique {
            Some(id) => {
                let name = knowledge.technique(id).map(|technique| format!(" {}", technique.name)).unwrap_or_default();
                format!("{id}{name}")
            }
            None => "no technique yet".to_owned(),
        };
        match self.kind {
            Kind::Technique => {
                let name = if self.name.trim().is_empty() { "not named yet" } else { self.name.trim() };
                let kind = if self.technique.is_some() { "New sub-technique" } else { "New technique" };
                format!("{kind}: {name}")
            }
            Kind::Procedure => {
                let actor = if self.actor.trim().is_empty() { "somebody" } else { self.actor.trim() };
                format!("Procedure example: {actor} using {}", about())
            }
            kind => format!("{}: {}", kind.title(), about()),
        }
    }

    /// The tactics in which a matrix shows a proposed cell: those of a new technique, and those that a change would add.
    pub fn proposed_in(&self, knowledge: &Knowledge) -> Vec<TacticName> {
        let has = |tactic: &TacticName| {
            let technique = self.technique.as_ref().and_then(|id| knowledge.technique(id));
            technique.is_some_and(|technique| technique.tactics.contains(tactic))
        };
        let known = self.tactics.iter().filter(|tactic| knowledge.tactic(tactic).is_some());
        match self.kind {
            Kind::Technique => known.cloned().collect(),
            Kind::Placement => known.filter(|tactic| !has(tactic)).cloned().collect(),
            Kind::Procedure | Kind::Tier => Vec::new(),
        }
    }

    /// Whether a matrix of a tier shows it; without tiers it is in both.
    pub fn is_in(&self, tier: Option<Tier>) -> bool {
        let (Some(tier), Some(tiers)) = (tier, self.tiers) else { return true };
        tiers.contains(tier)
    }

    /// The tiers with one of them to look in first.
    pub fn assigned(&self) -> Option<(TierSet, Tier)> {
        let tiers = self.tiers?;
        let first = tiers.tiers().next().unwrap_or(Tier::Orchestration);
        Some((tiers, self.primary.filter(|primary| tiers.contains(*primary)).unwrap_or(first)))
    }
}

#[cfg(test)]
pub(crate) mod tests;
