//! Reading a file that the command line names.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::failure::Failure;
use crate::http::memory_of;

/// Most bytes of such a file (chosen here).
const MOST_BYTES: u64 = 256 * 1024 * 1024;

/// The most memory that the values of a JSON file may take, as [`memory_of`] estimates it (chosen here).
const MOST_MEMORY: usize = 1024 * 1024 * 1024;

/// What a file has. Pipes and devices are read too, up to the same limit.
pub(super) fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    content(file).map_err(|error| cannot_read(file, &error.to_string()))
}

/// The text of a JSON file, if its values take a bounded amount of memory.
pub(super) fn read_json(file: &Path) -> Result<Vec<u8>, Failure> {
    let text = read(file)?;
    match memory_of(&text) > MOST_MEMORY {
        true => Err(cannot_read(
            file,
            "it has more values than this program reads",
        )),
        false => Ok(text),
    }
}

/// As [`read`], for callers with a message of their own. `-` is standard input.
pub(super) fn content(file: &Path) -> io::Result<Vec<u8>> {
    if file == Path::new("-") {
        return standard_input();
    }
    let open = File::open(file)?;
    let size = open.metadata()?.len();
    bounded(open, size)
}

/// What standard input has, up to the same limit.
pub(super) fn standard_input() -> io::Result<Vec<u8>> {
    bounded(io::stdin().lock(), 0)
}

fn cannot_read(file: &Path, problem: &str) -> Failure {
    Failure::error(format!("cannot read {}: {problem}", file.display()))
}

/// Reads to the end; an input that is larger than the limit is an error, of a known size before it is read.
fn bounded(input: impl Read, size: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if size <= MOST_BYTES {
        input.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    }
    if size > MOST_BYTES || bytes.len() as u64 > MOST_BYTES {
        let message = format!("it has more than {} MiB", MOST_BYTES >> 20);
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
    }
    Ok(bytes)
}
