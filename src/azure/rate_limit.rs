//! A client-side rate limiter: a token bucket per class of requests, so that a large plan runs at the
//! service's limit without being throttled.
//!
//! Documented: the resource manager keeps a bucket per subscription, principal and class: 250 reads refilled
//! with 25 a second, 200 writes and 200 deletes refilled with 10. Observed: real numbers are often higher. Responses to
//! writes and deletes show how many remain of the own bucket; responses to reads show what all principals of the
//! subscription have left together, and nothing of the own one. The documented numbers are therefore only the start
//! values: where the own bucket is not shown, it is as large as the shared one says, and more is tried, step by step
//! (`probe.rs`).

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Mutex as Turn;
use tokio::time::Instant;

use super::probe::Probe;
use crate::http::header::HeaderMap;

/// For how much of a pause what the service refilled meanwhile may be sent at once (chosen here: the pause may have
/// another reason than the bucket).
const MOST_CREDIT: Duration = Duration::from_secs(1);

/// How many times the bucket of one principal all principals of a subscription have together. Documented; observed for
/// larger buckets too: 12,000 where the own one has 800.
const SHARED_BY: f64 = 15.0;

/// The class of a request: the resource manager limits each separately.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RequestClass {
    /// GET and HEAD.
    Reads,
    /// PUT, PATCH and every POST.
    Writes,
    /// DELETE.
    Deletes,
}

impl RequestClass {
    /// Size of the bucket and refill per second, as documented.
    fn documented(self) -> (f64, f64) {
        match self {
            Self::Reads => (250.0, 25.0),
            Self::Writes | Self::Deletes => (200.0, 10.0),
        }
    }

    /// The headers with the remaining requests: of our own bucket, and of the whole subscription.
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

/// The limits of one target, by class.
#[derive(Debug)]
pub(super) struct RateLimiter {
    reads: ClassLimit,
    writes: ClassLimit,
    deletes: ClassLimit,
}

#[derive(Debug)]
struct ClassLimit {
    class: RequestClass,
    /// Requests are admitted in the order in which they came.
    turn: Turn<()>,
    state: Mutex<TokenBucket>,
}

#[derive(Debug)]
struct TokenBucket {
    /// Whether a limit is known; an emulator without rate limit headers has none.
    known: bool,
    left: f64,
    size: f64,
    per_second: f64,
    counted_at: Instant,
    /// Whether responses show what remains of the own bucket.
    shows_own: bool,
    /// What a response said first of what everybody has left together.
    first_shared: Option<u32>,
    /// By how much the own bucket was taken to be larger, because the shared one is.
    inferred: f64,
    probe: Probe,
    /// Whether the bucket was full when the last request was admitted, with no response since. The
    /// service's bucket begins to refill when a request arrives there, which takes a while: refilling
    /// ours earlier would send one too many in the end.
    full_until_heard: bool,
    paused_until: Option<Instant>,
    in_flight: u32,
    /// How many requests were admitted so far.
    admitted: u64,
    /// How many were admitted when the service refused one. What is refused of those says nothing new.
    admitted_at_refusal: u64,
}

/// The state of the bucket when a request was admitted.
#[derive(Debug, Clone, Copy)]
struct Admission {
    /// Whether a limit was known.
    limited: bool,
    /// How many requests were admitted before it.
    earlier: u64,
    /// How many of those had their response at the time.
    heard: u64,
    /// Whether it tries what the bucket does not have.
    probes: bool,
}

impl RateLimiter {
    /// Limits that start from the documented ones, or without any until the service names one.
    pub(super) fn new(documented: bool) -> Self {
        let limit = |class| ClassLimit::new(class, documented);
        Self {
            reads: limit(RequestClass::Reads),
            writes: limit(RequestClass::Writes),
            deletes: limit(RequestClass::Deletes),
        }
    }

    fn limit(&self, class: RequestClass) -> &ClassLimit {
        match class {
            RequestClass::Reads => &self.reads,
            RequestClass::Writes => &self.writes,
            RequestClass::Deletes => &self.deletes,
        }
    }

    /// Waits until a request of the class may be sent. The permit is kept until the response has arrived.
    pub(super) async fn admit(&self, class: RequestClass) -> Permit<'_> {
        let limit = self.limit(class);
        let _turn = limit.turn.lock().await;
        loop {
            let wait = limit.bucket().take(Instant::now());
            match wait {
                Ok(admission) => return Permit { limit, admission },
                Err(wait) => tokio::time::sleep(wait).await,
            }
        }
    }

