//! The order of versions.

use std::cmp::Ordering;

/// Numbers as numbers, and a pre-release before its release; what states no version comes first.
pub(super) fn by_version(a: Option<&str>, b: Option<&str>) -> Ordering {
    let key = |version: &str| {
        let version = version.trim().trim_start_matches(['v', 'V']);
        let end = version.find(|c: char| !c.is_ascii_digit() && c != '.');
        let (numbers, rest) = version.split_at(end.unwrap_or(version.len()));
        let numbers: Vec<u64> = numbers.split('.').map(|n| n.parse().unwrap_or(0)).collect();
        let is_date = rest.starts_with('-') && numbers.len() == 1;
        (numbers, rest.is_empty() || is_date, rest.to_owned())
    };
    match (a, b) {
        (Some(a), Some(b)) => key(a).cmp(&key(b)).then_with(|| a.cmp(b)),
        _ => a.is_some().cmp(&b.is_some()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_have_an_order() {
        let mut versions = ["v10", "1.0.0", "2.0.0", "2.0.0-beta", "v1", "1.10", "1.9"];
        versions.sort_by(|a, b| by_version(Some(a), Some(b)));
        assert_eq!(
            versions,
            ["v1", "1.0.0", "1.9", "1.10", "2.0.0-beta", "2.0.0", "v10"]
        );
        let mut dates = ["2024-05-01", "2023-12-31", "2024-01-01-preview"];
        dates.sort_by(|a, b| by_version(Some(a), Some(b)));
        assert_eq!(dates, ["2023-12-31", "2024-01-01-preview", "2024-05-01"]);
        assert_eq!(by_version(None, Some("1")), Ordering::Less);
    }
}
