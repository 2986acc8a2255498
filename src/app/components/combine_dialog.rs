//! The dialog that makes a layer of others: an expression over their letters, what else comes from which of them, and a
//! preview that follows every key. How layers are combined is `layer`'s rule.

use super::{
    annotation::labelled,
    choice_field::{Choosable, choice_field},
    dialogs::close,
    layers_page::thumbnail,
};
use crate::{
    app::{
        bundles::BundleKey,
        choice::counted,
        dom::{El, button, derived, el, value_of},
        exports, layers,
        state::{App, Tab},
    },
    layer::{Combined, ExpressionError, FUNCTIONS, Layer, Part, Source, Taken, combine, gap_expression, letter},
};
use leptos::prelude::*;
use std::sync::Arc;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

/// A layer that has a letter.
#[derive(Clone)]
struct Lettered {
    letter: char,
    layer: Arc<Layer>,
    bundle: BundleKey,
    /// In words.
    shown_on: String,
}

/// What the dialog has so far.
#[derive(Clone, Copy)]
struct Draft {
    app: App,
    layers: StoredValue<Vec<Lettered>>,
    text: RwSignal<String>,
    name: RwSignal<String>,
    taken: RwSignal<Taken>,
    made: Memo<Result<Combined, ExpressionError>>,
}

/// The name of layers that nobody named, as in the official Navigator (`TABS` 517 of 5.1.0).
const NAME: &str = "layer by operation";

pub fn combine_dialog(app: App) -> El {
    let draft = Draft::new(app);
    let count = draft.layers.with_value(Vec::len);
    let expression = draft.expression();
    let name =
        el("input", "").attr("type", "text").attr("data-field", "combine-name").attr("autocomplete", "off").kept(
            move |element| {
                let element: &HtmlInputElement = element.unchecked_ref();
                let name = draft.name.get();
                if element.value() != name {
                    element.set_value(&name);
                }
            },
        );
    let name = name.on("input", move |event| draft.name.set(value_of(&event)));
    let open = app.tabs.with_untracked(Vec::len);
    let too_many = (open > count).then(|| {
        el("p", "muted")
            .text(&format!("The {} layers after z have no letter: move their tabs to the left.", open - count))
    });
    let make = el("button", "button primary")
        .attr("type", "submit")
        .attr("data-action", "make-layer")
        .has("disabled", move || draft.made.with(Result::is_err).then(String::new))
        .text("Make layer");
    let left =
        el("div", "combine-left").children([draft.letters(), expression, draft.templates(), help(), draft.parts()]);
    let right = el("div", "combine-right").children([draft.preview(), labelled("Name", &name)]);
    el("form", "form combine")
        .children(too_many)
        .child(&el("div", "combine-columns").child(&left).child(&right))
        .child(
            &el("div", "dialog-actions")
                .child(&button("button").text("Cancel").on_click(move || close(app)))
                .child(&make),
        )
        .on("submit", move |event| {
            event.prevent_default();
            draft.make();
        })
}

impl Draft {
    fn new(app: App) -> Self {
        let lettered = |(place, tab): (usize, &Tab)| {
            Some(Lettered {
                letter: letter(place)?,
                layer: tab.history.present().clone(),
                bundle: tab.bundle.clone(),
                shown_on: layers::bundle_words(app, &tab.bundle),
            })
        };
        let all: Vec<Lettered> = app.tabs.with_untracked(|tabs| tabs.iter().enumerate().filter_map(lettered).collect());
        let layers = StoredValue::new(all);
        let (text, taken) = (RwSignal::new(String::new()), RwSignal::new(Taken::default()));
        let made = derived(move || {
            let taken = taken.get();
            layers.with_value(|layers| text.with(|text| made(app, layers, text, taken)))
        });
        Self { app, layers, text, name: RwSignal::new(layers::free_name(app, NAME)), taken, made }
    }

