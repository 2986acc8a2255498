//! The dialog that upgrades a layer: from what, to what, what becomes of each annotation, and what else could. The rules
//! are `layer`'s.

use super::{
    control::is_checked,
    dialogs::close,
    select::{Choices, labelled_select, select},
};
use crate::{
    app::{
        browser,
        bundles::BundleKey,
        dom::{El, button, el, value_of},
        layers,
        state::App,
        upgrading::{Facts, Origin, Planned, goals},
    },
    attack::version_page,
    export,
    layer::{Decision, Fate, is_safe_url, tactic_words},
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

type Loaded<T> = RwSignal<Option<Result<T, String>>>;

/// What is asked for, and what came of it.
#[derive(Clone, Copy)]
struct Asked {
    app: App,
    facts: Loaded<Facts>,
    origin: RwSignal<Option<Origin>>,
    goal: RwSignal<BundleKey>,
    planned: Loaded<Planned>,
    /// For each decision which way is taken.
    chosen: RwSignal<Vec<usize>>,
    /// Decisions that the user has ticked off; a note for themselves, which no layer keeps.
    reviewed: RwSignal<Vec<usize>>,
    /// What is ticked off isn't listed.
    only_open: RwSignal<bool>,
    /// Only lines with these words are listed.
    filter: RwSignal<String>,
}

pub fn upgrade_dialog(app: App) -> El {
    let goals = goals(app);
    let asked = Asked {
        app,
        facts: RwSignal::new(None),
        origin: RwSignal::new(None),
        goal: RwSignal::new(goals.first().cloned().unwrap_or(BundleKey::DEFAULT)),
        planned: RwSignal::new(None),
        chosen: RwSignal::new(Vec::new()),
        reviewed: RwSignal::new(Vec::new()),
        only_open: RwSignal::new(false),
        filter: RwSignal::new(String::new()),
    };
    leptos::task::spawn_local(async move {
        let facts = Facts::fetched().await;
        if let Ok(facts) = &facts {
            asked.origin.set(Some(facts.origin(app)));
        }
        asked.facts.set(Some(facts));
    });
    let from = el("div", "upgrade-end").holds(move || match asked.facts.get() {
        Some(Ok(facts)) => vec![labelled_select("From", "upgrade-from", asked.origins(&facts))],
        _ => Vec::new(),
    });
    let choices = goals.into_iter().map(|key| {
        let words = layers::bundle_words(app, &key);
        let chosen = asked.goal.get_untracked() == key;
        (words, chosen, Box::new(move || asked.goal.set(key.clone())) as Box<dyn Fn()>)
    });
    let to = labelled_select("To", "upgrade-to", choices.collect());
    let made = el("div", "upgrade-told").attr("aria-live", "polite").holds(move || match asked.planned.get() {
        None => vec![el("p", "muted").text("Reading…")],
        Some(Err(error)) => vec![el("p", "field-error").text(&error)],
        Some(Ok(planned)) => asked.told(&planned),
    });
    let none = move || asked.planned.with(|planned| !matches!(planned, Some(Ok(_)))).then(String::new);
    let save = move || {
        if let Some(Ok(planned)) = asked.planned.get_untracked() {
            let text = asked.chosen.with_untracked(|chosen| planned.report(chosen));
            let name = export::file_name(&format!("{} upgrade", planned.layer.name), "md");
            if let Err(error) = browser::download(&name, "text/markdown", browser::Content::Text(&text)) {
                app.complain(error);
            }
        }
    };
    el("form", "form upgrade")
        .children([
            el("div", "two-fields").child(&from).child(&to),
            made,
            el("div", "dialog-actions").children([
                button("button")
                    .attr("data-action", "report")
                    .has("disabled", none)
                    .text("Save the report")
                    .on_click(save),
                el("span", "grow"),
                button("button").text("Cancel").on_click(move || close(app)),
                el("button", "button primary")
                    .attr("type", "submit")
                    .attr("data-action", "upgrade")
                    .has("disabled", none)
                    .text("Upgrade as a new layer"),
            ]),
        ])
        .kept(move |_| asked.plan())
        .on("submit", move |event| {
            event.prevent_default();
            if let Some(Ok(planned)) = asked.planned.get_untracked() {
                let chosen = asked.chosen.get_untracked();
                close(app);
                planned.make(app, &chosen);
            }
        })
}

impl Asked {
    fn origins(self, facts: &Facts) -> Choices {
        let own = self.origin.get_untracked();
        let choice = |origin: Origin| {
            let chosen = own.as_ref() == Some(&origin);
            let words = origin.words(self.app);
            (words, chosen, Box::new(move || self.origin.set(Some(origin.clone()))) as Box<dyn Fn()>)
        };
        facts.origins(self.app).into_iter().map(choice).collect()
    }

    /// Works it out again for what is asked now.
    fn plan(self) {
        let (goal, origin) = (self.goal.get(), self.origin.get());
        let facts = match self.facts.get() {
            None => return,
            Some(Err(error)) => return self.planned.set(Some(Err(error))),
            Some(Ok(facts)) => facts,
        };
        let Some(origin) = origin else { return };
        self.planned.set(None);
        leptos::task::spawn_local(async move {
            let planned = Planned::of(self.app, &facts, &origin, &goal).await;
            let still =
                || self.goal.try_get_untracked() == Some(goal) && self.origin.try_get_untracked() == Some(Some(origin));
            if still() {
                let count = planned.as_ref().map_or(0, |planned| planned.upgrade.decisions.len());
                self.chosen.set(vec![0; count]);
                self.reviewed.set(Vec::new());
                // The fields of the review are made anew, and are empty then.
                self.only_open.set(false);
                self.filter.set(String::new());
                self.planned.set(Some(planned));
            }
        });
    }

    fn told(self, planned: &Planned) -> Vec<El> {
        let count = planned.upgrade.decisions.len();
        if count == 0 {
            return vec![el("p", "muted").text("This layer says nothing yet: there is nothing to carry along.")];
        }
        let of = |fate: fn(&Fate) -> bool| planned.upgrade.decisions.iter().filter(|it| fate(&it.fate)).count();
        let chips = [
            ("unchanged", of(|fate| *fate == Fate::Unchanged)),
            ("changed", of(|fate| matches!(fate, Fate::Changed(_)))),
            ("moved", of(|fate| matches!(fate, Fate::Moved(_)))),
            ("replaced", of(|fate| matches!(fate, Fate::Replaced(..)))),
            ("without a place", of(|fate| matches!(fate, Fate::OutOfTactic | Fate::Deprecated | Fate::Gone))),
            ("not of this matrix", of(|fate| *fate == Fate::Unknown)),
            ("new techniques", planned.upgrade.added.len()),
        ];
        let chip = |(words, count): (&str, usize)| {
            el("li", "upgrade-count")
                .attr("data-count", words)
                .child(&el("b", "").text(&count.to_string()))
                .text(&format!(" {words}"))
        };
        let chips = el("ul", "upgrade-counts").children(chips.into_iter().filter(|(_, count)| *count > 0).map(chip));
        let mut parts = vec![chips];
        let open = planned.listed(true);
        if open.is_empty() {
            parts.push(el("p", "").text("Every annotation stays where it is."));
        } else {
            let numbers: Vec<usize> = open.iter().map(|(at, _)| *at).collect();
            parts.push(self.review_head(numbers));
            parts.push(list(
                "To review",
                open.into_iter().map(|(at, decision)| self.reviewed_line(planned, at, decision)),
            ));
        }
        let others = planned.listed(false);
        let noted: Vec<El> = others
            .iter()
            .filter(|(_, decision)| decision.fate != Fate::Unchanged)
            .map(|(at, decision)| self.line(planned, *at, decision))
            .collect();
        parts.extend(folded("Stays: changed otherwise, or not of this matrix", noted));
        let added = planned.upgrade.added.iter().map(|(id, name)| plain(id.as_str(), name, "new"));
        parts.extend(folded("New in this release", added.collect()));
        let elsewhere = planned.upgrade.elsewhere.iter();
        let elsewhere = elsewhere.map(|(id, name, fate)| plain(id.as_str(), name, &fate.words(&planned.to)));
        parts.extend(folded("Changed, without annotation here", elsewhere.collect()));
        parts
    }

    /// The technique's pages: in the old release, and in the new one.
    fn pages(self, planned: &Planned, decision: &Decision) -> Vec<El> {
        let new = match &decision.fate {
            Fate::Replaced(id, _) => id,
            _ => &decision.key.technique,
        };
        let new = planned.to.technique(new).and_then(|technique| technique.url.clone()).filter(|url| is_safe_url(url));
        let old = match self.origin.get_untracked() {
            Some(Origin::Release(release)) if planned.to.release.domain == "enterprise-attack" => {
                version_page(&release, &decision.key.technique)
            }
            _ => None,
        };
        let page = |url: String, words: &str| {
            el("a", "upgrade-page")
                .attr("href", &url)
                .attr("target", "_blank")
                .attr("rel", "noopener noreferrer")
                .attr("aria-label", &format!("{} {words}", decision.key.technique))
                .text(words)
        };
        let old = old.map(|url| page(url, "page before"));
        old.into_iter().chain(new.map(|url| page(url, "page now"))).collect()
    }

    /// How far the review is, and what helps with long ones.
    fn review_head(self, numbers: Vec<usize>) -> El {
        let all = numbers.clone();
        let count = numbers.len();
        let told = move || self.reviewed.with(|reviewed| format!("{} of {count} reviewed", reviewed.len()));
        let field = el("input", "")
            .attr("type", "search")
            .attr("data-field", "upgrade-filter")
            .attr("aria-label", "Filter by id, name or what happened")
            .attr("placeholder", "Filter")
            .on("input", move |event| self.filter.set(value_of(&event).trim().to_lowercase()));
        let open = el("input", "")
            .attr("type", "checkbox")
            .attr("data-field", "upgrade-only-open")
            .on("change", move |event| self.only_open.set(is_checked(&event)));
        el("div", "upgrade-review").children([
            el("h3", "").text("To review"),
            el("span", "muted").attr("role", "status").attr("data-reviewed", "").says(told),
            el("span", "grow"),
            field,
            el("label", "check").child(&open).child(&el("span", "").text("Only what is left")),
            button("button small")
                .attr("data-action", "review-all")
                .text("Mark all as reviewed")
                .on_click(move || self.reviewed.set(all.clone())),
        ])
    }

    /// A line that can be ticked off; one of which a way was chosen is.
    fn reviewed_line(self, planned: &Planned, at: usize, decision: &Decision) -> El {
        let is_done = move || self.reviewed.with(|reviewed| reviewed.contains(&at));
        let tick = el("input", "")
            .attr("type", "checkbox")
            .attr("data-field", "upgrade-reviewed")
            .attr("aria-label", &format!("{} is reviewed", decision.key.technique))
            .kept(move |element| element.unchecked_ref::<HtmlInputElement>().set_checked(is_done()))
            .on("change", move |event| {
                self.reviewed.update(|reviewed| {
                    reviewed.retain(|other| *other != at);
                    if is_checked(&event) {
                        reviewed.push(at);
                    }
                });
            });
        let line = self.line(planned, at, decision);
        let words = line.node().text_content().unwrap_or_default().to_lowercase();
        let label = el("label", "check").child(&tick).child(&el("span", "").text("Reviewed"));
        line.child(&label).has("hidden", move || {
            let is_wanted = self.filter.with(|filter| words.contains(filter.as_str()));
            (!is_wanted || (self.only_open.get() && is_done())).then(String::new)
        })
    }

    fn line(self, planned: &Planned, at: usize, decision: &Decision) -> El {
        let tactic =
            decision.key.tactic.as_ref().map_or_else(|| "all tactics".to_owned(), |it| tactic_words(it, &planned.to));
        let words = el("div", "upgrade-words").children([
            el("span", "list-id").text(decision.key.technique.as_str()),
            el("b", "").text(&decision.name),
            el("span", "muted").text(&format!("in {tactic}")),
            el("span", "upgrade-fate").text(&decision.fate.words(&planned.to)),
        ]);
        let words = words.children(self.pages(planned, decision));
        let line = el("li", "upgrade-line").attr("data-decision", decision.key.technique.as_str()).child(&words);
        if decision.ways.len() < 2 {
            return line;
        }
        let own = self.chosen.with_untracked(|chosen| chosen.get(at).copied().unwrap_or_default());
        let ways = decision.ways.iter().enumerate().map(|(way, it)| {
            let deed = move || {
                self.chosen.update(|chosen| {
                    if let Some(place) = chosen.get_mut(at) {
                        *place = way;
                    }
                });
                self.reviewed.update(|reviewed| {
                    if !reviewed.contains(&at) {
                        reviewed.push(at);
                    }
                });
            };
            (it.words(decision, &planned.to), own == way, Box::new(deed) as Box<dyn Fn()>)
        });
        let label = format!("What to do with {} in {tactic}", decision.key.technique);
        line.child(&select("upgrade-way", &label, ways.collect()))
    }
}

fn plain(id: &str, name: &str, fate: &str) -> El {
    let words = el("div", "upgrade-words").children([
        el("span", "list-id").text(id),
        el("b", "").text(name),
        el("span", "upgrade-fate").text(fate),
    ]);
    el("li", "upgrade-line").child(&words)
}

fn list(label: &str, lines: impl Iterator<Item = El>) -> El {
    el("ul", "upgrade-list").attr("tabindex", "0").attr("aria-label", label).children(lines)
}

fn folded(title: &str, lines: Vec<El>) -> Option<El> {
    let summary = el("summary", "").text(&format!("{title} ({})", lines.len()));
    (!lines.is_empty()).then(|| el("details", "upgrade-more").child(&summary).child(&list(title, lines.into_iter())))
}
