//! From rules to layers: which techniques of a bundle they touch, what the scores then are, and what could not be mapped
//! and why. What the files said is `material`'s.

mod layer;
mod matters;
mod resolve;
#[cfg(test)]
mod tests;

use super::{
    columns::{Columns, Role},
    material::{Kind, Material, Rule, Source},
    text::file_name,
};
use crate::{
    attack::{Knowledge, TacticName, TechniqueId},
    layer::Score,
    order,
};
pub use matters::Matters;
use resolve::{Named, Resolver};
use rustc_hash::FxHashMap;

/// What the score of a technique is, where rules are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    Count,
    /// So many rules or more make 100, none 0.
    Capped(u32),
}

/// Where a technique of several tactics is annotated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Where {
    AllTactics,
    /// In the tactics that the rule names, where it names some of the technique's.
    NamedTactics,
}

/// How several scores of a technique become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Averaging {
    Average,
    Highest,
    Lowest,
    Sum,
}

/// What the user chose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choices {
    pub scale: Scale,
    pub place: Where,
    pub averaging: Averaging,
    /// Also rules that are not at work.
    pub off: bool,
    /// Of those that name platforms, only the ones for containers.
    pub containers_only: bool,
    /// Ids that ATT&CK has replaced are taken for what replaced them.
    pub replaced: bool,
    /// A sub-technique that the bundle lacks counts for its technique.
    pub to_parent: bool,
    /// Techniques that the bundle lacks are kept in the layer.
    pub keep_unknown: bool,
    /// Rules of different makers make a layer each.
    pub apart: bool,
    /// What the columns of each table are.
    pub columns: Vec<Columns>,
}

/// Layers that are about to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    pub layers: Vec<Planned>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    pub name: String,
    /// Where its rules are from: a file, what they are, and how many.
    pub sources: Vec<(String, Kind, usize)>,
    pub kind: Kind,
    /// How the scores came about, in a sentence.
    pub scoring: String,
    /// Rules that were looked at, and those of them that are in the layer.
    pub rules: usize,
    pub mapped: usize,
    pub techniques: Vec<Mapped>,
    pub left: Vec<Left>,
    /// The scores' ends, for the gradient.
    pub ends: (f64, f64),
    /// Whether scores are given, rather than found by counting.
    pub scored: bool,
    /// Whether scores are numbers of rules.
    pub counts: bool,
}

/// A technique that rules name.
#[derive(Debug, Clone, PartialEq)]
pub struct Mapped {
    pub id: TechniqueId,
    /// Nothing where the bundle lacks it.
    pub name: Option<String>,
    pub score: Score,
    /// Its rules, in their order.
    pub lines: Vec<Line>,
    pub comment: String,
    pub places: Vec<Place>,
}

/// A rule as metadata says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub kind: Kind,
    pub text: String,
}

/// What is said in one tactic, or in all of them where none is named. `lines` are places in [`Mapped::lines`].
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    pub tactic: Option<TacticName>,
    pub score: Score,
    pub lines: Vec<usize>,
}

/// Rules that could not be mapped, or not wholly, for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    pub reason: String,
    pub rules: Vec<String>,
}

impl Averaging {
    pub const ALL: [Self; 4] = [Self::Average, Self::Highest, Self::Lowest, Self::Sum];

    pub fn word(self) -> &'static str {
        match self {
            Self::Average => "average",
            Self::Highest => "highest",
            Self::Lowest => "lowest",
            Self::Sum => "sum",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|own| own.word() == word)
    }

    fn of(self, scores: &[f64]) -> f64 {
        let sum: f64 = scores.iter().sum();
        let highest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let lowest = scores.iter().copied().fold(f64::INFINITY, f64::min);
        match self {
            Self::Sum => sum,
            // What is the same everywhere stays as it is written, whatever adding it up makes of its last digit.
            #[allow(clippy::cast_precision_loss)]
            Self::Average => (sum / scores.len().max(1) as f64).min(highest).max(lowest),
            Self::Highest => highest,
            Self::Lowest => lowest,
        }
    }
}

impl Choices {
    /// To begin with.
    pub fn new(material: &Material, knowledge: &Knowledge) -> Self {
        let tables = material.sources.iter().filter_map(|source| source.table.as_ref());
        Self {
            scale: Scale::Count,
            place: Where::AllTactics,
            averaging: Averaging::Average,
            off: false,
            containers_only: knowledge.release.scope.as_deref() == Some("Containers"),
            replaced: true,
            to_parent: false,
            keep_unknown: true,
            apart: false,
            columns: tables.map(Columns::guess).collect(),
        }
    }
}

