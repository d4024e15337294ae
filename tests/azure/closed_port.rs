//! A port of this machine that refuses connections.

use tokio::net::TcpSocket;

/// A port that is held but never listens. As long as this lives, no other test can be given the port.
pub(super) struct ClosedPort(TcpSocket);

impl ClosedPort {
    pub(super) fn hold() -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket
            .bind(([127, 0, 0, 1], 0).into())
            .expect("a free port");
        Self(socket)
    }

    /// Host and port.
    pub(super) fn address(&self) -> String {
        self.0.local_addr().expect("an address").to_string()
    }
}
