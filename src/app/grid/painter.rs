//! Puts matrices into the page. The structure is built anew only where the layout changed, and cells that stay are
//! kept; otherwise each cell's view is compared with the one shown, and only differences are written.

use super::{
    counts::Counts,
    parts::{CellPart, HeaderPart, element, ink_word, matrix_title, set},
    view,
};
use crate::{
    app::{
        browser,
        dom::set_or_remove,
        selection::Selection,
        state::{Standings, Theme},
    },
    attack::{Knowledge, Release},
    layer::{Key, Layer, LayoutKind},
    matrix::{Column, Matrix, MatrixKind, Position, beside, is_double, subtechniques},
};
use rustc_hash::FxHashMap;
use std::{cell::Cell, sync::Arc};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// What is to be seen.
pub struct Scene<'a> {
    pub layer: &'a Layer,
    pub knowledge: &'a Knowledge,
    pub matrices: &'a [Matrix],
    pub standing: &'a Arc<Standings>,
    /// The layer whose scores each cell shows beside its own.
    pub second: Option<&'a Layer>,
    pub selection: &'a Selection,
    pub theme: Theme,
}

pub struct Painter {
    host: HtmlElement,
    built: Option<Built>,
    grids: Vec<Grid>,
    tactic_row: Option<view::Fill>,
    /// A new structure took the focus from a cell, which is to have it back.
    pub lost_focus: bool,
}

struct Grid {
    kind: MatrixKind,
    counts: Counts,
    band_count: Element,
    headers: Vec<HeaderPart>,
    /// By column and row.
    cells: Vec<Vec<StandingPart>>,
}

/// A cell in the page, what it is about, and the sub-techniques that an aggregate in it is about.
struct StandingPart {
    key: Key,
    family: Vec<Key>,
    part: CellPart,
}

impl Painter {
    pub fn new(host: &HtmlElement) -> Self {
        Self { host: host.clone(), built: None, grids: Vec::new(), tactic_row: None, lost_focus: false }
    }

    /// Shows the scene, and says whether its cells had to be built anew for it.
    pub fn paint(&mut self, scene: &Scene) -> bool {
        let fits = self.built.as_ref().is_some_and(|built| built.fits(scene));
        if !fits {
            self.build(scene);
        }
        for (grid, matrix) in self.grids.iter_mut().zip(scene.matrices) {
            grid.show(scene, matrix);
        }
        show_labels(&self.host, scene.layer);
        let tactic_row = view::tactic_fill(&scene.layer.display, scene.theme);
        if tactic_row != self.tactic_row {
            show_tactic_row(&self.host, tactic_row);
            self.tactic_row = tactic_row;
        }
        mark_painted();
        !fits
    }

    fn build(&mut self, scene: &Scene) {
        let mut old: FxHashMap<(MatrixKind, Key), CellPart> = FxHashMap::default();
        let keeps = self.built.as_ref().is_some_and(|built| built.release == scene.knowledge.release);
        for grid in self.grids.drain(..).filter(|_| keeps) {
            let cells = grid.cells.into_iter().flatten();
            old.extend(cells.map(|standing| ((grid.kind, standing.key), standing.part)));
        }
        let active = browser::document().active_element();
        self.lost_focus |= active.is_some_and(|active| self.host.contains(Some(&active)));
        self.host.set_text_content(None);
        let layout = scene.layer.display.layout;
        set(&self.host, "data-layout", layout.word());
        set(&self.host, "data-matrices", &scene.matrices.len().to_string());
        show_widths(&self.host, layout, scene.matrices);
        let grid = |(at, matrix): (usize, &Matrix)| Grid::build(&self.host, at, matrix, scene, &mut old);
        self.grids = scene.matrices.iter().enumerate().map(grid).collect();
        self.built = Some(Built::of(scene));
    }
}

/// What the structure was built for.
struct Built {
    matrices: Vec<Matrix>,
    standing: Arc<Standings>,
    release: Release,
    layout: LayoutKind,
}

impl Built {
    fn of(scene: &Scene) -> Self {
        Self {
            matrices: scene.matrices.to_vec(),
            standing: scene.standing.clone(),
            release: scene.knowledge.release.clone(),
            layout: scene.layer.display.layout,
        }
    }

