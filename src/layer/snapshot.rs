//! Snapshots: what a layer said on a day, kept in the layer under a name. They ride in the file's metadata as layer files
//! themselves, in rows named `bulkhead:snapshot`, so that one format has to be right and not two.

use super::{Key, Layer, deck::Slide, read, write, write_only};
use crate::order;
use std::sync::Arc;

/// So many are kept of a layer.
pub const MOST_SNAPSHOTS: usize = 24;

/// And no more than so many bytes of them.
pub const MOST_SNAPSHOT_BYTES: usize = 1_000_000;

/// The longest name, in characters.
const LONGEST_NAME: usize = 80;

/// What a layer said on a day. Copies share it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// `2026-09-30 Q3 review`, a line end, and the layer's file.
    text: Arc<str>,
}

/// Why no snapshot can be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotError {
    #[error("A layer keeps {MOST_SNAPSHOTS} snapshots: remove one first.")]
    TooMany,
    #[error("The layer's snapshots would take more than {} kB: remove one first.", MOST_SNAPSHOT_BYTES / 1_000)]
    TooLarge,
}

impl Snapshot {
    /// The layer as it is now, without its own snapshots. `day` is `2026-09-30`.
    pub fn of(layer: &Layer, name: &str, day: &str) -> Self {
        let plain = Layer { snapshots: Vec::new(), slide: Slide::default(), ..layer.clone() };
        let name: String = name.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
        Self::headed(&format!("{day} {}", name.trim()), &write(&plain, &[]))
    }

    fn headed(head: &str, file: &str) -> Self {
        // Indentation is for people.
        let file: serde_json::Value = serde_json::from_str(file).unwrap_or_default();
        Self { text: format!("{head}\n{file}").into() }
    }

    /// With only what it says of cells that are wanted; `None` where it is no layer, since nobody knows what that says.
    pub(super) fn only(&self, is_wanted: &dyn Fn(&Key) -> bool) -> Option<Self> {
        let (head, _) = self.text.split_once('\n')?;
        Some(Self::headed(head, &write_only(&self.layer()?, &[], is_wanted)))
    }

    /// Of two layers, the oldest first, and how many of the second there was no room for. What was taken away from one since both
    /// were one layer is gone.
    pub(super) fn of_both(base: Option<&Layer>, mine: &Layer, theirs: &Layer) -> (Vec<Self>, usize) {
        let has = |layer: &Layer, it: &Self| layer.snapshots.contains(it);
        let removed = |it: &Self| base.is_some_and(|base| has(base, it)) && !(has(mine, it) && has(theirs, it));
        let mut both: Vec<Self> = mine.snapshots.iter().filter(|it| !removed(it)).cloned().collect();
        let mut left_out = 0;
        for snapshot in theirs.snapshots.iter().filter(|it| !has(mine, it) && !removed(it)) {
            match snapshot.fits_beside(&both) {
                Ok(()) => both.push(snapshot.clone()),
                Err(_) => left_out += 1,
            }
        }
        order::sort_by_key(&mut both, |it| it.day().to_owned());
        (both, left_out)
    }

    /// Whether a layer that has these keeps this one, too.
    fn fits_beside(&self, others: &[Self]) -> Result<(), SnapshotError> {
        let bytes: usize = others.iter().chain([self]).map(|it| it.text.len()).sum();
        match others.len() {
            MOST_SNAPSHOTS.. => Err(SnapshotError::TooMany),
            _ if bytes > MOST_SNAPSHOT_BYTES => Err(SnapshotError::TooLarge),
            _ => Ok(()),
        }
    }

