//! Links and metadata of what is selected: what is there, to be edited row by row, and a line to add one. Lists that differ
//! between the selected techniques are not shown, but one more can be added to all.

use super::{annotation::Common, control::icon_action, icon::Icon, inspector::link};
use crate::{
    app::{
        dom::{El, button, derived, el, key_of, watch},
        state::App,
    },
    layer::{Edit, Entry, Link, ListChange, Metadata, Target, can_divide, changed, is_safe_url},
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlDetailsElement, HtmlElement, HtmlInputElement};

/// What tells links and metadata apart.
struct Kind {
    title: &'static str,
    /// Names of the two fields, and what they say while empty.
    fields: [(&'static str, &'static str, &'static str); 2],
    rows: fn(&Entry) -> Vec<Row>,
    /// The edit that adds what was typed.
    add: fn(Vec<Target>, &str, &str) -> Edit,
    /// What is wrong with two texts, if anything.
    wrong: fn(&str, &str) -> Option<&'static str>,
    /// The edit that changes rows.
    change: fn(Vec<Target>, &Entry, &[ListChange]) -> Edit,
    can_divide: fn(&Entry, usize) -> bool,
}

/// A row as it is shown.
#[derive(Debug, Clone, PartialEq)]
enum Row {
    Link { label: String, url: String },
    Metadata { name: String, value: String },
    Divider,
    Other(String),
}

pub fn links(app: App, targets: Memo<Vec<Target>>) -> El {
    list(app, targets, &LINKS)
}

pub fn metadata(app: App, targets: Memo<Vec<Target>>) -> El {
    list(app, targets, &METADATA)
}

static LINKS: Kind = Kind {
    title: "Links",
    fields: [("link-label", "Label", "Link label"), ("link-url", "https://", "Link address")],
    rows: |entry| {
        let row = |link: &Link| match link {
            Link::Item { label, url, .. } => Row::Link { label: label.clone(), url: url.clone() },
            Link::Divider(_) => Row::Divider,
            Link::Other(other) => Row::Other(other.to_string()),
        };
        entry.links.iter().map(row).collect()
    },
    add: |targets, label, url| Edit::AddLink(targets, Link::new(if label.is_empty() { url } else { label }, url)),
    wrong: |_, url| (!is_safe_url(url)).then_some("An address begins with https://, http:// or mailto:"),
    change: |targets, entry, changes| Edit::Links(targets, changed(&entry.links, changes)),
    can_divide: |entry, at| can_divide(&entry.links, at),
};

static METADATA: Kind = Kind {
    title: "Metadata",
    fields: [("metadata-name", "Name", "Metadata name"), ("metadata-value", "Value", "Metadata value")],
    rows: |entry| {
        let row = |item: &Metadata| match item {
            Metadata::Item { name, value, .. } => Row::Metadata { name: name.clone(), value: value.clone() },
            Metadata::Divider(_) => Row::Divider,
            Metadata::Other(other) => Row::Other(other.to_string()),
        };
        entry.metadata.iter().map(row).collect()
    },
    add: |targets, name, value| Edit::AddMetadata(targets, Metadata::new(name, value)),
    wrong: |name, value| (name.is_empty() || value.is_empty()).then_some("Metadata needs a name and a value"),
    change: |targets, entry, changes| Edit::Metadata(targets, changed(&entry.metadata, changes)),
    can_divide: |entry, at| can_divide(&entry.metadata, at),
};

fn list(app: App, targets: Memo<Vec<Target>>, kind: &'static Kind) -> El {
    let rows = derived(move || {
        let targets = targets.get();
        app.layer.with(|layer| {
            let of = |target: &Target| layer.annotations.get(&target.key).map(kind.rows).unwrap_or_default();
            Common::of(targets.iter().map(of))
        })
    });
    let summary = el("summary", "").says(move || match rows.get() {
        Common::Same(rows) if rows.is_empty() => kind.title.to_owned(),
        Common::Same(rows) => format!("{} ({})", kind.title, rows.len()),
        Common::Mixed => format!("{} (they differ)", kind.title),
    });
    let editing = RwSignal::new(None::<usize>);
    watch(move || {
        targets.track();
        editing.set(None);
    });
    let list = List { app, targets, kind, editing };
    let items = el("ul", "plain-list").attr("data-list", kind.title);
    let own = items.node().clone();
    let items = items.holds(move || {
        let rows = rows.get().same().unwrap_or_default();
        let count = rows.len();
        let line = |(at, row): (usize, Row)| {
            if editing.get() == Some(at) { list.fields(&own, at, row, count) } else { list.line(&own, at, row) }
        };
        rows.into_iter().enumerate().map(line).collect()
    });
    el("details", "more")
        .kept(move |element| {
            if rows.with(|rows| matches!(rows, Common::Same(rows) if !rows.is_empty())) {
                element.unchecked_ref::<HtmlDetailsElement>().set_open(true);
            }
        })
        .child(&summary)
        .child(&items)
        .children(adding(app, targets, kind))
}

/// The rows of one list, of which one may be open for editing.
#[derive(Clone, Copy)]
struct List {
    app: App,
    targets: Memo<Vec<Target>>,
    kind: &'static Kind,
    editing: RwSignal<Option<usize>>,
}

impl List {
    fn line(self, own: &HtmlElement, at: usize, row: Row) -> El {
        let title = self.kind.title.to_ascii_lowercase();
        let editable = !matches!(row, Row::Other(_));
        let line = el("li", "item").child(&el("span", "").child(&content(row)));
        let own = own.clone();
        let edit =
            icon_action("icon-button small", &format!("Edit in {title}"), Icon::Edit, move || self.open(&own, at));
        let remove = icon_action("icon-button small", &format!("Remove from {title}"), Icon::Close, move || {
            self.change(&[ListChange::Remove(at)]);
        });
        let line = if editable { line.child(&edit.attr("data-row", &at.to_string())) } else { line };
        line.child(&remove)
    }

    /// A row's own fields, and what else can be done with it.
    fn fields(self, own: &HtmlElement, at: usize, row: Row, count: usize) -> El {
        let texts = match row {
            Row::Link { label, url } => Some([label, url]),
            Row::Metadata { name, value } => Some([name, value]),
            Row::Divider | Row::Other(_) => None,
        };
        let inputs: Vec<El> = texts
            .iter()
            .flat_map(|texts| self.kind.fields.iter().zip(texts))
            .map(|((name, _, label), text)| {
                let input = el("input", "").attr("type", "text").attr("data-field", &format!("{name}-edit"));
                input.node().unchecked_ref::<HtmlInputElement>().set_value(text);
                input.attr("aria-label", &format!("{label}, edited"))
            })
            .collect();
        let nodes: Vec<HtmlElement> = inputs.iter().map(|input| input.node().clone()).collect();
        let error = RwSignal::new(String::new());
        let list = own.clone();
        // What was typed is kept whatever comes next, unless it is wrong.
        let leave = std::rc::Rc::new(move |then: Option<ListChange>, next: Option<usize>| {
            let text = |at: usize| {
                let input = nodes.get(at).map(|node| node.unchecked_ref::<HtmlInputElement>().value());
                input.unwrap_or_default().trim().to_owned()
            };
            let (one, other) = (text(0), text(1));
            if let Some(wrong) = (self.kind.wrong)(&one, &other).filter(|_| !nodes.is_empty()) {
                error.set(wrong.to_owned());
                return;
            }
            let one = if one.is_empty() { other.clone() } else { one };
            let put = (!nodes.is_empty()).then_some(ListChange::Put(at, one, other));
            self.editing.set(None);
            self.change(&put.into_iter().chain(then).collect::<Vec<_>>());
            match next {
                Some(next) => self.open(&list, next),
                None => focus_in(&list, format!("[data-row='{at}']")),
            }
        });
        let action = |icon: Icon, label: &str, off: bool, change: ListChange, next: usize| {
            let leave = leave.clone();
            let button = icon_action("icon-button small", label, icon, move || leave(Some(change.clone()), Some(next)));
            if off { button.attr("disabled", "") } else { button }
        };
        let up = action(Icon::Up, "Move up", at == 0, ListChange::Move(at, -1), at.saturating_sub(1));
        let down = action(Icon::Down, "Move down", at + 1 == count, ListChange::Move(at, 1), at + 1);
        let (divided, done) = (leave.clone(), leave.clone());
        let mut divide = button("button small").attr("data-action", "divide").text("Divider below");
        if !self.entry(|entry| (self.kind.can_divide)(entry, at)).unwrap_or(false) {
            divide = divide.attr("disabled", "");
        }
        let divide = divide.on_click(move || divided(Some(ListChange::Divide(at)), None));
        let done = button("button small").attr("data-action", "done").text("Done").on_click(move || done(None, None));
        let actions = el("div", "item-actions").children([up, down, divide, done]);
        let list = own.clone();
        let mut line = el("li", "item-fields").on("keydown", move |event| match key_of(&event).as_str() {
            "Enter" if event.target().is_some_and(|target| target.has_type::<HtmlInputElement>()) => {
                event.prevent_default();
                leave(None, None);
            }
            "Escape" => {
                event.prevent_default();
                event.stop_propagation();
                self.editing.set(None);
                focus_in(&list, format!("[data-row='{at}']"));
            }
            _ => {}
        });
        if texts.is_none() {
            line = line.child(&el("hr", ""));
        }
        let error = el("p", "field-error").attr("role", "alert").says(move || error.get());
        line.children(inputs).child(&actions).child(&error)
    }

    fn open(self, own: &HtmlElement, at: usize) {
        self.editing.set(Some(at));
        focus_in(own, ".item-fields input, .item-fields button:not(:disabled)".to_owned());
    }

    fn entry<T>(self, read: impl FnOnce(&Entry) -> T) -> Option<T> {
        let targets = self.targets.get_untracked();
        let layer = self.app.layer.get_untracked();
        targets.first().and_then(|target| layer.annotations.get(&target.key)).map(read)
    }

    fn change(self, changes: &[ListChange]) {
        let targets = self.targets.get_untracked();
        if let Some(edit) = self.entry(|entry| (self.kind.change)(targets, entry, changes)) {
            self.app.edit(&edit);
        }
    }
}

/// Once what is being drawn now is there.
fn focus_in(own: &HtmlElement, selector: String) {
    let own = own.clone();
    request_animation_frame(move || {
        let found = own.query_selector(&selector).ok().flatten();
        if let Some(found) = found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
            let _ = found.focus();
        }
    });
}

fn content(row: Row) -> El {
    match row {
        Row::Link { label, url } => link(&url, &label),
        Row::Metadata { name, value } => el("span", "").child(&el("b", "").text(&name)).text(": ").text(&value),
        Row::Divider => el("hr", ""),
        Row::Other(other) => el("span", "muted").text(&other),
    }
}

fn adding(app: App, targets: Memo<Vec<Target>>, kind: &'static Kind) -> [El; 2] {
    let error = RwSignal::new(String::new());
    let field = |(name, placeholder, label): (&str, &str, &str)| {
        let input = el("input", "").attr("type", "text").attr("data-field", name);
        input.attr("placeholder", placeholder).attr("aria-label", label)
    };
    let [first, second] = kind.fields.map(field);
    let (one, other) = (first.node().clone(), second.node().clone());
    let add = std::rc::Rc::new(move || {
        let (one, other): (&HtmlInputElement, &HtmlInputElement) = (one.unchecked_ref(), other.unchecked_ref());
        let (first, second) = (one.value(), other.value());
        let (first, second) = (first.trim(), second.trim());
        let wrong = (kind.wrong)(first, second);
        error.set(wrong.unwrap_or_default().to_owned());
        if wrong.is_none() {
            app.edit(&(kind.add)(targets.get_untracked(), first, second));
            one.set_value("");
            other.set_value("");
        }
    });
    let on_enter = |field: El| {
        let add = add.clone();
        field.on("keydown", move |event| {
            if key_of(&event) == "Enter" {
                event.prevent_default();
                add();
            }
        })
    };
    let (first, second) = (on_enter(first), on_enter(second));
    let submit = button("button").text("Add").on_click(move || add());
    let row = el("div", "add-row").children([first, second, submit]);
    [row, el("p", "field-error").attr("role", "alert").says(move || error.get())]
}
