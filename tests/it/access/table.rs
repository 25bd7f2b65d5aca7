//! The table as it is committed: Markdown that whoever answers for privacy can read.

use std::{env, fmt::Write, fs, path::PathBuf};

use super::{operations::Operation, rules::Answer, world::Caller};

const HEAD: &str = "\
# Who may do what

Made by `UPDATE_ACCESS=1 cargo test --test it access`, and checked by the same test on both databases: every operation of the API,
asked for by everyone. Each of them asks for something of one couple, Lee and Kim; what one partner wrote is Lee's.

| Column | Who |
| --- | --- |
| nobody | not signed in |
| other practice | the owner of another practice |
| other counselor | a counselor of the practice who does not treat the couple |
| other supervisor | a supervisor of nobody who treats the couple |
| other client | a client of the practice, in another couple |
| assistant | an assistant of the practice |
| other partner | Kim |
| partner | Lee |
| supervisor | the supervisor of the couple's counselor |
| counselor | the couple's counselor |
| owner | the owner of the practice |

`yes` is done or shown; a list shows only what is within the caller's reach, which may be nothing. `401` is asked to sign in, `403` is told
that the role does not allow it, `404` is told that there is no such thing. Other numbers are refused for what they ask, and not for
who they are: `422` is against a rule, such as writing in the name of another.
";

/// The table, one section for each tag.
pub(super) struct Table {
    text: String,
    tag: String,
}

impl Table {
    pub(super) fn new() -> Self {
        Self { text: HEAD.to_owned(), tag: String::new() }
    }

    pub(super) fn add(&mut self, operation: &Operation, situation: &str, answers: &[Answer]) {
        if self.tag != operation.tag {
            self.tag.clone_from(&operation.tag);
            let callers = Caller::ALL.map(|caller| caller.to_string()).join(" | ");
            let rule = " --- |".repeat(Caller::ALL.len());
            self.line(format_args!("\n## {}\n\n| | {callers} |\n| --- |{rule}", operation.tag));
        }
        let cells: Vec<_> = answers.iter().map(cell).collect();
        let what = [&operation.summary, situation].map(str::trim).join(": ");
        self.line(format_args!("| {} (`{}`) | {} |", what.trim_end_matches(": "), operation.id, cells.join(" | ")));
    }

    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        writeln!(self.text, "{line}").expect("text can be appended");
    }

    /// Compares with what is committed, or puts this in its place if that is wanted.
    pub(super) fn compare(&self) {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("it/access.md");
        if env::var_os("UPDATE_ACCESS").is_some() {
            fs::write(&path, &self.text).expect("the table can be written");
        }
        let committed = fs::read_to_string(&path).unwrap_or_default();
        let differs = |line: &&str| !committed.lines().any(|known| known == *line);
        let news: Vec<_> = self.text.lines().filter(differs).collect();
        assert!(
            committed == self.text,
            "tests/it/access.md is not what the server does. If it is meant to: UPDATE_ACCESS=1 cargo test --test it access\n{}",
            news.join("\n")
        );
    }
}

fn cell(answer: &Answer) -> String {
    if (200..400).contains(&answer.status) { "yes".to_owned() } else { answer.status.to_string() }
}
