# The configuration of workerd: one Worker, its three Durable Object classes with databases on disk, and the static files.
#
# The build replaces @VERSION@ and @NETWORK@, and writes the result to dist/. Lines about kept versions are only in the files for
# `cargo xtask serve`. Directories and the address are arguments of workerd.
# Settings are environment variables; an unset variable is null in the Worker. For example:
#
#   workerd serve dist/workerd.capnp --socket-addr=http=127.0.0.1:8787 \
#     --directory-path=data=DIR --directory-path=assets=dist/assets

using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "edge", worker = .edge),
    (name = "internet", network = (
      allow = [@NETWORK@],
      tlsOptions = (trustBrowserCas = true)
    )),
    (name = "data", disk = (writable = true)),
    (name = "assets", disk = (writable = false)),
    (name = "kept", disk = (writable = false)),  # kept versions
  ],
  sockets = [(name = "http", address = "127.0.0.1:8787", http = (), service = "edge")]
);

const edge :Workerd.Worker = (
  modules = [
    (name = "index.js", esModule = embed "worker/index.js"),
    (name = "index_bg.wasm", wasm = embed "worker/index_bg.wasm"),
  ],
  compatibilityDate = "2026-11-01",
  globalOutbound = "internet",
  durableObjectNamespaces = [
    (className = "Site", uniqueKey = "allclear-site", enableSql = true),
    (className = "Directory", uniqueKey = "allclear-directory", enableSql = true),
    (className = "Courier", uniqueKey = "allclear-courier", enableSql = true),
  ],
  durableObjectStorage = (localDisk = "data"),
  bindings = [
    (name = "SITE", durableObjectNamespace = "Site"),
    (name = "DIRECTORY", durableObjectNamespace = "Directory"),
    (name = "COURIER", durableObjectNamespace = "Courier"),
    (name = "ASSETS", service = "assets"),
    (name = "KEPT", service = "kept"),  # kept versions
    (name = "ASSET_TABLE", json = embed "asset-table.json"),
    (name = "VERSION", text = "@VERSION@"),
    (name = "ROOT_TOKEN", fromEnvironment = "ROOT_TOKEN"),
    (name = "PUBLIC_URL", fromEnvironment = "PUBLIC_URL"),
    (name = "WRITE_LIMIT", fromEnvironment = "WRITE_LIMIT"),
    (name = "TRUST_PROXY", fromEnvironment = "TRUST_PROXY"),
    (name = "DOH_URL", fromEnvironment = "DOH_URL"),
    (name = "HEARTBEAT_URL", fromEnvironment = "HEARTBEAT_URL"),
    (name = "MAIL_FROM", fromEnvironment = "MAIL_FROM"),
    (name = "SMTP_URL", fromEnvironment = "SMTP_URL"),
    (name = "SMTP_USER", fromEnvironment = "SMTP_USER"),
    (name = "SMTP_PASSWORD", fromEnvironment = "SMTP_PASSWORD"),
    (name = "RESEND_API_KEY", fromEnvironment = "RESEND_API_KEY"),
    (name = "POSTMARK_TOKEN", fromEnvironment = "POSTMARK_TOKEN"),
    (name = "MAIL_API_URL", fromEnvironment = "MAIL_API_URL"),
    (name = "DEV_MAIL_URL", fromEnvironment = "DEV_MAIL_URL"),
    (name = "DEV_OUTBOX", fromEnvironment = "DEV_OUTBOX"),
    (name = "CLOCK_OFFSET", fromEnvironment = "CLOCK_OFFSET"),
    (name = "ALLOW_PRIVATE", fromEnvironment = "ALLOW_PRIVATE"),
  ]
);
