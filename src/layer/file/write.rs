//! From layers to text, as Navigator 5.1.0 saves them (layer format 4.5): its keys, its order, its indentation.
//! What was kept unused stands where it stood (values of the wrong type) or after the known keys (unknown ones).

use super::{Format, NAVIGATOR_RELEASE, UNNAMED, slides, tiers};
use crate::{
    layer::{AggregateFunction, Color, Combine, Display, Entry, Gradient, Key, Layer, Mark, Metadata, Score},
    order,
};
use rustc_hash::FxHashMap;
use serde::{
    Serialize, Serializer,
    ser::{SerializeMap, SerializeSeq},
};
use serde_json::{Map, Value, json, ser::PrettyFormatter};

/// One layer as the official Navigator saves it: tab-indented, no newline at the end.
///
/// Entries that were in the file come first, as they were; then the others in the order of `order`; then the rest.
pub fn write(layer: &Layer, order: &[Key]) -> String {
    indented(&Written::new(layer, order))
}

fn indented(written: &Written) -> String {
    let mut bytes = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, PrettyFormatter::with_indent(b"\t"));
    // Writing to memory doesn't fail, and all keys are texts.
    let _ = written.serialize(&mut serializer);
    String::from_utf8(bytes).unwrap_or_default()
}

/// The same in one line, as this program keeps it: half as long.
pub fn write_in_a_line(layer: &Layer, order: &[Key]) -> String {
    serde_json::to_string(&Written::new(layer, order)).unwrap_or_default()
}

/// Only what is said of cells that are wanted, as the official Navigator writes annotations on visible techniques; and only
/// that was said in its snapshots.
pub fn write_only(layer: &Layer, order: &[Key], is_wanted: impl Fn(&Key) -> bool) -> String {
    // What is no technique's can't be seen anywhere.
    let mut layer = layer.clone();
    layer.kept.techniques.clear();
    layer.snapshots = layer.snapshots.iter().filter_map(|snapshot| snapshot.only(&is_wanted)).collect();
    layer.metadata.retain(|item| !tiers::is_snapshot(item));
    let mut written = Written::new(&layer, order);
    written.entries.retain(|entry| is_wanted(&entry.key));
    indented(&written)
}

/// Several layers as one file, as the official Navigator saves all of them: a list, in one line.
/// Each with the order of its own matrix.
pub fn write_all(layers: &[(&Layer, Vec<Key>)]) -> String {
    let written: Vec<Written<'_>> = layers.iter().map(|(layer, order)| Written::new(layer, order)).collect();
    serde_json::to_string(&written).unwrap_or_default()
}

/// A layer and its entries in the order in which they are written.
pub(super) struct Written<'a> {
    layer: &'a Layer,
    entries: Vec<&'a Entry>,
}

impl<'a> Written<'a> {
    pub(super) fn new(layer: &'a Layer, order: &[Key]) -> Self {
        let mut entries: Vec<&Entry> = layer.annotations.iter().collect();
        let added = entries.split_off(layer.annotations.loaded().min(entries.len()));
        let mut added: Vec<&Entry> = added.into_iter().filter(|entry| entry.is_written()).collect();
        if !added.is_empty() {
            let place: FxHashMap<&Key, usize> = order.iter().enumerate().map(|(at, key)| (key, at)).collect();
            order::sort_by_key(&mut added, |entry| place.get(&entry.key).copied().unwrap_or(usize::MAX));
        }
        entries.retain(|entry| entry.is_written());
        entries.extend(added);
        Self { layer, entries }
    }

