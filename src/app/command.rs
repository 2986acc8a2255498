//! Every command: its id, title, keys, and what it needs. Toolbar, menus, palette, keyboard and the shortcuts
//! sheet are all made from this table. Whether what a command needs is there is `needs`' to say; what it does is in `run`.

mod chord;
mod needs;

pub use chord::Pressed;
pub use needs::Situation;

use crate::layer::{PRESETS, Preset};
use needs::Needs;

/// What a command is about; the shortcuts sheet and the palette are grouped by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    View,
    Annotate,
    Select,
    Edit,
    Layer,
    Colors,
    Bundle,
    Present,
    Help,
}

macro_rules! commands {
    ($($name:ident $id:literal $title:literal $group:ident $needs:ident [$($key:literal),*];)*) => {
        /// A command. Nothing changes a layer, the view or the selection but one of these.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Command { $($name),* }

        impl Command {
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// As tests, scripts and the palette name it.
            pub fn id(self) -> &'static str {
                match self { $(Self::$name => $id),* }
            }

            /// As people read it.
            pub fn title(self) -> &'static str {
                match self { $(Self::$name => $title),* }
            }

            /// Key chords: `Ctrl+Z` (⌘ on a Mac), `s`, `?`. The first is the one to show.
            pub fn keys(self) -> &'static [&'static str] {
                match self { $(Self::$name => &[$($key),*]),* }
            }

            pub fn group(self) -> Group {
                match self { $(Self::$name => Group::$group),* }
            }

            fn needs(self) -> Needs {
                match self { $(Self::$name => Needs::$needs),* }
            }
        }
    };
}

