//! A layer made of other layers: scores by an expression, and each other part from the layer that was chosen for it.
//! Rules and their exceptions are the official Navigator's (`VMS` 94 to 205 of 5.1.0) but for its faults; tiers are ours.
//! Which layer has which letter, and what is on the screen meanwhile, is the app's.

use super::{
    Annotations, Entry, Expression, ExpressionError, Gradient, Key, Layer, Mark, Marks, Outcome, Preset, Score,
    TierScoring, expression::Letter,
};
use crate::attack::Tier;
use rustc_hash::FxHashSet;

/// A layer that can be named by a letter: the first one is `a`.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    pub layer: &'a Layer,
    /// The bundle on which it is shown, in words.
    pub bundle: &'a str,
}

/// A part of a layer that can be taken from another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Gradient,
    Colors,
    Comments,
    Links,
    Metadata,
    States,
    Filters,
    Legend,
}

/// For each part the place of the layer that it is taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Taken {
    parts: [Option<usize>; Part::ALL.len()],
}

/// A layer that was made of others, and what is to be told of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Combined {
    pub layer: Layer,
    /// The first layer that the expression names: the new one is on its bundle.
    pub first: Option<usize>,
    /// Techniques that have a score in some tactic.
    pub scored: usize,
    /// Placements for which the expression has no number: they stay unscored.
    pub without_number: usize,
    /// The lowest and the highest score.
    pub range: Option<(Score, Score)>,
}

/// What goes from nothing to everything: the official Navigator's gradient for scores of 0 and 1.
const ZERO_TO_ONE: &str = "white-blue";

impl Part {
    pub const ALL: [Self; 8] = [
        Self::Gradient,
        Self::Colors,
        Self::Comments,
        Self::Links,
        Self::Metadata,
        Self::States,
        Self::Filters,
        Self::Legend,
    ];

    pub fn word(self) -> &'static str {
        match self {
            Self::Gradient => "gradient",
            Self::Colors => "colours",
            Self::Comments => "comments",
            Self::Links => "links",
            Self::Metadata => "metadata",
            Self::States => "states",
            Self::Filters => "filters",
            Self::Legend => "legend",
        }
    }
}

impl Taken {
    pub fn with(mut self, part: Part, from: Option<usize>) -> Self {
        self.parts[part as usize] = from;
        self
    }

    pub fn of(self, part: Part) -> Option<usize> {
        self.parts[part as usize]
    }
}

/// The letter of the layer at a place; there are no more layers with one than letters.
pub fn letter(place: usize) -> Option<char> {
    u8::try_from(place).ok().filter(|place| *place < 26).map(|place| char::from(b'a' + place))
}

/// The expression for what only `theirs` has: its scores where `ours` has none, or one below that from which on it covers.
pub fn gap_expression(theirs: char, ours: char, threshold: f64) -> String {
    let threshold = Score::new(threshold).map_or_else(|| "0".to_owned(), |score| score.to_json().to_string());
    format!("scored({theirs}) and (not scored({ours}) or {ours} < {threshold}) ? {theirs} : nan")
}

