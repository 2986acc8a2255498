//! Undo and redo: the layers that were before, and those that were undone. Layers share what they have in common,
//! so a step costs little. When a step is made is the caller's; whether it joins the one before is decided here.
//! Which steps outlive the page is `ledger`'s.

use super::Layer;
use std::sync::Arc;

/// Steps that can be undone. A layer with very many annotations keeps fewer, so that memory stays bounded.
const MOST_STEPS: usize = 500;
const LEAST_STEPS: usize = 20;
const MOST_KEPT_ENTRIES: usize = 2_000_000;

/// Edits of one kind that follow each other this fast are one step: typing a comment, turning a wheel.
const JOIN_MILLISECONDS: f64 = 1_000.0;

/// A layer with its past and its undone future. There is always a present.
#[derive(Debug, Clone)]
pub struct History {
    past: Vec<Step>,
    present: Arc<Layer>,
    future: Vec<Step>,
    last: Option<(String, f64)>,
    /// The number of the step that led to the present: counted from the layer's first, going down when undone.
    at: u32,
    stamps: u32,
}

/// The layer at the other side of a step, and what the step did.
#[derive(Debug, Clone)]
struct Step {
    title: &'static str,
    layer: Arc<Layer>,
    /// Another one whenever what the step did changes.
    stamp: u32,
}

/// A step with both of its sides.
#[derive(Debug, Clone, Copy)]
pub struct Passage<'a> {
    pub number: u32,
    /// The same as long as the step is the same.
    pub stamp: u32,
    pub title: &'static str,
    pub before: &'a Layer,
    pub after: &'a Layer,
}

impl History {
    pub fn new(layer: Layer) -> Self {
        Self::resumed(layer, 0)
    }

    /// The history of a layer that so many steps led to, none of which is here yet: see [`super::Ledger::bring_back`].
    pub fn resumed(layer: Layer, at: u32) -> Self {
        Self { past: Vec::new(), present: Arc::new(layer), future: Vec::new(), last: None, at, stamps: 0 }
    }

    /// How many steps led to the present.
    pub fn at(&self) -> u32 {
        self.at
    }

    /// The number of the last step, undone ones counted.
    pub fn end(&self) -> u32 {
        self.at.saturating_add(length(&self.future))
    }

    pub fn present(&self) -> &Arc<Layer> {
        &self.present
    }

    /// Makes `next` the present. `join` names the kind of edit and what it is on: a step with the same name within a
    /// second of the one before joins it. `now` is in milliseconds, from any start.
    pub fn record(&mut self, next: Layer, title: &'static str, join: Option<String>, now: f64) {
        let joins = match (&self.last, &join) {
            (Some((name, at)), Some(join)) => name == join && (0.0..JOIN_MILLISECONDS).contains(&(now - at)),
            _ => false,
        };
        let before = std::mem::replace(&mut self.present, Arc::new(next));
        if !joins {
            self.past.push(Step { title, layer: before, stamp: 0 });
            self.at = self.at.saturating_add(1);
        }
        self.future.clear();
        self.stamp_neighbours();
        self.last = join.map(|name| (name, now));
        self.forget_oldest();
    }

    /// Puts a layer in the present's place without a step: what is no edit (a file's tactics spread out).
    pub fn replace(&mut self, layer: Layer) {
        self.present = Arc::new(layer);
        self.stamp_neighbours();
    }

    /// Goes one step back; what it took back, or `None` at the beginning.
    pub fn undo(&mut self) -> Option<&'static str> {
        self.last = None;
        let Step { title, layer, stamp } = self.past.pop()?;
        let undone = std::mem::replace(&mut self.present, layer);
        self.future.push(Step { title, layer: undone, stamp });
        self.at = self.at.saturating_sub(1);
        Some(title)
    }

    /// Goes one step forward again.
    pub fn redo(&mut self) -> Option<&'static str> {
        self.last = None;
        let Step { title, layer, stamp } = self.future.pop()?;
        let before = std::mem::replace(&mut self.present, layer);
        self.past.push(Step { title, layer: before, stamp });
        self.at = self.at.saturating_add(1);
        Some(title)
    }

    /// What undo would take back.
    pub fn undo_title(&self) -> Option<&'static str> {
        self.past.last().map(|step| step.title)
    }

    pub fn redo_title(&self) -> Option<&'static str> {
        self.future.last().map(|step| step.title)
    }

    /// Every step that is here, the oldest first, undone ones last.
    pub fn passages(&self) -> Vec<Passage<'_>> {
        let first = self.at.saturating_sub(length(&self.past));
        let undone = self.future.iter().rev();
        let sides = self.past.iter().map(|step| &step.layer).chain([&self.present]);
        let layers: Vec<&Arc<Layer>> = sides.chain(undone.clone().map(|step| &step.layer)).collect();
        let mut passages = Vec::with_capacity(layers.len());
        for (at, (step, number)) in self.past.iter().chain(undone).zip(first.saturating_add(1)..).enumerate() {
            if let [before, after] = layers[at..=at + 1] {
                passages.push(Passage { number, stamp: step.stamp, title: step.title, before, after });
            }
        }
        passages
    }

    /// The oldest layer that is here, and the number of the step that led to it.
    pub(super) fn oldest(&self) -> (&Layer, u32) {
        let oldest = self.past.first().map_or(&self.present, |step| &step.layer);
        (oldest, self.at.saturating_sub(length(&self.past)))
    }

    /// Whether nothing was done since it was resumed.
    pub(super) fn is_untouched(&self) -> bool {
        self.past.is_empty() && self.future.is_empty()
    }

    /// Puts a step before all that are here: what it did, and the layer before it.
    pub(super) fn put_before(&mut self, title: &'static str, layer: Layer) {
        let stamp = self.next_stamp();
        self.past.insert(0, Step { title, layer: Arc::new(layer), stamp });
    }

    /// Puts an undone step after all that are here: what it did, and the layer after it.
    pub(super) fn put_after(&mut self, title: &'static str, layer: Layer) {
        let stamp = self.next_stamp();
        self.future.insert(0, Step { title, layer: Arc::new(layer), stamp });
    }

    /// The last layer that is here.
    pub(super) fn newest(&self) -> &Layer {
        self.future.first().map_or(&self.present, |step| &step.layer)
    }

    /// The present is another one: so are the steps that lead to it and from it.
    fn stamp_neighbours(&mut self) {
        let stamp = self.next_stamp();
        self.past.last_mut().into_iter().chain(self.future.last_mut()).for_each(|step| step.stamp = stamp);
    }

    fn next_stamp(&mut self) -> u32 {
        self.stamps = self.stamps.wrapping_add(1);
        self.stamps
    }

    fn forget_oldest(&mut self) {
        let entries = self.present.annotations.len().max(1);
        let most = (MOST_KEPT_ENTRIES / entries).clamp(LEAST_STEPS, MOST_STEPS);
        if self.past.len() > most {
            self.past.drain(..self.past.len() - most);
        }
    }
}

