//! The layer inside a picture: in an SVG as text in the picture's metadata, where other programs leave it alone; for PNG see
//! `png`.

use super::png;
use crate::layer::MAXIMUM_LAYER_BYTES;

/// What the element is known by.
const BEGINS: &str = "<metadata id=\"bulkhead-layer\">";
const ENDS: &str = "</metadata>";

/// A picture of more bytes isn't looked through: a layer file with some room, since `&` and `<` take several signs in it.
const MOST: usize = 2 * MAXIMUM_LAYER_BYTES;

/// A picture that has no layer in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is a picture without a layer in it; pictures that Bulkhead made have one")]
pub struct NoLayer;

/// Whether a file that begins so is a picture of the kinds that are made here.
pub fn is_picture(beginning: &[u8]) -> bool {
    png::is_png(beginning) || is_markup(beginning) && beginning.windows(4).any(|window| window == b"<svg")
}

fn is_markup(bytes: &[u8]) -> bool {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start().starts_with(b"<")
}

/// The layer file in a picture; nothing if it is none.
///
/// # Errors
/// If it is a picture of someone else's.
pub fn layer_in_picture(bytes: &[u8]) -> Result<Option<Vec<u8>>, NoLayer> {
    if png::is_png(bytes) {
        return png::layer_in_png(bytes).map(Some).ok_or(NoLayer);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) if is_picture(bytes) => layer_in_svg(text).map(|file| Some(file.into_bytes())).ok_or(NoLayer),
        _ => Ok(None),
    }
}

pub fn metadata(file: &str) -> String {
    let mut text = String::with_capacity(file.len() + file.len() / 4);
    for c in file.chars() {
        match c {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            c if (c.is_control() && !matches!(c, '\n' | '\t')) || matches!(c, '\u{fffe}' | '\u{ffff}') => {
                // Only within texts of the JSON can it stand, and there it may be written so.
                text.push_str(&format!("\\u{:04x}", c as u32));
            }
            c => text.push(c),
        }
    }
    format!("{BEGINS}{text}{ENDS}\n")
}

/// The layer file in a picture that was made here; `None` of any other text.
fn layer_in_svg(text: &str) -> Option<String> {
    if text.len() > MOST || !text.contains("<svg") {
        return None;
    }
    let (_, rest) = text.split_once(BEGINS)?;
    let (inside, _) = rest.split_once(ENDS)?;
    Some(inside.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_in_comes_out() {
        for file in [
            "{\"name\": \"a\"}",
            "{\n\t\"name\": \"</metadata><script>alert(1)</script> &amp; &lt; ]]> \u{202e}\"\n}",
            "{\"name\": \"ünï ✓ 𝄞\"}",
        ] {
            let svg = format!("<svg>{}</svg>", metadata(file));
            assert!(!svg.contains("<script"));
            assert_eq!(layer_in_svg(&svg).as_deref(), Some(file));
        }
    }

    #[test]
    fn signs_that_xml_has_no_room_for_are_written_as_json_does() {
        let svg = format!("<svg>{}</svg>", metadata("{\"name\": \"\u{7f}\u{ffff}\"}"));
        assert_eq!(layer_in_svg(&svg).as_deref(), Some("{\"name\": \"\\u007f\\uffff\"}"));
    }

    #[test]
    fn other_texts_have_no_layer() {
        for text in [
            "",
            "<svg/>",
            "{\"name\": \"<metadata id=\\\"bulkhead-layer\\\">\"}",
            "<svg><metadata id=\"bulkhead-layer\">{",
        ] {
            assert_eq!(layer_in_svg(text), None, "{text}");
        }
    }
}
