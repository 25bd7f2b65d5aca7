//! What can go wrong between a unit of work and the database.

use diesel::result::{DatabaseErrorKind, Error as DieselError};

/// What can go wrong between a unit of work and the database.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It does not exist for this caller: absent, foreign and hidden are the same.
    #[error("it does not exist for this caller")]
    NotFound,
    /// It is there already, or was changed in the meantime.
    #[error("it is there already, or was changed in the meantime")]
    Conflict,
    /// The database can't be reached, or is too busy, just now.
    #[error("the database can't be reached just now")]
    Unavailable(#[source] Option<Box<dyn std::error::Error + Send + Sync>>),
    /// The unit of work panicked; nothing of it was kept.
    #[error("the unit of work panicked; nothing of it was kept")]
    Panicked,
    /// A stored value can't be read back.
    #[error("the stored value in {0} can't be read back")]
    Corrupt(&'static str),
    /// A sealed value can't be opened, or a key is missing.
    #[error(transparent)]
    Seal(#[from] crate::seal::SealError),
    /// The database refused or failed.
    #[error("the database refused or failed")]
    Database(#[source] DieselError),
    /// The schema can't be brought up to date.
    #[error("the schema can't be brought up to date")]
    Migration(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A file in the data folder can't be read or made.
    #[error("{path} can't be read or made")]
    File {
        /// Which file.
        path: std::path::PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

impl From<DieselError> for StoreError {
    fn from(error: DieselError) -> Self {
        match error {
            DieselError::NotFound => Self::NotFound,
            DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => Self::Conflict,
            DieselError::DatabaseError(
                DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::SerializationFailure,
                _,
            ) => Self::Unavailable(Some(Box::new(error))),
            error => Self::Database(error),
        }
    }
}
