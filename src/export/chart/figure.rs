//! A chart as a file of its own, as it goes into a report: on white, with a title, what is said of it, and a key of its
//! colours and signs. Nothing in it is fetched, and nothing needs the page's style.

use super::{Chart, EDGE, INK, MUTED, Shape, Sign};
use crate::{
    export::markup::escaped,
    words::{BOLD, Font, lines, width},
};
use std::fmt::Write;

/// Around everything.
const MARGIN: f64 = 24.0;
/// Text has at least so much room, however narrow the chart is.
const NARROWEST: u32 = 420;
const TITLE: f64 = 17.0;
const TEXT: f64 = 12.0;
/// From one line to the next, by the size of its text.
const LINE: f64 = 1.4;
/// A sign of the key, with the room after it.
const SIGN: f64 = 22.0;
/// Between what stands beside each other in the key.
const BETWEEN: f64 = 18.0;
const MOST_LINES: usize = 4;

/// `about`: what is shown, in sentences or in lines.
pub fn svg_file(chart: &Chart, title: &str, about: &[String]) -> String {
    let wide = f64::from(chart.size[0].max(NARROWEST));
    let mut page = Page { wide, bottom: MARGIN, parts: Vec::new() };
    page.text(title, TITLE, INK, true);
    about.iter().for_each(|words| page.text(words, TEXT, MUTED, false));
    page.bottom += 8.0;
    page.key(&chart.key);
    page.bottom += 8.0;
    let place = Shape::new("g", "").with("transform", format!("translate({MARGIN} {})", super::round(page.bottom)));
    page.parts.push(Shape { children: chart.shape.children.clone(), ..place });
    page.bottom += f64::from(chart.size[1]);
    chart.notes.iter().for_each(|note| page.text(note, TEXT, INK, false));
    page.finish(title)
}

/// What is there so far, from top to bottom.
struct Page {
    wide: f64,
    bottom: f64,
    parts: Vec<Shape>,
}

impl Page {
    fn text(&mut self, words: &str, size: f64, color: &str, bold: bool) {
        let measured = if bold { size * BOLD } else { size };
        for line in lines(Font::Sans, words, measured, self.wide, MOST_LINES) {
            self.bottom += size * LINE;
            let text = text_at(MARGIN, self.bottom - size * 0.4, &line, size, color);
            self.parts.push(if bold { text.with("font-weight", 700) } else { text });
        }
    }

    /// As many beside each other as have room.
    fn key(&mut self, key: &[(Sign, String)]) {
        let mut x = 0.0;
        self.bottom += TEXT * LINE;
        for (sign, words) in key {
            let indent = if *sign == Sign::None { 0.0 } else { SIGN };
            let own = indent + width(Font::Sans, words, TEXT);
            if x > 0.0 && x + own > self.wide {
                x = 0.0;
                self.bottom += TEXT * LINE + 3.0;
            }
            self.parts.extend(drawn(sign, MARGIN + x, self.bottom - TEXT));
            let mut line = self.bottom - TEXT * 0.2;
            // One that is longer than a line goes on below.
            for (at, words) in lines(Font::Sans, words, TEXT, self.wide - indent, MOST_LINES).iter().enumerate() {
                if at > 0 {
                    line += TEXT * LINE;
                    self.bottom += TEXT * LINE;
                }
                self.parts.push(text_at(MARGIN + x + indent, line, words, TEXT, INK));
            }
            x += own + BETWEEN;
        }
    }

    fn finish(self, title: &str) -> String {
        let (wide, high) = (self.wide + 2.0 * MARGIN, (self.bottom + MARGIN).ceil());
        let ground = Shape::new("rect", "").with("width", wide).with("height", high).with("fill", "#ffffff");
        let mut svg = Shape::new("svg", "")
            .with("xmlns", "http://www.w3.org/2000/svg")
            .with("viewBox", format!("0 0 {wide} {high}"))
            .with("width", wide)
            .with("height", high)
            .with("font-family", "Helvetica, Arial, 'Liberation Sans', sans-serif")
            .child(Shape::new("title", "").says(title))
            .child(ground);
        svg.children.extend(self.parts);
        let mut text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
        write_shape(&mut text, &svg);
        text.push('\n');
        text
    }
}

fn text_at(x: f64, y: f64, words: &str, size: f64, color: &str) -> Shape {
    let text = Shape::new("text", "").with("x", super::round(x)).with("y", super::round(y));
    text.with("font-size", size).with("fill", color).says(words)
}

/// In a box of 14 by 12.
fn drawn(sign: &Sign, x: f64, y: f64) -> Option<Shape> {
    let (x, y) = (super::round(x), super::round(y));
    let path = |d: String, color: &str| {
        Shape::new("path", "").with("d", d).with("stroke", color).with("stroke-width", 2).with("fill", "none")
    };
    match sign {
        Sign::Fill(color) => {
            let field = Shape::new("rect", "").with("x", x).with("y", y).with("width", 14).with("height", 12);
            Some(field.with("fill", color).with("stroke", EDGE).with("stroke-width", 0.75))
        }
        Sign::Line(color) => Some(path(format!("M{x} {}h14", y + 6.0), color)),
        Sign::Dashes(color) => Some(path(format!("M{x} {}h14", y + 6.0), color).with("stroke-dasharray", "3 3")),
        Sign::Tick => Some(path(format!("M{} {y}v12", x + 7.0), INK)),
        Sign::None => None,
    }
}

