//! What our own bundles know of techniques that stand in another one, too: tiers, who was seen using them against
//! containers, counterparts in other catalogues. An official bundle says none of that. For container techniques that our
//! bundles don't have, tiers are given by rule where one can be stated; everything else stays unassigned.

use super::{Confidence, Knowledge, Technique, TechniqueId, Tier, TierAssignment, TierSet};
use rustc_hash::FxHashMap;

const CONTAINERS: &str = "Containers";

impl Knowledge {
    /// Whether [`Knowledge::adopt`] has something to say of it: it is Enterprise ATT&CK, and not one of ours.
    pub fn may_adopt(&self) -> bool {
        self.release.domain == "enterprise-attack" && self.release.scope.is_none()
    }

    /// What [`Knowledge::adopt`] takes of it, and no more.
    pub fn lent(&self) -> Self {
        let mut lent = self.outlined();
        for technique in &mut lent.techniques {
            if let Some(whole) = self.technique(&technique.id) {
                technique.tier.clone_from(&whole.tier);
                technique.counterparts.clone_from(&whole.counterparts);
            }
        }
        lent
    }

    /// Takes over what `ours` know; where several do, the first. What the bundle itself says stays.
    pub fn adopt(&mut self, ours: &[Knowledge]) {
        for known in ours {
            self.adopt_evidence(known);
        }
        for technique in &mut self.techniques {
            let known = ours.iter().find_map(|known| known.technique(&technique.id).filter(|it| it.tier.is_some()));
            if let Some(known) = known {
                if technique.tier.is_none() {
                    technique.tier.clone_from(&known.tier);
                }
                if technique.counterparts.is_empty() {
                    technique.counterparts.clone_from(&known.counterparts);
                }
            }
        }
        self.assign_by_rule();
    }

    /// The same actor, by its id, using the same technique.
    fn adopt_evidence(&mut self, known: &Knowledge) {
        let ids = |of: &Knowledge| -> FxHashMap<String, usize> {
            of.actors.iter().enumerate().map(|(at, actor)| (actor.id.clone(), at)).collect()
        };
        let here = ids(self);
        for actor in known.actors.iter().filter(|actor| actor.container_native) {
            if let Some(own) = here.get(&actor.id).and_then(|at| self.actors.get_mut(*at)) {
                own.container_native = true;
            }
        }
        for technique in &mut self.techniques {
            let Some(known_technique) = known.technique(&technique.id) else { continue };
            for seen in known_technique.uses.iter().filter(|seen| seen.container_related) {
                let actor = known.actors.get(seen.actor).and_then(|actor| here.get(&actor.id));
                for own in technique.uses.iter_mut().filter(|own| Some(&own.actor) == actor) {
                    own.container_related = true;
                }
            }
            // As a bundle that said so itself would have them; by name they are already.
            let is_native = |at: usize| self.actors.get(at).is_some_and(|actor| actor.container_native);
            technique.uses.sort_by_key(|seen| (!seen.container_related, !is_native(seen.actor)));
        }
    }

    /// A container sub-technique stands in the tiers of its technique, as every one that we judged does; and what is on no
    /// other platform than containers concerns both tiers until someone has judged it.
    fn assign_by_rule(&mut self) {
        let tiers: FxHashMap<TechniqueId, TierAssignment> =
            self.techniques.iter().filter_map(|it| Some((it.id.clone(), it.tier.clone()?))).collect();
        for technique in self.techniques.iter_mut().filter(|technique| technique.tier.is_none()) {
            let about = technique.platforms.iter().any(|platform| platform == CONTAINERS);
            let parent = technique.parent.as_ref().and_then(|parent| tiers.get(parent).map(|tier| (parent, tier)));
            technique.tier = match parent {
                Some((parent, tier)) if about => Some(by_rule(
                    tier.tiers,
                    tier.primary,
                    format!(
                        "By rule, not by judgement: a sub-technique on the platform Containers stands where {parent} does."
                    ),
                )),
                _ if about && technique.platforms.len() == 1 => Some(by_rule(
                    TierSet::Both,
                    primary_of(technique),
                    "By rule, not by judgement: a technique on no platform but Containers concerns both tiers."
                        .to_owned(),
                )),
                _ => None,
            };
        }
    }
}

