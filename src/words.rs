//! How wide words are, and how they are broken into lines: reckoned, so that the same layer gives the same picture
//! everywhere, and a presentation is fitted in a test as on the wall. Widths are those of Helvetica (Adobe's font metrics),
//! with room for the wider fonts that take its place.

/// What a text is set in. `export` says which fonts of a system that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Font {
    Sans,
    Serif,
    Mono,
}

/// Of the printable signs of ASCII, from the space on, in thousandths of the size.
const WIDTHS: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
    556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
    260, 334, 584,
];

/// A sign that isn't in the table is taken to be as wide as it is high.
const WIDEST: u16 = 1000;

/// How much wider the fonts are that may take Helvetica's place: DejaVu Sans is the widest of the usual ones.
const ROOM: f64 = 1.16;

/// How much wider bold text is: measure it as if it were so much larger.
pub const BOLD: f64 = 1.14;

/// Of Courier, in thousandths of the size.
const MONO: f64 = 600.0;

/// In pixels, of a text of this size. Serif fonts are narrower than Helvetica, and measured like it.
pub fn width(font: Font, text: &str, size: f64) -> f64 {
    if font == Font::Mono {
        let signs = text.chars().map(|c| if c.is_ascii() { MONO } else { f64::from(WIDEST) }).sum::<f64>();
        return signs / 1000.0 * size * 1.03;
    }
    let thousandths: f64 = text
        .chars()
        .map(|c| {
            let at = (c as usize).wrapping_sub(usize::from(b' '));
            f64::from(WIDTHS.get(at).copied().unwrap_or(WIDEST))
        })
        .sum();
    thousandths / 1000.0 * size * ROOM
}

/// At most so many lines, each at most so wide, broken between words; a word that is too long is broken, and what has no
/// room ends in an ellipsis.
pub fn lines(font: Font, text: &str, size: f64, widest: f64, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    let mut rest: Vec<&str> = text.split_whitespace().rev().collect();
    // One more than there may be, so as to know of it: a text without spaces has no end of them.
    while lines.len() <= most
        && let Some(word) = rest.pop()
    {
        let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if width(font, &longer, size) <= widest {
            line = longer;
        } else if line.is_empty() {
            let fits = fitting(font, word, size, widest);
            lines.push(word[..fits].to_owned());
            if fits < word.len() {
                rest.push(&word[fits..]);
            }
        } else {
            lines.push(std::mem::take(&mut line));
            rest.push(word);
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            *last = shortened(font, &format!("{last} …"), size, widest);
        }
    }
    lines
}

/// On one line; with an ellipsis where it is too long.
pub fn shortened(font: Font, text: &str, size: f64, widest: f64) -> String {
    if width(font, text, size) <= widest && !text.ends_with(" …") {
        return text.to_owned();
    }
    let text = text.trim_end_matches(" …");
    let fits = fitting(font, text, size, widest - width(font, "…", size));
    format!("{}…", text[..fits].trim_end())
}

/// So many bytes of it have room; at least one sign.
fn fitting(font: Font, text: &str, size: f64, widest: f64) -> usize {
    let mut ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
    let first = ends.next().unwrap_or(0);
    ends.take_while(|end| width(font, &text[..*end], size) <= widest).last().unwrap_or(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_broken_where_they_may_be() {
        let cases: [(&str, f64, usize, &[&str]); 6] = [
            ("Deploy Container", 200.0, 3, &["Deploy Container"]),
            ("Deploy Container", 70.0, 3, &["Deploy", "Container"]),
            ("Exploit Public-Facing Application", 70.0, 2, &["Exploit", "Public-Fa…"]),
            ("", 70.0, 3, &[]),
            ("Donaudampfschifffahrt", 60.0, 9, &["Donauda", "mpfschifff", "ahrt"]),
            ("𝄞𝄞𝄞", 5.0, 2, &["𝄞", "𝄞…"]),
        ];
        for (text, widest, most, expected) in cases {
            assert_eq!(lines(Font::Sans, text, 11.0, widest, most), expected, "{text}");
        }
    }

    #[test]
    fn no_more_is_broken_than_there_is_room_for() {
        let began = cpu_time::ThreadTime::now();
        let lines = lines(Font::Sans, &"漢".repeat(200_000), 11.0, 70.0, 3);
        assert_eq!(lines, ["漢漢漢漢漢", "漢漢漢漢漢", "漢漢漢漢…"]);
        assert!(began.elapsed() < std::time::Duration::from_secs(5), "{:?}", began.elapsed());
    }

    #[test]
    fn no_line_is_wider_than_its_room() {
        for text in
            ["Exploit Public-Facing Application", "Abuse Elevation Control Mechanism", "WWWWWWWWWWWWWWWWWWWWWWWW"]
        {
            for (font, widest) in Font::ALL.into_iter().flat_map(|font| [30.0, 47.0, 90.0].map(|widest| (font, widest)))
            {
                for line in lines(font, text, 11.0, widest, 3) {
                    assert!(width(font, &line, 11.0) <= widest, "{line}: {} in {widest}", width(font, &line, 11.0));
                }
            }
        }
    }
}
