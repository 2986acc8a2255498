//! What each command does. The only place, beside openings, where anything changes.

use super::{
    beside, browser,
    bundles::BundleKey,
    command::Command,
    components::theme,
    crossing, customizing, detections, drafting, evidence, exports, fetching, files, hand, layers, offline, open,
    persistence, pictures, present, print, reading,
    rest::{self, Deed},
    retiering, select,
    selection::Selection,
    sharing, show_only,
    state::{App, Dialog, Lens},
};
use crate::{
    attack::{Tier, draft::Kind},
    layer::{
        AggregateFunction, Color, Combine, Display, Edit, ExpandedSubtechniques, Gradient, Key, Layer, LayoutKind,
        LegendItem, Representation, Sorting, TierScoring, legend_cleared, legend_from_colors_used,
        legend_from_gradient, legend_with,
    },
    matrix::{self, MatrixKind},
};
use leptos::prelude::*;

/// Runs a command, now or as soon as all of the program is there.
pub fn run(app: App, command: Command) {
    rest::act(app, Deed::Run(command));
}

/// What [`run`] comes to.
pub fn perform(app: App, command: Command) {
    if app.is_off(command) {
        return;
    }
    match command {
        Command::ViewUnified => show(app, Representation::Unified),
        Command::ViewSplit => show(app, Representation::Split),
        Command::ViewOrchestration => show(app, Representation::Alone(Tier::Orchestration)),
        Command::ViewContainer => show(app, Representation::Alone(Tier::Container)),
        Command::ViewPrimaryOnly => display(app, |display| display.primary_only = !display.primary_only),
        Command::ViewExpandAll => expand(app, ExpandedSubtechniques::All),
        Command::ViewExpandAnnotated => expand(app, ExpandedSubtechniques::Annotated),
        Command::ViewCollapseAll => expand(app, ExpandedSubtechniques::None),
        Command::ViewToggleSubtechniques => toggle_subtechniques(app),
        Command::ViewLayoutSide => display(app, |display| display.set_layout(LayoutKind::Side)),
        Command::ViewLayoutFlat => display(app, |display| display.set_layout(LayoutKind::Flat)),
        Command::ViewLayoutMini => display(app, |display| display.set_layout(LayoutKind::Mini)),
        Command::ViewShowIds => display(app, Display::toggle_ids),
        Command::ViewShowNames => display(app, Display::toggle_names),
        Command::ViewShowAggregate => display(app, |display| display.show_aggregate = !display.show_aggregate),
        Command::ViewAggregateAverage => display(app, |display| display.set_aggregate(AggregateFunction::Average)),
        Command::ViewAggregateMin => display(app, |display| display.set_aggregate(AggregateFunction::Min)),
        Command::ViewAggregateMax => display(app, |display| display.set_aggregate(AggregateFunction::Max)),
        Command::ViewAggregateSum => display(app, |display| display.set_aggregate(AggregateFunction::Sum)),
        Command::ViewCountUnscored => display(app, Display::toggle_count_unscored),
        Command::ViewPlatforms => app.dialog.set(Some(Dialog::Platforms)),
        Command::ViewSecondLayer => app.dialog.set(Some(Dialog::SecondLayer)),
        Command::ViewHideDisabled => display(app, |display| display.hide_disabled = !display.hide_disabled),
        Command::ViewEmptyTactics => display(app, |display| display.empty_tactics = !display.empty_tactics),
        Command::ViewSortNameAscending => display(app, |display| display.sorting = Sorting::NameAscending),
        Command::ViewSortNameDescending => display(app, |display| display.sorting = Sorting::NameDescending),
        Command::ViewSortScoreAscending => display(app, |display| display.sorting = Sorting::ScoreAscending),
        Command::ViewSortScoreDescending => display(app, |display| display.sorting = Sorting::ScoreDescending),
        Command::ViewInspector if app.coverage.get_untracked() => {
            app.coverage.set(false);
            app.inspector.set(true);
        }
        Command::ViewInspector if app.colors.get_untracked() => app.close_colors(true),
        Command::ViewInspector => app.inspector.update(|open| *open = !*open),
        Command::ViewTheme => theme::switch(app),
        Command::ViewThemeSystem => theme::follow_system(app),
        Command::ViewContrast => theme::switch_contrast(app),
        Command::ViewLegend => app.legend.update(|shown| *shown = !*shown),
        Command::ViewTacticRowBackground => {
            display(app, |display| display.show_tactic_row_background = !display.show_tactic_row_background);
        }

        Command::AnnotateScore => to_field(app, "[data-field='score'], [data-field='score-orchestration']"),
        Command::AnnotateColor => to_field(app, "[data-field='color'], [data-field='color-orchestration']"),
        Command::AnnotateComment => to_field(app, "[data-field='comment'], [data-field='comment-orchestration']"),
        Command::AnnotateLink => to_field(app, "[data-field='link-url']"),
        Command::AnnotateMetadata => to_field(app, "[data-field='metadata-name']"),
        Command::AnnotateRaise => step_score(app, 1.0),
        Command::AnnotateLower => step_score(app, -1.0),
        Command::AnnotateToggleEnabled => toggle_enabled(app),
        Command::AnnotateClear => app.edit(&Edit::Clear(app.targets())),

        Command::SelectAll => select::all(app),
        Command::SelectNone if untrack(|| app.inspected_now()).is_some() => app.inspected.set(None),
        Command::SelectNone if app.selection.with_untracked(Selection::is_empty) => app.close_colors(false),
        Command::SelectNone => app.selection.set(Selection::default()),
        Command::SelectInvert => select::invert(app),
        Command::SelectAnnotated => select::annotated(app, true),
        Command::SelectCopyTable => exports::copy_table(app),
        Command::SelectUnannotated => select::annotated(app, false),

        Command::EditUndo if beside::undo(app) => {}
        Command::EditUndo => {
            app.with_history(|history| {
                history.undo();
            });
            forget_tiers_if_together(app);
        }
        Command::EditRedo if beside::redo(app) => {}
        Command::EditRedo => {
            app.with_history(|history| {
                history.redo();
            });
            forget_tiers_if_together(app);
        }

        Command::LayerNew => layers::new_layer(app),
        Command::LayerOpen | Command::BundleOpen | Command::LayerImport => open::choose(),
        Command::LayerImportFolder => detections::choose_folder(app),
        Command::LayerOpenAddress => app.dialog.set(Some(Dialog::Web)),
        Command::BundleManage => app.dialog.set(Some(Dialog::Bundles)),
        Command::LayerOpenSite => customizing::open_layers(app),
        Command::LayerClose => layers::close_layer(app),
        Command::LayerReopen => layers::reopen(app),
        Command::LayerStart => app.dialog.set(Some(Dialog::Layers)),
        Command::LayerSettings => app.dialog.set(Some(Dialog::LayerSettings)),
        Command::LayerRename => layers::rename(app),
        Command::LayerNewAttack19 => layers::new_layer_on(app, BundleKey::Attack19),
        Command::LayerNewAttack18 => layers::new_layer_on(app, BundleKey::Attack18),
        Command::LayerNewMicrosoft => layers::new_layer_on(app, BundleKey::Microsoft),
        Command::LayerDuplicate => layers::duplicate_layer(app),
        Command::LayerCombine => app.dialog.set(Some(Dialog::Combine)),
        Command::CoveragePanel => {
            app.colors.set(false);
            app.coverage.update(|open| *open = !*open);
        }
        Command::CoveragePage => app.dialog.set(Some(Dialog::Coverage)),
        Command::CoverageThreat => app.dialog.set(Some(Dialog::Threat)),
        Command::LayerSnapshots => app.dialog.set(Some(Dialog::Snapshots)),
        Command::LayerNext => layers::go_to_layer(app, 1),
        Command::LayerPrevious => layers::go_to_layer(app, -1),
        Command::LayerMoveLeft => layers::move_by(app, -1),
        Command::LayerMoveRight => layers::move_by(app, 1),
        Command::LayerSave => files::save(app),
        Command::LayerSaveAs => files::save_as(app),
        Command::LayerOpenInPlace => files::open_in_place(app),
        Command::LayerExportJson => exports::json(app),
        Command::LayerExportPartsJson => exports::parts_json(app),
        Command::LayerExportAllJson => exports::all_json(app),
        Command::ExportPicture => app.dialog.set(Some(Dialog::Picture)),
        Command::ExportSvg => pictures::export_svg(app),
        Command::ExportPng => pictures::export_png(app),
        Command::ExportXlsx => exports::xlsx(app),
        Command::ExportAllXlsx => exports::all_xlsx(app),
        Command::ExportCsv => exports::csv(app),
        Command::ExportHtml => exports::html(app),
        Command::LayerExportVisibleJson => exports::visible_json(app),
        Command::ExportMarkdown => exports::markdown(app),
        Command::LayerScoreTiersSeparately => toggle_tier_scoring(app),
        Command::LayerCombineWeakest => combine(app, Combine::Weakest),
        Command::LayerCombineHighest => combine(app, Combine::Highest),
        Command::LayerCombineAverage => combine(app, Combine::Average),

        Command::LayerColors => app.open_colors(),
        Command::GradientRedGreen
        | Command::GradientGreenRed
        | Command::GradientBlueRed
        | Command::GradientRedBlue
        | Command::GradientWhiteBlue
        | Command::GradientWhiteRed
        | Command::GradientOrangeBlue
        | Command::GradientVioletYellow
        | Command::GradientNavyYellow
        | Command::GradientPaleBlue => {
            if let Some(preset) = command.preset() {
                gradient(app, |gradient| gradient.with_preset(preset));
            }
        }
        Command::GradientReverse => gradient(app, Gradient::reversed),
        Command::LegendAdd => {
            app.open_colors();
            legend(app, |layer| {
                let mut next = layer.legend.clone();
                // The official Navigator's first colour and label.
                next.extend(Color::parse("#00ffff").map(|color| LegendItem::new(color, "New item")));
                next
            });
            browser::focus_soon("[data-legend-row]:last-child [data-field='legend-label']");
        }
        Command::LegendFromGradient => {
            legend(app, |layer| legend_with(&layer.legend, legend_from_gradient(&layer.gradient)));
        }
        Command::LegendFromColors => legend(app, |layer| legend_with(&layer.legend, legend_from_colors_used(layer))),
        Command::LegendClear => legend(app, |layer| legend_cleared(&layer.legend)),

        Command::BundleAttack19 => use_bundle(app, BundleKey::Attack19),
        Command::BundleAttack18 => use_bundle(app, BundleKey::Attack18),
        Command::BundleMicrosoft => use_bundle(app, BundleKey::Microsoft),
        Command::BundleStopReading => {
            fetching::stop();
            reading::stop();
        }

        Command::PaletteOpen => app.dialog.set(Some(Dialog::Palette)),
        Command::HelpShortcuts => app.dialog.set(Some(Dialog::Shortcuts)),
        Command::HelpUpdate => offline::take_new_version(app),
        Command::HelpGuide => browser::open_page("help/guide.html"),
        Command::HelpFormats => browser::open_page("help/file-formats.html"),
        Command::HelpChanges => browser::open_page("help/changelog.html"),
        Command::HelpAbout => app.dialog.set(Some(Dialog::About)),

        Command::ViewContextMenu => hand::open_menu(app),
        Command::ViewTooltips => hand::switch_tooltips(app),
        Command::ViewPinTooltip => hand::pin(app),
        Command::ViewTechniquePage => hand::view_technique(app),
        Command::ViewTacticPage => hand::view_tactic(app),
        Command::ViewOnlyAnnotated => show_only::annotated(app),
        Command::ViewOnlySelected => show_only::selected(app),
        Command::ViewHideSelected => show_only::all_but_selected(app),
        Command::SelectTechnique => select::focused(app, select::How::Only),
        Command::SelectAdd => select::focused(app, select::How::Add),
        Command::SelectRemove => select::focused(app, select::How::Remove),
        Command::SelectTactic => select::focused_tactic(app, select::How::Add),
        Command::SelectTacticNone => select::focused_tactic(app, select::How::Remove),
        Command::SelectByColor => select::by_color(app),
        Command::SelectByScore => app.dialog.set(Some(Dialog::SelectByScore)),
        Command::SelectPasteIds => app.dialog.set(Some(Dialog::PasteIds)),
        Command::SelectAllWithHidden => select::with_hidden(app),
        Command::SelectAcrossTactics => {
            display(app, |display| display.select_across_tactics = !display.select_across_tactics);
        }
        Command::SelectSubtechniquesWithParent => display(app, |display| {
            display.select_subtechniques_with_parent = !display.select_subtechniques_with_parent;
        }),
        Command::SelectVisibleOnly => display(app, |display| display.select_visible = !display.select_visible),
        Command::AnnotateNote => hand::open_note(app),
        Command::AnnotateCopy => hand::copy(app),
        Command::AnnotatePaste => hand::paste(app),
        Command::AnnotateReplaceInComments => app.dialog.set(Some(Dialog::ReplaceInComments)),
        Command::AnnotateEnableOnly => show_only::enable_selected(app),
        Command::LayerDisableAll => show_only::disable_all(app),

        Command::ViewEvidence => app.lens.update(|lens| {
            *lens = if *lens == Some(Lens::Evidence) { None } else { Some(Lens::Evidence) };
        }),
        Command::ViewOnlyEvidence => evidence::show_only_seen(app),
        Command::LayerFromEvidence => evidence::layer_from_evidence(app),
        Command::LayerFromActors => app.dialog.set(Some(Dialog::LayerFromActors)),
        Command::CrosswalkCompare => app.dialog.set(Some(Dialog::Crosswalk)),
        Command::CrosswalkCounterpart => crossing::to_counterpart(app),
        Command::ShareLink => app.dialog.set(Some(Dialog::Share)),
        Command::ShareEmbed => app.dialog.set(Some(Dialog::Embed)),
        Command::ShareEditCopy => sharing::edit_copy(app),
        Command::LayerCompare => app.dialog.set(Some(Dialog::Compare(None))),
        Command::LayerUpgrade => app.dialog.set(Some(Dialog::Upgrade)),
        Command::CrosswalkCarryOver => app.dialog.set(Some(Dialog::CarryOver)),

        Command::TiersWorkbench => app.dialog.set(Some(Dialog::Workbench)),
        Command::TiersRetier => retiering::ask(app, None),
        Command::TiersWithdraw => retiering::withdraw(app, &retiering::targets(app)),
        Command::TiersUndo => beside::undo_tiers(app),
        Command::TiersRedo => beside::redo_tiers(app),
        Command::TiersExport => retiering::export(app),
        Command::TiersImport => retiering::choose_file(),
        Command::TiersStatement => retiering::export_statement(app),
        Command::DraftList => app.dialog.set(Some(Dialog::Drafts)),
        Command::DraftTechnique => drafting::begin(app, Kind::Technique),
        Command::DraftProcedure => drafting::begin(app, Kind::Procedure),
        Command::DraftPlacement => drafting::begin(app, Kind::Placement),
        Command::DraftTier => drafting::begin(app, Kind::Tier),
        Command::DraftExportMarkdown => drafting::export_all_markdown(app),
        Command::DraftExportStix => drafting::export_all_stix(app),
        Command::PresentDeck => app.dialog.set(Some(Dialog::Deck)),
        Command::PrintLayer => print::layer(),
        Command::PrintDeck => print::deck(app),
        Command::PresentStart
        | Command::PresentNext
        | Command::PresentPrevious
        | Command::PresentNextSlide
        | Command::PresentPreviousSlide
        | Command::PresentOverview
        | Command::PresentPointer
        | Command::PresentBlank
        | Command::PresentWindow
        | Command::PresentStop => present::perform(app, command),
    }
}

