//! Search over commands and techniques: type, choose with the arrows, run with Enter.

use super::{control::chord_words, dialogs::close};
use crate::{
    app::{
        command::Command,
        dom::{El, derived, el, key_of, value_of},
        run,
        state::App,
    },
    attack::{Knowledge, TechniqueId},
    order,
};
use leptos::prelude::*;

/// How many results are listed.
const MOST: usize = 60;

/// Something that can be chosen.
#[derive(Debug, Clone, PartialEq)]
enum Hit {
    Command(Command),
    Technique { id: TechniqueId, name: String },
}

pub fn palette(app: App) -> El {
    let query = RwSignal::new(String::new());
    let chosen = RwSignal::new(0_usize);
    let hits = derived(move || app.knowledge.with(|knowledge| find(&query.get(), knowledge, app)));
    let input = el("input", "palette-input")
        .attr("type", "search")
        .attr("data-field", "search")
        .attr("autofocus", "")
        .attr("autocomplete", "off")
        .attr("spellcheck", "false")
        .attr("placeholder", "Technique, id or command")
        .attr("role", "combobox")
        .attr("aria-label", "Search techniques and commands")
        .attr("aria-expanded", "true")
        .attr("aria-controls", "hits")
        .has("aria-activedescendant", move || {
            hits.with(|hits| hits.get(chosen.get()).map(|_| format!("hit-{}", chosen.get())))
        })
        .on("input", move |event| {
            query.set(value_of(&event));
            chosen.set(0);
        })
        .on("keydown", move |event| {
            let count = hits.with_untracked(Vec::len);
            match key_of(&event).as_str() {
                "ArrowDown" if count > 0 => chosen.update(|at| *at = (*at + 1) % count),
                "ArrowUp" if count > 0 => chosen.update(|at| *at = (*at + count - 1) % count),
                "Enter" => {
                    if let Some(hit) = hits.with_untracked(|hits| hits.get(chosen.get_untracked()).cloned()) {
                        choose(app, &hit);
                    }
                }
                _ => return,
            }
            event.prevent_default();
            scroll_to_chosen();
        });
    let list = el("ul", "hits")
        .attr("id", "hits")
        .attr("role", "listbox")
        .attr("aria-label", "Results")
        .holds(move || hits.get().into_iter().enumerate().map(|(at, hit)| line(app, at, hit, chosen)).collect());
    let none = el("p", "muted no-hits")
        .attr("role", "status")
        .has("hidden", move || hits.with(|hits| !hits.is_empty()).then(String::new))
        .text("Nothing matches. Try a technique's id, a word of its name, or what you want to do.");
    el("div", "").children([input, list, none])
}

fn choose(app: App, hit: &Hit) {
    if let Hit::Command(command) = hit
        && !command.available(app.situation.get_untracked())
    {
        return app.complain(command.missing());
    }
    close(app);
    let hit = hit.clone();
    // After the dialog is gone and the focus is back, so that the command may move it.
    set_timeout(
        move || match &hit {
            Hit::Command(command) => run::run(app, *command),
            Hit::Technique { id, .. } => run::reveal(app, id),
        },
        std::time::Duration::ZERO,
    );
}

fn line(app: App, at: usize, hit: Hit, chosen: RwSignal<usize>) -> El {
    let (kind, words, extra) = match &hit {
        Hit::Command(command) => {
            ("Command", command.title().to_owned(), command.keys().first().map(|key| chord_words(key)))
        }
        Hit::Technique { id, name } => ("Technique", name.clone(), Some(id.to_string())),
    };
    let disabled = matches!(&hit, Hit::Command(command) if !command.available(app.situation.get_untracked()));
    let mut line = el("li", "hit")
        .attr("role", "option")
        .attr("id", &format!("hit-{at}"))
        .is("aria-selected", move || chosen.get() == at)
        .child(&el("span", "hit-kind").text(kind))
        .child(&el("span", "hit-words").text(&words));
    if disabled {
        line = line.attr("aria-disabled", "true");
    }
    if let Some(extra) = extra {
        line = line.child(&el("kbd", "").text(&extra));
    }
    line.on_click(move || choose(app, &hit)).on("mousemove", move |_| {
        if chosen.get_untracked() != at {
            chosen.set(at);
        }
    })
}

fn scroll_to_chosen() {
    request_animation_frame(|| {
        let chosen = crate::app::browser::document().query_selector(".hit[aria-selected=true]").ok().flatten();
        if let Some(chosen) = chosen {
            let options = web_sys::ScrollIntoViewOptions::new();
            options.set_block(web_sys::ScrollLogicalPosition::Nearest);
            chosen.scroll_into_view_with_scroll_into_view_options(&options);
        }
    });
}

/// With nothing typed: every command. Otherwise what has all words, the best first.
fn find(query: &str, knowledge: &Knowledge, app: App) -> Vec<Hit> {
    let query = query.trim().to_ascii_lowercase();
    let available = |command: &Command| command.available(app.situation.get_untracked());
    if query.is_empty() {
        let hidden = |command: &&Command| **command != Command::PaletteOpen && available(command);
        return Command::ALL.iter().filter(hidden).map(|command| Hit::Command(*command)).collect();
    }
    let commands = Command::ALL.iter().filter_map(|command| {
        let rank = rank(&query, command.id(), command.title())?;
        Some((rank, Hit::Command(*command)))
    });
    let in_scope = knowledge.techniques.iter().filter(|technique| knowledge.in_scope(technique));
    let techniques = in_scope.filter_map(|technique| {
        let rank = rank(&query, technique.id.as_str(), &technique.name)?;
        Some((rank, Hit::Technique { id: technique.id.clone(), name: technique.name.clone() }))
    });
    let mut found: Vec<(u8, Hit)> = commands.chain(techniques).collect();
    order::sort_by_key(&mut found, |(rank, _)| *rank);
    found.into_iter().take(MOST).map(|(_, hit)| hit).collect()
}

/// Lower is better: the id itself, its beginning, the name's beginning, a word's beginning, anywhere.
fn rank(query: &str, id: &str, name: &str) -> Option<u8> {
    let (id, name) = (id.to_ascii_lowercase(), name.to_ascii_lowercase());
    if id == query || name == query {
        return Some(0);
    }
    if id.starts_with(query) {
        return Some(1);
    }
    if name.starts_with(query) {
        return Some(2);
    }
    let begins = |word: &str| name.split(|c: char| !c.is_ascii_alphanumeric()).any(|part| part.starts_with(word));
    if query.split_whitespace().all(begins) {
        return Some(3);
    }
    let has = |word: &str| name.contains(word) || id.contains(word);
    query.split_whitespace().all(has).then_some(4)
}
