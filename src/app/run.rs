//! What each command does. The only place, beside openings, where anything changes.

use super::{
    browser,
    bundles::BundleKey,
    command::Command,
    components::theme,
    open, persistence,
    selection::{Selection, shown},
    state::{App, Dialog, Tab},
};
use crate::{
    attack::{Knowledge, Tier},
    export,
    layer::{
        Combine, Display, Edit, ExpandedSubtechniques, Key, Layer, Placement, Representation, Sorting, Target,
        TierScoring, write, write_all, write_parts,
    },
    matrix::{self, MatrixKind},
};
use leptos::prelude::*;
use std::sync::Arc;

pub fn run(app: App, command: Command) {
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
        Command::ViewShowIds => display(app, |display| {
            display.show_id = !display.show_id;
            display.show_name |= !display.show_id;
        }),
        Command::ViewShowNames => display(app, |display| {
            display.show_name = !display.show_name;
            display.show_id |= !display.show_name;
        }),
        Command::ViewHideDisabled => display(app, |display| display.hide_disabled = !display.hide_disabled),
        Command::ViewEmptyTactics => display(app, |display| display.empty_tactics = !display.empty_tactics),
        Command::ViewSortNameAscending => display(app, |display| display.sorting = Sorting::NameAscending),
        Command::ViewSortNameDescending => display(app, |display| display.sorting = Sorting::NameDescending),
        Command::ViewSortScoreAscending => display(app, |display| display.sorting = Sorting::ScoreAscending),
        Command::ViewSortScoreDescending => display(app, |display| display.sorting = Sorting::ScoreDescending),
        Command::ViewInspector => app.inspector.update(|open| *open = !*open),
        Command::ViewTheme => theme::switch(app),

        Command::AnnotateScore => to_field(app, "[data-field='score'], [data-field='score-orchestration']"),
        Command::AnnotateColor => to_field(app, "[data-field='color'], [data-field='color-orchestration']"),
        Command::AnnotateComment => to_field(app, "[data-field='comment'], [data-field='comment-orchestration']"),
        Command::AnnotateLink => to_field(app, "[data-field='link-url']"),
        Command::AnnotateMetadata => to_field(app, "[data-field='metadata-name']"),
        Command::AnnotateRaise => step_score(app, 1.0),
        Command::AnnotateLower => step_score(app, -1.0),
        Command::AnnotateToggleEnabled => toggle_enabled(app),
        Command::AnnotateClear => app.edit(&Edit::Clear(app.targets())),

        Command::SelectAll => select(app, |_, _| true),
        Command::SelectNone => app.selection.set(Selection::default()),
        Command::SelectInvert => {
            let selected = app.selection.get_untracked();
            select(app, |_, target| !selected.covers(&target.key, target.tier));
        }
        Command::SelectAnnotated => select(app, is_annotated),
        Command::SelectUnannotated => select(app, |layer, target| !is_annotated(layer, target)),

        Command::EditUndo => {
            app.with_history(|history| {
                history.undo();
            });
            forget_tiers_if_together(app);
        }
        Command::EditRedo => {
            app.with_history(|history| {
                history.redo();
            });
            forget_tiers_if_together(app);
        }

        Command::LayerNew => new_layer(app),
        Command::LayerOpen | Command::BundleOpen => open::choose(),
        Command::LayerClose => close_layer(app),
        Command::LayerRename => app.dialog.set(Some(Dialog::LayerProperties)),
        Command::LayerDuplicate => duplicate_layer(app),
        Command::LayerNext => go_to_layer(app, 1),
        Command::LayerPrevious => go_to_layer(app, -1),
        Command::LayerExportJson => export_json(app),
        Command::LayerExportPartsJson => export_parts_json(app),
        Command::LayerExportAllJson => export_all_json(app),
        Command::LayerScoreTiersSeparately => toggle_tier_scoring(app),
        Command::LayerCombineWeakest => combine(app, Combine::Weakest),
        Command::LayerCombineHighest => combine(app, Combine::Highest),
        Command::LayerCombineAverage => combine(app, Combine::Average),

        Command::BundleAttack19 => use_bundle(app, BundleKey::Attack19),
        Command::BundleAttack18 => use_bundle(app, BundleKey::Attack18),
        Command::BundleMicrosoft => use_bundle(app, BundleKey::Microsoft),

        Command::PaletteOpen => app.dialog.set(Some(Dialog::Palette)),
        Command::HelpShortcuts => app.dialog.set(Some(Dialog::Shortcuts)),
        Command::HelpAbout => app.dialog.set(Some(Dialog::About)),
    }
}

// ---- view