/// Makes a layer of others. `blank` is an empty one on the right bundle, by the place of the first layer that is named;
/// `placements` are all that an expression scores that names no layer.
///
/// # Errors
/// When the expression can't be understood, or names what isn't there or is on another bundle.
pub fn combine(
    text: &str,
    sources: &[Source<'_>],
    taken: Taken,
    blank: &dyn Fn(Option<usize>) -> (Layer, Vec<Key>),
) -> Result<Combined, ExpressionError> {
    let expression = Expression::parse(text)?;
    let used = match &expression {
        Some(expression) => used(expression.letters(), sources)?,
        None => Vec::new(),
    };
    let first = used.first().map(|(_, place)| *place);
    let (mut layer, placements) = blank(first);
    let of = |part: Part| taken.of(part).and_then(|place| sources.get(place)).map(|source| source.layer);
    let standing = placements.iter().collect();
    let reckoning = Reckoning { expression: expression.as_ref(), used: &used, sources, standing };
    let mut without_number = 0;
    let mut annotations = Annotations::default();
    let mut techniques = FxHashSet::default();
    for key in keys(&reckoning, &taken, &placements) {
        let mut entry = Entry::new(key.clone());
        let scores = Tier::ALL.map(|tier| reckoning.score(&key, tier));
        without_number += usize::from(scores.iter().any(|score| matches!(score, Reckoned::NoNumber)));
        let mark = |(tier, score): (Tier, Reckoned)| Mark {
            score: score.score(),
            color: said(of(Part::Colors), &key, |it| it.marks.of(tier).color.clone()).flatten(),
            comment: said(of(Part::Comments), &key, |it| it.marks.of(tier).comment.clone()).unwrap_or_default(),
            enabled: said(of(Part::States), &key, |it| it.marks.of(tier).enabled).unwrap_or(true),
        };
        let [orchestration, container] = Tier::ALL;
        entry.marks = Marks::by_tier(mark((orchestration, scores[0])), mark((container, scores[1])));
        entry.links = said(of(Part::Links), &key, |it| it.links.clone()).unwrap_or_default();
        entry.metadata = said(of(Part::Metadata), &key, |it| it.metadata.clone()).unwrap_or_default();
        if entry.is_annotated() {
            if scores.iter().any(|score| score.score().is_some()) {
                techniques.insert(key.technique.clone());
            }
            annotations.put(entry);
        }
    }
    layer.annotations = annotations;
    layer.tier_scoring = tier_scoring(&layer.annotations, &reckoning, &taken);
    let range = range(&layer);
    layer.gradient = of(Part::Gradient).map_or_else(|| fitting(range), |from| from.gradient.clone());
    if let Some(from) = of(Part::Filters) {
        layer.platforms.clone_from(&from.platforms);
    }
    if let Some(from) = of(Part::Legend) {
        layer.legend.clone_from(&from.legend);
    }
    Ok(Combined { layer, first, scored: techniques.len(), without_number, range })
}

/// What is reckoned with what.
struct Reckoning<'a> {
    expression: Option<&'a Expression>,
    /// The letters that are named, and the places of their layers.
    used: &'a [(char, usize)],
    sources: &'a [Source<'a>],
    /// All that an expression scores that names no layer.
    standing: FxHashSet<&'a Key>,
}

#[derive(Debug, Clone, Copy)]
enum Reckoned {
    Score(Score),
    /// None of the layers has a score there, or there is nothing to reckon.
    Nothing,
    /// Something was divided by nothing, or the like.
    NoNumber,
}

impl Reckoned {
    fn score(self) -> Option<Score> {
        match self {
            Self::Score(score) => Some(score),
            Self::Nothing | Self::NoNumber => None,
        }
    }
}

impl Reckoning<'_> {
    fn layers(&self) -> impl Iterator<Item = &Layer> {
        self.used.iter().filter_map(|(_, place)| self.sources.get(*place)).map(|source| source.layer)
    }

    /// As the official Navigator: where no layer that is named has a score there is none; else a missing one is 0, and
    /// what holds is 1.
    fn score(&self, key: &Key, tier: Tier) -> Reckoned {
        const LETTERS: usize = 26;
        let Some(expression) = self.expression else { return Reckoned::Nothing };
        let mut scores: [Option<f64>; LETTERS] = [None; LETTERS];
        let at = |letter: char| (letter as usize).wrapping_sub('a' as usize);
        for (letter, place) in self.used {
            let entry = self.sources.get(*place).and_then(|source| source.layer.annotations.about(key));
            let score = entry.and_then(|entry| entry.marks.of(tier).score).map(Score::value);
            if let Some(place) = scores.get_mut(at(*letter)) {
                *place = score;
            }
        }
        let is_asked = match self.used {
            [] => self.standing.contains(key),
            _ => scores.iter().any(Option::is_some),
        };
        if !is_asked {
            return Reckoned::Nothing;
        }
        let outcome = expression.evaluate(&|letter| scores.get(at(letter)).copied().flatten());
        let number = match outcome {
            Outcome::Number(number) => number,
            Outcome::Boolean(holds) => f64::from(u8::from(holds)),
        };
        Score::new(number).map_or(Reckoned::NoNumber, Reckoned::Score)
    }
}

