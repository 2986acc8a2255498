//! The gradient's editor: ready ones, the ends, and each colour with its place. Colours stand at equal distances in the
//! layer format, so moving one means that it changes places with another.

use super::{
    color_field::{Names, color_fields, gradient_strip, opaque_css, score_words, strip},
    colors_panel::{focus_mover, part},
    control::{command_button, icon_action},
    icon::Icon,
};
use crate::{
    app::{
        browser,
        command::Command,
        dom::{El, button, derived, el, key_of, value_of},
        state::App,
    },
    layer::{Color, Edit, Gradient, Score},
};
use leptos::prelude::*;
use std::{cell::Cell, rc::Rc};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement, PointerEvent};

/// A file may have thousands of colours; nobody edits them one by one.
const MOST_SHOWN: usize = 100;

/// The gradient that is edited.
#[derive(Clone, Copy)]
struct Editor {
    app: App,
}

pub fn gradient_editor(app: App) -> El {
    let editor = Editor { app };
    // Only their number makes the rows anew: whoever types in one must not lose it.
    let count = derived(move || app.with_layer(|layer| layer.gradient.colors.len()));
    let shown = move || 0..count.get().min(MOST_SHOWN);
    let handles = el("div", "handles").holds(move || shown().map(|at| editor.handle(at, count)).collect());
    let rows = el("ol", "stops").holds(move || shown().map(|at| editor.row(at, count)).collect());
    let ends = el("div", "ends")
        .child(&editor.end("gradient-minimum", "Low end", |gradient| &mut gradient.minimum))
        .child(&editor.end("gradient-maximum", "High end", |gradient| &mut gradient.maximum));
    let fault = move || app.with_layer(|layer| layer.gradient.fault().unwrap_or_default().to_owned());
    let reverse = command_button(app, Command::GradientReverse, "button").text("Reverse");
    let presets = |safe: bool| {
        let own = Command::presets().filter(move |(_, preset)| preset.safe == safe);
        own.map(move |(command, preset)| {
            let is = move || app.with_layer(|layer| preset.is_of(&layer.gradient));
            let button = command_button(app, command, "preset").is("aria-pressed", is);
            button.child(&strip(&preset.colors())).child(&el("span", "").text(preset.title))
        })
    };
    let ready = el("div", "presets").attr("role", "group").attr("aria-label", "Ready gradients");
    let ready = ready.children(presets(false)).child(&el("p", "preset-group").text("Colour-blind-safe"));
    let scale = el("div", "scale-editor").child(&gradient_strip(app)).child(&handles);
    part(
        "Gradient",
        [
            ready.children(presets(true)),
            scale,
            ends,
            el("p", "field-error").attr("role", "alert").says(fault),
            rows,
            el("div", "actions").child(&reverse),
        ],
    )
}

impl Editor {
    fn set(self, next: Gradient, join: Option<String>) {
        self.app.edit_joined(&Edit::Gradient(next), join);
    }

    fn change(self, change: impl FnOnce(&Gradient) -> Gradient, join: Option<String>) {
        self.set(self.app.with_layer_untracked(|layer| change(&layer.gradient)), join);
    }

    fn color(self, at: usize) -> Option<Color> {
        self.app.with_layer(|layer| layer.gradient.colors.get(at).cloned())
    }

    fn score(self, at: usize) -> String {
        self.app.with_layer(|layer| score_words(layer.gradient.score_at(at)))
    }

    fn move_color(self, from: usize, to: usize) {
        self.change(|gradient| gradient.with_color_moved(from, to), Some("gradient order".to_owned()));
    }

    /// A colour on the strip: dragged, or moved with the arrows.
    fn handle(self, at: usize, count: Memo<usize>) -> El {
        let last = count.get_untracked().saturating_sub(1);
        // Where the colour that is being dragged stands by now.
        let dragged: Rc<Cell<Option<usize>>> = Rc::default();
        let (begin, end, lost) = (dragged.clone(), dragged.clone(), dragged.clone());
        let handle = button("handle")
            .attr("data-stop", &at.to_string())
            .attr("title", "Drag, or press the arrow keys, to change the order")
            .has("aria-label", move || {
                let color = self.color(at).map(|color| color.as_str().to_owned()).unwrap_or_default();
                Some(format!("Colour {} of {}, {color}, at {}", at + 1, last + 1, self.score(at)))
            })
            .kept(move |element| {
                if let Some(color) = self.color(at) {
                    let _ = element.style().set_property("--swatch", &opaque_css(&color));
                }
            });
        let _ = handle.node().style().set_property("--at", &format!("{}%", at * 100 / last.max(1)));
        let element = handle.node().clone();
        handle
            .on("keydown", move |event| {
                let to = match key_of(&event).as_str() {
                    "ArrowLeft" | "ArrowDown" => at.saturating_sub(1),
                    "ArrowRight" | "ArrowUp" => (at + 1).min(last),
                    "Home" => 0,
                    "End" => last,
                    "Delete" => {
                        event.prevent_default();
                        return self.remove(at, ".handle");
                    }
                    _ => return,
                };
                event.prevent_default();
                self.move_color(at, to);
                browser::focus_soon(&format!(".handle[data-stop='{to}']"));
            })
            .on("pointerdown", move |event| {
                let event: &PointerEvent = event.unchecked_ref();
                if event.button() == 0 {
                    begin.set(Some(at));
                    let _ = element.set_pointer_capture(event.pointer_id());
                }
            })
            .on("pointermove", move |event| {
                let Some(from) = dragged.get() else { return };
                let Some(to) = place_under(event.unchecked_ref(), last) else { return };
                if to != from {
                    self.move_color(from, to);
                    dragged.set(Some(to));
                }
            })
            .on("pointerup", move |_| end.set(None))
            .on("pointercancel", move |_| lost.set(None))
    }

