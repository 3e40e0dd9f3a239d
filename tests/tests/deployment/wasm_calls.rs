//! Counts the calls between wasm and JavaScript for each hot read, which the isolate answers from
//! memory, on real workerd.
//!
//! The shipped Worker runs behind a module that wraps every import and export of its wasm and returns the number of
//! calls in a header.

use std::{fs, path::Path, time::Duration};

use e2e::ROOT_TOKEN;
use serde_json::json;
use xtask::{
    http::{Answer, Client},
    mail::Mail,
    workerd::{Config, Log, Network, WorkerdProcess},
    workspace,
};

/// The JavaScript module that counts. It is loaded first, so that all wasm instantiated later is
/// counted.
const COUNTER: &str = r#"
const counts = globalThis.__crossings = { calls: 0, by: {} };
const wrap = (name, work) => function (...given) {
    counts.calls += 1;
    counts.by[name] = (counts.by[name] ?? 0) + 1;
    return work.apply(this, given);
};
const Instance = WebAssembly.Instance;
WebAssembly.Instance = function (module, imports) {
    const wrapped = {};
    for (const [space, members] of Object.entries(imports)) {
        wrapped[space] = {};
        for (const [name, member] of Object.entries(members)) {
            wrapped[space][name] = typeof member === 'function' ? wrap(name, member) : member;
        }
    }
    const exports = {};
    for (const [name, member] of Object.entries(new Instance(module, wrapped).exports)) {
        exports[name] = typeof member === 'function' ? wrap(name, member) : member;
    }
    return { exports };
};
"#;

/// The module in front of the Worker. The test sends one request at a time, so that each count
/// belongs to one request.
const FRONT: &str = r#"
import "./counter.js";
import * as worker from "./index.js";
export const { Site, Directory } = worker;
export default {
    async fetch(request, env, ctx) {
        const counts = globalThis.__crossings;
        counts.calls = 0;
        counts.by = {};
        const answer = await worker.default.fetch(request, env, ctx);
        const counted = new Response(answer.body, answer);
        counted.headers.set('x-crossings', String(counts.calls));
        counted.headers.set('x-crossings-by', JSON.stringify(counts.by));
        return counted;
    }
}
"#;

