//! Goes through JSON text as fast as what isn't wanted can be skipped: nine tenths of an official bundle. Values are handed
//! over as they stand in the text, to be read by whoever wants them. What is skipped is not checked, but for its end; what
//! is wrong with a text that can't be gone through is told by serde_json, which goes through it again.

use super::wide::{self, Wanted};
use serde::de::IgnoredAny;
use std::borrow::Cow;

/// A place in a JSON text.
pub struct Scan<'a> {
    text: &'a [u8],
    at: usize,
}

/// A value as it stands in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Value<'a> {
    pub json: &'a [u8],
    /// It is a text, with a backslash in it.
    escaped: bool,
}

/// The text is no JSON, or is cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Broken;

type Step<T = ()> = Result<T, Broken>;

impl<'a> Scan<'a> {
    pub fn new(text: &'a [u8]) -> Self {
        Self { text, at: 0 }
    }

    /// What serde_json has to say about the text.
    pub fn fault(text: &[u8]) -> Option<serde_json::Error> {
        serde_json::from_slice::<IgnoredAny>(text).err()
    }

    /// Goes through the object that begins here. `take` is given each key and must go past its value.
    pub fn object(&mut self, mut take: impl FnMut(&[u8], &mut Self) -> Step) -> Step {
        self.list(b'{', b'}', |scan| {
            let key = scan.key()?;
            scan.expect(b':')?;
            take(&key, scan)
        })
    }

    /// Goes through the array that begins here. `take` must go past each element.
    pub fn array(&mut self, take: impl FnMut(&mut Self) -> Step) -> Step {
        self.list(b'[', b']', take)
    }

    /// Goes past a value, which is handed over as it stands. A function of its own, as `Object::scan` is.
    #[inline(never)]
    pub fn value(&mut self) -> Step<Value<'a>> {
        let first = self.peek().ok_or(Broken)?;
        let (from, mut escaped) = (self.at, false);
        match first {
            b'"' => escaped = self.skip_string()?,
            b'{' | b'[' => self.skip_nested()?,
            b'-' | b'0'..=b'9' | b't' | b'f' | b'n' => self.skip_word(),
            _ => return Err(Broken),
        }
        let json = self.text.get(from..self.at).ok_or(Broken)?;
        Ok(Value { json, escaped })
    }

    /// What is made of the object that begins here; nothing of a broken one, or of any other value. Goes past it.
    pub fn object_as<T>(&mut self, read: impl FnOnce(&mut Self) -> Step<T>) -> Step<Option<T>> {
        let is_object = self.peek() == Some(b'{');
        let from = self.at;
        if is_object && let Ok(made) = read(self) {
            return Ok(Some(made));
        }
        self.at = from;
        self.value().map(|_| None)
    }

    /// How many bytes are gone through.
    pub fn at(&self) -> usize {
        self.at
    }

    /// The byte that what comes next begins with.
    pub fn peek(&mut self) -> Option<u8> {
        loop {
            match self.here()? {
                // Bundles are indented.
                b'\n' => {
                    self.at += 1;
                    self.skip_to(Wanted::NoSpace);
                }
                b' ' | b'\r' | b'\t' => self.at += 1,
                byte => return Some(byte),
            }
        }
    }

    /// Nothing may come any more.
    pub fn end(&mut self) -> Step {
        self.peek().map_or(Ok(()), |_| Err(Broken))
    }

    fn list(&mut self, open: u8, close: u8, mut take: impl FnMut(&mut Self) -> Step) -> Step {
        self.expect(open)?;
        if self.peek() == Some(close) {
            self.at += 1;
            return Ok(());
        }
        loop {
            take(self)?;
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(byte) if byte == close => {
                    self.at += 1;
                    return Ok(());
                }
                _ => return Err(Broken),
            }
        }
    }

    fn key(&mut self) -> Step<Cow<'a, [u8]>> {
        if self.peek() != Some(b'"') {
            return Err(Broken);
        }
        let from = self.at;
        let escaped = self.skip_string()?;
        let json = self.text.get(from..self.at).ok_or(Broken)?;
        // One that says no text, as with half of a pair of surrogates, is none that anybody looks for.
        Ok(Value { json, escaped }.letters().unwrap_or(Cow::Borrowed(json)))
    }

    fn expect(&mut self, byte: u8) -> Step {
        if self.peek() != Some(byte) {
            return Err(Broken);
        }
        self.at += 1;
        Ok(())
    }

    fn here(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    /// To what is wanted, or to where the text has too little left to be looked at in one go.
    #[inline]
    fn skip_to(&mut self, wanted: Wanted) {
        while let Some(piece) = self.text.get(self.at..).and_then(|rest| rest.first_chunk()) {
            match wide::find(piece, wanted) {
                Some(ahead) => {
                    self.at += ahead;
                    return;
                }
                None => self.at += piece.len(),
            }
        }
    }

    /// Past the text that begins here with its quotation mark. Says whether there are backslashes in it.
    #[inline]
    fn skip_string(&mut self) -> Step<bool> {
        self.at += 1;
        let mut escaped = false;
        loop {
            self.skip_to(Wanted::EndOfText);
            match self.here().ok_or(Broken)? {
                b'"' => {
                    self.at += 1;
                    return Ok(escaped);
                }
                b'\\' => {
                    self.at += 2;
                    escaped = true;
                }
                _ => self.at += 1,
            }
        }
    }

    /// Past the object or array that begins here, however deep it goes.
    #[inline]
    fn skip_nested(&mut self) -> Step {
        let mut depth = 0_usize;
        loop {
            self.skip_to(Wanted::Structure);
            match self.here().ok_or(Broken)? {
                b'"' => drop(self.skip_string()?),
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                }
                b'}' | b']' => {
                    depth -= 1;
                    self.at += 1;
                    if depth == 0 {
                        return Ok(());
                    }
                }
                _ => self.at += 1,
            }
        }
    }

    /// Past a number, `true`, `false` or `null`.
    fn skip_word(&mut self) {
        while self.here().is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.')) {
            self.at += 1;
        }
    }
}