    fn fits(&self, scene: &Scene) -> bool {
        self.layout == scene.layer.display.layout
            && (Arc::ptr_eq(&self.standing, scene.standing) || self.standing == *scene.standing)
            && self.release == scene.knowledge.release
            && self.matrices == scene.matrices
    }
}

/// How wide the tactics' columns are to each other: in the side layout those with open sub-techniques are double, in both
/// matrices of a split.
fn show_widths(host: &HtmlElement, layout: LayoutKind, matrices: &[Matrix]) {
    let columns = matrices.first().map_or(0, |matrix| matrix.columns.len());
    let double = |at: usize| {
        layout == LayoutKind::Side && matrices.iter().any(|matrix| matrix.columns.get(at).is_some_and(is_double))
    };
    let widths: Vec<usize> = (0..columns).map(|at| if double(at) { 2 } else { 1 }).collect();
    let template: Vec<String> = widths.iter().map(|width| format!("minmax(0, {width}fr)")).collect();
    let _ = host.style().set_property("--columns", &widths.iter().sum::<usize>().max(1).to_string());
    let _ = host.style().set_property("--template", &template.join(" "));
}

impl Grid {
    fn build(
        host: &Element,
        at: usize,
        matrix: &Matrix,
        scene: &Scene,
        old: &mut FxHashMap<(MatrixKind, Key), CellPart>,
    ) -> Self {
        let root = element("div", "matrix");
        set(&root, "role", "grid");
        set(&root, "data-matrix", matrix.kind.word());
        set(&root, "aria-label", matrix_title(matrix.kind));
        set(&root, "aria-multiselectable", "true");
        set(&root, "aria-colcount", &matrix.columns.len().to_string());
        set(&root, "aria-rowcount", &(height(matrix) + 1).to_string());

        let header = element("div", "tactics");
        set(&header, "role", "row");
        set(&header, "aria-rowindex", "1");
        let headers: Vec<HeaderPart> = matrix
            .columns
            .iter()
            .filter_map(|column| scene.knowledge.tactic(&column.tactic))
            .map(HeaderPart::new)
            .collect();
        headers.iter().for_each(|part| drop(header.append_child(&part.element)));

        let (band, band_count) = band(matrix.kind);
        let columns = element("div", "columns");
        set(&columns, "role", "rowgroup");
        let mut cells = Vec::with_capacity(matrix.columns.len());
        for (x, column) in matrix.columns.iter().enumerate() {
            let (box_, standing) = Self::column(at, x, matrix.kind, column, scene, old);
            let _ = columns.append_child(&box_);
            cells.push(standing);
        }
        for part in [&header, &band, &columns, &rows(at, matrix)] {
            let _ = root.append_child(part);
        }
        let _ = host.append_child(&root);
        let counts = Counts::of(scene.standing, matrix);
        Self { kind: matrix.kind, counts, band_count, headers, cells }
    }

    fn column(
        matrix: usize,
        x: usize,
        kind: MatrixKind,
        column: &Column,
        scene: &Scene,
        old: &mut FxHashMap<(MatrixKind, Key), CellPart>,
    ) -> (HtmlElement, Vec<StandingPart>) {
        let box_ = element("div", "column");
        set(&box_, "role", "row");
        let spots = if scene.layer.display.layout == LayoutKind::Side { beside(column) } else { Vec::new() };
        if !spots.is_empty() && is_double(column) {
            set(&box_, "data-double", "");
        }
        let mut parts = Vec::with_capacity(column.cells.len());
        for (y, cell) in column.cells.iter().enumerate() {
            let Some(technique) = scene.knowledge.technique(&cell.technique) else { continue };
            let key = Key::new(cell.technique.clone(), column.tactic.clone());
            let kept = old.remove(&(kind, key.clone())).filter(|part| part.made_for == *cell);
            let part = kept.unwrap_or_else(|| {
                CellPart::new(cell, technique, column.tactic.as_str(), view::tier_words(scene.knowledge, cell))
            });
            part.element.set_id(&cell_id(Position { matrix, column: x, row: y }));
            set(&part.element, "aria-colindex", &(x + 1).to_string());
            part.name(technique, scene.layer.display.layout != LayoutKind::Mini);
            if let Some(spot) = spots.get(y) {
                part.stand(*spot);
            }
            let _ = box_.append_child(&part.element);
            let family = subtechniques(scene.knowledge, &cell.technique, &column.tactic);
            let family = family.map(|child| Key::new(child.id.clone(), column.tactic.clone())).collect();
            parts.push(StandingPart { key, family, part });
        }
        (box_, parts)
    }