    /// The open layers with their letters; a press writes the letter where the caret is.
    fn letters(self) -> El {
        let chip = |lettered: &Lettered| {
            let (letter, name) = (lettered.letter, lettered.layer.title().to_owned());
            button("letter-chip")
                .attr("data-letter", &letter.to_string())
                .attr("title", &format!("{name}, on {}: write {letter}", lettered.shown_on))
                .child(&el("b", "").text(&letter.to_string()))
                .child(&el("span", "").text(&name))
                .on_click(move || self.write(&letter.to_string()))
        };
        let chips = self.layers.with_value(|layers| layers.iter().map(chip).collect::<Vec<_>>());
        el("div", "letter-chips").attr("role", "group").attr("aria-label", "Layers and their letters").children(chips)
    }

    fn expression(self) -> El {
        let fault = move || self.made.with(|made| made.as_ref().err().cloned());
        let field = el("input", "expression")
            .attr("type", "text")
            .attr("data-field", "expression")
            .attr("autofocus", "")
            .attr("autocomplete", "off")
            .attr("autocapitalize", "none")
            .attr("spellcheck", "false")
            .attr("placeholder", "(a + b) / 2")
            .attr("aria-describedby", "expression-fault")
            .has("aria-invalid", move || fault().map(|_| "true".to_owned()))
            .kept(move |element| {
                let element: &HtmlInputElement = element.unchecked_ref();
                let text = self.text.get();
                if element.value() != text {
                    element.set_value(&text);
                }
            })
            .on("input", move |event| self.text.set(value_of(&event)));
        let pointed =
            el("div", "expression-fault").attr("id", "expression-fault").attr("aria-live", "polite").holds(move || {
                let text = self.text.get();
                let Some(fault) = fault() else { return Vec::new() };
                pointed_at(&text, &fault)
            });
        el("div", "").child(&labelled("Score", &field)).child(&pointed)
    }

