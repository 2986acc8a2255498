//! What is kept beside the layers: tiers of the user's own, one record a bundle, and drafts, one record each. What another
//! window has stored meanwhile is not written over: of a bundle's tiers only what changed is put into what is there.

use super::database::{self, Change, DRAFTS, Decide, Range, TIERS};
use crate::{
    app::beside::Own,
    attack::{TechniqueId, assignment::Judgement, draft::Draft},
    trail::{self, Changed},
};
use std::{cell::RefCell, rc::Rc};

/// A bundle's name and the tiers for it; a draft's id and the draft.
pub type Kept = (Vec<(String, Own)>, Vec<(String, Draft)>);

/// Why no tiers are stored where there are some already that this release can't read: they would be lost.
const NOT_READ: &str =
    "the tiers that are kept for this bundle can't be read by this version of Bulkhead, and stay as they are";

/// Everything that is kept; what can't be read is left where it is.
pub async fn load_beside() -> Result<Kept, String> {
    let mut answers = database::ask(vec![Range::all(TIERS), Range::all(DRAFTS)]).await?.into_iter();
    let tiers = answers.next().unwrap_or_default().into_iter();
    let tiers = tiers.filter_map(|(name, value)| Some((name, serde_json::from_str(&value.as_string()?).ok()?)));
    let drafts = answers.next().unwrap_or_default().into_iter();
    let drafts = drafts.filter_map(|(id, value)| Some((id, serde_json::from_str(&value.as_string()?).ok()?)));
    Ok((tiers.collect(), drafts.collect()))
}

/// Stores the changes of a bundle's tiers, with everything else that is said of them; gives back what is there then.
pub async fn store_tiers(name: &str, own: Own, changes: Vec<Changed<TechniqueId, Judgement>>) -> Result<Own, String> {
    let stored: Rc<RefCell<Own>> = Rc::default();
    let (key, outcome) = (name.to_owned(), stored.clone());
    let decide: Decide = Box::new(move |answers| {
        let there = answers.first().and_then(|answer| database::the_one(answer)).and_then(|value| value.as_string());
        let there: Option<Own> = there.map(|text| serde_json::from_str(&text)).transpose().map_err(|_| NOT_READ)?;
        let mut next = own;
        if let Some(there) = there {
            next.assignment = there.assignment;
            trail::apply(next.assignment.judgements_mut(), &changes);
        }
        let text = serde_json::to_string(&next).map_err(database::words)?;
        *outcome.borrow_mut() = next;
        Ok(vec![Change::put(TIERS, &key, &text)])
    });
    database::exchange(vec![Range::one(TIERS, name)], decide).await?;
    Ok(stored.take())
}

/// Stores a draft, or takes it out.
pub async fn store_draft(id: &str, draft: Option<&Draft>) -> Result<(), String> {
    let change = match draft {
        Some(draft) => Change::put(DRAFTS, id, &serde_json::to_string(draft).map_err(database::words)?),
        None => Change::Delete(Range::one(DRAFTS, id)),
    };
    database::change(vec![change]).await.map(|_| ())
}
