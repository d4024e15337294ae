//! How long a Markdown text may be, as a value on the command line.

/// A number of characters, of which there must be so many at least.
pub(super) fn at_least(least: usize) -> impl Fn(&str) -> Result<usize, String> + Clone {
    move |text| match text.parse() {
        Ok(n) if n >= least => Ok(n),
        _ => Err(format!("must be a number of at least {least}")),
    }
}
