//! What a team says: a Navigator layer as a value. An edit makes the next one; history holds the ones before.
//! It knows techniques by their ids only: what they are is `attack`'s, where they stand is `matrix`'s. Knowledge is read where
//! layers are made of it or held against it: `made`, `upgrade`, `gaps` and `representations`.

mod aggregate;
mod annotations;
mod color;
mod combination;
mod compare;
mod coverage;
mod css_color;
pub mod deck;
mod display;
mod edit;
mod expression;
mod file;
mod gaps;
mod gradient;
mod gradient_edit;
mod history;
mod ledger;
mod legend;
mod list;
mod made;
mod mark;
mod merge;
mod palettes;
mod replace;
mod representations;
mod score;
mod snapshot;
mod threat;
mod upgrade;
mod vision;

pub use annotations::{Annotations, Entry, Key};
pub use color::{Color, ColorError, Ink};
pub use combination::{Combined, Part, Source, Taken, combine, gap_expression, letter};
pub use compare::{Comparison, Difference, Differing, Field, Setting, Side, State, compare};
pub use coverage::{Coverage, coverage_threshold};
pub use display::{AggregateFunction, Display, ExpandedSubtechniques, LayoutKind, Representation, Sorting};
pub use edit::{Edit, SLIDE_EDIT, Target};
pub use expression::{Expression, ExpressionError, FUNCTIONS, LONGEST_EXPRESSION, Outcome};
pub use file::{
    FileError, Format, MAXIMUM_LAYER_BYTES, MAXIMUM_REPLACEMENTS_BYTES, Note, Opened, Placement, Replacements,
    ReplacementsError, read, replace_revoked, write, write_all, write_in_a_line, write_only, write_parts,
};
pub use gaps::{Asked, Gap, TacticCoverage, place_of};
pub use gradient::Gradient;
pub use history::{History, Passage};
pub use ledger::{Ledger, MOST_STORED_BYTES, MOST_STORED_STEPS, Plan};
pub use legend::{legend_cleared, legend_from_colors_used, legend_from_gradient, legend_with, legend_with_moved};
pub use list::{LegendItem, Link, Metadata, Row, RowChange, is_safe_url};
pub use made::{Carried, Counted, Left, Why, carry_over, layer_from_actors, layer_from_evidence};
pub use mark::{Combine, Mark, Marks, TierScoring};
pub use merge::{GivenWay, Merged, Picks, merge};
pub use palettes::{PRESETS, Preset, SWATCHES, TACTIC_ROW_SWATCHES, color_name, remember};
pub use replace::{Places, Replace, commented};
pub use representations::{MatrixFigures, Representations, TacticCells};
pub use score::Score;
pub use snapshot::{MOST_SNAPSHOT_BYTES, MOST_SNAPSHOTS, Snapshot, SnapshotError};
pub use threat::{Counts, Meeting, ThreatOver};
pub use upgrade::{Change, Decision, Fate, Upgrade, Way, report, tactic_words, upgrade, upgraded};
pub use vision::{Fault, VISIONS, Vision};

use crate::attack::Tier;
use deck::Slide;
use serde_json::{Map, Value};
use std::borrow::Cow;

/// One team's annotations on techniques, and how they are displayed.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    pub name: String,
    pub description: String,
    /// `enterprise-attack`; older spellings are converted when a file is read.
    pub domain: String,
    pub versions: Versions,
    /// For a layer on a custom bundle: where its data is.
    pub custom_data_url: Option<String>,
    /// `filters.platforms` in the order of the file; empty means all.
    pub platforms: Vec<String>,
    pub display: Display,
    pub gradient: Gradient,
    pub legend: Vec<LegendItem>,
    pub metadata: Vec<Metadata>,
    pub links: Vec<Link>,
    pub tier_scoring: TierScoring,
    pub annotations: Annotations,
    /// What it said on earlier days, the oldest first.
    pub snapshots: Vec<Snapshot>,
    /// What it says of itself as a slide of a briefing.
    pub slide: Slide,
    /// What the file had and this program has no use for, by where it stood. Written back as it came.
    pub kept: Kept,
}

/// `versions` of the file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Versions {
    /// ATT&CK release as the file has it: `19`, `13.1`; absent where it doesn't say.
    pub attack: Option<String>,
    /// The Navigator 5 release that last wrote it, where that isn't 5.1.0, whose files these are.
    pub navigator: Option<String>,
}

/// Values that ride along unused: unknown keys, and known keys whose value had the wrong type.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Kept {
    pub top: Map<String, Value>,
    pub versions: Map<String, Value>,
    pub filters: Map<String, Value>,
    pub layout: Map<String, Value>,
    pub gradient: Map<String, Value>,
    /// Elements of `techniques` that aren't annotations of a technique (not an object, no usable id).
    pub techniques: Vec<Value>,
}

