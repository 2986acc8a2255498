//! Every word of a bundle, and whose it is. A word that is typed is looked up among all that begin like it; what it counts
//! depends on where it stands, how well it fits, and how few have it.

use super::{
    counts::Counts,
    synonyms,
    words::{beginning, fit, words},
};
use crate::{
    attack::{Kind, Knowledge, Subject, Technique, TechniqueId, Told},
    order,
};
use rustc_hash::FxHashMap;
use std::{collections::BTreeMap, ops::Bound};

/// Of what is typed so many words are looked for: what has more was pasted, and each is sought in every name.
const MOST_WORDS: usize = 40;

/// Shares of a query that differ by less are the same, added up in another way; those of [`MOST_WORDS`] differ by more.
const SAME: f32 = 0.01;

/// What can be found of a bundle.
#[derive(Debug, Default)]
pub struct Index {
    entries: Vec<Entry>,
    words: BTreeMap<Box<str>, Vec<Posting>>,
    /// How many of the entries have given their descriptions.
    described: usize,
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    pub subject: Subject,
    pub name: String,
    /// How many techniques it touches.
    pub techniques: usize,
    /// Of no use but to be compared.
    pub score: f32,
}

#[derive(Debug)]
struct Entry {
    subject: Subject,
    name: String,
    /// In lower case: as it is shown, and as it is numbered.
    lower: String,
    key: String,
    aliases: Vec<String>,
    techniques: usize,
    /// How much it counts among others that fit as well.
    weight: f32,
}

/// A word of an entry.
#[derive(Debug, Clone, Copy)]
struct Posting {
    entry: u32,
    field: Field,
    /// How often it stands there.
    times: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Name,
    Alias,
    /// The technique that it is a part of.
    Parent,
    /// What its platform means, said or not: see [`CONTAINERS`].
    About,
    /// Who was seen using it against containers.
    Seen,
    /// What Bulkhead says of it.
    Ours,
    /// What the bundle says of it.
    Text,
}

impl Field {
    fn weight(self) -> f32 {
        match self {
            Self::Name => 10.0,
            Self::Alias => 8.0,
            Self::Seen => 4.0,
            Self::Parent => 3.0,
            Self::Ours => 2.5,
            Self::Text => 2.0,
            Self::About => 1.0,
        }
    }
}

impl Kind {
    /// Techniques are what is looked for; a detection only repeats a technique's name.
    fn weight(self) -> f32 {
        match self {
            Self::Technique => 1.0,
            Self::Tactic | Self::Group | Self::Software | Self::Campaign => 0.9,
            Self::Mitigation | Self::Asset => 0.7,
            Self::Component => 0.6,
            Self::Detection => 0.4,
        }
    }
}

impl Index {
    /// Everything by its name; descriptions are [`Index::describe`]'s.
    pub fn new(knowledge: &Knowledge) -> Self {
        let mut index = Self::default();
        let mut counts = Counts::of(knowledge);
        let users = knowledge.actors.len().max(1);
        for told in knowledge.subjects() {
            let (subject, name) = (Subject::of(told), told.name());
            let (lower, key) = (name.to_ascii_lowercase(), subject.key.to_ascii_lowercase());
            let weight = subject.kind.weight() * importance(told, users);
            index.entries.push(Entry {
                techniques: counts.next(told),
                subject,
                aliases: match told {
                    Told::Actor(actor) => actor.aliases.iter().map(|alias| alias.to_ascii_lowercase()).collect(),
                    Told::Asset(asset) => asset.aliases.iter().map(|alias| alias.to_ascii_lowercase()).collect(),
                    _ => Vec::new(),
                },
                lower,
                key,
                weight,
                name: name.clone(),
            });
            index.take(Field::Name, [name.as_str()]);
            match told {
                Told::Technique(technique) => {
                    index.take(Field::About, is_about_containers(technique).then_some(CONTAINERS));
                    index.take(Field::Parent, knowledge.parent_of(technique).map(|parent| parent.name.as_str()));
                    let seen = technique.uses.iter().filter(|seen| seen.container_related);
                    let actors = seen.filter_map(|seen| knowledge.actors.get(seen.actor));
                    index.take(Field::Seen, actors.map(|actor| actor.name.as_str()));
                }
                Told::Actor(actor) => index.take(Field::Alias, actor.aliases.iter().map(String::as_str)),
                Told::Asset(asset) => index.take(Field::Alias, asset.aliases.iter().map(String::as_str)),
                _ => {}
            }
        }
        index
    }

