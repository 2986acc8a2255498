//! Every change that can be made to a layer, as a value. History keeps what came before; commands make them.

use super::{
    Color, Combine, Display, ExpandedSubtechniques, Gradient, Key, Layer, LegendItem, Link, Mark, Marks, Metadata,
    Replace, Score, Snapshot, TierScoring, deck::Slide,
};
use crate::attack::Tier;
use rustc_hash::FxHashSet;

/// What an edit of a slide is called.
pub const SLIDE_EDIT: &str = "briefing";

/// What an edit is made on: an entry, in one tier or in both.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Target {
    pub key: Key,
    /// `None`: both tiers. Only layers that score tiers separately tell them apart.
    pub tier: Option<Tier>,
}

/// A change of a layer.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    /// `None` takes the score away.
    Score(Vec<Target>, Option<Score>),
    /// Adds to the scores that are there; what has none counts from zero.
    AddToScore(Vec<Target>, f64),
    Color(Vec<Target>, Option<Color>),
    Comment(Vec<Target>, String),
    Enabled(Vec<Target>, bool),
    Metadata(Vec<Target>, Vec<Metadata>),
    Links(Vec<Target>, Vec<Link>),
    /// Adds to the links that are there.
    AddLink(Vec<Target>, Link),
    /// Adds to the metadata that is there.
    AddMetadata(Vec<Target>, Metadata),
    /// Which sub-techniques are shown: by the layer's rule, and one by one.
    ShowSubtechniques {
        expanded: ExpandedSubtechniques,
        shown: Vec<(Key, bool)>,
    },
    /// Takes score, colour, comment, disabling, links and metadata away.
    Clear(Vec<Target>),
    /// Takes whole entries out, with what the file had in them that nobody knows.
    Remove(Vec<Key>),
    Name(String),
    Description(String),
    Display(Box<Display>),
    /// The platforms whose techniques are shown, in the order in which they were chosen; none stands for all.
    Platforms(Vec<String>),
    Gradient(Gradient),
    Legend(Vec<LegendItem>),
    LayerMetadata(Vec<Metadata>),
    LayerLinks(Vec<Link>),
    TierScoring(TierScoring),
    /// What was copied, in place of score, colour, comment, state, metadata and links.
    Paste(Vec<Target>, Marks, Vec<Metadata>, Vec<Link>),
    /// A line more for each comment; the first one where there is none.
    AddToComment(Vec<Target>, String),
    ReplaceInComments(Vec<Target>, Replace),
    Snapshots(Vec<Snapshot>),
    Slide(Slide),
    /// What another layer says, with its gradient, legend and tier scoring, in place of what this one does.
    Restore(Box<Layer>),
    /// Everything that a layer merged of this one and another says, in place of what this one does.
    TakeOver(Box<Layer>),
    /// Several edits that are one step, and what they do together.
    Steps(&'static str, Vec<Edit>),
}

