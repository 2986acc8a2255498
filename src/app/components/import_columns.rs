//! The columns of a table that is imported: its first rows, with what each column is above it.

use super::{
    choice_field::{Choosable, choice},
    control::is_checked,
    import_dialog::Import,
};
use crate::{
    app::dom::{El, el},
    import::{Role, Source},
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

const SHOWN_ROWS: usize = 5;
const SHOWN_COLUMNS: usize = 40;
const SHOWN_CHARACTERS: usize = 60;

/// The table that is the `at`th of those found.
pub fn columns(import: Import, at: usize, source: &Source) -> El {
    let Some(table) = &source.table else { return el("div", "") };
    let has = move |role: Role| import.choices.with(|it| it.columns.get(at).is_some_and(|columns| columns.has(role)));
    let width = table.width().min(SHOWN_COLUMNS);
    let role_of = move |column: usize| {
        import
            .choices
            .with(|it| it.columns.get(at).and_then(|it| it.roles.get(column)).copied())
            .unwrap_or(Role::Nothing)
    };
    let options: Vec<Choosable> = Role::ALL.map(|role| (role.word().to_owned(), role.title().to_owned())).into();
    let head = (0..width).map(|column| {
        let choose = move |word: String| {
            if let Some(role) = Role::from_word(&word) {
                import.choose(|it| {
                    if let Some(columns) = it.columns.get_mut(at) {
                        *columns = columns.with(column, role);
                    }
                });
            }
        };
        let select = choice("import-column", &options, move || role_of(column).word().to_owned(), choose)
            .attr("aria-label", &format!("Column {}: {}", column + 1, short(table.cell(0, column))));
        el("th", "").attr("scope", "col").child(&select).is("data-used", move || role_of(column) != Role::Nothing)
    });
    let row = |row: usize| {
        let cells = (0..width).map(|column| {
            el("td", "").text(&short(table.cell(row, column))).is("data-used", move || role_of(column) != Role::Nothing)
        });
        el("tr", "").children(cells).has("class", move || {
            let head = row == 0 && import.choices.with(|it| it.columns.get(at).is_some_and(|columns| columns.head));
            head.then(|| "import-names".to_owned())
        })
    };
    let rows = el("tbody", "").children((0..table.rows.len().min(SHOWN_ROWS)).map(row));
    let cells = el("table", "").child(&el("thead", "").child(&el("tr", "").children(head))).child(&rows);
    let names = el("input", "").attr("type", "checkbox").attr("data-field", "import-head").on("change", move |event| {
        let on = is_checked(&event);
        import.choose(|it| {
            if let Some(columns) = it.columns.get_mut(at) {
                columns.head = on;
            }
        });
    });
    let named = import.choices.with_untracked(|it| it.columns.get(at).is_some_and(|columns| columns.head));
    names.node().unchecked_ref::<HtmlInputElement>().set_checked(named);
    let fault = el("p", "field-error").attr("role", "status").says(move || {
        let what = "Say which column has the technique ids.";
        if has(Role::Technique) { String::new() } else { what.to_owned() }
    });
    // It is scrolled with the keyboard, too.
    let frame = el("div", "import-table").attr("tabindex", "0").attr("role", "region");
    let words = format!("Columns of {}", source.file);
    el("section", "").children([
        el("h3", "").text(&words),
        frame.attr("aria-label", &words).child(&cells),
        el("label", "check").child(&names).child(&el("span", "").text("The first row names the columns")),
        fault,
    ])
}

fn short(text: &str) -> String {
    match text.char_indices().nth(SHOWN_CHARACTERS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
