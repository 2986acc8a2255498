//! What tags of rules say of ATT&CK: `T1611`, `attack.t1552.007`, `mitre_privilege_escalation`, `attack.execution`,
//! `TA0004`.

use super::{ids, material::Rule};
use crate::attack::TechniqueId;

/// A rule that names more is no rule.
pub const MOST: usize = 200;

/// Puts into a rule what its tags name, each once, in their order.
pub fn read<'a>(rule: &mut Rule, tags: impl IntoIterator<Item = &'a str>) {
    for tag in tags {
        add(rule, ids::attack_ids(tag), tactic(tag));
    }
}

/// Adds to a rule what it doesn't name yet. The bound keeps each look at what it names short.
pub fn add(
    rule: &mut Rule,
    techniques: impl IntoIterator<Item = TechniqueId>,
    tactics: impl IntoIterator<Item = String>,
) {
    for id in techniques {
        if rule.techniques.len() < MOST && !rule.techniques.contains(&id) {
            rule.techniques.push(id);
        }
    }
    for tactic in tactics {
        if rule.tactics.len() < MOST && !rule.tactics.contains(&tactic) {
            rule.tactics.push(tactic);
        }
    }
}

/// The tactic that a tag names: its short name or its id. What else a tag may say, such as a group, is none: whether
/// there is such a tactic is asked later.
fn tactic(tag: &str) -> Option<String> {
    let lower = tag.trim().to_ascii_lowercase();
    let named = ["mitre_", "mitre.", "attack.", "attack_"].iter().find_map(|prefix| lower.strip_prefix(prefix));
    let name = named.unwrap_or(&lower).replace([' ', '_'], "-");
    let is_id =
        name.strip_prefix("ta").is_some_and(|number| number.len() == 4 && number.bytes().all(|b| b.is_ascii_digit()));
    if is_id {
        return Some(name.to_ascii_uppercase());
    }
    let is_word =
        !name.is_empty() && name.len() <= 40 && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    (named.is_some() && is_word).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_name_techniques_and_tactics() {
        type Case = (&'static [&'static str], &'static [&'static str], &'static [&'static str]);
        let cases: [Case; 9] = [
            (&[], &[], &[]),
            (&["maturity_stable", "container", "mitre_execution", "T1059.004"], &["T1059.004"], &["execution"]),
            (&["mitre_privilege_escalation", "TA0004"], &[], &["privilege-escalation", "TA0004"]),
            (
                &["attack.t1552.007", "attack.t1552", "attack.credential-access"],
                &["T1552.007", "T1552"],
                &["credential-access"],
            ),
            (
                &["attack.privilege_escalation", "attack.ta0004", "attack.g0139", "attack.s0599"],
                &[],
                &["privilege-escalation", "TA0004"],
            ),
            (&["T1611", "t1611", "attack.T1611"], &["T1611"], &[]),
            (&["PCI_DSS_10.2.5", "NIST_800-53_AC-2", "host", "k8s"], &[], &[]),
            (&["cve.2021-44228", "detection.threat-hunting"], &[], &[]),
            (&["attack.initial access"], &[], &["initial-access"]),
        ];
        for (tags, techniques, tactics) in cases {
            let mut rule = Rule::default();
            read(&mut rule, tags.iter().copied());
            let ids: Vec<&str> = rule.techniques.iter().map(crate::attack::TechniqueId::as_str).collect();
            assert_eq!(
                (ids.as_slice(), rule.tactics.as_slice()),
                (techniques, tactics.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>().as_slice()),
                "{tags:?}"
            );
        }
    }
}