/// Writes `dist/` with two modules in front of the Worker into a folder.
fn build_with_front(folder: &Path, counter: &str, front: &str) {
    let dist = workspace::dist();
    let worker = folder.join("worker");
    fs::create_dir_all(folder.join("assets")).unwrap();
    fs::create_dir_all(&worker).unwrap();
    for name in [
        "worker/index.js",
        "worker/index_bg.wasm",
        "asset-table.json",
        "assets/site-loader.json",
    ] {
        fs::copy(dist.join(name), folder.join(name)).expect("run `cargo xtask build` first");
    }
    fs::write(worker.join("counter.js"), counter).unwrap();
    fs::write(worker.join("front.js"), front).unwrap();
    let capnp = fs::read_to_string(dist.join("workerd.capnp")).unwrap();
    let modules = r#"(name = "front.js", esModule = embed "worker/front.js"),
    (name = "counter.js", esModule = embed "worker/counter.js"),
    (name = "index.js""#;
    let counted = capnp.replacen("(name = \"index.js\"", modules, 1);
    assert_ne!(counted, capnp);
    fs::write(folder.join("workerd.capnp"), counted).unwrap();
}

fn crossings(answer: &Answer) -> usize {
    let count = answer
        .header("x-crossings")
        .expect("the counter is in front");
    count.parse().unwrap()
}

/// Greatest number of calls for a hot read: the entry, the method, the URL, the headers and two values, the time, the
/// response, and up to four texts. The slow path to the same answer takes about 50.
const MOST: usize = 12;

fn start(folder: &Path) -> WorkerdProcess {
    let config = Config {
        dist: folder.to_owned(),
        data: folder.join("data"),
        kept: None,
        port: 0,
        root_token: ROOT_TOKEN.to_owned(),
        public_url: None,
        write_limit: None,
        trust_proxy: None,
        doh_url: None,
        heartbeat_url: None,
        mail: Mail::default(),
        shows_outbox: false,
        network: Network::Public,
        clock_offset_s: 0,
        log: Log::File(folder.join("workerd.log")),
    };
    WorkerdProcess::start(&config).unwrap()
}

#[test]
fn a_hot_read_makes_at_most_12_calls_into_or_out_of_wasm() {
    let folder = tempfile::tempdir().unwrap();
    build_with_front(folder.path(), COUNTER, FRONT);
    let server = start(folder.path());
    let client = Client::new(&server.url(), Duration::from_secs(30));
    let created = client.request("POST", "/v1/sites").token(ROOT_TOKEN);
    let created = created.json(&json!({ "slug": "acme", "name": "Acme SMS" }));
    assert_eq!(created.send().unwrap().status, 201);
    let read = |path: &str, tag: Option<&str>| {
        let request = client.request("GET", path);
        let request = request.header("accept-encoding", "gzip, br");
        let request = match tag {
            Some(tag) => request.header("if-none-match", tag),
            None => request,
        };
        request.send().unwrap()
    };
    let first = read("/v1/sites/acme/feed", None);
    let first_count = crossings(&first);
    // A URL that must be decoded takes the slow path to the same snapshot.
    let slow_path = client.get("/v1/sites/acme/feed?x=1").unwrap();
    println!("the slow path: {} crossings", crossings(&slow_path));
    assert!(
        first_count > 20,
        "the counter counts: the first read took {first_count}"
    );
    // The minimum of many, because a read may meet a new second or an expired snapshot.
    for path in ["/v1/sites/acme/feed", "/s/acme/embed.js"] {
        let tag = read(path, None).header("etag").unwrap().to_owned();
        for given in [None, Some(tag.as_str())] {
            // Browsers and proxies accept gzip; the compressed bytes are in memory like the plain
            // ones.
            let hot = (0..50).map(|_| read(path, given));
            let hot = hot.min_by_key(crossings).unwrap();
            let (count, by) = (crossings(&hot), hot.header("x-crossings-by").unwrap());
            println!("{path}: {} in {count} crossings: {by}", hot.status);
            assert!(count <= MOST, "{count} crossings, more than {MOST}: {by}");
            assert!(count > 0, "the counter counts");
        }
    }
    let unknown = (0..50).map(|_| read("/v1/sites/nobody/feed", None));
    let unknown = unknown.min_by_key(crossings).unwrap();
    assert_eq!(unknown.status, 404);
    let count = crossings(&unknown);
    assert!(
        count <= MOST,
        "{count} crossings for an unknown site, more than {MOST}"
    );
}

/// Counts the instances of the wasm, and lets the entry point of one trap.
const TRAP: &str = r#"
const state = globalThis.__trap = { instances: 0, isSet: false };
const Instance = WebAssembly.Instance;
WebAssembly.Instance = function (module, imports) {
    state.instances += 1;
    const exports = { ...new Instance(module, imports).exports };
    const { fetch } = exports;
    exports.fetch = (...given) => {
        if (state.isSet) {
            state.isSet = false;
            throw new WebAssembly.RuntimeError("unreachable");
        }
        return fetch(...given);
    };
    return { exports };
};
"#;

const TRAPPING_FRONT: &str = r#"
import "./counter.js";
import * as worker from "./index.js";
export const { Site, Directory, Courier } = worker;
export default {
    async fetch(request, env, ctx) {
        globalThis.__trap.isSet = request.url.endsWith("/trap");
        const answer = await worker.default.fetch(request, env, ctx);
        const counted = new Response(answer.body, answer);
        counted.headers.set('x-instances', String(globalThis.__trap.instances));
        return counted;
    }
}
"#;

#[test]
fn a_request_after_a_trap_gets_a_new_instance() {
    let folder = tempfile::tempdir().unwrap();
    build_with_front(folder.path(), TRAP, TRAPPING_FRONT);
    let server = start(folder.path());
    let client = Client::new(&server.url(), Duration::from_secs(30));
    let instances = || {
        let answer = client.get("/healthz").unwrap();
        assert_eq!(answer.status, 200);
        answer.header("x-instances").unwrap().to_owned()
    };
    assert_eq!(instances(), "1");
    assert_eq!(client.get("/trap").unwrap().status, 500);
    assert_eq!([instances(), instances()], ["2", "2"]);
}
