//! The panel at the side: what the selected technique is, and the fields that annotate what is selected.

use super::{
    annotation::annotation,
    control::{command_button, icon_button},
    details::{details, section},
    icon::Icon,
    status_bar::tier_glyph,
};
use crate::{
    app::{
        beside,
        choice::counted,
        command::Command,
        dom::{El, button, derived, el},
        drafting,
        rest::{self, Part},
        retiering, run,
        state::{App, Dialog},
    },
    attack::{Knowledge, Technique, TechniqueId, Tier},
    export::tier_words,
};
use leptos::prelude::*;
use rustc_hash::FxHashSet;

pub fn inspector(app: App) -> El {
    let selected = derived(move || {
        let ids: Vec<TechniqueId> = app.selection.with(|s| s.techniques().into_iter().cloned().collect());
        if ids.is_empty() { app.focus.get().into_iter().map(|focus| focus.technique).collect() } else { ids }
    });
    let close = icon_button(app, Command::ViewInspector, Icon::Close);
    // What is known may come later, and must not take a field away from under the user's hands.
    let release = derived(move || app.knowledge.with(|knowledge| knowledge.release.clone()));
    let content = el("div", "inspector-content").holds(move || {
        release.track();
        if let Some(inspected) = app.inspected_now() {
            return rest::part(app, Part::Subject(inspected.subject));
        }
        match selected.get() {
            none if none.is_empty() => layer_summary(app),
            ids => rest::part(app, Part::Inspected(ids)),
        }
    });
    el("aside", "inspector").attr("aria-label", "Inspector").child(&close).child(&content)
}

/// What there is to tell of techniques.
pub fn inspected(app: App, ids: &[TechniqueId]) -> Vec<El> {
    let knowledge = app.knowledge.get_untracked();
    match ids {
        [one] => single(app, &knowledge, one),
        many => several(app, &knowledge, many),
    }
}

fn single(app: App, knowledge: &Knowledge, id: &TechniqueId) -> Vec<El> {
    let Some(technique) = knowledge.technique(id) else {
        return vec![el("p", "muted").text(&format!("{id} is not in this bundle."))];
    };
    let tactics: Vec<&str> =
        technique.tactics.iter().filter_map(|name| knowledge.tactic(name)).map(|tactic| tactic.name.as_str()).collect();
    let mut title = el("h2", "");
    if let Some(parent) = technique.parent.as_ref().and_then(|parent| knowledge.technique(parent)) {
        title = title.child(&el("span", "inspector-parent").text(&format!("{}: ", parent.name)));
    }
    let head = head(&format!("{} · {}", technique.id, tactics.join(", ")), title.text(&technique.name));
    let own = id.clone();
    let details = el("div", "inspector-content").holds(move || {
        let knowledge = app.knowledge.get();
        knowledge.technique(&own).map(|technique| details(app, &knowledge, technique)).unwrap_or_default()
    });
    let (own, own_too) = (id.clone(), id.clone());
    let badges = el("div", "inspector-tiers").holds(move || {
        let knowledge = app.knowledge.get();
        let technique = knowledge.technique(&own);
        technique.map(tiers).into_iter().chain(judged(app, &own)).collect()
    });
    let change = command_button(app, Command::TiersRetier, "button small").text("Change tiers…");
    let change = el("p", "").child(&change);
    let drafts = el("div", "").holds(move || drafts(app, &own_too));
    vec![head.child(&badges).child(&change), annotation(app), details, drafts]
}

/// Where the user sees its tiers differently.
fn judged(app: App, id: &TechniqueId) -> Option<El> {
    let judgement = beside::assignment(app).of(id).cloned()?;
    let own = retiering::own_knowledge(app);
    let bundle = own.technique(id).and_then(|technique| technique.tier.as_ref());
    let bundle = bundle.map_or_else(|| "no tier".to_owned(), |it| tier_words(it.tiers, it.primary));
    let words = format!("Your view: {}. The bundle: {bundle}.", tier_words(judgement.tiers, judgement.primary));
    Some(el("p", "muted").attr("data-judged", "").text(&words))
}

