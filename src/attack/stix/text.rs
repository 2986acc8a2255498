//! Values that may have any type in a file: one of the wrong type reads as absent, so that one bad field of one object
//! doesn't cost the user the bundle.

use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer},
};
use std::{borrow::Cow, fmt, marker::PhantomData};

/// A text, or nothing.
#[derive(Debug, Default, Clone)]
pub struct Text<'a>(pub Option<Cow<'a, str>>);

/// A flag; anything but `true` is `false`.
#[derive(Debug, Default, Clone, Copy)]
pub struct Flag(pub bool);

/// A list of what its elements can be read as; those that can't are left out.
#[derive(Debug, Clone)]
pub struct List<T>(pub Vec<T>);

/// An object, or nothing.
#[derive(Debug, Clone)]
pub struct Lenient<T>(pub Option<T>);

impl<'a> Text<'a> {
    pub fn as_str(&self) -> Option<&str> {
        self.0.as_deref()
    }

    pub fn owned(&self) -> String {
        self.as_str().unwrap_or_default().to_owned()
    }
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Default for Lenient<T> {
    fn default() -> Self {
        Self(None)
    }
}

/// Takes whatever there is; what a kind has a use for it overrides.
macro_rules! anything_else {
    ($value:expr; $($method:ident($type:ty)),*) => {
        $(fn $method<E: Error>(self, _: $type) -> Result<Self::Value, E> {
            Ok($value)
        })*

        fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
            Ok($value)
        }

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("any value")
        }
    };
}

macro_rules! ignore_sequence {
    ($value:expr) => {
        fn visit_seq<A: SeqAccess<'a>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
            while seq.next_element::<IgnoredAny>()?.is_some() {}
            Ok($value)
        }
    };
}

macro_rules! ignore_map {
    ($value:expr) => {
        fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            Ok($value)
        }
    };
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Of;
        impl<'a> Visitor<'a> for Of {
            type Value = Text<'a>;
            anything_else!(Text(None); visit_bool(bool), visit_i64(i64), visit_u64(u64), visit_f64(f64));
            ignore_sequence!(Text(None));
            ignore_map!(Text(None));

            fn visit_borrowed_str<E: Error>(self, text: &'a str) -> Result<Text<'a>, E> {
                Ok(Text(Some(Cow::Borrowed(text))))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Text<'a>, E> {
                Ok(Text(Some(Cow::Owned(text.to_owned()))))
            }
        }
        deserializer.deserialize_any(Of)
    }
}

impl<'a> Deserialize<'a> for Flag {
    fn deserialize<D: Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error> {
        struct Of;
        impl<'a> Visitor<'a> for Of {
            type Value = Flag;
            anything_else!(Flag(false); visit_i64(i64), visit_u64(u64), visit_f64(f64), visit_str(&str));
            ignore_sequence!(Flag(false));
            ignore_map!(Flag(false));

            fn visit_bool<E: Error>(self, flag: bool) -> Result<Flag, E> {
                Ok(Flag(flag))
            }
        }
        deserializer.deserialize_any(Of)
    }
}

impl<'a, T: Deserialize<'a>> Deserialize<'a> for List<T> {
    fn deserialize<D: Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error> {
        struct Of<T>(PhantomData<T>);
        impl<'a, T: Deserialize<'a>> Visitor<'a> for Of<T> {
            type Value = List<T>;
            anything_else!(List(Vec::new()); visit_bool(bool), visit_i64(i64), visit_u64(u64), visit_f64(f64), visit_str(&str));
            ignore_map!(List(Vec::new()));

            fn visit_seq<A: SeqAccess<'a>>(self, mut seq: A) -> Result<List<T>, A::Error> {
                let mut list = Vec::new();
                while let Some(element) = seq.next_element()? {
                    list.push(element);
                }
                Ok(List(list))
            }
        }
        deserializer.deserialize_any(Of(PhantomData))
    }
}

impl<'a, T: Deserialize<'a>> Deserialize<'a> for Lenient<T> {
    fn deserialize<D: Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error> {
        struct Of<T>(PhantomData<T>);
        impl<'a, T: Deserialize<'a>> Visitor<'a> for Of<T> {
            type Value = Lenient<T>;
            anything_else!(Lenient(None); visit_bool(bool), visit_i64(i64), visit_u64(u64), visit_f64(f64), visit_str(&str));
            ignore_sequence!(Lenient(None));

            fn visit_map<A: MapAccess<'a>>(self, map: A) -> Result<Lenient<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(|value| Lenient(Some(value)))
            }
        }
        deserializer.deserialize_any(Of(PhantomData))
    }
}
