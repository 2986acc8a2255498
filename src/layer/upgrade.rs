//! Upgrading a layer to another release: what becomes of each annotation, by rule, with what else could be done. Nothing
//! is done before it is decided, and nothing that has no place in the new release vanishes: it stays in the layer as it
//! was. What the releases say is `attack`'s.

mod report;
#[cfg(test)]
mod tests;

pub use report::{report, tactic_words};

use super::{Entry, Key, Layer, Replacements, file::joined_entry};
use crate::attack::{Catalogue, Fact, Knowledge, TacticName, Technique, TechniqueId};
use crate::order;
use rustc_hash::{FxHashMap, FxHashSet};

/// What upgrading a layer comes to, before it is done.
#[derive(Debug, Clone, PartialEq)]
pub struct Upgrade {
    pub from: String,
    pub to: String,
    /// One for each annotation, in the order of the layer.
    pub decisions: Vec<Decision>,
    /// Techniques that only the new release has, by id.
    pub added: Vec<(TechniqueId, String)>,
    /// What the new release changed in techniques that the layer says nothing of, by id.
    pub elsewhere: Vec<(TechniqueId, String, Fate)>,
}

/// What becomes of one annotation.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    pub key: Key,
    pub name: String,
    pub fate: Fate,
    /// What can be done, the proposed first. There is always one.
    pub ways: Vec<Way>,
}

/// What the new release did to a technique in a tactic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    Unchanged,
    /// It stands where it stood, and something else of it changed.
    Changed(Vec<Change>),
    /// It left the tactic for others.
    Moved(Vec<TacticName>),
    /// It isn't in the tactic, and gained none for it.
    OutOfTactic,
    /// Revoked for another.
    Replaced(TechniqueId, String),
    /// Taken back, without a replacement.
    Deprecated,
    /// The old release had it; the new one's bundle doesn't.
    Gone,
    /// Neither release's facts have it: a technique of other platforms, or of nobody.
    Unknown,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    Name(String, String),
    /// Tactics lost and gained.
    Tactics(Vec<TacticName>, Vec<TacticName>),
    /// Platforms lost and gained.
    Platforms(Vec<String>, Vec<String>),
}

/// What can be done with an annotation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// It stands there from now on.
    Carry(Vec<Key>),
    /// It stays in the layer as it was, outside of the new matrix.
    Keep,
    /// The upgraded layer goes without it.
    Drop,
}

impl Decision {
    /// Whether somebody should have a look at it: it does not simply stay.
    pub fn is_open(&self) -> bool {
        !matches!(self.fate, Fate::Unchanged | Fate::Changed(_) | Fate::Unknown)
    }
}

/// Works out what becomes of each annotation of a layer that was made on `from`.
///
/// A technique that is in the tactic keeps its annotation. One that left it takes the annotation to the tactics that
/// it gained; so what ATT&CK 19 took from Defense Evasion goes to Stealth or Defense Impairment, each as the bundle has it.
/// One that was revoked takes it to its replacement, in the same tactic or else in those that the replacement has and it
/// had not. In all other cases the annotation is kept as it is.
pub fn upgrade(layer: &Layer, from: &Catalogue, to: &Knowledge, table: &Replacements) -> Upgrade {
    let rules = Rules { from, to, table };
    let written = layer.annotations.iter().filter(|entry| entry.is_written());
    let decisions: Vec<Decision> = written.map(|entry| rules.decide(&entry.key)).collect();
    let said: FxHashSet<&TechniqueId> = decisions.iter().map(|decision| &decision.key.technique).collect();
    let in_scope = to.techniques.iter().filter(|technique| to.in_scope(technique));
    let added = in_scope.filter(|technique| !from.facts.contains_key(&technique.id));
    let added: Vec<(TechniqueId, String)> = added.map(|it| (it.id.clone(), it.name.clone())).collect();
    let mut elsewhere: Vec<(TechniqueId, String, Fate)> = Vec::new();
    for (id, fact) in from.facts.iter().filter(|(id, _)| !said.contains(id)) {
        let key = Key { technique: id.clone(), tactic: None };
        let fate = rules.decide(&key).fate;
        if fate != Fate::Unchanged {
            elsewhere.push((id.clone(), fact.name.clone(), fate));
        }
    }
    order::sort_by(&mut elsewhere, |a, b| a.0.cmp(&b.0));
    Upgrade { from: from.words.clone(), to: to.release.words(), decisions, added, elsewhere }
}