commands! {
    ViewUnified "view.unified" "Show one unified matrix" View Nothing ["u"];
    ViewSplit "view.split" "Split into orchestration and container" View Nothing ["s"];
    ViewOrchestration "view.orchestration" "Show the orchestration matrix alone" View Nothing ["o"];
    ViewContainer "view.container" "Show the container matrix alone" View Nothing ["n"];
    ViewPrimaryOnly "view.primary-only" "Show each technique in its primary tier only" View Nothing ["p"];
    ViewExpandAll "view.expand-all" "Show all sub-techniques" View Nothing ["e"];
    ViewExpandAnnotated "view.expand-annotated" "Show annotated sub-techniques" View Nothing [];
    ViewCollapseAll "view.collapse-all" "Hide sub-techniques" View Nothing ["Shift+E"];
    ViewToggleSubtechniques "view.toggle-subtechniques" "Show or hide this technique's sub-techniques" View Target ["h"];
    ViewLayoutSide "view.layout-side" "Sub-techniques beside their technique" View Nothing [];
    ViewLayoutFlat "view.layout-flat" "Sub-techniques under their technique" View Nothing [];
    ViewLayoutMini "view.layout-mini" "Small squares without text" View Nothing [];
    ViewShowIds "view.show-ids" "Show technique ids" View Nothing [];
    ViewShowNames "view.show-names" "Show technique names" View Nothing [];
    ViewShowAggregate "view.show-aggregate" "Show aggregate scores" View Nothing ["f"];
    ViewAggregateAverage "view.aggregate-average" "Aggregate by the average" View Nothing [];
    ViewAggregateMin "view.aggregate-min" "Aggregate by the lowest score" View Nothing [];
    ViewAggregateMax "view.aggregate-max" "Aggregate by the highest score" View Nothing [];
    ViewAggregateSum "view.aggregate-sum" "Aggregate by the sum" View Nothing [];
    ViewCountUnscored "view.count-unscored" "Count unscored sub-techniques as 0 in averages" View Nothing [];
    ViewPlatforms "view.platforms" "Choose platforms…" View Nothing [];
    ViewSecondLayer "view.second-layer" "Show a second layer in the cells…" View Nothing [];
    ViewHideDisabled "view.hide-disabled" "Hide disabled techniques" View Nothing [];
    ViewEmptyTactics "view.empty-tactics" "Show tactics without techniques" View Nothing [];
    ViewSortNameAscending "view.sort-name-ascending" "Sort by name, A to Z" View Nothing [];
    ViewSortNameDescending "view.sort-name-descending" "Sort by name, Z to A" View Nothing [];
    ViewSortScoreAscending "view.sort-score-ascending" "Sort by score, lowest first" View Nothing [];
    ViewSortScoreDescending "view.sort-score-descending" "Sort by score, highest first" View Nothing [];
    ViewInspector "view.inspector" "Show or hide the inspector" View Nothing ["i"];
    ViewTheme "view.theme" "Switch between light and dark" View Nothing ["t"];
    ViewThemeSystem "view.theme-system" "Theme and contrast as the system is" View Nothing [];
    ViewContrast "view.contrast" "High contrast" View Nothing [];
    ViewLegend "view.legend" "Show the gradient and the legend" View Nothing [];
    ViewTacticRowBackground "view.tactic-row-background" "Show a background behind the tactics" View Nothing [];

    AnnotateScore "annotate.score" "Score" Annotate Target ["Enter"];
    AnnotateRaise "annotate.raise" "Raise the score by a twentieth of the scale" Annotate Target ["+"];
    AnnotateLower "annotate.lower" "Lower the score by a twentieth of the scale" Annotate Target ["-"];
    AnnotateColor "annotate.color" "Set the colour" Annotate Target ["k"];
    AnnotateComment "annotate.comment" "Comment" Annotate Target ["c"];
    AnnotateLink "annotate.link" "Add a link" Annotate Target ["l"];
    AnnotateMetadata "annotate.metadata" "Add metadata" Annotate Target ["m"];
    AnnotateToggleEnabled "annotate.toggle-enabled" "Disable or enable" Annotate Target ["x"];
    AnnotateClear "annotate.clear" "Clear annotations" Annotate Target ["Delete"];

    SelectAll "select.all" "Select all techniques shown" Select Nothing ["Ctrl+A"];
    SelectNone "select.none" "Select nothing" Select Nothing ["Escape"];
    SelectInvert "select.invert" "Invert the selection" Select Nothing ["v"];
    SelectAnnotated "select.annotated" "Select annotated techniques" Select Nothing ["a"];
    SelectCopyTable "select.copy-table" "Copy the selection as a table" Select Target ["Shift+C"];
    SelectUnannotated "select.unannotated" "Select techniques without annotation" Select Nothing ["Shift+A"];

    EditUndo "edit.undo" "Undo" Edit SomethingToUndo ["Ctrl+Z"];
    EditRedo "edit.redo" "Redo" Edit SomethingToRedo ["Ctrl+Shift+Z", "Ctrl+Y"];

    LayerNew "layer.new" "New layer" Layer Nothing ["Alt+N"];
    LayerOpen "layer.open" "Open layer…" Layer Nothing ["Ctrl+O"];
    LayerOpenInPlace "layer.open-in-place" "Open a file to save it in place…" Layer Nothing [];
    LayerImport "layer.import" "New layer from detection rules…" Layer Nothing [];
    LayerImportFolder "layer.import-folder" "New layer from a folder of rules…" Layer Nothing [];
    LayerOpenAddress "layer.open-address" "Open from the web…" Layer Nothing [];
    LayerOpenSite "layer.open-site" "Open the layers of this site" Layer Site [];
    LayerClose "layer.close" "Close layer" Layer Nothing ["Alt+W"];
    LayerReopen "layer.reopen" "Open the layer closed last" Layer Nothing ["Alt+Shift+W"];
    LayerStart "layer.start" "Layers kept in this browser…" Layer Nothing ["Alt+L"];
    LayerSettings "layer.settings" "Layer settings…" Layer Nothing ["F2"];
    LayerRename "layer.rename" "Rename layer in its tab" Layer Nothing [];
    LayerNewAttack19 "layer.new-attack-19" "New layer on ATT&CK v19.2 for Containers" Layer Nothing [];
    LayerNewAttack18 "layer.new-attack-18" "New layer on ATT&CK v18.1 for Containers" Layer Nothing [];
    LayerNewMicrosoft "layer.new-microsoft" "New layer on Microsoft's Threat Matrix for Kubernetes" Layer Nothing [];
    LayerDuplicate "layer.duplicate" "Duplicate layer" Layer Nothing [];
    LayerCombine "layer.combine" "Combine layers into a new one…" Layer Nothing [];
    CoveragePanel "coverage.panel" "Show coverage by tactic and tier" View Nothing ["b"];
    CoveragePage "coverage.page" "Coverage and gaps…" Layer Nothing ["Shift+B"];
    CoverageThreat "coverage.threat" "Threat over coverage…" Layer Nothing [];
    LayerSnapshots "layer.snapshots" "Snapshots…" Layer Nothing [];
    LayerNext "layer.next" "Next layer" Layer Nothing ["Alt+PageDown"];
    LayerPrevious "layer.previous" "Previous layer" Layer Nothing ["Alt+PageUp"];
    LayerMoveLeft "layer.move-left" "Move layer's tab to the left" Layer Nothing ["Alt+Shift+PageUp", "Alt+Shift+ArrowLeft"];
    LayerMoveRight "layer.move-right" "Move layer's tab to the right" Layer Nothing ["Alt+Shift+PageDown", "Alt+Shift+ArrowRight"];
    LayerSave "layer.save" "Save, to the layer's file if it has one" Layer Nothing ["Ctrl+S"];
    LayerSaveAs "layer.save-as" "Save to a file…" Layer Nothing [];
    LayerExportJson "layer.export-json" "Export Navigator layer (JSON)" Layer Nothing [];
    LayerExportPartsJson "layer.export-parts-json" "Export one layer for each matrix (JSON)" Layer Nothing [];
    ExportPicture "export.picture" "Export picture…" Layer Nothing [];
    ExportSvg "export.svg" "Export picture (SVG)" Layer Nothing [];
    ExportPng "export.png" "Export picture (PNG)" Layer Nothing [];
    ExportXlsx "export.xlsx" "Export workbook (Excel)" Layer Nothing [];
    ExportAllXlsx "export.all-xlsx" "Export all open layers as a workbook (Excel)" Layer Nothing [];
    ExportCsv "export.csv" "Export table (CSV)" Layer Nothing [];
    ExportHtml "export.html" "Export report (HTML, to print)" Layer Nothing [];
    ExportMarkdown "export.markdown" "Export report (Markdown)" Layer Nothing [];
    LayerExportVisibleJson "layer.export-visible-json" "Export only what is shown (JSON)" Layer Nothing [];
    LayerExportAllJson "layer.export-all-json" "Export all open layers (JSON)" Layer Nothing ["Ctrl+Shift+S"];
    LayerScoreTiersSeparately "layer.score-tiers-separately" "Score orchestration and container separately" Layer Nothing ["Shift+S"];
    LayerCombineWeakest "layer.combine-weakest" "Combine tiers by the weakest score" Layer TiersApart [];
    LayerCombineHighest "layer.combine-highest" "Combine tiers by the highest score" Layer TiersApart [];
    LayerCombineAverage "layer.combine-average" "Combine tiers by the average score" Layer TiersApart [];

    LayerColors "layer.colors" "Edit gradient and legend…" Colors Nothing ["r"];
    GradientRedGreen "gradient.preset-red-green" "Gradient: red to green" Colors Nothing [];
    GradientGreenRed "gradient.preset-green-red" "Gradient: green to red" Colors Nothing [];
    GradientBlueRed "gradient.preset-blue-red" "Gradient: blue to red" Colors Nothing [];
    GradientRedBlue "gradient.preset-red-blue" "Gradient: red to blue" Colors Nothing [];
    GradientWhiteBlue "gradient.preset-white-blue" "Gradient: transparent to blue" Colors Nothing [];
    GradientWhiteRed "gradient.preset-white-red" "Gradient: transparent to red" Colors Nothing [];
    GradientOrangeBlue "gradient.preset-orange-blue" "Gradient: orange to blue" Colors Nothing [];
    GradientVioletYellow "gradient.preset-violet-yellow" "Gradient: violet to yellow" Colors Nothing [];
    GradientNavyYellow "gradient.preset-navy-yellow" "Gradient: navy to yellow" Colors Nothing [];
    GradientPaleBlue "gradient.preset-pale-blue" "Gradient: pale to dark blue" Colors Nothing [];
    GradientReverse "gradient.reverse" "Reverse the gradient" Colors Nothing [];
    LegendAdd "legend.add" "Add a line to the legend" Colors Nothing [];
    LegendFromGradient "legend.from-gradient" "Add the gradient to the legend" Colors Nothing [];
    LegendFromColors "legend.from-colors" "Add the colours used to the legend" Colors Nothing [];
    LegendClear "legend.clear" "Clear the legend" Colors Nothing [];

    BundleAttack19 "bundle.attack-19" "Use ATT&CK v19.2 for Containers" Bundle Nothing [];
    BundleAttack18 "bundle.attack-18" "Use ATT&CK v18.1 for Containers" Bundle Nothing [];
    BundleMicrosoft "bundle.microsoft" "Use Microsoft's Threat Matrix for Kubernetes" Bundle Nothing [];
    BundleOpen "bundle.open" "Open a STIX bundle…" Bundle Nothing [];
    BundleManage "bundle.manage" "Bundles, and what they take in this browser…" Bundle Nothing [];
    BundleStopReading "bundle.stop-reading" "Stop reading the bundle" Bundle Reading [];

    PaletteOpen "palette.open" "Search everything, and commands" Help Nothing ["Ctrl+K", "/"];
    HelpShortcuts "help.shortcuts" "Keyboard shortcuts" Help Nothing ["?"];
    HelpUpdate "help.update" "Use the new version of Bulkhead" Help Update [];
    HelpGuide "help.guide" "User guide" Help Nothing [];
    HelpFormats "help.formats" "File formats" Help Nothing [];
    HelpChanges "help.changes" "What changed" Help Nothing [];
    HelpAbout "help.about" "About Bulkhead" Help Nothing [];

    ViewContextMenu "view.context-menu" "Open this technique's menu" View Focus ["Shift+F10", "ContextMenu"];
    ViewTooltips "view.tooltips" "Show a tooltip on techniques" View Nothing [];
    ViewPinTooltip "view.pin-tooltip" "Pin or unpin this technique's tooltip" View Focus ["y"];
    ViewTechniquePage "view.technique-page" "View technique at its source" View Focus [];
    ViewTacticPage "view.tactic-page" "View tactic at its source" View Focus [];
    ViewOnlyAnnotated "view.only-annotated" "Show only annotated techniques" View Nothing [];
    ViewOnlySelected "view.only-selected" "Show only what is selected" View Target [];
    ViewHideSelected "view.hide-selected" "Hide what is selected" View Target [];
    SelectTechnique "select.technique" "Select this technique" Select Focus [];
    SelectAdd "select.add" "Add to the selection" Select Focus [];
    SelectRemove "select.remove" "Take from the selection" Select Focus [];
    SelectTactic "select.tactic" "Select all techniques of this tactic" Select Focus ["g"];
    SelectTacticNone "select.tactic-none" "Deselect all techniques of this tactic" Select Focus ["Shift+G"];
    SelectByColor "select.by-color" "Select techniques of the same colour" Select Focus [];
    SelectByScore "select.by-score" "Select by score…" Select Nothing [];
    SelectPasteIds "select.paste-ids" "Paste a list of technique ids…" Select Nothing [];
    SelectAllWithHidden "select.all-with-hidden" "Select all techniques, hidden ones too" Select Nothing [];
    SelectAcrossTactics "select.across-tactics" "Select a technique in all of its tactics" Select Nothing [];
    SelectSubtechniquesWithParent "select.subtechniques-with-parent" "Select sub-techniques with their parent" Select Nothing [];
    SelectVisibleOnly "select.visible-only" "Select only what is shown" Select Nothing [];
    AnnotateNote "annotate.note" "Quick note…" Annotate Target ["q"];
    AnnotateCopy "annotate.copy" "Copy annotations" Annotate Target ["Ctrl+C"];
    AnnotatePaste "annotate.paste" "Paste annotations" Annotate Copied ["Ctrl+V"];
    AnnotateReplaceInComments "annotate.replace-in-comments" "Find and replace in comments…" Annotate Nothing [];
    AnnotateEnableOnly "annotate.enable-only" "Enable only what is selected" Annotate Target [];
    LayerDisableAll "layer.disable-all" "Disable all techniques" Layer Nothing [];

    ViewEvidence "view.evidence" "Show who was seen using each technique against containers" View Nothing ["w"];
    ViewOnlyEvidence "view.only-evidence" "Show only techniques seen against containers" View Nothing [];
    LayerFromEvidence "layer.from-evidence" "New layer from evidence" Layer Nothing [];
    LayerFromActors "layer.from-actors" "New layer from groups, software and campaigns…" Layer Nothing [];
    CrosswalkCompare "crosswalk.compare" "Compare Microsoft's matrix with ATT&CK…" Bundle Nothing [];
    CrosswalkCounterpart "crosswalk.counterpart" "Go to this technique's counterpart in the other catalogue" Bundle Focus [];
    CrosswalkCarryOver "crosswalk.carry-over" "Carry this layer over to the other catalogue…" Bundle Nothing [];
    ShareLink "share.link" "Share this layer by a link…" Layer Nothing [];
    ShareEmbed "share.embed" "Put the matrix into a page…" Layer Nothing [];
    ShareEditCopy "share.edit-copy" "Edit a copy of this layer" Layer Nothing [];
    LayerCompare "layer.compare" "Compare and merge layers…" Layer Nothing [];
    LayerUpgrade "layer.upgrade" "Upgrade to another ATT&CK release…" Layer Nothing [];

    TiersWorkbench "tiers.workbench" "Compare unified and split…" View Nothing ["Shift+W"];
    TiersRetier "tiers.retier" "Change tiers…" Bundle Target ["Shift+T"];
    TiersWithdraw "tiers.withdraw" "Back to the bundle's tiers" Bundle Target [];
    TiersUndo "tiers.undo" "Undo the last change of tiers" Bundle Nothing [];
    TiersRedo "tiers.redo" "Redo the last change of tiers" Bundle Nothing [];
    TiersExport "tiers.export" "Export your tiers (STIX)" Bundle Nothing [];
    TiersImport "tiers.import" "Import and compare tiers (STIX)…" Bundle Nothing [];
    TiersStatement "tiers.statement" "Export statement on the representation (Markdown)" Bundle Nothing [];
    DraftList "draft.list" "Contribution drafts…" Bundle Nothing ["Shift+D"];
    DraftTechnique "draft.technique" "Draft a new technique…" Bundle Nothing [];
    DraftProcedure "draft.procedure" "Draft a procedure example…" Bundle Nothing [];
    DraftPlacement "draft.placement" "Draft a change of tactic or platform…" Bundle Nothing [];
    DraftTier "draft.tier" "Draft a tier argument…" Bundle Nothing [];
    DraftExportMarkdown "draft.export-markdown" "Export all drafts (Markdown)" Bundle Nothing [];
    DraftExportStix "draft.export-stix" "Export all drafts (STIX)" Bundle Nothing [];
    PresentStart "present.start" "Present" Present Nothing ["Shift+P"];
    PresentDeck "present.deck" "Prepare the presentation…" Present Nothing [];
    PresentNext "present.next" "Next step" Present Presenting [];
    PresentPrevious "present.previous" "Previous step" Present Presenting [];
    PresentNextSlide "present.next-slide" "Next slide" Present Presenting [];
    PresentPreviousSlide "present.previous-slide" "Previous slide" Present Presenting [];
    PresentOverview "present.overview" "Overview of slides" Present Presenting [];
    PresentPointer "present.pointer" "Pointer" Present Presenting [];
    PresentBlank "present.blank" "Blank screen" Present Presenting [];
    PresentWindow "present.window" "Presenter's window" Present Presenting [];
    PresentStop "present.stop" "Leave the presentation" Present Presenting [];
    PrintLayer "print.layer" "Print this layer…" Present Nothing [];
    PrintDeck "print.deck" "Print all slides…" Present Nothing [];
}

