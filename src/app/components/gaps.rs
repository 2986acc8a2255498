//! What is not covered, the most seen in the wild first, and what would close it. How gaps are ranked is `layer`'s rule.

use super::{details::link, dialogs::close};
use crate::{
    app::{
        bundles::BundleKey,
        dom::{El, button, el},
        evidence::{Recorded, whole_bundle},
        run,
        state::App,
    },
    attack::{Actor, Knowledge, Mitigation},
    layer::{Asked, Gap},
};
use leptos::prelude::*;
use std::sync::Arc;

/// So many gaps are listed; of more, only how many.
const LISTED: usize = 200;
/// So many of a gap's actors are named.
const NAMED: usize = 5;

/// What is not covered. The bundle's whole knowledge and Microsoft's matrix come a moment later.
pub fn gaps(app: App) -> El {
    let known: RwSignal<Option<(Recorded, Option<Arc<Knowledge>>)>> = RwSignal::new(None);
    let fault = RwSignal::new(String::new());
    leptos::task::spawn_local(async move {
        match Recorded::whole(app).await {
            Ok(recorded) => {
                known.set(Some((recorded.clone(), None)));
                // Without it the list is as good, but for Microsoft's mitigations.
                if let Ok(microsoft) = whole_bundle(app, &BundleKey::Microsoft).await {
                    known.set(Some((recorded, Some(microsoft))));
                }
            }
            Err(error) => fault.set(error),
        }
    });
    let list = el("div", "").holds(move || {
        let Some((recorded, microsoft)) = known.get() else {
            return vec![el("p", "muted").text("Reading what is known of the techniques…")];
        };
        let (layer, standing) = (app.layer.get(), app.standing.get());
        let asked = Asked { layer: &layer, standing: &standing, threshold: app.threshold(&layer) };
        let record = recorded.record();
        let gaps = asked.gaps(&record, microsoft.as_deref());
        let mut parts = vec![el("h3", "").attr("data-gaps", &gaps.len().to_string()).text(&match gaps.len() {
            0 => "No gap: everything enabled is covered".to_owned(),
            1 => "1 gap".to_owned(),
            count => format!("{count} gaps, the most seen in the wild first"),
        })];
        let knowledge = record.shown();
        parts.push(el("ol", "gap-list").children(gaps.iter().take(LISTED).map(|gap| listed(app, knowledge, gap))));
        if gaps.len() > LISTED {
            parts.push(el("p", "muted").text(&format!("and {} more", gaps.len() - LISTED)));
        }
        parts
    });
    let fault = el("p", "field-error").attr("role", "alert").says(move || fault.get());
    el("section", "coverage-gaps").attr("aria-label", "Gaps").attr("tabindex", "0").children([fault, list])
}

fn listed(app: App, knowledge: &Knowledge, gap: &Gap<'_>) -> El {
    let id = gap.technique.id.clone();
    let name = button("gap-name")
        .attr("data-technique", id.as_str())
        .attr("title", "Show it in the matrix")
        .child(&el("span", "list-id").text(id.as_str()))
        .child(&el("b", "").text(&gap.technique.name))
        .on_click(move || {
            close(app);
            run::reveal(app, &id);
        });
    let tactics = gap.tactics.iter().filter_map(|name| knowledge.tactic(name)).map(|tactic| tactic.name.as_str());
    let tiers = gap.tiers.iter().map(|tier| tier.word()).collect::<Vec<_>>().join(" and ");
    let place = format!("{} · open in {tiers}", tactics.collect::<Vec<_>>().join(", "));
    let mitigation = |it: &&Mitigation| named(&it.id, &it.name, it.url.as_deref());
    let part = |title: &str, items: Vec<El>| {
        (!items.is_empty()).then(|| {
            el("div", "gap-part").child(&el("span", "field-name").text(title)).child(&el("ul", "").children(items))
        })
    };
    let parts: Vec<El> = [
        part("Mitigations", gap.mitigations.iter().map(mitigation).collect()),
        part("Detections", gap.detections.iter().map(|it| named(&it.id, &it.name, it.url.as_deref())).collect()),
        part("Microsoft's mitigations", gap.microsofts.iter().map(mitigation).collect()),
    ]
    .into_iter()
    .flatten()
    .collect();
    let closes = if parts.is_empty() {
        el("p", "muted").text("The bundle names nothing that would close it.")
    } else {
        let count = gap.mitigations.len() + gap.detections.len() + gap.microsofts.len();
        el("details", "more").child(&el("summary", "").text(&format!("What would close it ({count})"))).children(parts)
    };
    let mut item = el("li", "gap").child(&name).child(&el("span", "muted").text(&place));
    if let Some(words) = seen(gap) {
        let mut line = el("span", "gap-seen");
        if !gap.evidence.native.is_empty() {
            line = line.child(&el("span", "cell-wild").attr("aria-hidden", "true"));
        }
        item = item.child(&line.text(&words));
    }
    item.child(&closes)
}

fn named(id: &str, name: &str, url: Option<&str>) -> El {
    let words = if id.is_empty() { name.to_owned() } else { format!("{id} {name}") };
    match url {
        Some(url) => el("li", "").child(&link(url, &words)),
        None => el("li", "").text(&words),
    }
}

fn seen(gap: &Gap<'_>) -> Option<String> {
    let against: Vec<&Actor> = gap.evidence.native.iter().chain(&gap.evidence.others).copied().collect();
    if against.is_empty() {
        let count = gap.evidence.elsewhere.len();
        return (count > 0).then(|| format!("seen elsewhere only, by {count}"));
    }
    let names: Vec<&str> = against.iter().take(NAMED).map(|actor| actor.name.as_str()).collect();
    let more = against.len().checked_sub(NAMED).filter(|more| *more > 0).map(|more| format!(" and {more} more"));
    Some(format!("seen against containers: {}{}", names.join(", "), more.unwrap_or_default()))
}
