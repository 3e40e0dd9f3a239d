//! Emulates screens, system preferences and networks.

use serde_json::json;

use crate::browser::Browser;

/// Colour scheme of the reader's system.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scheme {
    #[default]
    Light,
    Dark,
}

/// Motion preference of the reader's system.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Motion {
    #[default]
    Full,
    Reduced,
}

impl Browser {
    /// Sets the size of the viewport, in CSS pixels. Widths below 600 emulate a phone.
    pub async fn set_viewport(&self, width: u32, height: u32, pixel_ratio: f64) {
        let phone = width < 600;
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": pixel_ratio, "mobile": phone });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics)
            .await;
    }

    /// Sets the colour scheme and the reduced-motion preference of the reader's system.
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

    /// Turns on forced colours, as high-contrast modes do, in light or dark.
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

    /// Sets the safe-area insets of a notch, rounded corners and a home bar, in CSS pixels.
    pub async fn set_safe_area(&self, top: u32, right: u32, bottom: u32, left: u32) {
        let insets =
            json!({ "insets": { "top": top, "right": right, "bottom": bottom, "left": left } });
        self.devtools("Emulation.setSafeAreaInsetsOverride", insets)
            .await;
    }

    /// Sets the reader's time zone, such as `Europe/Berlin`.
    pub async fn set_time_zone(&self, zone: &str) {
        let parameters = json!({ "timezoneId": zone });
        self.devtools("Emulation.setTimezoneOverride", parameters)
            .await;
    }

    /// Takes the browser offline, or back online.
    pub async fn set_offline(&self, offline: bool) {
        self.devtools("Network.enable", json!({})).await;
        let conditions = json!({ "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        self.devtools("Network.emulateNetworkConditions", conditions)
            .await;
    }
}
