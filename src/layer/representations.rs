//! Unified and split compared in figures: what stands in each, what stands twice, what a tier lacks, and what of it is
//! covered and was seen. What stands where is `matrix`'s and told by the caller; what covered means is `coverage`'s, what
//! seen means `attack`'s.

use super::{Asked, Coverage, Key};
use crate::attack::{Knowledge, Record, Sighting, TacticName, TechniqueId, Tier};
use rustc_hash::{FxHashMap, FxHashSet};

/// One matrix in figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatrixFigures {
    pub techniques: usize,
    /// A technique counts once for each tactic.
    pub cells: usize,
    pub coverage: Coverage,
    /// Techniques by what was seen of them, in the order of [`Sighting::ALL`].
    pub sightings: [usize; 3],
    /// Container-native actors that used any of them against containers.
    pub actors: usize,
}

/// A tactic's cells in each matrix, and how many of them stand in both tiers' matrices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TacticCells {
    pub tactic: TacticName,
    pub unified: usize,
    pub tiers: [usize; 2],
    pub both: usize,
}

/// Both representations of one bundle, for one layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Representations {
    pub unified: MatrixFigures,
    /// Orchestration's matrix and container's.
    pub tiers: [MatrixFigures; 2],
    /// Techniques that stand in both tiers' matrices, in the order of the unified one.
    pub both: Vec<TechniqueId>,
    /// Techniques to which nobody assigned a tier: they stand in both matrices.
    pub unassigned: usize,
    /// Tactics in which anything stands, in the order of the matrix.
    pub tactics: Vec<TacticCells>,
}

impl Representations {
    /// Of what stands in the matrices, by the layer and the record of the bundle's techniques.
    pub fn of(asked: &Asked, record: &Record) -> Self {
        let [unified, orchestration, container] = asked.standing;
        let knowledge = record.shown();
        let figures = |keys: &[Key], tier| MatrixFigures::of(asked, record, keys, tier);
        let in_tier = [orchestration, container].map(|keys| techniques(keys));
        let both: Vec<TechniqueId> = techniques(unified)
            .into_iter()
            .filter(|id| in_tier.iter().all(|tier| tier.contains(id)))
            .cloned()
            .collect();
        let unassigned = techniques(unified)
            .into_iter()
            .filter(|id| knowledge.technique(id).is_some_and(|technique| technique.tier.is_none()))
            .count();
        let [o, c] = Tier::ALL;
        Self {
            unified: figures(unified, None),
            tiers: [figures(orchestration, Some(o)), figures(container, Some(c))],
            both,
            unassigned,
            tactics: tactics(knowledge, asked.standing),
        }
    }

    /// Cells of the split's two matrices together.
    pub fn split_cells(&self) -> usize {
        self.tiers.iter().map(|tier| tier.cells).sum()
    }

    /// Tactics that stand in the unified matrix and are empty in a tier's.
    pub fn lacking(&self, tier: Tier) -> impl Iterator<Item = &TacticName> {
        self.tactics.iter().filter(move |row| row.tiers[at(tier)] == 0).map(|row| &row.tactic)
    }

    pub fn tier(&self, tier: Tier) -> &MatrixFigures {
        &self.tiers[at(tier)]
    }
}

fn at(tier: Tier) -> usize {
    match tier {
        Tier::Orchestration => 0,
        Tier::Container => 1,
    }
}

impl MatrixFigures {
    fn of(asked: &Asked, record: &Record, keys: &[Key], tier: Option<Tier>) -> Self {
        let knowledge = record.shown();
        let techniques = techniques(keys);
        let mut sightings = [0; 3];
        let mut actors: FxHashSet<*const crate::attack::Actor> = FxHashSet::default();
        for technique in techniques.iter().filter_map(|id| knowledge.technique(id)) {
            let evidence = record.of(technique);
            let seen = evidence.sighting();
            if let Some(place) = Sighting::ALL.iter().position(|it| *it == seen) {
                sightings[place] += 1;
            }
            actors.extend(evidence.native.iter().map(|actor| std::ptr::from_ref(*actor)));
        }
        Self {
            techniques: techniques.len(),
            cells: keys.len(),
            coverage: asked.whole(tier),
            sightings,
            actors: actors.len(),
        }
    }
}

/// Each once, in their order.
fn techniques(keys: &[Key]) -> Vec<&TechniqueId> {
    let mut seen: FxHashSet<&TechniqueId> = FxHashSet::default();
    keys.iter().map(|key| &key.technique).filter(|id| seen.insert(id)).collect()
}

