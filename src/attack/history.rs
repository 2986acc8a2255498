//! What became of container techniques from one ATT&CK release to the next, as `data/attack-history.json` has it. It is
//! read when someone looks at a technique; how it is worded is the app's.

use super::TechniqueId;
use rustc_hash::FxHashMap;
use serde_json::Value;

/// The largest table that is read.
pub const MAXIMUM_HISTORY_BYTES: usize = 1024 * 1024;

/// What became of each technique, in the order of releases.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AttackHistory {
    techniques: FxHashMap<TechniqueId, Vec<Event>>,
    /// The oldest release that it knows, and the newest.
    span: Option<[String; 2]>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The release that brought it: `19.0`.
    pub release: String,
    pub change: Change,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// It was among the first techniques for containers.
    There,
    /// It is new in ATT&CK.
    Added,
    /// It was there, and became one for containers.
    Platform,
    Renamed {
        from: String,
        to: String,
    },
    /// Short names of tactics.
    Tactics {
        added: Vec<String>,
        removed: Vec<String>,
    },
    /// Other platforms than containers.
    Platforms {
        added: Vec<String>,
        removed: Vec<String>,
    },
    Revoked {
        by: TechniqueId,
    },
    /// It took the place of others.
    Replaces(Vec<TechniqueId>),
}

impl AttackHistory {
    /// Events that can't be read are left out; there is nothing to tell the user about our own file.
    pub fn read(bytes: &[u8]) -> Self {
        let mut all: FxHashMap<TechniqueId, Vec<Event>> = FxHashMap::default();
        let table: Value = match bytes.len() {
            0..=MAXIMUM_HISTORY_BYTES => serde_json::from_slice(bytes).unwrap_or_default(),
            _ => Value::Null,
        };
        for (id, events) in table.get("techniques").and_then(Value::as_object).into_iter().flatten() {
            let Ok(id) = TechniqueId::parse(id) else { continue };
            all.insert(id, events.as_array().into_iter().flatten().filter_map(event).collect());
        }
        let revoked: Vec<(TechniqueId, String, TechniqueId)> = all
            .iter()
            .flat_map(|(id, events)| events.iter().map(move |event| (id, event)))
            .filter_map(|(id, event)| match &event.change {
                Change::Revoked { by } => Some((by.clone(), event.release.clone(), id.clone())),
                _ => None,
            })
            .collect();
        for (by, release, old) in revoked {
            let events = all.entry(by).or_default();
            let known = events.iter_mut().find_map(|event| match &mut event.change {
                Change::Replaces(others) if event.release == release => Some(others),
                _ => None,
            });
            match known {
                Some(others) => {
                    others.push(old);
                    crate::order::sort_by(others, Ord::cmp);
                }
                None => events.push(Event { release, change: Change::Replaces(vec![old]) }),
            }
        }
        let releases = table.get("releases").and_then(Value::as_array);
        let release = |release: Option<&Value>| release.and_then(Value::as_str).map(str::to_owned);
        let span = releases.and_then(|all| Some([release(all.first())?, release(all.last())?]));
        Self { techniques: all, span }
    }

    pub fn of(&self, id: &TechniqueId) -> &[Event] {
        self.techniques.get(id).map_or(&[], Vec::as_slice)
    }

    /// The oldest and the newest release that it tells of.
    pub fn span(&self) -> Option<[&str; 2]> {
        self.span.as_ref().map(|span| span.each_ref().map(String::as_str))
    }
}

fn event(event: &Value) -> Option<Event> {
    let text = |at: usize| event.get(at).and_then(Value::as_str).map(str::to_owned);
    let texts = |at: usize| -> Vec<String> {
        let list = event.get(at).and_then(Value::as_array).into_iter().flatten();
        list.filter_map(|it| it.as_str().map(str::to_owned)).collect()
    };
    let change = match event.get(1)?.as_str()? {
        "there" => Change::There,
        "added" => Change::Added,
        "platform" => Change::Platform,
        "renamed" => Change::Renamed { from: text(2)?, to: text(3)? },
        "tactics" => Change::Tactics { added: texts(2), removed: texts(3) },
        "platforms" => Change::Platforms { added: texts(2), removed: texts(3) },
        "revoked" => Change::Revoked { by: TechniqueId::parse(&text(2)?).ok()? },
        _ => return None,
    };
    Some(Event { release: text(0)?, change })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(history: &AttackHistory, id: &str) -> Vec<String> {
        let events = history.of(&TechniqueId::parse(id).unwrap()).iter();
        events.map(|event| format!("{} {:?}", event.release, event.change)).collect()
    }

    #[test]
    fn our_table_tells_what_became_of_techniques() {
        let history = AttackHistory::read(include_bytes!("../../data/attack-history.json"));
        let list = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            told(&history, "T1610"),
            list(&["9.0 There", "19.0 Tactics { added: [], removed: [\"defense-evasion\"] }"])
        );
        assert_eq!(told(&history, "T1562.001").last().unwrap(), "19.0 Revoked { by: T1685 }");
        assert!(told(&history, "T1685").contains(&"19.0 Replaces([T1562, T1562.001])".to_owned()));
        let renamed = "11.0 Renamed { from: \"Network Service Scanning\", to: \"Network Service Discovery\" }";
        assert!(told(&history, "T1046").contains(&renamed.to_owned()));
        assert!(told(&history, "T9999").is_empty());
        assert_eq!(history.span(), Some(["9.0", "19.2"]));
    }

    #[test]
    fn what_is_no_table_tells_nothing() {
        for text in
            ["", "[]", "{\"techniques\":5}", "{\"techniques\":{\"T1\":[5,[],[\"9.0\"],[\"9.0\",\"x\"],[1,\"there\"]]}}"]
        {
            let history = AttackHistory::read(text.as_bytes());
            assert!(told(&history, "T1").is_empty() && history.span().is_none(), "{text}");
        }
    }
}
