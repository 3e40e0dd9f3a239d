//! Property test: a notice whose audience does not match the page is never shown.

#![cfg(test)]

use notice::{
    browser::{
        audience::PageContext,
        showing::{Memory, view},
        view::View,
    },
    wire::feed::Notice,
};
use proptest::prelude::*;
use serde_json::json;

/// Patterns, and whether they match each of [`PATHS`]. Written by hand, not computed.
const PATTERNS: [(&str, [bool; 5]); 4] = [
    ("/share/**", [true, true, false, false, false]),
    ("/share/*", [true, false, false, false, false]),
    ("/a", [false, false, true, false, false]),
    ("#/bill*", [false, false, false, false, true]),
];
const PATHS: [&str; 5] = ["/share/x", "/share/x/y", "/a", "/A", "#/billing"];
const SEGMENTS: [&str; 3] = ["eu", "us", "asia"];
const COMPONENTS: [&str; 3] = ["sending", "receiving", "reports"];

fn some_of<const N: usize>(all: [&'static str; N]) -> impl Strategy<Value = Vec<&'static str>> {
    proptest::sample::subsequence(all.to_vec(), 0..=N)
}

fn declared<const N: usize>(
    all: [&'static str; N],
) -> impl Strategy<Value = Option<Vec<&'static str>>> {
    proptest::option::of(some_of(all))
}

fn owned(list: &[&str]) -> Vec<String> {
    list.iter().map(|entry| (*entry).to_owned()).collect()
}

/// Whether a dimension excludes a page: it is not empty, and the page has none of its values.
fn is_excluded(named: &[&str], own: Option<&Vec<&str>>, undeclared: &str) -> bool {
    !named.is_empty()
        && match own {
            Some(own) => !own.iter().any(|entry| named.contains(entry)),
            None => undeclared == "hide",
        }
}

proptest! {
    #[test]
    fn pages_outside_the_audience_show_nothing(
        segments in some_of(SEGMENTS),
        components in some_of(COMPONENTS),
        patterns in proptest::sample::subsequence(vec![0_usize, 1, 2, 3], 0..=4),
        undeclared in proptest::sample::select(vec!["show", "hide"]),
        of_segments in proptest::sample::select(vec![None, Some("show"), Some("hide")]),
        of_components in proptest::sample::select(vec![None, Some("show"), Some("hide")]),
        slots in some_of(COMPONENTS),
        own_segments in declared(SEGMENTS),
        own_components in declared(COMPONENTS),
        path_index in 0_usize..5,
        impact in proptest::sample::select(vec!["none", "minor", "major", "critical", "maintenance"]),
        in_app in proptest::sample::select(vec!["off", "pill", "bar"]),
        is_over in any::<bool>(),
        (drill, page_drill, hold, seen) in any::<(bool, bool, bool, bool)>(),
        (attention, hidden_at) in (1_u32..5, proptest::option::of(0_u32..6)),
        hours in 0_i64..100,
    ) {
        let end = 1_795_248_000;
        let at = |hours: i64| notice::wire::time::Timestamp::from_seconds(end + hours * 3600);
        let restored = is_over.then(|| json!({
            "at": at(0), "seconds": 6000, "expires_at": at(72), "returning_until": at(24), "everyone_until": at(2)
        }));
        let paths: Vec<&str> = patterns.iter().map(|index| PATTERNS[*index].0).collect();
        let labelled: Vec<_> = segments.iter().map(|slug| json!({ "slug": slug, "label": slug })).collect();
        let notice: Notice = serde_json::from_value(json!({
            "id": "inc_1", "kind": if is_over { "restored" } else { "incident" }, "status": "identified", "title": "T",
            "impact": impact, "in_app": in_app, "hold": hold, "drill": drill, "attention": attention,
            "started_at": at(-2), "url": "https://status.example/i", "restored": restored,
            "audience": {
                "segments": labelled, "paths": paths, "components": components, "undeclared": undeclared,
                "undeclared_segments": of_segments, "undeclared_components": of_components
            }
        })).unwrap();
        let page = PageContext {
            segments: own_segments.as_deref().map(owned),
            components: own_components.as_deref().map(owned),
            slots: owned(&slots),
            paths: vec![PATHS[path_index].to_owned()],
            drill: page_drill,
        };
        let visits = [at(-1).seconds()];
        let memory = Memory { hidden_at, back_hidden_at: None, seen, visits: &visits };
        let is_on_other_path = !patterns.is_empty() && !patterns.iter().any(|index| PATTERNS[*index].1[path_index]);
        let in_slot = components.iter().any(|component| slots.contains(component));
        let is_hidden = is_excluded(&segments, own_segments.as_ref(), of_segments.unwrap_or(undeclared))
            || (!in_slot && is_excluded(&components, own_components.as_ref(), of_components.unwrap_or(undeclared)))
            || is_on_other_path
            || (drill && !page_drill)
            || in_app == "off";
        let shown = view(&notice, &page, memory, at(hours).seconds());
        if is_hidden {
            prop_assert_eq!(shown, View::Nothing);
        } else if !is_over && hidden_at.is_none() {
            prop_assert_ne!(shown, View::Nothing, "a page in the audience shows the notice");
        }
    }
}
