//! The annotations of a layer, in the order of its file, findable by technique and tactic.
//! Copies share what they have in common, so that history costs little.

use super::{Link, Marks, Metadata};
use crate::attack::{TacticName, TechniqueId};
use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::{Map, Value};
use std::sync::Arc;

/// What an entry is about: a technique in one tactic, or in all of them where the file names none.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    pub technique: TechniqueId,
    pub tactic: Option<TacticName>,
}

/// One element of a layer file's `techniques`.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub key: Key,
    pub marks: Marks,
    pub metadata: Vec<Metadata>,
    pub links: Vec<Link>,
    pub show_subtechniques: bool,
    /// Unknown keys, and known keys whose value had the wrong type: written back as they came.
    pub kept: Map<String, Value>,
}

/// The entries of a layer. Entries are never taken out, so that their order survives clearing and undoing.
#[derive(Debug, Clone, Default)]
pub struct Annotations {
    entries: Vec<Arc<Entry>>,
    at: Arc<FxHashMap<Key, usize>>,
    /// So many of the entries, from the first on, were in the file.
    loaded: usize,
    /// Some entry names no tactic.
    speaks_for_all: bool,
}

impl Key {
    pub fn new(technique: TechniqueId, tactic: TacticName) -> Self {
        Self { technique, tactic: Some(tactic) }
    }
}

impl Entry {
    pub fn new(key: Key) -> Self {
        Self {
            key,
            marks: Marks::default(),
            metadata: Vec::new(),
            links: Vec::new(),
            show_subtechniques: false,
            kept: Map::new(),
        }
    }

    /// Layer format 4.5: annotated means score, colour, disabled, comment, links or metadata.
    pub fn is_annotated(&self) -> bool {
        self.marks.is_annotated() || !self.metadata.is_empty() || !self.links.is_empty()
    }

    /// Whether a file has to have it, lest something be lost.
    pub fn is_written(&self) -> bool {
        self.is_annotated() || self.show_subtechniques || !self.kept.is_empty()
    }
}

impl Annotations {
    /// In the order of the file; what was added since comes last.
    pub fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().map(Arc::as_ref)
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How many of the entries were in the file; they come first.
    pub fn loaded(&self) -> usize {
        self.loaded
    }

    pub fn get(&self, key: &Key) -> Option<&Entry> {
        self.at.get(key).and_then(|at| self.entries.get(*at)).map(Arc::as_ref)
    }

    /// Puts an entry in place of the one with its key, or at the end.
    pub fn put(&mut self, entry: Entry) {
        match self.at.get(&entry.key).and_then(|at| self.entries.get_mut(*at)) {
            Some(place) => *place = Arc::new(entry),
            None => self.append(entry),
        }
    }

    /// Changes the entry with this key, which is made where there is none.
    pub fn change(&mut self, key: &Key, change: impl FnOnce(&mut Entry)) {
        match self.at.get(key).and_then(|at| self.entries.get_mut(*at)) {
            Some(place) => change(Arc::make_mut(place)),
            None => {
                let mut entry = Entry::new(key.clone());
                change(&mut entry);
                self.append(entry);
            }
        }
    }

    /// Puts, in place of an entry without a tactic, one for each tactic that the technique has. Entries of techniques
    /// that `tactics_of` doesn't know stay as they are. Of two that come to stand for the same, the later one stays.
    pub fn spread(&mut self, tactics_of: impl Fn(&TechniqueId) -> Option<Vec<TacticName>>) {
        if self.iter().all(|entry| entry.key.tactic.is_some()) {
            return;
        }
        let spread = |entries: &[Arc<Entry>]| -> Vec<Arc<Entry>> {
            let tactics = |entry: &Entry| match entry.key.tactic {
                None => tactics_of(&entry.key.technique).filter(|tactics| !tactics.is_empty()),
                Some(_) => None,
            };
            let each = |entry: &Arc<Entry>| match tactics(entry) {
                None => vec![Arc::clone(entry)],
                Some(tactics) => {
                    let key = |tactic| Key::new(entry.key.technique.clone(), tactic);
                    let one = |tactic| Arc::new(Entry { key: key(tactic), ..Entry::clone(entry) });
                    tactics.into_iter().map(one).collect()
                }
            };
            entries.iter().flat_map(each).collect()
        };
        let (loaded, added) = self.entries.split_at(self.loaded.min(self.entries.len()));
        let added = spread(added);
        let not_loaded = Self::last_of_each(added.clone()).len();
        let mut entries = spread(loaded);
        entries.extend(added);
        *self = Self::last_of_each(entries);
        self.loaded -= not_loaded;
    }

    /// Of entries with one key the last stays, at its own place.
    fn last_of_each(entries: Vec<Arc<Entry>>) -> Self {
        let mut seen: FxHashSet<Key> = FxHashSet::default();
        let mut entries: Vec<Arc<Entry>> =
            entries.into_iter().rev().filter(|entry| seen.insert(entry.key.clone())).collect();
        entries.reverse();
        let at = entries.iter().enumerate().map(|(at, entry)| (entry.key.clone(), at)).collect();
        let speaks_for_all = entries.iter().any(|entry| entry.key.tactic.is_none());
        Self { loaded: entries.len(), entries, at: Arc::new(at), speaks_for_all }
    }

    /// The entry that is about a technique in a tactic: its own, or one without a tactic, which speaks for all tactics
    /// that have none.
    pub fn about(&self, key: &Key) -> Option<&Entry> {
        let everywhere = || self.get(&Key { tactic: None, ..key.clone() });
        self.get(key).or_else(|| if self.speaks_for_all { everywhere() } else { None })
    }

