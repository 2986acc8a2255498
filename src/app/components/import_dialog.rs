//! What was found in detection content, and what layers to make of it: how rules are counted, which of them, and before
//! anything is made, what comes of it. The rules of all that are `import`'s.

use super::{
    choice_field::{Choosable, choice_field},
    control::is_checked,
    dialogs::close,
    import_columns::columns,
    import_preview::preview,
};
use crate::{
    app::{
        bundles::BundleKey,
        detections,
        dom::{El, button, derived, el, value_of},
        layers, persistence,
        state::App,
    },
    attack::Knowledge,
    import::{Averaging, Choices, Kind, Material, Matters, Plan, Planned, Scale, Where},
};
use leptos::prelude::*;
use std::{collections::BTreeMap, sync::Arc};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

/// So many files are listed by name.
const LISTED: usize = 8;
/// How many rules make 100, to begin with.
const CAP: u32 = 3;

/// The dialog's state: free to copy into every closure.
#[derive(Clone, Copy)]
pub struct Import {
    pub app: App,
    pub material: StoredValue<Arc<Material>>,
    pub choices: RwSignal<Choices>,
    pub key: RwSignal<BundleKey>,
    pub plan: Memo<Plan>,
    /// How many rules make 100, where so many do. The fields are made anew when other choices come to matter; this stays.
    cap: RwSignal<u32>,
    /// Names that the user gave, by the layers' places.
    pub names: RwSignal<BTreeMap<usize, String>>,
}

impl Import {
    fn new(app: App) -> Self {
        let material = StoredValue::new(detections::found());
        let key = RwSignal::new(app.bundle());
        let knowledge = app.bundles.with_untracked(|bundles| bundles.knowledge(&key.get_untracked()));
        let choices = RwSignal::new(material.with_value(|material| Choices::new(material, &knowledge)));
        let plan = derived(move || {
            let knowledge = app.bundles.with(|bundles| bundles.knowledge(&key.get()));
            material.with_value(|material| choices.with(|choices| Plan::of(material, choices, &knowledge)))
        });
        let (cap, names) = (RwSignal::new(CAP), RwSignal::new(BTreeMap::new()));
        Self { app, material, choices, key, plan, cap, names }
    }

    pub fn knowledge(self) -> Arc<Knowledge> {
        self.app.bundles.with(|bundles| bundles.knowledge(&self.key.get()))
    }

    pub fn choose(self, change: impl FnOnce(&mut Choices)) {
        self.choices.update(change);
    }

    fn matters(self) -> Matters {
        let knowledge = self.knowledge();
        self.material.with_value(|material| {
            self.choices.with(|choices| self.plan.with(|plan| Matters::of(material, choices, &knowledge, &plan.layers)))
        })
    }

    /// The layers that there would be, with their names.
    fn layers(self) -> Vec<(String, Planned)> {
        let names = self.names.get_untracked();
        let plan = self.plan.get_untracked();
        let named = plan.layers.into_iter().enumerate();
        named
            .filter(|(_, layer)| !layer.techniques.is_empty())
            .map(|(at, layer)| (names.get(&at).cloned().unwrap_or_else(|| layer.name.clone()), layer))
            .collect()
    }
}

pub fn import_dialog(app: App) -> El {
    let import = Import::new(app);
    let count = move || import.plan.with(|plan| plan.layers.iter().filter(|it| !it.techniques.is_empty()).count());
    let make = el("button", "button primary")
        .attr("type", "submit")
        .attr("data-action", "make")
        .has("disabled", move || (count() == 0).then(String::new))
        .says(move || match count() {
            0 | 1 => "Make layer".to_owned(),
            count => format!("Make {count} layers"),
        });
    let actions = el("div", "dialog-actions").children([
        el("span", "muted grow").text("Files are read in this browser and go nowhere."),
        button("button").text("Cancel").on_click(move || close(app)),
        make,
    ]);
    let body = el("div", "import-body").children([
        el("div", "import-side").children([sources(import), options(import)]),
        el("div", "import-main").child(&tables(import)).child(&preview(import)),
    ]);
    el("form", "form import-form")
        .on("submit", move |event| {
            event.prevent_default();
            let layers = import.layers();
            if !layers.is_empty() {
                close(app);
                detections::make(app, layers, &import.key.get_untracked());
            }
        })
        .children([body, actions])
}

