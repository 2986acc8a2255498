//! The search: over everything that the bundle tells of, and over commands. Type, choose with the arrows, run or show with
//! Enter; what was found selects the techniques that it touches. How things are found is `searching`'s and `attack`'s.

mod hits;

use super::{control::chord_words, dialogs::close_then};
use crate::{
    app::{
        browser,
        choice::counted,
        dom::{El, button, derived, el, key_of, value_of},
        run, searching,
        select::How,
        state::App,
    },
    attack::{self, Kind, Subject, TechniqueId},
};
use hits::{Found, Hit, Shown, find};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;

#[derive(Clone, Copy)]
struct Palette {
    app: App,
    query: RwSignal<String>,
    /// What of it is listed; everything, if nothing is said.
    only: RwSignal<Option<Shown>>,
    chosen: RwSignal<usize>,
    found: Memo<Found>,
}

pub fn palette(app: App) -> El {
    let query = RwSignal::new(String::new());
    let only = RwSignal::new(None);
    // Goes up when descriptions have been taken in.
    let ready = RwSignal::new(0_u32);
    let found = derived(move || {
        ready.track();
        app.knowledge.track();
        find(app, &query.get(), only.get(), ready)
    });
    let palette = Palette { app, query, only, chosen: RwSignal::new(0), found };
    let none = el("p", "muted no-hits")
        .attr("role", "status")
        .has("hidden", move || found.with(|found| !found.hits.is_empty()).then(String::new))
        .text("Nothing matches. Try a technique's id, a group, a word, or what you want to do.");
    el("div", "").children([input(palette), kinds(palette), list(palette), none, actions(palette)])
}

fn input(palette: Palette) -> El {
    let Palette { query, chosen, found, .. } = palette;
    el("input", "palette-input")
        .attr("type", "search")
        .attr("data-field", "search")
        .attr("autofocus", "")
        .attr("autocomplete", "off")
        .attr("spellcheck", "false")
        .attr("placeholder", "Technique, group, mitigation, any word, or command")
        .attr("role", "combobox")
        .attr("aria-label", "Search everything, and commands")
        .attr("aria-expanded", "true")
        .attr("aria-controls", "hits")
        .has("aria-activedescendant", move || {
            found.with(|found| found.hits.get(chosen.get()).map(|_| format!("hit-{}", chosen.get())))
        })
        .on("input", move |event| {
            chosen.set(0);
            query.set(value_of(&event));
        })
        .on("keydown", move |event| {
            let count = found.with_untracked(|found| found.hits.len());
            match key_of(&event).as_str() {
                "ArrowDown" if count > 0 => chosen.update(|at| *at = (*at + 1) % count),
                "ArrowUp" if count > 0 => chosen.update(|at| *at = (*at + count - 1) % count),
                "Enter" => palette.enter(event.dyn_ref::<KeyboardEvent>()),
                _ => return,
            }
            event.prevent_default();
            scroll_to_chosen();
        })
}

impl Palette {
    fn chosen_hit(self) -> Option<Hit> {
        self.found.with_untracked(|found| found.hits.get(self.chosen.get_untracked()).cloned())
    }

    /// Enter shows or runs; with Ctrl it selects, with Shift it adds, with Alt it takes away.
    fn enter(self, key: Option<&KeyboardEvent>) {
        let Some(hit) = self.chosen_hit() else { return };
        let how = key.and_then(|key| match () {
            () if key.ctrl_key() || key.meta_key() => Some(How::Only),
            () if key.shift_key() => Some(How::Add),
            () if key.alt_key() => Some(How::Remove),
            () => None,
        });
        match (how, &hit) {
            (Some(how), Hit::Subject(found)) => self.select(&found.subject, how),
            _ => self.choose(&hit),
        }
    }

    fn choose(self, hit: &Hit) {
        let app = self.app;
        if let Hit::Command(command) = hit
            && !command.available(app.situation.get_untracked())
        {
            return app.complain(command.missing());
        }
        let hit = hit.clone();
        close_then(app, move || match &hit {
            Hit::Command(command) => run::run(app, *command),
            Hit::Subject(found) => searching::show(app, &found.subject),
        });
    }

