//! Where on the screen something stands that belongs to a cell: beside it, never on it, or at the pointer.

/// Left, top, width and height, in pixels of the window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    pub left: f64,
    pub top: f64,
    pub width: f64,
    pub height: f64,
}

/// Between it and what it belongs to.
const GAP: f64 = 8.0;
/// Between it and the window's edge.
const MARGIN: f64 = 6.0;

impl Area {
    pub fn right(self) -> f64 {
        self.left + self.width
    }

    pub fn bottom(self) -> f64 {
        self.top + self.height
    }
}

/// Left and top of something of this size beside an area: at its right, its left, under it or over it, wherever it has
/// room; where it has nowhere, at the side with the most.
pub fn beside(anchor: Area, (width, height): (f64, f64), window: (f64, f64)) -> (f64, f64) {
    let along = |start: f64, size: f64, whole: f64| start.min(whole - MARGIN - size).max(MARGIN);
    let top = along(anchor.top, height, window.1);
    let left = along(anchor.left, width, window.0);
    let room_right = window.0 - MARGIN - GAP - anchor.right();
    let room_left = anchor.left - GAP - MARGIN;
    let room_below = window.1 - MARGIN - GAP - anchor.bottom();
    let sides = [
        (room_right - width, (anchor.right() + GAP, top)),
        (room_left - width, (anchor.left - GAP - width, top)),
        (room_below - height, (left, anchor.bottom() + GAP)),
        (anchor.top - GAP - MARGIN - height, (left, anchor.top - GAP - height)),
    ];
    let fits = sides.iter().find(|(spare, _)| *spare >= 0.0);
    let most = || sides.iter().fold(&sides[0], |best, side| if side.0 > best.0 { side } else { best });
    fits.unwrap_or_else(most).1
}

/// Left and top of something of this size at a point: right of it and under it, or to the other sides where it would
/// leave the window.
pub fn at_point((x, y): (f64, f64), (width, height): (f64, f64), window: (f64, f64)) -> (f64, f64) {
    let along = |at: f64, size: f64, whole: f64| {
        let flipped = if at + size <= whole - MARGIN { at } else { at - size };
        if flipped < MARGIN { (whole - MARGIN - size).max(MARGIN).min(at.max(MARGIN)) } else { flipped }
    };
    (along(x, width, window.0), along(y, height, window.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: (f64, f64) = (1280.0, 720.0);

    fn area(left: f64, top: f64, width: f64, height: f64) -> Area {
        Area { left, top, width, height }
    }

    fn overlaps(a: Area, b: Area) -> bool {
        a.left < b.right() && b.left < a.right() && a.top < b.bottom() && b.top < a.bottom()
    }

    #[test]
    fn it_stands_at_the_first_side_that_has_room() {
        let size = (320.0, 240.0);
        let cases = [
            (area(100.0, 100.0, 120.0, 50.0), (228.0, 100.0)),
            (area(1000.0, 100.0, 120.0, 50.0), (672.0, 100.0)),
            (area(100.0, 690.0, 120.0, 20.0), (228.0, 474.0)),
            (area(100.0, 100.0, 1000.0, 50.0), (100.0, 158.0)),
            (area(100.0, 600.0, 1000.0, 50.0), (100.0, 352.0)),
        ];
        for (anchor, expected) in cases {
            assert_eq!(beside(anchor, size, WINDOW), expected, "{anchor:?}");
        }
    }

    #[test]
    fn it_never_covers_what_it_belongs_to_nor_leaves_the_window() {
        for left in (0..1160).step_by(37) {
            for top in (0..680).step_by(29) {
                let anchor = area(f64::from(left), f64::from(top), 120.0, 44.0);
                for (width, height) in [(320.0, 100.0), (380.0, 324.0), (180.0, 30.0)] {
                    let (left, top) = beside(anchor, (width, height), WINDOW);
                    let placed = area(left, top, width, height);
                    assert!(!overlaps(anchor, placed), "{anchor:?} {placed:?}");
                    assert!(left >= 0.0 && top >= 0.0, "{placed:?}");
                    assert!(placed.right() <= WINDOW.0 && placed.bottom() <= WINDOW.1, "{placed:?}");
                }
            }
        }
    }

    #[test]
    fn a_menu_opens_at_the_pointer_inside_the_window() {
        let size = (300.0, 500.0);
        let cases = [
            ((10.0, 10.0), (10.0, 10.0)),
            ((1200.0, 10.0), (900.0, 10.0)),
            ((10.0, 650.0), (10.0, 150.0)),
            ((1279.0, 719.0), (979.0, 219.0)),
            ((10.0, 400.0), (10.0, 214.0)),
        ];
        for (point, expected) in cases {
            assert_eq!(at_point(point, size, WINDOW), expected, "{point:?}");
        }
        let (_, top) = at_point((10.0, 400.0), (300.0, 900.0), WINDOW);
        assert!((top - MARGIN).abs() < 1e-9);
    }
}
