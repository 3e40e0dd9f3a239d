//! Icons for a square of 20 px, distinguishable by shape alone.

use crate::element::{Attribute, Element, element};

/// The icon of a severity, or of the lists `works` and `broken`.
pub fn icon(name: &str) -> Element {
    let shape = match name {
        "critical" => "M7 2.5h6L17.5 7v6L13 17.5H7L2.5 13V7zM6.5 10h7",
        "major" => "M10 2.8 18 16.8H2zM10 8v4M10 14.4v.01",
        "minor" => "M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 1 0 0-15zM10 6.2v4.4M10 13.6v.01",
        "maintenance" => {
            "M15.8 3.2 13 6l.5 2.5 2.5.5 2.8-2.8a5 5 0 0 1-6.6 6.4l-6 6a2 2 0 0 1-2.9-2.8l6.1-6a5 5 0 0 1 6.4-6.6z"
        }
        "restored" => "M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 1 0 0-15zM6.5 10.2l2.4 2.4 4.6-5",
        "works" => "M4 10.5l4 4 8-9",
        "broken" => "M5 5l10 10M15 5 5 15",
        _ => "M3 4h14v10H9l-4 3.5V14H3z",
    };
    element("svg")
        .class("icon")
        .set_static(Attribute::ViewBox, "0 0 20 20")
        .set_static(Attribute::Hidden, "true")
        .child(element("path").set_static(Attribute::D, shape))
}
