//! What pages load, against the budgets: the build prints the numbers, this fails when one is over.

use std::fs;

use serde_json::Value;
use xtask::{build::size, workspace};

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
        ("plain card", 2_048),
        ("widget, both", 65_536),
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