    /// Ready expressions over the layers that are open.
    fn templates(self) -> El {
        let template = |action: &str, words: &str, title: &str, run: Option<Box<dyn Fn()>>| {
            let chip = button("button small").attr("data-action", action).attr("title", title).text(words);
            match run {
                Some(run) => chip.on_click(run),
                None => chip.attr("disabled", ""),
            }
        };
        let gap = self.gap().map(|(theirs, ours)| Box::new(move || self.fill_gap(&theirs, &ours)) as Box<dyn Fn()>);
        let letters = self.layers.with_value(|layers| {
            let bundle = self.app.bundle();
            let same = layers.iter().filter(|it| it.bundle == bundle);
            same.map(|it| it.letter.to_string()).collect::<Vec<_>>().join(", ")
        });
        let of_all = |function: &'static str| {
            let text = format!("{function}({letters})");
            Some(Box::new(move || self.text.set(text.clone())) as Box<dyn Fn()>)
        };
        el("div", "combine-templates").attr("role", "group").attr("aria-label", "Ready expressions").children([
            template(
                "template-gap",
                "Their techniques minus our coverage",
                if gap.is_some() {
                    "What the other layer scores and the active one does not cover"
                } else {
                    "Open a threat's layer beside yours first, on the same bundle"
                },
                gap,
            ),
            template("template-max", "Highest of all", "The highest score of the layers on this bundle", of_all("max")),
            template("template-mean", "Average of all", "Their average, a missing score as 0", of_all("mean")),
            template("template-sum", "Sum of all", "Their sum", of_all("sum")),
        ])
    }

    /// Theirs and ours: ours is active; theirs is the one seen beside it, or the first other one on its bundle.
    fn gap(self) -> Option<(Lettered, Lettered)> {
        let (active, second) = (self.app.active.get_untracked(), self.app.second.get_untracked());
        let place = |id: &str| {
            self.app.tabs.with_untracked(|tabs| tabs.iter().position(|tab| &*tab.id == id)).unwrap_or(usize::MAX)
        };
        self.layers.with_value(|layers| {
            let ours = layers.get(place(&active))?;
            let seen = second.and_then(|id| layers.get(place(&id)));
            let fits = |it: &&Lettered| it.bundle == ours.bundle && it.letter != ours.letter;
            let theirs = seen.filter(fits).or_else(|| layers.iter().find(fits))?;
            Some((theirs.clone(), ours.clone()))
        })
    }

    fn fill_gap(self, theirs: &Lettered, ours: &Lettered) {
        let threshold = untrack(|| self.app.threshold(&ours.layer));
        self.text.set(gap_expression(theirs.letter, ours.letter, threshold));
        let place = self.layers.with_value(|layers| layers.iter().position(|it| it.letter == theirs.letter));
        let from_theirs = [Part::Gradient, Part::Comments, Part::Links, Part::Legend];
        self.taken.set(from_theirs.into_iter().fold(Taken::default(), |taken, part| taken.with(part, place)));
        let (theirs, ours) = (theirs.layer.title().to_owned(), ours.layer.title().to_owned());
        self.name.set(layers::free_name(self.app, &format!("{theirs} minus {ours}")));
    }

    /// From which layer each part comes.
    fn parts(self) -> El {
        let mut options: Vec<Choosable> = vec![(String::new(), "none".to_owned())];
        self.layers.with_value(|layers| {
            options.extend(
                layers
                    .iter()
                    .enumerate()
                    .map(|(place, it)| (place.to_string(), format!("{} · {}", it.letter, it.layer.title().to_owned()))),
            );
        });
        let field = |part: Part| {
            let none = if part == Part::Gradient { "fitting the scores" } else { "none" };
            options[0].1 = none.to_owned();
            let title = title(part);
            choice_field(
                title,
                &format!("combine-{}", part.word()),
                &options,
                move || self.taken.get().of(part).map(|place| place.to_string()).unwrap_or_default(),
                move |value| self.taken.update(|taken| *taken = taken.with(part, value.parse().ok())),
            )
        };
        let fields: Vec<El> = Part::ALL.into_iter().map(field).collect();
        let title = el("h3", "").text("Taken from a layer");
        el("section", "").child(&title).child(&el("div", "combine-parts").children(fields))
    }

    fn preview(self) -> El {
        let picture = el("div", "combine-picture").holds(move || {
            let seen = self.made.with(|made| made.as_ref().ok().map(|made| (made.layer.clone(), made.first)));
            let Some((layer, first)) = seen else { return Vec::new() };
            let bundle = bundle_of(self.app, self.layers, first);
            let knowledge = self.app.bundles.with_untracked(|bundles| bundles.knowledge(&bundle));
            vec![el("div", "").raw(&thumbnail(&layer, Some(&knowledge)))]
        });
        let words = el("p", "").attr("role", "status").attr("data-preview", "").says(move || {
            self.made.with(|made| match made {
                Ok(made) => told(made, self.text.with(|text| text.trim().is_empty())),
                Err(_) => "No preview: the expression is not complete.".to_owned(),
            })
        });
        el("section", "combine-preview").attr("aria-label", "Preview").child(&picture).child(&words)
    }

    /// Writes into the expression where the caret is.
    fn write(self, letter: &str) {
        let found = crate::app::browser::document().query_selector("[data-field='expression']").ok().flatten();
        let Some(field) = found.and_then(|it| it.dyn_into::<HtmlInputElement>().ok()) else { return };
        let end = u32::try_from(field.value().encode_utf16().count()).unwrap_or_default();
        let place = |place: Result<Option<u32>, _>| place.ok().flatten().unwrap_or(end);
        let (from, to) = (place(field.selection_start()), place(field.selection_end()));
        let _ = field.set_range_text_with_start_and_end(letter, from, to);
        let _ = field.focus();
        let _ = field.set_selection_range(from + 1, from + 1);
        self.text.set(field.value());
    }

    fn make(self) {
        let Ok(made) = self.made.get_untracked() else { return };
        let app = self.app;
        let name = self.name.get_untracked();
        let name = if name.trim().is_empty() { layers::free_name(app, NAME) } else { name.trim().to_owned() };
        let bundle = bundle_of(app, self.layers, made.first);
        let words = format!("Made the layer \"{name}\": {} scored.", counted(made.scored));
        close(app);
        layers::add(app, Tab::new((Layer { name, ..made.layer }, bundle)));
        app.say(words);
    }
}

