//! The two tiers that a technique can belong to, and why it does.
//! Which tier stands where on the screen is `matrix`'s.

use serde::{Deserialize, Serialize};

/// Where a technique acts, and where it is best controlled and seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Tier {
    /// API server, kubelet, etcd, RBAC, admission, scheduling, cluster network, secrets.
    Orchestration,
    /// Image, registry pull, runtime and daemon, container process, escape to the host.
    Container,
}

impl Tier {
    pub const ALL: [Self; 2] = [Self::Orchestration, Self::Container];

    /// The word for it in files and in the page: `orchestration`, `container`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Orchestration => "orchestration",
            Self::Container => "container",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tier| tier.word() == word)
    }

    pub fn other(self) -> Self {
        match self {
            Self::Orchestration => Self::Container,
            Self::Container => Self::Orchestration,
        }
    }
}

/// One tier, the other, or both. Never neither: a technique that nobody assigned has no `TierSet` at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum TierSet {
    One(Tier),
    Both,
}

impl TierSet {
    pub fn of(tiers: impl IntoIterator<Item = Tier>) -> Option<Self> {
        tiers.into_iter().fold(None, |set, tier| match set {
            None => Some(Self::One(tier)),
            Some(Self::One(other)) if other == tier => set,
            Some(_) => Some(Self::Both),
        })
    }

    pub fn contains(self, tier: Tier) -> bool {
        match self {
            Self::One(one) => one == tier,
            Self::Both => true,
        }
    }

    /// The tiers in the order in which they are shown: orchestration first.
    pub fn tiers(self) -> impl Iterator<Item = Tier> {
        Tier::ALL.into_iter().filter(move |tier| self.contains(*tier))
    }

    /// `orchestration`, `container` or `orchestration container`.
    pub fn words(self) -> &'static str {
        match self {
            Self::One(tier) => tier.word(),
            Self::Both => "orchestration container",
        }
    }
}

/// How sure the people who assigned the tiers were.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Confidence {
    High,
    Medium,
    Low,
}

impl Confidence {
    pub fn word(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        [Self::High, Self::Medium, Self::Low].into_iter().find(|confidence| confidence.word() == word)
    }
}

/// A technique's tiers, the one where a defender should look first, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TierAssignment {
    pub tiers: TierSet,
    pub primary: Tier,
    pub confidence: Option<Confidence>,
    /// What it touches: `ServiceAccount`, `runtime socket`.
    pub objects: Vec<String>,
    pub rationale: String,
}