// ---- view

/// Keeps selection and focus: what had the focus has it in the new representation, in its own tier if that is there.
fn show(app: App, representation: Representation) {
    display(app, |display| display.representation = representation);
    if representation == Representation::Unified {
        app.selection.update(Selection::forget_tiers);
    }
    app.refocus();
}

fn display(app: App, change: impl FnOnce(&mut Display)) {
    let mut display = app.layer.with_untracked(|layer| layer.display.clone());
    change(&mut display);
    app.edit(&Edit::Display(Box::new(display)));
}

fn expand(app: App, expanded: ExpandedSubtechniques) {
    let shown: Vec<(Key, bool)> = app.layer.with_untracked(|layer| {
        let opened = layer.annotations.iter().filter(|entry| entry.show_subtechniques);
        opened.map(|entry| (entry.key.clone(), false)).collect()
    });
    app.edit(&Edit::ShowSubtechniques { expanded, shown });
}

/// Opens or closes the focused technique's sub-techniques. Where all were open, the others stay so one by one.
pub fn toggle_subtechniques(app: App) {
    let Some(position) = app.focused() else { return };
    let matrices = app.matrices.get_untracked();
    let Some((_, tactic, cell)) = super::selection::at(&matrices, position) else { return };
    let Some(subtechniques) = cell.subtechniques.filter(|subtechniques| !subtechniques.fixed) else { return };
    let key = Key::new(cell.technique.clone(), tactic.clone());
    let mut shown: Vec<(Key, bool)> = Vec::new();
    for matrix in matrices.iter() {
        for column in &matrix.columns {
            let open = column.cells.iter().filter(|cell| cell.subtechniques.is_some_and(|s| s.open && !s.fixed));
            shown.extend(open.map(|cell| (Key::new(cell.technique.clone(), column.tactic.clone()), true)));
        }
    }
    shown.retain(|(other, _)| *other != key);
    shown.push((key, !subtechniques.open));
    app.edit(&Edit::ShowSubtechniques { expanded: ExpandedSubtechniques::None, shown });
}

