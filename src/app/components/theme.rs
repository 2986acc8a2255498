//! Light and dark: the system's choice until the user makes one. The style reads `html[data-theme]`.

use crate::app::{
    browser,
    state::{App, Theme},
};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, prelude::Closure};

const SETTING: &str = "bulkhead-theme";
const DARK: &str = "(prefers-color-scheme: dark)";

/// The user's choice, or else the system's.
pub fn preferred() -> Theme {
    chosen().as_deref().and_then(from_word).unwrap_or_else(system)
}

/// The user's choice. It is stored with everything else, too: a browser writes small settings only after seconds.
pub fn chosen() -> Option<String> {
    browser::setting(SETTING)
}

pub fn from_word(word: &str) -> Option<Theme> {
    [Theme::Light, Theme::Dark].into_iter().find(|theme| theme.word() == word)
}

pub fn apply(theme: Theme) {
    if let Some(root) = browser::document().document_element() {
        let _ = root.set_attribute("data-theme", theme.word());
    }
}

pub fn switch(app: App) {
    let theme = match app.theme.get_untracked() {
        Theme::Light => Theme::Dark,
        Theme::Dark => Theme::Light,
    };
    choose(app, theme);
}

pub fn choose(app: App, theme: Theme) {
    browser::remember_setting(SETTING, theme.word());
    apply(theme);
    app.theme.set(theme);
}

/// Takes the user's choice back.
pub fn follow_system(app: App) {
    browser::forget_setting(SETTING);
    take_system(app);
}

/// Goes with the system from now on, unless the user has chosen.
pub fn listen(app: App) {
    let Some(query) = browser::window().match_media(DARK).ok().flatten() else { return };
    let changed = Closure::<dyn Fn()>::new(move || {
        if chosen().is_none() {
            take_system(app);
        }
    });
    let _ = query.add_event_listener_with_callback("change", changed.as_ref().unchecked_ref());
    changed.forget(); // as long as the page lives
}

fn take_system(app: App) {
    let theme = system();
    apply(theme);
    app.theme.set(theme);
}

fn system() -> Theme {
    let dark = browser::window().match_media(DARK).ok().flatten();
    if dark.is_some_and(|query| query.matches()) { Theme::Dark } else { Theme::Light }
}
