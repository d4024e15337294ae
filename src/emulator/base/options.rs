//! How an emulator is set up.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use crate::emulator::base::faults::Faults;
use crate::emulator::base::throttle_clock::ThrottleClock;

/// How long after a service's creation its sample API appears when the emulator runs as a server.
///
/// Observed: "a few seconds". In-process use seeds at once instead (see
/// [`EmulatorOptions::seed_delay`]).
pub const SERVER_SEED_DELAY: Duration = Duration::from_secs(2);

/// How long after a change an API source shows it, and how long after its deletion what it imported
/// is removed, when the emulator runs as a server.
///
/// Documented: usually minutes; observed: about eleven seconds for a delete. Shorter here, so that
/// nobody has to wait.
pub const SERVER_SYNC_DELAY: Duration = Duration::from_secs(2);

/// Where the emulated services are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Storage {
    /// In memory: lost when the emulator stops.
    Memory,
    /// In this file, which survives restarts and is held locked while the emulator runs. Missing
    /// folders are made.
    File(PathBuf),
}

/// The documented limits of the resource manager: 250 reads at once and 25 more per second, 200 writes
/// and 200 deletes at once and 10 more of each per second; all principals of a subscription together
/// have 15 times as much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Buckets {
    /// How many times as large and as fast as documented the buckets are: 1 is as documented; observed: up to about 4.
    /// 0 counts as 1.
    pub size: u32,
    /// How many times as fast they fill besides, which keeps tests short. 0 counts as 1.
    pub speed: u32,
}

impl Default for Buckets {
    fn default() -> Self {
        Self { size: 1, speed: 1 }
    }
}

/// The delay until a new identity can be assigned a role. Both must have passed; the default is none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Replication {
    /// This many requests fail with `PrincipalNotFound` first.
    pub tries: u32,
    /// All requests within this time after the identity was created fail with `PrincipalNotFound`.
    pub time: Duration,
}

/// Everything that can be chosen about an emulator. `Default` is an in-process one: any free
/// loopback port, in memory, no delays, no faults.
#[derive(Debug, Clone)]
pub struct EmulatorOptions {
    /// The address to listen on; port 0 picks a free one.
    pub listen: SocketAddr,
    /// Host names that are served besides those of this machine.
    pub hosts: Vec<String>,
    /// Where the state is kept.
    pub data: Storage,
    /// A delay before every response.
    pub latency: Duration,
    /// Every nth request fails with 500 before anything was done.
    pub fail_every: Option<u32>,
    /// Every nth request fails with 500 although its work was done.
    pub fail_every_after: Option<u32>,
    /// Requests per second that are let through (the burst is one second's worth); more get 429
    /// with `Retry-After`.
    pub throttle_rps: Option<u32>,
    /// The resource manager's documented limits: a bucket per class of requests, in each subscription.
    /// Together with `throttle_rps` only this one counts.
    pub buckets: Option<Buckets>,
    /// The clock by which these limits refill.
    pub throttle_clock: ThrottleClock,
    /// Whether it speaks https, with a certificate of its own.
    pub https: bool,
    /// Whether requests need a token that this emulator gave out. Otherwise any will do.
    pub require_login: bool,
    /// The secret that applications must sign in with. Otherwise any will do.
    pub client_secret: Option<String>,
    /// How long a new identity of a service is unknown to role assignments.
    pub replication: Replication,
    /// Most items on one page of a list. The service's own number is not recorded; at least 1.
    pub page_size: usize,
    /// How long after a service's creation its sample API and its data host name appear. Zero seeds
    /// within the creating request, so that tests need not wait.
    pub seed_delay: Duration,
    /// Whether a new service gets the sample API at all (observed: it does).
    pub seed_sample: bool,
    /// Documents longer than this many bytes are exported as a `link` instead of `inline`. Chosen
    /// here: the service's threshold is not recorded, the largest recorded inline export has 45 KB.
    pub export_link_above: usize,
    /// How long a long-running operation takes at least. Zero ends an import by link as soon as the
    /// document is fetched, and everything else within the request that begins it.
    pub operation_delay: Duration,
    /// How long after it was created, or after something changed in it, an API source is
    /// synchronised. Zero does it within the request.
    pub sync_delay: Duration,
    /// How long after its deletion an API source and what it imported are removed. Zero removes them
    /// within the request.
    pub unlink_delay: Duration,
    /// Whether a service's identity needs the documented roles on what it imports from.
    pub enforce_roles: bool,
    /// Whether the documented numbers of resources per service plan are enforced.
    pub limits: bool,
    /// What every caller may do, as the permissions of a service list it. Chosen here: nothing else reads
    /// permissions, so this is only reported, never enforced.
    pub actions: Vec<String>,
    /// Faults that tests program, shared with the running emulator.
    pub faults: Faults,
}

impl EmulatorOptions {
    /// What addresses begin with.
    pub(in crate::emulator) fn scheme(&self) -> &'static str {
        if self.https { "https" } else { "http" }
    }
}

impl Default for EmulatorOptions {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            hosts: Vec::new(),
            data: Storage::Memory,
            latency: Duration::ZERO,
            fail_every: None,
            fail_every_after: None,
            throttle_rps: None,
            buckets: None,
            throttle_clock: ThrottleClock::default(),
            https: false,
            require_login: false,
            client_secret: None,
            replication: Replication::default(),
            page_size: 100,
            seed_delay: Duration::ZERO,
            seed_sample: true,
            export_link_above: 1024 * 1024,
            operation_delay: Duration::ZERO,
            sync_delay: Duration::ZERO,
            unlink_delay: Duration::ZERO,
            enforce_roles: true,
            limits: true,
            actions: vec!["*".to_owned()],
            faults: Faults::default(),
        }
    }
}
