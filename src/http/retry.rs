//! Which failures are worth a retry, and after how long.

use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use tokio::time::Instant;

/// When a request is repeated, and after how long.
#[derive(Debug, Clone)]
pub struct RetryPolicy {
    /// How often a request is sent at most.
    pub max_attempts: u32,
    /// Whether throttled attempts (429, or 503 with a time) are counted apart and may be twice as many.
    pub throttled_apart: bool,
    /// The wait before the first repetition; it doubles with each.
    pub base: Duration,
    /// The longest wait of our own choosing.
    pub ceiling: Duration,
    /// The longest wait that a response may ask for.
    pub longest_asked: Duration,
    /// Whether a response that asks for a longer wait is the last one; otherwise the wait is shortened.
    pub give_up_on_long_waits: bool,
    /// No repetition starts later than this after the first failure.
    pub deadline: Duration,
    /// Whether waits of our own choosing vary, so that many clients do not come back at once.
    pub jitter: bool,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 5,
            throttled_apart: true,
            base: Duration::from_millis(500),
            ceiling: Duration::from_secs(20),
            longest_asked: Duration::from_secs(60),
            give_up_on_long_waits: false,
            deadline: Duration::from_secs(5 * 60),
            jitter: true,
        }
    }
}

/// The most attempts while another operation is in progress; such operations may take long.
const IN_PROGRESS_ATTEMPTS: u32 = 4;

/// Why a request may have to be sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryReason {
    /// A response with this status.
    Status(u16),
    /// The response says that another operation on the resource is in progress.
    OperationInProgress,
    /// No connection, hence nothing was sent.
    NotSent,
    /// The connection broke, or the response took too long: the request may have been carried out.
    ConnectionLost,
    /// A repetition cannot help: the certificate is not trusted, or the response is too large.
    NotRetryable,
}

impl RetryReason {
    /// The reason in a status; none unless it is an error.
    #[must_use]
    pub fn of_status(status: StatusCode) -> Option<Self> {
        let is_error = status.is_client_error() || status.is_server_error();
        is_error.then(|| Self::Status(status.as_u16()))
    }
}

/// Which limit counts for the next attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Final,
    Retry,
    RetryThrottled,
    RetryInProgress,
}

/// Whether a request may be sent again.
///
/// One that is not idempotent is sent again only if it was certainly not carried out: it was never
/// sent, or the service refused it with a time to come back.
fn judge(reason: RetryReason, idempotent: bool, asked: bool) -> Verdict {
    match reason {
        RetryReason::Status(429) => Verdict::RetryThrottled,
        RetryReason::Status(503) if asked => Verdict::RetryThrottled,
        RetryReason::Status(408 | 500 | 502 | 503 | 504) | RetryReason::ConnectionLost
            if idempotent =>
        {
            Verdict::Retry
        }
        RetryReason::NotSent => Verdict::Retry,
        RetryReason::OperationInProgress => Verdict::RetryInProgress,
        RetryReason::Status(_) | RetryReason::ConnectionLost | RetryReason::NotRetryable => {
            Verdict::Final
        }
    }
}

/// The failed attempts of one request so far.
#[derive(Debug)]
pub struct RetryState<'a> {
    policy: &'a RetryPolicy,
    first_failure: Option<Instant>,
    failed: u32,
    throttled: u32,
    in_progress: u32,
}

impl<'a> RetryState<'a> {
    /// No attempt yet.
    #[must_use]
    pub fn new(policy: &'a RetryPolicy) -> Self {
        Self {
            policy,
            first_failure: None,
            failed: 0,
            throttled: 0,
            in_progress: 0,
        }
    }

