//! Switches for parts of the app, under the names that the official Navigator's `features` have, and some of our own. A
//! switch takes controls away and never what a layer says; which commands go with it is said here and nowhere else.

use crate::app::command::{Command, Group as Topic};

macro_rules! switches {
    ($($name:ident $word:literal $group:ident $title:literal;)*) => {
        /// A part of the app that can be switched off.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Switch { $($name),* }

        impl Switch {
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// As addresses and `config.json` name it.
            pub fn word(self) -> &'static str {
                match self { $(Self::$name => $word),* }
            }

            /// As people read it.
            pub fn title(self) -> &'static str {
                match self { $(Self::$name => $title),* }
            }

            pub fn group(self) -> Group {
                match self { $(Self::$name => Group::$group),* }
            }
        }
    };
}

// The words with an underscore (but `open_link`), and `header`, `tabs`, `search`, `filters`, `sorting`, `subtechniques`,
// `scoring`, `comments`, `links`, `metadata` and `legend`, are those of `config.json` of Navigator 5.1.0; the others are ours.
switches! {
    Header "header" Parts "Bulkhead's name, help and theme";
    Tabs "tabs" Parts "Other layers and their tabs";
    Toolbar "toolbar" Parts "The bar of menus above the matrix";
    Inspector "inspector" Parts "The panel at the side";
    Status "status" Parts "The bar at the bottom";
    Caption "caption" Parts "The layer's name and description";
    Legend "legend" Parts "The gradient and the legend";
    Tooltips "tooltips" Parts "Tooltips";
    Representations "representations" Parts "Choosing between one matrix and two";
    Layouts "layouts" Parts "Layouts, labels and aggregate scores";
    Planning "planning" Parts "Coverage, threats and evidence";
    OpenLink "open_link" Parts "A link that opens it in Bulkhead";
    Search "search" Selection "Search";
    DeselectAll "deselect_all" Selection "Letting go of what is selected";
    Selecting "selecting_techniques" Selection "Selecting techniques";
    LayerSettings "layer_settings" LayerControls "Layer settings, names and snapshots";
    Download "download_layer" LayerControls "Export as layer, table, report and link";
    Pictures "export_render" LayerControls "Export as picture";
    Workbooks "export_excel" LayerControls "Export as workbook";
    Filters "filters" LayerControls "Platforms and tiers";
    Sorting "sorting" LayerControls "Sorting";
    ColorSetup "color_setup" LayerControls "Editing gradient, legend and tactic row";
    HideDisabled "toggle_hide_disabled" LayerControls "Hiding what is disabled";
    Subtechniques "subtechniques" LayerControls "Showing and hiding sub-techniques";
    Disabling "disable_techniques" TechniqueControls "Disabling techniques";
    ManualColor "manual_color" TechniqueControls "Colours by hand";
    Scoring "scoring" TechniqueControls "Scores";
    Comments "comments" TechniqueControls "Comments";
    Links "links" TechniqueControls "Links";
    Metadata "metadata" TechniqueControls "Metadata";
    Clearing "clear_annotations" TechniqueControls "Clearing and pasting annotations";
    BackgroundColor "background_color" Marks "Colours of cells";
    ScoreColor "non_aggregate_score_color" Marks "Colours of scores";
    AggregateColor "aggregate_score_color" Marks "Colours of aggregate scores";
    CommentMark "comment_underline" Marks "The sign of a comment";
    MetadataMark "metadata_underline" Marks "The sign of metadata";
    LinkMark "link_underline" Marks "The sign of links";
}

/// Words of the official Navigator that are taken and do nothing here: nobody is asked when leaving, the bars always stay,
/// and `multiselect` does nothing there either.
const WITHOUT_EFFECT: [&str; 4] = ["leave_site_dialog", "sticky_toolbar", "toolbar_controls", "multiselect"];

/// Whether a word is known and switches nothing.
pub fn is_word_without_effect(word: &str) -> bool {
    WITHOUT_EFFECT.contains(&word)
}

/// Switches that belong together; a group's word sets all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    Parts,
    Selection,
    LayerControls,
    TechniqueControls,
    Marks,
}

impl Group {
    pub const ALL: [Self; 5] =
        [Self::Parts, Self::Selection, Self::LayerControls, Self::TechniqueControls, Self::Marks];

    /// The official Navigator names three of them.
    fn word(self) -> &'static str {
        match self {
            Self::Parts => "parts",
            Self::Selection => "selection_controls",
            Self::LayerControls => "layer_controls",
            Self::TechniqueControls => "technique_controls",
            Self::Marks => "marks",
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Self::Parts => "Parts of the page",
            Self::Selection => "Selecting",
            Self::LayerControls => "Layer",
            Self::TechniqueControls => "Annotating techniques",
            Self::Marks => "What cells show",
        }
    }
}

/// The switches that a group's word sets; empty if it is no group's.
pub fn group(word: &str) -> impl Iterator<Item = Switch> {
    let group = Group::ALL.into_iter().find(|group| group.word() == word);
    Switch::ALL.iter().copied().filter(move |switch| Some(switch.group()) == group)
}

