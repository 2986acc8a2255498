//! One element of a file's `techniques`: layer format 4.5, "Technique object".
//! What has the wrong type is kept beside the entry; what is no annotation of a technique at all is given back.

use super::{
    fields::{flag, text},
    read::TACTIC_NAME,
    rows::{FromJson, Rows, listed},
    shape::FromObject,
};
use crate::attack::{TacticName, TechniqueId};
use crate::layer::{Color, Entry, Key, Link, Mark, Marks, Metadata, Score};
use serde::{Deserialize, Serialize, de::MapAccess};
use serde_json::{Map, Value, json};

/// An element of `techniques` that is an object.
// Nearly all are usable, so a box would cost more than it saves.
#[allow(clippy::large_enum_variant)]
pub(super) enum ReadEntry {
    /// With what has to be told of it.
    Usable(Entry, Vec<&'static str>),
    /// As it came, and why it is of no use.
    Unusable(Value, &'static str),
}

impl FromObject for ReadEntry {
    fn from_object<'de, A: MapAccess<'de>>(mut object: A) -> Result<Self, A::Error> {
        let mut raw = Raw::default();
        while let Some(field) = object.next_key::<Field>()? {
            match field {
                Field::TechniqueId => raw.id = Some(object.next_value()?),
                Field::Tactic => raw.tactic = Some(object.next_value()?),
                Field::Score => raw.score = Some(object.next_value()?),
                Field::Color => raw.color = Some(object.next_value()?),
                Field::Comment => raw.comment = Some(object.next_value()?),
                Field::Enabled => raw.enabled = Some(object.next_value()?),
                Field::Metadata => raw.metadata = Some(object.next_value()?),
                Field::Links => raw.links = Some(object.next_value()?),
                Field::ShowSubtechniques => raw.show_subtechniques = Some(object.next_value()?),
                Field::Unknown(key) => {
                    raw.unknown.insert(key, object.next_value()?);
                }
            }
        }
        Ok(raw.into_entry())
    }
}

#[derive(Deserialize)]
#[serde(field_identifier)]
enum Field {
    #[serde(rename = "techniqueID")]
    TechniqueId,
    #[serde(rename = "tactic")]
    Tactic,
    #[serde(rename = "score")]
    Score,
    #[serde(rename = "color")]
    Color,
    #[serde(rename = "comment")]
    Comment,
    #[serde(rename = "enabled")]
    Enabled,
    #[serde(rename = "metadata")]
    Metadata,
    #[serde(rename = "links")]
    Links,
    #[serde(rename = "showSubtechniques")]
    ShowSubtechniques,
    Unknown(String),
}

#[derive(Default)]
struct Raw {
    id: Option<Value>,
    tactic: Option<Value>,
    score: Option<Value>,
    color: Option<Value>,
    comment: Option<Value>,
    enabled: Option<Value>,
    metadata: Option<Rows<Metadata>>,
    links: Option<Rows<Link>>,
    show_subtechniques: Option<Value>,
    unknown: Map<String, Value>,
}

impl Raw {
    fn into_entry(self) -> ReadEntry {
        let technique = self.id.as_ref().and_then(Value::as_str).and_then(|id| TechniqueId::parse(id).ok());
        let mut taking = Taking::default();
        let tactic = match &self.tactic {
            None | Some(Value::Null) => Ok(None),
            Some(value) => value.as_str().and_then(|name| tactic(name, &mut taking.told)).ok_or(()),
        };
        match (technique, tactic) {
            (Some(technique), Ok(tactic)) => self.usable(Key { technique, tactic }, taking),
            (None, _) => {
                self.unusable("the technique has no id that can be read; it is not shown, but kept in the file")
            }
            (_, Err(())) => {
                self.unusable("the tactic is not a tactic's short name; the entry is not shown, but kept in the file")
            }
        }
    }

    fn usable(self, key: Key, mut taking: Taking) -> ReadEntry {
        let score = taking.take("score", self.score, "the score is not a number; it is ignored, but kept", |value| {
            value.as_f64().and_then(Score::new).ok_or(value)
        });
        let color = taking.take("color", self.color, "the colour is not a colour; it is ignored, but kept", color);
        let comment = taking.take("comment", self.comment, "the comment is not a text; it is ignored, but kept", text);
        let enabled =
            taking.take("enabled", self.enabled, "\"enabled\" is not true or false; it is ignored, but kept", flag);
        let metadata =
            taking.take("metadata", self.metadata, "the metadata is not a list; it is ignored, but kept", listed);
        let links = taking.take("links", self.links, "\"links\" is not a list; it is ignored, but kept", listed);
        let show_subtechniques = taking.take(
            "showSubtechniques",
            self.show_subtechniques,
            "\"showSubtechniques\" is not true or false; it is ignored, but kept",
            flag,
        );
        let mark = Mark {
            score,
            color: color.flatten(),
            comment: comment.unwrap_or_default(),
            enabled: enabled.unwrap_or(true),
        };
        taking.kept.extend(self.unknown);
        let entry = Entry {
            key,
            marks: Marks::Together(mark),
            metadata: metadata.unwrap_or_default(),
            links: links.unwrap_or_default(),
            show_subtechniques: show_subtechniques.unwrap_or(false),
            kept: taking.kept,
        };
        ReadEntry::Usable(entry, taking.told)
    }

    fn unusable(self, why: &'static str) -> ReadEntry {
        let known = [
            ("techniqueID", self.id),
            ("tactic", self.tactic),
            ("score", self.score),
            ("color", self.color),
            ("comment", self.comment),
            ("enabled", self.enabled),
            ("metadata", self.metadata.map(written)),
            ("links", self.links.map(written)),
            ("showSubtechniques", self.show_subtechniques),
        ];
        let known = known.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?)));
        ReadEntry::Unusable(Value::Object(known.chain(self.unknown).collect()), why)
    }
}

