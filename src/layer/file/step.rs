//! A step of a layer's history as text: what it did, and of the layers before and after it what differs, as layer files
//! in one line each. Which steps are stored, and when, is `ledger`'s.

use super::{read, write::Written};
use crate::layer::{Kept, Layer, Passage};

/// Three lines: title, what was before, what was after; and a fourth one where the snapshots changed. JSON in one line has no line ends in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenStep(String);

impl WrittenStep {
    pub fn new(passage: &Passage<'_>) -> Self {
        // Unchanged ones would make every step as long as they are.
        let same_snapshots = passage.before.snapshots == passage.after.snapshots;
        let side = |of: &Layer, other: &Layer| {
            let differing = Layer {
                snapshots: if same_snapshots { Vec::new() } else { of.snapshots.clone() },
                annotations: of.annotations.differing_from(&other.annotations),
                kept: Kept { techniques: Vec::new(), ..of.kept.clone() },
                ..of.clone()
            };
            serde_json::to_string(&Written::whole(&differing)).unwrap_or_default()
        };
        let before = side(passage.before, passage.after);
        let after = side(passage.after, passage.before);
        let mut lines = vec![passage.title, &before, &after];
        lines.extend((!same_snapshots).then_some("snapshots"));
        Self(lines.join("\n"))
    }

    pub fn from_text(text: String) -> Self {
        Self(text)
    }

    pub fn text(&self) -> &str {
        &self.0
    }

    pub fn title(&self) -> &str {
        self.0.split('\n').next().unwrap_or_default()
    }

    /// The layer before the step, where the one after it is at hand. `None` where the text isn't a step's.
    pub fn undone(&self, after: &Layer) -> Option<Layer> {
        self.side(1, after)
    }

    /// The layer after the step, where the one before it is at hand.
    pub fn redone(&self, before: &Layer) -> Option<Layer> {
        self.side(2, before)
    }

    fn side(&self, line: usize, other: &Layer) -> Option<Layer> {
        let file = self.0.split('\n').nth(line)?;
        let differing = read(file.as_bytes()).ok()?.layers.pop()?;
        let mut annotations = other.annotations.clone();
        for entry in differing.annotations.iter() {
            annotations.put(entry.clone());
        }
        // No edit touches what a layer has unused.
        let changed = self.0.split('\n').nth(3).is_some();
        let snapshots = if changed { differing.snapshots.clone() } else { other.snapshots.clone() };
        Some(Layer { annotations, snapshots, kept: other.kept.clone(), ..differing })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        attack::{TacticName, TechniqueId, Tier},
        layer::{
            Color, Combine, Display, Edit, ExpandedSubtechniques, Gradient, Key, LegendItem, Link, Metadata,
            Representation, Score, Target, TierScoring, write,
        },
    };

    fn key(technique: &str) -> Key {
        Key::new(TechniqueId::parse(technique).unwrap(), TacticName::parse("execution").unwrap())
    }

    fn on(techniques: &[&str], tier: Option<Tier>) -> Vec<Target> {
        techniques.iter().map(|technique| Target { key: key(technique), tier }).collect()
    }

    /// A file with much in it that nobody knows.
    fn opened() -> Layer {
        let text = r##"{"name": "a\nb", "versions": {"layer": "4.5", "attack": "19"}, "domain": "enterprise-attack",
            "x": [1], "sorting": "a", "gradient": {"colors": ["#f00", "no"], "minValue": "0"},
            "techniques": [5, {"techniqueID": "T1", "tactic": "execution", "score": 3, "more": {"y": 1}},
                {"techniqueID": "T2", "comment": "all tactics"}, {"techniqueID": "no id", "z": 0}]}"##;
        read(text.as_bytes()).unwrap().layers.remove(0)
    }

    #[test]
    fn every_edit_comes_back_from_text_in_both_directions() {
        let display = Display { representation: Representation::Split, show_id: true, ..Display::default() };
        let gradient = Gradient { maximum: 7.5, ..Gradient::default() };
        let taken = Layer::new("taken", "enterprise-attack", Some("18"), vec!["Containers".to_owned()]);
        let taken = Edit::Score(on(&["T1", "T20"], None), Score::new(5.0)).apply(&taken).unwrap();
        let edits = [
            Edit::Score(on(&["T1", "T5"], None), Score::new(12.5)),
            Edit::Color(on(&["T1"], None), Color::parse("#abc").ok()),
            Edit::Comment(on(&["T5", "T6"], None), "two\nlines \"and\" more".to_owned()),
            Edit::Enabled(on(&["T6"], None), false),
            Edit::AddLink(on(&["T1"], None), Link::new("a", "https://example.org")),
            Edit::Metadata(on(&["T1", "T7"], None), vec![Metadata::divider(), Metadata::new("a", "b")]),
            Edit::TierScoring(TierScoring::Separately(Combine::Average)),
            Edit::Score(on(&["T1", "T8"], Some(Tier::Container)), Score::new(-1.0)),
            Edit::ShowSubtechniques {
                expanded: ExpandedSubtechniques::None,
                shown: vec![(key("T9"), true), (key("T1"), true)],
            },
            Edit::Clear(on(&["T1", "T5"], None)),
            Edit::TierScoring(TierScoring::Together),
            Edit::Name("another".to_owned()),
            Edit::Description("text".to_owned()),
            Edit::Display(Box::new(display)),
            Edit::Gradient(gradient),
            Edit::Legend(vec![LegendItem::new(Color::parse("red").unwrap(), "covered")]),
            Edit::LayerMetadata(vec![Metadata::new("owner", "us")]),
            Edit::Snapshots(opened().snapshots_with_now("Q3", "2026-09-30").unwrap()),
            Edit::Score(on(&["T1"], None), Score::new(99.0)),
            Edit::Snapshots(Vec::new()),
            Edit::LayerLinks(vec![Link::divider(), Link::new("a", "https://example.org")]),
            Edit::TakeOver(Box::new(taken)),
        ];
        let mut layer = opened();
        for edit in edits {
            let next = edit.apply(&layer).unwrap();
            let title = edit.title();
            let passage = Passage { number: 1, stamp: 1, title, before: &layer, after: &next };
            let step = WrittenStep::from_text(WrittenStep::new(&passage).text().to_owned());
            assert_eq!(step.title(), title);
            let (undone, redone) = (step.undone(&next).unwrap(), step.redone(&layer).unwrap());
            assert_eq!(write(&undone, &[]), write(&layer, &[]), "{title} undone");
            assert_eq!(write(&redone, &[]), write(&next, &[]), "{title} redone");
            layer = next;
        }
    }

    #[test]
    fn a_step_is_as_long_as_what_it_changed() {
        let all: Vec<String> = (1000..1900).map(|number| format!("T{number}")).collect();
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        let before = Edit::Score(on(&all, None), Score::new(1.0)).apply(&opened()).unwrap();
        let after = Edit::Score(on(&["T1500"], None), Score::new(2.0)).apply(&before).unwrap();
        let step = WrittenStep::new(&Passage { number: 1, stamp: 1, title: "score", before: &before, after: &after });
        assert!(step.text().len() < 4_000, "{}", step.text().len());
    }

    #[test]
    fn what_is_no_step_is_told_from_one() {
        for text in ["", "score", "score\n{}\n{}", "score\n[1]"] {
            assert_eq!(WrittenStep::from_text(text.to_owned()).undone(&opened()), None, "{text:?}");
        }
    }
}
