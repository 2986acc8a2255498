//! `config.json`, by which whoever sets Bulkhead up says what it has: switches, first layers, releases to choose from,
//! entries of the techniques' menu, colours of signs, a banner. The keys are those of Navigator 5.1.0's file, which can be
//! taken as it is. What is wrong in it is told with its place, and the rest is used; nothing in it is markup or script.

use super::{
    MenuEntry,
    switches::{Switches, is_word_without_effect},
};
use crate::{
    attack::{Collection, CollectionIndex, CollectionVersion},
    layer::Color,
};
use serde_json::{Map, Value};
use std::fmt::Display;

/// Larger files are refused.
pub const MAXIMUM_CONFIG_BYTES: usize = 1_000_000;

/// Of each list only so many entries are taken.
const MOST: usize = 100;
/// Longer texts are refused, in signs.
const LONGEST: usize = 2_000;
/// Of more findings only so many are told.
const MOST_FINDINGS: usize = 50;

/// The colours of the official app's file when nobody has changed it: they are for lines under text, and mean nothing here.
const USUAL_COLORS: [(&str, &str); 3] =
    [("comment_color", "yellow"), ("link_color", "blue"), ("metadata_color", "purple")];

#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    pub switches: Switches,
    pub banner: String,
    pub menu: Vec<MenuEntry>,
    /// Layers of the site's own, by their addresses.
    pub layers: Vec<String>,
    /// A list of bundles to offer, by its address.
    pub index_url: Option<String>,
    /// Bundles to offer, as the file itself lists them.
    pub releases: Option<CollectionIndex>,
    pub colors: MarkColors,
    /// What was wrong, each with its place.
    pub findings: Vec<String>,
}

/// The colours of the signs in cells.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MarkColors {
    pub comment: Option<Color>,
    pub link: Option<Color>,
    pub metadata: Option<Color>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            switches: Switches::ALL,
            banner: String::new(),
            menu: Vec::new(),
            layers: Vec::new(),
            index_url: None,
            releases: None,
            colors: MarkColors::default(),
            findings: Vec::new(),
        }
    }
}

impl Config {
    /// # Errors
    /// Where nothing of it can be used: a sentence that names the place.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        if bytes.len() > MAXIMUM_CONFIG_BYTES {
            return Err(format!("it is larger than {} kB", MAXIMUM_CONFIG_BYTES / 1_000));
        }
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let file: Value = serde_json::from_slice(bytes).map_err(|error| {
            let (what, place) = (error.to_string(), format!(" at line {} column {}", error.line(), error.column()));
            let what = what.strip_suffix(&place).unwrap_or(&what);
            format!("line {}, column {}: {what}", error.line(), error.column())
        })?;
        let Value::Object(file) = file else { return Err("it is not an object in braces".to_owned()) };
        Ok(Reader::default().read(&file))
    }
}

#[derive(Default)]
struct Reader {
    config: Config,
}

impl Reader {
    fn read(mut self, file: &Map<String, Value>) -> Config {
        for (key, value) in file {
            match key.as_str() {
                "features" | "customize_features" => self.features(key, value),
                "banner" => self.config.banner = self.text(key, value).unwrap_or_default(),
                "default_layers" => self.default_layers(key, value),
                "custom_context_menu_items" => self.menu(key, value),
                "collection_index_url" => self.config.index_url = self.address(key, value),
                "versions" => self.versions(key, value),
                "comment_color" => self.config.colors.comment = self.color(key, value),
                "link_color" => self.config.colors.link = self.color(key, value),
                "metadata_color" => self.config.colors.metadata = self.color(key, value),
                // Notes for whoever reads the file.
                "$schema" | "comment" | "//" => {}
                other => self.find(&shortened(other), "nobody knows this key"),
            }
        }
        self.config
    }

    fn find(&mut self, place: &str, what: impl Display) {
        if self.config.findings.len() < MOST_FINDINGS {
            self.config.findings.push(format!("{place}: {what}."));
        }
    }

