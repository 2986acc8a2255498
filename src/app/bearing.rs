//! What of a layer bears on the layout, and how the layout asks it. What it does with the answers is `matrix`'s.

use crate::{
    attack::{TacticName, TechniqueId, Tier},
    layer::{Display, ExpandedSubtechniques, Key, Layer, Score, Sorting},
    matrix::Said,
};
use std::sync::Arc;

/// What of a layer bears on the layout. Most edits change none of it, and then nothing is laid out again.
#[derive(Clone)]
pub struct Bearing {
    display: Display,
    platforms: Vec<String>,
    opened: Vec<Key>,
    /// The whole layer, where scores sort, disabled techniques hide, or annotated ones open.
    annotated: Option<Arc<Layer>>,
}

impl Bearing {
    pub fn of(layer: &Arc<Layer>) -> Self {
        let display = layer.display.clone();
        let sorts = matches!(display.sorting, Sorting::ScoreAscending | Sorting::ScoreDescending);
        let asks = sorts || display.hide_disabled || display.expanded == ExpandedSubtechniques::Annotated;
        let opened = layer.annotations.iter().filter(|entry| entry.show_subtechniques);
        Self {
            platforms: layer.platforms.clone(),
            opened: opened.map(|entry| entry.key.clone()).collect(),
            annotated: asks.then(|| layer.clone()),
            display,
        }
    }
}

impl PartialEq for Bearing {
    fn eq(&self, other: &Self) -> bool {
        let same_layer = match (&self.annotated, &other.annotated) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            (None, None) => true,
            _ => false,
        };
        same_layer && self.display == other.display && self.platforms == other.platforms && self.opened == other.opened
    }
}

/// What a layer says that bears on the layout.
pub struct Says<'a>(pub &'a Layer);

impl Said for Says<'_> {
    fn score(&self, technique: &TechniqueId, tactic: &TacticName, tier: Option<Tier>) -> Option<Score> {
        self.0.scored(&Key::new(technique.clone(), tactic.clone()), tier).0
    }

    fn enabled(&self, technique: &TechniqueId, tactic: &TacticName, tier: Option<Tier>) -> bool {
        self.0.scored(&Key::new(technique.clone(), tactic.clone()), tier).1
    }

    fn annotated(&self, technique: &TechniqueId) -> bool {
        self.0.annotations.iter().any(|entry| entry.key.technique == *technique && entry.is_annotated())
    }

    fn opened(&self, technique: &TechniqueId, tactic: &TacticName) -> bool {
        let key = Key::new(technique.clone(), tactic.clone());
        self.0.annotations.get(&key).is_some_and(|entry| entry.show_subtechniques)
    }
}
