//! In what surroundings each state is shown.

use e2e::Scheme;

/// A screen and a colour scheme.
pub struct Look {
    /// Ends the file's name.
    pub name: &'static str,
    /// Width and height in CSS pixels.
    pub viewport: (u32, u32),
    /// What the reader's system asks for.
    pub scheme: Scheme,
}

/// Every state is shown in each of these.
pub const LOOKS: &[Look] = &[
    Look {
        name: "light",
        viewport: (960, 640),
        scheme: Scheme::Light,
    },
    Look {
        name: "dark",
        viewport: (960, 640),
        scheme: Scheme::Dark,
    },
    Look {
        name: "phone-light",
        viewport: (360, 720),
        scheme: Scheme::Light,
    },
    Look {
        name: "phone-dark",
        viewport: (360, 720),
        scheme: Scheme::Dark,
    },
];

/// A product's own page, which the card must not disturb.
pub fn host_page(embed: &str) -> String {
    include_str!("host.html").replace("<!-- embed -->", embed)
}
