//! Gradients made of gradients: what an editor does to one. Each gives the next value; making it an edit is the caller's.

use super::{Color, Gradient, Preset, gradient::STEPS};

impl Gradient {
    /// The colours of a preset between the ends that are there.
    pub fn with_preset(&self, preset: Preset) -> Self {
        Self { colors: preset.colors(), ..self.clone() }
    }

    pub fn reversed(&self) -> Self {
        Self { colors: self.colors.iter().rev().cloned().collect(), ..self.clone() }
    }

    pub fn with_color(&self, at: usize, color: Color) -> Self {
        self.changed(|colors| {
            if let Some(place) = colors.get_mut(at) {
                *place = color;
            }
        })
    }

    /// A colour more after the one at `at`: half-way to the next one, or after the last a copy of it, as the official
    /// Navigator does it. There are never more colours than a gradient has steps.
    pub fn with_color_after(&self, at: usize) -> Self {
        self.changed(|colors| {
            let Some(before) = colors.get(at).filter(|_| colors.len() < STEPS) else { return };
            let between = colors.get(at + 1).map_or_else(|| before.clone(), |after| half_way(before, after));
            colors.insert(at + 1, between);
        })
    }

    /// Without the colour at `at`; two always stay.
    pub fn without_color(&self, at: usize) -> Self {
        self.changed(|colors| {
            if colors.len() > 2 && at < colors.len() {
                colors.remove(at);
            }
        })
    }

    /// With the colour at `from` at the place `to`; those between make room.
    pub fn with_color_moved(&self, from: usize, to: usize) -> Self {
        self.changed(|colors| {
            if from < colors.len() && to < colors.len() {
                let color = colors.remove(from);
                colors.insert(to, color);
            }
        })
    }

    /// The score that has the colour at `at`.
    pub fn score_at(&self, at: usize) -> f64 {
        #[allow(clippy::cast_precision_loss)] // a handful of colours
        let share = at as f64 / self.colors.len().saturating_sub(1).max(1) as f64;
        self.score_at_share(share)
    }

    /// The score that lies so far on the way from the low end (0) to the high one (1).
    pub fn score_at_share(&self, share: f64) -> f64 {
        // So that ends far apart have a middle.
        self.minimum * (1.0 - share) + self.maximum * share
    }

    /// What is wrong with the ends, in a sentence for the user. A file may have them so.
    pub fn fault(&self) -> Option<&'static str> {
        (self.minimum >= self.maximum).then_some(
            "The low end is not below the high end, so there is nothing between the first colour and the last.",
        )
    }

    fn changed(&self, change: impl FnOnce(&mut Vec<Color>)) -> Self {
        let mut next = self.clone();
        change(&mut next.colors);
        next
    }
}

fn half_way(one: &Color, other: &Color) -> Color {
    let (one, other) = (one.rgba(), other.rgba());
    Color::from_rgba(std::array::from_fn(|at| one[at].midpoint(other[at])))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gradient(colors: &str) -> Gradient {
        Gradient { colors: colors.split(' ').map(|text| Color::parse(text).unwrap()).collect(), ..Gradient::default() }
    }

    fn told(gradient: &Gradient) -> String {
        gradient.colors.iter().map(Color::as_str).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn each_edit_gives_the_gradient_that_one_expects() {
        let three = gradient("#ff0000 #00ff00 #0000ff80");
        let cases = [
            ("after the first", three.with_color_after(0), "#ff0000 #7f7f00 #00ff00 #0000ff80"),
            ("after the second", three.with_color_after(1), "#ff0000 #00ff00 #007f7fbf #0000ff80"),
            ("after the last", three.with_color_after(2), "#ff0000 #00ff00 #0000ff80 #0000ff80"),
            ("after none", three.with_color_after(3), "#ff0000 #00ff00 #0000ff80"),
            ("without the first", three.without_color(0), "#00ff00 #0000ff80"),
            ("without one more", three.without_color(0).without_color(0), "#00ff00 #0000ff80"),
            ("without none", three.without_color(3), "#ff0000 #00ff00 #0000ff80"),
            ("first to last", three.with_color_moved(0, 2), "#00ff00 #0000ff80 #ff0000"),
            ("last to first", three.with_color_moved(2, 0), "#0000ff80 #ff0000 #00ff00"),
            ("out of range", three.with_color_moved(0, 3), "#ff0000 #00ff00 #0000ff80"),
            ("reversed", three.reversed(), "#0000ff80 #00ff00 #ff0000"),
            ("recoloured", three.with_color(1, Color::parse("red").unwrap()), "#ff0000 red #0000ff80"),
            ("recoloured nowhere", three.with_color(9, Color::parse("red").unwrap()), "#ff0000 #00ff00 #0000ff80"),
        ];
        for (what, edited, expected) in cases {
            assert_eq!(told(&edited), expected, "{what}");
            assert_eq!((edited.minimum, edited.maximum), (0.0, 100.0), "{what}");
        }
    }

    #[test]
    fn a_preset_keeps_the_ends() {
        let own = Gradient { minimum: -5.0, maximum: 5.0, ..Gradient::default() };
        let next = own.with_preset(Preset::from_word("blue-red").unwrap());
        assert_eq!((told(&next).as_str(), next.minimum, next.maximum), ("#66b1ff #ff66f4 #ff6666", -5.0, 5.0));
    }

    #[test]
    fn there_are_never_more_colours_than_steps() {
        let mut many = gradient("#000000 #ffffff");
        for _ in 0..200 {
            many = many.with_color_after(0);
        }
        assert_eq!(many.colors.len(), STEPS);
    }

    #[test]
    fn colours_stand_at_equal_distances() {
        let own = |minimum: f64, maximum: f64| Gradient { minimum, maximum, ..Gradient::default() };
        let cases = [
            (own(0.0, 100.0), [0.0, 50.0, 100.0]),
            (own(-10.0, 10.0), [-10.0, 0.0, 10.0]),
            (own(-1.7e308, 1.7e308), [-1.7e308, 0.0, 1.7e308]),
            (own(5.0, 5.0), [5.0, 5.0, 5.0]),
        ];
        for (gradient, expected) in cases {
            assert_eq!([0, 1, 2].map(|at| gradient.score_at(at)), expected);
        }
    }

    #[test]
    fn ends_that_leave_nothing_between_are_told() {
        for (minimum, maximum, is_fault) in [(0.0, 100.0, false), (5.0, 5.0, true), (100.0, 0.0, true)] {
            assert_eq!(Gradient { minimum, maximum, ..Gradient::default() }.fault().is_some(), is_fault);
        }
    }
}
