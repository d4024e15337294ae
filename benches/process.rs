//! Processes that are measured from outside.

use std::fs;
use std::process::{Child, ExitStatus};
use std::thread;
use std::time::Duration;

use super::program::Result;

/// How often the memory of a process is looked at.
const GLANCE: Duration = Duration::from_millis(2);

/// Waits for the end of a process and keeps its peak memory in view.
pub(crate) fn watch(process: &mut Child) -> Result<(ExitStatus, Option<u64>)> {
    let mut peak = None;
    loop {
        peak = peak_of(process.id()).max(peak);
        match process.try_wait()? {
            Some(status) => return Ok((status, peak)),
            None => thread::sleep(GLANCE),
        }
    }
}

/// The most memory that a process has had resident so far, in KiB; only Linux has it.
pub(crate) fn peak_of(process: u32) -> Option<u64> {
    let status = fs::read(format!("/proc/{process}/status")).ok()?;
    let status = String::from_utf8(status).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

pub(crate) fn memory(kib: Option<u64>) -> String {
    kib.map_or_else(|| "n/a".to_owned(), |kib| format!("{} MiB", kib / 1024))
}
