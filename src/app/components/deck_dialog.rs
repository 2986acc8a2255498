//! Preparing a presentation: which layers are slides, in which order, in which steps, and what is said with them. What a
//! slide is, is `layer::deck`'s; how it looks on the wall is `present`'s.

use super::{
    annotation::labelled,
    choice_field::{Choosable, choice_field},
    control::{command_button, icon_action},
    dialogs::close,
    icon::Icon,
};
use crate::{
    app::{
        command::Command,
        dom::{El, button, derived, el, value_of},
        present::{self, Undos, all_in_order, arrange, edit_slide, look_fields, scenery},
        state::{App, TabId},
    },
    attack::{Knowledge, Tier},
    import::find_ids,
    layer::{
        Layer, Representation,
        deck::{LONGEST_NOTE, MOST_CHOSEN, MOST_STEPS, Show, Step},
    },
};
use leptos::prelude::*;
use std::sync::Arc;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};

#[derive(Clone, Copy)]
struct Deck {
    app: App,
    chosen: RwSignal<TabId>,
    undos: Undos,
}

pub fn deck_dialog(app: App) -> El {
    let deck = Deck { app, chosen: RwSignal::new(app.active.get_untracked()), undos: RwSignal::new(Vec::new()) };
    let order = derived(move || all_in_order(app));
    let slides = el("ol", "deck-slides")
        .holds(move || order.get().iter().enumerate().map(|(at, id)| slide_line(deck, at, id)).collect());
    let steps = el("div", "deck-steps").holds(move || steps_of(deck));
    let undo = button("button")
        .attr("data-action", "undo-deck")
        .text("Undo")
        .has("disabled", move || deck.undos.with(Vec::is_empty).then(String::new))
        .on_click(move || present::undo(app, deck.undos));
    let begin = command_button(app, Command::PresentStart, "button primary").text("Present");
    let actions = el("div", "dialog-actions").children([
        undo,
        button("button").attr("data-action", "close-deck").text("Done").on_click(move || close(app)),
        begin,
    ]);
    let left = el("section", "deck-left").attr("aria-label", "Slides").children([
        el("h3", "").text("Slides"),
        slides,
        el("h3", "").text("Looks"),
        look_fields(),
    ]);
    el("div", "form deck").child(&el("div", "deck-parts").child(&left).child(&steps)).child(&actions)
}

/// A layer in the order of slides.
fn slide_line(deck: Deck, at: usize, id: &TabId) -> El {
    let Deck { app, chosen, undos } = deck;
    let (own, named, shown) = (id.clone(), id.clone(), id.clone());
    let layer = move |id: &TabId| app.layer_and_knowledge(id).map(|(layer, _)| layer);
    let name = move || layer(&named).map(|layer| layer.title().to_owned()).unwrap_or_default();
    let shows = derived(move || layer(&shown).is_some_and(|layer| !layer.slide.left_out));
    let check = el("input", "").attr("type", "checkbox").attr("data-field", "slide-shown").has("aria-label", {
        let name = name.clone();
        move || Some(format!("Show {}", name()))
    });
    let toggled = id.clone();
    let check = check
        .kept(move |element| element.unchecked_ref::<HtmlInputElement>().set_checked(shows.get()))
        .on("change", move |_| edit_slide(app, undos, &toggled, None, |slide| slide.left_out = !slide.left_out));
    let picked = id.clone();
    let words = name.clone();
    let pick = button("deck-slide-name")
        .attr("data-slide", id)
        .is("aria-pressed", move || chosen.get() == own)
        .says(words)
        .on_click(move || chosen.set(picked.clone()));
    let mover = |by: isize, title: &'static str, icon: Icon| {
        let name = name.clone();
        icon_action("icon-button small", title, icon, move || move_slide(deck, at, by))
            .has("aria-label", move || Some(format!("{title}: {}", name())))
    };
    el("li", "deck-slide").children([check, pick, mover(-1, "Earlier", Icon::Up), mover(1, "Later", Icon::Down)])
}

fn move_slide(deck: Deck, at: usize, by: isize) {
    let mut order = untrack(|| all_in_order(deck.app));
    if let Some(to) = at.checked_add_signed(by).filter(|to| *to < order.len()) {
        order.swap(at, to);
        arrange(deck.app, deck.undos, &order);
    }
}