/// Keeps selection and focus: what had the focus has it in the new representation, in its own tier if that is there.
fn show(app: App, representation: Representation) {
    display(app, |display| display.representation = representation);
    if representation == Representation::Unified {
        app.selection.update(Selection::forget_tiers);
    }
    refocus(app);
}

/// Where the focused cell's matrix is gone, its technique's cell in another matrix takes the focus.
fn refocus(app: App) {
    let Some(focus) = app.focus.get_untracked() else { return };
    let position = app
        .matrices
        .with_untracked(|matrices| matrix::find(matrices, Some(focus.matrix), &focus.technique, Some(&focus.tactic)));
    if let Some(focus) = position.and_then(|position| app.focus_at(position)) {
        app.focus.set(Some(focus));
    }
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

fn use_bundle(app: App, key: BundleKey) {
    leptos::task::spawn_local(async move {
        if let Err(error) = persistence::bring_bundle(app, &key).await {
            app.complain(error);
            return;
        }
        let knowledge = app.bundles.with_untracked(|bundles| bundles.knowledge(&key));
        open::put_on_bundle(app, &app.active.get_untracked(), &key, &knowledge);
        app.say(format!("The layer now shows {}.", release_words(&knowledge)));
    });
}

pub fn release_words(knowledge: &Knowledge) -> String {
    let release = &knowledge.release;
    let version = release.version.as_deref().map(|version| format!(" v{version}")).unwrap_or_default();
    format!("{}{version}", release.title)
}

// ---- annotate

fn to_field(app: App, field: &'static str) {
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
    app.edit_joined(&Edit::AddToScore(targets, step * direction), Some("step score".to_owned()));
}

/// As the official Navigator does it: where the selection is mixed, all become disabled.
fn toggle_enabled(app: App) {
    let targets = app.targets();
    let all_disabled =
        app.layer.with_untracked(|layer| targets.iter().all(|target| !layer.mark(&target.key, target.tier).enabled));
    app.edit(&Edit::Enabled(targets, all_disabled));
}

// ---- select

fn select(app: App, wanted: impl Fn(&Layer, &Target) -> bool) {
    let layer = app.layer.get_untracked();
    let all = app.matrices.with_untracked(|matrices| shown(matrices, app.apart()));
    app.selection.set(all.into_iter().filter(|target| wanted(&layer, target)).collect());
}

fn is_annotated(layer: &Layer, target: &Target) -> bool {
    let listed = layer.annotations.get(&target.key);
    let entry = listed.is_some_and(|entry| !entry.links.is_empty() || !entry.metadata.is_empty());
    entry || layer.mark(&target.key, target.tier).is_annotated()
}

// ---- layers

pub fn new_layer(app: App) {
    let key = app.tabs.with_untracked(|tabs| {
        let active = app.active.get_untracked();
        tabs.iter().find(|tab| tab.id == active).map_or(BundleKey::DEFAULT, |tab| tab.bundle.clone())
    });
    let name = free_name(app, "layer");
    add_tab(app, Tab::new(app.bundles.with_untracked(|bundles| bundles.new_layer(&name, &key))));
}

/// The official Navigator's way: `layer`, `layer1`, `layer2`.
pub fn free_name(app: App, root: &str) -> String {
    let taken: Vec<String> =
        app.tabs.with_untracked(|tabs| tabs.iter().map(|tab| tab.history.present().name.clone()).collect());
    let candidates = std::iter::once(root.to_owned()).chain((1..).map(|number| format!("{root}{number}")));
    candidates.into_iter().find(|name| !taken.contains(name)).unwrap_or_default()
}

pub fn add_tab(app: App, tab: Tab) {
    let id = tab.id.clone();
    app.tabs.update(|tabs| tabs.push(tab));
    activate(app, id);
}

pub fn activate(app: App, id: super::state::TabId) {
    app.selection.set(Selection::default());
    app.anchor.set(None);
    app.active.set(id.clone());
    refocus(app);
    let Some(bundle) =
        app.tabs.with_untracked(|tabs| tabs.iter().find(|tab| tab.id == id).map(|tab| tab.bundle.clone()))
    else {
        return;
    };
    leptos::task::spawn_local(async move {
        if let Err(error) = persistence::bring_bundle(app, &bundle).await {
            app.complain(error);
        }
    });
}

fn duplicate_layer(app: App) {
    let layer = app.layer.get_untracked();
    let bundle = app.tabs.with_untracked(|tabs| {
        let active = app.active.get_untracked();
        tabs.iter().find(|tab| tab.id == active).map_or(BundleKey::DEFAULT, |tab| tab.bundle.clone())
    });
    let copy = Layer { name: free_name(app, &format!("{} copy", layer.name)), ..Layer::clone(&layer) };
    add_tab(app, Tab::new((copy, bundle)));
}

/// A closed layer can be had back for as long as the message stands.
fn close_layer(app: App) {
    let active = app.active.get_untracked();
    close_tab(app, &active);
}

pub fn close_tab(app: App, id: &super::state::TabId) {
    let Some(at) = app.tabs.with_untracked(|tabs| tabs.iter().position(|tab| tab.id == *id)) else { return };
    let name = app.tabs.with_untracked(|tabs| tabs[at].history.present().name.clone());
    if app.tabs.with_untracked(|tabs| tabs.len() == 1) {
        let blank = app.bundles.with_untracked(|bundles| bundles.new_layer("layer", &BundleKey::DEFAULT));
        app.tabs.update(|tabs| tabs.push(Tab::new(blank)));
    }
    let next = app.tabs.with_untracked(|tabs| {
        let neighbour = if at + 1 < tabs.len() { at + 1 } else { at.saturating_sub(1) };
        tabs[neighbour].id.clone()
    });
    let was_active = *id == app.active.get_untracked();
    if was_active {
        activate(app, next);
    }
    let mut closed = None;
    app.tabs.update(|tabs| closed = Some(tabs.remove(at)));
    app.say(format!("Closed \"{name}\"."));
    app.closed.set(closed);
}

/// Opens the layer again that was closed last.
pub fn reopen(app: App) {
    if let Some(tab) = app.closed.try_update(Option::take).flatten() {
        add_tab(app, tab);
    }
    app.message.set(None);
}

fn go_to_layer(app: App, by: isize) {
    let active = app.active.get_untracked();
    let next = app.tabs.with_untracked(|tabs| {
        let at = tabs.iter().position(|tab| tab.id == active)?;
        let count = isize::try_from(tabs.len()).ok()?;
        let next = (isize::try_from(at).ok()? + by).rem_euclid(count);
        tabs.get(usize::try_from(next).ok()?).map(|tab| tab.id.clone())
    });
    if let Some(next) = next {
        activate(app, next);
    }
}

fn toggle_tier_scoring(app: App) {
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

// ---- export

/// In a split the user chooses whether to export one layer or one for each matrix.
fn export_json(app: App) {
    if app.layer.with_untracked(|layer| layer.display.representation == Representation::Split) {
        app.dialog.set(Some(Dialog::Export));
    } else {
        export_one_json(app);
    }
}

pub fn export_one_json(app: App) {
    let layer = app.layer.get_untracked();
    let text = write(&layer, &order(&app.knowledge.get_untracked()));
    hand_over(app, &export::file_name(&layer.name, "json"), &text);
}

fn export_parts_json(app: App) {
    let layer = app.layer.get_untracked();
    let knowledge = app.knowledge.get_untracked();
    let placements: Vec<Placement> =
        order(&knowledge).into_iter().map(|key| Placement { tiers: knowledge.tiers_of(&key.technique), key }).collect();
    let name = export::file_name(&format!("{} by matrix", layer.name), "json");
    hand_over(app, &name, &write_parts(&layer, &placements));
}

fn export_all_json(app: App) {
    let tabs = app.tabs.get_untracked();
    let layers: Vec<Arc<Layer>> = tabs.iter().map(|tab| tab.history.present().clone()).collect();
    let layers: Vec<&Layer> = layers.iter().map(Arc::as_ref).collect();
    let text = write_all(&layers, &order(&app.knowledge.get_untracked()));
    hand_over(app, &export::file_name(&app.layer.get_untracked().name, "json"), &text);
}

fn hand_over(app: App, name: &str, text: &str) {
    match browser::download(name, "application/json", text) {
        Ok(()) => app.say(format!("Exported \"{name}\".")),
        Err(error) => app.complain(error),
    }
}

/// The order in which new annotations are written.
pub fn order(knowledge: &Knowledge) -> Vec<Key> {
    matrix::placements(knowledge).into_iter().map(|(technique, tactic)| Key::new(technique, tactic)).collect()
}

/// Shows a technique: opens what hides it, selects it and gives it the focus.
pub fn reveal(app: App, technique: &crate::attack::TechniqueId) {
    let find = || app.matrices.with_untracked(|m| matrix::find(m, None::<MatrixKind>, technique, None));
    if find().is_none() {
        expand(app, ExpandedSubtechniques::All);
    }
    let Some(position) = find() else {
        app.complain(format!("{technique} is not in the matrices that are shown."));
        return;
    };
    let layer = app.layer.get_untracked();
    let targets = app.matrices.with_untracked(|m| super::selection::reach(m, &layer.display, app.apart(), &[position]));
    app.selection.set(targets.into_iter().collect());
    app.focus.set(app.focus_at(position));
    app.anchor.set(app.focus_at(position));
    browser::focus_soon(".cell[tabindex='0']");
}
