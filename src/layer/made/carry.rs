//! Carrying a layer over to another catalogue: what it says of techniques is said of their counterparts there. What does
//! not map is told, never dropped in silence. Which technique is which one's counterpart is `attack`'s.

use crate::{
    attack::{Crosswalk, Knowledge, TacticName, TechniqueId, Tier},
    layer::{
        Annotations, Color, Combine, Display, Entry, ExpandedSubtechniques, Key, Layer, Mark, Marks, Metadata, Score,
        TierScoring,
    },
};
use rustc_hash::FxHashMap;
use std::borrow::Cow;

/// The metadata by which a carried annotation says where it is from.
const FROM: &str = "Carried over from";

/// A layer on the other catalogue, and what became of the annotations.
#[derive(Debug, Clone, PartialEq)]
pub struct Carried {
    pub layer: Layer,
    /// Annotated techniques that have a counterpart.
    pub techniques: usize,
    /// Cells of the new layer in which several techniques came together, in the order of the new layer.
    pub joined: Vec<Key>,
    /// Annotated techniques that have none, in the order of the layer.
    pub left: Vec<Left>,
}

/// A technique of which nothing was carried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    pub technique: TechniqueId,
    pub name: Option<String>,
    pub why: Why,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// The mapping says nothing of it.
    NotMapped,
    /// The bundle lacks what it is mapped to: ids and names.
    NotThere(Vec<(String, String)>),
    /// The layer's own bundle doesn't have it.
    Unknown,
}

/// The layer on the other catalogue.
///
/// What is said of a technique in a tactic is said of its counterpart in the same tactic, or in all tactics of the
/// counterpart where it has no such one (each catalogue has tactics of its own). Where several techniques come
/// together, `combine` makes one score of theirs; a colour by hand stays if they agree on it, comments are kept one under
/// the other, and a cell is disabled only if all of them were. Where tiers are scored separately, a technique of one tier
/// says nothing of the other.
pub fn carry_over(
    layer: &Layer,
    crosswalk: &Crosswalk,
    here: &Knowledge,
    there: &Knowledge,
    combine: Combine,
) -> Carried {
    let mut cells: Vec<(Key, Vec<&Entry>)> = Vec::new();
    let mut at: FxHashMap<Key, usize> = FxHashMap::default();
    let mut fates: Vec<(&TechniqueId, bool)> = Vec::new();
    for entry in layer.annotations.iter().filter(|entry| entry.is_annotated()) {
        let counterparts = crosswalk.forth(&entry.key.technique);
        if !fates.iter().any(|(technique, _)| **technique == entry.key.technique) {
            fates.push((&entry.key.technique, !counterparts.is_empty()));
        }
        for key in counterparts.iter().flat_map(|counterpart| cells_of(counterpart, entry.key.tactic.as_ref(), there)) {
            let place = *at.entry(key.clone()).or_insert(cells.len());
            if place == cells.len() {
                cells.push((key, Vec::new()));
            }
            cells[place].1.push(entry);
        }
    }
    let joins = Joins { layer, here, there, combine };
    let made = cells.iter().map(|(key, sources)| joins.entry(key, sources));
    let annotations: Annotations = made.collect();
    let joined = cells.iter().filter(|(_, sources)| origins(sources).len() > 1).map(|(key, _)| key.clone());
    Carried {
        techniques: fates.iter().filter(|(_, carried)| *carried).count(),
        joined: joined.collect(),
        left: fates.iter().filter(|(_, carried)| !carried).map(|(id, _)| left(id, crosswalk, here)).collect(),
        layer: on(layer, here, there, annotations),
    }
}

/// Where a counterpart takes what is said of a technique in a tactic; an entry without a tactic speaks for all.
fn cells_of(counterpart: &TechniqueId, tactic: Option<&TacticName>, there: &Knowledge) -> Vec<Key> {
    let tactics = there.technique(counterpart).map_or(&[][..], |technique| technique.tactics.as_slice());
    let same = tactics.iter().find(|it| Some(*it) == tactic).map(std::slice::from_ref);
    same.unwrap_or(tactics).iter().map(|tactic| Key::new(counterpart.clone(), tactic.clone())).collect()
}

/// The techniques that come together in a cell, each once.
fn origins<'a>(sources: &[&'a Entry]) -> Vec<&'a TechniqueId> {
    let mut origins: Vec<&TechniqueId> = Vec::new();
    for source in sources {
        if !origins.contains(&&source.key.technique) {
            origins.push(&source.key.technique);
        }
    }
    origins
}

fn left(id: &TechniqueId, crosswalk: &Crosswalk, here: &Knowledge) -> Left {
    let technique = here.technique(id);
    let missing = crosswalk.missing(id);
    let why = match technique {
        None => Why::Unknown,
        Some(_) if missing.is_empty() => Why::NotMapped,
        Some(_) => Why::NotThere(missing.iter().map(|it| (it.id.clone(), it.name.clone())).collect()),
    };
    Left { technique: id.clone(), name: technique.map(|technique| technique.name.clone()), why }
}

