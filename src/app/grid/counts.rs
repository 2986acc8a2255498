//! What the headers of tactics and matrices count: how many techniques stand there, and how many of them are covered.
//! The placements are sorted by tactic once for each layout; the layer is asked at each painting.

use crate::{
    app::{choice::counted, state::Standings},
    attack::{TacticName, TechniqueId, Tier},
    layer::{Coverage, Key, Layer, place_of},
    matrix::{Matrix, MatrixKind},
};
use rustc_hash::{FxHashMap, FxHashSet};

/// Placements of each column: in the unified matrix, and in each tier's.
pub struct Counts {
    columns: Vec<[Vec<Key>; 3]>,
    whole: [Vec<Key>; 3],
    techniques: [usize; 3],
}

/// A layer, and the score from which on it covers.
#[derive(Clone, Copy)]
pub struct Scored<'a> {
    pub layer: &'a Layer,
    pub threshold: f64,
}

impl Scored<'_> {
    fn coverage(self, placements: &[Key], tier: Option<Tier>) -> Coverage {
        Coverage::from(self.layer, placements.iter(), tier, self.threshold)
    }
}

/// What a tactic's header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColumnCount {
    pub techniques: usize,
    pub coverages: [Coverage; 2],
}

impl Counts {
    pub fn of(standings: &Standings, matrix: &Matrix) -> Self {
        let mut places: FxHashMap<&TacticName, usize> = FxHashMap::default();
        places.extend(matrix.columns.iter().enumerate().map(|(at, column)| (&column.tactic, at)));
        let mut columns: Vec<[Vec<Key>; 3]> = matrix.columns.iter().map(|_| Default::default()).collect();
        for (which, placements) in standings.iter().enumerate() {
            for key in placements {
                let column = key.tactic.as_ref().and_then(|tactic| places.get(tactic));
                if let Some(column) = column.and_then(|at| columns.get_mut(*at)) {
                    column[which].push(key.clone());
                }
            }
        }
        let techniques = |placements: &Vec<Key>| {
            let mut all: FxHashSet<&TechniqueId> = FxHashSet::default();
            all.extend(placements.iter().map(|key| &key.technique));
            all.len()
        };
        Self { columns, techniques: standings.each_ref().map(techniques), whole: standings.clone() }
    }

    /// The headers of a split stand for both matrices, so they count what is in either.
    pub fn column(&self, scored: Scored, at: usize, kind: MatrixKind, alone: bool) -> Option<ColumnCount> {
        let placements = self.columns.get(at)?;
        let counted = if alone { place_of(kind.tier()) } else { 0 };
        let covered = |tier: Tier| {
            let own = &placements[place_of(Some(tier))];
            scored.coverage(own, Some(tier))
        };
        Some(ColumnCount { techniques: placements[counted].len(), coverages: Tier::ALL.map(covered) })
    }

    /// `26 techniques · 58 % covered`.
    pub fn words(&self, scored: Scored, kind: MatrixKind) -> String {
        let own = place_of(kind.tier());
        let covered = scored.coverage(&self.whole[own], kind.tier()).percent();
        let covered = covered.map_or_else(String::new, |percent| format!(" · {percent} % covered"));
        format!("{}{covered}", counted(self.techniques[own]))
    }
}
