//! Finds the part of the history that a page shows, with the links to the next older and newer
//! parts.

use notice::{
    project::months,
    wire::{ids::IncidentId, time::Timestamp},
};

use crate::{
    date_format::DateFormatter,
    fault::Fault,
    http::page_call::{Month, MonthPage},
    pages::history::{HistoryPart, PER_PAGE, Turn, month_of},
    storage::{
        history::{self, Period, Place},
        sql::Sql,
    },
};

/// Whether a month may have incidents, by one search in the index. `false` means that the month has
/// none in any time zone; `true` may be wrong by a day. Readers can request any number of months,
/// so a month without incidents must cost no more than this search.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn may_have_incidents(sql: &impl Sql, month: &Month, now: Timestamp) -> Result<bool, Fault> {
    let Some(start) = months::utc_start(month.as_str()) else {
        return Ok(false);
    };
    let end = months::following(month.as_str()).and_then(|next| months::utc_start(&next));
    let period = Period {
        from: start.plus_seconds(-months::FARTHEST_ZONE_S),
        until: end.unwrap_or(now).plus_seconds(months::FARTHEST_ZONE_S),
    };
    // A scheduled transition that is due may add an incident to the present month.
    Ok(period.contains(now) || history::oldest(sql, period)?.is_some())
}

/// Finds a part of the history: the requested page of a month, or the newest one. `None` if the month has no incidents, or the
/// incident in `before` is not in it.
///
/// # Errors
/// `Fault` if the database cannot be read.
pub fn find(
    sql: &impl Sql,
    dates: &dyn DateFormatter,
    requested: Option<&MonthPage>,
    now: Timestamp,
) -> Result<Option<HistoryPart>, Fault> {
    let begun = Period {
        from: Timestamp::from_seconds(0),
        until: now.plus_seconds(1),
    };
    let month = match requested {
        Some(page) => Some(page.month.clone()),
        None => {
            let newest = history::newest(sql, begun)?;
            newest.and_then(|at| Month::parse(&month_of(dates, at)))
        }
    };
    let Some(month) = month else {
        return Ok(Some(HistoryPart::default()));
    };
    let start = |month: &str| months::start(month, |at| month_of(dates, at));
    let Some(from) = start(month.as_str()) else {
        return Ok(None);
    };
    let end = months::following(month.as_str()).and_then(|next| start(&next));
    let period = Period {
        from,
        until: end.map_or(begun.until, |end| end.min(begun.until)),
    };
    let before = match requested.and_then(|page| page.before.as_ref()) {
        None => None,
        Some(id) => match history::place(sql, id)? {
            Some(place) if period.contains(place.at) => Some(place),
            _ => return Ok(None),
        },
    };
    let most = PER_PAGE.saturating_add(1);
    let mut incidents = history::page(sql, period, before.as_ref(), most)?;
    if incidents.is_empty() {
        return Ok(None);
    }
    let has_more = incidents.len() > PER_PAGE;
    incidents.truncate(PER_PAGE);
    let older = match incidents.last().filter(|_| has_more) {
        Some(last) => Some(Turn {
            page: MonthPage {
                month: month.clone(),
                before: Some(last.id.clone()),
            },
            within: last.started_at,
        }),
        None => {
            let until = period.from;
            first_page_of(dates, history::newest(sql, Period { until, ..begun })?)
        }
    };
    let newer = match &before {
        Some(place) => Some(Turn {
            page: MonthPage {
                month,
                before: page_above(sql, period, place)?,
            },
            within: place.at,
        }),
        None => {
            let from = period.until;
            first_page_of(dates, history::oldest(sql, Period { from, ..begun })?)
        }
    };
    Ok(Some(HistoryPart {
        incidents,
        older,
        newer,
    }))
}

/// The `before` of the next newer page, if the shown page begins after the incident `place`; `None`
/// if the newer page is the first one of the month.
fn page_above(sql: &impl Sql, period: Period, place: &Place) -> Result<Option<IncidentId>, Fault> {
    let above = history::above(sql, period, place, PER_PAGE)?;
    Ok(above.and_then(|id| IncidentId::parse(&id)))
}

/// The first page of the month in which a time is.
fn first_page_of(dates: &dyn DateFormatter, at: Option<Timestamp>) -> Option<Turn> {
    let within = at?;
    let month = Month::parse(&month_of(dates, within))?;
    Some(Turn {
        page: MonthPage {
            month,
            before: None,
        },
        within,
    })
}
