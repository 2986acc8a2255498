//! Coverage: a panel in the inspector's place, and a page beside the list of gaps. What is covered is `layer`'s rule; how a
//! chart looks, `export`'s.

use super::{
    annotation::labelled,
    chart::{Chosen, Figure, about_layer, chart, export_button},
    choice_field::{Choosable, choice_field},
    control::{command_button, icon_action},
    dialogs::close,
    gaps::gaps,
    icon::Icon,
    status_bar::tier_glyph,
};
use crate::{
    app::{
        browser,
        command::Command,
        dom::{El, button, derived, el, key_of, value_of},
        run,
        state::{App, Before},
    },
    attack::Tier,
    export::{Bar, Chart, coverage_chart},
    layer::{Asked, Coverage, Key, Layer, Score, Snapshot, TacticCoverage, Target, coverage_threshold},
};
use leptos::prelude::*;
use std::{rc::Rc, sync::Arc};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

const PANEL_WIDTH: u32 = 264;
const PAGE_WIDTH: u32 = 460;

/// Of the active layer: by tactic, in each tier and in all.
#[derive(Debug, Clone, PartialEq)]
struct Counted {
    rows: Vec<TacticCoverage>,
    /// In orchestration, in container, and of both.
    whole: [Coverage; 3],
    before: Option<(Vec<TacticCoverage>, [Coverage; 3])>,
}

fn counted(app: App, before: Memo<Option<Arc<Layer>>>) -> Counted {
    let (layer, standing, knowledge) = (app.layer.get(), app.standing.get(), app.knowledge.get());
    let of = |layer: &Layer| {
        // Another layer's scale may be another one: its own middle counts, unless the user set what counts.
        let asked = Asked { layer, standing: &standing, threshold: app.threshold(layer) };
        let [orchestration, container] = Tier::ALL.map(|tier| asked.whole(Some(tier)));
        (asked.by_tactic(&knowledge), [orchestration, container, asked.whole(None)])
    };
    let (rows, whole) = of(&layer);
    Counted { rows, whole, before: before.get().map(|before| of(&before)) }
}

/// Compares with a snapshot of the active layer.
pub fn compare_with_snapshot(app: App, snapshot: Snapshot) {
    app.planning.update(|planning| planning.before = Before::Snapshot(snapshot));
}

/// What was chosen and how it is called, where it can be compared with the active layer: that may be another one by now.
fn chosen_before(app: App) -> Option<(Before, String)> {
    let chosen = app.planning.with(|planning| planning.before.clone());
    befores(app).into_iter().find(|(before, _)| *before == chosen)
}

/// The layer that was chosen. A snapshot is read once, and not at every edit.
fn before(app: App) -> Memo<Option<Arc<Layer>>> {
    let chosen = derived(move || chosen_before(app));
    derived(move || match chosen.get()?.0 {
        Before::Nothing => None,
        Before::Tab(id) => app.layer_and_knowledge(&id).map(|(layer, _)| layer),
        Before::Snapshot(snapshot) => snapshot.layer().map(Arc::new),
    })
}

/// Nothing first, then snapshots of the active layer, then the other layers.
fn befores(app: App) -> Vec<(Before, String)> {
    let mut all = vec![(Before::Nothing, "nothing".to_owned())];
    let active = app.active.get();
    app.with_layer(|layer| {
        let snapshot = |it: &Snapshot| (Before::Snapshot(it.clone()), format!("{} ({})", it.name(), it.day()));
        all.extend(layer.snapshots.iter().map(snapshot));
    });
    app.tabs.with(|tabs| {
        let others = tabs.iter().filter(|tab| tab.id != active);
        all.extend(others.map(|tab| (Before::Tab(tab.id.clone()), tab.history.present().title().to_owned())));
    });
    all
}

/// The threshold, and what coverage is compared with.
fn settings(app: App) -> El {
    let field = el("input", "")
        .attr("type", "text")
        .attr("inputmode", "decimal")
        .attr("autocomplete", "off")
        .attr("data-field", "coverage-threshold")
        .has("placeholder", move || {
            app.with_layer(|layer| Score::new(coverage_threshold(&layer.gradient)).map(|score| score.to_string()))
        });
    let typed = app.planning.with_untracked(|planning| planning.threshold).and_then(Score::new);
    field.node().unchecked_ref::<HtmlInputElement>().set_value(&typed.map(|it| it.to_string()).unwrap_or_default());
    let wrong = RwSignal::new(false);
    let field = field.has("aria-invalid", move || wrong.get().then(|| "true".to_owned())).on("input", move |event| {
        let text = value_of(&event);
        let value = Score::parse(&text).map(Score::value);
        wrong.set(value.is_none() && !text.trim().is_empty());
        app.planning.update(|planning| planning.threshold = value);
    });
    // The panel stays while another layer is gone to.
    let befores = derived(move || befores(app));
    let before = el("div", "field").holds(move || {
        let befores = befores.get();
        // A choice's value is its place here, and empty for nothing.
        let value = |at: usize| if at == 0 { String::new() } else { at.to_string() };
        let choices: Vec<Choosable> =
            befores.iter().enumerate().map(|(at, (_, words))| (value(at), words.clone())).collect();
        let chosen = app.planning.with_untracked(|planning| planning.before.clone());
        let chosen = value(befores.iter().position(|(before, _)| *before == chosen).unwrap_or_default());
        let choose = move |value: String| {
            let place = value.parse().unwrap_or(0_usize);
            let before = befores.get(place).map(|(before, _)| before.clone()).unwrap_or_default();
            app.planning.update(|planning| planning.before = before);
        };
        vec![choice_field("Compared with", "coverage-before", &choices, move || chosen.clone(), choose)]
    });
    el("div", "coverage-settings").children([labelled("Covered from", &field), before])
}

