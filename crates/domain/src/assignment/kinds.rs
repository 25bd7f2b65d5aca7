//! Which kinds of entries are whose to write.

use super::Assignment;
use crate::{
    breach::{Breach, BreachRole},
    couple::Couple,
    entry::Author,
    exercises::{Kind, Mode, Writer},
    visibility::Reader,
};

impl Assignment {
    /// The kinds of entries that a reader may record for it, in the order in which they are met. By it a partner knows their own part,
    /// and needn't be refused to learn it; of the breach that gives them the part they learn nothing else. Staff may record every
    /// kind, on behalf of whose it is.
    #[must_use]
    pub fn kinds_for(&self, reader: Reader, couple: &Couple, breach: Option<&Breach>) -> Vec<Kind> {
        let mut kinds = Kind::of(self.exercise).to_vec();
        if let Reader::Partner(partner) = reader {
            kinds.retain(|kind| {
                let is_of = |author| self.is_written_by(kind.writer(), author, couple, breach);
                is_of(Author::Partner(partner)) || (self.standings.len() == 2 && is_of(Author::Together))
            });
        }
        kinds
    }

    /// Whether what `writer` stands for is an author's to write. A partner whose role in the linked breach is not said may write either
    /// part: what was recorded of the other alone must not show in what this one is refused.
    #[must_use]
    pub(crate) fn is_written_by(
        &self,
        writer: Writer,
        author: Author,
        couple: &Couple,
        breach: Option<&Breach>,
    ) -> bool {
        let has_part = |partner, wanted| {
            let role = breach.and_then(|breach| breach.role_of(couple, partner));
            role.is_none_or(|role| role == wanted || role == BreachRole::Mutual)
        };
        match (writer, author) {
            (Writer::Caused, Author::Partner(partner)) => has_part(partner, BreachRole::Caused),
            (Writer::Hurt, Author::Partner(partner)) => has_part(partner, BreachRole::Hurt),
            (Writer::EitherPartner | Writer::EachAlone, Author::Partner(_))
            | (Writer::Together, Author::Together)
            | (Writer::Counselor, Author::Counselor(_)) => true,
            (Writer::EitherPartner, Author::Together) => self.mode == Mode::Joint,
            _ => false,
        }
    }
}