impl Layer {
    /// An empty layer as the official Navigator makes one, except that sub-techniques are shown.
    pub fn new(name: &str, domain: &str, attack_version: Option<&str>, platforms: Vec<String>) -> Self {
        Self {
            name: name.to_owned(),
            description: String::new(),
            domain: domain.to_owned(),
            versions: Versions { attack: attack_version.map(str::to_owned), navigator: None },
            custom_data_url: None,
            platforms,
            display: Display::for_new_layer(),
            gradient: Gradient::default(),
            legend: Vec::new(),
            metadata: Vec::new(),
            links: Vec::new(),
            tier_scoring: TierScoring::Together,
            annotations: Annotations::default(),
            snapshots: Vec::new(),
            slide: Slide::default(),
            kept: Kept::default(),
        }
    }

    /// What it is called where it is listed: its name, or that it has none.
    pub fn title(&self) -> &str {
        if self.name.trim().is_empty() { "(no name)" } else { &self.name }
    }

    /// Whether nobody would look for it: it has a new layer's name and colours, and no word of anybody's. How it is shown
    /// doesn't count.
    pub fn says_nothing(&self) -> bool {
        let number = self.name.strip_prefix("layer");
        number.is_some_and(|number| number.chars().all(|c| c.is_ascii_digit()))
            && self.description.is_empty()
            && self.metadata.is_empty()
            && self.links.is_empty()
            && self.legend.is_empty()
            && self.snapshots.is_empty()
            && self.slide.is_usual()
            && self.gradient == Gradient::default()
            && self.kept == Kept::default()
            && self.annotations.iter().all(|entry| !entry.is_written())
    }

    /// What is said of a technique in a tactic: in one tier, or combined by the layer's rule.
    pub fn mark(&self, key: &Key, tier: Option<Tier>) -> Mark {
        self.annotations.about(key).map_or_else(Mark::default, |entry| self.mark_of(entry, tier).into_owned())
    }

    /// The same of an entry at hand, without a copy where none is needed.
    pub fn mark_of<'a>(&self, entry: &'a Entry, tier: Option<Tier>) -> Cow<'a, Mark> {
        match (&entry.marks, tier) {
            (Marks::Together(mark), _) => Cow::Borrowed(mark),
            (marks, Some(tier)) => Cow::Borrowed(marks.of(tier)),
            (marks, None) => Cow::Owned(marks.combined(self.tier_scoring.combine())),
        }
    }

    /// The colour of what is said, over what is behind it. A disabled technique has none; a colour set by hand goes before
    /// the aggregate's, and that before the score's: `CELL` 176 of Navigator 5.1.0.
    pub fn color_of(&self, mark: &Mark, aggregate: Option<Score>, behind: [u8; 3]) -> Option<[u8; 3]> {
        if !mark.enabled {
            return None;
        }
        self.color_from(mark.color.as_ref(), aggregate.or(mark.score), behind)
    }

    /// A colour set by hand, or else the one of a score.
    pub fn color_from(&self, by_hand: Option<&Color>, score: Option<Score>, behind: [u8; 3]) -> Option<[u8; 3]> {
        let by_hand = by_hand.map(|color| color.over(behind));
        by_hand.or_else(|| score.map(|score| self.gradient.color_of(score)))
    }

    /// The score of the mark, and whether it is enabled: for those who ask of many.
    pub fn scored(&self, key: &Key, tier: Option<Tier>) -> (Option<Score>, bool) {
        self.annotations.about(key).map_or((None, true), |entry| {
            let mark = self.mark_of(entry, tier);
            (mark.score, mark.enabled)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layer_with_colours_or_words_of_its_own_says_something() {
        let new = || Layer::new("layer1", "enterprise-attack", Some("19"), Vec::new());
        assert!(new().says_nothing());
        assert!(Layer { display: Display::default(), ..new() }.says_nothing());
        let changes: [fn(&mut Layer); 5] = [
            |layer| layer.name.push('s'),
            |layer| layer.description.push('x'),
            |layer| layer.gradient = layer.gradient.reversed(),
            |layer| layer.legend = legend_from_gradient(&layer.gradient),
            |layer| layer.kept.techniques.push(Value::from(5)),
        ];
        for (at, change) in changes.iter().enumerate() {
            let mut layer = new();
            change(&mut layer);
            assert!(!layer.says_nothing(), "{at}");
        }
    }

    #[test]
    fn a_layer_without_a_name_can_be_told_in_a_list() {
        let title = |name: &str| Layer::new(name, "enterprise-attack", None, Vec::new()).title().to_owned();
        assert_eq!([title("Q3"), title(" "), title("")], ["Q3", "(no name)", "(no name)"]);
    }
}
