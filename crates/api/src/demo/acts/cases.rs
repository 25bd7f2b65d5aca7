//! Couples: taken on, screened, with their policy, what broke the trust and what questionnaires came to.

use domain::{
    breach::{Breach, BreachDraft, RoleInBreach},
    confidential::Confidential,
    couple::{Couple, CoupleChange, CoupleDraft, CoupleStatus, PartnerDraft},
    policy::{ConfidentialityPolicy, PolicyDraft, PolicyKind},
    safety::{Safety, SafetyDraft, SafetyStatus},
    score::ScoreDraft,
};
use store::{Tx, audit::Event, breaches, couples, instruments, policies, safety};

use crate::{
    demo::{mistake, script::Case, story},
    pen,
    problem::Problem,
    routes,
};

pub(super) fn open(tx: &mut Tx<'_>, case: &Case) -> Result<(), Problem> {
    let partner = |(key, id): &(String, _)| Ok(PartnerDraft { id: *id, client: case.cast.client(key)?, from: None });
    let draft = CoupleDraft {
        label: Some(Confidential::new(&case.label)),
        time_zone: store::practices::find(tx)?.time_zone,
        primary_counselor: case.cast.staff(&case.counselor)?,
        care_team: Vec::new(),
        partners: case.partners.iter().map(partner).collect::<Result<_, Problem>>()?,
        opened_on: None,
    };
    let couple = Couple::new(case.couple, draft, tx.now())?;
    couples::insert(tx, &couple)?;
    tx.record(Event::new("couple.opened", couple.id).of_couple(couple.id));
    Ok(())
}

pub(super) fn change_status(tx: &mut Tx<'_>, case: &Case, status: CoupleStatus) -> Result<(), Problem> {
    let mut couple = couples::find(tx, case.couple)?;
    let change = CoupleChange { status: Some(status), ..CoupleChange::default() };
    couple.change(change, tx.now())?;
    couples::update(tx, &couple)?;
    tx.record(Event::new("couple.changed", couple.id).of_couple(couple.id));
    Ok(())
}

pub(super) fn set_policy(tx: &mut Tx<'_>, case: &Case, kind: PolicyKind, text: String) -> Result<(), Problem> {
    let couple = couples::find(tx, case.couple)?;
    let known = policies::list(tx, couple.id)?;
    let draft = PolicyDraft { kind, in_force_from: None, text: Some(Confidential::new(text)) };
    let policy = ConfidentialityPolicy::new(tx.new_id(), &couple, known.last(), draft, tx.now());
    let policy = policy?;
    policies::insert(tx, &policy)?;
    tx.record(Event::new("policy.set", policy.id).of_couple(couple.id));
    Ok(())
}

pub(super) fn acknowledge(tx: &mut Tx<'_>, case: &Case) -> Result<(), Problem> {
    let couple = couples::find(tx, case.couple)?;
    let mut policy = policies::list(tx, couple.id)?.pop().ok_or_else(|| mistake("there is no policy yet"))?;
    let pen = pen::of(tx, &couple, None)?;
    policy.acknowledge(&couple, pen.partner, pen.recorded_by, tx.now())?;
    if let Some(given) = policy.acknowledgements.last() {
        policies::insert_acknowledgement(tx, &policy, given)?;
    }
    tx.record(Event::new("policy.acknowledged", policy.id).of_couple(couple.id));
    Ok(())
}

pub(super) fn screen(
    tx: &mut Tx<'_>,
    case: &Case,
    key: &str,
    status: SafetyStatus,
    note: String,
) -> Result<(), Problem> {
    let (couple, partner) = (couples::find(tx, case.couple)?, case.partner(key)?);
    let mut known = Safety::not_screened(couple.id, partner);
    let draft = SafetyDraft { status, screened_on: None, note: Some(Confidential::new(note)) };
    known.screen(&couple, draft, pen::staff(tx)?, tx.now())?;
    safety::keep(tx, &known)?;
    tx.record(Event::new("safety.screened", partner).of_couple(couple.id));
    Ok(())
}

pub(super) fn record_breach(tx: &mut Tx<'_>, case: &Case, event: story::Event) -> Result<(), Problem> {
    let couple = couples::find(tx, case.couple)?;
    let roles = event.roles.iter().map(|(key, role)| Ok(RoleInBreach { partner: case.partner(key)?, role: *role }));
    let draft = BreachDraft {
        kind: event.kind,
        happened_on: Some(case.calendar.date(event.happened)),
        came_to_light: event.came_to_light,
        came_to_light_on: Some(case.calendar.date(event.came_to_light_on)),
        ongoing: false,
        description: Some(Confidential::new(event.description)),
        roles: roles.collect::<Result<_, Problem>>()?,
    };
    let breach = Breach::new(tx.new_id(), &couple, draft, tx.now())?;
    breaches::insert(tx, &breach)?;
    tx.record(Event::new("breach.recorded", breach.id).of_couple(couple.id));
    Ok(())
}

pub(super) fn enter_score(tx: &mut Tx<'_>, case: &Case, entered: &story::Entered) -> Result<(), Problem> {
    let couple = couples::find(tx, case.couple)?;
    let instrument = instruments::find(tx, &entered.instrument)?;
    let draft = ScoreDraft {
        partner: case.partner(&entered.partner)?,
        instrument_version: None,
        taken_on: None,
        value: entered.value,
        shared_with_partner: entered.shared,
    };
    routes::scores::enter(tx, &couple, &instrument, &draft)?;
    Ok(())
}
