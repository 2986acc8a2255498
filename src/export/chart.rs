//! Charts as shapes: the app makes elements of them, and a file has them as SVG. Colours stand in the shapes for the file; on
//! the page the style goes before them.

use super::markup::escaped;
use crate::{
    attack::{Knowledge, TacticName, Tier},
    layer::{Coverage, TacticCoverage},
};
use std::fmt::Write;

/// An SVG element.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    pub tag: &'static str,
    pub attributes: Vec<(&'static str, String)>,
    pub text: String,
    pub children: Vec<Shape>,
    /// What it stands for, where it can be chosen.
    pub stands_for: Option<Bar>,
}

/// A part of a bar: the covered techniques of a tactic in a tier, or the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    pub tactic: TacticName,
    pub tier: Tier,
    pub covered: bool,
}

const ROW: u32 = 44;
const BAR: u32 = 13;
const INK: &str = "#14171d";
const MUTED: &str = "#555e6d";
const TRACK: &str = "#dde1e8";

impl Shape {
    fn new(tag: &'static str, class: &str) -> Self {
        let shape = Self { tag, attributes: Vec::new(), text: String::new(), children: Vec::new(), stands_for: None };
        if class.is_empty() { shape } else { shape.with("class", class) }
    }

    fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.attributes.push((name, value.to_string()));
        self
    }

    fn child(mut self, child: Self) -> Self {
        self.children.push(child);
        self
    }

    fn says(mut self, text: impl Into<String>) -> Self {
        self.text = text.into();
        self
    }
}

/// The shape as a file of its own.
pub fn svg_file(shape: &Shape) -> String {
    let mut text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
    write_shape(&mut text, shape, true);
    text.push('\n');
    text
}

fn write_shape(text: &mut String, shape: &Shape, outermost: bool) {
    let _ = write!(text, "<{}", shape.tag);
    if outermost {
        text.push_str(" xmlns=\"http://www.w3.org/2000/svg\" font-family=\"Inter, system-ui, sans-serif\"");
    }
    // What makes a control of it on the page is nothing in a picture.
    for (name, value) in shape.attributes.iter().filter(|(name, _)| !matches!(*name, "role" | "tabindex" | "class")) {
        let _ = write!(text, " {name}=\"{}\"", escaped(value));
    }
    text.push('>');
    text.push_str(&escaped(&shape.text));
    shape.children.iter().for_each(|child| write_shape(text, child, false));
    let _ = write!(text, "</{}>", shape.tag);
}

/// Coverage by tactic, a bar for each tier. `before` is what a tick marks in each bar, and what the numbers differ from.
pub fn coverage_chart(
    knowledge: &Knowledge,
    rows: &[TacticCoverage],
    before: Option<&[TacticCoverage]>,
    width: u32,
) -> Shape {
    let height = u32::try_from(rows.len()).unwrap_or(u32::MAX).saturating_mul(ROW);
    let mut chart = Shape::new("svg", "chart")
        .with("viewBox", format!("0 0 {width} {height}"))
        .with("width", width)
        .with("height", height)
        .with("role", "group")
        .with("aria-label", "Coverage by tactic and tier");
    for (row, top) in rows.iter().zip((0_u32..).step_by(ROW as usize)) {
        let name = knowledge.tactic(&row.tactic).map_or(row.tactic.as_str(), |tactic| &tactic.name);
        let old = before.and_then(|rows| rows.iter().find(|old| old.tactic == row.tactic));
        let label = Shape::new("text", "chart-label").with("x", 0).with("y", top + 12).with("font-size", 12);
        chart = chart.child(label.with("font-weight", 600).with("fill", INK).says(name));
        for (at, tier) in Tier::ALL.into_iter().enumerate() {
            let place = Place { name, tactic: &row.tactic, tier, top: top + 16 + if at == 0 { 0 } else { BAR }, width };
            chart.children.extend(bar(&place, row.tiers[at], old.map(|old| old.tiers[at])));
        }
    }
    chart
}

/// Where a bar is, and whose it is.
struct Place<'a> {
    name: &'a str,
    tactic: &'a TacticName,
    tier: Tier,
    top: u32,
    width: u32,
}

