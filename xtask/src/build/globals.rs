//! Makes the cards' scripts use the browser's own built-in objects and functions, even if a page declares others of the same names
//! or replaces them later.
//!
//! A host page's `class Map {}` hides the browser's `Map` from every script, but not `window.Map`.

/// Names of built-in objects and functions that the scripts use and that pages may declare too. The scripts read properties of the
/// window whose values change from `window`.
const NAMES: &[&str] = &[
    "AbortController",
    "Array",
    "Boolean",
    "CSSStyleSheet",
    "DataView",
    "Date",
    "Error",
    "FinalizationRegistry",
    "IntersectionObserver",
    "Intl",
    "JSON",
    "Map",
    "Math",
    "MutationObserver",
    "Node",
    "NodeFilter",
    "Number",
    "Object",
    "Reflect",
    "RegExp",
    "ResizeObserver",
    "Response",
    "Set",
    "String",
    "TextDecoder",
    "TextEncoder",
    "URL",
    "Uint8Array",
    "WeakMap",
    "WeakRef",
    "WebAssembly",
    "Window",
    "cancelAnimationFrame",
    "clearTimeout",
    "fetch",
    "getComputedStyle",
    "matchMedia",
    "navigator",
    "parseFloat",
    "performance",
    "queueMicrotask",
    "requestAnimationFrame",
    "setTimeout",
];

/// Changes a minified ES module so that it reads the built-in objects that it uses from `window`,
/// once, when it is run.
pub fn declare_built_ins(module: &str) -> String {
    let words: Vec<&str> = module
        .split(|letter: char| !letter.is_ascii_alphanumeric() && !matches!(letter, '_' | '$'))
        .collect();
    let mut declared = Vec::new();
    let named = NAMES.iter().filter(|name| words.contains(name));
    let names = named.copied().collect::<Vec<_>>().join(",");
    if !names.is_empty() {
        declared.push(format!("{{{names}}}=window"));
    }
    if words.contains(&"Promise") {
        // The browser's `Promise`, even if a page has replaced `window.Promise`.
        declared.push("Promise=(async()=>{})().constructor".to_owned());
    }
    if declared.is_empty() {
        return module.to_owned();
    }
    format!("const {};{module}", declared.join(","))
}

#[cfg(test)]
mod tests {
    use super::declare_built_ins;

    #[test]
    fn built_in_objects_that_a_module_uses_are_declared() {
        for (module, expected) in [
            ("let a=1;", "let a=1;"),
            ("new Map;", "const {Map}=window;new Map;"),
            (
                "a(new Map,new URL(b),Mapped,$Set);",
                "const {Map,URL}=window;a(new Map,new URL(b),Mapped,$Set);",
            ),
            (
                "Promise.all([new Set]);",
                "const {Set}=window,Promise=(async()=>{})().constructor;Promise.all([new Set]);",
            ),
            (
                "new Promise(a);",
                "const Promise=(async()=>{})().constructor;new Promise(a);",
            ),
        ] {
            assert_eq!(declare_built_ins(module), expected);
        }
    }
}
