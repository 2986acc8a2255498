//! A view of how container techniques should be represented, as Markdown: which representation, why, the figures, and the
//! tiers that differ from the bundle's, each with its reason. What the figures count is `layer`'s.

use super::{
    markdown::{lines, plain},
    report::share,
};
use crate::{
    attack::{
        Knowledge, Sighting, Tier, TierSet,
        assignment::{Assignment, Difference, Stance},
    },
    layer::{MatrixFigures, Representations},
};
use std::fmt::Write;

/// What a statement is made of.
#[derive(Debug, Clone, Copy)]
pub struct Stated<'a> {
    pub stance: &'a Stance,
    pub figures: &'a Representations,
    /// Tiers of one's own; the figures are with them.
    pub assignment: &'a Assignment,
    /// The bundle with its own tiers.
    pub knowledge: &'a Knowledge,
    /// The layer whose coverage is told, and the score from which on a technique counts as covered.
    pub layer: &'a str,
    pub threshold: f64,
    /// `2026-01-31`.
    pub day: &'a str,
}

pub fn statement(stated: &Stated) -> String {
    let mut text = String::new();
    head(&mut text, stated);
    figures(&mut text, stated);
    twice(&mut text, stated);
    lacking(&mut text, stated);
    tiers(&mut text, stated);
    text
}

fn head(text: &mut String, stated: &Stated) {
    let Stated { stance, knowledge, day, .. } = stated;
    let _ = write!(text, "# How container techniques should be represented\n\n{}", plain(&knowledge.release.words()));
    if !stance.by.trim().is_empty() {
        let _ = write!(text, " · {}", plain(&stance.by));
    }
    let _ = writeln!(text, " · {day}\n");
    match stance.preferred {
        Some(preferred) => {
            let _ = writeln!(text, "**Our view: {}.**", preferred.words());
        }
        None => text.push_str("We have no preference yet; these are the figures.\n"),
    }
    if !stance.why.trim().is_empty() {
        let _ = write!(text, "\n{}\n", lines(stance.why.trim()));
    }
}

fn figures(text: &mut String, stated: &Stated) {
    let Representations { unified, tiers: [orchestration, container], .. } = stated.figures;
    let all = [unified, orchestration, container];
    text.push_str("\n## Figures\n\n| | Unified | Orchestration | Container |\n|---|---:|---:|---:|\n");
    let mut row = |name: &str, of: &dyn Fn(&MatrixFigures) -> String| {
        let [a, b, c] = all.map(of);
        let _ = writeln!(text, "| {name} | {a} | {b} | {c} |");
    };
    row("Techniques", &|it| it.techniques.to_string());
    row("Cells", &|it| it.cells.to_string());
    for (at, sighting) in Sighting::ALL.into_iter().enumerate() {
        let name = match sighting {
            Sighting::AgainstContainers => "Seen against containers",
            Sighting::Elsewhere => "Seen elsewhere only",
            Sighting::Unseen => "No sighting",
        };
        row(name, &|it| it.sightings[at].to_string());
    }
    row("Container-native actors", &|it| it.actors.to_string());
    row("Covered", &|it| share(it.coverage));
    let _ = writeln!(
        text,
        "\nThe split shows {} cells where the unified matrix has {}. Coverage is that of the layer \"{}\": enabled, and scored at {} or above.",
        stated.figures.split_cells(),
        unified.cells,
        plain(stated.layer),
        stated.threshold
    );
    text.push_str("\n| Tactic | Unified | Orchestration | Container | In both |\n|---|---:|---:|---:|---:|\n");
    for row in &stated.figures.tactics {
        let name = stated.knowledge.tactic_title(&row.tactic);
        let [orchestration, container] = row.tiers;
        let _ = writeln!(text, "| {} | {} | {orchestration} | {container} | {} |", plain(name), row.unified, row.both);
    }
}

