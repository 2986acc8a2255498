//! What this program knows and the layer format doesn't (tiers' marks, representation) as rows of metadata, which
//! the official Navigator and mitreattack-python take and give back. What they mean for cells is `mark`'s.

use super::notes::Notes;
use crate::attack::Tier;
use crate::layer::{
    Color, Combine, Display, Entry, Layer, MOST_SNAPSHOT_BYTES, MOST_SNAPSHOTS, Mark, Marks, Metadata, Representation,
    Score, Snapshot, TierScoring,
};

/// What every such row's name starts with.
const PREFIX: &str = "bulkhead:";

const REPRESENTATION: &str = "representation";
const TIERS: &str = "tiers";
const PRIMARY_ONLY: &str = "primary-only";
const SNAPSHOT: &str = "snapshot";
const EMPTY_TACTICS: &str = "empty-tactics";
const YES: &str = "yes";
const NO: &str = "no";

/// `separately, weakest`.
const SEPARATELY: &str = "separately, ";

/// The rows that a layer's settings need; those that are as usual need none.
pub(super) fn settings(layer: &Layer) -> Vec<Metadata> {
    let display = &layer.display;
    let representation =
        (display.representation != Representation::Unified).then(|| row(REPRESENTATION, display.representation.word()));
    let tiers = scoring(layer).map(|combine| row(TIERS, &format!("{SEPARATELY}{}", combine.word())));
    let primary_only = display.primary_only.then(|| row(PRIMARY_ONLY, YES));
    let empty_tactics = display.empty_tactics.then(|| row(EMPTY_TACTICS, YES));
    [representation, tiers, primary_only, empty_tactics].into_iter().flatten().collect()
}

/// The rows of a layer's snapshots.
pub(super) fn snapshots(layer: &Layer) -> impl Iterator<Item = Metadata> {
    layer.snapshots.iter().map(|snapshot| row(SNAPSHOT, snapshot.text()))
}

/// Whether a row is meant for a snapshot, whatever it says.
pub(super) fn is_snapshot(item: &Metadata) -> bool {
    own(item).is_some_and(|(name, _)| name == SNAPSHOT)
}

/// Takes them out of a layer's metadata. What is no snapshot stays there; of what is too much, the last count, since what
/// stays is written before them.
pub(super) fn take_snapshots(metadata: &mut Vec<Metadata>) -> Vec<Snapshot> {
    let mut snapshots: Vec<Snapshot> = Vec::new();
    let mut bytes = 0;
    take_from_the_end(metadata, |name, text| {
        let Some(snapshot) = (name == SNAPSHOT).then(|| Snapshot::from_text(text)).flatten() else { return false };
        bytes += text.len();
        let fits = snapshots.len() < MOST_SNAPSHOTS && bytes <= MOST_SNAPSHOT_BYTES;
        if fits {
            snapshots.push(snapshot);
        }
        fits
    });
    snapshots.reverse();
    snapshots
}

/// Removes those of this program's own rows that `take` takes; it is asked from the last one to the first.
pub(super) fn take_from_the_end(metadata: &mut Vec<Metadata>, mut take: impl FnMut(&str, &str) -> bool) {
    metadata.reverse();
    metadata.retain(|item| !own(item).is_some_and(|(name, value)| take(name, value)));
    metadata.reverse();
}

/// How a layer combines its tiers' scores, where it has such.
fn scoring(layer: &Layer) -> Option<Combine> {
    let by_tier = |entry: &Entry| matches!(entry.marks, Marks::ByTier { .. });
    match layer.tier_scoring {
        TierScoring::Separately(combine) => Some(combine),
        TierScoring::Together => layer.annotations.iter().any(by_tier).then(Combine::default),
    }
}

/// Takes the rows of [`settings`] out of a layer's metadata. Rows that don't say what they should stay.
pub(super) fn take_settings(metadata: &mut Vec<Metadata>, display: &mut Display, scoring: &mut TierScoring) {
    metadata.retain(|item| !own(item).is_some_and(|(name, value)| take_setting(name, value, display, scoring)));
}

