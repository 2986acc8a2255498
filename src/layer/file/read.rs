//! From bytes to layers: encoding, one layer or a list of them, format version, and the keys of a layer.
//! Annotations are `entry`'s, tiers' scores `tiers`', and joining what was exported in parts is `parts`'.

use super::{
    FileError, Format, Opened, UNNAMED,
    entry::{ReadEntry, short_name},
    fields::{Fields, rows, text},
    notes::{Notes, clipped},
    parts,
    rows::Rows,
    settings,
    shape::{FromObject, Shape},
    slides, tiers,
};
use crate::layer::{Annotations, Entry, Kept, Key, Layer, LegendItem, Link, Metadata, TierScoring};
use serde::de::{IgnoredAny, MapAccess};
use serde_json::{Map, Value};
use std::borrow::Cow;

/// Larger files are refused.
pub const MAXIMUM_LAYER_BYTES: usize = 128 * 1024 * 1024;

/// What is told of a tactic that has its full name.
pub(super) const TACTIC_NAME: &str = "the tactic has its full name; its short name was taken";

type Techniques = Shape<Vec<Shape<Value, ReadEntry>>, Value>;
type Document = Shape<Vec<Shape<Value, RawLayer>>, RawLayer>;

/// Reads a layer file: one layer, or a list of them. In a list, layers that can't be opened are only noted.
///
/// # Errors
/// When there is no layer in it that can be opened.
pub fn read(bytes: &[u8]) -> Result<Opened, FileError> {
    if bytes.len() > MAXIMUM_LAYER_BYTES {
        return Err(FileError::TooLarge);
    }
    let text = decoded(bytes)?;
    if text.trim_ascii().is_empty() {
        return Err(FileError::NoContent);
    }
    let document: Document = serde_json::from_str(&text).map_err(|error| json_error(&error))?;
    let mut notes = Notes::default();
    let layers = match document {
        Shape::Object(raw) => vec![raw.into_layer(&mut notes)?],
        Shape::List(list) => parts::joined(listed(list, &mut notes)?, &mut notes),
        Shape::Other(_) => return Err(FileError::NotALayer("it is a single value".to_owned())),
    };
    let (layers, formats) = layers.into_iter().unzip();
    Ok(Opened { layers, formats, notes: notes.into_list() })
}

/// UTF-8 with or without a byte order mark, and UTF-16 with one (mitreattack-python writes that on Windows).
fn decoded(bytes: &[u8]) -> Result<Cow<'_, str>, FileError> {
    let wide = |rest: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = rest.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
        let text = String::from_utf16(&units).map_err(|_| FileError::Encoding)?;
        if rest.len().is_multiple_of(2) { Ok(Cow::Owned(text)) } else { Err(FileError::Encoding) }
    };
    match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => checked(rest),
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        rest => checked(rest),
    }
}

fn checked(bytes: &[u8]) -> Result<Cow<'_, str>, FileError> {
    std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|_| FileError::Encoding)
}

fn json_error(error: &serde_json::Error) -> FileError {
    let (line, column) = (error.line(), error.column());
    let message = error.to_string();
    let what = message.split_once(" at line ").map_or(message.as_str(), |(what, _)| what);
    if what.starts_with("recursion limit") {
        return FileError::TooDeep { line, column };
    }
    let what = if error.is_eof() { "the file ends too early" } else { what };
    FileError::NotJson { line, column, what: clipped(what) }
}

/// The layers of a list that can be opened; the first one's error if none can.
fn listed(list: Vec<Shape<Value, RawLayer>>, notes: &mut Notes) -> Result<Vec<(Layer, Format)>, FileError> {
    let mut layers = Vec::new();
    let mut first_error = None;
    for (at, element) in list.into_iter().enumerate() {
        let read = match element {
            Shape::Object(raw) => raw.into_layer(notes),
            Shape::List(_) | Shape::Other(_) => Err(FileError::NotALayer("it is not an object".to_owned())),
        };
        match read {
            Ok(layer) => layers.push(layer),
            Err(error) => {
                notes.add(&format_args!("Layer {} of the list", at + 1), error.to_string());
                first_error.get_or_insert(error);
            }
        }
    }
    if layers.is_empty() { Err(first_error.unwrap_or(FileError::EmptyList)) } else { Ok(layers) }
}

/// A layer as the file has it, but for its techniques and rows, which are read as they come.
#[derive(Default)]
struct RawLayer {
    top: Map<String, Value>,
    techniques: Option<Techniques>,
    metadata: Option<Rows<Metadata>>,
    links: Option<Rows<Link>>,
}

impl FromObject for RawLayer {
    fn from_object<'de, A: MapAccess<'de>>(mut object: A) -> Result<Self, A::Error> {
        let mut raw = Self::default();
        while let Some(key) = object.next_key::<String>()? {
            match key.as_str() {
                "techniques" => raw.techniques = Some(object.next_value()?),
                "metadata" => raw.metadata = Some(object.next_value()?),
                "links" => raw.links = Some(object.next_value()?),
                // A bundle is refused anyway: its objects, which can be very many, aren't worth memory.
                "objects" if raw.is_bundle() => drop(object.next_value::<IgnoredAny>()?),
                _ => drop(raw.top.insert(key, object.next_value()?)),
            }
        }
        Ok(raw)
    }
}

impl RawLayer {
    fn is_bundle(&self) -> bool {
        self.top.get("type").is_some_and(|kind| kind == "bundle")
    }

    /// The format's number as the file has it: `version` was its key before format 4, and goes before.
    fn said_format(&self) -> Option<String> {
        let number = |value: &Value| match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        let version = self.top.get("version").and_then(number);
        version.or_else(|| self.top.get("versions").and_then(|versions| versions.get("layer")).and_then(number))
    }

