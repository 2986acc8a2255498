//! Many bytes of a text looked at together: sixteen where browsers have an instruction for it, eight elsewhere.

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// The end of a text, or a backslash in it.
    EndOfText,
    /// Anything but a space.
    NoSpace,
    /// The beginning of a text, or of an object or array, or the end of one of these.
    Structure,
}

pub use lanes::find;

/// Whether all bytes are ASCII. A function of its own: see `Object::scan`.
#[inline(never)]
#[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
pub fn is_ascii(bytes: &[u8]) -> bool {
    bytes.iter().fold(0, |all, byte| all | byte).is_ascii()
}

#[cfg(target_arch = "wasm32")]
mod lanes {
    use super::Wanted;
    use std::arch::wasm32::{u8x16, u8x16_bitmask, u8x16_eq, u8x16_ne, u8x16_splat, v128, v128_or};

    pub const WIDTH: usize = 16;

    /// How far ahead the first byte that is wanted is, if it is in this piece.
    #[inline]
    #[target_feature(enable = "simd128")]
    pub fn find(piece: &[u8; WIDTH], wanted: Wanted) -> Option<usize> {
        let bytes = load(piece);
        let is = |byte| u8x16_eq(bytes, u8x16_splat(byte));
        let found = match wanted {
            Wanted::EndOfText => v128_or(is(b'"'), is(b'\\')),
            Wanted::NoSpace => u8x16_ne(bytes, u8x16_splat(b' ')),
            Wanted::Structure => {
                // A bracket and a brace differ in one bit.
                let braced = v128_or(bytes, u8x16_splat(b'{' ^ b'['));
                let brace = |byte| u8x16_eq(braced, u8x16_splat(byte));
                v128_or(is(b'"'), v128_or(brace(b'{'), brace(b'}')))
            }
        };
        let found = u8x16_bitmask(found);
        (found != 0).then(|| found.trailing_zeros() as usize)
    }

    #[inline]
    #[target_feature(enable = "simd128")]
    fn load(piece: &[u8; WIDTH]) -> v128 {
        let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = *piece;
        u8x16(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod lanes {
    use super::Wanted;

    pub const WIDTH: usize = 8;

    /// How far ahead the first byte that is wanted is, if it is in this piece.
    #[inline]
    pub fn find(piece: &[u8; WIDTH], wanted: Wanted) -> Option<usize> {
        let bytes = u64::from_le_bytes(*piece);
        let found = match wanted {
            Wanted::EndOfText => equal(bytes, b'"') | equal(bytes, b'\\'),
            Wanted::NoSpace => bytes ^ all(b' '),
            Wanted::Structure => {
                // A bracket and a brace differ in one bit.
                let braced = bytes | all(b'{' ^ b'[');
                equal(bytes, b'"') | equal(braced, b'{') | equal(braced, b'}')
            }
        };
        (found != 0).then(|| (found.trailing_zeros() / 8) as usize)
    }

    const fn all(byte: u8) -> u64 {
        u64::from_le_bytes([byte; 8])
    }

    /// The high bit of each of eight bytes that is this one; above the lowest that is found, others may be marked too.
    fn equal(bytes: u64, byte: u8) -> u64 {
        let differing = bytes ^ all(byte);
        differing.wrapping_sub(all(0x01)) & !differing & all(0x80)
    }
}

#[cfg(test)]
mod tests {
    use super::{lanes::WIDTH, *};

    #[test]
    fn the_first_that_is_wanted_is_found_wherever_it_stands() {
        let cases: [(Wanted, u8, &[u8]); 3] = [
            (Wanted::EndOfText, b'a', b"\"\\"),
            (Wanted::NoSpace, b' ', b"\n\"a,\xff\0!"),
            (Wanted::Structure, b'a', b"\"{}[]"),
        ];
        for (wanted, other, found) in cases {
            assert_eq!(find(&[other; WIDTH], wanted), None);
            for (at, byte) in (0..WIDTH).flat_map(|at| found.iter().map(move |byte| (at, *byte))) {
                let mut piece = [other; WIDTH];
                piece[at] = byte;
                assert_eq!(find(&piece, wanted), Some(at), "{wanted:?} {byte}");
                piece[WIDTH - 1] = byte;
                assert_eq!(find(&piece, wanted), Some(at), "{wanted:?} {byte}");
            }
        }
    }

    #[test]
    fn every_byte_is_wanted_or_not() {
        for byte in u8::MIN..=u8::MAX {
            let found = |wanted| find(&[byte; WIDTH], wanted).is_some();
            assert_eq!(found(Wanted::EndOfText), b"\"\\".contains(&byte), "{byte}");
            assert_eq!(found(Wanted::NoSpace), byte != b' ', "{byte}");
            assert_eq!(found(Wanted::Structure), b"\"{}[]".contains(&byte), "{byte}");
            assert_eq!(is_ascii(&[b'a', byte]), byte < 128, "{byte}");
        }
    }
}
