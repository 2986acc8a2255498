//! How large a matrix's text can be where all of it is to be seen at once, on a wall or on a page: reckoned from the widths
//! of words. Where that makes the text larger, the cells of a tall tactic stand in several lanes side by side.
//! All lengths are in pixels, but for widths of text, which are in its size (em).

use super::{Matrix, Place};
use crate::{
    attack::Knowledge,
    words::{BOLD, Font, width},
};

/// What a cell takes beside its lines, in its text's size. `style/later/present-slide.css` says the same.
pub const PAD_ABOVE: f64 = 0.34;
const PAD_BELOW: f64 = 0.42;
const PAD_START: f64 = 0.85;
const PAD_END: f64 = 0.45;
const LINE: f64 = 1.22;
/// The line with id and score.
const TOP_LINE: f64 = 1.2;
const BORDERS: f64 = 2.0;
/// Between two cells.
const GAP: f64 = 0.36;
/// A sub-technique stands in by so much.
const INDENT: f64 = 0.8;
/// The line between two matrices, with what is around it.
const BAND: f64 = 2.6;
/// Below the names of tactics: what they count, and the meters.
const BELOW_NAMES: f64 = 3.0;
const NAME_LINE: f64 = 1.26;

/// Between two lanes.
const BETWEEN: f64 = 0.55;

/// A font's words are as wide as reckoned on the whole, and not letter by letter: so much of the room is taken for sure.
const SURE: f64 = 0.95;

/// Words longer than this may be broken.
const LONGEST_WORD: f64 = 11.0;

/// No text is smaller: whatever doesn't fit then is cut.
const LEAST: f64 = 3.0;
/// A tactic's cells stand in no more lanes.
const MOST_LANES: usize = 6;

/// A cell's text.
#[derive(Debug, Clone, PartialEq)]
pub struct Text {
    /// How wide id, signs and scores are together; none where there are neither.
    head: Option<f64>,
    words: Vec<Word>,
    within: bool,
    /// Whether a lane may begin with it: it is no sub-technique.
    begins: bool,
}

/// What is not broken, if it can be helped.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Word {
    wide: f64,
    /// It follows a hyphen, and no space.
    glued: bool,
}

/// Matrices over each other, with the tactics in the same columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Texts {
    /// Words of the tactics' names.
    tactics: Vec<Vec<Word>>,
    /// By matrix, column and row.
    cells: Vec<Vec<Vec<Text>>>,
    space: f64,
}

/// What cells show beside their names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Labels {
    pub ids: bool,
    pub names: bool,
    /// The longest score that is to have room, in signs; 0 where nothing is scored.
    pub score: usize,
    /// Two scores, one for each tier.
    pub pair: bool,
}

/// How it fits.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// The size of a technique's name.
    pub text: f64,
    /// With a larger text a word would be broken.
    pub unbroken: f64,
    /// How many lanes each tactic has.
    pub lanes: Vec<usize>,
    /// How wide a lane is.
    pub lane: f64,
    /// Between two lanes.
    pub gap: f64,
    /// By matrix and column: the rows with which a lane begins, but for the first.
    pub breaks: Vec<Vec<Vec<usize>>>,
}

impl Texts {
    /// `wider`: how much wider the font is than what `words::width` takes it for.
    pub fn of(matrices: &[Matrix], knowledge: &Knowledge, labels: Labels, wider: f64) -> Self {
        let words = |text: &str, by: f64| -> Vec<Word> {
            let word =
                |(at, part): (usize, &str)| Word { wide: width(Font::Sans, part, 1.0) * by * wider, glued: at > 0 };
            text.split_whitespace().flat_map(|whole| whole.split_inclusive('-').enumerate().map(word)).collect()
        };
        let columns = matrices.first().map_or(&[][..], |matrix| &matrix.columns);
        let tactics = columns.iter().map(|column| words(knowledge.tactic_title(&column.tactic), BOLD * 1.04));
        let text = |cell: &super::Cell| {
            let technique = knowledge.technique(&cell.technique);
            let name = technique.map_or("", |technique| &technique.name);
            let id = if labels.ids { width(Font::Sans, cell.technique.as_str(), 0.86) * wider + 0.3 } else { 0.0 };
            let wild = technique.is_some_and(|technique| technique.seen_against_containers());
            let digits = "0".repeat(labels.score);
            let score = if labels.score == 0 || cell.place == Place::Heading {
                0.0
            } else {
                width(Font::Sans, &digits, 0.92 * BOLD) * wider + 0.3
            };
            let scores = if labels.pair { score * 2.0 + 0.5 } else { score };
            let closed = cell.subtechniques.is_some_and(|subtechniques| !subtechniques.open);
            let head = id + if wild { 0.9 } else { 0.0 } + scores + if closed { 2.0 } else { 0.0 };
            Text {
                head: (head > 0.0).then_some(head),
                words: if labels.names { words(name, 1.02) } else { Vec::new() },
                within: cell.parent.is_some(),
                begins: cell.parent.is_none(),
            }
        };
        let cells =
            |matrix: &Matrix| matrix.columns.iter().map(|column| column.cells.iter().map(text).collect()).collect();
        Self {
            tactics: tactics.collect(),
            cells: matrices.iter().map(cells).collect(),
            space: width(Font::Sans, " ", 1.0) * wider,
        }
    }

