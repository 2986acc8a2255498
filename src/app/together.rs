//! Several things are opened one after the other, and each says how it went in the place of the one before. Here all that
//! was said becomes one message, so that what failed is not covered by what came after it.

use super::state::{App, Message};
use leptos::prelude::*;

/// What was said so far. To be noted after each, and told in the end.
pub struct Together {
    app: App,
    /// Of one alone nothing is kept back.
    several: bool,
    said: Vec<Message>,
}

impl Together {
    pub fn of(app: App, count: usize) -> Self {
        let several = count > 1;
        if several {
            app.message.set(None);
        }
        Self { app, several, said: Vec::new() }
    }

    pub fn note(&mut self) {
        if self.several
            && let Some(message) = self.app.message.get_untracked()
        {
            self.said.push(message);
            self.app.message.set(None);
        }
    }

    pub fn tell(self) {
        if self.several {
            self.app.message.set(one_of(self.said));
        }
    }
}

/// What failed speaks first, else what came last; the rest are details.
fn one_of(said: Vec<Message>) -> Option<Message> {
    let (mut failed, mut done): (Vec<Message>, Vec<Message>) = said.into_iter().partition(|message| message.failed);
    let mut first = match failed.len() {
        0 => done.pop()?,
        1 => failed.pop()?,
        many => Message::failed(format!("{many} of {} could not be opened.", many + done.len())),
    };
    for message in failed.into_iter().chain(done) {
        first.details.push(message.text);
        first.details.extend(message.details);
    }
    Some(first)
}
