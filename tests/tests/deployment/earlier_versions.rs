//! The embedded files of earlier versions remain available after an upgrade: `serve` keeps them in the data folder, `deploy` downloads
//! them from the live deployment.

use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
};

use e2e::{Server, ServerOptions};
use serde_json::{Map, Value, json};
use tempfile::TempDir;
use time::OffsetDateTime;
use xtask::{build::stamp::files_under, live, workspace};

use crate::assets::{asset_table, check};

const DAY_S: i64 = 24 * 60 * 60;

/// `dist/` under another version.
fn dist_of(folder: &TempDir, version: &str) -> PathBuf {
    let (built, dist) = (workspace::dist(), folder.path().join(version));
    let current = version_in(&built);
    for file in files_under(&built).expect("run `cargo xtask build` first") {
        let relative = file.strip_prefix(&built).unwrap().to_str().unwrap();
        let copy = dist.join(relative.replace(&current, version));
        fs::create_dir_all(copy.parent().unwrap()).unwrap();
        match relative {
            "asset-table.json" | "assets/embed.json" => {
                let text = fs::read_to_string(&file).unwrap();
                fs::write(&copy, text.replace(&current, version)).unwrap();
            }
            _ => symlink(&file, &copy).unwrap(),
        }
    }
    dist
}

fn write_table(dist: &Path, table: &Map<String, Value>) {
    let text = Value::from(table.clone()).to_string();
    fs::write(dist.join("asset-table.json"), text).unwrap();
}

/// The version of a build.
fn version_in(dist: &Path) -> String {
    let release = fs::read(dist.join("assets/embed.json")).expect("run `cargo xtask build` first");
    let release: Value = serde_json::from_slice(&release).unwrap();
    release["version"].as_str().unwrap().to_owned()
}

fn is_available(server: &Server, version: &str) -> bool {
    let answer = server.get(&format!("/embed/{version}/widget_bg.wasm"));
    assert!(matches!(answer.status, 200 | 404), "{}", answer.text());
    answer.status == 200
}

#[test]
fn serve_keeps_earlier_versions_in_the_data_folder() {
    let folder = tempfile::tempdir().unwrap();
    let first = dist_of(&folder, "0.0.1-a");
    let mut server = Server::with(&ServerOptions {
        dist: Some(first.clone()),
        keeps_versions: true,
        ..ServerOptions::default()
    });
    server.restart_with(&dist_of(&folder, "0.0.1-b"));
    let table = asset_table(&first);
    let embedded = table
        .iter()
        .filter(|(path, _)| path.starts_with("/embed/0.0.1-a/"));
    let mut checked = 0;
    for (path, entry) in embedded {
        check(&server, &first, path, entry);
        checked += 1;
    }
    assert!(checked > 10, "{checked} files");
    for path in [
        "/embed/0.0.1-a/missing.js",
        "/embed/0.0.1-a/asset-table.json",
        "/embed/0.0.1-a/rules.js.br",
        "/embed/0.0.1-a/",
        "/embed/0.0.1-x/rules.js",
        "/embed/versions.json",
    ] {
        assert_eq!(server.get(path).status, 404, "{path}");
    }

    server.restart_with_clock_offset(15 * DAY_S);
    assert!(is_available(&server, "0.0.1-a"), "one of the last five");
    for version in ["c", "d", "e", "f"] {
        server.restart_with(&dist_of(&folder, &format!("0.0.1-{version}")));
    }
    assert!(is_available(&server, "0.0.1-a"), "one of the last five");
    server.restart_with(&dist_of(&folder, "0.0.1-g"));
    assert!(
        !is_available(&server, "0.0.1-a"),
        "15 days, and five others"
    );
    for version in ["b", "c", "d", "e", "f", "g"] {
        assert!(
            is_available(&server, &format!("0.0.1-{version}")),
            "{version}"
        );
    }
}

#[test]
fn a_data_folder_without_kept_versions_can_be_served() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::with(&ServerOptions {
        keeps_versions: true,
        ..ServerOptions::default()
    });
    fs::remove_dir_all(server.data().join("kept")).unwrap();
    let mut server = server;
    server.restart_with(&dist_of(&folder, "0.0.1-b"));
    assert!(is_available(&server, "0.0.1-b"));
    assert!(!is_available(&server, &version_in(&workspace::dist())));
}

