//! What a layer says of itself as a slide, as rows of its metadata: one for the slide, one for each of its steps. What they
//! say is `deck`'s.

use super::tiers::{self, row};
use crate::layer::{
    Metadata,
    deck::{MOST_STEPS, Slide, Step},
};

const SLIDE: &str = "slide";
const STEP: &str = "step";

pub(super) fn rows(slide: &Slide) -> impl Iterator<Item = Metadata> {
    let steps = slide.steps.iter().map(|step| row(STEP, &step.text()));
    slide.text().map(|text| row(SLIDE, &text)).into_iter().chain(steps)
}

/// Takes them out of a layer's metadata. What doesn't say what it should stays there; of what is too much, the last counts,
/// since what stays is written before it.
pub(super) fn take(metadata: &mut Vec<Metadata>) -> Slide {
    let mut said: Option<Slide> = None;
    let mut steps: Vec<Step> = Vec::new();
    tiers::take_from_the_end(metadata, |name, text| match name {
        SLIDE if said.is_none() => {
            said = Slide::from_text(text);
            said.is_some()
        }
        STEP if steps.len() < MOST_STEPS => {
            let step = Step::from_text(text);
            let is_one = step.is_some();
            steps.extend(step);
            is_one
        }
        _ => false,
    });
    steps.reverse();
    Slide { steps: steps.into(), ..said.unwrap_or_default() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layer::{Layer, deck::Show, read, write};

    fn read_again(layer: &Layer) -> Layer {
        read(write(layer, &[]).as_bytes()).unwrap().layers.remove(0)
    }

    #[test]
    fn of_more_than_one_slide_the_last_counts_and_the_rest_stays_where_it_is() {
        let rows = ["1", "2, left out", "not a place", "3"].map(|text| row(SLIDE, text));
        let written = Layer { metadata: rows.to_vec(), ..Layer::new("layer", "enterprise-attack", None, Vec::new()) };
        let once = read_again(&written);
        assert_eq!(once.slide.place, Some(3));
        assert_eq!(once.metadata, rows[..3]);
        assert_eq!(read_again(&once), once);
    }

    #[test]
    fn of_too_many_steps_the_last_count_and_the_rest_stays_where_it_is() {
        let steps: Vec<Step> =
            (0..MOST_STEPS + 5).map(|at| Step { show: Show::Tactics, notes: format!("{at}") }).collect();
        let rows: Vec<Metadata> = steps.iter().map(|step| row(STEP, &step.text())).collect();
        let written = Layer { metadata: rows.clone(), ..Layer::new("layer", "enterprise-attack", None, Vec::new()) };
        let once = read_again(&written);
        assert_eq!(*once.slide.steps, steps[5..]);
        assert_eq!(once.metadata, rows[..5]);
        assert_eq!(read_again(&once), once);
    }
}
