//! How a picture of the layer is to look, with a preview. How it is drawn is `export`'s.

use super::{
    annotation::labelled,
    choice_field::{Choosable, choice_field},
    control::is_checked,
    dialogs::close,
};
use crate::{
    app::{
        dom::{El, button, el, value_of},
        pictures,
        state::App,
    },
    export::{Font, Header, LegendPlace, Look, SHEETS, Sheet, Unit},
    layer::{Color, ExpandedSubtechniques, Representation, Score},
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

/// In pixels, and what they suit.
const WIDTHS: [(&str, &str); 4] =
    [("1280", "1280 px, a page"), ("1920", "1920 px, a slide"), ("2560", "2560 px"), ("3840", "3840 px, a poster")];

/// Pixels of a PNG for each of the picture's.
const SCALES: [(&str, &str); 3] = [("1", "1 × (as wide as said)"), ("2", "2 × (sharp on paper)"), ("3", "3 ×")];

/// By the representation's word; of the split there are two.
const REPRESENTATIONS: [(&str, &str); 5] = [
    ("unified", "Unified"),
    (BESIDE, "Split, side by side"),
    ("split", "Split, one under the other"),
    ("orchestration", "Orchestration alone"),
    ("container", "Container alone"),
];
const BESIDE: &str = "split-beside";

/// A size that is typed.
const CUSTOM: &str = "custom";

#[derive(Clone, Copy)]
struct Form {
    look: RwSignal<Look>,
    /// The sheet's name, [`CUSTOM`], or empty where the height follows.
    sheet: RwSignal<String>,
    upright: RwSignal<bool>,
    unit: RwSignal<Unit>,
    scale: RwSignal<f64>,
}

pub fn picture_dialog(app: App) -> El {
    let form = Form {
        look: RwSignal::new(pictures::usual(app)),
        sheet: RwSignal::new(String::new()),
        upright: RwSignal::new(false),
        unit: RwSignal::new(Unit::Inch),
        scale: RwSignal::new(2.0),
    };
    let (look, scale) = (form.look, form.scale);
    let action = |action: &str, words: &str, primary: bool| {
        button(if primary { "button primary" } else { "button" }).attr("data-action", action).text(words)
    };
    let actions = el("div", "dialog-actions").children([
        action("copy-picture", "Copy", false)
            .on_click(move || pictures::copy(app, look.get_untracked(), scale.get_untracked())),
        action("export-png", "Export PNG", false).on_click(move || {
            close(app);
            pictures::export_png_as(app, look.get_untracked(), scale.get_untracked());
        }),
        action("export-svg", "Export SVG", true).attr("autofocus", "").on_click(move || {
            close(app);
            pictures::export_svg_as(app, look.get_untracked());
        }),
    ]);
    let note = "The layer rides along: dropping the picture on Bulkhead opens it.";
    el("div", "form picture").children([
        form.size(app),
        form.parts(),
        form.more(),
        preview(app, look),
        el("p", "muted").text(note),
        actions,
    ])
}

fn owned(all: &[(&str, &str)]) -> Vec<Choosable> {
    all.iter().map(|(value, words)| ((*value).to_owned(), (*words).to_owned())).collect()
}

impl Form {
    fn size(self, app: App) -> El {
        let Self { look, sheet, upright, unit, scale } = self;
        let number = |text: &str, otherwise: f64| text.parse().unwrap_or(otherwise);
        let mut sheets = owned(&[("", "As high as it needs")]);
        sheets.extend(SHEETS.iter().map(|(name, width, height)| {
            let words =
                if name.starts_with('A') { (*name).to_owned() } else { format!("{name} ({width} × {height} in)") };
            ((*name).to_owned(), words)
        }));
        sheets.extend(owned(&[(CUSTOM, "Other…")]));
        let units: Vec<Choosable> =
            Unit::ALL.iter().map(|unit| (unit.word().to_owned(), unit.word().to_owned())).collect();
        let has_sheet = move || sheet.with(|name| !name.is_empty());
        let shown = |field: El, is: Box<dyn Fn() -> bool>| field.has("hidden", move || (!is()).then(String::new));
        let width = choice_field(
            "Width",
            "picture-width",
            &owned(&WIDTHS),
            move || look.get().width.to_string(),
            move |width| look.update(|look| look.width = number(&width, look.width)),
        );
        let paper = choice_field(
            "Page",
            "picture-sheet",
            &sheets,
            move || sheet.get(),
            move |name| {
                sheet.set(name);
                self.lay();
            },
        );
        let orientation = choice_field(
            "Orientation",
            "picture-orientation",
            &owned(&[("landscape", "Landscape"), ("portrait", "Portrait")]),
            move || if upright.get() { "portrait" } else { "landscape" }.to_owned(),
            move |word| {
                upright.set(word == "portrait");
                self.lay();
            },
        );
        // Another unit measures the same paper.
        let units = choice_field(
            "Unit",
            "picture-unit",
            &units,
            move || unit.get().word().to_owned(),
            move |word| {
                let wanted = Unit::ALL.into_iter().find(|unit| unit.word() == word).unwrap_or(Unit::Inch);
                unit.set(wanted);
                look.update(|look| look.sheet = look.sheet.map(|sheet| sheet.measured_in(wanted)));
            },
        );
        let themes = choice_field(
            "Colours",
            "picture-theme",
            &owned(&[("light", "Light"), ("dark", "Dark")]),
            move || if look.get().dark { "dark" } else { "light" }.to_owned(),
            move |theme| look.update(|look| look.dark = theme == "dark"),
        );
        let scales = choice_field(
            "PNG",
            "picture-scale",
            &owned(&SCALES),
            move || scale.get().to_string(),
            move |value| scale.update(|scale| *scale = number(&value, *scale)),
        );
        let is_custom = move || sheet.with(|name| name == CUSTOM);
        el("div", "picture-fields").children([
            self.representation(app),
            paper,
            shown(width, Box::new(move || !has_sheet())),
            shown(orientation, Box::new(move || has_sheet() && !is_custom())),
            shown(units, Box::new(has_sheet)),
            shown(self.length("Page width", "picture-sheet-width", |sheet| &mut sheet.width), Box::new(is_custom)),
            shown(self.length("Page height", "picture-sheet-height", |sheet| &mut sheet.height), Box::new(is_custom)),
            themes,
            scales,
        ])
    }

    /// The screen's, until another is chosen.
    fn representation(self, app: App) -> El {
        let look = self.look;
        choice_field(
            "Representation",
            "picture-representation",
            &owned(&REPRESENTATIONS),
            move || {
                let look = look.get();
                match look.representation.unwrap_or_else(|| app.with_layer(|layer| layer.display.representation)) {
                    Representation::Split if look.beside => BESIDE,
                    other => other.word(),
                }
                .to_owned()
            },
            move |word| {
                look.update(|look| {
                    look.beside = word == BESIDE;
                    let word = if look.beside { Representation::Split.word() } else { &word };
                    look.representation = Representation::from_word(word);
                });
            },
        )
    }

    /// Takes the page that was chosen.
    fn lay(self) {
        let (name, upright, unit) =
            (self.sheet.get_untracked(), self.upright.get_untracked(), self.unit.get_untracked());
        self.look.update(|look| {
            look.sheet = match name.as_str() {
                "" => None,
                // From what was there, or from the official app's own.
                CUSTOM => look.sheet.or_else(|| Sheet::named("letter", upright, unit)),
                name => Sheet::named(name, upright, unit),
            };
        });
    }

    fn length(self, label: &str, field: &str, of: fn(&mut Sheet) -> &mut f64) -> El {
        let look = self.look;
        let input = el("input", "").attr("type", "text").attr("inputmode", "decimal").attr("data-field", field);
        let input = input
            .kept(move |element| {
                let input: &HtmlInputElement = element.unchecked_ref();
                let wanted = look.get().sheet.map(|mut sheet| *of(&mut sheet)).unwrap_or_default();
                // What is being typed stays as typed.
                if typed_length(&input.value()) != Some(wanted) {
                    input.set_value(&((wanted * 100.0).round() / 100.0).to_string());
                }
            })
            .on("input", move |event| {
                if let Some(length) = typed_length(&value_of(&event)) {
                    look.update(|look| {
                        if let Some(sheet) = &mut look.sheet {
                            *of(sheet) = length;
                        }
                    });
                }
            });
        labelled(label, &input)
    }

    fn parts(self) -> El {
        let check = |name: &str, words: &str, part: fn(&mut Look) -> &mut bool| check(self.look, name, words, part);
        el("div", "picture-checks").children([
            check("picture-about", "Name and description", |look| &mut look.header.about),
            check("picture-domain", "Bundle", |look| &mut look.header.domain),
            check("picture-filters", "Platforms and aggregates", |look| &mut look.header.filters),
            check("picture-gradient", "Scale", |look| &mut look.header.gradient),
            check("picture-annotated", "Only annotated techniques", |look| &mut look.only_annotated),
            self.no_header(),
        ])
    }

    /// All of the header at once.
    fn no_header(self) -> El {
        let look = self.look;
        button("button small").attr("data-action", "picture-header").text("No header").on_click(move || {
            look.update(|look| {
                look.header = if look.header.is_there() { Header::NONE } else { Look::USUAL.header };
            });
        })
    }

    fn more(self) -> El {
        let look = self.look;
        let legend = choice_field(
            "Legend",
            "picture-legend",
            &owned(&[("below", "Below the matrix"), ("above", "Above the matrix"), ("nowhere", "None")]),
            move || {
                match look.get().legend {
                    LegendPlace::Below => "below",
                    LegendPlace::Above => "above",
                    LegendPlace::Nowhere => "nowhere",
                }
                .to_owned()
            },
            move |place| {
                look.update(|look| {
                    look.legend = match place.as_str() {
                        "above" => LegendPlace::Above,
                        "nowhere" => LegendPlace::Nowhere,
                        _ => LegendPlace::Below,
                    };
                });
            },
        );
        let subtechniques = choice_field(
            "Sub-techniques",
            "picture-subtechniques",
            &owned(&[("", "As they are shown"), ("all", "All"), ("none", "None")]),
            move || look.get().subtechniques.map(|shown| shown.word().to_owned()).unwrap_or_default(),
            move |word| look.update(|look| look.subtechniques = ExpandedSubtechniques::from_word(&word)),
        );
        let fonts: Vec<Choosable> = [(Font::Sans, "Sans serif"), (Font::Serif, "Serif"), (Font::Mono, "Monospace")]
            .map(|(font, words)| (font.word().to_owned(), words.to_owned()))
            .into();
        let font = choice_field(
            "Font",
            "picture-font",
            &fonts,
            move || look.get().font.word().to_owned(),
            move |word| {
                let font = Font::ALL.into_iter().find(|font| font.word() == word).unwrap_or(Font::Sans);
                look.update(|look| look.font = font);
            },
        );
        let size = el("input", "")
            .attr("type", "text")
            .attr("inputmode", "decimal")
            .attr("placeholder", "fitting")
            .attr("data-field", "picture-size")
            .on("input", move |event| {
                look.update(|look| look.size = typed_length(&value_of(&event)));
            });
        let border = el("input", "")
            .attr("type", "text")
            .attr("placeholder", "the theme's")
            .attr("data-field", "picture-border")
            .on("input", move |event| {
                let color = Color::parse(value_of(&event).trim()).ok();
                look.update(|look| look.border = color.map(|color| color.over([u8::MAX; 3])));
            });
        let fields = el("div", "picture-fields").children([
            legend,
            subtechniques,
            font,
            labelled("Text size in pixels", &size),
            labelled("Border of cells", &border),
        ]);
        el("details", "picture-more").child(&el("summary", "").text("Legend, sub-techniques, type")).child(&fields)
    }
}

/// What was typed, read as scores are: with a decimal point or comma. `None` for what is no length.
fn typed_length(text: &str) -> Option<f64> {
    Score::parse(text).map(Score::value).filter(|length| *length > 0.0)
}

fn preview(app: App, look: RwSignal<Look>) -> El {
    let image = el("img", "").attr("alt", "Preview of the picture");
    let image = image.kept(move |element| {
        if let Some(address) = pictures::address_of(&pictures::drawn(app, look.get())) {
            let _ = element.set_attribute("src", &address);
            on_cleanup(move || pictures::give_back(&address));
        }
    });
    el("div", "picture-preview").attr("tabindex", "0").attr("role", "group").attr("aria-label", "Preview").child(&image)
}

fn check(look: RwSignal<Look>, name: &str, words: &str, part: fn(&mut Look) -> &mut bool) -> El {
    let input = el("input", "")
        .attr("type", "checkbox")
        .attr("data-field", name)
        .kept(move |element| {
            let mut now = look.get();
            element.unchecked_ref::<HtmlInputElement>().set_checked(*part(&mut now));
        })
        .on("change", move |event| {
            look.update(|look| *part(look) = is_checked(&event));
        });
    el("label", "check").child(&input).child(&el("span", "").text(words))
}
