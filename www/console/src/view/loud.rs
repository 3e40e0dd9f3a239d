//! The choice of a notice's display in the app.

use notice::wire::words::InApp;
use yew::{Callback, Html};

use crate::{
    input::{self, Choice, Field},
    words,
};

/// The choice; `None`: by severity.
pub fn loud(chosen: Option<InApp>, on: &Callback<Option<InApp>>) -> Html {
    let all = [InApp::Bar, InApp::Pill, InApp::Off]
        .into_iter()
        .map(|in_app| Choice::new(Some(in_app), words::in_app(in_app)));
    let all = std::iter::once(Choice::new(None, "Automatic (by severity)")).chain(all);
    let field = Field::new("in-app", "Display");
    input::choice(&field, Some(&chosen), all.collect(), on)
}
