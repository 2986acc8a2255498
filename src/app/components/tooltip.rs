//! Everything that a cell carries, beside it: what it is, what the layer says of it, who was seen using it. When it comes
//! and goes is the grid's.

use super::{control::icon_action, details::link, floating::floating, icon::Icon, status_bar::tier_glyph};
use crate::{
    app::{
        dom::{El, derived, el},
        grid::{area_of, leave_tooltip, stay_tooltip},
        hand::{self, Tip, pin_at},
        place::{at_point, beside},
        state::App,
    },
    attack::{Technique, TierSet},
    layer::{Key, Link, Mark, Marks, Metadata, Score, TierScoring},
    matrix::{Place, subtechniques},
};
use leptos::prelude::*;

/// More names would only be scrolled over.
const MOST_ACTORS: usize = 12;

/// What a tooltip says; it is drawn anew only where this changes.
#[derive(Debug, Clone, PartialEq)]
struct Said {
    title: String,
    tactic: String,
    tiers: Option<TierSet>,
    lines: Vec<Line>,
}

#[derive(Debug, Clone, PartialEq)]
enum Line {
    /// What it is, and its value, which may have several lines.
    Value(String, String),
    Note(String),
    Link {
        label: String,
        url: String,
    },
    Rule,
}

pub fn tooltip(app: App) -> El {
    let said = derived(move || app.hand.tip.get().and_then(|tip| Some((said(app, &tip)?, tip))));
    el("div", "tooltip-place").holds(move || said.get().map(|(said, tip)| draw(app, said, tip)).into_iter().collect())
}

fn draw(app: App, said: Said, tip: Tip) -> El {
    let Tip { of, pinned } = tip;
    let (label, class) = if pinned { ("Unpin", "icon-button small pinned") } else { ("Pin", "icon-button small") };
    let own = of.clone();
    let pin =
        icon_action(class, label, Icon::Pin, move || if pinned { hand::unpin(app) } else { pin_at(app, own.clone()) });
    let mut head = el("div", "tooltip-head").child(&el("b", "").text(&said.title));
    head = head.child(&pin.attr("data-action", "pin"));
    let mut place = el("p", "tooltip-where").text(&said.tactic);
    for tier in said.tiers.into_iter().flat_map(TierSet::tiers) {
        place = place.child(&el("span", "tooltip-tier").child(&tier_glyph(tier)).text(tier.word()));
    }
    let body = el("div", "tooltip-body").child(&place).children(said.lines.into_iter().map(line));
    let root = el("div", "tooltip").attr("id", "tooltip").child(&head).child(&body);
    let root = if pinned {
        root.attr("role", "region").attr("tabindex", "0").attr("aria-label", &format!("Pinned: {}", said.title))
    } else {
        root.attr("role", "tooltip")
            .on("pointerenter", move |_| stay_tooltip(app))
            .on("pointerleave", move |_| leave_tooltip(app))
    };
    let anchor = area_of(app, &of);
    let place = move |size, window| match anchor {
        Some(anchor) => beside(anchor, size, window),
        None => at_point((0.0, 0.0), size, window),
    };
    floating(root, Box::new(place), move |tooltip| {
        if pinned {
            let _ = tooltip.focus();
        }
    })
}

fn line(line: Line) -> El {
    match line {
        Line::Value(name, value) => {
            let name = el("span", "tooltip-name").text(&name);
            el("p", "tooltip-line").child(&name).child(&el("span", "tooltip-value").text(&value))
        }
        Line::Note(words) => el("p", "tooltip-note").text(&words),
        Line::Link { label, url } => el("p", "tooltip-line").child(&link(&url, &label)),
        Line::Rule => el("hr", ""),
    }
}

