//! What a bundle tells in words: paragraphs, lists and code, with ways to the techniques that it names.

use super::details::link;
use crate::{
    app::{
        dom::{El, el},
        run,
        state::App,
    },
    attack::Knowledge,
    layer::is_safe_url,
    prose::{Block, BlockKind, Look, Piece, prose},
};
use wasm_bindgen::JsCast;
use web_sys::MouseEvent;

/// What our descriptions begin with is set off.
const LABELS: [&str; 2] = ["In the cluster:", "In the container:"];

pub fn told(app: App, knowledge: &Knowledge, text: &str) -> El {
    el("div", "prose").children(prose(text).iter().map(|block| shown(app, knowledge, block)))
}

fn shown(app: App, knowledge: &Knowledge, Block { kind, pieces }: &Block) -> El {
    let block = match kind {
        BlockKind::Paragraph => el("p", ""),
        BlockKind::Heading => el("h4", ""),
        BlockKind::Item => el("p", "prose-item"),
        BlockKind::Code => el("pre", "prose-code"),
    };
    pieces.iter().fold(block, |block, Piece { text, look, url }| match (url, look) {
        (Some(url), _) => block.child(&way(app, knowledge, url, text)),
        (None, Look::Plain) => match LABELS.iter().find_map(|label| Some((label, text.strip_prefix(label)?))) {
            Some((label, rest)) => block.child(&el("b", "").text(label)).text(rest),
            None => block.text(text),
        },
        (None, Look::Emphasis) => block.child(&el("em", "").text(text)),
        (None, Look::Strong) => block.child(&el("b", "").text(text)),
        (None, Look::Code) => block.child(&el("code", "").text(text)),
    })
}

/// To the web, but of a technique of this bundle to its cell. Who wants its page all the same opens it in another tab.
fn way(app: App, knowledge: &Knowledge, url: &str, words: &str) -> El {
    let way = link(url, words);
    let here = knowledge.techniques.iter().find(|technique| technique.url.as_deref() == Some(url));
    let Some(id) = here.filter(|_| is_safe_url(url)).map(|technique| technique.id.clone()) else { return way };
    way.attr("title", &format!("Show {id} in the matrix")).on("click", move |event| {
        let held = event.unchecked_ref::<MouseEvent>();
        if !(held.ctrl_key() || held.meta_key() || held.shift_key()) {
            event.prevent_default();
            run::reveal(app, &id);
        }
    })
}
