//! What people do in the stories, each through the same rules as when they do it over HTTP.

mod cases;
mod entries;
mod exercises;
mod notes;
mod promises;
mod sessions;

use domain::access::Action;
use store::Tx;

use super::{script::Case, story::Does};
use crate::problem::Problem;

/// What one has to be allowed to do for it.
pub(super) const fn needs(act: &Does) -> Action {
    match act {
        Does::OpenCase {} | Does::ChangeStatus(_) => Action::ManageCouples,
        Does::SetPolicy { .. } => Action::SetPolicies,
        Does::Acknowledge {} => Action::AcknowledgePolicies,
        Does::Screen { .. } => Action::ScreenSafety,
        Does::RecordBreach(_) => Action::RecordBreaches,
        Does::EnterScore(_) => Action::EnterScores,
        Does::DefineExercise(_) => Action::ManageOwnExercises,
        Does::Assign(_) | Does::StartProgram { .. } | Does::ReleaseSteps {} | Does::Complete { .. } => {
            Action::AssignExercises
        }
        Does::NotReady { .. } => Action::WorkOnAssignments,
        Does::Write(_) | Does::Correct { .. } => Action::RecordEntries,
        Does::Review { .. } | Does::TakeUp(_) => Action::ReviewEntries,
        Does::Promise(..) | Does::Claim(_) | Does::Answer(_) => Action::KeepPromises,
        Does::Schedule(_) | Does::EndSession { .. } => Action::ScheduleSessions,
        Does::WriteNote { .. } | Does::AddAddendum { .. } => Action::WriteNotes,
        Does::Cosign {} => Action::CosignNotes,
        Does::KeepPsychotherapyNote { .. } => Action::KeepPsychotherapyNotes,
        Does::RequestExport {} => Action::ExportRecords,
    }
}

/// Does it.
pub(super) fn perform(tx: &mut Tx<'_>, case: &Case, act: Does) -> Result<(), Problem> {
    match act {
        Does::OpenCase {} => cases::open(tx, case),
        Does::ChangeStatus(status) => cases::change_status(tx, case, status),
        Does::SetPolicy { kind, text } => cases::set_policy(tx, case, kind, text),
        Does::Acknowledge {} => cases::acknowledge(tx, case),
        Does::Screen { partner, status, note } => cases::screen(tx, case, &partner, status, note),
        Does::RecordBreach(event) => cases::record_breach(tx, case, event),
        Does::EnterScore(entered) => cases::enter_score(tx, case, &entered),
        Does::DefineExercise(wanted) => exercises::define(tx, wanted),
        Does::StartProgram { before_policy } => exercises::start_program(tx, case, before_policy),
        Does::ReleaseSteps {} => exercises::release_steps(tx, case),
        Does::Assign(assigned) => exercises::assign(tx, case, assigned),
        Does::Complete { exercise } => exercises::complete(tx, case, exercise),
        Does::NotReady { exercise } => exercises::not_ready(tx, case, exercise),
        Does::Write(written) => entries::write(tx, case, written),
        Does::Correct { answers } => entries::correct(tx, case, answers),
        Does::Review { feedback, flag } => entries::review(tx, case, &feedback, &flag),
        Does::TakeUp(kinds) => sessions::take_up(tx, case, &kinds),
        Does::Promise(number, promised) => promises::make(tx, case, number, promised),
        Does::Claim(told) => promises::claim(tx, case, &told),
        Does::Answer(told) => promises::answer(tx, case, &told),
        Does::Schedule(scheduled) => sessions::schedule(tx, case, scheduled),
        Does::EndSession { status, late, topic } => sessions::end(tx, case, status, &late, topic),
        Does::WriteNote { body, draft } => notes::write(tx, case, body, draft),
        Does::AddAddendum { text } => notes::add_addendum(tx, case, text),
        Does::Cosign {} => notes::cosign(tx, case),
        Does::KeepPsychotherapyNote { text } => notes::keep_psychotherapy_note(tx, case, text),
        Does::RequestExport {} => notes::request_export(tx, case),
    }
}
