//! How knowledge is laid out: which techniques stand where, in which matrix, in which order.
//! A matrix is derived and never stored. What a cell shows of a layer is the app's; scores only sort here.

mod beside;
pub mod fit;
mod layout;
mod navigate;

pub use beside::{Spot, beside, is_double};
pub use layout::{Said, Silent, lay_out, subtechniques};
pub use navigate::{Move, Position, between, find, step};

use crate::{
    attack::{Knowledge, TacticName, Technique, TechniqueId, Tier},
    layer::Display,
    order,
};

/// One matrix: columns of cells, one column for each tactic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matrix {
    pub kind: MatrixKind,
    pub columns: Vec<Column>,
}

/// Which techniques a matrix is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MatrixKind {
    Unified,
    Tier(Tier),
}

/// A tactic and its cells from top to bottom, each parent before its sub-techniques.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub tactic: TacticName,
    pub cells: Vec<Cell>,
}

/// A technique in a tactic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    pub technique: TechniqueId,
    pub place: Place,
    /// The parent under which a sub-technique stands.
    pub parent: Option<TechniqueId>,
    /// Of a technique with sub-techniques in this column: how many, and whether they are shown.
    pub subtechniques: Option<Subtechniques>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subtechniques {
    pub count: usize,
    pub open: bool,
    /// They can't be closed: under a heading they would vanish.
    pub fixed: bool,
}

/// How a cell stands in its matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// In the unified matrix, in the only tier, or in the primary one.
    Full,
    /// In a tier that isn't the primary one.
    Secondary,
    /// Not in this matrix itself: gives context to the sub-techniques under it and isn't counted.
    Heading,
}

impl MatrixKind {
    /// `unified`, `orchestration` or `container`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Unified => "unified",
            Self::Tier(tier) => tier.word(),
        }
    }

    /// The tier that edits in this matrix are about; `None`: both.
    pub fn tier(self) -> Option<Tier> {
        match self {
            Self::Unified => None,
            Self::Tier(tier) => Some(tier),
        }
    }
}

impl Matrix {
    /// The techniques that count, once for each tactic.
    pub fn placements(&self) -> impl Iterator<Item = (&TechniqueId, &TacticName)> {
        self.columns.iter().flat_map(Column::placements)
    }
}

impl Column {
    /// The techniques that count.
    pub fn placements(&self) -> impl Iterator<Item = (&TechniqueId, &TacticName)> {
        let counted = self.cells.iter().filter(|cell| cell.place != Place::Heading);
        counted.map(|cell| (&cell.technique, &self.tactic))
    }
}

/// A technique in a tactic.
pub type Placement = (TechniqueId, TacticName);

/// Every placement of the techniques that are in the bundle's scope, in the order in which the official Navigator
/// writes layers: techniques by name, each in all of its tactics, then its sub-techniques.
pub fn placements(knowledge: &Knowledge) -> Vec<Placement> {
    let mut tops: Vec<&Technique> = knowledge.tops().collect();
    order::sort_by(&mut tops, |a, b| (a.parent.is_some(), &a.name).cmp(&(b.parent.is_some(), &b.name)));
    let all = tops.iter().flat_map(|top| std::iter::once(*top).chain(knowledge.subtechniques_of(&top.id)));
    let of_scope = all.filter(|technique| knowledge.in_scope(technique));
    of_scope.flat_map(|it| it.tactics.iter().map(|tactic| (it.id.clone(), tactic.clone()))).collect()
}

/// What stands in a tier's matrix (in the unified one: `None`), whether its sub-techniques are open or not: what counts
/// and coverages are about.
pub fn standing(knowledge: &Knowledge, display: &Display, platforms: &[String], tier: Option<Tier>) -> Vec<Placement> {
    let stands = |(id, _): &Placement| {
        let technique = knowledge.technique(id);
        technique.is_some_and(|technique| layout::stands(knowledge, display, platforms, tier, technique))
    };
    let mut all = placements(knowledge);
    all.retain(stands);
    all
}
