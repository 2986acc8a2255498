//! Technique ids that ATT&CK has revoked for others since a layer was made: above all those that became sub-techniques.
//! Which id replaced which is a table's to say; when a layer is old enough to be asked about is the caller's choice.

use super::{
    Note,
    notes::{Notes, clipped},
    parts,
};
use crate::attack::{TacticName, TechniqueId, Tier};
use crate::layer::{Entry, Key, Layer, Mark, Marks, Metadata};
use rustc_hash::FxHashMap;
use serde_json::Value;

/// Larger tables are refused. Ours has eight kilobytes.
pub const MAXIMUM_REPLACEMENTS_BYTES: usize = 1024 * 1024;

/// Replacements can be revoked in their turn; ATT&CK's longest chain has two steps. A longer one is taken for a circle.
const MOST_STEPS: usize = 8;

/// Which technique id replaced which: `data/attack-replacements.json`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replacements(FxHashMap<TechniqueId, Replacement>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Replacement {
    id: TechniqueId,
    /// In which the new technique is.
    tactics: Vec<TacticName>,
}

/// Why a table of replacements can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReplacementsError {
    #[error("The table of replaced technique ids is larger than {} MB.", MAXIMUM_REPLACEMENTS_BYTES / 1024 / 1024)]
    TooLarge,
    #[error("The table of replaced technique ids is not one: it has no \"replacements\".")]
    NotATable,
    #[error("The table of replaced technique ids is broken: \"{0}\" has no id and tactics.")]
    Row(String),
}

impl Replacements {
    /// From `{"replacements": {"T1086": ["T1059.001", "execution"]}}`: the new id, then its tactics.
    ///
    /// # Errors
    /// When it is anything else.
    pub fn read(bytes: &[u8]) -> Result<Self, ReplacementsError> {
        if bytes.len() > MAXIMUM_REPLACEMENTS_BYTES {
            return Err(ReplacementsError::TooLarge);
        }
        let table: Value = serde_json::from_slice(bytes).map_err(|_| ReplacementsError::NotATable)?;
        let rows = table.get("replacements").and_then(Value::as_object).ok_or(ReplacementsError::NotATable)?;
        let row = |(old, row): (&String, &Value)| {
            let read = || {
                let (id, tactics) = row.as_array()?.split_first()?;
                let tactics = tactics.iter().map(|name| TacticName::parse(name.as_str()?).ok()).collect::<Option<_>>();
                let id = TechniqueId::parse(id.as_str()?).ok()?;
                Some((TechniqueId::parse(old).ok()?, Replacement { id, tactics: tactics? }))
            };
            read().ok_or_else(|| ReplacementsError::Row(clipped(old)))
        };
        rows.iter().map(row).collect::<Result<_, _>>().map(Self)
    }

    /// The id that replaced a technique, in whatever tactics.
    pub fn of(&self, id: &TechniqueId) -> Option<&TechniqueId> {
        self.0.get(id).map(|new| &new.id)
    }

    /// The id that a technique has today, as far as its replacements are in the entry's tactic.
    fn newer(&self, key: &Key) -> Option<&TechniqueId> {
        let next = |id: &TechniqueId| {
            let fits = |new: &&Replacement| key.tactic.as_ref().is_none_or(|tactic| new.tactics.contains(tactic));
            self.0.get(id).filter(fits).map(|new| &new.id)
        };
        std::iter::successors(next(&key.technique), |id| next(id))
            .take(MOST_STEPS)
            .last()
            .filter(|id| next(id).is_none())
    }
}