    /// The entries that another one's have otherwise, and a blank one for each that only the other has.
    pub(super) fn differing_from(&self, other: &Self) -> Self {
        let mut differing: Vec<Arc<Entry>> = Vec::new();
        for (at, entry) in self.entries.iter().enumerate() {
            let is_shared = other.entries.get(at).is_some_and(|it| Arc::ptr_eq(it, entry));
            if !is_shared && other.get(&entry.key) != Some(entry) {
                differing.push(Arc::clone(entry));
            }
        }
        let only_there = other.entries.iter().filter(|entry| !self.at.contains_key(&entry.key));
        differing.extend(only_there.map(|entry| Arc::new(Entry::new(entry.key.clone()))));
        Self::last_of_each(differing)
    }

    fn append(&mut self, entry: Entry) {
        self.speaks_for_all |= entry.key.tactic.is_none();
        Arc::make_mut(&mut self.at).insert(entry.key.clone(), self.entries.len());
        self.entries.push(Arc::new(entry));
    }
}

/// From entries in the order of a file: of two with one key the later one stays, at its own place
/// (as the official Navigator does it).
impl FromIterator<Entry> for Annotations {
    fn from_iter<I: IntoIterator<Item = Entry>>(entries: I) -> Self {
        Self::last_of_each(entries.into_iter().map(Arc::new).collect())
    }
}

/// Equal when they say the same in the same order; entries that say nothing don't count.
impl PartialEq for Annotations {
    fn eq(&self, other: &Self) -> bool {
        let mut others = other.entries.iter().filter(|entry| entry.is_written());
        let same = |entry: &Arc<Entry>| others.next().is_some_and(|it| Arc::ptr_eq(entry, it) || entry == it);
        self.entries.iter().filter(|entry| entry.is_written()).all(same) && others.next().is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layer::{Mark, Score};

    fn entry(technique: &str, tactic: &str, score: f64) -> Entry {
        let technique = TechniqueId::parse(technique).unwrap();
        let mark = Mark { score: Score::new(score), ..Mark::default() };
        Entry { marks: Marks::Together(mark), ..Entry::new(Key { technique, tactic: TacticName::parse(tactic).ok() }) }
    }

    fn told(annotations: &Annotations) -> Vec<String> {
        let one = |entry: &Entry| {
            let tactic = entry.key.tactic.as_ref().map_or("all", TacticName::as_str);
            let score = entry.marks.of(crate::attack::Tier::Container).score.map_or(-1.0, Score::value);
            format!("{} {tactic} {score}", entry.key.technique)
        };
        annotations.iter().map(one).collect()
    }

    fn tactics_of(technique: &TechniqueId) -> Option<Vec<TacticName>> {
        let tactics = match technique.as_str() {
            "T1" => vec!["a", "b"],
            "T2" => vec![],
            _ => return None,
        };
        Some(tactics.into_iter().map(|name| TacticName::parse(name).unwrap()).collect())
    }

    #[test]
    fn of_two_entries_with_one_key_the_later_stays_at_its_place() {
        let entries = [("T1", "a", 1.0), ("T2", "a", 2.0), ("T1", "a", 3.0), ("T1", "b", 4.0)];
        let annotations: Annotations =
            entries.map(|(id, tactic, score)| entry(id, tactic, score)).into_iter().collect();
        assert_eq!(told(&annotations), ["T2 a 2", "T1 a 3", "T1 b 4"]);
        assert_eq!(annotations.get(&entry("T1", "b", 0.0).key), Some(&entry("T1", "b", 4.0)));
        assert_eq!(annotations.loaded(), 3);
    }

    #[test]
    fn an_entry_without_a_tactic_spreads_over_all_of_the_techniques() {
        type Case = (&'static [(&'static str, &'static str, f64)], &'static [&'static str]);
        let cases: [Case; 5] = [
            (&[("T0", "a", 0.0), ("T1", "", 1.0), ("T9", "a", 9.0)], &["T0 a 0", "T1 a 1", "T1 b 1", "T9 a 9"]),
            (&[("T1", "", 1.0), ("T1", "a", 2.0)], &["T1 b 1", "T1 a 2"]),
            (&[("T1", "a", 2.0), ("T1", "", 1.0)], &["T1 a 1", "T1 b 1"]),
            (&[("T1", "c", 2.0), ("T1", "", 1.0)], &["T1 c 2", "T1 a 1", "T1 b 1"]),
            (&[("T2", "", 2.0), ("T9", "", 9.0)], &["T2 all 2", "T9 all 9"]),
        ];
        for (entries, expected) in cases {
            let mut annotations: Annotations =
                entries.iter().map(|(id, tactic, score)| entry(id, tactic, *score)).collect();
            annotations.spread(tactics_of);
            assert_eq!(told(&annotations), expected);
            assert_eq!(annotations.loaded(), expected.len());
            for (at, entry) in annotations.iter().enumerate() {
                assert_eq!(annotations.at.get(&entry.key), Some(&at));
            }
        }
    }

    #[test]
    fn what_was_added_stays_added_when_entries_are_spread() {
        let mut annotations: Annotations = [entry("T1", "", 1.0), entry("T3", "a", 3.0)].into_iter().collect();
        annotations.put(entry("T4", "a", 4.0));
        annotations.put(entry("T1", "b", 5.0));
        annotations.spread(tactics_of);
        assert_eq!(told(&annotations), ["T1 a 1", "T3 a 3", "T4 a 4", "T1 b 5"]);
        assert_eq!(annotations.loaded(), 2);
    }
}
