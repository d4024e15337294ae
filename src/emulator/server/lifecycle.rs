//! The emulator's life cycle: the socket, the background work, and what its owner may ask.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::time::Duration;

use axum::Router;
use tokio::sync::{mpsc, oneshot};
use tokio::task::{JoinHandle, JoinSet};

use crate::emulator::base::error::EmulatorError;
use crate::emulator::base::options::EmulatorOptions;
use crate::emulator::core::handler::{FollowUp, HandlerError};
use crate::emulator::core::job;
use crate::emulator::core::provider::HandlerContext;
use crate::emulator::core::response::Payload;
use crate::emulator::providers::api_center::link_import::Fetcher;
use crate::emulator::providers::api_center::path::ServicePath;
use crate::emulator::providers::api_center::{link_import, services};
use crate::emulator::providers::login::Login;
use crate::emulator::registry::PROVIDERS;
use crate::emulator::server::gateway;
use crate::emulator::server::gateway::EmulatorGateway;
use crate::emulator::server::listener::{ConnectionKiller, FaultyListener};
use crate::emulator::server::rate_limit::Throttle;
use crate::emulator::server::request_log::{RecordedRequest, RequestLog};
use crate::emulator::server::tls::Certificate;
use crate::emulator::store::{Changes, Store, StoreError};

/// How long open requests may take once the emulator is stopping.
const PATIENCE: Duration = Duration::from_secs(2);

/// A running emulator. Dropping it stops it at once, like a power failure; acknowledged writes are
/// kept.
pub struct Emulator {
    address: SocketAddr,
    gateway: Arc<EmulatorGateway>,
    certificate: Option<Certificate>,
    stop: Option<oneshot::Sender<()>>,
    serving: JoinHandle<()>,
    working: JoinHandle<()>,
}

impl std::fmt::Debug for Emulator {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Emulator")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

impl Emulator {
    /// Opens the store, binds the address and serves in the background; work that an earlier run
    /// left open goes on.
    ///
    /// # Errors
    ///
    /// When the data file is held by another process or cannot be opened, or the address cannot be
    /// bound.
    pub async fn start(options: EmulatorOptions) -> Result<Self, EmulatorError> {
        let chosen = options.clone();
        let (store, login, certificate) = tokio::task::spawn_blocking(move || opened(&chosen))
            .await
            .map_err(|error| EmulatorError::Store(error.to_string()))??;
        let tls = certificate
            .as_ref()
            .map(Certificate::acceptor)
            .transpose()?;
        let listen = options.listen;
        let failed = |source| EmulatorError::Listen {
            address: listen,
            source,
        };
        let socket = tokio::net::TcpListener::bind(listen)
            .await
            .map_err(failed)?;
        let address = socket.local_addr().map_err(failed)?;
        let (follow_up, follow_ups) = mpsc::unbounded_channel();
        for open in store.read(job::unfinished)? {
            drop(follow_up.send(open));
        }
        let gateway = Arc::new(EmulatorGateway {
            store,
            limiter: Throttle::new(
                options.throttle_rps,
                options.buckets,
                options.throttle_clock.now(),
            ),
            login,
            context: HandlerContext {
                options: Arc::new(options),
                links: Arc::default(),
                providers: PROVIDERS,
            },
            log: RequestLog::default(),
            arrived: AtomicU32::new(0),
            follow_up,
        });
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(serve(
            FaultyListener::new(socket, tls),
            Arc::clone(&gateway),
            stopped,
        ));
        let authority = certificate.as_ref().map(|one| one.authority.clone());
        let fetcher = Fetcher::new(authority, address.ip().is_loopback());
        let working = tokio::spawn(work(Arc::clone(&gateway), follow_ups, fetcher));
        Ok(Self {
            address,
            gateway,
            certificate,
            stop: Some(stop),
            serving,
            working,
        })
    }

    /// Where it listens: `http://127.0.0.1:PORT`, without a slash at the end, or `https`. One that
    /// listens on every address names the loopback one.
    #[must_use]
    pub fn url(&self) -> String {
        let mut address = self.address;
        if address.ip().is_unspecified() {
            address.set_ip(match address {
                SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
                SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
            });
        }
        let scheme = self.gateway.context.options.scheme();
        format!("{scheme}://{address}")
    }

    /// What clients must trust to connect over https, as PEM; `None` over http. With a data file it remains
    /// the same over restarts, for about a year.
    #[must_use]
    pub fn certificate(&self) -> Option<&str> {
        self.certificate.as_ref().map(|it| it.authority.as_str())
    }