/// Nothing where the cell has gone.
fn said(app: App, tip: &Tip) -> Option<Said> {
    app.matrices.track();
    let knowledge = app.knowledge.get();
    let layer = app.layer.get();
    let technique = knowledge.technique(&tip.of.technique)?;
    let (_, cell) = hand::cell_of(app, &tip.of)?;
    let parent = technique.parent.as_ref().and_then(|parent| knowledge.technique(parent));
    let parent = parent.map(|parent| format!("{}: ", parent.name)).unwrap_or_default();
    let mut lines = Vec::new();
    match cell.place {
        Place::Heading => lines.push(Line::Note("Here only as a heading of its sub-techniques".to_owned())),
        Place::Secondary => lines.push(Line::Note("Secondary here: look in the other tier first".to_owned())),
        Place::Full => {}
    }
    let key = tip.of.key();
    let entry = layer.annotations.about(&key);
    let apart = layer.tier_scoring != TierScoring::Together;
    let tier = tip.of.matrix.tier().filter(|_| apart);
    match entry.map(|entry| &entry.marks) {
        Some(Marks::ByTier { orchestration, container }) if apart && tier.is_none() => {
            let combined = layer.mark(&key, None);
            mark_lines(&mut lines, &Mark { comment: String::new(), ..combined }, "");
            mark_lines(&mut lines, orchestration, "Orchestration: ");
            mark_lines(&mut lines, container, "Container: ");
        }
        _ => mark_lines(&mut lines, &layer.mark(&key, tier), ""),
    }
    let family: Vec<Key> = subtechniques(&knowledge, &tip.of.technique, &tip.of.tactic)
        .map(|child| Key::new(child.id.clone(), tip.of.tactic.clone()))
        .collect();
    if let Some(aggregate) = layer.aggregated(layer.scored(&key, tier).0, &family, tier) {
        let function = layer.display.aggregate.word();
        lines.push(Line::Value(format!("Aggregate score ({function})"), plain(aggregate)));
    }
    if let Some(second) = app.second_layer.get() {
        let tier = tip.of.matrix.tier().filter(|_| second.tier_scoring != TierScoring::Together);
        mark_lines(&mut lines, &second.mark(&key, tier), &format!("{}: ", second.title()));
    }
    for item in entry.iter().flat_map(|entry| &entry.metadata) {
        lines.push(match item {
            Metadata::Item { name, value, .. } => Line::Value(name.clone(), value.clone()),
            Metadata::Divider(_) => Line::Rule,
            Metadata::Other(other) => Line::Note(other.to_string()),
        });
    }
    for item in entry.iter().flat_map(|entry| &entry.links) {
        lines.push(match item {
            Link::Item { label, url, .. } => Line::Link { label: label.clone(), url: url.clone() },
            Link::Divider(_) => Line::Rule,
            Link::Other(other) => Line::Note(other.to_string()),
        });
    }
    lines.extend(seen(&knowledge.actors, technique));
    Some(Said {
        title: format!("{parent}{} ({})", technique.name, technique.id),
        tactic: knowledge.tactic(&tip.of.tactic).map_or_else(String::new, |tactic| tactic.name.clone()),
        tiers: technique.tier.as_ref().map(|assignment| assignment.tiers),
        lines,
    })
}

fn mark_lines(lines: &mut Vec<Line>, mark: &Mark, of: &str) {
    let named = |name: &str| if of.is_empty() { name.to_owned() } else { format!("{of}{}", name.to_ascii_lowercase()) };
    if !mark.enabled {
        lines.push(Line::Note(named("Disabled")));
    }
    if let Some(score) = mark.score {
        lines.push(Line::Value(named("Score"), plain(score)));
    }
    if let Some(color) = &mark.color {
        lines.push(Line::Value(named("Colour"), color.as_str().to_owned()));
    }
    if !mark.comment.is_empty() {
        lines.push(Line::Value(named("Comment"), mark.comment.clone()));
    }
}

fn plain(score: Score) -> String {
    score.to_json().to_string()
}

/// Those who were seen using it against containers.
fn seen(actors: &[crate::attack::Actor], technique: &Technique) -> Option<Line> {
    let uses = technique.uses.iter().filter(|seen| seen.container_related);
    let names: Vec<&str> = uses.filter_map(|seen| actors.get(seen.actor)).map(|actor| actor.name.as_str()).collect();
    let more = names.len().saturating_sub(MOST_ACTORS);
    let mut words = names.iter().take(MOST_ACTORS).copied().collect::<Vec<_>>().join(", ");
    if more > 0 {
        words.push_str(&format!(" and {more} more"));
    }
    (!names.is_empty()).then(|| Line::Value("Seen in the wild".to_owned(), words))
}