/// The drafts that are about it, and ways to begin one.
fn drafts(app: App, id: &TechniqueId) -> Vec<El> {
    let knowledge = app.knowledge.get();
    let about = drafting::of_catalogue(app).into_iter().filter(|(_, draft)| draft.technique.as_ref() == Some(id));
    let lines = about.map(|(draft_id, draft)| {
        let open = button("list-button").text(&draft.title(&knowledge));
        el("li", "").child(&open.on_click(move || app.dialog.set(Some(Dialog::Draft(draft_id.as_str().into())))))
    });
    let begin = [Command::DraftProcedure, Command::DraftPlacement, Command::DraftTier]
        .map(|command| command_button(app, command, "button small").text(command.title()));
    let parts = [el("ul", "plain-list").children(lines), el("div", "coverage-actions").children(begin)];
    vec![section("Contribute", parts).attr("data-section", "drafts")]
}

fn several(app: App, knowledge: &Knowledge, ids: &[TechniqueId]) -> Vec<El> {
    /// More would only be scrolled over.
    const LISTED: usize = 100;
    let line = |id: &TechniqueId| {
        let name = knowledge.technique(id).map(|technique| technique.name.as_str()).unwrap_or_default();
        let own = id.clone();
        let line = button("list-button").child(&el("span", "list-id").text(id.as_str())).text(name);
        el("li", "").child(&line.on_click(move || run::reveal(app, &own)))
    };
    let mut selected = vec![el("ul", "plain-list").children(ids.iter().take(LISTED).map(line))];
    if ids.len() > LISTED {
        selected.push(el("p", "muted").text(&format!("and {} more", ids.len() - LISTED)));
    }
    vec![head("Selection", el("h2", "").text(&counted(ids.len()))), annotation(app), section("Selected", selected)]
}

/// With nothing selected: the layer, and how to begin.
fn layer_summary(app: App) -> Vec<El> {
    let annotated = move || {
        app.layer.with(|layer| {
            let entries = layer.annotations.iter().filter(|entry| entry.is_annotated());
            entries.map(|entry| entry.key.technique.clone()).collect::<FxHashSet<_>>().len()
        })
    };
    let name = el("h2", "").says(move || app.layer.with(|layer| layer.name.clone()));
    let rename = command_button(app, Command::LayerSettings, "button").text("Layer settings…");
    let head = head("Layer", name)
        .child(&el("p", "muted").says(move || format!("{} annotated", counted(annotated()))))
        .child(&rename);
    let description = el("p", "prose pre").says(move || app.layer.with(|layer| layer.description.clone()));
    vec![head, description, section("How to begin", [hints()]), section("Reading a cell", [legend()])]
}

fn hints() -> El {
    // Words between bars are keys.
    let lines = [
        "Click a technique, or draw a band around many. |Ctrl| adds, |Shift| extends.",
        "Type a number to score what is selected. |c| comments, |x| disables.",
        "|s| splits the matrix by tier, |u| unites it, |Shift| |S| scores the tiers separately.",
        "|?| lists every key.",
    ];
    let line = |line: &str| {
        let parts = line.split('|').enumerate();
        parts.fold(
            el("li", ""),
            |li, (at, part)| {
                if at % 2 == 1 { li.child(&el("kbd", "").text(part)) } else { li.text(part) }
            },
        )
    };
    el("ul", "hints").children(lines.map(line))
}

fn legend() -> El {
    let stripe = |tier: &str| el("span", "legend-stripe").attr("data-tier", tier);
    let line = |sign: El, words: &str| el("li", "").child(&sign).child(&el("span", "").text(words));
    el("ul", "legend").children([
        line(stripe("orchestration"), "Orchestration: API server, RBAC, scheduling, cluster network, secrets"),
        line(stripe("container"), "Container: image, runtime, process, escape to the host"),
        line(stripe("orchestration container"), "Both tiers"),
        line(el("span", "cell-wild"), "Seen in the wild against containers"),
        line(el("span", "legend-secondary"), "Lighter and dashed: not the tier to look in first"),
    ])
}

fn head(kind: &str, title: El) -> El {
    el("div", "inspector-head").child(&el("p", "inspector-kind").text(kind)).child(&title)
}

fn tiers(technique: &Technique) -> El {
    let badges = el("p", "badges");
    let Some(assignment) = &technique.tier else {
        return badges.child(&el("span", "badge").text("no tier assigned"));
    };
    let only = assignment.tiers.tiers().count() == 1;
    badges.children(assignment.tiers.tiers().map(|tier| {
        let primary = assignment.primary == tier && !only;
        tier_badge(tier, if primary { " (primary)" } else { "" })
    }))
}

fn tier_badge(tier: Tier, more: &str) -> El {
    let badge = el("span", "badge").attr("data-tier", tier.word()).child(&tier_glyph(tier));
    badge.text(&format!("{}{more}", tier.word()))
}