fn made(app: App, layers: &[Lettered], text: &str, taken: Taken) -> Result<Combined, ExpressionError> {
    let sources: Vec<Source<'_>> = layers.iter().map(|it| Source { layer: &it.layer, bundle: &it.shown_on }).collect();
    let blank = |first: Option<usize>| {
        let bundle = first.and_then(|first| layers.get(first)).map_or_else(|| app.bundle(), |it| it.bundle.clone());
        let (layer, knowledge) =
            app.bundles.with_untracked(|bundles| (bundles.new_layer(NAME, &bundle).0, bundles.knowledge(&bundle)));
        (layer, exports::order(&knowledge))
    };
    combine(text, &sources, taken, &blank)
}

fn bundle_of(app: App, layers: StoredValue<Vec<Lettered>>, first: Option<usize>) -> BundleKey {
    let found = first.and_then(|first| layers.with_value(|layers| layers.get(first).map(|it| it.bundle.clone())));
    found.unwrap_or_else(|| app.bundle())
}

fn title(part: Part) -> &'static str {
    match part {
        Part::Gradient => "Gradient",
        Part::Colors => "Colours set by hand",
        Part::Comments => "Comments",
        Part::Links => "Links",
        Part::Metadata => "Metadata",
        Part::States => "Enabled and disabled",
        Part::Filters => "Platforms",
        Part::Legend => "Legend",
    }
}

fn told(made: &Combined, blank: bool) -> String {
    if blank {
        return "No expression: nothing gets a score.".to_owned();
    }
    let scored = match made.scored {
        0 => "No technique gets a score".to_owned(),
        1 => "1 technique gets a score".to_owned(),
        count => format!("{count} techniques get a score"),
    };
    let range = match made.range {
        None => String::new(),
        Some((low, high)) if low == high => format!(": {low}"),
        Some((low, high)) => format!(", from {low} to {high}"),
    };
    let without = match made.without_number {
        0 => String::new(),
        1 => " For 1 cell there is no number: it stays without a score.".to_owned(),
        count => format!(" For {count} cells there is no number: they stay without a score."),
    };
    format!("{scored}{range}.{without}")
}

/// The expression once more, with what is wrong in it marked, and why it is wrong.
fn pointed_at(text: &str, fault: &ExpressionError) -> Vec<El> {
    let part = |from: usize, count: usize| text.chars().skip(from).take(count).collect::<String>();
    let wrong = part(fault.at, fault.length);
    let wrong = if wrong.is_empty() { " ".to_owned() } else { wrong };
    let echo = el("code", "expression-echo")
        .attr("aria-hidden", "true")
        .text(&part(0, fault.at))
        .child(&el("mark", "").attr("data-fault-at", &fault.at.to_string()).text(&wrong))
        .text(&part(fault.at + fault.length, usize::MAX));
    let place = fault.at + 1;
    vec![echo, el("p", "field-error").text(&format!("Character {place}: {}", fault.what))]
}

fn help() -> El {
    let line = |code: &str, words: &str| {
        el("div", "").child(&el("dt", "").child(&el("code", "").text(code))).child(&el("dd", "").text(words))
    };
    let lines = el("dl", "expression-help").children([
        line("+ - * / ^ % mod ( )", "arithmetic; 2a is 2 * a, a + 10% is a tenth more"),
        line("== != < > <= >=", "comparisons: 1 where they hold, else 0; b < 50 < a works too"),
        line("and or xor not", "logic, which loosens from not to or: write not (a == b)"),
        line("a > 50 ? a : 0", "one or the other"),
        line("scored(a)", "whether it has a score; elsewhere a missing one counts as 0"),
        line("nan", "no score: a > 0 ? a : nan"),
        line("clamp(a, 0, 100)", "kept between two ends"),
    ]);
    let functions = el("p", "muted").text(&format!("Functions: {}.", FUNCTIONS.join(", ")));
    el("details", "more").child(&el("summary", "").text("What can be written")).child(&lines).child(&functions)
}
