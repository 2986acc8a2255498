//! The second bar: how the matrix is represented and shown, and what is selected.

use super::{
    control::{command_button, icon_button, segment},
    icon::Icon,
    menu::{Checked, Item, Look, SELECT_COMMANDS, Which, menu},
};
use crate::{
    app::{
        choice,
        command::Command,
        dom::{El, derived, el, set_or_remove},
        state::{App, Lens},
    },
    attack::Tier,
    layer::{
        AggregateFunction, Combine, Display, ExpandedSubtechniques, LayoutKind, Representation, Sorting, TierScoring,
    },
};
use leptos::prelude::*;

pub fn toolbar(app: App) -> El {
    let representation = derived(move || app.layer.with(|layer| layer.display.representation.word()));
    let choice = |command, label, kind: Representation| {
        segment(app, command, label, move || representation.get() == kind.word())
    };
    let segments = el("div", "segments").attr("role", "group").attr("aria-label", "Representation").children([
        choice(Command::ViewUnified, "Unified", Representation::Unified),
        choice(Command::ViewSplit, "Split", Representation::Split),
        choice(Command::ViewOrchestration, "Orchestration", Representation::Alone(Tier::Orchestration)),
        choice(Command::ViewContainer, "Container", Representation::Alone(Tier::Container)),
    ]);
    let bar = el("div", "toolbar").attr("role", "toolbar").attr("aria-label", "View").children([
        segments,
        menu(app, Look::quiet("Layout"), Which::Layout),
        menu(app, Look::quiet("Show"), Which::Show),
        menu(app, Look::quiet("Sort"), Which::Sort),
        menu(app, Look::quiet("Colours"), Which::Colors),
        menu(app, Look::quiet("Tiers"), Which::Tiers),
        menu(app, Look::quiet("Select"), Which::Select),
        menu(app, Look::quiet("Annotate"), Which::Annotate),
        el("span", "grow"),
        selected_count(app),
        icon_button(app, Command::ViewInspector, Icon::Inspector),
    ]);
    el("section", "").attr("aria-label", "View").child(&bar)
}

fn selected_count(app: App) -> El {
    command_button(app, Command::SelectNone, "chip").kept(move |chip| {
        let (count, hidden) = app.selection.with(|selection| {
            let hidden = app.matrices.with(|matrices| choice::hidden(selection.targets(), matrices));
            (selection.techniques_count(), hidden)
        });
        set_or_remove(chip, "hidden", (count == 0).then_some(""));
        chip.set_text_content(Some(&match hidden {
            0 => format!("{count} selected"),
            hidden => format!("{count} selected, {hidden} hidden"),
        }));
    })
}

fn displays(app: App, is: impl Fn(&Display) -> bool + 'static) -> Checked {
    Box::new(move || app.layer.with(|layer| is(&layer.display)))
}

pub fn show_items(app: App) -> Vec<Item> {
    let expanded = |kind| displays(app, move |display| display.expanded == kind);
    vec![
        Item::Group("Sub-techniques"),
        Item::Choice(Command::ViewExpandAll, expanded(ExpandedSubtechniques::All)),
        Item::Choice(Command::ViewExpandAnnotated, expanded(ExpandedSubtechniques::Annotated)),
        Item::Choice(Command::ViewCollapseAll, expanded(ExpandedSubtechniques::None)),
        Item::Group("Techniques"),
        Item::Check(Command::ViewPrimaryOnly, displays(app, |display| display.primary_only)),
        Item::Check(Command::ViewHideDisabled, displays(app, |display| display.hide_disabled)),
        Item::Check(Command::ViewEmptyTactics, displays(app, |display| display.empty_tactics)),
        Item::Run(Command::ViewPlatforms),
        Item::Run(Command::ViewOnlyAnnotated),
        Item::Run(Command::ViewOnlySelected),
        Item::Run(Command::ViewHideSelected),
        Item::Group("Evidence from the wild"),
        Item::Check(Command::ViewEvidence, Box::new(move || app.lens.get() == Some(Lens::Evidence))),
        Item::Run(Command::ViewOnlyEvidence),
        Item::Check(Command::CoveragePanel, Box::new(move || app.coverage.get())),
        Item::Group("In and at the cells"),
        Item::Run(Command::ViewSecondLayer),
        Item::Check(Command::ViewTooltips, Box::new(move || app.hand.tooltips.get())),
        Item::Check(Command::ViewContrast, Box::new(move || app.contrast.get())),
    ]
}