    /// Pauses a class, because the service throttled a request of it.
    pub(super) fn pause(&self, class: RequestClass, wait: Duration) {
        self.limit(class).bucket().pause(wait, Instant::now());
    }
}

/// The permission to send one request.
#[derive(Debug)]
pub(super) struct Permit<'a> {
    limit: &'a ClassLimit,
    admission: Admission,
}

impl Permit<'_> {
    /// Whether it is no longer valid for a request that was not sent yet: the class was paused since, or
    /// a limit has become known.
    pub(super) fn is_stale(&self) -> bool {
        let bucket = self.limit.bucket();
        let is_paused = bucket
            .paused_until
            .is_some_and(|until| Instant::now() < until);
        is_paused || (bucket.known && !self.admission.limited)
    }

    /// Updates the limit from the headers of the response, and from whether the service refused the request.
    pub(super) fn learn(&self, headers: &HeaderMap, is_refused: bool) {
        let number = |name| headers.get(name)?.to_str().ok()?.trim().parse::<u32>().ok();
        let (own, shared) = self.limit.class.headers();
        let now = Instant::now();
        let mut bucket = self.limit.bucket();
        bucket.learn(self.admission, number(own), number(shared), now);
        bucket.responded(self.admission, is_refused, now);
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        self.limit.bucket().done(self.admission, Instant::now());
    }
}

impl ClassLimit {
    fn new(class: RequestClass, known: bool) -> Self {
        let (size, per_second) = class.documented();
        let bucket = TokenBucket {
            known,
            left: size,
            size,
            per_second,
            // Nothing is added to a full bucket, whenever it is counted first.
            counted_at: Instant::now(),
            shows_own: false,
            first_shared: None,
            inferred: 1.0,
            probe: Probe::new(per_second),
            full_until_heard: false,
            paused_until: None,
            in_flight: 0,
            admitted: 0,
            admitted_at_refusal: 0,
        };
        Self {
            class,
            turn: Turn::default(),
            state: Mutex::new(bucket),
        }
    }

    fn bucket(&self) -> MutexGuard<'_, TokenBucket> {
        // Nothing panics while it is locked, and plain numbers cannot be left half-changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl TokenBucket {
    /// Takes one request out of the bucket, or returns how long to wait before the next attempt.
    fn take(&mut self, now: Instant) -> Result<Admission, Duration> {
        if let Some(until) = self.paused_until {
            if now < until {
                return Err(until - now);
            }
            self.paused_until = None;
        }
        self.refill(now);
        let is_empty = self.known && self.left < 1.0;
        if is_empty {
            // A millisecond more: the timer of the runtime has that resolution.
            let wait = Duration::from_secs_f64((1.0 - self.left) / self.per_second);
            let wait = wait + Duration::from_millis(1);
            match self.shows_own {
                true => return Err(wait),
                false => self.probe.admit().map_err(|longest| wait.min(longest))?,
            }
        } else {
            self.full_until_heard |= self.left >= self.size;
            self.left -= 1.0;
        }
        self.probe.started(now);
        let admission = Admission {
            limited: self.known,
            earlier: self.admitted,
            heard: self.admitted - u64::from(self.in_flight),
            probes: is_empty,
        };
        self.in_flight += 1;
        self.admitted += 1;
        Ok(admission)
    }

    fn refill(&mut self, now: Instant) {
        let passed = now.saturating_duration_since(self.counted_at).as_secs_f64();
        self.per_second = self.probe.rate_after(self.per_second, passed);
        if !self.full_until_heard {
            self.left = (self.left + passed * self.per_second).min(self.size);
        }
        self.counted_at = self.counted_at.max(now);
    }

    /// The response to a request has arrived, or will never arrive.
    fn done(&mut self, admission: Admission, now: Instant) {
        self.in_flight = self.in_flight.saturating_sub(1);
        self.refill(now);
        self.full_until_heard = false;
        if admission.probes {
            self.probe.returned();
        }
    }

