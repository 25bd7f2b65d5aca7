//! Tests of the whole product, one file per noun, in one binary: it links once, and all tests share one PostgreSQL.
#![expect(clippy::expect_used, reason = "what a test's own functions cannot do is the test's failure")]

mod access;
mod account;
mod agenda;
mod caseload;
mod cluster;
mod commands;
mod couples;
mod databases;
mod deflection_checks;
mod demo;
mod durability;
mod entries;
mod exercises;
mod exports;
mod flags;
mod instruments;
mod invitations;
mod layering;
mod notes;
mod openapi;
mod overview;
mod own_exercises;
mod plans;
mod privacy;
mod program_runs;
mod programs;
mod progress;
mod promises;
mod safety;
mod scores;
mod sessions;
mod sign_ins;
mod staff;
mod statements;
mod throttle;