pub fn layout_items(app: App) -> Vec<Item> {
    let layout = |command, kind| Item::Choice(command, displays(app, move |display| display.layout == kind));
    let aggregate = |command, function| {
        Item::Choice(command, displays(app, move |display| display.show_aggregate && display.aggregate == function))
    };
    vec![
        layout(Command::ViewLayoutFlat, LayoutKind::Flat),
        layout(Command::ViewLayoutSide, LayoutKind::Side),
        layout(Command::ViewLayoutMini, LayoutKind::Mini),
        Item::Group("Labels"),
        Item::Check(Command::ViewShowIds, displays(app, |display| display.show_id)),
        Item::Check(Command::ViewShowNames, displays(app, |display| display.show_name)),
        Item::Group("A technique and its sub-techniques together"),
        Item::Check(Command::ViewShowAggregate, displays(app, |display| display.show_aggregate)),
        aggregate(Command::ViewAggregateAverage, AggregateFunction::Average),
        aggregate(Command::ViewAggregateMin, AggregateFunction::Min),
        aggregate(Command::ViewAggregateMax, AggregateFunction::Max),
        aggregate(Command::ViewAggregateSum, AggregateFunction::Sum),
        Item::Check(Command::ViewCountUnscored, displays(app, |display| display.count_unscored)),
    ]
}

pub fn sort_items(app: App) -> Vec<Item> {
    let by = |command, sorting| Item::Choice(command, displays(app, move |display| display.sorting == sorting));
    vec![
        by(Command::ViewSortNameAscending, Sorting::NameAscending),
        by(Command::ViewSortNameDescending, Sorting::NameDescending),
        by(Command::ViewSortScoreDescending, Sorting::ScoreDescending),
        by(Command::ViewSortScoreAscending, Sorting::ScoreAscending),
    ]
}

pub fn color_items(app: App) -> Vec<Item> {
    let gradients = |safe: bool| {
        Command::presets().filter(move |(_, preset)| preset.safe == safe).map(move |(command, preset)| {
            let is = move || app.layer.with(|layer| preset.is_of(&layer.gradient));
            Item::Gradient(command, Box::new(is), preset)
        })
    };
    let mut items = vec![Item::Group("Gradient")];
    items.extend(gradients(false));
    items.push(Item::Group("Colour-blind-safe gradient"));
    items.extend(gradients(true));
    items.push(Item::Group("Colours and legend"));
    items.push(Item::Run(Command::LayerColors));
    items.push(Item::Check(Command::ViewLegend, Box::new(move || app.legend.get())));
    let row = displays(app, |display| display.show_tactic_row_background);
    items.push(Item::Check(Command::ViewTacticRowBackground, row));
    items
}

pub fn tier_items(app: App) -> Vec<Item> {
    let scoring = move || app.layer.with(|layer| layer.tier_scoring);
    let by = |command, rule| Item::Choice(command, Box::new(move || scoring() == TierScoring::Separately(rule)));
    vec![
        Item::Check(Command::LayerScoreTiersSeparately, Box::new(move || scoring() != TierScoring::Together)),
        Item::Group("One value for both tiers"),
        by(Command::LayerCombineWeakest, Combine::Weakest),
        by(Command::LayerCombineHighest, Combine::Highest),
        by(Command::LayerCombineAverage, Combine::Average),
        Item::Group("Representation"),
        Item::Run(Command::TiersWorkbench),
        Item::Run(Command::TiersRetier),
        Item::Run(Command::TiersWithdraw),
        Item::Run(Command::TiersImport),
        Item::Run(Command::TiersExport),
    ]
}

pub fn select_items(app: App) -> Vec<Item> {
    let check = |command, is: fn(&Display) -> bool| Item::Check(command, displays(app, is));
    let mut items = runs(&SELECT_COMMANDS);
    items.extend(runs(&[
        Command::SelectCopyTable,
        Command::SelectByScore,
        Command::SelectPasteIds,
        Command::SelectAllWithHidden,
    ]));
    items.push(Item::Group("Whenever something is selected"));
    items.extend([
        check(Command::SelectAcrossTactics, |display| display.select_across_tactics),
        check(Command::SelectSubtechniquesWithParent, |display| display.select_subtechniques_with_parent),
        check(Command::SelectVisibleOnly, |display| display.select_visible),
    ]);
    items
}

pub fn annotate_items() -> Vec<Item> {
    let mut items = vec![Item::Group("Selected techniques")];
    items.extend(runs(&[
        Command::AnnotateScore,
        Command::AnnotateColor,
        Command::AnnotateComment,
        Command::AnnotateNote,
        Command::AnnotateLink,
        Command::AnnotateMetadata,
        Command::AnnotateCopy,
        Command::AnnotatePaste,
        Command::AnnotateToggleEnabled,
        Command::AnnotateEnableOnly,
        Command::AnnotateClear,
    ]));
    items.push(Item::Group("Layer"));
    items.extend(runs(&[Command::AnnotateReplaceInComments, Command::LayerDisableAll]));
    items
}

fn runs(commands: &[Command]) -> Vec<Item> {
    commands.iter().copied().map(Item::Run).collect()
}