    pub(super) fn entries(self) -> Vec<&'a Entry> {
        self.entries
    }

    /// Every entry, in the layer's own order, whether it says something or not.
    pub(super) fn whole(layer: &'a Layer) -> Self {
        Self { layer, entries: layer.annotations.iter().collect() }
    }
}

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (layer, kept, usual) = (self.layer, &self.layer.kept, Display::default());
        let display = &layer.display;
        let rows: Vec<Metadata> = tiers::settings(layer)
            .into_iter()
            .chain(tiers::snapshots(layer))
            .chain(slides::rows(&layer.slide))
            .collect();
        let metadata: Vec<&Metadata> = layer.metadata.iter().chain(&rows).collect();
        let mut top = Object { map: serializer.serialize_map(None)?, kept: &kept.top, known: Vec::new() };
        top.field("name", layer.name == UNNAMED, &layer.name)?;
        top.field("versions", false, &versions(layer))?;
        top.field("domain", layer.domain == super::USUAL_DOMAIN, &layer.domain)?;
        match &layer.custom_data_url {
            Some(url) => top.field("customDataURL", false, url)?,
            None => top.field_if_kept("customDataURL")?,
        }
        top.field("description", layer.description.is_empty(), &layer.description)?;
        let filters = object(&kept.filters, [("platforms", layer.platforms.is_empty(), json!(layer.platforms))]);
        top.field("filters", layer.platforms.is_empty() && kept.filters.is_empty(), &filters)?;
        top.field("sorting", display.sorting == usual.sorting, &display.sorting.number())?;
        let layout = layout(display, &kept.layout);
        top.field("layout", layout == self::layout(&usual, &Map::new()), &layout)?;
        top.field("hideDisabled", !display.hide_disabled, &display.hide_disabled)?;
        let techniques = WrittenTechniques { written: self, combine: layer.tier_scoring.combine() };
        top.field("techniques", self.entries.is_empty() && kept.techniques.is_empty(), &techniques)?;
        let gradient = gradient(&layer.gradient, &kept.gradient);
        top.field("gradient", gradient == self::gradient(&Gradient::default(), &Map::new()), &gradient)?;
        top.field("legendItems", layer.legend.is_empty(), &layer.legend)?;
        top.field("metadata", metadata.is_empty(), &metadata)?;
        top.field("links", layer.links.is_empty(), &layer.links)?;
        let background = display.show_tactic_row_background;
        top.field("showTacticRowBackground", background == usual.show_tactic_row_background, &background)?;
        let color = &display.tactic_row_background;
        top.field("tacticRowBackground", *color == usual.tactic_row_background, color)?;
        let across = display.select_across_tactics;
        top.field("selectTechniquesAcrossTactics", across == usual.select_across_tactics, &across)?;
        let with_parent = display.select_subtechniques_with_parent;
        top.field(
            "selectSubtechniquesWithParent",
            with_parent == usual.select_subtechniques_with_parent,
            &with_parent,
        )?;
        let visible = display.select_visible;
        top.field("selectVisibleTechniques", visible == usual.select_visible, &visible)?;
        top.end()
    }
}

/// An object that is being written. A value of the wrong type that the file had under a known key is written again as
/// long as the layer says nothing else there.
struct Object<'a, M> {
    map: M,
    kept: &'a Map<String, Value>,
    known: Vec<&'static str>,
}

impl<M: SerializeMap> Object<'_, M> {
    fn field<T: Serialize + ?Sized>(&mut self, key: &'static str, usual: bool, value: &T) -> Result<(), M::Error> {
        match self.kept.get(key).filter(|_| usual) {
            Some(raw) => self.map.serialize_entry(key, raw)?,
            None => self.map.serialize_entry(key, value)?,
        }
        self.known.push(key);
        Ok(())
    }

    fn field_if_kept(&mut self, key: &'static str) -> Result<(), M::Error> {
        if let Some(raw) = self.kept.get(key) {
            self.map.serialize_entry(key, raw)?;
        }
        self.known.push(key);
        Ok(())
    }

    fn end(mut self) -> Result<M::Ok, M::Error> {
        for (key, value) in self.kept {
            if !self.known.contains(&key.as_str()) {
                self.map.serialize_entry(key, value)?;
            }
        }
        self.map.end()
    }
}

/// The same for an object that is small enough to be made as a value.
fn object<const N: usize>(kept: &Map<String, Value>, fields: [(&str, bool, Value); N]) -> Value {
    let mut map = Map::new();
    for (key, usual, value) in fields {
        let raw = kept.get(key).filter(|_| usual).cloned();
        map.insert(key.to_owned(), raw.unwrap_or(value));
    }
    for (key, value) in kept {
        map.entry(key.as_str()).or_insert_with(|| value.clone());
    }
    Value::Object(map)
}