    /// Draws the conclusion from whether the service refused a request.
    fn responded(&mut self, admission: Admission, is_refused: bool, now: Instant) {
        if !is_refused {
            self.probe.accepted();
        } else if admission.earlier >= self.admitted_at_refusal {
            self.refill(now);
            self.known = true;
            self.admitted_at_refusal = self.admitted;
            // What was inferred may be wrong. What was accepted is not.
            let inferred = std::mem::replace(&mut self.inferred, 1.0);
            let limits = (self.size / inferred, self.per_second / inferred);
            (self.size, self.per_second) = self.probe.refused(limits, now);
        }
    }

    fn pause(&mut self, wait: Duration, now: Instant) {
        let until = self.paused_until.unwrap_or(now).max(now + wait);
        self.paused_until = Some(until);
        self.left = 0.0;
        self.counted_at = until - wait.min(MOST_CREDIT);
        self.full_until_heard = false;
    }

    /// Adjusts our own count to the service's.
    ///
    /// The service counted when the request arrived, we count now: other requests in flight, or sent
    /// since, may or may not be in its number. Within that uncertainty our own count is better, as it has
    /// fractions: taking the service's whole number each time would lose what was refilled since.
    fn learn(&mut self, admission: Admission, own: Option<u32>, shared: Option<u32>, now: Instant) {
        if own.is_none() && shared.is_none() {
            return;
        }
        self.refill(now);
        let others = self.admitted.saturating_sub(admission.heard + 1);
        let others = f64::from(u32::try_from(others).unwrap_or(u32::MAX));
        let at_least = |remaining: u32| (f64::from(remaining) - others).max(0.0);
        self.shows_own |= own.is_some();
        if !self.known {
            let short = shared.filter(|shared| f64::from(*shared) < self.size);
            let first = *self.first_shared.get_or_insert(shared.unwrap_or(u32::MAX));
            match (own.or(short), shared) {
                (Some(remaining), _) => {
                    self.known = true;
                    self.left = at_least(remaining);
                }
                // It is counted, so there is an own limit too.
                (None, Some(shared)) if shared < first => {
                    self.known = true;
                    self.left = self.left.max(0.0);
                }
                // A shared limit that is neither short nor counted says nothing of ours.
                _ => return,
            }
        }
        if let Some(own) = own {
            self.size = self.size.max(f64::from(own));
            let sure = at_least(own);
            if self.left < sure || self.left > f64::from(own) + 1.0 {
                self.left = sure;
            }
        }
        if let Some(shared) = shared
            && self.left > f64::from(shared) + 1.0
        {
            self.left = at_least(shared);
        }
        if let Some(shared) = shared.filter(|_| !self.shows_own && self.admitted_at_refusal == 0) {
            self.infer(shared);
        }
    }

