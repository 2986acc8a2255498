//! A layer of what adversaries were seen doing: its score is how many of them used a technique, its comment says who, and
//! its links lead to them. Who counts as seen against containers is `attack`'s.

use crate::{
    attack::{Actor, Record, Technique},
    layer::{
        Annotations, Color, Entry, Gradient, Key, Layer, LegendItem, Link, Mark, Marks, Preset, Score, is_safe_url,
    },
};

/// Which uses of an actor count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Counted {
    AgainstContainers,
    /// Those elsewhere as well.
    Anywhere,
}

/// So many actors are named in a layer's name; of more, only how many.
const MOST_NAMED: usize = 3;

/// Pale to dark blue, which every eye can follow.
const GRADIENT: &str = "pale-blue";

/// A layer of who was seen using each technique against containers: the score is the number of container-native actors.
/// Techniques that nobody was seen using so have no entry.
pub fn layer_from_evidence(record: &Record, placements: &[Key]) -> Layer {
    let said = |technique: &Technique| {
        let evidence = record.of(technique);
        let all: Vec<&Actor> = evidence.native.iter().chain(&evidence.others).copied().collect();
        let mut lines = Vec::new();
        add_line(&mut lines, "Seen against containers", &evidence.native);
        add_line(&mut lines, "Seen against containers, though not known for it", &evidence.others);
        (!all.is_empty()).then_some(Said { count: evidence.native.len(), lines, actors: all })
    };
    let about = format!(
        "How many container-native actors were seen using each technique against containers, as {} has it.",
        words(record)
    );
    layer("Seen against containers", about, record, placements, said)
}

/// A layer of what some actors (by their places among the actors of [`Record::told`]) were seen doing: the score is how many
/// of them. Techniques that none of them used so have no entry.
pub fn layer_from_actors(record: &Record, placements: &[Key], actors: &[usize], counted: Counted) -> Layer {
    let chosen: Vec<&Actor> = actors.iter().filter_map(|at| record.told().actors.get(*at)).collect();
    let is_chosen = |actor: &&Actor| chosen.iter().any(|it| std::ptr::eq(*it, *actor));
    let said = |technique: &Technique| {
        let evidence = record.of(technique);
        let mut here: Vec<&Actor> = evidence.native;
        here.extend(evidence.others);
        here.retain(is_chosen);
        let mut elsewhere: Vec<&Actor> = evidence.elsewhere;
        elsewhere.retain(|actor| counted == Counted::Anywhere && is_chosen(actor));
        let mut lines = Vec::new();
        add_line(&mut lines, "Seen against containers", &here);
        add_line(&mut lines, "Seen elsewhere", &elsewhere);
        let all: Vec<&Actor> = here.into_iter().chain(elsewhere).collect();
        (!all.is_empty()).then_some(Said { count: all.len(), lines, actors: all })
    };
    let names: Vec<&str> = chosen.iter().map(|actor| actor.name.as_str()).collect();
    let what = match counted {
        Counted::AgainstContainers => "seen using against containers",
        Counted::Anywhere => "seen using, against containers or elsewhere",
    };
    let release = words(record);
    let about = match names.as_slice() {
        [one] => format!("The techniques that {one} was {what}, as {release} has it."),
        many => format!(
            "How many of {} actors were {what} each technique, as {release} has it: {}.",
            many.len(),
            many.join(", ")
        ),
    };
    layer(&named(&names), about, record, placements, said)
}

/// Whose word it is.
fn words(record: &Record) -> String {
    let told = record.told().release.words();
    if record.is_through_a_mapping() { format!("{told} (through the mapping)") } else { told }
}

/// What a layer says of a technique.
struct Said<'a> {
    count: usize,
    lines: Vec<String>,
    actors: Vec<&'a Actor>,
}

fn add_line(lines: &mut Vec<String>, title: &str, actors: &[&Actor]) {
    let name = |actor: &&Actor| {
        if actor.id.is_empty() { actor.name.clone() } else { format!("{} ({})", actor.name, actor.id) }
    };
    let names: Vec<String> = actors.iter().map(name).collect();
    if !names.is_empty() {
        lines.push(format!("{title}: {}", names.join(", ")));
    }
}

/// `TeamTNT, Kinsing, Doki and 4 more`.
fn named(names: &[&str]) -> String {
    match names.split_at_checked(MOST_NAMED) {
        Some((first, rest)) if !rest.is_empty() => format!("{} and {} more", first.join(", "), rest.len()),
        _ => names.join(", "),
    }
}

fn layer<'a>(
    name: &str,
    description: String,
    record: &Record<'a>,
    placements: &[Key],
    said: impl Fn(&'a Technique) -> Option<Said<'a>>,
) -> Layer {
    let entry = |key: &Key| {
        let said = said(record.shown().technique(&key.technique)?)?;
        let mark = Mark { score: score(said.count), comment: said.lines.join("\n"), ..Mark::default() };
        let links = said.actors.into_iter().filter_map(link).collect();
        Some(Entry { marks: Marks::Together(mark), links, ..Entry::new(key.clone()) })
    };
    let annotations: Annotations = placements.iter().filter_map(entry).collect();
    let gradient = gradient(&annotations);
    let release = &record.shown().release;
    let platforms = release.scope.iter().cloned().collect();
    Layer {
        description,
        legend: legend(&annotations, &gradient),
        gradient,
        annotations,
        ..Layer::new(name, &release.domain, release.major().as_deref(), platforms)
    }
}

fn link(actor: &Actor) -> Option<Link> {
    let url = actor.url.as_deref().filter(|url| is_safe_url(url))?;
    Some(Link::new(&actor.name, url))
}

fn score(count: usize) -> Option<Score> {
    u32::try_from(count).ok().map(f64::from).and_then(Score::new)
}

