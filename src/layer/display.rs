//! How a layer is displayed: what its file says of layout, labels, sorting, selection and representation.
//! What these do to the matrix is `matrix`'s.

use crate::attack::Tier;

/// How one knowledge is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Representation {
    /// One matrix of all techniques.
    #[default]
    Unified,
    /// Two matrices, orchestration and container.
    Split,
    /// One tier's matrix alone.
    Alone(Tier),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LayoutKind {
    #[default]
    Side,
    Flat,
    Mini,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AggregateFunction {
    #[default]
    Average,
    Min,
    Max,
    Sum,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ExpandedSubtechniques {
    All,
    Annotated,
    /// What the official Navigator starts with, and what files without the key mean.
    #[default]
    None,
}

/// `sorting` of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sorting {
    #[default]
    NameAscending,
    NameDescending,
    ScoreAscending,
    ScoreDescending,
}

/// Everything of a layer that says how it looks, and what a click selects.
#[derive(Debug, Clone, PartialEq)]
pub struct Display {
    pub representation: Representation,
    /// Each technique in its primary tier only.
    pub primary_only: bool,
    /// Tactics without techniques too.
    pub empty_tactics: bool,
    pub layout: LayoutKind,
    pub show_id: bool,
    pub show_name: bool,
    pub show_aggregate: bool,
    pub aggregate: AggregateFunction,
    pub count_unscored: bool,
    pub expanded: ExpandedSubtechniques,
    pub sorting: Sorting,
    pub hide_disabled: bool,
    pub show_tactic_row_background: bool,
    /// As the file has it: `#dddddd`.
    pub tactic_row_background: String,
    pub select_across_tactics: bool,
    pub select_subtechniques_with_parent: bool,
    pub select_visible: bool,
}

/// What a file means that says nothing. A new layer differs in two: see [`Display::for_new_layer`].
impl Default for Display {
    fn default() -> Self {
        Self {
            representation: Representation::Unified,
            primary_only: false,
            empty_tactics: false,
            layout: LayoutKind::Side,
            show_id: false,
            show_name: true,
            show_aggregate: false,
            aggregate: AggregateFunction::Average,
            count_unscored: false,
            expanded: ExpandedSubtechniques::None,
            sorting: Sorting::NameAscending,
            hide_disabled: false,
            show_tactic_row_background: false,
            tactic_row_background: "#dddddd".to_owned(),
            select_across_tactics: true,
            select_subtechniques_with_parent: false,
            select_visible: false,
        }
    }
}

impl Display {
    /// Sub-techniques open, under their techniques, and ids shown: the container matrix is small enough to be seen whole.
    pub fn for_new_layer() -> Self {
        Self { layout: LayoutKind::Flat, show_id: true, expanded: ExpandedSubtechniques::All, ..Self::default() }
    }

    /// The mini layout has room for neither ids nor names; whoever leaves it finds the names again (`LO` 5 to 58 of
    /// Navigator 5.1.0).
    pub fn set_layout(&mut self, layout: LayoutKind) {
        if layout == LayoutKind::Mini {
            (self.show_id, self.show_name) = (false, false);
        } else if self.layout == LayoutKind::Mini {
            self.show_name = true;
        }
        self.layout = layout;
    }

    /// Asking for ids ends the mini layout. Outside of it one of the two stays: a cell that says nothing helps nobody.
    pub fn toggle_ids(&mut self) {
        self.show_id = !self.show_id;
        self.after_label(|display| display.show_name = true);
    }

    /// As [`Display::toggle_ids`].
    pub fn toggle_names(&mut self) {
        self.show_name = !self.show_name;
        self.after_label(|display| display.show_id = true);
    }

    fn after_label(&mut self, show_other: impl FnOnce(&mut Self)) {
        if self.show_id || self.show_name {
            if self.layout == LayoutKind::Mini {
                self.layout = LayoutKind::Side;
            }
        } else {
            show_other(self);
        }
    }

    /// Only averages can count what is unscored: asking for it asks for the average.
    pub fn toggle_count_unscored(&mut self) {
        let count = !self.count_unscored;
        self.set_aggregate(AggregateFunction::Average);
        self.count_unscored = count;
    }

    /// Only averages can count what is unscored: `LO` 69 of Navigator 5.1.0.
    pub fn set_aggregate(&mut self, function: AggregateFunction) {
        self.show_aggregate = true;
        self.aggregate = function;
        self.count_unscored &= function == AggregateFunction::Average;
    }
}

impl Representation {
    pub const ALL: [Self; 4] =
        [Self::Unified, Self::Split, Self::Alone(Tier::Orchestration), Self::Alone(Tier::Container)];

    /// The word for it in files, in the page and in the address: `unified`, `split`, `orchestration`, `container`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Unified => "unified",
            Self::Split => "split",
            Self::Alone(tier) => tier.word(),
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|representation| representation.word() == word)
    }
}

impl LayoutKind {
    pub const ALL: [Self; 3] = [Self::Side, Self::Flat, Self::Mini];

    pub fn word(self) -> &'static str {
        match self {
            Self::Side => "side",
            Self::Flat => "flat",
            Self::Mini => "mini",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|layout| layout.word() == word)
    }
}

impl AggregateFunction {
    pub const ALL: [Self; 4] = [Self::Average, Self::Min, Self::Max, Self::Sum];

    pub fn word(self) -> &'static str {
        match self {
            Self::Average => "average",
            Self::Min => "min",
            Self::Max => "max",
            Self::Sum => "sum",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|function| function.word() == word)
    }
}

impl ExpandedSubtechniques {
    pub const ALL: [Self; 3] = [Self::All, Self::Annotated, Self::None];

    pub fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Annotated => "annotated",
            Self::None => "none",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|expanded| expanded.word() == word)
    }
}

impl Sorting {
    pub const ALL: [Self; 4] = [Self::NameAscending, Self::NameDescending, Self::ScoreAscending, Self::ScoreDescending];

    /// `sorting` of the layer format: 0 to 3.
    pub fn number(self) -> u64 {
        match self {
            Self::NameAscending => 0,
            Self::NameDescending => 1,
            Self::ScoreAscending => 2,
            Self::ScoreDescending => 3,
        }
    }

    pub fn from_number(number: u64) -> Option<Self> {
        Self::ALL.into_iter().find(|sorting| sorting.number() == number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mini_layout_has_no_labels_and_gives_the_names_back() {
        let mut display = Display::for_new_layer();
        display.set_layout(LayoutKind::Mini);
        assert_eq!((display.show_id, display.show_name), (false, false));
        display.set_layout(LayoutKind::Flat);
        assert_eq!((display.show_id, display.show_name), (false, true));
        display.set_layout(LayoutKind::Mini);
        display.toggle_ids();
        assert_eq!((display.layout, display.show_id, display.show_name), (LayoutKind::Side, true, false));
    }

    #[test]
    fn a_cell_is_never_without_a_label() {
        let mut display = Display::default();
        display.toggle_names();
        assert_eq!((display.show_id, display.show_name), (true, false));
        display.toggle_ids();
        assert_eq!((display.show_id, display.show_name), (false, true));
    }

    #[test]
    fn only_averages_count_what_is_unscored() {
        let mut display = Display { count_unscored: true, ..Display::default() };
        display.set_aggregate(AggregateFunction::Average);
        assert!(display.count_unscored && display.show_aggregate);
        display.set_aggregate(AggregateFunction::Max);
        assert!(!display.count_unscored);
        display.toggle_count_unscored();
        assert_eq!((display.aggregate, display.count_unscored), (AggregateFunction::Average, true));
    }
}
