//! Reading what a layer says beside its techniques: versions, domain, platforms, display and gradient, with the
//! conversions that the official Navigator makes (layer format 4.5; `DS` 33, `FI` 82 of Navigator 5.1.0).

use super::{
    Format, NAVIGATOR_RELEASE, USUAL_DOMAIN,
    fields::{Fields, flag, number, object, text, texts, word},
};
use crate::layer::{
    AggregateFunction, Color, Display, ExpandedSubtechniques, Gradient, Kept, LayoutKind, Representation, Sorting,
    Versions,
};
use serde_json::{Map, Value};

pub(super) fn versions(top: &mut Fields<'_>, kept: &mut Kept) -> Versions {
    let Some(map) = top.remove("versions").and_then(|raw| object(raw).ok()) else { return Versions::default() };
    inside("versions", map, top, &mut kept.versions, |fields| {
        fields.remove("layer");
        let navigator = fields.remove("navigator").and_then(|value| text(value).ok());
        let attack = fields.take("attack", |value| match value {
            Value::Number(number) => Ok(number.to_string()),
            other => text(other),
        });
        let navigator = navigator.filter(|release| release.starts_with("5.") && release != NAVIGATOR_RELEASE);
        Versions { attack, navigator }
    })
}

pub(super) fn domain(top: &mut Fields<'_>) -> String {
    let Some(domain) = top.take("domain", text) else {
        top.notes().add(&"", format!("The layer names no domain; it was read as {USUAL_DOMAIN}."));
        return USUAL_DOMAIN.to_owned();
    };
    let new = match domain.as_str() {
        "mitre-enterprise" => "enterprise-attack",
        "mitre-mobile" => "mobile-attack",
        _ => return domain,
    };
    top.notes().add(&format_args!("{domain}"), format!("the domain is called {new} now"));
    new.to_owned()
}

/// Platforms that were called otherwise in earlier formats get their names of today, as the official Navigator does it.
pub(super) fn platforms(top: &mut Fields<'_>, kept: &mut Kept, format: Format) -> Vec<String> {
    nested(top, "filters", &mut kept.filters, |fields| {
        // Gone since format 4.0; the official Navigator passes over them, too: `FI` 70.
        if format.is_before_4() && fields.remove("stages").is_some() {
            fields.notes().add(&"\"filters.stages\"", "layers have no stages any more; it was left out");
        }
        let mut platforms: indexmap::IndexSet<String> = indexmap::IndexSet::new();
        for platform in fields.take("platforms", texts).unwrap_or_default() {
            let new = match platform.as_str() {
                "android" => "Android",
                "ios" => "iOS",
                "windows" => "Windows",
                "linux" => "Linux",
                "mac" => "macOS",
                "AWS" | "GCP" | "Azure" => "IaaS",
                _ => {
                    platforms.insert(platform);
                    continue;
                }
            };
            fields.notes().add(&format_args!("{platform}"), format!("the platform is called {new} now"));
            platforms.insert(new.to_owned());
        }
        platforms.into_iter().collect()
    })
}

