//! Paths from one file of a project to another.

/// The path from one file of the project to another.
pub(crate) fn relative_path(from: &str, to: &str) -> String {
    let from: Vec<&str> = from.split('/').collect();
    let to: Vec<&str> = to.split('/').collect();
    let folders = from.len() - 1;
    let same = from[..folders]
        .iter()
        .zip(&to[..to.len() - 1])
        .take_while(|(a, b)| a == b)
        .count();
    let mut steps = vec![".."; folders - same];
    steps.extend(&to[same..]);
    steps.join("/")
}

/// A path whose last part is another one.
pub(super) fn with_last(path: &str, last: &str) -> String {
    match path.trim_end_matches('/').rsplit_once('/') {
        Some((folder, _)) => format!("{folder}/{last}"),
        None => last.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_from_one_file_to_another() {
        for (from, to, path) in [
            ("a.yaml", "b.yaml", "b.yaml"),
            ("x/paths/a.yaml", "x/openapi.yaml", "../openapi.yaml"),
            ("x/a.yaml", "y/z/b.yaml", "../y/z/b.yaml"),
            ("a.yaml", "x/b.yaml", "x/b.yaml"),
        ] {
            assert_eq!(relative_path(from, to), path, "{from} {to}");
        }
    }
}
