//! What is selected: techniques in tactics, in one tier or in both. Which click or key selects is the grid's.

use crate::{
    attack::{TacticName, TechniqueId, Tier},
    layer::{Display, Key, Target, place_of},
    matrix::{Cell, Matrix, Place, Position},
};
use rustc_hash::FxHashSet;
use std::collections::BTreeSet;

/// A set of targets. One without a tier stands for both.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selection {
    targets: BTreeSet<Target>,
}

impl Selection {
    pub fn is_empty(&self) -> bool {
        self.targets.is_empty()
    }

    pub fn targets(&self) -> impl Iterator<Item = &Target> {
        self.targets.iter()
    }

    /// Distinct techniques.
    pub fn techniques(&self) -> BTreeSet<&TechniqueId> {
        insert_all(self.targets.iter().map(|target| &target.key.technique))
    }

    pub fn techniques_count(&self) -> usize {
        self.techniques().len()
    }

    /// Whether a cell of a tier's matrix (of the unified one: `None`) is selected.
    pub fn covers(&self, key: &Key, tier: Option<Tier>) -> bool {
        let has = |tier| self.targets.contains(&Target { key: key.clone(), tier });
        match tier {
            Some(_) => has(tier) || has(None),
            None => has(None) || Tier::ALL.into_iter().any(|tier| has(Some(tier))),
        }
    }

    pub fn add(&mut self, targets: impl IntoIterator<Item = Target>) {
        for target in targets {
            if !self.covers_whole(&target) {
                self.targets.insert(target);
            }
        }
        self.join_tiers();
    }

    /// Takes targets out; of one selected in both tiers the other tier stays.
    pub fn remove(&mut self, targets: impl IntoIterator<Item = Target>) {
        for target in targets {
            match target.tier {
                None => self.targets.retain(|selected| selected.key != target.key),
                Some(tier) => {
                    let both = Target { key: target.key.clone(), tier: None };
                    if self.targets.remove(&both) {
                        self.targets.insert(Target { key: target.key.clone(), tier: Some(tier.other()) });
                    }
                    self.targets.remove(&target);
                }
            }
        }
    }

    /// Makes every target stand for both tiers, where tiers are no longer told apart.
    pub fn forget_tiers(&mut self) {
        self.targets = insert_all(self.targets.iter().map(|target| Target { tier: None, ..target.clone() }));
    }

    fn covers_whole(&self, target: &Target) -> bool {
        self.targets.contains(&Target { key: target.key.clone(), tier: None })
    }

    /// Both tiers of a technique are the technique.
    fn join_tiers(&mut self) {
        let whole: Vec<Key> = self
            .targets
            .iter()
            .filter(|target| target.tier == Some(Tier::Orchestration))
            .filter(|target| self.targets.contains(&Target { key: target.key.clone(), tier: Some(Tier::Container) }))
            .map(|target| target.key.clone())
            .chain(self.targets.iter().filter(|target| target.tier.is_none()).map(|target| target.key.clone()))
            .collect();
        for key in whole {
            for tier in Tier::ALL {
                self.targets.remove(&Target { key: key.clone(), tier: Some(tier) });
            }
            self.targets.insert(Target { key, tier: None });
        }
    }
}

/// A set made by inserting: collecting would sort, with a sort of its own.
fn insert_all<T: Ord>(all: impl Iterator<Item = T>) -> BTreeSet<T> {
    let mut set = BTreeSet::new();
    set.extend(all);
    set
}

impl FromIterator<Target> for Selection {
    fn from_iter<I: IntoIterator<Item = Target>>(targets: I) -> Self {
        let mut selection = Self::default();
        selection.add(targets);
        selection
    }
}

/// What selecting is about.
pub struct Field<'a> {
    pub matrices: &'a [Matrix],
    /// What stands in the unified matrix, and in each tier's, shown or folded.
    pub standing: &'a [Vec<Key>; 3],
    pub display: &'a Display,
    /// Tiers are told apart, so that a cell stands for its own matrix's tier.
    pub apart: bool,
}

/// What selecting the cells at these positions selects: by the layer's settings the technique's other tactics and the
/// whole family too, and of these what is folded or hidden (VM 285 to 380 of Navigator 5.1.0).
pub fn reach(field: &Field, positions: &[Position]) -> Vec<Target> {
    let Display { select_across_tactics: across, select_subtechniques_with_parent: families, .. } = *field.display;
    let mut reached = BTreeSet::new();
    for (at, matrix) in field.matrices.iter().enumerate() {
        let mut wanted: FxHashSet<(TechniqueId, Option<TacticName>)> = FxHashSet::default();
        let name = |id: &TechniqueId| match id.parent().filter(|_| families) {
            Some(parent) => parent,
            None => id.clone(),
        };
        for position in positions.iter().filter(|position| position.matrix == at) {
            let Some((_, tactic, cell)) = self::at(field.matrices, *position) else { continue };
            // A heading is not in the matrix itself, but its family is.
            if cell.place != Place::Heading || families {
                wanted.insert((name(&cell.technique), (!across).then(|| tactic.clone())));
            }
        }
        let tier = matrix.kind.tier().filter(|_| field.apart);
        let mut take = |id: &TechniqueId, tactic: &TacticName| {
            if wanted.contains(&(name(id), (!across).then(|| tactic.clone()))) {
                reached.insert(Target { key: Key::new(id.clone(), tactic.clone()), tier });
            }
        };
        matrix.placements().for_each(|(id, tactic)| take(id, tactic));
        if !field.display.select_visible {
            let standing = &field.standing[place_of(matrix.kind.tier())];
            let placed = standing.iter().filter_map(|key| Some((&key.technique, key.tactic.as_ref()?)));
            placed.for_each(|(id, tactic)| take(id, tactic));
        }
    }
    let mut all = Vec::with_capacity(reached.len());
    all.extend(reached);
    all
}

