//! Reads the output of workerd.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read, Write},
    path::PathBuf,
    process::Child,
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{self, Receiver, Sender},
    },
    time::Duration,
};

use anyhow::Context;

/// Destination of workerd's output.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Log {
    #[default]
    Stderr,
    /// Appends to this file.
    File(PathBuf),
}

/// The number of lines of workerd's output that an error shows.
const KEPT_LINES: usize = 40;

/// Copies workerd's output to the log, and keeps the last lines for error messages.
pub struct Output {
    listening: Receiver<()>,
    finished: Receiver<()>,
    last: Arc<Mutex<Vec<String>>>,
}

impl Output {
    /// Starts a thread for each of the child's pipes.
    ///
    /// # Errors
    /// When the log file cannot be opened.
    pub fn attach(child: &mut Child, log: &Log) -> anyhow::Result<Self> {
        let last = Arc::new(Mutex::new(Vec::new()));
        let (listening_sender, listening) = mpsc::channel();
        let (finished_sender, finished) = mpsc::channel();
        let streams: [Option<Box<dyn Read + Send>>; 2] = [
            child.stdout.take().map(|stream| Box::new(stream) as _),
            child.stderr.take().map(|stream| Box::new(stream) as _),
        ];
        for stream in streams.into_iter().flatten() {
            let mut sink: Box<dyn Write + Send> = match log {
                Log::Stderr => Box::new(std::io::stderr()),
                Log::File(path) => Box::new(
                    File::options()
                        .create(true)
                        .append(true)
                        .open(path)
                        .with_context(|| format!("cannot write {}", path.display()))?,
                ),
            };
            let last = Arc::clone(&last);
            let listening_sender = listening_sender.clone();
            let finished_sender = finished_sender.clone();
            std::thread::spawn(move || {
                copy_lines(stream, &mut *sink, &last, &listening_sender);
                drop(finished_sender);
            });
        }
        Ok(Self {
            listening,
            finished,
            last,
        })
    }

    /// Waits until workerd reports that it listens; returns whether it did before the timeout.
    pub fn wait_until_listening(&self, timeout: Duration) -> bool {
        self.listening.recv_timeout(timeout).is_ok()
    }

    /// Waits until both streams have been read to their end, at most 2 s.
    pub fn finish(&self) {
        // Nothing is ever sent: this returns when the last sender is dropped, or at the timeout.
        let _ = self.finished.recv_timeout(Duration::from_secs(2));
    }

    /// The last lines, as the suffix of an error message; empty without output.
    pub fn error_suffix(&self) -> String {
        match self.last_lines() {
            lines if lines.is_empty() => lines,
            lines => format!("; its last output:\n{lines}"),
        }
    }

    /// The last lines that workerd printed, at most `KEPT_LINES`.
    pub fn last_lines(&self) -> String {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.join("\n")
    }
}

/// Copies a stream line by line. workerd's report that it listens is not copied, but passed to `listening_sender`.
fn copy_lines(
    stream: impl Read,
    sink: &mut dyn Write,
    last: &Mutex<Vec<String>>,
    listening_sender: &Sender<()>,
) {
    for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line).into_owned();
        if is_listen_report(&line) {
            // Sending fails if the receiver was dropped, which does not matter.
            let _ = listening_sender.send(());
            continue;
        }
        // Reading continues when the sink fails: a full pipe would block the server.
        let _ = writeln!(sink, "{line}");
        let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
        last.push(line);
        let surplus = last.len().saturating_sub(KEPT_LINES);
        last.drain(..surplus);
    }
}

/// Whether a line is workerd's `listen` control message (`--control-fd`):
/// `{"event":"listen","socket":"http","port":8787}`.
fn is_listen_report(line: &str) -> bool {
    serde_json::from_str::<serde_json::Value>(line)
        .is_ok_and(|message| message.get("event").is_some_and(|event| event == "listen"))
}
