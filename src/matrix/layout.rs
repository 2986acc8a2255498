//! Lays knowledge out as one matrix or two. The rules of who stands where are all here.

use super::{Cell, Column, Matrix, MatrixKind, Place, Subtechniques};
use crate::{
    attack::{Knowledge, TacticName, Technique, TechniqueId, Tier},
    layer::{Display, ExpandedSubtechniques, Representation, Sorting},
    order,
};
use rustc_hash::FxHashMap;
use std::cmp::Ordering;

/// What a layer says that bears on the layout. The matrix doesn't know where it comes from.
pub trait Said {
    /// The score by which a technique is sorted in the matrix of a tier, or in the unified one.
    fn score(&self, technique: &TechniqueId, tactic: &TacticName, tier: Option<Tier>) -> Option<f64>;
    fn enabled(&self, technique: &TechniqueId, tactic: &TacticName, tier: Option<Tier>) -> bool;
    fn annotated(&self, technique: &TechniqueId) -> bool;
    /// Whether its sub-techniques were opened one by one.
    fn opened(&self, technique: &TechniqueId, tactic: &TacticName) -> bool;
}

/// The matrices of a representation: one, or orchestration and container, whose columns are the same tactics.
///
/// `platforms` are the ones to show, all where it is empty. A bundle that is about one platform is shown whole: its
/// scope takes the filter's place, so that a layer made for other platforms still shows what it says of this one.
pub fn lay_out(knowledge: &Knowledge, display: &Display, platforms: &[String], said: &dyn Said) -> Vec<Matrix> {
    let families = Families::of(knowledge);
    let kinds: &[MatrixKind] = match display.representation {
        Representation::Unified => &[MatrixKind::Unified],
        Representation::Split => &[MatrixKind::Tier(Tier::Orchestration), MatrixKind::Tier(Tier::Container)],
        Representation::Alone(Tier::Orchestration) => &[MatrixKind::Tier(Tier::Orchestration)],
        Representation::Alone(Tier::Container) => &[MatrixKind::Tier(Tier::Container)],
    };
    let mut matrices: Vec<Matrix> = kinds
        .iter()
        .map(|kind| Layout { knowledge, display, platforms, said, families: &families, kind: *kind }.matrix())
        .collect();
    if !display.empty_tactics {
        leave_out_empty_tactics(&mut matrices);
    }
    matrices
}

/// A column goes only where it is empty in every matrix, so that the columns of a split stay aligned.
fn leave_out_empty_tactics(matrices: &mut [Matrix]) {
    let Some(first) = matrices.first() else { return };
    let used: Vec<bool> = (0..first.columns.len())
        .map(|at| matrices.iter().any(|m| m.columns.get(at).is_some_and(|column| !column.cells.is_empty())))
        .collect();
    for matrix in matrices {
        let mut at = used.iter();
        matrix.columns.retain(|_| at.next().copied().unwrap_or(true));
    }
}

/// Which techniques are parents and which are children, found once for all columns.
pub(super) struct Families<'a> {
    children: FxHashMap<&'a TechniqueId, Vec<&'a Technique>>,
    pub(super) tops: Vec<&'a Technique>,
}

impl<'a> Families<'a> {
    pub(super) fn of(knowledge: &'a Knowledge) -> Self {
        let mut children: FxHashMap<&TechniqueId, Vec<&Technique>> = FxHashMap::default();
        let mut tops = Vec::new();
        for technique in &knowledge.techniques {
            match technique.parent.as_ref().and_then(|parent| knowledge.technique(parent)) {
                Some(parent) => children.entry(&parent.id).or_default().push(technique),
                None => tops.push(technique),
            }
        }
        Self { children, tops }
    }

    pub(super) fn children(&self, technique: &Technique) -> &[&'a Technique] {
        self.children.get(&technique.id).map_or(&[], Vec::as_slice)
    }
}

struct Layout<'a> {
    knowledge: &'a Knowledge,
    display: &'a Display,
    platforms: &'a [String],
    said: &'a dyn Said,
    families: &'a Families<'a>,
    kind: MatrixKind,
}

/// A parent with the sub-techniques that stand under it in one column.
struct Family<'a> {
    parent: &'a Technique,
    place: Place,
    children: Vec<&'a Technique>,
}

impl<'a> Layout<'a> {
    fn matrix(&self) -> Matrix {
        let columns = self.knowledge.tactics.iter().map(|tactic| self.column(&tactic.short_name)).collect();
        Matrix { kind: self.kind, columns }
    }

