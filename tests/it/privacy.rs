//! What was written in confidence is found nowhere it does not belong: not in the files of the database, not in the log, and
//! not in what the other partner can see.

mod alone;
mod classified;
mod hidden;
mod logged;
mod matrix;
mod opened;
mod pausing;
mod planted;
mod separation;
mod side_channels;
mod stored;
mod view;
