//! Time as the service writes it, and etags in its style.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// Ticks of 100 nanoseconds since 1970, the resolution of the service's time stamps.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(transparent)]
pub(in crate::emulator) struct Ticks(u64);

static LAST: AtomicU64 = AtomicU64::new(0);

const PER_SECOND: u64 = 10_000_000;

impl Ticks {
    /// The current time, but later than every earlier result in this process: two writes never share a
    /// `lastModifiedAt`.
    pub(in crate::emulator) fn now() -> Self {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let now = since.as_secs() * PER_SECOND + u64::from(since.subsec_nanos()) / 100;
        let previous = LAST
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| {
                Some(now.max(last + 1))
            })
            .unwrap_or_else(|last| last);
        Self(now.max(previous + 1))
    }

    /// The moment as a number, for names that encode it.
    pub(in crate::emulator) fn number(self) -> u64 {
        self.0
    }

    /// The moment that a number stands for.
    pub(in crate::emulator) fn from_number(number: u64) -> Self {
        Self(number)
    }

    pub(in crate::emulator) fn unix_seconds(self) -> u64 {
        self.0 / PER_SECOND
    }

    /// How long until this moment; zero when it has passed.
    pub(in crate::emulator) fn remaining(self) -> std::time::Duration {
        let left = self.0.saturating_sub(Self::now().0);
        std::time::Duration::from_nanos(left.saturating_mul(100))
    }

    pub(in crate::emulator) fn plus(self, time: std::time::Duration) -> Self {
        let ticks = u64::try_from(time.as_nanos() / 100).unwrap_or(u64::MAX);
        Self(self.0.saturating_add(ticks))
    }

    pub(in crate::emulator) fn minus(self, time: std::time::Duration) -> Self {
        let ticks = u64::try_from(time.as_nanos() / 100).unwrap_or(u64::MAX);
        Self(self.0.saturating_sub(ticks))
    }

    /// Year, month and day, in UTC.
    pub(in crate::emulator) fn date(self) -> (i32, u8, u8) {
        let seconds = i64::try_from(self.unix_seconds()).unwrap_or(i64::MAX);
        let date = jiff::Timestamp::from_second(seconds)
            .unwrap_or(jiff::Timestamp::MAX)
            .to_zoned(jiff::tz::TimeZone::UTC)
            .date();
        let part = |number: i8| u8::try_from(number).unwrap_or(1);
        (i32::from(date.year()), part(date.month()), part(date.day()))
    }

    /// `2024-10-09T08:17:41.370549Z`: up to seven fraction digits, trailing zeros left out
    /// (observed).
    pub(in crate::emulator) fn stamp(self) -> String {
        format!("{}Z", self.written())
    }

    /// `2024-06-17T06:03:02.6569295+00:00`, the form of operation results (observed).
    pub(in crate::emulator) fn offset_stamp(self) -> String {
        format!("{}+00:00", self.written())
    }

    fn written(self) -> String {
        let seconds = i64::try_from(self.unix_seconds()).unwrap_or(i64::MAX);
        let whole = jiff::Timestamp::from_second(seconds)
            .unwrap_or(jiff::Timestamp::MAX)
            .to_string();
        let whole = whole.trim_end_matches('Z');
        let fraction = format!("{:07}", self.0 % PER_SECOND);
        match fraction.trim_end_matches('0') {
            "" => whole.to_owned(),
            digits => format!("{whole}.{digits}"),
        }
    }
}

/// An etag in the observed style, unquoted: `c1000259-0000-0100-0000-67063c230000` (a counter, then
/// the time in seconds).
pub(in crate::emulator) fn etag(counter: u64, at: Ticks) -> String {
    format!(
        "{:08x}-0000-0100-0000-{:08x}0000",
        counter & 0xffff_ffff,
        at.unix_seconds()
    )
}

#[cfg(test)]
mod tests {
    use super::{Ticks, etag};

    #[test]
    fn stamps_have_the_observed_form() {
        let at = Ticks(17_284_618_613_705_490);
        assert_eq!(at.stamp(), "2024-10-09T08:17:41.370549Z");
        assert_eq!(at.offset_stamp(), "2024-10-09T08:17:41.370549+00:00");
        assert_eq!(
            Ticks(17_284_618_610_000_000).stamp(),
            "2024-10-09T08:17:41Z"
        );
        assert_eq!(
            etag(0xc100_0259, Ticks(0x6706_3c23 * 10_000_000)),
            "c1000259-0000-0100-0000-67063c230000"
        );
    }

    #[test]
    fn time_never_stands_still() {
        assert!(Ticks::now() < Ticks::now());
    }
}
