//! Several windows of one browser: each tells the others what it stored, none writes over what another has stored, and
//! where two have changed one layer the user chooses.

use super::{
    Known, STORED,
    database::{self, Change, LAYERS, Range, Record},
    restore::load_history,
};
use crate::{
    app::{
        browser, layers,
        state::{App, Message, Offer, TabId, Versions},
    },
    layer::{Edit, Layer, Ledger},
};
use leptos::prelude::*;
use std::sync::Arc;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use web_sys::{BroadcastChannel, MessageEvent};

const CHANNEL: &str = "bulkhead";

thread_local! {
    static OTHERS: Option<BroadcastChannel> = BroadcastChannel::new(CHANNEL).ok();
}

/// Hears of what other windows store.
pub fn listen(app: App) {
    let heard = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        let text = event.data().as_string().unwrap_or_default();
        text.lines().filter_map(|line| line.split_once(' ')).for_each(|(id, stamp)| heard(app, id, stamp));
    });
    OTHERS.with(|others| {
        if let Some(others) = others {
            others.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        }
    });
    heard.forget(); // as long as the page lives
}

/// Tells the other windows what this one has stored.
pub fn tell<'a>(stored: impl Iterator<Item = (&'a TabId, &'a str)>) {
    let lines: Vec<String> = stored.map(|(id, stamp)| format!("{id} {stamp}")).collect();
    OTHERS.with(|others| {
        if let Some(others) = others.as_ref().filter(|_| !lines.is_empty()) {
            let _ = others.post_message(&JsValue::from_str(&lines.join("\n")));
        }
    });
}

fn heard(app: App, id: &str, stamp: &str) {
    let Some(name) = name_of(app, id) else { return };
    let is_news = STORED.with(|stored| {
        let mut stored = stored.borrow_mut();
        let known = stored.layers.get(id).is_some_and(|known| known.stamp != stamp);
        let news = known && stored.told.iter().all(|told| **told != *id);
        if news {
            stored.told.push(id.into());
        }
        news
    });
    if is_news {
        let text = format!("\"{name}\" has been changed in another window since it was opened in this one.");
        ask(app, text, Versions { other: id.into(), mine: id.into() });
    }
}

fn name_of(app: App, id: &str) -> Option<String> {
    let name = |tabs: &Vec<crate::app::state::Tab>| {
        tabs.iter().find(|tab| *tab.id == *id).map(|tab| tab.history.present().name.clone())
    };
    app.tabs.with_untracked(name)
}

fn ask(app: App, text: String, versions: Versions) {
    let offers = vec![Offer::UseOther(versions.clone()), Offer::KeepMine(versions.clone()), Offer::Overwrite(versions)];
    app.message.set(Some(Message { offers, ..Message::failed(text) }));
}

/// Both windows changed the layer: this window's goes on under an id of its own and is stored, so that neither is lost
/// whatever happens, until the user has chosen.
pub fn keep_as_copy(app: App, id: &TabId) {
    let mine: TabId = browser::random_id().into();
    let name = name_of(app, id);
    rename(app, id, &mine);
    let Some(name) = name else {
        return app.say("A layer that was closed here was also changed in another window: both versions are kept.");
    };
    let text = format!("\"{name}\" was also changed in another window: this window's version is kept beside it.");
    ask(app, text, Versions { other: id.clone(), mine });
}

/// Gives a tab another id, whether it is open or was closed before it was stored.
fn rename(app: App, from: &TabId, to: &TabId) {
    if from == to {
        return;
    }
    for tabs in [app.tabs, app.closed] {
        tabs.update_untracked(|tabs| {
            if let Some(tab) = tabs.iter_mut().find(|tab| tab.id == *from) {
                tab.id = to.clone();
            }
        });
    }
    STORED.with(|stored| stored.borrow_mut().forget(from));
    if app.active.get_untracked() == *from {
        app.active.set(to.clone());
    }
    app.tabs.update(|_| {});
}

