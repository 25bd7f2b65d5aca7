//! Tenfold's REST API.
//!
//! This crate knows HTTP and nothing of SQL: handlers read the request, ask for one unit of work, and show what comes of it.

mod account;
mod addresses;
pub mod answer;
pub mod app;
pub mod commands;
pub mod config;
pub mod data_folder;
pub mod demo;
pub mod extract;
mod idempotency;
pub mod jobs;
mod json_schema;
pub mod keys;
pub mod logging;
pub mod metrics;
mod middleware;
mod names;
pub mod openapi;
pub mod passwords;
mod pen;
pub mod problem;
mod routes;
mod server;
mod sign_in;
pub mod tokens;

pub use app::App;
pub use server::{serve, service};
