//! The type declarations for hosts: TypeScript accepts a page that uses them, and the widget has
//! every declared member.

use std::process::Command;

use e2e::{Browser, Site};
use serde_json::json;
use xtask::workspace;

#[test]
fn typescript_accepts_a_host_page() {
    let root = workspace::root();
    let checked = Command::new(root.join("node_modules/.bin/tsc"))
        .args([
            "--noEmit",
            "--strict",
            "--target",
            "es2022",
            "--module",
            "es2022",
            "--lib",
            "es2022,dom",
        ])
        .arg("--noUnusedLocals")
        .arg(root.join("tests/pages/host.ts"))
        .output()
        .expect("tsc: run `cargo xtask build` first");
    assert!(
        checked.status.success(),
        "{}",
        String::from_utf8_lossy(&checked.stdout)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_widget_has_every_declared_member() {
    let types =
        std::fs::read_to_string(workspace::root().join("widget/loader/embed.d.ts")).unwrap();
    let (_, api) = types.split_once("interface Api {").unwrap();
    let (api, _) = api.split_once("\n    }").unwrap();
    let site = Site::empty();
    let page = site.page("");
    let browser = Browser::start().await;
    browser.goto(&page.url()).await;
    let names = browser
        .wait_for_script(
            "Allclear",
            "return window.Allclear ? Object.keys(Allclear) : []",
            |names| !names.as_array().unwrap().is_empty(),
        )
        .await;
    for name in names.as_array().unwrap() {
        let name = name.as_str().unwrap();
        assert!(
            [
                format!(" {name}("),
                format!(" {name}:"),
                format!(" {name}<")
            ]
            .iter()
            .any(|pattern| api.contains(pattern)),
            "{name} has no type"
        );
    }
    let typed = api.lines().filter(|line| line.ends_with(';')).count();
    assert_eq!(
        names.as_array().unwrap().len(),
        typed,
        "the widget has every typed member:\n{api}"
    );
    let state = browser
        .run("return Object.keys(Allclear.state).sort()")
        .await;
    assert_eq!(
        state,
        json!(["confirmed_at", "feed", "open", "shown", "stale"])
    );
}
