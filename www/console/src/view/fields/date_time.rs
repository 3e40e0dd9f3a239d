//! A date field. It shows the weekday and time zone of what is typed, and a choice where clocks change.

use notice::wire::site::Site;
use yew::{Callback, Html, html};

use crate::{
    time::{date_field, format},
    ui::{
        input::{self, Field},
        typing::Typing,
    },
};

/// Renders the field. Times are typed in this device's time zone. The note below shows the time with its weekday and zone, and in
/// the site's zone if it differs. A typed text with the same minute as `value` does not count as a change, so that the seconds are kept.
pub fn date_time(field: Field, site: &Site, value: &str, on: Callback<String>) -> Html {
    let on_typed = {
        let (before, on) = (date_field::wall(value), on.clone());
        Callback::from(move |text: String| {
            if text != before {
                on.emit(text);
            }
        })
    };
    let error = error(value).or_else(|| field.error.clone());
    let field = field
        .error(error)
        .note(note(value, site.time_zone.as_str()));
    html! {
        <div class="when">
            { input::line(&field, Typing::DateTime, &date_field::wall(value), on_typed) }
            { correction(value, &on) }
            { choice(&field, value, &on) }
        </div>
    }
}

/// Returns the error of a wall-clock time that the clock skips.
pub fn error(value: &str) -> Option<String> {
    let instead = date_field::skipped(value)?;
    let (_, time) = value.split_once('T')?;
    Some(format!(
        "{time} does not exist on this day: clocks go forward to {}.",
        format::time_of_day(instead)
    ))
}

/// Renders a button that replaces a skipped time.
fn correction(value: &str, on: &Callback<String>) -> Html {
    let Some(instead) = date_field::skipped(value) else {
        return Html::default();
    };
    let on = on.clone();
    let corrected = date_field::from_timestamp(instead);
    html! {
        <button type="button" onclick={Callback::from(move |_| on.emit(corrected.clone()))}>
            { format!("Use {}", format::time_of_day(instead)) }
        </button>
    }
}

/// Renders the choice between the two occurrences of a repeated time.
fn choice(field: &Field, value: &str, on: &Callback<String>) -> Html {
    let (Some((first, second)), Some(at)) = (date_field::repeated(value), date_field::parse(value))
    else {
        return Html::default();
    };
    let is_second = at >= second;
    let option = |at, label: &str, is_chosen: bool| {
        let (on, text) = (on.clone(), date_field::from_timestamp(at));
        let clicked = Callback::from(move |_| {
            if !is_chosen {
                on.emit(text.clone());
            }
        });
        html! {
            <button type="button" aria-pressed={is_chosen.to_string()} onclick={clicked}>
                { format!("{label} ({})", format::offset_name(at)) }
            </button>
        }
    };
    let label = format!("{}-twice", field.id);
    html! {
        <div class="field" role="group" aria-labelledby={label.clone()}>
            <p class="hint" id={label}>
                { format!("{} comes twice on this day: clocks go back. Which one?", format::time_of_day(at)) }
            </p>
            <div class="switch">
                { option(first, "First", !is_second) }
                { option(second, "Second", is_second) }
            </div>
        </div>
    }
}

/// Returns the time with its weekday and zone; for an empty field only the zone.
fn note(value: &str, site_zone: &str) -> String {
    let device_zone = format::device_zone().unwrap_or_else(|| "this device's time zone".to_owned());
    let differs = device_zone != site_zone;
    let Some(at) = date_field::parse(value) else {
        return match differs {
            true => format!("Time zone: {device_zone}. The site's is {site_zone}."),
            false => format!("Time zone: {device_zone}."),
        };
    };
    let here = format::with_weekday(at, None).unwrap_or_default();
    let at_site =
        format::with_weekday(at, Some(site_zone)).filter(|at_site| differs && *at_site != here);
    match at_site {
        Some(at_site) => format!("{here} ({device_zone}). At the site: {at_site} ({site_zone})."),
        None => format!("{here} ({device_zone})."),
    }
}
