//! Finds what a bundle tells of by what a user types: names, ids, aliases, and words of descriptions, ours and the bundle's.
//! Names can be searched at once; descriptions are taken in little by little, so that nobody waits for them.
//! What is done with what was found is the app's.

mod counts;
mod index;
mod synonyms;
mod words;

pub use index::{Hit, Index};

/// How much of a text stands on each side of what was looked for.
const AROUND: usize = 48;

/// A piece of a text around what is looked for: what is before, itself, and what follows. Nothing if it isn't there.
pub fn excerpt(text: &str, query: &str) -> Option<[String; 3]> {
    let lower = text.to_ascii_lowercase();
    let query = query.trim().to_ascii_lowercase();
    let begins = |at: usize| at == 0 || !lower.as_bytes()[at - 1].is_ascii_alphanumeric();
    let find = |what: &str| lower.match_indices(what).find(|(at, _)| begins(*at)).map(|(at, _)| (at, what.len()));
    let mut typed: Vec<String> = Vec::new();
    words::words(&query, |word| typed.push(word.to_owned()));
    let whole = (!query.is_empty()).then(|| find(&query)).flatten();
    let ending = |(at, _): (usize, usize)| {
        let rest = &lower.as_bytes()[at..];
        (at, rest.iter().position(|byte| byte.is_ascii() && !byte.is_ascii_alphanumeric()).unwrap_or(rest.len()))
    };
    let word = || {
        let mut typed = typed.iter().filter(|word| word.len() > 1);
        typed.find_map(|word| find(word).or_else(|| find(words::beginning(word)).map(ending)))
    };
    let (at, length) = whole.or_else(word)?;
    let (from, to) = (word_start(text, at), word_end(text, at + length));
    let plain = |piece: &str| piece.split_whitespace().collect::<Vec<_>>().join(" ");
    let spaced = |piece: &str| {
        let space = |there: bool| if there { " " } else { "" };
        let starts = piece.starts_with(char::is_whitespace);
        let ends = piece.len() > 1 && piece.ends_with(char::is_whitespace);
        format!("{}{}{}", space(starts), plain(piece), space(ends))
    };
    let before = spaced(text.get(from..at)?);
    let after = spaced(text.get(at + length..to)?);
    let before = if from > 0 { format!("…{}", before.trim_start()) } else { before };
    let after = if to < text.len() { format!("{}…", after.trim_end()) } else { after };
    Some([before, text.get(at..at + length)?.to_owned(), after])
}

/// The first beginning of a word that is near enough, so that none is cut; nothing of one that is longer, as addresses are.
fn word_start(text: &str, until: usize) -> usize {
    let from = until.saturating_sub(AROUND);
    if from == 0 {
        return 0;
    }
    let bytes = text.as_bytes();
    (from..until).find(|at| bytes[at - 1].is_ascii_whitespace()).unwrap_or(until)
}

/// The last end of a word that is near enough; nothing of one that is longer.
fn word_end(text: &str, from: usize) -> usize {
    let to = from + AROUND;
    if to >= text.len() {
        return text.len();
    }
    let bytes = text.as_bytes();
    (from..=to).rev().find(|at| bytes[*at].is_ascii_whitespace()).unwrap_or(from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_has_what_was_looked_for_in_its_place() {
        let text = "A request to pods/exec or pods/attach (create, or get for WebSocket clients) has the command in its URI \
                    and the author in the audit event; größe";
        let cases = [
            ("a request", Some("|A request| to pods/exec or pods/attach (create, or get for…")),
            ("exec pods", Some("A request to pods/|exec| or pods/attach (create, or get for WebSocket…")),
            ("author", Some("…clients) has the command in its URI and the |author| in the audit event; größe")),
            ("authors", Some("…clients) has the command in its URI and the |author| in the audit event; größe")),
            ("kubelet", None),
            ("", None),
        ];
        for (query, expected) in cases {
            let told = excerpt(text, query).map(|[before, it, after]| format!("{before}|{it}|{after}"));
            assert_eq!(told.as_deref(), expected, "{query}");
        }
    }

    #[test]
    fn what_stands_beside_or_in_a_long_address_is_excerpted_too() {
        let text = "Adversaries may use [Valid Accounts](https://attack.mitre.org/techniques/T1078/004/without/any/space) then.";
        let cases = [
            ("valid accounts", "Adversaries may use [|Valid Accounts|…"),
            ("then", "…|then|."),
            ("any", "…|any|/space) then."),
        ];
        for (query, expected) in cases {
            let told = excerpt(text, query).map(|[before, it, after]| format!("{before}|{it}|{after}"));
            assert_eq!(told.as_deref(), Some(expected), "{query}");
        }
    }

    #[test]
    fn no_text_and_no_query_stops_it() {
        for text in
            ["", "ß", "ßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßß token ßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßß", "token"]
        {
            for query in ["token", "ß", " ", "tokens", "\u{0}"] {
                let _ = excerpt(text, query);
            }
        }
    }
}