fn length(steps: &[Step]) -> u32 {
    u32::try_from(steps.len()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> Layer {
        Layer::new(name, "enterprise-attack", None, Vec::new())
    }

    fn history(names: &[&str]) -> History {
        let mut history = History::new(named("start"));
        for name in names {
            history.record(named(name), "name", None, 0.0);
        }
        history
    }

    #[test]
    fn undo_and_redo_walk_the_same_way() {
        let mut history = history(&["one", "two"]);
        assert_eq!(history.undo(), Some("name"));
        assert_eq!(history.present().name, "one");
        assert_eq!(history.undo(), Some("name"));
        assert_eq!(history.undo(), None);
        assert_eq!(history.present().name, "start");
        history.redo();
        history.redo();
        assert_eq!(history.redo(), None);
        assert_eq!(history.present().name, "two");
    }

    #[test]
    fn an_edit_after_undo_drops_what_was_undone() {
        let mut history = history(&["one"]);
        history.undo();
        history.record(named("other"), "name", None, 0.0);
        assert_eq!(history.redo_title(), None);
    }

    #[test]
    fn fast_edits_of_one_kind_are_one_step() {
        let mut history = History::new(named("start"));
        for (name, now) in [("a", 0.0), ("ab", 300.0), ("abc", 900.0), ("late", 2_500.0)] {
            history.record(named(name), "comment", Some("comment T1610".to_owned()), now);
        }
        history.undo();
        assert_eq!(history.present().name, "abc");
        history.undo();
        assert_eq!(history.present().name, "start");
    }

    #[test]
    fn a_step_keeps_its_number_and_both_of_its_sides_when_it_is_undone() {
        let told = |history: &History| -> Vec<String> {
            let one = |it: Passage<'_>| format!("{} {} {}", it.number, it.before.name, it.after.name);
            history.passages().into_iter().map(one).collect()
        };
        let mut history = history(&["one", "two", "three"]);
        let all = ["1 start one", "2 one two", "3 two three"];
        assert_eq!(told(&history), all);
        history.undo();
        history.undo();
        assert_eq!((told(&history), history.at(), history.end()), (all.map(str::to_owned).to_vec(), 1, 3));
        history.record(named("other"), "name", None, 0.0);
        assert_eq!((told(&history), history.end()), (vec!["1 start one".to_owned(), "2 one other".to_owned()], 2));
    }

    #[test]
    fn a_step_has_another_stamp_when_another_edit_joins_it_or_takes_its_number() {
        let stamps = |history: &History| history.passages().iter().map(|it| it.stamp).collect::<Vec<_>>();
        let mut history = history(&["one"]);
        history.record(named("a"), "comment", Some("comment".to_owned()), 0.0);
        let before = stamps(&history);
        history.record(named("ab"), "comment", Some("comment".to_owned()), 10.0);
        assert_eq!(stamps(&history)[0], before[0]);
        assert_ne!(stamps(&history)[1], before[1]);
        let joined = stamps(&history);
        history.undo();
        history.redo();
        assert_eq!(stamps(&history), joined);
        history.undo();
        history.record(named("other"), "name", None, 0.0);
        assert_ne!(stamps(&history)[1], joined[1]);
    }

    #[test]
    fn the_past_is_bounded() {
        let names: Vec<String> = (0..MOST_STEPS + 50).map(|at| at.to_string()).collect();
        let history = history(&names.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(history.past.len(), MOST_STEPS);
    }
}
