//! Elements of the page, made by hand and kept true by effects. Everything here takes closures boxed: a page of
//! components costs the first visit a fraction of what a type for each of them would.

use super::browser;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{Element, Event, EventTarget, HtmlElement, Node};

/// An element that is being made; free to clone, it is a reference.
#[derive(Debug, Clone)]
pub struct El(HtmlElement);

pub fn el(tag: &str, class: &str) -> El {
    #[allow(clippy::expect_used)] // tags are ours
    let element: HtmlElement = browser::document().create_element(tag).expect("a valid tag").unchecked_into();
    if !class.is_empty() {
        element.set_class_name(class);
    }
    El(element)
}

/// A button that submits nothing.
pub fn button(class: &str) -> El {
    el("button", class).attr("type", "button")
}

/// Runs now, and again whenever a signal that it read has changed; ends with whoever it was made for.
pub fn watch(effect: impl Fn() + 'static) {
    watch_boxed(Box::new(effect));
}

fn watch_boxed(effect: Box<dyn Fn()>) {
    Effect::new(move |_| effect());
}

/// A signal that is worked out from others, of one type for each kind of value.
pub fn derived<T: PartialEq + Send + Sync + 'static>(value: impl Fn() -> T + Send + Sync + 'static) -> Memo<T> {
    let value: Box<dyn Fn() -> T + Send + Sync> = Box::new(value);
    Memo::new(move |_| value())
}

impl El {
    pub fn node(&self) -> &HtmlElement {
        &self.0
    }

    pub fn attr(self, name: &str, value: &str) -> Self {
        let _ = self.0.set_attribute(name, value);
        self
    }

    pub fn text(self, text: &str) -> Self {
        let node = browser::document().create_text_node(text);
        let _ = self.0.append_child(&node);
        self
    }

    pub fn child(self, child: &El) -> Self {
        let _ = self.0.append_child(&child.0);
        self
    }

    pub fn children(self, children: impl IntoIterator<Item = El>) -> Self {
        for child in children {
            let _ = self.0.append_child(&child.0);
        }
        self
    }

    pub fn raw(self, child: &Node) -> Self {
        let _ = self.0.append_child(child);
        self
    }

    /// Listens as long as whoever it was made for lives.
    pub fn on(self, event: &str, handle: impl FnMut(Event) + 'static) -> Self {
        self.listen(event, Box::new(handle));
        self
    }

    pub fn on_click(self, handle: impl Fn() + 'static) -> Self {
        self.listen_to_click(Box::new(handle));
        self
    }

    fn listen(&self, event: &str, handle: Box<dyn FnMut(Event)>) {
        hear(&self.0, event, handle);
    }

    fn listen_to_click(&self, handle: Box<dyn Fn()>) {
        self.listen("click", Box::new(move |_| handle()));
    }

    /// Its text, kept true.
    pub fn says(self, text: impl Fn() -> String + 'static) -> Self {
        self.keep_text(Box::new(text));
        self
    }

    fn keep_text(&self, text: Box<dyn Fn() -> String>) {
        let element = self.0.clone();
        watch(move || {
            let text = text();
            if element.text_content().as_deref() != Some(text.as_str()) {
                element.set_text_content(Some(&text));
            }
        });
    }

    /// An attribute, kept true; absent where the value is `None`.
    pub fn has(self, name: &'static str, value: impl Fn() -> Option<String> + 'static) -> Self {
        self.keep_attribute(name, Box::new(value));
        self
    }

    fn keep_attribute(&self, name: &'static str, value: Box<dyn Fn() -> Option<String>>) {
        let element = self.0.clone();
        watch(move || set_or_remove(&element, name, value().as_deref()));
    }

    /// An attribute that is `true` or `false`, kept true.
    pub fn is(self, name: &'static str, value: impl Fn() -> bool + 'static) -> Self {
        self.keep_flag(name, Box::new(value));
        self
    }

    fn keep_flag(&self, name: &'static str, value: Box<dyn Fn() -> bool>) {
        self.keep_attribute(name, Box::new(move || Some(if value() { "true" } else { "false" }.to_owned())));
    }

    /// Its children, made anew whenever a signal that making them read has changed.
    pub fn holds(self, children: impl Fn() -> Vec<El> + 'static) -> Self {
        self.keep_children(Box::new(children));
        self
    }

    fn keep_children(&self, children: Box<dyn Fn() -> Vec<El>>) {
        let element = self.0.clone();
        watch(move || {
            let children = children();
            element.set_text_content(None);
            for child in children {
                let _ = element.append_child(&child.0);
            }
        });
    }

    /// Runs an effect on it.
    pub fn kept(self, effect: impl Fn(&HtmlElement) + 'static) -> Self {
        self.keep(Box::new(effect));
        self
    }

    fn keep(&self, effect: Box<dyn Fn(&HtmlElement)>) {
        let element = self.0.clone();
        watch(move || effect(&element));
    }
}

/// Listens to what is no element of ours, as long as whoever it was made for lives.
pub fn hear(target: &EventTarget, event: &str, handle: Box<dyn FnMut(Event)>) {
    let closure = Closure::<dyn FnMut(Event)>::wrap(handle);
    let _ = target.add_event_listener_with_callback(event, closure.as_ref().unchecked_ref());
    StoredValue::new_local(Listener { target: target.clone(), event: event.to_owned(), closure });
}

/// A listener that is taken off when its time is over: an event that is on its way must not find it gone.
struct Listener {
    target: EventTarget,
    event: String,
    closure: Closure<dyn FnMut(Event)>,
}

impl Drop for Listener {
    fn drop(&mut self) {
        let handle = self.closure.as_ref().unchecked_ref();
        let _ = self.target.remove_event_listener_with_callback(&self.event, handle);
    }
}

pub fn set_or_remove(element: &Element, name: &str, value: Option<&str>) {
    let _ = match value {
        Some(value) => element.set_attribute(name, value),
        None => element.remove_attribute(name),
    };
}

/// What is in a text field, or chosen in it.
pub fn value_of(event: &Event) -> String {
    let Some(target) = event.target() else { return String::new() };
    match target.dyn_ref::<web_sys::HtmlInputElement>() {
        Some(input) => input.value(),
        None => target.dyn_ref::<web_sys::HtmlTextAreaElement>().map(|area| area.value()).unwrap_or_default(),
    }
}

pub fn key_of(event: &Event) -> String {
    event.dyn_ref::<web_sys::KeyboardEvent>().map(|event| event.key()).unwrap_or_default()
}
