//! Who may record what, when it may change, and who may open it.

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    AnswersRefused, Author, Entry, EntryContent, EntryContext, EntryDraft, EntryError, EntryState, MOST_CORRECTIONS,
    MOST_OPEN_DRAFTS, Seen, references,
};
use crate::{
    assignment::Assignment,
    confidential::{Confidential, TEXT_CHARACTERS, too_long},
    couple::Couple,
    exercises::{Answers, History, Kind, Writer},
    ids::{EntryId, PartnerId},
    own_exercise::{Misfit, OwnForm},
    recorded_by::RecordedBy,
    visibility::Visibility,
};

impl Entry {
    /// Begins an entry. It is a draft until it is submitted.
    ///
    /// # Errors
    /// [`EntryError`]: case or assignment are over, the kind is not this author's to write, or the draft doesn't fit.
    pub fn record(
        id: EntryId,
        context: EntryContext<'_>,
        draft: EntryDraft,
        now: DateTime<Utc>,
    ) -> Result<Self, EntryError> {
        let EntryContext { couple, assignment, .. } = context;
        let kind = draft.answers.kind();
        check_may_record(&context, kind, &draft)?;
        let recorded_on = checked_day(&context, draft.recorded_on, now)?;
        check_answers(&draft.answers, recorded_on, draft.form.as_ref())?;
        references::check((couple, recorded_on), draft.author, &draft.answers, &draft.referred)?;
        let visibility = starting_visibility(&context, kind, draft.recorded_by, draft.visibility)?;
        check_embargo(couple, draft.visibility, now)?;
        let permitted = visibility.is_wider_than(assignment.visibility_of(couple, kind).default);
        Self {
            id,
            assignment: assignment.id,
            couple: couple.id,
            exercise: assignment.exercise,
            kind,
            author: draft.author,
            recorded_by: draft.recorded_by,
            begun_by: draft.recorded_by,
            recorded_on,
            occurrence_on: occurrence(assignment, &draft, recorded_on),
            difficulty: draft.difficulty,
            answers: draft.answers,
            for_counselor: draft.for_counselor,
            permission_given_at: permitted.then_some(now),
            visibility,
            state: EntryState::Draft,
            number: 1,
            seen: Seen::default(),
            line_changes: 0,
            reviewed_at: None,
            created_at: now,
            version: 1,
        }
        .checked()
    }

    /// Whether a pen may write for an author. It is asked before anything of the author's is looked at: what would stand in the way of
    /// the other partner's words is not told to whoever may not write them.
    ///
    /// # Errors
    /// [`EntryError::Pen`] if not.
    pub fn check_pen(couple: &Couple, author: Author, pen: RecordedBy) -> Result<(), EntryError> {
        let holds = match (author, pen) {
            (Author::Counselor(author), pen) => pen.staff() == Some(author),
            (Author::Partner(_) | Author::Together, RecordedBy::Staff(_)) => true,
            (Author::Partner(author), RecordedBy::Partner(pen)) => couple.same_person(author, pen),
            (Author::Together, RecordedBy::Partner(pen)) => couple.current_partner(pen).is_ok(),
        };
        if holds { Ok(()) } else { Err(EntryError::Pen) }
    }

    /// Whether an author of so many open drafts for an assignment may begin another.
    ///
    /// # Errors
    /// [`EntryError::TooManyDrafts`] from [`MOST_OPEN_DRAFTS`] on.
    pub const fn check_another_draft(open: i64) -> Result<(), EntryError> {
        if open < MOST_OPEN_DRAFTS { Ok(()) } else { Err(EntryError::TooManyDrafts) }
    }

    /// Replaces what a draft says.
    ///
    /// # Errors
    /// [`EntryError`] if it is submitted, the pen is another's or the content doesn't fit; then nothing has changed.
    pub fn change(&mut self, couple: &Couple, content: EntryContent, by: RecordedBy) -> Result<(), EntryError> {
        if self.is_submitted() {
            return Err(EntryError::Submitted);
        }
        *self = self.replaced(couple, content, by)?.counted_since(self, false);
        Ok(())
    }

    /// Whether it may be taken back: a draft, by who may write it.
    ///
    /// # Errors
    /// [`EntryError::Submitted`] if it is handed in, or [`EntryError::Pen`].
    pub fn check_can_be_taken_back(&self, couple: &Couple, by: RecordedBy) -> Result<(), EntryError> {
        if self.is_submitted() { Err(EntryError::Submitted) } else { self.check_pen_again(couple, by) }
    }

