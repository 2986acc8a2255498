//! A layer as one file with two layers, one for each tier, that the official Navigator opens as two tabs; and the two
//! made one again. Which techniques are in which tier is told by the caller: a layer doesn't know.

use super::{Format, notes::Notes, tiers, write::Written};
use crate::attack::{Tier, TierSet};
use crate::layer::{Annotations, Display, Entry, Key, Layer, Mark, Marks, Metadata};
use rustc_hash::FxHashMap;

/// Where a technique stands in the bundle's matrix, and in which tiers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement {
    pub key: Key,
    pub tiers: TierSet,
}

const PART: &str = "part";
const NAME: &str = "name";
const HIDE_DISABLED: &str = "hide-disabled";

/// The row of an entry that is in a part only to be hidden there: `yes`, or `separately` where the layer says
/// something of its own of the tier in which the technique isn't.
pub(super) const OTHER_TIER: &str = "other-tier";
const YES: &str = "yes";
const SEPARATELY: &str = "separately";
const NO: &str = "no";

/// The layer in two, orchestration and container, as a list in one line. `placements` are all of the matrix, in its
/// order; entries elsewhere are in both parts. [`read`](super::read) makes one layer of them again.
pub fn write_parts(layer: &Layer, placements: &[Placement]) -> String {
    let parts = Tier::ALL.map(|tier| part(layer, placements, tier));
    let written: Vec<Written<'_>> = parts.iter().map(Written::whole).collect();
    serde_json::to_string(&written).unwrap_or_default()
}

fn part(layer: &Layer, placements: &[Placement], tier: Tier) -> Layer {
    let tiers: FxHashMap<&Key, TierSet> = placements.iter().map(|place| (&place.key, place.tiers)).collect();
    let is_elsewhere = |key: &Key| tiers.get(key).is_some_and(|tiers| !tiers.contains(tier));
    let order: Vec<Key> = placements.iter().map(|place| place.key.clone()).collect();
    let said = Written::new(layer, &order).entries().into_iter();
    let said = said.map(|entry| if is_elsewhere(&entry.key) { hidden(entry, tier) } else { of_tier(entry, tier) });
    let silent = |key: &Key| !layer.annotations.get(key).is_some_and(Entry::is_written);
    let unsaid = placements.iter().filter(|place| !place.tiers.contains(tier) && silent(&place.key));
    let unsaid = unsaid.map(|place| hidden(&Entry::new(place.key.clone()), tier));
    let mut metadata = layer.metadata.clone();
    metadata.push(tiers::row(PART, tier.word()));
    if !layer.name.is_empty() {
        metadata.push(tiers::row(NAME, &layer.name));
    }
    if !layer.display.hide_disabled {
        metadata.push(tiers::row(HIDE_DISABLED, NO));
    }
    Layer {
        name: format!("{} ({})", layer.name, tier.word()),
        display: Display { hide_disabled: true, ..layer.display.clone() },
        metadata,
        annotations: said.chain(unsaid).collect(),
        ..layer.clone()
    }
}

fn of_tier(entry: &Entry, tier: Tier) -> Entry {
    Entry { marks: Marks::Together(entry.marks.of(tier).clone()), ..entry.clone() }
}

fn hidden(entry: &Entry, tier: Tier) -> Entry {
    let mut metadata = Vec::new();
    if let Marks::ByTier { .. } = entry.marks {
        metadata.push(tiers::row(OTHER_TIER, SEPARATELY));
        metadata.extend(tiers::rows_of(tier, entry.marks.of(tier)));
    } else {
        metadata.push(tiers::row(OTHER_TIER, YES));
    }
    Entry { marks: Marks::Together(hidden_mark()), metadata, ..Entry::new(entry.key.clone()) }
}

