//! JSON of which lists or objects are read in a way of their own, and everything else as it is.
//! So a file with very many techniques is read without a map for each of them.

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor, value};
use serde_json::Value;
use std::{fmt, marker::PhantomData};

/// A JSON value: a list read as `L`, an object read as `O`, or what is neither.
pub(super) enum Shape<L, O> {
    List(L),
    Object(O),
    Other(Value),
}

pub(super) trait FromList: Sized {
    fn from_list<'de, A: SeqAccess<'de>>(list: A) -> Result<Self, A::Error>;
}

pub(super) trait FromObject: Sized {
    fn from_object<'de, A: MapAccess<'de>>(object: A) -> Result<Self, A::Error>;
}

impl FromList for Value {
    fn from_list<'de, A: SeqAccess<'de>>(list: A) -> Result<Self, A::Error> {
        Self::deserialize(value::SeqAccessDeserializer::new(list))
    }
}

impl FromObject for Value {
    fn from_object<'de, A: MapAccess<'de>>(object: A) -> Result<Self, A::Error> {
        Self::deserialize(value::MapAccessDeserializer::new(object))
    }
}

impl<L: FromList, O: FromObject> FromList for Vec<Shape<L, O>> {
    fn from_list<'de, A: SeqAccess<'de>>(mut list: A) -> Result<Self, A::Error> {
        let mut elements = Self::new();
        while let Some(element) = list.next_element()? {
            elements.push(element);
        }
        Ok(elements)
    }
}

impl<'de, L: FromList, O: FromObject> Deserialize<'de> for Shape<L, O> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ShapeVisitor(PhantomData))
    }
}

struct ShapeVisitor<L, O>(PhantomData<(L, O)>);

impl<'de, L: FromList, O: FromObject> Visitor<'de> for ShapeVisitor<L, O> {
    type Value = Shape<L, O>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
        L::from_list(list).map(Shape::List)
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Self::Value, A::Error> {
        O::from_object(object).map(Shape::Object)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Shape::Other(Value::Null))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Shape::Other(Value::from(value)))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Shape::Other(Value::from(value)))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Shape::Other(Value::from(value)))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Shape::Other(Value::from(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Shape::Other(Value::from(value)))
    }

    fn visit_string<E>(self, value: String) -> Result<Self::Value, E> {
        Ok(Shape::Other(Value::from(value)))
    }
}
