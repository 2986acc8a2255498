//! Links and metadata, of what is selected or of the layer: rows that are edited, moved, divided and removed in place,
//! and a line to add one. Lists that differ between the selected techniques are not shown, but one more can be added to
//! all. What a change does to a list is the layer's rule.

use super::{annotation::Common, control::icon_action, details::link, icon::Icon};
use crate::{
    app::{
        dom::{El, button, derived, el, key_of},
        state::App,
    },
    layer::{Edit, Entry, Layer, Link, Metadata, RowChange, Target, is_safe_url},
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlDetailsElement, HtmlElement, HtmlInputElement};

/// Whose rows they are.
#[derive(Clone, Copy)]
pub enum Owner {
    Selected(Memo<Vec<Target>>),
    Layer,
}

/// What tells links and metadata apart.
struct Kind {
    title: &'static str,
    /// Of the two fields: the name in `data-field`, what it says while empty, and its label.
    fields: [(&'static str, &'static str, &'static str); 2],
    /// How two texts are shown.
    content: fn(&str, &str) -> El,
    of_entry: fn(&Entry) -> Vec<Shown>,
    of_layer: fn(&Layer) -> Vec<Shown>,
    /// What is wrong with two texts.
    fault: fn(&str, &str) -> Option<&'static str>,
    /// The edit that adds a row to lists that differ.
    add: fn(Vec<Target>, &str, &str) -> Edit,
    change_entry: fn(Vec<Target>, &Entry, &RowChange) -> Edit,
    change_layer: fn(&Layer, &RowChange) -> Edit,
}

/// A row as it is shown.
#[derive(Debug, Clone, PartialEq)]
enum Shown {
    /// Label and address, or name and value.
    Item(String, String),
    Divider,
    Other(String),
}

pub fn links(app: App, owner: Owner) -> El {
    Rows::new(app, owner, &LINKS).list()
}

pub fn metadata(app: App, owner: Owner) -> El {
    Rows::new(app, owner, &METADATA).list()
}

static LINKS: Kind = Kind {
    title: "Links",
    fields: [("link-label", "Label", "Link label"), ("link-url", "https://", "Link address")],
    content: |label, url| link(url, label),
    of_entry: |entry| shown_links(&entry.links),
    of_layer: |layer| shown_links(&layer.links),
    fault: |_, url| (!is_safe_url(url)).then_some("An address begins with https://, http:// or mailto:"),
    add: |targets, label, url| Edit::AddLink(targets, Link::new(label, url)),
    change_entry: |targets, entry, change| Edit::Links(targets, change.made(&entry.links)),
    change_layer: |layer, change| Edit::LayerLinks(change.made(&layer.links)),
};

static METADATA: Kind = Kind {
    title: "Metadata",
    fields: [("metadata-name", "Name", "Metadata name"), ("metadata-value", "Value", "Metadata value")],
    content: |name, value| el("span", "").child(&el("b", "").text(name)).text(": ").text(value),
    of_entry: |entry| shown_metadata(&entry.metadata),
    of_layer: |layer| shown_metadata(&layer.metadata),
    fault: |name, value| (name.is_empty() || value.is_empty()).then_some("Metadata needs a name and a value"),
    add: |targets, name, value| Edit::AddMetadata(targets, Metadata::new(name, value)),
    change_entry: |targets, entry, change| Edit::Metadata(targets, change.made(&entry.metadata)),
    change_layer: |layer, change| Edit::LayerMetadata(change.made(&layer.metadata)),
};

fn shown_links(links: &[Link]) -> Vec<Shown> {
    let shown = |link: &Link| match link {
        Link::Item { label, url, .. } => Shown::Item(label.clone(), url.clone()),
        Link::Divider(_) => Shown::Divider,
        Link::Other(other) => Shown::Other(other.to_string()),
    };
    links.iter().map(shown).collect()
}

fn shown_metadata(metadata: &[Metadata]) -> Vec<Shown> {
    let shown = |item: &Metadata| match item {
        Metadata::Item { name, value, .. } => Shown::Item(name.clone(), value.clone()),
        Metadata::Divider(_) => Shown::Divider,
        Metadata::Other(other) => Shown::Other(other.to_string()),
    };
    metadata.iter().map(shown).collect()
}

#[derive(Clone, Copy)]
struct Rows {
    app: App,
    owner: Owner,
    kind: &'static Kind,
    rows: Memo<Common<Vec<Shown>>>,
    /// The row whose texts are being edited.
    edited: RwSignal<Option<usize>>,
    /// What was wrong with the texts that were given last.
    fault: RwSignal<&'static str>,
}

impl Rows {
    fn new(app: App, owner: Owner, kind: &'static Kind) -> Self {
        let rows = derived(move || match owner {
            Owner::Layer => Common::Same(app.layer.with(|layer| (kind.of_layer)(layer))),
            Owner::Selected(targets) => {
                let targets = targets.get();
                app.layer.with(|layer| {
                    let of = |it: &Target| layer.annotations.get(&it.key).map(kind.of_entry).unwrap_or_default();
                    Common::of(targets.iter().map(of))
                })
            }
        });
        Self { app, owner, kind, rows, edited: RwSignal::new(None), fault: RwSignal::new("") }
    }

    fn change(self, change: &RowChange) {
        let layer = self.app.layer.get_untracked();
        let edit = match self.owner {
            Owner::Layer => (self.kind.change_layer)(&layer, change),
            Owner::Selected(targets) => {
                let targets = targets.get_untracked();
                let same = self.rows.with_untracked(|rows| *rows != Common::Mixed);
                let entry = targets.first().and_then(|target| layer.annotations.get(&target.key)).filter(|_| same);
                match (entry, change) {
                    (Some(entry), change) => (self.kind.change_entry)(targets.clone(), entry, change),
                    (None, RowChange::Add(first, second)) => (self.kind.add)(targets, first, second),
                    (None, _) => return,
                }
            }
        };
        self.edited.set(None);
        self.app.edit(&edit);
    }

    /// Takes two texts if there is nothing wrong with them. A link without a label is labelled with its address.
    fn take(self, first: &str, second: &str, change: impl FnOnce(String, String) -> RowChange) -> bool {
        let (first, second) = (first.trim(), second.trim());
        let fault = (self.kind.fault)(first, second).unwrap_or_default();
        self.fault.set(fault);
        if fault.is_empty() {
            let first = if first.is_empty() { second } else { first };
            self.change(&change(first.to_owned(), second.to_owned()));
        }
        fault.is_empty()
    }

    fn list(self) -> El {
        let Self { kind, rows, .. } = self;
        let summary = el("summary", "").says(move || match rows.get() {
            Common::Same(rows) if rows.is_empty() => kind.title.to_owned(),
            Common::Same(rows) => format!("{} ({})", kind.title, rows.len()),
            Common::Mixed => format!("{} (they differ)", kind.title),
        });
        let items = el("ul", "plain-list");
        let host = items.node().clone();
        let items = items.holds(move || {
            let (rows, edited) = (rows.get().same().unwrap_or_default(), self.edited.get());
            let last = rows.len().saturating_sub(1);
            let line = |(at, row): (usize, Shown)| match row {
                Shown::Item(first, second) if edited == Some(at) => self.edited_line(at, &first, &second, &host),
                row => self.line(at, &row, last, &host),
            };
            rows.into_iter().enumerate().map(line).collect()
        });
        el("details", "more")
            .attr("data-list", kind.title)
            .kept(move |element| {
                if rows.with(|rows| matches!(rows, Common::Same(rows) if !rows.is_empty())) {
                    element.unchecked_ref::<HtmlDetailsElement>().set_open(true);
                }
            })
            .child(&summary)
            .child(&items)
            .children(self.adding())
    }

    fn line(self, at: usize, row: &Shown, last: usize, host: &HtmlElement) -> El {
        let what = match row {
            Shown::Item(first, _) => first.clone(),
            Shown::Divider => "divider".to_owned(),
            Shown::Other(_) => "row".to_owned(),
        };
        let action = |action: &'static str, icon: Icon, possible: bool, run: Box<dyn Fn()>| {
            let button = icon_action("icon-button small", &format!("{action} {what}"), icon, run);
            let button = button.attr("data-action", &action.to_ascii_lowercase().replace(' ', "-"));
            if possible { button } else { button.attr("disabled", "") }
        };
        let shift = |to: usize, action: &'static str| {
            let host = host.clone();
            Box::new(move || {
                self.change(&RowChange::Move { from: at, to });
                focus_row(&host, to, action);
            })
        };
        let content = match row {
            Shown::Item(first, second) => (self.kind.content)(first, second),
            Shown::Divider => el("hr", ""),
            Shown::Other(other) => el("span", "muted").text(other),
        };
        let (opened, removed) = (host.clone(), host.clone());
        let edit = Box::new(move || {
            self.fault.set("");
            self.edited.set(Some(at));
            focus_row(&opened, at, "");
        });
        let remove = Box::new(move || {
            self.change(&RowChange::Remove(at));
            focus_row(&removed, at.min(last.saturating_sub(1)), "remove");
        });
        let line = el("li", "item").attr("data-row", &at.to_string()).child(&el("span", "").child(&content));
        let line =
            if matches!(row, Shown::Item(..)) { line.child(&action("Edit", Icon::Edit, true, edit)) } else { line };
        line.child(&action("Move up", Icon::Up, at > 0, shift(at.saturating_sub(1), "move-up")))
            .child(&action("Move down", Icon::Down, at < last, shift(at + 1, "move-down")))
            .child(&action("Remove", Icon::Close, true, remove))
    }

