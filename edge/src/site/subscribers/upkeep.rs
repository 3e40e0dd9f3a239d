//! The alarm's tasks about subscribers: deletes what has ended, and encrypts with the current key what another one has sealed.

use notice::wire::{ids::Slug, time::Timestamp};

use super::contact::Contact;
use crate::{
    fault::Fault,
    sealing::Sealer,
    storage::{
        mailings, projections,
        sql::Sql,
        subscribers::{self, Subscriber},
        subscription_requests,
    },
};

/// Delay after which an ended subscription is deleted, in seconds: 10 min. Many that end one after the other are deleted at once.
const DELAY_S: i64 = 600;
/// Number of addresses that one alarm encrypts again.
const RESEALED: u64 = 2_000;

/// Deletes subscriptions, requests and mailings that have ended.
///
/// # Errors
/// `Fault` if the database fails; nothing has changed then.
pub fn prune(sql: &impl Sql, now: Timestamp) -> Result<(), Fault> {
    sql.transaction(|| {
        subscription_requests::prune(sql, now)?;
        mailings::prune(sql, now)?;
        subscribers::prune(sql, now)
    })
}

/// The time at which something is to be deleted next. Not before now: what has ended may wait for its last mail.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn next_due(sql: &impl Sql, now: Timestamp) -> Result<Option<Timestamp>, Fault> {
    let ends = [
        subscribers::next_end(sql)?,
        subscription_requests::next_end(sql)?,
    ];
    let first = ends.into_iter().flatten().min();
    let due = first.map(|at| at.plus_seconds(DELAY_S));
    Ok(due.map(|due| match due > now {
        true => due,
        false => now.plus_seconds(DELAY_S),
    }))
}

/// Encrypts addresses of subscribers that an earlier key has sealed. Returns the number of those that no key opens. They are left as
/// they are: the key may come back.
///
/// # Errors
/// `Fault` if the database fails.
pub fn reseal(sql: &impl Sql, sealer: &Sealer) -> Result<usize, Fault> {
    let prefix = sealer.current_prefix();
    let Some(site) = projections::slug(sql)? else {
        return Ok(0);
    };
    let mut after = 0;
    let mut unreadable: usize = 0;
    let mut resealed: u64 = 0;
    while resealed < RESEALED {
        let others = subscribers::sealed_by_others(sql, &prefix, after, RESEALED)?;
        let Some(last) = others.last() else {
            return Ok(unreadable);
        };
        after = last.id;
        resealed = resealed.saturating_add(u64::try_from(others.len()).unwrap_or(RESEALED));
        unreadable = sql.transaction(|| {
            let mut others = others.iter();
            others.try_fold(unreadable, |count, subscriber| {
                let is_resealed = reseal_one(sql, sealer, &site, subscriber)?;
                Ok::<_, Fault>(count.saturating_add(usize::from(!is_resealed)))
            })
        })?;
    }
    Ok(unreadable)
}

/// Encrypts an address again. Returns whether it could be opened.
fn reseal_one(
    sql: &impl Sql,
    sealer: &Sealer,
    site: &Slug,
    subscriber: &Subscriber,
) -> Result<bool, Fault> {
    let opened = Contact::open(sealer, site, &subscriber.look_up, &subscriber.sealed);
    let Ok(contact) = opened else {
        return Ok(false);
    };
    let look_up = sealer.look_up(site, &contact.address);
    let sealed = contact.seal(sealer, site, &look_up)?;
    subscribers::reseal(sql, subscriber.id, &look_up, &sealed)?;
    Ok(true)
}
