//! Which steps of a layer's history are stored, so that undo outlives the page: the last hundred, and no more than two
//! megabytes of them. What a storing has to write and to delete is worked out here; doing it is the app's.

use super::{History, Passage, file::WrittenStep};
use std::cell::RefCell;

/// So many steps of a layer are stored, undone ones counted.
pub const MOST_STORED_STEPS: u32 = 100;

/// And no more than so many bytes of them.
pub const MOST_STORED_BYTES: usize = 2_000_000;

/// What is known to be stored of a history, by the steps' numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    rows: Vec<Row>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Row {
    number: u32,
    /// Of the step as it was when it was stored.
    stamp: u32,
    bytes: usize,
}

/// What a storing writes and deletes, by step numbers, and the ledger once that is done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    pub write: Vec<(u32, String)>,
    /// Everything from this number on goes: it was undone, and then something else was done.
    pub delete_from: Option<u32>,
    /// Everything up to this number goes: it is too old, or too much.
    pub delete_to: Option<u32>,
    pub next: Ledger,
}

impl Ledger {
    /// So many bytes of steps are stored.
    pub fn bytes(&self) -> usize {
        self.rows.iter().map(|row| row.bytes).sum()
    }

    /// What is to be done so that what is stored is the history as it is now.
    pub fn plan(&self, history: &History) -> Plan {
        let end = history.end();
        let mut delete_to = end.saturating_sub(MOST_STORED_STEPS);
        let mut write = Vec::new();
        let mut rows = Vec::new();
        let mut bytes = 0_usize;
        // The newest first: what is older than the first one that is too much is not even made a text.
        let passages = history.passages();
        for passage in passages.iter().rev().take_while(|passage| passage.number > delete_to) {
            let same = |row: &&Row| row.number == passage.number && row.stamp == passage.stamp;
            let (row, text) = self.rows.iter().find(same).map_or_else(|| written(passage), |row| (*row, None));
            bytes = bytes.saturating_add(row.bytes);
            if bytes > MOST_STORED_BYTES {
                delete_to = row.number;
                break;
            }
            rows.push(row);
            write.extend(text.map(|text| (row.number, text)));
        }
        // Then those that are stored and not here any more.
        let first = passages.first().map_or(u32::MAX, |passage| passage.number);
        for row in self.rows.iter().rev().filter(|row| row.number < first) {
            bytes = bytes.saturating_add(row.bytes);
            if bytes > MOST_STORED_BYTES {
                delete_to = delete_to.max(row.number);
            }
            if row.number > delete_to {
                rows.push(*row);
            }
        }
        rows.reverse();
        write.reverse();
        let next = Self { rows };
        if next == *self {
            return Plan { next, ..Plan::default() };
        }
        let delete_to = (delete_to > 0).then_some(delete_to);
        Plan { write, delete_from: end.checked_add(1), delete_to, next }
    }

    /// Puts the stored steps back into a history that was resumed. What was done since stays; what can't be read ends
    /// what is brought back.
    pub fn bring_back(history: &mut History, rows: Vec<(u32, String)>) -> Self {
        let rows: Vec<(u32, WrittenStep)> =
            rows.into_iter().map(|(number, text)| (number, WrittenStep::from_text(text))).collect();
        let step = |number: u32| rows.iter().find(|(at, _)| *at == number).map(|(_, step)| step);
        let mut brought: Vec<(u32, usize)> = Vec::new();
        let untouched = history.is_untouched();
        loop {
            let (oldest, number) = history.oldest();
            // There is none before the first, whatever is stored.
            let Some(step) = step(number).filter(|_| number > 0) else { break };
            let Some(before) = step.undone(oldest) else { break };
            history.put_before(lasting(step.title()), before);
            brought.push((number, step.text().len()));
        }
        let undone = |history: &History| step(history.end().saturating_add(1)).filter(|_| untouched);
        while let Some(step) = undone(history) {
            let Some(after) = step.redone(history.newest()) else { break };
            history.put_after(lasting(step.title()), after);
            brought.push((history.end(), step.text().len()));
        }
        let row = |passage: &Passage<'_>| {
            let (number, bytes) = brought.iter().find(|(number, _)| *number == passage.number)?;
            Some(Row { number: *number, stamp: passage.stamp, bytes: *bytes })
        };
        Self { rows: history.passages().iter().filter_map(row).collect() }
    }
}

/// A step that isn't stored yet, as it would be.
fn written(passage: &Passage<'_>) -> (Row, Option<String>) {
    let text = WrittenStep::new(passage).text().to_owned();
    (Row { number: passage.number, stamp: passage.stamp, bytes: text.len() }, Some(text))
}