    /// The number of failed attempts.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.failed + self.throttled + self.in_progress
    }

    /// Records a failed attempt: how long to wait before the next one, or none if it was the last.
    ///
    /// `asked` is the wait that the response asked for, see [`retry_after`].
    pub fn failed(
        &mut self,
        reason: RetryReason,
        idempotent: bool,
        asked: Option<Duration>,
    ) -> Option<Duration> {
        let passed = self
            .first_failure
            .get_or_insert_with(Instant::now)
            .elapsed();
        self.failed_after(passed, reason, idempotent, asked)
    }

    fn failed_after(
        &mut self,
        passed: Duration,
        reason: RetryReason,
        idempotent: bool,
        asked: Option<Duration>,
    ) -> Option<Duration> {
        let policy = self.policy;
        let most = policy.max_attempts.max(1);
        let (count, most) = match judge(reason, idempotent, asked.is_some()) {
            Verdict::Final => (&mut self.failed, 0),
            Verdict::RetryThrottled if policy.throttled_apart => {
                (&mut self.throttled, most.saturating_mul(2))
            }
            Verdict::Retry | Verdict::RetryThrottled => (&mut self.failed, most),
            Verdict::RetryInProgress => (&mut self.in_progress, most.min(IN_PROGRESS_ATTEMPTS)),
        };
        *count += 1;
        if *count >= most {
            return None;
        }
        let wait = match asked {
            Some(asked) if asked > policy.longest_asked && policy.give_up_on_long_waits => {
                return None;
            }
            Some(asked) => asked.min(policy.longest_asked),
            None => policy.backoff(self.attempts()),
        };
        (passed + wait <= policy.deadline).then_some(wait)
    }
}

impl RetryPolicy {
    /// The wait of our own choosing after a number of failures: it doubles up to the ceiling.
    #[must_use]
    pub fn backoff(&self, failures: u32) -> Duration {
        let doubled = 2_u32.saturating_pow(failures.saturating_sub(1));
        let wait = self.base.saturating_mul(doubled).min(self.ceiling);
        if !self.jitter {
            return wait;
        }
        // Between half and all of it. The source need not be good, only different in each process.
        let random = uuid::Uuid::new_v4().as_u128() as u32;
        wait.mul_f64(0.5 + 0.5 * f64::from(random) / f64::from(u32::MAX))
    }
}

/// The wait that a response asks for: `retry-after-ms`, `x-ms-retry-after-ms`, or `Retry-After` in
/// seconds or as a date, which is relative to the date of the response, as clocks differ.
#[must_use]
pub fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(str::trim)
    };
    for name in ["retry-after-ms", "x-ms-retry-after-ms"] {
        if let Some(wait) = text(name).and_then(|text| seconds(text, 0.001)) {
            return Some(wait);
        }
    }
    let after = text("retry-after")?;
    seconds(after, 1.0).or_else(|| {
        let now = text("date").and_then(date);
        let now = now.or_else(|| Timestamp::try_from(SystemTime::now()).ok())?;
        Some(Duration::try_from(date(after)?.duration_since(now)).unwrap_or_default())
    })
}

fn seconds(text: &str, unit: f64) -> Option<Duration> {
    let number = text.parse::<f64>().ok().filter(|number| *number >= 0.0)?;
    Duration::try_from_secs_f64(number * unit).ok()
}

