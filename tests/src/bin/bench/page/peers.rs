//! Other products' widgets, embedded as their documentation says. Their data is made up, in the form that each expects.

use std::{fs, path::Path, process::Command};

use serde_json::{Value, json};
use xtask::{command::capture, node};

use super::product::{Data, File, Form, Product, Source};

const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";

/// The widgets on npm, which are installed in this folder.
pub fn from_npm(folder: &Path) -> Vec<Product> {
    vec![statuspage(folder), openstatus(folder)]
}

/// The widgets that have a checkout in this folder, or the names of those without.
pub fn from_checkouts(folder: &Path) -> Vec<Result<Product, &'static str>> {
    let found = |path: &str| {
        (!folder.as_os_str().is_empty())
            .then(|| folder.join(path))
            .filter(|path| path.is_dir())
    };
    let signalwire = found("status-widget").map(|folder| signalwire(&folder));
    let hund = found("status.js").map(|folder| hund(&folder));
    vec![
        signalwire.ok_or("signalwire/status-widget"),
        hund.ok_or("hundio/status.js"),
    ]
}

fn read(folder: &Path, path: &str) -> String {
    let path = folder.join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The version in a folder's package.json.
fn version(folder: &Path) -> String {
    let manifest: Value = serde_json::from_str(&read(folder, "package.json")).expect("JSON");
    manifest["version"].as_str().expect("a version").to_owned()
}

fn file(path: &str, media_type: &'static str, body: String) -> File {
    File {
        path: path.to_owned(),
        media_type,
        body,
    }
}

fn statuspage(folder: &Path) -> Product {
    let package = folder.join("node_modules/@statuspage/status-widget");
    let names = [
        "API",
        "Sending",
        "Receiving",
        "Reports",
        "Console",
        "Billing",
    ];
    let summary = |broken: &str, indicator: &str, description: &str| {
        let components: Vec<Value> = names
            .iter()
            .enumerate()
            .map(|(position, name)| {
                let status = if *name == broken { "partial_outage" } else { "operational" };
                json!({
                    "id": format!("component{position}"), "name": name, "status": status, "position": position,
                    "created_at": "2026-01-01T00:00:00.000Z", "updated_at": "2026-11-01T00:00:00.000Z",
                    "description": null, "showcase": false, "start_date": null, "group_id": null,
                    "page_id": "acme", "group": false, "only_show_if_degraded": false,
                })
            })
            .collect();
        json!({
            "page": { "id": "acme", "name": "Acme", "url": "https://status.example", "time_zone": "Etc/UTC",
                      "updated_at": "2026-11-01T00:00:00.000Z" },
            "components": components, "incidents": [], "scheduled_maintenances": [],
            "status": { "indicator": indicator, "description": description },
        })
        .to_string()
    };
    Product {
        name: format!("@statuspage/status-widget {}", version(&package)),
        source: Source::Npm,
        head: "<script src=\"__ORIGIN__/statuspage/index.js\"></script>".to_owned(),
        body: "<statuspage-widget src=\"__ORIGIN__\"></statuspage-widget>".to_owned(),
        texts: vec!["Partial System Outage"],
        files: vec![file(
            "/statuspage/index.js",
            SCRIPT,
            read(&package, "dist/index.js"),
        )],
        data: vec![Data {
            path: "/api/v2/summary.json",
            form: Form::Json,
            outage: summary("Sending", "major", "Partial System Outage"),
            quiet: summary("", "none", "All Systems Operational"),
        }],
    }
}

fn openstatus(folder: &Path) -> Product {
    let package = folder.join("node_modules/@openstatus/react");
    let bundled = capture(
        Command::new(node::esbuild().expect("esbuild is installed"))
            .arg(folder.join("openstatus.jsx"))
            .args(["--bundle", "--minify", "--jsx=automatic", "--target=es2020"])
            .arg("--define:process.env.NODE_ENV=\"production\""),
    );
    let script = bundled.unwrap_or_else(|error| panic!("{error:#}"));
    Product {
        name: format!("@openstatus/react {}", version(&package)),
        source: Source::Npm,
        head: "<link rel=stylesheet href=\"__ORIGIN__/openstatus/styles.css\">\
               <script async type=module src=\"__ORIGIN__/openstatus/widget.js\"></script>"
            .to_owned(),
        body: "<div id=openstatus></div>".to_owned(),
        texts: vec!["Incident"],
        files: vec![
            file(
                "/openstatus/widget.js",
                SCRIPT,
                script.replace("https://api.openstatus.dev", "__ORIGIN__"),
            ),
            file(
                "/openstatus/styles.css",
                STYLE,
                read(&package, "dist/styles.css"),
            ),
        ],
        data: vec![Data {
            path: "/public/status/acme",
            form: Form::Json,
            outage: json!({ "status": "incident" }).to_string(),
            quiet: json!({ "status": "operational" }).to_string(),
        }],
    }
}

/// The dashboard of `<sw-status>`, which shows the incident's title. Its build copies these files.
fn signalwire(folder: &Path) -> Product {
    let quiet = read(folder, "data/snapshot.json");
    let mut outage: Value = serde_json::from_str(&quiet).expect("JSON");
    let service = outage["services"][0]["id"].clone();
    let update = json!({
        "id": "update", "reported_at": "2026-11-01T00:00:00Z", "message": "We are looking into it.",
        "status": { "name": "investigating" }, "severity": { "name": "major" },
        "impacts": [{ "service": { "id": service, "name": "APIs" }, "severity": { "name": "outage" } }],
    });
    outage["posts"] = json!([{
        "id": "post", "post_type": "incident", "title": e2e::TITLE, "reported_at": "2026-11-01T00:00:00Z",
        "latest_update": update, "updates": [update],
    }]);
    Product {
        name: format!("signalwire/status-widget {}", version(folder)),
        source: Source::Checkout,
        head: "<link rel=stylesheet href=\"__ORIGIN__/signalwire/swstatus.css\">\
               <script src=\"__ORIGIN__/signalwire/swstatus.js\"></script>"
            .to_owned(),
        body: "<sw-status src=\"__ORIGIN__/signalwire/snapshot.json\"></sw-status>".to_owned(),
        texts: vec![e2e::TITLE],
        files: vec![
            file(
                "/signalwire/swstatus.js",
                SCRIPT,
                read(folder, "src/swstatus.js"),
            ),
            file(
                "/signalwire/swstatus.css",
                STYLE,
                read(folder, "src/swstatus.css"),
            ),
        ],
        data: vec![Data {
            path: "/signalwire/snapshot.json",
            form: Form::Json,
            outage: outage.to_string(),
            quiet,
        }],
    }
}

fn hund(folder: &Path) -> Product {
    let version = version(folder);
    let event = |state: &str, issues: Value| {
        let data = json!({ "state": state, "percent_uptime": 99.9, "incident_free_streak": 0, "issues": issues });
        format!("event: init_event\ndata: {data}\n\n")
    };
    let issue = json!({
        "id": "issue", "title": e2e::TITLE, "body": "We are looking into it.", "began_at": 1_790_000_000,
        "created_at": 1_790_000_000, "scheduled": false, "components": [{ "name": "Sending" }], "updates": [],
    });
    let script = read(folder, "dist/status.js");
    Product {
        name: format!("hundio/status.js {version}"),
        source: Source::Checkout,
        head: "<script src=\"__ORIGIN__/hund/status.js\"></script>".to_owned(),
        body: "<div id=status></div>\
               <script>new Status.Widget({ hostname: \"__ORIGIN__\", selector: \"#status\" })</script>"
            .to_owned(),
        texts: vec!["outage"],
        files: vec![
            file(
                "/hund/status.js",
                SCRIPT,
                script.replace("https://libraries.hund.io/status-js/", "__ORIGIN__/hund/"),
            ),
            file(&format!("/hund/status-{version}.css"), STYLE, read(folder, "dist/status.css")),
        ],
        data: vec![Data {
            path: "/live/v2/status_page",
            form: Form::Events,
            outage: event("outage", json!([issue])),
            quiet: event("operational", json!([])),
        }],
    }
}
