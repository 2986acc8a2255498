//! Matrices in a frame of a given size: all of them to be seen, nothing to scroll, with the largest text that fits. How large
//! that is, is reckoned by `matrix::fit` and then looked at in the page, since fonts differ.

use crate::{
    app::{
        bearing::Says,
        custom::Switches,
        dom::{El, el, set_or_remove},
        grid::{Look, Painter, Scene},
        selection::Selection,
        state::{Standings, Theme, standings},
    },
    attack::{Knowledge, TacticName, TechniqueId, Tier},
    layer::{Display, ExpandedSubtechniques, Layer, LayoutKind, Representation, Score, TierScoring},
    matrix::{
        self, Matrix, Said,
        fit::{Fit, Labels, Texts},
    },
    words,
};
use std::{cell::RefCell, sync::Arc};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// What the font is measured with.
const SAMPLE: &str = "Exploitation for Privilege Escalation, Container Orchestration Job";
const SAMPLE_SIZE: f64 = 100.0;

/// A text smaller than this part of the frame's height is too small to be read from the back: sub-techniques are folded
/// away then, if that helps.
const LEAST_PART: f64 = 14.0 / 1080.0;
/// Nor is it larger than this part.
const MOST_PART: f64 = 27.0 / 1080.0;

/// A frame with matrices in it.
pub struct Frame {
    /// What the matrices stand in, which is as large as the frame.
    pub root: El,
    host: HtmlElement,
    sample: HtmlElement,
    painter: RefCell<Painter>,
    ids: String,
    fitted: RefCell<Option<(Asked, Laid)>>,
}

/// What a frame is to show.
#[derive(Clone)]
pub struct Stood {
    pub layer: Arc<Layer>,
    /// The score from which on a technique is covered.
    pub threshold: f64,
    pub knowledge: Arc<Knowledge>,
    pub representation: Representation,
    /// The tactics to show; all where it is empty.
    pub only: Vec<TacticName>,
    pub theme: Theme,
    /// In pixels.
    pub wide: f64,
    pub high: f64,
    /// How high all of the wall or page is, in pixels: text is judged by it.
    pub whole: f64,
    /// Whether sub-techniques may be folded away for the sake of larger text.
    pub folds: bool,
}

/// What a fit depends on.
struct Asked {
    layer: Arc<Layer>,
    knowledge: Arc<Knowledge>,
    representation: Representation,
    only: Vec<TacticName>,
    size: (f64, f64),
}

/// A layer laid out for a frame, and how it fits.
#[derive(Clone)]
struct Laid {
    layer: Arc<Layer>,
    matrices: Arc<Vec<Matrix>>,
    standing: Arc<Standings>,
    fit: Fit,
    /// Sub-techniques are folded away that the layer shows.
    folded: bool,
}

impl Frame {
    pub fn new(ids: &str) -> Self {
        let host = el("div", "matrices");
        let sample = el("span", "frame-sample").attr("aria-hidden", "true").text(SAMPLE);
        let root = el("div", "frame").child(&host).child(&sample);
        Self {
            host: host.node().clone(),
            sample: sample.node().clone(),
            painter: RefCell::new(Painter::new(host.node())),
            root,
            ids: ids.to_owned(),
            fitted: RefCell::default(),
        }
    }

    /// Shows it, and says whether sub-techniques had to be folded away.
    pub fn show(&self, stood: &Stood) -> bool {
        let laid = self.laid(stood);
        let scene = Scene {
            layer: &laid.layer,
            threshold: stood.threshold,
            knowledge: &stood.knowledge,
            matrices: &laid.matrices,
            standing: &laid.standing,
            second: None,
            selection: &Selection::default(),
            look: Look { theme: stood.theme, switches: Switches::ALL },
            ids: &self.ids,
        };
        let mut painter = self.painter.borrow_mut();
        let painted = painter.paint(&scene);
        while painted.more && painter.go_on(&scene) {}
        drop(painter);
        if painted.built {
            put_into_lanes(&self.host, &laid.fit);
        }
        self.settle(&laid.fit, stood.high, stood.whole * MOST_PART);
        laid.folded
    }

