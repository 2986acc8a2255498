//! The dialog that chooses whose doings a new layer is to show: groups, software and campaigns, the container-native ones
//! first. What the layer says is `layer`'s rule.

use super::{annotation::labelled, control::is_checked, dialogs::close};
use crate::{
    app::{
        choice::counted,
        dom::{El, button, derived, el, value_of},
        evidence::{Recorded, layer_of_actors},
        state::App,
    },
    attack::{Actor, Record},
    layer::Counted,
    order,
};
use leptos::prelude::*;
use rustc_hash::FxHashSet;
use std::sync::Arc;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

/// So many are listed; of more, only how many.
const LISTED: usize = 120;

/// An actor that uses something of the matrix.
#[derive(Debug, Clone, PartialEq)]
struct Line {
    /// Its place among the bundle's actors.
    at: usize,
    id: String,
    name: String,
    aliases: Vec<String>,
    kind: &'static str,
    native: bool,
    /// Techniques that it used against containers, and anywhere.
    against_containers: usize,
    anywhere: usize,
}

pub fn actors_dialog(app: App) -> El {
    let fault = RwSignal::new(String::new());
    let lines: RwSignal<Option<Arc<Vec<Line>>>> = RwSignal::new(None);
    leptos::task::spawn_local(async move {
        match Recorded::whole(app).await {
            Ok(recorded) => lines.set(Some(Arc::new(lines_of(&recorded.record())))),
            Err(error) => fault.set(error),
        }
    });
    let chosen: RwSignal<FxHashSet<usize>> = RwSignal::new(FxHashSet::default());
    let (wanted, elsewhere) = (RwSignal::new(String::new()), RwSignal::new(false));
    let search = el("input", "")
        .attr("type", "text")
        .attr("data-field", "actor-search")
        .attr("autocomplete", "off")
        .attr("autofocus", "")
        .attr("placeholder", "Name, alias or id")
        .on("input", move |event| wanted.set(value_of(&event)));
    let found = derived(move || {
        let all = lines.get().unwrap_or_default();
        let wanted = wanted.get().trim().to_lowercase();
        let takes = |line: &&Line| wanted.is_empty() || line.matches(&wanted);
        all.iter().filter(takes).cloned().collect::<Vec<Line>>()
    });
    let list = el("div", "actor-list").attr("role", "group").attr("aria-label", "Actors").holds(move || {
        let found = found.get();
        let mut rows: Vec<El> = Vec::new();
        for (native, title) in [(true, "Container-native"), (false, "Others that use techniques of this matrix")] {
            let of: Vec<&Line> = found.iter().filter(|line| line.native == native).collect();
            if !of.is_empty() {
                rows.push(el("h3", "").text(&format!("{title} · {}", of.len())));
                rows.push(el("div", "actor-rows").children(of.iter().take(LISTED).map(|line| row(line, chosen))));
            }
            if of.len() > LISTED {
                rows.push(el("p", "muted").text(&format!("and {} more: type to find them", of.len() - LISTED)));
            }
        }
        if rows.is_empty() {
            let waits = lines.with(Option::is_none) && fault.with(String::is_empty);
            let words = if waits { "Reading…" } else { "No actor that uses a technique of this matrix matches." };
            rows.push(el("p", "muted").text(words));
        }
        rows
    });
    let check =
        el("input", "").attr("type", "checkbox").attr("data-field", "actors-elsewhere").on("change", move |event| {
            elsewhere.set(is_checked(&event));
        });
    let label =
        el("label", "check").child(&check).child(&el("span", "").text("Also what they were seen using elsewhere"));
    let none = move || chosen.with(FxHashSet::is_empty);
    let make = move || {
        let mut actors: Vec<usize> = chosen.with_untracked(|chosen| chosen.iter().copied().collect());
        if actors.is_empty() {
            return;
        }
        // As they are listed, so that the first ones name the layer.
        let all = lines.get_untracked().unwrap_or_default();
        order::sort_by_key(&mut actors, |at| all.iter().position(|line| line.at == *at));
        close(app);
        let counted = if elsewhere.get_untracked() { Counted::Anywhere } else { Counted::AgainstContainers };
        layer_of_actors(app, actors, counted);
    };
    let count = el("p", "muted grow").attr("role", "status").says(move || match chosen.with(FxHashSet::len) {
        0 => "Choose one or more: the score is how many of them used a technique.".to_owned(),
        count => format!("{count} chosen"),
    });
    let natives = move || {
        let all = lines.get_untracked().unwrap_or_default();
        let of: Vec<usize> = all.iter().filter(|line| line.native).map(|line| line.at).collect();
        chosen.update(|chosen| chosen.extend(of));
    };
    el("form", "form actors-dialog")
        .children([
            labelled("Find", &search),
            el("p", "field-error").attr("role", "alert").says(move || fault.get()),
            list,
            label,
            el("div", "dialog-actions").children([
                count,
                button("button").attr("data-action", "choose-native").text("All container-native").on_click(natives),
                button("button")
                    .attr("data-action", "choose-none")
                    .text("None")
                    .on_click(move || chosen.set(FxHashSet::default())),
                el("button", "button primary")
                    .attr("type", "submit")
                    .attr("data-action", "make-layer")
                    .has("disabled", move || none().then(String::new))
                    .text("Make layer"),
            ]),
        ])
        .on("submit", move |event| {
            event.prevent_default();
            make();
        })
}

