//! The dialog that compares two layers, shows in a matrix what differs, lists it, and makes one layer of both. The rules
//! are `layer`'s.

use super::{
    compare_list::{Listing, list, setting_lines},
    dialogs::close,
    select::{Choices, labelled_select},
};
use crate::{
    app::{
        comparing::{Compared, Offered, offered, place_of_snapshot},
        dom::{El, button, el},
        exports,
        state::App,
    },
    attack::Knowledge,
    layer::{Comparison, Difference, Key, Picks, Side, State, compare},
};
use leptos::prelude::*;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// What is compared, which of it is listed, and what was picked.
#[derive(Clone, Copy)]
pub struct Comparing {
    pub app: App,
    pub compared: RwSignal<Option<Compared>>,
    pub picks: RwSignal<Picks>,
    /// Goes up when all picks change at once.
    pub again: RwSignal<u32>,
    pub listing: RwSignal<Listing>,
}

/// `snapshot`: of the active layer, which then is compared with it, as what the layer came from.
pub fn compare_dialog(app: App, snapshot: Option<usize>) -> El {
    let all = Arc::new(offered(app));
    if all.len() < 2 {
        let hint = "Open another layer first, such as a colleague's or last quarter's. A layer that was changed here, or \
            has snapshots, can also be compared with how it was.";
        return el("div", "form").child(&el("p", "").text(hint)).child(
            &el("div", "dialog-actions").child(&button("button primary").text("Close").on_click(move || close(app))),
        );
    }
    let snapshot = snapshot.and_then(|at| place_of_snapshot(&all, at));
    let (first, second) = (RwSignal::new(0_usize), RwSignal::new(snapshot.unwrap_or(1)));
    let ancestor: RwSignal<Option<usize>> = RwSignal::new(snapshot);
    let unreadable = RwSignal::new(false);
    let comparing = Comparing {
        app,
        compared: RwSignal::new(None),
        picks: RwSignal::new(Picks::default()),
        again: RwSignal::new(0),
        listing: RwSignal::new(Listing::Differing),
    };
    let of = |chosen: Option<usize>, take: Box<dyn Fn(usize)>| -> Choices {
        let take: std::rc::Rc<dyn Fn(usize)> = take.into();
        let one = |(at, version): (usize, &Offered)| {
            let take = take.clone();
            (version.words.clone(), Some(at) == chosen, Box::new(move || take(at)) as Box<dyn Fn()>)
        };
        all.iter().enumerate().map(one).collect()
    };
    let mut ancestors: Choices = vec![("None".to_owned(), snapshot.is_none(), Box::new(move || ancestor.set(None)))];
    ancestors.extend(of(snapshot, Box::new(move |at| ancestor.set(Some(at)))));
    let head = el("div", "compare-head").children([
        labelled_select("First", "compare-first", of(Some(0), Box::new(move |at| first.set(at)))),
        labelled_select("Second", "compare-second", of(snapshot.or(Some(1)), Box::new(move |at| second.set(at)))),
        labelled_select("Both came from", "compare-ancestor", ancestors),
    ]);
    let fault = el("p", "field-error").attr("role", "alert").says(move || {
        let words = "What the file has as this snapshot can't be read: choose another.";
        if unreadable.get() { words.to_owned() } else { String::new() }
    });
    let body = el("div", "compare-body").holds(move || {
        let Some(compared) = comparing.compared.get() else { return Vec::new() };
        comparing.told(&compared)
    });
    el("div", "compare").children([head, fault, body]).kept(move |_| {
        let version = |at: usize| all.get(at).and_then(Offered::version);
        let asked = ancestor.get();
        let base = asked.and_then(version);
        let compared = match (version(first.get()), version(second.get())) {
            (Some(mine), Some(theirs)) if base.is_some() == asked.is_some() => Some(Compared { mine, theirs, base }),
            _ => None,
        };
        comparing.picks.set(Picks::default());
        unreadable.set(compared.is_none());
        comparing.compared.set(compared);
    })
}

impl Comparing {
    fn told(self, compared: &Compared) -> Vec<El> {
        let comparison = Arc::new(compare(compared.base(), &compared.mine.layer, &compared.theirs.layer));
        let knowledge = self.app.bundles.with_untracked(|bundles| bundles.knowledge(&compared.mine.bundle));
        let matrix = matrix(&comparison, &knowledge);
        let listed = {
            let (comparison, knowledge) = (comparison.clone(), knowledge.clone());
            el("div", "compare-listed").holds(move || {
                self.again.track();
                let mut parts = setting_lines(self, &comparison);
                parts.extend(list(self, &comparison, &knowledge));
                parts
            })
        };
        vec![self.chips(&comparison), matrix, self.bulk(&comparison), listed, self.actions(compared.clone())]
    }

