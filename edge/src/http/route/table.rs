//! The addresses of the API, as data without dependencies: the end-to-end tests include this file, and send every method to
//! every address with every role.

/// Paths below `/v1/sites/{site}`, with their methods as in `Allow`. A path with a fixed word comes before one with an id in
/// the same place.
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
    ("/subscribers", "GET, HEAD"),
    ("/journal", "GET, HEAD"),
    ("/export", "GET, HEAD"),
    ("/verify", "GET, HEAD"),
    ("/verification", "GET, HEAD"),
    ("/import", "POST"),
    ("/redact", "POST"),
    ("/repair", "POST"),
    ("/clock", "POST"),
];

/// The methods of `/v1/sites`.
pub const SITES_METHODS: &str = "GET, HEAD, POST";

/// The methods of every public address.
pub const PUBLIC_METHODS: &str = "GET, HEAD, OPTIONS";
