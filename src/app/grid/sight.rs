//! What of the matrices is in sight just now.

use std::ops::Range;
use web_sys::{Element, HtmlElement};

/// A cell that begins so far above what is in sight, in pixels, ends above it too.
const TALLEST: f64 = 300.0;

/// Between these heights of the window.
pub struct Sight {
    from: f64,
    to: f64,
}

impl Sight {
    /// What is seen through what the matrices scroll in.
    pub fn of(matrices: &Element) -> Option<Self> {
        let frame = matrices.parent_element()?.get_bounding_client_rect();
        Some(Self { from: frame.top() - TALLEST, to: frame.bottom() })
    }

    /// The rows of a column that are in sight; a column's cells stand in their order.
    pub fn rows<T>(&self, column: &[T], element: impl Fn(&T) -> &HtmlElement) -> Range<usize> {
        let before = |edge: f64| column.partition_point(|cell| element(cell).get_bounding_client_rect().top() < edge);
        before(self.from)..before(self.to)
    }
}
