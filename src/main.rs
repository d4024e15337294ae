//! The `apicenter` program.

/// Memory that one thread frees is used again by the others: `docs/decisions/0015-allocator.md`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    apicenter::cli::run(std::env::args_os())
}
