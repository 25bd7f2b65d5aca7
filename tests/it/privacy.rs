//! What was written in confidence is found nowhere it does not belong: not in the files of the database, not in the log, and
//! not in what the other partner can see.

mod logged;
mod planted;
mod side_channels;
mod stored;
