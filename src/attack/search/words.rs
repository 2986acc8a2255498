//! What a word is, and how well one that is typed fits one that is written.

/// Too common to say anything.
const COMMON: [&str; 22] = [
    "a", "an", "and", "are", "as", "at", "by", "for", "from", "in", "into", "is", "it", "of", "on", "or", "that",
    "the", "this", "to", "via", "with",
];

/// Longer ones are no words: encoded data, file names without end.
const LONGEST: usize = 40;

/// The words of a text in lower case, each as often as it stands there. `ServiceAccount` is itself, and two more.
pub fn words(text: &str, mut each: impl FnMut(&str)) {
    let mut lower = String::new();
    let mut give = |word: &str| {
        lower.clear();
        lower.push_str(word);
        lower.make_ascii_lowercase();
        if lower.len() <= LONGEST && !COMMON.contains(&lower.as_str()) {
            each(&lower);
        }
    };
    for word in text.split(|c: char| c.is_ascii() && !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        give(word);
        let humps = word.as_bytes().windows(2).enumerate();
        let humps: Vec<usize> = humps
            .filter(|(_, pair)| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase())
            .map(|(at, _)| at + 1)
            .collect();
        if !humps.is_empty() {
            let mut from = 0;
            for to in humps.into_iter().chain([word.len()]) {
                give(&word[from..to]);
                from = to;
            }
        }
    }
}

/// Where words that fit what is typed begin in the order of letters.
pub fn beginning(typed: &str) -> &str {
    let length = match typed.len() {
        0..=3 => typed.len(),
        4..=5 if typed.ends_with('s') => typed.len() - 1,
        4..=5 => typed.len(),
        more => (more - 3).max(5),
    };
    typed.get(..length).unwrap_or(typed)
}

/// From 0, not at all, to 1, the same: a longer word that begins so, another number, another ending (`escalate`,
/// `escalation`).
#[allow(clippy::cast_precision_loss)] // lengths of words
pub fn fit(typed: &str, word: &str) -> f32 {
    if typed == word {
        return 1.0;
    }
    if typed.strip_suffix('s') == Some(word) || word.strip_suffix('s') == Some(typed) {
        return 0.95;
    }
    if word.starts_with(typed) {
        return 0.5 + 0.4 * typed.len() as f32 / word.len() as f32;
    }
    let common = typed.bytes().zip(word.bytes()).take_while(|(a, b)| a == b).count();
    let ends = |length: usize| length - common <= 3;
    if common >= 5 && ends(typed.len()) && ends(word.len()) { 0.7 } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<String> {
        let mut all = Vec::new();
        words(text, |word| all.push(word.to_owned()));
        all
    }

    #[test]
    fn words_are_what_stands_between_signs() {
        assert_eq!(all("POST /build at docker.sock (T1053.007)"), ["post", "build", "docker", "sock", "t1053", "007"]);
        assert_eq!(all("ServiceAccount's token"), ["serviceaccount", "service", "account", "s", "token"]);
        assert_eq!(all("Größe, der Naïve"), ["größe", "der", "naïve"]);
        assert_eq!(all(&"x".repeat(41)), [""; 0]);
    }

    #[test]
    fn what_fits_better_counts_more() {
        let falling = ["token", "tokens", "tokenised"].map(|word| fit("token", word));
        assert!(falling.windows(2).all(|pair| pair[0] > pair[1]), "{falling:?}");
        let cases = [
            ("escalate", "escalation", true),
            ("pods", "pod", true),
            ("exec", "execution", true),
            ("hijack", "hijacking", true),
            ("static", "status", false),
            ("image", "imminent", false),
            ("naïve", "naïveté", true),
        ];
        for (typed, word, fits) in cases {
            assert_eq!(fit(typed, word) > 0.0, fits, "{typed} {word}");
            assert!(!fits || word.starts_with(beginning(typed)), "{typed} is looked for where {word} isn't");
        }
    }
}
