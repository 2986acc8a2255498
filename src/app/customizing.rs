//! Does what the address and the site's `config.json` say of the app: which parts are there, the site's banner, layers and
//! colours. What their words mean is `custom`'s. The file is asked for once the first matrix is painted, since nothing but
//! the app may be fetched before; a site without one is like one whose file says nothing.

use super::{
    browser,
    custom::{Asked, Config, MAXIMUM_CONFIG_BYTES, Switch, Switches, commands_off},
    open,
    state::{App, Message},
};
use crate::layer::Color;
use leptos::prelude::*;
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Beside the app.
const FILE: &str = "config.json";

thread_local! {
    static CONFIG: RefCell<Rc<Config>> = RefCell::default();
    static ASKED: RefCell<Asked> = RefCell::default();
}

/// What the site says; nothing until that is there.
pub fn config() -> Rc<Config> {
    CONFIG.with_borrow(Rc::clone)
}

/// What the page's address asks for.
pub fn asked() -> Asked {
    ASKED.with_borrow(Asked::clone)
}

pub fn follow(app: App, asked: &Asked) {
    ASKED.set(asked.clone());
    switch(app);
}

/// Reads the site's file.
pub fn begin(app: App) {
    switch(app);
    leptos::task::spawn_local(async move {
        // The reader says what is too large; a hundred times that is not even taken.
        let Ok(file) = browser::fetch(FILE, MAXIMUM_CONFIG_BYTES * 100).await else { return };
        let Ok(bytes) = browser::bytes_of(&file, FILE).await else { return };
        // Some servers answer with a page where there is no file.
        if bytes.trim_ascii_start().starts_with(b"<") {
            return;
        }
        match Config::read(&bytes) {
            Ok(config) => take(app, config),
            Err(why) => app.complain(format!("The site's {FILE} was not used: {why}.")),
        }
    });
}

fn take(app: App, config: Config) {
    if !config.findings.is_empty() {
        let count = config.findings.len();
        let what = if count == 1 { "1 fault".to_owned() } else { format!("{count} faults") };
        let text = format!("The site's {FILE} has {what}: the rest of it is used.");
        app.message.set(Some(Message { details: config.findings.clone(), ..Message::failed(text) }));
    }
    let colors = &config.colors;
    for (name, color) in [("comment", &colors.comment), ("link", &colors.link), ("metadata", &colors.metadata)] {
        if let Some(color) = color {
            color_marks(name, color);
        }
    }
    app.site.set(!config.layers.is_empty());
    CONFIG.set(Rc::new(config));
    switch(app);
    // What the user has is not pushed aside.
    if !asked().opens_something() && open::untouched(app).is_some() {
        open_layers(app);
    }
}

/// Opens the site's own layers.
pub fn open_layers(app: App) {
    leptos::task::spawn_local(async move {
        let before = open::ids(app);
        for address in &config().layers {
            open::open_address(app, address).await;
        }
        open::show_as_asked(app, &asked(), &open::ids_since(app, &before));
    });
}

/// The site's switches, and then the address's, which can have back what the site takes away: `CFG` 230 of Navigator 5.1.0.
fn switch(app: App) {
    let site = config().switches;
    let usual = if app.embedded { Switches::embedded() } else { Switches::ALL };
    let both = Switch::ALL.iter().filter(|it| !site.has(**it)).fold(usual, |all, it| all.with(*it, false));
    let switches = asked().switched(both);
    if let Some(page) = browser::document().document_element() {
        let _ = page.set_attribute("data-off", &words_off(switches));
    }
    app.off.set(commands_off(switches));
    app.hand.tooltips.update(|on| *on &= switches.has(Switch::Tooltips));
    if !switches.has(Switch::Inspector) {
        app.inspector.set(false);
    } else if app.embedded {
        app.inspector.set(true);
    }
    app.legend.update(|on| *on &= switches.has(Switch::Legend));
    app.switches.set(switches);
}

/// With `top` where nothing of the uppermost bar is left.
fn words_off(switches: Switches) -> String {
    const IN_TOP: [Switch; 8] = [
        Switch::Header,
        Switch::Tabs,
        Switch::Search,
        Switch::LayerSettings,
        Switch::Planning,
        Switch::Download,
        Switch::Pictures,
        Switch::Workbooks,
    ];
    let mut words = switches.words_off();
    if IN_TOP.iter().all(|switch| !switches.has(*switch)) {
        words.push_str(" top");
    }
    words
}

/// A colour for one kind of sign; the style takes it where it is there.
fn color_marks(name: &str, color: &Color) {
    let page = browser::document().document_element().and_then(|page| page.dyn_into::<HtmlElement>().ok());
    if let Some(page) = page {
        let _ = page.style().set_property(&format!("--mark-{name}"), &color.hex8());
        let _ = page.set_attribute("data-mark-colors", "");
    }
}
