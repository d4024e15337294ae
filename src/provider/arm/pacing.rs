//! One budget per class of requests, so that a large plan runs at the limit without being turned away.
//!
//! Documented: the resource manager keeps a bucket per subscription, principal and class: 250 reads refilled
//! with 25 a second, 200 writes and 200 deletes refilled with 10. Observed: real numbers are often higher, and
//! answers tell how many remain. The documented numbers are therefore only where we start.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use reqwest::header::HeaderMap;
use tokio::sync::Mutex as Turn;
use tokio::time::Instant;

/// What a request is to the resource manager's limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// GET and HEAD.
    Reads,
    /// PUT, PATCH and every POST.
    Writes,
    /// DELETE.
    Deletes,
}

impl Class {
    /// Size of the bucket and refill per second, as documented.
    fn documented(self) -> (f64, f64) {
        match self {
            Self::Reads => (250.0, 25.0),
            Self::Writes | Self::Deletes => (200.0, 10.0),
        }
    }

    /// The headers that tell what remains: of our own bucket, and of everybody's in the subscription.
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

/// The budgets of one target.
#[derive(Debug)]
pub(super) struct Pacing {
    reads: Budget,
    writes: Budget,
    deletes: Budget,
}

#[derive(Debug)]
struct Budget {
    class: Class,
    /// Requests leave in the order in which they came.
    turn: Turn<()>,
    state: Mutex<Bucket>,
}

#[derive(Debug)]
struct Bucket {
    /// Whether a limit is known; an emulator without rate limit headers has none.
    known: bool,
    left: f64,
    size: f64,
    per_second: f64,
    counted_at: Instant,
    closed_until: Option<Instant>,
    in_flight: u32,
}

impl Pacing {
    /// Budgets that start from the documented limits, or without any until the service names one.
    pub(super) fn new(documented: bool) -> Self {
        let budget = |class| Budget::new(class, documented);
        Self {
            reads: budget(Class::Reads),
            writes: budget(Class::Writes),
            deletes: budget(Class::Deletes),
        }
    }

    fn budget(&self, class: Class) -> &Budget {
        match class {
            Class::Reads => &self.reads,
            Class::Writes => &self.writes,
            Class::Deletes => &self.deletes,
        }
    }

    /// Waits until a request of the class may leave. The permit is held until the answer is there.
    pub(super) async fn admit(&self, class: Class) -> Permit<'_> {
        let budget = self.budget(class);
        let _turn = budget.turn.lock().await;
        loop {
            let wait = budget.bucket().take(Instant::now());
            match wait {
                None => return Permit(budget),
                Some(wait) => tokio::time::sleep(wait).await,
            }
        }
    }

    /// Nothing of the class leaves for a while: the service has turned one away.
    pub(super) fn close(&self, class: Class, wait: Duration) {
        self.budget(class).bucket().close(wait, Instant::now());
    }
}

/// A request on its way.
#[derive(Debug)]
pub(super) struct Permit<'a>(&'a Budget);

impl Permit<'_> {
    /// Whether the class was closed after this request had been admitted.
    pub(super) fn is_closed(&self) -> bool {
        self.0
            .bucket()
            .closed_until
            .is_some_and(|until| Instant::now() < until)
    }

    /// Learns from the answer what remains.
    pub(super) fn learn(&self, headers: &HeaderMap) {
        let number = |name| headers.get(name)?.to_str().ok()?.trim().parse::<u32>().ok();
        let (own, shared) = self.0.class.headers();
        self.0
            .bucket()
            .learn(number(own), number(shared), Instant::now());
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        let mut bucket = self.0.bucket();
        bucket.in_flight = bucket.in_flight.saturating_sub(1);
    }
}

impl Budget {
    fn new(class: Class, known: bool) -> Self {
        let (size, per_second) = class.documented();
        let bucket = Bucket {
            known,
            left: size,
            size,
            per_second,
            // Nothing is added to a full bucket, whenever it is counted first.
            counted_at: Instant::now(),
            closed_until: None,
            in_flight: 0,
        };
        Self {
            class,
            turn: Turn::default(),
            state: Mutex::new(bucket),
        }
    }

    fn bucket(&self) -> MutexGuard<'_, Bucket> {
        // Nothing panics while it is held, and plain numbers cannot be left half-changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Bucket {
    /// Takes one request out of the bucket, or tells how long to wait before asking again.
    fn take(&mut self, now: Instant) -> Option<Duration> {
        if let Some(until) = self.closed_until {
            if now < until {
                return Some(until - now);
            }
            self.closed_until = None;
        }
        self.refill(now);
        if self.known && self.left < 1.0 {
            // A millisecond more, as the clock of the runtime counts in those.
            let wait = Duration::from_secs_f64((1.0 - self.left) / self.per_second);
            return Some(wait + Duration::from_millis(1));
        }
        self.left -= 1.0;
        self.in_flight += 1;
        None
    }

    fn refill(&mut self, now: Instant) {
        let passed = now.saturating_duration_since(self.counted_at).as_secs_f64();
        self.left = (self.left + passed * self.per_second).min(self.size);
        self.counted_at = self.counted_at.max(now);
    }

    fn close(&mut self, wait: Duration, now: Instant) {
        let until = self.closed_until.unwrap_or(now).max(now + wait);
        self.closed_until = Some(until);
        self.left = 0.0;
        self.counted_at = until;
    }

