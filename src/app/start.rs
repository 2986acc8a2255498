//! Starting: theme first, then what was stored, then the page. Panics become a message instead of a dead page.

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
    std::panic::set_hook(Box::new(|panic| {
        console_error_panic_hook::hook(panic);
        tell_of_panic();
    }));
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
    // Once the first matrix is painted: until then nothing else is asked for.
    request_animation_frame(move || set_timeout(move || complete_knowledge(app), Duration::from_millis(50)));
    let online = window_event_listener(leptos::ev::online, move |_| complete_knowledge(app));
    std::mem::forget(online); // as long as the page lives
}

fn complete_knowledge(app: App) {
    leptos::task::spawn_local(bundles::complete(app.bundles));
}

fn tell_of_panic() {
    let document = browser::document();
    let (Some(body), Ok(notice)) = (document.body(), document.create_element("p")) else { return };
    notice.set_class_name("panic");
    let _ = notice.set_attribute("role", "alert");
    let _ = notice.set_attribute("data-message", "");
    notice.set_text_content(Some(
        "Bulkhead stopped because of a fault of its own. What you had is stored: reload the page to go on.",
    ));
    let _ = body.append_child(&notice);
}
