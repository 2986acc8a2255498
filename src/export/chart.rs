//! Charts as shapes: the app makes elements of them, and a file has them as SVG, with what a report needs around them: a
//! title, what is said of them, and a key. Colours stand in the shapes for the file; on the page the style goes before them.

mod figure;

pub use figure::svg_file;

use super::markup::css;
use crate::{
    attack::{Knowledge, TacticName, Tier},
    layer::{Counts, Coverage, Meeting, TacticCoverage},
    words::{Font, shortened, width},
};
use std::fmt::Write;

/// A chart, and what is needed to read it where nothing else explains it.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// The `svg` element, and its size.
    pub shape: Shape,
    pub size: [u32; 2],
    pub key: Vec<(Sign, String)>,
    /// What had no room in it.
    pub notes: Vec<String>,
}

/// What stands in a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sign {
    Fill(String),
    Line(&'static str),
    Dashes(&'static str),
    Tick,
    /// Words alone.
    None,
}

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
const EDGE: &str = "#878f9d";
const LINE: &str = "#3454d1";

fn fill(tier: Tier) -> &'static str {
    match tier {
        Tier::Orchestration => "#4a57d6",
        Tier::Container => "#0b7d82",
    }
}

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

/// A chart's `svg` element.
fn svg(wide: u32, high: u32, role: &str, label: &str) -> Shape {
    let svg = Shape::new("svg", "chart").with("viewBox", format!("0 0 {wide} {high}"));
    svg.with("width", wide).with("height", high).with("role", role).with("aria-label", label)
}

/// Of a chart by tactic with so many rows.
fn rows_high(rows: usize) -> u32 {
    u32::try_from(rows).unwrap_or(u32::MAX).saturating_mul(ROW)
}

fn row_label(name: &str, top: u32) -> Shape {
    let label = Shape::new("text", "chart-label").with("x", 0).with("y", top + 12).with("font-size", 12);
    label.with("font-weight", 600).with("fill", INK).says(name)
}

/// What is said of a bar, to the right of all.
fn row_number(x: f64, top: u32, words: String) -> Shape {
    let number = Shape::new("text", "chart-number").with("x", round(x)).with("y", top + 9);
    number.with("font-size", 11).with("fill", MUTED).says(words)
}

/// Coverage by tactic, a bar for each tier. `before` is what a tick marks in each bar, and what the numbers differ from.
pub fn coverage_chart(
    knowledge: &Knowledge,
    rows: &[TacticCoverage],
    before: Option<&[TacticCoverage]>,
    width: u32,
) -> Chart {
    let size = [width, rows_high(rows.len())];
    let mut shape = svg(size[0], size[1], "group", "Coverage by tactic and tier");
    for (row, top) in rows.iter().zip((0_u32..).step_by(ROW as usize)) {
        let name = knowledge.tactic_title(&row.tactic);
        let old = before.and_then(|rows| rows.iter().find(|old| old.tactic == row.tactic));
        shape = shape.child(row_label(name, top));
        for (at, tier) in Tier::ALL.into_iter().enumerate() {
            let place = Place { name, tactic: &row.tactic, tier, top: bar_top(top, at), width };
            shape.children.extend(bar(&place, row.tiers[at], old.map(|old| old.tiers[at])));
        }
    }
    let [orchestration, container] = Tier::ALL.map(|tier| Sign::Fill(fill(tier).to_owned()));
    let mut key = vec![
        (orchestration, "orchestration, covered (upper bar)".to_owned()),
        (container, "container, covered (lower bar)".to_owned()),
        (Sign::Fill(TRACK.to_owned()), "not covered".to_owned()),
    ];
    key.extend(before.map(|_| (Sign::Tick, "what it is compared with".to_owned())));
    Chart { shape, size, key, notes: Vec::new() }
}

/// Where the bar of a tier begins in a row.
fn bar_top(row: u32, at: usize) -> u32 {
    row + 16 + if at == 0 { 0 } else { BAR }
}

