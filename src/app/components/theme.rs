//! Light and dark, and how much contrast: the system's choice until the user makes one. The style reads
//! `html[data-theme]` and `html[data-contrast]`.

use crate::app::{
    browser,
    state::{App, Theme},
};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, prelude::Closure};

const SETTING: &str = "bulkhead-theme";
const DARK: &str = "(prefers-color-scheme: dark)";
const CONTRAST: &str = "bulkhead-contrast";
const MORE: &str = "(prefers-contrast: more)";

/// The user's choice, or else the system's.
pub fn preferred() -> Theme {
    chosen().as_deref().and_then(from_word).unwrap_or_else(system)
}

/// The user's choice. It is stored with everything else, too: a browser writes small settings only after seconds.
/// In another page it is what the address asks for.
pub fn chosen() -> Option<String> {
    let asked = browser::document().document_element().and_then(|page| page.get_attribute("data-embed"));
    asked.filter(|asked| from_word(asked).is_some()).or_else(|| browser::setting(SETTING))
}

pub fn from_word(word: &str) -> Option<Theme> {
    [Theme::Light, Theme::Dark].into_iter().find(|theme| theme.word() == word)
}

pub fn apply(theme: Theme) {
    if let Some(root) = browser::document().document_element() {
        let _ = root.set_attribute("data-theme", theme.word());
    }
}

/// The user's choice of contrast, or else the system's.
pub fn high_contrast() -> bool {
    browser::setting(CONTRAST).map_or_else(|| matches(MORE), |word| word == "more")
}

pub fn apply_contrast(high: bool) {
    if let Some(root) = browser::document().document_element() {
        let _ = if high { root.set_attribute("data-contrast", "more") } else { root.remove_attribute("data-contrast") };
    }
}

pub fn switch_contrast(app: App) {
    let high = !app.contrast.get_untracked();
    browser::remember_setting(CONTRAST, if high { "more" } else { "normal" });
    take_contrast(app, high);
}

fn take_contrast(app: App, high: bool) {
    apply_contrast(high);
    app.contrast.set(high);
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
    take(app, theme);
}

fn take(app: App, theme: Theme) {
    apply(theme);
    app.theme.set(theme);
}

/// Takes the user's choice back.
pub fn follow_system(app: App) {
    browser::forget_setting(SETTING);
    browser::forget_setting(CONTRAST);
    take(app, system());
    take_contrast(app, high_contrast());
}

/// Goes with the system from now on, unless the user has chosen.
pub fn listen(app: App) {
    let changed = Closure::<dyn Fn()>::new(move || {
        if chosen().is_none() {
            take(app, system());
        }
        take_contrast(app, high_contrast());
    });
    for query in [DARK, MORE] {
        if let Ok(Some(query)) = browser::window().match_media(query) {
            let _ = query.add_event_listener_with_callback("change", changed.as_ref().unchecked_ref());
        }
    }
    changed.forget(); // as long as the page lives
}

fn system() -> Theme {
    if matches(DARK) { Theme::Dark } else { Theme::Light }
}

fn matches(query: &str) -> bool {
    browser::window().match_media(query).ok().flatten().is_some_and(|query| query.matches())
}
