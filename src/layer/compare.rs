//! Two layers beside each other, or three where the one is known that both came from: what only one says, what both say
//! differently, and what of that is a conflict. Making one layer of them is `merge`'s.

use super::{Entry, Kept, Key, Layer, Mark, Marks, Slide, TierScoring};
use crate::attack::Tier;
use rustc_hash::FxHashSet;
use std::borrow::Cow;

/// One of the two layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    Mine,
    Theirs,
}

/// How the two stand to each other in one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    Equal,
    /// Only the second has it.
    Added,
    /// Only the first has it.
    Removed,
    /// Both have it, differently.
    Changed,
}

/// What an annotation says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    Score(Option<Tier>),
    Color(Option<Tier>),
    Comment(Option<Tier>),
    Enabled(Option<Tier>),
    Metadata,
    Links,
    Subtechniques,
    /// What a file had in it that nobody knows.
    Kept,
}

/// What a layer says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Setting {
    Name,
    Description,
    Release,
    Platforms,
    View,
    Gradient,
    Legend,
    Metadata,
    Links,
    TierScoring,
    /// What it says of itself as a slide.
    Briefing,
    Kept,
}

/// One thing that an annotation says, on both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Differing {
    pub field: Field,
    /// In words; nothing where a side says nothing.
    pub mine: Option<String>,
    pub theirs: Option<String>,
    /// Neither side says what the ancestor said, nor what the other does.
    pub conflict: bool,
}

/// One annotation, on both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub key: Key,
    pub state: State,
    /// What differs; nothing where they are equal.
    pub fields: Vec<Differing>,
}

/// Everything in which two layers differ, and the annotations in which they don't.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// In the order of the first layer; what only the second has comes last.
    pub annotations: Vec<Difference>,
    /// Settings that differ, and whether each is a conflict.
    pub settings: Vec<(Setting, bool)>,
}

impl Comparison {
    pub fn count(&self, state: State) -> usize {
        self.annotations.iter().filter(|difference| difference.state == state).count()
    }

    pub fn conflicts(&self) -> usize {
        self.annotations.iter().filter(|difference| difference.is_conflict()).count()
            + self.settings.iter().filter(|(_, conflict)| *conflict).count()
    }
}

impl Difference {
    pub fn is_conflict(&self) -> bool {
        self.fields.iter().any(|field| field.conflict)
    }
}

/// Compares them. Without an ancestor whatever both say differently is a conflict, and what only one says is none.
pub fn compare(base: Option<&Layer>, mine: &Layer, theirs: &Layer) -> Comparison {
    let keys = union(mine, theirs, base);
    let annotations = keys.into_iter().map(|key| difference(key, base, mine, theirs)).collect();
    let differs = |setting: &Setting| !setting.equal(mine, theirs);
    let conflict = |setting: Setting| {
        // Two layers have two names: the third is named anew.
        let asks = setting != Setting::Name;
        (setting, asks && base.is_none_or(|base| !setting.equal(base, mine) && !setting.equal(base, theirs)))
    };
    let settings = Setting::ALL.into_iter().filter(differs).map(conflict).collect();
    Comparison { annotations, settings }
}

/// Every annotation of any of them, in the order of the first, then of the second, then of the ancestor.
pub(super) fn union(mine: &Layer, theirs: &Layer, base: Option<&Layer>) -> Vec<Key> {
    let mut seen: FxHashSet<Key> = FxHashSet::default();
    let layers = [Some(mine), Some(theirs), base].into_iter().flatten();
    let written = layers.flat_map(|layer| layer.annotations.iter().filter(|entry| entry.is_written()));
    written.filter(|entry| seen.insert(entry.key.clone())).map(|entry| entry.key.clone()).collect()
}

/// What a layer says under a key, or a blank.
pub(super) fn said<'a>(layer: Option<&'a Layer>, key: &Key) -> Cow<'a, Entry> {
    let found = layer.and_then(|layer| layer.annotations.get(key));
    found.map_or_else(|| Cow::Owned(Entry::new(key.clone())), Cow::Borrowed)
}

