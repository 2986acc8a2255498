//! Light and dark: the system's choice until the user makes one. The style reads `html[data-theme]`.

use crate::app::{
    browser,
    state::{App, Theme},
};
use leptos::prelude::*;

const SETTING: &str = "bulkhead-theme";

/// The user's choice, or else the system's.
pub fn preferred() -> Theme {
    match browser::setting(SETTING).as_deref() {
        Some("dark") => Theme::Dark,
        Some("light") => Theme::Light,
        _ => system(),
    }
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
    browser::remember_setting(SETTING, theme.word());
    apply(theme);
    app.theme.set(theme);
}

fn system() -> Theme {
    let dark = browser::window().match_media("(prefers-color-scheme: dark)").ok().flatten();
    if dark.is_some_and(|query| query.matches()) { Theme::Dark } else { Theme::Light }
}
