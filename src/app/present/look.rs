//! How a presentation looks: its ground, its accent, and how large its words are. This browser remembers it; the layer
//! knows nothing of it.

use crate::app::{
    browser,
    components::{Choosable, choice_field},
    dom::{El, el, watch},
};
use leptos::prelude::*;

const SETTING: &str = "bulkhead-briefing";

/// Word and title of each.
const GROUNDS: [(&str, &str); 5] = [
    ("theme", "As the app"),
    ("white", "White, for bright rooms"),
    ("paper", "Paper"),
    ("navy", "Navy"),
    ("black", "Black, for dark rooms"),
];
const ACCENTS: [(&str, &str); 5] =
    [("blue", "Blue"), ("teal", "Teal"), ("violet", "Violet"), ("orange", "Orange"), ("grey", "Grey")];
const SIZES: [(&str, &str); 3] = [("usual", "Usual"), ("large", "Large"), ("small", "Small")];

/// Words of the tables above.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    pub ground: &'static str,
    accent: &'static str,
    size: &'static str,
}

/// As remembered; what is none of the words is as usual.
pub fn stored() -> Look {
    let text = browser::setting(SETTING).unwrap_or_default();
    let mut words = text.split(' ');
    let mut next = |all: &[(&'static str, &str)]| one_of(all, words.next().unwrap_or_default());
    Look { ground: next(&GROUNDS), accent: next(&ACCENTS), size: next(&SIZES) }
}

fn one_of(all: &[(&'static str, &str)], word: &str) -> &'static str {
    all.iter().chain(all.first()).find(|(known, _)| *known == word).or(all.first()).map_or("", |(known, _)| known)
}

impl Look {
    fn remember(self) {
        browser::remember_setting(SETTING, &format!("{} {} {}", self.ground, self.accent, self.size));
    }

    /// Marks an element so that the style shows it.
    pub fn mark(self, element: &El) {
        for (name, word) in [("data-ground", self.ground), ("data-accent", self.accent), ("data-size", self.size)] {
            let _ = element.node().set_attribute(name, word);
        }
    }

    /// Paper is white.
    pub fn on_paper(self) -> Self {
        Self { ground: "white", ..self }
    }

    /// Whether cells are those of the dark theme; `None`: as the app's.
    pub fn is_dark(self) -> Option<bool> {
        match self.ground {
            "white" | "paper" => Some(false),
            "navy" | "black" => Some(true),
            _ => None,
        }
    }
}

/// Fields to choose it, and a sample of it.
pub fn look_fields() -> El {
    let look = RwSignal::new(stored());
    let options = |all: &[(&str, &str)]| -> Vec<Choosable> {
        all.iter().map(|(word, title)| ((*word).to_owned(), (*title).to_owned())).collect()
    };
    let set = move |change: &dyn Fn(&mut Look)| {
        look.update(|look| change(look));
        look.get_untracked().remember();
    };
    let sample = el("div", "look-sample slide-look").attr("aria-hidden", "true").children([
        el("b", "").text("Aa"),
        el("span", "look-accent"),
        el("span", "").text("How it looks"),
    ]);
    let shown = sample.clone();
    watch(move || look.get().mark(&shown));
    el("div", "look-fields").children([
        choice_field(
            "Ground",
            "present-ground",
            &options(&GROUNDS),
            move || look.get().ground.to_owned(),
            move |word| set(&|look| look.ground = one_of(&GROUNDS, &word)),
        ),
        choice_field(
            "Accent",
            "present-accent",
            &options(&ACCENTS),
            move || look.get().accent.to_owned(),
            move |word| set(&|look| look.accent = one_of(&ACCENTS, &word)),
        ),
        choice_field(
            "Words",
            "present-size",
            &options(&SIZES),
            move || look.get().size.to_owned(),
            move |word| set(&|look| look.size = one_of(&SIZES, &word)),
        ),
        sample,
    ])
}