    fn chips(self, comparison: &Comparison) -> El {
        let conflicts = comparison.annotations.iter().filter(|it| it.is_conflict()).count();
        let differing = comparison.annotations.iter().filter(|it| it.state != State::Equal).count();
        let chip = |listing: Listing, count: usize| {
            button("segment")
                .attr("data-listing", listing.word())
                .is("aria-pressed", move || self.listing.get() == listing)
                .text(&format!("{} ({count})", listing.words()))
                .on_click(move || self.listing.set(listing))
        };
        el("div", "segments").attr("role", "group").attr("aria-label", "What is listed").children([
            chip(Listing::Differing, differing),
            chip(Listing::Of(State::Added), comparison.count(State::Added)),
            chip(Listing::Of(State::Removed), comparison.count(State::Removed)),
            chip(Listing::Of(State::Changed), comparison.count(State::Changed)),
            chip(Listing::Conflicts, conflicts),
            chip(Listing::Of(State::Equal), comparison.count(State::Equal)),
        ])
    }

    fn bulk(self, comparison: &Arc<Comparison>) -> El {
        let all = |side: Option<Side>, action: &str, words: &str| {
            let comparison = comparison.clone();
            button("button").attr("data-action", action).text(words).on_click(move || {
                let listing = self.listing.get_untracked();
                self.picks.update(|picks| {
                    for it in comparison.annotations.iter().filter(|it| it.state != State::Equal && listing.has(it)) {
                        pick(picks, &it.key, side);
                    }
                });
                self.again.update(|again| *again += 1);
            })
        };
        el("div", "compare-bulk").children([
            el("span", "field-name").text("Of all that are listed take"),
            all(None, "pick-all-both", "Both, where they agree"),
            all(Some(Side::Mine), "pick-all-first", "First"),
            all(Some(Side::Theirs), "pick-all-second", "Second"),
        ])
    }

    fn actions(self, compared: Compared) -> El {
        let (told, made, taken) = (compared.clone(), compared.clone(), compared);
        let words = el("p", "compare-outcome muted").attr("role", "status").attr("data-unpicked", "").says(move || {
            let merged = self.picks.with(|picks| told.merged(picks));
            let gave_way = match merged.gave_way() {
                0 => "Nothing gives way.".to_owned(),
                1 => "1 value gives way.".to_owned(),
                count => format!("{count} values give way."),
            };
            match merged.unpicked {
                0 => gave_way,
                1 => format!("1 conflict is not decided: the first layer's is taken. {gave_way}"),
                count => format!("{count} conflicts are not decided: the first layer's are taken. {gave_way}"),
            }
        });
        let app = self.app;
        let merge = move || {
            let picks = self.picks.get_untracked();
            close(app);
            made.merge(app, &picks);
        };
        let merge = button("button primary").attr("data-action", "merge").text("Merge as a new layer").on_click(merge);
        let actions = el("div", "dialog-actions").children([
            words,
            el("span", "grow"),
            button("button").text("Close").on_click(move || close(app)),
        ]);
        // How a layer was stays as it was.
        if taken.mine.tab.is_none() {
            return actions.child(&merge);
        }
        let take_over = move || {
            let picks = self.picks.get_untracked();
            close(app);
            taken.take_over(app, &picks);
        };
        let take_over = button("button").attr("data-action", "take-over").text("Change the first").on_click(take_over);
        actions.child(&take_over).child(&merge)
    }
}

pub fn pick(picks: &mut Picks, key: &Key, side: Option<Side>) {
    match side {
        Some(side) => picks.annotations.insert(key.clone(), side),
        None => picks.annotations.remove(key),
    };
}

/// The matrix of the first layer's bundle; each cell says how the layers stand to each other there.
fn matrix(comparison: &Comparison, knowledge: &Knowledge) -> El {
    let found: FxHashMap<&Key, &Difference> = comparison.annotations.iter().map(|it| (&it.key, it)).collect();
    let places = exports::order(knowledge);
    let column = |tactic: &crate::attack::Tactic| {
        let cells = places.iter().filter(|key| key.tactic.as_ref() == Some(&tactic.short_name));
        let cells: Vec<El> = cells.map(|key| cell(key, found.get(key).copied(), knowledge)).collect();
        (!cells.is_empty()).then(|| {
            let list = el("ul", "compare-cells").children(cells);
            el("li", "compare-column").child(&el("h3", "").text(&tactic.name)).child(&list)
        })
    };
    let columns = knowledge.tactics.iter().filter_map(column);
    el("ul", "compare-matrix").attr("tabindex", "0").attr("aria-label", "What differs, by tactic").children(columns)
}

/// Few parts each, as there are many of them: its sign is of the style.
fn cell(key: &Key, difference: Option<&Difference>, knowledge: &Knowledge) -> El {
    let name = knowledge.technique(&key.technique).map_or("", |technique| technique.name.as_str());
    let (word, words) = match difference.map(|it| (it.state, it.is_conflict())) {
        None => ("silent", "nothing said"),
        Some((_, true)) => ("conflict", "conflict"),
        Some((State::Equal, _)) => ("equal", "equal"),
        Some((State::Added, _)) => ("added", "only in the second"),
        Some((State::Removed, _)) => ("removed", "only in the first"),
        Some((State::Changed, _)) => ("changed", "changed"),
    };
    el("li", "compare-cell")
        .attr("data-compared", word)
        .attr("data-technique", key.technique.as_str())
        .attr("title", &format!("{} {name}: {words}", key.technique))
        .text(name)
        .child(&el("span", "visually-hidden").text(&format!(": {words}")))
}
