//! What is in each menu of the bars, asked for when it opens.

use super::{
    menu::{Item, Which},
    status_bar::bundle_items,
    tabs_bar::{all_items, export_items, layer_items},
    toolbar::{annotate_items, color_items, layout_items, select_items, show_items, sort_items, tier_items},
};
use crate::app::state::App;

pub fn menu_items(app: App, which: Which) -> Vec<Item> {
    match which {
        Which::Layout => layout_items(app),
        Which::Show => show_items(app),
        Which::Sort => sort_items(app),
        Which::Colors => color_items(app),
        Which::Tiers => tier_items(app),
        Which::Select => select_items(app),
        Which::Annotate => annotate_items(),
        Which::Layer => layer_items(),
        Which::Export => export_items(),
        Which::AllLayers => all_items(app),
        Which::Bundles => bundle_items(app),
    }
}