    /// Selecting is an end; adding and taking away may go on.
    fn select(self, subject: &Subject, how: How) {
        self.select_all(searching::touched(self.app, subject), how);
    }

    fn select_all(self, ids: Vec<TechniqueId>, how: How) {
        let app = self.app;
        if how == How::Only {
            close_then(app, move || {
                searching::select(app, &ids, how);
                browser::focus_cell_soon();
            });
        } else {
            searching::select(app, &ids, how);
        }
    }
}

/// How many were found of each kind; pressed, only those are listed.
fn kinds(palette: Palette) -> El {
    let Palette { app, only, chosen, found, .. } = palette;
    let counts = derived(move || found.with(|found| found.counts.clone()));
    let chip = move |shown: Option<Shown>, words: &str, count: usize| {
        button("kind")
            .attr("data-kind", shown.map_or("all", Shown::word))
            .is("aria-pressed", move || found.with(|found| found.only == shown))
            .child(&el("span", "").text(words))
            .child(&el("b", "").text(&count.to_string()))
            .on_click(move || {
                chosen.set(0);
                only.set(shown);
                browser::focus_soon("[data-field='search']");
            })
    };
    let chips = el("div", "kinds").attr("role", "group").attr("aria-label", "Kinds").holds(move || {
        let counts = counts.get();
        if counts.is_empty() {
            return Vec::new();
        }
        let all = chip(None, "All", counts.iter().map(|(_, count)| count).sum());
        std::iter::once(all)
            .chain(counts.into_iter().map(|(shown, count)| chip(Some(shown), shown.words(), count)))
            .collect()
    });
    let all_of_them = el("div", "select-all").holds(move || {
        let techniques = found.with(|found| found.techniques.clone());
        if techniques.is_empty() {
            return Vec::new();
        }
        let words = match found.with(|found| found.only) {
            None | Some(Shown::Kind(Kind::Technique)) => match techniques.len() {
                1 => "Select the technique found".to_owned(),
                count => format!("Select all {count} techniques found"),
            },
            Some(kind) => {
                format!("Select the {} of these {}", counted(techniques.len()), kind.words().to_lowercase())
            }
        };
        let (own, other) = (techniques.clone(), techniques);
        let here = derived(move || searching::selected_of(app, &own));
        let count = other.len();
        let (select, add) = (other.clone(), other);
        vec![
            el("span", "muted").attr("role", "status").says(move || match here.get() {
                0 => String::new(),
                selected => format!("{selected} of {count} selected"),
            }),
            button("button small")
                .attr("data-action", "select-all")
                .text(&words)
                .on_click(move || palette.select_all(select.clone(), How::Only)),
            button("button small")
                .attr("data-action", "add-all")
                .attr("aria-label", "Add all techniques found to the selection")
                .text("Add all")
                .on_click(move || palette.select_all(add.clone(), How::Add)),
        ]
    });
    el("div", "found-kinds").child(&chips).child(&all_of_them)
}

fn list(palette: Palette) -> El {
    el("ul", "hits").attr("id", "hits").attr("role", "listbox").attr("aria-label", "Results").holds(move || {
        let (hits, more) = palette.found.with(|found| (found.hits.clone(), found.more));
        let query = palette.query.get_untracked();
        let mut lines: Vec<El> = hits.into_iter().enumerate().map(|(at, hit)| line(palette, at, hit, &query)).collect();
        if more > 0 {
            let words = format!("and {more} more: type more, or choose a kind above");
            lines.push(el("li", "muted more-hits").attr("role", "presentation").text(&words));
        }
        lines
    })
}

