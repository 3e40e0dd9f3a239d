//! Takes the pictures in `docs/` and `target/shots/`: every state of [`states::STATES`] in every look of
//! [`looks::LOOKS`], and every page of [`pages`]. Started by `cargo xtask shots`; arguments are parts of names and
//! select pictures.

mod cards;
mod console;
mod incidents;
mod looks;
mod pages;
mod states;

use e2e::{ROOT_TOKEN, Server};
use serde_json::Value;

#[tokio::main]
async fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    console::take(&wanted).await;
    let server = Server::start();
    cards::take(&server, &wanted).await;
    pages::take(&wanted).await;
}

fn post(server: &Server, path: &str, body: &Value) -> Value {
    let answer = server.post(path, ROOT_TOKEN, body);
    assert_eq!(answer.status, 201, "{path}: {}", answer.text());
    answer.json
}
