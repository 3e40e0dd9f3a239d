//! Measures the time from navigation until an incident's title and advice are painted, by Allclear and by other products' widgets
//! (peers), and the bytes, requests and long tasks of a page without incidents.

mod origin;
mod peers;
mod product;
mod profile;
mod results;
mod visit;

use std::path::PathBuf;

use e2e::{Page, Reply, Server, outage};
use origin::Origin;
use product::{Product, SITE, SITE_LOADER, State};
use profile::{FAST_3G, PROFILES, Profile};
use results::{Series, print_incident, print_quiet};
use serde_json::json;

use crate::figures::Check;

/// Folders with the peers' files.
pub struct Folders {
    /// The folder whose `node_modules` has the widgets on npm.
    pub installed: PathBuf,
    /// The folder with checkouts of other widgets; empty if there is none.
    pub checkouts: PathBuf,
}

/// The servers of one state of the measured page.
struct Stage {
    // Declared before the server, so that it is dropped first: it needs the server.
    origin: Origin,
    host: Page,
    server: Server,
}

/// Measures in the profiles whose names contain one of these; in all for an empty list.
pub fn measure(rounds: u32, folders: &Folders, filter: &[String]) -> Vec<Check> {
    let mut products = product::ours();
    products.extend(peers::from_npm(&folders.installed));
    let mut missing = Vec::new();
    for peer in peers::from_checkouts(&folders.checkouts) {
        match peer {
            Ok(peer) => products.push(peer),
            Err(name) => missing.push(format!(
                "{name}: not measured, because --peers names no folder with a checkout"
            )),
        }
    }
    let stage = Stage::new(State::Outage, &products);
    if stage.site_loader_status() != 200 {
        products.retain(|product| product.name != SITE);
        missing.push(format!(
            "{SITE}: not measured, because the server does not have {SITE_LOADER}"
        ));
    }
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let mut checks = Vec::new();
    for profile in PROFILES {
        if filter.is_empty()
            || filter
                .iter()
                .any(|part| profile.name.contains(part.as_str()))
        {
            let measured = runtime.block_on(stage.measure(profile, rounds, &products));
            checks.extend(print_incident(profile.name, &measured));
        }
    }
    products.insert(0, product::no_widget());
    let quiet = Stage::new(State::Quiet, &products);
    let measured = runtime.block_on(quiet.measure(&FAST_3G, rounds, &products));
    checks.extend(print_quiet(FAST_3G.name, &measured));
    println!();
    for line in missing {
        println!("{line}");
    }
    checks
}

impl Stage {
    fn new(state: State, products: &[Product]) -> Self {
        let server = Server::start();
        let token = server.create_site(&json!({ "slug": "acme", "name": "Acme" }));
        if state == State::Outage {
            let created = server.post("/v1/sites/acme/incidents", &token, &outage());
            assert_eq!(created.status, 201, "{}", created.text());
        }
        let origin = Origin::start(state, &server, products);
        let host = Page::with_body("");
        for product in products {
            host.put(
                &visit::path(product),
                Reply::html(&product.page(origin.url())),
            );
        }
        Self {
            origin,
            host,
            server,
        }
    }

    fn site_loader_status(&self) -> u16 {
        self.server.get(SITE_LOADER).status
    }

    /// Visits every product's page in each round, in an order that rotates.
    async fn measure<'a>(
        &self,
        profile: &Profile,
        rounds: u32,
        products: &'a [Product],
    ) -> Vec<(&'a Product, Series)> {
        let (state, count) = (self.origin.state(), products.len());
        eprintln!(
            "→ {state:?}, {}: {rounds} rounds of {count} pages …",
            profile.name
        );
        let mut measured: Vec<_> = products
            .iter()
            .map(|product| (product, Series::default()))
            .collect();
        for round in 0..rounds as usize {
            for turn in 0..count {
                let (product, series) = &mut measured[(round + turn) % count];
                let texts: &[&str] = match state {
                    State::Outage => &product.texts,
                    State::Quiet => &[],
                };
                let path = visit::path(product);
                series.add(visit::twice(profile, &self.host, &path, &self.origin, texts).await);
            }
        }
        measured
    }
}
