//! Which techniques of a bundle a rule is about, or why about none.

use super::{Choices, Where};
use crate::{
    attack::{Knowledge, TacticName, TechniqueId},
    import::material::Rule,
};

pub struct Resolver<'a> {
    pub knowledge: &'a Knowledge,
    pub choices: &'a Choices,
}

/// A technique, and the tactics in which the rule counts.
pub struct Named {
    pub id: TechniqueId,
    pub tactics: Vec<TacticName>,
}

/// What a rule names.
#[derive(Default)]
pub struct Names {
    pub ids: Vec<Named>,
    /// Why it does not count for all that it names.
    pub reasons: Vec<String>,
}

impl Resolver<'_> {
    /// # Errors
    /// Why the rule is left out as a whole.
    pub fn named(&self, rule: &Rule) -> Result<Names, String> {
        let off = rule.off.as_ref().filter(|_| !self.choices.off);
        if let Some(why) = rule.empty.as_ref().or(off) {
            return Err(capital(why));
        }
        let for_containers = || rule.platforms.iter().any(|platform| platform.eq_ignore_ascii_case("containers"));
        if self.choices.containers_only && !rule.platforms.is_empty() && !for_containers() {
            return Err(format!("For {}, not for containers", rule.platforms.join(", ")));
        }
        if rule.techniques.is_empty() {
            return Err(match rule.tactics.as_slice() {
                [] => "Names no technique".to_owned(),
                tactics => format!("Names a tactic only: {}", tactics.join(", ")),
            });
        }
        let mut names = Names::default();
        for id in &rule.techniques {
            self.add(rule, id, &mut names);
        }
        Ok(names)
    }

    fn add(&self, rule: &Rule, id: &TechniqueId, names: &mut Names) {
        let known = |id: &TechniqueId| self.knowledge.technique(id).is_some();
        let replaced = || self.replacement(id).filter(|_| self.choices.replaced);
        let parent = || id.parent().filter(|parent| self.choices.to_parent && known(parent));
        let found = if known(id) { Some(id.clone()) } else { replaced().or_else(parent) };
        if let Some(found) = found {
            // A rule that names a technique twice, by an old id and its new one, counts once.
            if !names.ids.iter().any(|other| other.id == found) {
                let tactics = self.tactics(rule, &found);
                names.ids.push(Named { id: found, tactics });
            }
            return;
        }
        names.reasons.push(match (self.knowledge.retired(id), self.replacement(id)) {
            (Some(retired), None) => format!("{id} ({}) is retired, with nothing in its place", retired.name),
            (Some(retired), Some(next)) => format!("{id} ({}) is retired: it is {next} now", retired.name),
            (None, _) => format!("{id} is not in {}", self.knowledge.release.words()),
        });
        if self.choices.keep_unknown {
            names.ids.push(Named { id: id.clone(), tactics: Vec::new() });
        }
    }

    /// What stands in a retired technique's place, if the bundle has it.
    fn replacement(&self, id: &TechniqueId) -> Option<TechniqueId> {
        self.knowledge.replacement(id).filter(|id| self.knowledge.technique(id).is_some()).cloned()
    }

    fn tactics(&self, rule: &Rule, id: &TechniqueId) -> Vec<TacticName> {
        let all = self.knowledge.technique(id).map(|technique| technique.tactics.clone()).unwrap_or_default();
        if self.choices.place == Where::AllTactics {
            return all;
        }
        let is_named = |tactic: &&TacticName| {
            let id = self.knowledge.tactic(tactic).map(|tactic| tactic.id.as_str());
            rule.tactics.iter().any(|name| name == tactic.as_str() || Some(name.as_str()) == id)
        };
        let named: Vec<TacticName> = all.iter().filter(is_named).cloned().collect();
        if named.is_empty() { all } else { named }
    }
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