/// Whether it could be used.
fn take_setting(name: &str, value: &str, display: &mut Display, scoring: &mut TierScoring) -> bool {
    let combine = || value.strip_prefix(SEPARATELY).and_then(Combine::from_word);
    match name {
        REPRESENTATION => set(&mut display.representation, Representation::from_word(value)),
        TIERS => set(scoring, combine().map(TierScoring::Separately)),
        PRIMARY_ONLY => set(&mut display.primary_only, (value == YES).then_some(true)),
        EMPTY_TACTICS => set(&mut display.empty_tactics, (value == YES).then_some(true)),
        _ => false,
    }
}

fn set<T>(place: &mut T, value: Option<T>) -> bool {
    let usable = value.is_some();
    if let Some(value) = value {
        *place = value;
    }
    usable
}

/// The rows that tiers' marks need, beside the plain values that stand for both tiers.
pub(super) fn rows(marks: &Marks) -> Vec<Metadata> {
    match marks {
        Marks::Together(_) => Vec::new(),
        Marks::ByTier { orchestration, container } => {
            let mut rows = rows_of(Tier::Orchestration, orchestration);
            rows.extend(rows_of(Tier::Container, container));
            rows
        }
    }
}

/// The rows for one tier's mark; none for what is as usual.
pub(super) fn rows_of(tier: Tier, mark: &Mark) -> Vec<Metadata> {
    let row = |field: &str, value: &str| row(&format!("{}:{field}", tier.word()), value);
    let score = mark.score.map(|score| row("score", &score.to_json().to_string()));
    let color = mark.color.as_ref().map(|color| row("color", color.as_str()));
    let comment = (!mark.comment.is_empty()).then(|| row("comment", &mark.comment));
    let enabled = (!mark.enabled).then(|| row("enabled", NO));
    [score, color, comment, enabled].into_iter().flatten().collect()
}

/// Takes the rows of [`rows`] out of an entry that was just read, and gives it the tiers' marks.
///
/// Where the entry's plain values aren't what the tiers' combine to, another tool has changed them: they win.
pub(super) fn take_marks(entry: &mut Entry, scoring: &mut TierScoring, notes: &mut Notes) {
    if !entry.metadata.iter().any(|item| own(item).is_some()) || is_of_other_tier(entry) {
        return;
    }
    let (taken, [orchestration, container]) = take_rows(&mut entry.metadata);
    if !taken {
        return;
    }
    let combine = scoring.combine();
    let marks = Marks::by_tier(orchestration, container);
    let Marks::Together(plain) = &entry.marks else { return };
    if is_same(plain, &marks.combined(combine)) {
        *scoring = TierScoring::Separately(combine);
        entry.marks = marks;
    } else {
        let what = "it was changed by a tool that doesn't know tiers; what that tool wrote counts for both tiers";
        notes.add(&entry.key.technique, what);
    }
}

/// Takes the rows of both tiers out of metadata, if there are any. Rows that don't say what they should stay.
pub(super) fn take_rows(metadata: &mut Vec<Metadata>) -> (bool, [Mark; 2]) {
    let before = metadata.len();
    let mut marks = [Mark::default(), Mark::default()];
    metadata.retain(|item| {
        let Some((name, value)) = own(item) else { return true };
        let Some((tier, field)) = name.split_once(':') else { return true };
        let [orchestration, container] = &mut marks;
        let mark = match Tier::from_word(tier) {
            Some(Tier::Orchestration) => orchestration,
            Some(Tier::Container) => container,
            None => return true,
        };
        !match field {
            "score" => set(&mut mark.score, Score::parse(value).map(Some)),
            "color" => set(&mut mark.color, Color::parse(value).ok().map(Some)),
            "comment" => set(&mut mark.comment, (!value.is_empty()).then(|| value.to_owned())),
            "enabled" => set(&mut mark.enabled, (value == NO).then_some(false)),
            _ => false,
        }
    });
    (metadata.len() < before, marks)
}

