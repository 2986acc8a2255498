//! Tiers of the user's own: assigning techniques, taking them back, passing them on, and taking in what others pass on; and
//! the statement of a view. What judgements are is `attack`'s; where they are kept `beside`'s.

use super::{
    beside,
    browser::{self, Content},
    bundles::BundleKey,
    choice,
    evidence::{Recorded, whole_bundle},
    exports::hand_over_named,
    state::{App, Dialog, SharedTiers},
};
use crate::{
    attack::{
        Knowledge, TechniqueId, TierSet,
        assignment::{self, Assignment, Judgement, MAXIMUM_BYTES, Shared},
    },
    export::{Stated, file_name, statement},
    layer::{Asked, Representations},
};
use leptos::prelude::*;
use std::sync::Arc;
use wasm_bindgen::JsCast;
use web_sys::{Blob, HtmlInputElement};

/// The techniques that a change of tiers would be about, each once.
pub fn targets(app: App) -> Vec<TechniqueId> {
    let mut ids: Vec<TechniqueId> = Vec::new();
    for target in app.targets() {
        if !ids.contains(&target.key.technique) {
            ids.push(target.key.technique);
        }
    }
    ids
}

/// Asks in which tiers they are to stand, and why.
pub fn ask(app: App, to: Option<TierSet>) {
    let ids = targets(app);
    if ids.is_empty() {
        app.complain("Select a technique first.");
    } else {
        app.dialog.set(Some(Dialog::Retier(ids, to)));
    }
}

/// The bundle that is shown, with its own tiers.
pub fn own_knowledge(app: App) -> Arc<Knowledge> {
    app.knowledge.track();
    app.bundles.with_untracked(|bundles| bundles.own(&app.bundle()))
}

/// Assigns techniques of the shown bundle, as one step.
pub fn assign(app: App, ids: &[TechniqueId], judgement: &Judgement) {
    let own = untrack(|| own_knowledge(app));
    let mut next = untrack(|| beside::assignment(app));
    ids.iter().for_each(|id| next.judge(&own, id, judgement.clone()));
    let words = counted(ids);
    beside::assign(app, &app.bundle(), format!("tiers of {words}"), &next);
    let place = match judgement.tiers {
        TierSet::One(tier) => format!("in the {} tier", tier.word()),
        TierSet::Both => format!("in both tiers, {} first", judgement.primary.word()),
    };
    let stand = if ids.len() == 1 { "stands" } else { "stand" };
    app.say(format!("{words} now {stand} {place}. Undo takes it back."));
}

/// Back to what the bundle says, as one step.
pub fn withdraw(app: App, ids: &[TechniqueId]) {
    let mut next = untrack(|| beside::assignment(app));
    let there: Vec<TechniqueId> = ids.iter().filter(|id| next.of(id).is_some()).cloned().collect();
    if there.is_empty() {
        app.say("These have the bundle's tiers already.");
        return;
    }
    there.iter().for_each(|id| next.withdraw(id));
    let words = counted(&there);
    beside::assign(app, &app.bundle(), format!("tiers of {words}"), &next);
    app.say(format!("{words} now as the bundle has it. Undo takes it back."));
}

pub fn counted(ids: &[TechniqueId]) -> String {
    match ids {
        [one] => one.to_string(),
        many => choice::counted(many.len()),
    }
}

/// Hands the user's tiers for the shown bundle over as STIX.
pub fn export(app: App) {
    let key = app.bundle();
    let assignment = beside::assignment_of(&key);
    if assignment.is_empty() {
        app.complain("You have no tiers of your own on this bundle yet: change some first.");
        return;
    }
    leptos::task::spawn_local(async move {
        match whole_bundle(app, &key).await {
            Ok(knowledge) => {
                let bundle = assignment::share(&assignment, &knowledge, &browser::timestamp(), browser::uuid);
                let name = file_name(&format!("{} tiers", knowledge.release.words()), "json");
                let text = serde_json::to_string_pretty(&bundle).unwrap_or_default();
                hand_over_named(app, &name, "application/json", Content::Text(&text));
            }
            Err(error) => app.complain(error),
        }
    });
}

