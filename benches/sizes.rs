//! The sizes that a bench is run with.

use std::process::ExitCode;

use super::program::Result;

/// Measures each number of APIs that the command line names; without one, those of a bench, or five APIs in a test.
/// What goes wrong ends the bench.
#[expect(clippy::print_stderr, reason = "for people")]
pub(crate) fn for_each_size(bench: &[usize], measure: impl Fn(usize) -> Result<()>) -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let is_bench = arguments.iter().any(|argument| argument == "--bench");
    let mut sizes: Vec<usize> = arguments.iter().filter_map(|it| it.parse().ok()).collect();
    if sizes.is_empty() {
        sizes = if is_bench { bench.to_vec() } else { vec![5] };
    }
    for size in sizes {
        if let Err(error) = measure(size) {
            eprintln!("{size} APIs: {error}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
