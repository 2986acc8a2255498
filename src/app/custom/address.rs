//! What the page's address asks for, and addresses that ask for something: the matrix alone for other pages, or the app
//! with some of its parts. The words after the `#` are those of Navigator 5.1.0 (`TABS` 902, `CFG` 169): repeated
//! `layerURL=`, `bundleURL=`, and a switch's or a group's word with `true` or anything else.

use super::{Switch, Switches};
use crate::layer::{LayoutKind, Representation};
use std::fmt::Write;

/// Of each kind only so many are opened.
const MOST: usize = 50;

/// What an address asks for.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Asked {
    /// Bundles, which come before the layers that are made for them.
    pub bundles: Vec<String>,
    pub layers: Vec<String>,
    /// Layers that the address itself holds, packed.
    pub packed: Vec<String>,
    pub view: Option<Representation>,
    pub layout: Option<LayoutKind>,
    /// `light` or `dark`, for an embedded matrix.
    pub theme: Option<String>,
    /// Switches and groups, in their order.
    switches: Vec<(String, bool)>,
}

impl Asked {
    pub fn opens_something(&self) -> bool {
        !(self.bundles.is_empty() && self.layers.is_empty() && self.packed.is_empty())
    }

    /// The switches as the address wants them.
    pub fn switched(&self, from: Switches) -> Switches {
        let set = |switches: Switches, (word, on): &(String, bool)| switches.set(word, *on).unwrap_or(switches);
        self.switches.iter().fold(from, set)
    }
}

/// Reads what stands after the `?` and the `#`, given without these signs. What nobody knows is passed over: an address may
/// carry words of others.
pub fn asked(search: &str, fragment: &str) -> Asked {
    let mut asked = Asked::default();
    for pair in search.split('&').chain(fragment.split('&')) {
        let Some((word, value)) = pair.split_once('=') else { continue };
        let decoded = || decoded(value);
        match word {
            "bundleURL" if asked.bundles.len() < MOST => asked.bundles.push(decoded()),
            "layerURL" if asked.layers.len() < MOST => asked.layers.push(decoded()),
            "layer" if asked.packed.len() < MOST => asked.packed.push(decoded()),
            "view" => asked.view = Representation::from_word(value),
            "layout" => asked.layout = LayoutKind::from_word(value),
            "theme" => asked.theme = ["light", "dark"].into_iter().find(|theme| *theme == value).map(str::to_owned),
            word if Switches::ALL.set(word, true).is_some() && asked.switches.len() < MOST => {
                asked.switches.push((word.to_owned(), value == "true"));
            }
            _ => {}
        }
    }
    asked
}

/// What is left of a fragment when what it opens has been opened.
pub fn without_what_opens(fragment: &str) -> String {
    pairs_where(fragment, |word| !opens(word))
}

/// What of a fragment opens the same in the whole app: layers and bundles, and the representation that is asked for.
pub fn what_opens(fragment: &str) -> String {
    pairs_where(fragment, |word| opens(word) || word == "view")
}

fn opens(word: &str) -> bool {
    matches!(word, "layer" | "layerURL" | "bundleURL" | "version" | "domain")
}

fn pairs_where(fragment: &str, is_wanted: impl Fn(&str) -> bool) -> String {
    let pairs = fragment.split('&').filter(|pair| is_wanted(pair.split('=').next().unwrap_or_default()));
    pairs.collect::<Vec<_>>().join("&")
}

/// Where an address takes its layer from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The layer itself, packed.
    Packed(String),
    /// Where layers lie.
    Addresses(Vec<String>),
    /// The site's own layers, as `config.json` names them.
    Site,
}

/// An address of the app at `base` that asks for all of this: the matrix alone, or the whole app.
pub fn embedding(base: &str, alone: bool, source: &Source, asked: &Asked, switches: Switches) -> String {
    let mut search: Vec<String> = Vec::new();
    if alone {
        search.push("embed".to_owned());
        search.extend(asked.theme.iter().map(|theme| format!("theme={theme}")));
    }
    let mut fragment: Vec<String> = match source {
        Source::Packed(packed) => vec![format!("layer={packed}")],
        Source::Addresses(all) => all.iter().map(|url| format!("layerURL={}", encoded(url))).collect(),
        Source::Site => Vec::new(),
    };
    fragment.extend(asked.view.map(|view| format!("view={}", view.word())));
    fragment.extend(asked.layout.map(|layout| format!("layout={}", layout.word())));
    let usual = if alone { Switches::embedded() } else { Switches::ALL };
    let changed = Switch::ALL.iter().filter(|switch| usual.has(**switch) != switches.has(**switch));
    fragment.extend(changed.map(|switch| format!("{}={}", switch.word(), switches.has(*switch))));
    let with = |sign: char, parts: &[String]| {
        if parts.is_empty() { String::new() } else { format!("{sign}{}", parts.join("&")) }
    };
    format!("{base}{}{}", with('?', &search), with('#', &fragment))
}

/// The element that puts an address into a page. It tells the other site nothing, and is loaded when it comes into sight.
pub fn frame(address: &str, title: &str, width: &str, height: &str) -> String {
    format!(
        "<iframe src=\"{}\" title=\"{}\" width=\"{}\" height=\"{}\" loading=\"lazy\" referrerpolicy=\"no-referrer\"></iframe>",
        attribute(address),
        attribute(title),
        attribute(width),
        attribute(height)
    )
}

/// The width or height of a frame as HTML writes it: pixels (`640`), or a share of the page (`100%`). `None` where a text is
/// neither.
pub fn length(text: &str) -> Option<String> {
    let text = text.trim();
    let number = text.strip_suffix('%').unwrap_or(text);
    let is_number = !number.is_empty() && number.len() < 6 && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.to_owned())
}

