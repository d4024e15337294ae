//! Folders of files as the service transfers them: zip archives in base64.

use std::io::{Cursor, Read as _, Write as _};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, System, ZipArchive, ZipWriter};

use super::live_content::LiveContent;
use crate::document::folder;
use crate::live::{ErrorKind, ServiceError};
use crate::model::Files;

/// The most that an archive of the service may expand to, in bytes and in entries (chosen here: ten
/// times what can be declared).
const MOST_BYTES: u64 = 32 * 1024 * 1024;
const MOST_ENTRIES: usize = 10_000;

/// The folder in a base64 text from the service. An archive that is not usable differs from every
/// folder that can be declared, so that a plan shows it and an apply replaces it.
pub(super) fn decode(value: &str) -> LiveContent {
    let unpacked = STANDARD
        .decode(value)
        .map_err(|error| format!("it is not base64: {error}"))
        .and_then(|archive| unpack(&archive));
    match unpacked {
        Ok(files) => LiveContent {
            digest: Some(folder::digest(&files)),
            text: Some(Arc::from(folder::listing(&files))),
            files: Some(Arc::new(files)),
        },
        Err(reason) => LiveContent {
            digest: Some(folder::digest_of_bytes(value.as_bytes())),
            text: Some(Arc::from(format!("(not a usable archive: {reason})\n"))),
            files: None,
        },
    }
}

/// The files of a folder as the base64 text that the service takes.
pub(super) fn encode(files: &Files) -> Result<String, ServiceError> {
    let archive = pack(files).map_err(|reason| {
        let text = format!("cannot pack the folder: {reason}");
        ServiceError::new(ErrorKind::Configuration, text)
    })?;
    Ok(STANDARD.encode(archive))
}

/// A zip archive of files: same files, same bytes.
fn pack(files: &Files) -> Result<Vec<u8>, String> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .system(System::Unix)
        .unix_permissions(0o644);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in files {
        archive
            .start_file(path.as_str(), options)
            .map_err(|error| error.to_string())?;
        archive
            .write_all(bytes)
            .map_err(|error| error.to_string())?;
    }
    let archive = archive.finish().map_err(|error| error.to_string())?;
    Ok(archive.into_inner())
}

/// The files of an archive, in memory and within limits; folders and links are left out.
fn unpack(archive: &[u8]) -> Result<Files, String> {
    let mut archive = ZipArchive::new(Cursor::new(archive)).map_err(|error| error.to_string())?;
    if archive.len() > MOST_ENTRIES {
        return Err(format!("it contains more than {MOST_ENTRIES} files"));
    }
    if archive.has_duplicate_names() {
        return Err("it contains a file twice".to_owned());
    }
    let mut files = Files::new();
    let mut left = MOST_BYTES;
    for i in 0..archive.len() {
        let mut entry = archive.by_index(i).map_err(|error| error.to_string())?;
        let name = entry
            .name()
            .map_err(|error| error.to_string())?
            .into_owned();
        if entry.is_dir() || name.ends_with(['/', '\\']) || entry.is_symlink() {
            continue;
        }
        let path = folder::path(&name)
            .ok_or_else(|| format!("it contains a file with the path {name:?}"))?;
        if folder::is_litter(&path) {
            continue;
        }
        let mut bytes = Vec::new();
        // The size in the entry may be wrong.
        let read = (&mut entry).take(left + 1).read_to_end(&mut bytes);
        read.map_err(|error| format!("{path}: {error}"))?;
        left = left
            .checked_sub(bytes.len() as u64)
            .ok_or_else(|| format!("it expands to more than {MOST_BYTES} bytes"))?;
        if files.insert(path, bytes).is_some() {
            return Err("it contains a file twice".to_owned());
        }
    }
    match folder::clash(&files) {
        Some(path) => Err(format!("the folder of `{path}` is a file too")),
        None => Ok(files),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(entries: &[(&str, &[u8])]) -> Files {
        let owned = |(path, bytes): &(&str, &[u8])| ((*path).to_owned(), bytes.to_vec());
        entries.iter().map(owned).collect()
    }

    fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        for (path, bytes) in entries {
            let options = SimpleFileOptions::default()
                .compression_method(CompressionMethod::Stored)
                .last_modified_time(DateTime::from_date_and_time(2024, 2, 3, 4, 5, 6).unwrap());
            if path.ends_with('/') {
                archive.add_directory(*path, options).unwrap();
            } else {
                archive.start_file(*path, options).unwrap();
                archive.write_all(bytes).unwrap();
            }
        }
        archive.finish().unwrap().into_inner()
    }

    #[test]
    fn files_come_back_from_their_archive_and_equal_files_make_equal_archives() {
        let files = files(&[
            ("functions/a.js", b"export default () => {};\n"),
            ("logo.png", b"\x89PNG\0\r\n"),
            ("ruleset.yml", b"rules: {}\r\n"),
        ]);
        let packed = pack(&files).unwrap();
        assert_eq!(unpack(&packed).unwrap(), files);
        assert_eq!(packed, pack(&files.clone()).unwrap());
    }

    #[test]
    fn whoever_packed_the_same_files_has_the_same_ruleset() {
        let ours = pack(&files(&[
            ("functions/a.js", b"1;\n"),
            ("ruleset.yml", b"rules: {}\n"),
        ]));
        let theirs = archive(&[
            ("ruleset.yml", b"rules: {}\r\n"),
            ("functions/", b""),
            ("functions\\a.js", b"1;"),
            ("__MACOSX/._ruleset.yml", b"\0"),
        ]);
        let digest = |archive: &[u8]| decode(&STANDARD.encode(archive)).digest;
        assert_eq!(digest(&ours.unwrap()), digest(&theirs));
    }

    #[test]
    fn a_hostile_archive_is_not_a_ruleset() {
        for name in [
            "../evil.yml",
            "/etc/passwd",
            "a/../../b",
            "C:\\evil",
            "..\\evil",
        ] {
            let reason = unpack(&archive(&[("ruleset.yml", b""), (name, b"x")])).unwrap_err();
            assert!(reason.contains("the path"), "{name}: {reason}");
        }
        let clash = unpack(&archive(&[("a", b"x"), ("a/b", b"x")])).unwrap_err();
        assert!(clash.contains("a/b"), "{clash}");
        let twice = unpack(&archive(&[("a/b", b"x"), ("a//b", b"x")])).unwrap_err();
        assert!(twice.contains("twice"), "{twice}");
        let bomb = pack(&files(&[("ruleset.yml", &vec![b' '; 33 * 1024 * 1024])])).unwrap();
        assert!(bomb.len() < 1024 * 1024);
        assert!(unpack(&bomb).unwrap_err().contains("expands"));
        for value in ["%%%", "bm8gemlw"] {
            let odd = decode(value);
            assert!(odd.files.is_none() && odd.digest.unwrap().starts_with("sha256:"));
            let text = odd.text.unwrap();
            assert!(text.contains("not a usable archive"), "{text}");
        }
    }
}
