//! What handlers take: who asks, the body, the page, the preconditions. Each refuses with a [`Problem`](crate::problem::Problem).

mod answers;
mod body;
mod caller;
mod client_address;
mod creation;
mod page;
mod preconditions;
mod range;
mod request_id;
mod sent_secret;
mod shape;
mod texts;

pub use answers::SubmittedAnswers;
pub use body::{Body, Patch, Validated, nullable};
pub use caller::Asker;
pub use client_address::ClientAddress;
pub use creation::{IdempotencyKey, New};
pub use page::{Cursor, Listing, NoFilter, PageParameters, Paged, Queries, Query};
pub use preconditions::{IfMatch, IfMatchExisting};
pub use request_id::RequestId;
pub use sent_secret::SentSecret;

pub(crate) use preconditions::matches_any;
pub(crate) use range::{check_range, look_back};
