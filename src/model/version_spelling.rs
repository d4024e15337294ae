//! Ways to write the same version.

/// Whether two texts are the same version: `v1`, `1`, `1.0`, `1-0-0` and `Version 1.0.0` are.
#[must_use]
pub fn is_same_version(a: &str, b: &str) -> bool {
    if a.trim().eq_ignore_ascii_case(b.trim()) {
        return true;
    }
    let (a, b) = (parts(a), parts(b));
    !a.is_empty() && without_zeros(&a) == without_zeros(&b)
}

/// Whether `version` is `family` or belongs to it: 1.2.3 belongs to `v1` and to `1.2`, not to `1.1` or `1.0.0`.
#[must_use]
pub fn is_version_within(version: &str, family: &str) -> bool {
    let (all, first) = (parts(version), parts(family));
    is_same_version(version, family) || (!first.is_empty() && all.starts_with(&first))
}

/// Whether a text states a version, unlike `latest` or `Original`: it starts with a number.
#[must_use]
pub fn states_version(text: &str) -> bool {
    let first = parts(text).into_iter().next();
    first.is_some_and(|part| part.starts_with(|c: char| c.is_ascii_digit()))
}

/// The words and numbers of a version, without a `v` before a number.
fn parts(text: &str) -> Vec<String> {
    let text = text.to_lowercase();
    text.split(|c: char| !c.is_alphanumeric())
        .map(|part| match part.strip_prefix('v') {
            Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit()) => rest,
            _ => part,
        })
        .filter(|part| !matches!(*part, "" | "v" | "version"))
        .map(str::to_owned)
        .collect()
}

fn without_zeros(parts: &[String]) -> &[String] {
    let kept = parts
        .iter()
        .rposition(|part| !part.bytes().all(|b| b == b'0'));
    // `0.0` is a version too.
    &parts[..kept.map_or(1, |last| last + 1).min(parts.len())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_version_are_the_same() {
        for (a, b, same, within) in [
            ("1.0.0", "1-0-0", true, true),
            ("1.0.0", "v1", true, true),
            ("1", "V1.0", true, true),
            ("Version 1.0", "1", true, true),
            ("2023-10", "2023.10", true, true),
            ("0.0.0", "v0", true, true),
            ("latest", "Latest", true, true),
            ("1.2.3", "v1", false, true),
            ("1.2.3", "1-2", false, true),
            ("1.1.0", "1-0-0", false, false),
            ("1.10", "1.1", false, false),
            ("10", "1", false, false),
            ("2.0.0", "2.0.0-beta", false, false),
            ("2.0.0-beta", "2", false, true),
            ("v1beta1", "v1", false, false),
            ("", "1", false, false),
            ("3.0.1", "3-0-1", true, true),
            ("3.0.1", "V3_0", false, true),
            ("3.0.1", "3.1", false, false),
            ("3.0.1", "3.0.10", false, false),
            ("3.0.1", "3.0.1.1", false, false),
            ("2024-draft", "2024", false, true),
        ] {
            assert_eq!(is_same_version(a, b), same, "{a} {b}");
            assert_eq!(is_same_version(b, a), same, "{b} {a}");
            assert_eq!(is_version_within(a, b), within, "{a} {b}");
        }
        assert!(states_version("v1") && states_version("Version 2") && states_version("2023-10"));
        assert!(!states_version("latest") && !states_version("") && !states_version("Original"));
    }
}