/// Makes one layer of each two parts of one name; it stands where the first of them stood.
pub(super) fn joined(layers: Vec<(Layer, Format)>, notes: &mut Notes) -> Vec<(Layer, Format)> {
    let mut joined: Vec<(Layer, Format)> = Vec::with_capacity(layers.len());
    let mut open: FxHashMap<(Tier, String), Vec<usize>> = FxHashMap::default();
    for (layer, format) in layers {
        let Some((tier, name)) = identity(&layer) else {
            joined.push((layer, format));
            continue;
        };
        let other = open
            .get_mut(&(tier.other(), name.clone()))
            .and_then(|places| if places.is_empty() { None } else { Some(places.remove(0)) });
        match other.and_then(|at| joined.get_mut(at)) {
            Some((place, _)) => {
                let first = place.clone();
                let (orchestration, container) = if tier == Tier::Container { (first, layer) } else { (layer, first) };
                *place = whole(name, orchestration, container, notes);
            }
            None => {
                open.entry((tier, name)).or_default().push(joined.len());
                joined.push((layer, format));
            }
        }
    }
    joined
}

/// Where the rows begin that make a layer a part. What stands before them is the whole's, also where the whole was once
/// a part itself.
fn rows_at(metadata: &[Metadata]) -> Option<(usize, Tier)> {
    let tier = |item| tiers::own(item).filter(|(name, _)| *name == PART).and_then(|(_, word)| Tier::from_word(word));
    metadata.iter().enumerate().rev().find_map(|(at, item)| Some((at, tier(item)?)))
}

/// Which part of which layer a layer is, if it is one.
fn identity(layer: &Layer) -> Option<(Tier, String)> {
    let (at, tier) = rows_at(&layer.metadata)?;
    let name = layer.metadata[at..].iter().filter_map(tiers::own).find(|(name, _)| *name == NAME);
    Some((tier, name.map_or_else(String::new, |(_, name)| name.to_owned())))
}

fn whole(name: String, orchestration: Layer, container: Layer, notes: &mut Notes) -> Layer {
    let (orchestration_entries, orchestration) = apart(name.clone(), orchestration);
    let (container_entries, container) = apart(name, container);
    if orchestration != container {
        let what = "its two parts differ in more than techniques; what the orchestration part says was taken";
        notes.add(&orchestration.name, what);
    }
    Layer { annotations: annotations(&orchestration_entries, &container_entries), ..orchestration }
}

/// A part's annotations, and the rest as it is in the whole.
fn apart(name: String, mut part: Layer) -> (Annotations, Layer) {
    let mut rows = part.metadata.split_off(rows_at(&part.metadata).map_or(part.metadata.len(), |(at, _)| at));
    part.display.hide_disabled &= !rows.iter().any(|item| tiers::own(item) == Some((HIDE_DISABLED, NO)));
    rows.retain(|item| !tiers::own(item).is_some_and(|(name, _)| matches!(name, PART | NAME | HIDE_DISABLED)));
    part.metadata.append(&mut rows);
    let annotations = std::mem::take(&mut part.annotations);
    (annotations, Layer { name, ..part })
}

fn annotations(orchestration: &Annotations, container: &Annotations) -> Annotations {
    let first = orchestration.iter().map(|entry| (Some(entry), container.get(&entry.key)));
    let rest = container.iter().filter(|entry| orchestration.get(&entry.key).is_none());
    let rest = rest.map(|entry| (None, Some(entry)));
    first.chain(rest).filter_map(|(one, other)| entry(one, other)).collect()
}

/// What one part says of its tier: a mark, or nothing that isn't the other's to say.
#[allow(clippy::large_enum_variant)]
enum Side {
    Said(Entry, Mark),
    /// Hidden, because the technique isn't in this tier; with the mark that it has here nevertheless.
    Hidden(Key, Option<Mark>),
    Missing,
}

fn side(entry: Option<&Entry>, tier: Tier) -> Side {
    let Some(entry) = entry else { return Side::Missing };
    let marker = entry.metadata.iter().filter_map(tiers::own).find(|(name, _)| *name == OTHER_TIER);
    let separately = marker.map(|(_, value)| value == SEPARATELY);
    let mut said = entry.clone();
    let plain = said.marks.of(tier).clone();
    let Some(separately) = separately else { return Side::Said(said, plain) };
    said.metadata.retain(|item| tiers::own(item).is_none_or(|(name, _)| name != OTHER_TIER));
    let (_, [orchestration, container]) = tiers::take_rows(&mut said.metadata);
    let is_as_written = plain == hidden_mark() && !Entry { marks: Marks::default(), ..said.clone() }.is_written();
    if !is_as_written {
        // Another tool has given it something to say.
        return Side::Said(said, plain);
    }
    let mark = if tier == Tier::Orchestration { orchestration } else { container };
    Side::Hidden(said.key, separately.then_some(mark))
}