impl Edit {
    /// What the edit did, for the undo button: `score`, `comment`.
    pub fn title(&self) -> &'static str {
        match self {
            Self::Score(..) | Self::AddToScore(..) => "score",
            Self::Color(..) => "colour",
            Self::Comment(..) | Self::AddToComment(..) => "comment",
            Self::Enabled(..) => "enable or disable",
            Self::Metadata(..) | Self::AddMetadata(..) => "metadata",
            Self::Links(..) | Self::AddLink(..) => "links",
            Self::ShowSubtechniques { .. } => "show sub-techniques",
            Self::Clear(..) => "clear annotations",
            Self::Remove(..) => "remove annotations",
            Self::Name(..) => "name",
            Self::Description(..) => "description",
            Self::Display(..) => "view",
            Self::Platforms(..) => "platforms",
            Self::Gradient(..) => "gradient",
            Self::Legend(..) => "legend",
            Self::LayerMetadata(..) => "layer metadata",
            Self::LayerLinks(..) => "layer links",
            Self::TierScoring(..) => "tier scoring",
            Self::Paste(..) => "paste annotations",
            Self::ReplaceInComments(..) => "replace in comments",
            Self::Snapshots(..) => "snapshots",
            Self::Slide(..) => SLIDE_EDIT,
            Self::Restore(..) => "restore a snapshot",
            Self::TakeOver(..) => "take over",
            Self::Steps(title, _) => title,
        }
    }

    /// The layer with the edit made; `None` where it changes nothing.
    pub fn apply(&self, layer: &Layer) -> Option<Layer> {
        let mut next = layer.clone();
        self.change(&mut next);
        (next != *layer).then_some(next)
    }

    fn change(&self, layer: &mut Layer) {
        match self {
            Self::Score(targets, score) => mark_each(layer, targets, "score", |mark| mark.score = *score),
            Self::AddToScore(targets, step) => mark_each(layer, targets, "score", |mark| add_to_score(mark, *step)),
            Self::Color(targets, color) => mark_each(layer, targets, "color", |mark| mark.color.clone_from(color)),
            Self::Comment(targets, comment) => {
                mark_each(layer, targets, "comment", |mark| mark.comment.clone_from(comment));
            }
            Self::Enabled(targets, enabled) => mark_each(layer, targets, "enabled", |mark| mark.enabled = *enabled),
            Self::Metadata(targets, metadata) => {
                each(layer, targets, |entry| entry.metadata.clone_from(metadata));
            }
            Self::Links(targets, links) => each(layer, targets, |entry| entry.links.clone_from(links)),
            Self::AddLink(targets, link) => each(layer, targets, |entry| entry.links.push(link.clone())),
            Self::AddMetadata(targets, item) => each(layer, targets, |entry| entry.metadata.push(item.clone())),
            Self::ShowSubtechniques { expanded, shown } => {
                layer.display.expanded = *expanded;
                for (key, shown) in shown {
                    layer.annotations.change(key, |entry| entry.show_subtechniques = *shown);
                }
            }
            Self::Clear(targets) => clear(layer, targets),
            Self::Remove(keys) => {
                for key in keys {
                    layer.annotations.change(key, |entry| *entry = super::Entry::new(key.clone()));
                }
            }
            Self::Snapshots(snapshots) => layer.snapshots.clone_from(snapshots),
            Self::Slide(slide) => layer.slide.clone_from(slide),
            Self::Restore(from) => restore(layer, from),
            Self::TakeOver(from) => take_over(layer, from),
            Self::Name(name) => layer.name.clone_from(name),
            Self::Description(description) => layer.description.clone_from(description),
            Self::Display(display) => layer.display.clone_from(display),
            Self::Platforms(platforms) => layer.platforms.clone_from(platforms),
            Self::Gradient(gradient) => layer.gradient.clone_from(gradient),
            Self::Legend(legend) => layer.legend.clone_from(legend),
            Self::LayerMetadata(metadata) => layer.metadata.clone_from(metadata),
            Self::LayerLinks(links) => layer.links.clone_from(links),
            Self::TierScoring(scoring) => set_tier_scoring(layer, *scoring),
            Self::Paste(targets, marks, metadata, links) => paste(layer, targets, marks, metadata, links),
            Self::AddToComment(targets, line) => mark_each(layer, targets, "comment", |mark| {
                if !mark.comment.is_empty() {
                    mark.comment.push('\n');
                }
                mark.comment.push_str(line);
            }),
            Self::ReplaceInComments(targets, replace) => replace_in_comments(layer, targets, replace),
            Self::Steps(_, edits) => edits.iter().for_each(|edit| edit.change(layer)),
        }
    }
}

/// Changes the marks that the targets stand for. A value of the wrong type that the file had under `kept` gives way.
fn mark_each(layer: &mut Layer, targets: &[Target], kept: &str, change: impl Fn(&mut Mark)) {
    let separately = layer.tier_scoring != TierScoring::Together;
    for target in targets {
        layer.annotations.change(&target.key, |entry| {
            entry.marks = entry.marks.changed(target.tier.filter(|_| separately), &change);
            entry.kept.shift_remove(kept);
        });
    }
}

/// Changes what an entry has but once for both tiers; a technique selected in both tiers counts once.
fn each(layer: &mut Layer, targets: &[Target], change: impl Fn(&mut super::Entry)) {
    let mut done: FxHashSet<&Key> = FxHashSet::default();
    for target in targets {
        if done.insert(&target.key) {
            layer.annotations.change(&target.key, &change);
        }
    }
}

fn add_to_score(mark: &mut Mark, step: f64) {
    let from = mark.score.map_or(0.0, Score::value);
    mark.score = Score::new(from + step).or(mark.score);
}

