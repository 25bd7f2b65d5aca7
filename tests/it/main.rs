//! Tests of the whole product, one file per noun, in one binary: it links once, and all tests share one PostgreSQL.
#![expect(clippy::expect_used, reason = "what a test's own functions cannot do is the test's failure")]

mod access;
mod account;
mod cluster;
mod commands;
mod couples;
mod databases;
mod demo;
mod durability;
mod entries;
mod exercises;
mod exports;
mod invitations;
mod layering;
mod notes;
mod openapi;
mod own_exercises;
mod plans;
mod privacy;
mod progress;
mod promises;
mod sessions;
mod sign_ins;
mod staff;
mod throttle;
