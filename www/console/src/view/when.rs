//! A date field: the weekday and time zone of what is typed, and a choice where clocks change.

use notice::wire::site::Site;
use yew::{Callback, Html, html};

use crate::{
    clock,
    input::{self, Field},
};

/// The field. Times are typed in this device's time zone; beneath it stands the moment with its weekday and zone, in the
/// site's zone as well where that differs. A text that shows the same minute as `value` is no change: the seconds stay.
pub fn when(field: Field, site: &Site, value: &str, on: Callback<String>) -> Html {
    let typed = {
        let (before, on) = (clock::wall(value), on.clone());
        Callback::from(move |text: String| {
            if text != before {
                on.emit(text);
            }
        })
    };
    let error = wrong(value).or_else(|| field.error.clone());
    let field = field
        .error(error)
        .note(note(value, site.time_zone.as_str()));
    html! {
        <div class="when">
            { input::line(&field, "datetime-local", &clock::wall(value), typed) }
            { correction(value, &on) }
            { choice(&field, value, &on) }
        </div>
    }
}

/// Why a text in a date field is no moment, if it is none.
pub fn wrong(value: &str) -> Option<String> {
    let instead = clock::skipped(value)?;
    let (_, time) = value.split_once('T')?;
    Some(format!(
        "{time} does not exist on this day: clocks go forward to {}.",
        clock::time_of_day(instead)
    ))
}

/// The time that the clock shows instead of a skipped one.
fn correction(value: &str, on: &Callback<String>) -> Html {
    let Some(instead) = clock::skipped(value) else {
        return Html::default();
    };
    let on = on.clone();
    let corrected = clock::to_input(instead);
    html! {
        <button type="button" onclick={Callback::from(move |_| on.emit(corrected.clone()))}>
            { format!("Use {}", clock::time_of_day(instead)) }
        </button>
    }
}

/// Which of the two moments a repeated time means.
fn choice(field: &Field, value: &str, on: &Callback<String>) -> Html {
    let (Some((first, second)), Some(at)) = (clock::repeated(value), clock::from_input(value))
    else {
        return Html::default();
    };
    let is_second = at >= second;
    let option = |moment, label: &str, is_chosen: bool| {
        let (on, text) = (on.clone(), clock::to_input(moment));
        let tapped = Callback::from(move |_| {
            if !is_chosen {
                on.emit(text.clone());
            }
        });
        html! {
            <button type="button" aria-pressed={is_chosen.to_string()} onclick={tapped}>
                { format!("{label} ({})", clock::offset_name(moment)) }
            </button>
        }
    };
    let label = format!("{}-twice", field.id);
    html! {
        <div class="field" role="group" aria-labelledby={label.clone()}>
            <p class="hint" id={label}>
                { format!("{} comes twice on this day: clocks go back. Which one?", clock::time_of_day(at)) }
            </p>
            <div class="switch">
                { option(first, "First", !is_second) }
                { option(second, "Second", is_second) }
            </div>
        </div>
    }
}

/// The moment with its weekday and zone, or, of an empty field, the zone alone.
fn note(value: &str, site_zone: &str) -> String {
    let own = clock::device_zone().unwrap_or_else(|| "this device's time zone".to_owned());
    let differs = own != site_zone;
    let Some(at) = clock::from_input(value) else {
        return match differs {
            true => format!("Time zone: {own}. The site's is {site_zone}."),
            false => format!("Time zone: {own}."),
        };
    };
    let here = clock::dated(at, None).unwrap_or_default();
    let there = clock::dated(at, Some(site_zone)).filter(|there| differs && *there != here);
    match there {
        Some(there) => format!("{here} ({own}). At the site: {there} ({site_zone})."),
        None => format!("{here} ({own})."),
    }
}
