//! A server that is started as the README says, without `cargo xtask serve`, with a setting that cannot be parsed.

use std::{
    io::{BufRead, BufReader, Read},
    net::Ipv4Addr,
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use e2e::{Client, ROOT_TOKEN, code};
use serde_json::{Value, json};
use xtask::{node, process, workspace};

/// A raw `workerd`, which starts without a check of its settings.
struct Workerd {
    child: Child,
    client: Client,
}

impl Workerd {
    fn start(data: &Path, settings: &[(&str, &str)]) -> Self {
        let dist = workspace::dist();
        let directory =
            |name: &str, path: &Path| format!("--directory-path={name}={}", path.display());
        let mut command: Command = process::grouped(&node::workerd().unwrap());
        command
            .arg("serve")
            .arg(dist.join("workerd.capnp"))
            .arg("--socket-addr=http=127.0.0.1:0")
            .arg("--control-fd=1")
            .arg(directory("data", data))
            .arg(directory("assets", &dist.join("assets")))
            .env("ROOT_TOKEN", ROOT_TOKEN)
            .env_remove("PUBLIC_URL")
            .envs(settings.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = process::spawn(command).unwrap();
        // One line of JSON per socket that listens.
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = lines
            .next()
            .expect("a line on the control descriptor")
            .unwrap();
        let event: Value = serde_json::from_str(&line).unwrap();
        let port = event["port"].as_u64().unwrap_or_else(|| panic!("{line}"));
        let url = format!("http://{}:{port}", Ipv4Addr::LOCALHOST);
        Self {
            client: Client::new(&url, Duration::from_secs(30)),
            child,
        }
    }

    fn create_site(&self, slug: &str) -> e2e::Answer {
        let request = self.client.request("POST", "/v1/sites").token(ROOT_TOKEN);
        let body = json!({ "slug": slug, "name": "Acme" });
        request.json(&body).send().unwrap()
    }

    /// Ends the process and returns its log.
    fn end(mut self) -> String {
        process::kill(&mut self.child).unwrap();
        let mut log = String::new();
        let mut stderr = self.child.stderr.take().unwrap();
        stderr.read_to_string(&mut log).unwrap();
        log
    }
}

impl Drop for Workerd {
    fn drop(&mut self) {
        let _ = process::kill(&mut self.child);
    }
}

#[test]
fn a_bad_setting_refuses_writes_and_allows_reads() {
    let data = tempfile::tempdir().unwrap();
    let healthy = Workerd::start(data.path(), &[]);
    assert_eq!(healthy.client.get("/healthz").unwrap().status, 200);
    assert_eq!(healthy.create_site("acme").status, 201);
    healthy.end();

    let sick = Workerd::start(data.path(), &[("WRITE_LIMIT", "6000 a minute")]);
    let problem = "WRITE_LIMIT must be a whole number from 0 to 4294967295, not `6000 a minute`.";
    let health = sick.client.get("/healthz").unwrap();
    assert_eq!(health.status, 503);
    assert_eq!(health.json["ok"], false);
    assert_eq!(health.json["checks"]["settings"], problem);
    for path in ["/v1/sites/acme/feed", "/s/acme", "/embed.js"] {
        assert_eq!(sick.client.get(path).unwrap().status, 200, "{path}");
    }
    let refused = sick.create_site("beta");
    assert_eq!(code(&refused), (503, "bad_setting"));
    assert_eq!(refused.json["detail"], problem);
    let component = sick.client.request("POST", "/v1/sites/acme/components");
    let component = component
        .token(ROOT_TOKEN)
        .json(&json!({ "name": "Sending" }));
    assert_eq!(code(&component.send().unwrap()), (503, "bad_setting"));
    let read = sick
        .client
        .request("GET", "/v1/sites/acme")
        .token(ROOT_TOKEN);
    assert_eq!(read.send().unwrap().status, 200, "operators may read");

    let mail = ("SMTP_URL", "smtps://acme:correct-horse@mail.example.com");
    let leaky = Workerd::start(data.path(), &[mail, ("MAIL_FROM", "status@acme.example")]);
    let refused = leaky.create_site("beta");
    assert_eq!(code(&refused), (503, "bad_setting"));
    let detail = refused.json["detail"].as_str().unwrap();
    assert!(
        detail.starts_with("SMTP_URL must be smtps://HOST:PORT"),
        "{detail}"
    );
    let health = leaky.client.get("/healthz").unwrap().text();
    let log = leaky.end();
    for text in [detail, &health, &log] {
        assert!(!text.contains("correct-horse"), "{text}");
    }

    let log = sick.end();
    let errors: Vec<Value> = log
        .lines()
        .filter_map(|line| serde_json::from_str(line.get(line.find('{')?..)?).ok())
        .collect();
    let expected = json!({ "level": "error", "fault": problem, "route": "settings", "site": null, "object": null,
                           "request_id": null });
    assert_eq!(errors, [expected], "the log has one error: {log}");
}