/// What the ids of commands begin with that choose a ready gradient.
const PRESET: &str = "gradient.preset-";

impl Command {
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|command| command.id() == id)
    }

    /// The ready gradient that the command chooses.
    pub fn preset(self) -> Option<Preset> {
        self.id().strip_prefix(PRESET).and_then(Preset::from_word)
    }

    /// The commands that choose a ready gradient, in the gradients' order.
    pub fn presets() -> impl Iterator<Item = (Self, Preset)> {
        let command = |preset: Preset| Self::ALL.iter().copied().find(|command| command.preset() == Some(preset));
        PRESETS.into_iter().filter_map(move |preset| Some((command(preset)?, preset)))
    }

    /// The command that a key chord runs, as [`Command::keys`] writes chords.
    pub fn from_chord(chord: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|command| command.keys().contains(&chord))
    }
}

impl Group {
    pub const ALL: [Self; 9] = [
        Self::View,
        Self::Annotate,
        Self::Select,
        Self::Edit,
        Self::Layer,
        Self::Colors,
        Self::Bundle,
        Self::Present,
        Self::Help,
    ];

    pub fn title(self) -> &'static str {
        match self {
            Self::View => "View",
            Self::Annotate => "Annotate",
            Self::Select => "Select",
            Self::Edit => "Edit",
            Self::Layer => "Layer",
            Self::Colors => "Colours",
            Self::Bundle => "Knowledge",
            Self::Present => "Presentation and print",
            Self::Help => "Help",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn ids_and_key_chords_are_unique() {
        let ids: BTreeSet<&str> = Command::ALL.iter().map(|command| command.id()).collect();
        assert_eq!(ids.len(), Command::ALL.len());
        let chords: Vec<&str> = Command::ALL.iter().flat_map(|command| command.keys()).copied().collect();
        let unique: BTreeSet<&str> = chords.iter().copied().collect();
        assert_eq!(unique.len(), chords.len());
    }

    #[test]
    fn an_id_is_two_words_groups_with_dots() {
        for command in Command::ALL {
            let id = command.id();
            assert_eq!(id.split('.').count(), 2, "{id}");
            assert!(id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-')), "{id}");
            assert_eq!(Command::from_id(id), Some(*command));
        }
    }

    #[test]
    fn every_ready_gradient_has_its_command_and_its_name() {
        let presets: Vec<(Command, Preset)> = Command::presets().collect();
        assert_eq!(presets.len(), PRESETS.len());
        for (command, preset) in presets {
            assert_eq!(command.title().to_lowercase(), format!("gradient: {}", preset.title.to_lowercase()));
        }
        let named = Command::ALL.iter().filter(|command| command.id().starts_with(PRESET));
        assert_eq!(named.count(), PRESETS.len());
    }

    #[test]
    fn no_chord_is_a_digit_since_digits_score() {
        let single = |chord: &&&str| chord.len() == 1;
        for chord in Command::ALL.iter().flat_map(|command| command.keys()).filter(single) {
            assert!(!chord.chars().all(|c| c.is_ascii_digit() || c == '.'), "{chord}");
        }
    }
}
