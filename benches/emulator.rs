//! The program's own emulator, which measured commands speak with.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::program::{PROGRAM, Result};

/// An emulator in a process of its own, until it is dropped.
pub(crate) struct RunningEmulator {
    pub(crate) process: Child,
    pub(crate) url: String,
}

impl RunningEmulator {
    pub(crate) fn start(data: &Path) -> Result<Self> {
        let mut process = Command::new(PROGRAM)
            .args(["--quiet", "emulator"])
            // No sample API within this run: it would be one too many for a full service.
            .args(["--seed-delay-ms", "86400000", "--data"])
            .arg(data)
            .stdout(Stdio::piped())
            .spawn()?;
        let mut url = String::new();
        if let Some(stdout) = process.stdout.take() {
            BufReader::new(stdout).read_line(&mut url)?;
        }
        let url = url.trim().to_owned();
        Ok(Self { process, url })
    }
}

impl Drop for RunningEmulator {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing left to do.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