    /// Hands it in. From now on its answers don't change. They must fit what was handed in before them, and what they rest on must
    /// hold still.
    ///
    /// # Errors
    /// [`EntryError::Submitted`] if it is handed in already, [`EntryError::Pen`], [`EntryError::References`],
    /// [`EntryError::Condition`], or [`EntryError::Frozen`] for a joint one after a separation.
    pub fn submit(
        &mut self,
        couple: &Couple,
        history: &History,
        by: RecordedBy,
        now: DateTime<Utc>,
    ) -> Result<(), EntryError> {
        if self.is_submitted() {
            return Err(EntryError::Submitted);
        }
        self.check_pen_again(couple, by)?;
        references::check_again(couple, self.recorded_on, &self.answers, history)?;
        let submitted = Self { state: EntryState::Submitted(now), version: self.version + 1, ..self.clone() };
        *self = submitted.counted_since(self, false);
        Ok(())
    }

    /// Corrects what was handed in: the next number of the same entry. The store keeps the ones before. What changes nothing, or
    /// nothing but the line that a counselor began it with, makes no new number, and leaves the review as it was. `open` is whether the other partner could read it
    /// ([`crate::visibility::is_open_to_the_other`]).
    ///
    /// # Errors
    /// [`EntryError`] if it is a draft still, it is settled, was corrected [`MOST_CORRECTIONS`] times, the pen is another's or the content
    /// doesn't fit; then nothing has changed.
    pub fn correct(
        &mut self,
        couple: &Couple,
        content: EntryContent,
        by: RecordedBy,
        open: bool,
    ) -> Result<(), EntryError> {
        if !self.is_submitted() {
            return Err(EntryError::NotSubmitted);
        }
        let settled = self.kind.settled_by(self.id, &references::history_in(&content.referred));
        let is_about_another = content.answers.about() != self.answers.about();
        let corrected = self.replaced(couple, content, by)?;
        if let Some(words) = settled {
            return Err(EntryError::Settled(words));
        }
        if is_about_another {
            return Err(EntryError::About);
        }
        let corrected = if corrected.is_another_number_than(self) {
            Self { number: self.number + 1, reviewed_at: None, ..corrected }
        } else {
            corrected
        };
        let corrected = corrected.counted_since(self, open);
        corrected.check_corrections()?;
        *self = corrected;
        Ok(())
    }

    /// Whether it was corrected no more than may be: its earlier versions are shown at once, since they can't be told page by page to who
    /// counts them anew. Of what both wrote as one the line for the counselors counts apart, so that the other is not refused for it.
    fn check_corrections(&self) -> Result<(), EntryError> {
        let corrections = match self.author {
            Author::Together => (self.seen.number - 1).max(self.number - self.seen.number),
            Author::Partner(_) | Author::Counselor(_) => self.number - 1,
        };
        if corrections <= MOST_CORRECTIONS { Ok(()) } else { Err(EntryError::TooManyCorrections) }
    }

    /// Opens it further, or, while it is a draft, decides anew who else will read it. It is the author's own act, never done on
    /// their behalf, and is recorded as their permission. `open` is whether the other partner could read it before.
    ///
    /// # Errors
    /// [`EntryError::NotTheAuthor`], [`EntryError::VisibilityFixed`], [`EntryError::NotWider`] or [`EntryError::Frozen`].
    pub fn widen(
        &mut self,
        couple: &Couple,
        assignment: &Assignment,
        to: Visibility,
        by: RecordedBy,
        open: bool,
        now: DateTime<Utc>,
    ) -> Result<(), EntryError> {
        check_opener(couple, self.author, by)?;
        self.check_not_frozen(couple)?;
        let of_kind = assignment.visibility_of(couple, self.kind);
        if of_kind.fixed {
            return Err(EntryError::VisibilityFixed);
        }
        let wider = to.is_wider_than(self.visibility);
        if self.is_submitted() && !wider {
            return Err(EntryError::NotWider);
        }
        check_embargo(couple, Some(to), now)?;
        let permitted = to.is_wider_than(of_kind.default);
        let permission_given_at = (self.is_submitted() || permitted).then_some(now);
        let widened = Self { permission_given_at, visibility: to, version: self.version + 1, ..self.clone() };
        *self = widened.counted_since(self, open);
        Ok(())
    }

