//! Steps back and forth in what is kept beside the layers under keys: tiers of the user's own, and drafts. A layer's own
//! history is `layer`'s; each step here remembers when and where it was made, so that one undo goes through both in the
//! order in which things were done.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// So many steps can be taken back; older ones are forgotten.
pub const MOST_STEPS: usize = 100;

/// What was done, and what was taken back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trail<K, V> {
    past: Vec<Step<K, V>>,
    /// The next one to be done again last.
    future: Vec<Step<K, V>>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Step<K, V> {
    title: String,
    made: Moment,
    changes: Vec<Changed<K, V>>,
}

/// One key's value before and after; none where it had or has none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Changed<K, V> {
    pub key: K,
    pub before: Option<V>,
    pub after: Option<V>,
}

/// When a step was made: in which layer's tab, after how many steps of that layer's history, and at what time in
/// milliseconds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Moment {
    pub layer: String,
    pub step: u32,
    pub time: f64,
}

impl Moment {
    /// Whether what was done then is taken back before the last step of the layer's own history is.
    pub fn goes_before(&self, layer: &str, step: u32) -> bool {
        self.layer == layer && step <= self.step
    }

    /// Whether what was taken back is done again before the layer's own next step is.
    pub fn comes_before(&self, layer: &str, step: u32) -> bool {
        self.layer == layer && step == self.step
    }
}

impl<K, V> Default for Trail<K, V> {
    fn default() -> Self {
        Self { past: Vec::new(), future: Vec::new() }
    }
}

/// What it takes to come from one state to another.
pub fn changes<K: Ord + Clone, V: PartialEq + Clone>(
    before: &BTreeMap<K, V>,
    after: &BTreeMap<K, V>,
) -> Vec<Changed<K, V>> {
    let gone = before.keys().filter(|key| !after.contains_key(*key));
    let keys = after.keys().chain(gone).filter(|key| before.get(*key) != after.get(*key));
    keys.map(|key| Changed { key: key.clone(), before: before.get(key).cloned(), after: after.get(key).cloned() })
        .collect()
}

/// Gives each key its value after the changes.
pub fn apply<K: Ord + Clone, V: Clone>(state: &mut BTreeMap<K, V>, changes: &[Changed<K, V>]) {
    for change in changes {
        match &change.after {
            Some(value) => state.insert(change.key.clone(), value.clone()),
            None => state.remove(&change.key),
        };
    }
}

impl<K: Clone, V: Clone> Trail<K, V> {
    /// Remembers a step; what had been taken back can't be done again after it.
    pub fn record(&mut self, title: impl Into<String>, made: Moment, changes: Vec<Changed<K, V>>) {
        if changes.is_empty() {
            return;
        }
        self.future.clear();
        self.past.push(Step { title: title.into(), made, changes });
        if self.past.len() > MOST_STEPS {
            self.past.remove(0);
        }
    }

    /// The step that would be taken back, and when it was made.
    pub fn last(&self) -> Option<(&str, &Moment)> {
        self.past.last().map(|step| (step.title.as_str(), &step.made))
    }

    /// The step that would be done again.
    pub fn next(&self) -> Option<(&str, &Moment)> {
        self.future.last().map(|step| (step.title.as_str(), &step.made))
    }

    /// Takes the last step back: what is to be changed for it.
    pub fn undo(&mut self) -> Option<(String, Vec<Changed<K, V>>)> {
        let step = self.past.pop()?;
        let back = step.changes.iter().map(|it| Changed {
            key: it.key.clone(),
            before: it.after.clone(),
            after: it.before.clone(),
        });
        let answer = (step.title.clone(), back.collect());
        self.future.push(step);
        Some(answer)
    }

    /// Does the step again that was taken back last.
    pub fn redo(&mut self) -> Option<(String, Vec<Changed<K, V>>)> {
        let step = self.future.pop()?;
        let answer = (step.title.clone(), step.changes.clone());
        self.past.push(step);
        Some(answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(step: u32) -> Moment {
        Moment { layer: "a".to_owned(), step, time: 0.0 }
    }

    type State = BTreeMap<&'static str, u32>;

    /// Goes to a state as one step.
    fn go(trail: &mut Trail<&'static str, u32>, state: &mut State, to: &[(&'static str, u32)]) {
        let next: State = to.iter().copied().collect();
        trail.record("step", moment(0), changes(state, &next));
        *state = next;
    }

    #[test]
    fn every_state_is_come_by_again_on_the_way_back_and_forth() {
        let states: [&[(&'static str, u32)]; 5] = [&[], &[("x", 1)], &[("x", 2), ("y", 1)], &[("y", 1)], &[]];
        let (mut trail, mut state) = (Trail::default(), State::new());
        states[1..].iter().for_each(|to| go(&mut trail, &mut state, to));
        for to in states[..4].iter().rev() {
            apply(&mut state, &trail.undo().unwrap().1);
            assert_eq!(state, to.iter().copied().collect());
        }
        assert!(trail.undo().is_none());
        for to in &states[1..] {
            apply(&mut state, &trail.redo().unwrap().1);
            assert_eq!(state, to.iter().copied().collect());
        }
        assert!(trail.redo().is_none());
    }

    #[test]
    fn a_new_step_ends_what_could_be_done_again_and_nothing_is_no_step() {
        let (mut trail, mut state) = (Trail::default(), State::new());
        go(&mut trail, &mut state, &[("x", 1)]);
        apply(&mut state, &trail.undo().unwrap().1);
        go(&mut trail, &mut state, &[]);
        assert!(trail.next().is_some(), "nothing was done");
        go(&mut trail, &mut state, &[("y", 1)]);
        assert!(trail.next().is_none());
    }

    #[test]
    fn the_past_is_bounded() {
        let (mut trail, mut state) = (Trail::default(), State::new());
        for value in 0..150 {
            go(&mut trail, &mut state, &[("x", value)]);
        }
        assert_eq!(std::iter::from_fn(|| trail.undo()).count(), MOST_STEPS);
    }

    #[test]
    fn steps_come_in_the_order_in_which_things_were_done() {
        // Made when the layer had two steps: its third is taken back first, its second afterwards.
        let made = moment(2);
        let back: Vec<bool> = [3, 2, 1].into_iter().map(|at| made.goes_before("a", at)).collect();
        assert_eq!(back, [false, true, true]);
        let forth: Vec<bool> = [1, 2, 3].into_iter().map(|at| made.comes_before("a", at)).collect();
        assert_eq!(forth, [false, true, false]);
        assert!(!made.goes_before("b", 0) && !made.comes_before("b", 2));
    }
}
