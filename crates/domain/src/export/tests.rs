//! How it behaves.