    /// The largest text with which all of it has room, and no larger than `most`.
    pub fn fit(&self, wide: f64, high: f64, most: f64) -> Fit {
        let room = Room { wide, high, most: most.max(LEAST) };
        let mut lanes = vec![1; self.tactics.len()];
        let mut best = (self.largest(&lanes, &room), lanes.clone());
        // One more lane at a time, where it lets the cells end highest at the size that is reached: two tall tactics need
        // one each before anything is won.
        for _ in 0..self.tactics.len() {
            let text = best.0.max(LEAST);
            let more = (0..lanes.len()).filter(|at| lanes[*at] < MOST_LANES).map(|at| {
                let mut more = lanes.clone();
                more[at] += 1;
                (self.high(&more, &Scale::of(text, &more, &room)), more)
            });
            let Some((_, more)) = more.min_by(|a, b| a.0.total_cmp(&b.0)) else { break };
            lanes = more;
            if self.fits(&lanes, text * 1.001, &room) {
                best = (self.largest(&lanes, &room), lanes.clone());
            }
        }
        self.fitted(best.1, best.0.max(LEAST), &room)
    }

    fn fitted(&self, lanes: Vec<usize>, text: f64, room: &Room) -> Fit {
        let scale = Scale::of(text, &lanes, room);
        let of_matrix = |columns: &Vec<Vec<Text>>| {
            let columns = columns.iter().zip(&lanes);
            columns.map(|(cells, lanes)| self.packed(cells, *lanes, &scale).1).collect()
        };
        let breaks = self.cells.iter().map(of_matrix).collect();
        Fit { text, unbroken: self.unbroken(scale.lane), lane: scale.lane, gap: scale.gap, lanes, breaks }
    }

    fn largest(&self, lanes: &[usize], room: &Room) -> f64 {
        let (mut low, mut high) = (0.0, room.most);
        if self.fits(lanes, high, room) {
            return high;
        }
        for _ in 0..14 {
            let middle = f64::midpoint(low, high);
            if self.fits(lanes, middle, room) {
                low = middle;
            } else {
                high = middle;
            }
        }
        low
    }

    fn fits(&self, lanes: &[usize], text: f64, room: &Room) -> bool {
        let scale = Scale::of(text, lanes, room);
        self.high(lanes, &scale) <= room.high && text <= self.unbroken(scale.lane)
    }

    /// The largest text with which no word has to be broken in a lane so wide, but for very long ones.
    fn unbroken(&self, lane: f64) -> f64 {
        let takes = |cell: &Text| {
            let longest = cell.words.iter().fold(0.0, |longest: f64, word| longest.max(word.wide.min(LONGEST_WORD)));
            longest + PAD_START + PAD_END + if cell.within { INDENT } else { 0.0 }
        };
        let most = self.cells.iter().flatten().flatten().map(takes).fold(PAD_START + PAD_END, f64::max);
        ((lane - BORDERS) * SURE / most).max(0.0)
    }

    /// All of it: headers, bands and cells.
    fn high(&self, lanes: &[usize], scale: &Scale) -> f64 {
        let band = if self.cells.len() > 1 { BAND * scale.text } else { 0.0 };
        let matrix = |columns: &Vec<Vec<Text>>| {
            let columns = columns.iter().zip(lanes);
            columns.map(|(cells, lanes)| self.packed(cells, *lanes, scale).0).fold(0.0, f64::max) + band
        };
        self.headers(lanes, scale) + self.cells.iter().map(matrix).sum::<f64>()
    }

