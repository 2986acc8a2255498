//! The representation workbench: unified and split compared for the bundle and the layer that are shown. What the figures
//! count is `layer`'s; the user's own tiers and view, at the right, are `workbench_own`'s.

use super::{
    dialogs::close,
    status_bar::tier_glyph,
    workbench_own::{own_tiers, own_view},
};
use crate::{
    app::{
        choice::counted,
        command::Command,
        dom::{El, button, derived, el},
        evidence::Recorded,
        retiering::representations,
        run,
        state::{App, Dialog},
    },
    attack::{Knowledge, Sighting, TechniqueId, Tier},
    layer::{Coverage, MatrixFigures, Representations, TacticCells},
};
use leptos::prelude::*;

pub fn workbench(app: App) -> El {
    let figures = derived(move || representations(app));
    // Who was seen using what comes a moment later.
    leptos::task::spawn_local(async move { drop(Recorded::whole(app).await) });
    let left = el("div", "workbench-figures")
        .attr("tabindex", "0")
        .attr("role", "region")
        .attr("aria-label", "Figures")
        .holds(move || {
            let knowledge = app.knowledge.get();
            figures.with(|figures| {
                vec![
                    cards(app, figures),
                    table(figures),
                    by_tactic(&knowledge, figures),
                    lacking(&knowledge, figures),
                    in_both(app, &knowledge, figures),
                ]
            })
        });
    let right = el("div", "workbench-own").children([own_tiers(app), own_view(app)]);
    let about = el("p", "muted").says(move || {
        let release = app.knowledge.with(|knowledge| knowledge.release.words());
        format!("{release}, with what the layer \"{}\" shows of it", app.with_layer(|layer| layer.name.clone()))
    });
    el("div", "workbench").child(&about).child(&el("div", "workbench-sides").children([left, right]))
}

/// One representation beside the other, each with the way to it.
fn cards(app: App, figures: &Representations) -> El {
    let card = |word: &str, title: &str, numbers: String, more: String, command: Command| {
        let show = button("button small").attr("data-command", command.id()).text("Show").on_click(move || {
            close(app);
            run::run(app, command);
        });
        el("section", "workbench-card")
            .attr("aria-label", title)
            .attr("data-representation", word)
            .child(&el("div", "workbench-card-head").child(&el("h3", "").text(title)).child(&show))
            .child(&el("p", "workbench-number").text(&numbers))
            .child(&el("p", "muted").text(&more))
    };
    let Representations { unified, tiers: [orchestration, container], both, .. } = figures;
    let twice = figures.split_cells().saturating_sub(unified.cells);
    let unassigned = match figures.unassigned {
        0 => String::new(),
        count => format!("; {} in no tier stand in both", counted(count)),
    };
    el("div", "workbench-cards").children([
        card(
            "unified",
            "Unified",
            format!("{} cells", unified.cells),
            format!("{}, each once for each of its tactics", counted(unified.techniques)),
            Command::ViewUnified,
        ),
        card(
            "split",
            "Split",
            format!("{} cells", figures.split_cells()),
            format!(
                "{} + {} techniques; {} of both tiers, so that {twice} cells stand twice{unassigned}",
                orchestration.techniques,
                container.techniques,
                both.len()
            ),
            Command::ViewSplit,
        ),
    ])
}

fn table(figures: &Representations) -> El {
    let [orchestration, container] = Tier::ALL;
    let all = [&figures.unified, figures.tier(orchestration), figures.tier(container)];
    let head = el("tr", "").child(&el("td", "")).children([
        heading("Unified", None),
        heading("Orchestration", Some(orchestration)),
        heading("Container", Some(container)),
    ]);
    let row = |word: &str, name: &str, of: &dyn Fn(&MatrixFigures) -> String| {
        el("tr", "")
            .attr("data-row", word)
            .child(&el("th", "").attr("scope", "row").text(name))
            .children(all.iter().map(|it| el("td", "").text(&of(it))))
    };
    let seen = |at: usize| move |it: &MatrixFigures| it.sightings[at].to_string();
    let names = Sighting::ALL.map(|sighting| match sighting {
        Sighting::AgainstContainers => "Seen against containers",
        Sighting::Elsewhere => "Seen elsewhere only",
        Sighting::Unseen => "No sighting",
    });
    let covered = |of: Coverage| match of.percent() {
        Some(percent) => format!("{percent} %, {} of {}", of.covered, of.of),
        None => "–".to_owned(),
    };
    let rows = [
        row("techniques", "Techniques", &|it| it.techniques.to_string()),
        row("cells", "Cells", &|it| it.cells.to_string()),
        row("containers", names[0], &seen(0)),
        row("elsewhere", names[1], &seen(1)),
        row("unseen", names[2], &seen(2)),
        row("actors", "Container-native actors", &|it| it.actors.to_string()),
        row("covered", "Covered by the layer", &|it| covered(it.coverage)),
    ];
    el("table", "figures-table workbench-table")
        .attr("data-table", "figures")
        .child(&el("thead", "").child(&head))
        .child(&el("tbody", "").children(rows))
}

