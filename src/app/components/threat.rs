//! A threat over coverage: the dialog that chooses both, with the numbers and the list, and the lens that shows it over the
//! cells. How they meet is `layer`'s rule.

use super::{
    chart::{Figure, about_layer, export_button},
    choice_field::{Choosable, choice_field},
    control::icon_action,
    coverage::covered_from,
    dialogs::close,
    icon::Icon,
    lens::{cells, matrices, put_sign, take_off, take_sign},
    status_bar::tier_glyph,
};
use crate::{
    app::{
        command::Command,
        dom::{El, button, derived, el, set_or_remove, watch},
        layers, run,
        select::{self, How},
        state::{App, Lens, Tab, TabId},
    },
    attack::{TacticName, TechniqueId, Tier},
    export::threat_chart,
    layer::{Counts, Key, Layer, Meeting, ThreatOver},
};
use leptos::prelude::*;
use rustc_hash::FxHashMap;
use std::sync::Arc;
use web_sys::Element;

const CHART_WIDTH: u32 = 460;

type Meetings = [FxHashMap<Key, Meeting>; 2];

/// What the dialog shows.
#[derive(Debug, Clone, PartialEq)]
struct Shown {
    threshold: f64,
    by_tactic: Vec<(TacticName, [Counts; 2])>,
    techniques: [Vec<TechniqueId>; 3],
}

/// The threat and what covers: the covering layer is the active one until another is chosen, the threat the one seen beside
/// it or the first other one.
fn chosen(app: App) -> Option<[(TabId, Arc<Layer>); 2]> {
    let (planning, active, second) = (app.planning.get(), app.active.get(), app.second.get());
    app.tabs.with(|tabs| {
        let of = |id: &TabId| tabs.iter().find(|tab| tab.id == *id);
        let covering = planning.covering.as_ref().and_then(of).or_else(|| of(&active))?;
        let other = || tabs.iter().find(|tab| tab.id != covering.id);
        let beside = || second.as_ref().and_then(of).filter(|tab| tab.id != covering.id);
        let threat = planning.threat.as_ref().and_then(of).or_else(beside).or_else(other)?;
        Some([threat, covering].map(|tab| (tab.id.clone(), tab.history.present().clone())))
    })
}

