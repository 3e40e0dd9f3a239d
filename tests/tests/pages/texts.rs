//! Operators' texts as pages and both cards draw them, for the table of `notice/vectors`.

use e2e::{Browser, Page, Server, Site, outage_with, page::html};
use notice::body::characters::has_visible_text;
use serde_json::{Value, json};

/// Defines `blocks`, which returns the blocks below an element in the table's notation. The card
/// has each text in a `data` element.
const BLOCKS: &str = "
    const merge = (parts) => parts.reduce((all, part) => {
        const joins = typeof part === 'string' && typeof all.at(-1) === 'string';
        return joins ? [...all.slice(0, -1), all.at(-1) + part] : [...all, part];
    }, []);
    const span = (node) => {
        if (node.nodeType === Node.TEXT_NODE) return [node.data];
        if (node.nodeType !== Node.ELEMENT_NODE) return [];
        const inner = run(node);
        const as = {
            data: inner, strong: [{ b: inner }], em: [{ i: inner }], code: [{ code: node.textContent }], br: [{ br: true }],
            a: [{ a: inner, href: node.getAttribute('href') }],
        };
        return as[node.localName] ?? [node.outerHTML];
    };
    const run = (node) => merge([...node.childNodes].flatMap(span));
    const block = (node) => {
        const items = [...node.children].map(run);
        const as = { p: { p: run(node) }, ul: { ul: items }, ol: { ol: items, start: node.start } };
        return as[node.localName] ?? [];
    };
    const blocks = (root) => [...root.children].flatMap(block);
";

