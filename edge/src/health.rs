//! `/healthz`: the real read path, exercised.

use notice::wire::ids::Slug;
use serde::Serialize;
use worker::Env;

use crate::{
    answer::Answer,
    fault::Fault,
    reads::{
        chain::{self, Wanted},
        directory,
    },
    runtime::{host::Host, settings},
};

#[derive(Debug, Serialize)]
struct Health {
    ok: bool,
    version: String,
    checks: Checks,
}

/// `ok`, or what failed.
#[derive(Debug, Serialize)]
struct Checks {
    directory: String,
    feed: String,
}

/// 200 when the directory answers and the first site's feed can be read, else 503.
///
/// # Errors
/// When the answer cannot be written.
pub async fn check(host: &Host, env: &Env) -> Result<Answer, Fault> {
    let listed = directory::refresh(host, env).await;
    let checks = match listed {
        Err(fault) => {
            worker::console_error!("healthz: {fault}");
            Checks {
                directory: "no answer".to_owned(),
                feed: "not checked".to_owned(),
            }
        }
        Ok(listing) => Checks {
            directory: "ok".to_owned(),
            feed: match listing
                .slugs
                .iter()
                .next()
                .and_then(|slug| Slug::parse(slug))
            {
                None => "ok".to_owned(),
                Some(site) => read_feed(host, env, &site).await,
            },
        },
    };
    let ok = checks.directory == "ok" && checks.feed == "ok";
    let health = Health {
        ok,
        version: settings::version(env),
        checks,
    };
    Ok(Answer::json(if ok { 200 } else { 503 }, &health)?)
}

async fn read_feed(host: &Host, env: &Env, site: &Slug) -> String {
    let wanted = Wanted {
        site,
        language: None,
        if_none_match: None,
    };
    match chain::feed(host, env, wanted).await.status {
        200 => "ok".to_owned(),
        status => format!("status {status}"),
    }
}
