//! Throttling, and the headers that announce it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::Method;

use crate::emulator::base::options::Buckets;

/// The class of a request, each with limits of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::emulator) enum LimitClass {
    Reads,
    Writes,
    Deletes,
}

impl LimitClass {
    /// Observed: every POST is a write.
    pub(in crate::emulator) fn of(method: &Method) -> Self {
        match *method {
            Method::GET | Method::HEAD => Self::Reads,
            Method::DELETE => Self::Deletes,
            _ => Self::Writes,
        }
    }

    /// Size and refill per second (documented).
    fn documented(self) -> (f64, f64) {
        match self {
            Self::Reads => (250.0, 25.0),
            Self::Writes | Self::Deletes => (200.0, 10.0),
        }
    }

    fn headers(self) -> (&'static str, &'static str) {
        match self {
            Self::Reads => (
                "x-ms-ratelimit-remaining-subscription-reads",
                "x-ms-ratelimit-remaining-subscription-global-reads",
            ),
            Self::Writes => (
                "x-ms-ratelimit-remaining-subscription-writes",
                "x-ms-ratelimit-remaining-subscription-global-writes",
            ),
            Self::Deletes => (
                "x-ms-ratelimit-remaining-subscription-deletes",
                "x-ms-ratelimit-remaining-subscription-global-deletes",
            ),
        }
    }
}

/// Documented: everybody in a subscription together has so many times what each has.
const SHARED: f64 = 15.0;

/// The limits in force.
#[derive(Debug)]
pub(in crate::emulator) enum Throttle {
    None,
    /// One bucket for everything, of one second's worth.
    PerSecond(Mutex<Bucket>),
    Documented {
        size: f64,
        speed: f64,
        subscriptions: Mutex<HashMap<(String, LimitClass), BucketPair>>,
    },
}

/// A bucket that fills by `rate` tokens per second up to `size`.
#[derive(Debug)]
pub(in crate::emulator) struct Bucket {
    size: f64,
    rate: f64,
    tokens: f64,
    /// When it was filled last.
    filled: Instant,
}

/// The bucket of the caller, and the shared one. Chosen here: there are no other callers.
#[derive(Debug)]
pub(in crate::emulator) struct BucketPair {
    own: Bucket,
    shared: Bucket,
}

/// What is left; `None` when nothing is throttled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::emulator) struct RemainingTokens {
    own: Option<u32>,
    shared: u32,
}

/// Whether the limits let a request through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::emulator) struct RateDecision {
    pub(in crate::emulator) left: Option<RemainingTokens>,
    /// Refused; a token is there after this time.
    pub(in crate::emulator) wait: Option<Duration>,
}

impl Throttle {
    /// No throttling without a rate or buckets; a rate of 0 counts as 1.
    pub(in crate::emulator) fn new(
        per_second: Option<u32>,
        buckets: Option<Buckets>,
        now: Instant,
    ) -> Self {
        if let Some(buckets) = buckets {
            return Self::Documented {
                size: f64::from(buckets.size.max(1)),
                speed: f64::from(buckets.speed.max(1)),
                subscriptions: Mutex::default(),
            };
        }
        per_second.map_or(Self::None, |rate| {
            let rate = f64::from(rate.max(1));
            Self::PerSecond(Mutex::new(Bucket::full(rate, rate, now)))
        })
    }

    /// Takes a token for a request that arrives now, if there is one.
    pub(in crate::emulator) fn take(
        &self,
        method: &Method,
        path: &str,
        now: Instant,
    ) -> RateDecision {
        match self {
            Self::None => RateDecision {
                left: None,
                wait: None,
            },
            Self::PerSecond(bucket) => {
                let mut bucket = bucket.lock().unwrap_or_else(PoisonError::into_inner);
                bucket.fill(now);
                let wait = bucket.missing();
                if wait.is_none() {
                    bucket.tokens -= 1.0;
                }
                let shared = bucket.left();
                let own = (LimitClass::of(method) != LimitClass::Reads).then_some(shared);
                let left = Some(RemainingTokens { own, shared });
                RateDecision { left, wait }
            }
            Self::Documented {
                size,
                speed,
                subscriptions,
            } => {
                let class = LimitClass::of(method);
                let mut all = subscriptions.lock().unwrap_or_else(PoisonError::into_inner);
                let key = (subscription(path), class);
                let pair = all
                    .entry(key)
                    .or_insert_with(|| BucketPair::full(class, *size, *speed, now));
                pair.take(class, now)
            }
        }
    }
}

/// The subscription of a path; everything outside of one is counted together.
fn subscription(path: &str) -> String {
    let mut segments = path.trim_start_matches('/').split('/');
    match (segments.next(), segments.next()) {
        (Some(first), Some(id)) if first.eq_ignore_ascii_case("subscriptions") => {
            id.to_ascii_lowercase()
        }
        _ => String::new(),
    }
}