    /// A colour as fields: which score has it, what it is, and what can be done with it.
    fn row(self, at: usize, count: Memo<usize>) -> El {
        let last = count.get_untracked().saturating_sub(1);
        let label = format!("Colour {}", at + 1);
        let names = Names { chooser: "gradient-color", text: "gradient-color-text", label: &label };
        let set = move |color: Option<Color>, _| {
            if let Some(color) = color {
                self.change(|gradient| gradient.with_color(at, color), Some(format!("gradient colour {at}")));
            }
        };
        let [chooser, text, error] = color_fields(&names, move || self.color(at), set);
        let act = |class: &str, words: &str, icon: Icon, is_off: bool, action: Box<dyn Fn()>| {
            let button = icon_action(&format!("icon-button small {class}"), &format!("{label}: {words}"), icon, action);
            if is_off { button.attr("disabled", "") } else { button }
        };
        let step = move |to: usize| {
            Box::new(move || {
                self.move_color(at, to);
                focus_mover(&format!(".stop[data-stop='{to}']"), to < at);
            })
        };
        let add = Box::new(move || {
            self.change(|gradient| gradient.with_color_after(at), None);
            browser::focus_soon(&format!(".stop[data-stop='{}'] .color-text", at + 1));
        });
        el("li", "stop").attr("data-stop", &at.to_string()).children([
            el("span", "stop-score").says(move || self.score(at)),
            chooser,
            text,
            act("add", "add one after it", Icon::Add, last + 1 >= MOST_SHOWN, add),
            act("up", "move up", Icon::Chevron, at == 0, step(at.saturating_sub(1))),
            act("down", "move down", Icon::Chevron, at == last, step((at + 1).min(last))),
            act("remove", "remove", Icon::Close, last < 2, Box::new(move || self.remove(at, ".stop"))),
            error,
        ])
    }

    fn remove(self, at: usize, place: &str) {
        self.change(|gradient| gradient.without_color(at), None);
        let before = at.saturating_sub(1);
        let inner = if place == ".stop" { " .color-text" } else { "" };
        browser::focus_soon(&format!("{place}[data-stop='{before}']{inner}"));
    }

    fn end(self, field: &str, name: &str, end: fn(&mut Gradient) -> &mut f64) -> El {
        let wrong = RwSignal::new(false);
        let join = field.to_owned();
        let value = move || Score::new(*end(&mut self.app.layer.get().gradient.clone()));
        let input = el("input", "")
            .attr("type", "text")
            .attr("inputmode", "decimal")
            .attr("autocomplete", "off")
            .attr("data-field", field)
            .has("aria-invalid", move || wrong.get().then(|| "true".to_owned()))
            // What is being typed stays as typed as long as it means the value that is there.
            .kept(move |element: &HtmlElement| {
                let wanted = value();
                let input: &HtmlInputElement = element.unchecked_ref();
                if Score::parse(&input.value()) != wanted {
                    input.set_value(&wanted.map(|score| score.to_json().to_string()).unwrap_or_default());
                    wrong.set(false);
                }
            })
            .on("input", move |event| {
                let typed = Score::parse(&value_of(&event));
                wrong.set(typed.is_none());
                if let Some(score) = typed {
                    let mut next = self.app.layer.get_untracked().gradient.clone();
                    *end(&mut next) = score.value();
                    self.set(next, Some(join.clone()));
                }
            });
        let error = el("span", "field-error")
            .attr("role", "alert")
            .says(move || if wrong.get() { "Not a number".to_owned() } else { String::new() });
        super::annotation::labelled(name, &input).child(&error)
    }
}

/// Which place on the strip is nearest to the pointer.
fn place_under(event: &PointerEvent, last: usize) -> Option<usize> {
    let handle: HtmlElement = event.target()?.dyn_into().ok()?;
    let strip = handle.parent_element()?.get_bounding_client_rect();
    let share = ((f64::from(event.client_x()) - strip.left()) / strip.width()).clamp(0.0, 1.0);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)] // a handful
    Some((share * last as f64).round() as usize)
}
