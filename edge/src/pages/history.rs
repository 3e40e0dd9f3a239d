//! The history page: incidents by month.

use ::notice::wire::{incident::Incident, time::Timestamp};
use maud::html;

use super::{
    Context,
    layout::{Frame, Indexing, PageLayout, layout},
    status::list_item,
    texts::fill_text,
};
use crate::{
    date_format::{DateFormatter, TimeFormat},
    http::page_call::{MonthPage, Theme},
};

/// Maximum number of incidents on one page of a month.
pub const PER_PAGE: usize = 25;

/// A part of the history: one page of a month.
#[derive(Clone, Debug, Default)]
pub struct HistoryPart {
    /// The page's incidents, newest first. Empty if no incident has begun yet.
    pub incidents: Vec<Incident>,
    pub older: Option<Turn>,
    pub newer: Option<Turn>,
}

/// A link to the next older or newer page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    pub page: MonthPage,
    /// The start of an incident in that page's month, from which the month's name is formatted.
    pub within: Timestamp,
}

/// The month of a time in the site's time zone.
pub fn month_of(dates: &dyn DateFormatter, at: Timestamp) -> String {
    dates.format(at, TimeFormat::MonthKey)
}

/// Renders a part of the history. `requested` is `None` for the latest month with incidents.
pub fn render(context: &Context<'_>, part: &HistoryPart, requested: Option<&MonthPage>) -> String {
    let texts = context.texts;
    let name = |at: Timestamp| context.dates.format(at, TimeFormat::Month);
    let path = match requested {
        Some(page) => format!("/history?{}", page.query()),
        None => "/history".to_owned(),
    };
    let content = html! {
        h1 { (texts.history) }
        @if let Some(newest) = part.incidents.first() {
            section id="month" {
                h2 { (name(newest.started_at)) }
                ul class="entries" { @for incident in &part.incidents { (list_item(context, &context.show(incident))) } }
            }
        } @else {
            p class="soft" { (texts.nothing_then) }
        }
        nav class="turn" aria-label=(texts.history) {
            @for (turn, text, way) in [(&part.older, texts.older, "prev"), (&part.newer, texts.newer, "next")] {
                @if let Some(turn) = turn {
                    a rel=(way) href=(context.link(&format!("/history?{}", turn.page.query()))) {
                        (fill_text(text, &[&name(turn.within)]))
                    }
                }
            }
        }
        p class="back" { a href=(context.link("")) { (fill_text(texts.to_status, &[&context.site.name])) } }
    };
    let page = PageLayout {
        title: texts.history,
        summary: &fill_text(texts.to_status, &[&context.site.name]),
        path: &path,
        indexing: Indexing::Allowed,
        theme: Theme::Auto,
        frame: Frame::Whole,
        poll_after_s: 60,
        content,
    };
    layout(context, &page).into_string()
}