/// Titles live as long as the page; each is kept once, however often it is read.
fn lasting(title: &str) -> &'static str {
    thread_local! {
        static TITLES: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
    }
    TITLES.with_borrow_mut(|titles| match titles.iter().find(|known| **known == title) {
        Some(known) => known,
        None => {
            let kept: &'static str = Box::leak(title.to_owned().into_boxed_str());
            titles.push(kept);
            kept
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layer::Layer;
    use std::collections::BTreeMap;

    /// What a browser would have stored.
    #[derive(Default)]
    struct Store {
        rows: BTreeMap<u32, String>,
        ledger: Ledger,
    }

    impl Store {
        fn keep(&mut self, history: &History) {
            let plan = self.ledger.plan(history);
            if let Some(from) = plan.delete_from {
                self.rows.retain(|number, _| *number < from);
            }
            self.rows.extend(plan.write);
            if let Some(to) = plan.delete_to {
                self.rows.retain(|number, _| *number > to);
            }
            self.ledger = plan.next;
        }

        /// The history after a reload.
        fn again(&mut self, history: &History) -> History {
            let mut again = History::resumed(Layer::clone(history.present()), history.at());
            self.ledger = Ledger::bring_back(&mut again, self.rows.clone().into_iter().collect());
            again
        }
    }

    fn named(name: &str) -> Layer {
        Layer::new(name, "enterprise-attack", None, Vec::new())
    }

    fn name(history: &mut History, name: &str) {
        history.record(named(name), "name", None, 0.0);
    }

    /// Names on the way back to the beginning, then on the way to the end.
    fn walk(history: &mut History) -> Vec<String> {
        while history.undo().is_some() {}
        let mut names = vec![history.present().name.clone()];
        while history.redo().is_some() {
            names.push(history.present().name.clone());
        }
        names
    }

    #[test]
    fn what_was_done_and_undone_is_there_after_a_reload() {
        let mut store = Store::default();
        let mut history = History::new(named("start"));
        for next in ["one", "two", "three"] {
            name(&mut history, next);
            store.keep(&history);
        }
        history.undo();
        history.undo();
        store.keep(&history);
        let mut again = store.again(&history);
        assert_eq!((again.present().name.as_str(), again.at(), again.end()), ("one", 1, 3));
        assert_eq!(walk(&mut again), ["start", "one", "two", "three"]);
    }

    #[test]
    fn another_edit_after_an_undo_takes_the_place_of_what_was_undone() {
        let mut store = Store::default();
        let mut history = History::new(named("start"));
        for next in ["one", "two", "three"] {
            name(&mut history, next);
        }
        store.keep(&history);
        history.undo();
        history.undo();
        name(&mut history, "other");
        store.keep(&history);
        assert_eq!(store.rows.keys().copied().collect::<Vec<_>>(), [1, 2]);
        let mut again = store.again(&history);
        assert_eq!(walk(&mut again), ["start", "one", "other"]);
    }

    #[test]
    fn a_row_without_a_number_brings_nothing_back() {
        let mut store = Store::default();
        let mut history = History::new(named("start"));
        name(&mut history, "one");
        store.keep(&history);
        store.rows.insert(0, store.rows[&1].clone());
        let mut again = store.again(&history);
        assert_eq!(walk(&mut again), ["start", "one"]);
    }

    #[test]
    fn nothing_is_written_twice() {
        let mut store = Store::default();
        let mut history = History::new(named("start"));
        name(&mut history, "one");
        store.keep(&history);
        name(&mut history, "two");
        let plan = store.ledger.plan(&history);
        assert_eq!(plan.write.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [2]);
        store.keep(&history);
        history.undo();
        assert_eq!(store.ledger.plan(&history).write, []);
        let again = store.again(&history);
        assert_eq!(store.ledger.plan(&again).write, []);
    }

    #[test]
    fn edits_made_before_the_steps_are_back_come_after_them() {
        let mut store = Store::default();
        let mut history = History::new(named("start"));
        for next in ["one", "two"] {
            name(&mut history, next);
        }
        history.undo();
        store.keep(&history);
        let mut again = History::resumed(Layer::clone(history.present()), history.at());
        name(&mut again, "early");
        let rows = store.rows.clone().into_iter().collect();
        store.ledger = Ledger::bring_back(&mut again, rows);
        store.keep(&again);
        assert_eq!(store.rows.keys().copied().collect::<Vec<_>>(), [1, 2]);
        assert_eq!(walk(&mut again), ["start", "one", "early"]);
        assert_eq!(walk(&mut store.again(&again)), ["start", "one", "early"]);
    }

    #[test]
    fn the_oldest_steps_go_when_there_are_too_many_or_too_much() {
        let mut store = Store::default();
        let mut history = History::new(named("start"));
        for number in 0..MOST_STORED_STEPS + 30 {
            name(&mut history, &number.to_string());
            store.keep(&history);
        }
        assert_eq!(store.rows.len(), MOST_STORED_STEPS as usize);
        let end = MOST_STORED_STEPS + 30;
        assert_eq!(store.rows.keys().copied().collect::<Vec<_>>(), (31..=end).collect::<Vec<_>>());
        let long = "x".repeat(MOST_STORED_BYTES / 5);
        for number in 0..4 {
            let next = Layer { description: format!("{number}{long}"), ..named("long") };
            history.record(next, "description", None, 0.0);
            store.keep(&history);
        }
        let bytes: usize = store.rows.values().map(String::len).sum();
        assert!(bytes <= MOST_STORED_BYTES && store.rows.len() == 2, "{bytes} in {}", store.rows.len());
        let nothing = Plan { next: store.ledger.clone(), ..Plan::default() };
        assert_eq!(store.ledger.plan(&history), nothing, "what went is not begun again");
        let mut again = store.again(&history);
        assert_eq!(walk(&mut again).len(), 3);
    }

    #[test]
    fn what_cannot_be_read_ends_what_is_brought_back() {
        let mut store = Store::default();
        let mut history = History::new(named("start"));
        for next in ["one", "two", "three", "four"] {
            name(&mut history, next);
        }
        history.undo();
        store.keep(&history);
        store.rows.insert(2, "broken".to_owned());
        assert_eq!(walk(&mut store.again(&history)), ["two", "three", "four"]);
        store.rows.remove(&3);
        assert_eq!(walk(&mut store.again(&history)), ["three", "four"]);
    }
}
