//! The version of the layer format, as a file says it. What was different in an earlier one is where it is read.

use std::fmt;

/// A version of the layer format: 1.0 to 4.5 are opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Format {
    pub major: u32,
    pub minor: u32,
}

impl Format {
    /// The one that is written.
    pub const NEWEST: Self = Self { major: 4, minor: 5 };

    /// From `4.5`, or a bare `3`. `None` where the major version isn't known; within a major version, what a later minor
    /// one adds is kept as unknown.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (major, minor) = text.split_once('.').unwrap_or((text, ""));
        let major = major.parse().ok().filter(|major| (1..=Self::NEWEST.major).contains(major))?;
        Some(Self { major, minor: minor.parse().unwrap_or(0) })
    }

    /// Format 4 came after sub-techniques: earlier layers may have technique ids that were revoked for them, stages, and
    /// the view modes of their time.
    pub fn is_before_4(self) -> bool {
        self.major < 4
    }

    pub(super) fn is_later(self) -> bool {
        self.major == Self::NEWEST.major && self.minor > Self::NEWEST.minor
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}