/// Gives techniques the ids that replaced theirs, as the official `update-layers.py` did for format 3.0: an entry whose
/// tactic the new technique isn't in stays as it is. Entries without a tactic must not have been spread yet.
///
/// Where the new id is annotated too, one entry has both: the new one's own values go first, comments are joined, and a
/// score or colour that gave way is noted in the metadata.
pub fn replace_revoked(layer: &mut Layer, table: &Replacements) -> Vec<Note> {
    let mut notes = Notes::default();
    let mut replaced: Vec<String> = Vec::new();
    for Entry { key, .. } in layer.annotations.iter() {
        if table.0.contains_key(&key.technique) && table.newer(key).is_none() {
            let what = "ATT&CK has replaced this technique, but not in this tactic; it was left as it is";
            notes.add(&key.technique, what);
        }
    }
    let mut entries: Vec<Entry> = layer.annotations.iter().cloned().collect();
    let mut at = 0;
    while let Some(entry) = entries.get(at) {
        let Some(new) = table.newer(&entry.key) else {
            at += 1;
            continue;
        };
        let pair = format!("{} by {new}", entry.key.technique);
        if !replaced.contains(&pair) {
            replaced.push(pair);
        }
        let old = entries.remove(at);
        if put(&mut entries, at, old, new) {
            let what = "it was annotated under an older id as well; both are one entry now, its own values first";
            notes.add(new, what);
        }
    }
    if !replaced.is_empty() {
        let pairs = replaced.join(", ");
        let what = format!("Technique ids that ATT&CK has replaced since ({}): {pairs}.", replaced.len());
        notes.add(&"", what);
        layer.annotations = entries.into_iter().collect();
    }
    notes.into_list()
}

/// Puts an entry among the others under its new id; whether it was joined with one that is there.
fn put(entries: &mut Vec<Entry>, at: usize, old: Entry, new: &TechniqueId) -> bool {
    let key = Key { technique: new.clone(), tactic: old.key.tactic.clone() };
    let about = |entry: &&mut Entry| entry.key.technique == *new;
    if key.tactic.is_none() {
        let (mut joined, mut speaks_for_all) = (false, false);
        for own in entries.iter_mut().filter(about) {
            join(own, &old);
            joined = true;
            speaks_for_all |= own.key.tactic.is_none();
        }
        if !speaks_for_all {
            // Before those that name a tactic: when it is spread, the later one counts.
            entries.insert(if joined { 0 } else { at }, Entry { key, ..old });
        }
        return joined;
    }
    if let Some(own) = entries.iter_mut().find(|entry| entry.key == key) {
        join(own, &old);
        return true;
    }
    match entries.iter().find(|entry| entry.key.technique == *new && entry.key.tactic.is_none()) {
        Some(general) => {
            // After the one that speaks for all tactics, and with what that says of this one.
            let mut own = Entry { key, ..general.clone() };
            join(&mut own, &old);
            entries.push(own);
            true
        }
        None => {
            entries.insert(at, Entry { key, ..old });
            false
        }
    }
}

/// Adds what an entry says to another's, tier by tier where one of them tells tiers apart: its own values go first, and
/// what gives way is noted in the metadata.
pub fn join(own: &mut Entry, old: &Entry) {
    let rows = if !own.marks.is_annotated() {
        own.marks = old.marks.clone();
        Vec::new()
    } else if let (Marks::Together(mine), Marks::Together(theirs)) = (&own.marks, &old.marks) {
        let rows = given_way(mine, theirs, old.key.technique.as_str());
        own.marks = own.marks.changed(None, |mark| fill(mark, theirs));
        rows
    } else {
        let mine = own.marks.clone();
        let joined = |tier: Tier| {
            let mut mark = mine.of(tier).clone();
            fill(&mut mark, old.marks.of(tier));
            mark
        };
        own.marks = Marks::by_tier(joined(Tier::Orchestration), joined(Tier::Container));
        let of = |tier: Tier| {
            given_way(mine.of(tier), old.marks.of(tier), &format!("{} {}", old.key.technique, tier.word()))
        };
        Tier::ALL.into_iter().flat_map(of).collect()
    };
    *own = parts::both(own.clone(), old.clone());
    own.metadata.extend(rows);
}

fn fill(mark: &mut Mark, theirs: &Mark) {
    mark.score = mark.score.or(theirs.score);
    mark.color = mark.color.take().or_else(|| theirs.color.clone());
    if mark.comment.is_empty() {
        mark.comment.clone_from(&theirs.comment);
    } else if !theirs.comment.is_empty() && mark.comment != theirs.comment {
        mark.comment.push('\n');
        mark.comment.push_str(&theirs.comment);
    }
}

