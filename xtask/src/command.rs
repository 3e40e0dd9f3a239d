//! Runs other programs. An error has the command line and the output.

use std::{
    collections::VecDeque,
    io::{BufRead, BufReader, IsTerminal, Read},
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
    sync::Mutex,
    thread,
};

use anyhow::{Context, bail};

/// A command that runs cargo in the workspace: the same `cargo` that runs this program.
pub fn cargo() -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.current_dir(crate::workspace::root());
    command
}

/// Number of lines from the end of a command's output that its error contains.
const LAST_LINES: usize = 40;

/// Runs a command with its output on stderr, so that stdout has only the result of this program. If
/// stderr is not a terminal, the error contains the last lines of the output.
pub fn run(command: &mut Command) -> anyhow::Result<()> {
    let shown = show(command);
    let (status, last) = if std::io::stderr().is_terminal() {
        let status = command
            .stdin(Stdio::null())
            .stdout(std::io::stderr())
            .status();
        (status, String::new())
    } else {
        let last = Mutex::new(VecDeque::new());
        let status = run_keeping_last(command, &last);
        let lines: Vec<String> = last.into_inner().unwrap_or_default().into();
        (status, lines.join("\n"))
    };
    let status = status.with_context(|| format!("cannot start `{shown}`"))?;
    if !status.success() {
        let separator = if last.is_empty() { "" } else { ":\n" };
        bail!("`{shown}` failed ({status}){separator}{last}");
    }
    Ok(())
}

/// Runs a command, copies its output to stderr, and keeps the last lines.
fn run_keeping_last(
    command: &mut Command,
    last: &Mutex<VecDeque<String>>,
) -> std::io::Result<ExitStatus> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    thread::scope(|scope| {
        if let Some(stdout) = stdout {
            scope.spawn(|| copy(stdout, last));
        }
        if let Some(stderr) = stderr {
            scope.spawn(|| copy(stderr, last));
        }
        child.wait()
    })
}

fn copy(output: impl Read, last: &Mutex<VecDeque<String>>) {
    for line in BufReader::new(output).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line).into_owned();
        eprintln!("{line}");
        if let Ok(mut last) = last.lock() {
            last.push_back(line);
            if last.len() > LAST_LINES {
                last.pop_front();
            }
        }
    }
}

/// Runs a command and returns its stdout. Its stderr is part of the error when it fails.
pub fn capture(command: &mut Command) -> anyhow::Result<String> {
    let shown = show(command);
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start `{shown}`"))?;
    if !output.status.success() {
        let stderr = String::from_utf8_lossy(&output.stderr);
        bail!(
            "`{shown}` failed ({}):\n{}",
            output.status,
            stderr.trim_end()
        );
    }
    String::from_utf8(output.stdout)
        .with_context(|| format!("the output of `{shown}` is not UTF-8"))
}

/// The path of the first of these programs on the PATH.
pub fn find_on_path(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    names.iter().find_map(|name| {
        std::env::split_paths(&path)
            .map(|folder| folder.join(name))
            .find(|candidate| candidate.is_file())
    })
}

/// The path in this environment variable, or else that of the first of these programs on the PATH.
///
/// # Errors
/// When the variable has a path that does not exist.
pub fn named_or_found(variable: &str, names: &[&str]) -> anyhow::Result<Option<PathBuf>> {
    let Some(named) = std::env::var_os(variable).filter(|value| !value.is_empty()) else {
        return Ok(find_on_path(names));
    };
    let path = PathBuf::from(named);
    if !path.is_file() {
        bail!("{variable} is {}, which does not exist", path.display());
    }
    Ok(Some(path))
}

/// The program's name and arguments, for messages.
fn show(command: &Command) -> String {
    let program = Path::new(command.get_program())
        .file_name()
        .unwrap_or(command.get_program());
    let arguments = command
        .get_args()
        .map(|argument| argument.to_string_lossy());
    std::iter::once(program.to_string_lossy())
        .chain(arguments)
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_has_the_command_and_its_output() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo broken >&2; exit 3"]);
        let error = capture(&mut command).unwrap_err().to_string();
        assert!(error.contains("sh -c"), "{error}");
        assert!(error.contains("broken"), "{error}");
    }

    #[test]
    fn an_error_has_the_last_lines_of_the_output() {
        let mut command = Command::new("sh");
        command.args(["-c", "seq 1 100 >&2; echo broken >&2; exit 3"]);
        let last = Mutex::new(VecDeque::new());
        assert!(!run_keeping_last(&mut command, &last).unwrap().success());
        let last = last.into_inner().unwrap();
        assert_eq!(last.len(), LAST_LINES);
        assert!(last.iter().any(|line| line == "broken"));
        assert!(last.iter().any(|line| line == "100"));
    }

    #[test]
    fn an_error_has_the_name_of_a_missing_program() {
        let error = run(&mut Command::new("allclear-no-such-program")).unwrap_err();
        assert!(error.to_string().contains("allclear-no-such-program"));
    }
}
