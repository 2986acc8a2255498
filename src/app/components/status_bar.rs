//! The bottom bar: which knowledge is shown, how much of it is covered, and whether all is stored.

use super::{
    control::command_button,
    legend::scale,
    menu::{Item, Look, Which, menu},
};
use crate::{
    app::{
        browser,
        bundles::BundleKey,
        command::Command,
        dom::{El, derived, el},
        outside::outside,
        rest::{self, Deed},
        state::{App, Saving},
    },
    attack::Tier,
    layer::{Coverage, Key, Score},
};
use leptos::prelude::*;
use rustc_hash::FxHashSet;

pub fn status_bar(app: App) -> El {
    let words = derived(move || words(app));
    let part = move |at: usize| move || words.with(|words| words[at].clone());
    let release = Look {
        label: "Knowledge",
        class: "up quiet",
        icon: None,
        words: Some(Box::new(move || app.knowledge.with(|knowledge| knowledge.release.words()))),
    };
    let tier = |tier: Tier, at: usize| {
        el("span", "status-tier")
            .attr("data-coverage", tier.word())
            .child(&tier_glyph(tier))
            .text(tier.word())
            .child(&el("b", "").says(part(at)))
    };
    let saved = el("span", "saved")
        .has("data-saved", move || Some(saving(&app.saving.get()).0.to_owned()))
        .says(move || saving(&app.saving.get()).1);
    el("footer", "status").children([
        menu(app, release, Which::Bundles),
        el("span", "").attr("data-status", "techniques").child(&el("b", "").says(part(0))).text(" techniques"),
        el("span", "")
            .attr("data-coverage", "whole")
            .attr("title", "Techniques scored so high or higher, of those enabled")
            .child(&el("span", "").says(part(1)))
            .child(&el("b", "").says(part(2))),
        tier(Tier::Orchestration, 3),
        tier(Tier::Container, 4),
        not_shown(app),
        el("span", "grow"),
        scale(app),
        saved,
    ])
}

/// What the layer says that has no place in the matrices; it leads to the list of it.
fn not_shown(app: App) -> El {
    let count = derived(move || app.layer.with(|layer| outside(layer, &app.knowledge.get()).count()));
    command_button(app, Command::LayerSettings, "status-link")
        .attr("data-status", "outside")
        .attr("title", "Annotations on techniques that this bundle does not have")
        .has("hidden", move || (count.get() == 0).then(String::new))
        .says(move || format!("{} not in this bundle", count.get()))
        // The dialog is drawn first, and gives the focus to its own first field.
        .on_click(|| request_animation_frame(|| browser::focus_soon("[data-region='outside']")))
}

pub fn tier_glyph(tier: Tier) -> El {
    el("span", "tier-glyph").attr("data-tier", tier.word()).attr("aria-hidden", "true")
}

pub fn bundle_items(app: App) -> Vec<Item> {
    let shown = app.bundle();
    let bundled = [
        (Command::BundleAttack19, BundleKey::Attack19),
        (Command::BundleAttack18, BundleKey::Attack18),
        (Command::BundleMicrosoft, BundleKey::Microsoft),
    ];
    let bundled = bundled.map(|(command, key)| {
        let is_shown = key == shown;
        Item::Choice(command, Box::new(move || is_shown))
    });
    let opened: Vec<BundleKey> = app.bundles.with_untracked(|bundles| bundles.opened().into_iter().cloned().collect());
    let opened = opened.into_iter().map(|key| Item::Other {
        title: key.title(),
        checked: key == shown,
        run: Box::new(move || rest::act(app, Deed::Show(key.clone()))),
    });
    let crosswalk = [Command::CrosswalkCompare, Command::CrosswalkCarryOver].map(Item::Run);
    let own = bundled
        .into_iter()
        .chain(opened)
        .chain([Command::BundleOpen, Command::LayerOpenAddress, Command::BundleManage].map(Item::Run));
    let contribute = [Item::Group("Contribute"), Item::Run(Command::DraftList), Item::Run(Command::DraftTechnique)];
    own.chain([Item::Group("Crosswalk")]).chain(crosswalk).chain(contribute).collect()
}

/// How many techniques are shown, the threshold, and what of them is covered: combined and in each tier.
fn words(app: App) -> [String; 5] {
    let layer = app.layer.get();
    let standing = app.standing.get();
    let [whole, orchestration, container] = &*standing;
    let count = whole.iter().map(|key| &key.technique).collect::<FxHashSet<_>>().len();
    let threshold = app.threshold(&layer);
    let percent = |placements: &[Key], tier: Option<Tier>| {
        let coverage = Coverage::from(&layer, placements.iter(), tier, threshold);
        coverage.percent().map_or_else(|| "–".to_owned(), |percent| format!("{percent} %"))
    };
    let threshold = Score::new(threshold).map(|score| score.to_string());
    [
        count.to_string(),
        format!("Coverage ≥ {}: ", threshold.unwrap_or_default()),
        percent(whole, None),
        percent(orchestration, Some(Tier::Orchestration)),
        percent(container, Some(Tier::Container)),
    ]
}

fn saving(saving: &Saving) -> (&'static str, String) {
    match saving {
        Saving::Saved => ("saved", "Saved in this browser".to_owned()),
        Saving::Waiting => ("saving", "Saving…".to_owned()),
        Saving::Failed(error) => ("failed", format!("Not saved: {error}")),
    }
}
