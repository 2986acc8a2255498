//! The browser's own list to choose one thing from.

use crate::app::dom::{El, el};
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;

/// What can be chosen: its words, whether it is chosen now, and what choosing it does.
pub type Choices = Vec<(String, bool, Box<dyn Fn()>)>;

pub fn labelled_select(words: &str, name: &str, choices: Choices) -> El {
    let select = select(name, words, choices);
    el("label", "field").child(&el("span", "field-name").text(words)).child(&select)
}

pub fn select(name: &str, label: &str, choices: Choices) -> El {
    let mut deeds = Vec::new();
    let mut select = el("select", "").attr("data-field", name).attr("aria-label", label);
    for (at, (words, chosen, deed)) in choices.into_iter().enumerate() {
        let option = el("option", "").attr("value", &at.to_string()).text(&words);
        select = select.child(&if chosen { option.attr("selected", "") } else { option });
        deeds.push(deed);
    }
    select.on("change", move |event| {
        let list = event.target().and_then(|target| target.dyn_into::<HtmlSelectElement>().ok());
        let at = list.and_then(|list| list.value().parse::<usize>().ok());
        if let Some(deed) = at.and_then(|at| deeds.get(at)) {
            deed();
        }
    })
}
