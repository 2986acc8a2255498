//! What an import comes to before it is made: each layer with its techniques and their rules, and what could not be
//! mapped, with the reason.

use super::{annotation::labelled, import_dialog::Import};
use crate::{
    app::dom::{El, el, value_of},
    import::{Left, Mapped, Planned},
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlDetailsElement, HtmlInputElement};

/// So many lines of a list are shown; the count says how many there are.
const LISTED: usize = 100;

pub fn preview(import: Import) -> El {
    el("div", "import-layers").holds(move || {
        let plan = import.plan.get();
        plan.layers.iter().enumerate().map(|(at, layer)| section(import, at, layer)).collect()
    })
}

fn section(import: Import, at: usize, layer: &Planned) -> El {
    let name = el("input", "").attr("type", "text").attr("autocomplete", "off").attr("data-field", "import-name");
    let given = import.names.with_untracked(|names| names.get(&at).cloned()).unwrap_or_else(|| layer.name.clone());
    name.node().unchecked_ref::<HtmlInputElement>().set_value(&given);
    let name = name.on("input", move |event| import.names.update(|names| drop(names.insert(at, value_of(&event)))));
    let known = layer.techniques.iter().filter(|technique| technique.name.is_some()).count();
    let figure = |field: &str, number: String, words: &str| {
        el("div", "import-figure")
            .attr("data-figure", field)
            .child(&el("b", "").text(&number))
            .child(&el("span", "muted").text(words))
    };
    let figures = el("div", "import-figures").children([
        figure("rules", layer.counted(layer.rules), "found"),
        figure("mapped", layer.mapped.to_string(), "of them in the layer"),
        figure("techniques", known.to_string(), "techniques of the matrix"),
    ]);
    let others = layer.techniques.len() - known;
    let figures = if others > 0 { figures.child(&figure("others", others.to_string(), "others")) } else { figures };
    let highest = layer.techniques.iter().map(|technique| technique.score.value()).fold(0.0, f64::max);
    let rows = layer.techniques.iter().take(LISTED).map(|technique| row(technique, highest));
    let mut techniques = el("div", "import-techniques").children(rows);
    if layer.techniques.len() > LISTED {
        techniques = techniques.child(&el("p", "muted").text(&format!("and {} more", layer.techniques.len() - LISTED)));
    }
    if layer.techniques.is_empty() {
        techniques = techniques.child(&el("p", "muted").text("Nothing could be mapped."));
    }
    el("section", "import-layer").attr("data-planned", "").children([
        labelled("Layer name", &name),
        figures,
        el("p", "muted").text(&layer.scoring),
        techniques,
        left(&layer.left),
    ])
}

fn row(technique: &Mapped, highest: f64) -> El {
    let bar = el("span", "import-bar").attr("aria-hidden", "true");
    let share = if highest > 0.0 { (technique.score.value() / highest).clamp(0.0, 1.0) * 100.0 } else { 0.0 };
    let _ = bar.node().style().set_property("--share", &format!("{share}%"));
    let name = technique.name.as_deref().unwrap_or("not in the matrix: kept for other tools");
    let summary = el("summary", "").children([
        el("span", "list-id").text(technique.id.as_str()),
        el("span", if technique.name.is_some() { "import-name" } else { "import-name muted" }).text(name),
        bar,
        el("span", "import-score").attr("data-import-score", "").text(&technique.score.to_string()),
    ]);
    let lines: Vec<String> = technique.lines.iter().map(|line| format!("{}: {}", line.kind.one(), line.text)).collect();
    folded(summary, "import-technique", lines).attr("data-import-technique", technique.id.as_str())
}

fn left(left: &[Left]) -> El {
    if left.is_empty() {
        return el("p", "muted").text("Everything could be mapped.");
    }
    let count: usize = left.iter().map(|left| left.rules.len()).sum();
    let reason = |left: &Left| {
        let summary = el("summary", "").children([
            el("span", "import-name").text(&left.reason),
            el("span", "import-score").text(&left.rules.len().to_string()),
        ]);
        folded(summary, "import-technique", left.rules.clone()).attr("data-import-left", &left.reason)
    };
    let summary = el("summary", "import-left-head").text(&format!("Not mapped, or not wholly: {count}"));
    el("details", "import-left").attr("data-left", "").child(&summary).children(left.iter().map(reason))
}

/// Lines that are made when they are unfolded: there may be thousands.
fn folded(summary: El, class: &str, lines: Vec<String>) -> El {
    let list = el("ul", "plain-list import-lines");
    let (own, listed) = (list.clone(), std::cell::Cell::new(false));
    el("details", class).child(&summary).child(&list).on("toggle", move |event| {
        let details = event.target().and_then(|target| target.dyn_into::<HtmlDetailsElement>().ok());
        if details.is_some_and(|details| details.open()) && !listed.replace(true) {
            let mut list = own.clone().children(lines.iter().take(LISTED).map(|line| el("li", "").text(line)));
            if lines.len() > LISTED {
                list = list.child(&el("li", "muted").text(&format!("and {} more", lines.len() - LISTED)));
            }
            drop(list);
        }
    })
}