    fn edited_line(self, at: usize, first: &str, second: &str, host: &HtmlElement) -> El {
        let fields = self.kind.fields.map(|(_, placeholder, label)| field(placeholder, label));
        let inputs = [&fields[0], &fields[1]].map(|field| field.node().clone().unchecked_into::<HtmlInputElement>());
        inputs[0].set_value(first);
        inputs[1].set_value(second);
        let [one, other] = inputs;
        let (back, done) = (host.clone(), host.clone());
        let take = std::rc::Rc::new(move || {
            if self.take(&one.value(), &other.value(), |first, second| RowChange::Set(at, first, second)) {
                focus_row(&done, at, "edit");
            }
        });
        let on_enter = take.clone();
        let row = el("div", "add-row").children(fields);
        let row = row.child(&button("button").text("Done").on_click(move || take()));
        el("li", "item").attr("data-row", &at.to_string()).child(&row).on("keydown", move |event| {
            match key_of(&event).as_str() {
                "Enter" => on_enter(),
                "Escape" => {
                    self.fault.set("");
                    self.edited.set(None);
                    focus_row(&back, at, "edit");
                }
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
        })
    }

    fn adding(self) -> [El; 2] {
        let made = |(name, placeholder, label): (&str, &str, &str)| field(placeholder, label).attr("data-field", name);
        let [first, second] = self.kind.fields.map(made);
        let inputs = [&first, &second].map(|field| field.node().clone().unchecked_into::<HtmlInputElement>());
        let add = std::rc::Rc::new(move || {
            let [first, second] = &inputs;
            if self.take(&first.value(), &second.value(), RowChange::Add) {
                first.set_value("");
                second.set_value("");
            }
        });
        let on_enter = add.clone();
        let submit = button("button").text("Add").on_click(move || add());
        let divide = button("button")
            .text("Divider")
            .attr("title", "Add a divider after the last row")
            .has("disabled", move || {
                let possible = self.rows.with(|rows| match rows {
                    Common::Same(rows) => rows.last().is_some_and(|row| *row != Shown::Divider),
                    Common::Mixed => false,
                });
                (!possible).then(String::new)
            })
            .on_click(move || self.change(&RowChange::Divide));
        let row = el("div", "add-row").children([first, second, submit, divide]).on("keydown", move |event| {
            let in_field = event.target().is_some_and(|target| target.has_type::<HtmlInputElement>());
            if key_of(&event) == "Enter" && in_field {
                event.prevent_default();
                on_enter();
            }
        });
        [row, el("p", "field-error").attr("role", "alert").says(move || self.fault.get().to_owned())]
    }
}

fn field(placeholder: &str, label: &str) -> El {
    el("input", "").attr("type", "text").attr("placeholder", placeholder).attr("aria-label", label)
}

/// The rows are made anew when they change: gives the focus to the same control of the same row, to its first field
/// where no control is named, or to any control that is left.
fn focus_row(host: &HtmlElement, at: usize, action: &'static str) {
    let host = host.clone();
    request_animation_frame(move || {
        let wanted = if action.is_empty() { "input".to_owned() } else { format!("[data-action='{action}']") };
        let row = format!("[data-row='{at}']");
        let selectors = [format!("{row} {wanted}:not(:disabled)"), format!("{row} [data-action]:not(:disabled)")];
        let found = selectors.iter().find_map(|selector| host.query_selector(selector).ok().flatten());
        let add = || host.parent_element().and_then(|list| list.query_selector("input").ok().flatten());
        if let Some(element) = found.or_else(add).and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            let _ = element.focus();
        }
    });
}
