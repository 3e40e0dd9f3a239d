//! The sizes of what pages load, compared with their budgets. The build prints the sizes.

use std::fs;

use e2e::Server;
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
fn the_pinned_loader_fits_its_budget_with_50_other_hashes() {
    let hashes = 50;
    let worst = size::worst_pinned_loader(&workspace::dist(), &version(), hashes).unwrap();
    assert!(worst <= 2_048, "{worst} of 2048 bytes");
    assert!(worst > 500, "{worst}");
}

#[test]
fn a_quiet_page_loads_at_most_2048_bytes() {
    let server = Server::start();
    let site = json!({ "slug": "acme-sms", "name": "Acme SMS", "languages": ["en", "de"] });
    server.create_site(&site);
    let feed = server.get("/v1/sites/acme-sms/feed?lang=en");
    assert_eq!(feed.json["notices"], json!([]));
    let loader = fs::read(workspace::dist().join("assets/embed.js")).expect("a finished build");
    let brotli = |bytes: &[u8]| compress::brotli(bytes).unwrap().len();
    let (loader, feed) = (brotli(&loader), brotli(feed.text().as_bytes()));
    assert!(loader > 500 && feed > 50, "implausibly small");
    assert!(
        loader + feed <= size::QUIET_BUDGET,
        "the loader is {loader} bytes, its feed {feed}"
    );
}

#[test]
fn the_site_loader_of_a_quiet_site_has_at_most_2400_bytes() {
    let server = Server::start();
    let site = json!({ "slug": "acme-sms", "name": "Acme SMS", "languages": ["en", "de"] });
    server.create_site(&site);
    let loader = server.get("/s/acme-sms/embed.js");
    assert!(loader.text().contains("\"notices\":[]"));
    let size = compress::brotli(&loader.body).unwrap().len();
    assert!((500..=2_400).contains(&size), "{size} bytes");
}

#[test]
fn no_file_is_larger_than_its_budget() {
    let sizes = size::measure(&workspace::dist(), &version()).expect("a finished build");
    let size_of = |name: &str| {
        let found = sizes.iter().find(|size| size.name == name);
        found.unwrap_or_else(|| panic!("no {name} in {sizes:?}"))
    };
    for (name, budget) in [
        ("loader", 2_048),
        ("loader, pinned", 2_048),
        ("rules", 3_400),
        ("plain card", 2_744),
        ("its controller", 9_728),
        ("widget, total", 65_536),
    ] {
        let size = size_of(name);
        assert_eq!(size.budget, Some(budget), "{name}");
        assert!(
            size.brotli <= budget,
            "{name}: {} of {budget} bytes",
            size.brotli
        );
        assert!(
            size.brotli > 500,
            "{name}: {} bytes are too few to be true",
            size.brotli
        );
    }
}
