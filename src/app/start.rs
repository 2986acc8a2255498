//! Starting: theme first, then what was stored, then the page. A panic is told to the console; the page is then the
//! rescue script's (`public/rescue.js`), which needs nothing of what may be broken here.

use super::{
    browser, bundles,
    components::{root, theme},
    keyboard, open, persistence,
    rest::{self, Seam},
    state::App,
};
use leptos::prelude::*;
use std::time::Duration;

/// Starts the app in the page.
pub fn start(seam: Seam) {
    console_error_panic_hook::set_once();
    let theme = theme::preferred();
    theme::apply(theme);
    theme::apply_contrast(theme::high_contrast());
    mount_to_body(move || {
        let app = App::new(theme, seam);
        let owner = Owner::current().unwrap_or_default();
        leptos::task::spawn_local(async move {
            if !app.embedded {
                persistence::restore(app).await;
            }
            owner.with(|| open_page(app));
        });
    });
}

/// The page, once what was stored is back.
fn open_page(app: App) {
    keyboard::listen(app);
    open::listen(app);
    theme::listen(app);
    open::follow_address_of_page(app);
    if !app.embedded {
        persistence::keep_saving(app);
    }
    let document = browser::document();
    if let Some(placeholder) = document.get_element_by_id("boot") {
        placeholder.remove();
    }
    if let Some(body) = document.body() {
        let _ = body.append_child(root(app).node());
    }
    persistence::load_history(app, &app.active.get_untracked());
    // Once the first matrix is painted: until then nothing else is asked for.
    request_animation_frame(move || set_timeout(move || complete(app), Duration::from_millis(50)));
    let online = window_event_listener(leptos::ev::online, move |_| complete(app));
    std::mem::forget(online); // as long as the page lives
}

fn complete(app: App) {
    rest::load(app);
    leptos::task::spawn_local(async move {
        let names = persistence::kept_bundles().await;
        if !names.is_empty() {
            app.bundles.update(|bundles| bundles.keep(names));
        }
    });
    leptos::task::spawn_local(bundles::complete(app.bundles));
}
