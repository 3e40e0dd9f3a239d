//! Screens, systems and networks of other readers.

use serde_json::json;

use crate::browser::Browser;

/// Light or dark, as the reader's system asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scheme {
    /// Light.
    #[default]
    Light,
    /// Dark.
    Dark,
}

/// How much movement the reader's system asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Motion {
    /// As designed.
    #[default]
    Full,
    /// None.
    Reduced,
}

impl Browser {
    /// Makes the page as large as a certain screen, in CSS pixels.
    pub async fn set_viewport(&self, width: u32, height: u32, pixel_ratio: f64) {
        let phone = width < 600;
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": pixel_ratio, "mobile": phone });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics)
            .await;
    }

    /// What the reader's system asks for.
    pub async fn set_media(&self, scheme: Scheme, motion: Motion) {
        let scheme = match scheme {
            Scheme::Light => "light",
            Scheme::Dark => "dark",
        };
        let motion = match motion {
            Motion::Full => "no-preference",
            Motion::Reduced => "reduce",
        };
        let features = json!({ "features": [
            { "name": "prefers-color-scheme", "value": scheme },
            { "name": "prefers-reduced-motion", "value": motion },
        ]});
        self.devtools("Emulation.setEmulatedMedia", features).await;
    }

    /// The reader's system draws everything in a few colours of its own: light ones on dark, or the other way.
    pub async fn force_colours(&self, scheme: Scheme) {
        let scheme = match scheme {
            Scheme::Light => "light",
            Scheme::Dark => "dark",
        };
        let features = json!({ "features": [
            { "name": "forced-colors", "value": "active" },
            { "name": "prefers-color-scheme", "value": scheme },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ]});
        self.devtools("Emulation.setEmulatedMedia", features).await;
    }

    /// What a notch, rounded corners and a home bar take of the screen at each edge, in CSS pixels.
    pub async fn set_safe_area(&self, top: u32, right: u32, bottom: u32, left: u32) {
        let insets =
            json!({ "insets": { "top": top, "right": right, "bottom": bottom, "left": left } });
        self.devtools("Emulation.setSafeAreaInsetsOverride", insets)
            .await;
    }

    /// The reader's time zone, such as `Europe/Berlin`.
    pub async fn set_time_zone(&self, zone: &str) {
        let parameters = json!({ "timezoneId": zone });
        self.devtools("Emulation.setTimezoneOverride", parameters)
            .await;
    }

    /// Pulls the network cable, or puts it back.
    pub async fn set_offline(&self, offline: bool) {
        self.devtools("Network.enable", json!({})).await;
        let conditions = json!({ "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        self.devtools("Network.emulateNetworkConditions", conditions)
            .await;
    }
}
