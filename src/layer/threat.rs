//! A threat over coverage: what only the threat uses (the gap), what is used and covered, what only is covered; by tactic
//! and tier, and as a layer of its own. What covered means is `coverage`'s.

use super::{
    Annotations, Color, Combine, Entry, Gradient, Key, Layer, LegendItem, Mark, Marks, Score, TierScoring,
    gaps::place_of,
};
use crate::attack::{TacticName, TechniqueId, Tier};
use rustc_hash::FxHashMap;

/// How a threat and what is covered meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Meeting {
    /// Covered, and not used by the threat.
    Covered,
    /// Used by the threat, and covered.
    Both,
    /// Used by the threat, and not covered.
    Gap,
}

/// What is asked: a threat uses what it scores above 0.
#[derive(Debug, Clone, Copy)]
pub struct ThreatOver<'a> {
    pub threat: &'a Layer,
    pub covering: &'a Layer,
    /// What stands in the unified matrix, in orchestration's and in container's.
    pub standing: &'a [Vec<Key>; 3],
    /// The score from which on a technique is covered.
    pub threshold: f64,
}

/// How many techniques are gaps, both, covered only, in that order.
pub type Counts = [usize; 3];

impl Meeting {
    /// The gap first, since it is what is looked for.
    pub const ALL: [Self; 3] = [Self::Gap, Self::Both, Self::Covered];

    pub fn word(self) -> &'static str {
        match self {
            Self::Gap => "gap",
            Self::Both => "both",
            Self::Covered => "covered",
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Self::Gap => "Only the threat uses it: a gap",
            Self::Both => "Used by the threat, and covered",
            Self::Covered => "Only we cover it",
        }
    }

    /// Its score in the layer that is made.
    pub fn score(self) -> f64 {
        match self {
            Self::Gap => 2.0,
            Self::Both => 1.0,
            Self::Covered => 0.0,
        }
    }

    /// Told apart by eyes of every kind: by hue and by lightness.
    pub fn color(self) -> [u8; 4] {
        match self {
            Self::Gap => [0xd5, 0x5e, 0x00, 0xff],
            Self::Both => [0xf0, 0xe4, 0x42, 0xff],
            Self::Covered => [0x56, 0xa5, 0xd8, 0xff],
        }
    }

    fn place(self) -> usize {
        Self::ALL.iter().position(|other| *other == self).unwrap_or_default()
    }
}