fn by_rule(tiers: TierSet, primary: Tier, rationale: String) -> TierAssignment {
    TierAssignment { tiers, primary, confidence: Some(Confidence::Low), objects: Vec::new(), rationale }
}

/// What ATT&CK names after orchestration is first to be looked for there.
fn primary_of(technique: &Technique) -> Tier {
    let name = technique.name.to_ascii_lowercase();
    if name.contains("orchestrat") || name.contains("cluster") { Tier::Orchestration } else { Tier::Container }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attack::{ActorUse, read};
    use serde_json::{Value, json};

    fn ours() -> Vec<Knowledge> {
        let bundles: [&[u8]; 2] = [
            include_bytes!("../../data/attack-containers-19.2.json"),
            include_bytes!("../../data/attack-containers-18.1.json"),
        ];
        bundles.map(|bytes| read(bytes).unwrap().knowledge).into()
    }

    fn technique(id: &str, name: &str, platforms: &[&str]) -> Value {
        json!({"type": "attack-pattern", "id": format!("attack-pattern--{id}"), "name": name,
            "x_mitre_platforms": platforms, "x_mitre_is_subtechnique": id.contains('.'),
            "x_mitre_domains": ["enterprise-attack"],
            "kill_chain_phases": [{"kill_chain_name": "mitre-attack", "phase_name": "execution"}],
            "external_references": [{"source_name": "mitre-attack", "external_id": id}]})
    }

    fn bundle(techniques: &[Value]) -> Knowledge {
        let mut objects = vec![
            json!({"type": "x-mitre-matrix", "id": "x-mitre-matrix--1", "name": "Enterprise ATT&CK",
                "tactic_refs": ["x-mitre-tactic--1"]}),
            json!({"type": "x-mitre-tactic", "id": "x-mitre-tactic--1", "name": "Execution",
                "x_mitre_shortname": "execution"}),
            json!({"type": "intrusion-set", "id": "intrusion-set--1", "name": "TeamTNT",
                "external_references": [{"source_name": "mitre-attack", "external_id": "G0139"}]}),
            json!({"type": "intrusion-set", "id": "intrusion-set--2", "name": "Aardvark",
                "external_references": [{"source_name": "mitre-attack", "external_id": "G9999"}]}),
        ];
        for actor in ["2", "1"] {
            objects.push(json!({"type": "relationship", "relationship_type": "uses",
                "source_ref": format!("intrusion-set--{actor}"), "target_ref": "attack-pattern--T1610"}));
        }
        objects.extend_from_slice(techniques);
        read(json!({"type": "bundle", "objects": objects}).to_string().as_bytes()).unwrap().knowledge
    }

    fn told(knowledge: &Knowledge, id: &str) -> String {
        let id = TechniqueId::parse(id).unwrap();
        let Some(tier) = &knowledge.technique(&id).unwrap().tier else { return "none".to_owned() };
        let tiers: Vec<&str> = tier.tiers.tiers().map(Tier::word).collect();
        let by = if tier.rationale.starts_with("By rule") { "rule" } else { "us" };
        format!("{} / {} by {by}", tiers.join(" "), tier.primary.word())
    }

    #[test]
    fn tiers_are_ours_or_by_rule_or_none() {
        let both = ["Containers", "Linux"];
        let mut knowledge = bundle(&[
            technique("T1610", "Deploy Container", &["Containers"]),
            technique("T1611", "Escape to Host", &both),
            technique("T1562", "Impair Defenses", &both),
            technique("T1611.001", "Something New", &both),
            technique("T1611.002", "Something Else", &["Linux"]),
            technique("T9001", "Cluster Something", &["Containers"]),
            technique("T9002", "Image Something", &["Containers"]),
            technique("T9003", "Host Something", &both),
            technique("T9003.001", "Part of It", &both),
        ]);
        assert!(knowledge.may_adopt());
        knowledge.adopt(&ours());
        let cases = [
            ("T1610", "orchestration container / orchestration by us"),
            ("T1611", "container / container by us"),
            // Which only the older of ours has.
            ("T1562", "orchestration container / orchestration by us"),
            ("T1611.001", "container / container by rule"),
            ("T1611.002", "none"),
            ("T9001", "orchestration container / orchestration by rule"),
            ("T9002", "orchestration container / container by rule"),
            ("T9003", "none"),
            ("T9003.001", "none"),
        ];
        for (id, expected) in cases {
            assert_eq!(told(&knowledge, id), expected, "{id}");
        }
    }

    #[test]
    fn who_was_seen_against_containers_is_ours_to_say() {
        let mut knowledge = bundle(&[technique("T1610", "Deploy Container", &["Containers"])]);
        knowledge.adopt(&ours());
        let technique = &knowledge.techniques[0];
        let seen: Vec<(&str, bool)> = technique
            .uses
            .iter()
            .map(|seen| (knowledge.actors[seen.actor].name.as_str(), seen.container_related))
            .collect();
        assert_eq!(seen, [("TeamTNT", true), ("Aardvark", false)]);
        let native: Vec<bool> = knowledge.actors.iter().map(|actor| actor.container_native).collect();
        assert_eq!(native.iter().filter(|native| **native).count(), 1);
        assert!(technique.counterparts.iter().any(|other| other.id.starts_with("MS-TA")));
    }

    #[test]
    fn uses_stand_in_the_order_in_which_ours_have_them() {
        let ours = ours();
        let mut knowledge = bundle(&[technique("T1550.001", "Application Access Token", &["Containers"])]);
        let names = |of: &Knowledge| -> Vec<String> {
            let id = TechniqueId::parse("T1550.001").unwrap();
            of.technique(&id).unwrap().uses.iter().map(|seen| of.actors[seen.actor].name.clone()).collect()
        };
        // The official bundle knows of no native actors, and has all by name.
        knowledge.actors.clone_from(&ours[0].actors);
        knowledge.actors.iter_mut().for_each(|actor| actor.container_native = false);
        knowledge.techniques[0].uses = ours[0].technique(&knowledge.techniques[0].id).unwrap().uses.clone();
        knowledge.techniques[0].uses.iter_mut().for_each(|seen| seen.container_related = false);
        let by_name = |seen: &ActorUse| ours[0].actors[seen.actor].name.to_ascii_lowercase();
        knowledge.techniques[0].uses.sort_by_key(by_name);
        assert_ne!(names(&knowledge), names(&ours[0]));
        knowledge.adopt(&ours);
        assert_eq!(names(&knowledge), names(&ours[0]));
    }

    /// What makes the rule for sub-techniques one that can be stated.
    #[test]
    fn every_sub_technique_that_we_judged_stands_where_its_technique_does() {
        for knowledge in ours() {
            for technique in &knowledge.techniques {
                let parent = knowledge.parent_of(technique).and_then(|parent| parent.tier.as_ref());
                let Some((own, parent)) = technique.tier.as_ref().zip(parent) else { continue };
                assert!(own.tiers.tiers().all(|tier| parent.tiers.contains(tier)), "{}", technique.id);
            }
        }
    }

    #[test]
    fn what_is_lent_is_all_that_is_taken() {
        let techniques = [technique("T1610", "Deploy Container", &["Containers"])];
        let (mut whole, mut lent) = (bundle(&techniques), bundle(&techniques));
        whole.adopt(&ours());
        lent.adopt(&ours().iter().map(Knowledge::lent).collect::<Vec<_>>());
        assert_eq!(whole, lent);
        assert!(!lent.techniques[0].tier.as_ref().unwrap().rationale.is_empty());
    }

    #[test]
    fn what_a_bundle_says_itself_stays() {
        let own = TierAssignment {
            tiers: TierSet::One(Tier::Container),
            primary: Tier::Container,
            confidence: None,
            objects: Vec::new(),
            rationale: "A Workbench says so.".to_owned(),
        };
        let mut knowledge = bundle(&[technique("T1610", "Deploy Container", &["Containers"])]);
        knowledge.techniques[0].tier = Some(own.clone());
        knowledge.adopt(&ours());
        assert_eq!(knowledge.techniques[0].tier, Some(own));
        assert!(!ours()[0].may_adopt());
    }
}
