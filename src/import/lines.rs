//! Any text: each line that has technique ids is one that mentions them.

use super::{ids, material::Rule, text::shortened};

pub fn read(text: &str) -> Vec<Rule> {
    let line = |line: &str| {
        let mut techniques = ids::attack_ids(line);
        let mut seen = rustc_hash::FxHashSet::default();
        techniques.retain(|id| seen.insert(id.clone()));
        (!techniques.is_empty()).then(|| Rule { title: shortened(line), techniques, ..Rule::default() })
    };
    text.lines().filter_map(line).collect()
}
