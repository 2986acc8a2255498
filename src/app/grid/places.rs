//! Where a cell stands, by its id in the page, and which of all cells Tab reaches.

use super::parts::set;
use crate::{app::browser, matrix::Position};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// `prefix`: [`STAGE`], or another for matrices elsewhere in the page.
pub fn cell_id(prefix: &str, position: Position) -> String {
    format!("{prefix}-{}-{}-{}", position.matrix, position.column, position.row)
}

/// What the ids of the stage's cells begin with.
pub const STAGE: &str = "cell";

/// The position that [`cell_id`] wrote into an element's id.
pub fn position_of(element: &Element) -> Option<Position> {
    let id = element.id();
    let mut numbers = id.strip_prefix("cell-")?.split('-').map(str::parse);
    let mut next = || numbers.next()?.ok();
    Some(Position { matrix: next()?, column: next()?, row: next()? })
}

pub fn cell_at(position: Position) -> Option<HtmlElement> {
    browser::document().get_element_by_id(&cell_id(STAGE, position))?.dyn_into().ok()
}

/// Makes a cell the one that Tab reaches, of all grids: arrows lead from one to the other.
pub fn rove(position: Option<Position>) -> Option<HtmlElement> {
    let reachable = browser::document().query_selector_all(".cell[tabindex='0']");
    if let Ok(reachable) = reachable {
        for at in 0..reachable.length() {
            if let Some(cell) = reachable.item(at).and_then(|node| node.dyn_into::<Element>().ok()) {
                set(&cell, "tabindex", "-1");
            }
        }
    }
    let first = Position { matrix: 0, column: 0, row: 0 };
    let cell = cell_at(position.unwrap_or(first))
        .or_else(|| browser::document().query_selector(".cell").ok().flatten().and_then(|cell| cell.dyn_into().ok()));
    if let Some(cell) = &cell {
        set(cell, "tabindex", "0");
    }
    cell
}
