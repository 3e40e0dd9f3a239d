//! Connections to mail servers.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};

use js_sys::{Object, Reflect};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use worker::{Socket, worker_sys};

use crate::messages::mail::{
    settings::{Security, SmtpServer},
    smtp::Connection,
};

/// A connection, which is closed when it is dropped, because the runtime allows few connections at once.
pub struct SmtpSocket {
    /// Reads and writes.
    stream: Socket,
    /// The same socket, for starting TLS: the worker crate's own `start_tls` panics if the runtime refuses. `None` once TLS has
    /// been started.
    socket: Option<worker_sys::Socket>,
}

impl SmtpSocket {
    /// Opens a connection. The runtime verifies the certificate and its host name.
    ///
    /// # Errors
    /// The reason, as a sentence. That a host does not answer is reported by the first read, not here.
    pub fn connect(server: &SmtpServer) -> Result<Self, String> {
        let failed = |_| "The runtime cannot connect to the mail server.".to_owned();
        let secure_transport = match server.security {
            Security::Tls => "on",
            Security::StartTls => "starttls",
            Security::Plain => "off",
        };
        let address = object(&[
            ("hostname", server.host.as_str().into()),
            ("port", server.port.into()),
        ]);
        let options = object(&[
            ("secureTransport", secure_transport.into()),
            ("allowHalfOpen", false.into()),
        ]);
        let socket = worker_sys::connect(address.map_err(failed)?, options.map_err(failed)?);
        Ok(Self::new(socket.map_err(failed)?))
    }

    fn new(socket: worker_sys::Socket) -> Self {
        Self {
            stream: Socket::from(socket.clone()),
            socket: Some(socket),
        }
    }
}

fn object(fields: &[(&str, JsValue)]) -> Result<JsValue, JsValue> {
    let object = Object::new();
    for (name, value) in fields {
        Reflect::set(&object, &JsValue::from_str(name), value)?;
    }
    Ok(object.unchecked_into())
}

impl Connection for SmtpSocket {
    fn start_tls(mut self) -> io::Result<Self> {
        let failed = || io::Error::other("the runtime cannot begin TLS");
        let plain = self.socket.take().ok_or_else(failed)?;
        let encrypted = plain.start_tls().map_err(|_| failed())?;
        Ok(Self::new(encrypted))
    }
}

impl Drop for SmtpSocket {
    fn drop(&mut self) {
        if let Some(socket) = self.socket.take()
            && let Ok(closed) = socket.close()
        {
            spawn_local(async move {
                // Closing fails if the server has closed the connection.
                let _ = JsFuture::from(closed).await;
            });
        }
    }
}

impl AsyncRead for SmtpSocket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for SmtpSocket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