fn tactics(knowledge: &Knowledge, standing: &[Vec<Key>; 3]) -> Vec<TacticCells> {
    let mut counts: FxHashMap<&TacticName, [usize; 3]> = FxHashMap::default();
    for (at, keys) in standing.iter().enumerate() {
        for tactic in keys.iter().filter_map(|key| key.tactic.as_ref()) {
            counts.entry(tactic).or_default()[at] += 1;
        }
    }
    let of_container: FxHashSet<&Key> = standing[2].iter().collect();
    let both = |tactic: &TacticName| {
        let here = standing[1].iter().filter(|key| key.tactic.as_ref() == Some(tactic));
        here.filter(|key| of_container.contains(key)).count()
    };
    let row = |tactic: &TacticName| {
        let [unified, orchestration, container] = *counts.get(tactic)?;
        Some(TacticCells { tactic: tactic.clone(), unified, tiers: [orchestration, container], both: both(tactic) })
    };
    knowledge.tactics.iter().filter_map(|tactic| row(&tactic.short_name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        attack::read,
        layer::{Edit, Layer, Score, Target, coverage_threshold},
        matrix,
    };

    fn knowledge() -> Knowledge {
        read(include_bytes!("../../data/attack-containers-19.2.json")).unwrap().knowledge
    }

    fn standing(knowledge: &Knowledge, layer: &Layer) -> [Vec<Key>; 3] {
        [None, Some(Tier::Orchestration), Some(Tier::Container)].map(|tier| {
            let all = matrix::standing(knowledge, &layer.display, &[], tier);
            all.into_iter().map(|(id, tactic)| Key::new(id, tactic)).collect()
        })
    }

    #[test]
    fn the_figures_are_those_that_counting_by_hand_gives() {
        let knowledge = knowledge();
        let mut layer = Layer::new("layer", "enterprise-attack", None, Vec::new());
        let targets: Vec<Target> =
            standing(&knowledge, &layer)[1].iter().map(|key| Target { key: key.clone(), tier: None }).collect();
        layer = Edit::Score(targets, Score::new(100.0)).apply(&layer).unwrap();
        let standing = standing(&knowledge, &layer);
        let asked = Asked { layer: &layer, standing: &standing, threshold: coverage_threshold(&layer.gradient) };
        let figures = Representations::of(&asked, &Record::own(&knowledge));

        let all: Vec<_> = knowledge.techniques.iter().filter(|it| knowledge.in_scope(it)).collect();
        let cells = |tier: Option<Tier>| -> (usize, usize) {
            let in_it = |id: &TechniqueId| tier.is_none_or(|tier| knowledge.tiers_of(id).contains(tier));
            let of: Vec<_> = all.iter().filter(|it| in_it(&it.id)).collect();
            (of.len(), of.iter().map(|it| it.tactics.len()).sum())
        };
        let told = |it: &MatrixFigures| (it.techniques, it.cells);
        assert_eq!(told(&figures.unified), cells(None));
        assert_eq!(told(&figures.unified), (48, 66));
        for tier in Tier::ALL {
            assert_eq!(told(figures.tier(tier)), cells(Some(tier)));
        }
        let both = all.iter().filter(|it| knowledge.tiers_of(&it.id).tiers().count() == 2).count();
        assert_eq!(figures.both.len(), both);
        assert_eq!(figures.tiers[0].techniques + figures.tiers[1].techniques - both, 48);
        assert_eq!(figures.split_cells(), figures.tactics.iter().map(|row| row.tiers[0] + row.tiers[1]).sum::<usize>());
        assert_eq!(figures.tactics.iter().map(|row| row.unified).sum::<usize>(), 66);
        for row in &figures.tactics {
            assert_eq!(row.tiers[0] + row.tiers[1] - row.both, row.unified, "{:?}", row.tactic);
        }
        assert_eq!(figures.tiers[0].coverage.percent(), Some(100));
        assert_eq!(figures.unassigned, 0);
        let seen = all.iter().filter(|it| it.seen_against_containers()).count();
        assert_eq!(figures.unified.sightings[0], seen);
        assert_eq!(figures.unified.sightings.iter().sum::<usize>(), 48);
    }

    #[test]
    fn a_tactic_that_a_tier_lacks_is_named() {
        let mut knowledge = knowledge();
        let impact = TacticName::parse("impact").unwrap();
        for technique in knowledge.techniques.iter_mut().filter(|it| it.tactics.contains(&impact)) {
            let tier = technique.tier.as_mut().unwrap();
            (tier.tiers, tier.primary) = (crate::attack::TierSet::One(Tier::Container), Tier::Container);
        }
        let layer = Layer::new("layer", "enterprise-attack", None, Vec::new());
        let standing = standing(&knowledge, &layer);
        let asked = Asked { layer: &layer, standing: &standing, threshold: 50.0 };
        let figures = Representations::of(&asked, &Record::own(&knowledge));
        assert!(figures.lacking(Tier::Orchestration).any(|tactic| *tactic == impact));
        assert!(figures.lacking(Tier::Container).all(|tactic| *tactic != impact));
    }
}
