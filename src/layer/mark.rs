//! What a cell says: score, colour, comment, enabled; once for both tiers, or once for each.
//! How two tiers' marks become the one that other tools see is decided here and nowhere else.

use super::{Color, Score};
use crate::attack::Tier;

/// A technique's annotation in one tier, or in both at once.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    pub score: Option<Score>,
    /// Set by hand; it goes before the score's colour.
    pub color: Option<Color>,
    pub comment: String,
    pub enabled: bool,
}

/// A technique's marks. Two equal marks are one mark: see [`Marks::by_tier`].
#[derive(Debug, Clone, PartialEq)]
pub enum Marks {
    Together(Mark),
    ByTier { orchestration: Mark, container: Mark },
}

/// Whether a layer says one thing of both tiers of a technique, or one of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TierScoring {
    #[default]
    Together,
    Separately(Combine),
}

/// How two tiers' scores become the one that the unified matrix sorts by and other tools see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Combine {
    /// The lower score: a technique is as covered as its weakest tier.
    #[default]
    Weakest,
    Highest,
    Average,
}

impl TierScoring {
    /// How two tiers' marks become one. Layers scored together have none to combine.
    pub fn combine(self) -> Combine {
        match self {
            Self::Together => Combine::default(),
            Self::Separately(combine) => combine,
        }
    }
}

impl Default for Mark {
    fn default() -> Self {
        Self { score: None, color: None, comment: String::new(), enabled: true }
    }
}

impl Mark {
    /// Whether it says anything: layer format 4.5 writes only such ones.
    pub fn is_annotated(&self) -> bool {
        self.score.is_some() || self.color.is_some() || !self.comment.is_empty() || !self.enabled
    }
}

impl Default for Marks {
    fn default() -> Self {
        Self::Together(Mark::default())
    }
}

impl Marks {
    /// Marks of two tiers; equal ones are kept as one.
    pub fn by_tier(orchestration: Mark, container: Mark) -> Self {
        if orchestration == container {
            Self::Together(orchestration)
        } else {
            Self::ByTier { orchestration, container }
        }
    }

    pub fn of(&self, tier: Tier) -> &Mark {
        match (self, tier) {
            (Self::Together(mark), _) => mark,
            (Self::ByTier { orchestration, .. }, Tier::Orchestration) => orchestration,
            (Self::ByTier { container, .. }, Tier::Container) => container,
        }
    }

    /// The marks with `change` made in one tier, or in both where `tier` is `None`.
    pub fn changed(&self, tier: Option<Tier>, change: impl Fn(&mut Mark)) -> Self {
        let changed = |mark: &Mark| {
            let mut mark = mark.clone();
            change(&mut mark);
            mark
        };
        match (self, tier) {
            (Self::Together(mark), None) => Self::Together(changed(mark)),
            _ => {
                let next = |at: Tier| {
                    let mark = self.of(at);
                    if tier.is_none_or(|tier| tier == at) { changed(mark) } else { mark.clone() }
                };
                Self::by_tier(next(Tier::Orchestration), next(Tier::Container))
            }
        }
    }

    /// The one mark that stands for both tiers, by the rule.
    ///
    /// Of two tiers one of which is disabled, the other's, comment and all. Else score: the lowest, highest or average of
    /// those that there are. Colour: of the tier whose score it is; where neither or both decide, orchestration's, or else
    /// container's. Comment: both, each under its tier's name, or one if they are equal. Enabled: if any tier is.
    pub fn combined(&self, combine: Combine) -> Mark {
        match self {
            Self::Together(mark) => mark.clone(),
            Self::ByTier { orchestration, container } => combine.marks(orchestration, container),
        }
    }

    pub fn is_annotated(&self) -> bool {
        match self {
            Self::Together(mark) => mark.is_annotated(),
            Self::ByTier { orchestration, container } => orchestration.is_annotated() || container.is_annotated(),
        }
    }

    /// What is said in words, in tiers that are disabled, too: each under its tier's name where they differ.
    pub fn comments(&self) -> String {
        match self {
            Self::Together(mark) => mark.comment.clone(),
            Self::ByTier { orchestration, container } => joined_comment(&orchestration.comment, &container.comment),
        }
    }

    pub fn has_comment(&self) -> bool {
        match self {
            Self::Together(mark) => !mark.comment.is_empty(),
            Self::ByTier { orchestration, container } => {
                !orchestration.comment.is_empty() || !container.comment.is_empty()
            }
        }
    }
}

