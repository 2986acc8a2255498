//! The one way by which texts and colours get into XML and HTML.

/// A text in which nothing is markup, in an element or in an attribute with quotation marks; signs that XML 1.0 has no
/// room for are left out.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    escape(text, &mut escaped);
    escaped
}

/// The same, to the end of what is there. Most of a text goes over as it is.
pub fn escape(text: &str, to: &mut String) {
    let mut from = 0;
    for (at, c) in text.char_indices() {
        let instead = match c {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '"' => "&quot;",
            '\n' | '\t' => continue,
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => "",
            _ => continue,
        };
        to.push_str(&text[from..at]);
        to.push_str(instead);
        from = at + c.len_utf8();
    }
    to.push_str(&text[from..]);
}

/// A colour as CSS and SVG write it: `#3454d1`.
pub fn css([red, green, blue]: [u8; 3]) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_is_markup() {
        assert_eq!(escaped("<a b=\"c\">&\u{0}\u{b}\r\n\u{ffff}"), "&lt;a b=&quot;c&quot;&gt;&amp;\n");
        assert_eq!(escaped("'é\u{1f480}"), "'é\u{1f480}");
    }
}
