//! What a message offers to do: its words, and doing it. What makes the offers is where the messages come from.

use super::{
    command::Command,
    layers, persistence, run,
    state::{App, Offer},
};
use leptos::prelude::*;

pub fn title(offer: &Offer) -> &'static str {
    match offer {
        Offer::Reopen => "Open it again",
        Offer::ExportAll => "Export all",
        Offer::UseOther(_) => "Use the other window's version",
        Offer::KeepMine(_) => "Keep mine as a copy",
        Offer::Overwrite(_) => "Overwrite with mine",
    }
}

pub fn take(app: App, offer: Offer) {
    if offer != Offer::ExportAll {
        app.message.set(None);
    }
    match offer {
        Offer::Reopen => layers::reopen(app),
        Offer::ExportAll => run::run(app, Command::LayerExportAllJson),
        Offer::UseOther(versions) => persistence::use_other(app, versions),
        Offer::KeepMine(versions) => persistence::keep_mine(app, &versions),
        Offer::Overwrite(versions) => persistence::overwrite(app, versions),
    }
}