#[test]
fn deploy_downloads_the_versions_that_are_live() {
    let folder = tempfile::tempdir().unwrap();
    let dist = dist_of(&folder, "0.0.1-b");
    let version = version_in(&workspace::dist());
    // An earlier version beside the live one.
    let earlier = dist_of(&folder, "0.0.1-a").join("assets/embed/0.0.1-a");
    let embed = dist.join("assets/embed");
    symlink(earlier, embed.join("0.0.1-a")).unwrap();
    let release = dist.join("assets/embed.json");
    let mut listed: Value = serde_json::from_slice(&fs::read(&release).unwrap()).unwrap();
    listed["earlier"] = json!([{ "version": "0.0.1-a", "replaced_at": "2026-11-21T08:00:00Z" }]);
    fs::write(&release, listed.to_string()).unwrap();
    let mut table = asset_table(&dist);
    for (path, entry) in asset_table(&folder.path().join("0.0.1-a")) {
        if path.starts_with("/embed/") {
            table.insert(path, entry);
        }
    }
    write_table(&dist, &table);
    let mut server = Server::with(&ServerOptions {
        dist: Some(dist.clone()),
        ..ServerOptions::default()
    });

    let downloaded = folder.path().join("downloaded");
    let now = OffsetDateTime::UNIX_EPOCH;
    let deployed = live::download(&format!("{}/", server.url()), &downloaded, now).unwrap();
    let names: Vec<&str> = deployed.versions.names().collect();
    assert_eq!(names, ["0.0.1-b", "0.0.1-a"]);
    let original = workspace::dist().join("assets/embed").join(&version);
    let mut compared = 0;
    for file in files_under(&original).unwrap() {
        let name = file.file_name().unwrap().to_str().unwrap();
        if name.ends_with(".br") || name.ends_with(".gz") {
            continue;
        }
        for version in ["0.0.1-a", "0.0.1-b"] {
            let copy = fs::read(downloaded.join(version).join(name)).unwrap();
            assert_eq!(copy, fs::read(&file).unwrap(), "{version}: {name}");
        }
        compared += 1;
    }
    assert!(compared > 10, "{compared} files");

    // Complete files are not downloaded again, incomplete ones are.
    table.remove("/embed/0.0.1-a/widget.js").unwrap();
    write_table(&dist, &table);
    server.restart();
    let rules = downloaded.join("0.0.1-b/rules.js");
    fs::write(&rules, "incomplete").unwrap();
    live::download(&server.url(), &downloaded, now).unwrap();
    assert_eq!(
        fs::read(&rules).unwrap(),
        fs::read(original.join("rules.js")).unwrap()
    );

    table.remove("/embed/0.0.1-a/files.json").unwrap();
    write_table(&dist, &table);
    server.restart();
    let error = live::download(&server.url(), &downloaded, now).unwrap_err();
    let error = format!("{error:#}");
    assert!(
        error.contains("/embed/0.0.1-a/files.json: status 404"),
        "{error}"
    );
    assert!(error.contains("cargo xtask deploy --first"), "{error}");
}

#[test]
fn deploy_explains_why_the_live_deployment_cannot_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let download = |url: &str| {
        let downloaded = folder.path().join("downloaded");
        let error = live::download(url, &downloaded, OffsetDateTime::UNIX_EPOCH).unwrap_err();
        format!("{error:#}")
    };
    let closed = download("http://127.0.0.1:9");
    assert!(
        closed.contains("http://127.0.0.1:9/embed.json: "),
        "{closed}"
    );
    assert!(closed.contains("cargo xtask deploy --first"), "{closed}");

    let dist = dist_of(&folder, "0.0.1-a");
    let rules = dist.join("assets/embed/0.0.1-a/rules.js");
    fs::remove_file(&rules).unwrap();
    fs::write(&rules, "damaged").unwrap();
    let mut table = asset_table(&dist);
    // Otherwise the download is the compressed copy, which is not damaged.
    table["/embed/0.0.1-a/rules.js"]["encodings"] = json!([]);
    write_table(&dist, &table);
    let server = Server::with(&ServerOptions {
        dist: Some(dist),
        ..ServerOptions::default()
    });
    let damaged = download(&server.url());
    let expected = "/embed/0.0.1-a/rules.js differs from its hash in files.json";
    assert!(damaged.contains(expected), "{damaged}");
}