    /// Puts the light on a tactic, or on all.
    pub fn light(&self, tactic: Option<&TacticName>) {
        set_or_remove(&self.host, "data-light", tactic.map(TacticName::as_str));
        let Ok(all) = self.host.query_selector_all("[data-tactic]") else { return };
        for at in 0..all.length() {
            let Some(part) = all.item(at).and_then(|node| node.dyn_into::<Element>().ok()) else { continue };
            let dark = tactic.is_some_and(|name| part.get_attribute("data-tactic").as_deref() != Some(name.as_str()));
            set_or_remove(&part, "data-dim", dark.then_some(""));
            set_or_remove(&part, "aria-disabled", dark.then_some("true"));
        }
    }

    /// How large the text will be.
    pub fn text_of(&self, stood: &Stood) -> f64 {
        lay(stood, self.wider()).fit.text
    }

    fn laid(&self, stood: &Stood) -> Laid {
        let known = self.fitted.borrow().as_ref().filter(|(asked, _)| asked.fits(stood)).map(|(_, laid)| laid.clone());
        if let Some(laid) = known {
            return laid;
        }
        let asked = Asked {
            layer: stood.layer.clone(),
            knowledge: stood.knowledge.clone(),
            representation: stood.representation,
            only: stood.only.clone(),
            size: (stood.wide, stood.high),
        };
        let laid = lay(stood, self.wider());
        *self.fitted.borrow_mut() = Some((asked, laid.clone()));
        laid
    }

    /// How much wider the page's font is than what widths are reckoned with.
    fn wider(&self) -> f64 {
        let measured = f64::from(self.sample.offset_width());
        let reckoned = words::width(words::Font::Sans, SAMPLE, SAMPLE_SIZE);
        if measured > 0.0 { (measured / reckoned).clamp(0.5, 2.0) } else { 1.0 }
    }

    /// Writes the fit into the page, and makes the text smaller until what stands there has room, or larger as long as it has.
    fn settle(&self, fit: &Fit, high: f64, most: f64) {
        const TRIES: usize = 14;
        let stands = |text: f64| {
            write(&self.host, fit, text);
            f64::from(self.host.offset_height())
        };
        let mut text = fit.text;
        let mut now = stands(text);
        for _ in 0..TRIES {
            let larger = (text * 1.025).min(fit.unbroken).min(most);
            if now > high {
                text *= (high / now).powf(0.7).clamp(0.7, 0.99);
                now = stands(text);
            } else if larger > text * 1.001 {
                let after = stands(larger);
                if after > high {
                    stands(text);
                    break;
                }
                (text, now) = (larger, after);
            } else {
                break;
            }
        }
    }
}

impl Asked {
    fn fits(&self, stood: &Stood) -> bool {
        Arc::ptr_eq(&self.layer, &stood.layer)
            && Arc::ptr_eq(&self.knowledge, &stood.knowledge)
            && self.representation == stood.representation
            && self.only == stood.only
            && self.size == (stood.wide, stood.high)
    }
}

/// What a layer says that bears on the layout, with all sub-techniques folded away.
struct Folded<'a>(Says<'a>);

impl Said for Folded<'_> {
    fn score(&self, technique: &TechniqueId, tactic: &TacticName, tier: Option<Tier>) -> Option<Score> {
        self.0.score(technique, tactic, tier)
    }

    fn enabled(&self, technique: &TechniqueId, tactic: &TacticName, tier: Option<Tier>) -> bool {
        self.0.enabled(technique, tactic, tier)
    }

    fn annotated(&self, technique: &TechniqueId) -> bool {
        self.0.annotated(technique)
    }

    fn opened(&self, _: &TechniqueId, _: &TacticName) -> bool {
        false
    }
}

fn lay(stood: &Stood, wider: f64) -> Laid {
    let open = lay_with(stood, wider, false);
    if !stood.folds || open.fit.text >= stood.whole * LEAST_PART {
        return open;
    }
    let folded = lay_with(stood, wider, true);
    if folded.fit.text > open.fit.text * 1.05 { folded } else { open }
}

