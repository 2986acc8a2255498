//! Coverage by tactic and tier, and what is not covered, with what would close it. What covered means is `coverage`'s.

use super::{Coverage, Key, Layer};
use crate::{
    attack::{Crosswalk, Detection, Evidence, Knowledge, Mitigation, Record, TacticName, Technique, TechniqueId, Tier},
    order,
};
use rustc_hash::FxHashSet;

/// A tactic's coverage: in orchestration, in container, and of both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TacticCoverage {
    pub tactic: TacticName,
    pub tiers: [Coverage; 2],
    pub whole: Coverage,
}

/// A technique that is not covered, what is on record of it, and what would help.
#[derive(Debug, Clone)]
pub struct Gap<'a> {
    pub technique: &'a Technique,
    /// Where it stands and is enabled without being covered.
    pub tiers: Vec<Tier>,
    /// In the order of the matrix.
    pub tactics: Vec<TacticName>,
    pub evidence: Evidence<'a>,
    pub mitigations: Vec<&'a Mitigation>,
    pub detections: Vec<&'a Detection>,
    /// Of Microsoft's matrix, where the technique has a counterpart there.
    pub microsofts: Vec<&'a Mitigation>,
}

/// What coverage is asked of: what stands in the unified matrix and in each tier's, and from which score on it is covered.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    pub layer: &'a Layer,
    pub standing: &'a [Vec<Key>; 3],
    pub threshold: f64,
}

/// Which of three is about the unified matrix or a tier's, where what stands in each is kept.
pub fn place_of(tier: Option<Tier>) -> usize {
    match tier {
        None => 0,
        Some(Tier::Orchestration) => 1,
        Some(Tier::Container) => 2,
    }
}

impl Asked<'_> {
    fn standing(&self, tier: Option<Tier>) -> &[Key] {
        &self.standing[place_of(tier)]
    }

    /// Of everything, in a tier or in both.
    pub fn whole(&self, tier: Option<Tier>) -> Coverage {
        Coverage::from(self.layer, self.standing(tier).iter(), tier, self.threshold)
    }

    /// By tactic, without those in which nothing stands.
    pub fn by_tactic(&self, knowledge: &Knowledge) -> Vec<TacticCoverage> {
        let of = |tactic: &TacticName, tier: Option<Tier>| {
            let here = self.standing(tier).iter().filter(|key| key.tactic.as_ref() == Some(tactic));
            Coverage::from(self.layer, here, tier, self.threshold)
        };
        let tactics = knowledge.tactics.iter().map(|tactic| &tactic.short_name);
        let row = |tactic: &TacticName| TacticCoverage {
            tactic: tactic.clone(),
            tiers: Tier::ALL.map(|tier| of(tactic, Some(tier))),
            whole: of(tactic, None),
        };
        let stands = |row: &TacticCoverage| row.tiers.iter().any(|tier| tier.of > 0) || row.whole.of > 0;
        tactics.map(row).filter(stands).collect()
    }

    /// The techniques behind a number: those of a tactic in a tier that are covered there, or those that aren't.
    pub fn behind(&self, tactic: &TacticName, tier: Tier, covered: bool) -> Vec<TechniqueId> {
        let here = self.standing(Some(tier)).iter().filter(|key| key.tactic.as_ref() == Some(tactic));
        let mut found: Vec<TechniqueId> = Vec::new();
        for key in here {
            let is_covered = self.layer.covers(key, Some(tier), self.threshold);
            if is_covered == Some(covered) && !found.contains(&key.technique) {
                found.push(key.technique.clone());
            }
        }
        found
    }

    /// What is not covered somewhere, the most seen against containers first, then in the order of the matrix.
    /// `microsoft` is Microsoft's matrix, for its mitigations.
    pub fn gaps<'a>(&self, record: &Record<'a>, microsoft: Option<&'a Knowledge>) -> Vec<Gap<'a>> {
        let shown = record.shown();
        let crosswalk =
            microsoft.filter(|_| !shown.is_microsofts()).map(|other| (Crosswalk::between(shown, other), other));
        let mut seen: FxHashSet<&TechniqueId> = FxHashSet::default();
        let all = self.standing(None).iter().filter(|key| seen.insert(&key.technique));
        let mut gaps: Vec<Gap<'a>> = all
            .filter_map(|key| {
                let technique = shown.technique(&key.technique)?;
                let tiers: Vec<Tier> =
                    Tier::ALL.into_iter().filter(|tier| self.is_open(&key.technique, *tier)).collect();
                if tiers.is_empty() {
                    return None;
                }
                let tactics = shown.tactics.iter().map(|tactic| &tactic.short_name);
                Some(Gap {
                    technique,
                    tiers,
                    tactics: tactics.filter(|tactic| technique.tactics.contains(tactic)).cloned().collect(),
                    evidence: record.of(technique),
                    mitigations: technique.mitigations.iter().filter_map(|at| shown.mitigations.get(*at)).collect(),
                    detections: technique.detections.iter().filter_map(|at| shown.detections.get(*at)).collect(),
                    microsofts: crosswalk.as_ref().map(|it| counterparts(&it.0, it.1, technique)).unwrap_or_default(),
                })
            })
            .collect();
        let place = |gap: &Gap<'_>| {
            let first = gap.tactics.first();
            shown.tactics.iter().position(|tactic| Some(&tactic.short_name) == first).unwrap_or(usize::MAX)
        };
        order::sort_by(&mut gaps, |a, b| {
            let seen =
                |gap: &Gap<'_>| (gap.evidence.native.len(), gap.evidence.others.len(), gap.evidence.elsewhere.len());
            let rank = seen(b).cmp(&seen(a)).then_with(|| place(a).cmp(&place(b)));
            rank.then_with(|| a.technique.id.cmp(&b.technique.id))
        });
        gaps
    }

    /// Whether a technique is enabled in a tier and not covered in all of its tactics there.
    fn is_open(&self, id: &TechniqueId, tier: Tier) -> bool {
        let here = self.standing(Some(tier)).iter().filter(|key| key.technique == *id);
        let coverage = Coverage::from(self.layer, here, Some(tier), self.threshold);
        coverage.covered < coverage.of
    }
}

