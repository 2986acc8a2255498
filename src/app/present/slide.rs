//! A slide: name, what it is about, scale, description; matrices or a technique; legend and where in the briefing it is.
//! The wall, the presenter's window and paper show the same.

use super::{Frame, Stood, card::card, look::Look};
use crate::{
    app::{
        choice::counted,
        components::{gradient_css, legend_line, score_words},
        dom::{El, el, set_or_remove},
        state::{Theme, standings},
    },
    attack::{Knowledge, TacticName, Tier},
    layer::{
        Coverage, Key, Layer, Representation, TierScoring,
        deck::{Light, Shot},
        place_of,
    },
};
use std::sync::Arc;

/// Everything that is seen at a moment.
#[derive(Clone)]
pub struct Scene {
    pub layer: Arc<Layer>,
    /// The score from which on a technique is covered.
    pub threshold: f64,
    pub knowledge: Arc<Knowledge>,
    pub shot: Shot,
    /// The tactics to show; all where it is empty.
    pub only: Vec<TacticName>,
    /// Whether sub-techniques may be folded away for the sake of larger text.
    pub folds: bool,
    /// `3 / 14`, or whatever else stands in the corner.
    pub progress: String,
    pub theme: Theme,
    pub look: Look,
}

/// The elements of a slide.
pub struct Slide {
    pub root: El,
    title: El,
    caption: El,
    scale: El,
    description: El,
    stage: El,
    frame: Frame,
    card: El,
    legend: El,
    progress: El,
}

impl Slide {
    /// `ids`: what the ids of its cells begin with.
    pub fn new(ids: &str) -> Self {
        let frame = Frame::new(ids);
        let card = el("div", "slide-card");
        let stage = el("div", "slide-stage").child(&frame.root).child(&card);
        let slide = Self {
            root: el("div", "slide slide-look"),
            title: el("h2", "slide-title"),
            caption: el("p", "slide-caption"),
            scale: el("div", "slide-scale"),
            description: el("p", "slide-description"),
            stage,
            frame,
            card,
            legend: el("ul", "slide-legend"),
            progress: el("p", "slide-progress"),
        };
        let top = el("div", "slide-top").child(&slide.title).child(&slide.caption).child(&slide.scale);
        let head = el("div", "slide-head").child(&top).child(&slide.description);
        let foot = el("div", "slide-foot").child(&slide.legend).child(&slide.progress);
        let inside = el("div", "slide-inside").children([head, slide.stage.clone(), foot]);
        Self { root: slide.root.clone().child(&inside), ..slide }
    }

    /// Shows it, as large as it has room. It has to be in the page.
    pub fn show(&self, scene: &Scene) {
        let Scene { layer, knowledge, shot, .. } = scene;
        scene.look.mark(&self.root);
        write(&self.title, layer.title());
        write(&self.caption, &caption(scene));
        write(&self.description, layer.description.trim());
        hide(&self.description, layer.description.trim().is_empty());
        write(&self.progress, &scene.progress);
        self.show_scale(layer);
        self.show_legend(layer);
        let technique = match &shot.light {
            Light::Technique(id) => Some(id),
            _ => None,
        };
        let kind = if technique.is_some() { "technique" } else { "matrix" };
        let _ = self.root.node().set_attribute("data-kind", kind);
        if let Some(id) = technique {
            card(&self.card, layer, knowledge, id);
            return;
        }
        let Some(stood) = self.stood(scene) else { return };
        let folded = self.frame.show(&stood);
        set_or_remove(self.root.node(), "data-folded", folded.then_some(""));
        self.frame.light(match &shot.light {
            Light::Tactic(name) => Some(name),
            _ => None,
        });
    }

    /// How large the text of a scene's cells will be, once the rest of it is shown.
    pub fn text_of(&self, scene: &Scene) -> f64 {
        self.stood(scene).map_or(0.0, |stood| self.frame.text_of(&stood))
    }

    fn stood(&self, scene: &Scene) -> Option<Stood> {
        let stage = self.stage.node();
        let (wide, high) = (f64::from(stage.client_width()), f64::from(stage.client_height()));
        (wide >= 1.0 && high >= 1.0).then(|| Stood {
            layer: scene.layer.clone(),
            threshold: scene.threshold,
            knowledge: scene.knowledge.clone(),
            representation: scene.shot.representation,
            only: scene.only.clone(),
            theme: cell_theme(scene),
            wide,
            high,
            whole: f64::from(self.root.node().client_height()),
            folds: scene.folds,
        })
    }

    fn show_scale(&self, layer: &Layer) {
        let node = self.scale.node();
        node.set_text_content(None);
        let strip = el("span", "slide-strip").attr("aria-hidden", "true");
        let _ = strip.node().style().set_property("--strip", &gradient_css(&layer.gradient));
        let ends = [layer.gradient.minimum, layer.gradient.maximum].map(|end| el("b", "").text(&score_words(end)));
        let [low, high] = ends;
        let heard = el("span", "visually-hidden").text("Scores from ");
        for part in [heard, low, strip, el("span", "visually-hidden").text(" to "), high] {
            let _ = node.append_child(part.node());
        }
    }

    fn show_legend(&self, layer: &Layer) {
        let node = self.legend.node();
        node.set_text_content(None);
        for line in layer.legend.iter().filter_map(legend_line) {
            let _ = node.append_child(line.node());
        }
    }
}

/// The theme of the cells: the ground's, or the app's.
fn cell_theme(scene: &Scene) -> Theme {
    match scene.look.is_dark() {
        Some(true) => Theme::Dark,
        Some(false) => Theme::Light,
        None => scene.theme,
    }
}

fn write(element: &El, text: &str) {
    if element.node().text_content().as_deref() != Some(text) {
        element.node().set_text_content(Some(text));
    }
}

fn hide(element: &El, hidden: bool) {
    set_or_remove(element.node(), "hidden", hidden.then_some(""));
}

/// What of the layer is seen.
pub fn caption(scene: &Scene) -> String {
    let Scene { layer, knowledge, shot, .. } = scene;
    let bundle = knowledge.release.words();
    match &shot.light {
        Light::Tactic(name) => tactic_words(scene, name),
        Light::Technique(_) => bundle,
        Light::All => {
            let apart = layer.tier_scoring != TierScoring::Together;
            let kind = match (shot.representation, apart) {
                (Representation::Unified, true) => " · orchestration and container scored separately",
                (Representation::Unified, false) => "",
                (Representation::Split, _) => " · orchestration and container",
                (Representation::Alone(Tier::Orchestration), _) => " · orchestration",
                (Representation::Alone(Tier::Container), _) => " · container",
            };
            format!("{bundle}{kind}")
        }
    }
}

/// `Execution · 8 techniques · covered: orchestration 50 %, container 40 %`.
fn tactic_words(scene: &Scene, name: &TacticName) -> String {
    let Scene { layer, knowledge, threshold, .. } = scene;
    let title = knowledge.tactic_title(name);
    let standing = standings(knowledge, &layer.display, &layer.platforms);
    let of =
        |tier: Option<Tier>| standing[place_of(tier)].iter().filter(|key: &&Key| key.tactic.as_ref() == Some(name));
    let count = counted(of(None).count());
    let covered = Tier::ALL.map(|tier| {
        let percent = Coverage::from(layer, of(Some(tier)), Some(tier), *threshold).percent();
        percent.map(|percent| format!("{} {percent} %", tier.word()))
    });
    let covered: Vec<String> = covered.into_iter().flatten().collect();
    let covered = if covered.is_empty() { String::new() } else { format!(" · covered: {}", covered.join(", ")) };
    format!("{title} · {count}{covered}")
}
