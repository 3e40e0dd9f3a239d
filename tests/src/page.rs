//! An HTTP server for host pages, which embed the widget from another origin.

use std::{
    collections::HashMap,
    net::{Ipv4Addr, TcpListener},
    sync::{Arc, Mutex},
    thread::JoinHandle,
};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{Method, Response, StatusCode},
};
use tokio::sync::{Notify, oneshot};

/// The reply to requests for a path.
#[derive(Clone, Debug)]
pub struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    wait: Option<Wait>,
}

/// The time that a request waits for its reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wait {
    /// The request hangs.
    Always,
    /// Until the next [`Page::put`].
    UntilPut,
}

/// A request that a [`Page`] received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedRequest {
    pub method: String,
    /// Path and query.
    pub path: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
}

/// An HTTP server for host pages, on a port of its own. Stops on drop.
#[derive(Debug)]
pub struct Page {
    port: u16,
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

const ICON: &str = "/favicon.ico";

#[derive(Debug, Default)]
struct Shared {
    replies: Mutex<HashMap<String, Reply>>,
    changed: Notify,
    requests: Mutex<Vec<ReceivedRequest>>,
}

impl Reply {
    /// A body of this media type, with status 200.
    pub fn new(content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status: 200,
            headers: vec![("content-type".to_owned(), content_type.to_owned())],
            body: body.into(),
            wait: None,
        }
    }

    pub fn html(html: &str) -> Self {
        Self::new("text/html; charset=utf-8", html)
    }

    pub fn script(script: &str) -> Self {
        Self::new("text/javascript; charset=utf-8", script)
    }

    /// Accepts the request and never answers, like an image from a host that is down.
    pub fn hang() -> Self {
        Self {
            wait: Some(Wait::Always),
            ..Self::new("text/plain", "")
        }
    }

    /// Delays the response until the next [`Page::put`] for the path, and sends that reply.
    pub fn until_next_put() -> Self {
        Self {
            wait: Some(Wait::UntilPut),
            ..Self::hang()
        }
    }

    pub fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// Returns the HTML of a host page with `body` inside `<body>`.
pub fn html(body: &str) -> String {
    format!("<!doctype html><html lang=en><title>Host</title><h1>Host</h1>{body}")
}

impl Page {
    /// Serves a host page with `body` inside `<body>`.
    pub fn with_body(body: &str) -> Self {
        Self::host(&html(body))
    }

    /// Serves a host page with `body` inside `<body>`, with a `Content-Security-Policy` header, if given.
    pub fn with_policy(body: &str, policy: Option<&str>) -> Self {
        Self::host_with_policy(&html(body), policy)
    }

    /// Serves this HTML at `/`, with a `Content-Security-Policy` header, if given.
    pub fn host_with_policy(html: &str, policy: Option<&str>) -> Self {
        let page = Self::host("");
        let mut reply = Reply::html(html);
        if let Some(policy) = policy {
            reply = reply.header("content-security-policy", policy);
        }
        page.put("/", reply);
        page
    }

    /// Serves this HTML at `/`.
    pub fn host(html: &str) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        listener.set_nonblocking(true).expect("a socket for tokio");
        let port = listener.local_addr().expect("a bound socket").port();
        let shared = Arc::new(Shared::default());
        let (stop, stopped) = oneshot::channel();
        let served = Arc::clone(&shared);
        // In a thread of its own, so that the server answers while the test blocks.
        let thread = std::thread::spawn(move || serve(listener, served, stopped));
        let page = Self {
            port,
            shared,
            stop: Some(stop),
            thread: Some(thread),
        };
        page.put("/", Reply::html(html));
        // Browsers request the icon by themselves; a 404 would look like an error of the page.
        page.put(ICON, Reply::new("image/x-icon", "").status(204));
        page
    }

    pub fn url(&self) -> String {
        self.at("/")
    }

    /// The URL of a path.
    pub fn at(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// The URL with `localhost` instead of the address: another origin to browsers.
    pub fn at_localhost(&self, path: &str) -> String {
        format!("http://localhost:{}{path}", self.port)
    }

    /// Sets the reply for a path, with any query, or for a path and query. A reply for the path and query takes precedence.
    pub fn put(&self, path: &str, reply: Reply) {
        let mut replies = self
            .shared
            .replies
            .lock()
            .expect("no test thread panicked here");
        replies.insert(path.to_owned(), reply);
        self.shared.changed.notify_waiters();
    }

    /// Sets the reply to `OPTIONS` requests for a path. Without it, they get the path's ordinary reply.
    pub fn put_options(&self, path: &str, reply: Reply) {
        self.put(&options(path), reply);
    }

    /// All requests so far, except for the icon that browsers request by themselves.
    pub fn requests(&self) -> Vec<ReceivedRequest> {
        self.shared
            .requests
            .lock()
            .expect("no test thread panicked here")
            .clone()
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn serve(listener: TcpListener, shared: Arc<Shared>, stopped: oneshot::Receiver<()>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener).expect("a socket");
        let router = Router::new().fallback(answer).with_state(shared);
        tokio::select! {
            served = axum::serve(listener, router) => served.expect("a server"),
            _ = stopped => {}
        }
    });
}

/// The key of a path's reply to `OPTIONS`.
fn options(path: &str) -> String {
    format!("OPTIONS {path}")
}

async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response<Body> {
    let headers = request.headers().iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes());
        (name.as_str().to_owned(), value.into_owned())
    });
    let received = ReceivedRequest {
        method: request.method().to_string(),
        path: request.uri().to_string(),
        headers: headers.collect(),
    };
    if request.uri().path() != ICON {
        shared
            .requests
            .lock()
            .expect("no panic here")
            .push(received);
    }
    let reply = loop {
        let changed = shared.changed.notified();
        let reply = {
            let replies = shared.replies.lock().expect("no panic here");
            let (uri, path) = (request.uri().to_string(), request.uri().path());
            let preflight = (request.method() == Method::OPTIONS).then(|| options(path));
            let preflight = preflight.and_then(|key| replies.get(&key));
            preflight
                .or_else(|| replies.get(&uri))
                .or_else(|| replies.get(path))
                .cloned()
        };
        match reply.as_ref().and_then(|reply| reply.wait) {
            None => break reply,
            Some(Wait::UntilPut) => changed.await,
            Some(Wait::Always) => std::future::pending().await,
        }
    };
    let Some(reply) = reply else {
        let mut missing = Response::new(Body::from("nothing here"));
        *missing.status_mut() = StatusCode::NOT_FOUND;
        return missing;
    };
    let mut response = Response::builder().status(reply.status);
    for (name, value) in &reply.headers {
        response = response.header(name, value);
    }
    response
        .body(Body::from(reply.body))
        .expect("a test's reply is valid")
}
