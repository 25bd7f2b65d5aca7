//! From stories to one script: everything that happens in the demo, one thing after another.

use std::sync::Arc;

use chrono::{DateTime, Utc, Weekday};
use domain::ids::{CoupleId, PartnerId, PromiseId};
use serde_json::Value;

use super::{
    calendar::{Calendar, Day},
    mistake,
    people::Cast,
    story::{Act, Does, Ledger, Series, Story, Told, Written},
};
use crate::{app::App, problem::Problem};

/// A couple of the demo: who is in it, under which ids.
#[derive(Debug)]
pub(super) struct Case {
    /// Who acts.
    pub(super) cast: Arc<Cast>,
    /// When.
    pub(super) calendar: Calendar,
    /// The couple.
    pub(super) couple: CoupleId,
    /// What the counselor calls the case.
    pub(super) label: String,
    /// Who treats them.
    pub(super) counselor: String,
    /// The partners and their memberships.
    pub(super) partners: [(String, PartnerId); 2],
    /// Their promises, in the order in which the story has them.
    pub(super) promises: Vec<PromiseId>,
}

impl Case {
    fn of(app: &App, cast: Arc<Cast>, calendar: Calendar, story: &Story) -> Self {
        let partner = |key: &String| (key.clone(), PartnerId(app.ids.next()));
        Self {
            cast,
            calendar,
            couple: CoupleId(app.ids.next()),
            label: story.label.clone(),
            counselor: story.counselor.clone(),
            partners: story.partners.each_ref().map(partner),
            promises: story.promises.iter().map(|_| PromiseId(app.ids.next())).collect(),
        }
    }

    /// The membership of a partner.
    pub(super) fn partner(&self, key: &str) -> Result<PartnerId, Problem> {
        let found = self.partners.iter().find(|(partner, _)| partner == key);
        found.map(|(_, id)| *id).ok_or_else(|| mistake(format!("{key} is no partner in {}", self.label)))
    }

    fn other(&self, key: &str) -> String {
        let other = self.partners.iter().find(|(partner, _)| partner != key);
        other.map(|(partner, _)| partner.clone()).unwrap_or_default()
    }
}

/// What one person does at one moment: one unit of work.
#[derive(Debug)]
pub(super) struct Step {
    /// When.
    pub(super) at: DateTime<Utc>,
    /// Who.
    pub(super) by: String,
    /// With which couple.
    pub(super) case: Arc<Case>,
    /// What.
    pub(super) does: Vec<Does>,
}

/// All that has happened by an instant, in its order.
pub(super) fn until(
    app: &App,
    cast: &Arc<Cast>,
    calendar: Calendar,
    stories: Vec<Story>,
    now: DateTime<Utc>,
) -> Result<Vec<Step>, Problem> {
    let mut script = Vec::new();
    for story in stories {
        let case = Arc::new(Case::of(app, cast.clone(), calendar, &story));
        for act in acts(&case, story)? {
            script.push((calendar.instant(act.when), case.clone(), act));
        }
    }
    script.retain(|(at, _, _)| *at < now);
    script.sort_by_key(|(at, _, _)| *at);
    Ok(steps(script))
}

fn steps(script: Vec<(DateTime<Utc>, Arc<Case>, Act)>) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for (at, case, Act { by, does, .. }) in script {
        match steps.last_mut() {
            Some(step) if step.at == at && step.by == by && Arc::ptr_eq(&step.case, &case) => step.does.push(does),
            _ => steps.push(Step { at, by, case, does: vec![does] }),
        }
    }
    steps
}

fn acts(case: &Case, story: Story) -> Result<Vec<Act>, Problem> {
    let mut acts = story.acts;
    for series in story.series {
        acts.extend(recorded(series)?);
    }
    for (number, ledger) in story.promises.into_iter().enumerate() {
        acts.extend(kept(case, number, ledger));
    }
    Ok(acts)
}

/// An entry for each week that has values.
fn recorded(series: Series) -> Result<Vec<Act>, Problem> {
    let Series { by, from, kind, fields, weeks } = series;
    let weeks = weeks.into_iter().zip(0..).filter(|(values, _)| !values.is_empty());
    let act = |(values, week): (Vec<Value>, i64)| {
        if values.len() != fields.len() {
            return Err(mistake(format!("{kind} by {by}: each week has a value for each field")));
        }
        let tag = ("type".to_owned(), Value::from(kind.as_str()));
        let answers = fields.iter().cloned().zip(values).chain([tag]).collect();
        let written = Written { answers: Value::Object(answers), ..Default::default() };
        Ok(Act { when: from.later(week), by: by.clone(), does: Does::Write(written) })
    };
    weeks.map(act).collect()
}

/// The promise, and for each week what both said of it on Sunday: what is agreed anew is said on Monday morning, before it is due.
fn kept(case: &Case, number: usize, ledger: Ledger) -> Vec<Act> {
    let Ledger { made, by, promise, claims, answers } = ledger;
    let other = case.other(&by);
    let told = |week, marks| Told { promise: number, week, marks };
    let only = |marks: &str, early: bool| -> String {
        marks.chars().map(|mark| if (mark == 'r') == early { mark } else { '-' }).collect()
    };
    let mut acts = vec![Act { when: made, by: by.clone(), does: Does::Promise(number, promise) }];
    for (marks, week) in claims.iter().zip(made.day.week()..) {
        let say = |when, marks| Act { when, by: by.clone(), does: Does::Claim(told(week, marks)) };
        if marks.contains('r') {
            acts.push(say(Day::new(week, Weekday::Mon).at(7, 15), only(marks, true)));
        }
        acts.push(say(Day::new(week, Weekday::Sun).at(19, 40), only(marks, false)));
    }
    for (marks, week) in answers.into_iter().zip(made.day.week()..) {
        let when = Day::new(week, Weekday::Sun).at(20, 30);
        acts.push(Act { when, by: other.clone(), does: Does::Answer(told(week, marks)) });
    }
    acts
}
