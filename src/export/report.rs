//! What a report says of a layer: what it is, how much it covers by tactic and tier, what is not covered, who was seen, and
//! everything that it says. How that is written down, as Markdown or as a page, is up to those beside. What covered means
//! is `layer`'s.

use super::rows;
use crate::{
    attack::{Knowledge, Record, Tier},
    layer::{Asked, Coverage, Key, Layer, LegendItem, Link},
    matrix, order,
};

pub struct Report {
    pub title: String,
    /// The bundle, in words.
    pub release: String,
    pub description: String,
    pub sections: Vec<Section>,
}

pub struct Section {
    pub title: &'static str,
    pub intro: String,
    pub body: Body,
}

pub enum Body {
    Table(Table),
    /// Colours and what they mean.
    Legend(Vec<(Swatch, String)>),
    /// What stands there where there is nothing.
    Words(&'static str),
}

/// A colour as the layer has it, and as it looks on white.
pub struct Swatch {
    pub text: String,
    pub color: [u8; 3],
}

pub struct Table {
    /// Names of the columns, and whether numbers stand in them.
    pub head: Vec<(&'static str, bool)>,
    pub rows: Vec<Vec<Cell>>,
}

pub enum Cell {
    Text(String),
    Strong(String),
    Share(Coverage),
    /// What a technique is scored, and the colour of the cell.
    Score(String, Option<[u8; 3]>),
    Links(Vec<(String, String)>),
}

impl Report {
    /// `threshold`: the score from which on a technique counts as covered.
    pub fn of(layer: &Layer, knowledge: &Knowledge, threshold: f64) -> Self {
        let standing = [None, Some(Tier::Orchestration), Some(Tier::Container)].map(|tier| {
            let all = matrix::standing(knowledge, &layer.display, &layer.platforms, tier);
            all.into_iter().map(|(technique, tactic)| Key::new(technique, tactic)).collect::<Vec<Key>>()
        });
        let asked = Asked { layer, standing: &standing, threshold };
        let mut sections = vec![
            coverage(&asked, knowledge),
            gaps(&asked, knowledge),
            evidence(&asked, knowledge),
            annotations(layer, knowledge),
        ];
        sections.extend(legend(layer));
        Self {
            title: layer.name.clone(),
            release: knowledge.release.words(),
            description: layer.description.clone(),
            sections,
        }
    }
}

fn coverage(asked: &Asked, knowledge: &Knowledge) -> Section {
    let row = |name: Cell, [orchestration, container]: [Coverage; 2], whole: Coverage| {
        vec![name, Cell::Share(orchestration), Cell::Share(container), Cell::Share(whole)]
    };
    let mut rows: Vec<Vec<Cell>> = asked
        .by_tactic(knowledge)
        .into_iter()
        .map(|tactic| row(Cell::Text(knowledge.tactic_title(&tactic.tactic).to_owned()), tactic.tiers, tactic.whole))
        .collect();
    let tiers = Tier::ALL.map(|tier| asked.whole(Some(tier)));
    rows.push(row(Cell::Strong("All".to_owned()), tiers, asked.whole(None)));
    Section {
        title: "Coverage",
        intro: format!("Covered means: enabled, and scored at {} or above.", asked.threshold),
        body: Body::Table(Table {
            head: vec![("Tactic", false), ("Orchestration", true), ("Container", true), ("Together", true)],
            rows,
        }),
    }
}

/// `1 of 4 (25 %)`.
pub fn share(coverage: Coverage) -> String {
    coverage
        .percent()
        .map_or_else(|| "–".to_owned(), |percent| format!("{} of {} ({percent} %)", coverage.covered, coverage.of))
}

fn gaps(asked: &Asked, knowledge: &Knowledge) -> Section {
    let gaps = asked.gaps(&Record::own(knowledge), None);
    let rows = gaps.iter().map(|gap| {
        let tiers: Vec<&str> = gap.tiers.iter().map(|tier| tier.word()).collect();
        let mitigations: Vec<String> = gap.mitigations.iter().map(|it| format!("{} {}", it.id, it.name)).collect();
        [
            format!("{} {}", gap.technique.id, gap.technique.name),
            tiers.join(", "),
            rows::seen(knowledge, gap.technique),
            mitigations.join(", "),
        ]
        .map(Cell::Text)
        .into()
    });
    let head =
        vec![("Technique", false), ("Not covered in", false), ("Seen in the wild", false), ("Mitigations", false)];
    let nothing = "None: everything that is enabled is covered.";
    Section { title: "Gaps", intro: String::new(), body: table(head, rows.collect(), nothing) }
}

/// Who was seen using what of it against containers, the one with most of it first.
fn evidence(asked: &Asked, knowledge: &Knowledge) -> Section {
    let mut ids: Vec<_> = asked.standing[0].iter().map(|key| &key.technique).collect();
    order::sort_by(&mut ids, Ord::cmp);
    ids.dedup();
    let seen = |actor: usize| -> Vec<&str> {
        let used = |id: &&&crate::attack::TechniqueId| {
            knowledge
                .technique(id)
                .is_some_and(|it| it.uses.iter().any(|seen| seen.actor == actor && seen.container_related))
        };
        ids.iter().filter(used).map(|id| id.as_str()).collect()
    };
    let mut actors: Vec<(Vec<&str>, &crate::attack::Actor)> =
        knowledge.actors.iter().enumerate().map(|(at, actor)| (seen(at), actor)).collect();
    actors.retain(|(used, _)| !used.is_empty());
    order::sort_by(&mut actors, |a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.1.name.cmp(&b.1.name)));
    let rows = actors.iter().map(|(used, actor)| {
        [format!("{} {}", actor.id, actor.name).trim().to_owned(), actor.kind.word().to_owned(), used.join(", ")]
            .map(Cell::Text)
            .into()
    });
    Section {
        title: "Evidence from the wild",
        intro: String::new(),
        body: table(
            vec![("Who", false), ("What", false), ("Techniques used against containers", false)],
            rows.collect(),
            "Nobody was seen using any of these techniques against containers.",
        ),
    }
}

fn annotations(layer: &Layer, knowledge: &Knowledge) -> Section {
    let rows = layer.annotations.iter().filter(|entry| entry.is_annotated()).map(|entry| {
        let mark = layer.mark(&entry.key, None);
        let name = knowledge.technique(&entry.key.technique).map_or("", |technique| &technique.name);
        let tactic = entry.key.tactic.as_ref().map_or("", |name| knowledge.tactic_title(name));
        let score = match (mark.enabled, mark.score) {
            (false, _) => "disabled".to_owned(),
            (true, score) => score.map(|score| score.to_json().to_string()).unwrap_or_default(),
        };
        let links = entry.links.iter().filter_map(|link| match link {
            Link::Item { label, url, .. } => Some((label.clone(), url.clone())),
            Link::Divider(_) | Link::Other(_) => None,
        });
        vec![
            Cell::Text(format!("{} {name}", entry.key.technique)),
            Cell::Text(tactic.to_owned()),
            Cell::Score(score, layer.color_of(&mark, None, [u8::MAX; 3])),
            Cell::Text(entry.marks.comments()),
            Cell::Text(rows::metadata(&entry.metadata)),
            Cell::Links(links.collect()),
        ]
    });
    let head = [("Technique", false), ("Tactic", false), ("Score", true)];
    let head = head.into_iter().chain([("Comment", false), ("Metadata", false), ("Links", false)]);
    Section { title: "Annotations", intro: String::new(), body: table(head.collect(), rows.collect(), "None.") }
}

fn legend(layer: &Layer) -> Option<Section> {
    let items: Vec<(Swatch, String)> = layer
        .legend
        .iter()
        .filter_map(|item| match item {
            LegendItem::Item { color, label, .. } => {
                let swatch = Swatch { text: color.as_str().to_owned(), color: color.over([u8::MAX; 3]) };
                Some((swatch, label.clone()))
            }
            LegendItem::Other(_) => None,
        })
        .collect();
    let section = |items| Section { title: "Legend", intro: String::new(), body: Body::Legend(items) };
    (!items.is_empty()).then(|| section(items))
}

fn table(head: Vec<(&'static str, bool)>, rows: Vec<Vec<Cell>>, nothing: &'static str) -> Body {
    if rows.is_empty() { Body::Words(nothing) } else { Body::Table(Table { head, rows }) }
}