    /// Takes the own bucket to be as large as the shared one shows. Its rate is larger by the same factor (observed).
    fn infer(&mut self, shared: u32) {
        let size = ((f64::from(shared) + 1.0) / SHARED_BY).floor();
        if size <= self.size {
            return;
        }
        let factor = size / self.size;
        self.left += size - self.size;
        self.size = size;
        self.per_second *= factor;
        self.inferred *= factor;
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;
    use crate::http::header::HeaderValue;

    /// A bucket with a clock of its own: time passes only where a request has to wait.
    struct Bench {
        bucket: TokenBucket,
        now: Instant,
    }

    impl Bench {
        fn new(class: RequestClass, known: bool) -> Self {
            let mut bucket = ClassLimit::new(class, known).state.into_inner().unwrap();
            bucket.shows_own = true; // Otherwise more is tried.
            let now = bucket.counted_at;
            Self { bucket, now }
        }

        fn admit(&mut self) -> Admission {
            loop {
                match self.bucket.take(self.now) {
                    Ok(admission) => return admission,
                    Err(wait) => self.now += wait,
                }
            }
        }

        fn respond(&mut self, admission: Admission, own: Option<u32>, shared: Option<u32>) {
            self.bucket.learn(admission, own, shared, self.now);
            self.bucket.responded(admission, false, self.now);
            self.bucket.done(admission, self.now);
        }

        /// Sends some requests one after another, and returns how many seconds that took.
        fn send(&mut self, count: u32) -> f64 {
            let start = self.now;
            for _ in 0..count {
                let admission = self.admit();
                self.respond(admission, None, None);
            }
            (self.now - start).as_secs_f64()
        }

        fn send_learning(&mut self, own: Option<u32>, shared: Option<u32>) {
            let admission = self.admit();
            self.respond(admission, own, shared);
        }
    }

    fn about(left: f64, right: f64) -> bool {
        (left - right).abs() < 0.05 * right.max(1.0)
    }

    #[test]
    fn a_burst_goes_at_once_and_the_rest_at_the_documented_rate() {
        for (class, burst, per_second) in [
            (RequestClass::Reads, 250, 25.0),
            (RequestClass::Writes, 200, 10.0),
            (RequestClass::Deletes, 200, 10.0),
        ] {
            let mut bench = Bench::new(class, true);
            assert_eq!(bench.send(burst), 0.0, "{class:?}");
            assert!(about(bench.send(100), 100.0 / per_second), "{class:?}");
        }
    }

    #[test]
    fn the_count_of_the_service_wins_whether_it_is_higher_or_lower() {
        let mut bench = Bench::new(RequestClass::Writes, true);
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
        let mut bench = Bench::new(RequestClass::Reads, true);
        bench.send_learning(None, Some(16_499));
        assert_eq!(bench.send(249), 0.0);
        assert!(bench.send(1) > 0.03);
    }

    #[test]
    fn what_is_on_its_way_is_not_counted_twice() {
        let mut bench = Bench::new(RequestClass::Deletes, false);
        bench.admit();
        bench.admit();
        let admission = bench.admit();
        bench.respond(admission, Some(3), None);
        assert_eq!(bench.send(1), 0.0);
        assert!(bench.send(1) > 0.09);
    }

    #[test]
    fn without_a_known_limit_nothing_waits_unless_throttled() {
        let mut bench = Bench::new(RequestClass::Writes, false);
        assert_eq!(bench.send(5000), 0.0);
        bench.bucket.pause(Duration::from_secs(7), bench.now);
        bench.bucket.pause(Duration::from_secs(2), bench.now);
        assert_eq!(bench.send(50), 7.0);
        bench.send_learning(None, Some(3000));
        assert_eq!(bench.send(5000), 0.0);
        bench.send_learning(None, Some(2));
        assert_eq!(bench.send(2), 0.0);
        assert!(bench.send(1) > 0.09);
    }

    #[test]
    fn after_being_throttled_the_class_starts_with_what_a_second_refills() {
        let mut bench = Bench::new(RequestClass::Writes, true);
        bench.bucket.pause(Duration::from_secs(3), bench.now);
        assert!(about(bench.send(20), 3.0 + 1.0));
    }

    #[tokio::test]
    async fn a_paused_class_makes_its_permits_stale_and_no_others() {
        let rate_limiter = RateLimiter::new(true);
        let (write, read) = (
            rate_limiter.admit(RequestClass::Writes).await,
            rate_limiter.admit(RequestClass::Reads).await,
        );
        rate_limiter.pause(RequestClass::Writes, Duration::from_secs(60));
        assert!(write.is_stale() && !read.is_stale());
        drop((write, read));
        let waiting = tokio::time::timeout(
            Duration::from_millis(5),
            rate_limiter.admit(RequestClass::Writes),
        );
        assert!(waiting.await.is_err());
        assert!(!rate_limiter.admit(RequestClass::Reads).await.is_stale());
    }

    #[tokio::test]
    async fn what_a_response_leaves_may_be_sent_at_once() {
        let rate_limiter = RateLimiter::new(true);
        let first = rate_limiter.admit(RequestClass::Writes).await;
        let mut headers = HeaderMap::new();
        headers.insert(
            "x-ms-ratelimit-remaining-subscription-writes",
            HeaderValue::from_static("500"),
        );
        first.learn(&headers, false);
        drop(first);
        for nth in 1..=500 {
            let admitted = rate_limiter.admit(RequestClass::Writes).now_or_never();
            assert!(admitted.is_some(), "request {nth} had to wait");
            // A task that never waits is made to, after a number of polls.
            tokio::task::yield_now().await;
        }
    }

    /// A distant service that keeps a bucket of its own, and a client that sends to it as fast as it may.
    /// Times are in seconds since the start.
    struct Far {
        bench: Bench,
        service: (f64, f64),
        /// Whether responses show what remains of the own bucket, or of that of everybody.
        shows_own: bool,
        /// The size of the bucket of everybody, which nobody else uses.
        shared: f64,
        tokens: f64,
        counted_at: f64,
        refused: u32,
        /// How often requests were refused, those of one moment counted once.
        refusals: u32,
        random: u32,
    }

    /// What the service said to a request.
    #[derive(Clone, Copy)]
    enum Said {
        Left(u32),
        Refused,
    }

    impl Far {
        fn new(class: RequestClass, known: bool, service: (f64, f64)) -> Self {
            Self {
                bench: Bench::new(class, known),
                service,
                shows_own: true,
                shared: 15.0 * service.0,
                tokens: service.0,
                counted_at: 0.0,
                refused: 0,
                refusals: 0,
                random: 1,
            }
        }

        /// Between half and one and a half of it.
        fn about(&mut self, seconds: f64) -> f64 {
            self.random = self.random.wrapping_mul(1_103_515_245).wrapping_add(12_345);
            seconds * (0.5 + f64::from(self.random >> 16) / 65_536.0)
        }

        fn showing_all(mut self) -> Self {
            self.shows_own = false;
            self.bench.bucket.shows_own = false;
            self
        }

        /// What the service says to a request.
        fn arrive(&mut self, at: f64) -> Said {
            let (size, rate) = self.service;
            self.tokens = (self.tokens + (at - self.counted_at) * rate).min(size);
            self.counted_at = at;
            if self.tokens < 1.0 {
                self.refused += 1;
                return Said::Refused;
            }
            self.tokens -= 1.0;
            Said::Left(self.tokens.floor() as u32)
        }

        /// A response is here; whether the request was refused.
        fn hear(&mut self, admission: Admission, said: Said, now: Instant) -> bool {
            let bucket = &mut self.bench.bucket;
            let (own, shared) = match said {
                Said::Left(left) if self.shows_own => (Some(left), None),
                _ => {
                    let used = self.service.0 - self.tokens;
                    (None, Some((self.shared - used) as u32))
                }
            };
            bucket.learn(admission, own, shared, now);
            let is_refused = matches!(said, Said::Refused);
            self.refusals +=
                u32::from(is_refused && admission.earlier >= bucket.admitted_at_refusal);
            bucket.responded(admission, is_refused, now);
            bucket.done(admission, now);
            if is_refused {
                bucket.pause(Duration::from_secs(1), now);
            }
            is_refused
        }

        /// Sends so many requests, a few at once, and returns how long that took.
        fn send(&mut self, count: usize, at_once: usize, latency: f64) -> f64 {
            let start = self.bench.now;
            self.counted_at = 0.0;
            let (mut now, mut next, mut sent, mut end) = (0.0_f64, 0.0_f64, 0, 0.0_f64);
            // When each arrives there, and when its response arrives here; what remained, once it is there.
            let mut on_the_way: Vec<(Admission, f64, f64, Option<Said>)> = Vec::new();
            while sent < count || !on_the_way.is_empty() {
                let may_send = sent < count && on_the_way.len() < at_once;
                let send_at = if may_send {
                    next.max(now)
                } else {
                    f64::INFINITY
                };
                let due =
                    |one: &(Admission, f64, f64, Option<Said>)| one.3.map_or(one.1, |_| one.2);
                let first = (0..on_the_way.len())
                    .min_by(|a, b| due(&on_the_way[*a]).total_cmp(&due(&on_the_way[*b])));
                match first.filter(|at| due(&on_the_way[*at]) <= send_at) {
                    Some(at) => {
                        now = due(&on_the_way[at]);
                        match on_the_way[at].3 {
                            None => on_the_way[at].3 = Some(self.arrive(now)),
                            Some(said) => {
                                let (admission, ..) = on_the_way.swap_remove(at);
                                let now = start + Duration::from_secs_f64(now);
                                sent -= usize::from(self.hear(admission, said, now));
                            }
                        }
                    }
                    None => {
                        now = send_at;
                        match self.bench.bucket.take(start + Duration::from_secs_f64(now)) {
                            Err(wait) => next = now + wait.as_secs_f64(),
                            Ok(admission) => {
                                sent += 1;
                                let there = now + self.about(latency) / 2.0;
                                let back = there + self.about(latency) / 2.0;
                                on_the_way.push((admission, there, back, None));
                            }
                        }
                    }
                }
                end = end.max(now);
            }
            end
        }
    }

    #[test]
    fn a_distant_service_is_used_to_its_limit_and_throttles_no_request() {
        for (class, service) in [
            (RequestClass::Reads, (250.0, 25.0)),
            (RequestClass::Writes, (200.0, 10.0)),
        ] {
            for latency in [0.002, 0.04, 0.09, 0.2, 0.4] {
                for known in [true, false] {
                    let mut far = Far::new(class, known, service);
                    let took = far.send(600, 8, latency);
                    let best = (600.0 - service.0) / service.1;
                    // What the connections allow, whatever the limits say.
                    let best = best.max(600.0 / 8.0 * latency);
                    let case = format!("{class:?} {latency} {known}: {took} of {best}");
                    assert_eq!(far.refused, 0, "{case}");
                    assert!(took < best * 1.1 + 2.0, "{case}");
                }
            }
        }
    }

    #[test]
    fn a_service_that_does_not_show_the_own_limit_refuses_once_and_is_used_to_it() {
        for times in [1.0, 4.0, 15.0] {
            for latency in [0.002, 0.04, 0.2] {
                for known in [true, false] {
                    let service = (250.0 * times, 25.0 * times);
                    let mut far = Far::new(RequestClass::Reads, known, service).showing_all();
                    let count = 250.0 * times + 25.0 * times * 20.0;
                    let took = far.send(count as usize, 64, latency);
                    let best = (20.0_f64).max(count / 64.0 * latency);
                    let refused = (far.refusals, far.refused);
                    let case = format!("{times} {latency} {known}: {took} of {best}, {refused:?}");
                    assert!(took < best * if times > 1.0 { 1.3 } else { 1.1 }, "{case}");
                    assert!(far.refusals <= 1 && far.refused <= 64, "{case}");
                }
            }
        }
    }

    #[test]
    fn the_own_bucket_is_taken_to_be_as_large_as_that_of_everybody_says() {
        for (shared, size, rate) in [
            (3_749, 250.0, 25.0),
            (16_499, 1_100.0, 110.0),
            (2_000, 250.0, 25.0),
        ] {
            let mut bench = Bench::new(RequestClass::Reads, true);
            bench.bucket.shows_own = false;
            bench.send_learning(None, Some(shared));
            let bucket = bench.bucket;
            assert_eq!((bucket.size, bucket.left), (size, size - 1.0), "{shared}");
            assert!(about(bucket.per_second, rate), "{shared}");
        }
    }

    #[test]
    fn a_bucket_that_is_smaller_than_that_of_everybody_says_refuses_once() {
        for latency in [0.002, 0.04, 0.2] {
            let mut far = Far::new(RequestClass::Reads, true, (250.0, 25.0)).showing_all();
            far.shared = 15.0 * 1_000.0;
            let took = far.send(750, 64, latency);
            let refused = (far.refusals, far.refused);
            assert!(took < 20.0 * 1.1 + 1.0, "{latency}: {took}, {refused:?}");
            assert!(refused.0 <= 1 && refused.1 <= 64, "{latency}: {refused:?}");
        }
    }

    #[test]
    fn a_rate_that_becomes_too_high_is_lowered_and_grows_again() {
        let mut far = Far::new(RequestClass::Reads, true, (250.0, 25.0)).showing_all();
        far.send(500, 64, 0.04);
        // Somebody else uses half of it from now on.
        far.service.1 = 12.5;
        let refusals = far.refusals;
        far.send(1000, 64, 0.04);
        assert!(far.refusals - refusals < 12, "{}", far.refusals);
        let lowered = far.bench.bucket.per_second;
        assert!((6.0..20.0).contains(&lowered), "{lowered}");
        far.bench.now += Duration::from_secs(60);
        far.bench.send(1);
        assert!(far.bench.bucket.per_second > lowered);
        assert!(far.bench.bucket.per_second <= 25.0);
    }

    #[test]
    fn a_service_that_allows_more_than_documented_is_used_to_its_limit() {
        let mut far = Far::new(RequestClass::Writes, true, (200.0, 100.0));
        let took = far.send(1200, 8, 0.02);
        assert!(took < 10.0 * 1.3, "{took}");
        assert!(far.refused < 12, "{}", far.refused);
    }
}
