//! The fields that annotate what is selected: once, or once for each tier where the layer scores tiers separately and
//! the unified matrix is shown. A field whose values differ says so and changes only what the user edits.

use super::{
    color_field::{Names, color_fields, swatch},
    control::is_checked,
    lists::{Owner, links, metadata},
    status_bar::tier_glyph,
};
use crate::{
    app::{
        dom::{El, button, derived, el, value_of},
        state::App,
    },
    attack::Tier,
    layer::{Color, Edit, Mark, SWATCHES, Score, Target, TierScoring, color_name},
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};

/// A value of all targets: the same, or mixed.
#[derive(Debug, Clone, PartialEq)]
pub enum Common<T> {
    Same(T),
    Mixed,
}

impl<T: PartialEq> Common<T> {
    /// Of no values: mixed, since there is none to show.
    pub fn of(values: impl IntoIterator<Item = T>) -> Self {
        let mut values = values.into_iter();
        let Some(first) = values.next() else { return Self::Mixed };
        if values.all(|value| value == first) { Self::Same(first) } else { Self::Mixed }
    }

    pub fn same(self) -> Option<T> {
        match self {
            Self::Same(value) => Some(value),
            Self::Mixed => None,
        }
    }
}

/// What the fields of a card show.
#[derive(Debug, Clone, PartialEq)]
struct Shown {
    score: Common<Option<Score>>,
    color: Common<Option<Color>>,
    comment: Common<String>,
    enabled: Common<bool>,
    /// The tier that all of them are about, where tiers are told apart.
    tier: Option<Tier>,
}

/// One card's fields: what they are about, and what they show.
#[derive(Clone, Copy)]
struct Card {
    app: App,
    tier: Option<Tier>,
    targets: Memo<Vec<Target>>,
    shown: Memo<Shown>,
}

pub fn annotation(app: App) -> El {
    let targets = derived(move || {
        app.selection.track();
        app.focus.track();
        app.matrices.track();
        app.targets()
    });
    let by_tier = derived(move || has_two_tiers(app, &targets.get()));
    let cards = el("div", "cards").holds(move || {
        let tiers: &[Option<Tier>] =
            if by_tier.get() { &[Some(Tier::Orchestration), Some(Tier::Container)] } else { &[None] };
        tiers.iter().map(|tier| card(app, targets, *tier)).collect()
    });
    el("section", "annotation")
        .attr("data-region", "annotation")
        .child(&cards)
        .child(&links(app, Owner::Selected(targets)))
        .child(&metadata(app, Owner::Selected(targets)))
}

/// Two cards where each tier has its own values and the cells shown are the unified ones.
fn has_two_tiers(app: App, targets: &[Target]) -> bool {
    let apart = app.layer.with(|layer| layer.tier_scoring != TierScoring::Together);
    let knowledge = app.knowledge.get();
    let in_both =
        |target: &Target| target.tier.is_none() && knowledge.tiers_of(&target.key.technique).tiers().count() > 1;
    apart && targets.iter().any(in_both)
}

/// Score, colour, comment and state: of one tier, or of what is selected as it stands.
fn card(app: App, targets: Memo<Vec<Target>>, tier: Option<Tier>) -> El {
    let targets = derived(move || narrowed(app, &targets.get(), tier));
    let shown = derived(move || shown(app, &targets.get(), tier));
    let card = Card { app, tier, targets, shown };
    let title = el("h3", "card-title").holds(move || {
        let tier = shown.with(|shown| shown.tier);
        tier.map(|tier| vec![tier_glyph(tier), el("span", "").text(tier.word())]).unwrap_or_default()
    });
    el("div", "card")
        .attr("data-card", tier.map_or("both", Tier::word))
        .child(&title)
        .child(&el("div", "card-row").child(&card.score()).child(&card.enabled()))
        .child(&card.color())
        .child(&card.comment())
}

/// The targets as one card edits them.
fn narrowed(app: App, targets: &[Target], tier: Option<Tier>) -> Vec<Target> {
    let Some(tier) = tier else { return targets.to_vec() };
    let knowledge = app.knowledge.get();
    let of_tier = targets.iter().filter(|target| {
        target.tier.is_none_or(|own| own == tier) && knowledge.tiers_of(&target.key.technique).contains(tier)
    });
    app.in_own_tiers(of_tier.map(|target| Target { tier: Some(tier), ..target.clone() }).collect())
}

fn shown(app: App, targets: &[Target], tier: Option<Tier>) -> Shown {
    let layer = app.layer.get();
    let marks: Vec<Mark> = targets.iter().map(|target| layer.mark(&target.key, target.tier)).collect();
    let apart = layer.tier_scoring != TierScoring::Together;
    let common = Common::of(targets.iter().map(|target| target.tier)).same().flatten();
    Shown {
        score: Common::of(marks.iter().map(|mark| mark.score)),
        color: Common::of(marks.iter().map(|mark| mark.color.clone())),
        comment: Common::of(marks.iter().map(|mark| mark.comment.clone())),
        enabled: Common::of(marks.iter().map(|mark| mark.enabled)),
        tier: common.filter(|_| apart).or(tier),
    }
}

impl Card {
    fn field(self, name: &str) -> String {
        self.tier.map_or_else(|| name.to_owned(), |tier| format!("{name}-{}", tier.word()))
    }

