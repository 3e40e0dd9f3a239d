//! The addresses of the server, as data without dependencies: the end-to-end tests include this file, and send every method to
//! every address with every role. Static files are in the build's table. A path with a fixed word comes before one with an id in
//! the same place.

/// Paths below `/v1/sites/{site}`, with their methods as in `Allow`.
pub const OPERATOR_PATHS: &[(&str, &str)] = &[
    ("", "GET, HEAD, PATCH, DELETE"),
    ("/hostnames", "GET, HEAD"),
    ("/hostnames/{host}/confirm", "POST"),
    ("/components", "GET, HEAD, POST"),
    ("/components/{component}", "GET, HEAD, PATCH, DELETE"),
    ("/incidents", "GET, HEAD, POST"),
    ("/incidents/{incident}", "GET, HEAD, PATCH, DELETE"),
    ("/incidents/{incident}/withdraw", "POST"),
    ("/incidents/{incident}/updates", "POST"),
    ("/incidents/{incident}/updates/{update}", "GET, HEAD, PATCH"),
    ("/incidents/{incident}/postmortem", "GET, HEAD, PUT"),
    ("/templates", "GET, HEAD, POST"),
    ("/templates/{template}", "GET, HEAD, PATCH, DELETE"),
    ("/tokens", "GET, HEAD, POST"),
    ("/tokens/self", "GET, HEAD, DELETE"),
    ("/tokens/{token}", "DELETE"),
    ("/tokens/{token}/rotate", "POST"),
    ("/invitations", "GET, HEAD, POST"),
    ("/invitations/read", "POST"),
    ("/invitations/redeem", "POST"),
    ("/invitations/{invitation}", "DELETE"),
    ("/webhooks", "GET, HEAD, POST"),
    ("/webhooks/{webhook}", "GET, HEAD, PATCH, DELETE"),
    ("/webhooks/{webhook}/rotate", "POST"),
    ("/webhooks/{webhook}/test", "POST"),
    ("/webhooks/{webhook}/redeliver", "POST"),
    ("/webhooks/{webhook}/deliveries", "GET, HEAD"),
    (
        "/webhooks/{webhook}/deliveries/{delivery}/redeliver",
        "POST",
    ),
    ("/on-call", "GET, HEAD"),
    ("/on-call/deliveries", "GET, HEAD"),
    ("/on-call/test", "POST"),
    ("/journal", "GET, HEAD"),
    ("/export", "GET, HEAD"),
    ("/verify", "GET, HEAD"),
    ("/verification", "GET, HEAD"),
    ("/import", "POST"),
    ("/redact", "POST"),
    ("/repair", "POST"),
    ("/clock", "POST"),
];

/// Methods of public addresses. `OPTIONS` is answered before a path is routed.
pub const PUBLIC_METHODS: &str = "GET, HEAD, OPTIONS";

/// Paths outside the API of a site, its pages and the static files, with their methods.
pub const OTHER_PATHS: &[(&str, &str)] = &[
    ("/healthz", PUBLIC_METHODS),
    ("/v1/sites", "GET, HEAD, POST"),
    ("/v1/sites/{site}/feed", PUBLIC_METHODS),
    ("/s/{site}/embed.js", PUBLIC_METHODS),
    ("/s/{site}/on-call/{secret}", "GET, HEAD, POST"),
];

/// Pages of a site: below `/s/{site}`, and on its own host names at the root. Their methods are [`PUBLIC_METHODS`].
pub const PAGE_PATHS: &[&str] = &[
    "",
    "/history",
    "/card",
    "/incidents/{incident}.ics",
    "/incidents/{incident}",
];

/// The loader on a site's own host names.
pub const OWN_LOADER: &str = "/site.js";

/// The index pages of the deployment.
pub const INDEX_PATHS: &[&str] = &["/", "/docs"];
