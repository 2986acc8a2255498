//! Knowledge as bytes: what a bundle said, read once, without the bundle. The build embeds one, the worker that reads
//! bundles answers with one, and the browser keeps one of each bundle that was opened.
//! It is the app's own and lives as long as one release of it; what is exchanged with others is STIX.

use super::Knowledge;

/// Changes with every change of what [`Knowledge`] is made of, and of what our own bundles lend to others
/// ([`Knowledge::adopt`]): bytes of another release are refused, not misread, and their bundle is read again.
const FORMAT: u8 = 3;

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