impl Plan {
    pub fn of(material: &Material, choices: &Choices, knowledge: &Knowledge) -> Self {
        let mut groups: Vec<Group<'_>> = Vec::new();
        let mut tables = choices.columns.iter();
        for source in &material.sources {
            let columns = source.table.as_ref().and_then(|table| Some((table, tables.next()?)));
            let rules = columns.map(|(table, columns)| columns.rules(table));
            let scored = columns.is_some_and(|(_, columns)| columns.has(Role::Score));
            let joins = |group: &&mut Group<'_>| {
                let together = source.kind.detects() && group.kind.detects() && !choices.apart;
                source.kind != Kind::Table && (group.kind == source.kind || together)
            };
            match groups.iter_mut().find(joins) {
                Some(group) => group.sources.push((source, rules)),
                None => groups.push(Group { kind: source.kind, sources: vec![(source, rules)], scored }),
            }
        }
        Self { layers: groups.iter().map(|group| group.planned(choices, knowledge)).collect() }
    }
}

/// Sources that make one layer.
struct Group<'a> {
    kind: Kind,
    /// Of a table, its rules go before those of the source, which has none.
    sources: Vec<(&'a Source, Option<Vec<Rule>>)>,
    scored: bool,
}

/// The rules of a technique: which, and in which tactics each counts.
#[derive(Default)]
struct Touched {
    rules: Vec<(Kind, usize)>,
    tactics: Vec<Vec<TacticName>>,
}

impl Group<'_> {
    fn planned(&self, choices: &Choices, knowledge: &Knowledge) -> Planned {
        let rules: Vec<(Kind, &Rule)> = self
            .sources
            .iter()
            .flat_map(|(source, own)| own.as_ref().unwrap_or(&source.rules).iter().map(|rule| (source.kind, rule)))
            .collect();
        let resolver = Resolver { knowledge, choices };
        let mut touched: FxHashMap<TechniqueId, Touched> = FxHashMap::default();
        let (mut left, mut mapped) = (Reasons::default(), 0);
        for (at, (kind, rule)) in rules.iter().enumerate() {
            let named = match resolver.named(rule) {
                Ok(named) => named,
                Err(reason) => {
                    left.add(reason, rule);
                    continue;
                }
            };
            mapped += usize::from(!named.ids.is_empty());
            for reason in named.reasons {
                left.add(reason, rule);
            }
            for Named { id, tactics } in named.ids {
                let place = touched.entry(id).or_default();
                if place.rules.last().is_none_or(|(_, last)| *last != at) {
                    place.rules.push((*kind, at));
                    place.tactics.push(tactics);
                }
            }
        }
        let scored = self.scored || matches!(self.kind, Kind::Detection | Kind::Visibility);
        let score = |at: &[usize]| {
            Score::new(if scored {
                choices.averaging.of(&at.iter().filter_map(|at| rules[*at].1.score).collect::<Vec<_>>())
            } else {
                choices.scale.of(at.len())
            })
        };
        let technique = |(id, touched): (TechniqueId, Touched)| mapped_of(id, &touched, &rules, knowledge, &score);
        let mut techniques: Vec<Mapped> = touched.into_iter().filter_map(technique).collect();
        order::sort_by(&mut techniques, |a, b| b.score.cmp(&a.score).then_with(|| a.id.cmp(&b.id)));
        Planned {
            name: self.name(),
            sources: self
                .sources
                .iter()
                .map(|(source, own)| (source.file.clone(), source.kind, own.as_ref().unwrap_or(&source.rules).len()))
                .collect(),
            kind: self.kind,
            scoring: self.scoring(choices, scored),
            rules: rules.len(),
            mapped,
            ends: ends(self.kind, scored, choices, &techniques),
            techniques,
            left: left.listed(),
            scored,
            counts: !scored && choices.scale == Scale::Count,
        }
    }

    fn name(&self) -> String {
        let stem = || {
            let (first, more) = (&self.sources[0].0.file, self.sources.len() > 1);
            let name = file_name(first);
            let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned();
            if more { "Techniques mentioned".to_owned() } else { stem }
        };
        let mixed = self.sources.iter().any(|(source, _)| source.kind != self.kind);
        match self.kind {
            _ if mixed => "Detection rules".to_owned(),
            Kind::Detection => "DeTT&CT detection".to_owned(),
            Kind::Visibility => "DeTT&CT visibility".to_owned(),
            Kind::Table | Kind::Text => stem(),
            kind => kind.many().to_owned(),
        }
    }

    fn scoring(&self, choices: &Choices, scored: bool) -> String {
        let what =
            if self.sources.iter().any(|(source, _)| source.kind != self.kind) { "rules" } else { self.kind.many() };
        match (scored, choices.scale) {
            (true, _) => format!("Of several scores, the {} counts.", choices.averaging.word()),
            (false, Scale::Count) => format!("The score is the number of {what}."),
            (false, Scale::Capped(cap)) => {
                format!("The score is 100 for {cap} {what} or more, and a part of it for fewer.")
            }
        }
    }
}