/// A threat over coverage by tactic, a bar for each tier, all in one scale.
pub fn threat_chart(knowledge: &Knowledge, rows: &[(TacticName, [Counts; 2])], width: u32) -> Chart {
    let size = [width, rows_high(rows.len())];
    let mut shape = svg(size[0], size[1], "img", "Threat over coverage by tactic and tier");
    let number = |count: usize| u32::try_from(count).map_or(f64::MAX, f64::from);
    let most = rows.iter().flat_map(|(_, tiers)| tiers).map(|counts| counts.iter().sum()).max().unwrap_or(0).max(1);
    let long = f64::from(width.saturating_sub(76));
    for ((tactic, tiers), top) in rows.iter().zip((0_u32..).step_by(ROW as usize)) {
        let name = knowledge.tactic_title(tactic);
        shape = shape.child(row_label(name, top));
        for ((at, tier), counts) in Tier::ALL.into_iter().enumerate().zip(tiers) {
            let top = bar_top(top, at);
            let mut from = 0.0;
            for (meeting, count) in Meeting::ALL.into_iter().zip(counts).filter(|(_, count)| **count > 0) {
                let wide = long * number(*count) / number(most);
                let words = format!("{name}, {}: {count}. {}", tier.word(), meeting.title());
                let segment = Shape::new("rect", "").with("x", round(from)).with("y", top).with("width", round(wide));
                let segment = segment.with("height", BAR - 3).with("fill", hex(meeting)).with("stroke", EDGE);
                let segment = segment.with("stroke-width", 0.75).with("data-tier", tier.word());
                shape = shape.child(segment.child(Shape::new("title", "").says(words)));
                from += wide;
            }
            let words = counts.map(|count| count.to_string()).join(" · ");
            shape = shape.child(row_number(long + 6.0, top, words));
        }
    }
    let mut key: Vec<(Sign, String)> =
        Meeting::ALL.map(|meeting| (Sign::Fill(hex(meeting)), meeting.title().to_owned())).into();
    // Numbers tell what colours alone would, in print without them too.
    let order = Meeting::ALL.map(Meeting::word).join(" · ");
    key.push((Sign::None, format!("upper bar: orchestration; lower bar: container; numbers: {order}")));
    Chart { shape, size, key, notes: Vec::new() }
}

