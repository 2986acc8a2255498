//! The dialog in front: one at a time, closed with Escape, and the focus goes back to where it was.

use super::{
    about::{about, help_pages},
    actors_dialog::actors_dialog,
    bundles_dialog::bundles_dialog,
    carry_dialog::carry_over,
    choosing::{paste_ids, select_by_score},
    combine_dialog::combine_dialog,
    compare_dialog::compare_dialog,
    control::{chord_words, icon_action},
    coverage::coverage_page,
    crosswalk::{counterparts, crosswalk},
    deck_dialog::deck_dialog,
    draft_form::draft_form,
    drafts_dialog::drafts_dialog,
    embed_dialog::embed_dialog,
    icon::Icon,
    import_dialog::import_dialog,
    layer_dialog::layer_settings,
    layers_page::layers_page,
    palette::palette,
    picture_dialog::picture_dialog,
    replace_dialog::replace_in_comments,
    retier_dialog::retier_dialog,
    share_dialog::share_dialog,
    shared_tiers::shared_tiers,
    shown::{platforms, second_layer},
    snapshots_dialog::snapshots_dialog,
    threat::threat_dialog,
    upgrade_dialog::upgrade_dialog,
    web_dialog::{choose_collection, open_from_web},
    workbench::workbench,
};
use crate::app::{
    browser,
    command::{Command, Group},
    dom::{El, button, el, key_of},
    exports, present,
    rest::{self, Part},
    run,
    state::{App, Dialog},
};
use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::{HtmlDialogElement, HtmlElement, HtmlInputElement};

pub fn dialogs(app: App) -> El {
    el("div", "dialogs")
        .holds(move || app.dialog.get().map(|asked| rest::part(app, Part::Dialog(asked))).unwrap_or_default())
}

pub fn close(app: App) {
    app.dialog.set(None);
}

/// Does something once the dialog is gone and the focus is back where it was: for what moves the cell that has it.
pub fn close_then(app: App, deed: impl FnOnce() + 'static) {
    close(app);
    set_timeout(deed, Duration::ZERO);
}

/// Puts a text of the dialog on the clipboard, says so and closes the dialog. Where the browser doesn't allow it the dialog
/// stays, for the text to be copied from it, and `fault` says why.
pub fn copy_and_close(app: App, text: &str, told: &'static str, fault: RwSignal<&'static str>) {
    let written = browser::put_on_clipboard(text);
    leptos::task::spawn_local(async move {
        if !written.await {
            let _ = fault.try_set("This browser put nothing on the clipboard: copy the text by hand.");
            return;
        }
        app.say(told);
        // Unless the dialog was closed meanwhile, and another may be there.
        if !fault.is_disposed() {
            close(app);
        }
    });
}

/// The browser's own modal dialog: it keeps the focus inside and everything else out of reach.
pub fn dialog(app: App, asked: Dialog) -> El {
    let (title, class, content) = match asked {
        Dialog::Palette => ("Search", "palette", palette(app)),
        Dialog::Shortcuts => ("Keyboard shortcuts", "wide", shortcuts(app)),
        Dialog::About => ("About Bulkhead", "", about()),
        Dialog::Layers => ("Layers kept in this browser", "page", layers_page(app)),
        Dialog::LayerSettings => ("Layer settings", "settings", layer_settings(app)),
        Dialog::Import => ("New layer from what was found", "import", import_dialog(app)),
        Dialog::Platforms => ("Platforms", "", platforms(app)),
        Dialog::SecondLayer => ("Second layer", "", second_layer(app)),
        Dialog::Coverage => ("Coverage", "page coverage-dialog", coverage_page(app)),
        Dialog::Threat => ("Threat over coverage", "wide threat-dialog", threat_dialog(app)),
        Dialog::Snapshots => ("Snapshots", "wide snapshots-dialog", snapshots_dialog(app)),
        Dialog::Combine => ("Combine layers", "wide combine-dialog", combine_dialog(app)),
        Dialog::Picture => ("Export picture", "wide", picture_dialog(app)),
        Dialog::Export => ("Export Navigator layer", "", export_choice(app)),
        Dialog::Web => ("Open from the web", "", open_from_web(app)),
        Dialog::Collections(index, from) => ("Choose a bundle", "wide", choose_collection(app, &index, &from)),
        Dialog::Bundles => ("Bundles", "wide", bundles_dialog(app)),
        Dialog::SelectByScore => ("Select by score", "", select_by_score(app)),
        Dialog::PasteIds => ("Paste technique ids", "", paste_ids(app)),
        Dialog::LayerFromActors => ("New layer from groups, software and campaigns", "page", actors_dialog(app)),
        Dialog::Crosswalk => ("Microsoft's matrix and ATT&CK", "page crosswalk-dialog", crosswalk(app)),
        Dialog::Counterparts(id) => ("Counterparts", "", counterparts(app, &id)),
        Dialog::Share => ("Share this layer by a link", "", share_dialog(app)),
        Dialog::Deck => ("Prepare the presentation", "wide deck-dialog", deck_dialog(app)),
        Dialog::Embed => ("Put the matrix into a page", "wide", embed_dialog(app)),
        Dialog::Compare(snapshot) => ("Compare and merge layers", "compare-dialog", compare_dialog(app, snapshot)),
        Dialog::Upgrade => ("Upgrade to another release", "upgrade-dialog", upgrade_dialog(app)),
        Dialog::Workbench => ("Unified or split", "page workbench-dialog", workbench(app)),
        Dialog::Retier(ids, to) => ("Change tiers", "", retier_dialog(app, ids, to)),
        Dialog::SharedTiers(shared) => ("Compare tiers", "wide", shared_tiers(app, &shared)),
        Dialog::Drafts => ("Contribution drafts", "wide", drafts_dialog(app)),
        Dialog::Draft(id) => ("Contribution draft", "page draft-dialog", draft_form(app, id)),
        Dialog::CarryOver => ("Carry this layer over", "", carry_over(app)),
        Dialog::ReplaceInComments => ("Find and replace in comments", "", replace_in_comments(app)),
        Dialog::Notes(notes) => {
            ("What was found", "", el("ul", "notes").children(notes.iter().map(|note| el("li", "").text(note))))
        }
    };
    let head = el("header", "dialog-head").child(&el("h2", "").text(title)).child(&icon_action(
        "icon-button",
        "Close",
        Icon::Close,
        move || close(app),
    ));
    let inner = el("div", "dialog-inner").child(&head).child(&content);
    let frame = el("dialog", &format!("dialog {class}")).attr("role", "dialog").attr("aria-label", title).child(&inner);
    give_focus_back();
    let own = frame.node().clone();
    let element = own.clone();
    request_animation_frame(move || {
        let _ = element.unchecked_ref::<HtmlDialogElement>().show_modal();
    });
    frame
        .on("cancel", move |event| {
            event.prevent_default();
            close(app);
        })
        // The browser asks with "cancel" only so often; Escape always closes.
        .on("keydown", move |event| {
            if key_of(&event) == "Escape" {
                event.prevent_default();
                close(app);
            }
        })
        // A press beside the dialog is a press on its backdrop, which is the dialog's own.
        .on("mousedown", move |event| {
            let target = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
            if target.as_ref() == Some(&own) {
                close(app);
            }
        })
}

