//! What the inspector tells of a technique: what it looks like, why it stands in its tier, who uses it, what mitigates and
//! what detects it, what belongs to it, and what became of it. Whatever else the bundle tells of is a way to its own page.

use super::{control::icon_action, history::history, icon::Icon, prose::told, technique_list::listed};
use crate::{
    app::{
        crossing,
        dom::{El, button, el},
        evidence::layer_of_actor,
        searching,
        state::App,
    },
    attack::{Actor, ActorUse, Counterpart, Detection, Knowledge, Subject, Technique, Told},
    layer::is_safe_url,
    order,
};

/// How many of a list are shown before the rest is asked for.
const FIRST: usize = 8;

/// Everything that is known of a technique, as far as it is there.
pub fn details(app: App, knowledge: &Knowledge, technique: &Technique) -> Vec<El> {
    if knowledge.outline {
        let words = "Who uses it, what mitigates and what detects it is being loaded…";
        return vec![el("p", "muted").attr("data-loading", "").text(words)];
    }
    let source = technique.url.as_ref().map(|url| link(url, &format!("{} at its source", technique.id)));
    vec![
        told(app, knowledge, &technique.description),
        rationale(technique),
        seen(app, knowledge, technique),
        mitigations(app, knowledge, technique),
        detections(app, knowledge, technique),
        assets(app, knowledge, technique),
        counterparts(app, &technique.counterparts),
        family(app, knowledge, technique),
        history(app, technique),
        section("Platforms", [el("p", "muted").text(&technique.platforms.join(", "))]),
        section("Source", source.into_iter().map(|link| el("p", "").child(&link))),
    ]
}

fn rationale(technique: &Technique) -> El {
    let Some(assignment) = &technique.tier else { return el("section", "") };
    let confidence = assignment.confidence.map(|confidence| format!(" ({} confidence)", confidence.word()));
    let words = format!("{}{}", assignment.rationale, confidence.unwrap_or_default());
    let objects = assignment.objects.iter().map(|object| el("span", "tag").text(object));
    section("Why this tier", [el("p", "muted").text(&words), el("p", "tags").children(objects)])
}

/// Those who were seen using it against containers first, then the others, fewer at a time.
fn seen(app: App, knowledge: &Knowledge, technique: &Technique) -> El {
    let actors = |related: bool| {
        let uses = technique.uses.iter().filter(move |seen: &&ActorUse| seen.container_related == related);
        uses.filter_map(|seen| knowledge.actors.get(seen.actor))
    };
    let mut parts = Vec::new();
    let against: Vec<El> = actors(true).map(|actor| actor_tag(app, actor, true).child(&layer_of(app, actor))).collect();
    if against.is_empty() {
        parts.push(el("p", "muted").text("No use against containers is on record."));
    } else {
        parts.extend(tags(against));
    }
    let elsewhere: Vec<El> = actors(false).map(|actor| actor_tag(app, actor, false)).collect();
    if !elsewhere.is_empty() {
        parts.push(more(&format!("Used elsewhere by {}", elsewhere.len()), elsewhere));
    }
    section("Seen in the wild", parts).attr("data-section", "evidence")
}

fn actor_tag(app: App, actor: &Actor, against_containers: bool) -> El {
    let kind = actor.kind.word();
    let mut tag = el("span", "tag").attr("title", &format!("{} · {kind}", actor.id));
    if against_containers {
        tag = tag.child(&el("span", "cell-wild").attr("aria-hidden", "true"));
    }
    tag.child(&to_page(app, Told::Actor(actor), &actor.name))
}

/// What it was seen doing, as a layer.
fn layer_of(app: App, actor: &Actor) -> El {
    let id = actor.id.clone();
    let words = format!("New layer from {}", actor.name);
    icon_action("tag-action", &words, Icon::Add, move || layer_of_actor(app, id.clone()))
        .attr("data-action", "layer-from-actor")
}

fn mitigations(app: App, knowledge: &Knowledge, technique: &Technique) -> El {
    let found = technique.mitigations.iter().filter_map(|at| knowledge.mitigations.get(*at));
    section("Mitigations", tags(found.map(|it| subject_tag(app, Told::Mitigation(it))).collect()))
}

