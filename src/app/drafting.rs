//! Drafts of contributions: begun, handed over, and deleted. What a draft is and lacks is `attack`'s; where drafts are kept
//! `beside`'s.

use super::{
    beside,
    browser::{self, Content},
    evidence::whole_bundle,
    exports::hand_over_named,
    state::{App, Dialog},
};
use crate::{
    attack::{
        Knowledge,
        draft::{self, Draft, Kind},
    },
    export::{contribution, file_name},
};
use leptos::prelude::*;
use std::sync::Arc;

/// Begins a draft about what is selected or focused, and opens it.
pub fn begin(app: App, kind: Kind) {
    let about = app.targets().into_iter().next().map(|target| target.key.technique);
    begin_about(app, kind, about.as_ref());
}

pub fn begin_about(app: App, kind: Kind, about: Option<&crate::attack::TechniqueId>) {
    leptos::task::spawn_local({
        let about = about.cloned();
        async move {
            // What the bundle says of a technique is where its draft begins.
            let _ = whole_bundle(app, &app.bundle()).await;
            let mut draft = app.knowledge.with_untracked(|knowledge| Draft::begin(kind, knowledge, about.as_ref()));
            draft.contributor = untrack(|| last_contributor(app));
            // Who sees the tiers differently has said why already.
            if kind == Kind::Tier
                && let Some(judgement) =
                    about.as_ref().and_then(|id| beside::assignment_of(&app.bundle()).of(id).cloned())
            {
                draft.behaviour = judgement.reason;
            }
            let id: Arc<str> = browser::uuid().into();
            beside::keep_draft(app, &id, Some(draft));
            app.dialog.set(Some(Dialog::Draft(id)));
        }
    });
}

/// Deletes a draft, as one step.
pub fn delete(app: App, id: &str) {
    let before = beside::draft(id).filter(|draft| !draft.says_nothing());
    beside::keep_draft(app, id, None);
    beside::settle_draft(app, "deleting a draft".to_owned(), id, before);
}

/// Who was named last.
fn last_contributor(app: App) -> String {
    let drafts = beside::drafts(app).into_values().filter(|draft| !draft.contributor.is_empty());
    drafts.max_by(|a, b| a.changed.cmp(&b.changed)).map(|draft| draft.contributor).unwrap_or_default()
}

/// Of the catalogue that is shown, those changed last first.
pub fn of_catalogue(app: App) -> Vec<(String, Draft)> {
    let domain = app.knowledge.with(|knowledge| knowledge.release.domain.clone());
    let mut all: Vec<(String, Draft)> =
        beside::drafts(app).into_iter().filter(|(_, draft)| draft.domain == domain).collect();
    crate::order::sort_by(&mut all, |a, b| b.1.changed.cmp(&a.1.changed).then_with(|| a.0.cmp(&b.0)));
    all
}

pub fn export_all_markdown(app: App) {
    export_markdown(app, untrack(|| of_catalogue(app)));
}

pub fn export_all_stix(app: App) {
    export_stix(app, untrack(|| of_catalogue(app)));
}

pub fn export_markdown(app: App, drafts: Vec<(String, Draft)>) {
    hand_over(app, drafts, |app, drafts, knowledge| {
        let text = contribution(drafts.iter().map(|(_, draft)| draft), knowledge);
        hand_over_named(app, &name_of(drafts, knowledge, "md"), "text/markdown;charset=utf-8", Content::Text(&text));
    });
}

pub fn export_stix(app: App, drafts: Vec<(String, Draft)>) {
    hand_over(app, drafts, |app, drafts, knowledge| {
        let each = drafts.iter().map(|(id, draft)| (id.as_str(), draft));
        let bundle = draft::bundle(each, knowledge, &browser::timestamp(), browser::uuid);
        let text = serde_json::to_string_pretty(&bundle).unwrap_or_default();
        hand_over_named(app, &name_of(drafts, knowledge, "json"), "application/json", Content::Text(&text));
    });
}

type HandOver = fn(App, &[(String, Draft)], &Knowledge);

fn hand_over(app: App, drafts: Vec<(String, Draft)>, with: HandOver) {
    if drafts.is_empty() {
        app.complain("There are no drafts on this catalogue yet.");
        return;
    }
    leptos::task::spawn_local(async move {
        let key = app.bundle();
        match whole_bundle(app, &key).await {
            // A tier argument is about the bundle's own tiers.
            Ok(_) => with(app, &drafts, &app.bundles.with_untracked(|bundles| bundles.own(&key))),
            Err(error) => app.complain(error),
        }
    });
}

fn name_of(drafts: &[(String, Draft)], knowledge: &Knowledge, extension: &str) -> String {
    match drafts {
        [(_, one)] => file_name(&one.title(knowledge), extension),
        _ => file_name("contribution drafts", extension),
    }
}
