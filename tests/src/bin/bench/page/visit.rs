//! One browser's visits to a host page.

use e2e::{Browser, Page};
use serde_json::json;

use super::{
    origin::{Origin, Traffic},
    product::Product,
    profile::Profile,
};

/// Measurements of one visit.
#[derive(Clone, Copy, Debug)]
pub struct Visit {
    /// Time from navigation until the texts were painted, in milliseconds; NaN if they were not within 20 s.
    pub painted_ms: f64,
    /// Layout shift.
    pub shift: f64,
    /// Number of long tasks.
    pub long_tasks: f64,
    pub traffic: Traffic,
}

/// Visits a product's page twice with a fresh profile of the browser: cold, then warm.
pub async fn twice(
    profile: &Profile,
    host: &Page,
    path: &str,
    origin: &Origin,
    texts: &[&str],
) -> [Visit; 2] {
    let browser = Browser::start().await;
    // Starts the browser's processes, and fills caches that belong to no page.
    browser.goto(&host.at("/")).await;
    profile.apply(&browser).await;
    let probe = include_str!("probe.js").replace("__TEXTS__", &json!(texts).to_string());
    browser.before_each_page(&probe).await;
    let cold = once(&browser, &host.at(path), origin).await;
    browser.goto("about:blank").await;
    [cold, once(&browser, &host.at(path), origin).await]
}

async fn once(browser: &Browser, url: &str, origin: &Origin) -> Visit {
    origin.take_traffic();
    browser.begin(url).await;
    let script = "return window.bench?.settled";
    let measured = browser
        .eventually("the measurement", script, |value| value.is_object())
        .await;
    let number = |name: &str| measured[name].as_f64().unwrap_or(f64::NAN);
    Visit {
        painted_ms: number("painted"),
        shift: number("shift"),
        long_tasks: number("long"),
        traffic: origin.take_traffic(),
    }
}

/// The path of a product's host page.
pub fn path(product: &Product) -> String {
    let letters = product.name.chars();
    let plain = letters.map(|letter| {
        if letter.is_ascii_alphanumeric() {
            letter
        } else {
            '-'
        }
    });
    format!("/{}", plain.collect::<String>())
}
