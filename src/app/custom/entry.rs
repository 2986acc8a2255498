//! Entries that `config.json` adds to a technique's menu: a label, and an address with placeholders for the technique, its
//! tactic and, of a sub-technique, its parent. The names of the placeholders are those of Navigator 5.1.0 (`CMI`).

use super::address::encoded;
use crate::{
    attack::{Knowledge, TacticName, TechniqueId},
    layer::is_safe_url,
};

/// An entry of the menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MenuEntry {
    pub label: String,
    url: Vec<Step>,
    /// For sub-techniques; without it they have the same address as techniques.
    subtechnique_url: Option<Vec<Step>>,
}

/// A piece of an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    Text(String),
    /// `{{technique_attackID}}`.
    Of(Place, What),
    /// `{{subtechnique_attackID_suffix}}`: `001` of `T1059.001`.
    Suffix,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Technique,
    Tactic,
    Parent,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    Id,
    StixId,
    Name,
}

impl MenuEntry {
    /// # Errors
    /// What is wrong with it, and with which of the two addresses: a placeholder that nobody knows, one that doesn't end,
    /// or an address that could lead anywhere but to the web.
    pub fn new(label: &str, url: &str, subtechnique_url: Option<&str>) -> Result<Self, (&'static str, String)> {
        Ok(Self {
            label: label.to_owned(),
            url: steps(url, false).map_err(|why| ("url", why))?,
            subtechnique_url: subtechnique_url
                .map(|url| steps(url, true))
                .transpose()
                .map_err(|why| ("subtechnique_url", why))?,
        })
    }

    /// The address of a technique in a tactic. Ids and names are put in so that they can't be anything but one part of an
    /// address: names in lower case with hyphens for spaces, as in the official app, the rest percent-encoded.
    pub fn address(&self, knowledge: &Knowledge, technique: &TechniqueId, tactic: &TacticName) -> String {
        let parent = technique.parent();
        let steps = match (&self.subtechnique_url, &parent) {
            (Some(steps), Some(_)) => steps,
            _ => &self.url,
        };
        let of = |place: Place, what: What| match place {
            Place::Tactic => match what {
                What::Id => knowledge.tactic(tactic).map(|it| it.id.clone()),
                What::StixId | What::Name => Some(tactic.as_str().to_owned()),
            },
            Place::Technique | Place::Parent => {
                let id = if place == Place::Parent { parent.as_ref() } else { Some(technique) };
                let found = id.and_then(|id| knowledge.technique(id));
                match what {
                    What::Id => id.map(ToString::to_string),
                    What::StixId => found.map(|it| it.stix_id.clone()),
                    What::Name => found.map(|it| it.name.to_lowercase().replace(' ', "-")),
                }
            }
        };
        let mut address = String::new();
        for step in steps {
            match step {
                Step::Text(text) => address.push_str(text),
                Step::Of(place, what) => address.push_str(&encoded(&of(*place, *what).unwrap_or_default())),
                Step::Suffix => {
                    address.push_str(&encoded(technique.as_str().split_once('.').map_or("", |(_, end)| end)))
                }
            }
        }
        address
    }
}

fn steps(url: &str, of_subtechnique: bool) -> Result<Vec<Step>, String> {
    // A placeholder can't make the scheme: it stands in the text before the first one.
    let fixed = url.split("{{").next().unwrap_or_default();
    if !is_safe_url(fixed) || url.chars().any(char::is_control) {
        return Err("an address that begins with https://, http:// or mailto: is expected".to_owned());
    }
    let mut steps = Vec::new();
    let mut rest = url;
    while let Some((text, after)) = rest.split_once("{{") {
        let (name, after) = after.split_once("}}").ok_or("a placeholder that begins with {{ doesn't end with }}")?;
        steps.push(Step::Text(text.to_owned()));
        steps.push(step(name.trim(), of_subtechnique).ok_or_else(|| {
            let name: String = name.trim().chars().take(40).collect();
            format!("\"{name}\" is no placeholder")
        })?);
        rest = after;
    }
    steps.push(Step::Text(rest.to_owned()));
    Ok(steps)
}

