//! The form of a contribution draft, and beside it what it lacks. What is written is kept as it is written; closing the form
//! makes one step of it. What makes a draft complete is `attack`'s.

use super::{dialogs::close, draft_fields::Form};
use crate::{
    app::{
        beside, browser,
        command::Command,
        dom::{El, button, derived, el},
        drafting,
        state::{App, Dialog},
    },
    attack::{
        TacticName,
        draft::{Draft, Finding, Kind, check},
    },
};
use leptos::prelude::*;
use std::sync::Arc;

pub fn draft_form(app: App, id: Arc<str>) -> El {
    let Some(before) = beside::draft(&id) else {
        return el("p", "muted").text("This draft is not here any more.");
    };
    let own = app.bundles.with_untracked(|bundles| bundles.own(&app.bundle()));
    let draft = RwSignal::new(before.clone());
    let form = Form { app, draft, id: StoredValue::new(id.clone()), knowledge: StoredValue::new(own) };
    settle_when_closed(app, id, before);
    let kind = derived(move || draft.with(|draft| draft.kind));
    let kinds = Kind::ALL.map(|of| {
        button("segment")
            .attr("data-kind", of.word())
            .is("aria-pressed", move || kind.get() == of)
            .text(of.title())
            .on_click(move || form.change(|draft| draft.kind = of))
    });
    let kinds = el("div", "segments").attr("role", "group").attr("aria-label", "What it proposes").children(kinds);
    let fields = el("div", "form draft-fields").holds(move || {
        let kind = kind.get();
        untrack(|| form.fields(kind))
    });
    el("div", "draft-form").child(&el("div", "draft-left").child(&kinds).child(&fields)).child(&form.findings())
}

/// One step of all that was written; a draft in which nothing was written is none.
fn settle_when_closed(app: App, id: Arc<str>, before: Draft) {
    let before = (!before.says_nothing()).then_some(before);
    on_cleanup(move || {
        // Once the dialog is gone: it is drawn from what this changes.
        queue_microtask(move || {
            let Some(now) = beside::draft(&id) else { return };
            if now.says_nothing() && before.is_none() {
                beside::keep_draft(app, &id, None);
                return;
            }
            let title = app.knowledge.with_untracked(|knowledge| now.title(knowledge));
            say_what_is_out_of_sight(app, &now);
            beside::settle_draft(app, format!("draft \"{title}\""), &id, before);
        });
    });
}

/// A tactic in which the bundle has nothing has no column, and so no place for the proposed cell.
fn say_what_is_out_of_sight(app: App, draft: &Draft) {
    let shown = app.matrices.get_untracked();
    let has_column =
        |tactic: &TacticName| shown.iter().any(|matrix| matrix.columns.iter().any(|column| column.tactic == *tactic));
    let knowledge = app.knowledge.get_untracked();
    let missing: Vec<&str> = draft
        .proposed_in(&knowledge)
        .iter()
        .filter(|tactic| !has_column(tactic))
        .filter_map(|tactic| knowledge.tactic(tactic).map(|tactic| tactic.name.as_str()))
        .collect();
    if !missing.is_empty() {
        let (show, names) = (Command::ViewEmptyTactics.title(), missing.join(", "));
        app.say(format!("Proposed in {names}, where nothing stands so far: \"{show}\" shows it there."));
    }
}

impl Form {
    /// What the draft lacks, each leading to its field; and what can be done with it.
    fn findings(self) -> El {
        let findings =
            derived(move || self.draft.with(|draft| self.knowledge.with_value(|it| Findings(check(draft, it)))));
        let state = el("p", "draft-state").attr("role", "status").attr("data-draft-state", "").says(move || {
            findings.with(|all| match all.0.iter().filter(|it| it.must).count() {
                0 => "Complete: it has what ATT&CK asks for.".to_owned(),
                1 => "1 thing is missing".to_owned(),
                count => format!("{count} things are missing"),
            })
        });
        let list = el("ul", "draft-findings").holds(move || findings.with(|all| all.0.iter().map(finding).collect()));
        let with_it = move |deed: fn(App, Vec<(String, Draft)>)| {
            let id = self.id.get_value();
            deed(self.app, vec![(id.to_string(), self.draft.get_untracked())]);
        };
        let delete = move || {
            let (app, id) = (self.app, self.id.get_value());
            drafting::delete(app, &id);
            app.dialog.set(Some(Dialog::Drafts));
        };
        let actions = el("div", "draft-actions").children([
            button("button")
                .attr("data-action", "draft-markdown")
                .text("Export for attack@mitre.org (Markdown)")
                .on_click(move || with_it(drafting::export_markdown)),
            button("button").attr("data-action", "draft-stix").text("Export (STIX)").on_click(move || {
                with_it(drafting::export_stix);
            }),
            button("button").attr("data-action", "draft-delete").text("Delete").on_click(delete),
            button("button").attr("data-action", "draft-list").text("All drafts").on_click(move || {
                self.app.dialog.set(Some(Dialog::Drafts));
            }),
            button("button primary").attr("data-action", "draft-done").text("Done").on_click(move || close(self.app)),
        ]);
        el("aside", "draft-side").attr("aria-label", "What it lacks").children([state, list, actions])
    }
}

/// Compared by what they say.
#[derive(Clone, PartialEq)]
struct Findings(Vec<Finding>);

fn finding(finding: &Finding) -> El {
    let field = finding.field;
    let line = button("draft-finding")
        .attr("data-finding", field)
        .attr("data-must", if finding.must { "true" } else { "false" })
        .child(&el("b", "").text(if finding.must { "Missing: " } else { "Better: " }))
        .text(&finding.words)
        .on_click(move || {
            // Of a reference that isn't there yet, the button that adds one.
            let selector = format!("[role=dialog] [data-field='{field}']");
            let found = browser::document().query_selector(&selector).ok().flatten();
            let other = "[role=dialog] [data-action='add-reference']".to_owned();
            browser::focus_soon(&found.map_or(other, |_| selector));
        });
    el("li", "").child(&line)
}
