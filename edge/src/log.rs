//! Structured logs: one line of JSON per fault or other error. A fault is logged where its request or alarm ends.

use std::fmt::Display;

use serde::Serialize;

use crate::fault::Fault;

/// A line of the log.
#[derive(Debug, Serialize)]
struct Line<'a> {
    level: &'static str,
    fault: String,
    /// The route's name, or that of background work, such as `alarm`.
    route: &'a str,
    /// The site's slug, if known.
    site: Option<&'a str>,
    /// The Durable Object, service or job that failed or timed out.
    object: Option<&'a str>,
    /// The `CF-Ray` header, or a random id for a request without one. `null` outside of requests.
    request_id: Option<&'a str>,
}

/// The context in which an error occurred.
#[derive(Clone, Copy, Debug, Default)]
pub struct LogContext<'a> {
    /// The route's name, or that of background work.
    pub route: &'a str,
    /// The site's slug, if known.
    pub site: Option<&'a str>,
    pub request_id: Option<&'a str>,
}

pub fn fault(context: LogContext<'_>, fault: &Fault) {
    write(context, fault, fault.object());
}

/// Logs an error without a [`Fault`], such as an invalid setting, in the same `fault` field.
pub fn error(context: LogContext<'_>, error: &dyn Display) {
    write(context, error, None);
}

fn write(context: LogContext<'_>, fault: &dyn Display, object: Option<&str>) {
    let line = line(context, fault, object);
    #[cfg(target_arch = "wasm32")]
    worker::console_error!("{line}");
    // In tests, outside of the runtime.
    #[cfg(not(target_arch = "wasm32"))]
    eprintln!("{line}");
}

fn line(context: LogContext<'_>, fault: &dyn Display, object: Option<&str>) -> String {
    let line = Line {
        level: "error",
        fault: fault.to_string(),
        route: context.route,
        site: context.site,
        object,
        request_id: context.request_id,
    };
    // Serialising plain strings does not fail.
    serde_json::to_string(&line).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{LogContext, line};
    use crate::fault::Fault;

    #[test]
    fn a_fault_is_one_line_of_json_with_every_field() {
        let fault = Fault::ObjectFailed {
            object: "the site",
            detail: "sql: disk full\nat line 1".to_owned(),
        };
        let context = LogContext {
            route: "operator.write",
            site: Some("acme"),
            request_id: Some("8f1"),
        };
        assert_eq!(
            line(context, &fault, fault.object()),
            r#"{"level":"error","fault":"the site failed: sql: disk full\nat line 1","route":"operator.write","site":"acme","object":"the site","request_id":"8f1"}"#
        );
    }
}