fn step(name: &str, of_subtechnique: bool) -> Option<Step> {
    if of_subtechnique && name == "subtechnique_attackID_suffix" {
        return Some(Step::Suffix);
    }
    let places: &[(&str, Place)] = if of_subtechnique {
        &[("parent_technique_", Place::Parent), ("subtechnique_", Place::Technique), ("tactic_", Place::Tactic)]
    } else {
        &[("technique_", Place::Technique), ("tactic_", Place::Tactic)]
    };
    let (place, what) = places.iter().find_map(|(start, place)| Some((*place, name.strip_prefix(start)?)))?;
    let what = match what {
        "attackID" => What::Id,
        // Of tactics the app knows none.
        "stixID" if place != Place::Tactic => What::StixId,
        "name" => What::Name,
        _ => return None,
    };
    Some(Step::Of(place, what))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attack::read;

    fn address(url: &str, subtechnique_url: Option<&str>, technique: &str) -> String {
        let knowledge = read(include_bytes!("../../../data/attack-containers-19.2.json")).unwrap().knowledge;
        let id = TechniqueId::parse(technique).unwrap();
        let tactic = TacticName::parse("execution").unwrap();
        MenuEntry::new("x", url, subtechnique_url).unwrap().address(&knowledge, &id, &tactic)
    }

    #[test]
    fn placeholders_become_ids_and_names() {
        let cases = [
            ("https://a/{{technique_attackID}}/{{tactic_attackID}}", None, "T1610", "https://a/T1610/TA0002"),
            (
                "https://a/{{technique_name}}?in={{tactic_name}}",
                None,
                "T1610",
                "https://a/deploy-container?in=execution",
            ),
            ("https://a/{{ technique_attackID }}", None, "T1053.007", "https://a/T1053.007"),
            (
                "https://a/{{technique_attackID}}",
                Some(
                    "https://a/{{parent_technique_attackID}}/{{subtechnique_attackID_suffix}}#{{subtechnique_attackID}}",
                ),
                "T1053.007",
                "https://a/T1053/007#T1053.007",
            ),
            ("https://a/{{technique_attackID}}", Some("https://b/"), "T1610", "https://a/T1610"),
            ("https://a/{{technique_name}}", None, "T9999", "https://a/"),
            (
                "mailto:a@example.org?subject={{technique_attackID}}",
                None,
                "T1610",
                "mailto:a@example.org?subject=T1610",
            ),
        ];
        for (url, sub, technique, expected) in cases {
            assert_eq!(address(url, sub, technique), expected);
        }
        let stix = address("https://a/{{technique_stixID}}", None, "T1610");
        assert!(stix.starts_with("https://a/attack-pattern--"), "{stix}");
    }

    #[test]
    fn what_could_lead_anywhere_else_is_refused() {
        let cases = [
            "javascript:alert(1)",
            "java{{technique_name}}script:alert(1)",
            "{{technique_name}}://a",
            "//example.org/{{technique_attackID}}",
            "https://a/{{technique_attackID",
            "https://a/{{technique}}",
            "https://a/{{tactic_stixID}}",
            "https://a/{{parent_technique_attackID}}",
            "https://a/\n{{technique_attackID}}",
            "",
        ];
        for url in cases {
            assert_eq!(MenuEntry::new("x", url, None).map_err(|(field, _)| field), Err("url"), "{url:?}");
        }
        let wrong = MenuEntry::new("x", "https://a/", Some("data:x"));
        assert_eq!(wrong.map_err(|(field, _)| field), Err("subtechnique_url"));
    }

    #[test]
    fn a_name_is_one_part_of_an_address_whatever_it_has() {
        assert_eq!(encoded("a/b?c#d é\"<>&%"), "a%2Fb%3Fc%23d%20%C3%A9%22%3C%3E%26%25");
    }
}
