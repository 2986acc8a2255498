//! Which choices would change anything, so that only those are asked.

use super::{Choices, Kind, Planned};
use crate::{
    attack::Knowledge,
    import::material::{Material, Rule},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Matters {
    /// Rules are counted.
    pub scale: bool,
    /// Scores are given, and some technique has several.
    pub averaging: bool,
    pub place: bool,
    pub off: bool,
    pub containers_only: bool,
    pub replaced: bool,
    pub to_parent: bool,
    pub keep_unknown: bool,
    pub apart: bool,
}

impl Matters {
    pub fn of(material: &Material, choices: &Choices, knowledge: &Knowledge, layers: &[Planned]) -> Self {
        let mut matters = Self::default();
        let mut tables = choices.columns.iter();
        for source in &material.sources {
            let columns = source.table.as_ref().and_then(|table| Some(tables.next()?.rules(table)));
            for rule in columns.as_ref().unwrap_or(&source.rules) {
                matters.take(rule, knowledge);
            }
        }
        let kinds = Kind::ALL.into_iter().filter(|kind| kind.detects());
        let has = |kind: &Kind| material.sources.iter().any(|source| source.kind == *kind && !source.rules.is_empty());
        matters.apart = kinds.filter(has).count() > 1;
        matters.scale = layers.iter().any(|layer| !layer.scored);
        let several = |layer: &Planned| layer.techniques.iter().any(|technique| technique.lines.len() > 1);
        matters.averaging = layers.iter().any(|layer| layer.scored && several(layer));
        matters
    }

    fn take(&mut self, rule: &Rule, knowledge: &Knowledge) {
        self.off |= rule.off.is_some();
        self.containers_only |= !rule.platforms.is_empty();
        for id in &rule.techniques {
            if let Some(technique) = knowledge.technique(id) {
                self.place |= !rule.tactics.is_empty() && technique.tactics.len() > 1;
                continue;
            }
            self.keep_unknown = true;
            self.replaced |= knowledge.retired(id).is_some_and(|retired| retired.replaced_by.is_some());
            self.to_parent |= id.parent().is_some_and(|parent| knowledge.technique(&parent).is_some());
        }
    }
}