/// Which switches are on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Switches(u64);

impl Switches {
    pub const ALL: Self = Self(u64::MAX);

    /// What a matrix in another page has unless something else is said: itself, and what explains it.
    pub fn embedded() -> Self {
        let shown = [Switch::Caption, Switch::Legend, Switch::Tooltips, Switch::OpenLink];
        let marks = Switch::ALL.iter().copied().filter(|switch| switch.group() == Group::Marks);
        shown.into_iter().chain(marks).fold(Self(0), |all, switch| all.with(switch, true))
    }

    pub fn has(self, switch: Switch) -> bool {
        self.0 & (1 << switch as u32) != 0
    }

    #[must_use]
    pub fn with(self, switch: Switch, on: bool) -> Self {
        let bit = 1 << switch as u32;
        Self(if on { self.0 | bit } else { self.0 & !bit })
    }

    /// Sets what a word names, a switch or a group; `None` where it names nothing.
    #[must_use]
    pub fn set(self, word: &str, on: bool) -> Option<Self> {
        let named = Switch::ALL.iter().copied().find(|switch| switch.word() == word);
        let mut all = named.into_iter().chain(group(word)).peekable();
        all.peek()?;
        Some(all.fold(self, |switches, switch| switches.with(switch, on)))
    }

    /// The words of those that are off, for the style.
    pub fn words_off(self) -> String {
        let off = Switch::ALL.iter().filter(|switch| !self.has(**switch));
        off.map(|switch| switch.word()).collect::<Vec<_>>().join(" ")
    }
}

/// A set of commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CommandSet([u64; CommandSet::WORDS]);

impl CommandSet {
    const WORDS: usize = 6;

    pub fn has(self, command: Command) -> bool {
        let at = command as usize;
        self.0.get(at / 64).is_some_and(|word| word & (1 << (at % 64)) != 0)
    }

    fn insert(&mut self, command: Command) {
        let at = command as usize;
        if let Some(word) = self.0.get_mut(at / 64) {
            *word |= 1 << (at % 64);
        }
    }
}

/// The commands that go with what is off.
pub fn commands_off(switches: Switches) -> CommandSet {
    let mut set = CommandSet::default();
    for command in Command::ALL {
        if switch_of(*command).is_some_and(|switch| !switches.has(switch)) {
            set.insert(*command);
        }
    }
    set
}

