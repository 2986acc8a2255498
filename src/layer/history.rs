//! Undo and redo: the layers that were before, and those that were undone. Layers share what they have in common,
//! so a step costs little. When a step is made is the caller's; whether it joins the one before is decided here.

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
}

/// The layer at the other side of a step, and what the step did.
#[derive(Debug, Clone)]
struct Step {
    title: &'static str,
    layer: Arc<Layer>,
}

impl History {
    pub fn new(layer: Layer) -> Self {
        Self { past: Vec::new(), present: Arc::new(layer), future: Vec::new(), last: None }
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
            self.past.push(Step { title, layer: before });
        }
        self.future.clear();
        self.last = join.map(|name| (name, now));
        self.forget_oldest();
    }

    /// Puts a layer in the present's place without a step: what is no edit (a file's tactics spread out).
    pub fn replace(&mut self, layer: Layer) {
        self.present = Arc::new(layer);
    }

    /// Goes one step back; what it took back, or `None` at the beginning.
    pub fn undo(&mut self) -> Option<&'static str> {
        self.last = None;
        let Step { title, layer } = self.past.pop()?;
        let undone = std::mem::replace(&mut self.present, layer);
        self.future.push(Step { title, layer: undone });
        Some(title)
    }

    /// Goes one step forward again.
    pub fn redo(&mut self) -> Option<&'static str> {
        self.last = None;
        let Step { title, layer } = self.future.pop()?;
        let before = std::mem::replace(&mut self.present, layer);
        self.past.push(Step { title, layer: before });
        Some(title)
    }

    /// What undo would take back.
    pub fn undo_title(&self) -> Option<&'static str> {
        self.past.last().map(|step| step.title)
    }

    pub fn redo_title(&self) -> Option<&'static str> {
        self.future.last().map(|step| step.title)
    }

    fn forget_oldest(&mut self) {
        let entries = self.present.annotations.len().max(1);
        let most = (MOST_KEPT_ENTRIES / entries).clamp(LEAST_STEPS, MOST_STEPS);
        if self.past.len() > most {
            self.past.drain(..self.past.len() - most);
        }
    }
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
    fn the_past_is_bounded() {
        let names: Vec<String> = (0..MOST_STEPS + 50).map(|at| at.to_string()).collect();
        let history = history(&names.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(history.past.len(), MOST_STEPS);
    }
}
