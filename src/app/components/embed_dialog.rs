//! The dialog that makes an address of the matrix alone for other pages, or of the app with some of its parts, as the
//! official app's form "customised Navigator" does. What the words of such an address mean is `custom`'s.

use super::{
    annotation::labelled,
    choice_field::{Choosable, choice_field},
    control::is_checked,
    dialogs::{close, copy_and_close},
};
use crate::{
    app::{
        custom::{Asked, Group, Source, Switch, Switches, embedding, frame, length},
        customizing,
        dom::{El, button, derived, el, value_of},
        exports, sharing,
        state::App,
    },
    export::{LONGEST_LINK, packed},
    layer::{LayoutKind, Representation},
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};

#[derive(Clone, Copy)]
struct Form {
    app: App,
    /// The matrix alone, or the whole app.
    alone: RwSignal<bool>,
    /// `packed`, `addresses` or `site`.
    source: RwSignal<String>,
    addresses: RwSignal<String>,
    asked: RwSignal<Asked>,
    switches: RwSignal<Switches>,
    size: RwSignal<[String; 2]>,
}

pub fn embed_dialog(app: App) -> El {
    let form = Form {
        app,
        alone: RwSignal::new(true),
        source: RwSignal::new("packed".to_owned()),
        addresses: RwSignal::new(String::new()),
        asked: RwSignal::new(Asked::default()),
        switches: RwSignal::new(Switches::embedded()),
        size: RwSignal::new(["100%", "640"].map(str::to_owned)),
    };
    let address = derived(move || form.address());
    let told = el("p", "").attr("role", "status").says(move || {
        let length = address.with(|address| address.chars().count());
        let advice = if length > LONGEST_LINK {
            " Too long for most programs: put the layer's file on the web, and take it from there."
        } else {
            ""
        };
        format!("{length} characters.{advice}")
    });
    let html = derived(move || {
        let title = app.with_layer(|layer| format!("{}: ATT&CK matrix", layer.name));
        let [width, height] = form.size.get();
        frame(&address.get(), &title, &width, &height)
    });
    let try_it = el("a", "button")
        .attr("target", "_blank")
        .attr("rel", "noopener noreferrer")
        .attr("data-action", "try")
        .has("href", move || Some(address.get()))
        .text("Try it");
    let fault = RwSignal::new("");
    el("div", "form embed").children([
        form.what(),
        form.parts(),
        shown("Address", "embed-address", "3", address),
        told,
        el("div", "").has("hidden", move || (!form.alone.get()).then(String::new)).child(&shown(
            "HTML for the page",
            "embed-html",
            "4",
            html,
        )),
        el("p", "field-error").attr("role", "alert").says(move || fault.get().to_owned()),
        el("div", "dialog-actions").children([
            try_it,
            el("span", "grow"),
            button("button").text("Close").on_click(move || close(app)),
            button("button")
                .attr("data-action", "copy-html")
                .has("hidden", move || (!form.alone.get()).then(String::new))
                .text("Copy the HTML")
                .on_click(move || copy_and_close(app, &html.get_untracked(), "The HTML is on the clipboard.", fault)),
            button("button primary").attr("data-action", "copy-address").text("Copy the address").on_click(move || {
                copy_and_close(app, &address.get_untracked(), "The address is on the clipboard.", fault)
            }),
        ]),
    ])
}

/// A text that is made here, to be read and copied.
fn shown(label: &str, field: &str, rows: &str, text: Memo<String>) -> El {
    let area = el("textarea", "made-text")
        .attr("rows", rows)
        .attr("readonly", "")
        .attr("spellcheck", "false")
        .attr("data-field", field)
        .kept(move |element| element.unchecked_ref::<HtmlTextAreaElement>().set_value(&text.get()));
    labelled(label, &area)
}

impl Form {
    fn address(self) -> String {
        let source = match self.source.get().as_str() {
            "addresses" => {
                let all = self.addresses.get();
                let all = all.lines().map(str::trim).filter(|line| !line.is_empty());
                Source::Addresses(all.map(str::to_owned).collect())
            }
            "site" => Source::Site,
            _ => {
                let order = exports::order(&self.app.knowledge.get());
                Source::Packed(packed(&self.app.layer.get(), &order))
            }
        };
        let (asked, switches) = (self.asked.get(), self.switches.get());
        embedding(&sharing::address(), self.alone.get(), &source, &asked, switches)
    }