fn line(palette: Palette, at: usize, hit: Hit, query: &str) -> El {
    let Palette { app, chosen, .. } = palette;
    let line = el("li", "hit")
        .attr("role", "option")
        .attr("id", &format!("hit-{at}"))
        .is("aria-selected", move || chosen.get() == at)
        .on("mousemove", move |_| {
            if chosen.get_untracked() != at {
                chosen.set(at);
            }
        });
    let kind = |word: &str| el("span", "hit-kind").text(word);
    let line = match &hit {
        Hit::Command(command) => {
            let mut line = line.child(&kind("Command")).child(&el("span", "hit-words").text(command.title()));
            if !command.available(app.situation.get_untracked()) {
                line = line.attr("aria-disabled", "true");
            }
            match command.keys().first() {
                Some(key) => line.child(&el("kbd", "").text(&chord_words(key))),
                None => line,
            }
        }
        Hit::Subject(found) => {
            subject_line(palette, line.child(&kind(Shown::Kind(found.subject.kind).word_of_one())), found, query)
        }
    };
    line.on_click(move || palette.choose(&hit))
}

fn subject_line(palette: Palette, line: El, found: &attack::Hit, query: &str) -> El {
    let is_technique = found.subject.kind == Kind::Technique;
    let words = el("span", "hit-words").child(&el("span", "hit-name").text(&found.name));
    let words = match hits::reason(palette.app, found, query) {
        Some([before, it, after]) => {
            words.child(&el("span", "hit-reason").text(&before).child(&el("mark", "").text(&it)).text(&after))
        }
        None => words,
    };
    let key = if found.subject.key == found.name { "" } else { found.subject.key.as_str() };
    let facts = if is_technique { key.to_owned() } else { format!("{key} · {}", counted(found.techniques)) };
    // For the pointer; by keys it is said below the list.
    let sign = |action: &str, sign: &str, title: &str, how: How| {
        let subject = found.subject.clone();
        el("span", "hit-action").attr("data-action", action).attr("title", title).text(sign).on("click", move |event| {
            event.stop_propagation();
            palette.select(&subject, how);
        })
    };
    let signs = el("span", "hit-actions").attr("aria-hidden", "true").children([
        sign("select", "Select", "Select what it touches", How::Only),
        sign("add", "+", "Add what it touches to the selection", How::Add),
        sign("remove", "−", "Take what it touches out of the selection", How::Remove),
    ]);
    line.attr("data-subject", &found.subject.key)
        .attr("data-subject-kind", Shown::Kind(found.subject.kind).word())
        .child(&words)
        .child(&signs)
        .child(&el("span", "hit-facts").text(facts.trim_start_matches(" · ")))
}

/// What can be done with the chosen one, and by which keys.
fn actions(palette: Palette) -> El {
    let is_subject =
        move || palette.found.with(|found| matches!(found.hits.get(palette.chosen.get()), Some(Hit::Subject(_))));
    let action = |word: &str, words: &str, key: &str, how: Option<How>| {
        button("palette-action")
            .attr("data-action", word)
            .has("disabled", move || (how.is_some() && !is_subject()).then(String::new))
            .child(&el("span", "").text(words))
            .child(&el("kbd", "").text(&chord_words(key)))
            .on_click(move || match (how, palette.chosen_hit()) {
                (Some(how), Some(Hit::Subject(found))) => palette.select(&found.subject, how),
                (None, Some(hit)) => palette.choose(&hit),
                _ => {}
            })
    };
    el("div", "palette-actions")
        .attr("role", "group")
        .attr("aria-label", "The chosen result")
        .has("hidden", move || palette.found.with(|found| found.hits.is_empty()).then(String::new))
        .children([
            action("chosen-show", "Show or run", "Enter", None),
            action("chosen-select", "Select", "Ctrl+Enter", Some(How::Only)),
            action("chosen-add", "Add", "Shift+Enter", Some(How::Add)),
            action("chosen-remove", "Take out", "Alt+Enter", Some(How::Remove)),
        ])
}

fn scroll_to_chosen() {
    request_animation_frame(|| {
        let chosen = browser::document().query_selector(".hit[aria-selected=true]").ok().flatten();
        if let Some(chosen) = chosen {
            let options = web_sys::ScrollIntoViewOptions::new();
            options.set_block(web_sys::ScrollLogicalPosition::Nearest);
            chosen.scroll_into_view_with_scroll_into_view_options(&options);
        }
    });
}