fn sources(import: Import) -> El {
    let material = import.material.get_value();
    let mut files: Vec<(&str, Vec<String>)> = Vec::new();
    for source in &material.sources {
        let count = source.table.as_ref().map_or(source.rules.len(), |table| table.rows.len());
        let words = source.kind.counted(count);
        match files.iter_mut().find(|(file, _)| *file == source.file) {
            Some((_, all)) => all.push(words),
            None => files.push((&source.file, vec![words])),
        }
    }
    let totals = |kind: Kind| {
        let of_kind = material.sources.iter().filter(|source| source.kind == kind);
        let count: usize = of_kind.map(|it| it.table.as_ref().map_or(it.rules.len(), |table| table.rows.len())).sum();
        (count > 0).then(|| kind.counted(count))
    };
    let all: Vec<String> = Kind::ALL.into_iter().filter_map(totals).collect();
    let head = el("h3", "").attr("data-found", "").text(&all.join(", "));
    let line = |(file, words): &(&str, Vec<String>)| {
        let name = el("span", "import-file").attr("title", file).text(file.rsplit('/').next().unwrap_or(file));
        el("li", "").child(&name).child(&el("span", "muted").text(&words.join(", ")))
    };
    let more = files.len().saturating_sub(LISTED);
    let mut list = el("ul", "plain-list import-files").children(files.iter().take(LISTED).map(line));
    if more > 0 {
        let words = if more == 1 { "and 1 more file".to_owned() } else { format!("and {more} more files") };
        list = list.child(&el("li", "muted").text(&words));
    }
    let mut section = el("section", "").child(&head).child(&list);
    if material.others > 0 {
        let words = if material.others == 1 {
            "1 other file has".to_owned()
        } else {
            format!("{} other files have", material.others)
        };
        section = section.child(&el("p", "muted").text(&format!("{words} no rules.")));
    }
    if !material.problems.is_empty() {
        let problem = |it: &crate::import::Problem| {
            el("li", "").child(&el("b", "").text(&it.file)).text(&format!(": {}.", it.what))
        };
        let count = material.problems.len();
        let words = if count == 1 { "1 problem".to_owned() } else { format!("{count} problems") };
        let list = el("ul", "plain-list").children(material.problems.iter().map(problem));
        let details = el("details", "import-problems").attr("data-problems", "").attr("open", "");
        section = section.child(&details.child(&el("summary", "").text(&words)).child(&list));
    }
    section
}

fn tables(import: Import) -> El {
    let material = import.material.get_value();
    let tables = material.sources.iter().filter(|source| source.table.is_some()).enumerate();
    el("div", "").children(tables.map(|(at, source)| columns(import, at, source)))
}

// ---- options

fn options(import: Import) -> El {
    let matters = derived(move || import.matters());
    let body = el("div", "form import-options").holds(move || asked(import, matters.get()));
    el("section", "").child(&el("h3", "").text("How they count")).child(&bundle(import)).child(&body)
}

/// The bundles that there are: techniques are looked for in the one that is chosen.
fn bundle(import: Import) -> El {
    let app = import.app;
    let keys: Vec<BundleKey> = app.bundles.with_untracked(|bundles| {
        let own = [BundleKey::Attack19, BundleKey::Attack18, BundleKey::Microsoft];
        own.into_iter().chain(bundles.opened().into_iter().cloned()).collect()
    });
    let option = |key: &BundleKey| (key.word().to_owned(), layers::bundle_words(app, key));
    let options: Vec<Choosable> = keys.iter().map(option).collect();
    let chosen = move || import.key.with(|key| key.word().to_owned());
    choice_field("Matrix", "import-bundle", &options, chosen, move |word| {
        let key = BundleKey::from_word(&word);
        leptos::task::spawn_local(async move {
            match persistence::bring_bundle(app, &key).await {
                Ok(()) => import.key.set(key),
                Err(error) => {
                    // The list goes back to the one that there is.
                    import.key.notify();
                    app.complain(error);
                }
            }
        });
    })
}