    fn headers(&self, lanes: &[usize], scale: &Scale) -> f64 {
        let names = self.tactics.iter().zip(lanes).map(|(words, lanes)| {
            #[allow(clippy::cast_precision_loss)]
            let wide = scale.lane * *lanes as f64 + scale.gap * (*lanes as f64 - 1.0);
            self.lines(words, wide / scale.text)
        });
        (names.max().unwrap_or(0) as f64 * NAME_LINE + BELOW_NAMES) * scale.text
    }

    /// How high a tactic's cells stand in so many lanes of nearly the same height, and where lanes begin.
    fn packed(&self, cells: &[Text], lanes: usize, scale: &Scale) -> (f64, Vec<usize>) {
        let heights: Vec<f64> = cells.iter().map(|cell| self.cell(cell, scale)).collect();
        let gap = GAP * scale.text;
        let whole: f64 = heights.iter().map(|height| height + gap).sum();
        #[allow(clippy::cast_precision_loss)]
        let mut most = whole / lanes as f64;
        loop {
            let breaks = broken(cells, &heights, gap, most);
            if breaks.len() < lanes {
                return (tallest_lane(&heights, gap, &breaks), breaks);
            }
            most *= 1.03;
        }
    }

    fn cell(&self, cell: &Text, scale: &Scale) -> f64 {
        let inside = scale.inside(cell.within) / scale.text;
        let head = cell.head.map_or(0, |head| if head > inside { 2 } else { 1 });
        #[allow(clippy::cast_precision_loss)]
        let lines = (f64::from(head) * TOP_LINE).max(0.4) + self.lines(&cell.words, inside) as f64 * LINE;
        BORDERS + (PAD_ABOVE + lines + PAD_BELOW) * scale.text
    }

    /// How many lines words take, broken where they may be.
    fn lines(&self, words: &[Word], wide: f64) -> usize {
        let wide = wide.max(0.5);
        let (mut lines, mut line) = (0, f64::INFINITY);
        for word in words {
            let space = if word.glued { 0.0 } else { self.space };
            if line + space + word.wide <= wide {
                line += space + word.wide;
                continue;
            }
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a few lines
            let own = (word.wide / wide).ceil().clamp(1.0, 99.0) as usize;
            lines += own;
            line = word.wide - wide * (own as f64 - 1.0);
        }
        lines
    }
}

/// What there is room in.
struct Room {
    wide: f64,
    high: f64,
    most: f64,
}

struct Scale {
    text: f64,
    lane: f64,
    gap: f64,
}

impl Scale {
    fn of(text: f64, lanes: &[usize], room: &Room) -> Self {
        #[allow(clippy::cast_precision_loss)] // a few dozen
        let lanes = lanes.iter().sum::<usize>().max(1) as f64;
        let gap = BETWEEN * text;
        Self { text, gap, lane: ((room.wide - gap * (lanes - 1.0)) / lanes).max(1.0) }
    }

    /// Between the edges of a cell.
    fn inside(&self, within: bool) -> f64 {
        let indent = if within { INDENT } else { 0.0 };
        self.lane - BORDERS - (PAD_START + PAD_END + indent) * self.text
    }
}

/// Where lanes begin if none is to be higher than `most`: a technique stays with its sub-techniques where it can.
fn broken(cells: &[Text], heights: &[f64], gap: f64, most: f64) -> Vec<usize> {
    let mut breaks = Vec::new();
    let mut high = 0.0;
    let mut at = 0;
    while at < cells.len() {
        let end = (at + 1..cells.len()).find(|end| cells[*end].begins).unwrap_or(cells.len());
        let family: f64 = heights[at..end].iter().map(|height| height + gap).sum();
        if high + family > most + gap && high > 0.0 {
            breaks.push(at);
            high = 0.0;
        }
        for (row, height) in heights.iter().enumerate().take(end).skip(at) {
            if high + height > most && high > 0.0 && family > most {
                breaks.push(row);
                high = 0.0;
            }
            high += height + gap;
        }
        at = end;
    }
    breaks
}

fn tallest_lane(heights: &[f64], gap: f64, breaks: &[usize]) -> f64 {
    let starts = std::iter::once(0).chain(breaks.iter().copied());
    let ends = breaks.iter().copied().chain([heights.len()]);
    let lane = |(start, end): (usize, usize)| {
        let lane = heights.get(start..end).unwrap_or_default();
        lane.iter().map(|height| height + gap).sum::<f64>() - if lane.is_empty() { 0.0 } else { gap }
    };
    starts.zip(ends).map(lane).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests;
