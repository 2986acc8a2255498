//! Lays knowledge out as one matrix or two. The rules of who stands where are all here.

use super::{Cell, Column, Matrix, MatrixKind, Place, Subtechniques};
use crate::{
    attack::{Knowledge, TacticName, Technique, TechniqueId, Tier},
    layer::{Display, ExpandedSubtechniques, Representation, Score, Sorting},
    order,
};
use std::cmp::Ordering;

/// What a layer says that bears on the layout. The matrix doesn't know where it comes from.
pub trait Said {
    /// The score by which a technique is sorted in the matrix of a tier, or in the unified one.
    fn score(&self, technique: &TechniqueId, tactic: &TacticName, tier: Option<Tier>) -> Option<Score>;
    fn enabled(&self, technique: &TechniqueId, tactic: &TacticName, tier: Option<Tier>) -> bool;
    fn annotated(&self, technique: &TechniqueId) -> bool;
    /// Whether its sub-techniques were opened one by one.
    fn opened(&self, technique: &TechniqueId, tactic: &TacticName) -> bool;
}

/// A layer that says nothing.
pub struct Silent;

impl Said for Silent {
    fn score(&self, _: &TechniqueId, _: &TacticName, _: Option<Tier>) -> Option<Score> {
        None
    }

    fn enabled(&self, _: &TechniqueId, _: &TacticName, _: Option<Tier>) -> bool {
        true
    }

    fn annotated(&self, _: &TechniqueId) -> bool {
        false
    }

    fn opened(&self, _: &TechniqueId, _: &TacticName) -> bool {
        false
    }
}

/// The matrices of a representation: one, or orchestration and container, whose columns are the same tactics.
///
/// `platforms` are the ones to show, all where it is empty. A bundle that is about one platform is shown whole: its
/// scope takes the filter's place, so that a layer made for other platforms still shows what it says of this one.
pub fn lay_out(knowledge: &Knowledge, display: &Display, platforms: &[String], said: &dyn Said) -> Vec<Matrix> {
    let kinds: &[MatrixKind] = match display.representation {
        Representation::Unified => &[MatrixKind::Unified],
        Representation::Split => &[MatrixKind::Tier(Tier::Orchestration), MatrixKind::Tier(Tier::Container)],
        Representation::Alone(Tier::Orchestration) => &[MatrixKind::Tier(Tier::Orchestration)],
        Representation::Alone(Tier::Container) => &[MatrixKind::Tier(Tier::Container)],
    };
    let mut matrices: Vec<Matrix> =
        kinds.iter().map(|kind| Layout { knowledge, display, platforms, said, kind: *kind }.matrix()).collect();
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

struct Layout<'a> {
    knowledge: &'a Knowledge,
    display: &'a Display,
    platforms: &'a [String],
    said: &'a dyn Said,
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
        let tops = self.knowledge.tops();
        let mut families: Vec<Family> = tops.filter_map(|parent| self.family(parent, tactic)).collect();
        let score = |technique: &Technique| self.family_score(technique, tactic);
        order::sort_by(&mut families, |a, b| self.order(a.parent, b.parent, &score));
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
        let shown = |child: &&Technique| self.stands(child, tactic) && (!hides || enabled(child));
        let mut children: Vec<&Technique> = self.knowledge.subtechniques_of(&parent.id).filter(shown).collect();
        let score = |technique: &Technique| self.score(technique, tactic);
        order::sort_by(&mut children, |a, b| self.order(a, b, &score));
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

    fn score(&self, technique: &Technique, tactic: &TacticName) -> Option<Score> {
        self.said.score(&technique.id, tactic, self.kind.tier())
    }

    /// With aggregates, techniques are sorted by them: `VM` 876 of Navigator 5.1.0.
    fn family_score(&self, parent: &Technique, tactic: &TacticName) -> Option<Score> {
        let own = self.score(parent, tactic);
        let children: Vec<Option<Score>> =
            subtechniques(self.knowledge, &parent.id, tactic).map(|child| self.score(child, tactic)).collect();
        if self.display.show_aggregate && !children.is_empty() { self.display.aggregated(own, &children) } else { own }
    }

    /// Unscored counts below every score; equal scores go by name, whichever way the scores go.
    fn order(&self, a: &Technique, b: &Technique, score: &dyn Fn(&Technique) -> Option<Score>) -> Ordering {
        let name = || a.name.to_ascii_lowercase().cmp(&b.name.to_ascii_lowercase()).then_with(|| a.id.cmp(&b.id));
        match self.display.sorting {
            Sorting::NameAscending => name(),
            Sorting::NameDescending => name().reverse(),
            Sorting::ScoreAscending => score(a).cmp(&score(b)).then_with(name),
            Sorting::ScoreDescending => score(b).cmp(&score(a)).then_with(name),
        }
    }
}

/// The sub-techniques that an aggregate is about: all of the technique's that are in the tactic, shown or not.
pub fn subtechniques<'a>(
    knowledge: &'a Knowledge,
    technique: &TechniqueId,
    tactic: &'a TacticName,
) -> impl Iterator<Item = &'a Technique> {
    knowledge.subtechniques_of(technique).filter(|child| child.tactics.contains(tactic))
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
