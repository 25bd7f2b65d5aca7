//! What the tests of the whole product stand on.
//!
//! Nothing here knows a rule of the product: it starts things, fills them, hands them out and clears them away.
#![expect(clippy::panic, reason = "a test that cannot be set up has failed, and says so at once")]

pub mod app;
pub mod case;
pub mod cluster;
pub mod person;
pub mod practice;
