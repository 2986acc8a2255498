//! Which techniques a rule chooses: what is annotated, of one colour, between two scores, the rest. Whether they are then
//! selected, disabled or counted is up to the commands.

use super::selection::{Selection, shown};
use crate::{
    attack::{Knowledge, TacticName, TechniqueId, Tier},
    layer::{Display, Key, Layer, Score, Target},
    matrix::{self, Matrix, Place, Position},
};
use rustc_hash::FxHashSet;

/// Layer format 4.5: score, colour, comment, disabled, links or metadata.
pub fn is_annotated(layer: &Layer, target: &Target) -> bool {
    let listed = layer.annotations.get(&target.key);
    let entry = listed.is_some_and(|entry| !entry.links.is_empty() || !entry.metadata.is_empty());
    entry || layer.mark(&target.key, target.tier).is_annotated()
}

/// The colour that a technique has: by hand or by score; none for a disabled one.
pub fn color_of(layer: &Layer, target: &Target) -> Option<[u8; 3]> {
    let mark = layer.mark(&target.key, target.tier);
    let by_hand = mark.color.as_ref().map(|color| color.over([u8::MAX; 3]));
    by_hand.or_else(|| mark.score.map(|score| layer.gradient.color_of(score))).filter(|_| mark.enabled)
}

/// Scores from one to another, both included; an end that isn't there leaves it open.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ScoreRange {
    pub from: Option<Score>,
    pub to: Option<Score>,
    /// What has no score, too.
    pub unscored: bool,
}

impl ScoreRange {
    pub fn takes(self, score: Option<Score>) -> bool {
        let Some(score) = score else { return self.unscored };
        self.from.is_none_or(|from| score >= from) && self.to.is_none_or(|to| score <= to)
    }

    pub fn chooses(self, layer: &Layer, target: &Target) -> bool {
        self.takes(layer.mark(&target.key, target.tier).score)
    }
}

/// Everything that stands in the matrices that are shown, be it folded, filtered or hidden there. `apart` as in
/// [`shown`].
pub fn everything(knowledge: &Knowledge, display: &Display, matrices: &[Matrix], apart: bool) -> Vec<Target> {
    let of_matrix = |matrix: &Matrix| {
        let tier = matrix.kind.tier();
        let standing = matrix::standing(knowledge, display, &[], tier);
        standing.into_iter().map(move |(id, tactic)| Target { key: Key::new(id, tactic), tier: tier.filter(|_| apart) })
    };
    matrices.iter().flat_map(of_matrix).collect()
}

/// How many techniques of these can't be seen just now, in any of their tactics that is meant.
pub fn hidden<'a>(targets: impl IntoIterator<Item = &'a Target>, matrices: &[Matrix]) -> usize {
    let in_sight: FxHashSet<Key> = shown(matrices, false).into_iter().map(|target| target.key).collect();
    let all: Vec<&Target> = targets.into_iter().collect();
    let of = |seen: bool| all.iter().filter(move |target| in_sight.contains(&target.key) == seen);
    let hidden: FxHashSet<&TechniqueId> = of.clone()(false).map(|target| &target.key.technique).collect();
    let seen: FxHashSet<&TechniqueId> = of(true).map(|target| &target.key.technique).collect();
    hidden.difference(&seen).count()
}

/// How many different techniques these are.
pub fn techniques<'a>(targets: impl IntoIterator<Item = &'a Target>) -> usize {
    targets.into_iter().map(|target| &target.key.technique).collect::<FxHashSet<_>>().len()
}

/// So many of them, in words.
pub fn counted(techniques: usize) -> String {
    if techniques == 1 { "1 technique".to_owned() } else { format!("{techniques} techniques") }
}

/// What a click on a tactic's header is about: its techniques; of sub-techniques only those without their parent there.
/// (VM 447 of Navigator 5.1.0: sub-techniques come with their parents only by the setting for that.)
pub fn tops(matrices: &[Matrix], tactic: &TacticName) -> Vec<Position> {
    let mut tops = Vec::new();
    for (matrix, laid) in matrices.iter().enumerate() {
        for (column, cells) in laid.columns.iter().enumerate().filter(|(_, column)| column.tactic == *tactic) {
            let mut under_heading = false;
            for (row, cell) in cells.cells.iter().enumerate() {
                if cell.parent.is_none() {
                    under_heading = cell.place == Place::Heading;
                }
                if under_heading != cell.parent.is_none() {
                    tops.push(Position { matrix, column, row });
                }
            }
        }
    }
    tops
}

/// What is in scope, tier by tier where tiers are told apart and a technique is in both.
pub fn placed(keys: &[Key], knowledge: &Knowledge, apart: bool) -> Vec<Target> {
    let tiers = |key: &Key| -> Vec<Option<Tier>> {
        let tiers: Vec<Option<Tier>> = knowledge.tiers_of(&key.technique).tiers().map(Some).collect();
        if apart && tiers.len() > 1 { tiers } else { vec![None] }
    };
    keys.iter().flat_map(|key| tiers(key).into_iter().map(|tier| Target { key: key.clone(), tier })).collect()
}

/// What of these is not selected.
pub fn rest(all: Vec<Target>, selection: &Selection) -> Vec<Target> {
    all.into_iter().filter(|target| !selection.covers(&target.key, target.tier)).collect()
}

