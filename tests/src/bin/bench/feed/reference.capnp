# The JavaScript worker that the Worker is compared with. `data` and `assets` are the services whose directories the server's
# command line sets.

using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "reference", worker = .reference),
    (name = "data", disk = (writable = false)),
    (name = "assets", disk = (writable = false)),
  ],
  sockets = [(name = "http", address = "127.0.0.1:8787", http = (), service = "reference")]
);

const reference :Workerd.Worker = (
  modules = [
    (name = "index.js", esModule = embed "worker/index.js"),
    (name = "answers.json", json = embed "answers.json"),
  ],
  compatibilityDate = "2026-11-01",
);
