//! An HTTP server that receives webhooks, with an answer for each path that the test sets.

use std::{
    collections::BTreeMap,
    future::pending,
    io,
    sync::{Arc, Condvar, Mutex},
    thread,
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, StatusCode, Uri},
    response::{IntoResponse, Response},
};
use futures_util::{Stream, StreamExt, stream};
use serde_json::Value;
use tokio::net::TcpListener;

/// The beginning of a body that is not sent to its end.
pub const BEGINNING: &str = "Thank you, and";

/// The answer to requests for a path. Default: status 204.
#[derive(Clone, Debug)]
pub enum Behaviour {
    Status(u16),
    /// An answer with this status, headers and body.
    Answer(u16, Vec<(&'static str, String)>, String),
    /// An answer with this status, whose connection is closed in the middle of the body.
    CutOff(u16),
    /// An answer with this status, whose body begins and never ends.
    Endless(u16),
    /// No answer.
    Hang,
}

/// A request that has arrived.
#[derive(Clone, Debug)]
pub struct Received {
    pub path: String,
    pub headers: HeaderMap,
    pub body: String,
    pub at: Instant,
}

impl Received {
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).map(|value| value.to_str());
        value.and_then(Result::ok).unwrap_or_default()
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("a body in JSON")
    }
}

#[derive(Debug, Default)]
struct Shared {
    received: Mutex<Vec<Received>>,
    arrived: Condvar,
    behaviours: Mutex<BTreeMap<String, Behaviour>>,
}

#[derive(Debug)]
pub struct Sink {
    port: u16,
    shared: Arc<Shared>,
}

impl Sink {
    #[track_caller]
    pub fn start() -> Self {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        listener.set_nonblocking(true).expect("a listener of tokio");
        let shared = Arc::new(Shared::default());
        let state = Arc::clone(&shared);
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime");
            runtime.block_on(async move {
                let listener = TcpListener::from_std(listener).expect("a listener");
                let router = Router::new().fallback(receive).with_state(state);
                let _ = axum::serve(listener, router).await;
            });
        });
        Self { port, shared }
    }

    /// The URL of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    pub fn set(&self, path: &str, behaviour: Behaviour) {
        let mut behaviours = self.shared.behaviours.lock().expect("no panic");
        behaviours.insert(path.to_owned(), behaviour);
    }

    /// The requests to a path, oldest first.
    pub fn received(&self, path: &str) -> Vec<Received> {
        let received = self.shared.received.lock().expect("no panic");
        let at_path = received.iter().filter(|one| one.path == path);
        at_path.cloned().collect()
    }

    /// Waits until the requests received so far meet a condition, and returns them.
    #[track_caller]
    pub fn wait_for(
        &self,
        what: &str,
        timeout: Duration,
        condition: impl Fn(&[Received]) -> bool,
    ) -> Vec<Received> {
        let deadline = Instant::now() + timeout;
        let mut received = self.shared.received.lock().expect("no panic");
        while !condition(&received) {
            let left = deadline.saturating_duration_since(Instant::now());
            let paths: Vec<&str> = received.iter().map(|one| one.path.as_str()).collect();
            assert!(
                !left.is_zero(),
                "waited {timeout:?} for {what}; there are {paths:?}"
            );
            let (next, _) = self
                .shared
                .arrived
                .wait_timeout(received, left)
                .expect("no panic");
            received = next;
        }
        received.clone()
    }

    /// Waits until a path has this many requests, and returns them.
    #[track_caller]
    pub fn wait_for_count(&self, path: &str, count: usize, timeout: Duration) -> Vec<Received> {
        let at_path =
            |received: &[Received]| received.iter().filter(|one| one.path == path).count();
        self.wait_for(&format!("{count} at {path}"), timeout, |received| {
            at_path(received) >= count
        });
        self.received(path)
    }
}

async fn receive(
    State(shared): State<Arc<Shared>>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let path = uri.path().to_owned();
    let behaviour = {
        let behaviours = shared.behaviours.lock().expect("no panic");
        behaviours.get(&path).cloned()
    };
    {
        let mut received = shared.received.lock().expect("no panic");
        received.push(Received {
            path,
            headers,
            body: String::from_utf8_lossy(&body).into_owned(),
            at: Instant::now(),
        });
        shared.arrived.notify_all();
    }
    let status = |status: u16| StatusCode::from_u16(status).expect("a status");
    match behaviour.unwrap_or(Behaviour::Status(204)) {
        Behaviour::Status(code) => status(code).into_response(),
        Behaviour::Answer(code, headers, body) => {
            let mut response = (status(code), body).into_response();
            for (name, value) in headers {
                let value = value.parse().expect("a header's value");
                response.headers_mut().insert(name, value);
            }
            response
        }
        Behaviour::CutOff(code) => {
            // The server sends the beginning before it closes the connection.
            let wait = tokio::time::sleep(Duration::from_millis(200));
            let end = stream::once(async {
                wait.await;
                Err(io::Error::other("cut off"))
            });
            (status(code), begun_body(end)).into_response()
        }
        Behaviour::Endless(code) => (status(code), begun_body(stream::pending())).into_response(),
        Behaviour::Hang => pending().await,
    }
}

/// A body of the beginning and these further parts.
fn begun_body(rest: impl Stream<Item = io::Result<&'static str>> + Send + 'static) -> Body {
    Body::from_stream(stream::iter([Ok(BEGINNING)]).chain(rest))
}
