//! The rulesets of analyzers: zip archives in base64, each way through an action of its own.

use std::io::{Cursor, Read as _, Write as _};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures::stream::{self, StreamExt as _, TryStreamExt as _};
use serde_json::{Value, json};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, System, ZipArchive, ZipWriter};

use super::client::Effect;
use super::reader::DOCUMENTS_AT_ONCE;
use super::service::ArmService;
use crate::document::bundle;
use crate::kinds;
use crate::live::{ErrorKind, ReadScope, ServiceError};
use crate::model::{Address, Files, LiveState};

/// The most that an archive of the service may expand to, in bytes and in entries (chosen here: ten
/// times what can be declared).
const MOST_BYTES: u64 = 32 * 1024 * 1024;
const MOST_ENTRIES: usize = 10_000;

/// A ruleset as it was read.
struct Ruleset {
    digest: String,
    text: Arc<str>,
    /// None where the archive is none that can be used.
    files: Option<Arc<Files>>,
}

impl ArmService {
    /// Whether an analyzer's ruleset has to be read.
    ///
    /// Observed: as long as it is `inactive`, there is none. Documented: the role of those who only
    /// read does not include this export, so it is asked for only where there is something to compare.
    pub(super) fn wants_ruleset(address: &Address, envelope: &Value, scope: &ReadScope) -> bool {
        let state = envelope["properties"]["state"].as_str().unwrap_or_default();
        address.kind().digest_field() == Some("ruleset")
            && !state.eq_ignore_ascii_case("inactive")
            && (scope.all_texts || scope.digests.contains_key(address))
            && scope.reaches(address)
    }

    /// Reads the rulesets of analyzers. Nothing tells when one was changed, so each is read each time.
    pub(super) async fn read_rulesets(
        &self,
        analyzers: Vec<Address>,
        state: &mut LiveState,
    ) -> Result<(), ServiceError> {
        let rulesets: Vec<(Address, Option<Ruleset>)> = stream::iter(analyzers)
            .map(|address| async move {
                let ruleset = self.export_ruleset(&address).await?;
                Ok::<_, ServiceError>((address, ruleset))
            })
            .buffer_unordered(DOCUMENTS_AT_ONCE)
            .try_collect()
            .await?;
        for (address, ruleset) in rulesets {
            let (Some(live), Some(ruleset)) = (state.resources.get_mut(&address), ruleset) else {
                continue;
            };
            let digest = Value::String(ruleset.digest);
            live.resource.body.insert("ruleset".to_owned(), digest);
            live.text = Some(ruleset.text);
            live.files = ruleset.files;
        }
        Ok(())
    }

    /// The ruleset of an analyzer; `None` where it has none.
    async fn export_ruleset(&self, address: &Address) -> Result<Option<Ruleset>, ServiceError> {
        let path = format!("{}/exportRuleset", self.path(address));
        let version = kinds::of(address).api_version;
        let result = match self.client.post(&path, version, None, Effect::Reads).await {
            Ok(result) => result.unwrap_or_default(),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        match (result["format"].as_str(), result["value"].as_str()) {
            (_, None | Some("")) => Ok(None),
            (Some("inline-zip"), Some(value)) => Ok(Some(ruleset(value))),
            (format, _) => {
                let text = format!(
                    "the ruleset comes as `{}`, not as `inline-zip`",
                    format.unwrap_or_default()
                );
                let subject = format!("{address}/exportRuleset");
                Err(ServiceError::new(ErrorKind::Protocol, text).on("POST", &subject))
            }
        }
    }

    /// Gives an analyzer its ruleset, and waits until the service has looked at it.
    pub(super) async fn import_ruleset(
        &self,
        address: &Address,
        files: &Files,
    ) -> Result<(), ServiceError> {
        let archive = pack(files).map_err(|reason| {
            let text = format!("the ruleset cannot be packed: {reason}");
            ServiceError::new(ErrorKind::Configuration, text)
        })?;
        let body = json!({ "format": "inline-zip", "value": STANDARD.encode(archive) });
        let path = format!("{}/importRuleset", self.path(address));
        let version = kinds::of(address).api_version;
        self.client
            .post(&path, version, Some(&body), Effect::Idempotent)
            .await?;
        Ok(())
    }
}

/// What the service gave. An archive that cannot be used is another ruleset than any that can be
/// declared, so that a plan shows it and an apply replaces it.
fn ruleset(value: &str) -> Ruleset {
    let unpacked = STANDARD
        .decode(value)
        .map_err(|error| format!("it is not base64: {error}"))
        .and_then(|archive| unpack(&archive));
    match unpacked {
        Ok(files) => Ruleset {
            digest: bundle::digest(&files),
            text: Arc::from(bundle::listing(&files)),
            files: Some(Arc::new(files)),
        },
        Err(reason) => Ruleset {
            digest: bundle::digest_of_bytes(value.as_bytes()),
            text: Arc::from(format!("(no archive that can be used: {reason})\n")),
            files: None,
        },
    }
}

/// The archive of some files: same files, same bytes.
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

/// The files of an archive, in memory and within bounds; what folders and links it holds is left out.
fn unpack(archive: &[u8]) -> Result<Files, String> {
    let mut archive = ZipArchive::new(Cursor::new(archive)).map_err(|error| error.to_string())?;
    if archive.len() > MOST_ENTRIES {
        return Err(format!("it holds more than {MOST_ENTRIES} files"));
    }
    if archive.has_duplicate_names() {
        return Err("it holds a file twice".to_owned());
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
        let path =
            bundle::path(&name).ok_or_else(|| format!("it holds a file with the path {name:?}"))?;
        if bundle::is_litter(&path) {
            continue;
        }
        let mut bytes = Vec::new();
        // What the entry says of its own size may be a lie.
        let read = (&mut entry).take(left + 1).read_to_end(&mut bytes);
        read.map_err(|error| format!("{path}: {error}"))?;
        left = left
            .checked_sub(bytes.len() as u64)
            .ok_or_else(|| format!("it expands to more than {MOST_BYTES} bytes"))?;
        if files.insert(path, bytes).is_some() {
            return Err("it holds a file twice".to_owned());
        }
    }
    match bundle::clash(&files) {
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
        let digest = |archive: &[u8]| ruleset(&STANDARD.encode(archive)).digest;
        assert_eq!(digest(&ours.unwrap()), digest(&theirs));
    }

    #[test]
    fn a_hostile_archive_is_no_ruleset_at_all() {
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
            let odd = ruleset(value);
            assert!(odd.files.is_none() && odd.digest.starts_with("sha256:"));
            assert!(odd.text.contains("no archive"), "{}", odd.text);
        }
    }
}
