//! The `apicenter` program.

fn main() -> std::process::ExitCode {
    apicenter::cli::run(std::env::args_os())
}
