//! One layer of two: what only one side changed is taken, what both changed differently is picked. What gives way is
//! listed, so that nothing is lost in silence. What differs is `compare`'s to say.

use super::{
    Entry, Field, Key, Layer, Setting, Side, Snapshot,
    compare::{said, tells_tiers_apart, union},
};
use rustc_hash::FxHashMap;
use std::borrow::Cow;

/// What was picked: a side for an annotation or a setting, whatever else would be done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Picks {
    pub annotations: FxHashMap<Key, Side>,
    pub settings: FxHashMap<Setting, Side>,
}

/// The layer, and what it does without.
#[derive(Debug, Clone, PartialEq)]
pub struct Merged {
    pub layer: Layer,
    /// What a side says of cells and the layer doesn't, in the order of the layer.
    pub given_way: Vec<GivenWay>,
    /// And what it says of itself: settings that were the other side's to say. Names are no such, since a merged layer
    /// gets a new one.
    pub settings_given_way: Vec<(Setting, Side)>,
    /// So many snapshots of the second side that have no room beside the first's.
    pub snapshots_left_out: usize,
    /// Annotations and settings in which both sides say something else, and nothing was picked: the first side's was taken.
    pub unpicked: usize,
}

impl Merged {
    /// How many values gave way.
    pub fn gave_way(&self) -> usize {
        self.given_way.len() + self.settings_given_way.len() + self.snapshots_left_out
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenWay {
    pub key: Key,
    pub side: Side,
    pub field: Field,
    /// What it said.
    pub words: String,
}

/// Merges them. With an ancestor whatever one side alone changed is taken; without one, whatever one side alone says. A pick
/// for an annotation takes that side's whole entry, or none where that side has none.
pub fn merge(base: Option<&Layer>, mine: &Layer, theirs: &Layer, picks: &Picks) -> Merged {
    let mut layer = mine.clone();
    let mut unpicked = 0;
    for setting in Setting::ALL.into_iter().filter(|setting| !setting.equal(mine, theirs)) {
        let only_theirs = base.is_some_and(|base| setting.equal(base, mine));
        let only_mine = base.is_some_and(|base| setting.equal(base, theirs));
        let side = match picks.settings.get(&setting) {
            Some(side) => *side,
            None if only_theirs => Side::Theirs,
            None => {
                unpicked += usize::from(!only_mine && setting != Setting::Name);
                Side::Mine
            }
        };
        if side == Side::Theirs {
            setting.take(&mut layer, theirs);
        }
    }
    let (snapshots, snapshots_left_out) = Snapshot::of_both(base, mine, theirs);
    layer.snapshots = snapshots;
    let mut given_way = Vec::new();
    let mut entries: Vec<Entry> = Vec::new();
    for key in ordered(base, mine, theirs) {
        let sides = [base, Some(mine), Some(theirs)].map(|layer| said(layer, &key));
        let (entry, conflict) = match picks.annotations.get(&key) {
            Some(Side::Mine) => (Entry::clone(&sides[1]), false),
            Some(Side::Theirs) => (Entry::clone(&sides[2]), false),
            None => merged(&sides),
        };
        unpicked += usize::from(conflict);
        for (side, said) in [(Side::Mine, &sides[1]), (Side::Theirs, &sides[2])] {
            let lost = Field::of([&entry, &sides[1], &sides[2]]).into_iter().filter(|field| !field.equal(said, &entry));
            given_way.extend(
                lost.filter_map(|field| Some(GivenWay { key: key.clone(), side, field, words: field.words(said)? })),
            );
        }
        entries.push(entry);
    }
    layer.annotations = entries.into_iter().filter(Entry::is_written).collect();
    // A layer of one score for both tiers has no room for two.
    if tells_tiers_apart(&layer) {
        let apart = [mine, theirs].into_iter().find(|side| side.tier_scoring != layer.tier_scoring);
        if let Some(apart) = apart {
            layer.tier_scoring = apart.tier_scoring;
        }
    }
    let lost = |side: &Layer, setting: Setting| {
        setting != Setting::Name && setting.is_said(side) && !setting.equal(side, &layer)
    };
    let both = Setting::ALL.into_iter().flat_map(|it| [(it, Side::Mine, mine), (it, Side::Theirs, theirs)]);
    let lost = both.filter(|(setting, _, layer)| lost(layer, *setting));
    let settings_given_way = lost.map(|(setting, side, _)| (setting, side)).collect();
    Merged { layer, given_way, settings_given_way, snapshots_left_out, unpicked }
}

/// What both sides come to, field by field; whether they are at odds in any.
fn merged([base, mine, theirs]: &[Cow<'_, Entry>; 3]) -> (Entry, bool) {
    let mut entry = Entry::clone(mine);
    let mut conflict = false;
    for field in Field::of([base, mine, theirs]) {
        if field.equal(mine, theirs) || field.equal(base, theirs) {
            continue;
        }
        if field.equal(base, mine) {
            field.take(&mut entry, theirs);
        } else {
            conflict = true;
        }
    }
    (entry, conflict)
}

/// The order of the layer: of the side that changed it.
fn ordered(base: Option<&Layer>, mine: &Layer, theirs: &Layer) -> Vec<Key> {
    let keys = |layer: &Layer| -> Vec<Key> {
        layer.annotations.iter().filter(|entry| entry.is_written()).map(|entry| entry.key.clone()).collect()
    };
    match base {
        Some(base) if keys(base) == keys(mine) => union(theirs, mine, Some(base)),
        _ => union(mine, theirs, base),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attack::{TacticName, TechniqueId, Tier};
    use crate::layer::{Color, Combine, Link, Marks, Metadata, Score, State, TierScoring, compare};
    use proptest::prelude::*;

    fn key(technique: u8) -> Key {
        Key::new(TechniqueId::parse(&format!("T{technique}")).unwrap(), TacticName::parse("execution").unwrap())
    }

    prop_compose! {
        fn a_mark()(score in proptest::option::of(0..3_u8), color in 0..3_usize, comment in "[ab]{0,1}", enabled in any::<bool>())
            -> crate::layer::Mark {
            let color = ["", "#ff0000", "#00ff00"][color];
            crate::layer::Mark { score: score.and_then(|it| Score::new(f64::from(it))), color: Color::parse(color).ok(), comment, enabled }
        }
    }

    prop_compose! {
        fn an_entry()(technique in 0..6_u8, one in a_mark(), other in a_mark(), apart in any::<bool>(), rows in 0..3_u8,
            links in 0..2_u8, shown in any::<bool>()) -> Entry {
            let other = if apart { other } else { one.clone() };
            let row = |at: u8| Metadata::new(at.to_string(), "x");
            let link = |at: u8| Link::new(at.to_string(), "https://example.org");
            Entry {
                marks: Marks::by_tier(one, other), metadata: (0..rows).map(row).collect(),
                links: (0..links).map(link).collect(), show_subtechniques: shown, ..Entry::new(key(technique))
            }
        }
    }

    prop_compose! {
        fn a_layer()(entries in proptest::collection::vec(an_entry(), 0..7), name in "[ab]", description in "[ab]?")
            -> Layer {
            let scoring = TierScoring::Separately(Combine::Weakest);
            Layer { annotations: entries.into_iter().collect(), description, tier_scoring: scoring,
                ..Layer::new(&name, "enterprise-attack", Some("19"), Vec::new()) }
        }
    }

    #[test]
    fn snapshots_of_both_are_kept_as_long_as_there_is_room() {
        let plain = Layer::new("layer", "enterprise-attack", Some("19"), Vec::new());
        let with = |names: &[&str]| {
            let snapshot = |name: &&str| Snapshot::of(&plain, name, &format!("2026-09-0{}", &name[1..2]));
            Layer { snapshots: names.iter().map(snapshot).collect(), ..plain.clone() }
        };
        let merged = |base: Option<&Layer>, mine: &[&str], theirs: &[&str]| {
            let merged = merge(base, &with(mine), &with(theirs), &Picks::default());
            let names: Vec<String> = merged.layer.snapshots.iter().map(|it| it.name().to_owned()).collect();
            (names.join(" "), merged.snapshots_left_out)
        };
        assert_eq!(merged(None, &["Q2", "Q4"], &["Q1", "Q2", "Q3"]), ("Q1 Q2 Q3 Q4".to_owned(), 0));
        let base = with(&["Q1", "Q2"]);
        assert_eq!(merged(Some(&base), &["Q1", "Q3"], &["Q1", "Q2", "Q4"]), ("Q1 Q3 Q4".to_owned(), 0));
        let many: Vec<String> = (0..crate::layer::MOST_SNAPSHOTS).map(|at| format!("Q1 {at}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(merged(None, &many, &["Q2", "Q1 0"]).1, 1);
    }

    #[test]
    fn a_briefing_that_gives_way_is_told() {
        let plain = Layer::new("layer", "enterprise-attack", Some("19"), Vec::new());
        let slide = crate::layer::Slide { notes: "say this".into(), ..crate::layer::Slide::default() };
        let briefed = Layer { slide, ..plain.clone() };
        let merged = merge(None, &plain, &briefed, &Picks::default());
        assert_eq!(merged.settings_given_way, [(Setting::Briefing, Side::Theirs)]);
        let picks = Picks { settings: [(Setting::Briefing, Side::Theirs)].into_iter().collect(), ..Picks::default() };
        assert_eq!(merge(None, &plain, &briefed, &picks).layer.slide, briefed.slide);
    }

    proptest! {
        #[test]
        fn what_only_one_side_changed_is_taken(base in a_layer(), other in a_layer()) {
            let merge = |mine: &Layer, theirs: &Layer| merge(Some(&base), mine, theirs, &Picks::default());
            prop_assert_eq!(&merge(&base, &other).layer, &other);
            prop_assert_eq!(&merge(&other, &base).layer, &other);
            prop_assert_eq!(merge(&base, &other).unpicked, 0);
            prop_assert_eq!(&merge(&other, &other).layer, &other);
        }

        #[test]
        fn nothing_that_a_side_says_is_lost_without_being_listed(
            base in proptest::option::of(a_layer()), mine in a_layer(), theirs in a_layer(),
            picks in proptest::collection::vec((0..6_u8, any::<bool>()), 0..4),
        ) {
            let side = |mine: bool| if mine { Side::Mine } else { Side::Theirs };
            let picks = picks.into_iter().map(|(at, mine)| (key(at), side(mine))).collect();
            let picks = Picks { annotations: picks, ..Picks::default() };
            let merged = merge(base.as_ref(), &mine, &theirs, &picks);
            for (side, layer) in [(Side::Mine, &mine), (Side::Theirs, &theirs)] {
                for entry in layer.annotations.iter() {
                    let there = said(Some(&merged.layer), &entry.key);
                    for tier in Tier::ALL {
                        let (own, now) = (entry.marks.of(tier), there.marks.of(tier));
                        let listed = |wanted: fn(Option<Tier>) -> Field| merged.given_way.iter().any(|it| {
                            it.side == side && it.key == entry.key && (it.field == wanted(Some(tier)) || it.field == wanted(None))
                        });
                        prop_assert!(own.score.is_none() || own.score == now.score || listed(Field::Score));
                        prop_assert!(own.color.is_none() || own.color == now.color || listed(Field::Color));
                        prop_assert!(own.comment.is_empty() || own.comment == now.comment || listed(Field::Comment));
                        prop_assert!(own.enabled || !now.enabled || listed(Field::Enabled));
                    }
                    let listed = |field| merged.given_way.iter().any(|it| it.side == side && it.key == entry.key && it.field == field);
                    prop_assert!(entry.metadata.is_empty() || entry.metadata == there.metadata || listed(Field::Metadata));
                    prop_assert!(entry.links.is_empty() || entry.links == there.links || listed(Field::Links));
                }
            }
            // What is picked is taken whole.
            for (key, side) in &picks.annotations {
                let layer = if *side == Side::Mine { &mine } else { &theirs };
                prop_assert_eq!(said(Some(&merged.layer), key), said(Some(layer), key));
            }
        }

        #[test]
        fn only_what_both_changed_differently_is_a_conflict(base in a_layer(), other in a_layer(), third in a_layer()) {
            prop_assert_eq!(compare(Some(&base), &base, &other).conflicts(), 0);
            prop_assert_eq!(compare(Some(&base), &other, &base).conflicts(), 0);
            let merged = merge(Some(&base), &other, &third, &Picks::default());
            prop_assert_eq!(merged.unpicked, compare(Some(&base), &other, &third).conflicts());
            let same = compare(None, &other, &other);
            prop_assert!(same.annotations.iter().all(|it| it.state == State::Equal) && same.settings.is_empty());
        }
    }

    fn scored(technique: u8, score: f64, comment: &str) -> Entry {
        let mark = crate::layer::Mark {
            score: Score::new(score),
            comment: comment.to_owned(),
            ..crate::layer::Mark::default()
        };
        Entry { marks: Marks::Together(mark), ..Entry::new(key(technique)) }
    }

    fn layer(entries: Vec<Entry>) -> Layer {
        Layer {
            annotations: entries.into_iter().collect(),
            ..Layer::new("x", "enterprise-attack", Some("19"), Vec::new())
        }
    }

    #[test]
    fn two_layers_are_told_apart_cell_by_cell() {
        let mine = layer(vec![scored(1, 1.0, ""), scored(2, 2.0, ""), scored(3, 3.0, "")]);
        let theirs = layer(vec![scored(1, 1.0, ""), scored(2, 5.0, ""), scored(4, 4.0, "")]);
        let told: Vec<(String, State, bool)> = compare(None, &mine, &theirs)
            .annotations
            .iter()
            .map(|it| (it.key.technique.to_string(), it.state, it.is_conflict()))
            .collect();
        let expected = [
            ("T1", State::Equal, false),
            ("T2", State::Changed, true),
            ("T3", State::Removed, false),
            ("T4", State::Added, false),
        ];
        assert_eq!(told, expected.map(|(id, state, conflict)| (id.to_owned(), state, conflict)));
    }

    #[test]
    fn settings_that_give_way_are_listed() {
        let mine = Layer { description: "ours".to_owned(), ..layer(Vec::new()) };
        let theirs = Layer {
            description: "theirs".to_owned(),
            links: vec![Link::new("a", "https://example.org")],
            name: "y".to_owned(),
            ..layer(Vec::new())
        };
        let given_way = |base: Option<&Layer>, picks: &Picks| merge(base, &mine, &theirs, picks).settings_given_way;
        let lost = [(Setting::Description, Side::Theirs), (Setting::Links, Side::Theirs)];
        assert_eq!(given_way(None, &Picks::default()), lost);
        let blank = layer(Vec::new());
        assert_eq!(given_way(Some(&blank), &Picks::default()), [lost[0]]);
        let picks =
            Picks { settings: [(Setting::Description, Side::Theirs)].into_iter().collect(), ..Picks::default() };
        assert_eq!(given_way(Some(&blank), &picks), [(Setting::Description, Side::Mine)]);
    }

    #[test]
    fn with_an_ancestor_different_fields_of_one_annotation_do_not_collide() {
        let base = layer(vec![scored(1, 1.0, "")]);
        let (mine, theirs) = (layer(vec![scored(1, 9.0, "")]), layer(vec![scored(1, 1.0, "seen")]));
        let merged = merge(Some(&base), &mine, &theirs, &Picks::default());
        assert_eq!(merged.layer, layer(vec![scored(1, 9.0, "seen")]));
        assert_eq!(merged.unpicked, 0);
        let theirs = layer(vec![scored(1, 5.0, "seen")]);
        let merged = merge(Some(&base), &mine, &theirs, &Picks::default());
        assert_eq!((merged.layer, merged.unpicked), (layer(vec![scored(1, 9.0, "seen")]), 1));
        let words: Vec<&str> = merged.given_way.iter().map(|it| it.words.as_str()).collect();
        assert_eq!(words, ["5"]);
    }
}