impl ThreatOver<'_> {
    fn standing(&self, tier: Option<Tier>) -> &[Key] {
        &self.standing[place_of(tier)]
    }

    fn in_tier(&self, key: &Key, tier: Tier) -> Option<Meeting> {
        let used = self.threat.scored(key, Some(tier)).0.is_some_and(|score| score.value() > 0.0);
        let covered = self.covering.covers(key, Some(tier), self.threshold) == Some(true);
        match (used, covered) {
            (true, false) => Some(Meeting::Gap),
            (true, true) => Some(Meeting::Both),
            (false, true) => Some(Meeting::Covered),
            (false, false) => None,
        }
    }

    /// Of everything that stands in each tier; what neither says anything of is left out.
    pub fn meetings(&self) -> [FxHashMap<Key, Meeting>; 2] {
        Tier::ALL.map(|tier| {
            let all = self.standing(Some(tier)).iter();
            all.filter_map(|key| Some((key.clone(), self.in_tier(key, tier)?))).collect()
        })
    }

    /// Of a cell of both tiers: a gap in one is a gap.
    pub fn worst(meetings: &[FxHashMap<Key, Meeting>; 2], key: &Key) -> Option<Meeting> {
        meetings.iter().filter_map(|tier| tier.get(key)).max().copied()
    }

    /// By tactic, how many techniques in each tier meet how.
    pub fn by_tactic(&self, tactics: &[TacticName]) -> Vec<(TacticName, [Counts; 2])> {
        let meetings = self.meetings();
        let of = |tactic: &TacticName| {
            let mut counts = [[0; 3]; 2];
            for (tier, counts) in meetings.iter().zip(&mut counts) {
                for (_, meeting) in tier.iter().filter(|(key, _)| key.tactic.as_ref() == Some(tactic)) {
                    counts[meeting.place()] += 1;
                }
            }
            (tactic.clone(), counts)
        };
        tactics.iter().map(of).filter(|(_, counts)| counts.iter().flatten().any(|count| *count > 0)).collect()
    }

    /// The techniques that meet so in some tier, in the order of the matrix.
    pub fn techniques(&self, meeting: Meeting) -> Vec<TechniqueId> {
        let meetings = self.meetings();
        let mut found: Vec<TechniqueId> = Vec::new();
        let worst: FxHashMap<&TechniqueId, Meeting> = self.worst_of_techniques(&meetings);
        for key in self.standing(None).iter() {
            if worst.get(&key.technique) == Some(&meeting) && !found.contains(&key.technique) {
                found.push(key.technique.clone());
            }
        }
        found
    }

    fn worst_of_techniques<'k>(
        &self,
        meetings: &'k [FxHashMap<Key, Meeting>; 2],
    ) -> FxHashMap<&'k TechniqueId, Meeting> {
        let mut worst: FxHashMap<&TechniqueId, Meeting> = FxHashMap::default();
        for (key, meeting) in meetings.iter().flatten() {
            let place = worst.entry(&key.technique).or_insert(*meeting);
            *place = (*place).max(*meeting);
        }
        worst
    }

    /// A layer that says so, each tier for itself where they differ. `blank` is an empty one on the bundle.
    pub fn layer(&self, blank: Layer) -> Layer {
        let meetings = self.meetings();
        let mark = |key: &Key, tier: usize| -> Option<Mark> {
            let meeting = meetings[tier].get(key)?;
            Some(Mark { score: Score::new(meeting.score()), comment: meeting.title().to_owned(), ..Mark::default() })
        };
        let entry = |key: &Key| {
            let stands = Tier::ALL.map(|tier| self.standing(Some(tier)).contains(key));
            let [orchestration, container] = match (mark(key, 0), mark(key, 1)) {
                (None, None) => return None,
                // Where it doesn't stand, it has nothing of its own to say.
                (Some(one), None) if !stands[1] => [one.clone(), one],
                (None, Some(one)) if !stands[0] => [one.clone(), one],
                (one, other) => [one.unwrap_or_default(), other.unwrap_or_default()],
            };
            let links = self.threat.annotations.about(key).map(|entry| entry.links.clone()).unwrap_or_default();
            Some(Entry { marks: Marks::by_tier(orchestration, container), links, ..Entry::new(key.clone()) })
        };
        let annotations: Annotations = self.standing(None).iter().filter_map(entry).collect();
        let apart = annotations.iter().any(|entry| matches!(entry.marks, Marks::ByTier { .. }));
        let colors = Meeting::ALL.iter().rev().map(|meeting| Color::from_rgba(meeting.color())).collect();
        let legend = Meeting::ALL.iter().map(|it| LegendItem::new(Color::from_rgba(it.color()), it.title())).collect();
        Layer {
            name: format!("{} over {}", self.threat.name, self.covering.name),
            description: format!(
                "What \"{}\" uses, over what \"{}\" covers from a score of {} on.",
                self.threat.name, self.covering.name, self.threshold
            ),
            tier_scoring: if apart { TierScoring::Separately(Combine::Highest) } else { TierScoring::Together },
            gradient: Gradient { colors, minimum: 0.0, maximum: 2.0 },
            legend,
            annotations,
            ..blank
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(technique: &str) -> Key {
        Key::new(TechniqueId::parse(technique).unwrap(), TacticName::parse("execution").unwrap())
    }

    fn layer(name: &str, scores: &[(&str, f64, f64)]) -> Layer {
        let mut layer = Layer::new(name, "x", None, Vec::new());
        let mark = |score| Mark { score: Score::new(score), ..Mark::default() };
        for (technique, orchestration, container) in scores {
            let marks = Marks::by_tier(mark(*orchestration), mark(*container));
            layer.annotations.put(Entry { marks, ..Entry::new(key(technique)) });
        }
        layer
    }

    #[test]
    fn each_tier_meets_for_itself_and_a_gap_in_one_is_a_gap() {
        let threat = layer("TeamTNT", &[("T1", 3.0, 3.0), ("T2", 1.0, 1.0), ("T3", 0.0, 0.0), ("T5", 1.0, 1.0)]);
        let covering = layer("ours", &[("T1", 80.0, 10.0), ("T2", 50.0, 50.0), ("T3", 90.0, 90.0), ("T4", 49.0, 49.0)]);
        let both = ["T1", "T2", "T3", "T4"].map(key).to_vec();
        let standing =
            [["T1", "T2", "T3", "T4", "T5"].map(key).to_vec(), both.clone(), [&both[..], &[key("T5")]].concat()];
        let over = ThreatOver { threat: &threat, covering: &covering, standing: &standing, threshold: 50.0 };
        let tactic = TacticName::parse("execution").unwrap();
        // Gap, both, covered only.
        assert_eq!(over.by_tactic(std::slice::from_ref(&tactic)), [(tactic, [[0, 2, 1], [2, 1, 1]])]);
        let named = |meeting| over.techniques(meeting).iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        assert_eq!(Meeting::ALL.map(named), ["T1 T5", "T2", "T3"]);
        let made = over.layer(Layer::new("blank", "x", None, Vec::new()));
        assert_eq!(
            (made.name.as_str(), made.tier_scoring),
            ("TeamTNT over ours", TierScoring::Separately(Combine::Highest))
        );
        let scores =
            |technique: &str| Tier::ALL.map(|tier| made.mark(&key(technique), Some(tier)).score.map(Score::value));
        assert_eq!(scores("T1"), [Some(1.0), Some(2.0)]);
        assert_eq!(scores("T5"), [Some(2.0), Some(2.0)]);
        assert_eq!(scores("T3"), [Some(0.0), Some(0.0)]);
        assert_eq!(scores("T4"), [None, None]);
        assert_eq!(made.mark(&key("T1"), None).score, Score::new(2.0));
        let [gap, both, covered] = Meeting::ALL.map(|it| made.gradient.color_of(Score::new(it.score()).unwrap()));
        assert_eq!((gap, covered), ([0xd5, 0x5e, 0x00], [0x56, 0xa5, 0xd8]));
        assert!(both[0] > 0xe8 && both[1] > 0xdc && both[2] < 0x50, "{both:?}");
    }
}
