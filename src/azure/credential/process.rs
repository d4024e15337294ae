//! Running `az` and `azd`.

use std::ffi::{OsStr, OsString};
use std::io;
use std::process::{Output, Stdio};
use std::time::Duration;

use azure_identity::Executor;

/// Runs a program with a time limit.
#[derive(Debug)]
pub(super) struct ProgramExecutor {
    /// How messages name the program.
    pub(super) program: &'static str,
    /// The time limit.
    pub(super) timeout: Duration,
}

#[async_trait::async_trait]
impl Executor for ProgramExecutor {
    async fn run(&self, program: &OsStr, args: &[&OsStr]) -> io::Result<Output> {
        let mut command = tokio::process::Command::new(program);
        command.args(args.iter().map(|arg| self.replaced(arg)));
        // It may neither ask questions nor run on after the time limit.
        command.stdin(Stdio::null()).kill_on_drop(true);
        tracing::info!(program = self.program, "asking for a token");
        let output = tokio::time::timeout(self.timeout, command.output()).await;
        output.unwrap_or_else(|_| {
            let seconds = self.timeout.as_secs_f64();
            let text = format!("`{}` returned no token within {seconds} s", self.program);
            Err(io::Error::new(io::ErrorKind::TimedOut, text))
        })
    }
}

impl ProgramExecutor {
    /// Lets the program replace the shell, so that it is the program that is stopped.
    fn replaced(&self, arg: &OsStr) -> OsString {
        let line = arg.to_string_lossy();
        let start = format!("&& {} ", self.program);
        if cfg!(unix) && line.contains(&start) {
            line.replacen(&start, &format!("&& exec {} ", self.program), 1)
                .into()
        } else {
            arg.to_owned()
        }
    }
}