/// The layer's own words and looks, with the other catalogue's names for things.
fn on(layer: &Layer, here: &Knowledge, there: &Knowledge, annotations: Annotations) -> Layer {
    let release = &there.release;
    let from = format!("Carried over from \"{}\" on {}.", layer.name, here.release.words());
    let description = if layer.description.is_empty() { from } else { format!("{}\n\n{from}", layer.description) };
    let platforms = release.scope.iter().cloned().collect();
    // A catalogue without sub-techniques says nothing of them; what was carried onto some is to be seen.
    let folded = layer.display.expanded == ExpandedSubtechniques::None;
    let expanded = if folded { ExpandedSubtechniques::Annotated } else { layer.display.expanded };
    let display = Display { expanded, ..layer.display.clone() };
    Layer {
        description,
        display,
        gradient: layer.gradient.clone(),
        legend: layer.legend.clone(),
        metadata: layer.metadata.clone(),
        links: layer.links.clone(),
        tier_scoring: layer.tier_scoring,
        annotations,
        ..Layer::new(
            &format!("{} on {}", layer.name, release.title),
            &release.domain,
            release.major().as_deref(),
            platforms,
        )
    }
}

/// How what is said of several techniques becomes what is said of one.
struct Joins<'a> {
    layer: &'a Layer,
    here: &'a Knowledge,
    there: &'a Knowledge,
    combine: Combine,
}

impl Joins<'_> {
    fn entry(&self, key: &Key, sources: &[&Entry]) -> Entry {
        let mut entry = Entry::new(key.clone());
        entry.marks = self.marks(&key.technique, sources);
        for source in sources {
            add_new(&mut entry.links, &source.links);
            add_new(&mut entry.metadata, &source.metadata);
        }
        for origin in origins(sources) {
            add_new(&mut entry.metadata, &[Metadata::new(FROM, self.titled(origin))]);
        }
        entry
    }

    fn titled(&self, id: &TechniqueId) -> String {
        self.here.technique(id).map_or_else(|| id.to_string(), |technique| format!("{id} {}", technique.name))
    }

    fn marks(&self, technique: &TechniqueId, sources: &[&Entry]) -> Marks {
        let whole = || Marks::Together(self.mark(sources, None));
        if self.layer.tier_scoring == TierScoring::Together {
            return whole();
        }
        let of_tier = |tier: Tier| {
            let speaking: Vec<&Entry> = sources.iter().copied().filter(|source| self.speaks(source, tier)).collect();
            (!speaking.is_empty()).then(|| self.mark(&speaking, Some(tier)))
        };
        let mut tiers = self.there.tiers_of(technique).tiers();
        match (tiers.next().map(of_tier), tiers.next().map(of_tier)) {
            // Of two catalogues that see a technique in different tiers, the layer's word is kept.
            (Some(None), None | Some(None)) | (None, _) => whole(),
            (Some(Some(one)), None) => Marks::Together(one),
            (Some(orchestration), Some(container)) => {
                Marks::by_tier(orchestration.unwrap_or_default(), container.unwrap_or_default())
            }
        }
    }

    fn speaks(&self, source: &Entry, tier: Tier) -> bool {
        self.here.tiers_of(&source.key.technique).contains(tier)
    }

    fn mark(&self, sources: &[&Entry], tier: Option<Tier>) -> Mark {
        let marks: Vec<(&Entry, Cow<Mark>)> =
            sources.iter().map(|source| (*source, self.layer.mark_of(source, tier))).collect();
        let enabled = marks.iter().any(|(_, mark)| mark.enabled);
        // As with tiers: what is disabled has no say beside what isn't.
        let heard: Vec<&(&Entry, Cow<Mark>)> = marks.iter().filter(|(_, mark)| mark.enabled == enabled).collect();
        let scores: Vec<Score> = heard.iter().filter_map(|(_, mark)| mark.score).collect();
        let colors: Vec<&Color> = heard.iter().filter_map(|(_, mark)| mark.color.as_ref()).collect();
        let color = colors.first().filter(|first| colors.iter().all(|color| color.rgba() == first.rgba()));
        Mark {
            score: joined_score(&scores, self.combine),
            color: color.map(|color| (*color).clone()),
            comment: self.comment(&marks),
            enabled,
        }
    }

    /// What several techniques say differently is under their names.
    fn comment(&self, marks: &[(&Entry, Cow<Mark>)]) -> String {
        let several = origins(&marks.iter().map(|(source, _)| *source).collect::<Vec<_>>()).len() > 1;
        let mut lines: Vec<String> = Vec::new();
        for (source, mark) in marks.iter().filter(|(_, mark)| !mark.comment.is_empty()) {
            let comment = &mark.comment;
            let line =
                if several { format!("{}: {comment}", self.titled(&source.key.technique)) } else { comment.clone() };
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        lines.join("\n")
    }
}

fn joined_score(scores: &[Score], combine: Combine) -> Option<Score> {
    let values = scores.iter().copied();
    match combine {
        Combine::Weakest => values.min(),
        Combine::Highest => values.max(),
        Combine::Average => {
            let count = u32::try_from(scores.len()).map(f64::from).ok().filter(|count| *count > 0.0)?;
            Score::new(values.map(|score| score.value() / count).sum())
        }
    }
}

/// Adds the rows that are not there yet; the first ones come as they are, dividers and all.
fn add_new<T: Clone + PartialEq>(all: &mut Vec<T>, more: &[T]) {
    if all.is_empty() {
        return all.extend_from_slice(more);
    }
    for one in more {
        if !all.contains(one) {
            all.push(one.clone());
        }
    }
}

#[cfg(test)]
mod tests;