/// The field through which tiers are opened: see `components`.
pub const FILE_FIELD: &str = "open-tiers";

/// Lets the user pick a file.
pub fn choose_file() {
    let selector = format!("input[data-field='{FILE_FIELD}']");
    let input = browser::document().query_selector(&selector).ok().flatten();
    if let Some(input) = input.and_then(|input| input.dyn_into::<HtmlInputElement>().ok()) {
        input.set_value("");
        input.click();
    }
}

/// Reads tiers from a file, and shows how they differ before anything is taken.
pub async fn open(app: App, name: &str, blob: &Blob) {
    if let Err(error) = try_opening(app, name, blob).await {
        app.complain(error);
    }
}

async fn try_opening(app: App, name: &str, blob: &Blob) -> Result<(), String> {
    browser::check_size(blob, name, MAXIMUM_BYTES)?;
    let bytes = browser::bytes_of(blob, name).await?;
    let key = app.bundle();
    whole_bundle(app, &key).await?;
    let own = app.bundles.with_untracked(|bundles| bundles.own(&key));
    let not_opened = |why: String| format!("\"{name}\" was not opened: {why}.");
    let shared = assignment::read(&bytes, &own).map_err(|error| not_opened(error.to_string()))?;
    if shared.assignment.is_empty() && !shared.passed_over.is_empty() {
        let Shared { passed_over, .. } = shared;
        let first = passed_over.into_iter().next().unwrap_or_default();
        return Err(not_opened(format!("none of its tiers is about {}; {first}", own.release.words())));
    }
    app.dialog.set(Some(Dialog::SharedTiers(Arc::new(SharedTiers { name: name.to_owned(), bundle: key, shared }))));
    Ok(())
}

/// Takes the tiers of a file as one's own: beside those that are there, or in their place.
pub fn take(app: App, from: &SharedTiers, in_place: bool) {
    let mine = beside::assignment_of(&from.bundle);
    let next: Assignment = if in_place { from.shared.assignment.clone() } else { mine.with(&from.shared.assignment) };
    beside::assign(app, &from.bundle, format!("tiers from \"{}\"", from.name), &next);
    let words = choice::counted(from.shared.assignment.len());
    app.say(format!("Took the tiers of {words} from \"{}\". Undo takes it back.", from.name));
}

/// Both representations of what is shown, in figures.
pub fn representations(app: App) -> Representations {
    let recorded = Recorded::now(app);
    let (layer, standing) = (app.layer.get(), app.standing.get());
    let asked = Asked { layer: &layer, standing: &standing, threshold: app.threshold(&layer) };
    Representations::of(&asked, &recorded.record())
}

/// Hands the user's view over as Markdown; without one the workbench asks for it.
pub fn export_statement(app: App) {
    if beside::stance(app).preferred.is_none() && app.dialog.with_untracked(Option::is_none) {
        app.dialog.set(Some(Dialog::Workbench));
        browser::focus_soon("[data-field='stance']");
        return;
    }
    let key: BundleKey = app.bundle();
    leptos::task::spawn_local(async move {
        if let Err(error) = whole_bundle(app, &key).await {
            return app.complain(error);
        }
        // Without it the figures are what they are on the screen.
        let _ = Recorded::whole(app).await;
        let text = untrack(|| written(app));
        let name = file_name(&format!("{} representation", app.knowledge.get_untracked().release.words()), "md");
        hand_over_named(app, &name, "text/markdown;charset=utf-8", Content::Text(&text));
    });
}

fn written(app: App) -> String {
    let layer = app.layer.get();
    statement(&Stated {
        stance: &beside::stance(app),
        figures: &representations(app),
        assignment: &beside::assignment(app),
        knowledge: &own_knowledge(app),
        layer: &layer.name,
        threshold: app.threshold(&layer),
        day: &browser::today(),
    })
}
