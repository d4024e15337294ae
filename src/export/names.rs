//! File names from resource names.

use std::fmt::Write as _;

/// Names of devices on Windows, whatever suffix follows.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// The name of the file or folder of a resource: its own name, where every system can have it.
///
/// The service takes letters, digits and hyphens only, and so does nearly every name stay as it is.
/// Anything else is written `%XX`, byte by byte. Different names never share a file, not even on
/// systems that ignore case: addresses ignore the case of ASCII letters already, and no others are left.
pub(crate) fn file_name(name: &str) -> String {
    if name.is_empty() {
        return "%".to_owned();
    }
    let lower = name.to_ascii_lowercase();
    // A suffix of ours would make a resource's folder look like a manifest.
    let keeps_dots = !lower.ends_with(".yaml");
    let device = is_device(lower.split('.').next().unwrap_or_default());
    let last = name.len() - 1;
    let mut safe = String::with_capacity(name.len());
    for (i, byte) in name.bytes().enumerate() {
        let kept = match byte {
            b'.' => keeps_dots && i != 0 && i != last,
            b'-' | b'_' => true,
            _ => byte.is_ascii_alphanumeric() && !(device && i == 0),
        };
        if kept {
            safe.push(char::from(byte));
        } else {
            let _ = write!(safe, "%{byte:02X}");
        }
    }
    safe
}

fn is_device(lower: &str) -> bool {
    let port = |kind: &str| {
        lower
            .strip_prefix(kind)
            .is_some_and(|n| n.len() == 1 && n.bytes().all(|b| b.is_ascii_digit()))
    };
    DEVICES.contains(&lower) || port("com") || port("lpt")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::FileFailurePersistence;

    use super::*;

    #[test]
    fn names_stay_unless_a_system_cannot_have_them() {
        for (name, file) in [
            ("orders", "orders"),
            ("Orders-V2", "Orders-V2"),
            ("1.0", "1.0"),
            ("a_b", "a_b"),
            ("com10", "com10"),
            ("console", "console"),
            ("con", "%63on"),
            ("NUL.x", "%4EUL.x"),
            ("lpt1", "%6Cpt1"),
            ("api.yaml", "api%2Eyaml"),
            ("..", "%2E%2E"),
            (".git", "%2Egit"),
            ("a.", "a%2E"),
            ("a/b\\c:d", "a%2Fb%5Cc%3Ad"),
            ("50%", "50%25"),
            ("é", "%C3%A9"),
            ("", "%"),
        ] {
            assert_eq!(file_name(name), file);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig {
        failure_persistence: Some(Box::new(FileFailurePersistence::SourceParallel("tests/proptest-regressions"))),
        ..ProptestConfig::default()
    })]

        #[test]
        fn different_names_have_different_files(a in ".{1,6}", b in ".{1,6}") {
            prop_assume!(!a.eq_ignore_ascii_case(&b));
            prop_assert!(!file_name(&a).eq_ignore_ascii_case(&file_name(&b)));
        }
    }
}