/// Links and metadata belong to both tiers: they go only when no tier says anything any more.
fn clear(layer: &mut Layer, targets: &[Target]) {
    mark_each(layer, targets, "", |mark| *mark = Mark::default());
    each(layer, targets, |entry| {
        let mut gone = vec!["score", "color", "comment", "enabled"];
        if !entry.marks.is_annotated() {
            entry.metadata.clear();
            entry.links.clear();
            gone.extend(["metadata", "links"]);
        }
        // What a file had in their places says nothing any more either.
        for kept in gone {
            entry.kept.shift_remove(kept);
        }
    });
}

/// Where tiers are scored together, or the target is one tier, two marks come as the one that they combine to, or as that
/// tier's.
fn paste(layer: &mut Layer, targets: &[Target], marks: &Marks, metadata: &[Metadata], links: &[Link]) {
    let combine = match layer.tier_scoring {
        TierScoring::Together => Some(Combine::default()),
        TierScoring::Separately(_) => None,
    };
    for target in targets {
        layer.annotations.change(&target.key, |entry| {
            entry.marks = match (combine, target.tier) {
                (Some(combine), _) => Marks::Together(marks.combined(combine)),
                (None, None) => marks.clone(),
                (None, Some(tier)) => entry.marks.changed(Some(tier), |mark| mark.clone_from(marks.of(tier))),
            };
            entry.metadata = metadata.to_vec();
            entry.links = links.to_vec();
            for kept in ["score", "color", "comment", "enabled", "metadata", "links"] {
                entry.kept.shift_remove(kept);
            }
        });
    }
}

/// Leaves alone what has nothing to replace, whatever else it says.
fn replace_in_comments(layer: &mut Layer, targets: &[Target], replace: &Replace) {
    let has = |target: &&Target| replace.places(layer, std::slice::from_ref(*target)).places > 0;
    let targets: Vec<Target> = targets.iter().filter(has).cloned().collect();
    mark_each(layer, &targets, "comment", |mark| {
        if let Some(replaced) = replace.apply(&mark.comment) {
            mark.comment = replaced;
        }
    });
}

/// Entries are never taken out: what only the layer has becomes blank.
fn restore(layer: &mut Layer, from: &Layer) {
    let keys: Vec<Key> = layer.annotations.iter().map(|entry| entry.key.clone()).collect();
    for key in keys.iter().filter(|key| from.annotations.get(key).is_none()) {
        layer.annotations.change(key, |entry| *entry = super::Entry::new(key.clone()));
    }
    for entry in from.annotations.iter() {
        layer.annotations.put(entry.clone());
    }
    layer.gradient.clone_from(&from.gradient);
    layer.legend.clone_from(&from.legend);
    layer.tier_scoring = from.tier_scoring;
}

/// What a file had in it that nobody knows stays as it is: the history doesn't tell it apart.
fn take_over(layer: &mut Layer, from: &Layer) {
    restore(layer, from);
    let (annotations, kept) = (std::mem::take(&mut layer.annotations), std::mem::take(&mut layer.kept));
    *layer = Layer { annotations, kept, ..from.clone() };
}

/// Separately: each tier starts with what was said of both. Together: by the rule that the layer had.
fn set_tier_scoring(layer: &mut Layer, scoring: TierScoring) {
    if let (TierScoring::Separately(combine), TierScoring::Together) = (layer.tier_scoring, scoring) {
        join_tiers(layer, combine);
    }
    layer.tier_scoring = scoring;
}

