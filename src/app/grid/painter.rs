//! Puts matrices into the page. The structure is built anew only where the layout changed, and cells that stay are
//! kept; otherwise each cell's view is compared with the one shown, and only differences are written. Of a large matrix
//! what is in sight comes first, and the rest in portions after the browser has shown that; one that was built anew is
//! filled in tasks of their own, so that the page goes on in between.

use super::{
    counts::{Counts, Scored},
    frame::{band, height, rows, show_labels, show_tactic_row, show_widths},
    parts::{CellPart, HeaderPart, element, matrix_title, set},
    places::cell_id,
    sight::Sight,
    view,
};
use crate::{
    app::{browser, dom::set_or_remove, selection::Selection, state::Standings},
    attack::{Knowledge, Release},
    layer::{Key, Layer, LayoutKind},
    matrix::{self, Column, Matrix, MatrixKind, Position, beside, is_double, subtechniques},
};
use rustc_hash::FxHashMap;
use std::{cell::Cell, ops::Range, sync::Arc};
use web_sys::{Element, HtmlElement};

/// So many cells are shown in one go, in sight or not: no container matrix has more.
const AT_ONCE: usize = 300;

/// So many cells of a larger matrix are shown in one go once what is in sight is.
const PORTION: usize = 200;

/// What is to be seen.
pub struct Scene<'a> {
    pub layer: &'a Layer,
    /// The score from which on a technique is covered.
    pub threshold: f64,
    pub knowledge: &'a Knowledge,
    pub matrices: &'a [Matrix],
    pub standing: &'a Arc<Standings>,
    /// The layer whose scores each cell shows beside its own.
    pub second: Option<&'a Layer>,
    pub selection: &'a Selection,
    /// What the ids of cells begin with.
    pub ids: &'a str,
    pub look: view::Look,
}

pub struct Painter {
    host: HtmlElement,
    built: Option<Built>,
    grids: Vec<Grid>,
    tactic_row: Option<view::Fill>,
    /// What is still to be shown, last first.
    waiting: Vec<Position>,
    /// The structure is new, and nothing of what is in its cells is shown yet.
    empty: bool,
    /// Somebody is about to go on with it.
    pub going_on: bool,
    /// A new structure took the focus from a cell, which is to have it back.
    pub lost_focus: bool,
}

