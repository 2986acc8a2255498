//! The layer inside a PNG: a chunk `iTXt` (PNG 1.2, 4.2.3.3) before the end, compressed. Everything else is left as it is.

use crate::export::xlsx::checksum;
use miniz_oxide::{deflate::compress_to_vec_zlib, inflate::decompress_to_vec_zlib_with_limit};

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
const KEYWORD: &[u8] = b"bulkhead-layer\0";
/// After the keyword: compressed, by deflate, in no language, with no translated keyword.
const HEAD: [u8; 4] = [1, 0, 0, 0];
/// Of what is unpacked: as much as a layer file may have.
const MOST: usize = crate::layer::MAXIMUM_LAYER_BYTES;

pub fn is_png(bytes: &[u8]) -> bool {
    bytes.starts_with(SIGNATURE)
}

/// The picture with the layer file in it; unchanged if it is no PNG.
pub fn with_layer(png: &[u8], file: &str) -> Vec<u8> {
    let Some(end) = chunks(png).find(|chunk| chunk.kind == b"IEND").map(|chunk| chunk.at) else {
        return png.to_vec();
    };
    let mut inside = b"iTXt".to_vec();
    inside.extend(KEYWORD);
    inside.extend(HEAD);
    inside.extend(compress_to_vec_zlib(file.as_bytes(), 6));
    let mut whole = png[..end].to_vec();
    whole.extend(u32::try_from(inside.len() - 4).unwrap_or(u32::MAX).to_be_bytes());
    whole.extend(&inside);
    whole.extend(checksum(&inside).to_be_bytes());
    whole.extend(&png[end..]);
    whole
}

/// The layer file in a picture that was made here.
pub fn layer_in_png(png: &[u8]) -> Option<Vec<u8>> {
    let packed = chunks(png).filter(|chunk| chunk.kind == b"iTXt").find_map(|chunk| {
        let rest = chunk.content.strip_prefix(KEYWORD)?;
        rest.strip_prefix(&HEAD)
    })?;
    decompress_to_vec_zlib_with_limit(packed, MOST).ok()
}

struct Chunk<'a> {
    at: usize,
    kind: &'a [u8],
    content: &'a [u8],
}

/// The chunks as far as they are whole.
fn chunks(png: &[u8]) -> impl Iterator<Item = Chunk<'_>> {
    let mut at = if is_png(png) { SIGNATURE.len() } else { png.len() };
    std::iter::from_fn(move || {
        let length = png.get(at..at + 4)?;
        let length = usize::try_from(u32::from_be_bytes(length.try_into().ok()?)).ok()?;
        let content = at.checked_add(8)?;
        let end = content.checked_add(length)?;
        let chunk = Chunk { at, kind: png.get(at + 4..content)?, content: png.get(content..end)? };
        at = end.checked_add(4)?;
        Some(chunk)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Without pixels: what is in a picture is nothing to us.
    fn empty() -> Vec<u8> {
        let mut png = SIGNATURE.to_vec();
        png.extend(b"\0\0\0\x02teXt\x01\x02\0\0\0\0");
        png.extend(b"\0\0\0\0IEND\xae\x42\x60\x82");
        png
    }

    #[test]
    fn what_goes_in_comes_out() {
        let file = format!("{{\"name\": \"ünï ✓ {}\"}}", "x".repeat(10_000));
        let png = with_layer(&empty(), &file);
        assert_eq!(layer_in_png(&png).as_deref(), Some(file.as_bytes()));
        assert!(png.len() < 1_000 && png.ends_with(b"IEND\xae\x42\x60\x82"));
    }

    #[test]
    fn other_bytes_have_no_layer_and_are_left_alone() {
        let whole = with_layer(&empty(), "{}");
        for cut in 0..whole.len() {
            let found = layer_in_png(&whole[..cut]);
            assert!(found.is_none() || found.as_deref() == Some(b"{}"), "{cut}");
        }
        let huge = b"\x89PNG\r\n\x1a\n\xff\xff\xff\xffiTXtbulkhead-layer\0";
        for bytes in [&b""[..], b"{}", SIGNATURE, huge] {
            assert_eq!(layer_in_png(bytes), None);
            assert_eq!(with_layer(bytes, "{}"), bytes);
        }
    }
}
