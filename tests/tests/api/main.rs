//! The HTTP API on a real server.

mod alarm;
mod archive;
mod clock;
mod contract;
mod damage;
mod durability;
mod endpoints;
mod erasing;
mod hanging;
mod hostnames;
mod http;
mod invalid_bodies;
mod journal;
mod large_bodies;
mod limits;
mod logins;
mod matrix;
mod on_call;
mod operators;
mod parallel;
mod pasted;
mod reads;
mod reference;
mod root_token;
mod unknown_addresses;
mod webhooks;