    fn edit(self, what: &str, edit: impl FnOnce(Vec<Target>) -> Edit) {
        let targets = self.targets.get_untracked();
        let join = App::join_on(what, &targets);
        self.app.edit_joined(&edit(targets), Some(join));
    }

    /// What is being typed stays as typed as long as it means the value that is there.
    fn score(self) -> El {
        let wrong = RwSignal::new(false);
        let input = el("input", "")
            .attr("type", "text")
            .attr("inputmode", "decimal")
            .attr("autocomplete", "off")
            .attr("data-field", &self.field("score"))
            .has("placeholder", move || {
                let mixed = self.shown.with(|shown| shown.score == Common::Mixed);
                Some(if mixed { "mixed" } else { "not scored" }.to_owned())
            })
            .has("aria-invalid", move || wrong.get().then(|| "true".to_owned()))
            .kept(move |element| {
                let wanted = self.shown.with(|shown| shown.score.clone().same().flatten());
                let input: &HtmlInputElement = element.unchecked_ref();
                if Score::parse(&input.value()) != wanted {
                    input.set_value(&wanted.map(|score| score.to_json().to_string()).unwrap_or_default());
                    wrong.set(false);
                }
            })
            .on("input", move |event| {
                let text = value_of(&event);
                let score = Score::parse(&text);
                let is_wrong = score.is_none() && !text.trim().is_empty();
                wrong.set(is_wrong);
                if !is_wrong {
                    self.edit("score", |targets| Edit::Score(targets, score));
                }
            });
        let error = el("span", "field-error")
            .attr("role", "alert")
            .says(move || if wrong.get() { "Not a number".to_owned() } else { String::new() });
        labelled("Score", &input).child(&error)
    }

    fn enabled(self) -> El {
        let input = el("input", "")
            .attr("type", "checkbox")
            .attr("data-field", &self.field("enabled"))
            .kept(move |element| {
                let enabled = self.shown.with(|shown| shown.enabled.clone());
                let input: &HtmlInputElement = element.unchecked_ref();
                input.set_checked(enabled != Common::Same(false));
                input.set_indeterminate(enabled == Common::Mixed);
            })
            .on("change", move |event| {
                let checked = is_checked(&event);
                self.app.edit(&Edit::Enabled(self.targets.get_untracked(), checked));
            });
        el("label", "check").child(&input).child(&el("span", "").text("Enabled"))
    }

    fn current_color(self) -> Option<Color> {
        self.shown.with(|shown| shown.color.clone().same().flatten())
    }

    fn set_color(self, color: Option<Color>) {
        self.edit("color", |targets| Edit::Color(targets, color));
    }

    fn swatch(self, color: Color) -> El {
        let (own, name) = (color.rgba(), color_name(&color).to_owned());
        swatch(&color, &name)
            .is("aria-pressed", move || self.current_color().is_some_and(|current| current.rgba() == own))
            .on_click(move || self.set_color(Some(color.clone())))
    }

    fn color(self) -> El {
        let words = el("span", "muted").says(move || match self.shown.with(|shown| shown.color.clone()) {
            Common::Mixed => "mixed".to_owned(),
            Common::Same(Some(color)) => color_name(&color).to_owned(),
            Common::Same(None) => "by score".to_owned(),
        });
        let names = Names { chooser: &self.field("color"), text: &self.field("color-text"), label: "Any colour" };
        let set = move |color: Option<Color>, settled: bool| {
            if let Some(color) = color.as_ref().filter(|_| settled) {
                self.app.remember_color(color);
            }
            self.set_color(color);
        };
        let [any, text, error] = color_fields(&names, move || self.current_color(), set);
        let none = button("swatch none")
            .attr("title", "No colour: the score's")
            .attr("aria-label", "No colour: the score's")
            .on_click(move || self.set_color(None));
        let ready = SWATCHES.iter().filter_map(|(color, _)| Color::parse(color).ok());
        let swatches =
            el("div", "swatches").children(ready.map(|color| self.swatch(color))).child(&any).child(&none).child(&text);
        let recent =
            el("div", "swatches").attr("role", "group").attr("aria-label", "Colours used last").holds(move || {
                let recent = self.app.recent_colors.get();
                let title = (!recent.is_empty()).then(|| el("span", "muted").text("Recent"));
                title.into_iter().chain(recent.into_iter().map(|color| self.swatch(color))).collect()
            });
        let legend = el("legend", "field-name").text("Colour").child(&words);
        el("fieldset", "field colors").child(&legend).child(&swatches).child(&recent).child(&error)
    }

    fn comment(self) -> El {
        let area = el("textarea", "")
            .attr("rows", "3")
            .attr("data-field", &self.field("comment"))
            .has("placeholder", move || {
                let mixed = self.shown.with(|shown| shown.comment == Common::Mixed);
                mixed.then(|| "comments differ: typing replaces them".to_owned())
            })
            .kept(move |element| {
                let wanted = self.shown.with(|shown| shown.comment.clone().same().unwrap_or_default());
                let area: &HtmlTextAreaElement = element.unchecked_ref();
                if area.value() != wanted {
                    area.set_value(&wanted);
                }
            })
            .on("input", move |event| {
                let comment = value_of(&event);
                self.edit("comment", |targets| Edit::Comment(targets, comment));
            });
        labelled("Comment", &area)
    }
}

/// A field under its name.
pub fn labelled(name: &str, field: &El) -> El {
    el("label", "field").child(&el("span", "field-name").text(name)).child(field)
}