/// Rows that say what the older id's entry had otherwise.
fn given_way(mine: &Mark, theirs: &Mark, old: &str) -> Vec<Metadata> {
    let row = |field: &str, value: String| Metadata::new(format!("{old} {field}"), value);
    let score = theirs.score.filter(|score| mine.score.is_some_and(|mine| mine != *score));
    let score = score.map(|score| row("score", score.to_json().to_string()));
    let color = theirs.color.as_ref().filter(|color| mine.color.as_ref().is_some_and(|mine| mine != *color));
    let color = color.map(|color| row("color", color.as_str().to_owned()));
    let disabled = (mine.enabled && !theirs.enabled).then(|| row("enabled", "no".to_owned()));
    [score, color, disabled].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layer::{read, write};
    use serde_json::json;

    fn table() -> Replacements {
        let table = json!({ "replacements": {
            "T1086": ["T1059.001", "execution"],
            "T1168": ["T1053", "execution", "persistence", "privilege-escalation"],
            "T1089": ["T1562.001", "defense-evasion"],
            "T1562.001": ["T1685", "defense-impairment"],
            "T1150": ["T1647", "defense-evasion"],
            "T1162": ["T1647", "defense-evasion"],
            "T8": ["T9"],
            "T9": ["T8"],
        }});
        Replacements::read(table.to_string().as_bytes()).unwrap()
    }

    /// What a list of techniques becomes, and what is told.
    fn replaced(techniques: &Value) -> (Value, Vec<String>) {
        let text = json!({ "version": "2.0", "domain": "mitre-enterprise", "techniques": techniques }).to_string();
        let mut layer = read(text.as_bytes()).unwrap().layers.remove(0);
        let notes = replace_revoked(&mut layer, &table()).iter().map(Note::to_string).collect();
        let written: Value = serde_json::from_str(&write(&layer, &[])).unwrap();
        let silent = |value: &Value| *value == json!("") || *value == json!([]) || *value == json!(false);
        let said = written["techniques"].as_array().unwrap().iter().map(|entry| {
            let fields = entry.as_object().unwrap().iter();
            let said = fields.filter(|(key, value)| match key.as_str() {
                "enabled" => **value == json!(false),
                _ => !silent(value),
            });
            Value::Object(said.map(|(key, value)| (key.clone(), value.clone())).collect())
        });
        (said.collect(), notes)
    }

    #[test]
    fn ids_are_replaced_where_the_tactic_allows_it() {
        let left = "ATT&CK has replaced this technique, but not in this tactic; it was left as it is";
        let since = |count: usize, pairs: &str| {
            vec![format!("Technique ids that ATT&CK has replaced since ({count}): {pairs}.")]
        };
        let cases = [
            ("T1086", None, "T1059.001", since(1, "T1086 by T1059.001")),
            ("T1086", Some("execution"), "T1059.001", since(1, "T1086 by T1059.001")),
            ("T1086", Some("impact"), "T1086", vec![format!("T1086: {left}")]),
            ("T1610", Some("execution"), "T1610", vec![]),
            // As far along the chain as the tactic is there.
            ("T1089", None, "T1685", since(1, "T1089 by T1685")),
            ("T1089", Some("defense-evasion"), "T1562.001", since(1, "T1089 by T1562.001")),
            ("T1562.001", Some("defense-evasion"), "T1562.001", vec![format!("T1562.001: {left}")]),
        ];
        for (old, tactic, new, expected) in cases {
            let entry = |id| match tactic {
                Some(tactic) => json!([{ "techniqueID": id, "tactic": tactic, "score": 5 }]),
                None => json!([{ "techniqueID": id, "score": 5 }]),
            };
            assert_eq!(replaced(&entry(old)), (entry(new), expected), "{old} {tactic:?}");
        }
        let both = json!([{ "techniqueID": "T1168", "score": 1 }, { "techniqueID": "T1086", "score": 2 }]);
        assert_eq!(replaced(&both).1, since(2, "T1168 by T1053, T1086 by T1059.001"));
    }

    #[test]
    fn a_circle_in_the_table_replaces_nothing() {
        let entry = json!([{ "techniqueID": "T8", "score": 1 }]);
        assert_eq!(replaced(&entry).0, entry);
    }

    #[test]
    fn what_two_ids_said_is_one_entry_and_nothing_is_lost() {
        let joined = "it was annotated under an older id as well; both are one entry now, its own values first";
        let own = json!({ "techniqueID": "T1059.001", "tactic": "execution", "score": 7, "comment": "own" });
        let with = |entry: &Value, more: Value| {
            let mut entry = entry.clone();
            entry.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            entry
        };
        let cases = [
            // The own values first; the rest is filled from the other; comments are joined.
            (
                json!([{ "techniqueID": "T1086", "tactic": "execution", "score": 3, "color": "#ff0000", "comment": "old",
                    "enabled": false, "links": [{ "label": "a", "url": "https://example.org" }] }, own]),
                json!([with(
                    &own,
                    json!({ "color": "#ff0000", "comment": "own\nold",
                    "metadata": [{ "name": "T1086 score", "value": "3" }, { "name": "T1086 enabled", "value": "no" }],
                    "links": [{ "label": "a", "url": "https://example.org" }] })
                )]),
            ),
            // An entry for all tactics is for the others still, and comes before the one that names its tactic.
            (
                json!([own, { "techniqueID": "T1086", "color": "red" }]),
                json!([{ "techniqueID": "T1059.001", "color": "red" }, with(&own, json!({ "color": "red" }))]),
            ),
            (
                json!([{ "techniqueID": "T1086", "tactic": "execution", "color": "red" },
                    { "techniqueID": "T1059.001", "score": 1 }]),
                json!([{ "techniqueID": "T1059.001", "score": 1 },
                    { "techniqueID": "T1059.001", "tactic": "execution", "score": 1, "color": "red" }]),
            ),
            // Two older ids of one technique.
            (
                json!([{ "techniqueID": "T1150", "comment": "a" }, { "techniqueID": "T1162", "comment": "b" }]),
                json!([{ "techniqueID": "T1647", "comment": "a\nb" }]),
            ),
            (
                json!([{ "techniqueID": "T1150", "comment": "a", "color": "red" },
                    { "techniqueID": "T1162", "comment": "a", "color": "blue" }]),
                json!([{ "techniqueID": "T1647", "color": "red", "comment": "a",
                    "metadata": [{ "name": "T1162 color", "value": "blue" }] }]),
            ),
            // What only had its sub-techniques open says nothing of its own.
            (
                json!([{ "techniqueID": "T1053", "showSubtechniques": true },
                    { "techniqueID": "T1168", "enabled": false }]),
                json!([{ "techniqueID": "T1053", "enabled": false, "showSubtechniques": true }]),
            ),
        ];
        for (before, after) in cases {
            let (said, notes) = replaced(&before);
            let sorted = |value: &Value| -> Vec<Value> {
                let canonical = |entry: &Value| {
                    let fields: std::collections::BTreeMap<_, _> = entry.as_object().unwrap().iter().collect();
                    json!(fields)
                };
                value.as_array().unwrap().iter().map(canonical).collect()
            };
            assert_eq!(sorted(&said), sorted(&after), "{before}");
            assert!(notes.iter().any(|note| note.ends_with(joined)), "{before}: {notes:?}");
        }
    }

    #[test]
    fn a_table_that_is_none_is_refused() {
        let row = |old: &str| ReplacementsError::Row(old.to_owned());
        let cases = [
            ("", ReplacementsError::NotATable),
            ("[]", ReplacementsError::NotATable),
            ("{\"replacements\": []}", ReplacementsError::NotATable),
            ("{\"replacements\": {\"T1\": \"T2\"}}", row("T1")),
            ("{\"replacements\": {\"T1\": []}}", row("T1")),
            ("{\"replacements\": {\"T1\": [\"<b>\"]}}", row("T1")),
            ("{\"replacements\": {\"T1\": [\"T2\", 5]}}", row("T1")),
            ("{\"replacements\": {\"\": [\"T2\"]}}", row("")),
        ];
        for (text, error) in cases {
            assert_eq!(Replacements::read(text.as_bytes()), Err(error), "{text}");
        }
        let large = vec![b' '; MAXIMUM_REPLACEMENTS_BYTES + 1];
        assert_eq!(Replacements::read(&large), Err(ReplacementsError::TooLarge));
    }
}