/// What switches a command off. None: it is always there.
fn switch_of(command: Command) -> Option<Switch> {
    Some(match command {
        Command::EditUndo
        | Command::EditRedo
        | Command::HelpUpdate
        | Command::ViewContextMenu
        | Command::ViewPinTooltip
        | Command::ViewTechniquePage
        | Command::ViewTacticPage
        | Command::BundleStopReading
        | Command::AnnotateCopy
        | Command::SelectCopyTable => return None,
        Command::PaletteOpen => Switch::Search,
        Command::ViewTooltips => Switch::Tooltips,
        Command::ViewInspector => Switch::Inspector,
        Command::ViewLegend => Switch::Legend,
        Command::ViewTheme | Command::ViewThemeSystem | Command::ViewContrast => Switch::Header,
        Command::ViewUnified | Command::ViewSplit | Command::ViewOrchestration | Command::ViewContainer => {
            Switch::Representations
        }
        Command::ViewLayoutSide
        | Command::ViewLayoutFlat
        | Command::ViewLayoutMini
        | Command::ViewShowIds
        | Command::ViewShowNames
        | Command::ViewShowAggregate
        | Command::ViewAggregateAverage
        | Command::ViewAggregateMin
        | Command::ViewAggregateMax
        | Command::ViewAggregateSum
        | Command::ViewCountUnscored => Switch::Layouts,
        Command::ViewExpandAll
        | Command::ViewExpandAnnotated
        | Command::ViewCollapseAll
        | Command::ViewToggleSubtechniques => Switch::Subtechniques,
        Command::ViewPrimaryOnly | Command::ViewPlatforms | Command::ViewEmptyTactics => Switch::Filters,
        Command::ViewSortNameAscending
        | Command::ViewSortNameDescending
        | Command::ViewSortScoreAscending
        | Command::ViewSortScoreDescending => Switch::Sorting,
        Command::ViewHideDisabled
        | Command::ViewOnlyAnnotated
        | Command::ViewOnlySelected
        | Command::ViewHideSelected
        | Command::ViewOnlyEvidence => Switch::HideDisabled,
        Command::ViewTacticRowBackground => Switch::ColorSetup,
        Command::SelectNone => Switch::DeselectAll,
        Command::AnnotateScore | Command::AnnotateRaise | Command::AnnotateLower => Switch::Scoring,
        Command::AnnotateColor => Switch::ManualColor,
        Command::AnnotateComment | Command::AnnotateNote | Command::AnnotateReplaceInComments => Switch::Comments,
        Command::AnnotateLink => Switch::Links,
        Command::AnnotateMetadata => Switch::Metadata,
        Command::AnnotateToggleEnabled | Command::AnnotateEnableOnly | Command::LayerDisableAll => Switch::Disabling,
        Command::AnnotateClear | Command::AnnotatePaste => Switch::Clearing,
        Command::LayerSettings
        | Command::LayerRename
        | Command::LayerSnapshots
        | Command::LayerScoreTiersSeparately
        | Command::LayerCombineWeakest
        | Command::LayerCombineHighest
        | Command::LayerCombineAverage => Switch::LayerSettings,
        Command::LayerSave
        | Command::LayerSaveAs
        | Command::LayerExportJson
        | Command::LayerExportPartsJson
        | Command::LayerExportAllJson
        | Command::ExportCsv
        | Command::ExportMarkdown
        | Command::ExportHtml
        | Command::LayerExportVisibleJson
        | Command::ShareLink
        | Command::ShareEmbed => Switch::Download,
        Command::ExportPicture | Command::ExportSvg | Command::ExportPng => Switch::Pictures,
        Command::ExportXlsx | Command::ExportAllXlsx => Switch::Workbooks,
        Command::CoveragePanel | Command::CoveragePage | Command::CoverageThreat => Switch::Planning,
        other => match other.group() {
            Topic::View => Switch::Planning,
            Topic::Annotate | Topic::Edit => return None,
            Topic::Select => Switch::Selecting,
            Topic::Layer | Topic::Bundle => Switch::Tabs,
            Topic::Colors => Switch::ColorSetup,
            Topic::Help => Switch::Header,
            Topic::Present => Switch::Pictures,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn words_are_unique_and_every_switch_has_its_bit() {
        let mut words: BTreeSet<&str> = Switch::ALL.iter().map(|switch| switch.word()).collect();
        words.extend(Group::ALL.map(Group::word));
        words.extend(WITHOUT_EFFECT);
        assert_eq!(words.len(), Switch::ALL.len() + Group::ALL.len() + WITHOUT_EFFECT.len());
        assert!(Switch::ALL.len() <= 64 && Command::ALL.len() <= CommandSet::WORDS * 64);
    }

    #[test]
    fn a_switch_is_set_alone_and_a_group_as_a_whole() {
        let all = Switches::ALL;
        let no_tabs = all.set("tabs", false).unwrap();
        assert!(!no_tabs.has(Switch::Tabs) && no_tabs.has(Switch::Header));
        assert_eq!(no_tabs.set("tabs", true), Some(all));
        let silent = all.set("technique_controls", false).unwrap();
        for switch in Switch::ALL {
            assert_eq!(silent.has(*switch), switch.group() != Group::TechniqueControls, "{switch:?}");
        }
        assert_eq!(all.set("multiselect", false), None);
        assert_eq!(all.set("__proto__", false), None);
    }

    #[test]
    fn what_is_off_takes_its_commands_along() {
        let off = |words: &[&str]| {
            let switches = words.iter().fold(Switches::ALL, |switches, word| switches.set(word, false).unwrap());
            commands_off(switches)
        };
        assert_eq!(off(&[]), CommandSet::default());
        let cases: [(&str, &[Command], &[Command]); 5] = [
            ("scoring", &[Command::AnnotateScore, Command::AnnotateRaise], &[Command::AnnotateComment]),
            ("selecting_techniques", &[Command::SelectAll, Command::SelectTactic], &[Command::SelectNone]),
            ("layer_controls", &[Command::LayerExportJson, Command::ViewExpandAll], &[Command::LayerNew]),
            ("tabs", &[Command::LayerNew, Command::LayerCombine, Command::BundleOpen], &[Command::LayerSettings]),
            ("header", &[Command::HelpAbout, Command::ViewTheme], &[Command::PaletteOpen, Command::EditUndo]),
        ];
        for (word, gone, there) in cases {
            let off = off(&[word]);
            assert!(gone.iter().all(|command| off.has(*command)), "{word}");
            assert!(!there.iter().any(|command| off.has(*command)), "{word}");
        }
    }

    #[test]
    fn every_switch_that_is_no_part_or_sign_switches_a_command() {
        let seen = [Switch::Caption, Switch::OpenLink, Switch::Toolbar, Switch::Status];
        for switch in Switch::ALL.iter().filter(|it| it.group() != Group::Marks && !seen.contains(it)) {
            assert!(Command::ALL.iter().any(|command| switch_of(*command) == Some(*switch)), "{switch:?}");
        }
    }

    #[test]
    fn an_embedded_matrix_has_nothing_to_change_it_by() {
        let off = commands_off(Switches::embedded());
        for command in Command::ALL {
            let harmless = switch_of(*command).is_none_or(|switch| Switches::embedded().has(switch));
            assert_eq!(off.has(*command), !harmless);
        }
        assert!(off.has(Command::AnnotateScore) && off.has(Command::ViewSplit) && off.has(Command::PaletteOpen));
        assert!(
            Switches::embedded().words_off().contains("toolbar")
                && !Switches::embedded().words_off().contains("caption")
        );
    }
}