fn versions(layer: &Layer) -> Value {
    let navigator = layer.versions.navigator.as_deref().filter(|release| release.starts_with("5."));
    let mut map = Map::new();
    if let Some(attack) = &layer.versions.attack {
        map.insert("attack".to_owned(), json!(attack));
    } else if let Some(raw) = layer.kept.versions.get("attack") {
        map.insert("attack".to_owned(), raw.clone());
    }
    map.insert("navigator".to_owned(), json!(navigator.unwrap_or(NAVIGATOR_RELEASE)));
    map.insert("layer".to_owned(), json!(Format::NEWEST.to_string()));
    for (key, value) in &layer.kept.versions {
        map.entry(key.as_str()).or_insert_with(|| value.clone());
    }
    Value::Object(map)
}

fn layout(display: &Display, kept: &Map<String, Value>) -> Value {
    let usual = Display::default();
    // Only averages count what is unscored: `LO` 90 of Navigator 5.1.0.
    let count_unscored = display.count_unscored && display.aggregate == AggregateFunction::Average;
    object(
        kept,
        [
            ("layout", display.layout == usual.layout, json!(display.layout.word())),
            ("aggregateFunction", display.aggregate == usual.aggregate, json!(display.aggregate.word())),
            ("showID", display.show_id == usual.show_id, json!(display.show_id)),
            ("showName", display.show_name == usual.show_name, json!(display.show_name)),
            ("showAggregateScores", display.show_aggregate == usual.show_aggregate, json!(display.show_aggregate)),
            ("countUnscored", !count_unscored, json!(count_unscored)),
            ("expandedSubtechniques", display.expanded == usual.expanded, json!(display.expanded.word())),
        ],
    )
}

fn gradient(gradient: &Gradient, kept: &Map<String, Value>) -> Value {
    let usual = Gradient::default();
    let colors: Vec<String> = gradient.colors.iter().map(Color::hex8).collect();
    let usual_colors = Gradient { colors: gradient.colors.clone(), ..usual.clone() } == usual;
    let number = |number: f64| Score::new(number).map_or(Value::Null, Score::to_json);
    object(
        kept,
        [
            ("colors", usual_colors, json!(colors)),
            ("minValue", gradient.minimum == usual.minimum, number(gradient.minimum)),
            ("maxValue", gradient.maximum == usual.maximum, number(gradient.maximum)),
        ],
    )
}

struct WrittenTechniques<'a> {
    written: &'a Written<'a>,
    combine: Combine,
}

impl Serialize for WrittenTechniques<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        for entry in &self.written.entries {
            list.serialize_element(&WrittenEntry { entry, combine: self.combine })?;
        }
        for raw in &self.written.layer.kept.techniques {
            list.serialize_element(raw)?;
        }
        list.end()
    }
}

struct WrittenEntry<'a> {
    entry: &'a Entry,
    combine: Combine,
}