impl Scale {
    fn of(self, count: usize) -> f64 {
        #[allow(clippy::cast_precision_loss)]
        let count = count as f64;
        match self {
            Self::Count => count,
            Self::Capped(cap) => (count / f64::from(cap.max(1)) * 100.0).min(100.0).round(),
        }
    }
}

/// Nothing where the sum of its scores is no number any more.
fn mapped_of(
    id: TechniqueId,
    touched: &Touched,
    rules: &[(Kind, &Rule)],
    knowledge: &Knowledge,
    score: &impl Fn(&[usize]) -> Option<Score>,
) -> Option<Mapped> {
    let technique = knowledge.technique(&id);
    let all: Vec<usize> = touched.rules.iter().map(|(_, at)| *at).collect();
    let places = match technique {
        None => vec![Place { tactic: None, score: score(&all)?, lines: (0..all.len()).collect() }],
        Some(technique) => technique
            .tactics
            .iter()
            .filter_map(|tactic| {
                let lines: Vec<usize> = (0..all.len()).filter(|line| touched.tactics[*line].contains(tactic)).collect();
                let own: Vec<usize> = lines.iter().map(|line| all[*line]).collect();
                let score = score(&own).filter(|_| !own.is_empty())?;
                Some(Place { tactic: Some(tactic.clone()), score, lines })
            })
            .collect(),
    };
    let line = |(kind, at): &(Kind, usize)| {
        let rule = rules[*at].1;
        let more: Vec<&str> = rule.level.as_deref().into_iter().chain(rule.off.as_deref()).collect();
        let more = if more.is_empty() { String::new() } else { format!(" ({})", more.join(", ")) };
        Line { kind: *kind, text: format!("{}{more}", rule.title) }
    };
    let mut comments: Vec<&str> =
        all.iter().map(|at| rules[*at].1.comment.trim()).filter(|text| !text.is_empty()).collect();
    comments.dedup();
    Some(Mapped {
        name: technique.map(|technique| technique.name.clone()),
        score: score(&all)?,
        lines: touched.rules.iter().map(line).collect(),
        comment: comments.join("\n"),
        places,
        id,
    })
}

/// The ends of the gradient: what scores can be, or where nobody says that, what they are.
fn ends(kind: Kind, scored: bool, choices: &Choices, techniques: &[Mapped]) -> (f64, f64) {
    let highest = techniques.iter().map(|it| it.score.value()).fold(0.0, f64::max);
    let lowest = techniques.iter().map(|it| it.score.value()).fold(0.0, f64::min);
    match (kind, scored) {
        (Kind::Detection, _) => (0.0, 5.0),
        (Kind::Visibility, _) => (0.0, 4.0),
        (_, false) if matches!(choices.scale, Scale::Capped(_)) => (0.0, 100.0),
        (_, true) if lowest >= 0.0 && highest > 10.0 && highest <= 100.0 => (0.0, 100.0),
        _ => (lowest, if highest > lowest { highest } else { lowest + 1.0 }),
    }
}

/// Rules by why they were left out.
#[derive(Default)]
struct Reasons(indexmap::IndexMap<String, Vec<String>>);

impl Reasons {
    fn add(&mut self, reason: String, rule: &Rule) {
        self.0.entry(reason).or_default().push(rule.title.clone());
    }

    /// Most rules first.
    fn listed(self) -> Vec<Left> {
        let mut left: Vec<Left> = self.0.into_iter().map(|(reason, rules)| Left { reason, rules }).collect();
        order::sort_by(&mut left, |a, b| b.rules.len().cmp(&a.rules.len()));
        left
    }
}
