//! What XML descriptions say about themselves.

use std::sync::LazyLock;

use regex::Regex;

static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"<(?:[\w.-]+:)?(?:address|endpoint|resources)\s[^>]*?\b(?:location|address|base)\s*=\s*["']([^"']+)["']"#,
    )
});

static DOCUMENTATION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"<(?:[\w.-]+:)?(?:definitions|description|application)\b[^>]*>\s*<(?:[\w.-]+:)?(?:documentation|doc)\b[^>/]*>([^<]+)<",
    )
});

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the pattern is a constant")
}

/// The addresses of a WSDL's ports or of a WADL's resources.
pub(super) fn addresses(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for address in ADDRESS.captures_iter(text) {
        let address = unescaped(&address[1]);
        if !found.contains(&address) {
            found.push(address);
        }
    }
    found
}

/// What the root's documentation says.
pub(super) fn documentation(text: &str) -> Option<String> {
    DOCUMENTATION
        .captures(text)
        .map(|found| unescaped(&found[1]))
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_documentation_are_found_under_any_prefix() {
        let text = "<wsdl:definitions name='S' xmlns:wsdl='x'>\n <wsdl:documentation>Ships &amp; \
                    tracks.</wsdl:documentation>\n<service><port><soap:address \
                    location='https://a/x?b&amp;c'/><http:address location=\"https://a/x?b&amp;c\"/>";
        assert_eq!(addresses(text), ["https://a/x?b&c"]);
        assert_eq!(documentation(text).as_deref(), Some("Ships & tracks."));
        assert_eq!(addresses("<resources base=\"https://b/\">"), ["https://b/"]);
        assert_eq!(addresses("<address city='x'/>"), [""; 0]);
    }
}
