//! A proxy in front of a server: it records the requests that reach it, can cache like a CDN, and can change the headers
//! of a path's answers.

use std::{
    collections::HashMap,
    net::{Ipv4Addr, TcpListener},
    sync::{Arc, Mutex},
    thread::JoinHandle,
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::Response,
};
use tokio::sync::oneshot;
use xtask::http::{Answer, Client};

/// Timeout of a request to the server.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The proxy, on a port of its own. Stops on drop.
#[derive(Debug)]
pub struct Front {
    port: u16,
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// Whether the proxy stores answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caching {
    Off,
    /// By `CDN-Cache-Control`, else by `Cache-Control` (RFC 9213): `max-age` and `stale-while-revalidate`.
    On,
    /// Replays each answer until [`Front::purge`], with its `Age`, like a cache that serves what it has while the server is down.
    Replaying,
    /// The same without `Age`, which RFC 9111 demands.
    ReplayingWithoutAge,
}

/// A request that the proxy answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// Path and query.
    pub path: String,
    pub status: u16,
    /// Whether the answer was in the cache, fresh or stale.
    pub is_cached: bool,
}

#[derive(Debug)]
struct Shared {
    client: Client,
    caching: Caching,
    state: Mutex<Proxy>,
}

#[derive(Debug, Default)]
struct Proxy {
    answered: Vec<Answered>,
    /// By path: the name of a response header, and the value that replaces the server's value.
    headers: HashMap<String, (String, String)>,
    stored: HashMap<String, Stored>,
    /// The time by which the cache's clock is ahead.
    ahead: Duration,
    /// Nothing is stored any more.
    is_purged: bool,
}

#[derive(Clone, Debug)]
struct Stored {
    answer: Answer,
    /// By the cache's clock.
    at: Instant,
}

impl Front {
    /// Starts a proxy in front of the server at this origin.
    pub fn start(origin: &str, caching: Caching) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        listener.set_nonblocking(true).expect("a socket for tokio");
        let port = listener.local_addr().expect("a bound socket").port();
        let shared = Arc::new(Shared {
            client: Client::new(origin, TIMEOUT),
            caching,
            state: Mutex::default(),
        });
        let (stop, stopped) = oneshot::channel();
        let served = Arc::clone(&shared);
        let thread = std::thread::spawn(move || serve(listener, served, stopped));
        Self {
            port,
            shared,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    pub fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The script tag with the loader of a site, with these attributes.
    pub fn embed(&self, site: &str, attributes: &str) -> String {
        let origin = self.origin();
        format!("<script async src=\"{origin}/s/{site}/embed.js\" {attributes}></script>")
    }

    /// Sets a header of all answers for a path.
    pub fn set_header(&self, path: &str, name: &str, value: &str) {
        let header = (name.to_owned(), value.to_owned());
        self.proxy().headers.insert(path.to_owned(), header);
    }

    /// Makes everything in the cache older.
    pub fn advance(&self, time: Duration) {
        self.proxy().ahead += time;
    }

    /// Forgets everything in the cache, and stops caching.
    pub fn purge(&self) {
        let mut proxy = self.proxy();
        proxy.is_purged = true;
        proxy.stored.clear();
    }

    /// The requests so far, in order.
    pub fn answered(&self) -> Vec<Answered> {
        self.proxy().answered.clone()
    }

    /// The last segments of the paths that were requested so far, without queries.
    pub fn files(&self) -> Vec<String> {
        let paths = self.answered().into_iter().map(|answered| answered.path);
        paths
            .map(|path| {
                let path = path.split('?').next().unwrap_or_default();
                path.rsplit('/').next().unwrap_or_default().to_owned()
            })
            .collect()
    }

    fn proxy(&self) -> std::sync::MutexGuard<'_, Proxy> {
        self.shared.state.lock().expect("no panic here")
    }
}

impl Drop for Front {
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

async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response<Body> {
    let method = request.method().to_string();
    let path = request.uri().to_string();
    let known = request.headers().get("if-none-match");
    let known = known.and_then(|tag| Some(tag.to_str().ok()?.to_owned()));
    let answer = tokio::task::spawn_blocking(move || shared.answer(&method, &path, known));
    let answer = answer.await.expect("an answer");
    let mut response = Response::builder().status(answer.status);
    for (name, value) in &answer.headers {
        if !matches!(
            name.as_str(),
            "transfer-encoding" | "content-length" | "connection"
        ) {
            response = response.header(name, value);
        }
    }
    response.body(Body::from(answer.body)).expect("a response")
}

impl Shared {
    fn answer(&self, method: &str, path: &str, if_none_match: Option<String>) -> Answer {
        let stored = (method == "GET").then(|| self.stored(path)).flatten();
        let is_cached = stored.is_some();
        let mut answer = match stored {
            Some((answer, is_fresh)) => {
                if !is_fresh {
                    // A cache would do this in the background. The client sees no difference, because it gets the stored answer.
                    self.fetch(method, path);
                }
                answer
            }
            None => self.fetch(method, path),
        };
        let bare_path = path.split('?').next().unwrap_or_default();
        let mut proxy = self.state.lock().expect("no panic here");
        if let Some((name, value)) = proxy.headers.get(bare_path) {
            answer.headers.retain(|(existing, _)| existing != name);
            answer.headers.push((name.clone(), value.clone()));
        }
        if if_none_match.is_some() && if_none_match.as_deref() == answer.header("etag") {
            answer.status = 304;
            answer.body.clear();
        }
        proxy.answered.push(Answered {
            path: path.to_owned(),
            status: answer.status,
            is_cached,
        });
        answer
    }

    /// The stored answer that may be served, and whether it is fresh.
    fn stored(&self, path: &str) -> Option<(Answer, bool)> {
        let proxy = self.state.lock().expect("no panic here");
        let Stored { answer, at } = proxy.stored.get(path)?;
        let age = (Instant::now() + proxy.ahead).duration_since(*at);
        if matches!(
            self.caching,
            Caching::Replaying | Caching::ReplayingWithoutAge
        ) {
            let mut replayed = answer.clone();
            if self.caching == Caching::Replaying {
                let age = ("age".to_owned(), age.as_secs().to_string());
                replayed.headers.push(age);
            }
            return Some((replayed, true));
        }
        let policy = answer
            .header("cdn-cache-control")
            .or(answer.header("cache-control"))?;
        let seconds = |name: &str| {
            let mut directives = policy
                .split(',')
                .filter_map(|part| part.trim().split_once('='));
            let (_, value) = directives.find(|(directive, _)| *directive == name)?;
            value.parse().ok().map(Duration::from_secs)
        };
        let fresh = seconds("max-age").unwrap_or_default();
        let stale = seconds("stale-while-revalidate").unwrap_or_default();
        (age <= fresh + stale).then(|| (answer.clone(), age <= fresh))
    }

    fn fetch(&self, method: &str, path: &str) -> Answer {
        let answer = self.client.request(method, path).send().expect("an answer");
        let mut proxy = self.state.lock().expect("no panic here");
        let is_stored = self.caching != Caching::Off && !proxy.is_purged;
        if is_stored && method == "GET" && answer.status == 200 {
            let ahead = proxy.ahead;
            let stored = Stored {
                answer: answer.clone(),
                at: Instant::now() + ahead,
            };
            proxy.stored.insert(path.to_owned(), stored);
        }
        answer
    }
}
