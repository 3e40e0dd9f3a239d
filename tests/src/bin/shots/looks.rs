//! The screens and colour schemes that each state is shown in.

use e2e::Scheme;

/// A screen and a colour scheme.
#[derive(Clone, Copy)]
pub struct Look {
    /// Suffix of the file's name.
    pub name: &'static str,
    /// Width and height in CSS pixels.
    pub viewport: (u32, u32),
    /// Device pixels per CSS pixel.
    pub pixel_ratio: f64,
    /// Colour scheme of the reader's system.
    pub scheme: Scheme,
    /// Whether only states that name this look use it.
    pub is_extra: bool,
}

const DESK: Look = Look {
    name: "1280-light",
    viewport: (1280, 800),
    pixel_ratio: 1.0,
    scheme: Scheme::Light,
    is_extra: false,
};
const PHONE: Look = Look {
    name: "360-light",
    viewport: (360, 720),
    pixel_ratio: 2.0,
    ..DESK
};

/// All looks. Every state is shown in each of them, except the extra ones.
pub const LOOKS: &[Look] = &[
    DESK,
    Look {
        name: "1280-dark",
        scheme: Scheme::Dark,
        ..DESK
    },
    PHONE,
    Look {
        name: "360-dark",
        scheme: Scheme::Dark,
        ..PHONE
    },
    Look {
        name: "320-light",
        viewport: (320, 568),
        is_extra: true,
        ..PHONE
    },
    Look {
        name: "2560-light",
        viewport: (2560, 1300),
        is_extra: true,
        ..DESK
    },
    Look {
        name: "banner",
        viewport: (960, 640),
        pixel_ratio: 2.0,
        is_extra: true,
        ..DESK
    },
];

/// Returns the HTML of a host page with the script tag `embed` and the additional HTML `extra`.
pub fn host_page(embed: &str, extra: &str) -> String {
    include_str!("host.html")
        .replace("<!-- embed -->", embed)
        .replace("<!-- extra -->", extra)
}
