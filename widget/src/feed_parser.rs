//! Converts a feed that the browser has parsed to the types of `notice`. By hand, because `serde-wasm-bindgen` would add 14 KB
//! to the 68 KB of the widget. A test compares the result with that of serde.
//!
//! A notice without an id or `started_at` is left out. Other fields that are missing or invalid are empty.

use js_sys::{Array, Date};
use notice::wire::{
    enums::{StringEnum, Undeclared},
    feed::{
        AffectedComponent, Contact, Feed, FeedAudience, FeedUpdate, Notice, Postmortem, Restored,
        Segment, Window,
    },
    ids::{ComponentId, IncidentId, Slug, UpdateId},
    time::Timestamp,
};
use wasm_bindgen::JsValue;

use crate::js::property;

/// Converts a feed; `None` when `site` is missing or invalid.
pub fn parse(value: &JsValue) -> Option<Feed> {
    // Fallible fields first, which makes the code smaller: nothing has to be dropped.
    let site = slug(value, "site")?;
    Some(Feed {
        v: 1,
        site,
        name: text(value, "name"),
        lang: text(value, "lang"),
        rev: number(value, "rev"),
        paused: property(value, "paused").is_truthy(),
        poll_after_s: number_u32(value, "poll_after_s"),
        status_url: text(value, "status_url"),
        subscribe: texts(value, "subscribe"),
        notices: list(value, "notices", notice),
    })
}

fn notice(value: &JsValue) -> Option<Notice> {
    let id = IncidentId::parse(&text(value, "id"))?;
    let started_at = moment(value, "started_at")?;
    Some(Notice {
        id,
        kind: word(value, "kind"),
        status: word(value, "status"),
        impact: word(value, "impact"),
        in_app: word(value, "in_app"),
        hold: property(value, "hold").is_truthy(),
        drill: property(value, "drill").is_truthy(),
        preview: property(value, "preview").is_truthy(),
        attention: number_u32(value, "attention"),
        title: text(value, "title"),
        lang: some_text(value, "lang"),
        advice: some_text(value, "advice"),
        works: texts(value, "works"),
        broken: texts(value, "broken"),
        started_at,
        ends_at: moment(value, "ends_at"),
        next_update_at: moment(value, "next_update_at"),
        overdue_after_s: number_u32(value, "overdue_after_s"),
        estimated_end_at: moment(value, "estimated_end_at"),
        confidence: some_text(value, "confidence")
            .map(|word| StringEnum::parse(&word).unwrap_or(StringEnum::UNKNOWN)),
        components: list(value, "components", component),
        updates: list(value, "updates", update),
        updates_more: number_u32(value, "updates_more"),
        contacts: list(value, "contacts", contact),
        audience: audience(&property(value, "audience")),
        restored: restored(&property(value, "restored")),
        url: text(value, "url"),
    })
}

fn component(value: &JsValue) -> Option<AffectedComponent> {
    let id = ComponentId::parse(&text(value, "id"))?;
    let slug = slug(value, "slug")?;
    let since = moment(value, "since")?;
    Some(AffectedComponent {
        id,
        slug,
        name: text(value, "name"),
        status: word(value, "status"),
        since,
    })
}

fn update(value: &JsValue) -> Option<FeedUpdate> {
    let id = UpdateId::parse(&text(value, "id"))?;
    let at = moment(value, "at")?;
    Some(FeedUpdate {
        id,
        status: word(value, "status"),
        body: text(value, "body"),
        truncated: property(value, "truncated").is_truthy(),
        at,
    })
}

fn contact(value: &JsValue) -> Option<Contact> {
    Some(Contact {
        kind: word(value, "kind"),
        label: text(value, "label"),
        value: text(value, "value"),
    })
}

fn audience(value: &JsValue) -> FeedAudience {
    let undeclared = |name| Undeclared::parse(&text(value, name));
    FeedAudience {
        segments: list(value, "segments", |segment| {
            Some(Segment {
                slug: slug(segment, "slug")?,
                label: text(segment, "label"),
            })
        }),
        paths: texts(value, "paths"),
        components: list(value, "components", |slug| Slug::parse(&slug.as_string()?)),
        undeclared: undeclared("undeclared").unwrap_or(Undeclared::Show),
        undeclared_components: undeclared("undeclared_components"),
        undeclared_segments: undeclared("undeclared_segments"),
    }
}

fn restored(value: &JsValue) -> Option<Restored> {
    let at = moment(value, "at")?;
    let expires_at = moment(value, "expires_at")?;
    Some(Restored {
        at,
        seconds: number(value, "seconds"),
        back: texts(value, "back"),
        check: some_text(value, "check"),
        still: texts(value, "still"),
        returning_until: moment(value, "returning_until"),
        everyone_until: moment(value, "everyone_until"),
        expires_at,
        withdrawn: some_text(value, "withdrawn"),
        postmortem: postmortem(&property(value, "postmortem")),
    })
}

fn postmortem(value: &JsValue) -> Option<Postmortem> {
    let window = property(value, "window");
    let (start, end) = (moment(&window, "start")?, moment(&window, "end")?);
    let published_at = moment(value, "published_at")?;
    Some(Postmortem {
        root_cause: text(value, "root_cause"),
        window: Window { start, end },
        remedy: text(value, "remedy"),
        prevention: texts(value, "prevention"),
        published_at,
    })
}

fn some_text(of: &JsValue, name: &str) -> Option<String> {
    property(of, name).as_string()
}

fn text(of: &JsValue, name: &str) -> String {
    some_text(of, name).unwrap_or_default()
}

fn slug(of: &JsValue, name: &str) -> Option<Slug> {
    Slug::parse(&text(of, name))
}

fn word<T: StringEnum>(of: &JsValue, name: &str) -> T {
    T::parse(&text(of, name)).unwrap_or(T::UNKNOWN)
}

fn texts(of: &JsValue, name: &str) -> Vec<String> {
    list(of, name, JsValue::as_string)
}

fn list<T>(of: &JsValue, name: &str, read: impl Fn(&JsValue) -> Option<T>) -> Vec<T> {
    let value = property(of, name);
    let items = if Array::is_array(&value) {
        Array::from(&value)
    } else {
        Array::new()
    };
    (0..items.length())
        .filter_map(|index| read(&items.get(index)))
        .collect()
}

#[expect(clippy::cast_possible_truncation, reason = "a float cast saturates")]
fn moment(of: &JsValue, name: &str) -> Option<Timestamp> {
    // Without `Date.parse`, which some pages replace.
    let milliseconds = Date::new(&some_text(of, name)?.into()).get_time();
    (!milliseconds.is_nan()).then(|| Timestamp::from_millis(milliseconds as i64))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float cast saturates, and makes NaN zero"
)]
fn number(of: &JsValue, name: &str) -> u64 {
    property(of, name).as_f64().unwrap_or_default() as u64
}

fn number_u32(of: &JsValue, name: &str) -> u32 {
    u32::try_from(number(of, name)).unwrap_or(u32::MAX)
}
