//! The annotations that the shown bundle has no technique for. They are kept and written back; what is shown of them is
//! the layer settings'.

use crate::{
    attack::Knowledge,
    layer::{Entry, Layer},
};

/// What a layer says about techniques that a bundle doesn't have, or doesn't have in that tactic.
pub fn outside<'a>(layer: &'a Layer, knowledge: &'a Knowledge) -> impl Iterator<Item = &'a Entry> {
    layer.annotations.iter().filter(|entry| entry.is_written() && !is_known(entry, knowledge))
}

fn is_known(entry: &Entry, knowledge: &Knowledge) -> bool {
    let tactic = entry.key.tactic.as_ref();
    let technique = knowledge.technique(&entry.key.technique);
    technique.is_some_and(|technique| tactic.is_none_or(|tactic| technique.tactics.contains(tactic)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        attack::{self, TacticName, TechniqueId},
        layer::{Edit, Key, Target},
    };

    #[test]
    fn what_the_bundle_lacks_is_listed_and_goes_when_it_is_removed() {
        let bundle = include_bytes!("../../data/attack-containers-19.2.json");
        let knowledge = attack::read(bundle).unwrap().knowledge;
        let target = |technique: &str, tactic: &str| {
            let tactic = TacticName::parse(tactic).ok();
            Target { key: Key { technique: TechniqueId::parse(technique).unwrap(), tactic }, tier: None }
        };
        let all = ["T1610 execution", "T1610 impact", "T9999 execution", "T9998 ", "T1610 "];
        let targets: Vec<Target> =
            all.iter().filter_map(|text| text.split_once(' ')).map(|(id, tactic)| target(id, tactic)).collect();
        let layer = Layer::new("layer", "enterprise-attack", Some("19"), Vec::new());
        let layer = Edit::Comment(targets, "said".to_owned()).apply(&layer).unwrap();
        let told = |layer: &Layer| -> Vec<String> {
            outside(layer, &knowledge).map(|entry| entry.key.technique.to_string()).collect()
        };
        assert_eq!(told(&layer), ["T1610", "T9999", "T9998"]);
        let layer = Edit::Remove(vec![target("T9999", "execution").key]).apply(&layer).unwrap();
        assert_eq!(told(&layer), ["T1610", "T9998"]);
    }
}
