//! Which failures are worth another try, and after how long.

use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use reqwest::header::HeaderMap;
use tokio::time::Instant;

/// How often and how patiently a request is repeated.
#[derive(Debug, Clone)]
pub struct RetryPolicy {
    /// How often a request is sent at most; answers that throttle count half.
    pub max_attempts: u32,
    /// The wait before the first repetition; it doubles with each.
    pub base: Duration,
    /// The longest wait of our own choosing.
    pub ceiling: Duration,
    /// The longest wait that the service may ask for.
    pub longest_asked: Duration,
    /// No repetition starts later than this after the first failure.
    pub deadline: Duration,
    /// Whether waits of our own choosing vary, so that many clients do not come back at once.
    pub jitter: bool,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 5,
            base: Duration::from_millis(500),
            ceiling: Duration::from_secs(20),
            longest_asked: Duration::from_secs(60),
            deadline: Duration::from_secs(5 * 60),
            jitter: true,
        }
    }
}

/// A conflict with another operation is tried this often; such operations may take long.
const BUSY_ATTEMPTS: u32 = 4;

/// Why a request may have to be sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// An answer with this status.
    Status(u16),
    /// 409, and the answer says that another operation is running.
    Busy,
    /// No connection, hence nothing was sent.
    NotSent,
    /// Another try cannot help: the certificate is not trusted, or the answer is too large.
    Hopeless,
    /// The connection broke, or the answer took too long: the request may have been carried out.
    Lost,
}

/// What sort of repetition is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Final,
    Again,
    AgainWhenAsked,
    AgainWhenFree,
}

/// Whether a request may be sent again.
///
/// `repeatable` is a request that does the same when it is carried out twice. Any other is sent again only if
/// it was certainly not carried out: it never left, or the service turned it away with a time to come back.
pub(super) fn judge(trouble: Trouble, repeatable: bool, asked: bool) -> Verdict {
    match trouble {
        Trouble::Status(429) => Verdict::AgainWhenAsked,
        Trouble::Status(503) if asked => Verdict::AgainWhenAsked,
        Trouble::Status(408 | 500 | 502 | 503 | 504) | Trouble::Lost if repeatable => {
            Verdict::Again
        }
        Trouble::NotSent => Verdict::Again,
        Trouble::Busy => Verdict::AgainWhenFree,
        Trouble::Status(_) | Trouble::Lost | Trouble::Hopeless => Verdict::Final,
    }
}

/// The attempts of one request so far.
#[derive(Debug)]
pub(super) struct Attempts<'a> {
    policy: &'a RetryPolicy,
    first_failure: Option<Instant>,
    failed: u32,
    throttled: u32,
    busy: u32,
}

impl<'a> Attempts<'a> {
    pub(super) fn new(policy: &'a RetryPolicy) -> Self {
        Self {
            policy,
            first_failure: None,
            failed: 0,
            throttled: 0,
            busy: 0,
        }
    }

    /// How often the request was sent; all of them failed.
    pub(super) fn made(&self) -> u32 {
        self.failed + self.throttled + self.busy
    }

    /// Takes note of a failed attempt: how long to wait before the next one, or none if it was the last.
    pub(super) fn failed(
        &mut self,
        trouble: Trouble,
        repeatable: bool,
        asked: Option<Duration>,
    ) -> Option<Duration> {
        let passed = self
            .first_failure
            .get_or_insert_with(Instant::now)
            .elapsed();
        self.failed_after(passed, trouble, repeatable, asked)
    }

    fn failed_after(
        &mut self,
        passed: Duration,
        trouble: Trouble,
        repeatable: bool,
        asked: Option<Duration>,
    ) -> Option<Duration> {
        let most = self.policy.max_attempts.max(1);
        let (count, most) = match judge(trouble, repeatable, asked.is_some()) {
            Verdict::Final => (&mut self.failed, 0),
            Verdict::Again => (&mut self.failed, most),
            Verdict::AgainWhenAsked => (&mut self.throttled, most.saturating_mul(2)),
            Verdict::AgainWhenFree => (&mut self.busy, most.min(BUSY_ATTEMPTS)),
        };
        *count += 1;
        if *count >= most {
            return None;
        }
        let wait = match asked {
            Some(asked) => asked.min(self.policy.longest_asked),
            None => self.policy.backoff(self.made()),
        };
        (passed + wait <= self.policy.deadline).then_some(wait)
    }
}

