//! Lenses: what is shown of the techniques in the place of what the layer says, over any representation, with a legend of
//! its own. No layer is changed, and nothing of the grid's is: the lens puts a sign into each cell, and the style does
//! the rest. What counts as evidence is `attack`'s.

use super::{
    control::{command_button, icon_button},
    icon::Icon,
    threat::threat_lens,
};
use crate::{
    app::{
        browser,
        command::Command,
        dom::{El, derived, el, set_or_remove, watch},
        evidence::Recorded,
        state::{App, Lens},
    },
    attack::{Actor, Evidence, Record, Sighting, TechniqueId},
};
use leptos::prelude::*;
use rustc_hash::FxHashMap;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
struct Sign {
    sighting: Sighting,
    /// How dark: 1 to 4 for more and more container-native actors, 0 for none.
    level: u8,
    /// How many actors; of what nobody was seen using, none.
    count: usize,
    /// For those who hear, and for the pointer.
    words: String,
}

type Signs = FxHashMap<TechniqueId, Sign>;

/// The numbers of container-native actors from which on each level holds, and how the legend writes them.
const LEVELS: [(usize, &str); 4] = [(1, "1"), (2, "2"), (3, "3–4"), (5, "5+")];

/// So many are named in a cell; the inspector has them all.
const MOST_NAMED: usize = 6;

/// The legend of a lens. As long as it is there, the cells show the lens.
pub fn lens(app: App, lens: Lens) -> El {
    match lens {
        Lens::Evidence => evidence(app),
        Lens::Threat => threat_lens(app),
    }
}

fn evidence(app: App) -> El {
    let recorded = derived(move || Recorded::now(app));
    let signs = derived(move || recorded.with(|recorded| signs(&recorded.record())));
    watch(move || {
        app.built.track();
        signs.with(put_on);
    });
    on_cleanup(take_off);
    let counts = derived(move || {
        let standing = app.standing.get();
        let mut ids: Vec<&TechniqueId> = standing[0].iter().map(|key| &key.technique).collect();
        ids.sort_unstable();
        ids.dedup();
        let of = |sighting| signs.with(|signs| ids.iter().filter(|id| is(signs, id, sighting)).count());
        Sighting::ALL.map(of)
    });
    let swatch = |sighting: Sighting, level: u8| {
        el("span", "lens-swatch")
            .attr("data-lens", sighting.word())
            .attr("data-lens-level", &level.to_string())
            .attr("aria-hidden", "true")
    };
    let levels = LEVELS.iter().zip(1..).map(|((_, words), level)| {
        el("span", "lens-level").child(&swatch(Sighting::AgainstContainers, level)).child(&el("span", "").text(words))
    });
    let line = |at: usize, sign: Vec<El>, words: &str| {
        let sighting = Sighting::ALL[at];
        let count =
            el("b", "").attr("data-count", sighting.word()).says(move || counts.with(|counts| counts[at].to_string()));
        el("li", "").children(sign).child(&el("span", "").text(words).text(" · ").child(&count))
    };
    let unseen = Sighting::Unseen;
    let items = el("ul", "legend-items lens-items").children([
        line(0, levels.collect(), "native actors against containers"),
        line(1, vec![swatch(Sighting::Elsewhere, 0)], "seen elsewhere only"),
        line(2, vec![swatch(unseen, 0)], "no sighting: research only"),
    ]);
    let note = el("span", "muted lens-note").says(move || recorded.with(note));
    el("section", "legend-bar lens-bar")
        .attr("aria-label", "Evidence from the wild")
        .attr("data-region", "lens")
        .child(&el("b", "lens-title").text("Evidence"))
        .child(&items)
        .child(&note)
        .child(&command_button(app, Command::ViewOnlyEvidence, "legend-edit").text("Show only these"))
        .child(&command_button(app, Command::LayerFromEvidence, "legend-edit").text("Make a layer"))
        .child(&icon_button(app, Command::ViewEvidence, Icon::Close).attr("aria-label", "Close the evidence lens"))
}

fn is(signs: &Signs, id: &TechniqueId, sighting: Sighting) -> bool {
    signs.get(id).is_some_and(|sign| sign.sighting == sighting)
}

/// What has to be known to read the lens right.
fn note(recorded: &Recorded) -> String {
    let told = recorded.told();
    if recorded.record().is_through_a_mapping() {
        return format!("Of the counterparts in {}", told.release.words());
    }
    if told.outline {
        return "Uses elsewhere are being loaded…".to_owned();
    }
    if told.tells_evidence() {
        String::new()
    } else {
        "This bundle does not say which uses were against containers.".to_owned()
    }
}

