//! What was found in detection content: rules with the techniques that they name, and what could not be read. It says
//! nothing yet of layers.

use super::table::Table;
use crate::attack::TechniqueId;
use serde::{Deserialize, Serialize};

/// All that files had to say. It comes out of a worker as bytes.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Material {
    pub sources: Vec<Source>,
    pub problems: Vec<Problem>,
    /// Files of a folder or an archive that are something else.
    pub others: usize,
}

/// A file, or one of the things that a file tells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Source {
    pub file: String,
    pub kind: Kind,
    pub rules: Vec<Rule>,
    /// Of a table: its cells. Its rules follow from what its columns are.
    pub table: Option<Table>,
}

/// What a rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Kind {
    Falco,
    Sigma,
    Splunk,
    /// Tests of Atomic Red Team: they exercise rather than detect.
    Atomic,
    /// DeTT&CT's two scores.
    Detection,
    Visibility,
    Table,
    /// Lines of any text.
    Text,
}

/// A rule, a test, a rating, or a line.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Rule {
    pub title: String,
    /// What it is known by beside its title.
    pub id: Option<String>,
    pub techniques: Vec<TechniqueId>,
    /// Short names (`execution`) or ids (`TA0002`) of tactics, as far as it names some.
    pub tactics: Vec<String>,
    pub level: Option<String>,
    /// Why it is not at work: "not enabled". The user may count it all the same.
    pub off: Option<String>,
    /// Why it says nothing: "without a score".
    pub empty: Option<String>,
    pub platforms: Vec<String>,
    /// Of ratings, and of tables with scores.
    pub score: Option<f64>,
    pub comment: String,
}

/// A file, or a part of it, that could not be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    pub file: String,
    /// A sentence's end: "it is no YAML: …".
    pub what: String,
}

impl Kind {
    pub const ALL: [Self; 8] = [
        Self::Falco,
        Self::Sigma,
        Self::Splunk,
        Self::Atomic,
        Self::Detection,
        Self::Visibility,
        Self::Table,
        Self::Text,
    ];

    /// One of them, as metadata names it.
    pub fn one(self) -> &'static str {
        match self {
            Self::Falco => "Falco rule",
            Self::Sigma => "Sigma rule",
            Self::Splunk => "Splunk detection",
            Self::Atomic => "Atomic test",
            Self::Detection => "Detection",
            Self::Visibility => "Visibility",
            Self::Table => "Row",
            Self::Text => "Mention",
        }
    }

    pub fn many(self) -> &'static str {
        match self {
            Self::Falco => "Falco rules",
            Self::Sigma => "Sigma rules",
            Self::Splunk => "Splunk detections",
            Self::Atomic => "Atomic tests",
            Self::Detection => "detection ratings",
            Self::Visibility => "visibility ratings",
            Self::Table => "rows",
            Self::Text => "lines",
        }
    }

    /// Rules that detect: those of different makers may be counted together.
    pub fn detects(self) -> bool {
        matches!(self, Self::Falco | Self::Sigma | Self::Splunk)
    }

    /// `3 Falco rules`
    pub fn counted(self, count: usize) -> String {
        match (self, count) {
            (Self::Detection | Self::Visibility, 1) => format!("1 {}", self.many().trim_end_matches('s')),
            (Self::Table | Self::Text, 1) => format!("1 {}", self.many().trim_end_matches('s')),
            (_, 1) => format!("1 {}", self.one()),
            _ => format!("{count} {}", self.many()),
        }
    }
}

impl Material {
    pub fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }

    /// How many rules there are, of those that need no columns chosen.
    pub fn rules(&self) -> usize {
        self.sources.iter().map(|source| source.rules.len()).sum()
    }

    pub fn table(&self) -> Option<&Table> {
        self.sources.iter().find_map(|source| source.table.as_ref())
    }
}

/// As a worker hands it over.
pub fn pack(material: &Material) -> Vec<u8> {
    // Writing to memory doesn't fail.
    postcard::to_extend(material, Vec::new()).unwrap_or_default()
}

/// What [`pack`] made, in the same release.
pub fn unpack(bytes: &[u8]) -> Option<Material> {
    postcard::from_bytes(bytes).ok()
}
