//! The workbench's right side: the tiers that the user sees differently, and the statement of a view.

use super::{
    annotation::labelled,
    control::{icon_action, radio},
    icon::Icon,
    workbench::part,
};
use crate::{
    app::{
        beside, browser,
        command::Command,
        dom::{El, button, derived, el, value_of},
        retiering, run,
        state::{App, Dialog},
    },
    attack::{
        assignment::{Difference, Preferred, Stance},
        draft::LONGEST_TEXT,
    },
    export::tier_words,
};
use leptos::prelude::*;

/// So many differences are listed; of more, only how many.
const LISTED: usize = 200;

pub fn own_tiers(app: App) -> El {
    let steps = derived(move || beside::tier_steps(app));
    let step = |command: Command, icon: Icon, at: usize| {
        button("icon-button small")
            .attr("data-command", command.id())
            .attr("aria-label", command.title())
            .attr("title", command.title())
            .has("disabled", move || (!steps.with(|steps| steps[at])).then(String::new))
            .raw(&icon.draw())
            .on_click(move || run::run(app, command))
    };
    let head = el("div", "workbench-card-head")
        .child(&el("h3", "").text("Your tiers"))
        .child(&el("span", "grow"))
        .child(&step(Command::TiersUndo, Icon::Undo, 0))
        .child(&step(Command::TiersRedo, Icon::Redo, 1));
    let list = el("div", "own-tiers").holds(move || differences(app));
    let other = |command: Command, words: &str| {
        button("button small").attr("data-command", command.id()).text(words).on_click(move || run::run(app, command))
    };
    let actions = el("div", "coverage-actions")
        .children([other(Command::TiersExport, "Export (STIX)"), other(Command::TiersImport, "Import and compare…")]);
    el("section", "workbench-part").attr("aria-label", "Your tiers").children([head, list, actions])
}

/// What the user sees differently than the bundle.
fn differences(app: App) -> Vec<El> {
    let (own, assignment) = (retiering::own_knowledge(app), beside::assignment(app));
    let differences = assignment.differences(&own);
    if differences.is_empty() {
        let words = "The bundle's own so far. Select a technique and press Shift+T, or in the split drag a selected technique \
            into the other matrix.";
        return vec![el("p", "muted").attr("data-differences", "0").text(words)];
    }
    let count = differences.len();
    let words =
        if count == 1 { "1 differs from the bundle".to_owned() } else { format!("{count} differ from the bundle") };
    let mut parts = vec![el("p", "").attr("data-differences", &count.to_string()).text(&words)];
    parts.push(el("ul", "own-list").children(differences.iter().take(LISTED).map(|it| difference(app, it))));
    if count > LISTED {
        parts.push(el("p", "muted").text(&format!("and {} more", count - LISTED)));
    }
    parts
}

fn difference(app: App, difference: &Difference<'_>) -> El {
    let Difference { technique, change, ours, theirs } = difference;
    let (own, back) = (technique.id.clone(), technique.id.clone());
    let edit = icon_action("icon-button small", &format!("Change the tiers of {own}"), Icon::Edit, move || {
        app.dialog.set(Some(Dialog::Retier(vec![own.clone()], None)));
    });
    let withdraw = icon_action("icon-button small", &format!("{back} as the bundle has it"), Icon::Back, move || {
        retiering::withdraw(app, std::slice::from_ref(&back));
        // The list is made anew, and has no button any more after its last line.
        browser::focus_soon("[data-action='withdraw'], .workbench-own [data-command='tiers.export']");
    });
    let bundle = ours.map_or_else(|| "not assigned".to_owned(), |ours| tier_words(ours.tiers, ours.primary));
    let here = tier_words(theirs.tiers, theirs.primary);
    let reason = if theirs.reason.is_empty() { "no reason given" } else { theirs.reason.as_str() };
    let text = el("div", "own-text").children([
        el("span", "")
            .child(&el("span", "list-id").text(technique.id.as_str()))
            .child(&el("b", "").text(&technique.name)),
        el("span", "")
            .text(&format!("{bundle} → {here}"))
            .child(&el("span", "muted").text(&format!(" · {}", change.word()))),
        el("span", "muted pre").text(reason),
    ]);
    el("li", "own-line")
        .attr("data-difference", technique.id.as_str())
        .child(&text)
        .child(&edit.attr("data-action", "edit-tiers"))
        .child(&withdraw.attr("data-action", "withdraw"))
}

pub fn own_view(app: App) -> El {
    let stance = RwSignal::new(beside::stance(app));
    let change = move |change: &dyn Fn(&mut Stance)| {
        stance.update(change);
        beside::set_stance(app, stance.get_untracked());
    };
    let choice = |preferred: Preferred, words: &str, more: &str| {
        let on = move || stance.with(|stance| stance.preferred == Some(preferred));
        radio("stance", preferred.word(), words, more, on, move || change(&|it| it.preferred = Some(preferred)))
    };
    let choices =
        el("div", "retier-choices").attr("role", "radiogroup").attr("aria-label", "Representation").children([
            choice(Preferred::Unified, "Unified", "one Kubernetes matrix"),
            choice(Preferred::Split, "Split", "one matrix for orchestration, one for the container"),
            choice(Preferred::Either, "Both", "as the task needs it"),
        ]);
    let first = stance.get_untracked();
    let why = el("textarea", "")
        .attr("rows", "4")
        .attr("data-field", "stance-why")
        .attr("maxlength", &LONGEST_TEXT.to_string())
        .attr("placeholder", "Who defends what, with which controls, and what each representation shows or hides")
        .text(&first.why)
        .on("input", move |event| {
            let text = value_of(&event);
            change(&|it| it.why.clone_from(&text));
        });
    let by = el("input", "")
        .attr("type", "text")
        .attr("data-field", "stance-by")
        .attr("maxlength", "200")
        .attr("autocomplete", "off")
        .attr("value", &first.by)
        .on("input", move |event| {
            let text = value_of(&event);
            change(&|it| it.by.clone_from(&text));
        });
    let export = button("button primary")
        .attr("data-command", Command::TiersStatement.id())
        .text("Export statement (Markdown)")
        .on_click(move || run::run(app, Command::TiersStatement));
    part("Your view").attr("aria-label", "Your view").children([
        choices,
        labelled("Why", &why),
        labelled("By", &by),
        el("div", "dialog-actions").child(&export),
    ])
}
