//! A laid-out matrix and a layer as files for other tools, and as a picture. Layer JSON itself is `layer`'s.

mod thumbnail;

pub use thumbnail::{Shade, Thumbnail};

mod text;

pub use text::annotation_text;

/// A file name as the official Navigator makes it: lower case (of ASCII letters), spaces as underscores; what no file system likes left out.
pub fn file_name(name: &str, extension: &str) -> String {
    let plain: String = name
        .trim()
        .to_ascii_lowercase()
        .chars()
        .map(|c| if c.is_ascii_whitespace() { '_' } else { c })
        .filter(|c| !c.is_control() && !matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|'))
        .take(120)
        .collect();
    let plain = plain.trim_matches('.');
    if plain.is_empty() { format!("layer.{extension}") } else { format!("{plain}.{extension}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_is_one_that_every_file_system_takes() {
        let cases = [
            ("Coverage Q4", "coverage_q4.json"),
            ("../../etc/passwd", "etcpasswd.json"),
            ("", "layer.json"),
            ("a:b*c?\n", "abc.json"),
        ];
        for (name, expected) in cases {
            assert_eq!(file_name(name, "json"), expected);
        }
    }
}
