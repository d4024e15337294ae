//! The title and the version that the path of a file says.

/// Names of files that say nothing of their API.
const GENERIC: [&str; 12] = [
    "api",
    "apis",
    "openapi",
    "swagger",
    "asyncapi",
    "schema",
    "spec",
    "specification",
    "definition",
    "service",
    "index",
    "main",
];

/// The title and the version that a path says: `search/schema-1.0.0.graphql` is Search, 1.0.0.
pub(super) fn of_path(path: &str) -> (Option<String>, Option<String>) {
    let mut steps = path.rsplit(['/', '\\']);
    let file = steps.next().unwrap_or_default();
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let starts = stem.match_indices(SEPARATORS).map(|(at, _)| at + 1);
    let start = std::iter::once(0)
        .chain(starts)
        .find(|&at| is_version(&stem[at..]));
    let (name, version) = match start {
        Some(at) => (stem[..at].trim_end_matches(SEPARATORS), Some(&stem[at..])),
        None => (stem, None),
    };
    let says = |name: &&str| !name.is_empty() && !GENERIC.contains(&name.to_lowercase().as_str());
    let name = Some(name).filter(says).or_else(|| {
        steps
            .next()
            .filter(says)
            .filter(|step| *step != ".." && *step != ".")
    });
    (name.map(titled), version.map(str::to_owned))
}

/// What separates the words of a file's name.
const SEPARATORS: [char; 4] = ['-', '_', '.', ' '];

/// `1.0.0`, `v2`, `2024-05-01`.
fn is_version(text: &str) -> bool {
    let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
    text.starts_with(|c: char| c.is_ascii_digit())
        && text
            .chars()
            .all(|c| c.is_ascii_digit() || SEPARATORS.contains(&c))
}

/// `inventory-stream` as a title.
fn titled(name: &str) -> String {
    let words = name.replace(['-', '_', '.'], " ");
    let mut letters = words.trim().chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_say_what_documents_do_not() {
        for (path, title, version) in [
            (
                "a/search/schema-1.0.0.graphql",
                Some("Search"),
                Some("1.0.0"),
            ),
            ("pricing_v2.proto", Some("Pricing"), Some("v2")),
            ("inventory-stream.yaml", Some("Inventory stream"), None),
            ("openapi.yaml", None, None),
            ("../openapi.yaml", None, None),
            ("shipping/1.0.0.wsdl", Some("Shipping"), Some("1.0.0")),
            ("orders-2024-05-01.json", Some("Orders"), Some("2024-05-01")),
            ("ipv4-lookup.wsdl", Some("Ipv4 lookup"), None),
        ] {
            let (found, number) = of_path(path);
            assert_eq!(found.as_deref(), title, "{path}");
            assert_eq!(number.as_deref(), version, "{path}");
        }
    }
}
