//! Which values may be links.

/// Longest address that is a link, in characters: a link shows all of its address.
const LONGEST: usize = 120;

/// What a forge takes for a reference to something of its own: a link to it would leave a trace there.
const REFERENCES: [&str; 10] = [
    "issues",
    "pull",
    "pulls",
    "merge_requests",
    "work_items",
    "_workitems",
    "epics",
    "discussions",
    "commit",
    "commits",
];

/// Whether a text is an address of the web that says where it leads and that a link may have.
pub(super) fn is_web_address(text: &str) -> bool {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    let Some(rest) = rest.filter(|_| text.len() <= LONGEST) else {
        return false;
    };
    let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let is_host = |c: char| c.is_ascii_alphanumeric() || ".-:".contains(c);
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~/:#%?=&+,;".contains(c);
    let mut steps = path.split(['/', '?', '#']);
    host.starts_with(|c: char| c.is_ascii_alphanumeric())
        && host.chars().all(is_host)
        && path.chars().all(is_plain)
        && !steps.any(|step| REFERENCES.contains(&step.to_ascii_lowercase().as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_address_that_says_where_it_leads_is_a_link() {
        for text in [
            "https://contoso.com",
            "http://localhost:8080/a?b=c&d=e#f",
            "https://docs.contoso.com/apis/orders/v1.json",
        ] {
            assert!(is_web_address(text), "{text}");
        }
        let long = format!("https://contoso.com/{}", "x".repeat(LONGEST));
        for text in [
            "",
            "https://",
            "https:///a",
            "javascript:alert(1)",
            "contoso.com",
            "see https://contoso.com",
            "https://contoso.com and more",
            "https://github.com@e.vil/",
            "https://e.vil/a)b",
            "https://e.vil/`a`",
            "https://e.vil/\u{202e}",
            "https://g\u{456}thub.com/",
            "https://github.com/contoso/apis/issues/3",
            "https://git.contoso.com/apis/-/merge_requests/3",
            &long,
        ] {
            assert!(!is_web_address(text), "{text}");
        }
    }
}
