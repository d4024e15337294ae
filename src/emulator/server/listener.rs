//! Connections, encrypted or not, that can be reset from within a request.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// A client that has not finished its handshake by then is disconnected.
const PATIENCE: Duration = Duration::from_secs(10);

/// Resets one connection: once used, nothing more is written to it and it closes.
#[derive(Debug, Clone, Default)]
pub(in crate::emulator) struct ConnectionKiller(Arc<AtomicBool>);

impl ConnectionKiller {
    pub(in crate::emulator) fn kill(&self) {
        self.0.store(true, Ordering::Release);
    }

    fn is_used(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

impl Connected<IncomingStream<'_, FaultyListener>> for ConnectionKiller {
    fn connect_info(stream: IncomingStream<'_, FaultyListener>) -> Self {
        stream.io().killer.clone()
    }
}

/// A connection after its handshake, or `None` if that failed.
type Shaken = Option<(TlsStream<TcpStream>, SocketAddr)>;

/// A TCP listener whose connections carry a [`ConnectionKiller`].
pub(in crate::emulator) struct FaultyListener {
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    /// Handshakes take turns of both sides, so a slow client must not keep others out.
    handshakes: JoinSet<Shaken>,
}

impl FaultyListener {
    pub(in crate::emulator) fn new(listener: TcpListener, tls: Option<TlsAcceptor>) -> Self {
        Self {
            listener,
            tls,
            handshakes: JoinSet::new(),
        }
    }
}

fn send_at_once(stream: &TcpStream) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "cannot send small packets at once");
    }
}

async fn shake(tls: TlsAcceptor, stream: TcpStream, peer: SocketAddr) -> Shaken {
    match tokio::time::timeout(PATIENCE, tls.accept(stream)).await {
        Ok(Ok(stream)) => Some((stream, peer)),
        Ok(Err(error)) => {
            tracing::debug!(%error, "a client aborted the handshake");
            None
        }
        Err(_) => None,
    }
}

impl Listener for FaultyListener {
    type Io = FaultyStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        let Some(tls) = self.tls.clone() else {
            let (stream, peer) = Listener::accept(&mut self.listener).await;
            send_at_once(&stream);
            return (FaultyStream::new(Wire::Plain(stream)), peer);
        };
        loop {
            tokio::select! {
                (stream, peer) = Listener::accept(&mut self.listener) => {
                    send_at_once(&stream);
                    self.handshakes.spawn(shake(tls.clone(), stream, peer));
                }
                Some(done) = self.handshakes.join_next() => {
                    if let Ok(Some((stream, peer))) = done {
                        return (FaultyStream::new(Wire::Tls(Box::new(stream))), peer);
                    }
                }
            }
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}

enum Wire {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

/// A connection that fails every write once its killer was used.
pub(in crate::emulator) struct FaultyStream {
    wire: Wire,
    killer: ConnectionKiller,
}

impl FaultyStream {
    fn new(wire: Wire) -> Self {
        let killer = ConnectionKiller::default();
        Self { wire, killer }
    }
}

/// Hands a call through to whatever the connection is.
macro_rules! through {
    ($self:ident, $call:ident, $($argument:expr),*) => {
        match &mut $self.wire {
            Wire::Plain(stream) => Pin::new(stream).$call($($argument),*),
            Wire::Tls(stream) => Pin::new(stream.as_mut()).$call($($argument),*),
        }
    };
}

impl AsyncRead for FaultyStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        through!(self, poll_read, context, buffer)
    }
}

impl AsyncWrite for FaultyStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.killer.is_used() {
            return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        }
        through!(self, poll_write, context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        through!(self, poll_flush, context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        through!(self, poll_shutdown, context)
    }
}
