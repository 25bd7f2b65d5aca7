//! What holds whatever the table says: regenerating it can't open any of this.

use super::{
    operations::Operation,
    world::Caller::{
        self, Assistant, Counselor, Nobody, OtherClient, OtherCounselor, OtherPartner, OtherPractice, OtherSupervisor,
        Owner, Supervisor,
    },
};

/// Everything that can be asked without signing in.
const PUBLIC: [&str; 8] = [
    "acceptInvitation",
    "beginSignIn",
    "checkLiveness",
    "checkReadiness",
    "explainProblem",
    "listPublicKeys",
    "refreshSignIn",
    "showApiDocument",
];

/// Parameters that name nothing of a couple; every other one does.
const OF_NO_COUPLE: [&str; 8] =
    ["code", "instrument", "number", "own_exercise_id", "program_id", "sign_in_id", "slug", "staff_id"];

/// Parameters that name nothing of a practice.
const OF_NO_PRACTICE: [&str; 2] = ["code", "slug"];

/// What names a couple in its body and not in its path.
const NAMING_A_COUPLE: [&str; 2] = ["requestExport", "writePsychotherapyNote"];

/// What partners are never let in to.
const CLOSED_TO_PARTNERS: [&str; 12] = [
    "agenda",
    "audit",
    "breaches",
    "caseload",
    "exports",
    "flags",
    "instruments",
    "notes",
    "programs",
    "psychotherapy-notes",
    "safety",
    "staff",
];

/// What an assistant may have a part in; everything else is clinical.
const OPEN_TO_ASSISTANTS: [&str; 8] =
    ["account", "clients", "couples", "exercises", "practice", "sessions", "sign-in", "staff"];

/// What a supervisor changes: their own account, and notes by co-signing them. A check of a text changes nothing.
const CHANGED_BY_SUPERVISORS: [&str; 3] = ["account", "deflection-checks", "sign-in"];

/// What only whoever runs a practice sees; an owner of another one sees theirs.
const FOR_OWNERS: [&str; 1] = ["showOverview"];

/// What one caller was answered.
pub(super) struct Answer {
    pub(super) caller: Caller,
    pub(super) status: u16,
}

impl Answer {
    fn is_let_in(&self) -> bool {
        (200..400).contains(&self.status)
    }

    /// Refused by who they are, and for nothing else.
    fn is_refused(&self) -> bool {
        matches!(self.status, 403 | 404)
    }
}

/// What is wrong with a row of the table, in words.
pub(super) fn broken(operation: &Operation, situation: &str, answers: &[Answer]) -> Vec<String> {
    let mut broken: Vec<_> = answers.iter().filter_map(|answer| broken_by(operation, situation, answer)).collect();
    if !answers.iter().any(Answer::is_let_in) {
        broken.push("nobody gets through: the request is not well-formed".to_owned());
    }
    if operation.public != PUBLIC.contains(&operation.id.as_str()) {
        broken.push("the list of what is public says otherwise than the document".to_owned());
    }
    broken.iter().map(|what| format!("{} ({situation}): {what}", operation.id)).collect()
}

fn broken_by(operation: &Operation, situation: &str, answer: &Answer) -> Option<String> {
    let Answer { caller, status } = answer;
    if operation.public {
        return (!answer.is_let_in()).then(|| format!("{caller} gets {status} from what is public"));
    }
    let expected = match caller {
        Nobody => *status == 401,
        _ if must_be_refused(operation, situation, *caller) => answer.is_refused(),
        _ => *status < 500,
    };
    (!expected).then(|| format!("{caller} gets {status}"))
}

fn must_be_refused(operation: &Operation, situation: &str, caller: Caller) -> bool {
    let tag = operation.tag.as_str();
    let names = |outside: &[&str]| operation.parameters().any(|parameter| !outside.contains(&parameter));
    match caller {
        _ if FOR_OWNERS.contains(&operation.id.as_str()) => !matches!(caller, Owner | OtherPractice),
        _ if caller.is_outside() && NAMING_A_COUPLE.contains(&operation.id.as_str()) => true,
        OtherPractice => names(&OF_NO_PRACTICE),
        OtherCounselor | OtherClient | OtherSupervisor if names(&OF_NO_COUPLE) => true,
        Assistant => !OPEN_TO_ASSISTANTS.contains(&tag),
        Supervisor | OtherSupervisor => {
            operation.method != "GET" && !CHANGED_BY_SUPERVISORS.contains(&tag) && operation.id != "cosignNote"
        }
        OtherPartner | OtherClient if operation.id == "showOwnExerciseVersion" => true,
        OtherPartner if is_hidden_entry(operation, situation) => true,
        OtherPartner if operation.parameters().any(|parameter| parameter == "score_id") => true,
        _ if caller.is_partner() || caller == OtherClient => is_closed_to_partners(operation),
        _ => caller != Counselor && operation.parameters().any(|parameter| parameter == "psychotherapy_note_id"),
    }
}

fn is_closed_to_partners(operation: &Operation) -> bool {
    CLOSED_TO_PARTNERS.contains(&operation.tag.as_str())
        || matches!(operation.id.as_str(), "listReviewQueue" | "reviewEntry" | "showReliableChange")
        // Of the practice's own exercises they read the versions that were given to them.
        || (operation.tag == "own-exercises" && operation.id != "showOwnExerciseVersion")
}

/// Every entry that is asked for is the partner's own, and only the one that they shared is there for the other: even then not
/// how an apology reads to a machine.
fn is_hidden_entry(operation: &Operation, situation: &str) -> bool {
    let is_of_an_entry = operation.parameters().any(|parameter| parameter == "entry_id");
    is_of_an_entry && (situation != "a shared one" || operation.id == "showDeflections")
}