fn hidden_mark() -> Mark {
    Mark { enabled: false, ..Mark::default() }
}

fn entry(orchestration: Option<&Entry>, container: Option<&Entry>) -> Option<Entry> {
    let (entry, one, other) = match (side(orchestration, Tier::Orchestration), side(container, Tier::Container)) {
        (Side::Said(entry, one), Side::Said(second, other)) => (both(entry, second), one, other),
        (Side::Said(entry, mark), Side::Hidden(_, None)) | (Side::Hidden(_, None), Side::Said(entry, mark)) => {
            (entry, mark.clone(), mark)
        }
        (Side::Said(entry, one), Side::Hidden(_, Some(other)))
        | (Side::Hidden(_, Some(one)), Side::Said(entry, other)) => (entry, one, other),
        // The official Navigator leaves out what says nothing.
        (Side::Said(entry, one), Side::Missing) => (entry, one, Mark::default()),
        (Side::Missing, Side::Said(entry, other)) => (entry, Mark::default(), other),
        (Side::Hidden(key, Some(one)), _) => (Entry::new(key), one, Mark::default()),
        (_, Side::Hidden(key, Some(other))) => (Entry::new(key), Mark::default(), other),
        (Side::Hidden(_, None) | Side::Missing, Side::Hidden(_, None) | Side::Missing) => return None,
    };
    Some(Entry { marks: Marks::by_tier(one, other), ..entry })
}

