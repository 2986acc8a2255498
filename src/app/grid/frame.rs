//! What stands around the cells of a matrix, and how wide it all is.

use super::{
    parts::{element, ink_word, matrix_title, set},
    places::cell_id,
    view,
};
use crate::{
    app::dom::set_or_remove,
    layer::{Layer, LayoutKind},
    matrix::{Matrix, MatrixKind, Position, is_double},
};
use web_sys::{Element, HtmlElement};

/// How wide the tactics' columns are to each other: in the side layout those with open sub-techniques are double, in both
/// matrices of a split.
pub fn show_widths(host: &HtmlElement, layout: LayoutKind, matrices: &[Matrix]) {
    let columns = matrices.first().map_or(0, |matrix| matrix.columns.len());
    let double = |at: usize| {
        layout == LayoutKind::Side && matrices.iter().any(|matrix| matrix.columns.get(at).is_some_and(is_double))
    };
    let widths: Vec<usize> = (0..columns).map(|at| if double(at) { 2 } else { 1 }).collect();
    let template: Vec<String> = widths.iter().map(|width| format!("minmax(0, {width}fr)")).collect();
    let _ = host.style().set_property("--columns", &widths.iter().sum::<usize>().max(1).to_string());
    let _ = host.style().set_property("--template", &template.join(" "));
}

/// The cells of a column stand under each other in the page, since that is how they pack; the rows that the grid
/// pattern asks for own them by their ids. (The columns are rows too, by name: checkers look at where cells stand.)
pub fn rows(ids: &str, at: usize, matrix: &Matrix) -> HtmlElement {
    let group = element("div", "rows");
    set(&group, "role", "rowgroup");
    for y in 0..height(matrix) {
        let columns = matrix.columns.iter().enumerate();
        let in_row = columns.filter(|(_, column)| y < column.cells.len());
        let owned: Vec<String> =
            in_row.map(|(x, _)| cell_id(ids, Position { matrix: at, column: x, row: y })).collect();
        let row = element("div", "");
        set(&row, "role", "row");
        set(&row, "aria-rowindex", &(y + 2).to_string());
        set(&row, "aria-owns", &owned.join(" "));
        let _ = group.append_child(&row);
    }
    group
}

pub fn height(matrix: &Matrix) -> usize {
    matrix.columns.iter().map(|column| column.cells.len()).max().unwrap_or(0)
}

/// The line between the headers and the cells of a tier's matrix. Its words are in the grid's label for those who hear.
pub fn band(kind: MatrixKind) -> (HtmlElement, Element) {
    let band = element("div", "band");
    set(&band, "aria-hidden", "true");
    set(&band, "data-tier", kind.tier().map_or("both", |tier| tier.word()));
    let glyph = element("span", "band-glyph");
    let title = element("span", "band-title");
    title.set_text_content(Some(matrix_title(kind)));
    let count = element("span", "band-count");
    for part in [&glyph, &title, &count] {
        let _ = band.append_child(part);
    }
    (band, count.into())
}

pub fn show_labels(host: &HtmlElement, layer: &Layer) {
    set(host, "data-ids", if layer.display.show_id { "shown" } else { "hidden" });
    set(host, "data-names", if layer.display.show_name { "shown" } else { "hidden" });
}

pub fn show_tactic_row(host: &HtmlElement, fill: Option<view::Fill>) {
    set_or_remove(host, "data-tactic-ink", fill.map(|fill| ink_word(fill.ink)));
    let style = host.style();
    let _ = match fill {
        Some(fill) => style.set_property("--tactic-row", &fill.css()),
        None => style.remove_property("--tactic-row").map(drop),
    };
}
