//! Which entries their readers may read: what the visibility rule asks of the database, gathered for many entries at once.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use diesel::{
    dsl::{exists, not},
    prelude::*,
};
use domain::{
    couple::Couple,
    entry::{Author, Entry},
    exercises::Kind,
    ids::{AssignmentId, PartnerId},
    visibility::{Reader, RevealKey, Visibility, both_submitted, may_read},
};

use super::{Row, author_of, author_text};
use crate::{
    StoreError, View,
    columns::AsText,
    conn::Backend,
    schema::{entries, standings},
};

/// A query for entries of which more can be asked.
pub(super) type Query<'q> = entries::BoxedQuery<'q, Backend>;

/// What a query finds, without what the columns alone tell that one of these readers may not read: it takes no place where a limit
/// holds, and is not opened. **This never decides**: it lets through all that [`may_read`] does, and more, and the rule is asked of
/// what comes of it.
pub(super) fn perhaps_readable(
    view: &mut View<'_>,
    couple: &Couple,
    readers: &[Reader],
    query: Query<'_>,
) -> Result<Vec<Row>, StoreError> {
    let today = couple.today(view.now());
    let query = readers.iter().fold(query, |query, reader| match reader {
        // Who held the pen of a draft is sealed.
        Reader::Counselor(_) => query,
        Reader::Supervisor(_) => query.filter(entries::submitted_at.is_not_null()),
        Reader::Partner(reader) => perhaps_readable_by_partner(query, couple, *reader, today),
    });
    Ok(query.select(Row::as_select()).load(view.conn())?)
}

/// Whether an entry waits to be revealed with something that a partner, by these memberships, has not submitted for its occurrence, as a
/// condition on entries. Which record an entry is about is sealed: of a kind that is revealed by its record, what this partner submitted
/// about any of them counts here, and the rule tells them apart.
macro_rules! waits_for {
    ($memberships:expr) => {{
        let theirs = diesel::alias!(entries as theirs);
        let mut authors = written_by(&$memberships);
        authors.push(author_text(Author::Together));
        let several: Vec<_> =
            Kind::ALL.iter().copied().filter(|kind| RevealKey::is_of_several_kinds(*kind)).map(AsText).collect();
        let is_of_several = theirs.field(entries::kind).eq_any(several.clone()).and(entries::kind.eq_any(several));
        let submitted = theirs
            .filter(theirs.field(entries::practice_id).eq(entries::practice_id))
            .filter(theirs.field(entries::assignment_id).eq(entries::assignment_id))
            .filter(theirs.field(entries::occurrence_on).eq(entries::occurrence_on))
            .filter(theirs.field(entries::author).eq_any(authors))
            .filter(theirs.field(entries::kind).eq(entries::kind).or(is_of_several))
            .filter(theirs.field(entries::visibility).eq_any(Visibility::REVEALING.map(Visibility::as_str)))
            .filter(theirs.field(entries::submitted_at).is_not_null());
        let takes_part = standings::table
            .filter(standings::practice_id.eq(entries::practice_id))
            .filter(standings::assignment_id.eq(entries::assignment_id))
            .filter(standings::partner_id.eq_any($memberships.into_iter().map(AsText).collect::<Vec<_>>()));
        entries::visibility.eq(Visibility::RevealTogether.as_str()).and(exists(takes_part)).and(not(exists(submitted)))
    }};
}

/// What is theirs or both partners', and of the rest what was submitted, is open as far as its day and what it waits for go, and is by
/// nobody who left. What is about a day before they came is neither.
fn perhaps_readable_by_partner<'q>(
    query: Query<'q>,
    couple: &Couple,
    reader: PartnerId,
    today: NaiveDate,
) -> Query<'q> {
    let memberships: Vec<_> = couple.partners.iter().filter(|one| couple.same_person(one.id, reader)).collect();
    let own: Vec<PartnerId> = memberships.iter().map(|member| member.id).collect();
    let came_on = memberships.iter().map(|member| member.from).min().unwrap_or(NaiveDate::MAX);
    let theirs = entries::author.eq_any(written_by(&own));
    let joint = entries::author.eq(author_text(Author::Together)).and(entries::recorded_on.ge(came_on));
    if !couple.shares_on(today) {
        return query.filter(theirs.or(joint));
    }
    let has_left = |id: &PartnerId| !couple.current_partners().any(|current| couple.same_person(current.id, *id));
    let left: Vec<_> = couple.partners.iter().map(|member| member.id).filter(has_left).collect();
    let open = entries::submitted_at
        .is_not_null()
        .and(entries::recorded_on.ge(came_on))
        .and(entries::visibility.ne(Visibility::CounselorOnly.as_str()))
        .and(entries::embargoed_until.is_null().or(entries::embargoed_until.le(today)))
        .and(entries::author.ne_all(written_by(&left)))
        .and(not(waits_for!(own)));
    query.filter(theirs.or(joint).or(open))
}

fn written_by(partners: &[PartnerId]) -> Vec<String> {
    partners.iter().map(|id| author_text(Author::Partner(*id))).collect()
}