impl BucketPair {
    fn full(class: LimitClass, times: f64, speed: f64, now: Instant) -> Self {
        let (size, rate) = class.documented();
        let (size, rate) = (size * times, rate * times * speed);
        Self {
            own: Bucket::full(size, rate, now),
            shared: Bucket::full(size * SHARED, rate * SHARED, now),
        }
    }

    /// Observed: what remains of the own bucket is not shown for reads.
    fn take(&mut self, class: LimitClass, now: Instant) -> RateDecision {
        self.own.fill(now);
        self.shared.fill(now);
        let wait = self.own.missing().max(self.shared.missing());
        if wait.is_none() {
            self.own.tokens -= 1.0;
            self.shared.tokens -= 1.0;
        }
        let own = (class != LimitClass::Reads).then(|| self.own.left());
        let shared = self.shared.left();
        let left = Some(RemainingTokens { own, shared });
        RateDecision { left, wait }
    }
}

impl Bucket {
    fn full(size: f64, rate: f64, now: Instant) -> Self {
        Self {
            size,
            rate,
            tokens: size,
            filled: now,
        }
    }

    fn fill(&mut self, now: Instant) {
        let passed = now.saturating_duration_since(self.filled).as_secs_f64();
        self.tokens = (self.tokens + passed * self.rate).min(self.size);
        self.filled = self.filled.max(now);
    }

    /// How long until there is a token, if there is none.
    fn missing(&self) -> Option<Duration> {
        (self.tokens < 1.0).then(|| Duration::from_secs_f64((1.0 - self.tokens) / self.rate))
    }

    /// The whole tokens.
    fn left(&self) -> u32 {
        let mut left = 0;
        while f64::from(left) + 1.0 <= self.tokens {
            left += 1;
        }
        left
    }
}

/// The headers for a method. Without throttling they stay at one below the observed size of each
/// bucket, so that clients which pace themselves by them lose no time (observed: reads then show the
/// global budget only).
pub(in crate::emulator) fn headers(
    method: &Method,
    left: Option<RemainingTokens>,
) -> Vec<(&'static str, u32)> {
    let class = LimitClass::of(method);
    let left = left.unwrap_or(match class {
        LimitClass::Reads => RemainingTokens {
            own: None,
            shared: 3749,
        },
        LimitClass::Writes | LimitClass::Deletes => RemainingTokens {
            own: Some(199),
            shared: 2999,
        },
    });
    let (own, shared) = class.headers();
    let own = left.own.map(|tokens| (own, tokens));
    own.into_iter().chain([(shared, left.shared)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WRITES: &str = "x-ms-ratelimit-remaining-subscription-writes";

    fn millis(wait: u64) -> Option<Duration> {
        Some(Duration::from_millis(wait))
    }

    #[test]
    fn a_bucket_for_everything_empties_and_fills() {
        let start = Instant::now();
        let limiter = Throttle::new(Some(2), None, start);
        let take = |at| limiter.take(&Method::GET, "/", at).wait;
        assert_eq!((take(start), take(start)), (None, None));
        assert_eq!(take(start), millis(500));
        assert_eq!(take(start + Duration::from_millis(600)), None);
        assert_eq!(
            Throttle::new(None, None, start).take(&Method::GET, "/", start),
            RateDecision {
                left: None,
                wait: None
            }
        );
    }

    #[test]
    fn each_class_and_subscription_has_the_documented_bucket() {
        let start = Instant::now();
        let limiter = Throttle::new(Some(1), Some(Buckets::default()), start);
        for (method, size, refill) in [
            (Method::GET, 250, 40),
            (Method::POST, 200, 100),
            (Method::DELETE, 200, 100),
        ] {
            let take = |at| limiter.take(&method, "/subscriptions/S/x", at);
            for left in (0..size).rev() {
                let decision = take(start);
                assert_eq!(decision.wait, None);
                let shown = headers(&method, decision.left);
                let (own, shared) = LimitClass::of(&method).headers();
                assert!(shown.contains(&(shared, 14 * size + left)), "{decision:?}");
                // Reads show what everybody has left only.
                let shows_own = method != Method::GET;
                assert_eq!(shown.contains(&(own, left)), shows_own, "{decision:?}");
            }
            assert_eq!(take(start).wait, millis(refill));
            assert_eq!(take(start + Duration::from_millis(refill + 1)).wait, None);
            assert!(
                take(start + Duration::from_millis(refill + 1))
                    .wait
                    .is_some()
            );
        }
        let other = limiter.take(&Method::PUT, "/Subscriptions/T/x", start);
        assert_eq!(headers(&Method::PUT, other.left)[0], (WRITES, 199));
    }

    #[test]
    fn speed_fills_faster_and_enlarges_nothing() {
        let start = Instant::now();
        let limiter = Throttle::new(
            None,
            Some(Buckets {
                speed: 10,
                ..Buckets::default()
            }),
            start,
        );
        let take = |at| limiter.take(&Method::PUT, "/subscriptions/s", at).wait;
        assert!((0..200).all(|_| take(start).is_none()));
        assert_eq!(take(start), millis(10));
    }
}
