//! STIX ids: a type, two hyphens and a UUID. Relations are half of what there is to read of a bundle, and each names two. An id
//! is copied when it is read, as the text is gone through, so that looking it up later needs no second look at 45 MB of text.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    hash::{BuildHasherDefault, Hash, Hasher},
};

pub type ById<'a, T> = HashMap<Id<'a>, T, BuildHasherDefault<Mixed>>;
pub type Ids<'a> = HashSet<Id<'a>, BuildHasherDefault<Mixed>>;

const UUID: usize = 36;
/// So much of an id's type is kept, from its end, and so much is hashed at once.
const PIECE: usize = 8;
/// Where in a UUID the pieces begin that cover all of it.
const PIECES: [usize; 5] = [0, 8, 16, 24, 28];
/// Where a UUID has its hyphens.
const HYPHENS: [usize; 4] = [8, 13, 18, 23];

/// Two are equal if their texts are. (Of those with a UUID, the type counts by its end and its length, which no two types have in common
/// that are read here.)
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Id<'a> {
    Usual(Usual),
    /// Bundles that people make have other ones.
    Other(Cow<'a, [u8]>),
}

/// One with a UUID, as numbers.
#[derive(Debug, Clone, Copy, Eq)]
pub struct Usual {
    kind: u64,
    length: usize,
    uuid: [u64; PIECES.len()],
}

impl<'a> Id<'a> {
    pub fn of(text: Cow<'a, [u8]>) -> Self {
        Usual::of(&text).map_or(Self::Other(text), Self::Usual)
    }

    pub fn of_text(text: Cow<'a, str>) -> Self {
        Self::of(match text {
            Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
            Cow::Owned(text) => Cow::Owned(text.into_bytes()),
        })
    }
}

impl Usual {
    fn of(text: &[u8]) -> Option<Self> {
        let (kind, uuid) = text.split_last_chunk::<UUID>()?;
        let is_usual = kind.ends_with(b"--") && HYPHENS.iter().all(|at| uuid[*at] == b'-');
        let piece = |bytes: &[u8], at: usize| Some(u64::from_le_bytes(*bytes.get(at..)?.first_chunk::<PIECE>()?));
        let [a, b, c, d, e] = PIECES.map(|at| piece(uuid, at));
        let uuid = [a?, b?, c?, d?, e?];
        is_usual.then_some(Self { kind: piece(text, kind.len().saturating_sub(PIECE))?, length: text.len(), uuid })
    }
}

/// Without a branch for each piece, or a call for so few bytes.
impl PartialEq for Usual {
    fn eq(&self, other: &Self) -> bool {
        let differing = self.uuid.iter().zip(&other.uuid).fold(self.kind ^ other.kind, |all, (a, b)| all | (a ^ b));
        differing == 0 && self.length == other.length
    }
}

impl Hash for Id<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Self::Usual(Usual { uuid, .. }) => uuid.iter().for_each(|piece| state.write_u64(*piece)),
            Self::Other(text) => text.chunks(PIECE).for_each(|piece| state.write(piece)),
        }
    }
}

/// An odd number without a pattern in its bits.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

#[derive(Debug, Default, Clone, Copy)]
pub struct Mixed(u64);

impl Hasher for Mixed {
    fn write(&mut self, bytes: &[u8]) {
        let value = bytes.first_chunk().map_or_else(
            || bytes.iter().fold(bytes.len() as u64, |all, byte| all << 8 | u64::from(*byte)),
            |bytes| u64::from_le_bytes(*bytes),
        );
        self.write_u64(value);
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = (self.0.rotate_left(23) ^ value).wrapping_mul(SPREAD);
    }

    /// Tables take the low bits as a place and the high ones as a mark; a product has its best bits in the middle.
    fn finish(&self) -> u64 {
        let folded = (self.0 ^ (self.0 >> 32)).wrapping_mul(SPREAD);
        folded ^ (folded >> 32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::hash::BuildHasher;

    #[test]
    fn ids_are_told_apart_and_found_again() {
        let mut ids: Vec<String> =
            (0..5_000).map(|at| format!("attack-pattern--{at:08x}-0000-4000-8000-000000000000")).collect();
        ids.extend((0..5_000).map(|at| format!("attack-pattern--00000000-0000-4000-8000-{at:012x}")));
        ids.extend((0..200).map(|at| format!("attack-pattern--00000000-{at:04x}-4000-8000-000000000000")));
        ids.extend((0..100).map(|at| "a".repeat(at)));
        ids.extend((0..5_000).map(|at| format!("x--{at}")));
        // Two types of the same length that begin alike, and others; people number the objects of a bundle of their own so.
        let kinds = [
            "x-mitre-matrix",
            "x-mitre-tactic",
            "x-mitre-asset",
            "x-mitre-analytic",
            "x-mitre-collection",
            "x-mitre-data-source",
            "x-mitre-data-component",
            "x-mitre-detection-strategy",
            "course-of-action",
            "campaign",
            "malware",
            "tool",
        ];
        ids.extend(kinds.map(|kind| format!("{kind}--00000000-0000-4000-8000-000000000000")));
        ids.push("0000--00000000-0000-4000-8000-000000000000".to_owned());
        ids.push("intrusion-set--00000000-0000-4000-8000-000000000000".to_owned());
        ids.push("ü--00000000-0000-4000-8000-000000000000".to_owned());
        ids.push("x00000000-0000-4000-8000-000000000000".to_owned());
        ids.sort_unstable();
        ids.dedup();
        let table: ById<usize> = ids.iter().enumerate().map(|(at, id)| (Id::of_text(Cow::Borrowed(id)), at)).collect();
        assert_eq!(table.len(), ids.len());
        for (at, id) in ids.iter().enumerate() {
            assert_eq!(table.get(&Id::of_text(Cow::Owned(id.clone()))), Some(&at));
        }
        assert_eq!(table.get(&Id::of_text(Cow::Borrowed("tool--none"))), None);
        let hash = |id: &String| BuildHasherDefault::<Mixed>::default().hash_one(Id::of_text(Cow::Borrowed(id)));
        let places: HashSet<u64> = ids.iter().map(|id| hash(id) & 0xffff).collect();
        assert!(places.len() > 12_000, "{} of {} places", places.len(), ids.len());
    }
}