    /// Creates a service unless it exists, as a client would; an existing one remains as it is. Blocks
    /// for one commit.
    ///
    /// It is created on the `Standard` plan, so a whole catalogue fits (chosen here; over HTTP
    /// a service that states no plan gets `Free`, as observed).
    ///
    /// # Errors
    ///
    /// When the name is taken (a deleted service keeps it) or not a valid one, or the store fails.
    pub fn ensure_service(
        &self,
        subscription: &str,
        resource_group: &str,
        name: &str,
        location: &str,
    ) -> Result<(), EmulatorError> {
        let context = self.gateway.context.clone();
        let path = ServicePath::new(subscription, resource_group, name);
        let location = location.to_owned();
        let ensured =
            self.gateway.store.change_blocking(move |changes| {
                match services::ensure(&context, changes, &path, &location) {
                    Ok(follow_up) => Ok(Ok(follow_up)),
                    Err(HandlerError::Response(response)) => Ok(Err(response.body)),
                    Err(HandlerError::Store(error)) => Err(error),
                }
            })?;
        match ensured {
            Ok(follow_up) => {
                // Nobody listens only while the emulator stops; what is pending is stored and
                // resumed.
                follow_up
                    .into_iter()
                    .for_each(|follow_up| drop(self.gateway.follow_up.send(follow_up)));
                Ok(())
            }
            Err(body) => Err(EmulatorError::Service {
                name: name.to_owned(),
                message: error_message(&body),
            }),
        }
    }

    /// The last 10,000 requests with a response (or deliberately without), oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.gateway.log.all()
    }

    /// Stops serving: open requests get two seconds, then the store is closed and its file
    /// released.
    pub async fn stop(mut self) {
        if let Some(stop) = self.stop.take() {
            // The receiver is closed if serving ended by itself.
            let _closed = stop.send(());
        }
        if tokio::time::timeout(PATIENCE, &mut self.serving)
            .await
            .is_err()
        {
            self.serving.abort();
        }
        self.working.abort();
        let gateway = Arc::clone(&self.gateway);
        // A store that panicked has nothing left to release.
        drop(tokio::task::spawn_blocking(move || gateway.store.close()).await);
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        self.serving.abort();
        self.working.abort();
        self.gateway.store.close();
    }
}

/// The message of an error response.
fn error_message(body: &Payload) -> String {
    let Payload::Json(body) = body else {
        return String::new();
    };
    let message = ["/details/0/message", "/error/message", "/message"]
        .iter()
        .find_map(|pointer| body.pointer(pointer)?.as_str());
    message.map_or_else(|| body.to_string(), str::to_owned)
}

/// Opens the store and takes from it, or makes, what the emulator needs for itself.
fn opened(options: &EmulatorOptions) -> Result<(Store, Login, Option<Certificate>), EmulatorError> {
    let store = Store::open(&options.data)?;
    let login = Login::open(&store, options)?;
    let certificate = options
        .https
        .then(|| Certificate::open(&store, &options.hosts))
        .transpose()?;
    Ok((store, login, certificate))
}

async fn serve(
    listener: FaultyListener,
    gateway: Arc<EmulatorGateway>,
    stopped: oneshot::Receiver<()>,
) {
    let router = Router::new().fallback(gateway::handle).with_state(gateway);
    let service = router.into_make_service_with_connect_info::<ConnectionKiller>();
    let served = axum::serve(listener, service)
        .with_graceful_shutdown(async { drop(stopped.await) })
        .await;
    if let Err(error) = served {
        tracing::error!(%error, "the emulator stopped serving");
    }
}

async fn work(
    gateway: Arc<EmulatorGateway>,
    mut follow_ups: mpsc::UnboundedReceiver<FollowUp>,
    fetcher: Fetcher,
) {
    let mut running = JoinSet::new();
    let fetcher = Arc::new(fetcher);
    while let Some(follow_up) = follow_ups.recv().await {
        while running.try_join_next().is_some() {}
        let gateway = Arc::clone(&gateway);
        let fetcher = Arc::clone(&fetcher);
        running.spawn(async move {
            if let Err(error) = run_follow_up(&gateway, &fetcher, follow_up).await {
                tracing::debug!(%error, "background work was cut off; the next start resumes it");
            }
        });
    }
}

async fn run_follow_up(
    gateway: &EmulatorGateway,
    fetcher: &Fetcher,
    follow_up: FollowUp,
) -> Result<(), StoreError> {
    match follow_up {
        FollowUp::Job { name, subject, due } => {
            tokio::time::sleep(due.remaining()).await;
            let context = gateway.context.clone();
            let change =
                move |changes: &Changes<'_>| job::run_due(&context, changes, &name, &subject, due);
            if let Some(next) = gateway.store.change(change).await? {
                // As in the gateway: unsent work is stored.
                drop(gateway.follow_up.send(next));
            }
            Ok(())
        }
        FollowUp::Batch(all) => {
            all.into_iter()
                .for_each(|one| drop(gateway.follow_up.send(one)));
            Ok(())
        }
        FollowUp::Fetch { operation } => {
            let delay = gateway.context.options.operation_delay;
            link_import::run(&gateway.store, fetcher, &operation, delay).await
        }
    }
}