/// The places of the layers that are named. All must be there, and on one bundle.
fn used(letters: &[Letter], sources: &[Source<'_>]) -> Result<Vec<(char, usize)>, ExpressionError> {
    let mut used: Vec<(char, usize)> = Vec::new();
    let mut first: Option<(char, &str)> = None;
    for Letter { name, at } in letters {
        let place = (*name as usize).wrapping_sub('a' as usize);
        let Some(source) = sources.get(place) else {
            let last = letter(sources.len().saturating_sub(1)).unwrap_or('z');
            let hint = if *name == 'e' { " Euler's number is exp(1)." } else { "" };
            let what = match sources.len() {
                1 => format!("There is no layer {name}: the only one is a.{hint}"),
                _ => format!("There is no layer {name}: they go from a to {last}.{hint}"),
            };
            return Err(ExpressionError::new(*at, 1, what));
        };
        match first {
            Some((other, bundle)) if bundle != source.bundle => {
                let what = format!(
                    "Layer {name} is on {}, and {other} on {bundle}: only layers of one bundle can be combined.",
                    source.bundle
                );
                return Err(ExpressionError::new(*at, 1, what));
            }
            _ => first = first.or(Some((*name, source.bundle))),
        }
        used.push((*name, place));
    }
    Ok(used)
}

/// Everything that can come to say something, each once: the bundle's placements in their order, then the rest.
fn keys(reckoning: &Reckoning<'_>, taken: &Taken, placements: &[Key]) -> Vec<Key> {
    let parts = taken.parts.iter().flatten().filter_map(|place| reckoning.sources.get(*place));
    let layers: Vec<&Layer> = reckoning.layers().chain(parts.map(|source| source.layer)).collect();
    let scores_all = reckoning.expression.is_some() && reckoning.used.is_empty();
    let mut wanted: FxHashSet<&Key> = FxHashSet::default();
    let mut rest: Vec<&Key> = Vec::new();
    for entry in layers.iter().flat_map(|layer| layer.annotations.iter()).filter(|entry| entry.is_annotated()) {
        if wanted.insert(&entry.key) {
            rest.push(&entry.key);
        }
    }
    let mut seen: FxHashSet<&Key> = FxHashSet::default();
    let first = placements.iter().filter(|key| scores_all || wanted.contains(key));
    first.chain(rest).filter(|key| seen.insert(key)).cloned().collect()
}

fn said<T>(layer: Option<&Layer>, key: &Key, read: impl FnOnce(&Entry) -> T) -> Option<T> {
    layer.and_then(|layer| layer.annotations.about(key)).map(read)
}

/// Told apart where the result differs by tier, by the rule of the first layer that tells them apart.
fn tier_scoring(annotations: &Annotations, reckoning: &Reckoning<'_>, taken: &Taken) -> TierScoring {
    let apart = annotations.iter().any(|entry| matches!(entry.marks, Marks::ByTier { .. }));
    let parts = taken.parts.iter().flatten().filter_map(|place| reckoning.sources.get(*place));
    let mut layers = reckoning.layers().chain(parts.map(|source| source.layer));
    let rule = layers.find(|layer| layer.tier_scoring != TierScoring::Together).map(|layer| layer.tier_scoring);
    match (apart, rule) {
        (true, rule) => rule.unwrap_or(TierScoring::Separately(super::Combine::default())),
        (false, _) => TierScoring::Together,
    }
}

fn range(layer: &Layer) -> Option<(Score, Score)> {
    let scores = layer.annotations.iter().flat_map(|entry| Tier::ALL.map(|tier| entry.marks.of(tier).score)).flatten();
    scores.fold(None, |range, score| match range {
        None => Some((score, score)),
        Some((low, high)) => Some((low.min(score), high.max(score))),
    })
}

/// From the lowest to the highest score; of one score only, the usual one.
fn fitting(range: Option<(Score, Score)>) -> Gradient {
    let usual = Gradient::default();
    let Some((low, high)) = range.filter(|(low, high)| low != high) else { return usual };
    let (minimum, maximum) = (low.value(), high.value());
    let truths = minimum == 0.0 && maximum == 1.0;
    let colors = Preset::from_word(ZERO_TO_ONE).filter(|_| truths).map_or(usual.colors, Preset::colors);
    Gradient { colors, minimum, maximum }
}

#[cfg(test)]
mod tests;