fn difference(key: Key, base: Option<&Layer>, mine: &Layer, theirs: &Layer) -> Difference {
    let [base, mine, theirs] = [base, Some(mine), Some(theirs)].map(|layer| said(layer, &key));
    let state = match (mine.is_written(), theirs.is_written()) {
        _ if mine == theirs => State::Equal,
        (true, false) => State::Removed,
        (false, true) => State::Added,
        _ => State::Changed,
    };
    let fields = Field::of([&base, &mine, &theirs]).into_iter().filter(|field| !field.equal(&mine, &theirs));
    let fields = fields.map(|field| Differing {
        field,
        mine: field.words(&mine),
        theirs: field.words(&theirs),
        conflict: !field.equal(&base, &mine) && !field.equal(&base, &theirs),
    });
    Difference { state, fields: fields.collect(), key }
}

impl Field {
    /// What there is to compare: by tier where any of the entries tells tiers apart.
    pub(super) fn of(entries: [&Entry; 3]) -> Vec<Self> {
        let apart = entries.iter().any(|entry| matches!(entry.marks, Marks::ByTier { .. }));
        let tiers: &[Option<Tier>] = if apart { &[Some(Tier::Orchestration), Some(Tier::Container)] } else { &[None] };
        let mut fields = Vec::new();
        for tier in tiers {
            fields.extend([Self::Score(*tier), Self::Color(*tier), Self::Comment(*tier), Self::Enabled(*tier)]);
        }
        fields.extend([Self::Metadata, Self::Links, Self::Subtechniques, Self::Kept]);
        fields
    }

    pub(super) fn equal(self, one: &Entry, other: &Entry) -> bool {
        match self {
            Self::Score(tier) => mark(one, tier).score == mark(other, tier).score,
            Self::Color(tier) => mark(one, tier).color == mark(other, tier).color,
            Self::Comment(tier) => mark(one, tier).comment == mark(other, tier).comment,
            Self::Enabled(tier) => mark(one, tier).enabled == mark(other, tier).enabled,
            Self::Metadata => one.metadata == other.metadata,
            Self::Links => one.links == other.links,
            Self::Subtechniques => one.show_subtechniques == other.show_subtechniques,
            Self::Kept => one.kept == other.kept,
        }
    }

    /// Gives one entry what another says of this.
    pub(super) fn take(self, to: &mut Entry, from: &Entry) {
        let mut on_mark = |tier: Option<Tier>, take: fn(&mut Mark, &Mark)| {
            let source = mark(from, tier).clone();
            to.marks = to.marks.changed(tier, |mark| take(mark, &source));
        };
        match self {
            Self::Score(tier) => on_mark(tier, |to, from| to.score = from.score),
            Self::Color(tier) => on_mark(tier, |to, from| to.color.clone_from(&from.color)),
            Self::Comment(tier) => on_mark(tier, |to, from| to.comment.clone_from(&from.comment)),
            Self::Enabled(tier) => on_mark(tier, |to, from| to.enabled = from.enabled),
            Self::Metadata => to.metadata.clone_from(&from.metadata),
            Self::Links => to.links.clone_from(&from.links),
            Self::Subtechniques => to.show_subtechniques = from.show_subtechniques,
            Self::Kept => to.kept.clone_from(&from.kept),
        }
    }

    /// What an entry says of this, for people; nothing where it says nothing.
    pub fn words(self, entry: &Entry) -> Option<String> {
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let rows = |rows: usize, value: serde_json::Result<String>| if rows == 0 { None } else { value.ok() };
        match self {
            Self::Score(tier) => mark(entry, tier).score.map(|score| score.to_json().to_string()),
            Self::Color(tier) => mark(entry, tier).color.as_ref().map(|color| color.as_str().to_owned()),
            Self::Comment(tier) => text(&mark(entry, tier).comment),
            Self::Enabled(tier) => (!mark(entry, tier).enabled).then(|| "disabled".to_owned()),
            Self::Metadata => rows(entry.metadata.len(), serde_json::to_string(&entry.metadata)),
            Self::Links => rows(entry.links.len(), serde_json::to_string(&entry.links)),
            Self::Subtechniques => entry.show_subtechniques.then(|| "shown".to_owned()),
            Self::Kept => rows(entry.kept.len(), serde_json::to_string(&entry.kept)),
        }
    }

