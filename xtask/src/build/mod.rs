//! Builds everything into `dist/`.
//!
//! `dist/assets/` has the static files by URL path, so that any static host can serve them. `dist/asset-table.json` has their
//! response headers, `dist/worker/` the Worker, `dist/workerd.capnp` the configuration of workerd.

pub mod assets;
pub mod compress;
pub mod console;
mod content_policy;
pub mod earlier;
mod globals;
mod headers;
mod import_names;
pub mod integrity;
pub mod loader;
mod media_type;
mod minify;
mod never_called;
mod panic_data;
pub mod release;
mod scripts;
pub mod site_loader;
pub mod size;
pub mod stamp;
mod unused_imports;
mod wasm;
pub mod widget;
pub mod worker;

use std::{fs, path::Path, thread};

use anyhow::{Context, bail};

use crate::{
    progress::{self, Planned},
    setup,
    versions::Versions,
    workerd::{Network, configuration},
    workspace::{dist, root},
};

use earlier::Deployed;
use release::Release;
use stamp::hash_of;

const CAPNP: &str = include_str!("../../workerd.capnp");
/// The comment at lines of the configuration that only `serve` needs.
const KEPT_MARK: &str = "# kept versions";
/// The type definitions of the loader. They do not change the version, because they do not run.
const TYPES: &str = include_str!("../../../widget/loader/embed.d.ts");

/// The files of `www/pages` that are served as they are. `scripts` bundles the others.
const PAGE_FILES: [&str; 3] = ["page.css", "dark.css", "icon.svg"];

/// The steps of `run`: their names, and their approximate durations in the first build.
const STEPS: [(&str, Option<&str>); 5] = [
    (
        "Building the Worker",
        Some("about 5 minutes at first, in parallel with the next three"),
    ),
    ("Building the widget", Some("about 2 minutes at first")),
    ("Building the loader", None),
    ("Building the console", Some("about 3 minutes at first")),
    ("Compressing the static files", None),
];

/// The steps that `run` will run, including installations.
pub fn planned() -> anyhow::Result<Vec<Planned>> {
    let is_first = !dist().exists();
    let steps = STEPS.iter().map(|(what, at_first)| Planned {
        what: (*what).to_owned(),
        estimate: at_first.filter(|_| is_first),
    });
    let mut planned = setup::planned()?;
    planned.extend(steps);
    Ok(planned)
}

/// Installs missing tools, builds everything, and returns the version.
pub fn run() -> anyhow::Result<String> {
    run_after(None)
}

/// Like [`run`]; also adds the versions that are deployed, so that they remain available.
pub fn run_after(deployed: Option<&Deployed>) -> anyhow::Result<String> {
    let tools = setup::run()?;
    let [for_worker, for_widget, for_loader, for_console, for_files] = STEPS.map(|(what, _)| what);
    let (widget, loader, console) = thread::scope(|scope| {
        // The Worker and the rest are built in parallel, because linking takes most of the time and
        // uses only one processor.
        let worker = scope.spawn(|| progress::step(for_worker, || worker::build(&tools)));
        let build_for_browsers = || {
            let widget = progress::step(for_widget, || widget::build(&tools))?;
            let loader = progress::step(for_loader, || {
                loader::build(&[
                    ("widget.js", &widget.glue),
                    ("widget_bg.wasm", &widget.wasm),
                ])
            })?;
            let console = progress::step(for_console, || console::build(&tools))?;
            anyhow::Ok((widget, loader, console))
        };
        let built = build_for_browsers();
        worker
            .join()
            .unwrap_or_else(|_| bail!("building the Worker failed"))?;
        built
    })?;
    let version = version(&widget, &loader);
    progress::step(for_files, || {
        write_files(&version, deployed, &widget, &loader, &console)
    })?;
    size::print(&size::measure(&dist(), &version)?);
    let release = fs::read_to_string(dist().join("assets/embed.json"))?;
    eprintln!("\n  Pin this version with (also in dist/assets/embed.json): {release}");
    Ok(version)
}

/// The version of the build: the package's version, and a hash of all files that a page loads.
/// Since the files' URLs contain the version, the files can be cached without a limit.
fn version(widget: &widget::Widget, loader: &loader::Loader) -> String {
    let mut parts = vec![
        widget.glue.as_slice(),
        &widget.wasm,
        loader.current.as_bytes(),
    ];
    parts.extend(loader.modules.iter().map(|(_, script)| script.as_bytes()));
    let joined: String = parts.into_iter().map(hash_of).collect();
    let short: String = hash_of(joined.as_bytes()).chars().take(8).collect();
    format!("{}-{short}", env!("CARGO_PKG_VERSION"))
}