/// Everything that is about one of these techniques.
pub fn of_techniques(all: Vec<Target>, ids: &[TechniqueId]) -> Vec<Target> {
    let ids: FxHashSet<&TechniqueId> = ids.iter().collect();
    all.into_iter().filter(|target| ids.contains(&target.key.technique)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        layer::{Color, Edit},
        matrix::{Cell, Column, MatrixKind},
    };

    fn id(text: &str) -> TechniqueId {
        TechniqueId::parse(text).unwrap()
    }

    fn target(technique: &str, tactic: &str) -> Target {
        Target { key: Key::new(id(technique), TacticName::parse(tactic).unwrap()), tier: None }
    }

    fn layer(edits: &[Edit]) -> Layer {
        let start = Layer::new("layer", "enterprise-attack", None, Vec::new());
        edits.iter().fold(start, |layer, edit| edit.apply(&layer).unwrap())
    }

    /// Headings in brackets, sub-techniques after their parents.
    fn column(tactic: &str, cells: &[&str]) -> Column {
        let mut parent = None;
        let cells = cells.iter().map(|text| {
            let heading = text.starts_with('[');
            let technique = id(text.trim_matches(['[', ']']));
            let is_sub = technique.parent().is_some();
            if !is_sub {
                parent = Some(technique.clone());
            }
            Cell {
                technique,
                place: if heading { Place::Heading } else { Place::Full },
                parent: parent.clone().filter(|_| is_sub),
                subtechniques: None,
            }
        });
        Column { tactic: TacticName::parse(tactic).unwrap(), cells: cells.collect() }
    }

    #[test]
    fn a_range_takes_its_ends_and_what_is_between() {
        let range = |from: Option<f64>, to: Option<f64>, unscored| ScoreRange {
            from: from.and_then(Score::new),
            to: to.and_then(Score::new),
            unscored,
        };
        let scores = [None, Some(-5.0), Some(0.0), Some(49.9), Some(50.0), Some(100.0)];
        let cases = [
            (range(None, None, false), [false, true, true, true, true, true]),
            (range(Some(0.0), Some(50.0), false), [false, false, true, true, true, false]),
            (range(Some(50.0), None, true), [true, false, false, false, true, true]),
            (range(None, Some(0.0), false), [false, true, true, false, false, false]),
            (range(Some(60.0), Some(40.0), false), [false; 6]),
        ];
        for (range, expected) in cases {
            assert_eq!(scores.map(|score| range.takes(score.and_then(Score::new))), expected, "{range:?}");
        }
    }

    #[test]
    fn a_colour_is_the_one_that_is_seen() {
        let red = Color::parse("#ff6666").unwrap();
        let one = target("T1610", "execution");
        type Make = fn(Vec<Target>) -> Edit;
        type Case = (&'static [Make], Option<[u8; 3]>);
        let layer_of = |edits: &[Make]| {
            layer(&edits.iter().map(|edit| edit(vec![target("T1610", "execution")])).collect::<Vec<_>>())
        };
        let [r, g, b, _] = red.rgba();
        let cases: [Case; 4] = [
            (&[], None),
            (&[|at| Edit::Score(at, Score::new(0.0))], Some([r, g, b])),
            (&[|at| Edit::Color(at, Color::parse("#FF6666ff").ok())], Some([r, g, b])),
            (&[|at| Edit::Score(at, Score::new(0.0)), |at| Edit::Enabled(at, false)], None),
        ];
        for (edits, expected) in cases {
            assert_eq!(color_of(&layer_of(edits), &one), expected);
        }
    }

    #[test]
    fn a_header_is_about_its_techniques_and_about_sub_techniques_that_stand_alone() {
        let cells = ["T1", "T1.001", "[T2]", "T2.001", "T2.002", "T3"];
        let matrices = [Matrix { kind: MatrixKind::Unified, columns: vec![column("a", &["T9"]), column("b", &cells)] }];
        let rows = |tactic| -> Vec<usize> {
            tops(&matrices, &TacticName::parse(tactic).unwrap()).iter().map(|position| position.row).collect()
        };
        assert_eq!(rows("b"), [0, 3, 4, 5]);
        assert_eq!(rows("a"), [0]);
        assert_eq!(rows("c"), [0; 0]);
    }

    #[test]
    fn hidden_is_what_no_cell_shows() {
        let matrices = [Matrix { kind: MatrixKind::Unified, columns: vec![column("a", &["T1", "[T2]"])] }];
        type Case = (&'static [(&'static str, &'static str)], usize, usize);
        let cases: [Case; 4] = [
            (&[("T1", "a")], 0, 1),
            (&[("T1", "a"), ("T1", "b")], 0, 1),
            (&[("T2", "a"), ("T1", "b"), ("T3", "a"), ("T3", "b")], 3, 3),
            (&[], 0, 0),
        ];
        for (targets, expected, count) in cases {
            let targets: Vec<Target> = targets.iter().map(|(id, tactic)| target(id, tactic)).collect();
            assert_eq!(hidden(&targets, &matrices), expected, "{targets:?}");
            assert_eq!(techniques(&targets), count, "{targets:?}");
        }
    }

    #[test]
    fn one_technique_is_not_several() {
        assert_eq!([0, 1, 2].map(counted), ["0 techniques", "1 technique", "2 techniques"]);
    }

    #[test]
    fn the_rest_is_what_is_not_selected() {
        let all = vec![target("T1", "a"), target("T1", "b"), target("T2", "a")];
        let selection: Selection = [target("T1", "b")].into_iter().collect();
        assert_eq!(rest(all.clone(), &selection), [target("T1", "a"), target("T2", "a")]);
        assert_eq!(of_techniques(all, &[id("T1")]), [target("T1", "a"), target("T1", "b")]);
    }
}
