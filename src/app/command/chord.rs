//! What was pressed, as the table of commands writes it.

/// A key, and what was held down with it.
#[derive(Debug, Clone, Copy)]
pub struct Pressed<'a> {
    /// What it types: `a`, `?`, `ArrowLeft`.
    pub key: &'a str,
    /// Where it is, by what a keyboard of the United States types there: `KeyA`.
    pub code: &'a str,
    /// Ctrl, or Command on a Mac.
    pub control: bool,
    /// Alt, or Option on a Mac.
    pub alt: bool,
    /// The key for a third sign (AltGr): what it types is meant.
    pub third: bool,
    pub shift: bool,
}

impl Pressed<'_> {
    /// The letter that is meant, as a capital. Where a key types a letter of another alphabet, or with Alt a special sign as on a
    /// Mac, it is the letter of its place.
    fn letter(&self) -> Option<char> {
        let letter = |text: &str| match text.as_bytes() {
            [letter] if letter.is_ascii_alphabetic() => Some(char::from(letter.to_ascii_uppercase())),
            _ => None,
        };
        let is_other = self.alt || (!self.third && (self.key == "Dead" || !self.key.is_ascii()));
        letter(self.key).or_else(|| self.code.strip_prefix("Key").filter(|_| is_other).and_then(letter))
    }

    /// As the table of commands writes a key: `z`, `?`, `PageDown`.
    pub fn key(&self) -> String {
        self.letter().map_or_else(|| self.key.to_owned(), |letter| letter.to_ascii_lowercase().to_string())
    }

    /// As the table of commands writes chords: `Ctrl+Shift+Z`, `Alt+PageDown`, `?`, `Shift+E`.
    pub fn chord(&self) -> String {
        let letter = self.letter();
        let mut chord = String::new();
        if self.control {
            chord.push_str("Ctrl+");
        }
        if self.alt {
            chord.push_str("Alt+");
        }
        // Shift is part of what a sign like "?" is, but not of a letter.
        if self.shift && (letter.is_some() || self.key.len() > 1) {
            chord.push_str("Shift+");
        }
        match letter {
            Some(letter) if self.control || self.shift || self.alt => chord.push(letter),
            _ => chord.push_str(&self.key()),
        }
        chord
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_go_by_what_is_typed_and_else_by_their_place() {
        let plain = Pressed { key: "", code: "", control: false, alt: false, third: false, shift: false };
        let (control, alt) = (Pressed { control: true, ..plain }, Pressed { alt: true, ..plain });
        let (shift, third) = (Pressed { shift: true, ..plain }, Pressed { third: true, ..plain });
        let cases = [
            (plain, "b", "KeyB", "b"),
            // Another order of letters: what is typed counts.
            (control, "z", "KeyY", "Ctrl+Z"),
            (plain, "'", "KeyQ", "'"),
            (shift, "E", "KeyE", "Shift+E"),
            (shift, "?", "Slash", "?"),
            (alt, "PageDown", "PageDown", "Alt+PageDown"),
            (shift, "F2", "F2", "Shift+F2"),
            // Option on a Mac.
            (alt, "\u{2206}", "KeyJ", "Alt+J"),
            (alt, "Dead", "KeyN", "Alt+N"),
            (alt, "@", "KeyL", "Alt+L"),
            (Pressed { shift: true, ..alt }, "\u{201e}", "KeyW", "Alt+Shift+W"),
            // Other alphabets.
            (control, "\u{44b}", "KeyS", "Ctrl+S"),
            (plain, "\u{438}", "KeyB", "b"),
            (shift, "\u{423}", "KeyE", "Shift+E"),
            // No letter's place, and signs that are meant.
            (plain, "\u{f6}", "Semicolon", "\u{f6}"),
            (third, "\u{20ac}", "KeyE", "\u{20ac}"),
            (alt, "\u{221e}", "Digit5", "Alt+\u{221e}"),
        ];
        for (held, key, code, chord) in cases {
            assert_eq!(Pressed { key, code, ..held }.chord(), chord, "{key} at {code}");
        }
    }
}
