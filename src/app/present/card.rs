//! A technique on a slide of its own: what the layer says of it, large, and who was seen using it.

use crate::{
    app::dom::{El, el},
    attack::{Evidence, Knowledge, Technique, TechniqueId, Tier},
    layer::{
        Ink, Layer,
        deck::{Said, said},
    },
};

/// So many actors are named.
const MOST_NAMED: usize = 8;

/// Fills a slide with it, in the largest text that has room.
pub fn card(place: &El, layer: &Layer, knowledge: &Knowledge, id: &TechniqueId) {
    place.node().set_text_content(None);
    let technique = knowledge.technique(id);
    let name = technique.map_or("", |technique| &technique.name);
    let tactics = technique.map(|technique| technique.tactics.clone()).unwrap_or_default();
    let title = |name| knowledge.tactic_title(name).to_owned();
    let all: Vec<String> = tactics.iter().map(title).collect();
    let head = el("div", "card-head").children([
        el("p", "card-tactics").text(&all.join(" · ")),
        el("h3", "card-title").child(&el("span", "card-id").text(id.as_str())).text(&format!(" {name}")),
    ]);
    let told = said(layer, id, &tactics);
    let alone = told.len() == 1;
    let parts = told.iter().map(|said| {
        let mut of: Vec<String> = Vec::new();
        if !(alone || said.tactics.len() == tactics.len()) {
            of.extend(said.tactics.iter().map(title));
        }
        of.extend(said.tier.map(|tier| tier.word().to_owned()));
        part(layer, said, &of.join(" · "))
    });
    let mut body = el("div", "card-body").children(parts);
    if told.is_empty() {
        body = body.child(&el("p", "card-comment muted").text("Nothing is said of it."));
    }
    let inside = el("div", "card-inside").child(&head).child(&body);
    let facts = technique.map(|technique| facts(knowledge, technique)).unwrap_or_default();
    let inside = inside.child(&el("ul", "card-facts").children(facts));
    let _ = place.node().append_child(inside.node());
    settle(place, &inside);
}

fn part(layer: &Layer, said: &Said, of: &str) -> El {
    let mut part = el("div", "card-part");
    if !of.is_empty() {
        part = part.child(&el("p", "card-of").text(of));
    }
    let mark = &said.mark;
    let words = match (mark.enabled, mark.score) {
        (false, _) => Some("disabled".to_owned()),
        (true, score) => score.map(|score| score.to_string()),
    };
    if let Some(words) = words {
        let score = el("span", "card-score").text(&words);
        if let Some([red, green, blue]) = layer.color_of(mark, None, [0xff; 3]) {
            let _ = score.node().style().set_property("--fill", &format!("rgb({red} {green} {blue})"));
            let ink = if Ink::on([red, green, blue]) == Ink::Dark { "dark" } else { "light" };
            let _ = score.node().set_attribute("data-ink", ink);
        }
        part = part.child(&score);
    }
    let lines = mark.comment.split('\n').map(|line| el("p", "card-comment").text(line));
    if mark.comment.is_empty() { part } else { part.child(&el("div", "card-comments").children(lines)) }
}

fn facts(knowledge: &Knowledge, technique: &Technique) -> Vec<El> {
    let mut facts = Vec::new();
    if let Some(assignment) = &technique.tier {
        let tiers = Tier::ALL.into_iter().filter(|tier| assignment.tiers.contains(*tier));
        for tier in tiers {
            let glyph = el("span", "tier-glyph").attr("data-tier", tier.word());
            facts.push(el("li", "").child(&glyph).text(tier.word()));
        }
    }
    let evidence = Evidence::of(knowledge, technique);
    let seen: Vec<&str> = evidence.native.iter().chain(&evidence.others).map(|actor| actor.name.as_str()).collect();
    if !seen.is_empty() {
        let more = seen.len().saturating_sub(MOST_NAMED);
        let named = seen.get(..seen.len() - more).unwrap_or_default().join(", ");
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        facts.push(el("li", "").child(&el("span", "card-wild")).text(&format!("Seen in the wild: {named}{more}")));
    }
    facts
}

/// Makes the comments smaller until all of it has room.
fn settle(place: &El, inside: &El) {
    let style = inside.node().style();
    for size in [44, 38, 33, 29, 25, 22, 19, 16] {
        let _ = style.set_property("--comment", &size.to_string());
        if inside.node().offset_height() <= place.node().client_height() {
            break;
        }
    }
}