fn join_tiers(layer: &mut Layer, combine: Combine) {
    let by_tier = layer.annotations.iter().filter(|entry| matches!(entry.marks, Marks::ByTier { .. }));
    let keys: Vec<Key> = by_tier.map(|entry| entry.key.clone()).collect();
    for key in keys {
        layer.annotations.change(&key, |entry| entry.marks = Marks::Together(entry.marks.combined(combine)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attack::{TacticName, TechniqueId};
    use crate::layer::Kept;

    fn key(technique: &str) -> Key {
        Key::new(TechniqueId::parse(technique).unwrap(), TacticName::parse("execution").unwrap())
    }

    fn target(technique: &str, tier: Option<Tier>) -> Vec<Target> {
        vec![Target { key: key(technique), tier }]
    }

    fn layer(scoring: TierScoring) -> Layer {
        Layer { tier_scoring: scoring, ..Layer::new("layer", "enterprise-attack", Some("19"), Vec::new()) }
    }

    fn scores(layer: &Layer, technique: &str) -> (Option<f64>, Option<f64>) {
        let marks = layer.annotations.get(&key(technique)).map(|entry| entry.marks.clone()).unwrap_or_default();
        (marks.of(Tier::Orchestration).score.map(Score::value), marks.of(Tier::Container).score.map(Score::value))
    }

    #[test]
    fn an_edit_that_changes_nothing_is_none() {
        let layer = layer(TierScoring::Together);
        assert_eq!(Edit::Score(target("T1610", None), None).apply(&layer), None);
        assert_eq!(Edit::Name("layer".to_owned()).apply(&layer), None);
        assert!(Edit::Score(target("T1610", None), Score::new(0.0)).apply(&layer).is_some());
    }

    #[test]
    fn a_layer_scored_together_does_not_tell_tiers_apart() {
        let edit = Edit::Score(target("T1610", Some(Tier::Container)), Score::new(40.0));
        let next = edit.apply(&layer(TierScoring::Together)).unwrap();
        assert_eq!(scores(&next, "T1610"), (Some(40.0), Some(40.0)));
    }

    #[test]
    fn a_layer_scored_separately_does() {
        let start = layer(TierScoring::Separately(Combine::Weakest));
        let one = Edit::Score(target("T1610", Some(Tier::Container)), Score::new(40.0)).apply(&start).unwrap();
        assert_eq!(scores(&one, "T1610"), (None, Some(40.0)));
        let both = Edit::AddToScore(target("T1610", None), 5.0).apply(&one).unwrap();
        assert_eq!(scores(&both, "T1610"), (Some(5.0), Some(45.0)));
        let together = Edit::TierScoring(TierScoring::Together).apply(&both).unwrap();
        assert_eq!(scores(&together, "T1610"), (Some(5.0), Some(5.0)));
    }

    #[test]
    fn clearing_one_tier_keeps_the_links_that_the_other_needs() {
        let start = layer(TierScoring::Separately(Combine::Weakest));
        let with = |edit: Edit, layer: &Layer| edit.apply(layer).unwrap();
        let next = with(Edit::Score(target("T1610", None), Score::new(1.0)), &start);
        let next = with(Edit::AddLink(target("T1610", None), Link::new("a", "https://example.org")), &next);
        let one = with(Edit::Clear(target("T1610", Some(Tier::Container))), &next);
        assert_eq!(one.annotations.get(&key("T1610")).unwrap().links.len(), 1);
        let mut odd = one;
        odd.annotations.change(&key("T1610"), |entry| {
            for name in ["score", "links", "metadata"] {
                entry.kept.insert(name.to_owned(), true.into());
            }
        });
        let none = with(Edit::Clear(target("T1610", None)), &odd);
        assert!(!none.annotations.get(&key("T1610")).unwrap().is_written());
    }

    fn comments(layer: &Layer, technique: &str) -> [String; 2] {
        let marks = layer.annotations.get(&key(technique)).map(|entry| entry.marks.clone()).unwrap_or_default();
        Tier::ALL.map(|tier| marks.of(tier).comment.clone())
    }

    #[test]
    fn what_is_pasted_takes_the_place_of_what_was_said() {
        let (separately, together) = (TierScoring::Separately(Combine::Weakest), TierScoring::Together);
        let scored = |score| Mark { score: Score::new(score), ..Mark::default() };
        let one = Marks::Together(scored(7.0));
        let two = Marks::by_tier(scored(70.0), scored(12.0));
        let cases = [
            (together, None, &one, (Some(7.0), Some(7.0))),
            (together, None, &two, (Some(12.0), Some(12.0))),
            (separately, None, &two, (Some(70.0), Some(12.0))),
            (separately, Some(Tier::Container), &two, (Some(50.0), Some(12.0))),
            (separately, Some(Tier::Orchestration), &one, (Some(7.0), Some(50.0))),
            (separately, None, &Marks::default(), (None, None)),
        ];
        for (scoring, tier, marks, expected) in cases {
            let start = Edit::Score(target("T1610", None), Score::new(50.0)).apply(&layer(scoring)).unwrap();
            let start = Edit::AddLink(target("T1610", None), Link::new("old", "https://example.org")).apply(&start);
            let metadata = vec![Metadata::new("owner", "blue")];
            let edit = Edit::Paste(target("T1610", tier), marks.clone(), metadata.clone(), Vec::new());
            let next = edit.apply(&start.unwrap()).unwrap();
            assert_eq!(scores(&next, "T1610"), expected, "{scoring:?} {tier:?}");
            let entry = next.annotations.get(&key("T1610")).unwrap();
            assert_eq!((&entry.metadata, entry.links.len()), (&metadata, 0));
        }
    }

    #[test]
    fn a_note_is_a_line_more() {
        let start = layer(TierScoring::Separately(Combine::Weakest));
        let one = Edit::AddToComment(target("T1610", Some(Tier::Container)), "a".to_owned()).apply(&start).unwrap();
        let both = Edit::AddToComment(target("T1610", None), "b".to_owned()).apply(&one).unwrap();
        assert_eq!(comments(&both, "T1610"), ["b", "a\nb"]);
    }

    #[test]
    fn comments_are_replaced_in_the_targets_tiers_only() {
        let start = layer(TierScoring::Separately(Combine::Weakest));
        let start = Edit::Comment(target("T1610", None), "edr and EDR".to_owned()).apply(&start).unwrap();
        let start = Edit::Comment(target("T1609", None), "no".to_owned()).apply(&start).unwrap();
        let replace = Replace { find: "edr".to_owned(), with: "x".to_owned(), match_case: false };
        let container = Edit::ReplaceInComments(target("T1610", Some(Tier::Container)), replace.clone());
        let next = container.apply(&start).unwrap();
        assert_eq!(comments(&next, "T1610"), ["edr and EDR", "x and x"]);
        let all = super::super::commented(&next);
        assert_eq!(replace.places(&next, &all), super::super::Places { places: 2, comments: 1 });
        let next = Edit::ReplaceInComments(all, replace.clone()).apply(&next).unwrap();
        assert_eq!(comments(&next, "T1610"), ["x and x", "x and x"]);
        assert_eq!(Edit::ReplaceInComments(target("T1609", None), replace).apply(&next), None);
    }

    #[test]
    fn several_edits_are_one_step() {
        let start = layer(TierScoring::Together);
        let edits =
            vec![Edit::Score(target("T1610", None), Score::new(1.0)), Edit::Enabled(target("T1609", None), false)];
        let both = Edit::Steps("both", edits.clone());
        let one_by_one = edits.iter().fold(start.clone(), |layer, edit| edit.apply(&layer).unwrap());
        assert_eq!((both.title(), both.apply(&start)), ("both", Some(one_by_one.clone())));
        assert_eq!(both.apply(&one_by_one), None);
    }

    #[test]
    fn what_is_taken_over_is_all_that_the_merged_layer_says_and_takes_nothing_unknown_away() {
        let mut start = layer(TierScoring::Together);
        start.kept.top.insert("x".to_owned(), 1.into());
        let start = Edit::Score(target("T1610", None), Score::new(1.0)).apply(&start).unwrap();
        let other = Layer::new("other", "enterprise-attack", Some("18"), vec!["Containers".to_owned()]);
        let other = Edit::Score(target("T1609", None), Score::new(2.0)).apply(&other).unwrap();
        let taken = Edit::TakeOver(Box::new(other.clone())).apply(&start).unwrap();
        let said = |layer: &Layer| {
            let written = layer.annotations.iter().filter(|entry| entry.is_written()).cloned();
            Layer { kept: Kept::default(), annotations: written.collect(), ..layer.clone() }
        };
        assert_eq!((said(&taken), &taken.kept), (said(&other), &start.kept));
        assert_eq!(Edit::TakeOver(Box::new(other)).apply(&taken), None);
    }

    #[test]
    fn huge_steps_never_make_a_score_that_is_no_number() {
        let start = layer(TierScoring::Together);
        let big = Edit::Score(target("T1610", None), Score::new(1.7e308)).apply(&start).unwrap();
        assert_eq!(Edit::AddToScore(target("T1610", None), 1.7e308).apply(&big), None);
    }
}