fn write_files(
    version: &str,
    deployed: Option<&Deployed>,
    widget: &widget::Widget,
    loader: &loader::Loader,
    console: &console::Console,
) -> anyhow::Result<()> {
    let folder = dist().join("assets");
    if folder.exists() {
        fs::remove_dir_all(&folder).context("cannot empty dist/assets")?;
    }
    copy_tree(&root().join("www/site"), &folder)?;
    for page in ["api.md", "privacy.md"] {
        let text = root().join("docs").join(page);
        fs::copy(&text, folder.join("docs").join(page))
            .with_context(|| format!("cannot copy {}", text.display()))?;
    }
    for name in PAGE_FILES {
        let bytes = fs::read(root().join("www/pages").join(name))
            .with_context(|| format!("cannot read www/pages/{name}"))?;
        write(&folder, &format!("pages/{name}"), &bytes)?;
    }
    for (path, script) in scripts::build()? {
        write(&folder, path, script.as_bytes())?;
    }
    let current = loader::with_version(&loader.current, version);
    write(&folder, "embed.js", current.as_bytes())?;
    let site = loader
        .site
        .json(|script| loader::with_version(script, version))?;
    write(&folder, site_loader::FILE, site.as_bytes())?;
    let versioned = loader::with_version(&loader.versioned, version);
    let versions = match deployed {
        Some(deployed) => deployed.followed_by(version),
        None => Versions::first(version),
    };
    let release = Release::of(&versions, versioned.as_bytes());
    write(&folder, "embed.json", release.json()?.as_bytes())?;
    let scripts = loader.modules.iter();
    let scripts = scripts.map(|(name, script)| (name.as_str(), script.as_bytes()));
    let texts = widget.texts.iter();
    let texts = texts.map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
    let others = [
        ("embed.js", versioned.as_bytes()),
        ("widget.js", &widget.glue),
        ("widget_bg.wasm", &widget.wasm),
        ("embed.d.ts", TYPES.as_bytes()),
    ];
    for (name, bytes) in scripts.chain(texts).chain(others) {
        write(&folder, &format!("embed/{version}/{name}"), bytes)?;
    }
    let embed = folder.join("embed");
    let files = release::files_json(&embed.join(version))?;
    write(
        &embed,
        &format!("{version}/{}", release::FILES),
        files.as_bytes(),
    )?;
    earlier::copy_earlier(&embed, version)?;
    if let Some(deployed) = deployed {
        deployed.copy(&versions, &embed)?;
    }
    write_console(&folder, console)?;
    let mut table = assets::Table::of(&folder)?;
    table.compress(&folder)?;
    write(&folder, "_headers", headers::render(&table)?.as_bytes())?;
    // Cloudflare compresses files itself, and must not publish the copies.
    write(&folder, ".assetsignore", b"*.br\n*.gz\n")?;
    write(&dist(), "asset-table.json", table.json()?.as_bytes())?;
    for (name, text) in configurations(version) {
        write(&dist(), &name, text.as_bytes())?;
    }
    Ok(())
}

/// The configurations of workerd, by file name (`workerd::configuration`).
fn configurations(version: &str) -> Vec<(String, String)> {
    let mut configurations = Vec::new();
    for network in [Network::Public, Network::PublicAndPrivate] {
        let addresses = match network {
            Network::Public => "\"public\"",
            Network::PublicAndPrivate => "\"public\", \"private\"",
        };
        for keeps_versions in [false, true] {
            let lines = CAPNP.lines();
            let lines = lines.filter(|line| keeps_versions || !line.contains(KEPT_MARK));
            let text: String = lines.flat_map(|line| [line, "\n"]).collect();
            let text = text
                .replace("@VERSION@", version)
                .replace("@NETWORK@", addresses);
            configurations.push((configuration(network, keeps_versions), text));
        }
    }
    configurations
}

/// Writes the console's files, and the name of their folder into its page.
fn write_console(folder: &Path, console: &console::Console) -> anyhow::Result<()> {
    let version = console.version();
    for (name, bytes) in [
        ("console.js", &console.glue),
        ("console_bg.wasm", &console.wasm),
    ] {
        write(folder, &format!("console/{version}/{name}"), bytes)?;
    }
    let page = fs::read_to_string(folder.join("console.html"))
        .context("www/site/console.html is missing")?;
    let page = page.replace(console::PLACEHOLDER, &version);
    write(folder, "console.html", page.as_bytes())
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> anyhow::Result<()> {
    let path = folder.join(name);
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

fn copy_tree(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(to)?;
    for file in stamp::files_under(from)? {
        let relative = file.strip_prefix(from)?;
        let target = to.join(relative);
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::copy(&file, &target).with_context(|| format!("cannot copy {}", file.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::configurations;

    #[test]
    fn only_configurations_of_serve_have_the_kept_versions() {
        let all: BTreeMap<_, _> = configurations("0.1.0-a").into_iter().collect();
        let names: Vec<&str> = all.keys().map(String::as_str).collect();
        let expected = [
            "workerd-kept.capnp",
            "workerd-private-kept.capnp",
            "workerd-private.capnp",
            "workerd.capnp",
        ];
        assert_eq!(names, expected);
        for (name, text) in all {
            let services = text.matches("\"kept\"").count();
            assert_eq!(
                services,
                if name.contains("kept") { 2 } else { 0 },
                "{name}"
            );
            assert!(text.contains("text = \"0.1.0-a\""), "{name}");
            assert_eq!(text.contains("\"private\""), name.contains("private"));
        }
    }
}
