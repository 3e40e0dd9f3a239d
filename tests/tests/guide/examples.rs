//! The guide's examples by id.

use std::collections::BTreeSet;

use e2e::Site;

const GUIDE: &str = include_str!("../../../www/site/docs/embed.html");

macro_rules! examples {
    ($($example:ident = $id:literal,)*) => {
        /// An example of the guide. An example without a test does not compile: only tests construct the variants.
        #[deny(dead_code)]
        #[derive(Clone, Copy, Debug)]
        pub enum Example {
            $($example,)*
        }

        impl Example {
            const IDS: &[&str] = &[$($id,)*];

            fn id(self) -> &'static str {
                match self {
                    $(Self::$example => $id,)*
                }
            }
        }
    };
}

examples! {
    Tag = "tag",
    PreviewCall = "preview-call",
    VitePage = "vite-page",
    ViteStart = "vite-start",
    PreviewAddress = "preview-address",
    ViteBuild = "vite-build",
    Csp = "csp",
    CspFrame = "csp-frame",
    Declare = "declare",
    DeclareLater = "declare-later",
    Route = "route",
    Slot = "slot",
    React = "react",
    Mount = "mount",
    Headless = "headless",
    Theme = "theme",
    Events = "events",
    FailOver = "fail-over",
    SelfHostGet = "self-host-get",
    SelfHost = "self-host",
    Pinned = "pinned",
    Preload = "preload",
    OwnScript = "own-script",
    Login = "login",
    ErrorPage = "error-page",
    MaintenancePage = "maintenance-page",
    Webview = "webview",
    Swift = "swift",
    Kotlin = "kotlin",
    Native = "native",
}

impl Example {
    /// The example's text in the guide.
    pub fn text(self) -> String {
        let id = self.id();
        let (_, rest) = GUIDE
            .split_once(&format!("<code id=\"{id}\">"))
            .unwrap_or_else(|| panic!("the guide has no {id}"));
        let (text, _) = rest.split_once("</code>").unwrap();
        text.replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&")
    }

    /// The example with this site's server instead of the guide's.
    pub fn on(self, site: &Site) -> String {
        let text = self.text();
        assert!(text.contains("status.example.com") || !text.contains("embed.js"));
        text.replace("https://status.example.com", &site.server.url())
    }
}

#[test]
fn the_table_has_every_example_of_the_guide() {
    let ids = GUIDE.split("<code id=\"").skip(1);
    let ids: BTreeSet<_> = ids.map(|rest| rest.split('"').next().unwrap()).collect();
    let table: BTreeSet<_> = Example::IDS.iter().copied().collect();
    assert_eq!(ids, table);
}
