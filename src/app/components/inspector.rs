//! The panel at the side: what the selected technique is, and the fields that annotate what is selected.

use super::{
    annotation::annotation,
    control::{command_button, icon_button},
    icon::Icon,
    status_bar::tier_glyph,
};
use crate::{
    app::{
        command::Command,
        dom::{El, button, derived, el},
        rest::{self, Part},
        run,
        state::App,
    },
    attack::{Actor, ActorKind, ActorUse, Counterpart, Detection, Knowledge, Mitigation, Technique, TechniqueId, Tier},
    layer::is_safe_url,
    order,
};
use leptos::prelude::*;
use rustc_hash::FxHashSet;

/// How many of a list are shown before the rest is asked for.
const FIRST: usize = 8;

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
        knowledge.technique(&own).map(|technique| details(&knowledge, technique)).unwrap_or_default()
    });
    vec![head.child(&tiers(technique)), annotation(app), details]
}

/// Everything that is known of a technique, as far as it is there.
fn details(knowledge: &Knowledge, technique: &Technique) -> Vec<El> {
    if knowledge.outline {
        let words = "Who uses it, what mitigates and what detects it is being loaded…";
        return vec![el("p", "muted").attr("data-loading", "").text(words)];
    }
    let source = technique.url.as_ref().map(|url| link(url, &format!("{} at its source", technique.id)));
    vec![
        el("div", "prose").children(paragraphs(&technique.description)),
        rationale(technique),
        seen(knowledge, technique),
        mitigations(knowledge, technique),
        detections(knowledge, technique),
        counterparts(&technique.counterparts),
        section("Platforms", [el("p", "muted").text(&technique.platforms.join(", "))]),
        section("Source", source.into_iter().map(|link| el("p", "").child(&link))),
    ]
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
    vec![
        head("Selection", el("h2", "").text(&format!("{} techniques", ids.len()))),
        annotation(app),
        section("Selected", selected),
    ]
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
        .child(&el("p", "muted").says(move || format!("{} techniques annotated", annotated())))
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

/// Text of a bundle: paragraphs, of which the labels that our descriptions begin with are set off.
fn paragraphs(text: &str) -> Vec<El> {
    const LABELS: [&str; 2] = ["In the cluster:", "In the container:"];
    let paragraphs = text.split("\n\n").filter(|paragraph| !paragraph.trim().is_empty());
    paragraphs
        .map(|paragraph| match LABELS.into_iter().find(|label| paragraph.starts_with(label)) {
            Some(label) => el("p", "").child(&el("b", "").text(label)).text(&paragraph[label.len()..]),
            None => el("p", "").text(paragraph),
        })
        .collect()
}

fn rationale(technique: &Technique) -> El {
    let Some(assignment) = &technique.tier else { return el("section", "") };
    let confidence = assignment.confidence.map(|confidence| format!(" ({} confidence)", confidence.word()));
    let words = format!("{}{}", assignment.rationale, confidence.unwrap_or_default());
    let objects = assignment.objects.iter().map(|object| el("span", "tag").text(object));
    section("Why this tier", [el("p", "muted").text(&words), el("p", "tags").children(objects)])
}

/// Those who were seen using it against containers first, then the others, fewer at a time.
fn seen(knowledge: &Knowledge, technique: &Technique) -> El {
    let actors = |related: bool| {
        let uses = technique.uses.iter().filter(move |seen: &&ActorUse| seen.container_related == related);
        uses.filter_map(|seen| knowledge.actors.get(seen.actor))
    };
    let mut parts = Vec::new();
    let against: Vec<El> = actors(true).map(|actor| actor_tag(actor, true)).collect();
    if against.is_empty() {
        parts.push(el("p", "muted").text("No use against containers is on record."));
    } else {
        parts.extend(tags(against));
    }
    let elsewhere: Vec<El> = actors(false).map(|actor| actor_tag(actor, false)).collect();
    if !elsewhere.is_empty() {
        parts.push(more(&format!("Used elsewhere by {}", elsewhere.len()), elsewhere));
    }
    section("Seen in the wild", parts).attr("data-section", "evidence")
}

fn actor_tag(actor: &Actor, against_containers: bool) -> El {
    let kind = match actor.kind {
        ActorKind::Group => "group",
        ActorKind::Software => "software",
        ActorKind::Campaign => "campaign",
    };
    let mut tag = el("span", "tag").attr("title", &format!("{} · {kind}", actor.id));
    if against_containers {
        tag = tag.child(&el("span", "cell-wild").attr("aria-hidden", "true"));
    }
    tag.child(&linked(actor.url.as_deref(), &actor.name))
}

fn mitigations(knowledge: &Knowledge, technique: &Technique) -> El {
    let found = technique.mitigations.iter().filter_map(|at| knowledge.mitigations.get(*at));
    let tag = |it: &Mitigation| named_tag(&it.id, &it.name, it.url.as_deref());
    section("Mitigations", tags(found.map(tag).collect()))
}

fn detections(knowledge: &Knowledge, technique: &Technique) -> El {
    let found: Vec<&Detection> = technique.detections.iter().filter_map(|at| knowledge.detections.get(*at)).collect();
    let mut sources: Vec<&str> = found.iter().flat_map(|it| it.log_sources.iter().map(String::as_str)).collect();
    order::sort_by(&mut sources, |a, b| a.cmp(b));
    sources.dedup();
    let mut parts = tags(found.iter().map(|it| named_tag(&it.id, &it.name, it.url.as_deref())).collect());
    if !sources.is_empty() {
        let words =
            if sources.len() == 1 { "1 log source".to_owned() } else { format!("{} log sources", sources.len()) };
        parts.push(more(&words, sources.iter().map(|source| el("span", "tag").text(source)).collect()));
    }
    section("Detections", parts)
}

fn counterparts(counterparts: &[Counterpart]) -> El {
    let title = match counterparts.first().map(|other| other.catalogue.as_str()) {
        Some("mitre-attack") => "ATT&CK counterparts",
        _ => "Microsoft counterparts",
    };
    let all = counterparts.iter().map(|other| named_tag(&other.id, &other.name, other.url.as_deref()));
    section(title, tags(all.collect()))
}

fn named_tag(id: &str, name: &str, url: Option<&str>) -> El {
    el("span", "tag").child(&linked(url, &format!("{id} {name}")))
}

fn linked(url: Option<&str>, words: &str) -> El {
    url.map_or_else(|| el("span", "").text(words), |url| link(url, words))
}

/// A link that a bundle or a layer gives; anything but http, https and mailto stays plain text.
pub fn link(url: &str, words: &str) -> El {
    if is_safe_url(url) {
        el("a", "").attr("href", url).attr("target", "_blank").attr("rel", "noopener noreferrer").text(words)
    } else {
        el("span", "").attr("title", "Not a web address: shown as text").text(words)
    }
}

/// A part with a title; without content it is empty, and the style leaves it out.
fn section(title: &str, content: impl IntoIterator<Item = El>) -> El {
    let section = el("section", "");
    let content: Vec<El> = content.into_iter().collect();
    if content.is_empty() { section } else { section.child(&el("h3", "").text(title)).children(content) }
}

fn tags(mut all: Vec<El>) -> Vec<El> {
    if all.is_empty() {
        return Vec::new();
    }
    if all.len() <= FIRST + 2 {
        return vec![el("p", "tags").children(all)];
    }
    let rest = all.split_off(FIRST);
    vec![el("p", "tags").children(all), more(&format!("{} more", rest.len()), rest)]
}

pub fn more(words: &str, rest: Vec<El>) -> El {
    el("details", "more").child(&el("summary", "").text(words)).child(&el("p", "tags").children(rest))
}
