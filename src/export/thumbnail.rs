//! A layer so small that only the colours of its techniques are seen. Drawing it is the app's.

use crate::{
    attack::{Knowledge, TacticName},
    layer::{Key, Layer},
    matrix,
};

/// From the corner of one square to the corner of the next; a square is one less.
const STEP: usize = 5;
/// Between two tactics.
const GAP: usize = 3;
/// What is behind a colour that lets it through.
const WHITE: [u8; 3] = [u8::MAX; 3];

/// Squares of one technique in one tactic each, a block of columns for each tactic.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Thumbnail {
    pub width: usize,
    pub height: usize,
    /// All squares of one colour as one outline, in the words of an SVG path.
    pub outlines: Vec<(Shade, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shade {
    Unscored,
    Disabled,
    Colored([u8; 3]),
}

impl Thumbnail {
    /// With a bundle: all that stands in its unified matrix. Without: what the layer has entries for.
    pub fn of(layer: &Layer, knowledge: Option<&Knowledge>) -> Self {
        let tactics = match knowledge {
            Some(knowledge) => by_tactic_of(layer, knowledge),
            None => by_tactic_said(layer),
        };
        let rows = suiting_rows(&tactics);
        let mut thumbnail = Self { height: rows * STEP, ..Self::default() };
        let mut left = 0;
        for (_, keys) in &tactics {
            for (at, key) in keys.iter().enumerate() {
                let (x, y) = (left + at / rows * STEP, at % rows * STEP);
                thumbnail.outline(shade(layer, key)).push_str(&format!("M{x} {y}h4v4h-4z"));
            }
            thumbnail.width = left + keys.len().div_ceil(rows) * STEP;
            left = thumbnail.width + GAP;
        }
        thumbnail
    }

    fn outline(&mut self, shade: Shade) -> &mut String {
        let at = self.outlines.iter().position(|(known, _)| *known == shade).unwrap_or_else(|| {
            self.outlines.push((shade, String::new()));
            self.outlines.len() - 1
        });
        &mut self.outlines[at].1
    }
}

type Tactics = Vec<(Option<TacticName>, Vec<Key>)>;

fn by_tactic_of(layer: &Layer, knowledge: &Knowledge) -> Tactics {
    let mut tactics: Tactics =
        knowledge.tactics.iter().map(|tactic| (Some(tactic.short_name.clone()), Vec::new())).collect();
    for (technique, tactic) in matrix::standing(knowledge, &layer.display, &layer.platforms, None) {
        let key = Key::new(technique, tactic);
        if let Some((_, keys)) = tactics.iter_mut().find(|(name, _)| *name == key.tactic) {
            keys.push(key);
        }
    }
    tactics.retain(|(_, keys)| !keys.is_empty());
    tactics
}

fn by_tactic_said(layer: &Layer) -> Tactics {
    let mut tactics: Tactics = Vec::new();
    for entry in layer.annotations.iter().filter(|entry| entry.is_written()) {
        let key = entry.key.clone();
        match tactics.iter_mut().find(|(name, _)| *name == key.tactic) {
            Some((_, keys)) => keys.push(key),
            None => tactics.push((key.tactic.clone(), vec![key])),
        }
    }
    tactics
}

/// The fewest rows with which the whole is no more than twice as wide as high.
fn suiting_rows(tactics: &Tactics) -> usize {
    let width = |rows: usize| tactics.iter().map(|(_, keys)| keys.len().div_ceil(rows)).sum::<usize>();
    (1..).find(|rows| width(*rows) <= 2 * rows || width(*rows) <= tactics.len()).unwrap_or(1)
}

fn shade(layer: &Layer, key: &Key) -> Shade {
    let mark = layer.mark(key, None);
    match layer.color_of(&mark, None, WHITE) {
        _ if !mark.enabled => Shade::Disabled,
        Some(color) => Shade::Colored(color),
        None => Shade::Unscored,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        attack::{self, TechniqueId},
        layer::{Color, Edit, Score, Target},
    };

    fn target(technique: &str, tactic: &str) -> Vec<Target> {
        let technique = TechniqueId::parse(technique).unwrap();
        vec![Target { key: Key::new(technique, TacticName::parse(tactic).unwrap()), tier: None }]
    }

    fn layer() -> Layer {
        let edits = [
            Edit::Score(target("T1610", "execution"), Score::new(100.0)),
            Edit::Color(target("T1609", "execution"), Color::parse("#010203").ok()),
            Edit::Enabled(target("T1611", "privilege-escalation"), false),
        ];
        let start = Layer::new("layer", "enterprise-attack", Some("19"), Vec::new());
        edits.iter().fold(start, |layer, edit| edit.apply(&layer).unwrap())
    }

    fn squares(thumbnail: &Thumbnail, shade: Shade) -> usize {
        let outline = thumbnail.outlines.iter().find(|(known, _)| *known == shade);
        outline.map_or(0, |(_, outline)| outline.matches('M').count())
    }

    #[test]
    fn every_technique_of_the_matrix_is_a_square_of_its_colour() {
        let bundle = include_bytes!("../../data/attack-containers-19.2.json");
        let knowledge = attack::read(bundle).unwrap().knowledge;
        let layer = layer();
        let thumbnail = Thumbnail::of(&layer, Some(&knowledge));
        let all = matrix::standing(&knowledge, &layer.display, &layer.platforms, None).len();
        assert_eq!(squares(&thumbnail, Shade::Colored([0x8e, 0xc8, 0x43])), 1);
        assert_eq!(squares(&thumbnail, Shade::Colored([1, 2, 3])), 1);
        assert_eq!(squares(&thumbnail, Shade::Disabled), 1);
        assert_eq!(squares(&thumbnail, Shade::Unscored), all - 3);
        assert!(thumbnail.width <= thumbnail.height * 3, "{} x {}", thumbnail.width, thumbnail.height);
    }

    #[test]
    fn a_colour_that_is_half_seen_through_is_mixed_as_in_other_pictures() {
        let half = Edit::Color(target("T1610", "execution"), Color::parse("#00000080").ok());
        let layer = half.apply(&layer()).unwrap();
        assert_eq!(squares(&Thumbnail::of(&layer, None), Shade::Colored([0x7f; 3])), 1);
    }

    #[test]
    fn without_its_bundle_a_layer_shows_what_it_says() {
        let thumbnail = Thumbnail::of(&layer(), None);
        assert_eq!(thumbnail.outlines.iter().map(|(_, outline)| outline.matches('M').count()).sum::<usize>(), 3);
        assert_eq!((thumbnail.width, thumbnail.height), (2 * STEP + GAP, 2 * STEP));
        assert_eq!(thumbnail.outlines[0], (Shade::Colored([0x8e, 0xc8, 0x43]), "M0 0h4v4h-4z".to_owned()));
        assert_eq!(Thumbnail::of(&Layer::new("", "", None, Vec::new()), None).outlines, []);
    }
}
