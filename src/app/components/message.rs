//! What the app tells the user: what worked for a while, what didn't and what waits until it is dismissed.

use super::{
    control::{command_button, icon_action},
    icon::Icon,
};
use crate::app::{
    command::Command,
    dom::{El, button, el, watch},
    offer,
    state::{App, Dialog, Message, Offer},
};
use leptos::prelude::*;
use std::time::Duration;

/// How long a message about what worked stays.
const STAYS: Duration = Duration::from_secs(8);

pub fn messages(app: App) -> El {
    watch(move || {
        let stays = |message: &Message| message.failed || message.offers.contains(&Offer::Update);
        let Some(message) = app.message.get().filter(|message| !stays(message)) else { return };
        set_timeout(
            move || {
                if app.message.get_untracked().as_ref() == Some(&message) {
                    app.message.set(None);
                }
            },
            STAYS,
        );
    });
    let latest =
        el("div", "").holds(move || app.message.get().map(|message| toast(app, message)).into_iter().collect());
    let reading = el("div", "").holds(move || app.reading.get().map(|name| progress(app, &name)).into_iter().collect());
    el("div", "messages").child(&reading).child(&latest)
}

/// A bundle is being read, which takes a moment and can be stopped.
fn progress(app: App, name: &str) -> El {
    let stop = command_button(app, Command::BundleStopReading, "message-action").text("Stop");
    el("div", "message")
        .attr("role", "status")
        .child(&el("span", "spinner").attr("aria-hidden", "true"))
        .child(&el("span", "").text(&format!("Reading \"{name}\"…")))
        .child(&el("span", "message-progress").attr("aria-hidden", "true").says(move || app.progress.get()))
        .child(&stop)
}

fn toast(app: App, message: Message) -> El {
    let Message { text, failed, details, offers } = message;
    let role = if failed { "alert" } else { "status" };
    let mut toast = el("div", "message").attr("role", role).attr("data-message", "");
    if failed {
        toast = toast.raw(&Icon::Warning.draw());
    }
    toast = toast.child(&el("span", "").text(&text));
    if !details.is_empty() {
        let words = if details.len() == 1 { "1 note".to_owned() } else { format!("{} notes", details.len()) };
        let show = move || app.dialog.set(Some(Dialog::Notes(details.clone())));
        toast = toast.child(&button("message-action").text(&words).on_click(show));
    }
    for it in offers {
        let words = offer::title(&it);
        toast = toast.child(&button("message-action").text(words).on_click(move || offer::take(app, it.clone())));
    }
    toast.child(&icon_action("message-close", "Dismiss", Icon::Close, move || app.message.set(None)))
}
