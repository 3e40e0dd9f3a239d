//! Child processes, each in a process group of its own, that end when xtask ends.

use std::{
    io,
    os::unix::process::{CommandExt, ExitStatusExt},
    path::Path,
    process::{Child, Command, ExitStatus},
    sync::{
        OnceLock,
        mpsc::{self, Sender},
    },
    time::{Duration, Instant},
};

use nix::{
    sys::signal::{Signal, killpg},
    unistd::Pid,
};

/// A command whose process leads a process group: Ctrl-C in a terminal reaches xtask, but not the
/// process, and a signal to the group reaches the process and its children. On Linux the kernel
/// kills the process when xtask is killed.
pub fn grouped(program: &Path) -> Command {
    let mut command = if dies_with_parent() {
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL", "--"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    command.process_group(0);
    command
}

/// Starts a [`grouped`] command. The kernel kills a child as soon as the thread that started it ends,
/// so all children are started by one thread that never ends.
pub fn spawn(command: Command) -> io::Result<Child> {
    type Job = (Command, Sender<io::Result<Child>>);
    static SPAWNER: OnceLock<Sender<Job>> = OnceLock::new();

    let spawner = SPAWNER.get_or_init(|| {
        let (sender, jobs) = mpsc::channel::<Job>();
        std::thread::spawn(move || {
            for (mut command, reply) in jobs {
                // Fails when the caller has ended and dropped the receiver.
                let _ = reply.send(command.spawn());
            }
        });
        sender
    });
    let (reply, answer) = mpsc::channel();
    let spawner_ended = |_| io::Error::other("the thread that starts processes has ended");
    spawner
        .send((command, reply))
        .map_err(|_| spawner_ended(mpsc::RecvError))?;
    answer.recv().map_err(spawner_ended)?
}

/// Sends SIGTERM to the child's group, and SIGKILL after `timeout`.
pub fn terminate(child: &mut Child, timeout: Duration) -> io::Result<ExitStatus> {
    signal(child, Signal::SIGTERM);
    let deadline = Instant::now() + timeout;
    while Instant::now() < deadline {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    kill(child)
}

/// Sends SIGKILL to the child's group.
pub fn kill(child: &mut Child) -> io::Result<ExitStatus> {
    signal(child, Signal::SIGKILL);
    child.wait()
}

/// The exit code, or 128 plus the number of the signal, as in a shell.
pub fn exit_code(status: ExitStatus) -> u8 {
    let code = status
        .code()
        .unwrap_or_else(|| 128 + status.signal().unwrap_or(0));
    u8::try_from(code).unwrap_or(1)
}

fn signal(child: &mut Child, signal: Signal) {
    // Sends nothing after the child's exit, because its id may then belong to another process.
    if let (Ok(None), Ok(id)) = (child.try_wait(), i32::try_from(child.id())) {
        // `killpg` fails only when the group has just ended.
        let _ = killpg(Pid::from_raw(id), signal);
    }
}

/// Whether the kernel can kill a child when its parent dies: on Linux, with `setpriv` of util-linux.
pub fn dies_with_parent() -> bool {
    static ABLE: OnceLock<bool> = OnceLock::new();
    *ABLE.get_or_init(|| {
        cfg!(target_os = "linux")
            && Command::new("setpriv")
                .args(["--pdeathsig", "KILL", "--", "true"])
                .output()
                .is_ok_and(|output| output.status.success())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Child {
        let mut command = grouped(Path::new("sh"));
        command.args(["-c", script]);
        spawn(command).unwrap()
    }

    #[test]
    fn a_child_ends_on_sigterm() {
        let status = terminate(&mut shell("sleep 60"), Duration::from_secs(10)).unwrap();
        assert_eq!(exit_code(status), 128 + 15);
    }

    #[test]
    fn a_child_that_ignores_sigterm_is_killed() {
        let mut command = grouped(Path::new("sh"));
        command
            .args(["-c", "trap '' TERM; echo ready; while :; do sleep 1; done"])
            .stdout(std::process::Stdio::piped());
        let mut child = spawn(command).unwrap();
        let mut ready = [0; 5];
        io::Read::read_exact(child.stdout.as_mut().unwrap(), &mut ready).unwrap();
        let status = terminate(&mut child, Duration::from_millis(200)).unwrap();
        assert_eq!(exit_code(status), 128 + 9);
    }

    #[test]
    fn an_exit_code_is_returned() {
        assert_eq!(exit_code(shell("exit 7").wait().unwrap()), 7);
    }
}
