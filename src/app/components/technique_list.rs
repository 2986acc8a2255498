//! Techniques in a list: id and name, each a way to its cell.

use crate::{
    app::{
        dom::{El, button, el},
        run,
        state::App,
    },
    attack::Technique,
};

/// So many are listed before the rest is asked for.
const FIRST: usize = 14;

/// The techniques, the first of them at once.
pub fn listed(app: App, techniques: &[&Technique]) -> Vec<El> {
    let list = |some: &[&Technique]| el("ul", "plain-list").children(some.iter().map(|technique| line(app, technique)));
    if techniques.is_empty() {
        return Vec::new();
    }
    if techniques.len() <= FIRST + 2 {
        return vec![list(techniques)];
    }
    let (first, rest) = techniques.split_at(FIRST);
    let more = el("summary", "").text(&format!("{} more", rest.len()));
    vec![list(first), el("details", "more").child(&more).child(&list(rest))]
}

fn line(app: App, technique: &Technique) -> El {
    let own = technique.id.clone();
    let line = button("list-button").child(&el("span", "list-id").text(technique.id.as_str())).text(&technique.name);
    el("li", "").child(&line.on_click(move || run::reveal(app, &own)))
}
