//! The legend of a layer as it is edited, and as it can be made from what the layer shows. Rows that say nothing we know
//! of ([`LegendItem::Other`]) stay where they are, whatever is done to the others.

use super::{Color, Gradient, Layer, LegendItem, Mark, Marks, Score, palettes::color_name};
use crate::attack::Tier;

/// One row for each colour of the gradient, with the score that has it.
pub fn legend_from_gradient(gradient: &Gradient) -> Vec<LegendItem> {
    let label = |at: usize| Score::new(gradient.score_at(at)).map(|score| score.to_string()).unwrap_or_default();
    gradient.colors.iter().enumerate().map(|(at, color)| LegendItem::new(opaque(color), label(at))).collect()
}

/// One row for each colour that was given to techniques by hand, in the order in which they come in the layer. The label
/// is the colour's name, to be written over.
pub fn legend_from_colors_used(layer: &Layer) -> Vec<LegendItem> {
    let mut items: Vec<LegendItem> = Vec::new();
    let mut add = |mark: &Mark| {
        if let Some(color) = &mark.color
            && !items.iter().any(|item| has_color(item, color))
        {
            items.push(LegendItem::new(color.clone(), color_name(color)));
        }
    };
    for entry in layer.annotations.iter() {
        match &entry.marks {
            Marks::Together(mark) => add(mark),
            marks @ Marks::ByTier { .. } => Tier::ALL.into_iter().for_each(|tier| add(marks.of(tier))),
        }
    }
    items
}

/// The legend with those rows added that it doesn't have yet.
pub fn legend_with(legend: &[LegendItem], added: Vec<LegendItem>) -> Vec<LegendItem> {
    let mut next = legend.to_vec();
    for item in added {
        let LegendItem::Item { color, label, .. } = &item else { continue };
        let is_there = |other: &LegendItem| matches!(other, LegendItem::Item { label: own, .. } if own == label);
        if !legend.iter().any(|other| is_there(other) && has_color(other, color)) {
            next.push(item);
        }
    }
    next
}

/// The legend without the rows that can be read.
pub fn legend_cleared(legend: &[LegendItem]) -> Vec<LegendItem> {
    legend.iter().filter(|item| matches!(item, LegendItem::Other(_))).cloned().collect()
}

/// The legend with the row at `at` in the place of the next one that can be read: the one before, or the one after.
/// What is asked of a row that isn't there changes nothing.
pub fn legend_with_moved(legend: &[LegendItem], at: usize, back: bool) -> Vec<LegendItem> {
    let mut next = legend.to_vec();
    let is_item = |place: &usize| matches!(legend.get(*place), Some(LegendItem::Item { .. }));
    let other = if back { (0..at).rev().find(is_item) } else { (at + 1..legend.len()).find(is_item) };
    if let Some(other) = other.filter(|_| is_item(&at)) {
        next.swap(at, other);
    }
    next
}

/// The gradient paints without transparency, so its legend has none either.
fn opaque(color: &Color) -> Color {
    let [red, green, blue, _] = color.rgba();
    Color::from_rgba([red, green, blue, u8::MAX])
}

fn has_color(item: &LegendItem, color: &Color) -> bool {
    matches!(item, LegendItem::Item { color: own, .. } if own.rgba() == color.rgba())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        attack::{TacticName, TechniqueId},
        layer::{Key, Preset, TierScoring},
    };
    use serde_json::json;

    fn told(legend: &[LegendItem]) -> Vec<String> {
        let one = |item: &LegendItem| match item {
            LegendItem::Item { color, label, .. } => format!("{} {label}", color.as_str()),
            LegendItem::Other(raw) => raw.to_string(),
        };
        legend.iter().map(one).collect()
    }

    fn item(color: &str, label: &str) -> LegendItem {
        LegendItem::new(Color::parse(color).unwrap(), label)
    }

    #[test]
    fn a_gradients_legend_says_which_score_has_which_colour() {
        let cases = [
            (Gradient::default(), vec!["#ff6666 0", "#ffe766 50", "#8ec843 100"]),
            (
                Gradient { minimum: -1.0, maximum: 4.0, ..Gradient::default() },
                vec!["#ff6666 -1", "#ffe766 1.5", "#8ec843 4"],
            ),
            (
                Gradient::default().with_preset(Preset::from_word("white-red").unwrap()),
                vec!["#ffffff 0", "#ff6666 100"],
            ),
        ];
        for (gradient, expected) in cases {
            assert_eq!(told(&legend_from_gradient(&gradient)), expected);
        }
    }

    #[test]
    fn the_colours_used_come_once_and_in_their_order() {
        let mut layer = Layer::new("layer", "enterprise-attack", None, Vec::new());
        layer.tier_scoring = TierScoring::Separately(crate::layer::Combine::Weakest);
        let mut paint = |technique: &str, tier: Option<Tier>, color: &str| {
            let key = Key::new(TechniqueId::parse(technique).unwrap(), TacticName::parse("execution").unwrap());
            let color = Color::parse(color).ok();
            layer.annotations.change(&key, |entry| {
                entry.marks = entry.marks.changed(tier, |mark| mark.color.clone_from(&color));
            });
        };
        paint("T2", None, "#123456");
        paint("T1", Some(Tier::Container), "#e60d0d");
        paint("T1", Some(Tier::Orchestration), "#fd8d3c");
        paint("T3", None, "#E60D0DFF");
        paint("T4", None, "");
        assert_eq!(told(&legend_from_colors_used(&layer)), ["#123456 #123456", "#fd8d3c orange", "#e60d0d red"]);
    }

    #[test]
    fn what_is_there_already_is_not_added_again() {
        let legend = [item("#ff0000", "bad"), item("#00ff00", "good")];
        let added = vec![item("red", "bad"), item("#ff0000", "worse"), item("#0000ff", "good")];
        let expected = ["#ff0000 bad", "#00ff00 good", "#ff0000 worse", "#0000ff good"];
        assert_eq!(told(&legend_with(&legend, added)), expected);
    }

    #[test]
    fn rows_of_another_kind_stay_where_they_are() {
        let legend =
            [item("#ff0000", "a"), LegendItem::Other(json!(1)), item("#00ff00", "b"), LegendItem::Other(json!(2))];
        let cases = [
            ("down", legend_with_moved(&legend, 0, false), vec!["#00ff00 b", "1", "#ff0000 a", "2"]),
            ("up", legend_with_moved(&legend, 2, true), vec!["#00ff00 b", "1", "#ff0000 a", "2"]),
            ("no further up", legend_with_moved(&legend, 0, true), vec!["#ff0000 a", "1", "#00ff00 b", "2"]),
            ("no further down", legend_with_moved(&legend, 2, false), vec!["#ff0000 a", "1", "#00ff00 b", "2"]),
            ("none", legend_with_moved(&legend, 9, true), vec!["#ff0000 a", "1", "#00ff00 b", "2"]),
            ("another kind", legend_with_moved(&legend, 1, true), vec!["#ff0000 a", "1", "#00ff00 b", "2"]),
            ("cleared", legend_cleared(&legend), vec!["1", "2"]),
        ];
        for (what, next, expected) in cases {
            assert_eq!(told(&next), expected, "{what}");
        }
    }
}
