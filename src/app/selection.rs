//! What is selected: techniques in tactics, in one tier or in both. Which click or key selects is the grid's.

use crate::{
    attack::{TechniqueId, Tier},
    layer::{Display, Key, Target},
    matrix::{Matrix, Place, Position},
};
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

/// What selecting the cells at these positions selects: by the layer's settings the technique's other tactics and the
/// whole family too. `apart`: tiers are told apart, so that a cell stands for its own matrix's tier.
pub fn reach(matrices: &[Matrix], display: &Display, apart: bool, positions: &[Position]) -> Vec<Target> {
    let mut reached = BTreeSet::new();
    for position in positions {
        let Some((matrix, tactic, cell)) = at(matrices, *position) else { continue };
        let tier = matrix.kind.tier().filter(|_| apart);
        let family = |other: &crate::matrix::Cell| {
            let root = |cell: &crate::matrix::Cell| cell.parent.clone().unwrap_or_else(|| cell.technique.clone());
            display.select_subtechniques_with_parent && root(other) == root(cell)
        };
        for column in &matrix.columns {
            if column.tactic != *tactic && !display.select_across_tactics {
                continue;
            }
            let same = column.cells.iter().filter(|other| other.place != Place::Heading);
            for other in same.filter(|other| other.technique == cell.technique || family(other)) {
                reached.insert(Target { key: Key::new(other.technique.clone(), column.tactic.clone()), tier });
            }
        }
    }
    reached.into_iter().collect()
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
pub fn at(
    matrices: &[Matrix],
    position: Position,
) -> Option<(&Matrix, &crate::attack::TacticName, &crate::matrix::Cell)> {
    let matrix = matrices.get(position.matrix)?;
    let column = matrix.columns.get(position.column)?;
    Some((matrix, &column.tactic, column.cells.get(position.row)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attack::TacticName;

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

    #[test]
    fn where_tiers_are_not_told_apart_one_tier_becomes_both() {
        let mut selection: Selection = [target(CONTAINER)].into_iter().collect();
        selection.forget_tiers();
        assert_eq!(selection, [target(None)].into_iter().collect());
    }
}
