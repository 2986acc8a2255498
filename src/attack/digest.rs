//! Knowledge as bytes: what a bundle said, read once, without the bundle. The build embeds one, the worker that reads
//! bundles answers with one, and the browser keeps one of each bundle that was opened.
//! It is the app's own and lives as long as one release of it; what is exchanged with others is STIX.

use super::Knowledge;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned, ser::Error};
use serde_bytes::ByteBuf;
use std::{fmt, ops::Deref, sync::OnceLock};

/// Changes with every change of what [`Knowledge`] is made of, and of what our own bundles lend to others
/// ([`Knowledge::adopt`]): bytes of another release are refused, not misread, and their bundle is read again.
const FORMAT: u8 = 5;

/// Why bytes are no knowledge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DigestError {
    #[error("it was made by another release of Bulkhead")]
    Format,
    #[error("it is damaged")]
    Damaged,
}

/// Knowledge as bytes.
pub fn pack(knowledge: &Knowledge) -> Vec<u8> {
    // Writing to memory doesn't fail.
    postcard::to_extend(knowledge, vec![FORMAT]).unwrap_or_default()
}

/// # Errors
/// When the bytes are not what [`pack`] of this release makes.
pub fn unpack(bytes: &[u8]) -> Result<Knowledge, DigestError> {
    let Some((&FORMAT, bytes)) = bytes.split_first() else { return Err(DigestError::Format) };
    postcard::from_bytes(bytes).map(Knowledge::indexed).map_err(|_| DigestError::Damaged)
}

/// A part of knowledge that stays packed until somebody asks for it: of most of a large bundle, nobody ever does. What turns out
/// to be damaged then is empty.
#[derive(Clone)]
pub struct Later<T> {
    packed: Vec<u8>,
    unpacked: OnceLock<T>,
}

impl<T: Default + DeserializeOwned> Deref for Later<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.unpacked.get_or_init(|| postcard::from_bytes(&self.packed).unwrap_or_default())
    }
}

impl<T> From<T> for Later<T> {
    fn from(value: T) -> Self {
        Self { packed: Vec::new(), unpacked: OnceLock::from(value) }
    }
}

impl<T: Default> Default for Later<T> {
    fn default() -> Self {
        Self::from(T::default())
    }
}

impl<T: Default + DeserializeOwned + PartialEq> PartialEq for Later<T> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<T: Default + DeserializeOwned + fmt::Debug> fmt::Debug for Later<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: Serialize> Serialize for Later<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.unpacked.get() {
            Some(value) => {
                serializer.serialize_bytes(&postcard::to_extend(value, Vec::new()).map_err(S::Error::custom)?)
            }
            None => serializer.serialize_bytes(&self.packed),
        }
    }
}

impl<'de, T> Deserialize<'de> for Later<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let packed = ByteBuf::deserialize(deserializer)?.into_vec();
        Ok(Self { packed, unpacked: OnceLock::new() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attack::read;

    fn known() -> Knowledge {
        read(include_bytes!("../../data/attack-containers-18.1.json")).unwrap().knowledge
    }

    #[test]
    fn knowledge_is_what_it_was() {
        let known = known();
        let again = unpack(&pack(&known)).unwrap();
        assert_eq!(again, known);
        assert_eq!(again.technique(&known.techniques[7].id), Some(&known.techniques[7]));
    }

    #[test]
    fn what_stays_packed_is_there_when_asked_for_and_packs_again_without() {
        let known = known();
        let packed = pack(&known);
        let again = unpack(&packed).unwrap();
        assert!(again.detections.unpacked.get().is_none());
        assert_eq!(pack(&again), packed);
        assert!(again.detections.unpacked.get().is_none());
        assert_eq!(again.detections.len(), known.detections.len());
        assert!(again.detections.unpacked.get().is_some());
        assert_eq!(pack(&again), packed);
    }

    #[test]
    fn what_turns_out_to_be_damaged_is_empty() {
        let damaged: Later<Vec<String>> = postcard::from_bytes(&[2, 1, 200]).unwrap();
        assert_eq!(*damaged, Vec::<String>::new());
    }

    #[test]
    fn other_bytes_are_refused_and_never_fail_the_app() {
        let bytes = pack(&known());
        assert_eq!(unpack(&[]), Err(DigestError::Format));
        assert_eq!(unpack(&[FORMAT + 1, 0, 0]), Err(DigestError::Format));
        for length in (1..bytes.len()).step_by(97) {
            assert_eq!(unpack(&bytes[..length]), Err(DigestError::Damaged), "{length}");
        }
        for at in (1..bytes.len()).step_by(101) {
            let mut changed = bytes.clone();
            changed[at] ^= 0x55;
            let _ = unpack(&changed);
        }
    }
}