impl RetryPolicy {
    fn backoff(&self, failures: u32) -> Duration {
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

/// How long the service asks to wait: `retry-after-ms`, `x-ms-retry-after-ms`, or `Retry-After` in seconds
/// or as a date, which counts from the date of the answer, as clocks differ.
pub(super) fn asked_wait(headers: &HeaderMap) -> Option<Duration> {
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
        base: Duration::from_secs(1),
        ceiling: Duration::from_secs(6),
        longest_asked: Duration::from_secs(60),
        deadline: Duration::from_secs(300),
        jitter: false,
    };

    #[test]
    fn only_what_is_safe_is_sent_again() {
        use Trouble::{Busy, Hopeless, Lost, NotSent, Status};
        use Verdict::{Again, AgainWhenAsked, AgainWhenFree, Final};
        let table = [
            // trouble, Retry-After, repeatable, once only
            (Status(408), false, Again, Final),
            (Status(429), false, AgainWhenAsked, AgainWhenAsked),
            (Status(429), true, AgainWhenAsked, AgainWhenAsked),
            (Status(500), false, Again, Final),
            (Status(500), true, Again, Final),
            (Status(502), false, Again, Final),
            (Status(503), false, Again, Final),
            (Status(503), true, AgainWhenAsked, AgainWhenAsked),
            (Status(504), true, Again, Final),
            (Status(501), false, Final, Final),
            (Status(400), true, Final, Final),
            (Status(401), false, Final, Final),
            (Status(403), false, Final, Final),
            (Status(404), false, Final, Final),
            (Status(409), true, Final, Final),
            (Status(412), false, Final, Final),
            (Busy, false, AgainWhenFree, AgainWhenFree),
            (NotSent, false, Again, Again),
            (Hopeless, false, Final, Final),
            (Lost, false, Again, Final),
        ];
        for (trouble, asked, repeatable, once) in table {
            assert_eq!(
                judge(trouble, true, asked),
                repeatable,
                "{trouble:?}, repeatable"
            );
            assert_eq!(judge(trouble, false, asked), once, "{trouble:?}, once");
        }
    }

    fn waits(policy: &RetryPolicy, trouble: Trouble, asked: Option<u64>) -> Vec<u64> {
        let mut attempts = Attempts::new(policy);
        let asked = asked.map(Duration::from_secs);
        let mut passed = Duration::ZERO;
        let next = || {
            let wait = attempts.failed_after(passed, trouble, true, asked)?;
            passed += wait;
            Some(wait.as_secs())
        };
        std::iter::from_fn(next).collect()
    }

    #[test]
    fn waits_double_up_to_the_ceiling_and_asked_ones_are_capped() {
        assert_eq!(waits(&EXACT, Trouble::Status(500), None), [1, 2, 4, 6]);
        assert_eq!(waits(&EXACT, Trouble::Status(500), Some(3)), [3, 3, 3, 3]);
        assert_eq!(waits(&EXACT, Trouble::Status(429), Some(0)), [0; 9]);
        assert_eq!(waits(&EXACT, Trouble::Busy, None), [1, 2, 4]);
        assert_eq!(waits(&EXACT, Trouble::Status(400), Some(1)), [0; 0]);
        let once = RetryPolicy {
            max_attempts: 1,
            ..EXACT
        };
        assert_eq!(waits(&once, Trouble::Lost, None), [0; 0]);
    }

    #[test]
    fn no_attempt_starts_after_the_deadline() {
        assert_eq!(waits(&EXACT, Trouble::Status(429), Some(9000)), [60; 5]);
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
            let wait = asked_wait(&headers).map(|wait| u64::try_from(wait.as_millis()).unwrap());
            assert_eq!(wait, *expected, "{lines:?}");
        }
    }
}
