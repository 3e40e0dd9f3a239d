//! The products that are measured: our tags, and other products' widgets with the files and data that they request.

/// State of the measured page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// One major incident is open.
    Outage,
    Quiet,
}

/// Origin of a product's files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The host page alone, for comparison.
    NoWidget,
    Ours,
    Npm,
    Checkout,
}

/// Stands for the origin of a product's files and data in its texts.
pub const ORIGIN: &str = "__ORIGIN__";

/// A widget in a host page.
#[derive(Clone, Debug)]
pub struct Product {
    pub name: String,
    pub source: Source,
    /// HTML in the head, as in the product's documentation.
    pub head: String,
    /// HTML at the place where the widget is drawn.
    pub body: String,
    /// The texts that the page shows during an outage.
    pub texts: Vec<&'static str>,
    pub files: Vec<File>,
    pub data: Vec<Data>,
}

/// A file that is cached without a limit.
#[derive(Clone, Debug)]
pub struct File {
    pub path: String,
    pub media_type: &'static str,
    pub body: String,
}

/// An answer that depends on the state.
#[derive(Clone, Debug)]
pub struct Data {
    pub path: &'static str,
    pub form: Form,
    pub outage: String,
    pub quiet: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Json,
    /// Server-sent events. The answer does not end.
    Events,
}

impl Product {
    /// The host page, with enough content for a shift to be measured.
    pub fn page(&self, origin: &str) -> String {
        let line = "<p>The page's own text, which must not move.</p>".repeat(30);
        let [head, body] = [&self.head, &self.body].map(|part| part.replace(ORIGIN, origin));
        format!(
            "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>\
             <title>Host</title>{head}<body><h1>Host</h1>{body}{line}"
        )
    }
}

impl Data {
    pub fn body(&self, state: State) -> &str {
        match state {
            State::Outage => &self.outage,
            State::Quiet => &self.quiet,
        }
    }
}

/// A host page without a widget.
pub fn no_widget() -> Product {
    Product {
        name: "no widget".to_owned(),
        source: Source::NoWidget,
        head: String::new(),
        body: String::new(),
        texts: Vec::new(),
        files: Vec::new(),
        data: Vec::new(),
    }
}

/// The path of the loader that the server composes for the site.
pub const SITE_LOADER: &str = "/s/acme/embed.js";
/// Names of our products: the three ways to embed Allclear.
pub const GENERAL: &str = "general tag";
pub const PRELOADED: &str = "general tag + preload";
pub const SITE: &str = "site tag";

/// Our tags, each with its name.
pub fn ours() -> Vec<Product> {
    let embed = "<script async src=\"__ORIGIN__/embed.js\" data-site=acme></script>";
    let feed =
        "<link rel=preload as=fetch crossorigin href=\"__ORIGIN__/v1/sites/acme/feed?lang=en\">";
    let site = format!("<script async src=\"{ORIGIN}{SITE_LOADER}\"></script>");
    [
        (GENERAL, embed.to_owned()),
        (PRELOADED, format!("{feed}{embed}")),
        (SITE, site),
    ]
    .into_iter()
    .map(|(name, head)| Product {
        name: name.to_owned(),
        source: Source::Ours,
        head,
        body: String::new(),
        texts: vec![e2e::TITLE, "Do not resend."],
        files: Vec::new(),
        data: Vec::new(),
    })
    .collect()
}