    /// Notes that a counselor has read it.
    ///
    /// # Errors
    /// [`EntryError::NotSubmitted`] for a draft.
    pub const fn mark_reviewed(&mut self, now: DateTime<Utc>) -> Result<(), EntryError> {
        if !self.is_submitted() {
            return Err(EntryError::NotSubmitted);
        }
        self.reviewed_at = Some(now);
        self.version += 1;
        Ok(())
    }

    fn replaced(&self, couple: &Couple, content: EntryContent, by: RecordedBy) -> Result<Self, EntryError> {
        self.check_pen_again(couple, by)?;
        if content.answers.kind() != self.kind {
            return Err(EntryError::KindChanged);
        }
        let EntryContent { difficulty, answers, referred, form, for_counselor } = content;
        check_answers(&answers, self.recorded_on, form.as_ref())?;
        references::check_replacing(couple, self, &answers, &referred)?;
        let for_counselor = self.line_after(couple, for_counselor, by)?;
        let occurrence_on = references::day_of_record(&answers, &referred).unwrap_or(self.occurrence_on);
        let version = self.version + 1;
        let replaced = Self { difficulty, answers, for_counselor, occurrence_on, version, ..self.clone() };
        let same = replaced.says_the_same_as(self);
        let of_staff = same && [self.begun_by, by].iter().all(|pen| pen.staff().is_some());
        let recorded_by = if same || self.author == Author::Together { self.recorded_by } else { by };
        let line_changes = self.line_changes + i64::from(of_staff);
        Self { recorded_by, line_changes, ..replaced }.checked()
    }

    /// Whether its correction is kept apart from what was there before: the answers differ, or a partner's line for the counselors does.
    fn is_another_number_than(&self, before: &Self) -> bool {
        let of_partner = self.begun_by.partner().is_some();
        !self.says_the_same_as(before) || (of_partner && self.for_counselor != before.for_counselor)
    }

    /// Whether the answers are those of another: what a partner reads of them.
    pub(super) fn says_the_same_as(&self, other: &Self) -> bool {
        self.answers == other.answers && self.difficulty == other.difficulty
    }

    /// The line for the counselors stays with who began the entry: another pen, who may not know whether there is one, neither replaces
    /// it nor adds one.
    fn line_after(
        &self,
        couple: &Couple,
        line: Option<Confidential>,
        by: RecordedBy,
    ) -> Result<Option<Confidential>, EntryError> {
        let same_pen = match (self.begun_by, by) {
            (RecordedBy::Partner(one), RecordedBy::Partner(other)) => couple.same_person(one, other),
            (RecordedBy::Staff(_), RecordedBy::Staff(_)) => true,
            (RecordedBy::Staff(_), RecordedBy::Partner(_)) | (RecordedBy::Partner(_), RecordedBy::Staff(_)) => false,
        };
        match line {
            line if same_pen => Ok(line),
            None => Ok(self.for_counselor.clone()),
            Some(_) => Err(EntryError::LineOfAnother),
        }
    }

    fn check_pen_again(&self, couple: &Couple, by: RecordedBy) -> Result<(), EntryError> {
        self.check_not_frozen(couple)?;
        Self::check_pen(couple, self.author, by)
    }

    fn check_not_frozen(&self, couple: &Couple) -> Result<(), EntryError> {
        let frozen = self.author == Author::Together && couple.separated_on.is_some();
        if frozen { Err(EntryError::Frozen) } else { Ok(()) }
    }

    fn checked(self) -> Result<Self, EntryError> {
        if self.difficulty.is_some_and(|difficulty| difficulty > 10) {
            return Err(EntryError::Difficulty);
        }
        if too_long(self.for_counselor.as_ref(), TEXT_CHARACTERS) {
            return Err(EntryError::LineForCounselor);
        }
        Ok(self)
    }
}

/// The day by which what is revealed together finds each other. What is about one record goes by that, however many rounds lie between
/// what the two say of it.
fn occurrence(assignment: &Assignment, draft: &EntryDraft, recorded_on: NaiveDate) -> NaiveDate {
    let kind = draft.answers.kind();
    if kind.is_of_its_record() {
        references::day_of_record(&draft.answers, &draft.referred).unwrap_or(assignment.starts_on)
    } else if kind.is_of_its_day() {
        recorded_on
    } else {
        assignment.occurrence_of(recorded_on)
    }
}

