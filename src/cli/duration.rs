//! Durations in flags.

use std::time::Duration;

/// Reads a duration such as `90s`, `10m`, `2h` or a number of seconds.
pub(super) fn parse(text: &str) -> Result<Duration, String> {
    let (number, unit) = match text.strip_suffix(['s', 'm', 'h']) {
        Some(number) => (number, text.as_bytes()[text.len() - 1]),
        None => (text, b's'),
    };
    let seconds = match unit {
        b'h' => 3600,
        b'm' => 60,
        _ => 1,
    };
    let number: u64 = number
        .parse()
        .map_err(|_| "must be a duration such as 90s, 10m or 1h".to_owned())?;
    Ok(Duration::from_secs(number.saturating_mul(seconds)))
}
