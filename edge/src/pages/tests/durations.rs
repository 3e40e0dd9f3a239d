//! Durations read as in the cards and in the console.

use super::*;

#[test]
fn durations_and_distances_equal_those_of_the_card() {
    let site = Site::new();
    let language = Language::parse("en").unwrap();
    let table = include_str!("../../../../notice/vectors/durations.json");
    let table: Json = serde_json::from_str(table).unwrap();
    for row in table.as_array().unwrap() {
        let seconds = row["seconds"].as_u64().unwrap();
        let context = Context {
            site: site.state.site.as_ref().unwrap(),
            state: &site.state,
            public_url: "https://status.example.com",
            base: "/s/acme",
            language: &language,
            texts: Texts::in_language(&language),
            dates: &Utc,
            now: Timestamp::from_seconds(NOW),
        };
        let plain = |text: String| text.replace('\u{a0}', " ");
        assert_eq!(plain(context.duration(seconds)), row["took"], "{seconds}");
        let ago = context.distance(context.now.plus_seconds(-i64::try_from(seconds).unwrap()));
        let expected = format!("{} ago", row["distance"].as_str().unwrap());
        assert_eq!(plain(ago), expected, "{seconds}");
    }
}
