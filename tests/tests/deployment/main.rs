//! The build's output and how it is served: static files, byte budgets, `cargo xtask serve`, `wrangler dev`.

mod assets;
mod bad_setting;
mod budgets;
mod earlier_versions;
mod seed;
mod serve;
mod wasm_calls;
mod wrangler;
