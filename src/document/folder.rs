//! A folder of files as one document: an analyzer's ruleset.

use std::borrow::Cow;
use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use super::content;
use crate::model::Files;

/// What tools and systems leave in folders and archives: no part of anybody's rules, and no
/// difference either.
const LITTER: [&str; 9] = [
    "__MACOSX",
    ".DS_Store",
    "Thumbs.db",
    "desktop.ini",
    ".git",
    ".gitignore",
    ".gitattributes",
    ".gitkeep",
    ".ignore",
];

/// The form in which a path below the folder is compared; `None` for one that could leave the folder
/// or that not every system can have.
///
/// ```
/// use apicenter::document::folder;
/// assert_eq!(folder::path("./functions\\a.js").as_deref(), Some("functions/a.js"));
/// assert_eq!(folder::path("functions/../../a.js"), None);
/// ```
#[must_use]
pub fn path(raw: &str) -> Option<String> {
    let slashed = raw.replace('\\', "/");
    if slashed.starts_with('/') {
        return None;
    }
    let steps: Vec<&str> = slashed
        .split('/')
        .filter(|step| !step.is_empty() && *step != ".")
        .collect();
    let usable =
        |step: &&str| *step != ".." && !step.contains(|c: char| c.is_control() || c == ':');
    (!steps.is_empty() && steps.iter().all(usable)).then(|| steps.join("/"))
}

/// Whether a path is that of something tools leave behind.
#[must_use]
pub fn is_litter(path: &str) -> bool {
    path.split('/').any(|step| LITTER.contains(&step))
}

/// A file that is a folder of another one too: no system can hold both.
#[must_use]
pub fn clash(files: &Files) -> Option<&str> {
    files.keys().map(String::as_str).find(|path| {
        path.match_indices('/')
            .any(|(end, _)| files.contains_key(&path[..end]))
    })
}

/// `sha256:` and 64 hex digits for the paths and contents of all files.
///
/// A text counts without a byte order mark, the form of its line ends and the last of them.
#[must_use]
pub fn digest(files: &Files) -> String {
    let mut hash = Sha256::new();
    let mut feed = |bytes: &[u8]| {
        hash.update((bytes.len() as u64).to_be_bytes());
        hash.update(bytes);
    };
    for (path, bytes) in files {
        feed(path.as_bytes());
        match text(bytes) {
            Some(text) => feed(text.as_bytes()),
            None => feed(bytes),
        }
    }
    hex(&hash.finalize())
}

/// All files as one text that people can read and compare: a heading per file, then its content. A
/// file that is not a text is given by its size and digest.
#[must_use]
pub fn listing(files: &Files) -> String {
    let mut listing = String::new();
    for (path, bytes) in files {
        if !listing.is_empty() {
            listing.push('\n');
        }
        let _ = writeln!(listing, "=== {path} ===");
        match text(bytes) {
            Some(text) => {
                let _ = writeln!(listing, "{text}");
            }
            None => {
                let digest = hex(&Sha256::digest(bytes));
                let _ = writeln!(
                    listing,
                    "{} bytes that are not a text, {digest}",
                    bytes.len()
                );
            }
        }
    }
    listing
}

/// The digest of bytes that could not be taken apart.
#[must_use]
pub fn digest_of_bytes(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn text(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let text = std::str::from_utf8(bytes).ok()?;
    (!text.contains('\0')).then(|| content::normalised(text))
}

fn hex(hash: &[u8]) -> String {
    let mut digest = String::from("sha256:");
    for byte in hash {
        let _ = write!(digest, "{byte:02x}");
    }
    digest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(entries: &[(&str, &[u8])]) -> Files {
        let owned = |(path, bytes): &(&str, &[u8])| ((*path).to_owned(), bytes.to_vec());
        entries.iter().map(owned).collect()
    }

    #[test]
    fn paths_stay_inside() {
        for (raw, path) in [
            ("ruleset.yml", Some("ruleset.yml")),
            ("./functions//a.js", Some("functions/a.js")),
            ("functions\\a.js", Some("functions/a.js")),
            (".hidden/é.js", Some(".hidden/é.js")),
            ("", None),
            ("./", None),
            ("..", None),
            ("a/../b", None),
            ("..\\b", None),
            ("/etc/passwd", None),
            ("\\\\host\\share", None),
            ("C:\\x", None),
            ("a\0b", None),
            ("a\nb", None),
        ] {
            assert_eq!(super::path(raw).as_deref(), path, "{raw:?}");
        }
    }

    #[test]
    fn line_ends_mean_nothing_and_everything_else_does() {
        let base = files(&[("a.yml", b"x: 1\ny: 2\n"), ("b.bin", b"\0\r\n")]);
        let same = files(&[("a.yml", b"\xef\xbb\xbfx: 1\r\ny: 2"), ("b.bin", b"\0\r\n")]);
        assert_eq!(digest(&base), digest(&same));
        for other in [
            files(&[("a.yml", b"x: 1\ny: 3\n"), ("b.bin", b"\0\r\n")]),
            files(&[("a.yml", b"x: 1\ny: 2\n"), ("b.bin", b"\0\n")]),
            files(&[("a.yml", b"x: 1\ny: 2\n"), ("c.bin", b"\0\r\n")]),
            files(&[("a.yml", b"x: 1\ny: 2\n")]),
        ] {
            assert_ne!(digest(&base), digest(&other));
        }
        // No file runs over into the next.
        assert_ne!(
            digest(&files(&[("a", b"bc")])),
            digest(&files(&[("ab", b"c")]))
        );
        let empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(digest(&Files::new()), empty);
    }

    #[test]
    fn a_listing_names_every_file() {
        let listing = listing(&files(&[
            ("functions/a.js", b"export default 1;\r\n"),
            ("logo.png", b"\x89PNG"),
            ("ruleset.yml", b"rules: {}\n\n"),
        ]));
        let expected = "=== functions/a.js ===\nexport default 1;\n\n=== logo.png ===\n\
            4 bytes that are not a text, sha256:";
        assert!(listing.starts_with(expected), "{listing}");
        assert!(
            listing.ends_with("\n\n=== ruleset.yml ===\nrules: {}\n"),
            "{listing}"
        );
    }

    #[test]
    fn a_file_cannot_be_a_folder() {
        assert_eq!(
            clash(&files(&[("a", b""), ("a.b", b""), ("b/c", b"")])),
            None
        );
        assert_eq!(clash(&files(&[("a", b""), ("a/b/c", b"")])), Some("a/b/c"));
        assert!(is_litter("x/.DS_Store") && is_litter("__MACOSX/a.yml"));
        assert!(!is_litter("functions/thumbs.js"));
    }
}