fn steps_of(deck: Deck) -> Vec<El> {
    let id = deck.chosen.get();
    // Typing in a note must not make the field anew: only what is shown does.
    let shows = derived({
        let id = id.clone();
        move || {
            deck.app.layer_and_knowledge(&id).map(|(layer, _)| {
                let steps = layer.slide.shown(layer.display.representation);
                (layer.slide.steps.is_empty(), steps.into_iter().map(|step| step.show).collect::<Vec<Show>>())
            })
        }
    });
    let Some((layer, knowledge)) = untrack(|| deck.app.layer_and_knowledge(&id)) else { return Vec::new() };
    let (heading, added) = (layer.title().to_owned(), id.clone());
    let notes = note_field(deck, &id, None, "Notes for the whole slide");
    let usual = {
        let id = id.clone();
        button("button small")
            .attr("data-action", "usual-steps")
            .text("Back to the usual steps")
            .has("disabled", move || shows.get().is_none_or(|(usual, _)| usual).then(String::new))
            .on_click(move || edit_slide(deck.app, deck.undos, &id, None, |slide| slide.steps = Arc::default()))
    };
    let list = {
        let knowledge = knowledge.clone();
        el("ol", "deck-step-list").holds(move || {
            let (_, shows) = shows.get().unwrap_or_default();
            shows.iter().enumerate().map(|(at, show)| step_line(deck, &id, &knowledge, at, show)).collect()
        })
    };
    vec![
        el("h3", "").text(&heading),
        notes,
        el("h4", "").text("Steps"),
        list,
        adding(deck, added, &layer, &knowledge),
        usual,
    ]
}

fn step_line(deck: Deck, id: &TabId, knowledge: &Arc<Knowledge>, at: usize, show: &Show) -> El {
    let words = show_words(show, knowledge);
    let (up, down, gone) = (id.clone(), id.clone(), id.clone());
    let head = el("div", "deck-step-head").children([
        el("b", "").text(&words),
        el("span", "grow"),
        icon_action("icon-button small", &format!("Earlier: {words}"), Icon::Up, move || move_step(deck, &up, at, -1)),
        icon_action("icon-button small", &format!("Later: {words}"), Icon::Down, move || move_step(deck, &down, at, 1)),
        icon_action("icon-button small", &format!("Take away: {words}"), Icon::Close, move || {
            change_steps(deck, &gone, |steps| {
                if at < steps.len() && steps.len() > 1 {
                    steps.remove(at);
                }
            });
        }),
    ]);
    let mut line = el("li", "deck-step").attr("data-step", &show.words()).child(&head);
    if let Show::Techniques(ids) = show {
        let text = ids.iter().map(|id| id.as_str()).collect::<Vec<_>>().join(" ");
        line = line.child(&techniques_field(deck, id, knowledge, at, &text));
    }
    line.child(&note_field(deck, id, Some(at), &format!("Notes: {words}")))
}

fn move_step(deck: Deck, id: &TabId, at: usize, by: isize) {
    change_steps(deck, id, |steps| {
        if let Some(to) = at.checked_add_signed(by).filter(|to| *to < steps.len()) {
            steps.swap(at, to);
        }
    });
}

/// The usual steps become chosen ones as soon as one of them is changed.
fn change_steps(deck: Deck, id: &TabId, change: impl FnOnce(&mut Vec<Step>)) {
    change_steps_joined(deck, id, None, change);
}

fn change_steps_joined(deck: Deck, id: &TabId, join: Option<&str>, change: impl FnOnce(&mut Vec<Step>)) {
    let Some((layer, _)) = untrack(|| deck.app.layer_and_knowledge(id)) else { return };
    let mut steps = layer.slide.shown(layer.display.representation);
    change(&mut steps);
    edit_slide(deck.app, deck.undos, id, join, |slide| slide.steps = steps.into());
}

/// Which techniques a step shows, by their ids; none stands for all that have a comment.
fn techniques_field(deck: Deck, id: &TabId, knowledge: &Arc<Knowledge>, at: usize, text: &str) -> El {
    let (id, knowledge) = (id.clone(), knowledge.clone());
    let field = el("input", "")
        .attr("type", "text")
        .attr("data-field", "step-techniques")
        .attr("autocomplete", "off")
        .attr("spellcheck", "false")
        .attr("placeholder", "T1610 T1611; empty: all that have a comment");
    field.node().unchecked_ref::<HtmlInputElement>().set_value(text);
    let field = field.on("change", move |event| {
        let ids = find_ids(&value_of(&event), &knowledge).known;
        change_steps(deck, &id, |steps| {
            if let Some(step) = steps.get_mut(at) {
                step.show = Show::Techniques(ids.into_iter().take(MOST_CHOSEN).collect());
            }
        });
    });
    labelled("Techniques", &field)
}

