//! What stands above everything: the site's banner, and in another page the name of the layer, its scale, and a way into
//! the whole app.

use super::color_field::{gradient_strip, score_words};
use crate::{
    app::{
        browser,
        custom::{self, Switch},
        customizing,
        dom::{El, el},
        sharing,
        state::App,
    },
    layer::Gradient,
};
use leptos::prelude::*;

pub fn banners(app: App) -> Vec<El> {
    let site = el("div", "").holds(move || {
        // It is set whenever the site's file has been read.
        app.switches.track();
        let config = customizing::config();
        let banner = el("section", "site-banner").attr("aria-label", "Notice of this site").text(&config.banner);
        if config.banner.is_empty() { Vec::new() } else { vec![banner] }
    });
    let mut all = vec![site];
    if app.embedded {
        all.push(el("div", "").holds(move || caption(app)));
    }
    all
}

fn caption(app: App) -> Vec<El> {
    let switches = app.switches.get();
    let mut parts = Vec::new();
    if switches.has(Switch::Caption) {
        let name = el("b", "caption-name").says(move || app.with_layer(|layer| layer.name.clone()));
        let about = el("span", "caption-about muted").says(move || app.with_layer(|layer| layer.description.clone()));
        parts.extend([name, about]);
    }
    parts.push(el("span", "grow"));
    if switches.has(Switch::Legend) {
        let end = |of: fn(&Gradient) -> f64| {
            el("b", "").says(move || app.with_layer(|layer| score_words(of(&layer.gradient))))
        };
        let scale = el("span", "scale still").attr("role", "img").attr("aria-label", "Gradient").children([
            end(|gradient| gradient.minimum),
            gradient_strip(app),
            end(|gradient| gradient.maximum),
        ]);
        parts.push(scale);
    }
    if switches.has(Switch::OpenLink) {
        let link = el("a", "caption-open")
            .attr("target", "_blank")
            .attr("rel", "noopener noreferrer")
            .has("href", move || {
                app.switches.track();
                Some(whole())
            })
            .text("Open in Bulkhead");
        parts.push(link);
    }
    if parts.len() == 1 {
        Vec::new()
    } else {
        vec![el("section", "caption-bar").attr("aria-label", "What is shown").children(parts)]
    }
}

/// The address of the same layers in the whole app.
fn whole() -> String {
    let hash = browser::window().location().hash().unwrap_or_default();
    let opened = custom::what_opens(hash.trim_start_matches('#'));
    let sign = if opened.is_empty() { "" } else { "#" };
    format!("{}{sign}{opened}", sharing::address())
}
