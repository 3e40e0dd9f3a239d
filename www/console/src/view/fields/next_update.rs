//! The fields for the time of the next update and the certainty of an estimated end.

use notice::wire::{
    enums::{Confidence, StringEnum},
    site::Site,
    time::Timestamp,
};
use yew::{Callback, Html, html};

use crate::{
    form::Promise,
    text::labels,
    time::{date_field, format},
    ui::input::{self, Choice, Field},
    view::fields::date_time::date_time,
};

/// Renders the choice of the next update's time: `interval_s`, the update interval in seconds, or another duration after `from`; a
/// set time; or none.
pub fn next_update(
    site: &Site,
    value: &Promise,
    interval_s: u32,
    from: Timestamp,
    error: Option<String>,
    on: &Callback<Promise>,
) -> Html {
    let default = Promise::Usual.time(interval_s, from);
    let choice = |promise: Promise, seconds: u32| Choice {
        hint: promise
            .time(interval_s, from)
            .map(format::time)
            .unwrap_or_default(),
        ..Choice::new(
            promise,
            format!("In {}", format::duration(i64::from(seconds))),
        )
    };
    let mut intervals: Vec<(u32, Promise)> = [15, 30, 60, 120]
        .into_iter()
        .filter(|minutes| minutes * 60 != interval_s)
        .map(|minutes| (minutes * 60, Promise::In(minutes)))
        .collect();
    intervals.push((interval_s, Promise::Usual));
    intervals.sort_by_key(|(seconds, _)| *seconds);
    let mut choices: Vec<Choice<Promise>> = intervals
        .into_iter()
        .map(|(seconds, promise)| choice(promise, seconds))
        .collect();
    let (at, is_at) = match value {
        Promise::At(at) => (at.clone(), true),
        _ => (
            default.map(date_field::from_timestamp).unwrap_or_default(),
            false,
        ),
    };
    choices.push(Choice::new(Promise::At(at.clone()), "At a set time"));
    choices.push(Choice::new(Promise::Nothing, "Not promised"));
    let hint = match value.time(interval_s, from) {
        Some(at) => format!("The card says: Next update by {}", format::time(at)),
        None => "No time promised. A promised time makes waiting easier.".to_owned(),
    };
    let field = Field::new("promise", "Next update")
        .hint(hint)
        .error(error.clone().filter(|_| !is_at));
    let on_typed = on.reform(Promise::At);
    html! {
        <>
            { input::choice(&field, Some(value), choices, on) }
            if is_at {
                { date_time(Field::new("promise-at", "Next update by").error(error), site, &at, on_typed) }
            }
        </>
    }
}

/// Renders the choice of an estimated end's certainty, with the card's text as the hint of each choice.
pub fn confidence(at: Timestamp, chosen: Option<Confidence>, on: &Callback<Confidence>) -> Html {
    let time = format::time(at);
    let choices = Confidence::ALL.iter().map(|confidence| {
        let hint = match confidence {
            Confidence::Low => format!("about {time}, may change"),
            Confidence::Medium => time.clone(),
            Confidence::High | Confidence::Unknown => format!("by {time}"),
        };
        Choice {
            hint,
            ..Choice::new(*confidence, labels::confidence(*confidence))
        }
    });
    let field = Field::new("confidence", "How certain is it?");
    input::choice(&field, chosen.as_ref(), choices.collect(), on)
}
