//! Reading and finding files so that nothing hangs, nothing leaves a folder, and nothing large is taken in whole.

use std::fmt;
use std::fs::{File, Metadata};
use std::io::{self, Read as _};
use std::path::{Component, Path, PathBuf};

use super::wording::nearest;

/// How much of a file that is too large is read, to see what it may be.
const HEAD_BYTES: u64 = 64 * 1024;

/// The most names of a folder that are compared with one that is not there.
const MOST_NEIGHBOURS: usize = 1000;

/// Why a file could not be read.
#[derive(Debug)]
pub enum ReadProblem {
    /// It does not exist; a file of nearly that name may.
    Missing {
        /// The nearest name in the same folder.
        near: Option<String>,
    },
    /// It is outside the project, perhaps through a link.
    Outside,
    /// It is a folder, a device, a FIFO or a socket.
    NotRegular(&'static str),
    /// It has more bytes than are read of such a file.
    TooLarge {
        /// Its size.
        bytes: u64,
        /// The limit.
        most: u64,
        /// How it begins.
        head: Vec<u8>,
    },
    /// It is not UTF-8 text.
    NotText {
        /// Offset of the first byte that is not UTF-8.
        offset: usize,
    },
    /// The system reports an error.
    Unreadable(io::Error),
}

impl fmt::Display for ReadProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { .. } => f.write_str("it leads nowhere"),
            Self::Outside => f.write_str("it leads out of the project folder"),
            Self::NotRegular(what) => write!(f, "it is {what}, not a regular file"),
            Self::TooLarge { bytes, most, .. } => {
                write!(f, "it has {bytes} bytes, more than {most}")
            }
            Self::NotText { offset } => write!(f, "it is not UTF-8 text (byte {offset})"),
            Self::Unreadable(error) => error.fmt(f),
        }
    }
}

/// The bytes of a regular file, if there are not too many. Nothing is read of anything else, which may never
/// end.
///
/// # Errors
/// If it is missing, not a regular file, or too large.
pub fn read_regular(path: &Path, most: u64) -> Result<Vec<u8>, ReadProblem> {
    let metadata = path.metadata().map_err(|error| problem(path, error))?;
    require_regular(&metadata)?;
    let file = File::open(path).map_err(ReadProblem::Unreadable)?;
    let mut bytes = Vec::new();
    if metadata.len() <= most {
        // With room for all of it and the end, nothing is read in pieces.
        bytes.reserve_exact(usize::try_from(metadata.len()).map_or(0, |length| length + 1));
        // The file may grow meanwhile.
        let taken = (&file).take(most + 1).read_to_end(&mut bytes);
        taken.map_err(ReadProblem::Unreadable)?;
    } else {
        let taken = (&file).take(HEAD_BYTES).read_to_end(&mut bytes);
        taken.map_err(ReadProblem::Unreadable)?;
    }
    let size = metadata.len().max(bytes.len() as u64);
    if size > most {
        return Err(ReadProblem::TooLarge {
            bytes: size,
            most,
            head: bytes,
        });
    }
    Ok(bytes)
}

/// Whether a regular file has exactly these bytes. Files of other sizes are not read.
#[must_use]
pub fn has_content(path: &Path, bytes: &[u8]) -> bool {
    let size = bytes.len() as u64;
    let is_as_long = |metadata: &Metadata| metadata.is_file() && metadata.len() == size;
    path.metadata().is_ok_and(|metadata| is_as_long(&metadata))
        && read_regular(path, size).is_ok_and(|found| found == bytes)
}

/// Where a path really leads: to something inside the folder `root`, which has no links in it.
///
/// # Errors
/// If it is missing or outside.
pub(super) fn real_path(root: &Path, path: &Path) -> Result<PathBuf, ReadProblem> {
    let full = root.join(path);
    let real = full.canonicalize().map_err(|error| problem(&full, error))?;
    if real.starts_with(root) {
        Ok(real)
    } else {
        Err(ReadProblem::Outside)
    }
}

