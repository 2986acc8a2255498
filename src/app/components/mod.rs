//! The page around the matrices. Components run commands and show state; they hold no rules.

mod about;
mod annotation;
mod control;
mod dialogs;
mod icon;
mod inspector;
mod layer_dialog;
mod lists;
mod menu;
mod message;
mod palette;
mod shell;
mod shown;
mod status_bar;
mod tabs_bar;
pub mod theme;
mod toolbar;

pub use shell::root;
