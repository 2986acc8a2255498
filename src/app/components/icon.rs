//! Our own icons: 24 units wide, drawn with the ink around them.

use crate::app::browser;
use web_sys::Element;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    Logo,
    Across,
    Add,
    Back,
    Chevron,
    Close,
    Down,
    Download,
    Edit,
    Help,
    Inspector,
    Moon,
    Pin,
    Redo,
    Search,
    Sun,
    Undo,
    Up,
    Warning,
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Self::Logo => "M3 8.5 12 4l9 4.5v7L12 20l-9-4.5z",
            Self::Across => "M4 8h13m0 0-4-4m4 4-4 4M20 16H7m0 0 4-4m-4 4 4 4",
            Self::Add => "M12 5v14M5 12h14",
            Self::Back => "M14 6l-6 6 6 6M8 12h11",
            Self::Chevron | Self::Down => "m7 10 5 5 5-5",
            Self::Close => "M7 7l10 10M17 7 7 17",
            Self::Download => "M12 4v10m0 0 4-4m-4 4-4-4M5 19h14",
            Self::Edit => "M5 19l1-4L16 5l3 3L9 18z",
            Self::Help => {
                "M9.5 9.5a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.8M12 16.8v.2M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17z"
            }
            Self::Inspector => "M4 5h16v14H4zM14.5 5v14",
            Self::Moon => "M19 14.5A7.5 7.5 0 0 1 9.5 5a7.5 7.5 0 1 0 9.5 9.5z",
            Self::Pin => "M9 4h6l-1 6 3 3v2H7v-2l3-3zM12 15v6",
            Self::Redo => "M19 9h-9a5 5 0 0 0 0 10h4M19 9l-4-4m4 4-4 4",
            Self::Search => "M10.5 4.5a6 6 0 1 0 0 12 6 6 0 0 0 0-12zM15 15l5 5",
            Self::Sun => {
                "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4"
            }
            Self::Undo => "M5 9h9a5 5 0 0 1 0 10h-4M5 9l4-4M5 9l4 4",
            Self::Up => "m7 14 5-5 5 5",
            Self::Warning => "M12 4 2.5 20h19zM12 10v4.5M12 17v.2",
        }
    }

    /// The icon as an element; what it means is said by the control around it.
    pub fn draw(self) -> Element {
        let svg = element("svg", &[("class", "icon"), ("viewBox", "0 0 24 24"), ("aria-hidden", "true")]);
        let _ = svg.append_child(&element("path", &[("d", self.path())]));
        if self == Self::Logo {
            let _ = svg.append_child(&element("path", &[("d", "M12 4v16"), ("class", "icon-wall")]));
        }
        svg
    }
}

pub fn element(tag: &str, attributes: &[(&str, &str)]) -> Element {
    #[allow(clippy::expect_used)] // tags are ours
    let element = browser::document().create_element_ns(Some("http://www.w3.org/2000/svg"), tag).expect("a valid tag");
    for (name, value) in attributes {
        let _ = element.set_attribute(name, value);
    }
    element
}