    /// Takes in so many descriptions more; whether there are still others. `ours` is the bundle that has our own.
    pub fn describe(&mut self, knowledge: &Knowledge, ours: Option<&Knowledge>, most: usize) -> bool {
        let end = self.entries.len().min(self.described + most);
        for at in self.described..end {
            let subject = &self.entries[at].subject;
            let Some(id) = id_of(subject) else {
                // Techniques come first, and nothing else is described.
                self.described = self.entries.len();
                return false;
            };
            let own = knowledge.technique(&id).map(|technique| technique.description.as_str());
            let ours = ours.and_then(|ours| ours.technique(&id)).map(|technique| technique.description.as_str());
            self.take_for(at, Field::Text, own);
            self.take_for(at, Field::Ours, ours.filter(|ours| own != Some(ours)));
        }
        self.described = end;
        end < self.entries.len()
    }

    /// Takes the words of the last entry.
    fn take<'t>(&mut self, field: Field, texts: impl IntoIterator<Item = &'t str>) {
        self.take_for(self.entries.len() - 1, field, texts);
    }

    fn take_for<'t>(&mut self, at: usize, field: Field, texts: impl IntoIterator<Item = &'t str>) {
        let entry = u32::try_from(at).unwrap_or(u32::MAX);
        for text in texts {
            words(text, |word| {
                let postings = match self.words.get_mut(word) {
                    Some(postings) => postings,
                    None => self.words.entry(word.into()).or_default(),
                };
                match postings.last_mut() {
                    Some(last) if last.entry == entry && last.field == field => {
                        last.times = last.times.saturating_add(1)
                    }
                    _ => postings.push(Posting { entry, field, times: 1 }),
                }
            });
        }
    }

    /// What fits, the best first. What has all words that are typed; or, where nothing has, what has most of them.
    pub fn find(&self, query: &str) -> Vec<Hit> {
        let query = query.split_whitespace().collect::<Vec<_>>().join(" ").to_ascii_lowercase();
        if query.is_empty() {
            return Vec::new();
        }
        let mut best = vec![Found::default(); self.entries.len()];
        self.score(&query, 1.0, &mut best);
        for meant in synonyms::meant(&query) {
            self.score(&meant, 0.9, &mut best);
        }
        let covered = best.iter().map(|found| found.covered).fold(0.0, f32::max);
        let found = best.iter().zip(&self.entries).filter(|(it, _)| it.score > 0.0 && it.covered > covered - SAME);
        let mut hits: Vec<Hit> = found
            .map(|(found, entry)| Hit {
                subject: entry.subject.clone(),
                name: entry.name.clone(),
                techniques: entry.techniques,
                score: found.score,
            })
            .collect();
        order::sort_by(&mut hits, |a, b| b.score.total_cmp(&a.score));
        hits
    }

    /// Raises what fits a query to what it then counts.
    fn score(&self, query: &str, factor: f32, best: &mut [Found]) {
        let mut typed: Vec<String> = Vec::new();
        words(query, |word| {
            if typed.len() < MOST_WORDS && !typed.iter().any(|other| other == word) {
                typed.push(word.to_owned());
            }
        });
        let mut sums = vec![Found::default(); self.entries.len()];
        #[allow(clippy::cast_precision_loss)] // a query has few words
        let share = 1.0 / typed.len().max(1) as f32;
        for (at, word) in typed.iter().enumerate() {
            // What is typed as two words may be written as one: `serviceaccount`.
            let before = at.checked_sub(1).and_then(|before| typed.get(before)).map(|before| format!("{before}{word}"));
            let after = typed.get(at + 1).map(|after| format!("{word}{after}"));
            let fits = self.fitting(word, [before, after].into_iter().flatten());
            #[allow(clippy::cast_precision_loss)] // a bundle has some thousands of entries
            let rarity = (1.0 + self.entries.len() as f32 / fits.len().max(1) as f32).ln();
            for (at, weight) in fits {
                sums[at].score += weight * rarity * share;
                sums[at].covered += share;
            }
        }
        for ((sum, entry), best) in sums.iter_mut().zip(&self.entries).zip(best) {
            let named = named(entry, query);
            if named > 0.0 {
                sum.covered = 1.0;
            }
            sum.score = (sum.score + named) * factor * entry.weight;
            // What a word says all of counts more than what says half of it, however well.
            let better =
                (sum.covered > best.covered + SAME) || (sum.covered > best.covered - SAME && sum.score > best.score);
            if better {
                *best = *sum;
            }
        }
    }

    /// Who has a word that fits, or one that it is a part of, and what that counts.
    fn fitting(&self, typed: &str, wholes: impl Iterator<Item = String>) -> Vec<(usize, f32)> {
        let mut counts: FxHashMap<usize, f32> = FxHashMap::default();
        let mut raise = |at: usize, weight: f32| {
            let count = counts.entry(at).or_default();
            *count = count.max(weight);
        };
        self.each_fitting(typed, beginning(typed), &mut raise);
        wholes.for_each(|whole| self.each_fitting(&whole, &whole, &mut raise));
        if typed.len() >= 3 {
            for (at, _) in self.entries.iter().enumerate().filter(|(_, entry)| entry.lower.contains(typed)) {
                raise(at, Field::Name.weight() * 0.3);
            }
        }
        counts.into_iter().collect()
    }

    /// Among the words that begin as said.
    fn each_fitting(&self, typed: &str, start: &str, raise: &mut dyn FnMut(usize, f32)) {
        let all = self.words.range::<str, _>((Bound::Included(start), Bound::Unbounded));
        for (word, postings) in all.take_while(|(word, _)| word.starts_with(start)) {
            let fit = fit(typed, word);
            for posting in postings.iter().filter(|_| fit > 0.0) {
                let often = 1.0 + f32::from(posting.times.min(8) - 1) * 0.1;
                raise(posting.entry as usize, posting.field.weight() * fit * often);
            }
        }
    }
}