/// What both tiers have but once. Where one part's was added to since, nothing of it is lost.
pub(super) fn both(mut both: Entry, second: Entry) -> Entry {
    for item in second.metadata {
        if !both.metadata.contains(&item) {
            both.metadata.push(item);
        }
    }
    for link in second.links {
        if !both.links.contains(&link) {
            both.links.push(link);
        }
    }
    for (key, value) in second.kept {
        both.kept.entry(key).or_insert(value);
    }
    both.show_subtechniques |= second.show_subtechniques;
    both
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attack::{TacticName, TechniqueId};
    use crate::layer::{Combine, Score, TierScoring, read};
    use serde_json::{Value, json};

    fn key(technique: &str) -> Key {
        Key::new(TechniqueId::parse(technique).unwrap(), TacticName::parse("execution").unwrap())
    }

    fn scored(score: f64) -> Mark {
        Mark { score: Score::new(score), ..Mark::default() }
    }

    fn placements() -> Vec<Placement> {
        [("T1", TierSet::Both), ("T2", TierSet::One(Tier::Container)), ("T3", TierSet::One(Tier::Orchestration))]
            .map(|(technique, tiers)| Placement { key: key(technique), tiers })
            .to_vec()
    }

    /// T1 has one score for each tier, T2 is in the container tier alone, T9 is nowhere.
    fn layer() -> Layer {
        let entries = [
            ("T9", Marks::Together(scored(9.0))),
            ("T1", Marks::by_tier(scored(10.0), Mark::default())),
            ("T2", Marks::Together(scored(20.0))),
        ];
        Layer {
            tier_scoring: TierScoring::Separately(Combine::Weakest),
            annotations: entries.map(|(id, marks)| Entry { marks, ..Entry::new(key(id)) }).into_iter().collect(),
            ..Layer::new("cluster", "enterprise-attack", Some("19"), Vec::new())
        }
    }

    fn parts() -> Value {
        serde_json::from_str(&write_parts(&layer(), &placements())).unwrap()
    }

    fn opened(parts: &Value) -> (Vec<Layer>, Vec<String>) {
        let opened = read(parts.to_string().as_bytes()).unwrap();
        (opened.layers, opened.notes.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn each_part_says_its_own_and_hides_what_is_the_others() {
        let parts = parts();
        let said = |part: &Value| -> Vec<String> {
            let one = |entry: &Value| format!("{} {} {}", entry["techniqueID"], entry["score"], entry["enabled"]);
            part["techniques"].as_array().unwrap().iter().map(|entry| one(entry).replace('"', "")).collect()
        };
        assert_eq!(said(&parts[0]), ["T9 9 true", "T1 10 true", "T2 null false"]);
        assert_eq!(said(&parts[1]), ["T9 9 true", "T1 null true", "T2 20 true", "T3 null false"]);
        assert_eq!(parts[0]["name"], "cluster (orchestration)");
        assert_eq!(parts[1]["name"], "cluster (container)");
        assert_eq!((&parts[0]["hideDisabled"], &parts[1]["hideDisabled"]), (&json!(true), &json!(true)));
        assert_eq!(parts[0]["techniques"][2]["metadata"], json!([{ "name": "bulkhead:other-tier", "value": "yes" }]));
    }

    #[test]
    fn the_whole_is_the_layer_as_it_was_wherever_its_parts_stand() {
        let parts = parts();
        let other = json!({ "version": "4.5", "domain": "enterprise-attack", "name": "other", "techniques": [] });
        let cases = [
            (json!([parts[0], parts[1]]), vec!["cluster"]),
            (json!([parts[1], parts[0]]), vec!["cluster"]),
            (json!([other, parts[1], other, parts[0]]), vec!["other", "cluster", "other"]),
            (json!([parts[0], parts[0], parts[1], parts[1]]), vec!["cluster", "cluster"]),
            (json!([parts[0]]), vec!["cluster (orchestration)"]),
        ];
        for (list, names) in cases {
            let (layers, notes) = opened(&list);
            assert_eq!(layers.iter().map(|layer| layer.name.as_str()).collect::<Vec<_>>(), names);
            assert!(layers.iter().all(|one| one.name != "cluster" || *one == layer()));
            assert!(notes.is_empty(), "{notes:?}");
        }
    }

    /// The official Navigator leaves out entries that say nothing; its users may add and change.
    #[test]
    fn what_was_done_to_the_parts_elsewhere_is_in_the_whole() {
        let mut list = parts();
        list[1]["techniques"].as_array_mut().unwrap().remove(1);
        assert_eq!(opened(&list).0, [layer()]);
        let mut without = list.clone();
        without[0]["techniques"].as_array_mut().unwrap().remove(0);
        let (layers, _) = opened(&without);
        let only_there = layers[0].annotations.get(&key("T9")).map(|entry| entry.marks.clone());
        assert_eq!(only_there, Some(Marks::by_tier(Mark::default(), scored(9.0))));
        list[1]["techniques"][1]["score"] = json!(30);
        list[1]["techniques"][0]["links"] = json!([{ "label": "a", "url": "https://example.org" }]);
        list[0]["techniques"][2] = json!({ "score": 5, "techniqueID": "T2", "tactic": "execution",
            "metadata": [{ "name": "bulkhead:other-tier", "value": "yes" }] });
        list[1]["description"] = json!("changed");
        let (layers, notes) = opened(&list);
        let entry = |technique| layers[0].annotations.get(&key(technique)).unwrap();
        assert_eq!(entry("T2").marks, Marks::by_tier(scored(5.0), scored(30.0)));
        assert_eq!(entry("T9").links.len(), 1);
        assert_eq!(layers[0].description, "");
        let what = "its two parts differ in more than techniques; what the orchestration part says was taken";
        assert_eq!(notes, [format!("cluster: {what}")]);
    }

    /// A part that was opened alone is a layer like any other, with rows that say what it was.
    #[test]
    fn a_part_that_was_opened_alone_has_parts_of_its_own() {
        let mut lone = opened(&json!([parts()[1]])).0.remove(0);
        lone.annotations = layer().annotations;
        lone.tier_scoring = layer().tier_scoring;
        for hide_disabled in [true, false] {
            lone.display.hide_disabled = hide_disabled;
            let text = write_parts(&lone, &placements());
            let again = read(text.as_bytes()).unwrap();
            assert_eq!(again.layers, [lone.clone()]);
            assert!(again.notes.is_empty());
        }
    }

    #[test]
    fn a_row_that_names_no_part_is_a_row_like_any_other() {
        let mut odd = layer();
        odd.metadata = vec![tiers::row(PART, "cellar"), tiers::row(NAME, "x"), Metadata::new("owner", "us")];
        let again = read(write_parts(&odd, &placements()).as_bytes()).unwrap();
        assert_eq!((again.layers, again.notes.len()), (vec![odd], 0));
    }
}