    fn show(&mut self, scene: &Scene, matrix: &Matrix) {
        let alone = scene.matrices.len() == 1;
        for (at, header) in self.headers.iter_mut().enumerate() {
            if let Some(count) = self.counts.column(scene.layer, at, self.kind, alone) {
                header.show(count);
            }
        }
        self.band_count.set_text_content(Some(&self.counts.words(scene.layer, self.kind)));
        for (parts, column) in self.cells.iter_mut().zip(&matrix.columns) {
            for (StandingPart { key, family, part }, cell) in parts.iter_mut().zip(&column.cells) {
                let Some(technique) = scene.knowledge.technique(&cell.technique) else { continue };
                let at = view::Standing { kind: self.kind, cell, key, family };
                let mut view = view::cell_view(scene.layer, scene.selection, scene.theme, &at);
                view.second = scene.second.and_then(|second| view::second_measure(second, scene.theme, &at));
                part.show(view, technique);
            }
        }
    }
}

/// The cells of a column stand under each other in the page, since that is how they pack; the rows that the grid
/// pattern asks for own them by their ids. (The columns are rows too, by name: checkers look at where cells stand.)
fn rows(at: usize, matrix: &Matrix) -> HtmlElement {
    let group = element("div", "rows");
    set(&group, "role", "rowgroup");
    for y in 0..height(matrix) {
        let columns = matrix.columns.iter().enumerate();
        let in_row = columns.filter(|(_, column)| y < column.cells.len());
        let owned: Vec<String> = in_row.map(|(x, _)| cell_id(Position { matrix: at, column: x, row: y })).collect();
        let row = element("div", "");
        set(&row, "role", "row");
        set(&row, "aria-rowindex", &(y + 2).to_string());
        set(&row, "aria-owns", &owned.join(" "));
        let _ = group.append_child(&row);
    }
    group
}

fn height(matrix: &Matrix) -> usize {
    matrix.columns.iter().map(|column| column.cells.len()).max().unwrap_or(0)
}

/// The line between the headers and the cells of a tier's matrix. Its words are in the grid's label for those who hear.
fn band(kind: MatrixKind) -> (HtmlElement, Element) {
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

fn show_labels(host: &HtmlElement, layer: &Layer) {
    set(host, "data-ids", if layer.display.show_id { "shown" } else { "hidden" });
    set(host, "data-names", if layer.display.show_name { "shown" } else { "hidden" });
}

fn show_tactic_row(host: &HtmlElement, fill: Option<view::Fill>) {
    set_or_remove(host, "data-tactic-ink", fill.map(|fill| ink_word(fill.ink)));
    let style = host.style();
    let _ = match fill {
        Some(fill) => style.set_property("--tactic-row", &fill.css()),
        None => style.remove_property("--tactic-row").map(drop),
    };
}

fn cell_id(position: Position) -> String {
    format!("cell-{}-{}-{}", position.matrix, position.column, position.row)
}

/// The position that [`cell_id`] wrote into an element's id.
pub fn position_of(element: &Element) -> Option<Position> {
    let id = element.id();
    let mut numbers = id.strip_prefix("cell-")?.split('-').map(str::parse);
    let mut next = || numbers.next()?.ok();
    Some(Position { matrix: next()?, column: next()?, row: next()? })
}

pub fn cell_at(position: Position) -> Option<HtmlElement> {
    browser::document().get_element_by_id(&cell_id(position))?.dyn_into().ok()
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

/// Tells tests, scripts and the benchmark that a matrix has been painted.
fn mark_painted() {
    leptos::prelude::request_animation_frame(|| {
        forget_old_marks();
        browser::mark("matrix-painted");
        if let Some(root) = browser::document().document_element() {
            set(&root, "data-app", "ready");
        }
    });
}

/// The record keeps every mark; after a thousand edits nobody asks for the first.
fn forget_old_marks() {
    const MOST: u32 = 500;
    thread_local!(static PAINTED: Cell<u32> = const { Cell::new(0) });
    let painted = PAINTED.with(|painted| painted.replace((painted.get() + 1) % MOST));
    if painted + 1 == MOST
        && let Some(performance) = browser::window().performance()
    {
        performance.clear_marks_with_mark_name("matrix-painted");
    }
}