    fn text(&mut self, place: &str, value: &Value) -> Option<String> {
        match value {
            Value::String(text) if text.chars().count() <= LONGEST => Some(text.trim().to_owned()),
            Value::String(_) => {
                self.find(place, format!("it is longer than {LONGEST} signs"));
                None
            }
            _ => {
                self.find(place, "a text is expected");
                None
            }
        }
    }

    fn flag(&mut self, place: &str, value: &Value) -> Option<bool> {
        if value.as_bool().is_none() {
            self.find(place, "true or false is expected");
        }
        value.as_bool()
    }

    /// An address on the web, or one that is relative to the app's.
    fn address(&mut self, place: &str, value: &Value) -> Option<String> {
        let text = self.text(place, value).filter(|text| !text.is_empty())?;
        // What has a scheme has it before the first slash, question mark or number sign.
        let head = text.split(['/', '?', '#']).next().unwrap_or_default();
        let on_the_web = ["http:", "https:"].iter().any(|scheme| head.eq_ignore_ascii_case(scheme));
        if text.chars().any(|c| c.is_control() || c == '\\') || (head.contains(':') && !on_the_web) {
            self.find(place, "an address that begins with https:// or http://, or a path beside the app, is expected");
            return None;
        }
        Some(text)
    }

    fn color(&mut self, place: &str, value: &Value) -> Option<Color> {
        let text = self.text(place, value)?;
        if text.is_empty() || USUAL_COLORS.contains(&(place, text.as_str())) {
            return None;
        }
        let color = Color::parse(&text);
        if color.is_err() {
            self.find(place, format!("\"{}\" is no colour", shortened(&text)));
        }
        color.ok()
    }

