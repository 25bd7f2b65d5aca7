//! The rules of couples counseling, as pure functions.
//!
//! Nothing here reads a clock, a random source, a file or a database: instants, dates and ids come in as arguments.

pub mod access;
pub mod account;
pub mod agenda;
mod archival;
pub mod assignment;
pub mod breach;
pub mod caseload;
pub mod client;
pub mod confidential;
pub mod couple;
pub mod deflection;
pub mod email;
pub mod entry;
pub mod exercises;
pub mod export;
pub mod flag;
pub mod ids;
pub mod instrument;
pub mod invitation;
pub mod note;
pub mod overview;
pub mod own_exercise;
pub mod policy;
pub mod practice;
pub mod program;
pub mod progress;
pub mod promise;
pub mod psychotherapy_note;
pub mod recorded_by;
pub mod recurrence;
pub mod review;
pub mod safety;
pub mod score;
pub mod session;
pub mod sign_in;
pub mod staff;
pub mod text;
pub mod throttle;
pub mod visibility;
pub mod vocabulary;
