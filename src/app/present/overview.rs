//! All slides and their steps at a glance, to go to any of them.

use super::{Presenting, go_to};
use crate::{
    app::{
        components::thumbnail,
        dom::{El, button, el},
        state::{App, TabId},
    },
    attack::{Knowledge, Tier},
    layer::{
        Representation,
        deck::{Light, Shot},
    },
};

pub fn overview(app: App, presenting: &Presenting) -> El {
    let slides = presenting.slides.iter().enumerate().map(|(slide, id)| one(app, presenting, slide, id));
    let list = el("ol", "overview-slides").children(slides);
    el("div", "present-overview").attr("role", "group").attr("aria-label", "Overview of slides").child(&list)
}

fn one(app: App, presenting: &Presenting, slide: usize, id: &TabId) -> El {
    let Some((layer, knowledge)) = app.layer_and_knowledge(id) else { return el("li", "") };
    let steps = presenting.shots.iter().enumerate().filter(|(_, shot)| shot.slide == slide).map(|(at, shot)| {
        let step = button("overview-step")
            .attr("data-shot", &at.to_string())
            .text(&words(&knowledge, shot))
            .on_click(move || go_to(app, at));
        let step = if at == presenting.at { step.attr("aria-current", "step") } else { step };
        el("li", "").child(&step)
    });
    el("li", "overview-slide").children([
        el("h3", "").text(&format!("{}. {}", slide + 1, layer.title())),
        el("div", "overview-picture").raw(&thumbnail(&layer, Some(&knowledge))),
        el("ul", "overview-steps").children(steps),
    ])
}

/// What a step is called.
pub fn words(knowledge: &Knowledge, shot: &Shot) -> String {
    match &shot.light {
        Light::All => match shot.representation {
            Representation::Unified => "Unified",
            Representation::Split => "Split",
            Representation::Alone(Tier::Orchestration) => "Orchestration",
            Representation::Alone(Tier::Container) => "Container",
        }
        .to_owned(),
        Light::Tactic(name) => knowledge.tactic_title(name).to_owned(),
        Light::Technique(id) => {
            let name = knowledge.technique(id).map_or("", |technique| &technique.name);
            format!("{id} {name}")
        }
    }
}
