//! Which representation somebody prefers, and why: what a statement says beside the figures.

use serde::{Deserialize, Serialize};

/// One matrix, or two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Preferred {
    Unified,
    Split,
    /// Both views of one knowledge, as each task needs it.
    Either,
}

/// A view of how container techniques should be represented.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Stance {
    pub preferred: Option<Preferred>,
    pub why: String,
    /// Whose view it is: a name, a team; empty where it isn't said.
    pub by: String,
}

impl Preferred {
    pub const ALL: [Self; 3] = [Self::Unified, Self::Split, Self::Either];

    /// The word for it in the page.
    pub fn word(self) -> &'static str {
        match self {
            Self::Unified => "unified",
            Self::Split => "split",
            Self::Either => "either",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.word() == word)
    }

    /// As a sentence says it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Unified => "one unified matrix",
            Self::Split => "two matrices, one for orchestration and one for the container",
            Self::Either => "both representations of the same knowledge, as the task needs it",
        }
    }
}

impl Stance {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
