//! What pages load, against the budgets: the build prints the numbers, this fails when one is over.

use std::fs;

use e2e::{ROOT_TOKEN, Server};
use serde_json::{Value, json};
use xtask::{
    build::{compress, size},
    workspace,
};

fn version() -> String {
    let release = fs::read(workspace::dist().join("assets/embed.json"));
    let release = release.expect("dist/ is missing: run `cargo xtask build` first");
    let release: Value = serde_json::from_slice(&release).unwrap();
    release["version"].as_str().unwrap().to_owned()
}

#[test]
fn no_hash_is_so_unlucky_that_the_pinned_loader_grows_too_large() {
    let worst = size::worst_pinned_loader(&workspace::dist(), &version(), 50).unwrap();
    assert!(worst <= 2_048, "{worst} of 2048 bytes");
    assert!(worst > 500, "{worst}");
}

#[test]
fn a_quiet_page_loads_at_most_2048_bytes() {
    let server = Server::start();
    let site = json!({ "slug": "acme-sms", "name": "Acme SMS", "languages": ["en", "de"] });
    let made = server.post("/v1/sites", ROOT_TOKEN, &site);
    assert_eq!(made.status, 201, "{}", made.text());
    let feed = server.get("/v1/sites/acme-sms/feed?lang=en");
    assert_eq!(feed.json["notices"], json!([]));
    let loader = fs::read(workspace::dist().join("assets/embed.js")).expect("a finished build");
    let brotli = |bytes: &[u8]| compress::brotli(bytes).unwrap().len();
    let (loader, feed) = (brotli(&loader), brotli(feed.text().as_bytes()));
    assert!(loader > 500 && feed > 50, "too few to be true");
    assert!(
        loader + feed <= size::QUIET_BUDGET,
        "the loader is {loader} bytes, its feed {feed}"
    );
}

#[test]
fn nothing_is_larger_than_promised() {
    let sizes = size::measure(&workspace::dist(), &version()).expect("a finished build");
    let of = |what: &str| {
        let found = sizes.iter().find(|size| size.what == what);
        found.unwrap_or_else(|| panic!("no {what} in {sizes:?}"))
    };
    for (what, budget) in [
        ("loader", 2_048),
        ("loader, pinned", 2_048),
        ("rules", 2_560),
        ("plain card", 2_560),
        ("widget, both", 69_632),
    ] {
        let size = of(what);
        assert_eq!(size.budget, Some(budget), "{what}");
        assert!(
            size.brotli <= budget,
            "{what}: {} of {budget} bytes",
            size.brotli
        );
        assert!(
            size.brotli > 500,
            "{what}: {} bytes are too few to be true",
            size.brotli
        );
    }
}
