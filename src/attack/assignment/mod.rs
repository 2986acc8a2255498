//! The tiers as somebody else sees them: judgements over a bundle's own, each with its reason.
//! Knowledge and judgements make knowledge (`over`), so that whoever lays it out need not know of them. How judgements are
//! passed on is `stix`'s; where they are kept, and how they are undone, the app's.

mod stance;
mod stix;

pub use stance::{Preferred, Stance};
pub(super) use stix::{EXTENSION, catalogued, extension_definition, identity, tiers_extension};
pub use stix::{MAXIMUM_BYTES, ShareError, Shared, looks_shared, read, share};

use super::{Knowledge, Technique, TechniqueId, Tier, TierAssignment, TierSet};
use crate::order;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What one person says about one technique.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    pub tiers: TierSet,
    pub primary: Tier,
    /// Why; empty where none was given.
    pub reason: String,
}

/// Judgements by technique. Those that say what the bundle says, without a reason of their own, are none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment(BTreeMap<TechniqueId, Judgement>);

/// How a judgement differs from what the bundle says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Change {
    /// The bundle says nothing.
    New,
    /// From one tier to the other.
    Moved,
    /// One tier became both.
    Widened,
    /// Of both tiers one is left.
    Narrowed,
    /// The same tiers, and another to look in first.
    Primary,
    /// The same tiers for another reason.
    Reason,
}

/// One technique on which two views differ.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference<'a> {
    pub technique: &'a Technique,
    pub change: Change,
    pub ours: Option<&'a TierAssignment>,
    pub theirs: &'a Judgement,
}

impl Judgement {
    /// In the tiers, with one of them to look in first: a primary tier that is none of them gives way.
    pub fn new(tiers: TierSet, primary: Tier, reason: impl Into<String>) -> Self {
        let primary = if tiers.contains(primary) { primary } else { primary.other() };
        Self { tiers, primary, reason: reason.into().trim().to_owned() }
    }

    /// What it changes of what the bundle says, if anything.
    pub fn change(&self, ours: Option<&TierAssignment>) -> Option<Change> {
        let Some(ours) = ours else { return Some(Change::New) };
        match (ours.tiers, self.tiers) {
            (TierSet::One(from), TierSet::One(to)) if from != to => Some(Change::Moved),
            (TierSet::One(_), TierSet::Both) => Some(Change::Widened),
            (TierSet::Both, TierSet::One(_)) => Some(Change::Narrowed),
            _ if ours.primary != self.primary => Some(Change::Primary),
            _ if !self.reason.is_empty() && self.reason != ours.rationale => Some(Change::Reason),
            _ => None,
        }
    }
}

impl Change {
    pub const ALL: [Self; 6] = [Self::New, Self::Moved, Self::Widened, Self::Narrowed, Self::Primary, Self::Reason];

    /// The word for it in the page and in statements.
    pub fn word(self) -> &'static str {
        match self {
            Self::New => "newly assigned",
            Self::Moved => "moved to the other tier",
            Self::Widened => "in both tiers instead of one",
            Self::Narrowed => "in one tier instead of both",
            Self::Primary => "another primary tier",
            Self::Reason => "another reason",
        }
    }
}

impl Assignment {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn of(&self, id: &TechniqueId) -> Option<&Judgement> {
        self.0.get(id)
    }

    /// By technique id.
    pub fn iter(&self) -> impl Iterator<Item = (&TechniqueId, &Judgement)> {
        self.0.iter()
    }

    /// By technique id, for steps back and forth.
    pub fn judgements(&self) -> &BTreeMap<TechniqueId, Judgement> {
        &self.0
    }

    pub fn judgements_mut(&mut self) -> &mut BTreeMap<TechniqueId, Judgement> {
        &mut self.0
    }

    /// With another's judgements, which hold where both have one.
    #[must_use]
    pub fn with(mut self, other: &Self) -> Self {
        self.0.extend(other.0.iter().map(|(id, judgement)| (id.clone(), judgement.clone())));
        self
    }

    /// Where two people's views differ, by technique id: what this one says, and what the other one says.
    pub fn against<'a>(&'a self, other: &'a Self) -> Vec<(&'a TechniqueId, [Option<&'a Judgement>; 2])> {
        let mut ids: Vec<&TechniqueId> = self.0.keys().chain(other.0.keys()).collect();
        order::sort_by(&mut ids, |a, b| a.cmp(b));
        ids.dedup();
        let both = ids.into_iter().map(|id| (id, [self.of(id), other.of(id)]));
        both.filter(|(_, [here, there])| here != there).collect()
    }

    /// Takes up a judgement, or drops the one before where the new one only repeats the bundle.
    pub fn judge(&mut self, knowledge: &Knowledge, id: &TechniqueId, judgement: Judgement) {
        let ours = knowledge.technique(id).and_then(|technique| technique.tier.as_ref());
        if judgement.change(ours).is_some() {
            self.0.insert(id.clone(), judgement);
        } else {
            self.0.remove(id);
        }
    }

    /// Back to what the bundle says.
    pub fn withdraw(&mut self, id: &TechniqueId) {
        self.0.remove(id);
    }

    /// The knowledge as it is with these judgements. Techniques that the bundle lacks are left alone.
    ///
    /// What a technique touches stays, since it is a fact about the technique; how sure we were does not, since it was
    /// about our tiers.
    pub fn over(&self, knowledge: &Knowledge) -> Knowledge {
        let mut judged = knowledge.clone();
        for technique in &mut judged.techniques {
            let Some(judgement) = self.0.get(&technique.id) else { continue };
            let objects = technique.tier.take().map(|ours| ours.objects).unwrap_or_default();
            technique.tier = Some(TierAssignment {
                tiers: judgement.tiers,
                primary: judgement.primary,
                confidence: None,
                objects,
                rationale: judgement.reason.clone(),
            });
        }
        judged
    }

    /// The techniques on which these judgements differ from the bundle, by id. `knowledge` is the bundle's own, not
    /// what [`Assignment::over`] made of it.
    pub fn differences<'a>(&'a self, knowledge: &'a Knowledge) -> Vec<Difference<'a>> {
        let difference = |(id, theirs): (&TechniqueId, &'a Judgement)| {
            let technique = knowledge.technique(id)?;
            let ours = technique.tier.as_ref();
            Some(Difference { technique, change: theirs.change(ours)?, ours, theirs })
        };
        self.0.iter().filter_map(difference).collect()
    }
}

#[cfg(test)]
mod tests;