/// Notes of a step, or of the whole slide. Undoing writes into it, too.
fn note_field(deck: Deck, id: &TabId, at: Option<usize>, label: &str) -> El {
    let (own, kept) = (id.clone(), id.clone());
    let field = el("textarea", "deck-note")
        .attr("rows", "2")
        .attr("data-field", if at.is_some() { "step-notes" } else { "slide-notes" })
        .attr("aria-label", label)
        .attr("placeholder", label)
        .attr("maxlength", &(LONGEST_NOTE / 4).to_string());
    field
        .kept(move |element| {
            let Some((layer, _)) = deck.app.layer_and_knowledge(&kept) else { return };
            let steps = layer.slide.shown(layer.display.representation);
            let notes = match at {
                None => layer.slide.notes.to_string(),
                Some(at) => steps.get(at).map(|step| step.notes.clone()).unwrap_or_default(),
            };
            let area: &HtmlTextAreaElement = element.unchecked_ref();
            if area.value() != notes {
                area.set_value(&notes);
            }
        })
        .on("input", move |event| {
            let text = value_of(&event);
            match at {
                None => edit_slide(deck.app, deck.undos, &own, Some("notes"), |slide| slide.notes = text.into()),
                Some(at) => change_steps_joined(deck, &own, Some(&format!("notes {at}")), |steps| {
                    if let Some(step) = steps.get_mut(at) {
                        step.notes = text;
                    }
                }),
            }
        })
}

/// One step more.
fn adding(deck: Deck, id: TabId, layer: &Layer, knowledge: &Knowledge) -> El {
    let mut shows = vec![
        Show::Whole(Representation::Unified),
        Show::Whole(Representation::Split),
        Show::Whole(Representation::Alone(Tier::Orchestration)),
        Show::Whole(Representation::Alone(Tier::Container)),
        Show::Tactics,
        Show::Techniques(Vec::new()),
    ];
    let there = scenery(layer, knowledge);
    // In the matrix's order, whichever was selected first.
    let selection = deck.app.selection.get_untracked();
    let selected = selection.techniques();
    let selected: Vec<_> = there.techniques.into_iter().filter(|id| selected.contains(id)).take(MOST_CHOSEN).collect();
    let selected = (!selected.is_empty()).then_some(Show::Techniques(selected));
    shows.extend(selected.clone());
    shows.extend(there.tactics.into_iter().map(Show::Tactic));
    let words = |show: &Show| {
        let words = show_words(show, knowledge);
        if selected.as_ref() == Some(show) { format!("Selected: {words}") } else { words }
    };
    let options: Vec<Choosable> = shows.iter().enumerate().map(|(at, show)| (at.to_string(), words(show))).collect();
    let chosen = RwSignal::new("0".to_owned());
    let field =
        choice_field("One more step", "add-step", &options, move || chosen.get(), move |value| chosen.set(value));
    let add = button("button").attr("data-action", "add-step").text("Add").on_click(move || {
        let show = chosen.get_untracked().parse::<usize>().ok().and_then(|at| shows.get(at).cloned());
        if let Some(show) = show {
            change_steps(deck, &id, |steps| {
                if steps.len() < MOST_STEPS {
                    steps.push(Step::of(show));
                }
            });
        }
    });
    el("div", "deck-add").child(&field).child(&add)
}

fn show_words(show: &Show, knowledge: &Knowledge) -> String {
    match show {
        Show::Whole(Representation::Unified) => "All of it, unified".to_owned(),
        Show::Whole(Representation::Split) => "All of it, split".to_owned(),
        Show::Whole(Representation::Alone(tier)) => format!("All of {}", tier.word()),
        Show::Tactics => "Tactic by tactic".to_owned(),
        Show::Tactic(name) => {
            format!("Light on {}", knowledge.tactic_title(name))
        }
        Show::Techniques(ids) if ids.is_empty() => "Techniques with a comment, one by one".to_owned(),
        Show::Techniques(ids) => match ids.len() {
            1 => "One technique".to_owned(),
            count => format!("{count} techniques, one by one"),
        },
    }
}