/// The layer upgraded. `chosen` has, for each decision, which of its ways is taken; the proposed one where it says nothing.
///
/// Where several annotations come to one cell, one entry has all of them: what stood there speaks first, then the one of
/// the same technique, then of the same name; comments are joined, and a score or colour that gave way is noted in the metadata.
pub fn upgraded(layer: &Layer, upgrade: &Upgrade, chosen: &[usize], to: &Knowledge) -> Layer {
    let written = layer.annotations.iter().filter(|entry| entry.is_written());
    let mut places: Vec<(Key, Vec<(&Entry, &Decision)>)> = Vec::new();
    let mut at: FxHashMap<Key, usize> = FxHashMap::default();
    for (number, (entry, decision)) in written.zip(&upgrade.decisions).enumerate() {
        for key in taken(decision, chosen.get(number).copied()) {
            let place = *at.entry(key.clone()).or_insert(places.len());
            if place == places.len() {
                places.push((key, Vec::new()));
            }
            places[place].1.push((entry, decision));
        }
    }
    let entries = places.into_iter().map(|(key, mut sources)| {
        let name = to.technique(&key.technique).map_or("", |technique| technique.name.as_str());
        let rank = |(entry, decision): &(&Entry, &Decision)| {
            (entry.key != key, entry.key.technique != key.technique, decision.name != name)
        };
        order::sort_by(&mut sources, |a, b| rank(a).cmp(&rank(b)));
        let mut sources = sources.into_iter().map(|(entry, _)| entry);
        let mut own =
            sources.next().map_or_else(|| Entry::new(key.clone()), |entry| Entry { key: key.clone(), ..entry.clone() });
        for other in sources {
            joined_entry(&mut own, other);
        }
        own
    });
    let mut next = Layer { annotations: entries.collect(), ..layer.clone() };
    next.domain.clone_from(&to.release.domain);
    next.versions.attack = to.release.major();
    next
}

/// Where an annotation stands in the end.
fn taken(decision: &Decision, chosen: Option<usize>) -> Vec<Key> {
    match decision.way(chosen) {
        Way::Carry(keys) => keys.clone(),
        Way::Keep => vec![decision.key.clone()],
        Way::Drop => Vec::new(),
    }
}

impl Decision {
    /// The way that is taken; the proposed one where none, or one that isn't there, was chosen.
    pub fn way(&self, chosen: Option<usize>) -> &Way {
        chosen.and_then(|at| self.ways.get(at)).or_else(|| self.ways.first()).unwrap_or(&Way::Keep)
    }
}

struct Rules<'a> {
    from: &'a Catalogue,
    to: &'a Knowledge,
    table: &'a Replacements,
}