fn hex(meeting: Meeting) -> String {
    let [red, green, blue, _] = meeting.color();
    css([red, green, blue])
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
    let segment = |covered: bool, from: f64, to: f64| {
        let count = if covered { coverage.covered } else { coverage.of - coverage.covered };
        let state = if covered { "covered" } else { "not covered" };
        let mut shape = Shape::new("rect", if covered { "chart-bar chart-covered" } else { "chart-bar chart-open" })
            .with("x", round(from))
            .with("y", place.top)
            .with("width", round(to - from))
            .with("height", BAR - 3)
            .with("fill", if covered { fill(place.tier) } else { TRACK })
            .with("stroke", if covered { "none" } else { EDGE })
            .with("stroke-width", 0.75)
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
    shapes.push(row_number(long + 6.0, place.top, words));
    shapes
}

/// A line over time: the share that is covered at each date, each with its name. `numbered`: names that have no room stand
/// in the notes, under their numbers; otherwise they are shortened, and are read where the pointer is.
pub fn trend_chart(points: &[(String, Coverage)], wide: u32, numbered: bool) -> Chart {
    const HEIGHT: u32 = 120;
    const NAME: f64 = 11.0;
    let told: Vec<String> =
        points.iter().map(|(name, coverage)| format!("{name}: {} %", coverage.percent().unwrap_or(0))).collect();
    let mut shape = svg(wide, HEIGHT, "img", &format!("Coverage over time. {}", told.join(", ")));
    let count = u32::try_from(points.len()).unwrap_or(1).max(1);
    let step = f64::from(wide) / f64::from(count);
    let fits = |text: &str| width(Font::Sans, text, NAME) <= step - 4.0;
    let numbered = numbered && !points.iter().all(|(name, _)| fits(name));
    let height = |percent: u32| round(84.0 - f64::from(percent) * 0.62);
    for percent in [0, 100] {
        let axis = Shape::new("path", "chart-axis").with("d", format!("M0 {}H{wide}", height(percent)));
        shape = shape.child(axis.with("stroke", EDGE).with("stroke-width", 0.75).with("stroke-dasharray", "3 3"));
    }
    let mut line = String::new();
    let mut parts = Vec::new();
    for ((name, coverage), at) in points.iter().zip(0_u32..) {
        let percent = coverage.percent().unwrap_or(0);
        let (x, y) = (round(step * (f64::from(at) + 0.5)), height(percent));
        let _ = write!(line, "{}{x} {y}", if at == 0 { "M" } else { "L" });
        parts.push(Shape::new("circle", "chart-dot").with("cx", x).with("cy", y).with("r", 4).with("fill", LINE));
        let text = |class: &str, y: f64, text: String| {
            let shape = Shape::new("text", class).with("x", x).with("y", y).with("text-anchor", "middle");
            shape.with("font-size", NAME).with("fill", INK).says(text)
        };
        let words = format!("{percent} %");
        parts.push(text("chart-label", y - 9.0, if fits(&words) { words } else { percent.to_string() }));
        let short = if numbered {
            (at + 1).to_string()
        } else {
            shortened(Font::Sans, name, NAME, (step - 4.0).max(2.0 * NAME))
        };
        parts.push(text("chart-number", 106.0, short).child(Shape::new("title", "").says(name.clone())));
    }
    let path = Shape::new("path", "chart-line").with("d", line).with("fill", "none");
    shape = shape.child(path.with("stroke", LINE).with("stroke-width", 2));
    shape.children.extend(parts);
    let notes =
        if numbered { told.iter().zip(1..).map(|(words, at)| format!("{at}. {words}")).collect() } else { Vec::new() };
    let key = vec![
        (Sign::Line(LINE), "techniques covered, in percent".to_owned()),
        (Sign::Dashes(EDGE), "0 % and 100 %".to_owned()),
    ];
    Chart { shape, size: [wide, HEIGHT], key, notes }
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

    fn attribute<'a>(shape: &'a Shape, name: &str) -> &'a str {
        &shape.attributes.iter().find(|(own, _)| *own == name).unwrap().1
    }

    #[test]
    fn a_bar_is_as_long_as_what_is_covered_and_stands_for_it() {
        let chart = coverage_chart(&Knowledge::default(), &[row(1, 4)], Some(&[row(3, 4)]), 476);
        let bars: Vec<&Shape> = chart.shape.children.iter().filter(|shape| shape.stands_for.is_some()).collect();
        assert_eq!(bars.iter().map(|shape| attribute(shape, "width")).collect::<Vec<_>>(), ["100", "300"]);
        assert_eq!(bars.iter().map(|it| it.stands_for.as_ref().unwrap().covered).collect::<Vec<_>>(), [true, false]);
        let text = svg_file(&chart, "Coverage", &[]);
        assert!(text.contains(">1/4 −2<") && text.contains("M300 "), "{text}");
        assert!(!text.contains("tabindex"));
    }

    #[test]
    fn a_threat_is_drawn_in_one_scale_and_in_numbers() {
        let tactic = |name: &str| TacticName::parse(name).unwrap();
        let rows = [(tactic("execution"), [[2, 1, 1], [1, 0, 0]]), (tactic("impact"), [[0, 0, 0], [0, 2, 0]])];
        let chart = threat_chart(&Knowledge::default(), &rows, 476);
        let bars = chart.shape.children.iter().filter(|shape| shape.tag == "rect");
        let drawn: Vec<_> =
            bars.map(|it| (attribute(it, "x"), attribute(it, "width"), attribute(it, "fill"))).collect();
        let expected = [
            ("0", "200", "#d55e00"),
            ("200", "100", "#f0e442"),
            ("300", "100", "#56a5d8"),
            ("0", "100", "#d55e00"),
            ("0", "200", "#f0e442"),
        ];
        assert_eq!(drawn, expected);
        let numbers = chart.shape.children.iter().filter(|shape| shape.text.contains('·')).map(|it| it.text.as_str());
        assert_eq!(numbers.collect::<Vec<_>>(), ["2 · 1 · 1", "1 · 0 · 0", "0 · 0 · 0", "0 · 2 · 0"]);
    }

    #[test]
    fn names_without_room_are_numbered_in_a_file_and_told_below() {
        let half = Coverage { covered: 1, of: 2 };
        let points: Vec<(String, Coverage)> = (1..=24).map(|at| (format!("Review number {at}"), half)).collect();
        let on_page = trend_chart(&points, 620, false);
        assert!(on_page.notes.is_empty());
        let chart = trend_chart(&points, 620, true);
        assert_eq!(chart.notes.len(), 24);
        let text = svg_file(&chart, "Coverage over time", &[]);
        assert!(text.contains(">24</text>") || text.contains(">24<title>"), "{text}");
        assert!(text.contains("24. Review number 24: 50 %"));
        // Where names have room, they stand where they are.
        assert!(trend_chart(&points[..2], 620, true).notes.is_empty());
    }
}
