//! An address at which nobody listens.

use std::net::Ipv4Addr;

use tokio::net::TcpSocket;

/// A port that refuses connections. A socket without a listener keeps it from other programs, which otherwise might listen there
/// before the test ends.
#[derive(Debug)]
pub struct RefusingHost {
    socket: TcpSocket,
}

impl RefusingHost {
    #[track_caller]
    pub fn start() -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket
            .bind((Ipv4Addr::LOCALHOST, 0).into())
            .expect("a free port");
        Self { socket }
    }

    /// Its origin, such as `http://127.0.0.1:8787`.
    pub fn origin(&self) -> String {
        let address = self.socket.local_addr().expect("a bound socket");
        format!("http://{address}")
    }
}
