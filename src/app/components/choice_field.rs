//! A field that chooses one of several, as the browser's own list.

use super::annotation::labelled;
use crate::app::dom::{El, el};
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;

/// Something to choose: its value, and what people read.
pub type Choosable = (String, String);

/// A labelled list of options. `chosen` is kept true; `choose` is told the value.
pub fn choice_field(
    label: &str,
    field: &str,
    options: &[Choosable],
    chosen: impl Fn() -> String + 'static,
    choose: impl Fn(String) + 'static,
) -> El {
    labelled(label, &choice(field, options, chosen, choose))
}

/// The list alone, for where the label stands elsewhere.
pub fn choice(
    field: &str,
    options: &[Choosable],
    chosen: impl Fn() -> String + 'static,
    choose: impl Fn(String) + 'static,
) -> El {
    let option = |(value, words): &Choosable| el("option", "").attr("value", value).text(words);
    el("select", "choice-field")
        .attr("data-field", field)
        .children(options.iter().map(option))
        .kept(move |element| element.unchecked_ref::<HtmlSelectElement>().set_value(&chosen()))
        .on("change", move |event| {
            let select = event.target().and_then(|target| target.dyn_into::<HtmlSelectElement>().ok());
            choose(select.map(|select| select.value()).unwrap_or_default());
        })
}