impl Rules<'_> {
    fn decide(&self, key: &Key) -> Decision {
        let old = self.from.facts.get(&key.technique);
        let (fate, mut ways) = match self.to.technique(&key.technique) {
            Some(new) => self.of_live(key, old, &new.id, &new.tactics),
            None => self.of_missing(key, old),
        };
        if !matches!(fate, Fate::Unchanged | Fate::Changed(_)) {
            for way in [Way::Keep, Way::Drop] {
                if !ways.contains(&way) {
                    ways.push(way);
                }
            }
        }
        let new = || self.to.technique(&key.technique).map(|technique| &technique.name);
        let retired = || self.to.retired(&key.technique).map(|retired| &retired.name);
        let name = old.map(|fact| &fact.name).or_else(new).or_else(retired).cloned().unwrap_or_default();
        Decision { key: key.clone(), name, fate, ways }
    }

    fn of_live(&self, key: &Key, old: Option<&Fact>, id: &TechniqueId, tactics: &[TacticName]) -> (Fate, Vec<Way>) {
        if key.tactic.as_ref().is_none_or(|tactic| tactics.contains(tactic)) {
            let changes = old.map(|old| self.changes(old, id)).unwrap_or_default();
            let fate = if changes.is_empty() { Fate::Unchanged } else { Fate::Changed(changes) };
            return (fate, vec![Way::Carry(vec![key.clone()])]);
        }
        let gained = gained(key, old, tactics);
        if gained.is_empty() {
            let mut ways = vec![Way::Keep];
            ways.extend(each_of(id, tactics));
            return (Fate::OutOfTactic, ways);
        }
        let ways = to_all_or_each(id, &gained);
        (Fate::Moved(gained), ways)
    }

    fn of_missing(&self, key: &Key, old: Option<&Fact>) -> (Fate, Vec<Way>) {
        let replaced = self.to.retired(&key.technique).is_some_and(|retired| retired.replaced_by.is_some());
        let Some(new) = self.replacement(&key.technique) else {
            return match (self.to.retired(&key.technique), old) {
                (Some(_), _) if !replaced => (Fate::Deprecated, vec![Way::Keep]),
                (Some(_), _) | (None, Some(_)) => (Fate::Gone, vec![Way::Keep]),
                (None, None) => (Fate::Unknown, vec![Way::Keep]),
            };
        };
        let fate = Fate::Replaced(new.id.clone(), new.name.clone());
        let ways = match &key.tactic {
            None => vec![Way::Carry(vec![Key { technique: new.id.clone(), tactic: None }])],
            Some(tactic) if new.tactics.contains(tactic) => {
                vec![Way::Carry(vec![Key::new(new.id.clone(), tactic.clone())])]
            }
            Some(_) => match gained(key, old, &new.tactics) {
                gained if gained.is_empty() => {
                    let mut ways = vec![Way::Keep];
                    ways.extend(each_of(&new.id, &new.tactics));
                    ways
                }
                gained => to_all_or_each(&new.id, &gained),
            },
        };
        (fate, ways)
    }

    /// The live technique that took a technique's place, however many steps on.
    fn replacement(&self, id: &TechniqueId) -> Option<&Technique> {
        self.to.technique(self.to.replacement_by(id, |id| self.table.of(id))?)
    }

    fn changes(&self, old: &Fact, id: &TechniqueId) -> Vec<Change> {
        let Some(new) = self.to.technique(id) else { return Vec::new() };
        let mut changes = Vec::new();
        if old.name != new.name {
            changes.push(Change::Name(old.name.clone(), new.name.clone()));
        }
        let (lost, gained) = difference(&old.tactics, &new.tactics);
        if !lost.is_empty() || !gained.is_empty() {
            changes.push(Change::Tactics(lost, gained));
        }
        let (lost, gained) = difference(&old.platforms, &new.platforms);
        if !lost.is_empty() || !gained.is_empty() {
            changes.push(Change::Platforms(lost, gained));
        }
        changes
    }
}

fn difference<T: Clone + PartialEq>(old: &[T], new: &[T]) -> (Vec<T>, Vec<T>) {
    let only = |one: &[T], other: &[T]| one.iter().filter(|it| !other.contains(it)).cloned().collect();
    (only(old, new), only(new, old))
}

/// The tactics that a technique has and had not, for the one that it left. None where it never was there, or where nobody
/// knows its past.
fn gained(key: &Key, old: Option<&Fact>, tactics: &[TacticName]) -> Vec<TacticName> {
    let was_there = |old: &&Fact| key.tactic.as_ref().is_some_and(|tactic| old.tactics.contains(tactic));
    old.filter(was_there).map(|old| difference(&old.tactics, tactics).1).unwrap_or_default()
}

fn each_of(id: &TechniqueId, tactics: &[TacticName]) -> Vec<Way> {
    tactics.iter().map(|tactic| Way::Carry(vec![Key::new(id.clone(), tactic.clone())])).collect()
}

fn to_all_or_each(id: &TechniqueId, tactics: &[TacticName]) -> Vec<Way> {
    let mut ways = vec![Way::Carry(tactics.iter().map(|tactic| Key::new(id.clone(), tactic.clone())).collect())];
    if tactics.len() > 1 {
        ways.extend(each_of(id, tactics));
    }
    ways
}