/// Shows the active layer on another bundle, even if another one is active once that is there.
pub fn use_bundle(app: App, key: BundleKey) {
    if app.refuses_change() {
        return;
    }
    let tab = app.active.get_untracked();
    leptos::task::spawn_local(async move {
        if let Err(error) = persistence::bring_bundle(app, &key).await {
            app.complain(error);
            return;
        }
        let knowledge = app.bundles.with_untracked(|bundles| bundles.knowledge(&key));
        open::put_on_bundle(app, &tab, &key, &knowledge);
        app.say(format!("The layer now shows {}.", knowledge.release.words()));
    });
}

// ---- annotate

fn to_field(app: App, field: &'static str) {
    app.colors.set(false);
    app.coverage.set(false);
    if !app.inspector.get_untracked() {
        app.inspector.set(true);
    }
    if app.selection.with_untracked(Selection::is_empty) {
        let targets = app.targets();
        app.selection.set(targets.into_iter().collect());
    }
    browser::focus_soon(field);
}

fn step_score(app: App, direction: f64) {
    let targets = app.targets();
    let span = app.layer.with_untracked(|layer| layer.gradient.maximum - layer.gradient.minimum);
    let step = if span > 0.0 && span.is_finite() { span / 20.0 } else { 1.0 };
    let join = App::join_on("step score", &targets);
    app.edit_joined(&Edit::AddToScore(targets, step * direction), Some(join));
}