    /// As it stands in a file; `None` where it isn't one.
    pub fn from_text(text: &str) -> Option<Self> {
        let (head, file) = text.split_once('\n')?;
        let (day, name) = head.split_once(' ')?;
        let digits = |at: usize| if at == 4 || at == 7 { b'-' } else { b'0' };
        let is_day = day.len() == 10
            && day
                .bytes()
                .enumerate()
                .all(|(at, byte)| if digits(at) == b'-' { byte == b'-' } else { byte.is_ascii_digit() });
        let fits = text.len() <= MOST_SNAPSHOT_BYTES && name.chars().count() <= LONGEST_NAME;
        (is_day && fits && file.starts_with('{')).then(|| Self { text: text.into() })
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn day(&self) -> &str {
        self.head().0
    }

    pub fn name(&self) -> &str {
        self.head().1
    }

    fn head(&self) -> (&str, &str) {
        let head = self.text.split('\n').next().unwrap_or_default();
        head.split_once(' ').unwrap_or((head, ""))
    }

    /// What the layer said then; `None` where what a file has there is no layer.
    pub fn layer(&self) -> Option<Layer> {
        let (_, file) = self.text.split_once('\n')?;
        read(file.as_bytes()).ok()?.layers.pop().map(|layer| Layer { snapshots: Vec::new(), ..layer })
    }
}

impl Layer {
    /// The snapshots with one more, as of now.
    ///
    /// # Errors
    /// When there are too many, or they are too large.
    pub fn snapshots_with_now(&self, name: &str, day: &str) -> Result<Vec<Snapshot>, SnapshotError> {
        let snapshot = Snapshot::of(self, name, day);
        snapshot.fits_beside(&self.snapshots)?;
        Ok(self.snapshots.iter().cloned().chain([snapshot]).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        attack::{TacticName, TechniqueId},
        layer::{Edit, Metadata, Score, Target},
    };

    fn scored(layer: &Layer, score: f64) -> Layer {
        let key = Key::new(TechniqueId::parse("T1610").unwrap(), TacticName::parse("execution").unwrap());
        Edit::Score(vec![Target { key, tier: None }], Score::new(score)).apply(layer).unwrap()
    }

    #[test]
    fn a_snapshot_survives_the_file_and_gives_back_what_was_said() {
        let layer = scored(&Layer::new("layer", "enterprise-attack", Some("19"), Vec::new()), 10.0);
        let taken = layer.snapshots_with_now("Q3 \"review\"\n", "2026-09-30").unwrap();
        let later = scored(&Edit::Snapshots(taken).apply(&layer).unwrap(), 80.0);
        let again = read(write(&later, &[]).as_bytes()).unwrap().layers.remove(0);
        assert_eq!(again, later);
        assert!(again.metadata.is_empty());
        let snapshot = &again.snapshots[0];
        assert_eq!((snapshot.day(), snapshot.name()), ("2026-09-30", "Q3 \"review\""));
        assert_eq!(snapshot.layer().unwrap().annotations, layer.annotations);
        let restored = Edit::Restore(Box::new(snapshot.layer().unwrap())).apply(&again).unwrap();
        assert_eq!((&restored.annotations, &restored.snapshots), (&layer.annotations, &again.snapshots));
    }

    #[test]
    fn what_is_no_snapshot_stays_metadata() {
        for value in ["", "x", "2026-09-30", "2026-09-30 a", "2026-09-3x a\n{}", "2026-09-30 a\n[]", "20260930 a\n{}"] {
            assert_eq!(Snapshot::from_text(value), None, "{value:?}");
            let mut layer = Layer::new("layer", "enterprise-attack", None, Vec::new());
            layer.metadata.push(Metadata::new("bulkhead:snapshot", value));
            let again = read(write(&layer, &[]).as_bytes()).unwrap().layers.remove(0);
            assert_eq!((again.metadata.len(), again.snapshots.len()), (1, 0), "{value:?}");
        }
    }

    #[test]
    fn snapshots_are_bounded() {
        let mut layer = Layer::new("layer", "enterprise-attack", None, Vec::new());
        for _ in 0..MOST_SNAPSHOTS {
            layer.snapshots = layer.snapshots_with_now("a", "2026-09-30").unwrap();
        }
        assert_eq!(layer.snapshots_with_now("a", "2026-09-30"), Err(SnapshotError::TooMany));
        layer.snapshots.clear();
        layer.description = "x".repeat(MOST_SNAPSHOT_BYTES);
        assert_eq!(layer.snapshots_with_now("a", "2026-09-30"), Err(SnapshotError::TooLarge));
    }

    #[test]
    fn snapshots_of_what_is_only_partly_written_say_no_more() {
        let base = Layer::new("layer", "enterprise-attack", Some("19"), Vec::new());
        let mut layer = scored(&base, 10.0);
        let hidden = Key::new(TechniqueId::parse("T1611").unwrap(), TacticName::parse("execution").unwrap());
        layer = Edit::Score(vec![Target { key: hidden, tier: None }], Score::new(66.0)).apply(&layer).unwrap();
        layer.snapshots = layer.snapshots_with_now("Q3", "2026-09-30").unwrap();
        // What is no layer can't be looked through, whether it is a snapshot or too much to be one.
        layer.snapshots.push(Snapshot::from_text("2026-10-01 odd\n{\"T1611\": 1}").unwrap());
        layer.metadata = vec![Metadata::new("bulkhead:snapshot", "T1611"), Metadata::new("owner", "us")];
        let text = write_only(&layer, &[], |key| key.technique.as_str() == "T1610");
        assert!(!text.contains("T1611"), "{text}");
        let again = read(text.as_bytes()).unwrap().layers.remove(0);
        assert_eq!(again.metadata, [Metadata::new("owner", "us")]);
        let [snapshot] = again.snapshots.as_slice() else { panic!("{text}") };
        assert_eq!((snapshot.day(), snapshot.name()), ("2026-09-30", "Q3"));
        assert_eq!(snapshot.layer().unwrap().annotations, scored(&base, 10.0).annotations);
    }
}