fn counterparts<'a>(crosswalk: &Crosswalk, other: &'a Knowledge, technique: &Technique) -> Vec<&'a Mitigation> {
    let mut found: Vec<&Mitigation> = Vec::new();
    let techniques = crosswalk.forth(&technique.id).iter().filter_map(|id| other.technique(id));
    for mitigation in techniques.flat_map(|it| &it.mitigations).filter_map(|at| other.mitigations.get(*at)) {
        if found.iter().all(|it| it.id != mitigation.id) {
            found.push(mitigation);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        attack::read,
        layer::{Display, Entry, Mark, Marks, Score},
    };

    fn bundle(bytes: &[u8]) -> Knowledge {
        read(bytes).unwrap().knowledge
    }

    fn attack() -> Knowledge {
        bundle(include_bytes!("../../data/attack-containers-19.2.json"))
    }

    /// As the app lays them out.
    fn standing(knowledge: &Knowledge) -> [Vec<Key>; 3] {
        [None, Some(Tier::Orchestration), Some(Tier::Container)].map(|tier| {
            let all = crate::matrix::standing(knowledge, &Display::default(), &[], tier);
            all.into_iter().map(|(id, tactic)| Key::new(id, tactic)).collect()
        })
    }

    fn layer(standing: &[Vec<Key>; 3], score: impl Fn(&Key) -> Option<f64>) -> Layer {
        let mut layer = Layer::new("layer", "enterprise-attack", Some("19"), Vec::new());
        for key in &standing[0] {
            if let Some(score) = score(key) {
                let mark = Mark { score: Score::new(score), ..Mark::default() };
                layer.annotations.put(Entry { marks: Marks::Together(mark), ..Entry::new(key.clone()) });
            }
        }
        layer
    }

    #[test]
    fn gaps_are_ranked_by_evidence_then_by_tactic_and_say_what_would_close_them() {
        let (knowledge, microsoft) = (attack(), bundle(include_bytes!("../../data/microsoft-kubernetes.json")));
        let standing = standing(&knowledge);
        let layer = layer(&standing, |key| (key.technique.as_str() == "T1610").then_some(50.0));
        let asked = Asked { layer: &layer, standing: &standing, threshold: 50.0 };
        let gaps = asked.gaps(&Record::own(&knowledge), Some(&microsoft));
        assert!(gaps.iter().all(|gap| gap.technique.id.as_str() != "T1610"));
        assert_eq!(gaps.len(), asked.whole(None).of - 1);
        let ranks: Vec<_> = gaps
            .iter()
            .map(|gap| (gap.evidence.native.len(), gap.evidence.others.len(), gap.evidence.elsewhere.len()))
            .collect();
        assert!(ranks.is_sorted_by(|a, b| a >= b), "{ranks:?}");
        let admin = gaps.iter().find(|gap| gap.technique.id.as_str() == "T1609").unwrap();
        assert!(!admin.mitigations.is_empty() && !admin.detections.is_empty() && !admin.microsofts.is_empty());
        let higher = Asked { threshold: 51.0, ..asked };
        assert_eq!(higher.gaps(&Record::own(&knowledge), None).len(), gaps.len() + 1);
    }

    #[test]
    fn what_is_behind_a_number_is_as_many_as_it_says() {
        let knowledge = attack();
        let standing = standing(&knowledge);
        let layer = layer(&standing, |key| Some(if key.technique.as_str() < "T1500" { 80.0 } else { 20.0 }));
        let asked = Asked { layer: &layer, standing: &standing, threshold: 50.0 };
        let rows = asked.by_tactic(&knowledge);
        assert!(rows.len() > 8);
        for row in &rows {
            for (tier, coverage) in Tier::ALL.into_iter().zip(row.tiers) {
                assert_eq!(asked.behind(&row.tactic, tier, true).len(), coverage.covered, "{:?}", row.tactic);
                assert_eq!(asked.behind(&row.tactic, tier, false).len(), coverage.of - coverage.covered);
            }
        }
        assert!(rows.iter().any(|row| row.tiers[0].covered > 0 && row.tiers[0].covered < row.tiers[0].of));
    }
}
