//! Pages with many incidents and long texts.

use super::*;

/// Text of random words, which hardly compresses.
fn random_text(seed: u64, characters: usize) -> String {
    let mut state = seed + 1;
    let mut text = String::new();
    while text.len() < characters {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        text.push_str(&format!("{:x} ", state >> 40));
    }
    text.truncate(characters);
    text
}

#[test]
fn severe_incidents_are_whole_and_the_last_are_list_items() {
    let mut site = Site::new();
    for number in 1..=30 {
        let impact = if number == 30 { "critical" } else { "minor" };
        let seed = u64::from(number) * 100;
        site.publish(
            number,
            json!({ "title": format!("Trouble {number}"), "impact": impact, "body": random_text(seed, 1500),
                    "advice": random_text(seed + 1, 800), "works": [random_text(seed + 2, 100)], "broken": [random_text(seed + 3, 100)] }),
        );
    }
    let page = site.status();
    for number in 1..=30 {
        assert!(
            page.contains(&format!(">Trouble {number}</a>")),
            "every incident is named: {number}"
        );
    }
    let whole = page.matches("class=\"pair\"").count();
    let cards = page.matches("<article").count();
    assert!((1..cards).contains(&whole) && cards < 30, "{whole} {cards}");
    let first = page.split("<article").nth(1).unwrap();
    assert!(
        first.contains(">Trouble 30</a>") && first.contains("class=\"pair\""),
        "{first}"
    );
    assert!(page.contains(">Read on</a>"));
    // The card page omits none, because audiences are matched in the browser.
    assert_eq!(site.card().matches("<article").count(), 30);
}

#[test]
fn a_long_timeline_links_to_the_incidents_page() {
    let mut site = Site::new();
    site.publish(1, json!({}));
    for number in 0..9 {
        site.update(1, json!({ "body": format!("Word {number}.") }));
    }
    for page in [site.status(), site.card()] {
        assert!(page.contains("Word 8.") && page.contains("Word 4.") && !page.contains("Word 3."));
        assert!(
            page.contains("<a href=\"/s/acme/incidents/inc_1\">All 10 updates</a>"),
            "{page}"
        );
    }
    let whole = site.incident(1).unwrap();
    assert!(whole.contains("Word 0.") && !whole.contains("All 10 updates"));
}