fn heading(words: &str, tier: Option<Tier>) -> El {
    el("th", "").attr("scope", "col").children(tier.map(tier_glyph)).text(words)
}

/// Each tactic as a bar: what stands in orchestration alone, in both, and in container alone.
fn by_tactic(knowledge: &Knowledge, figures: &Representations) -> El {
    let most = figures.tactics.iter().map(|row| row.unified).max().unwrap_or(1).max(1);
    let line = |row: &TacticCells| {
        let name = knowledge.tactic_title(&row.tactic);
        let [orchestration, container] = row.tiers;
        let parts = [
            ("orchestration", orchestration.saturating_sub(row.both), "in orchestration alone"),
            ("orchestration container", row.both, "in both"),
            ("container", container.saturating_sub(row.both), "in container alone"),
        ];
        let bar = el("span", "tactic-bar").children(parts.into_iter().filter(|(_, count, _)| *count > 0).map(
            |(tiers, count, words)| {
                let part =
                    el("span", "tactic-part").attr("data-tier", tiers).attr("title", &format!("{count} {words}"));
                let share = format!("{}%", count * 100 / most);
                let _ = part.node().style().set_property("width", &share);
                part.child(&el("span", "").text(&count.to_string()))
                    .child(&el("span", "visually-hidden").text(&format!(" {words}, ")))
            },
        ));
        el("li", "tactic-line")
            .attr("data-tactic-cells", row.tactic.as_str())
            .child(&el("span", "tactic-line-name").text(name))
            .child(&bar)
            .child(&el("span", "muted").text(&format!("{} | {orchestration} + {container}", row.unified)))
    };
    let key = el("p", "workbench-key muted").children([
        el("span", "tactic-part").attr("data-tier", "orchestration"),
        el("span", "").text("orchestration alone"),
        el("span", "tactic-part").attr("data-tier", "orchestration container"),
        el("span", "").text("both tiers"),
        el("span", "tactic-part").attr("data-tier", "container"),
        el("span", "").text("container alone"),
    ]);
    part("Cells by tactic: unified | orchestration + container")
        .child(&key)
        .child(&el("ul", "plain-list tactic-lines").children(figures.tactics.iter().map(line)))
}

fn lacking(knowledge: &Knowledge, figures: &Representations) -> El {
    let line = |tier: Tier| {
        let names: Vec<&str> = figures.lacking(tier).map(|name| knowledge.tactic_title(name)).collect();
        let words = if names.is_empty() { "lacks no tactic".to_owned() } else { format!("lacks {}", names.join(", ")) };
        el("li", "")
            .attr("data-lacks", tier.word())
            .child(&tier_glyph(tier))
            .child(&el("b", "").text(tier.word()))
            .text(&format!(" {words}"))
    };
    part("Tactics that a tier lacks").child(&el("ul", "plain-list").children(Tier::ALL.map(line)))
}

fn in_both(app: App, knowledge: &Knowledge, figures: &Representations) -> El {
    let line = |id: &TechniqueId| {
        let technique = knowledge.technique(id);
        let name = technique.map_or("", |technique| technique.name.as_str());
        let first = technique.and_then(|technique| technique.tier.as_ref()).map(|tier| tier.primary);
        let own = id.clone();
        let change = button("list-button")
            .attr("data-action", "retier")
            .attr("title", "Change its tiers")
            .child(&el("span", "list-id").text(id.as_str()))
            .text(name)
            .on_click(move || app.dialog.set(Some(Dialog::Retier(vec![own.clone()], None))));
        let first =
            first.map(|tier| el("span", "muted").child(&tier_glyph(tier)).text(&format!("{} first", tier.word())));
        el("li", "").child(&change).children(first)
    };
    let count = figures.both.len();
    let title = format!("{} of both tiers", counted(count));
    let list = el("ul", "plain-list workbench-both").children(figures.both.iter().map(line));
    let folded = el("details", "more").attr("data-both", &count.to_string()).child(&el("summary", "").text(&title));
    el("section", "workbench-part").child(&folded.child(&list))
}

pub fn part(title: &str) -> El {
    el("section", "workbench-part").child(&el("h3", "").text(title))
}
