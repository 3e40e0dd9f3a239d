//! The origin of everything that the host pages embed: it passes requests for our paths on to our server, and serves the
//! peers' files and data. Requests for the peers' data wait for our server's feed too, so that all data has the same delay.

use std::{
    collections::HashMap,
    net::{Ipv4Addr, TcpListener},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    thread::JoinHandle,
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Request, State as Shared},
    http::{HeaderMap, Response},
};
use e2e::{Answer, Client, Server};
use futures_util::{StreamExt, stream};
use tokio::sync::oneshot;
use xtask::build::compress;

use super::product::{Data, Form, ORIGIN, Product, State};

/// A running origin. Stops on drop.
#[derive(Debug)]
pub struct Origin {
    url: String,
    contents: Arc<Contents>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// Number of requests, and of the bytes of the answers' bodies as sent.
#[derive(Clone, Copy, Debug)]
pub struct Traffic {
    pub requests: u64,
    pub bytes: u64,
}

#[derive(Debug)]
struct Contents {
    state: State,
    server: Client,
    files: HashMap<String, Ready>,
    data: HashMap<&'static str, Data>,
    /// Our server's answers that never change, by path and query.
    immutable: Mutex<HashMap<String, Ready>>,
    requests: AtomicU64,
    bytes: AtomicU64,
}

/// An answer as it is sent.
#[derive(Clone, Debug)]
struct Ready {
    status: u16,
    headers: Vec<(String, String)>,
    body: Bytes,
}

/// Headers of a connection, which are not passed on.
const OF_THE_CONNECTION: &[&str] = &[
    "connection",
    "content-length",
    "keep-alive",
    "transfer-encoding",
];
/// Headers of a request that are passed on to our server.
const PASSED_ON: &[&str] = &[
    "accept-encoding",
    "accept-language",
    "if-none-match",
    "origin",
];

impl Origin {
    /// Starts an origin that serves the files of these products and their data in this state, and passes other requests on to our
    /// server.
    pub fn start(state: State, server: &Server, products: &[Product]) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        listener.set_nonblocking(true).expect("a socket for tokio");
        let port = listener.local_addr().expect("a bound socket").port();
        let url = format!("http://127.0.0.1:{port}");
        let files = products.iter().flat_map(|product| &product.files);
        let files = files.map(|file| {
            let body = file.body.replace(ORIGIN, &url);
            let packed = compress::brotli(body.as_bytes()).expect("brotli");
            let headers = [
                ("content-type", file.media_type),
                ("content-encoding", "br"),
                ("cache-control", "public, max-age=31536000, immutable"),
            ];
            (file.path.clone(), Ready::new(&headers, packed))
        });
        let data = products.iter().flat_map(|product| &product.data);
        let contents = Arc::new(Contents {
            state,
            server: server.patient_client(),
            files: files.collect(),
            data: data.map(|data| (data.path, data.clone())).collect(),
            immutable: Mutex::default(),
            requests: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
        });
        let (stop, stopped) = oneshot::channel();
        let served = Arc::clone(&contents);
        let thread = std::thread::spawn(move || serve(listener, served, stopped));
        Self {
            url,
            contents,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn state(&self) -> State {
        self.contents.state
    }

    /// The traffic since the last call.
    pub fn take_traffic(&self) -> Traffic {
        Traffic {
            requests: self.contents.requests.swap(0, Ordering::Relaxed),
            bytes: self.contents.bytes.swap(0, Ordering::Relaxed),
        }
    }
}

impl Drop for Origin {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn serve(listener: TcpListener, contents: Arc<Contents>, stopped: oneshot::Receiver<()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener).expect("a socket");
        let router = Router::new().fallback(answer).with_state(contents);
        tokio::select! {
            served = axum::serve(listener, router) => served.expect("a server"),
            _ = stopped => {}
        }
    });
    // A blocking request may still wait for our server.
    runtime.shutdown_background();
}

async fn answer(Shared(contents): Shared<Arc<Contents>>, request: Request) -> Response<Body> {
    let address = request.uri().to_string();
    let method = request.method().to_string();
    let headers = request.headers().clone();
    let looked_up = Arc::clone(&contents);
    let found = move || looked_up.find(&method, &address, &headers);
    // The client of our server blocks its thread.
    let (ready, endless) = tokio::task::spawn_blocking(found).await.expect("an answer");
    contents.requests.fetch_add(1, Ordering::Relaxed);
    contents
        .bytes
        .fetch_add(ready.body.len() as u64, Ordering::Relaxed);
    let mut response = Response::builder().status(ready.status);
    for (name, value) in &ready.headers {
        response = response.header(name, value);
    }
    let body = if endless {
        let events = stream::iter([Ok::<_, std::io::Error>(ready.body)]);
        Body::from_stream(events.chain(stream::pending()))
    } else {
        Body::from(ready.body)
    };
    response.body(body).expect("valid headers")
}

impl Contents {
    /// The answer to a request, and whether its body does not end. Peers' requests may have a query that
    /// avoids caches.
    fn find(&self, method: &str, address: &str, headers: &HeaderMap) -> (Ready, bool) {
        let path = address.split('?').next().unwrap_or(address);
        if let Some(file) = self.files.get(path) {
            return (file.clone(), false);
        }
        let Some(data) = self.data.get(path) else {
            return (self.ours(method, address, headers), false);
        };
        self.send("GET", "/v1/sites/acme/feed?lang=en", headers);
        let body = data.body(self.state);
        match data.form {
            Form::Json => {
                let packed = compress::gzip(body.as_bytes()).expect("gzip");
                let headers = [
                    ("content-type", "application/json"),
                    ("content-encoding", "gzip"),
                    ("cache-control", "no-cache"),
                ];
                (Ready::new(&headers, packed), false)
            }
            Form::Events => {
                let headers = [
                    ("content-type", "text/event-stream"),
                    ("cache-control", "no-cache"),
                ];
                (Ready::new(&headers, body.as_bytes().to_vec()), true)
            }
        }
    }

    /// Our server's answer.
    fn ours(&self, method: &str, address: &str, headers: &HeaderMap) -> Ready {
        if let Some(immutable) = self.immutable.lock().expect("no panic here").get(address) {
            return immutable.clone();
        }
        let answer = self.send(method, address, headers);
        let is_immutable = answer
            .header("cache-control")
            .is_some_and(|value| value.contains("immutable"));
        let passed = answer.headers.into_iter();
        let ready = Ready {
            status: answer.status,
            headers: passed
                .filter(|(name, _)| !OF_THE_CONNECTION.contains(&name.as_str()))
                .collect(),
            body: Bytes::from(answer.body),
        };
        if is_immutable && ready.status == 200 {
            let mut immutable = self.immutable.lock().expect("no panic here");
            immutable.insert(address.to_owned(), ready.clone());
        }
        ready
    }

    fn send(&self, method: &str, address: &str, headers: &HeaderMap) -> Answer {
        let mut request = self.server.request(method, address);
        for name in PASSED_ON {
            if let Some(value) = headers.get(*name).and_then(|value| value.to_str().ok()) {
                request = request.header(name, value);
            }
        }
        request.receive().expect("our server answers")
    }
}

impl Ready {
    /// An answer to any origin.
    fn new(headers: &[(&str, &str)], body: Vec<u8>) -> Self {
        let headers = headers
            .iter()
            .chain(&[("access-control-allow-origin", "*")]);
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Self {
            status: 200,
            headers: headers.map(owned).collect(),
            body: Bytes::from(body),
        }
    }
}