pub(super) fn display(top: &mut Fields<'_>, kept: &mut Kept, format: Format) -> Display {
    let usual = view(top, format);
    let laid_out = nested(top, "layout", &mut kept.layout, |fields| {
        let mut display = Display {
            layout: fields.take("layout", word(LayoutKind::from_word)).unwrap_or(usual.layout),
            aggregate: fields.take("aggregateFunction", word(AggregateFunction::from_word)).unwrap_or(usual.aggregate),
            show_id: fields.take("showID", flag).unwrap_or(usual.show_id),
            show_name: fields.take("showName", flag).unwrap_or(usual.show_name),
            show_aggregate: fields.take("showAggregateScores", flag).unwrap_or(usual.show_aggregate),
            count_unscored: fields.take("countUnscored", flag).unwrap_or(usual.count_unscored),
            expanded: fields
                .take("expandedSubtechniques", word(ExpandedSubtechniques::from_word))
                .unwrap_or(usual.expanded),
            ..usual.clone()
        };
        // Only averages count what is unscored: `LO` 90 of Navigator 5.1.0.
        display.count_unscored &= display.aggregate == AggregateFunction::Average;
        display
    });
    let sorting = |value: Value| value.as_u64().and_then(Sorting::from_number).ok_or(value);
    Display {
        representation: Representation::default(),
        sorting: top.take("sorting", sorting).unwrap_or(usual.sorting),
        hide_disabled: top.take("hideDisabled", flag).unwrap_or(usual.hide_disabled),
        show_tactic_row_background: top
            .take("showTacticRowBackground", flag)
            .unwrap_or(usual.show_tactic_row_background),
        tactic_row_background: top.take("tacticRowBackground", text).unwrap_or(usual.tactic_row_background),
        select_across_tactics: top.take("selectTechniquesAcrossTactics", flag).unwrap_or(usual.select_across_tactics),
        select_subtechniques_with_parent: top
            .take("selectSubtechniquesWithParent", flag)
            .unwrap_or(usual.select_subtechniques_with_parent),
        select_visible: top.take("selectVisibleTechniques", flag).unwrap_or(usual.select_visible),
        ..laid_out
    }
}

/// How a file without a key is displayed: as usual, or as the view mode says from which the key `layout` was made.
///
/// `viewMode` of formats 1.1 to 2.2 counts only where there is no `layout` (`VM` 1255 of Navigator 5.1.0); numbers that it
/// never had mean the usual view. `viewFullTable` of format 1.0 was its first two values (layer format 1.1), although the
/// official Navigator passes over it.
fn view(top: &mut Fields<'_>, format: Format) -> Display {
    const FULL: f64 = 0.0;
    const COMPACT: f64 = 1.0;
    const MINI: f64 = 2.0;
    let usual = Display::default();
    if top.has("layout") {
        if format.is_before_4() {
            top.remove("viewMode");
        }
        return usual;
    }
    let full = if format.is_before_4() { top.take("viewFullTable", flag) } else { None };
    let mode = top.take("viewMode", number).or(full.map(|full| if full { FULL } else { COMPACT }));
    let Some(mode) = mode else { return usual };
    top.notes().add(&"", "The view mode was converted to a layout.");
    if mode == COMPACT {
        Display { show_id: true, show_name: false, ..usual }
    } else if mode == MINI {
        Display { layout: LayoutKind::Mini, show_id: false, show_name: false, ..usual }
    } else {
        usual
    }
}

/// One colour that can't be read, or fewer than two of them, and the usual ones are taken, with the file's ends.
pub(super) fn gradient(top: &mut Fields<'_>, kept: &mut Kept) -> Gradient {
    let colors = |value: Value| -> Result<Vec<Color>, Value> {
        let parsed = |color: &Value| Some(Color::from_rgba(Color::parse(color.as_str()?).ok()?.rgba()));
        let colors: Option<Vec<Color>> = value.as_array().and_then(|list| list.iter().map(parsed).collect());
        colors.filter(|colors| colors.len() >= 2).ok_or(value)
    };
    nested(top, "gradient", &mut kept.gradient, |fields| {
        let usual = Gradient::default();
        Gradient {
            colors: fields.take("colors", colors).unwrap_or(usual.colors),
            minimum: fields.take("minValue", number).unwrap_or(usual.minimum),
            maximum: fields.take("maxValue", number).unwrap_or(usual.maximum),
        }
    })
}

/// Takes an object with keys of its own out of a layer; one without keys where the layer has none.
fn nested<T>(
    top: &mut Fields<'_>,
    place: &'static str,
    kept: &mut Map<String, Value>,
    read: impl FnOnce(&mut Fields<'_>) -> T,
) -> T {
    let map = top.take(place, object).unwrap_or_default();
    inside(place, map, top, kept, read)
}

fn inside<T>(
    place: &'static str,
    map: Map<String, Value>,
    top: &mut Fields<'_>,
    kept: &mut Map<String, Value>,
    read: impl FnOnce(&mut Fields<'_>) -> T,
) -> T {
    let mut fields = Fields::new(place, map, top.notes());
    let value = read(&mut fields);
    *kept = fields.kept();
    value
}