fn write_shape(text: &mut String, shape: &Shape) {
    let _ = write!(text, "<{}", shape.tag);
    // What makes a control of it on the page is nothing in a picture.
    for (name, value) in shape.attributes.iter().filter(|(name, _)| !matches!(*name, "role" | "tabindex" | "class")) {
        let _ = write!(text, " {name}=\"{}\"", escaped(value));
    }
    text.push('>');
    text.push_str(&escaped(&shape.text));
    shape.children.iter().for_each(|child| write_shape(text, child));
    let _ = write!(text, "</{}>", shape.tag);
}

#[cfg(test)]
mod tests {
    use super::super::{coverage_chart, threat_chart, trend_chart};
    use super::*;
    use crate::{
        attack::{Knowledge, TacticName},
        layer::{Coverage, TacticCoverage},
    };

    fn rows(covered: usize) -> Vec<TacticCoverage> {
        let of = |covered: usize, of: usize| Coverage { covered, of };
        let row = |name: &str, tiers: [Coverage; 2]| TacticCoverage {
            tactic: TacticName::parse(name).unwrap(),
            whole: tiers[0],
            tiers,
        };
        vec![row("execution", [of(covered, 8), of(2, 5)]), row("defense-impairment", [of(covered, 4), of(0, 0)])]
    }

    fn about() -> Vec<String> {
        vec!["Ours, ATT&CK v19.2. Covered is what is enabled and scored 50 or more.".to_owned()]
    }

    fn coverage() -> String {
        let chart = coverage_chart(&Knowledge::default(), &rows(3), Some(&rows(1)), 460);
        svg_file(&chart, "Coverage by tactic and tier", &about())
    }

    fn threat() -> String {
        let rows = [(TacticName::parse("execution").unwrap(), [[2, 1, 3], [0, 1, 0]])];
        svg_file(&threat_chart(&Knowledge::default(), &rows, 460), "Threat over coverage", &about())
    }

    fn trend() -> String {
        let of = |covered: usize| Coverage { covered, of: 40 };
        let points = [("Q2 review".to_owned(), of(8)), ("Q3 review".to_owned(), of(18)), ("now".to_owned(), of(25))];
        svg_file(&trend_chart(&points, 620, true), "Coverage over time", &about())
    }

    #[test]
    fn charts_as_files() {
        insta::assert_snapshot!("coverage_chart_file", coverage());
        insta::assert_snapshot!("threat_chart_file", threat());
        insta::assert_snapshot!("trend_chart_file", trend());
    }

    #[test]
    fn a_file_has_its_own_ground_title_and_key_and_fetches_nothing() {
        for (text, key) in [(coverage(), "not covered"), (threat(), "Only we cover it"), (trend(), "in percent")] {
            let whole = text.split_once("viewBox=\"0 0 ").unwrap().1.split('"').next().unwrap();
            let (wide, high) = whole.split_once(' ').unwrap();
            assert!(text.contains(&format!("<rect width=\"{wide}\" height=\"{high}\" fill=\"#ffffff\">")), "{text}");
            assert!(text.contains("<title>") && text.contains(key) && text.contains("Covered is what"), "{text}");
            assert!(!text.contains("class=") && !text.contains("href") && !text.contains("var("), "{text}");
        }
        assert!(coverage().contains("what it is compared with"));
    }

    #[test]
    fn nothing_stands_beyond_the_edge() {
        let long = "a very long name of a layer ".repeat(12);
        let chart = coverage_chart(&Knowledge::default(), &rows(1), None, 264);
        let text = svg_file(&chart, &long, std::slice::from_ref(&long));
        let number = |text: &str, name: &str| -> Option<f64> {
            text.split_once(&format!(" {name}=\"")).and_then(|(_, rest)| rest.split('"').next()?.parse().ok())
        };
        let (wide, high) = (number(&text, "width").unwrap(), number(&text, "height").unwrap());
        let texts: Vec<&str> = text.split("<text").skip(1).collect();
        assert!(texts.len() > 10);
        for one in texts {
            let words = one.split_once('>').unwrap().1.split('<').next().unwrap();
            let size = number(one, "font-size").unwrap();
            let size = if one.contains("font-weight=\"700\"") { size * BOLD } else { size };
            assert!(number(one, "x").unwrap() + width(Font::Sans, words, size) <= wide, "{one}");
            assert!(number(one, "y").unwrap() < high, "{one}");
        }
    }

    #[test]
    fn names_are_text_and_never_markup() {
        let points = [("<script>&\"\u{1}".to_owned(), Coverage { covered: 1, of: 2 })];
        let text = svg_file(&trend_chart(&points, 300, true), "</title><script>", &["<script>".to_owned()]);
        assert!(!text.contains("<script") && !text.contains('\u{1}'));
        assert!(text.contains("&lt;script&gt;&amp;&quot;"), "{text}");
    }
}
