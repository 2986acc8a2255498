//! What stands above and below a picture's matrices: name, description, bundle and scale, and the legend.

use super::{GAP, MARGIN, MOST_LINES, Picture, css, short};
use crate::{
    layer::{Gradient, LegendItem, Score},
    words::BOLD,
};
use std::fmt::Write;

impl Picture<'_> {
    pub(super) fn header(&mut self) {
        let parts = self.look.header;
        let room = self.look.width - 2.0 * MARGIN;
        let (layer, large) = (self.laid.layer, self.around() * 2.0);
        let scale = if parts.gradient { 260.0_f64.min(room / 3.0) } else { 0.0 };
        let beside = room - scale - GAP;
        self.open("header-box", MARGIN, self.bottom);
        let mut y = 0.0;
        if parts.about {
            let name = self.shortened(&layer.name, large * BOLD, beside);
            self.text(0.0, large, large, true, self.colors.text, &name);
            y = large * 1.35;
            for line in self.lines(&layer.description, self.around() * 1.1, beside, MOST_LINES) {
                y += self.around() * 1.35;
                self.text(0.0, y, self.around() * 1.1, false, self.colors.quiet, &line);
            }
        }
        let domain = parts.domain.then(|| self.laid.knowledge.release.words());
        for words in domain.into_iter().chain(parts.filters.then(|| self.filters())) {
            y += self.around() * 1.4;
            let words = self.shortened(&words, self.around(), beside);
            self.text(0.0, y, self.around(), false, self.colors.quiet, &words);
        }
        if parts.gradient {
            self.scale(room - scale, scale);
            y = y.max(self.around() * 4.0);
        }
        self.close();
        self.bottom += y + MARGIN;
    }

    /// Which techniques are shown, and how families are.
    fn filters(&self) -> String {
        let layer = self.laid.layer;
        let platforms = if layer.platforms.is_empty() { "all".to_owned() } else { layer.platforms.join(", ") };
        let mut words = format!("Platforms: {platforms}");
        if layer.display.show_aggregate {
            let _ = write!(words, "; aggregate scores: {}", layer.display.aggregate.word());
            if layer.display.count_unscored {
                words.push_str(", unscored as 0");
            }
        }
        words
    }

    /// The gradient with its ends, at the right of the header.
    fn scale(&mut self, x: f64, wide: f64) {
        const STEPS: u32 = 24;
        let Gradient { minimum, maximum, .. } = self.laid.layer.gradient;
        let (high, step) = (self.around() * 1.4, wide / f64::from(STEPS));
        for at in 0..STEPS {
            let gradient = &self.laid.layer.gradient;
            let share = (f64::from(at) + 0.5) / f64::from(STEPS);
            if let Some(score) = Score::new(gradient.score_at_share(share)) {
                let fill = css(gradient.color_of(score));
                let from = x + step * f64::from(at);
                let _ = write!(
                    self.body,
                    "<rect x=\"{}\" y=\"0\" width=\"{}\" height=\"{}\" fill=\"{fill}\"/>",
                    short(from),
                    short(step + 0.5),
                    short(high)
                );
            }
        }
        let (first, last) = (minimum.to_string(), maximum.to_string());
        let y = high + self.around() * 1.2;
        self.text(x, y, self.around(), false, self.colors.quiet, &self.shortened(&first, self.around(), wide / 2.0));
        let last = self.shortened(&last, self.around(), wide / 2.0);
        self.text_ending(x + wide, y, self.around(), false, self.colors.quiet, &last);
    }

    pub(super) fn legend(&mut self) {
        let items = self.laid.layer.legend.iter().filter_map(|item| match item {
            LegendItem::Item { color, label, .. } => Some((color.over(self.colors.ground), label.clone())),
            LegendItem::Other(_) => None,
        });
        let items: Vec<([u8; 3], String)> = items.collect();
        if items.is_empty() {
            return;
        }
        self.bottom += MARGIN;
        let (size, room) = (self.around(), self.look.width - 2.0 * MARGIN);
        let (mut x, mut y) = (0.0, 0.0);
        self.open("header-box legend", MARGIN, self.bottom);
        for (color, label) in items {
            let label = self.shortened(&label, size, room - size * 2.0);
            let wide = size * 1.6 + self.wide(&label, size) + MARGIN;
            if x > 0.0 && x + wide > room {
                (x, y) = (0.0, y + size * 1.8);
            }
            let _ = write!(
                self.body,
                "<rect x=\"{}\" y=\"{}\" width=\"{2}\" height=\"{2}\" fill=\"{3}\" stroke=\"{4}\"/>",
                short(x),
                short(y),
                short(size),
                css(color),
                css(self.colors.edge)
            );
            self.text(x + size * 1.6, y + size * 0.85, size, false, self.colors.text, &label);
            x += wide;
        }
        self.close();
        self.bottom += y + size * 1.2;
    }
}