fn twice(text: &mut String, stated: &Stated) {
    let both = &stated.figures.both;
    let _ = writeln!(text, "\n## Techniques of both tiers: {}\n", both.len());
    for id in both {
        let name = stated.knowledge.technique(id).map_or("", |technique| &technique.name);
        let _ = writeln!(text, "- {id} {}", plain(name));
    }
    if both.is_empty() {
        text.push_str("None: each technique stands in one matrix of the split.\n");
    }
}

fn lacking(text: &mut String, stated: &Stated) {
    text.push_str("\n## Tactics that a tier lacks\n\n");
    for tier in Tier::ALL {
        let names: Vec<String> =
            stated.figures.lacking(tier).map(|name| plain(stated.knowledge.tactic_title(name))).collect();
        let names = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
        let _ = writeln!(text, "- {}: {names}", tier.word());
    }
}

fn tiers(text: &mut String, stated: &Stated) {
    let differences = stated.assignment.differences(stated.knowledge);
    let _ = writeln!(text, "\n## Tiers that we see differently: {}\n", differences.len());
    if differences.is_empty() {
        text.push_str("None: the figures are with the bundle's own tiers.\n");
        return;
    }
    text.push_str("| Technique | Bundle | Our view | Why |\n|---|---|---|---|\n");
    for Difference { technique, ours, theirs, .. } in differences {
        let bundle = ours.map_or_else(|| "not assigned".to_owned(), |it| tier_words(it.tiers, it.primary));
        let _ = writeln!(
            text,
            "| {} {} | {bundle} | {} | {} |",
            technique.id,
            plain(&technique.name),
            tier_words(theirs.tiers, theirs.primary),
            plain(&theirs.reason)
        );
    }
}

/// `orchestration`, or `both, orchestration first`.
pub fn tier_words(tiers: TierSet, primary: Tier) -> String {
    match tiers {
        TierSet::One(tier) => tier.word().to_owned(),
        TierSet::Both => format!("both, {} first", primary.word()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        attack::{
            Record, TechniqueId,
            assignment::{Judgement, Preferred},
            read,
        },
        layer::{Asked, Key, Layer},
        matrix,
    };

    #[test]
    fn a_statement_has_the_view_the_figures_and_what_differs() {
        let knowledge = read(include_bytes!("../../data/attack-containers-19.2.json")).unwrap().knowledge;
        let mut assignment = Assignment::default();
        let id = |text| TechniqueId::parse(text).unwrap();
        let container = Judgement::new(TierSet::One(Tier::Container), Tier::Container, "It runs | there\n<b>");
        assignment.judge(&knowledge, &id("T1610"), container);
        let judged = assignment.over(&knowledge);
        let layer = Layer::new("Coverage *Q4*", "enterprise-attack", None, Vec::new());
        let standing = [None, Some(Tier::Orchestration), Some(Tier::Container)].map(|tier| {
            let all = matrix::standing(&judged, &layer.display, &[], tier);
            all.into_iter().map(|(id, tactic)| Key::new(id, tactic)).collect::<Vec<Key>>()
        });
        let asked = Asked { layer: &layer, standing: &standing, threshold: 50.0 };
        let figures = Representations::of(&asked, &Record::own(&judged));
        let stance = Stance {
            preferred: Some(Preferred::Split),
            why: "Two teams.\nTwo sets of controls.".to_owned(),
            by: "Platform security".to_owned(),
        };
        let stated = Stated {
            stance: &stance,
            figures: &figures,
            assignment: &assignment,
            knowledge: &knowledge,
            layer: &layer.name,
            threshold: 50.0,
            day: "2026-01-31",
        };
        insta::assert_snapshot!(statement(&stated));
        let unsaid = Stated { stance: &Stance::default(), assignment: &Assignment::default(), ..stated };
        let text = statement(&unsaid);
        assert!(text.contains("no preference yet") && text.contains("with the bundle's own tiers"), "{text}");
    }
}