    /// The format that the layer is to be read in.
    fn check(&self, notes: &mut Notes) -> Result<Format, FileError> {
        if self.is_bundle() {
            return Err(FileError::Bundle);
        }
        let said = self.said_format();
        let says_layer = self.top.contains_key("domain") || self.top.contains_key("versions");
        let not_a_layer = |why: &str| Err(FileError::NotALayer(why.to_owned()));
        match (&self.techniques, &said) {
            (None, None) => return not_a_layer("it has no \"techniques\""),
            (None, Some(_)) if !says_layer => return not_a_layer("it has no \"techniques\""),
            (Some(Shape::List(_)), None) => {
                notes.add(&"", format!("The layer doesn't say its format; it was read as {}.", Format::NEWEST));
            }
            (Some(_), None) => return not_a_layer("its \"techniques\" is not a list"),
            (_, Some(_)) => {}
        }
        let Some(said) = said else { return Ok(Format::NEWEST) };
        let format = Format::parse(said.trim()).ok_or_else(|| FileError::Format(clipped(&said)))?;
        if format.is_later() {
            let newest = Format::NEWEST;
            notes.add(&"", format!("The layer has format {format}; it was read as {newest}, the newest known."));
        } else if format.is_before_4() {
            let newest = Format::NEWEST;
            notes.add(&"", format!("The layer has format {format}; it was converted to {newest}."));
        }
        Ok(format)
    }

    fn into_layer(self, notes: &mut Notes) -> Result<(Layer, Format), FileError> {
        let format = self.check(notes)?;
        let mut kept = Kept::default();
        let mut top = Fields::new("", self.top, notes);
        top.remove("version");
        let name = top.take("name", text).unwrap_or_else(|| UNNAMED.to_owned());
        let versions = settings::versions(&mut top, &mut kept);
        let domain = settings::domain(&mut top);
        let custom_data_url = top.take("customDataURL", text);
        let description = top.take("description", text).unwrap_or_default();
        let platforms = settings::platforms(&mut top, &mut kept, format);
        let mut display = settings::display(&mut top, &mut kept, format);
        let gradient = settings::gradient(&mut top, &mut kept);
        let legend = top.take("legendItems", rows(LegendItem::from_json)).unwrap_or_default();
        let mut metadata = top.take_rows("metadata", self.metadata);
        let links = top.take_rows("links", self.links);
        let mut tier_scoring = TierScoring::Together;
        let snapshots = tiers::take_snapshots(&mut metadata);
        let slide = slides::take(&mut metadata);
        tiers::take_settings(&mut metadata, &mut display, &mut tier_scoring);
        let entries = match self.techniques {
            None => Vec::new(),
            Some(Shape::List(elements)) => entries(elements, &mut kept, top.notes()),
            Some(Shape::Object(raw) | Shape::Other(raw)) => {
                top.refuse("techniques", raw);
                Vec::new()
            }
        };
        let annotations = annotations(entries, &domain, &mut tier_scoring, top.notes());
        kept.top = top.kept();
        let layer = Layer {
            name,
            description,
            domain,
            versions,
            custom_data_url,
            platforms,
            display,
            gradient,
            legend,
            metadata,
            links,
            tier_scoring,
            annotations,
            snapshots,
            slide,
            kept,
        };
        Ok((layer, format))
    }
}

fn entries(elements: Vec<Shape<Value, ReadEntry>>, kept: &mut Kept, notes: &mut Notes) -> Vec<Entry> {
    let mut entries = Vec::with_capacity(elements.len());
    for (at, element) in elements.into_iter().enumerate() {
        match element {
            Shape::Object(ReadEntry::Usable(entry, told)) => {
                for what in told {
                    notes.add(&entry.key.technique, what);
                }
                entries.push(entry);
            }
            Shape::Object(ReadEntry::Unusable(raw, why)) => {
                let id = raw.get("techniqueID").and_then(Value::as_str).filter(|id| !id.is_empty());
                match id {
                    Some(id) => notes.add(&id, why),
                    None => notes.add(&format_args!("Element {} of \"techniques\"", at + 1), why),
                }
                kept.techniques.push(raw);
            }
            Shape::List(raw) | Shape::Other(raw) => {
                let about = format_args!("Element {} of \"techniques\"", at + 1);
                notes.add(&about, "it is not a technique; it is not shown, but kept in the file");
                kept.techniques.push(raw);
            }
        }
    }
    entries
}

/// Gives the entries the tiers' marks that their metadata has, and finds those that are there twice.
fn annotations(
    mut entries: Vec<Entry>,
    domain: &str,
    tier_scoring: &mut TierScoring,
    notes: &mut Notes,
) -> Annotations {
    // Other catalogues may have short names with capitals; ATT&CK's domains have none.
    let is_attack = domain.ends_with("-attack");
    for entry in &mut entries {
        tiers::take_marks(entry, tier_scoring, notes);
        let tactic = entry.key.tactic.as_ref().filter(|_| is_attack);
        if let Some(short) = tactic.and_then(|tactic| short_name(tactic.as_str())) {
            notes.add(&entry.key.technique, TACTIC_NAME);
            entry.key.tactic = Some(short);
        }
    }
    let mut seen: rustc_hash::FxHashSet<&Key> = rustc_hash::FxHashSet::default();
    for entry in &entries {
        if !seen.insert(&entry.key) {
            let what = "it is there more than once in one tactic; the last entry counts";
            notes.add(&entry.key.technique, what);
        }
    }
    entries.into_iter().collect()
}
