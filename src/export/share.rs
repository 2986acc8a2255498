//! A layer as text that fits into an address: packed, after a byte that says how. What an address is made of, and what is
//! done with a layer that came in one, is the app's.

use crate::layer::{Key, Layer, write_all};
use miniz_oxide::{
    deflate::compress_to_vec,
    inflate::{TINFLStatus, decompress_to_vec_with_limit},
};

/// Longer links are cut by mail programs, chats and some servers' logs: such a layer is sent as a file.
pub const LONGEST_LINK: usize = 32_000;

/// Longer ones are not even looked at.
const LONGEST_READ: usize = 2_000_000;

/// A shared layer may unpack to so much: a link is no way to send more.
const MOST_BYTES: usize = 8_000_000;

/// The one way of packing so far: a list with the layer's file, deflated, in base64 for addresses.
const VERSION: char = '1';

/// Why a link holds no layer that can be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    #[error("The link holds no layer: nothing comes after \"layer=\".")]
    Empty,
    #[error(
        "The link was made by a newer Bulkhead (its layer begins with \"{0}\"): open it there, or ask for the file."
    )]
    Version(char),
    #[error("The link is longer than any that Bulkhead makes.")]
    TooLong,
    #[error("The link is damaged or was cut off on its way: ask for it again, or for the file.")]
    Damaged,
    #[error("The layer in the link unpacks to more than {} MB: it was not opened.", MOST_BYTES / 1_000_000)]
    TooLarge,
}

/// What stands after `#layer=`.
pub fn packed(layer: &Layer, order: &[Key]) -> String {
    let text = write_all(&[(layer, order.to_vec())]);
    format!("{VERSION}{}", encoded(&compress_to_vec(text.as_bytes(), 10)))
}

/// The layer file that was packed.
///
/// # Errors
/// When it was not, or not by this.
pub fn unpacked(text: &str) -> Result<Vec<u8>, LinkError> {
    let mut letters = text.chars();
    match letters.next() {
        None => return Err(LinkError::Empty),
        Some(VERSION) => {}
        Some(other) if other.is_ascii_alphanumeric() => return Err(LinkError::Version(other)),
        Some(_) => return Err(LinkError::Damaged),
    }
    if text.len() > LONGEST_READ {
        return Err(LinkError::TooLong);
    }
    let bytes = decoded(letters.as_str()).ok_or(LinkError::Damaged)?;
    decompress_to_vec_with_limit(&bytes, MOST_BYTES).map_err(|error| match error.status {
        TINFLStatus::HasMoreOutput => LinkError::TooLarge,
        _ => LinkError::Damaged,
    })
}

/// RFC 4648, section 5, without padding.
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

fn encoded(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 4 / 3 + 3);
    for three in bytes.chunks(3) {
        let byte = |at: usize| u32::from(three.get(at).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..=three.len() {
            let six = (bits >> (18 - 6 * at)) & 63;
            text.push(char::from(ALPHABET[six as usize]));
        }
    }
    text
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    for four in text.as_bytes().chunks(4) {
        if four.len() == 1 {
            return None;
        }
        let mut bits = 0_u32;
        for at in 0..4 {
            let six = match four.get(at) {
                None => 0,
                Some(b'A') => 0,
                Some(letter @ b'B'..=b'Z') => u32::from(letter - b'A'),
                Some(letter @ b'a'..=b'z') => u32::from(letter - b'a') + 26,
                Some(letter @ b'0'..=b'9') => u32::from(letter - b'0') + 52,
                Some(b'-') => 62,
                Some(b'_') => 63,
                Some(_) => return None,
            };
            bits = bits << 6 | six;
        }
        bytes.extend_from_slice(&bits.to_be_bytes()[1..four.len()]);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        attack::read,
        layer::{Edit, Score, Target},
    };
    use proptest::prelude::*;

    fn scored() -> Layer {
        let knowledge = read(include_bytes!("../../data/attack-containers-19.2.json")).unwrap().knowledge;
        let places = crate::matrix::placements(&knowledge);
        let mut layer = Layer::new("Coverage Q4", "enterprise-attack", Some("19"), vec!["Containers".to_owned()]);
        for (at, (technique, tactic)) in places.into_iter().enumerate() {
            let target = vec![Target { key: Key::new(technique, tactic), tier: None }];
            let score = Score::new(f64::from(u32::try_from(at * 37 % 101).unwrap()));
            layer = Edit::Score(target, score).apply(&layer).unwrap();
        }
        layer
    }

    #[test]
    fn a_fully_scored_container_layer_fits_into_a_short_link_and_comes_back_as_it_was() {
        let layer = scored();
        let text = packed(&layer, &[]);
        assert!(text.len() < 3_900, "{}", text.len());
        let again = crate::layer::read(&unpacked(&text).unwrap()).unwrap().layers.remove(0);
        assert_eq!(again, layer);
    }

    #[test]
    fn a_hostile_link_is_refused_with_the_reason() {
        let good = packed(&scored(), &[]);
        let bomb = format!("1{}", encoded(&compress_to_vec(&vec![b' '; MOST_BYTES + 1], 9)));
        let cases = [
            (String::new(), LinkError::Empty),
            (format!("2{}", &good[1..]), LinkError::Version('2')),
            ("<script>".to_owned(), LinkError::Damaged),
            ("1".to_owned(), LinkError::Damaged),
            (good[..good.len() / 2].to_owned(), LinkError::Damaged),
            (format!("1{}", "%".repeat(40)), LinkError::Damaged),
            (format!("1{}", "A".repeat(LONGEST_READ)), LinkError::TooLong),
            (bomb, LinkError::TooLarge),
        ];
        for (text, error) in cases {
            assert_eq!(unpacked(&text), Err(error), "{}", &text[..text.len().min(60)]);
        }
    }

    proptest! {
        #[test]
        fn any_bytes_come_back(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            prop_assert_eq!(decoded(&encoded(&bytes)), Some(bytes));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "1[A-Za-z0-9_-]{0,80}|\\PC{0,20}") {
            let _ = unpacked(&text);
        }
    }
}
