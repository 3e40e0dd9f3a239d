//! Networks and processors that the browser emulates.

use e2e::Browser;
use serde_json::json;
use xtask::bench::PROFILES as PROFILE_NAMES;

#[derive(Clone, Copy, Debug)]
pub struct Profile {
    pub name: &'static str,
    /// Delay of each request, in milliseconds. Connecting is not delayed.
    latency_ms: f64,
    /// Download and upload, in kilobits a second; 0 for no limit.
    down: f64,
    up: f64,
    /// Factor by which scripts take longer.
    cpu: f64,
}

pub const PROFILES: &[Profile] = &[
    Profile {
        name: PROFILE_NAMES[0],
        latency_ms: 0.0,
        down: 0.0,
        up: 0.0,
        cpu: 1.0,
    },
    FAST_3G,
    // The preset of Chromium's DevTools.
    Profile {
        name: PROFILE_NAMES[2],
        latency_ms: 562.5,
        down: 1440.0,
        up: 675.0,
        cpu: 1.0,
    },
];

pub const FAST_3G: Profile = Profile {
    name: PROFILE_NAMES[1],
    latency_ms: 150.0,
    down: 1600.0,
    up: 750.0,
    cpu: 4.0,
};

impl Profile {
    pub async fn apply(&self, browser: &Browser) {
        let bytes_per_s = |kilobits: f64| {
            if kilobits > 0.0 {
                kilobits * 125.0
            } else {
                -1.0
            }
        };
        browser.devtools("Network.enable", json!({})).await;
        let conditions = json!({
            "offline": false,
            "latency": self.latency_ms,
            "downloadThroughput": bytes_per_s(self.down),
            "uploadThroughput": bytes_per_s(self.up),
        });
        browser
            .devtools("Network.emulateNetworkConditions", conditions)
            .await;
        let rate = json!({ "rate": self.cpu });
        browser
            .devtools("Emulation.setCPUThrottlingRate", rate)
            .await;
    }
}
