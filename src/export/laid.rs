//! What pictures, workbooks, pages and copied tables are made of: a layer, what it is on, and how it is laid out; and what
//! of the layer is seen in a cell.

use crate::{
    attack::{Knowledge, TacticName, TechniqueId},
    layer::{Key, Layer, Score},
    matrix::{self, Matrix},
};

/// A layer, what it is on, and how it is laid out.
pub struct Laid<'a> {
    pub layer: &'a Layer,
    pub knowledge: &'a Knowledge,
    pub matrices: &'a [Matrix],
}

/// What the layer says where a technique stands, as it is seen there.
pub(super) struct Seen {
    pub enabled: bool,
    /// The aggregate where it is shown, or else the technique's own; none of a disabled one.
    pub score: Option<Score>,
    pub color: Option<[u8; 3]>,
}

impl Laid<'_> {
    /// In one of the matrices; `behind` is what is seen through colours that are not opaque.
    pub(super) fn seen(&self, matrix: &Matrix, tactic: &TacticName, technique: &TechniqueId, behind: [u8; 3]) -> Seen {
        let key = |id: &TechniqueId| Key::new(id.clone(), tactic.clone());
        let tier = matrix.kind.tier();
        let mark = self.layer.mark(&key(technique), tier);
        let family: Vec<Key> =
            matrix::subtechniques(self.knowledge, technique, tactic).map(|child| key(&child.id)).collect();
        let aggregate = self.layer.aggregated(mark.score, &family, tier);
        Seen {
            enabled: mark.enabled,
            score: aggregate.or(mark.score).filter(|_| mark.enabled),
            color: self.layer.color_of(&mark, aggregate, behind),
        }
    }
}