/// Where a file of a folder is to be written: the path with its links followed, none of which may lead out of the
/// folder. The file, and folders above it, need not exist.
///
/// # Errors
/// If the path leads out of the folder, to nowhere, or to something other than a regular file.
pub fn destination(folder: &Path, path: &Path) -> Result<PathBuf, ReadProblem> {
    let mut steps = Vec::new();
    for component in path.components() {
        match component {
            Component::Normal(step) => steps.push(step),
            Component::CurDir => {}
            Component::ParentDir => {
                steps.pop().ok_or(ReadProblem::Outside)?;
            }
            Component::RootDir | Component::Prefix(_) => return Err(ReadProblem::Outside),
        }
    }
    let root = match folder.canonicalize() {
        Ok(root) => root,
        // A folder that does not exist contains no links.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(folder.join(path)),
        Err(error) => return Err(ReadProblem::Unreadable(error)),
    };
    let mut at = root.clone();
    for (depth, step) in steps.iter().enumerate() {
        at.push(step);
        let metadata = match at.symlink_metadata() {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                at.extend(&steps[depth + 1..]);
                return Ok(at);
            }
            Err(error) => return Err(ReadProblem::Unreadable(error)),
        };
        if metadata.is_symlink() {
            at = real_path(&root, &at)?;
        }
    }
    require_regular(&at.metadata().map_err(ReadProblem::Unreadable)?)?;
    Ok(at)
}

fn problem(path: &Path, error: io::Error) -> ReadProblem {
    match error.kind() {
        io::ErrorKind::NotFound => ReadProblem::Missing { near: near(path) },
        _ => ReadProblem::Unreadable(error),
    }
}

fn require_regular(metadata: &Metadata) -> Result<(), ReadProblem> {
    if metadata.is_file() {
        Ok(())
    } else {
        Err(ReadProblem::NotRegular(what(metadata)))
    }
}

#[cfg(unix)]
fn what(metadata: &Metadata) -> &'static str {
    use std::os::unix::fs::FileTypeExt as _;
    let kind = metadata.file_type();
    match () {
        () if kind.is_dir() => "a folder",
        () if kind.is_fifo() => "a named pipe",
        () if kind.is_socket() => "a socket",
        () => "a device",
    }
}

#[cfg(not(unix))]
fn what(metadata: &Metadata) -> &'static str {
    match metadata.is_dir() {
        true => "a folder",
        false => "a device",
    }
}

fn near(path: &Path) -> Option<String> {
    let wanted = path.file_name()?.to_str()?;
    let names: Vec<String> = std::fs::read_dir(path.parent()?)
        .ok()?
        .take(MOST_NEIGHBOURS)
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name != wanted)
        .collect();
    let known: Vec<&str> = names.iter().map(String::as_str).collect();
    nearest(wanted, &known).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_too_large_is_known_by_its_size_and_its_head() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("large");
        File::create(&path).unwrap().set_len(1 << 40).unwrap();
        let ReadProblem::TooLarge { bytes, most, head } = read_regular(&path, 10).unwrap_err()
        else {
            panic!("it is too large");
        };
        assert_eq!((bytes, most, head.len()), (1 << 40, 10, 64 * 1024));
        std::fs::write(&path, "0123456789").unwrap();
        assert_eq!(read_regular(&path, 10).unwrap(), b"0123456789");
        assert!(has_content(&path, b"0123456789"));
        assert!(!has_content(&path, b"012345678"));
        assert!(!has_content(&path, b"0123456780"));
    }

    #[cfg(unix)]
    #[test]
    fn links_may_lead_to_places_inside_only() {
        use std::os::unix::fs::symlink;
        let outside = tempfile::tempdir().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        std::fs::create_dir(root.join("real")).unwrap();
        std::fs::write(root.join("real/file"), "").unwrap();
        symlink("real", root.join("inside")).unwrap();
        symlink(outside.path(), root.join("outside")).unwrap();
        symlink("nowhere", root.join("dangling")).unwrap();
        symlink("loop", root.join("loop")).unwrap();
        let found = |path: &str| destination(&root, Path::new(path)).map_err(|e| e.to_string());
        assert_eq!(found("inside/new/file"), Ok(root.join("real/new/file")));
        assert_eq!(found("inside/file"), Ok(root.join("real/file")));
        assert_eq!(found("a/../b"), Ok(root.join("b")));
        let out = Err("it leads out of the project folder".to_owned());
        for path in [
            "outside/file",
            "outside/new/file",
            "../file",
            "/etc/passwd",
            "outside",
        ] {
            assert_eq!(found(path), out, "{path}");
        }
        assert_eq!(found("dangling"), Err("it leads nowhere".to_owned()));
        assert_eq!(
            found("real"),
            Err("it is a folder, not a regular file".to_owned())
        );
        assert!(found("loop/file").is_err());
    }
}
