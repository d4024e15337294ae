//! Throttling, and the headers that announce it.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::Method;

/// A bucket that fills by `rate` tokens per second up to one second's worth.
#[derive(Debug)]
pub(super) struct Pace(Option<Mutex<Bucket>>);

#[derive(Debug)]
struct Bucket {
    rate: f64,
    tokens: f64,
    filled: Instant,
}

/// What the bucket says to one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Let through; so many tokens are left, `None` when nothing is throttled.
    Go { left: Option<u32> },
    /// Refused; a token is there after this time.
    Wait(Duration),
}

impl Pace {
    /// No throttling without a rate; a rate of 0 counts as 1.
    pub(super) fn new(per_second: Option<u32>) -> Self {
        Self(per_second.map(|rate| {
            let rate = f64::from(rate.max(1));
            Mutex::new(Bucket {
                rate,
                tokens: rate,
                filled: Instant::now(),
            })
        }))
    }

    pub(super) fn take(&self) -> Verdict {
        let Some(bucket) = &self.0 else {
            return Verdict::Go { left: None };
        };
        bucket
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take(Instant::now())
    }
}

impl Bucket {
    fn take(&mut self, now: Instant) -> Verdict {
        let passed = now.saturating_duration_since(self.filled).as_secs_f64();
        self.tokens = (self.tokens + passed * self.rate).min(self.rate);
        self.filled = now;
        if self.tokens < 1.0 {
            return Verdict::Wait(Duration::from_secs_f64((1.0 - self.tokens) / self.rate));
        }
        self.tokens -= 1.0;
        let mut left = 0;
        while f64::from(left) + 1.0 <= self.tokens {
            left += 1;
        }
        Verdict::Go { left: Some(left) }
    }
}

/// The headers for a method (observed: reads show the global budget only). Without throttling they
/// stay at one below the observed size of each bucket, so that clients which pace themselves by
/// them lose no time.
pub(super) fn headers(method: &Method, left: Option<u32>) -> Vec<(&'static str, u32)> {
    match *method {
        Method::GET | Method::HEAD => {
            vec![(
                "x-ms-ratelimit-remaining-subscription-global-reads",
                left.unwrap_or(3749),
            )]
        }
        Method::DELETE => vec![
            (
                "x-ms-ratelimit-remaining-subscription-deletes",
                left.unwrap_or(199),
            ),
            (
                "x-ms-ratelimit-remaining-subscription-global-deletes",
                left.unwrap_or(2999),
            ),
        ],
        _ => vec![
            (
                "x-ms-ratelimit-remaining-subscription-writes",
                left.unwrap_or(199),
            ),
            (
                "x-ms-ratelimit-remaining-subscription-global-writes",
                left.unwrap_or(2999),
            ),
        ],
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::{Bucket, Verdict};

    #[test]
    fn a_bucket_empties_and_fills() {
        let start = Instant::now();
        let mut bucket = Bucket {
            rate: 2.0,
            tokens: 2.0,
            filled: start,
        };
        assert_eq!(bucket.take(start), Verdict::Go { left: Some(1) });
        assert_eq!(bucket.take(start), Verdict::Go { left: Some(0) });
        assert_eq!(
            bucket.take(start),
            Verdict::Wait(Duration::from_millis(500))
        );
        let later = start + Duration::from_millis(600);
        assert_eq!(bucket.take(later), Verdict::Go { left: Some(0) });
    }
}
