//! The time of the next update, filled in from the site's update interval, and the certainty of an estimated end.

use notice::wire::{
    site::Site,
    time::Timestamp,
    words::{Confidence, Word},
};
use yew::{Callback, Html, html};

use crate::{
    clock,
    form::Promise,
    input::{self, Choice, Field},
    view::when::when,
    words,
};

/// The choices, and what the card will say.
pub fn promise(
    site: &Site,
    value: &Promise,
    usual_s: u32,
    now: Timestamp,
    error: Option<String>,
    on: &Callback<Promise>,
) -> Html {
    let usual = Promise::Usual.moment(usual_s, now);
    let said = |promise: Promise, seconds: u32| Choice {
        hint: promise
            .moment(usual_s, now)
            .map(clock::time)
            .unwrap_or_default(),
        ..Choice::new(
            promise,
            format!("In {}", clock::stretch(i64::from(seconds))),
        )
    };
    let mut stretches: Vec<(u32, Promise)> = [15, 30, 60, 120]
        .into_iter()
        .filter(|minutes| minutes * 60 != usual_s)
        .map(|minutes| (minutes * 60, Promise::In(minutes)))
        .collect();
    stretches.push((usual_s, Promise::Usual));
    stretches.sort_by_key(|(seconds, _)| *seconds);
    let mut choices: Vec<Choice<Promise>> = stretches
        .into_iter()
        .map(|(seconds, promise)| said(promise, seconds))
        .collect();
    let (at, is_at) = match value {
        Promise::At(at) => (at.clone(), true),
        _ => (usual.map(clock::to_input).unwrap_or_default(), false),
    };
    choices.push(Choice::new(Promise::At(at.clone()), "At a set time"));
    choices.push(Choice::new(Promise::Nothing, "Not promised"));
    let says = match value.moment(usual_s, now) {
        Some(at) => format!("The card says: Next update by {}", clock::time(at)),
        None => "No time promised. A promised time makes waiting easier.".to_owned(),
    };
    let field = Field::new("promise", "Next update")
        .hint(says)
        .error(error.clone().filter(|_| !is_at));
    let typed = on.reform(Promise::At);
    html! {
        <>
            { input::choice(&field, Some(value), choices, on) }
            if is_at {
                { when(Field::new("promise-at", "Next update by").error(error), site, &at, typed) }
            }
        </>
    }
}

/// The certainty of an estimated end, with the card's text for each choice.
pub fn confidence(at: Timestamp, chosen: Option<Confidence>, on: &Callback<Confidence>) -> Html {
    let time = clock::time(at);
    let choices = Confidence::ALL.iter().map(|confidence| {
        let hint = match confidence {
            Confidence::Low => format!("about {time}, may change"),
            Confidence::Medium => time.clone(),
            Confidence::High | Confidence::Unknown => format!("by {time}"),
        };
        Choice {
            hint,
            ..Choice::new(*confidence, words::confidence(*confidence))
        }
    });
    let field = Field::new("confidence", "How certain is it?");
    input::choice(&field, chosen.as_ref(), choices.collect(), on)
}
