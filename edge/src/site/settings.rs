//! Checks of a site's settings that `notice` cannot make: the runtime must know the time zone, and the host names must
//! be free.

use notice::{rejection::Rejection, wire::site::Site};

use super::{call::Call, change::Change};

/// Checks a new time zone, and returns the host names to claim before a change is saved; `None` if
/// they do not change.
///
/// # Errors
/// [`Rejection::Fields`] for a new time zone that the runtime does not know.
pub fn hostnames_to_claim(
    call: &Call<'_>,
    change: &Change,
) -> Result<Option<Vec<String>>, Rejection> {
    let Some(after) = &change.after.site else {
        return Ok(None);
    };
    let before = change.before.site.as_ref();
    let is_new = |zone: &str| before.is_none_or(|before| before.time_zone != zone);
    if is_new(&after.time_zone) && !(call.is_time_zone)(&after.time_zone) {
        return Err(Rejection::field(
            "/time_zone",
            "Must be an IANA time zone, for example Australia/Sydney.",
        ));
    }
    let hostnames_before = before.map_or(&[] as &[String], |site: &Site| &site.hostnames);
    Ok((hostnames_before != after.hostnames).then(|| after.hostnames.clone()))
}