fn signs(record: &Record) -> Signs {
    let sign = |id: &TechniqueId, evidence: &Evidence| {
        let (sighting, native) = (evidence.sighting(), evidence.native.len());
        let level = LEVELS.iter().zip(1..).filter(|((from, _), _)| native >= *from).map(|(_, level)| level).max();
        let (count, words) = match sighting {
            Sighting::AgainstContainers => (native, against(evidence)),
            Sighting::Elsewhere => {
                let count = evidence.elsewhere.len();
                (count, format!("seen elsewhere only, by {}", actors(count)))
            }
            Sighting::Unseen if !record.can_tell(id) => {
                (0, "no counterpart in ATT&CK that could have been seen".to_owned())
            }
            Sighting::Unseen => (0, "no sighting in the catalogue".to_owned()),
        };
        Sign { sighting, level: level.unwrap_or(0), count, words }
    };
    let all = record.shown().techniques.iter();
    all.map(|technique| (technique.id.clone(), sign(&technique.id, &record.of(technique)))).collect()
}

fn against(evidence: &Evidence) -> String {
    let all: Vec<&Actor> = evidence.native.iter().chain(&evidence.others).copied().collect();
    let names: Vec<&str> = all.iter().take(MOST_NAMED).map(|actor| actor.name.as_str()).collect();
    let more = all.len().checked_sub(MOST_NAMED).filter(|more| *more > 0);
    let more = more.map(|more| format!(" and {more} more")).unwrap_or_default();
    format!("seen against containers by {}{more}", names.join(", "))
}

fn actors(count: usize) -> String {
    if count == 1 { "1 actor".to_owned() } else { format!("{count} actors") }
}

const SIGN: &str = "cell-lens";

/// Puts a sign into each cell that is in the page.
fn put_on(signs: &Signs) {
    if let Some(host) = matrices() {
        set_or_remove(&host, "data-lens", Some("evidence"));
    }
    for cell in cells() {
        let id = cell.get_attribute("data-technique").and_then(|id| TechniqueId::parse(&id).ok());
        let heading = cell.get_attribute("data-place").as_deref() == Some("heading");
        match id.and_then(|id| signs.get(&id)).filter(|_| !heading) {
            Some(sign) => put(&cell, sign),
            None => take(&cell),
        }
    }
}

fn put(cell: &Element, sign: &Sign) {
    set_or_remove(cell, "data-lens", Some(sign.sighting.word()));
    set_or_remove(cell, "data-lens-level", Some(&sign.level.to_string()));
    set_or_remove(cell, "data-lens-count", Some(&sign.count.to_string()));
    let seen = if sign.sighting == Sighting::Unseen { "–".to_owned() } else { sign.count.to_string() };
    put_sign(cell, &seen, &sign.words);
}

/// Puts a lens' sign into a cell, or changes the one that is there: what is seen, and what is heard and shown to the pointer.
pub fn put_sign(cell: &Element, seen: &str, words: &str) {
    let there = cell.query_selector(&format!(".{SIGN}")).ok().flatten();
    let badge = there.and_then(|there| there.dyn_into::<HtmlElement>().ok()).unwrap_or_else(|| {
        let badge = el("span", SIGN).node().clone();
        if let Some(top) = cell.query_selector(".cell-top").ok().flatten() {
            let score = top.query_selector(".cell-score").ok().flatten();
            let _ = top.insert_before(&badge, score.as_deref());
        }
        badge
    });
    badge.set_text_content(None);
    let _ = badge.append_child(el("span", "cell-lens-count").attr("aria-hidden", "true").text(seen).node());
    let _ = badge.append_child(el("span", "visually-hidden").text(&format!(" {words}, ")).node());
    set_or_remove(&badge, "title", Some(words));
}

pub fn take_sign(cell: &Element) {
    if let Some(badge) = cell.query_selector(&format!(".{SIGN}")).ok().flatten() {
        badge.remove();
    }
}

fn take(cell: &Element) {
    for name in ["data-lens", "data-lens-level", "data-lens-count"] {
        set_or_remove(cell, name, None);
    }
    take_sign(cell);
}

/// Takes whatever a lens put into the cells away.
pub fn take_off() {
    if let Some(host) = matrices() {
        set_or_remove(&host, "data-lens", None);
    }
    cells().iter().for_each(take);
}

pub fn matrices() -> Option<Element> {
    browser::document().query_selector(".matrices").ok().flatten()
}

pub fn cells() -> Vec<Element> {
    browser::all(".matrices .cell")
}