/// As the official Navigator does it: where the selection is mixed, all become disabled.
fn toggle_enabled(app: App) {
    let targets = app.targets();
    let all_disabled =
        app.layer.with_untracked(|layer| targets.iter().all(|target| !layer.mark(&target.key, target.tier).enabled));
    app.edit(&Edit::Enabled(targets, all_disabled));
}

// ---- colours

fn gradient(app: App, change: impl FnOnce(&Gradient) -> Gradient) {
    let next = app.with_layer_untracked(|layer| change(&layer.gradient));
    app.edit(&Edit::Gradient(next));
}

fn legend(app: App, change: impl FnOnce(&Layer) -> Vec<LegendItem>) {
    let next = app.with_layer_untracked(|layer| change(layer));
    app.edit(&Edit::Legend(next));
}

// ---- tiers

fn toggle_tier_scoring(app: App) {
    if app.refuses_change() {
        return;
    }
    let scoring = match app.layer.with_untracked(|layer| layer.tier_scoring) {
        TierScoring::Together => TierScoring::Separately(Combine::default()),
        TierScoring::Separately(_) => TierScoring::Together,
    };
    app.edit(&Edit::TierScoring(scoring));
    forget_tiers_if_together(app);
    app.say(match scoring {
        TierScoring::Together => "Each technique has one score for both tiers.",
        TierScoring::Separately(_) => {
            "Each technique has a score for each tier: set them in the split matrices or in the inspector."
        }
    });
}

fn forget_tiers_if_together(app: App) {
    if !app.apart() {
        app.selection.update(Selection::forget_tiers);
    }
}

fn combine(app: App, rule: Combine) {
    app.edit(&Edit::TierScoring(TierScoring::Separately(rule)));
}

/// Shows a technique: opens what hides it, selects it and gives it the focus.
pub fn reveal(app: App, technique: &crate::attack::TechniqueId) {
    let find = || app.matrices.with_untracked(|m| matrix::find(m, None::<MatrixKind>, technique, None));
    // Nothing but a sub-technique can be folded away.
    if find().is_none() && technique.parent().is_some() {
        expand(app, ExpandedSubtechniques::All);
    }
    let Some(position) = find() else {
        app.complain(format!("{technique} is not in the matrices that are shown."));
        return;
    };
    app.selection.set(app.reach(&[position]).into_iter().collect());
    app.focus.set(app.focus_at(position));
    app.anchor.set(app.focus_at(position));
    browser::focus_cell_soon();
}
