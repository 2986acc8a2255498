//! Name and description of the layer.

use super::{annotation::labelled, dialogs::close};
use crate::{
    app::{
        dom::{El, el, value_of},
        state::App,
    },
    layer::Edit,
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};

pub fn layer_properties(app: App) -> El {
    let layer = app.layer.get_untracked();
    let version = layer.versions.attack.as_deref().map_or_else(String::new, |version| format!(" v{version}"));
    let name = el("input", "").attr("type", "text").attr("data-field", "layer-name").attr("autofocus", "");
    name.node().unchecked_ref::<HtmlInputElement>().set_value(&layer.name);
    let name = name.on("input", move |event| {
        app.edit_joined(&Edit::Name(value_of(&event)), Some("layer name".to_owned()));
    });
    let description = el("textarea", "").attr("rows", "5").attr("data-field", "layer-description");
    description.node().unchecked_ref::<HtmlTextAreaElement>().set_value(&layer.description);
    let description = description.on("input", move |event| {
        app.edit_joined(&Edit::Description(value_of(&event)), Some("layer description".to_owned()));
    });
    let done = el("button", "button primary").attr("type", "submit").text("Done");
    el("form", "form")
        .child(&labelled("Name", &name))
        .child(&labelled("Description", &description))
        .child(&el("p", "muted").text(&format!("Made on {}{version}", layer.domain)))
        .child(&el("div", "dialog-actions").child(&done))
        .on("submit", move |event| {
            event.prevent_default();
            close(app);
        })
}
