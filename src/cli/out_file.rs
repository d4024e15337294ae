//! Files that commands write: whole or not at all, and never through a link out of a project.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Component, Path, PathBuf};

use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;
use crate::manifest::source::{ReadProblem, destination, project_file_in};
use crate::output::Data;

/// The names of standard output as a file.
const STDOUT: [&str; 4] = ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"];

/// Whether a file that was asked for is standard output.
pub(super) fn is_stdout(file: &Path) -> bool {
    STDOUT.iter().any(|name| file == Path::new(name))
}

/// Writes a result to the file that the command line names.
pub(super) fn write_file(file: &Path, data: &Data<'_>, console: &Console) -> Result<(), Failure> {
    if is_stdout(file) {
        console.data(data);
        return Ok(());
    }
    let place = place(file)?;
    write_to(&place, data).map_err(|error| failed(file, &error))
}

/// Writes a file that only its owner may read, and that is on the disk afterwards.
pub(super) fn write_private_file(file: &Path, data: &Data<'_>) -> Result<(), Failure> {
    let written = |place: &Path| -> io::Result<()> {
        let temporary = tempfile::NamedTempFile::new_in(folder_of(place))?;
        buffered(temporary.as_file(), |out| data.write_to(out))?;
        temporary.as_file().sync_all()?;
        temporary.persist(place)?;
        Ok(())
    };
    let place = place(file)?;
    written(&place).map_err(|error| failed(file, &error))
}

/// The same as [`write_file`], and creates the folder of the file.
pub(super) fn write_file_and_folder(
    file: &Path,
    data: &Data<'_>,
    console: &Console,
) -> Result<(), Failure> {
    if !is_stdout(file) {
        let place = place(file)?;
        let folder = folder_of(&place);
        std::fs::create_dir_all(folder).map_err(|error| {
            Failure::error(format!(
                "cannot create the folder {}: {error}",
                folder.display()
            ))
        })?;
    }
    write_file(file, data, console)
}

/// Puts the bytes into a file in one step: whoever reads it sees the old content or the new. An existing file keeps
/// its permissions.
pub(super) fn write_atomically(path: &Path, bytes: &[u8]) -> io::Result<()> {
    replace(path, |out| out.write_all(bytes))
}

/// Puts what is written piece by piece into a file in one step.
fn replace(path: &Path, write: impl Fn(&mut dyn io::Write) -> io::Result<()>) -> io::Result<()> {
    let permissions = match OpenOptions::new().write(true).open(path) {
        Ok(existing) => Some(existing.metadata()?.permissions()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    let temporary = match temporary_file(folder_of(path)) {
        // The file may be written to, and its folder may not.
        Err(error) if permissions.is_some() && error.kind() == io::ErrorKind::PermissionDenied => {
            return buffered(&std::fs::File::create(path)?, write);
        }
        temporary => temporary?,
    };
    buffered(temporary.as_file(), write)?;
    if let Some(permissions) = permissions {
        temporary.as_file().set_permissions(permissions)?;
    }
    temporary.persist(path)?;
    Ok(())
}

/// Where a file that the command line names is to be written. In a project, no link may lead out of it.
fn place(file: &Path) -> Result<PathBuf, Failure> {
    let written = std::path::absolute(file).map_err(|error| failed(file, &error))?;
    let absolute = without_parents(&written);
    let mut folders = absolute.ancestors().skip(1);
    let Some(root) = folders.find(|folder| project_file_in(folder).is_some()) else {
        return Ok(file.canonicalize().unwrap_or_else(|_| file.to_owned()));
    };
    let below = absolute.strip_prefix(root).unwrap_or(&absolute);
    destination(root, below).map_err(|problem| refused(file, &problem))
}

/// A path whose `..` are resolved by name, so that its ancestors are the folders that it is in.
fn without_parents(path: &Path) -> PathBuf {
    let mut resolved = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => drop(resolved.pop()),
            other => resolved.push(other),
        }
    }
    resolved
}

fn buffered(
    file: &std::fs::File,
    write: impl Fn(&mut dyn io::Write) -> io::Result<()>,
) -> io::Result<()> {
    let mut file = io::BufWriter::new(file);
    write(&mut file)?;
    file.flush()
}

fn write_to(place: &Path, data: &Data<'_>) -> io::Result<()> {
    // A pipe or a device takes what it is given.
    if place.metadata().is_ok_and(|metadata| !metadata.is_file()) {
        let opened = OpenOptions::new().write(true).open(place)?;
        return buffered(&opened, |out| data.write_to(out));
    }
    replace(place, |out| data.write_to(out))
}

/// Why a file is not written.
pub(super) fn refused(file: &Path, problem: &ReadProblem) -> Failure {
    let message = format!("cannot write {}: {problem}", file.display());
    match problem {
        ReadProblem::Outside | ReadProblem::Missing { .. } => Failure::new(Exit::Refused, message)
            .help("nothing is written through a link out of the project; remove the link"),
        _ => Failure::error(message),
    }
}

fn failed(file: &Path, error: &io::Error) -> Failure {
    Failure::error(format!("cannot write {}: {error}", file.display()))
}

fn folder_of(path: &Path) -> &Path {
    let folder = path.parent().unwrap_or(Path::new("."));
    match folder.as_os_str().is_empty() {
        true => Path::new("."),
        false => folder,
    }
}

/// A temporary file with the permissions of an ordinary file, instead of only the owner's.
fn temporary_file(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let ordinary = std::fs::Permissions::from_mode(0o666);
        tempfile::Builder::new()
            .permissions(ordinary)
            .tempfile_in(folder)
    }
    #[cfg(not(unix))]
    tempfile::NamedTempFile::new_in(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn an_existing_file_keeps_its_permissions_and_is_replaced_whole() {
        use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, "old").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        let before = path.metadata().unwrap();
        write_atomically(&path, b"new").unwrap();
        let after = path.metadata().unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"new");
        assert_eq!(after.mode() & 0o777, 0o640);
        assert_ne!(after.ino(), before.ino(), "it is another file");
        assert_eq!(folder.path().read_dir().unwrap().count(), 1);
    }

    #[test]
    fn standard_output_has_several_names() {
        for (name, expected) in [
            ("-", true),
            ("/dev/stdout", true),
            ("./-", false),
            ("x", false),
        ] {
            assert_eq!(is_stdout(Path::new(name)), expected, "{name}");
        }
    }
}
