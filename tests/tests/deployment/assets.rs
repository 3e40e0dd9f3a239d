//! Every static file as the running server sends it, compared with the asset table, from which
//! Cloudflare's headers are generated too.

use std::{fs, path::Path};

use e2e::Server;
use serde_json::{Map, Value};
use xtask::workspace;

#[test]
fn static_files_are_served_as_the_asset_table_says() {
    let server = Server::start();
    let table = asset_table(&workspace::dist());
    assert!(table.contains_key("/embed.js"));
    for (path, entry) in table {
        check(&server, &workspace::dist(), &path, &entry);
    }
}

/// The asset table of a build.
pub fn asset_table(dist: &Path) -> Map<String, Value> {
    let table = fs::read(dist.join("asset-table.json")).unwrap();
    serde_json::from_slice(&table).unwrap()
}

/// Checks that the server answers a file of a build as the entry in its asset table says.
pub fn check(server: &Server, dist: &Path, path: &str, entry: &Value) {
    let field = |key: &str| entry[key].as_str();
    let file = dist.join("assets").join(field("file").unwrap());
    let plain = server.get(path);
    assert_eq!(plain.status, 200, "{path}");
    assert_eq!(plain.body, fs::read(&file).unwrap(), "{path}");
    for (header, expected) in [
        ("content-type", field("type")),
        ("cache-control", field("cache")),
        ("access-control-allow-origin", field("cors")),
        (
            "cross-origin-resource-policy",
            field("cors").map(|_| "cross-origin"),
        ),
        ("content-security-policy", field("csp")),
        ("x-content-type-options", Some("nosniff")),
        ("content-encoding", None),
    ] {
        assert_eq!(plain.header(header), expected, "{path}: {header}");
    }
    let date = plain.header("date").unwrap_or_default();
    assert!(httpdate::parse_http_date(date).is_ok(), "{path}: {date}");
    let etag = plain.header("etag").unwrap_or_default();
    assert!(etag.contains(field("etag").unwrap()), "{path}: {etag}");
    let known = server
        .request("GET", path)
        .header("if-none-match", etag)
        .send()
        .unwrap();
    assert_eq!((known.status, known.body.len()), (304, 0), "{path}");
    for header in [
        "etag",
        "cache-control",
        "access-control-allow-origin",
        "vary",
    ] {
        assert_eq!(
            known.header(header),
            plain.header(header),
            "{path}: {header} of the 304"
        );
    }

    let head = server.request("HEAD", path).send().unwrap();
    let length = plain.body.len().to_string();
    assert_eq!(
        head.header("content-length"),
        Some(length.as_str()),
        "{path}"
    );
    assert_eq!(head.header("etag"), Some(etag), "{path}");

    for encoding in entry["encodings"].as_array().unwrap() {
        let encoding = encoding.as_str().unwrap();
        let extension = if encoding == "gzip" { "gz" } else { encoding };
        let packed = server
            .request("GET", path)
            .header("accept-encoding", encoding)
            .send()
            .unwrap();
        assert_eq!(packed.header("content-encoding"), Some(encoding), "{path}");
        assert_eq!(
            packed.header("content-type"),
            field("type"),
            "{path}: {encoding}"
        );
        let twin = fs::read(format!("{}.{extension}", file.display())).unwrap();
        assert_eq!(packed.body, twin, "{path}: {encoding}");
        let own = packed.header("etag").unwrap();
        assert_ne!(own, etag, "{path}: {encoding}");
        let ask = |method: &str, known: &str| {
            let request = server.request(method, path).header("if-none-match", known);
            request.header("accept-encoding", encoding).send().unwrap()
        };
        assert_eq!(ask("GET", own).status, 304, "{path}: {encoding}");
        assert_eq!(ask("GET", etag).status, 200, "{path}: {encoding}");
        let head = ask("HEAD", "\"x\"");
        let length = twin.len().to_string();
        assert_eq!(
            head.header("content-length"),
            Some(length.as_str()),
            "{path}: {encoding}"
        );
        let refused = format!("{encoding};Q=0, gzip;q=abc");
        let request = server.request("GET", path);
        let refused = request.header("accept-encoding", &refused).send().unwrap();
        assert_eq!(
            refused.header("content-encoding"),
            None,
            "{path}: {encoding}"
        );
    }
}

#[test]
fn files_outside_the_asset_table_are_not_served() {
    let server = Server::start();
    for path in [
        "/_headers",
        "/.assetsignore",
        "/embed.js.br",
        "/embed",
        "/embed/",
        "/../asset-table.json",
    ] {
        assert_eq!(server.get(path).status, 404, "{path}");
    }
}
