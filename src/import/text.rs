//! Bytes as text, and texts made short.

/// How much of a title, a path or a line is kept.
const MOST_CHARACTERS: usize = 240;

/// Text in UTF-8, or in UTF-16 with its mark, as spreadsheets write it. What is no text becomes one with replacements.
pub fn decoded(bytes: &[u8]) -> String {
    let wide = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes.chunks_exact(2).map(|two| unit([two[0], two[1]])).collect();
        String::from_utf16_lossy(&units)
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        bytes => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// Whether bytes are something else than text.
pub fn is_binary(bytes: &[u8]) -> bool {
    let marked = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    !marked && bytes.iter().take(4_000).any(|byte| *byte == 0)
}

/// A text in one line and of a length that can be listed.
pub fn shortened(text: &str) -> String {
    let mut short = String::new();
    for word in text.split_whitespace() {
        if !short.is_empty() {
            short.push(' ');
        }
        short.push_str(word);
        if short.len() > MOST_CHARACTERS * 4 {
            break;
        }
    }
    match short.char_indices().nth(MOST_CHARACTERS) {
        Some((end, _)) => format!("{}…", &short[..end]),
        None => short,
    }
}

/// What something is known by, if anything: what has an empty id has none, and is nothing else's same.
pub fn identity(text: &str) -> Option<String> {
    Some(shortened(text)).filter(|id| !id.is_empty())
}

/// The last part of a path.
pub fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The ending of a path, in small letters.
pub fn ending(path: &str) -> String {
    file_name(path).rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_read_in_the_ways_it_is_written() {
        let wide: Vec<u8> = "\u{feff}T1610\té".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = "\u{feff}T1610\té".encode_utf16().flat_map(u16::to_be_bytes).collect();
        for bytes in [wide, big, "\u{feff}T1610\té".into(), "T1610\té".into()] {
            assert_eq!(decoded(&bytes), "T1610\té");
            assert!(!is_binary(&bytes));
        }
        assert_eq!(decoded(b"a\xffb"), "a\u{fffd}b");
        assert!(is_binary(b"\x7fELF\0\0"));
    }

    #[test]
    fn long_texts_are_cut() {
        assert_eq!(shortened("  a\n  b\tc "), "a b c");
        let long = shortened(&"é".repeat(1_000));
        assert_eq!(long.chars().count(), MOST_CHARACTERS + 1);
        assert_eq!((file_name("a/b.YML"), ending("a/b.YML").as_str(), ending("a.b/c").as_str()), ("b.YML", "yml", ""));
    }
}
