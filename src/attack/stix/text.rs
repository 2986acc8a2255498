//! Values that may have any type in a file: one of the wrong type reads as absent, so that one bad field of one object
//! doesn't cost the user the bundle.

use super::scan::{Broken, Scan, Value};
use std::borrow::Cow;

/// A text, or nothing.
#[derive(Debug, Default, Clone)]
pub struct Text<'a>(pub Option<Cow<'a, str>>);

/// Any value as it stands in the file, for when it turns out to be wanted: most descriptions and references are not.
#[derive(Debug, Default, Clone, Copy)]
pub struct Raw<'a>(Option<Value<'a>>);

impl<'a> Text<'a> {
    pub fn as_str(&self) -> Option<&str> {
        self.0.as_deref()
    }

    pub fn owned(self) -> Option<String> {
        self.0.map(Cow::into_owned)
    }
}

impl<'a> Raw<'a> {
    pub fn of(value: Value<'a>) -> Self {
        Self(Some(value))
    }

    pub fn text(self) -> Text<'a> {
        Text(self.0.and_then(Value::text))
    }

    /// Empty where it is no text.
    pub fn owned(self) -> String {
        self.text().owned().unwrap_or_default()
    }

    /// The bytes of the text that it is, if it is one: to compare it with words, which takes less than reading it.
    pub fn letters(self) -> Option<Cow<'a, [u8]>> {
        self.0.and_then(Value::letters)
    }

    pub fn is_there(self) -> bool {
        self.0.is_some()
    }

    pub fn is_text(self) -> bool {
        self.0.is_some_and(|value| value.json.starts_with(b"\""))
    }

    /// Anything but `true` is not.
    pub fn is_true(self) -> bool {
        self.0.is_some_and(|value| value.json == b"true")
    }

    /// The texts of a list; whatever else is in it is left out.
    pub fn texts(self) -> Vec<Cow<'a, str>> {
        self.elements(|scan| Ok(scan.value()?.text()))
    }

    /// The objects of a list that are wanted; whatever else is in it is left out.
    pub fn objects<T>(self, read: impl Fn(&mut Scan<'a>) -> Result<Option<T>, Broken>) -> Vec<T> {
        self.elements(|scan| Ok(scan.object_as(&read)?.flatten()))
    }

    /// The objects that are values of an object; whatever else is in it is left out.
    pub fn object_values<T>(self, read: impl Fn(&mut Scan<'a>) -> Result<T, Broken>) -> Vec<T> {
        self.gone_through(|scan, all| {
            scan.object(|_, scan| {
                all.extend(scan.object_as(&read)?);
                Ok(())
            })
        })
    }

    fn elements<T>(self, read: impl Fn(&mut Scan<'a>) -> Result<Option<T>, Broken>) -> Vec<T> {
        self.gone_through(|scan, all| {
            scan.array(|scan| {
                all.extend(read(scan)?);
                Ok(())
            })
        })
    }

    /// What is gathered from it; nothing where it can't be gone through to its end.
    fn gone_through<T>(self, go: impl FnOnce(&mut Scan<'a>, &mut Vec<T>) -> Result<(), Broken>) -> Vec<T> {
        let mut all = Vec::new();
        let gone = self.0.map(|value| go(&mut Scan::new(value.json), &mut all));
        if gone == Some(Ok(())) { all } else { Vec::new() }
    }
}