impl Line {
    fn matches(&self, wanted: &str) -> bool {
        let texts = self.aliases.iter().chain([&self.name, &self.id]);
        texts.into_iter().any(|text| text.to_lowercase().contains(wanted))
    }
}

/// Container-native ones first, then by how much they did against containers and at all, then by name.
fn lines_of(record: &Record) -> Vec<Line> {
    let actors = &record.told().actors;
    let mut counts = vec![(0, 0); actors.len()];
    let place = |actor: &Actor| actors.iter().position(|other| std::ptr::eq(other, actor));
    let shown = record.shown();
    for technique in shown.techniques.iter().filter(|technique| shown.in_scope(technique)) {
        let evidence = record.of(technique);
        for actor in evidence.native.iter().chain(&evidence.others) {
            if let Some(at) = place(actor) {
                counts[at].0 += 1;
                counts[at].1 += 1;
            }
        }
        for actor in &evidence.elsewhere {
            if let Some(at) = place(actor) {
                counts[at].1 += 1;
            }
        }
    }
    let line = |(at, (actor, (against_containers, anywhere))): (usize, (&Actor, (usize, usize)))| Line {
        at,
        id: actor.id.clone(),
        name: actor.name.clone(),
        aliases: actor.aliases.clone(),
        kind: actor.kind.word(),
        native: actor.container_native,
        against_containers,
        anywhere,
    };
    let all = actors.iter().zip(counts).enumerate().filter(|(_, (_, (_, anywhere)))| *anywhere > 0);
    let mut lines: Vec<Line> = all.map(line).collect();
    order::sort_by(&mut lines, |a, b| {
        let rank = |line: &Line| (!line.native, std::cmp::Reverse((line.against_containers, line.anywhere)));
        rank(a).cmp(&rank(b)).then_with(|| a.name.cmp(&b.name))
    });
    lines
}

fn row(line: &Line, chosen: RwSignal<FxHashSet<usize>>) -> El {
    let at = line.at;
    let input = el("input", "")
        .attr("type", "checkbox")
        .attr("data-field", "actor")
        .attr("value", &line.id)
        .kept(move |element| {
            element.unchecked_ref::<HtmlInputElement>().set_checked(chosen.with(|chosen| chosen.contains(&at)));
        })
        .on("change", move |_| {
            chosen.update(|chosen| {
                if !chosen.remove(&at) {
                    chosen.insert(at);
                }
            });
        });
    let techniques = counted(line.anywhere);
    let against = match line.against_containers {
        0 => String::new(),
        count => format!(", {count} against containers"),
    };
    let mut name = el("span", "actor-name");
    if line.native {
        name = name.child(&el("span", "cell-wild").attr("aria-hidden", "true"));
    }
    let name = name.child(&el("b", "").text(&line.name));
    let more = el("span", "muted").text(&format!("{} {} · {techniques}{against}", line.kind, line.id));
    let text = el("span", "actor-text").child(&name).child(&more);
    let known_as = line.aliases.join(", ");
    el("label", "actor-row").attr("title", &known_as).child(&input).child(&text)
}