    fn learn(&mut self, own: Option<u32>, shared: Option<u32>, now: Instant) {
        if own.is_none() && shared.is_none() {
            return;
        }
        if !self.known {
            if own.is_none() && shared.is_some_and(|shared| f64::from(shared) >= self.size) {
                return; // a shared budget that is not short says nothing of ours
            }
            self.known = true;
            self.left = self.size;
        }
        self.refill(now);
        // What is on its way besides the request just answered is not in the service's number yet.
        let on_the_way = f64::from(self.in_flight.saturating_sub(1));
        if let Some(own) = own {
            self.size = self.size.max(f64::from(own));
            self.left = (f64::from(own) - on_the_way).max(0.0);
        }
        if let Some(shared) = shared {
            self.left = self.left.min((f64::from(shared) - on_the_way).max(0.0));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A bucket with a clock of its own: time passes only where a request has to wait.
    struct Bench {
        bucket: Bucket,
        now: Instant,
    }

    impl Bench {
        fn new(class: Class, known: bool) -> Self {
            let bucket = Budget::new(class, known).state.into_inner().unwrap();
            let now = bucket.counted_at;
            Self { bucket, now }
        }

        fn admit(&mut self) {
            while let Some(wait) = self.bucket.take(self.now) {
                self.now += wait;
            }
        }

        fn answer(&mut self, own: Option<u32>, shared: Option<u32>) {
            self.bucket.learn(own, shared, self.now);
            self.bucket.in_flight -= 1;
        }

        /// Sends some requests one after another, and tells how many seconds that took.
        fn send(&mut self, count: u32) -> f64 {
            let start = self.now;
            for _ in 0..count {
                self.admit();
                self.answer(None, None);
            }
            (self.now - start).as_secs_f64()
        }

        fn send_learning(&mut self, own: Option<u32>, shared: Option<u32>) {
            self.admit();
            self.answer(own, shared);
        }
    }

    fn about(left: f64, right: f64) -> bool {
        (left - right).abs() < 0.05 * right.max(1.0)
    }

    #[test]
    fn a_burst_goes_at_once_and_the_rest_at_the_documented_rate() {
        for (class, burst, per_second) in [
            (Class::Reads, 250, 25.0),
            (Class::Writes, 200, 10.0),
            (Class::Deletes, 200, 10.0),
        ] {
            let mut bench = Bench::new(class, true);
            assert_eq!(bench.send(burst), 0.0, "{class:?}");
            assert!(about(bench.send(100), 100.0 / per_second), "{class:?}");
        }
    }

    #[test]
    fn the_service_is_believed_when_more_remains_and_when_less_does() {
        let mut bench = Bench::new(Class::Writes, true);
        bench.send_learning(Some(799), Some(11_999));
        assert_eq!(bench.send(799), 0.0);
        bench.send_learning(Some(5), None);
        assert_eq!(bench.send(5), 0.0);
        assert!(about(bench.send(10), 1.0));
        bench.send_learning(Some(100), Some(2));
        assert_eq!(bench.send(2), 0.0);
        assert!(bench.send(1) > 0.09);
    }

    #[test]
    fn what_everybody_has_left_does_not_lift_our_own_limit() {
        let mut bench = Bench::new(Class::Reads, true);
        bench.send_learning(None, Some(16_499));
        assert_eq!(bench.send(249), 0.0);
        assert!(bench.send(1) > 0.03);
    }

    #[test]
    fn what_is_on_its_way_is_not_counted_twice() {
        let mut bench = Bench::new(Class::Deletes, false);
        bench.admit();
        bench.admit();
        bench.admit();
        bench.answer(Some(3), None);
        assert_eq!(bench.send(1), 0.0);
        assert!(bench.send(1) > 0.09);
    }

    #[test]
    fn without_a_known_limit_nothing_waits_unless_turned_away() {
        let mut bench = Bench::new(Class::Writes, false);
        assert_eq!(bench.send(5000), 0.0);
        bench.bucket.close(Duration::from_secs(7), bench.now);
        bench.bucket.close(Duration::from_secs(2), bench.now);
        assert_eq!(bench.send(50), 7.0);
        bench.send_learning(None, Some(3000));
        assert_eq!(bench.send(5000), 0.0);
        bench.send_learning(None, Some(2));
        assert_eq!(bench.send(2), 0.0);
        assert!(bench.send(1) > 0.09);
    }

    #[test]
    fn after_being_turned_away_the_class_starts_from_an_empty_bucket() {
        let mut bench = Bench::new(Class::Writes, true);
        bench.bucket.close(Duration::from_secs(3), bench.now);
        assert!(about(bench.send(20), 5.0));
    }

    #[tokio::test]
    async fn a_closed_class_holds_back_what_was_admitted_and_no_other_class() {
        let pacing = Pacing::new(true);
        let (write, read) = (
            pacing.admit(Class::Writes).await,
            pacing.admit(Class::Reads).await,
        );
        pacing.close(Class::Writes, Duration::from_secs(60));
        assert!(write.is_closed() && !read.is_closed());
        drop((write, read));
        let waiting = tokio::time::timeout(Duration::from_millis(5), pacing.admit(Class::Writes));
        assert!(waiting.await.is_err());
        assert!(!pacing.admit(Class::Reads).await.is_closed());
    }
}
