//! What a layer says of the techniques of a matrix, one row for each technique in each tactic: what tables for other
//! programs are made of.

use crate::{
    attack::{Knowledge, Technique, Tier},
    layer::{Entry, Key, Layer, Link, Marks, Metadata, TierScoring},
    matrix::{self, Placement},
};
use rustc_hash::FxHashSet;

/// The names of a row's fields, in their order.
pub const HEAD: [&str; 16] = [
    "Technique",
    "Name",
    "Sub-technique of",
    "Tactic",
    "Tiers",
    "Primary tier",
    "Score",
    "Orchestration score",
    "Container score",
    "Colour",
    "Enabled",
    "Comment",
    "Metadata",
    "Links",
    "Seen in the wild",
    "Address",
];

/// A field of a table.
#[derive(Debug, Clone, PartialEq)]
pub enum Field {
    Empty,
    Text(String),
    Number(f64),
}

/// A row for each technique in each tactic that stands in the layer's matrices, then one for whatever else the layer says
/// something about, so that no annotation is missing.
pub fn rows(layer: &Layer, knowledge: &Knowledge) -> Vec<[Field; HEAD.len()]> {
    keys(layer, knowledge).iter().map(|key| row(layer, knowledge, key)).collect()
}

/// Of these, the rows of what is annotated.
pub fn annotated_rows(layer: &Layer, knowledge: &Knowledge) -> Vec<[Field; HEAD.len()]> {
    let mut keys = keys(layer, knowledge);
    keys.retain(|key| layer.annotations.about(key).is_some_and(Entry::is_annotated));
    keys.iter().map(|key| row(layer, knowledge, key)).collect()
}

fn keys(layer: &Layer, knowledge: &Knowledge) -> Vec<Key> {
    let mut keys: Vec<Key> = matrix::standing(knowledge, &layer.display, &layer.platforms, None)
        .into_iter()
        .map(|(technique, tactic): Placement| Key::new(technique, tactic))
        .collect();
    let known: FxHashSet<&Key> = keys.iter().collect();
    let elsewhere = layer.annotations.iter().filter(|entry| entry.is_annotated() && !known.contains(&entry.key));
    let rest: Vec<Key> = elsewhere.map(|entry| entry.key.clone()).collect();
    keys.extend(rest);
    keys
}

fn row(layer: &Layer, knowledge: &Knowledge, key: &Key) -> [Field; HEAD.len()] {
    let technique = knowledge.technique(&key.technique);
    let entry = layer.annotations.about(key);
    let mark = layer.mark(key, None);
    let apart = layer.tier_scoring != TierScoring::Together;
    let tier_score = |tier: Tier| match entry.map(|entry| &entry.marks) {
        Some(marks @ Marks::ByTier { .. }) if apart => score(marks.of(tier).score),
        _ => Field::Empty,
    };
    let tactic = key.tactic.as_ref().map(|name| knowledge.tactic_title(name));
    let tier = technique.and_then(|technique| technique.tier.as_ref());
    [
        text(key.technique.as_str()),
        text(technique.map_or("", |technique| &technique.name)),
        text(technique.and_then(|technique| technique.parent.as_ref()).map_or("", |parent| parent.as_str())),
        text(tactic.unwrap_or_default()),
        text(tier.map_or("", |tier| tier.tiers.words())),
        text(tier.map_or("", |tier| tier.primary.word())),
        score(mark.score),
        tier_score(Tier::Orchestration),
        tier_score(Tier::Container),
        text(mark.color.as_ref().map_or("", |color| color.as_str())),
        text(if mark.enabled { "yes" } else { "no" }),
        text(&entry.map(|entry| entry.marks.comments()).unwrap_or_default()),
        text(&entry.map(|entry| metadata(&entry.metadata)).unwrap_or_default()),
        text(&entry.map(|entry| links(&entry.links)).unwrap_or_default()),
        text(&technique.map(|technique| seen(knowledge, technique)).unwrap_or_default()),
        text(technique.and_then(|technique| technique.url.as_deref()).unwrap_or_default()),
    ]
}

fn text(text: &str) -> Field {
    if text.is_empty() { Field::Empty } else { Field::Text(text.to_owned()) }
}

fn score(score: Option<crate::layer::Score>) -> Field {
    score.map_or(Field::Empty, |score| Field::Number(score.value()))
}

/// A line for each.
pub fn metadata(rows: &[Metadata]) -> String {
    let lines = rows.iter().filter_map(|row| match row {
        Metadata::Item { name, value, .. } => Some(format!("{name}: {value}")),
        Metadata::Divider(_) | Metadata::Other(_) => None,
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// A line for each.
pub fn links(rows: &[Link]) -> String {
    let lines = rows.iter().filter_map(|row| match row {
        Link::Item { label, url, .. } => Some(format!("{label}: {url}")),
        Link::Divider(_) | Link::Other(_) => None,
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Who was seen using it against containers.
pub fn seen(knowledge: &Knowledge, technique: &Technique) -> String {
    let uses = technique.uses.iter().filter(|seen| seen.container_related);
    let names = uses.filter_map(|seen| knowledge.actors.get(seen.actor)).map(|actor| actor.name.as_str());
    names.collect::<Vec<_>>().join(", ")
}