/// Words by which people say that they mean containers; what is about those rarely repeats them.
const CONTAINERS: &str = "Containers Kubernetes Docker";

fn is_about_containers(technique: &Technique) -> bool {
    technique.platforms.iter().any(|platform| platform == "Containers" || platform == "Kubernetes")
}

/// How much of a query an entry has, and what that counts.
#[derive(Debug, Clone, Copy, Default)]
struct Found {
    covered: f32,
    score: f32,
}

/// What it counts besides its words that a query is an entry's id or name, or their beginning.
fn named(entry: &Entry, query: &str) -> f32 {
    let whole = |text: &str| text == query;
    let begins = |text: &str| text.starts_with(query);
    let has_digit = query.bytes().any(|byte| byte.is_ascii_digit());
    // `1053.007` is what people type of `T1053.007`.
    let numbered =
        |key: &str| begins(key) || key.trim_start_matches(|c: char| c.is_ascii_alphabetic()).starts_with(query);
    if whole(&entry.key) {
        1_000.0
    } else if whole(&entry.lower) {
        500.0
    } else if entry.aliases.iter().any(|alias| whole(alias)) {
        400.0
    } else if has_digit && numbered(&entry.key) {
        200.0
    } else if begins(&entry.lower) {
        40.0
    } else if query.contains(' ') && entry.lower.contains(query) {
        30.0
    } else {
        0.0
    }
}

/// Bulkhead is about containers: what is about them, or was seen against them, comes before what fits as well. Of two
/// techniques, the one that fewer use says more.
#[allow(clippy::cast_precision_loss)] // a bundle has some hundreds of actors
fn importance(told: Told, actors: usize) -> f32 {
    match told {
        Told::Technique(technique) => {
            let about = is_about_containers(technique);
            let only = about && technique.platforms.len() == 1;
            let seen = technique.seen_against_containers();
            let common = technique.uses.len() as f32 / actors as f32;
            1.0 + f32::from(u8::from(about)) * 0.25 + f32::from(u8::from(only)) * 0.1 + f32::from(u8::from(seen)) * 0.05
                - common * 0.05
        }
        Told::Actor(actor) if actor.container_native => 1.1,
        _ => 1.0,
    }
}

fn id_of(subject: &Subject) -> Option<TechniqueId> {
    (subject.kind == Kind::Technique).then(|| TechniqueId::parse(&subject.key).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attack::Release;

    fn found(names: &[&str], query: &str) -> Vec<String> {
        let technique = |(at, name): (usize, &&str)| Technique {
            name: (*name).to_owned(),
            ..Technique::bare(&format!("T{}", 1000 + at))
        };
        let techniques = names.iter().enumerate().map(technique).collect();
        let knowledge = Knowledge::new(Release::default(), vec![], techniques, vec![], vec![], vec![], vec![]);
        Index::new(&knowledge).find(query).into_iter().map(|hit| hit.subject.key).collect()
    }

    #[test]
    fn what_is_called_so_is_found_beside_what_has_all_of_its_words() {
        let name = "one two three four five six seven eight nine ten";
        let turned = "ten nine eight seven six five four three two one";
        assert_eq!(found(&[turned, name, "one two"], name), ["T1001", "T1000"]);
    }

    #[test]
    fn of_what_was_pasted_the_beginning_is_looked_for() {
        let words: Vec<String> = (0..MOST_WORDS).map(|at| format!("word{at:03}")).collect();
        let pasted = format!("{} last", words.join(" "));
        assert_eq!(found(&["Word000", "Word000 last"], &pasted), ["T1000", "T1001"]);
    }
}
