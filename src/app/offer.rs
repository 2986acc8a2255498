//! What a message offers to do: its words, and doing it. Most of what makes offers is where the messages come from; what is offered of a
//! layer that was opened is here.

use super::{
    bundles::BundleKey,
    command::Command,
    layers, open, persistence,
    rest::{self, Deed},
    run,
    state::{App, Offer},
};
use crate::layer::Entry;
use leptos::prelude::*;

pub fn title(offer: &Offer) -> &'static str {
    match offer {
        Offer::Reopen => "Open it again",
        Offer::ExportAll => "Export all",
        Offer::OwnBundle => "Fetch its bundle",
        Offer::Upgrade => "Upgrade it…",
        Offer::Update => "Use it now",
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
        Offer::OwnBundle => rest::act(app, Deed::OwnBundle),
        Offer::Upgrade => run::run(app, Command::LayerUpgrade),
        Offer::Update => run::run(app, Command::HelpUpdate),
        Offer::UseOther(versions) => persistence::use_other(app, versions),
        Offer::KeepMine(versions) => persistence::keep_mine(app, &versions),
        Offer::Overwrite(versions) => persistence::overwrite(app, versions),
    }
}

/// What can be done about the layer that was opened: its own bundle fetched, or an upgrade.
pub fn of_opened(app: App) -> Vec<Offer> {
    let is_on_ours = !matches!(app.bundle(), BundleKey::Opened(_));
    if is_on_ours && own_bundle(app).is_some() {
        return vec![Offer::OwnBundle];
    }
    if is_of_older_release(app) { vec![Offer::Upgrade] } else { Vec::new() }
}

/// Where the active layer says that its bundle is (`customDataURL`), if that is a web address.
fn own_bundle(app: App) -> Option<String> {
    let url = app.with_layer_untracked(|layer| layer.custom_data_url.clone())?;
    open::address_in("", &url).is_ok().then_some(url)
}

/// Fetches the bundle that the active layer names, and shows the layer on it.
pub fn fetch_own_bundle(app: App) {
    if let Some(url) = own_bundle(app) {
        open::address(app, url);
    }
}

/// Whether there is a newer release that the active layer could be upgraded to.
fn is_of_older_release(app: App) -> bool {
    let newest = app.bundles.with_untracked(|bundles| bundles.knowledge(&BundleKey::DEFAULT).release.clone());
    let number = |text: Option<String>| text.and_then(|text| text.split('.').next()?.parse::<u32>().ok());
    app.with_layer_untracked(|layer| {
        let own = number(layer.versions.attack.clone());
        layer.domain == newest.domain
            && own.zip(number(newest.major())).is_some_and(|(own, newest)| own < newest)
            && layer.annotations.iter().any(Entry::is_annotated)
    })
}
