//! The one way by which texts and colours get into XML and HTML.

/// A text in which nothing is markup, in an element or in an attribute with quotation marks; signs that XML 1.0 has no
/// room for are left out.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(c),
            '\r' => {}
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => escaped.push(c),
        }
    }
    escaped
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