fn bar(place: &Place<'_>, coverage: Coverage, before: Option<Coverage>) -> Vec<Shape> {
    // Room for `12/34 +5`.
    let long = f64::from(place.width.saturating_sub(76));
    let share = |coverage: Coverage| {
        let number = |count: usize| u32::try_from(count).map_or(f64::MAX, f64::from);
        if coverage.of == 0 { 0.0 } else { long * number(coverage.covered) / number(coverage.of) }
    };
    let filled = share(coverage);
    let color = match place.tier {
        Tier::Orchestration => "#4a57d6",
        Tier::Container => "#0b7d82",
    };
    let segment = |covered: bool, from: f64, to: f64| {
        let count = if covered { coverage.covered } else { coverage.of - coverage.covered };
        let state = if covered { "covered" } else { "not covered" };
        let mut shape = Shape::new("rect", if covered { "chart-bar chart-covered" } else { "chart-bar chart-open" })
            .with("x", round(from))
            .with("y", place.top)
            .with("width", round(to - from))
            .with("height", BAR - 3)
            .with("fill", if covered { color } else { TRACK })
            .with("data-tier", place.tier.word())
            .with("role", "button")
            .with("tabindex", 0)
            .with("aria-label", format!("{}, {}: {count} {state}", place.name, place.tier.word()));
        let words = format!("{}, {}: {count} of {} {state}", place.name, place.tier.word(), coverage.of);
        shape = shape.child(Shape::new("title", "").says(words));
        shape.stands_for = Some(Bar { tactic: place.tactic.clone(), tier: place.tier, covered });
        shape
    };
    let mut shapes = Vec::new();
    if coverage.covered > 0 {
        shapes.push(segment(true, 0.0, filled));
    }
    if coverage.covered < coverage.of {
        shapes.push(segment(false, filled, long));
    }
    let mut words = if coverage.of == 0 { "–".to_owned() } else { format!("{}/{}", coverage.covered, coverage.of) };
    if let Some(before) = before {
        let change = |now: usize, then: usize| match now.cmp(&then) {
            std::cmp::Ordering::Equal => " ±0".to_owned(),
            std::cmp::Ordering::Greater => format!(" +{}", now - then),
            std::cmp::Ordering::Less => format!(" −{}", then - now),
        };
        words.push_str(&change(coverage.covered, before.covered));
        if before.of > 0 {
            let x = round(share(before).clamp(1.0, long - 1.0));
            let tick = Shape::new("path", "chart-before").with("d", format!("M{x} {}v{}", place.top - 1, BAR - 1));
            shapes.push(tick.with("stroke", INK).with("stroke-width", 2).with("fill", "none"));
        }
    }
    let number = Shape::new("text", "chart-number").with("x", round(long + 6.0)).with("y", place.top + 9);
    shapes.push(number.with("font-size", 11).with("fill", MUTED).says(words));
    shapes
}

/// A line over time: the share that is covered at each date, each with its name.
pub fn trend_chart(points: &[(String, Coverage)], width: u32) -> Shape {
    const HEIGHT: u32 = 120;
    let mut chart = Shape::new("svg", "chart")
        .with("viewBox", format!("0 0 {width} {HEIGHT}"))
        .with("width", width)
        .with("height", HEIGHT)
        .with("role", "img");
    let told: Vec<String> =
        points.iter().map(|(name, coverage)| format!("{name}: {} %", coverage.percent().unwrap_or(0))).collect();
    chart = chart.with("aria-label", format!("Coverage over time. {}", told.join(", ")));
    let count = u32::try_from(points.len()).unwrap_or(1).max(1);
    let step = f64::from(width) / f64::from(count);
    let mut line = String::new();
    for ((name, coverage), at) in points.iter().zip(0_u32..) {
        let percent = coverage.percent().unwrap_or(0);
        let (x, y) = (round(step * (f64::from(at) + 0.5)), round(84.0 - f64::from(percent) * 0.62));
        let _ = write!(line, "{}{x} {y}", if at == 0 { "M" } else { "L" });
        let dot = Shape::new("circle", "chart-dot").with("cx", x).with("cy", y).with("r", 4).with("fill", "#3454d1");
        let text = |class: &str, y: f64, text: String| {
            let shape = Shape::new("text", class).with("x", x).with("y", y).with("text-anchor", "middle");
            shape.with("font-size", 11).with("fill", INK).says(text)
        };
        // So many characters fit beside each other.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let most = (step / 6.4).max(4.0) as usize;
        let short: String = if name.chars().count() > most {
            name.chars().take(most - 1).chain(['…']).collect()
        } else {
            name.clone()
        };
        chart = chart.child(dot).child(text("chart-label", y - 9.0, format!("{percent} %")));
        chart = chart.child(text("chart-number", 106.0, short).child(Shape::new("title", "").says(name.clone())));
    }
    let path = Shape::new("path", "chart-line").with("d", line).with("fill", "none");
    chart.children.insert(0, path.with("stroke", "#3454d1").with("stroke-width", 2));
    chart
}

fn round(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(covered: usize, of: usize) -> TacticCoverage {
        let coverage = Coverage { covered, of };
        let tactic = TacticName::parse("execution").unwrap();
        TacticCoverage { tactic, tiers: [coverage, Coverage { covered: 0, of: 0 }], whole: coverage }
    }

    #[test]
    fn a_bar_is_as_long_as_what_is_covered_and_stands_for_it() {
        let chart = coverage_chart(&Knowledge::default(), &[row(1, 4)], Some(&[row(3, 4)]), 476);
        let bars: Vec<&Shape> = chart.children.iter().filter(|shape| shape.stands_for.is_some()).collect();
        let width = |shape: &Shape| shape.attributes.iter().find(|(name, _)| *name == "width").unwrap().1.clone();
        assert_eq!(bars.iter().map(|shape| width(shape)).collect::<Vec<_>>(), ["100", "300"]);
        assert_eq!(bars.iter().map(|it| it.stands_for.as_ref().unwrap().covered).collect::<Vec<_>>(), [true, false]);
        let text = svg_file(&chart);
        assert!(text.contains(">1/4 −2<") && text.contains("M300 "), "{text}");
        assert!(!text.contains("tabindex"));
    }

    #[test]
    fn names_are_text_and_never_markup() {
        let points = [("<script>&\"\u{1}".to_owned(), Coverage { covered: 1, of: 2 })];
        let text = svg_file(&trend_chart(&points, 300));
        assert!(!text.contains("<script") && !text.contains('\u{1}'));
        assert!(text.contains("&lt;script&gt;&amp;&quot;: 50 %"), "{text}");
    }
}
