//! When users hear more: filled in by what the site owes them, changed with a tap.

use notice::wire::time::Timestamp;
use yew::{Callback, Html, html};

use crate::{
    clock,
    form::Promise,
    input::{self, Choice, Field},
};

/// The choices, and what the card will say.
pub fn promise(
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
    choices.push(Choice::new(Promise::At(at.clone()), "At …"));
    choices.push(Choice::new(Promise::Nothing, "No promise"));
    let says = match value.moment(usual_s, now) {
        Some(at) => format!("The card says: Next update by {}", clock::time(at)),
        None => "The card promises nothing. People who know when they hear more are more patient."
            .to_owned(),
    };
    let field = Field::new("promise", "When do they hear more?")
        .hint(says)
        .error(error);
    let typed = on.reform(Promise::At);
    html! {
        <>
            { input::choice(&field, Some(value), choices, on) }
            if is_at {
                { input::line(&Field::new("promise-at", "Next update by"), "datetime-local", &at, typed) }
            }
        </>
    }
}
