//! When a command can be run, and what is missing where it can't.

use super::Command;
use crate::app::custom::CommandSet;

/// What must be there for a command to make sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    Nothing,
    /// A selected or focused technique.
    Target,
    SomethingToUndo,
    SomethingToRedo,
    /// A layer that scores tiers separately.
    TiersApart,
    /// A bundle that is being read.
    Reading,
    /// A focused technique.
    Focus,
    /// A target, and annotations that were copied.
    Copied,
    /// Another version of the app that waits.
    Update,
    /// A presentation that is going on.
    Presenting,
    /// Layers that whoever set the app up named.
    Site,
}

/// What is there just now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Situation {
    pub target: bool,
    pub can_undo: bool,
    pub can_redo: bool,
    pub tiers_apart: bool,
    pub reading: bool,
    pub focus: bool,
    pub copied: bool,
    pub update: bool,
    pub presenting: bool,
    pub site: bool,
    /// What whoever set the app up switched off.
    pub off: CommandSet,
}

impl Command {
    pub fn available(self, situation: Situation) -> bool {
        !situation.off.has(self) && self.has_what_it_needs(situation)
    }

    /// The attribute `disabled` of its controls: absent where it can be run, `off` where it is switched off, for the style
    /// to take it away.
    pub fn disabled(self, situation: Situation) -> Option<&'static str> {
        match self.has_what_it_needs(situation) {
            _ if situation.off.has(self) => Some("off"),
            true => None,
            false => Some(""),
        }
    }

    fn has_what_it_needs(self, situation: Situation) -> bool {
        match self.needs() {
            Needs::Nothing => true,
            Needs::Target => situation.target,
            Needs::SomethingToUndo => situation.can_undo,
            Needs::SomethingToRedo => situation.can_redo,
            Needs::TiersApart => situation.tiers_apart,
            Needs::Reading => situation.reading,
            Needs::Focus => situation.focus,
            Needs::Copied => situation.target && situation.copied,
            Needs::Update => situation.update,
            Needs::Presenting => situation.presenting,
            Needs::Site => situation.site,
        }
    }

    /// Why it can't be run just now.
    pub fn missing(self) -> &'static str {
        match self.needs() {
            Needs::Nothing => "",
            Needs::Target => "Select a technique first.",
            Needs::SomethingToUndo => "There is nothing to undo.",
            Needs::SomethingToRedo => "There is nothing to do again.",
            Needs::Reading => "No bundle is being read.",
            Needs::TiersApart => "Score orchestration and container separately first.",
            Needs::Focus => "Go to a technique first.",
            Needs::Update => "There is no new version of Bulkhead.",
            Needs::Presenting => "Present first.",
            Needs::Site => "This site names no layers.",
            Needs::Copied => "Copy a technique's annotations first, and select where they go.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_available_when_what_it_needs_is_there() {
        let nothing = Situation::default();
        assert!(Command::ViewSplit.available(nothing));
        assert!(!Command::AnnotateClear.available(nothing));
        assert!(Command::AnnotateClear.available(Situation { target: true, ..nothing }));
        assert!(!Command::EditUndo.available(nothing));
        assert!(!Command::AnnotatePaste.available(Situation { target: true, ..nothing }));
        assert!(Command::AnnotatePaste.available(Situation { target: true, copied: true, ..nothing }));
        assert!(!Command::SelectTactic.available(Situation { target: true, ..nothing }));
    }
}