/// The rows whose texts the server accepts: those that do not consist of marks only.
fn rows() -> Vec<Value> {
    let table = include_str!("../../../notice/vectors/markdown.json");
    let rows: Vec<Value> = serde_json::from_str(table).unwrap();
    let is_accepted = |row: &Value| has_visible_text(row["text"].as_str().unwrap());
    rows.into_iter().filter(is_accepted).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_incident_page_draws_each_markdown_row_as_in_the_table() {
    let site = Site::empty();
    let incident = site.publish(&outage_with(&json!({ "body": "Begin." })));
    for row in rows() {
        site.update(&incident, &json!({ "body": row["text"] }));
    }
    let browser = Browser::start().await;
    browser
        .goto(&format!(
            "{}/s/acme/incidents/{incident}",
            site.server.url()
        ))
        .await;
    let script = format!(
        "{BLOCKS} return [...document.querySelectorAll('.timeline .prose')].map(blocks).reverse()"
    );
    let drawn = browser.run(&script).await;
    let drawn = drawn.as_array().unwrap();
    assert_eq!(drawn.len(), rows().len() + 1);
    for (row, drawn) in rows().iter().zip(drawn.iter().skip(1)) {
        assert_eq!(*drawn, row["blocks"], "{}", row["name"]);
    }
}

/// Some rows of the table, joined to one text: rows that do not change each other's meaning.
fn combined() -> Value {
    let names = [
        "a line that begins with a date is not a list",
        "numbers continue across paragraphs",
        "a link with marks in its text",
        "a javascript URL is not a link",
        "balanced parentheses belong to an address",
        "underscores belong to an address",
        "parentheses around an address are text",
        "a link as copied from Slack",
        "HTML is text",
    ];
    let rows = rows();
    let of_name = |name| rows.iter().find(|row| row["name"] == name).unwrap();
    let rows = names.map(of_name);
    let text = |field: &str| rows.map(|row| row[field].as_str().unwrap()).join("\n\n");
    let list = |field: &str| -> Vec<Value> {
        rows.iter()
            .flat_map(|row| row[field].as_array().unwrap().clone())
            .collect()
    };
    json!({ "text": text("text"), "plain": text("plain"), "blocks": list("blocks"), "links": list("links") })
}

/// Opens a host page with the card expanded, and runs a script with its advice as `advice`.
async fn run_in_card(server: &Server, policy: Option<&str>, script: &str) -> Value {
    let page = Page::host_with_policy(&html(&server.embed("acme", "data-shadow=open")), policy);
    let browser = Browser::start().await;
    browser.goto(&page.url()).await;
    let root = "const root = document.querySelector('allclear-banner')?.shadowRoot;";
    let expand = format!(
        "{root} const toggle = root?.querySelector('[part~=toggle][aria-expanded=false]');
         toggle?.click(); return !!root?.querySelector('[aria-expanded=true]') && !!root.querySelector('[part~=advice]')"
    );
    browser
        .wait_for_script("the open card", &expand, |open| *open == json!(true))
        .await;
    browser
        .run(&format!(
            "{root} const advice = root.querySelector('[part~=advice]'); {script}"
        ))
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn both_cards_draw_the_same_text() {
    let site = Site::empty();
    let combined = combined();
    site.publish(&outage_with(&json!({ "advice": combined["text"] })));
    let script = format!("{BLOCKS} return blocks(advice)");
    let drawn = run_in_card(&site.server, None, &script).await;
    assert_eq!(drawn, combined["blocks"]);

    let origin = site.server.url();
    let policy = format!("default-src 'none'; script-src {origin}; connect-src {origin}");
    let script = "return { plain: advice.textContent, links: [...advice.querySelectorAll('a')].map((link) => [link.textContent, link.getAttribute('href')]) }";
    let drawn = run_in_card(&site.server, Some(&policy), script).await;
    assert_eq!(drawn["plain"], combined["plain"]);
    assert_eq!(drawn["links"], combined["links"]);
}

/// The script of a page as it is.
const CLIPPED: &str = "";
/// A script that shows the parts of texts that the page clips.
const UNCLIPPED: &str = "const sheet = new CSSStyleSheet(); sheet.replaceSync('* { overflow: visible !important }'); document.adoptedStyleSheets = [sheet]";

/// Runs a script in a page; returns screenshots of elements of the page.
async fn take_pictures(site: &Site, path: &str, script: &str, selectors: &[&str]) -> Vec<Value> {
    let browser = Browser::start().await;
    browser.set_viewport(800, 1800, 1.0).await;
    browser.goto(&format!("{}{path}", site.server.url())).await;
    browser.run(script).await;
    let mut pictures = Vec::new();
    for selector in selectors {
        let rectangle = format!(
            "const {{ x, y, width, height }} = document.querySelector({}).getBoundingClientRect();
             return {{ x, y, width, height, scale: 1 }}",
            json!(selector)
        );
        let clip = browser.run(&rectangle).await;
        let picture = browser
            .devtools("Page.captureScreenshot", json!({ "clip": clip }))
            .await;
        pictures.push(picture["data"].clone());
    }
    pictures
}

#[tokio::test(flavor = "multi_thread")]
async fn combining_marks_do_not_reach_the_lines_around_them() {
    // Above and below the letter, higher than a line.
    let [above, below] = ["\u{301}", "\u{323}"].map(|mark| mark.repeat(60));
    let publish = |above: &str, below: &str| {
        let site = Site::new("acme", "Acme SMS", &["Sending"]);
        let text = |text: &str| format!("{text} o{above} o{below}");
        let incident = site.publish(&outage_with(&json!({
            "title": text("Delayed"), "advice": text("Do not resend."), "body": text("We are looking."),
            "works": [text("Receiving")], "broken": [text("Sending")], "components": [{ "id": "sending" }],
        })));
        (site, incident)
    };
    let (calm, calm_id) = publish("", "");
    let (marked, marked_id) = publish(&above, &below);
    let around = [
        "header",
        ".severity",
        "article .soft",
        ".box .label",
        ".pair .label",
        ".word",
    ];
    let pages = [
        (
            "",
            [
                around.as_slice(),
                &["h1.overall", ".timeline .soft", "#recent"],
            ]
            .concat(),
        ),
        (
            "/incidents",
            [
                around.as_slice(),
                &["#affected", "#timeline h2", ".timeline .soft"],
            ]
            .concat(),
        ),
    ];
    for (page, selectors) in pages {
        let path = |id: &str| match page {
            "" => "/s/acme".to_owned(),
            _ => format!("/s/acme{page}/{id}"),
        };
        let expected = take_pictures(&calm, &path(&calm_id), CLIPPED, &selectors).await;
        let clipped = take_pictures(&marked, &path(&marked_id), CLIPPED, &selectors).await;
        let unclipped = take_pictures(&marked, &path(&marked_id), UNCLIPPED, &selectors).await;
        for (index, selector) in selectors.iter().enumerate() {
            assert!(
                clipped[index] == expected[index],
                "{path}: ink over {selector}",
                path = path("…")
            );
        }
        let reached = unclipped
            .iter()
            .zip(&expected)
            .filter(|(found, expected)| found != expected);
        assert!(reached.count() > 3, "the marks are too short for this test");
    }
}