fn asked(import: Import, matters: Matters) -> Vec<El> {
    let choices = import.choices;
    let mut all = Vec::new();
    if matters.scale {
        all.push(scale(import));
    }
    if matters.averaging {
        let words = |averaging: Averaging| match averaging {
            Averaging::Average => "their average",
            Averaging::Highest => "the highest",
            Averaging::Lowest => "the lowest",
            Averaging::Sum => "their sum",
        };
        let options = Averaging::ALL.map(|it| (it.word().to_owned(), words(it).to_owned()));
        let chosen = move || choices.with(|choices| choices.averaging.word().to_owned());
        all.push(choice_field("Of several scores", "import-averaging", &options, chosen, move |word| {
            if let Some(averaging) = Averaging::from_word(&word) {
                import.choose(|choices| choices.averaging = averaging);
            }
        }));
    }
    let mut checks = el("div", "checks");
    let mut add = |matters: bool, field: &str, words: &str, on: fn(&Choices) -> bool, set: fn(&mut Choices, bool)| {
        if matters {
            checks = checks.clone().child(&check(import, field, words, on, set));
        }
    };
    add(matters.off, "import-off", "Also rules that are not enabled, or deprecated", |it| it.off, |it, on| it.off = on);
    add(
        matters.containers_only,
        "import-containers",
        "Only tests for containers",
        |it| it.containers_only,
        |it, on| it.containers_only = on,
    );
    add(
        matters.place,
        "import-tactics",
        "Only in the tactics that a rule names",
        |it| it.place == Where::NamedTactics,
        |it, on| {
            it.place = if on { Where::NamedTactics } else { Where::AllTactics };
        },
    );
    add(
        matters.replaced,
        "import-replaced",
        "Take retired ids for what replaced them",
        |it| it.replaced,
        |it, on| it.replaced = on,
    );
    add(
        matters.to_parent,
        "import-parent",
        "Count a sub-technique that the matrix lacks for its technique",
        |it| it.to_parent,
        |it, on| it.to_parent = on,
    );
    add(
        matters.keep_unknown,
        "import-unknown",
        "Keep techniques that the matrix lacks, for other tools",
        |it| it.keep_unknown,
        |it, on| it.keep_unknown = on,
    );
    add(matters.apart, "import-apart", "A layer for each maker's rules", |it| it.apart, |it, on| it.apart = on);
    all.push(checks);
    all
}

fn check(import: Import, field: &str, words: &str, on: fn(&Choices) -> bool, set: fn(&mut Choices, bool)) -> El {
    let input = el("input", "").attr("type", "checkbox").attr("data-field", field).on("change", move |event| {
        import.choose(|choices| set(choices, is_checked(&event)));
    });
    input.node().unchecked_ref::<HtmlInputElement>().set_checked(import.choices.with_untracked(on));
    el("label", "check").child(&input).child(&el("span", "").text(words))
}

/// The number of rules as it is, or so many of them as 100.
fn scale(import: Import) -> El {
    let cap = import.cap;
    let choose = move |capped: bool| {
        import.choose(|choices| choices.scale = if capped { Scale::Capped(cap.get_untracked()) } else { Scale::Count });
    };
    let capped = move || import.choices.with(|choices| matches!(choices.scale, Scale::Capped(_)));
    let radio = |field: &str, value: bool| {
        el("input", "")
            .attr("type", "radio")
            .attr("name", "import-scale")
            .attr("data-field", field)
            .kept(move |element| element.unchecked_ref::<HtmlInputElement>().set_checked(capped() == value))
            .on("change", move |_| choose(value))
    };
    let number = el("input", "import-cap")
        .attr("type", "number")
        .attr("min", "1")
        .attr("max", "1000")
        .attr("data-field", "import-cap")
        .attr("aria-label", "Rules that make 100")
        .on("input", move |event| {
            if let Ok(number @ 1..=1_000) = value_of(&event).parse::<u32>() {
                cap.set(number);
                choose(true);
            }
        });
    number.node().unchecked_ref::<HtmlInputElement>().set_value(&cap.get_untracked().to_string());
    let count = el("label", "check")
        .child(&radio("import-count", false))
        .child(&el("span", "").text("Score is the number of rules"));
    let words = el("span", "").text("Score is 100 for");
    let cap = el("div", "import-capped")
        .child(&el("label", "check").child(&radio("import-capped", true)).child(&words))
        .child(&number)
        .child(&el("span", "").text("or more"));
    el("div", "checks").attr("role", "radiogroup").attr("aria-label", "Scores").child(&count).child(&cap)
}
