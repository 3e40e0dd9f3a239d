//! Child processes of a test: drivers and displays.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use xtask::process;

/// Maximum number of attempts to start a process that reports a number.
const ATTEMPTS: u32 = 10;

/// A running process. Dropping it ends it, and the processes in its group.
#[derive(Debug)]
pub struct OwnedChild(Child);

impl OwnedChild {
    /// Starts a process without input and output.
    pub fn start(name: &str, mut command: Command) -> Self {
        command.stdout(Stdio::null());
        Self(spawn(name, command))
    }

    /// Starts a process and reads a number from a line of its output: its port, or that of its display. A process that
    /// exits without a number is started again: some drivers pick a free port that another program takes before they use it.
    pub fn start_reporting(
        name: &str,
        command: impl Fn() -> Command,
        number: impl Fn(&str) -> Option<u16>,
    ) -> (Self, u16) {
        let mut outputs = Vec::new();
        for _ in 0..ATTEMPTS {
            match attempt(name, command(), &number) {
                Ok(running) => return running,
                Err(output) => outputs.push(output),
            }
        }
        panic!(
            "{name} ended without reporting a number:\n{}",
            outputs.join("\n")
        );
    }

    /// Whether the process has ended by itself.
    pub fn has_ended(&mut self) -> bool {
        self.0.try_wait().is_ok_and(|status| status.is_some())
    }
}

impl Drop for OwnedChild {
    fn drop(&mut self) {
        let _ = process::kill(&mut self.0);
    }
}

fn spawn(name: &str, mut command: Command) -> Child {
    command.stdin(Stdio::null()).stderr(Stdio::null());
    process::spawn(command).unwrap_or_else(|error| panic!("cannot start {name}: {error}"))
}

/// Starts a process. Returns it with the number that it reports, or its output if it exits without a number.
fn attempt(
    name: &str,
    mut command: Command,
    number: impl Fn(&str) -> Option<u16>,
) -> Result<(OwnedChild, u16), String> {
    command.stdout(Stdio::piped());
    let mut child = spawn(name, command);
    let stdout = child.stdout.take().expect("a pipe was asked for");
    let child = OwnedChild(child);
    let mut lines = BufReader::new(stdout).lines().map_while(Result::ok);
    let mut output = String::new();
    let number = lines.by_ref().find_map(|line| {
        output.push_str(&line);
        output.push('\n');
        number(&line)
    });
    let number = number.ok_or(output)?;
    // The rest of the output is read and dropped: a full pipe would block the process.
    std::thread::spawn(move || lines.for_each(drop));
    Ok((child, number))
}
