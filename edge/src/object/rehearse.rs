//! A change of a site's settings tried without being made: the world outside is asked for nothing on behalf of a request
//! that is refused anyway, or that only repeats one.

use notice::read::read;

use super::{
    create,
    operate::{Call, Refusal, admit, fingerprint, replay},
    writes,
};
use crate::{
    fault::Fault,
    http::route::{Route, SiteCall, SitesCall, parse},
    storage::{journal, migrations, sql::Sql},
};

/// Whether this makes a site or changes its settings, as far as the site itself can tell.
///
/// # Errors
/// When the database cannot be read.
pub fn would_change_settings(sql: &impl Sql, call: &Call<'_>) -> Result<bool, Fault> {
    match rehearse(sql, call) {
        Ok(would) => Ok(would),
        // It is said again, to the caller, where everything is answered.
        Err(Refusal::Rejection(_)) => Ok(false),
        Err(Refusal::Fault(fault)) => Err(fault),
    }
}

/// Whether an import may come about, as far as can be told before its file is read.
///
/// # Errors
/// When the database cannot be read.
pub fn may_import(sql: &impl Sql, call: &Call<'_>) -> Result<bool, Fault> {
    match admit(sql, call) {
        Ok(_) => Ok(journal::head(sql)?.0 == 1),
        Err(Refusal::Rejection(_)) => Ok(false),
        Err(Refusal::Fault(fault)) => Err(fault),
    }
}

fn rehearse(sql: &impl Sql, call: &Call<'_>) -> Result<bool, Refusal> {
    if let Route::Sites(SitesCall::Create) = parse(&call.envelope.method, &call.envelope.path)? {
        if migrations::version(sql)? > 0 {
            return Ok(false);
        }
        create::decided(sql, read(call.body)?, call.now_ms)?;
        return Ok(true);
    }
    let (caller, site_call) = admit(sql, call)?;
    if site_call != SiteCall::Change {
        return Ok(false);
    }
    let fingerprint = fingerprint(call.envelope, call.body);
    if replay(sql, call, &caller, &fingerprint)?.is_some() {
        return Ok(false);
    }
    writes::write(sql, call, &caller, &site_call)?;
    Ok(true)
}
