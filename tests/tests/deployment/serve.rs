//! `cargo xtask serve` under a service manager: a line when it is ready, an orderly end, an exit
//! code on failure.

use std::{
    fs,
    io::{BufRead, BufReader},
    net::TcpListener,
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

use e2e::Client;
use tempfile::TempDir;
use xtask::{process, workspace};

struct Served {
    child: Child,
    lines: std::io::Lines<BufReader<ChildStdout>>,
    url: String,
}

/// The command that runs xtask's binary itself, without cargo, so that signals reach it as in
/// production.
fn command(data: &Path, root_token: Option<&str>) -> Command {
    command_at(0, data, root_token)
}

fn command_at(port: u16, data: &Path, root_token: Option<&str>) -> Command {
    let build = xtask::command::run(xtask::command::cargo().args([
        "build",
        "--quiet",
        "--package",
        "xtask",
    ]));
    build.expect("xtask builds");
    // The kernel ends the process when the test is interrupted.
    let mut command = process::grouped(&workspace::target().join("debug/xtask"));
    command
        .args(["serve", "--port", &port.to_string(), "--data"])
        .arg(data)
        .env_remove("ROOT_TOKEN")
        .envs(root_token.map(|token| ("ROOT_TOKEN", token)))
        .stdout(Stdio::piped());
    command
}

fn serve(data: &Path, root_token: Option<&str>) -> Served {
    let mut child = command(data, root_token).spawn().expect("it starts");
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let ready = lines.next().expect("a line").unwrap();
    let url = ready
        .strip_prefix("ready ")
        .expect("the word ready")
        .to_owned();
    Served { child, lines, url }
}

impl Served {
    fn signal(&self, signal: &str) {
        let id = self.child.id().to_string();
        let status = Command::new("kill").args([signal, &id]).status().unwrap();
        assert!(status.success());
    }

    /// Waits until the process ends; returns its exit code, the time until then and the rest of its
    /// output.
    fn wait_for_end(mut self) -> (Option<i32>, Duration, Vec<String>) {
        let started = Instant::now();
        let rest = self.lines.map_while(Result::ok).collect();
        let status = self.child.wait().unwrap();
        (status.code(), started.elapsed(), rest)
    }
}

fn data() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn is_healthy(url: &str) -> bool {
    let client = Client::new(url, Duration::from_secs(5));
    client
        .get("/healthz")
        .is_ok_and(|answer| answer.status == 200)
}

/// The process id of the only child of a process.
fn child_of(pid: u32) -> u32 {
    let children =
        fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
    let threads = fs::read_dir(format!("/proc/{pid}/task")).unwrap();
    let of_threads =
        threads.filter_map(|thread| fs::read_to_string(thread.ok()?.path().join("children")).ok());
    let all: Vec<u32> = std::iter::once(children)
        .chain(of_threads)
        .flat_map(|line| {
            line.split_whitespace()
                .filter_map(|id| id.parse().ok())
                .collect::<Vec<_>>()
        })
        .collect();
    *all.first().expect("workerd is a child")
}

#[test]
fn sigterm_and_sigint_end_serve_and_workerd() {
    for signal in ["-TERM", "-INT"] {
        let data = data();
        let served = serve(data.path(), None);
        let url = served.url.clone();
        assert!(is_healthy(&url));
        served.signal(signal);
        let (code, took, rest) = served.wait_for_end();
        assert_eq!(
            (code, rest),
            (Some(0), Vec::new()),
            "{signal}: one line only"
        );
        assert!(took < Duration::from_secs(10), "{signal}: {took:?}");
        assert!(!is_healthy(&url), "{signal}: workerd is gone too");
    }
}

#[test]
fn a_given_root_token_is_not_stored_and_a_generated_one_is() {
    let given = data();
    terminate(serve(given.path(), Some("root_given")));
    assert!(!given.path().join("root-token").exists());

    let created = data();
    terminate(serve(created.path(), None));
    let token = fs::read_to_string(created.path().join("root-token")).unwrap();
    assert!(token.starts_with("root_"));
    terminate(serve(created.path(), None));
    assert_eq!(
        fs::read_to_string(created.path().join("root-token")).unwrap(),
        token
    );
}

fn terminate(served: Served) {
    served.signal("-TERM");
    assert_eq!(served.wait_for_end().0, Some(0));
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "reads /proc")]
fn serve_exits_with_a_code_when_workerd_dies() {
    let data = data();
    let served = serve(data.path(), None);
    let workerd = child_of(served.child.id()).to_string();
    assert!(
        Command::new("kill")
            .args(["-KILL", &workerd])
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(served.wait_for_end().0, Some(128 + 9));
}

#[test]
#[cfg_attr(
    not(target_os = "linux"),
    ignore = "the kernel ends the child only there"
)]
fn workerd_dies_when_serve_is_killed() {
    let data = data();
    let served = serve(data.path(), None);
    let url = served.url.clone();
    served.signal("-KILL");
    served.wait_for_end();
    let deadline = Instant::now() + Duration::from_secs(30);
    while is_healthy(&url) {
        assert!(Instant::now() < deadline, "workerd still answers");
    }
}

/// Runs a server that cannot start; returns its error, which is one line on stderr, with nothing on
/// stdout.
fn start_error(command: &mut Command) -> String {
    let output = command.stderr(Stdio::piped()).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{command:?}");
    assert!(
        output.stdout.is_empty(),
        "it does not report that it is ready"
    );
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(
        message.lines().count(),
        1,
        "one sentence, no stack: {message}"
    );
    message
}

/// The error of a server that cannot start with this data folder. It names the folder.
fn folder_error(data: &Path, root_token: Option<&str>) -> String {
    let message = start_error(&mut command(data, root_token));
    assert!(message.contains(&data.display().to_string()), "{message}");
    message
}

#[test]
fn a_port_in_use_gives_a_one_line_error() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let message = start_error(&mut command_at(port, data().path(), None));
    let address = format!("http://127.0.0.1:{port} is already in use");
    assert!(
        message.starts_with(&format!("error: {address}")),
        "{message}"
    );
}

#[test]
fn an_invalid_setting_gives_a_one_line_error() {
    for (name, value) in [
        ("ROOT_TOKEN", "two words"),
        ("PUBLIC_URL", "status.example.com"),
        ("WRITE_LIMIT", "many"),
    ] {
        let message = start_error(command(data().path(), None).env(name, value));
        assert!(
            message.starts_with(&format!("error: {name} must be")),
            "{message}"
        );
    }
}

#[test]
fn an_unusable_data_folder_gives_a_one_line_error() {
    let folder = data();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    for token in [None, Some("root_given")] {
        let message = folder_error(&file.join("below"), token);
        assert!(message.contains("cannot create"), "{message}");
        let message = folder_error(&file, token);
        assert!(message.contains("cannot create"), "{message}");
    }
    // The folder exists, and not even root can create a file in it.
    if cfg!(target_os = "linux") {
        for token in [None, Some("root_given")] {
            let message = folder_error(Path::new("/proc/self/task"), token);
            assert!(message.contains("cannot write"), "{message}");
        }
    }
}

#[test]
fn a_data_folder_is_locked_by_one_server() {
    let data = data();
    let first = serve(data.path(), None);
    let message = folder_error(data.path(), Some("root_given"));
    assert!(message.contains("is in use"), "{message}");
    assert!(is_healthy(&first.url), "the first server continues");
    first.signal("-KILL");
    first.wait_for_end();
    terminate(serve(data.path(), None));
}
