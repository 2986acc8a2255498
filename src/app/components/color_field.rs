//! Colours as fields, swatches and strips: what the inspector, the gradient's editor and the legend's share.
//! What a colour is set on is the caller's.

use crate::{
    app::{
        dom::{El, button, el, value_of},
        state::App,
    },
    layer::{Color, Gradient, Score},
};
use leptos::prelude::*;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

/// A strip of more colours than this is drawn from samples.
const MOST_DRAWN: usize = 40;

/// What a pair of fields is called: the chooser's and the text's `data-field`, and what both are about.
pub struct Names<'a> {
    pub chooser: &'a str,
    pub text: &'a str,
    pub label: &'a str,
}

/// The browser's own chooser, a text for those who know the colour, and what is wrong with that text. `set` is told
/// whether the user is done (`change`) or still choosing (`input`); emptying the text is no colour.
pub fn color_fields(
    names: &Names<'_>,
    current: impl Fn() -> Option<Color> + 'static,
    set: impl Fn(Option<Color>, bool) + 'static,
) -> [El; 3] {
    fields(names, Rc::new(current), Rc::new(set))
}

fn fields(names: &Names<'_>, current: Rc<dyn Fn() -> Option<Color>>, set: Rc<dyn Fn(Option<Color>, bool)>) -> [El; 3] {
    let wrong = RwSignal::new(String::new());
    let shown = current.clone();
    let mut chooser = el("input", "")
        .attr("type", "color")
        .attr("data-field", names.chooser)
        .attr("title", names.label)
        .attr("aria-label", names.label)
        .kept(move |element| {
            let hex = shown().map_or_else(|| "#66b1ff".to_owned(), |color| color.hex8());
            element.unchecked_ref::<HtmlInputElement>().set_value(hex.get(..7).unwrap_or_default());
        });
    let mut text = el("input", "color-text")
        .attr("type", "text")
        .attr("autocomplete", "off")
        .attr("spellcheck", "false")
        .attr("placeholder", "#rrggbb")
        .attr("data-field", names.text)
        .attr("aria-label", &format!("{}, as text", names.label))
        .has("aria-invalid", move || wrong.with(|wrong| !wrong.is_empty()).then(|| "true".to_owned()))
        // What is being typed stays as typed as long as it means the colour that is there.
        .kept(move |element| {
            let wanted = current();
            let input: &HtmlInputElement = element.unchecked_ref();
            let typed = Color::parse(&input.value()).ok();
            let rgba = |color: &Option<Color>| color.as_ref().map(Color::rgba);
            if wanted.is_none() || rgba(&typed) != rgba(&wanted) {
                input.set_value(wanted.as_ref().map(Color::as_str).unwrap_or_default());
                wrong.set(String::new());
            }
        });
    for (event, settled) in [("input", false), ("change", true)] {
        let (choose, write) = (set.clone(), set.clone());
        chooser = chooser.on(event, move |event| choose(Color::parse(&value_of(&event)).ok(), settled));
        text = text.on(event, move |event| {
            let text = value_of(&event);
            if text.trim().is_empty() {
                wrong.set(String::new());
                return write(None, settled);
            }
            match Color::parse(&text) {
                // In the way that every tool reads.
                Ok(color) => {
                    wrong.set(String::new());
                    write(Some(Color::from_rgba(color.rgba())), settled);
                }
                Err(error) => wrong.set(error.to_string()),
            }
        });
    }
    let error = el("p", "field-error").attr("role", "alert").says(move || wrong.get());
    [chooser, text, error]
}

/// A button that looks like the colour.
pub fn swatch(color: &Color, name: &str) -> El {
    let swatch = button("swatch").attr("title", name).attr("aria-label", name);
    paint(&swatch, "--swatch", &color.hex8());
    swatch
}

/// A strip of a gradient's colours, for the eye only.
pub fn strip(colors: &[Color]) -> El {
    let strip = el("span", "strip").attr("aria-hidden", "true");
    paint(&strip, "--strip", &strip_css(colors));
    strip
}

/// The same of the layer's gradient, kept true.
pub fn gradient_strip(app: App) -> El {
    el("span", "strip").attr("aria-hidden", "true").kept(move |element| {
        let css = app.with_layer(|layer| gradient_css(&layer.gradient));
        let _ = element.style().set_property("--strip", &css);
    })
}

/// A score in words, as cells write it.
pub fn score_words(score: f64) -> String {
    Score::new(score).map(|score| score.to_string()).unwrap_or_default()
}

pub fn paint(element: &El, property: &str, css: &str) {
    let _ = element.node().style().set_property(property, css);
}

/// Without transparency, as the gradient paints.
pub fn opaque_css(color: &Color) -> String {
    let [red, green, blue, _] = color.rgba();
    format!("rgb({red} {green} {blue})")
}

/// A gradient as a picture, from its minimum to its maximum.
pub fn gradient_css(gradient: &Gradient) -> String {
    strip_css(&gradient.colors)
}

fn strip_css(colors: &[Color]) -> String {
    let every = colors.len().div_ceil(MOST_DRAWN).max(1);
    let mut css = "linear-gradient(90deg".to_owned();
    for color in colors.iter().step_by(every) {
        css.push_str(", ");
        css.push_str(&opaque_css(color));
    }
    css.push(')');
    css
}
