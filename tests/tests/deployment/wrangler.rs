//! The Worker on `wrangler dev` with Cloudflare's bindings as wrangler emulates them: the deploy configuration, KV
//! behind the feed, and the Cache API behind the directory.
//!
//! Between two runs the objects' databases are damaged on disk, as on a broken disk: the objects load, and every
//! statement fails. KV is next to them, undamaged.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use e2e::{Client, ROOT_TOKEN};
use serde_json::{Value, json};
use tempfile::TempDir;
use xtask::{node, process, workerd, workspace};

/// Time limit for wrangler's start.
const START_TIMEOUT: Duration = Duration::from_secs(120);

/// The deploy configuration without its comments.
fn deploy_configuration() -> Value {
    let text = fs::read_to_string(workspace::root().join("edge/wrangler.jsonc")).unwrap();
    let code: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect();
    serde_json::from_str(&code.join("\n")).expect("JSON, comments on lines of their own aside")
}

fn wrangler() -> Command {
    let mut command = process::grouped(Path::new("node"));
    command
        .arg(node::wrangler().expect("wrangler is installed"))
        // Turns off wrangler's usage data.
        .env("WRANGLER_SEND_METRICS", "false")
        .env("NO_UPDATE_NOTIFIER", "1")
        .env("CI", "1")
        .stdin(Stdio::null());
    command
}

/// A running `wrangler dev`. Dropping it ends it and all its processes.
struct Dev {
    child: Child,
    client: Client,
    log: PathBuf,
}

impl Dev {
    fn start(folder: &TempDir) -> Self {
        Self::start_at(folder, 0)
    }

    /// Starts `wrangler dev` with the Worker's clock offset by this many seconds.
    fn start_at(folder: &TempDir, clock_offset_s: u32) -> Self {
        let config = folder.path().join("wrangler.json");
        let mut deployed = deploy_configuration();
        deployed["main"] = json!(workspace::dist().join("worker/index.js"));
        deployed["assets"]["directory"] = json!(workspace::dist().join("assets"));
        deployed["kv_namespaces"] = json!([{ "binding": "FEEDS", "id": "feeds" }]);
        deployed["vars"] =
            json!({ "ROOT_TOKEN": ROOT_TOKEN, "CLOCK_OFFSET": clock_offset_s.to_string() });
        fs::write(&config, deployed.to_string()).unwrap();
        let port = workerd::free_port().unwrap();
        let log = folder.path().join("wrangler.log");
        let output = fs::File::options().create(true).append(true).open(&log);
        let output = output.unwrap();
        let mut command = wrangler();
        command
            .args([
                "dev",
                "--local",
                "--ip",
                "127.0.0.1",
                "--inspector-port",
                "0",
            ])
            .args(["--show-interactive-dev-session", "false"])
            .args(["--port", &port.to_string()])
            .arg("--config")
            .arg(&config)
            .arg("--persist-to")
            .arg(folder.path().join("data"))
            .stdout(output.try_clone().unwrap())
            .stderr(output);
        let dev = Self {
            child: process::spawn(command).unwrap(),
            client: Client::new(&format!("http://127.0.0.1:{port}"), Duration::from_secs(30)),
            log,
        };
        dev.wait_until("it answers", || dev.client.get("/embed.js").is_ok());
        dev
    }

