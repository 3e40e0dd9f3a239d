//! The choice of a component's status.

use notice::wire::enums::{ComponentStatus, Impact};
use yew::{Callback, Html, html};

use crate::text::labels;

/// Renders the statuses as buttons. `name` is the component's name.
pub fn buttons(name: &str, value: Option<ComponentStatus>, on: &Callback<ComponentStatus>) -> Html {
    let choices = [
        ComponentStatus::DegradedPerformance,
        ComponentStatus::PartialOutage,
        ComponentStatus::MajorOutage,
        ComponentStatus::Operational,
    ];
    html! {
        <div class="switch statuses" role="group" aria-label={format!("Status of {name}")}>
            { for choices.into_iter().map(|status| {
                let on = on.clone();
                html! {
                    <button type="button" class={labels::component_tone(status)} aria-pressed={(value == Some(status)).to_string()}
                        onclick={Callback::from(move |_| on.emit(status))}>{ labels::component_status(status) }</button>
                }
            }) }
        </div>
    }
}

/// Returns the status that the server sets for a severity if none is chosen.
pub fn default_for(impact: Option<Impact>) -> Option<ComponentStatus> {
    Some(match impact? {
        Impact::Minor => ComponentStatus::DegradedPerformance,
        Impact::Major => ComponentStatus::PartialOutage,
        Impact::Critical => ComponentStatus::MajorOutage,
        Impact::Maintenance => ComponentStatus::UnderMaintenance,
        Impact::None | Impact::Unknown => ComponentStatus::Operational,
    })
}