impl Combine {
    pub const ALL: [Self; 3] = [Self::Weakest, Self::Highest, Self::Average];

    /// The word for it in files and in the page.
    pub fn word(self) -> &'static str {
        match self {
            Self::Weakest => "weakest",
            Self::Highest => "highest",
            Self::Average => "average",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|combine| combine.word() == word)
    }

    /// Of tiers without a score, or with only one, there is nothing to combine.
    pub fn scores(self, orchestration: Option<Score>, container: Option<Score>) -> Option<Score> {
        let (Some(a), Some(b)) = (orchestration, container) else { return orchestration.or(container) };
        match self {
            Self::Weakest => Some(a.min(b)),
            Self::Highest => Some(a.max(b)),
            Self::Average => Score::new(a.value() / 2.0 + b.value() / 2.0),
        }
    }

    fn marks(self, orchestration: &Mark, container: &Mark) -> Mark {
        if !orchestration.enabled || !container.enabled {
            if container.enabled {
                return container.clone();
            }
            if orchestration.enabled {
                return orchestration.clone();
            }
        }
        let score = self.scores(orchestration.score, container.score);
        Mark {
            score,
            color: self.color(score, orchestration, container),
            comment: joined_comment(&orchestration.comment, &container.comment),
            enabled: orchestration.enabled || container.enabled,
        }
    }

    fn color(self, score: Option<Score>, orchestration: &Mark, container: &Mark) -> Option<Color> {
        if orchestration.color == container.color {
            return orchestration.color.clone();
        }
        let decides = |mark: &Mark| score.is_some() && mark.score == score;
        match (decides(orchestration), decides(container)) {
            (true, false) => orchestration.color.clone(),
            (false, true) => container.color.clone(),
            _ => orchestration.color.clone().or_else(|| container.color.clone()),
        }
    }
}

fn joined_comment(orchestration: &str, container: &str) -> String {
    match (orchestration, container) {
        (one, other) if one == other => one.to_owned(),
        (one, "") => format!("Orchestration: {one}"),
        ("", other) => format!("Container: {other}"),
        (one, other) => format!("Orchestration: {one}\nContainer: {other}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scored(value: f64) -> Mark {
        Mark { score: Score::new(value), ..Mark::default() }
    }

    #[test]
    fn scores_combine_by_the_rule_that_the_layer_sets() {
        let marks = Marks::by_tier(scored(70.0), scored(12.0));
        let combined = |combine| marks.combined(combine).score.map(Score::value);
        assert_eq!(combined(Combine::Weakest), Some(12.0));
        assert_eq!(combined(Combine::Highest), Some(70.0));
        assert_eq!(combined(Combine::Average), Some(41.0));
    }

    #[test]
    fn an_unscored_tier_does_not_hide_the_other() {
        let marks = Marks::by_tier(scored(70.0), Mark::default());
        assert_eq!(marks.combined(Combine::Weakest).score, Score::new(70.0));
    }

    #[test]
    fn a_disabled_tier_has_no_say() {
        let off = Mark { enabled: false, ..scored(5.0) };
        let marks = Marks::by_tier(scored(70.0), off.clone());
        assert_eq!(marks.combined(Combine::Weakest), scored(70.0));
        let both_off = Marks::by_tier(Mark { enabled: false, ..scored(9.0) }, off);
        assert!(!both_off.combined(Combine::Weakest).enabled);
    }

    #[test]
    fn changing_one_tier_leaves_the_other_and_equal_tiers_become_one() {
        let marks = Marks::default().changed(Some(Tier::Container), |mark| mark.score = Score::new(1.0));
        assert_eq!(marks, Marks::ByTier { orchestration: Mark::default(), container: scored(1.0) });
        let same = marks.changed(Some(Tier::Orchestration), |mark| mark.score = Score::new(1.0));
        assert_eq!(same, Marks::Together(scored(1.0)));
        let both = marks.changed(None, |mark| mark.comment = "x".to_owned());
        assert_eq!(both.of(Tier::Container).comment, "x");
        assert_eq!(both.of(Tier::Orchestration).score, None);
    }

    #[test]
    fn comments_of_two_tiers_are_told_apart() {
        assert_eq!(joined_comment("a", "a"), "a");
        assert_eq!(joined_comment("a", ""), "Orchestration: a");
        assert_eq!(joined_comment("a", "b"), "Orchestration: a\nContainer: b");
    }
}
