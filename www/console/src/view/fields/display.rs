//! The choice of how a notice is displayed in the app.

use notice::wire::enums::{InApp, Kind};
use yew::{Callback, Html};

use crate::{
    text::labels,
    ui::input::{self, Choice, Field},
};

/// Renders the choice. `None` is automatic: for incidents by severity.
pub fn display(kind: Kind, chosen: Option<InApp>, on: &Callback<Option<InApp>>) -> Html {
    let all = [InApp::Bar, InApp::Pill, InApp::Off]
        .into_iter()
        .map(|in_app| Choice::new(Some(in_app), labels::in_app(in_app)));
    let automatic = match kind {
        Kind::Incident | Kind::Unknown => "Automatic (by severity)",
        Kind::Maintenance | Kind::Announcement => "Automatic",
    };
    let all = std::iter::once(Choice::new(None, automatic)).chain(all);
    let field = Field::new("in-app", "Display");
    input::choice(&field, Some(&chosen), all.collect(), on)
}