/// Rows as the file has them.
fn written<T: FromJson + Serialize>(rows: Rows<T>) -> Value {
    listed(rows).map_or_else(|raw| raw, |rows| rows.iter().map(|row| json!(row)).collect())
}

/// The tactic that a name means; an empty one means no tactic, which is all of them.
#[allow(clippy::option_option)]
fn tactic(name: &str, told: &mut Vec<&'static str>) -> Option<Option<TacticName>> {
    if name.trim_ascii().is_empty() {
        told.push("the tactic is empty; the entry is taken for all tactics of the technique");
        return Some(None);
    }
    if let Ok(tactic) = TacticName::parse(name) {
        return Some(Some(tactic));
    }
    let short = short_name(name)?;
    told.push(TACTIC_NAME);
    Some(Some(short))
}

/// The short name of a tactic that has its full one: `lateral-movement` for "Lateral Movement", by STIX 2.1's rule for
/// the names of kill chain phases ("all lowercase", "hyphens instead of spaces or underscores"). `None` where it is short
/// already, or none.
pub(super) fn short_name(name: &str) -> Option<TacticName> {
    let short: String = name.trim_ascii().to_ascii_lowercase().replace('&', "and").replace([' ', '_'], "-");
    if short == name { None } else { TacticName::parse(&short).ok() }
}

/// No colour is written as an empty text.
fn color(value: Value) -> Result<Option<Color>, Value> {
    match value.as_str() {
        Some("") => Ok(None),
        Some(text) => Color::parse(text).map(Some).map_err(|_| value),
        None => Err(value),
    }
}

#[derive(Default)]
struct Taking {
    kept: Map<String, Value>,
    told: Vec<&'static str>,
}

impl Taking {
    /// `null` says nothing, so nothing is told of it; other tools write it for what they have not.
    fn take<V, T>(
        &mut self,
        key: &str,
        value: Option<V>,
        wrong: &'static str,
        read: impl FnOnce(V) -> Result<T, Value>,
    ) -> Option<T> {
        match read(value?) {
            Ok(read) => Some(read),
            Err(raw) => {
                if !raw.is_null() {
                    self.told.push(wrong);
                }
                self.kept.insert(key.to_owned(), raw);
                None
            }
        }
    }
}
