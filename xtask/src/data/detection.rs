//! Detection strategies, the analytics among theirs that are for containers, and the data components these read.
//! Analytics for other platforms are left out, to keep the bundle small.

use std::collections::BTreeMap;

use super::{
    DataError,
    attack::TechniqueRefs,
    bundle::{Object, midnight, own_id, reference},
    crosswalk::ATTACK,
    extension::{Extension, own_id_mark},
    facts::{Analytic, AttackFacts, DataComponent, LogSource, Strategy},
    relationship::Relationships,
};

/// Strategies, then analytics, then data components; what the strategies detect goes to `relationships`.
/// Data components are named by the first of `releases` that lists them, for the newest doesn't.
///
/// # Errors
/// When a strategy detects, or an analytic reads, something that the facts don't have.
pub fn objects(
    facts: &AttackFacts,
    releases: &[AttackFacts],
    techniques: &TechniqueRefs,
    relationships: &mut Relationships,
) -> Result<Vec<Object>, DataError> {
    let time = midnight(&facts.release_date);
    let components = known_components(releases);
    let analytics: Vec<&Analytic> =
        facts.detection.analytics.iter().filter(|analytic| for_containers(analytic)).collect();
    let mut objects = Vec::new();
    for strategy in &facts.detection.strategies {
        let id = strategy_id(strategy);
        for technique in &strategy.technique_ids {
            relationships.add("detects", &id, techniques.get(technique, &strategy.id)?);
        }
        objects.push(strategy_object(strategy, &id, &analytics, &time));
    }
    let mut read = BTreeMap::new();
    for analytic in &analytics {
        for source in log_sources(analytic) {
            let id = &source.data_component_id;
            let missing = || DataError::Dangling { subject: analytic.id.clone(), missing: id.clone() };
            read.insert(id.as_str(), components.get(id.as_str()).copied().ok_or_else(missing)?);
        }
        objects.push(analytic_object(analytic, &read, &time));
    }
    objects.extend(read.into_values().map(|component| component_object(component, &time)));
    Ok(objects)
}

fn known_components(releases: &[AttackFacts]) -> BTreeMap<&str, &DataComponent> {
    let listed = releases.iter().filter_map(|facts| facts.detection.data_components.as_ref());
    let mut known = BTreeMap::new();
    for component in listed.flatten() {
        known.entry(component.id.as_str()).or_insert(component);
    }
    known
}

fn for_containers(analytic: &Analytic) -> bool {
    analytic.platforms.is_empty() || analytic.platforms.iter().any(|platform| platform == "Containers")
}

fn log_sources(analytic: &Analytic) -> &[LogSource] {
    analytic.log_sources.as_deref().unwrap_or_default()
}

fn strategy_object(strategy: &Strategy, id: &str, analytics: &[&Analytic], time: &str) -> Object {
    let own = analytics.iter().filter(|analytic| analytic.strategy_id == strategy.id);
    let object = Object::stix("x-mitre-detection-strategy", id, time, time)
        .with("name", strategy.name.as_str())
        .with_list("x_mitre_analytic_refs", own.map(|analytic| analytic_id(analytic)))
        .with_list("external_references", [reference(ATTACK, &strategy.id, &strategy.url)]);
    Extension::Scope.on(object, own_id_mark(strategy.stix_id.is_none()))
}

fn analytic_object(analytic: &Analytic, components: &BTreeMap<&str, &DataComponent>, time: &str) -> Object {
    let url = format!("https://attack.mitre.org/detectionstrategies/{}#{}", analytic.strategy_id, analytic.id);
    let source = |source: &LogSource| {
        let component = components.get(source.data_component_id.as_str())?;
        let name = source.log_source.as_str();
        Some(Object::default().with("x_mitre_data_component_ref", component_id(component)).with("name", name))
    };
    let object = Object::stix("x-mitre-analytic", &analytic_id(analytic), time, time)
        .with("name", analytic.name.as_str())
        .with_list("x_mitre_platforms", analytic.platforms.clone())
        .with_list("x_mitre_log_source_references", log_sources(analytic).iter().filter_map(source))
        .with_list("external_references", [reference(ATTACK, &analytic.id, &url)]);
    Extension::Scope.on(object, own_id_mark(analytic.stix_id.is_none()))
}

fn component_object(component: &DataComponent, time: &str) -> Object {
    let url = format!("https://attack.mitre.org/datacomponents/{}", component.id);
    let object = Object::stix("x-mitre-data-component", &component_id(component), time, time)
        .with("name", component.name.as_str())
        .with_list("external_references", [reference(ATTACK, &component.id, &url)]);
    Extension::Scope.on(object, own_id_mark(component.stix_id.is_none()))
}

fn strategy_id(strategy: &Strategy) -> String {
    id(strategy.stix_id.as_deref(), "x-mitre-detection-strategy", &strategy.id)
}

fn analytic_id(analytic: &Analytic) -> String {
    id(analytic.stix_id.as_deref(), "x-mitre-analytic", &analytic.id)
}

fn component_id(component: &DataComponent) -> String {
    id(component.stix_id.as_deref(), "x-mitre-data-component", &component.id)
}

fn id(known: Option<&str>, kind: &str, id: &str) -> String {
    known.map_or_else(|| own_id(kind, &format!("{ATTACK}:{id}")), str::to_owned)
}
