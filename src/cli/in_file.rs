//! Reading a file that the command line names.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::failure::Failure;

/// Most bytes of such a file. The largest that the program writes, a snapshot of 10,000 APIs, has about a tenth of that.
const MOST_BYTES: u64 = 256 * 1024 * 1024;

/// What a file has; `-` is standard input. Pipes and devices are read too, up to the same limit.
pub(super) fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    content(file)
        .map_err(|error| Failure::error(format!("cannot read {}: {error}", file.display())))
}

/// As [`read`], for callers with a message of their own.
pub(super) fn content(file: &Path) -> io::Result<Vec<u8>> {
    if file == Path::new("-") {
        return bounded(io::stdin().lock(), 0);
    }
    let open = File::open(file)?;
    let size = open.metadata()?.len();
    bounded(open, size)
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
