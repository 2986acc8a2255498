//! Starting: theme first, then what was stored, then the page. A panic is told to the console; the page is then the
//! rescue script's (`public/rescue.js`), which needs nothing of what may be broken here.

use super::{
    browser, bundles,
    components::{root, theme},
    keyboard, open, persistence,
    state::App,
};
use leptos::prelude::*;
use std::time::Duration;

/// Starts the app in the page.
pub fn start() {
    console_error_panic_hook::set_once();
    let theme = theme::preferred();
    theme::apply(theme);
    mount_to_body(move || {
        let app = App::new(theme);
        let owner = Owner::current().unwrap_or_default();
        leptos::task::spawn_local(async move {
            persistence::restore(app).await;
            owner.with(|| open_page(app));
        });
    });
}

/// The page, once what was stored is back.
fn open_page(app: App) {
    keyboard::listen(app);
    open::listen(app);
    open::follow_address(app);
    persistence::keep_saving(app);
    let document = browser::document();
    if let Some(placeholder) = document.get_element_by_id("boot") {
        placeholder.remove();
    }
    if let Some(body) = document.body() {
        let _ = body.append_child(root(app).node());
    }
    persistence::load_history(app, &app.active.get_untracked());
    // Once the first matrix is painted: until then nothing else is asked for.
    request_animation_frame(move || set_timeout(move || complete_knowledge(app), Duration::from_millis(50)));
    let online = window_event_listener(leptos::ev::online, move |_| complete_knowledge(app));
    std::mem::forget(online); // as long as the page lives
}

fn complete_knowledge(app: App) {
    leptos::task::spawn_local(bundles::complete(app.bundles));
}