    /// The entries of a list, with their places.
    fn list<'a>(&mut self, place: &str, value: &'a Value) -> Vec<(String, &'a Value)> {
        let Some(list) = value.as_array() else {
            self.find(place, "a list in brackets is expected");
            return Vec::new();
        };
        if list.len() > MOST {
            self.find(place, format!("only the first {MOST} of {} are used", list.len()));
        }
        list.iter().take(MOST).enumerate().map(|(at, value)| (format!("{place}[{at}]"), value)).collect()
    }

    fn object<'a>(&mut self, place: &str, value: &'a Value) -> Option<&'a Map<String, Value>> {
        if value.as_object().is_none() {
            self.find(place, "an object in braces is expected");
        }
        value.as_object()
    }

    /// Either `{"tabs": false}`, or the official app's list of `{"name", "enabled", "subfeatures"}`.
    fn features(&mut self, place: &str, value: &Value) {
        if let Some(words) = value.as_object() {
            for (word, on) in words.iter().take(MOST) {
                let at = format!("{place}.{}", shortened(word));
                if let Some(on) = self.flag(&at, on) {
                    self.switch(&at, word, on);
                }
            }
            return;
        }
        for (at, feature) in self.list(place, value) {
            self.feature(&at, feature, true);
        }
    }

    fn feature(&mut self, place: &str, value: &Value, is_group: bool) {
        let Some(feature) = self.object(place, value) else { return };
        let Some(name) = feature.get("name") else { return self.find(place, "it has no \"name\"") };
        let Some(name) = self.text(&format!("{place}.name"), name) else { return };
        let enabled = feature.get("enabled").map(|on| self.flag(&format!("{place}.enabled"), on));
        let enabled = enabled.unwrap_or(Some(true));
        // What is off takes all of its members along, whatever they say: CFG 125 of Navigator 5.1.0.
        let members = feature.get("subfeatures").filter(|_| is_group && enabled == Some(true));
        if let Some(on) = enabled.filter(|on| !(*on && members.is_some())) {
            self.switch(&format!("{place}.name"), &name, on);
        }
        if let Some(members) = members {
            let at = format!("{place}.subfeatures");
            for (at, member) in self.list(&at, members) {
                self.feature(&at, member, false);
            }
        }
    }

    fn switch(&mut self, place: &str, word: &str, on: bool) {
        match self.config.switches.set(word, on) {
            Some(switches) => self.config.switches = switches,
            None if is_word_without_effect(word) => {}
            None => self.find(place, format!("\"{}\" is nothing that can be switched", shortened(word))),
        }
    }

    fn default_layers(&mut self, place: &str, value: &Value) {
        let Some(layers) = self.object(place, value) else { return };
        let enabled = layers.get("enabled").map(|on| self.flag(&format!("{place}.enabled"), on));
        let urls = layers.get("urls").map(|urls| self.list(&format!("{place}.urls"), urls)).unwrap_or_default();
        let urls: Vec<String> = urls.into_iter().filter_map(|(at, url)| self.address(&at, url)).collect();
        if enabled.flatten().unwrap_or(false) {
            self.config.layers = urls;
        }
    }

    fn menu(&mut self, place: &str, value: &Value) {
        for (at, entry) in self.list(place, value) {
            let Some(entry) = self.object(&at, entry) else { continue };
            let field = |reader: &mut Self, name: &str| {
                let text = entry.get(name).and_then(|value| reader.text(&format!("{at}.{name}"), value));
                text.filter(|text| !text.is_empty())
            };
            let (Some(label), Some(url)) = (field(self, "label"), field(self, "url")) else {
                self.find(&at, "\"label\" and \"url\" are expected");
                continue;
            };
            let subtechnique_url = field(self, "subtechnique_url");
            match MenuEntry::new(&label, &url, subtechnique_url.as_deref()) {
                Ok(entry) => self.config.menu.push(entry),
                Err((field, why)) => self.find(&format!("{at}.{field}"), why),
            }
        }
    }

    /// `{"enabled", "entries": [{"name", "version", "domains": [{"name", "identifier", "data": […]}]}]}`.
    fn versions(&mut self, place: &str, value: &Value) {
        let Some(versions) = self.object(place, value) else { return };
        let enabled = versions.get("enabled").map(|on| self.flag(&format!("{place}.enabled"), on));
        let entries = versions.get("entries").map(|it| self.list(&format!("{place}.entries"), it)).unwrap_or_default();
        let mut collections: Vec<Collection> = Vec::new();
        for (at, entry) in entries {
            self.release(&at, entry, &mut collections);
        }
        if enabled.flatten().unwrap_or(false) && !collections.is_empty() {
            self.config.releases = Some(CollectionIndex { name: "This site's releases".to_owned(), collections });
        }
    }

    fn release(&mut self, place: &str, value: &Value, collections: &mut Vec<Collection>) {
        let Some(entry) = self.object(place, value) else { return };
        if entry.contains_key("authentication") {
            self.find(&format!("{place}.authentication"), "servers that want a key are not asked");
        }
        let version = match (entry.get("version"), entry.get("name")) {
            (Some(Value::Number(number)), _) => number.to_string(),
            (Some(text @ Value::String(_)), _) => self.text(&format!("{place}.version"), text).unwrap_or_default(),
            (_, Some(name)) => self.text(&format!("{place}.name"), name).unwrap_or_default(),
            (_, None) => return self.find(place, "it has no \"version\""),
        };
        let domains = entry.get("domains").map(|it| self.list(&format!("{place}.domains"), it));
        for (at, domain) in domains.unwrap_or_default() {
            let Some(domain) = self.object(&at, domain) else { continue };
            let name = domain.get("name").and_then(|name| self.text(&format!("{at}.name"), name)).unwrap_or_default();
            let Some(data) = domain.get("data") else {
                let why =
                    if domain.contains_key("taxii_url") { "TAXII servers are not read" } else { "it has no \"data\"" };
                self.find(&at, why);
                continue;
            };
            let urls = self.list(&format!("{at}.data"), data);
            let urls: Vec<String> = urls.into_iter().filter_map(|(at, url)| self.address(&at, url)).collect();
            let count = urls.len();
            let named =
                |at: usize| if count > 1 { format!("{version}, {} of {count}", at + 1) } else { version.clone() };
            let versions = urls.into_iter().enumerate();
            let versions = versions.map(|(at, url)| CollectionVersion { version: named(at), url, modified: None });
            match collections.iter_mut().find(|collection| collection.name == name) {
                Some(collection) => collection.versions.extend(versions),
                None => collections.push(Collection { name, versions: versions.collect() }),
            }
        }
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(60).filter(|c| !c.is_control()).collect()
}

#[cfg(test)]
mod tests;