fn over<T>(app: App, read: impl FnOnce(&ThreatOver<'_>) -> T) -> Option<T> {
    let [(_, threat), (_, covering)] = chosen(app)?;
    let standing = app.standing.get();
    let threshold = app.threshold(&covering);
    Some(read(&ThreatOver { threat: &threat, covering: &covering, standing: &standing, threshold }))
}

fn shown(app: App) -> Option<Shown> {
    let knowledge = app.knowledge.get();
    let tactics: Vec<TacticName> = knowledge.tactics.iter().map(|tactic| tactic.short_name.clone()).collect();
    over(app, |over| Shown {
        threshold: over.threshold,
        by_tactic: over.by_tactic(&tactics),
        techniques: Meeting::ALL.map(|meeting| over.techniques(meeting)),
    })
}

pub fn threat_dialog(app: App) -> El {
    let options: Vec<Choosable> = app.tabs.with_untracked(|tabs| {
        tabs.iter().map(|tab| (tab.id.to_string(), tab.history.present().title().to_owned())).collect()
    });
    if options.len() < 2 {
        let words = "Open or make a second layer first: a colleague's file, or a layer from evidence, groups, software and \
                     campaigns (menu Layer).";
        return el("p", "").text(words);
    }
    // What is chosen by itself is chosen from now on: the layers may change places.
    if let Some([(threat, _), (covering, _)]) = untrack(|| chosen(app)) {
        app.planning.update(|planning| {
            planning.threat = Some(threat);
            planning.covering = Some(covering);
        });
    }
    let words = |id: Option<TabId>| id.map(|id| id.to_string()).unwrap_or_default();
    let threat = choice_field(
        "Threat: what it scores above 0",
        "threat-layer",
        &options,
        move || app.planning.with(|it| words(it.threat.clone())),
        move |id| app.planning.update(|planning| planning.threat = Some(id.into())),
    );
    let covering = choice_field(
        "Coverage",
        "coverage-layer",
        &options,
        move || app.planning.with(|it| words(it.covering.clone())),
        move |id| app.planning.update(|planning| planning.covering = Some(id.into())),
    );
    let shown = derived(move || shown(app));
    let note = el("p", "muted")
        .says(move || shown.with(|shown| shown.as_ref().map_or_else(String::new, |it| covered_from(it.threshold))));
    let show = move || {
        close(app);
        app.lens.set(Some(Lens::Threat));
    };
    let figure = move || {
        let [(_, threat), (_, covering)] = chosen(app)?;
        let shown = shown.get()?;
        let about = vec![
            about_layer(app, &format!("{} over {}", threat.name, covering.name)),
            format!("The threat uses what it scores above 0. {}", covered_from(shown.threshold)),
        ];
        let chart = threat_chart(&app.knowledge.get(), &shown.by_tactic, CHART_WIDTH);
        Some(Figure { chart, title: "Threat over coverage", about })
    };
    let actions = el("div", "dialog-actions").children([
        export_button(app, figure),
        el("span", "grow"),
        button("button").attr("data-action", "make-layer").text("Make a layer").on_click(move || {
            close(app);
            make_layer(app);
        }),
        button("button primary").attr("data-action", "show-threat").text("Show in the matrix").on_click(show),
    ]);
    el("div", "form threat").children([
        el("div", "two-fields").children([threat, covering]),
        note,
        el("div", "threat-columns").children([
            el("div", "").holds(move || shown.with(|it| it.as_ref().map(|it| table(app, it)).into_iter().collect())),
            el("div", "threat-lists")
                .attr("tabindex", "0")
                .attr("role", "region")
                .attr("aria-label", "Techniques")
                .holds(move || shown.with(|it| it.as_ref().map(|it| lists(app, it)).unwrap_or_default())),
        ]),
        actions,
    ])
}

fn swatch(meeting: Meeting) -> El {
    el("span", "threat-swatch").attr("data-lens", meeting.word()).attr("aria-hidden", "true")
}

/// The numbers by tactic and tier.
fn table(app: App, shown: &Shown) -> El {
    let knowledge = app.knowledge.get_untracked();
    let head = Tier::ALL.map(|tier| {
        el("th", "").attr("colspan", "3").attr("scope", "colgroup").child(&tier_glyph(tier)).text(tier.word())
    });
    let kinds = || Meeting::ALL.map(|it| el("th", "").attr("scope", "col").child(&swatch(it)).text(it.word()));
    let numbers = |counts: &[Counts; 2]| -> Vec<El> {
        let number = |count: &usize| el("td", if *count == 0 { "muted" } else { "" }).text(&count.to_string());
        counts.iter().flatten().map(number).collect()
    };
    let row = |(tactic, counts): &(TacticName, [Counts; 2])| {
        let name = knowledge.tactic_title(tactic);
        el("tr", "")
            .attr("data-tactic", tactic.as_str())
            .child(&el("th", "").attr("scope", "row").text(name))
            .children(numbers(counts))
    };
    el("table", "figures-table threat-table").children([
        el("thead", "").children([
            el("tr", "").child(&el("td", "")).children(head),
            el("tr", "").child(&el("td", "")).children(kinds()).children(kinds()),
        ]),
        el("tbody", "").children(shown.by_tactic.iter().map(row)),
    ])
}

fn lists(app: App, shown: &Shown) -> Vec<El> {
    let knowledge = app.knowledge.get_untracked();
    let list = |(meeting, ids): (Meeting, &Vec<TechniqueId>)| {
        let all = ids.clone();
        let select = button("button small").attr("data-action", &format!("select-{}", meeting.word())).text("Select");
        let select = select.on_click(move || {
            close(app);
            select::techniques(app, &all, How::Only);
        });
        let select = if ids.is_empty() { select.attr("disabled", "") } else { select };
        let head = el("h3", "").child(&swatch(meeting)).text(&format!("{} · ", meeting.title()));
        let head = head.child(&el("span", "").attr("data-count", meeting.word()).text(&ids.len().to_string()));
        let line = |id: &TechniqueId| {
            let name = knowledge.technique(id).map_or("", |technique| technique.name.as_str());
            el("li", "").child(&el("span", "list-id").text(id.as_str())).text(name)
        };
        el("section", "").children([
            el("div", "threat-head")
                .child(&head)
                .child(&select.attr("aria-label", &format!("Select: {}", meeting.title()))),
            el("ul", "plain-list").children(ids.iter().map(line)),
        ])
    };
    Meeting::ALL.into_iter().zip(&shown.techniques).map(list).collect()
}

fn make_layer(app: App) {
    let bundle = app.bundle();
    let blank = app.bundles.with_untracked(|bundles| bundles.new_layer("", &bundle).0);
    let Some(layer) = untrack(|| over(app, |over| over.layer(blank))) else { return };
    let name = layers::free_name(app, &layer.name);
    app.lens.set(None);
    let words = format!("Made the layer \"{name}\".");
    layers::add(app, Tab::new((Layer { name, ..layer }, bundle)));
    app.say(words);
}

/// The legend of the lens. As long as it is there, the cells show the lens.
pub fn threat_lens(app: App) -> El {
    let meetings = derived(move || over(app, |over| over.meetings()));
    watch(move || {
        app.built.track();
        meetings.with(|meetings| meetings.as_ref().map_or_else(take_off, put_on));
    });
    on_cleanup(take_off);
    let counts = derived(move || over(app, |over| Meeting::ALL.map(|meeting| over.techniques(meeting).len())));
    let line = |(at, meeting): (usize, Meeting)| {
        let count = el("b", "")
            .attr("data-count", meeting.word())
            .says(move || counts.get().map_or_else(String::new, |counts| counts[at].to_string()));
        el("li", "").child(&swatch(meeting)).child(&el("span", "").text(meeting.title()).text(" · ").child(&count))
    };
    let names = el("span", "muted lens-note").says(move || {
        chosen(app).map_or_else(
            || "A second layer is needed.".to_owned(),
            |[(_, threat), (_, covering)]| format!("\"{}\" over \"{}\"", threat.title(), covering.title()),
        )
    });
    let run_button = |command: Command, words: &str| {
        button("button small legend-edit")
            .attr("data-command", command.id())
            .text(words)
            .on_click(move || run::run(app, command))
    };
    el("section", "legend-bar lens-bar")
        .attr("aria-label", "Threat over coverage")
        .attr("data-region", "lens")
        .child(&el("b", "lens-title").text("Threat"))
        .child(&el("ul", "legend-items lens-items").children(Meeting::ALL.into_iter().enumerate().map(line)))
        .child(&names)
        .child(&run_button(Command::CoverageThreat, "List and numbers…"))
        .child(
            &button("button small legend-edit")
                .attr("data-action", "make-layer")
                .text("Make a layer")
                .on_click(move || make_layer(app)),
        )
        .child(&icon_action("icon-button", "Close the threat lens", Icon::Close, move || app.lens.set(None)))
}

fn put_on(meetings: &Meetings) {
    if let Some(host) = matrices() {
        set_or_remove(&host, "data-lens", Some("threat"));
    }
    for cell in cells() {
        let heading = cell.get_attribute("data-place").as_deref() == Some("heading");
        let meeting = meeting_of(&cell, meetings).filter(|_| !heading);
        set_or_remove(&cell, "data-lens", Some(meeting.map_or("neither", Meeting::word)));
        match meeting {
            Some(meeting) => put_sign(&cell, meeting.word(), meeting.title()),
            None => take_sign(&cell),
        }
    }
}

fn meeting_of(cell: &Element, meetings: &Meetings) -> Option<Meeting> {
    let technique = TechniqueId::parse(&cell.get_attribute("data-technique")?).ok()?;
    let tactic = TacticName::parse(&cell.get_attribute("data-tactic")?).ok()?;
    let key = Key::new(technique, tactic);
    let matrix = cell.closest("[data-matrix]").ok().flatten().and_then(|matrix| matrix.get_attribute("data-matrix"));
    match matrix.as_deref().and_then(Tier::from_word) {
        Some(tier) => meetings[usize::from(tier == Tier::Container)].get(&key).copied(),
        None => ThreatOver::worst(meetings, &key),
    }
}
