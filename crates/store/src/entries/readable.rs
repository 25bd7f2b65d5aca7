//! Which entries their readers may read: what the visibility rule asks of the database, gathered for many entries at once.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use diesel::prelude::*;
use domain::{
    couple::Couple,
    entry::{Author, Entry},
    exercises::Kind,
    ids::{AssignmentId, PartnerId},
    visibility::{Reader, Visibility, both_submitted, may_read},
};

use super::{Row, author_of};
use crate::{
    StoreError, View,
    columns::AsText,
    schema::{entries, standings},
};

/// Opens rows, and says of each whether all of these readers may read it.
pub(super) fn with_readability(
    view: &mut View<'_>,
    couple: &Couple,
    readers: &[Reader],
    today: NaiveDate,
    rows: Vec<Row>,
) -> Result<Vec<(Entry, bool)>, StoreError> {
    let assignments: HashSet<_> = rows.iter().map(|row| row.assignment_id).collect();
    let assignments: Vec<_> = assignments.into_iter().collect();
    let revealed = Revealed::of(view, &assignments)?;
    let judged = |row: Row| {
        let entry = row.entry(view)?;
        let (facts, together) = (entry.facts(), revealed.holds(&entry));
        let readable = readers.iter().all(|reader| may_read(*reader, couple, &facts, together, today));
        Ok((entry, readable))
    };
    rows.into_iter().map(judged).collect()
}

/// Who takes part in some assignments, and what was submitted openly for them: what revealing together is decided by.
#[derive(Default)]
pub(super) struct Revealed {
    participants: HashMap<AssignmentId, Vec<PartnerId>>,
    submitted: HashMap<(AssignmentId, NaiveDate), Vec<(Kind, Author)>>,
}

type SubmittedRow = (AsText<AssignmentId>, NaiveDate, AsText<Kind>, String);

impl Revealed {
    pub(super) fn of(view: &mut View<'_>, ids: &[AsText<AssignmentId>]) -> Result<Self, StoreError> {
        if ids.is_empty() {
            return Ok(Self::default());
        }
        let practice = AsText(view.caller().practice);
        let participants: Vec<(AsText<AssignmentId>, AsText<PartnerId>)> = standings::table
            .filter(standings::practice_id.eq(practice).and(standings::assignment_id.eq_any(ids)))
            .select((standings::assignment_id, standings::partner_id))
            .load(view.conn())?;
        let submitted: Vec<SubmittedRow> = entries::table
            .filter(entries::practice_id.eq(practice).and(entries::assignment_id.eq_any(ids)))
            .filter(entries::submitted_at.is_not_null())
            .filter(entries::visibility.eq_any(Visibility::REVEALING.map(Visibility::as_str)))
            .select((entries::assignment_id, entries::occurrence_on, entries::kind, entries::author))
            .distinct()
            .load(view.conn())?;
        let mut revealed = Self::default();
        for (AsText(assignment), AsText(partner)) in participants {
            revealed.participants.entry(assignment).or_default().push(partner);
        }
        for (AsText(assignment), occurrence, AsText(kind), author) in submitted {
            let author = author_of(&author)?;
            revealed.submitted.entry((assignment, occurrence)).or_default().push((kind, author));
        }
        Ok(revealed)
    }

    pub(super) fn holds(&self, entry: &Entry) -> bool {
        let participants = self.participants.get(&entry.assignment);
        let submitted = self.submitted.get(&(entry.assignment, entry.occurrence_on));
        participants
            .zip(submitted)
            .is_some_and(|(participants, submitted)| both_submitted(participants, entry.kind, submitted))
    }
}