/// When the dialog goes, what had the focus gets it again, unless what was chosen gives it to something else afterwards.
fn give_focus_back() {
    let before: StoredValue<Option<HtmlElement>, LocalStorage> = StoredValue::new_local(None);
    // Once a dialog that led to this one has given the focus back: what had it in that one is gone with it.
    queue_microtask(move || {
        let focused = browser::document().active_element().and_then(|element| element.dyn_into().ok());
        let _ = before.try_set_value(focused);
    });
    on_cleanup(move || {
        // Once the dialog is out of the page: as long as it is there, nothing else takes the focus.
        if let Some(before) = before.try_get_value().flatten() {
            queue_microtask(move || drop(before.focus()));
        }
    });
}

fn shortcuts(app: App) -> El {
    let grid = [
        ("Arrows", "Move and select"),
        ("Shift + arrows", "Extend the selection"),
        ("Ctrl + arrows", "Move without selecting"),
        ("Home, End", "First and last tactic"),
        ("Ctrl + Home, End", "First and last technique"),
        ("Space", "Add to or take from the selection"),
        ("0 to 9", "Score what is selected"),
        ("Backspace", "Take the last digit back, or the score away"),
        ("Click on a tactic", "Select its techniques, or let go of them"),
    ];
    let line = |keys: &str, words: &str| {
        el("div", "shortcut").child(&el("dt", "").text(keys)).child(&el("dd", "").text(words))
    };
    let section = |title: &str, lines: Vec<El>| {
        el("section", "").child(&el("h3", "").text(title)).child(&el("dl", "").children(lines))
    };
    let group = |group: Group| {
        let there = move |it: &&Command| it.group() == group && !it.keys().is_empty() && !app.is_off(**it);
        let keys = |it: &Command| it.keys().iter().map(|chord| chord_words(chord)).collect::<Vec<_>>().join(", ");
        let commands = Command::ALL.iter().filter(there);
        let lines: Vec<El> = commands.map(|it| line(&keys(it), it.title())).collect();
        (!lines.is_empty()).then(|| section(group.title(), lines))
    };
    let in_matrix = section("In a matrix", grid.map(|(keys, words)| line(keys, words)).into());
    let in_presentation = section("While presenting", present::KEYS.map(|(keys, words)| line(keys, words)).into());
    el("div", "shortcuts")
        .child(&help_pages())
        .child(&in_matrix)
        .children(Group::ALL.into_iter().filter_map(group))
        .child(&in_presentation)
}

/// In a split: one layer for both tiers, or one for each matrix.
fn export_choice(app: App) -> El {
    let parts = RwSignal::new(false);
    let choice = |value: bool, words: &str, more: &str| {
        let input = el("input", "")
            .attr("type", "radio")
            .attr("name", "export-parts")
            .attr("data-field", if value { "export-parts" } else { "export-one" })
            .kept(move |element| element.unchecked_ref::<HtmlInputElement>().set_checked(parts.get() == value))
            .on("change", move |_| parts.set(value));
        let text = el("span", "").child(&el("b", "").text(words)).child(&el("br", ""));
        el("label", "choice").child(&input).child(&text.child(&el("span", "muted").text(more)))
    };
    let export = move || {
        close(app);
        if parts.get_untracked() {
            run::run(app, Command::LayerExportPartsJson);
        } else {
            exports::one_json(app);
        }
    };
    let actions = el("div", "dialog-actions").children([
        button("button").text("Cancel").on_click(move || close(app)),
        button("button primary").attr("data-action", "export").attr("autofocus", "").text("Export").on_click(export),
    ]);
    el("div", "form").children([
        choice(
            false,
            "One layer",
            "Both tiers in one file, with the combined values for other tools. Opens here as it is now.",
        ),
        choice(
            true,
            "One layer for each matrix",
            "The official Navigator opens the file as two tabs, each with its own tier's scores. Opens here as one layer again.",
        ),
        actions,
    ])
}