/// From nobody to the most.
fn gradient(annotations: &Annotations) -> Gradient {
    let maximum = scores(annotations).last().map_or(1.0, |score| score.value()).max(1.0);
    let colors = Preset::from_word(GRADIENT).map_or_else(|| Gradient::default().colors, Preset::colors);
    Gradient { colors, minimum: 0.0, maximum }
}

/// A line for each score that there is, the lowest first.
fn legend(annotations: &Annotations, gradient: &Gradient) -> Vec<LegendItem> {
    let line = |score: Score| {
        let [red, green, blue] = gradient.color_of(score);
        let words = if score.value() == 1.0 { "1 actor".to_owned() } else { format!("{score} actors") };
        LegendItem::new(Color::from_rgba([red, green, blue, u8::MAX]), words)
    };
    scores(annotations).into_iter().map(line).collect()
}

/// Each once, in rising order.
fn scores(annotations: &Annotations) -> Vec<Score> {
    let of = |entry: &Entry| match &entry.marks {
        Marks::Together(mark) => mark.score,
        Marks::ByTier { .. } => None,
    };
    let mut scores: Vec<Score> = annotations.iter().filter_map(of).collect();
    crate::order::sort_by(&mut scores, Ord::cmp);
    scores.dedup();
    scores
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        attack::{Knowledge, read},
        layer, matrix,
    };

    fn knowledge() -> Knowledge {
        read(include_bytes!("../../../data/attack-containers-19.2.json")).unwrap().knowledge
    }

    fn placements(knowledge: &Knowledge) -> Vec<Key> {
        matrix::placements(knowledge).into_iter().map(|(technique, tactic)| Key::new(technique, tactic)).collect()
    }

    fn actor(knowledge: &Knowledge, name: &str) -> usize {
        knowledge.actors.iter().position(|actor| actor.name == name).unwrap()
    }

    fn told(layer: &Layer, technique: &str) -> Vec<String> {
        let of = layer.annotations.iter().filter(|entry| entry.key.technique.as_str() == technique);
        let one = |entry: &Entry| {
            let mark = layer.mark_of(entry, None);
            let tactic = entry.key.tactic.as_ref().unwrap();
            format!("{tactic}: {}: {}", mark.score.unwrap(), mark.comment.replace('\n', " / "))
        };
        of.map(one).collect()
    }

    #[test]
    fn a_layer_from_evidence_says_who_and_how_many_in_every_tactic() {
        let knowledge = knowledge();
        let layer = layer_from_evidence(&Record::own(&knowledge), &placements(&knowledge));
        let tactics = |technique: &str| told(&layer, technique).len();
        assert_eq!(
            told(&layer, "T1610"),
            ["execution: 4: Seen against containers: TeamTNT (G0139), Doki (S0600), Kinsing (S0599), Peirates (S0683)"]
        );
        assert_eq!((tactics("T1133"), tactics("T1612")), (2, 0));
        assert_eq!(layer.legend.len(), scores(&layer.annotations).len());
    }

    #[test]
    fn a_layer_from_one_actor_is_what_it_was_seen_doing() {
        let knowledge = knowledge();
        let all = placements(&knowledge);
        let one = [actor(&knowledge, "TeamTNT")];
        let here = layer_from_actors(&Record::own(&knowledge), &all, &one, Counted::AgainstContainers);
        let anywhere = layer_from_actors(&Record::own(&knowledge), &all, &one, Counted::Anywhere);
        assert_eq!(here.name, "TeamTNT");
        assert_eq!(told(&here, "T1610"), ["execution: 1: Seen against containers: TeamTNT (G0139)"]);
        assert!(here.annotations.len() < anywhere.annotations.len());
        for entry in here.annotations.iter() {
            assert_eq!(anywhere.annotations.get(&entry.key), Some(entry));
        }
        let elsewhere = anywhere.annotations.iter().filter(|entry| here.annotations.get(&entry.key).is_none());
        for entry in elsewhere {
            assert_eq!(anywhere.mark_of(entry, None).comment, "Seen elsewhere: TeamTNT (G0139)");
        }
    }

    #[test]
    fn a_layer_from_several_counts_them() {
        let knowledge = knowledge();
        let several = ["TeamTNT", "Kinsing", "Doki", "Siloscape"].map(|name| actor(&knowledge, name));
        let layer =
            layer_from_actors(&Record::own(&knowledge), &placements(&knowledge), &several, Counted::AgainstContainers);
        assert_eq!(layer.name, "TeamTNT, Kinsing, Doki and 1 more");
        assert_eq!(
            told(&layer, "T1610"),
            ["execution: 3: Seen against containers: TeamTNT (G0139), Doki (S0600), Kinsing (S0599)"]
        );
        let entry = layer.annotations.iter().find(|entry| entry.key.technique.as_str() == "T1610").unwrap();
        assert_eq!(entry.links.len(), 3);
        assert_eq!(layer.legend.len(), 2, "1 actor, 3 actors");
    }

    #[test]
    fn what_is_made_can_be_written_and_read_again() {
        let knowledge = knowledge();
        let all = placements(&knowledge);
        let made = layer_from_evidence(&Record::own(&knowledge), &all);
        let again = layer::read(layer::write(&made, &all).as_bytes()).unwrap().layers.remove(0);
        assert_eq!(again, made);
    }

    #[test]
    fn actors_that_are_not_there_make_an_empty_layer() {
        let knowledge = knowledge();
        let layer =
            layer_from_actors(&Record::own(&knowledge), &placements(&knowledge), &[usize::MAX], Counted::Anywhere);
        assert!(layer.annotations.is_empty() && layer.legend.is_empty());
        assert_eq!((layer.gradient.minimum, layer.gradient.maximum), (0.0, 1.0));
    }
}
