//! Defaults for pages that do not declare a dimension of an audience.

use crate::{
    state::State,
    wire::{
        enums::{Impact, Kind, Undeclared},
        incident::AudienceDefaults,
    },
};

/// Returns the defaults for a notice with this kind and shown impact. They are stored in the event, so that later
/// changes of the site's settings or of this rule do not change who sees a published notice.
pub fn audience_defaults(state: &State, kind: Kind, impact: Impact) -> AudienceDefaults {
    let shows_minor = state
        .site
        .as_ref()
        .is_none_or(|site| site.minor_on_undeclared_pages);
    let is_minor = kind == Kind::Incident && !impact.is_serious();
    AudienceDefaults {
        undeclared_components: show_if(shows_minor || !is_minor),
        // A reader of a page that declares no segments may belong to none of the audience's, so only serious notices
        // are shown.
        undeclared_segments: show_if(impact.is_serious()),
    }
}

fn show_if(is_true: bool) -> Undeclared {
    if is_true {
        Undeclared::Show
    } else {
        Undeclared::Hide
    }
}
