//! The choice of a notice's display in the app.

use notice::wire::words::{InApp, Kind};
use yew::{Callback, Html};

use crate::{
    input::{self, Choice, Field},
    words,
};

/// The choice; `None`: by severity, which only incidents have.
pub fn loud(kind: Kind, chosen: Option<InApp>, on: &Callback<Option<InApp>>) -> Html {
    let all = [InApp::Bar, InApp::Pill, InApp::Off]
        .into_iter()
        .map(|in_app| Choice::new(Some(in_app), words::in_app(in_app)));
    let automatic = match kind {
        Kind::Incident | Kind::Unknown => "Automatic (by severity)",
        Kind::Maintenance | Kind::Announcement => "Automatic",
    };
    let all = std::iter::once(Choice::new(None, automatic)).chain(all);
    let field = Field::new("in-app", "Display");
    input::choice(&field, Some(&chosen), all.collect(), on)
}
