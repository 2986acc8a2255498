//! A laid-out matrix and a layer as files for other tools, and as a picture. Layer JSON itself is `layer`'s.

mod chart;
mod contribution;
mod csv;
mod html;
mod laid;
mod markdown;
mod markup;
mod picture;
mod report;
mod rows;
mod selection;
mod share;
mod statement;
mod text;
mod thumbnail;
mod xlsx;

pub use chart::{Bar, Chart, Shape, coverage_chart, svg_file, threat_chart, trend_chart};
pub use contribution::{MAILBOX, actor_word, contribution};
pub use csv::csv;
pub use html::html;
pub use laid::Laid;
pub use markdown::markdown;
pub use markup::escaped;
pub use picture::{
    Font, Header, LegendPlace, Look, NoLayer, SHEETS, Sheet, Unit, is_picture, layer_in_picture, svg, with_layer,
};
pub use rows::{Field, annotated_rows};
pub use selection::{CopiedTable, copied_table};
pub use share::{LONGEST_LINK, LinkError, packed, unpacked};
pub use statement::{Stated, statement, tier_words};
pub use text::annotation_text;
pub use thumbnail::{Shade, Thumbnail};
pub use xlsx::xlsx;

/// A file name has at most so many bytes before its extension: file systems take 255 of the whole.
const LONGEST_NAME: usize = 200;

/// A file name as the official Navigator makes it: lower case (of ASCII letters), spaces as underscores; what no file system likes left out.
pub fn file_name(name: &str, extension: &str) -> String {
    let mut bytes = 0;
    let plain: String = name
        .trim()
        .to_ascii_lowercase()
        .chars()
        .map(|c| if c.is_ascii_whitespace() { '_' } else { c })
        .filter(|c| !c.is_control() && !matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|'))
        .take_while(|c| {
            bytes += c.len_utf8();
            bytes <= LONGEST_NAME
        })
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
        assert_eq!(file_name(&"層".repeat(300), "json"), format!("{}.json", "層".repeat(66)));
    }
}