/// Puts what the other window stored in the place of what this window has.
pub fn use_other(app: App, versions: Versions) {
    leptos::task::spawn_local(async move {
        let Versions { other, mine } = versions;
        match read(&other).await {
            Ok(Some(record)) => put_in_place(app, &other, &mine, &record).await,
            Ok(None) => app.complain("The other window's version is not stored any more: this window's stays."),
            Err(error) => app.complain(format!("The other window's version can't be read: {error}.")),
        }
    });
}

async fn put_in_place(app: App, other: &TabId, mine: &TabId, record: &Record) {
    let Some(tab) = record.tab(other) else {
        return app.complain("The other window's version can't be read: this window's stays.");
    };
    let name = tab.history.present().name.clone();
    let was_active = app.active.get_untracked() == *mine;
    STORED.with(|stored| {
        let mut stored = stored.borrow_mut();
        stored.forget(mine);
        stored.know(other, tab.history.present().clone(), record.stamp.clone());
    });
    app.tabs.update_untracked(|tabs| {
        tabs.retain(|tab| tab.id == *mine || tab.id != *other);
        if let Some(place) = tabs.iter_mut().find(|tab| tab.id == *mine) {
            *place = tab;
        }
    });
    if was_active {
        app.active.set(other.clone());
    }
    app.tabs.update(|_| {});
    layers::activate(app, other.clone());
    load_history(app, other);
    if mine != other
        && let Err(error) = erase(mine).await
    {
        return app.complain(format!("This window's version could not be deleted: {error}."));
    }
    app.say(format!("\"{name}\" is shown as the other window stored it."));
}

/// This window's version is a layer of its own from now on.
pub fn keep_mine(app: App, versions: &Versions) {
    let Versions { other, mine } = versions;
    let name = name_of(app, mine).unwrap_or_default();
    let own: TabId = if mine == other { browser::random_id().into() } else { mine.clone() };
    rename(app, mine, &own);
    let copy = layers::free_name(app, &format!("{name} copy"));
    layers::activate(app, own);
    app.edit(&Edit::Name(copy.clone()));
    app.say(format!("This window's version is \"{copy}\" now; the other window's stays as it is."));
}

/// This window's version takes the place of what the other window stored.
pub fn overwrite(app: App, versions: Versions) {
    leptos::task::spawn_local(async move {
        let Versions { other, mine } = versions;
        let outcome = take_over(app, &other, &mine).await;
        match outcome {
            Ok(()) => {
                let name = name_of(app, &other).unwrap_or_default();
                app.say(format!("\"{name}\" is stored as this window has it."));
            }
            Err(error) => app.complain(format!("The other window's version was not overwritten: {error}.")),
        }
    });
}

async fn take_over(app: App, other: &TabId, mine: &TabId) -> Result<(), String> {
    let there = read(other).await?;
    database::change(vec![Change::Delete(Range::steps(other, 0, u32::MAX))]).await?;
    rename(app, mine, other);
    STORED.with(|stored| {
        let mut stored = stored.borrow_mut();
        stored.told.retain(|told| told != other);
        match there {
            // What is there is known now, and it is not what this window has.
            Some(Record { stamp, .. }) => {
                let layer = Arc::new(Layer::new("", "", None, Vec::new()));
                stored.layers.insert(other.clone(), Known { layer, stamp, history: Ledger::default() });
            }
            None => stored.forget(other),
        }
        stored.asked.push(other.clone());
    });
    if mine != other {
        erase(mine).await?;
    }
    app.tabs.update(|_| {});
    Ok(())
}

async fn read(id: &TabId) -> Result<Option<Record>, String> {
    let answers = database::ask(vec![Range::one(LAYERS, id)]).await?;
    Ok(answers.first().and_then(|answer| database::the_one(answer)).and_then(Record::read))
}

async fn erase(id: &TabId) -> Result<(), String> {
    database::change(Change::erase(id).into()).await.map(drop)
}