fn totals(counted: Memo<Counted>) -> El {
    let total = |at: usize, tier: Option<Tier>| {
        let words = tier.map_or("all", Tier::word);
        let name = el("span", "coverage-total-name").children(tier.map(tier_glyph)).text(words);
        let percent = move |of: Coverage| of.percent().map_or_else(|| "–".to_owned(), |it| format!("{it} %"));
        let number = el("b", "").says(move || counted.with(|it| percent(it.whole[at])));
        let count = el("span", "muted")
            .says(move || counted.with(|it| format!(" {} of {}", it.whole[at].covered, it.whole[at].of)));
        let before = el("span", "muted coverage-was").says(move || {
            counted.with(|it| {
                it.before.as_ref().map_or_else(String::new, |(_, then)| format!(" was {}", percent(then[at])))
            })
        });
        el("div", "coverage-total").attr("data-total", words).children([name, number, count, before])
    };
    let [orchestration, container] = Tier::ALL;
    el("div", "coverage-totals").children([total(2, None), total(0, Some(orchestration)), total(1, Some(container))])
}

fn drawing(app: App, counted: Memo<Counted>, width: u32) -> Chart {
    counted
        .with(|it| coverage_chart(&app.knowledge.get(), &it.rows, it.before.as_ref().map(|it| it.0.as_slice()), width))
}

fn bars(app: App, counted: Memo<Counted>, width: u32) -> El {
    let chosen: Chosen = Rc::new(move |bar: &Bar| select_behind(app, bar));
    el("div", "").holds(move || vec![chart(&drawing(app, counted, width), &chosen)])
}

/// Selects the techniques that a bar stands for, in its tactic and where tiers are told apart in its tier.
fn select_behind(app: App, bar: &Bar) {
    let (layer, standing) = (app.layer.get_untracked(), app.standing.get_untracked());
    let threshold = untrack(|| app.threshold(&layer));
    let asked = Asked { layer: &layer, standing: &standing, threshold };
    let tier = app.apart().then_some(bar.tier);
    let target = |id| Target { key: Key::new(id, bar.tactic.clone()), tier };
    let targets: Vec<Target> = asked.behind(&bar.tactic, bar.tier, bar.covered).into_iter().map(target).collect();
    let count = targets.len();
    close(app);
    app.selection.set(app.in_own_tiers(targets).into_iter().collect());
    let words = if bar.covered { "covered" } else { "not covered" };
    let tactic = app.knowledge.with_untracked(|knowledge| knowledge.tactic_title(&bar.tactic).to_owned());
    app.say(format!("{count} selected: {words} in {tactic}, {}.", bar.tier.word()));
}

pub fn coverage_panel(app: App) -> El {
    let before = before(app);
    let counted = derived(move || counted(app, before));
    let close = move || {
        app.coverage.set(false);
        browser::focus_cell_soon();
    };
    let page = command_button(app, Command::CoveragePage, "button small").text("Gaps and more…");
    let threat = command_button(app, Command::CoverageThreat, "button small").text("Threat over coverage…");
    let content = el("div", "inspector-content").children([
        settings(app),
        totals(counted),
        bars(app, counted, PANEL_WIDTH),
        el("p", "muted").text("Choose a bar to select the techniques behind it: what is covered, or what is not."),
        el("div", "coverage-actions").children([page, threat]),
    ]);
    el("div", "inspector coverage-panel")
        .attr("role", "dialog")
        .attr("aria-label", "Coverage")
        .attr("data-panel", "coverage")
        .child(&el("h2", "").text("Coverage"))
        .child(&content)
        .child(&icon_action("icon-button", "Close", Icon::Close, close))
        .on("keydown", move |event| {
            if key_of(&event) == "Escape" {
                event.prevent_default();
                close();
            }
        })
}

/// The chart as it goes into a report.
fn figure(app: App, counted: Memo<Counted>) -> Figure {
    let layer = app.layer.get();
    let [orchestration, container, whole] = counted.with(|it| it.whole);
    let share = |of: Coverage| format!("{} of {} ({} %)", of.covered, of.of, of.percent().unwrap_or(0));
    let mut about = vec![
        about_layer(app, &layer.name),
        format!(
            "Techniques covered: {}; orchestration {}, container {}. {}",
            share(whole),
            share(orchestration),
            share(container),
            covered_from(app.threshold(&layer)),
        ),
    ];
    if counted.with(|it| it.before.is_some()) {
        about.extend(chosen_before(app).map(|(_, name)| format!("Compared with {name}.")));
    }
    Figure { chart: drawing(app, counted, PAGE_WIDTH), title: "Coverage by tactic and tier", about }
}

/// What counts as covered, in a sentence.
pub fn covered_from(threshold: f64) -> String {
    let from = Score::new(threshold).map(|score| score.to_string()).unwrap_or_default();
    format!("Covered is what is enabled and scored {from} or more.")
}

pub fn coverage_page(app: App) -> El {
    let before = before(app);
    let counted = derived(move || counted(app, before));
    let figure = move || Some(figure(app, counted));
    let other = |command: Command, words: &str| {
        button("button small").attr("data-command", command.id()).text(words).on_click(move || run::run(app, command))
    };
    let actions = el("div", "coverage-actions").children([
        export_button(app, figure),
        other(Command::CoverageThreat, "Threat over coverage…"),
        other(Command::LayerSnapshots, "Snapshots…"),
    ]);
    let left =
        el("div", "coverage-left").children([settings(app), totals(counted), bars(app, counted, PAGE_WIDTH), actions]);
    el("div", "coverage-page").children([left, gaps(app)])
}
