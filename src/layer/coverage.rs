//! How many techniques a layer covers: scored well enough wherever they are enabled.
//! Which techniques are asked about is the caller's choice, by the placements it gives.

use super::{Gradient, Key, Layer};
use crate::attack::{TechniqueId, Tier};
use rustc_hash::FxHashMap;

/// Techniques that are covered, of those that were asked about and are enabled somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Coverage {
    pub covered: usize,
    pub of: usize,
}

/// The score from which on a technique counts as covered where nothing else is asked for: the middle of the gradient.
pub fn coverage_threshold(gradient: &Gradient) -> f64 {
    gradient.minimum / 2.0 + gradient.maximum / 2.0
}

impl Layer {
    /// Whether what stands there is covered, by a score at or above the threshold; `None` where it is disabled.
    pub(super) fn covers(&self, key: &Key, tier: Option<Tier>, threshold: f64) -> Option<bool> {
        let (score, enabled) = self.scored(key, tier);
        enabled.then(|| score.is_some_and(|score| score.value() >= threshold))
    }
}

impl Coverage {
    /// Of the techniques that stand at the placements. One is counted if any of its placements is enabled, and it is
    /// covered if it is scored at or above the threshold in each enabled one. Without a tier, the tiers' scores are
    /// combined by the layer's rule.
    pub fn from<'a>(
        layer: &Layer,
        placements: impl Iterator<Item = &'a Key>,
        tier: Option<Tier>,
        threshold: f64,
    ) -> Self {
        let mut techniques: FxHashMap<&TechniqueId, bool> = FxHashMap::default();
        for key in placements {
            if let Some(covered) = layer.covers(key, tier, threshold) {
                *techniques.entry(&key.technique).or_insert(true) &= covered;
            }
        }
        Self { covered: techniques.values().filter(|covered| **covered).count(), of: techniques.len() }
    }

    /// Rounded, but 100 only if all are covered and 0 only if none is. `None` of nothing.
    pub fn percent(self) -> Option<u32> {
        let rounded = (self.covered * 200 + self.of).checked_div(self.of * 2)?;
        let bounded = if self.covered == 0 || self.covered >= self.of { rounded } else { rounded.clamp(1, 99) };
        u32::try_from(bounded).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attack::TacticName;
    use crate::layer::{Combine, Entry, Mark, Marks, Score, TierScoring};

    fn key(technique: &str, tactic: &str) -> Key {
        Key::new(TechniqueId::parse(technique).unwrap(), TacticName::parse(tactic).unwrap())
    }

    fn mark(score: f64, enabled: bool) -> Mark {
        Mark { score: Score::new(score), enabled, ..Mark::default() }
    }

    fn layer(entries: &[(&str, &str, Marks)]) -> Layer {
        let entry = |(technique, tactic, marks): &(&str, &str, Marks)| Entry {
            marks: marks.clone(),
            ..Entry::new(if tactic.is_empty() {
                Key { tactic: None, ..key(technique, "x") }
            } else {
                key(technique, tactic)
            })
        };
        Layer {
            annotations: entries.iter().map(entry).collect(),
            tier_scoring: TierScoring::Separately(Combine::Weakest),
            ..Layer::new("layer", "enterprise-attack", None, Vec::new())
        }
    }

    fn coverage(layer: &Layer, placements: &[(&str, &str)], tier: Option<Tier>) -> (usize, usize) {
        let keys: Vec<Key> = placements.iter().map(|(technique, tactic)| key(technique, tactic)).collect();
        let Coverage { covered, of } = Coverage::from(layer, keys.iter(), tier, coverage_threshold(&layer.gradient));
        (covered, of)
    }

    #[test]
    fn a_technique_is_covered_when_every_enabled_placement_is() {
        let together = |score, enabled| Marks::Together(mark(score, enabled));
        let layer = layer(&[
            ("T1", "execution", together(50.0, true)),
            ("T1", "persistence", together(49.0, true)),
            ("T2", "execution", together(50.0, true)),
            ("T2", "persistence", together(0.0, false)),
            ("T3", "execution", together(100.0, false)),
            ("T4", "", together(80.0, true)),
        ]);
        assert_eq!(coverage(&layer, &[("T1", "execution")], None), (1, 1));
        assert_eq!(coverage(&layer, &[("T1", "execution"), ("T1", "persistence")], None), (0, 1));
        assert_eq!(coverage(&layer, &[("T2", "execution"), ("T2", "persistence")], None), (1, 1));
        assert_eq!(coverage(&layer, &[("T3", "execution")], None), (0, 0));
        assert_eq!(coverage(&layer, &[("T4", "execution"), ("T4", "impact")], None), (1, 1));
        assert_eq!(coverage(&layer, &[("T5", "execution")], None), (0, 1));
        assert_eq!(coverage(&layer, &[], None), (0, 0));
    }

    #[test]
    fn tiers_are_counted_alone_or_by_the_layers_rule() {
        let mut layer = layer(&[("T1", "execution", Marks::by_tier(mark(80.0, true), mark(20.0, true)))]);
        let placements = [("T1", "execution")];
        assert_eq!(coverage(&layer, &placements, Some(Tier::Orchestration)), (1, 1));
        assert_eq!(coverage(&layer, &placements, Some(Tier::Container)), (0, 1));
        assert_eq!(coverage(&layer, &placements, None), (0, 1));
        layer.tier_scoring = TierScoring::Separately(Combine::Highest);
        assert_eq!(coverage(&layer, &placements, None), (1, 1));
    }

    #[test]
    fn percent_never_says_all_or_none_when_it_is_not() {
        let percent = |covered, of| Coverage { covered, of }.percent();
        let cases = [(0, 0, None), (0, 9, Some(0)), (9, 9, Some(100)), (1, 1000, Some(1)), (999, 1000, Some(99))];
        for (covered, of, expected) in cases {
            assert_eq!(percent(covered, of), expected);
        }
        assert_eq!((percent(1, 3), percent(2, 3), percent(1, 8)), (Some(33), Some(67), Some(13)));
    }
}