    fn column(&self, tactic: &TacticName) -> Column {
        let tops = self.families.tops.iter();
        let mut families: Vec<Family> = tops.filter_map(|parent| self.family(parent, tactic)).collect();
        order::sort_by(&mut families, |a, b| self.order(a.parent, b.parent, tactic));
        let cells = families.into_iter().flat_map(|family| self.cells(family, tactic)).collect();
        Column { tactic: tactic.clone(), cells }
    }

    /// The family of a top technique in a tactic, if any of it stands there.
    ///
    /// A disabled parent with an enabled sub-technique is shown although disabled ones are hidden, as in the official
    /// Navigator.
    fn family(&self, parent: &'a Technique, tactic: &TacticName) -> Option<Family<'a>> {
        let hides = self.display.hide_disabled;
        let enabled = |technique: &Technique| self.said.enabled(&technique.id, tactic, self.kind.tier());
        let shown = |child: &&&Technique| self.stands(child, tactic) && (!hides || enabled(child));
        let mut children: Vec<&Technique> = self.families.children(parent).iter().filter(shown).copied().collect();
        order::sort_by(&mut children, |a, b| self.order(a, b, tactic));
        let stands = self.stands(parent, tactic) && (!hides || enabled(parent) || !children.is_empty());
        let place = if stands { self.place(parent) } else { Place::Heading };
        (stands || !children.is_empty()).then_some(Family { parent, place, children })
    }

    fn cells(&self, family: Family, tactic: &TacticName) -> Vec<Cell> {
        let Family { parent, place, children } = family;
        let fixed = place == Place::Heading;
        let open = fixed || self.is_open(parent, &children, tactic);
        let subtechniques = (!children.is_empty()).then_some(Subtechniques { count: children.len(), open, fixed });
        let top = Cell { technique: parent.id.clone(), place, parent: None, subtechniques };
        let under = children.into_iter().filter(|_| open).map(|child| Cell {
            technique: child.id.clone(),
            place: self.place(child),
            parent: Some(parent.id.clone()),
            subtechniques: None,
        });
        std::iter::once(top).chain(under).collect()
    }

    /// Layer format 4.5, `expandedSubtechniques`: with `none` and `annotated` the ones opened one by one are open too.
    fn is_open(&self, parent: &Technique, children: &[&Technique], tactic: &TacticName) -> bool {
        match self.display.expanded {
            ExpandedSubtechniques::All => true,
            ExpandedSubtechniques::None => self.said.opened(&parent.id, tactic),
            ExpandedSubtechniques::Annotated => {
                self.said.opened(&parent.id, tactic) || children.iter().any(|child| self.said.annotated(&child.id))
            }
        }
    }

    /// Whether a technique is in this matrix's column in its own right.
    fn stands(&self, technique: &Technique, tactic: &TacticName) -> bool {
        technique.tactics.contains(tactic)
            && stands(self.knowledge, self.display, self.platforms, self.kind.tier(), technique)
    }

    fn place(&self, technique: &Technique) -> Place {
        match (self.kind.tier(), &technique.tier) {
            (Some(tier), Some(assignment)) if assignment.primary != tier => Place::Secondary,
            _ => Place::Full,
        }
    }

    /// Unscored counts below every score; equal scores go by name, whichever way the scores go.
    fn order(&self, a: &Technique, b: &Technique, tactic: &TacticName) -> Ordering {
        let name = || a.name.to_ascii_lowercase().cmp(&b.name.to_ascii_lowercase()).then_with(|| a.id.cmp(&b.id));
        let score = |technique: &Technique| {
            self.said.score(&technique.id, tactic, self.kind.tier()).unwrap_or(f64::NEG_INFINITY)
        };
        match self.display.sorting {
            Sorting::NameAscending => name(),
            Sorting::NameDescending => name().reverse(),
            Sorting::ScoreAscending => score(a).total_cmp(&score(b)).then_with(name),
            Sorting::ScoreDescending => score(b).total_cmp(&score(a)).then_with(name),
        }
    }
}

/// Whether a technique is in the matrix of a tier (in the unified one: `None`) in its own right.
pub(super) fn stands(
    knowledge: &Knowledge,
    display: &Display,
    platforms: &[String],
    tier: Option<Tier>,
    technique: &Technique,
) -> bool {
    let shown = || {
        let whole = knowledge.release.scope.is_some() || platforms.is_empty();
        whole || technique.platforms.iter().any(|platform| platforms.contains(platform))
    };
    knowledge.in_scope(technique) && shown() && is_in_tier(display, tier, technique)
}

/// An unassigned technique stands in both tiers.
fn is_in_tier(display: &Display, tier: Option<Tier>, technique: &Technique) -> bool {
    let (Some(tier), Some(assignment)) = (tier, &technique.tier) else { return true };
    if display.primary_only { assignment.primary == tier } else { assignment.tiers.contains(tier) }
}