/// Strategies, their analytics, and what these look at: data components and log sources.
fn detections(app: App, knowledge: &Knowledge, technique: &Technique) -> El {
    let found: Vec<&Detection> = technique.detections.iter().filter_map(|at| knowledge.detections.get(*at)).collect();
    let mut parts = tags(found.iter().map(|it| subject_tag(app, Told::Detection(it))).collect());
    let analytics: Vec<El> = found
        .iter()
        .flat_map(|it| &it.analytics)
        .map(|it| named_tag(&it.id, &it.platforms.join(", "), it.url.as_deref()))
        .collect();
    let components = technique.components.iter().filter_map(|at| knowledge.components.get(*at));
    let components: Vec<El> = components.map(|it| subject_tag(app, Told::Component(it))).collect();
    let mut sources: Vec<&str> = found.iter().flat_map(|it| it.log_sources.iter().map(String::as_str)).collect();
    order::sort_by(&mut sources, |a, b| a.cmp(b));
    sources.dedup();
    let sources: Vec<El> = sources.into_iter().map(|source| el("span", "tag").text(source)).collect();
    let listed = [
        ("analytic", "analytics", analytics),
        ("data component", "data components", components),
        ("log source", "log sources", sources),
    ];
    for (word, words, list) in listed {
        match list.len() {
            0 => {}
            1 => parts.push(more(&format!("1 {word}"), list)),
            count => parts.push(more(&format!("{count} {words}"), list)),
        }
    }
    section("Detections", parts)
}

/// What it acts on, in the ICS domain.
fn assets(app: App, knowledge: &Knowledge, technique: &Technique) -> El {
    let found = technique.assets.iter().filter_map(|at| knowledge.assets.get(*at));
    section("Assets that it acts on", tags(found.map(|it| subject_tag(app, Told::Asset(it))).collect()))
}

/// The technique that it is a part of, or its parts.
fn family(app: App, knowledge: &Knowledge, technique: &Technique) -> El {
    match knowledge.parent_of(technique) {
        Some(parent) => {
            let others = knowledge.subtechniques_of(&parent.id).filter(|other| other.id != technique.id);
            let all: Vec<&Technique> = std::iter::once(parent).chain(others).collect();
            section("Its technique, and what else belongs to it", listed(app, &all)).attr("data-section", "family")
        }
        None => {
            let parts: Vec<&Technique> = knowledge.subtechniques_of(&technique.id).collect();
            section("Sub-techniques", listed(app, &parts)).attr("data-section", "family")
        }
    }
}

/// What leads to a subject's own page.
pub fn subject_tag(app: App, told: Told) -> El {
    let name = told.name();
    let words = if told.id().is_empty() { name } else { format!("{} {name}", told.id()) };
    el("span", "tag").child(&to_page(app, told, &words))
}

fn to_page(app: App, told: Told, words: &str) -> El {
    let subject = Subject::of(told);
    button("tag-link")
        .attr("data-subject-link", &subject.key)
        .text(words)
        .on_click(move || searching::show(app, &subject))
}

fn counterparts(app: App, counterparts: &[Counterpart]) -> El {
    let title = match counterparts.first().map(|other| other.catalogue.as_str()) {
        Some("mitre-attack") => "ATT&CK counterparts",
        _ => "Microsoft counterparts",
    };
    let tag = |other: &Counterpart| named_tag(&other.id, &other.name, other.url.as_deref()).child(&way_to(app, other));
    section(title, tags(counterparts.iter().map(tag).collect()))
}

/// Leads to it in a layer on the other catalogue.
fn way_to(app: App, other: &Counterpart) -> El {
    let id = other.id.clone();
    let words = format!("Show {} {} in its matrix", other.id, other.name);
    icon_action("tag-action", &words, Icon::Across, move || crossing::follow(app, &id)).attr("data-action", "follow")
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
pub fn section(title: &str, content: impl IntoIterator<Item = El>) -> El {
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