/// Opens rows, and says of each whether all of these readers may read it.
pub(super) fn with_readability(
    view: &mut View<'_>,
    couple: &Couple,
    readers: &[Reader],
    today: NaiveDate,
    rows: Vec<Row>,
) -> Result<Vec<(Entry, bool)>, StoreError> {
    let entries = rows.into_iter().map(|row| row.entry(view)).collect::<Result<Vec<_>, _>>()?;
    let revealed = Revealed::of(view, entries.iter())?;
    let judged = |entry: Entry| {
        let (facts, together) = (entry.facts(), revealed.holds(&entry));
        let readable = readers.iter().all(|reader| may_read(*reader, couple, &facts, together, today));
        (entry, readable)
    };
    Ok(entries.into_iter().map(judged).collect())
}

/// The submitted entries of the practice that count for revealing.
macro_rules! revealing {
    ($view:expr) => {
        entries::table
            .filter(entries::practice_id.eq(AsText($view.caller().practice)))
            .filter(entries::submitted_at.is_not_null())
            .filter(entries::visibility.eq_any(Visibility::REVEALING.map(Visibility::as_str)))
    };
}

/// Who takes part in some assignments, and what was submitted openly for them: what revealing together is decided by.
#[derive(Default)]
pub(super) struct Revealed {
    participants: HashMap<AssignmentId, Vec<PartnerId>>,
    submitted: HashMap<(AssignmentId, NaiveDate), Vec<(RevealKey, Author)>>,
}

type SubmittedRow = (AsText<AssignmentId>, NaiveDate, AsText<Kind>, String);

impl Revealed {
    /// What some entries are revealed by.
    pub(super) fn of<'e>(
        view: &mut View<'_>,
        entries: impl Iterator<Item = &'e Entry> + Clone,
    ) -> Result<Self, StoreError> {
        let mut revealed = Self::default();
        let ids: HashSet<_> = entries.clone().map(|entry| AsText(entry.assignment)).collect();
        if ids.is_empty() {
            return Ok(revealed);
        }
        let ids: Vec<_> = ids.into_iter().collect();
        revealed.add_participants(view, &ids)?;
        revealed.add_submitted(view, &ids)?;
        let about: Vec<_> = entries.filter(|entry| entry.kind.is_of_its_record()).collect();
        if !about.is_empty() {
            revealed.add_about(view, &about)?;
        }
        Ok(revealed)
    }

    fn add_participants(&mut self, view: &mut View<'_>, ids: &[AsText<AssignmentId>]) -> Result<(), StoreError> {
        let rows: Vec<(AsText<AssignmentId>, AsText<PartnerId>)> = standings::table
            .filter(standings::practice_id.eq(AsText(view.caller().practice)))
            .filter(standings::assignment_id.eq_any(ids))
            .select((standings::assignment_id, standings::partner_id))
            .load(view.conn())?;
        for (AsText(assignment), AsText(partner)) in rows {
            self.participants.entry(assignment).or_default().push(partner);
        }
        Ok(())
    }

    /// What was submitted of the kinds that are revealed by themselves.
    fn add_submitted(&mut self, view: &mut View<'_>, ids: &[AsText<AssignmentId>]) -> Result<(), StoreError> {
        let rows: Vec<SubmittedRow> = revealing!(view)
            .filter(entries::assignment_id.eq_any(ids).and(entries::kind.ne_all(of_their_record())))
            .select((entries::assignment_id, entries::occurrence_on, entries::kind, entries::author))
            .distinct()
            .load(view.conn())?;
        for (AsText(assignment), occurrence, AsText(kind), author) in rows {
            self.add((assignment, occurrence), RevealKey::new(kind, None), author_of(&author)?);
        }
        Ok(())
    }

    /// What was submitted of the kinds that are revealed with what is about the same record: which one is in what they say. Only the
    /// occurrences of some entries are looked at.
    fn add_about(&mut self, view: &mut View<'_>, of: &[&Entry]) -> Result<(), StoreError> {
        let ids: HashSet<_> = of.iter().map(|entry| AsText(entry.assignment)).collect();
        let occurrences: HashSet<_> = of.iter().map(|entry| entry.occurrence_on).collect();
        let rows: Vec<Row> = revealing!(view)
            .filter(entries::assignment_id.eq_any(ids).and(entries::kind.eq_any(of_their_record())))
            .filter(entries::occurrence_on.eq_any(occurrences))
            .select(Row::as_select())
            .load(view.conn())?;
        for row in rows {
            let entry = row.entry(view)?;
            self.add((entry.assignment, entry.occurrence_on), entry.reveal_key(), entry.author);
        }
        Ok(())
    }

    fn add(&mut self, occurrence: (AssignmentId, NaiveDate), key: RevealKey, author: Author) {
        self.submitted.entry(occurrence).or_default().push((key, author));
    }

    pub(super) fn holds(&self, entry: &Entry) -> bool {
        let participants = self.participants.get(&entry.assignment);
        let submitted = self.submitted.get(&(entry.assignment, entry.occurrence_on));
        participants
            .zip(submitted)
            .is_some_and(|(participants, submitted)| both_submitted(participants, entry.reveal_key(), submitted))
    }
}

fn of_their_record() -> Vec<AsText<Kind>> {
    Kind::ALL.iter().copied().filter(|kind| kind.is_of_its_record()).map(AsText).collect()
}
