//! The list of contribution drafts: what each is and lacks, and what can be done with it.

use super::{control::icon_action, icon::Icon};
use crate::{
    app::{
        beside,
        command::Command,
        dom::{El, button, el},
        drafting, run,
        state::{App, Dialog},
    },
    attack::draft::{Draft, check},
};
use leptos::prelude::*;

pub fn drafts_dialog(app: App) -> El {
    // What was deleted here can be had back until the list is left, and by undo afterwards.
    let gone: RwSignal<Vec<(String, Draft)>> = RwSignal::new(Vec::new());
    let begin = [Command::DraftTechnique, Command::DraftProcedure, Command::DraftPlacement, Command::DraftTier];
    let begin = begin.map(|command| {
        button("button small")
            .attr("data-command", command.id())
            .text(command.title())
            .on_click(move || run::run(app, command))
    });
    let list = el("div", "").holds(move || {
        let drafts = drafting::of_catalogue(app);
        let mut parts: Vec<El> = Vec::new();
        if drafts.is_empty() && gone.with(Vec::is_empty) {
            let words = "None yet. ATT&CK records what adversaries were seen doing: if you have seen something that its matrix \
                lacks, or somebody doing it, draft it here. Drafts stay in this browser until you export them.";
            parts.push(el("p", "muted").text(words));
        }
        parts.push(el("ul", "plain-list draft-list").children(drafts.iter().map(|it| line(app, it, gone))));
        parts.push(el("ul", "plain-list draft-list").children(gone.get().into_iter().map(|it| back(app, it, gone))));
        parts
    });
    let none = move || drafting::of_catalogue(app).is_empty();
    let all =
        [(Command::DraftExportMarkdown, "Export all (Markdown)"), (Command::DraftExportStix, "Export all (STIX)")];
    let all = all.map(|(command, words)| {
        button("button")
            .attr("data-command", command.id())
            .has("disabled", move || none().then(String::new))
            .text(words)
            .on_click(move || run::run(app, command))
    });
    el("div", "form drafts-dialog").children([
        el("div", "coverage-actions").children(begin),
        list,
        el("div", "dialog-actions").children(all),
    ])
}

fn line(app: App, (id, draft): &(String, Draft), gone: RwSignal<Vec<(String, Draft)>>) -> El {
    let own = app.bundles.with_untracked(|bundles| bundles.own(&app.bundle()));
    let missing = check(draft, &own).iter().filter(|it| it.must).count();
    let state = match missing {
        0 => "complete".to_owned(),
        1 => "1 thing missing".to_owned(),
        count => format!("{count} things missing"),
    };
    let title = draft.title(&own);
    let (opened, deleted) = (id.clone(), id.clone());
    let (markdown, stix) = ((id.clone(), draft.clone()), (id.clone(), draft.clone()));
    let open = button("list-button draft-title")
        .attr("data-action", "open-draft")
        .text(&title)
        .on_click(move || app.dialog.set(Some(Dialog::Draft(opened.as_str().into()))));
    let day: String = draft.changed.chars().take(10).collect();
    let words = if day.is_empty() { state } else { format!("{state} · changed {day}") };
    let small = |action: &str, words: &str, label: &str| {
        button("button small").attr("data-action", action).attr("aria-label", &format!("{label} {title}")).text(words)
    };
    let of_gone = draft.clone();
    el("li", "draft-line").attr("data-draft-line", id).children([
        el("div", "draft-text").child(&open).child(&el("span", "muted").text(&words)),
        small("draft-markdown", "Markdown", "Export as Markdown:")
            .on_click(move || drafting::export_markdown(app, vec![markdown.clone()])),
        small("draft-stix", "STIX", "Export as STIX:").on_click(move || drafting::export_stix(app, vec![stix.clone()])),
        icon_action("icon-button small", &format!("Delete {title}"), Icon::Close, move || {
            gone.update(|gone| gone.push((deleted.clone(), of_gone.clone())));
            drafting::delete(app, &deleted);
        })
        .attr("data-action", "draft-delete"),
    ])
}

fn back(app: App, (id, draft): (String, Draft), gone: RwSignal<Vec<(String, Draft)>>) -> El {
    let title = app.knowledge.with_untracked(|knowledge| draft.title(knowledge));
    let bring = button("button small").attr("data-action", "draft-back").text("Bring it back").on_click(move || {
        gone.update(|gone| gone.retain(|(other, _)| *other != id));
        beside::keep_draft(app, &id, Some(draft.clone()));
        beside::settle_draft(app, "bringing a draft back".to_owned(), &id, None);
    });
    el("li", "draft-line")
        .attr("data-gone", "")
        .children([el("div", "draft-text").child(&el("span", "muted").text(&format!("Deleted: {title}"))), bring])
}
