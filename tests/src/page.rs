//! A host page: somebody else's site, on another origin, that embeds the widget.

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

/// What a path answers.
#[derive(Clone, Debug)]
pub struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    wait: Option<Wait>,
}

/// How long a request waits for its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wait {
    /// For ever.
    Always,
    /// Until its path is given another one.
    UntilPut,
}

/// A request that a [`Page`] received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// `GET`, …
    pub method: String,
    /// With the query.
    pub path: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
}

/// A plain static server on its own port. Dropping it ends it.
#[derive(Debug)]
pub struct Page {
    port: u16,
    site: Arc<Site>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

const ICON: &str = "/favicon.ico";

#[derive(Debug, Default)]
struct Site {
    replies: Mutex<HashMap<String, Reply>>,
    changed: Notify,
    seen: Mutex<Vec<Seen>>,
}

impl Reply {
    /// A body of this type, with status 200.
    pub fn new(content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status: 200,
            headers: vec![("content-type".to_owned(), content_type.to_owned())],
            body: body.into(),
            wait: None,
        }
    }

    /// An HTML page.
    pub fn html(html: &str) -> Self {
        Self::new("text/html; charset=utf-8", html)
    }

    /// A script.
    pub fn script(script: &str) -> Self {
        Self::new("text/javascript; charset=utf-8", script)
    }

    /// Takes the request and never answers, like an image of a host that is down.
    pub fn hang() -> Self {
        Self {
            wait: Some(Wait::Always),
            ..Self::new("text/plain", "")
        }
    }

    /// Takes the request and answers it as soon as the path is put anew, with what is put there then.
    pub fn hold() -> Self {
        Self {
            wait: Some(Wait::UntilPut),
            ..Self::hang()
        }
    }

    /// With another status.
    pub fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// With a header more.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

impl Page {
    /// Serves this HTML at `/`.
    pub fn host(html: &str) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        listener.set_nonblocking(true).expect("a socket for tokio");
        let port = listener.local_addr().expect("a bound socket").port();
        let site = Arc::new(Site::default());
        let (stop, stopped) = oneshot::channel();
        let served = Arc::clone(&site);
        // A runtime of its own: it must answer while the test's own blocks.
        let thread = std::thread::spawn(move || serve(listener, served, stopped));
        let page = Self {
            port,
            site,
            stop: Some(stop),
            thread: Some(thread),
        };
        page.put("/", Reply::html(html));
        // Browsers ask for it by themselves; a 404 would look like an error of the page.
        page.put(ICON, Reply::new("image/x-icon", "").status(204));
        page
    }

    /// The page's address.
    pub fn url(&self) -> String {
        self.at("/")
    }

    /// The address of a path of this host.
    pub fn at(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// The same page under a name instead of a number: to browsers yet another origin.
    pub fn at_localhost(&self, path: &str) -> String {
        format!("http://localhost:{}{path}", self.port)
    }

    /// Answers a path (without its query) in this way from now on.
    pub fn put(&self, path: &str, reply: Reply) {
        let mut replies = self
            .site
            .replies
            .lock()
            .expect("no test thread panicked here");
        replies.insert(path.to_owned(), reply);
        self.site.changed.notify_waiters();
    }

    /// Answers `OPTIONS` for a path in this way from now on; otherwise it is answered as every other method.
    pub fn put_options(&self, path: &str, reply: Reply) {
        self.put(&options(path), reply);
    }

    /// What has been asked for so far, but for the icon that browsers ask for by themselves.
    pub fn requests(&self) -> Vec<Seen> {
        self.site
            .seen
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

fn serve(listener: TcpListener, site: Arc<Site>, stopped: oneshot::Receiver<()>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener).expect("a socket");
        let router = Router::new().fallback(answer).with_state(site);
        tokio::select! {
            served = axum::serve(listener, router) => served.expect("a server"),
            _ = stopped => {}
        }
    });
}

/// The key of a path's answer to `OPTIONS`.
fn options(path: &str) -> String {
    format!("OPTIONS {path}")
}

async fn answer(State(site): State<Arc<Site>>, request: Request) -> Response<Body> {
    let headers = request.headers().iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes());
        (name.as_str().to_owned(), value.into_owned())
    });
    let seen = Seen {
        method: request.method().to_string(),
        path: request.uri().to_string(),
        headers: headers.collect(),
    };
    if request.uri().path() != ICON {
        site.seen.lock().expect("no panic here").push(seen);
    }
    let reply = loop {
        let changed = site.changed.notified();
        let reply = {
            let replies = site.replies.lock().expect("no panic here");
            let path = request.uri().path();
            let preflight = (request.method() == Method::OPTIONS).then(|| options(path));
            let preflight = preflight.and_then(|key| replies.get(&key));
            preflight.or_else(|| replies.get(path)).cloned()
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
