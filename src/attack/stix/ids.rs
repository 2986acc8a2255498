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
/// So much of an id's beginning is kept, and so much is hashed at once.
const PIECE: usize = 8;
/// Where a UUID has its hyphens.
const HYPHENS: [usize; 4] = [8, 13, 18, 23];

/// Two are equal if their texts are. (Of those with a UUID, which no two objects share, the type counts by its beginning and length.)
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Id<'a> {
    Usual {
        begins: [u8; PIECE],
        length: usize,
        uuid: [u8; UUID],
    },
    /// Bundles that people make have other ones.
    Other(Cow<'a, str>),
}

impl<'a> Id<'a> {
    pub fn of(text: Cow<'a, str>) -> Self {
        let bytes = text.as_bytes();
        match (bytes.first_chunk(), bytes.split_last_chunk::<UUID>()) {
            (Some(begins), Some((kind, uuid)))
                if kind.ends_with(b"--") && HYPHENS.iter().all(|at| uuid[*at] == b'-') =>
            {
                Self::Usual { begins: *begins, length: bytes.len(), uuid: *uuid }
            }
            _ => Self::Other(text),
        }
    }

    pub fn of_str(text: &'a str) -> Self {
        Self::of(Cow::Borrowed(text))
    }
}

impl Hash for Id<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Self::Usual { uuid, .. } => {
                [0, 8, 16, 24, 28].into_iter().for_each(|at| state.write(&uuid[at..at + PIECE]))
            }
            Self::Other(text) => text.as_bytes().chunks(PIECE).for_each(|piece| state.write(piece)),
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
        ids.push("tool--00000000-0000-4000-8000-000000000000".to_owned());
        ids.push("0000--00000000-0000-4000-8000-000000000000".to_owned());
        ids.push("intrusion-set--00000000-0000-4000-8000-000000000000".to_owned());
        ids.push("ü--00000000-0000-4000-8000-000000000000".to_owned());
        ids.push("x00000000-0000-4000-8000-000000000000".to_owned());
        ids.sort_unstable();
        ids.dedup();
        let table: ById<usize> = ids.iter().enumerate().map(|(at, id)| (Id::of_str(id), at)).collect();
        assert_eq!(table.len(), ids.len());
        for (at, id) in ids.iter().enumerate() {
            assert_eq!(table.get(&Id::of(Cow::Owned(id.clone()))), Some(&at));
        }
        assert_eq!(table.get(&Id::of_str("tool--none")), None);
        let hash = |id: &String| BuildHasherDefault::<Mixed>::default().hash_one(Id::of_str(id));
        let places: HashSet<u64> = ids.iter().map(|id| hash(id) & 0xffff).collect();
        assert!(places.len() > 12_000, "{} of {} places", places.len(), ids.len());
    }
}
