//! How many techniques each subject of a bundle touches, all counted in one go: asking for each (`Knowledge::touched`) would
//! go through the techniques as often as there are subjects.

use crate::attack::{Knowledge, TacticName, Told};
use rustc_hash::{FxHashMap, FxHashSet};
use std::vec::IntoIter;

/// Of each subject in turn, as [`Knowledge::subjects`] has them.
pub struct Counts {
    actors: IntoIter<usize>,
    mitigations: IntoIter<usize>,
    components: IntoIter<usize>,
    detections: IntoIter<usize>,
    assets: IntoIter<usize>,
    tactics: FxHashMap<TacticName, usize>,
}

impl Counts {
    pub fn of(knowledge: &Knowledge) -> Self {
        let mut actors = vec![0; knowledge.actors.len()];
        let mut mitigations = vec![0; knowledge.mitigations.len()];
        let mut components = vec![0; knowledge.components.len()];
        let mut detections = vec![0; knowledge.detections.len()];
        let mut assets = vec![0; knowledge.assets.len()];
        let mut tactics: FxHashMap<TacticName, usize> = FxHashMap::default();
        for technique in knowledge.techniques.iter().filter(|technique| knowledge.in_scope(technique)) {
            let users: FxHashSet<usize> = technique.uses.iter().map(|seen| seen.actor).collect();
            add(&mut actors, users);
            add(&mut mitigations, technique.mitigations.iter().copied());
            add(&mut components, technique.components.iter().copied());
            add(&mut detections, technique.detections.iter().copied());
            add(&mut assets, technique.assets.iter().copied());
            technique.tactics.iter().for_each(|tactic| *tactics.entry(tactic.clone()).or_default() += 1);
        }
        Self {
            actors: actors.into_iter(),
            mitigations: mitigations.into_iter(),
            components: components.into_iter(),
            detections: detections.into_iter(),
            assets: assets.into_iter(),
            tactics,
        }
    }

    /// Of what is told of next.
    pub fn next(&mut self, told: Told) -> usize {
        let next = match told {
            Told::Technique(_) => Some(1),
            Told::Tactic(tactic) => self.tactics.get(&tactic.short_name).copied(),
            Told::Actor(_) => self.actors.next(),
            Told::Mitigation(_) => self.mitigations.next(),
            Told::Component(_) => self.components.next(),
            Told::Detection(_) => self.detections.next(),
            Told::Asset(_) => self.assets.next(),
        };
        next.unwrap_or(0)
    }
}

fn add(counts: &mut [usize], touched: impl IntoIterator<Item = usize>) {
    for at in touched {
        if let Some(count) = counts.get_mut(at) {
            *count += 1;
        }
    }
}