impl<'a> Value<'a> {
    /// The text that it is, if it is one.
    pub fn text(self) -> Option<Cow<'a, str>> {
        let inner = self.inner()?;
        if self.escaped {
            return serde_json::from_slice(self.json).ok().map(Cow::Owned);
        }
        std::str::from_utf8(inner).ok().map(Cow::Borrowed)
    }

    /// The bytes of the text that it is, if it is one.
    pub fn letters(self) -> Option<Cow<'a, [u8]>> {
        if self.escaped {
            return self.text().map(|text| Cow::Owned(text.into_owned().into_bytes()));
        }
        self.inner().map(Cow::Borrowed)
    }

    /// What stands between the quotation marks.
    fn inner(self) -> Option<&'a [u8]> {
        self.json.strip_prefix(b"\"")?.strip_suffix(b"\"")
    }
}

/// Where a text stops being UTF-8, if it does. Looked at in pieces: see `Object::scan`.
pub fn not_utf8(text: &[u8]) -> Option<usize> {
    const PIECE: usize = 1 << 14;
    let mut from = 0;
    while from < text.len() {
        let to = text.len().min(from + PIECE);
        let piece = &text[from..to];
        if wide::is_ascii(piece) {
            from = to;
            continue;
        }
        match std::str::from_utf8(piece) {
            Ok(_) => from = to,
            // A character may go on in the next piece.
            Err(error) if error.error_len().is_none() && to < text.len() => from += error.valid_up_to(),
            Err(error) => return Some(from + error.valid_up_to()),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value as Json, json};

    fn whole(text: &str) -> Step<&str> {
        let mut scan = Scan::new(text.as_bytes());
        let value = scan.value()?;
        scan.end()?;
        std::str::from_utf8(value.json).map_err(|_| Broken)
    }

    #[test]
    fn what_is_no_utf8_is_found_wherever_it_stands() {
        let long = "aü✓𝄞".repeat(40_000);
        for cut in [0, 1, 2, 3, 65_535, 65_536, 65_537, 131_072] {
            let text = &long.as_bytes()[cut..];
            assert_eq!(not_utf8(text), std::str::from_utf8(text).err().map(|error| error.valid_up_to()), "{cut}");
            let text = &long.as_bytes()[..cut];
            assert_eq!(not_utf8(text), std::str::from_utf8(text).err().map(|error| error.valid_up_to()), "{cut}");
        }
    }

    #[test]
    fn values_are_handed_over_as_they_stand() {
        let cases = [
            r#""""#,
            r#""a \" b \\""#,
            r#""\\\"12345678\\""#,
            "-1.5e+30",
            "true",
            "null",
            "[]",
            r#"{"a": ["}", {"]": "\"]"}], "b": [[[]]]}"#,
            "\"ünï ✓ cödé, longer than eight bytes\"",
        ];
        for text in cases {
            assert_eq!(whole(&format!(" \n          {text}\t\r\n")), Ok(text));
        }
    }

    #[test]
    fn what_has_no_end_or_no_beginning_is_broken() {
        for text in ["", "  ", "\"", "\"abc\\", "\"abcdefgh\\\"", "{", "[1, ", "{\"a\": \"", ",", "hello", "1 2"] {
            assert_eq!(whole(text), Err(Broken), "{text}");
        }
        for text in
            ["{,}", "{\"a\" 1}", "{\"a\": }", "{\"a\": 1,}", "{\"a\": 1 \"b\": 2}", "{a: 1}", "[]", "{\"a\": 1]"]
        {
            assert_eq!(Scan::new(text.as_bytes()).object(|_, scan| scan.value().map(drop)), Err(Broken), "{text}");
        }
    }

    #[test]
    fn keys_and_texts_are_read_with_their_escapes() {
        let mut seen = Vec::new();
        let text = r#"{"plain": "a", "t\u0079pe": "b\nc", "number": 3}"#;
        let gone = Scan::new(text.as_bytes()).object(|key, scan| {
            seen.push((String::from_utf8(key.to_vec()).unwrap(), scan.value()?.text().map(Cow::into_owned)));
            Ok(())
        });
        assert_eq!(gone, Ok(()));
        let expected = [("plain", Some("a")), ("type", Some("b\nc")), ("number", None)];
        assert_eq!(seen, expected.map(|(key, text)| (key.to_owned(), text.map(str::to_owned))));
    }

    fn any_value() -> impl Strategy<Value = Json> {
        let leaf = prop_oneof![
            Just(Json::Null),
            any::<bool>().prop_map(Json::from),
            any::<i64>().prop_map(Json::from),
            any::<f64>().prop_map(|number| json!(number)),
            "\\PC{0,20}".prop_map(Json::from),
            "[\"\\\\\u{0}-\u{1f}]{0,12}".prop_map(Json::from),
        ];
        leaf.prop_recursive(4, 40, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Json::from),
                prop::collection::vec(("\\PC{0,9}", inner), 0..5)
                    .prop_map(|pairs| Json::Object(pairs.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn whatever_json_there_is_is_gone_through(value in any_value()) {
            for text in [value.to_string(), serde_json::to_string_pretty(&value).unwrap()] {
                prop_assert_eq!(whole(&text), Ok(text.as_str()));
            }
        }

        #[test]
        fn no_text_stops_it(text in "\\PC{0,40}|[\\[\\]{}\",:\\\\ 1tn]{0,40}") {
            let _ = whole(&text);
            let _ = Scan::new(text.as_bytes()).object(|_, scan| scan.value().map(drop));
        }
    }
}
