//! The emulator as a process of its own, which can be killed.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// It is killed when it is dropped.
pub(crate) struct EmulatorProcess {
    child: Child,
    /// Host and port.
    pub(crate) address: String,
}

impl EmulatorProcess {
    /// Starts the program and does not wait for it.
    pub(crate) fn spawn(data: &Path, listen: &str) -> Child {
        Command::new(env!("CARGO_BIN_EXE_apicenter"))
            .args(["emulator", "--latency-ms", "10", "--sync-delay-ms", "0"])
            .args(["--unlink-delay-ms", "0", "--listen", listen, "--data"])
            .arg(data)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the emulator starts")
    }

    /// Starts the program and waits until it listens.
    pub(crate) fn start(data: &Path, listen: &str) -> Self {
        let mut child = Self::spawn(data, listen);
        let mut line = String::new();
        let mut stdout = BufReader::new(child.stdout.take().expect("it is piped"));
        stdout.read_line(&mut line).expect("it shows its address");
        let at = line.find("127.0.0.1:").expect("an address");
        let address = line[at..].trim().trim_end_matches('/').to_owned();
        Self { child, address }
    }

    pub(crate) fn kill(&mut self) {
        self.child.kill().expect("it is killed");
        self.child.wait().expect("it ends");
    }
}

impl Drop for EmulatorProcess {
    fn drop(&mut self) {
        // It may have been killed.
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}