fn attribute(text: &str) -> String {
    crate::export::escaped(text)
}

/// RFC 3986: all but unreserved signs.
pub fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(char::from(byte)),
            byte => drop(write!(encoded, "%{byte:02X}")),
        }
    }
    encoded
}

/// A plus sign is a space, as in the official app. What is broken stays as it stands.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        // `from_str_radix` would take a plus sign, too.
        let digits = || text.get(at + 1..at + 3).filter(|it| it.bytes().all(|digit| digit.is_ascii_hexdigit()));
        let hex = || u8::from_str_radix(digits()?, 16).ok();
        match byte {
            b'+' => plain.push(b' '),
            b'%' => match hex() {
                Some(sign) => {
                    plain.push(sign);
                    at += 2;
                }
                None => plain.push(b'%'),
            },
            byte => plain.push(*byte),
        }
        at += 1;
    }
    String::from_utf8(plain).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attack::Tier;
    use proptest::prelude::*;

    #[test]
    fn an_address_is_read_as_the_official_app_does() {
        let fragment = "layerURL=https%3A%2F%2Fa%2Fone.json&layerURL=b+c.json&bundleURL=d.json&version=18&tabs=false\
            &layer_controls=false&sorting=true&search=no&view=split&layout=mini&unknown=1&=&x";
        let asked = asked("embed&theme=dark", fragment);
        assert_eq!(asked.layers, ["https://a/one.json", "b c.json"]);
        assert_eq!(asked.bundles, ["d.json"]);
        assert_eq!((asked.view, asked.layout), (Some(Representation::Split), Some(LayoutKind::Mini)));
        assert_eq!(asked.theme.as_deref(), Some("dark"));
        let switches = asked.switched(Switches::ALL);
        for (switch, on) in [
            (Switch::Tabs, false),
            (Switch::Sorting, true),
            (Switch::Filters, false),
            (Switch::Search, false),
            (Switch::Scoring, true),
        ] {
            assert_eq!(switches.has(switch), on, "{switch:?}");
        }
    }

    #[test]
    fn what_was_opened_goes_from_the_address_and_the_rest_stays() {
        assert_eq!(without_what_opens("layerURL=a&view=split&tabs=false&layer=1x"), "view=split&tabs=false");
        assert_eq!(without_what_opens("layer=1x"), "");
        assert_eq!(what_opens("layerURL=a&view=split&tabs=false&layer=1x"), "layerURL=a&view=split&layer=1x");
        assert_eq!(what_opens("tabs=false"), "");
        assert_eq!(what_opens(""), "");
    }

    #[test]
    fn what_is_hostile_is_passed_over() {
        let many = vec!["layerURL=a"; 1_000].join("&");
        assert_eq!(asked("", &many).layers.len(), MOST);
        let odd = asked("", "view=<b>&layout=x&theme=red&__proto__=true&constructor=false&layerURL=%ff%zz");
        assert_eq!(odd, Asked { layers: vec!["%ff%zz".to_owned()], ..Asked::default() });
        assert_eq!(asked("", "layerURL=50%+f%4").layers, ["50% f%4"]);
    }

    #[test]
    fn a_made_address_asks_for_what_it_was_made_for() {
        let base = "https://example.org/app/";
        let wanted = Asked {
            view: Some(Representation::Alone(Tier::Container)),
            layout: Some(LayoutKind::Flat),
            theme: Some("light".to_owned()),
            ..Asked::default()
        };
        let switches = Switches::embedded().with(Switch::Toolbar, true).with(Switch::Caption, false);
        let source = Source::Addresses(vec!["layers/a b.json?x=1&y=2#z".to_owned(), "c".to_owned()]);
        let address = embedding(base, true, &source, &wanted, switches);
        let (search, fragment) = address.strip_prefix(base).unwrap().split_once('#').unwrap();
        let read = asked(search.trim_start_matches('?'), fragment);
        assert_eq!(read.switched(Switches::embedded()), switches);
        assert_eq!((read.view, read.layout, &read.theme), (wanted.view, wanted.layout, &wanted.theme));
        assert_eq!(read.layers, ["layers/a b.json?x=1&y=2#z", "c"]);
        let plain = embedding(base, false, &Source::Site, &Asked::default(), Switches::ALL);
        assert_eq!(plain, base);
        let packed = embedding(base, true, &Source::Packed("1abc".to_owned()), &Asked::default(), Switches::embedded());
        assert_eq!(packed, format!("{base}?embed#layer=1abc"));
    }

    #[test]
    fn nothing_in_a_frame_is_markup() {
        let made = frame("https://a/?embed#x=\"><script>", "\"><b>", "100%", "600");
        assert_eq!(made.matches('<').count(), 2, "{made}");
        assert!(made.starts_with("<iframe src=\"https://a/?embed#x=&quot;&gt;&lt;script&gt;\" title=\"&quot;"));
    }

    #[test]
    fn a_frames_length_is_pixels_or_a_share() {
        for (text, expected) in [("640", Some("640")), (" 100% ", Some("100%"))] {
            assert_eq!(length(text).as_deref(), expected, "{text}");
        }
        for text in ["", "%", "100%%", "+5", "-5", "12px", "50 %", "1e3", "999999999"] {
            assert_eq!(length(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_comes_through_an_address(text in "\\PC{0,30}") {
            prop_assert_eq!(decoded(&encoded(&text)), text);
        }

        #[test]
        fn any_address_is_read(search in "\\PC{0,40}", fragment in "\\PC{0,80}") {
            let _ = asked(&search, &fragment);
        }
    }
}
