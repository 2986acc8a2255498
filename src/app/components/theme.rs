//! Light and dark: the system's choice until the user makes one. The style reads `html[data-theme]`.

use crate::app::{
    browser,
    state::{App, Theme},
};
use leptos::prelude::*;

const SETTING: &str = "bulkhead-theme";

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

fn system() -> Theme {
    let dark = browser::window().match_media("(prefers-color-scheme: dark)").ok().flatten();
    if dark.is_some_and(|query| query.matches()) { Theme::Dark } else { Theme::Light }
}
