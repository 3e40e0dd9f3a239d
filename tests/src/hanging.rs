//! A server whose Durable Objects can be made to hang. Stopping the process would stop the Worker too, so the build's
//! configuration gets other classes for the site's and the directory's objects: each forwards to the real one until a
//! switch is set.

use std::{fs, os::unix::fs::symlink, path::Path};

use tempfile::TempDir;
use xtask::workspace;

use crate::{Server, ServerOptions};

const SCRIPT: &str = include_str!("../fixtures/hanging_objects.js");

/// An object that can hang.
#[derive(Clone, Copy, Debug)]
pub enum Hanging {
    /// The object of the site `acme`. The server can have no other.
    Site,
    Directory,
}

/// The server and the switches of its objects.
#[derive(Debug)]
pub struct HangingServer {
    pub server: Server,
    folder: TempDir,
}

impl HangingServer {
    /// Starts a server whose objects answer.
    #[track_caller]
    pub fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder for the configuration");
        lay_out(folder.path());
        let server = Server::with(&ServerOptions {
            dist: Some(folder.path().join("dist")),
            ..ServerOptions::default()
        });
        Self { server, folder }
    }

    /// Makes this object accept requests without answering.
    pub fn hang(&self, what: Hanging) {
        fs::write(self.switch(what), "").expect("the switch can be thrown");
    }

    /// Makes this object answer new requests again.
    pub fn recover(&self, what: Hanging) {
        fs::remove_file(self.switch(what)).expect("the switch was thrown");
    }

    fn switch(&self, what: Hanging) -> std::path::PathBuf {
        let name = match what {
            Hanging::Site => "site",
            Hanging::Directory => "directory",
        };
        self.folder.path().join("switch").join(name)
    }
}

fn lay_out(folder: &Path) {
    let (built, dist) = (workspace::dist(), folder.join("dist"));
    fs::create_dir_all(&dist).expect("a folder");
    fs::create_dir_all(folder.join("switch")).expect("a folder");
    for name in ["assets", "asset-table.json", "worker"] {
        symlink(built.join(name), dist.join(name)).expect("a link to what was built");
    }
    fs::write(dist.join("hanging_objects.js"), SCRIPT).expect("the script");
    let config = fs::read_to_string(built.join("workerd.capnp")).expect("dist/workerd.capnp");
    let switch = folder.join("switch");
    let config = replace_once(
        &config,
        "(name = \"SITE\", durableObjectNamespace = \"Site\")",
        "(name = \"SITE\", durableObjectNamespace = (className = \"HangingSite\", serviceName = \"hanging\"))",
    );
    let config = replace_once(
        &config,
        "(name = \"DIRECTORY\", durableObjectNamespace = \"Directory\")",
        "(name = \"DIRECTORY\", durableObjectNamespace = (className = \"HangingDirectory\", serviceName = \"hanging\"))",
    );
    let config = replace_once(
        &config,
        "services = [",
        &format!(
            "services = [\n    (name = \"hanging\", worker = .hanging),\n    (name = \"switch\", disk = (path = \"{}\")),",
            switch.display()
        ),
    );
    fs::write(dist.join("workerd.capnp"), config + HANGING).expect("the configuration");
}

const HANGING: &str = r#"
const hanging :Workerd.Worker = (
  modules = [(name = "hanging_objects.js", esModule = embed "hanging_objects.js")],
  compatibilityDate = "2026-11-01",
  durableObjectNamespaces = [
    (className = "HangingSite", uniqueKey = "hanging-site"),
    (className = "HangingDirectory", uniqueKey = "hanging-directory"),
  ],
  durableObjectStorage = (inMemory = void),
  bindings = [
    (name = "REAL_SITE", durableObjectNamespace = (className = "Site", serviceName = "edge")),
    (name = "REAL_DIRECTORY", durableObjectNamespace = (className = "Directory", serviceName = "edge")),
    (name = "SWITCH", service = "switch"),
  ]
);
"#;

fn replace_once(text: &str, from: &str, to: &str) -> String {
    assert_eq!(text.matches(from).count(), 1, "{from}");
    text.replace(from, to)
}
