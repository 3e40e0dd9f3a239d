//! The accessibility check of axe-core, run in a page.

use std::fs;

use xtask::workspace;

use crate::Browser;

/// The elements that axe-core checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AxeScope {
    /// The whole page, with its frames.
    Page,
    /// The page without its frames.
    PageWithoutFrames,
    /// The widget's cards, in open shadow roots; also by the stricter rules for contrast and target size.
    Cards,
}

impl AxeScope {
    fn element(self) -> &'static str {
        match self {
            Self::Page | Self::PageWithoutFrames => "document",
            Self::Cards => "[...document.querySelectorAll('allclear-banner, allclear-slot')]",
        }
    }

    fn options(self) -> &'static str {
        match self {
            Self::Page => "resultTypes: ['violations']",
            Self::PageWithoutFrames => "resultTypes: ['violations'], iframes: false",
            Self::Cards => {
                "resultTypes: ['violations'],
                 rules: { 'color-contrast-enhanced': { enabled: true }, 'target-size': { enabled: true } }"
            }
        }
    }
}

impl Browser {
    /// Returns axe-core's violations: rule, element and reason of each.
    pub async fn axe_violations(&self, scope: AxeScope) -> Vec<String> {
        let axe = workspace::root().join("node_modules/axe-core/axe.min.js");
        let axe = fs::read_to_string(axe).expect("axe-core: run `cargo xtask build` first");
        self.run(&format!("if (!window.axe) {{ {axe} }}")).await;
        let (element, options) = (scope.element(), scope.options());
        let found = self
            .run(&format!(
                "return axe.run({element}, {{ {options} }}).then(found => found.violations.flatMap(({{ id, nodes }}) =>
                    nodes.map(node => id + ': ' + node.html + ' ' + node.failureSummary)))"
            ))
            .await;
        serde_json::from_value(found).expect("a list of texts")
    }
}
