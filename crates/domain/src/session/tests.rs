//! How sessions behave.