impl Serialize for WrittenEntry<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let entry = self.entry;
        let mark: Mark = entry.marks.combined(self.combine);
        let mut object = Object { map: serializer.serialize_map(None)?, kept: &entry.kept, known: Vec::new() };
        object.field("techniqueID", false, entry.key.technique.as_str())?;
        if let Some(tactic) = &entry.key.tactic {
            object.field("tactic", false, tactic.as_str())?;
        }
        match mark.score {
            Some(score) => object.field("score", false, &score.to_json())?,
            None => object.field_if_kept("score")?,
        }
        let color = mark.color.as_ref().map_or("", |color| color.as_str());
        object.field("color", color.is_empty(), color)?;
        object.field("comment", mark.comment.is_empty(), &mark.comment)?;
        object.field("enabled", mark.enabled, &mark.enabled)?;
        let rows = tiers::rows(&entry.marks);
        let metadata: Vec<&Metadata> = entry.metadata.iter().chain(&rows).collect();
        object.field("metadata", metadata.is_empty(), &metadata)?;
        object.field("links", entry.links.is_empty(), &entry.links)?;
        object.field("showSubtechniques", !entry.show_subtechniques, &entry.show_subtechniques)?;
        object.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attack::{TacticName, TechniqueId, Tier};
    use crate::layer::{Link, Marks, TierScoring, read};

    fn key(technique: &str) -> Key {
        Key::new(TechniqueId::parse(technique).unwrap(), TacticName::parse("execution").unwrap())
    }

    /// Byte for byte what Navigator 5.1.0 saves, but for the rows of ours.
    #[test]
    fn a_layer_is_written_as_the_official_navigator_does() {
        let mut layer = Layer::new("a \"b\" </c>", "enterprise-attack", Some("19"), vec!["Containers".to_owned()]);
        layer.custom_data_url = Some("https://example.org/bundle.json".to_owned());
        layer.tier_scoring = TierScoring::Separately(Combine::Highest);
        layer.annotations.change(&key("T1610"), |entry| {
            entry.links = vec![Link::new("a", "https://example.org"), Link::divider()];
            entry.marks = entry.marks.changed(None, |mark| mark.comment = "one\ntwo".to_owned());
            entry.marks = entry.marks.changed(Some(Tier::Container), |mark| mark.score = Score::new(2.5));
        });
        let mut expected = include_str!("written.json").to_owned();
        assert_eq!(expected.pop(), Some('\n'), "the file ends with a newline, what is written does not");
        assert_eq!(write(&layer, &[]), expected);
    }

    #[test]
    fn entries_of_the_file_come_first_then_the_others_in_the_order_of_the_matrix() {
        let mut layer = Layer::new("layer", "enterprise-attack", None, Vec::new());
        let scored = |technique: &str| Entry {
            marks: Marks::Together(Mark { score: Score::new(1.0), ..Mark::default() }),
            ..Entry::new(key(technique))
        };
        layer.annotations = ["T9", "T2"].map(scored).into_iter().collect();
        for technique in ["T8", "T7", "T1", "T3"] {
            layer.annotations.put(scored(technique));
        }
        layer.annotations.change(&key("T2"), |entry| entry.marks = Marks::default());
        layer.annotations.put(Entry { show_subtechniques: true, ..Entry::new(key("T4")) });
        let order = ["T1", "T2", "T3", "T4", "T7"].map(key);
        let written: Value = serde_json::from_str(&write(&layer, &order)).unwrap();
        let ids: Vec<&str> = written["techniques"]
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| entry["techniqueID"].as_str().unwrap())
            .collect();
        assert_eq!(ids, ["T9", "T1", "T3", "T4", "T7", "T8"]);
    }

    #[test]
    fn what_is_not_wanted_is_not_written() {
        let mut layer = Layer::new("layer", "enterprise-attack", None, Vec::new());
        for technique in ["T1", "T2", "T3"] {
            layer.annotations.change(&key(technique), |entry| entry.links = vec![Link::divider()]);
        }
        layer.kept.techniques.push(json!(5));
        let written: Value =
            serde_json::from_str(&write_only(&layer, &[], |key| key.technique.as_str() != "T2")).unwrap();
        let ids: Vec<&Value> = written["techniques"].as_array().unwrap().iter().map(|it| &it["techniqueID"]).collect();
        assert_eq!(ids, ["T1", "T3"]);
        assert_eq!(write_only(&layer, &[], |_| false).matches("techniqueID").count(), 0);
    }

    #[test]
    fn values_of_the_wrong_type_are_written_again_until_something_else_is_said() {
        let text = r##"{"name": 1, "versions": {"layer": "4.5", "attack": true}, "domain": "x", "customDataURL": null,
            "filters": [], "sorting": "a", "layout": {"layout": "round"}, "techniques": 5,
            "gradient": {"colors": ["#f00", "no"], "minValue": "0"}, "metadata": {}, "selectVisibleTechniques": 1}"##;
        let original: Value = serde_json::from_str(text).unwrap();
        let mut layer = read(text.as_bytes()).unwrap().layers.remove(0);
        let written: Value = serde_json::from_str(&write(&layer, &[])).unwrap();
        for (key, value) in original.as_object().unwrap() {
            match value.as_object() {
                Some(inner) if !inner.is_empty() => {
                    inner.iter().for_each(|(name, value)| assert_eq!(&written[key][name], value, "{key}.{name}"));
                }
                _ => assert_eq!(&written[key], value, "{key}"),
            }
        }
        layer.name = "x".to_owned();
        layer.display.select_visible = true;
        layer.metadata.push(Metadata::new("a", "b"));
        layer.gradient.minimum = 5.0;
        layer.annotations.change(&key("T1"), |entry| entry.show_subtechniques = true);
        let written: Value = serde_json::from_str(&write(&layer, &[])).unwrap();
        assert_eq!(written["name"], "x");
        assert_eq!(written["selectVisibleTechniques"], true);
        assert_eq!(written["metadata"], json!([{ "name": "a", "value": "b" }]));
        assert_eq!(written["gradient"]["minValue"], 5);
        assert_eq!(written["techniques"].as_array().map(Vec::len), Some(1));
    }
}