/// The cells that are shown, as targets.
pub fn shown(matrices: &[Matrix], apart: bool) -> Vec<Target> {
    let of_matrix = |matrix: &Matrix| -> Vec<Target> {
        let tier = matrix.kind.tier().filter(|_| apart);
        matrix.placements().map(|(id, tactic)| Target { key: Key::new(id.clone(), tactic.clone()), tier }).collect()
    };
    matrices.iter().flat_map(of_matrix).collect()
}

/// The matrix, tactic and cell at a position.
pub fn at(matrices: &[Matrix], position: Position) -> Option<(&Matrix, &TacticName, &Cell)> {
    let matrix = matrices.get(position.matrix)?;
    let column = matrix.columns.get(position.column)?;
    Some((matrix, &column.tactic, column.cells.get(position.row)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matrix::{Column, MatrixKind};

    fn target(tier: Option<Tier>) -> Target {
        let key = Key::new(TechniqueId::parse("T1610").unwrap(), TacticName::parse("execution").unwrap());
        Target { key, tier }
    }

    const ORCHESTRATION: Option<Tier> = Some(Tier::Orchestration);
    const CONTAINER: Option<Tier> = Some(Tier::Container);

    #[test]
    fn both_tiers_of_a_technique_are_the_technique() {
        let selection: Selection = [target(ORCHESTRATION), target(CONTAINER)].into_iter().collect();
        assert_eq!(selection, [target(None)].into_iter().collect());
    }

    #[test]
    fn taking_one_tier_out_leaves_the_other() {
        let mut selection: Selection = [target(None)].into_iter().collect();
        selection.remove([target(CONTAINER)]);
        assert!(selection.covers(&target(None).key, ORCHESTRATION));
        assert!(!selection.covers(&target(None).key, CONTAINER));
        assert!(selection.covers(&target(None).key, None));
        selection.remove([target(None)]);
        assert!(selection.is_empty());
    }

    /// `T1 T1.001` in `a`, both in `b` too, where the sub-technique is folded; `T2` under a heading.
    fn matrices() -> ([Matrix; 1], [Vec<Key>; 3]) {
        let id = |text: &str| TechniqueId::parse(text).unwrap();
        let cell =
            |text: &str, place| Cell { technique: id(text), place, parent: id(text).parent(), subtechniques: None };
        let tactic = |text| TacticName::parse(text).unwrap();
        let columns = vec![
            Column { tactic: tactic("a"), cells: vec![cell("T1", Place::Full), cell("T1.001", Place::Full)] },
            Column {
                tactic: tactic("b"),
                cells: vec![cell("T1", Place::Full), cell("T2", Place::Heading), cell("T2.001", Place::Full)],
            },
        ];
        let standing = [("T1", "a"), ("T1", "b"), ("T1.001", "a"), ("T1.001", "b"), ("T2.001", "b")]
            .map(|(technique, at)| Key::new(id(technique), tactic(at)));
        ([Matrix { kind: MatrixKind::Unified, columns }], [standing.to_vec(), Vec::new(), Vec::new()])
    }

    #[test]
    fn a_click_reaches_what_the_settings_say() {
        let (matrices, standing) = matrices();
        // Across tactics, sub-techniques with parent, visible only; column and row; what is reached.
        type Case = ([bool; 3], (usize, usize), &'static [&'static str]);
        let cases: [Case; 12] = [
            ([false, false, true], (0, 0), &["T1 a"]),
            ([true, false, true], (0, 0), &["T1 a", "T1 b"]),
            ([false, true, true], (0, 0), &["T1 a", "T1.001 a"]),
            ([false, true, true], (0, 1), &["T1 a", "T1.001 a"]),
            ([false, true, true], (1, 0), &["T1 b"]),
            ([false, true, false], (1, 0), &["T1 b", "T1.001 b"]),
            ([true, true, true], (0, 1), &["T1 a", "T1 b", "T1.001 a"]),
            ([true, true, false], (0, 1), &["T1 a", "T1 b", "T1.001 a", "T1.001 b"]),
            ([true, false, true], (0, 1), &["T1.001 a"]),
            ([true, false, false], (0, 1), &["T1.001 a", "T1.001 b"]),
            ([true, false, false], (1, 1), &[]),
            ([true, true, false], (1, 1), &["T2.001 b"]),
        ];
        for ([across, families, visible], (column, row), expected) in cases {
            let display = Display {
                select_across_tactics: across,
                select_subtechniques_with_parent: families,
                select_visible: visible,
                ..Display::default()
            };
            let field = Field { matrices: &matrices, standing: &standing, display: &display, apart: false };
            let reached: Vec<String> = reach(&field, &[Position { matrix: 0, column, row }])
                .iter()
                .map(|target| format!("{} {}", target.key.technique, target.key.tactic.as_ref().unwrap()))
                .collect();
            assert_eq!(reached, expected, "{across} {families} {visible} at {column} {row}");
        }
    }

    #[test]
    fn where_tiers_are_not_told_apart_one_tier_becomes_both() {
        let mut selection: Selection = [target(CONTAINER)].into_iter().collect();
        selection.forget_tiers();
        assert_eq!(selection, [target(None)].into_iter().collect());
    }
}
