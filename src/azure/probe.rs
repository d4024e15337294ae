//! What a service allows that does not show the own bucket: more than documented is tried step by step, and the first
//! refusal ends that.

use std::time::Duration;

use tokio::time::Instant;

/// The most requests beyond the bucket that are under way (chosen here: as many as are refused at worst).
const LARGEST_WINDOW: u32 = 64;

/// How long to wait at most before the next look at what is under way (chosen here).
const LOOK_AGAIN: Duration = Duration::from_millis(5);

/// How much more than documented a service must allow before that counts (chosen here: latencies blur the figure).
const CLEARLY_MORE: f64 = 1.1;

/// By how much of the documented rate a rate that was too high grows again in each second (chosen here).
const GROWTH: f64 = 0.004;

/// What of a measured rate is used (chosen here).
const HEADROOM: f64 = 0.95;

/// Tries more than the bucket has: 1 request, and one more at once for each that was accepted, so that their number
/// doubles with each round trip.
///
/// After the first refusal, what was accepted until then shows by how much the limits are larger than documented
/// (observed: size and rate are larger by the same factor). A later refusal lowers the rate to a little less than what
/// was accepted since the one before, by half at most; it grows again slowly, up to the rate that was refused.
#[derive(Debug)]
pub(super) struct Probe {
    /// The documented rate.
    documented: f64,
    /// How many requests beyond the bucket may be under way.
    window: u32,
    /// How many are.
    under_way: u32,
    /// Since when responses are counted: the first request, or the last refusal.
    since: Option<Instant>,
    /// How many requests were accepted since then.
    accepted: f64,
    /// Whether a request was refused, so that nothing more is tried.
    is_over: bool,
    /// The rate up to which a lowered one grows again.
    goal: f64,
}

impl Probe {
    pub(super) fn new(documented: f64) -> Self {
        Self {
            documented,
            window: 1,
            under_way: 0,
            since: None,
            accepted: 0.0,
            is_over: false,
            goal: 0.0,
        }
    }

    /// Admits a request that the bucket does not have.
    ///
    /// # Errors
    /// How long to wait at most before the next look, where none may be tried.
    pub(super) fn admit(&mut self) -> Result<(), Duration> {
        if self.is_over {
            return Err(Duration::MAX);
        }
        if self.under_way >= self.window {
            return Err(LOOK_AGAIN);
        }
        self.under_way += 1;
        Ok(())
    }

    /// A request beyond the bucket has its response, or will never have one.
    pub(super) fn returned(&mut self) {
        self.under_way = self.under_way.saturating_sub(1);
        self.window = (self.window + 1).min(LARGEST_WINDOW);
    }

    /// A request is sent.
    pub(super) fn started(&mut self, now: Instant) {
        self.since.get_or_insert(now);
    }

    /// The service accepted a request.
    pub(super) fn accepted(&mut self) {
        self.accepted += 1.0;
    }

    /// The service refused a request: the size of the bucket and its rate, as they must be.
    pub(super) fn refused(&mut self, (size, rate): (f64, f64), now: Instant) -> (f64, f64) {
        let since = self.since.replace(now).unwrap_or(now);
        let seconds = now.saturating_duration_since(since).as_secs_f64();
        let accepted = std::mem::take(&mut self.accepted);
        if !std::mem::replace(&mut self.is_over, true) {
            let factor = accepted / (size + rate * seconds);
            return match factor > CLEARLY_MORE {
                true => (size * factor, rate * factor),
                false => (size, rate),
            };
        }
        self.goal = rate;
        let measured = HEADROOM * accepted / seconds.max(f64::EPSILON);
        (size, measured.clamp(rate / 2.0, rate))
    }

    /// The rate, some seconds later.
    pub(super) fn rate_after(&self, rate: f64, seconds: f64) -> f64 {
        match rate < self.goal {
            true => (rate + self.documented * GROWTH * seconds).min(self.goal),
            false => rate,
        }
    }
}