/// A row of this program's own.
pub(super) fn row(name: &str, value: &str) -> Metadata {
    Metadata::new(format!("{PREFIX}{name}"), value)
}

/// The name, without the prefix, and the value of a row of this program's own.
pub(super) fn own(item: &Metadata) -> Option<(&str, &str)> {
    match item {
        Metadata::Item { name, value, kept } if kept.is_empty() => Some((name.strip_prefix(PREFIX)?, value)),
        _ => None,
    }
}

/// Whether an entry is in a part only because the other part's tier has the technique: `parts` joins it.
pub(super) fn is_of_other_tier(entry: &Entry) -> bool {
    entry.metadata.iter().any(|item| own(item).is_some_and(|(name, _)| name == super::parts::OTHER_TIER))
}

/// Whether a file's plain mark is the combined one. Scores may differ by what writing and reading numbers does.
fn is_same(plain: &Mark, combined: &Mark) -> bool {
    let near = match (plain.score.map(Score::value), combined.score.map(Score::value)) {
        (Some(one), Some(other)) => one == other || ((one - other) / one.abs().max(other.abs())).abs() < 1e-12,
        (one, other) => one == other,
    };
    let rest = |mark: &Mark| Mark { score: None, ..mark.clone() };
    near && rest(plain) == rest(combined)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attack::{TacticName, TechniqueId};
    use crate::layer::{Key, read, write};
    use serde_json::{Value, json};

    fn key() -> Key {
        Key::new(TechniqueId::parse("T1610").unwrap(), TacticName::parse("execution").unwrap())
    }

    fn mark(score: f64, comment: &str) -> Mark {
        Mark { score: Score::new(score), comment: comment.to_owned(), ..Mark::default() }
    }

    fn layer(combine: Combine) -> Layer {
        let mut layer = Layer::new("layer", "enterprise-attack", Some("19"), Vec::new());
        layer.tier_scoring = TierScoring::Separately(combine);
        layer.annotations = [Entry {
            marks: Marks::by_tier(mark(70.0, "two\nlines"), mark(12.5, "")),
            metadata: vec![Metadata::new("owner", "platform team")],
            ..Entry::new(key())
        }]
        .into_iter()
        .collect();
        layer
    }

    fn marks(layer: &Layer) -> &Marks {
        &layer.annotations.get(&key()).unwrap().marks
    }

    #[test]
    fn other_tools_see_the_combined_score_and_ordinary_metadata() {
        for (combine, score) in
            [(Combine::Weakest, json!(12.5)), (Combine::Highest, json!(70)), (Combine::Average, json!(41.25))]
        {
            let written: Value = serde_json::from_str(&write(&layer(combine), &[])).unwrap();
            let entry = &written["techniques"][0];
            assert_eq!(entry["score"], score);
            assert_eq!(entry["comment"], "Orchestration: two\nlines");
            let expected = json!([
                { "name": "owner", "value": "platform team" },
                { "name": "bulkhead:orchestration:score", "value": "70" },
                { "name": "bulkhead:orchestration:comment", "value": "two\nlines" },
                { "name": "bulkhead:container:score", "value": "12.5" },
            ]);
            assert_eq!(entry["metadata"], expected);
            let tiers = format!("separately, {}", combine.word());
            assert_eq!(written["metadata"], json!([{ "name": "bulkhead:tiers", "value": tiers }]));
        }
    }

    /// What another tool may do to a file, and what is read then.
    #[test]
    fn what_another_tool_changed_counts() {
        let tiers = layer(Combine::Weakest);
        let plain = |mark: Mark| Marks::Together(mark);
        let comment = "Orchestration: two\nlines";
        let cases: [(&str, Value, Marks, usize); 5] = [
            ("/techniques/0/score", json!(12.5), marks(&tiers).clone(), 0),
            ("/techniques/0/score", json!(99), plain(mark(99.0, comment)), 1),
            ("/techniques/0/comment", json!("new"), plain(mark(12.5, "new")), 1),
            ("/techniques/0/enabled", json!(false), plain(Mark { enabled: false, ..mark(12.5, comment) }), 1),
            // The layer's own rows are gone: the usual rule is the one that was used.
            ("/metadata", json!([]), marks(&tiers).clone(), 0),
        ];
        for (pointer, value, expected, notes) in cases {
            let mut written: Value = serde_json::from_str(&write(&tiers, &[])).unwrap();
            *written.pointer_mut(pointer).unwrap() = value;
            let opened = read(written.to_string().as_bytes()).unwrap();
            assert_eq!(marks(&opened.layers[0]), &expected, "{pointer}");
            assert_eq!(opened.notes.len(), notes, "{pointer}");
            assert!(opened.notes.iter().all(|note| note.to_string().starts_with("T1610: ")));
            let metadata = &opened.layers[0].annotations.get(&key()).unwrap().metadata;
            assert_eq!(metadata, &[Metadata::new("owner", "platform team")], "{pointer}");
            assert_eq!(opened.layers[0].tier_scoring, TierScoring::Separately(Combine::Weakest));
        }
    }

    #[test]
    fn of_too_many_snapshots_the_last_count_and_the_rest_stays_where_it_is() {
        let read_again = |layer: &Layer| read(write(layer, &[]).as_bytes()).unwrap().layers.remove(0);
        let many: Vec<String> = (0..MOST_SNAPSHOTS + 3).map(|at| format!("2026-09-30 Q{at}\n{{}}")).collect();
        let large: Vec<String> =
            (0..4).map(|at| format!("2026-09-30 Q{at}\n{{{}}}", " ".repeat(MOST_SNAPSHOT_BYTES / 3))).collect();
        for (texts, stay) in [(many, 3), (large, 2)] {
            let rows: Vec<Metadata> = texts.iter().map(|text| row(SNAPSHOT, text)).collect();
            let mut written = Layer::new("layer", "enterprise-attack", None, Vec::new());
            written.metadata.clone_from(&rows);
            let once = read_again(&written);
            let texts_of_once: Vec<&str> = once.snapshots.iter().map(Snapshot::text).collect();
            assert_eq!(texts_of_once, texts[stay..]);
            assert_eq!(once.metadata, rows[..stay]);
            assert_eq!(read_again(&once), once);
        }
    }

    #[test]
    fn rows_that_do_not_say_what_they_should_are_ordinary_metadata() {
        let odd = [
            ("bulkhead:container:score", "high"),
            ("bulkhead:container:color", "bluish"),
            ("bulkhead:container:enabled", "maybe"),
            ("bulkhead:cloud:score", "5"),
            ("bulkhead:container:size", "5"),
            ("bulkhead:something", "x"),
        ];
        let odd: Vec<Metadata> = odd.map(|(name, value)| Metadata::new(name, value)).to_vec();
        let mut layer = Layer::new("layer", "enterprise-attack", None, Vec::new());
        layer.display = Display::default();
        layer.annotations.change(&key(), |entry| entry.metadata.clone_from(&odd));
        layer.metadata = vec![row(REPRESENTATION, "round"), row(TIERS, "together"), row(PRIMARY_ONLY, "no")];
        let opened = read(write(&layer, &[]).as_bytes()).unwrap();
        assert_eq!(opened.layers, [layer]);
        assert_eq!(opened.notes, []);
    }

    /// An edit never leaves it so, but the fields of a layer are free.
    #[test]
    fn tiers_marks_in_a_layer_scored_together_are_not_lost() {
        let mut odd = layer(Combine::Weakest);
        odd.tier_scoring = TierScoring::Together;
        let opened = read(write(&odd, &[]).as_bytes()).unwrap();
        assert_eq!(
            opened.layers,
            [layer(Combine::Weakest)].map(|layer| Layer { display: odd.display.clone(), ..layer })
        );
    }
}