    /// What this is called.
    pub fn title(self) -> String {
        let (title, tier) = match self {
            Self::Score(tier) => ("Score", tier),
            Self::Color(tier) => ("Colour", tier),
            Self::Comment(tier) => ("Comment", tier),
            Self::Enabled(tier) => ("State", tier),
            Self::Metadata => ("Metadata", None),
            Self::Links => ("Links", None),
            Self::Subtechniques => ("Sub-techniques", None),
            Self::Kept => ("Other values", None),
        };
        tier.map_or_else(|| title.to_owned(), |tier| format!("{title} ({})", tier.word()))
    }
}

fn mark(entry: &Entry, tier: Option<Tier>) -> &Mark {
    entry.marks.of(tier.unwrap_or(Tier::Container))
}

impl Setting {
    pub const ALL: [Self; 12] = [
        Self::Name,
        Self::Description,
        Self::Release,
        Self::Platforms,
        Self::View,
        Self::Gradient,
        Self::Legend,
        Self::Metadata,
        Self::Links,
        Self::TierScoring,
        Self::Briefing,
        Self::Kept,
    ];

    pub(super) fn equal(self, one: &Layer, other: &Layer) -> bool {
        match self {
            Self::Name => one.name == other.name,
            Self::Description => one.description == other.description,
            Self::Release => {
                one.domain == other.domain
                    && one.versions == other.versions
                    && one.custom_data_url == other.custom_data_url
            }
            Self::Platforms => one.platforms == other.platforms,
            Self::View => one.display == other.display,
            Self::Gradient => one.gradient == other.gradient,
            Self::Legend => one.legend == other.legend,
            Self::Metadata => one.metadata == other.metadata,
            Self::Links => one.links == other.links,
            Self::TierScoring => one.tier_scoring == other.tier_scoring,
            Self::Briefing => one.slide == other.slide,
            Self::Kept => one.kept == other.kept,
        }
    }

    /// Whether a layer says anything of this; of how it is shown and scored it always does.
    pub(super) fn is_said(self, layer: &Layer) -> bool {
        match self {
            Self::Name => !layer.name.is_empty(),
            Self::Description => !layer.description.is_empty(),
            Self::Platforms => !layer.platforms.is_empty(),
            Self::Legend => !layer.legend.is_empty(),
            Self::Metadata => !layer.metadata.is_empty(),
            Self::Links => !layer.links.is_empty(),
            Self::Briefing => layer.slide != Slide::default(),
            Self::Kept => layer.kept != Kept::default(),
            Self::Release | Self::View | Self::Gradient | Self::TierScoring => true,
        }
    }

    /// Gives one layer what another says of this.
    pub(super) fn take(self, to: &mut Layer, from: &Layer) {
        match self {
            Self::Name => to.name.clone_from(&from.name),
            Self::Description => to.description.clone_from(&from.description),
            Self::Release => {
                to.domain.clone_from(&from.domain);
                to.versions.clone_from(&from.versions);
                to.custom_data_url.clone_from(&from.custom_data_url);
            }
            Self::Platforms => to.platforms.clone_from(&from.platforms),
            Self::View => to.display.clone_from(&from.display),
            Self::Gradient => to.gradient.clone_from(&from.gradient),
            Self::Legend => to.legend.clone_from(&from.legend),
            Self::Metadata => to.metadata.clone_from(&from.metadata),
            Self::Links => to.links.clone_from(&from.links),
            Self::TierScoring => to.tier_scoring = from.tier_scoring,
            Self::Briefing => to.slide = from.slide.clone(),
            Self::Kept => to.kept.clone_from(&from.kept),
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Self::Name => "Name",
            Self::Description => "Description",
            Self::Release => "Domain and release",
            Self::Platforms => "Platforms",
            Self::View => "View",
            Self::Gradient => "Gradient",
            Self::Legend => "Legend",
            Self::Metadata => "Layer metadata",
            Self::Links => "Layer links",
            Self::TierScoring => "Tier scoring",
            Self::Briefing => "Slide and notes",
            Self::Kept => "Other values",
        }
    }
}

/// Whether a layer's annotations tell tiers apart, whatever it says of its scoring.
pub(super) fn tells_tiers_apart(layer: &Layer) -> bool {
    layer.tier_scoring == TierScoring::Together
        && layer.annotations.iter().any(|entry| matches!(entry.marks, Marks::ByTier { .. }))
}