fn date(text: &str) -> Option<Timestamp> {
    let parsed = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text);
    parsed.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXACT: RetryPolicy = RetryPolicy {
        max_attempts: 5,
        throttled_apart: true,
        base: Duration::from_secs(1),
        ceiling: Duration::from_secs(6),
        longest_asked: Duration::from_secs(60),
        give_up_on_long_waits: false,
        deadline: Duration::from_secs(300),
        jitter: false,
    };

    #[test]
    fn only_what_is_safe_is_sent_again() {
        use RetryReason::{ConnectionLost, NotRetryable, NotSent, OperationInProgress, Status};
        use Verdict::{Final, Retry, RetryInProgress, RetryThrottled};
        let table = [
            // reason, Retry-After, idempotent, once only
            (Status(408), false, Retry, Final),
            (Status(429), false, RetryThrottled, RetryThrottled),
            (Status(429), true, RetryThrottled, RetryThrottled),
            (Status(500), false, Retry, Final),
            (Status(500), true, Retry, Final),
            (Status(502), false, Retry, Final),
            (Status(503), false, Retry, Final),
            (Status(503), true, RetryThrottled, RetryThrottled),
            (Status(504), true, Retry, Final),
            (Status(501), false, Final, Final),
            (Status(400), true, Final, Final),
            (Status(401), false, Final, Final),
            (Status(403), false, Final, Final),
            (Status(404), false, Final, Final),
            (Status(409), true, Final, Final),
            (Status(412), false, Final, Final),
            (OperationInProgress, false, RetryInProgress, RetryInProgress),
            (NotSent, false, Retry, Retry),
            (NotRetryable, false, Final, Final),
            (ConnectionLost, false, Retry, Final),
        ];
        for (reason, asked, idempotent, once) in table {
            assert_eq!(
                judge(reason, true, asked),
                idempotent,
                "{reason:?}, idempotent"
            );
            assert_eq!(judge(reason, false, asked), once, "{reason:?}, once");
        }
    }

    fn waits(policy: &RetryPolicy, reason: RetryReason, asked: Option<u64>) -> Vec<u64> {
        let mut attempts = RetryState::new(policy);
        let asked = asked.map(Duration::from_secs);
        let mut passed = Duration::ZERO;
        let next = || {
            let wait = attempts.failed_after(passed, reason, true, asked)?;
            passed += wait;
            Some(wait.as_secs())
        };
        std::iter::from_fn(next).collect()
    }

    #[test]
    fn waits_double_up_to_the_ceiling_and_asked_ones_are_capped() {
        assert_eq!(waits(&EXACT, RetryReason::Status(500), None), [1, 2, 4, 6]);
        assert_eq!(
            waits(&EXACT, RetryReason::Status(500), Some(3)),
            [3, 3, 3, 3]
        );
        assert_eq!(waits(&EXACT, RetryReason::Status(429), Some(0)), [0; 9]);
        assert_eq!(
            waits(&EXACT, RetryReason::OperationInProgress, None),
            [1, 2, 4]
        );
        assert_eq!(waits(&EXACT, RetryReason::Status(400), Some(1)), [0; 0]);
        let once = RetryPolicy {
            max_attempts: 1,
            ..EXACT
        };
        assert_eq!(waits(&once, RetryReason::ConnectionLost, None), [0; 0]);
    }

    #[test]
    fn no_attempt_starts_after_the_deadline() {
        assert_eq!(waits(&EXACT, RetryReason::Status(429), Some(9000)), [60; 5]);
    }

    #[test]
    fn a_pipeline_counts_all_attempts_together_and_waits_for_nothing_long() {
        let policy = RetryPolicy {
            throttled_apart: false,
            give_up_on_long_waits: true,
            ..EXACT
        };
        assert_eq!(waits(&policy, RetryReason::Status(429), Some(60)), [60; 4]);
        assert_eq!(waits(&policy, RetryReason::Status(429), Some(61)), [0; 0]);
    }

    #[test]
    fn jitter_stays_between_half_and_all() {
        let policy = RetryPolicy {
            jitter: true,
            ..EXACT
        };
        let waits: Vec<_> = (0..50).map(|_| policy.backoff(2).as_millis()).collect();
        assert!(
            waits.iter().all(|wait| (1000..=2000).contains(wait)),
            "{waits:?}"
        );
        assert!(waits.iter().any(|wait| *wait != waits[0]));
    }

    #[test]
    fn retry_after_is_read_in_every_form() {
        type Lines<'a> = &'a [(&'a str, &'a str)];
        let table: &[(Lines<'_>, Option<u64>)] = &[
            (&[("retry-after", "7")], Some(7000)),
            (&[("retry-after", "0")], Some(0)),
            (&[("retry-after", " 1.5 ")], Some(1500)),
            (
                &[("retry-after", "7"), ("retry-after-ms", "250")],
                Some(250),
            ),
            (
                &[("retry-after", "7"), ("x-ms-retry-after-ms", "40")],
                Some(40),
            ),
            (
                &[("retry-after", "7"), ("retry-after-ms", "soon")],
                Some(7000),
            ),
            (
                &[
                    ("date", "Sun, 06 Nov 1994 08:49:37 GMT"),
                    ("retry-after", "Sun, 06 Nov 1994 08:50:07 GMT"),
                ],
                Some(30_000),
            ),
            (
                &[
                    ("date", "Sun, 06 Nov 1994 08:49:37 GMT"),
                    ("retry-after", "Sun, 06 Nov 1994 08:00:00 GMT"),
                ],
                Some(0),
            ),
            (&[("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT")], Some(0)),
            (&[("retry-after", "-1")], None),
            (&[("retry-after", "NaN")], None),
            (&[("retry-after", "1e300")], None),
            (&[("retry-after", "later")], None),
            (&[], None),
        ];
        for (lines, expected) in table {
            let mut headers = HeaderMap::new();
            for (name, value) in *lines {
                headers.insert(*name, value.parse().unwrap());
            }
            let wait = retry_after(&headers).map(|wait| u64::try_from(wait.as_millis()).unwrap());
            assert_eq!(wait, *expected, "{lines:?}");
        }
    }
}