/// What a painting came to.
#[derive(Debug, Clone, Copy)]
pub struct Painted {
    /// Cells had to be built anew for it.
    pub built: bool,
    /// There is more to be shown: see [`Painter::go_on`]. Of what was built anew that is everything, and it should come soon.
    pub more: bool,
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
        Self {
            host: host.clone(),
            built: None,
            grids: Vec::new(),
            tactic_row: None,
            waiting: Vec::new(),
            empty: false,
            going_on: false,
            lost_focus: false,
        }
    }

    /// Shows the scene: of a large one what is in sight, and the rest with [`Self::go_on`]; of a large one that had to be
    /// built only its structure.
    pub fn paint(&mut self, scene: &Scene) -> Painted {
        let fits = self.fits(scene);
        if !fits {
            self.build(scene);
        }
        // Before anything is changed: what is in sight would have to be laid out anew to be known.
        self.empty = !fits && is_large(scene);
        if !self.empty {
            self.show_in_sight(scene);
        }
        let alone = scene.matrices.len() == 1;
        for grid in &mut self.grids {
            grid.show_counts(Scored { layer: scene.layer, threshold: scene.threshold }, alone);
        }
        show_labels(&self.host, scene.layer);
        let tactic_row = view::tactic_fill(&scene.layer.display, scene.look.theme);
        if tactic_row != self.tactic_row {
            show_tactic_row(&self.host, tactic_row);
            self.tactic_row = tactic_row;
        }
        let more = self.empty || !self.waiting.is_empty();
        if !more {
            mark_painted();
        }
        Painted { built: !fits, more }
    }

    fn show_in_sight(&mut self, scene: &Scene) {
        let (now, later) = self.in_order(scene);
        self.waiting = later;
        now.into_iter().for_each(|position| self.show(scene, position));
    }

    /// Shows the next portion of what is not in sight, and says whether there is more.
    pub fn go_on(&mut self, scene: &Scene) -> bool {
        if !self.fits(scene) {
            // It is about to be painted anew.
            self.waiting.clear();
            self.empty = false;
            return false;
        }
        if std::mem::take(&mut self.empty) {
            self.show_in_sight(scene);
            return true;
        }
        let portion = self.waiting.len().saturating_sub(PORTION);
        for position in self.waiting.split_off(portion).into_iter().rev() {
            self.show(scene, position);
        }
        if self.waiting.is_empty() {
            mark_painted();
        }
        !self.waiting.is_empty()
    }

    fn fits(&self, scene: &Scene) -> bool {
        self.built.as_ref().is_some_and(|built| built.fits(scene))
    }

    /// What is to be shown at once, and what may wait, last first.
    fn in_order(&self, scene: &Scene) -> (Vec<Position>, Vec<Position>) {
        let positions =
            |matrix: usize, column: usize, rows: Range<usize>| rows.map(move |row| Position { matrix, column, row });
        let (mut now, mut later) = (Vec::new(), Vec::new());
        let sight = is_large(scene).then(|| Sight::of(&self.host)).flatten();
        for (matrix, grid) in self.grids.iter().enumerate() {
            for (column, cells) in grid.cells.iter().enumerate() {
                let rows = 0..cells.len();
                let seen = sight.as_ref().map_or(rows.clone(), |sight| sight.rows(cells, |cell| &cell.part.element));
                later.extend(positions(matrix, column, rows.start..seen.start));
                later.extend(positions(matrix, column, seen.end..rows.end));
                now.extend(positions(matrix, column, seen));
            }
        }
        later.reverse();
        (now, later)
    }

    fn show(&mut self, scene: &Scene, at: Position) {
        let Some(matrix) = scene.matrices.get(at.matrix) else { return };
        let cell = matrix.columns.get(at.column).and_then(|column| column.cells.get(at.row));
        let standing = self.grids.get_mut(at.matrix).and_then(|grid| grid.cells.get_mut(at.column)?.get_mut(at.row));
        if let (Some(cell), Some(standing)) = (cell, standing) {
            standing.show(scene, matrix.kind, cell);
        }
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

fn is_large(scene: &Scene) -> bool {
    let columns = scene.matrices.iter().flat_map(|matrix| &matrix.columns);
    columns.map(|column| column.cells.len()).sum::<usize>() > AT_ONCE
}

/// What the structure was built for.
struct Built {
    matrices: Vec<Matrix>,
    standing: Arc<Standings>,
    release: Release,
    layout: LayoutKind,
    assigned: usize,
}

impl Built {
    fn of(scene: &Scene) -> Self {
        Self {
            matrices: scene.matrices.to_vec(),
            standing: scene.standing.clone(),
            release: scene.knowledge.release.clone(),
            layout: scene.layer.display.layout,
            assigned: assigned(scene.knowledge),
        }
    }

    fn fits(&self, scene: &Scene) -> bool {
        self.layout == scene.layer.display.layout
            && (Arc::ptr_eq(&self.standing, scene.standing) || self.standing == *scene.standing)
            && self.release == scene.knowledge.release
            && self.matrices == scene.matrices
            && self.assigned == assigned(scene.knowledge)
    }
}

/// Techniques that have a tier: one that has none stands where one of both does.
fn assigned(knowledge: &Knowledge) -> usize {
    knowledge.techniques.iter().filter(|technique| technique.tier.is_some()).count()
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
        for part in [&header, &band, &columns, &rows(scene.ids, at, matrix)] {
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
            let part = kept.unwrap_or_else(|| CellPart::new(cell, technique, column.tactic.as_str()));
            set_or_remove(&part.element, "data-tier", view::tier_words(technique));
            part.element.set_id(&cell_id(scene.ids, Position { matrix, column: x, row: y }));
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

    fn show_counts(&mut self, scored: Scored, alone: bool) {
        for (at, header) in self.headers.iter_mut().enumerate() {
            if let Some(count) = self.counts.column(scored, at, self.kind, alone) {
                header.show(count);
            }
        }
        self.band_count.set_text_content(Some(&self.counts.words(scored, self.kind)));
    }
}

impl StandingPart {
    fn show(&mut self, scene: &Scene, kind: MatrixKind, cell: &matrix::Cell) {
        let Self { key, family, part } = self;
        let Some(technique) = scene.knowledge.technique(&cell.technique) else { return };
        let at = view::Standing { kind, cell, key, family };
        let mut view = view::cell_view(scene.layer, scene.selection, scene.look, &at);
        view.second = scene.second.and_then(|second| view::second_measure(second, scene.look, &at));
        part.show(view, technique);
    }
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