    fn wait_until(&self, what: &str, mut is_so: impl FnMut() -> bool) {
        let deadline = Instant::now() + START_TIMEOUT;
        while !is_so() {
            let log = || fs::read_to_string(&self.log).unwrap_or_default();
            assert!(Instant::now() < deadline, "waited for: {what}\n{}", log());
            thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Dev {
    fn drop(&mut self) {
        // An orderly end lets the runtime close its databases.
        let _ = process::terminate(&mut self.child, Duration::from_secs(10));
    }
}

/// Overwrites every database of the objects of a class with invalid content.
fn spoil(folder: &TempDir, class: &str) {
    let objects = folder
        .path()
        .join("data/v3/do")
        .join(format!("allclear-{class}"));
    let mut spoiled = 0;
    for entry in fs::read_dir(objects).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.starts_with("metadata") {
            continue;
        }
        if name.ends_with(".sqlite") {
            fs::write(&path, vec![b'x'; 8192]).unwrap();
            spoiled += 1;
        } else {
            fs::remove_file(&path).unwrap();
        }
    }
    assert!(spoiled > 0, "no database of {class}");
}

#[test]
fn kv_answers_a_cold_isolate_when_the_object_fails() {
    let folder = tempfile::tempdir().unwrap();
    let dev = Dev::start(&folder);
    let post = |path: &str, body: Value| {
        let request = dev.client.request("POST", path).token(ROOT_TOKEN);
        let created = request.json(&body).send().unwrap();
        assert_eq!(created.status, 201, "{}", created.text());
        created.json
    };
    post(
        "/v1/sites",
        json!({ "slug": "acme", "name": "Acme SMS", "languages": ["en", "de"], "hostnames": ["status.acme.com"] }),
    );
    let confirm = "/v1/sites/acme/hostnames/status.acme.com/confirm";
    let confirmed = dev.client.request("POST", confirm).token(ROOT_TOKEN);
    assert_eq!(confirmed.send().unwrap().status, 200);
    post(
        "/v1/sites/acme/incidents",
        json!({ "kind": "incident", "title": "Messages are delayed", "impact": "major", "body": "We look into it.",
            "text": { "de": { "title": "Nachrichten verzögert" } } }),
    );
    let read = |dev: &Dev, path: &str| dev.client.get(path).unwrap();
    let read_own_host = |dev: &Dev| {
        let request = dev.client.request("GET", "/");
        request.header("host", "status.acme.com").send().unwrap()
    };
    // A request for the console goes to the Worker before the asset layer; the Worker passes on the
    // asset with its headers.
    let console = read(&dev, "/console");
    assert_eq!(console.status, 200, "{}", console.text());
    let policy = console.header("content-security-policy").unwrap();
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    let style = read(&dev, "/console/console.css");
    assert_eq!(
        style.header("content-type"),
        Some("text/css; charset=utf-8")
    );
    assert_eq!(read(&dev, "/console/nothing.css").status, 404);
    let feed = "/v1/sites/acme/feed";
    // KV is written after the answer, at most once per second; the newest content of the page must
    // be in it.
    let live = read(&dev, feed);
    assert_eq!(live.json["notices"][0]["title"], "Messages are delayed");
    // The edge compresses, as wrangler does here. The Worker's own compressed copy would have a weak entity tag.
    let request = dev.client.request("GET", feed);
    let accepting = request.header("accept-encoding", "gzip").send().unwrap();
    assert_eq!(accepting.header("etag"), live.header("etag"));
    assert!(live.header("etag").unwrap().starts_with('"'));
    assert_eq!(live.header("vary"), None);
    let german = read(&dev, "/v1/sites/acme/feed?lang=de");
    assert_eq!(german.json["notices"][0]["title"], "Nachrichten verzögert");
    let page = read(&dev, "/s/acme");
    assert!(page.text().contains("Acme SMS has a major problem."));
    let german_page = read(&dev, "/s/acme?lang=de");
    let home = read_own_host(&dev);
    assert!(home.text().contains("Acme SMS has a major problem."));
    let kv = folder.path().join("data/v3/kv");
    dev.wait_until(
        "three feeds (en, de and without a language) and three pages in KV",
        || count_values(&kv) >= 6,
    );
    let cache = folder.path().join("data/v3/cache");
    dev.wait_until("the list of sites in the cache", || {
        count_values(&cache) >= 1
    });
    drop(dev);

    // The site's object fails, the directory works.
    spoil(&folder, "Site");
    let dev = Dev::start(&folder);
    let fallback = read(&dev, feed);
    assert_eq!((fallback.status, &fallback.json), (200, &live.json));
    assert_eq!(
        fallback.header("server-timing"),
        Some("source;desc=fallback")
    );
    for name in [
        "etag",
        "allclear-confirmed-at",
        "cache-control",
        "cache-tag",
    ] {
        assert_eq!(fallback.header(name), live.header(name), "{name}");
    }
    let soon = read(&dev, feed);
    assert_eq!(soon.json, live.json);
    assert_eq!(
        soon.header("server-timing"),
        Some("source;desc=memory"),
        "the next reader does not wait for the object"
    );
    let fallback = read(&dev, "/v1/sites/acme/feed?lang=de");
    assert_eq!(fallback.json, german.json, "in its own language");
    // The pages are answered too, in each language.
    for (path, live) in [("/s/acme", &page), ("/s/acme?lang=de", &german_page)] {
        let fallback = read(&dev, path);
        assert_eq!(
            (fallback.status, &fallback.body),
            (200, &live.body),
            "{path}"
        );
        for name in ["etag", "content-security-policy", "cache-control"] {
            assert_eq!(fallback.header(name), live.header(name), "{name}");
        }
    }
    let unknown = read(&dev, "/s/acme/history");
    assert_eq!(unknown.status, 503, "nobody has read it before");
    assert!(
        unknown
            .text()
            .contains("This does not mean that the product has a problem.")
    );
    assert_eq!(read(&dev, "/v1/sites/nobody/feed").status, 404);
    let health = read(&dev, "/healthz");
    assert_eq!(health.json["checks"]["directory"], "ok");
    drop(dev);

    // The directory fails as well.
    spoil(&folder, "Directory");
    let dev = Dev::start_at(&folder, 120);
    let old = read(&dev, "/s/acme").text();
    assert!(
        old.contains("Acme SMS has a major problem.")
            && old.contains("We cannot reach our status service; this may have changed."),
        "a page that could not be confirmed for minutes says how old it is: {old}"
    );
    let fallback = read_own_host(&dev).text();
    assert!(
        fallback.contains("Acme SMS has a major problem."),
        "the cache has the host name's site: {fallback}"
    );
    let fallback = read(&dev, feed);
    assert_eq!((fallback.status, &fallback.json), (200, &live.json));
    let unknown = read(&dev, "/v1/sites/nobody/feed");
    assert_eq!(
        unknown.status, 503,
        "the server does not know whether the site exists"
    );
    assert_eq!(unknown.header("cache-control"), Some("no-store"));
    assert_eq!(read(&dev, "/healthz").status, 503);
}

/// Number of values in an emulated store on disk, KV or the Cache API.
fn count_values(folder: &Path) -> usize {
    let Ok(entries) = fs::read_dir(folder) else {
        return 0;
    };
    entries
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            let is_value = path
                .parent()
                .is_some_and(|parent| parent.ends_with("blobs"));
            if path.is_dir() {
                count_values(&path)
            } else {
                usize::from(is_value)
            }
        })
        .sum()
}

#[test]
fn wrangler_accepts_the_deploy_configuration() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = wrangler();
    command
        .args(["deploy", "--dry-run", "--config", "edge/wrangler.jsonc"])
        .arg("--outdir")
        .arg(folder.path())
        .current_dir(workspace::root());
    let output = command.output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{printed}");
    for complaint in ["Unexpected", "WARNING", "ERROR"] {
        assert!(!printed.contains(complaint), "{printed}");
    }
    for binding in ["env.SITE", "env.DIRECTORY", "env.ASSETS"] {
        assert!(printed.contains(binding), "{printed}");
    }
    assert_eq!(deploy_configuration()["cache"]["enabled"], true);
}
