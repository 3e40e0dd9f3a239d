//! Children that lead a process group of their own and end with us.

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

/// A command whose process leads its own group, so that Ctrl-C in a terminal reaches us first and its children can be
/// ended with it. On Linux the kernel also kills it when we die without a chance to clean up.
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

/// Starts a [`grouped`] command. The kernel ties a child to the thread that made it, not to the process, so one thread
/// that lives as long as we do makes them all.
pub fn spawn(command: Command) -> io::Result<Child> {
    type Job = (Command, Sender<io::Result<Child>>);
    static SPAWNER: OnceLock<Sender<Job>> = OnceLock::new();

    let spawner = SPAWNER.get_or_init(|| {
        let (sender, jobs) = mpsc::channel::<Job>();
        std::thread::spawn(move || {
            for (mut command, reply) in jobs {
                // Whoever asked may be gone; then nobody wants to know.
                let _ = reply.send(command.spawn());
            }
        });
        sender
    });
    let (reply, answer) = mpsc::channel();
    let gone = |_| io::Error::other("the thread that starts processes has ended");
    spawner
        .send((command, reply))
        .map_err(|_| gone(mpsc::RecvError))?;
    answer.recv().map_err(gone)?
}

/// Asks the child's group to end, and makes it after `patience`.
pub fn terminate(child: &mut Child, patience: Duration) -> io::Result<ExitStatus> {
    signal(child, Signal::SIGTERM);
    let deadline = Instant::now() + patience;
    while Instant::now() < deadline {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    kill(child)
}

/// Ends the child's group at once, as a crash or a power cut would.
pub fn kill(child: &mut Child) -> io::Result<ExitStatus> {
    signal(child, Signal::SIGKILL);
    child.wait()
}

/// The code a shell would give: the exit code, or 128 and the signal.
pub fn exit_code(status: ExitStatus) -> u8 {
    let code = status
        .code()
        .unwrap_or_else(|| 128 + status.signal().unwrap_or(0));
    u8::try_from(code).unwrap_or(1)
}

fn signal(child: &mut Child, signal: Signal) {
    // A child that has been waited for has no group any more, and its number may belong to another by now.
    if let (Ok(None), Ok(id)) = (child.try_wait(), i32::try_from(child.id())) {
        // The only failure left is that the group has just ended, which is what is wanted.
        let _ = killpg(Pid::from_raw(id), signal);
    }
}

/// Whether the kernel can end a child with its parent here: Linux, with util-linux' `setpriv`.
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
    fn a_willing_child_ends_when_asked() {
        let status = terminate(&mut shell("sleep 60"), Duration::from_secs(10)).unwrap();
        assert_eq!(exit_code(status), 128 + 15);
    }

    #[test]
    fn a_deaf_child_is_made_to_end() {
        let mut command = grouped(Path::new("sh"));
        command
            .args(["-c", "trap '' TERM; echo deaf; while :; do sleep 1; done"])
            .stdout(std::process::Stdio::piped());
        let mut child = spawn(command).unwrap();
        let mut said = [0; 5];
        io::Read::read_exact(child.stdout.as_mut().unwrap(), &mut said).unwrap();
        let status = terminate(&mut child, Duration::from_millis(200)).unwrap();
        assert_eq!(exit_code(status), 128 + 9);
    }

    #[test]
    fn an_exit_code_is_passed_on() {
        assert_eq!(exit_code(shell("exit 7").wait().unwrap()), 7);
    }
}