fn lay_with(stood: &Stood, wider: f64, folded: bool) -> Laid {
    let display = shown(&stood.layer.display, stood.representation, folded);
    let layer = Arc::new(Layer { display, ..Layer::clone(&stood.layer) });
    let says = Says(&layer);
    let folds = Folded(Says(&layer));
    let said: &dyn Said = if folded { &folds } else { &says };
    let mut matrices = matrix::lay_out(&stood.knowledge, &layer.display, &layer.platforms, said);
    if !stood.only.is_empty() {
        for matrix in &mut matrices {
            matrix.columns.retain(|column| stood.only.contains(&column.tactic));
        }
    }
    let texts = Texts::of(&matrices, &stood.knowledge, labels(&layer), wider);
    let fit = texts.fit(stood.wide, stood.high, stood.whole * MOST_PART);
    let standing = standings(&stood.knowledge, &layer.display, &layer.platforms);
    Laid { layer, matrices: Arc::new(matrices), standing, fit, folded }
}

/// As the layer is displayed, but with all cells under each other and with text in them.
fn shown(display: &Display, representation: Representation, folded: bool) -> Display {
    let mini = display.layout == LayoutKind::Mini;
    Display {
        representation,
        layout: LayoutKind::Flat,
        show_id: display.show_id || mini,
        show_name: display.show_name || mini,
        empty_tactics: false,
        expanded: if folded { ExpandedSubtechniques::None } else { display.expanded },
        ..display.clone()
    }
}

fn labels(layer: &Layer) -> Labels {
    const LONGEST: usize = 6;
    let pair = layer.display.representation == Representation::Unified
        && layer.tier_scoring != TierScoring::Together
        && !layer.display.show_aggregate;
    let scores = layer.annotations.iter().flat_map(|entry| {
        [None, Some(Tier::Orchestration), Some(Tier::Container)].map(|tier| layer.mark_of(entry, tier).score)
    });
    let signs = scores.flatten().map(|score| score.to_string().len()).max().unwrap_or(0);
    Labels { ids: layer.display.show_id, names: layer.display.show_name, score: signs.min(LONGEST), pair }
}

/// Cells that a fit has in several lanes get boxes of their own, one for each lane.
fn put_into_lanes(host: &HtmlElement, fit: &Fit) {
    let Ok(grids) = host.query_selector_all(".columns") else { return };
    for (at, breaks) in (0..grids.length()).zip(&fit.breaks) {
        let Some(columns) = grids.item(at).and_then(|node| node.dyn_into::<Element>().ok()) else { continue };
        let Ok(boxes) = columns.query_selector_all(":scope > .column") else { continue };
        for (x, (breaks, lanes)) in (0..boxes.length()).zip(breaks.iter().zip(&fit.lanes)) {
            let column = boxes.item(x).and_then(|node| node.dyn_into::<Element>().ok());
            if let Some(column) = column.filter(|_| *lanes > 1) {
                put_column(&column, breaks, *lanes);
            }
        }
    }
}

fn put_column(column: &Element, breaks: &[usize], lanes: usize) {
    let mut cells = Vec::new();
    while let Some(cell) = column.first_element_child() {
        cell.remove();
        cells.push(cell);
    }
    let _ = column.set_attribute("data-lanes", &lanes.to_string());
    let ends = breaks.iter().copied().chain([cells.len()]);
    let mut cells = cells.into_iter().enumerate().peekable();
    for end in ends {
        let lane = el("div", "lane");
        while let Some((_, cell)) = cells.next_if(|(row, _)| *row < end) {
            let _ = lane.node().append_child(&cell);
        }
        let _ = column.append_child(lane.node());
    }
}

fn write(host: &HtmlElement, fit: &Fit, text: f64) {
    let style = host.style();
    // Lanes stay as wide as they are, whatever becomes of the text.
    #[allow(clippy::cast_precision_loss)]
    let wide = |lanes: &usize| fit.lane * *lanes as f64 + fit.gap * (*lanes as f64 - 1.0);
    let template: Vec<String> = fit.lanes.iter().map(|lanes| format!("{:.3}px", wide(lanes))).collect();
    for (name, value) in [
        ("--template", template.join(" ")),
        ("--t", format!("{text:.3}px")),
        ("--lane", format!("{:.3}px", fit.lane)),
        ("--between", format!("{:.3}px", fit.gap)),
    ] {
        let _ = style.set_property(name, &value);
    }
}