    fn what(self) -> El {
        let owned = |all: &[(&str, &str)]| -> Vec<Choosable> {
            all.iter().map(|(value, words)| ((*value).to_owned(), (*words).to_owned())).collect()
        };
        let mut sources = owned(&[("packed", "In the address itself"), ("addresses", "From the web")]);
        if !customizing::config().layers.is_empty() {
            sources.extend(owned(&[("site", "The layers of this site")]));
        }
        let alone = choice_field(
            "What",
            "embed-what",
            &owned(&[("alone", "The matrix alone"), ("whole", "The whole app, with chosen parts")]),
            move || if self.alone.get() { "alone" } else { "whole" }.to_owned(),
            move |what| {
                let alone = what == "alone";
                self.alone.set(alone);
                self.switches.set(if alone { Switches::embedded() } else { Switches::ALL });
            },
        );
        let source = choice_field(
            "Layer",
            "embed-source",
            &sources,
            move || self.source.get(),
            move |source| self.source.set(source),
        );
        let view = choice_field(
            "Matrices",
            "embed-view",
            &owned(&[
                ("", "As in the layer"),
                ("unified", "One unified"),
                ("split", "Split"),
                ("orchestration", "Orchestration"),
                ("container", "Container"),
            ]),
            move || self.asked.with(|asked| asked.view.map(|view| view.word().to_owned())).unwrap_or_default(),
            move |view| self.asked.update(|asked| asked.view = Representation::from_word(&view)),
        );
        let layout = choice_field(
            "Layout",
            "embed-layout",
            &owned(&[
                ("", "As in the layer"),
                ("side", "Sub-techniques beside"),
                ("flat", "Sub-techniques under"),
                ("mini", "Small squares"),
            ]),
            move || self.asked.with(|asked| asked.layout.map(|layout| layout.word().to_owned())).unwrap_or_default(),
            move |layout| self.asked.update(|asked| asked.layout = LayoutKind::from_word(&layout)),
        );
        let theme = choice_field(
            "Theme",
            "embed-theme",
            &owned(&[("", "As the reader's system"), ("light", "Light"), ("dark", "Dark")]),
            move || self.asked.with(|asked| asked.theme.clone()).unwrap_or_default(),
            move |theme| self.asked.update(|asked| asked.theme = (!theme.is_empty()).then_some(theme)),
        );
        let only_alone = move |field: El| field.has("hidden", move || (!self.alone.get()).then(String::new));
        let fields = el("div", "embed-fields").children([
            alone,
            source,
            view,
            layout,
            only_alone(theme),
            only_alone(self.length("Width", "embed-width", 0)),
            only_alone(self.length("Height", "embed-height", 1)),
        ]);
        let area = el("textarea", "")
            .attr("rows", "2")
            .attr("spellcheck", "false")
            .attr("placeholder", "https://…")
            .attr("data-field", "embed-layers")
            .on("input", move |event| self.addresses.set(value_of(&event)));
        let addresses = labelled("Addresses of layers, one a line", &area)
            .has("hidden", move || (self.source.get() != "addresses").then(String::new));
        el("div", "").child(&fields).child(&addresses)
    }

    /// Of the frame. The HTML has what was typed last and is a length.
    fn length(self, label: &str, field: &str, at: usize) -> El {
        let wrong = RwSignal::new(false);
        let input = el("input", "")
            .attr("type", "text")
            .attr("data-field", field)
            .has("aria-invalid", move || wrong.get().then(|| "true".to_owned()));
        input.node().unchecked_ref::<HtmlInputElement>().set_value(&self.size.get_untracked()[at]);
        let input = input.on("input", move |event| {
            let length = length(&value_of(&event));
            wrong.set(length.is_none());
            if let Some(length) = length {
                self.size.update(|size| size[at] = length);
            }
        });
        let error = el("span", "field-error")
            .attr("role", "alert")
            .says(move || if wrong.get() { "Pixels, as 640, or a share, as 100%".to_owned() } else { String::new() });
        labelled(label, &input).child(&error)
    }

    fn parts(self) -> El {
        let groups = Group::ALL.map(|group| {
            let members = Switch::ALL.iter().copied().filter(move |switch| switch.group() == group);
            let boxes = members.map(|switch| self.part(switch));
            el("fieldset", "embed-group")
                .child(&el("legend", "field-name").text(group.title()))
                .child(&el("div", "").children(boxes))
        });
        let summary = el("summary", "").text("Parts of it");
        el("details", "embed-parts").attr("open", "").child(&summary).child(&el("div", "embed-groups").children(groups))
    }

    fn part(self, switch: Switch) -> El {
        // Only another page shows these.
        let alone = matches!(switch, Switch::Caption | Switch::OpenLink);
        let input = el("input", "")
            .attr("type", "checkbox")
            .attr("data-field", &format!("embed-{}", switch.word()))
            .kept(move |element| {
                element.unchecked_ref::<HtmlInputElement>().set_checked(self.switches.get().has(switch));
            })
            .on("change", move |event| {
                let on = is_checked(&event);
                self.switches.update(|switches| *switches = switches.with(switch, on));
            });
        el("label", "check")
            .has("hidden", move || (alone && !self.alone.get()).then(String::new))
            .child(&input)
            .child(&el("span", "").text(switch.title()))
    }
}