/// Case and assignment take an entry of this kind, and it is the author's to write with this pen.
fn check_may_record(context: &EntryContext<'_>, kind: Kind, draft: &EntryDraft) -> Result<(), EntryError> {
    let EntryContext { couple, assignment, .. } = *context;
    couple.check_takes_work()?;
    assignment.check_open().map_err(|_| EntryError::AssignmentEnded)?;
    if kind.exercise() != assignment.exercise {
        return Err(EntryError::Kind);
    }
    Entry::check_pen(couple, draft.author, draft.recorded_by)?;
    check_author(context, draft.author)?;
    check_writer(context, kind.writer(), draft.author)
}

/// What the answers are by themselves. It is asked before what they rest on: a touch that is none needs nobody's word.
fn check_answers(answers: &Answers, on: NaiveDate, form: Option<&OwnForm>) -> Result<(), EntryError> {
    answers.check(on).map_err(|errors| EntryError::Answers(AnswersRefused(errors)))?;
    let Answers::OwnEntry(own) = answers else { return Ok(()) };
    let below = |misfit: Misfit| Misfit { pointer: format!("/values{}", misfit.pointer), ..misfit };
    let form = form.ok_or(EntryError::Kind)?;
    form.check(&own.values).map_err(|misfits| EntryError::Form(misfits.into_iter().map(below).collect()))
}

/// The author takes part and is still there; a joint entry needs both to take part.
fn check_author(context: &EntryContext<'_>, author: Author) -> Result<(), EntryError> {
    let participants = context.assignment.participants();
    let takes_part =
        |partner: PartnerId| participants.contains(&partner) && context.couple.current_partner(partner).is_ok();
    let holds = match author {
        Author::Partner(partner) => takes_part(partner),
        Author::Together => participants.len() == 2 && participants.iter().all(|partner| takes_part(*partner)),
        Author::Counselor(_) => true,
    };
    if holds { Ok(()) } else { Err(EntryError::NotAParticipant) }
}

fn check_writer(context: &EntryContext<'_>, writer: Writer, author: Author) -> Result<(), EntryError> {
    let EntryContext { couple, assignment, breach } = *context;
    if assignment.is_written_by(writer, author, couple, breach) { Ok(()) } else { Err(EntryError::Writer(writer)) }
}

/// Who may open an entry: its author in person; each of both for a joint one; the counselor for their own.
fn check_opener(couple: &Couple, author: Author, by: RecordedBy) -> Result<(), EntryError> {
    let in_person = matches!(author, Author::Counselor(_)) || by.partner().is_some();
    if in_person && Entry::check_pen(couple, author, by).is_ok() { Ok(()) } else { Err(EntryError::NotTheAuthor) }
}

fn checked_day(
    context: &EntryContext<'_>,
    wanted: Option<NaiveDate>,
    now: DateTime<Utc>,
) -> Result<NaiveDate, EntryError> {
    let today = context.couple.today(now);
    let day = wanted.unwrap_or(today);
    if day > today || day < context.assignment.starts_on { Err(EntryError::Day) } else { Ok(day) }
}

/// What is sealed until a day is sealed today.
fn check_embargo(couple: &Couple, wanted: Option<Visibility>, now: DateTime<Utc>) -> Result<(), EntryError> {
    let is_over = wanted.and_then(Visibility::until).is_some_and(|until| until <= couple.today(now));
    if is_over { Err(EntryError::Embargo) } else { Ok(()) }
}

/// What an entry starts with: the author's word, else the assignment's if the kind starts at least as open, else the kind's. Who
/// writes on behalf of a partner may close it, and never open it.
fn starting_visibility(
    context: &EntryContext<'_>,
    kind: Kind,
    pen: RecordedBy,
    wanted: Option<Visibility>,
) -> Result<Visibility, EntryError> {
    let of_kind = context.assignment.visibility_of(context.couple, kind);
    let of_assignment = context.assignment.visibility.filter(|visibility| of_kind.default.is_as_open_as(*visibility));
    let of_assignment = of_assignment.filter(|_| !of_kind.fixed);
    let start = of_assignment.unwrap_or(of_kind.default);
    let Some(wanted) = wanted else { return Ok(start) };
    if of_kind.fixed && wanted != of_kind.default {
        return Err(EntryError::VisibilityFixed);
    }
    let on_behalf = pen.staff().is_some() && kind.writer() != Writer::Counselor;
    if on_behalf && !start.is_as_open_as(wanted) {
        return Err(EntryError::NotTheAuthor);
    }
    Ok(wanted)
}
