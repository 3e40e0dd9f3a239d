//! Whether pages see a notice that do not declare what its audience names, where the operator does not say.

use crate::{
    state::State,
    wire::{
        incident::AudienceDefaults,
        words::{Impact, Kind, Undeclared},
    },
};

/// What holds from now on for a notice of this kind that shows this impact. It is written into the event, so that neither
/// the site's setting nor this rule can later change who sees what is published.
pub fn audience_defaults(state: &State, kind: Kind, impact: Impact) -> AudienceDefaults {
    let shows_minor = state
        .site
        .as_ref()
        .is_none_or(|site| site.minor_on_undeclared_pages);
    let is_minor = kind == Kind::Incident && !impact.is_serious();
    AudienceDefaults {
        undeclared_components: shown(shows_minor || !is_minor),
        // Whoever reads it there may be none of those it is for: worth it only for what is serious.
        undeclared_segments: shown(impact.is_serious()),
    }
}

fn shown(is_shown: bool) -> Undeclared {
    if is_shown {
        Undeclared::Show
    } else {
        Undeclared::Hide
    }
}
