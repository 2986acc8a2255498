//! What defenders type, and what ATT&CK calls it. Only words that the catalogue does not use itself, or uses for something
//! else; each was put here because someone who types the left means the right.

/// Phrases in lower case: as typed, and as ATT&CK's names have it.
const PHRASES: &[(&str, &str)] = &[
    ("kubectl exec", "container administration command"),
    ("docker exec", "container administration command"),
    ("crictl exec", "container administration command"),
    ("exec into", "container administration command"),
    ("cryptomining", "compute hijacking"),
    ("crypto mining", "compute hijacking"),
    ("cryptojacking", "compute hijacking"),
    ("cryptominer", "compute hijacking"),
    ("coin miner", "compute hijacking"),
    ("coinminer", "compute hijacking"),
    ("xmrig", "compute hijacking"),
    ("monero", "compute hijacking"),
    ("miner", "compute hijacking"),
    ("proxyjacking", "bandwidth hijacking"),
    ("breakout", "escape to host"),
    ("container escape", "escape to host"),
    ("sa token", "service account token"),
    ("privesc", "privilege escalation"),
    ("priv esc", "privilege escalation"),
    ("persist", "persistence"),
    ("exfil", "exfiltration"),
    ("recon", "discovery"),
    ("enumerate", "discovery"),
    ("enumeration", "discovery"),
    ("lateral", "lateral movement"),
    ("c2", "command and control"),
    ("ddos", "denial of service"),
    ("dos attack", "denial of service"),
    ("wiper", "data destruction"),
    ("backups", "inhibit system recovery"),
    ("k8s", "kubernetes"),
    ("rbac", "cluster roles"),
    ("cluster-admin", "cluster roles"),
    ("rolebinding", "cluster roles"),
    ("imds", "cloud instance metadata api"),
    ("metadata service", "cloud instance metadata api"),
    ("backdoored image", "implant internal image"),
    ("poisoned image", "malicious image"),
    ("trojanized image", "malicious image"),
    ("docker hub", "malicious image"),
    ("docker socket", "container api"),
    ("port scan", "network service discovery"),
    ("portscan", "network service discovery"),
    ("nmap", "network service discovery"),
    ("clear logs", "indicator removal"),
    ("delete logs", "indicator removal"),
    ("covering tracks", "indicator removal"),
    ("disable falco", "disable or modify tools"),
    ("kill sensor", "disable or modify tools"),
    ("webshell", "web shell"),
    ("typosquatting", "masquerading"),
    ("rce", "exploit public-facing application"),
    ("exposed api", "external remote services"),
    ("exposed dashboard", "external remote services"),
];

/// What a query may mean besides what it says, in lower case.
pub fn meant(query: &str) -> Vec<String> {
    let instead = |(typed, meant): &(&str, &str)| {
        let (before, from) = query.split_at(find_phrase(query, typed)?);
        Some(format!("{before}{meant}{}", from.get(typed.len()..)?))
    };
    PHRASES.iter().filter_map(instead).collect()
}

/// Where a phrase stands in a text as words of its own.
fn find_phrase(text: &str, phrase: &str) -> Option<usize> {
    let inside = |at: usize| at > 0 && text.as_bytes()[at - 1].is_ascii_alphanumeric();
    let goes_on = |at: usize| text.as_bytes().get(at).is_some_and(u8::is_ascii_alphanumeric);
    text.match_indices(phrase).map(|(at, _)| at).find(|at| !inside(*at) && !goes_on(at + phrase.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_words_are_replaced() {
        let cases: [(&str, &[&str]); 7] = [
            ("cryptomining", &["compute hijacking"]),
            ("k8s cryptomining", &["k8s compute hijacking", "kubernetes cryptomining"]),
            ("reconnaissance", &[]),
            ("source", &[]),
            ("source of rce", &["source of exploit public-facing application"]),
            ("kubectl exec", &["container administration command"]),
            ("", &[]),
        ];
        for (query, expected) in cases {
            assert_eq!(meant(query), expected, "{query}");
        }
    }

    #[test]
    fn what_is_typed_is_in_lower_case_and_there_once() {
        for (at, (typed, meant)) in PHRASES.iter().enumerate() {
            assert_eq!((typed.to_lowercase().as_str(), meant.to_lowercase().as_str()), (*typed, *meant));
            assert!(PHRASES[..at].iter().all(|(other, _)| other != typed), "{typed}");
        }
    }
}
