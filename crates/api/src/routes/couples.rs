//! Couples: the cases, and who is in them.

use actix_web::{
    delete, get, patch, post,
    web::{Data, Path},
};
use chrono::NaiveDate;
use chrono_tz::Tz;
use domain::{
    access::Action,
    confidential::Confidential,
    couple::{Couple, CoupleChange, CoupleDraft, CoupleStatus, Partner, PartnerDraft},
    ids::{ClientId, CoupleId, PartnerId, StaffId},
};
use serde::{Deserialize, Serialize};
use store::{Tx, View, audit::Event, clients, couples, practices, staff};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use crate::{
    answer::{Created, Found, Resource, fingerprint},
    app::App,
    extract::{Asker, IdempotencyKey, IfMatch, Listing, New, PageParameters, Paged, Patch, Query, nullable},
    problem::{Problem, named},
    routes::program_runs,
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(open_couple)
        .service(list_couples)
        .service(show_couple)
        .service(change_couple)
        .service(add_partner)
        .service(end_partner);
}

/// A couple to take on. The case begins in intake.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct OpenCouple {
    /// A short name for the counselors' lists; the partners never see it.
    #[validate(length(max = 200))]
    #[schema(nullable = false, max_length = 200)]
    label: Option<String>,
    /// Where their days begin and end (IANA time zone); the practice's if absent.
    #[schema(value_type = Option<String>, nullable = false, max_length = 50, example = "Europe/Berlin")]
    time_zone: Option<Tz>,
    /// Who answers for the treatment; whoever takes them on if absent.
    #[schema(nullable = false)]
    primary_counselor_id: Option<StaffId>,
    /// Who else has access to the case.
    #[serde(default)]
    #[validate(length(max = 20))]
    #[schema(max_items = 20)]
    care_team: Vec<StaffId>,
    /// One or two partners: clients of the practice.
    #[validate(length(min = 1, max = 2))]
    #[schema(min_items = 1, max_items = 2)]
    partners: Vec<NewPartner>,
    /// The first day of the case; today if absent.
    #[schema(nullable = false)]
    opened_on: Option<NaiveDate>,
}

/// A client who becomes a partner in a couple.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPartner {
    /// Whose membership it is.
    client_id: ClientId,
    /// The first day of it; today if absent.
    #[schema(nullable = false)]
    from: Option<NaiveDate>,
}

impl NewPartner {
    fn draft(&self, tx: &Tx<'_>) -> PartnerDraft {
        PartnerDraft { id: tx.new_id(), client: self.client_id, from: self.from }
    }
}

/// What of a couple is to be different.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangeCouple {
    /// A short name for the counselors' lists; null removes it.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, max_length = 200)]
    label: Option<Option<Confidential>>,
    /// Where their days begin and end (IANA time zone).
    #[schema(value_type = Option<String>, nullable = false, max_length = 50)]
    time_zone: Option<Tz>,
    /// Who answers for the treatment.
    #[schema(nullable = false)]
    primary_counselor_id: Option<StaffId>,
    /// Who has access to the case, besides the primary counselor; replaces the whole list.
    #[validate(length(max = 20))]
    #[schema(nullable = false, max_items = 20)]
    care_team: Option<Vec<StaffId>>,
    /// Where the case stands. A separation ends all that was shared between the partners, and is not undone.
    #[schema(nullable = false)]
    status: Option<CoupleStatus>,
    /// With the status `separated`, the day from which nothing is shared any more, today or before; today if absent.
    #[schema(nullable = false)]
    separated_on: Option<NaiveDate>,
}

impl From<ChangeCouple> for CoupleChange {
    fn from(change: ChangeCouple) -> Self {
        let ChangeCouple { label, time_zone, primary_counselor_id, care_team, status, separated_on } = change;
        Self { label, time_zone, primary_counselor: primary_counselor_id, care_team, status, separated_on }
    }
}

/// A couple in treatment.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Couple)]
struct CoupleView {
    /// Its id.
    id: CoupleId,
    /// A short name for the counselors' lists; null for partners.
    #[schema(required = true, max_length = 200)]
    label: Option<String>,
    /// Where the case stands.
    status: CoupleStatus,
    /// Where their days begin and end (IANA time zone).
    #[schema(value_type = String, max_length = 50)]
    time_zone: Tz,
    /// Who answers for the treatment.
    primary_counselor_id: StaffId,
    /// Who has access to the case.
    #[schema(max_items = 21)]
    care_team: Vec<StaffId>,
    /// Every membership there ever was, oldest first; at most two are current.
    #[schema(max_items = 100)]
    partners: Vec<PartnerView>,
    /// The first day of the case.
    opened_on: NaiveDate,
    /// The day on which it was closed.
    #[schema(required = true)]
    closed_on: Option<NaiveDate>,
    /// The day on which the partners parted: from it on nothing is shared between them.
    #[schema(required = true)]
    separated_on: Option<NaiveDate>,
    /// Counts the changes, from 1; null for partners, who may have come after some of them.
    #[schema(required = true, minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    version: Option<i64>,
}

/// A client's membership in a couple.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Partner)]
struct PartnerView {
    /// Its id: this partner in this couple.
    id: PartnerId,
    /// Whose membership it is.
    client_id: ClientId,
    /// What they are called.
    #[schema(max_length = 200)]
    name: String,
    /// The first day of it.
    from: NaiveDate,
    /// The day from which it is over; null while it lasts.
    #[schema(required = true)]
    until: Option<NaiveDate>,
}

impl Resource for CoupleView {
    fn path(&self) -> String {
        format!("/v1/couples/{}", self.id)
    }

    fn version(&self) -> i64 {
        self.version.unwrap_or(1)
    }

    fn tag(&self) -> String {
        self.version.map_or_else(|| fingerprint(self), |version| version.to_string())
    }
}

/// Couples as the caller sees them: with the partners' names, and without the label for the partners.
fn shown(view: &mut View<'_>, couples: Vec<Couple>) -> Result<Vec<CoupleView>, Problem> {
    let ids: Vec<_> = couples.iter().flat_map(|couple| &couple.partners).map(|partner| partner.client).collect();
    let clients = clients::find_all(view, &ids)?;
    let name = |id| clients.iter().find(|client| client.id == id).map_or("", |client| client.name.expose());
    let partner = |partner: &Partner| PartnerView {
        id: partner.id,
        client_id: partner.client,
        name: name(partner.client).to_owned(),
        from: partner.from,
        until: partner.until,
    };
    let client = view.caller().client();
    let for_staff = client.is_none();
    let couple = |couple: Couple| CoupleView {
        id: couple.id,
        partners: couple.partners.iter().filter(|other| couple.is_known_to(client, other)).map(partner).collect(),
        label: couple.label.filter(|_| for_staff).map(Confidential::into_exposed),
        status: couple.status,
        time_zone: couple.time_zone,
        primary_counselor_id: couple.primary_counselor,
        care_team: couple.care_team,
        opened_on: couple.opened_on,
        closed_on: couple.closed_on,
        separated_on: couple.separated_on,
        version: for_staff.then_some(couple.version),
    };
    Ok(couples.into_iter().map(couple).collect())
}

fn shown_one(view: &mut View<'_>, couple: Couple) -> Result<CoupleView, Problem> {
    shown(view, vec![couple])?.pop().ok_or_else(Problem::not_found)
}

/// Take on a couple
#[utoipa::path(tag = "couples", security(("bearer" = [])), params(IdempotencyKey), request_body = OpenCouple,
    responses((status = 201, description = "The couple, in intake", body = CoupleView)))]
#[post("/v1/couples")]
async fn open_couple(app: Data<App>, caller: Asker, new: New<OpenCouple>) -> Result<Created<CoupleView>, Problem> {
    app.create(&caller, Action::ManageCouples, new, |tx, wanted| {
        let draft = draft(tx, wanted)?;
        let couple = Couple::new(tx.new_id(), draft, tx.now())?;
        check_team(tx, &couple.care_team)?;
        check_clients(tx, &couple)?;
        couples::insert(tx, &couple)?;
        tx.record(Event::new("couple.opened", couple.id).of_couple(couple.id));
        shown_one(tx, couple)
    })
    .await
}

fn draft(tx: &mut Tx<'_>, wanted: OpenCouple) -> Result<CoupleDraft, Problem> {
    let nobody = || Problem::unknown("/primary_counselor_id", "names who answers for the treatment");
    Ok(CoupleDraft {
        label: wanted.label.map(Confidential::new),
        time_zone: wanted.time_zone.map_or_else(|| practices::find(tx).map(|practice| practice.time_zone), Ok)?,
        primary_counselor: wanted.primary_counselor_id.or(tx.caller().staff()).ok_or_else(nobody)?,
        care_team: wanted.care_team,
        partners: wanted.partners.iter().map(|partner| partner.draft(tx)).collect(),
        opened_on: wanted.opened_on,
    })
}

/// Everybody who joins the care team works here and treats couples.
fn check_team(tx: &mut Tx<'_>, joining: &[StaffId]) -> Result<(), Problem> {
    for id in joining {
        let nobody = || Problem::unknown("/care_team", "has someone who does not work here");
        if !named(staff::find(tx, *id), nobody)?.may_treat() {
            return Err(Problem::unknown(
                "/care_team",
                "has someone who does not treat couples, or no longer works here",
            ));
        }
    }
    Ok(())
}

/// Every partner is a client of this practice whom the caller may know.
fn check_clients(tx: &mut Tx<'_>, couple: &Couple) -> Result<(), Problem> {
    for partner in couple.current_partners() {
        let nobody = || Problem::unknown("/partners", "has someone who is no client here");
        named(clients::find(tx, partner.client), nobody)?;
    }
    Ok(())
}

/// Which couples are listed.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct CoupleFilter {
    /// Only cases of this status.
    #[param(nullable = false, required = false)]
    status: Option<CoupleStatus>,
}

/// List the couples within your reach
///
/// Owners and assistants see every couple, counselors those whose care team they are on, supervisors those of the counselors
/// they supervise, clients their own.
#[utoipa::path(tag = "couples", security(("bearer" = [])), params(PageParameters, CoupleFilter),
    responses((status = 200, description = "Couples, in the order in which they came", body = Paged<CoupleView>)))]
#[get("/v1/couples")]
async fn list_couples(
    app: Data<App>,
    caller: Asker,
    list: Listing<CoupleFilter>,
) -> Result<Paged<CoupleView>, Problem> {
    app.read(&caller, Action::ReadCouples, move |view| {
        let slice = couples::list(view, list.filter.status, list.page)?;
        let places: Vec<_> = slice.items.iter().map(|couple| (couple.created_at, couple.id.0)).collect();
        let items = shown(view, slice.items)?.into_iter().zip(places).collect();
        Ok(Paged::of(store::Slice { items, more: slice.more }, |(_, place)| *place, |(couple, _)| couple))
    })
    .await
}

/// Show a couple
#[utoipa::path(tag = "couples", security(("bearer" = [])), params(("couple_id" = CoupleId, Path, description = "The couple")),
    responses((status = 200, description = "The couple", body = CoupleView)))]
#[get("/v1/couples/{couple_id}")]
async fn show_couple(app: Data<App>, caller: Asker, id: Path<CoupleId>) -> Result<Found<CoupleView>, Problem> {
    app.read(&caller, Action::ReadCouples, move |view| {
        let couple = couples::find(view, *id)?;
        shown_one(view, couple)
    })
    .await
    .map(Found)
}

/// Change a couple: label, time zone, care team, status
#[utoipa::path(tag = "couples", security(("bearer" = [])), params(("couple_id" = CoupleId, Path, description = "The couple"), IfMatch),
    request_body = ChangeCouple, responses((status = 200, description = "The couple as it is now", body = CoupleView)))]
#[patch("/v1/couples/{couple_id}")]
async fn change_couple(
    app: Data<App>,
    caller: Asker,
    id: Path<CoupleId>,
    expected: IfMatch,
    patch: Patch<ChangeCouple>,
) -> Result<Found<CoupleView>, Problem> {
    app.write(&caller, Action::ManageCouples, move |tx| {
        let mut couple = couples::find(tx, *id)?;
        expected.check(couple.version)?;
        let before = couple.clone();
        couple.change(patch.into_inner().into(), tx.now())?;
        let is_new = |member: &StaffId| !before.is_treated_by(*member);
        let joining: Vec<_> = couple.care_team.iter().copied().filter(is_new).collect();
        check_team(tx, &joining)?;
        if couple.status == CoupleStatus::Active && before.status != couple.status {
            program_runs::go_on(tx, &couple)?;
        }
        if couple.time_zone != before.time_zone {
            program_runs::wake_anew(tx, &couple)?;
        }
        keep(tx, couple, "couple.changed")
    })
    .await
    .map(Found)
}

fn keep(tx: &mut Tx<'_>, couple: Couple, action: &'static str) -> Result<CoupleView, Problem> {
    couples::update(tx, &couple)?;
    tx.record(Event::new(action, couple.id).of_couple(couple.id));
    shown_one(tx, couple)
}

/// Take in a partner
///
/// Who comes back after leaving gets a new membership.
#[utoipa::path(tag = "couples", security(("bearer" = [])), params(("couple_id" = CoupleId, Path, description = "The couple"), IdempotencyKey),
    request_body = NewPartner, responses((status = 201, description = "The couple as it is now", body = CoupleView)))]
#[post("/v1/couples/{couple_id}/partners")]
async fn add_partner(
    app: Data<App>,
    caller: Asker,
    id: Path<CoupleId>,
    new: New<NewPartner>,
) -> Result<Created<CoupleView>, Problem> {
    app.create(&caller, Action::ManageCouples, new, move |tx, partner| {
        let mut couple = couples::find(tx, *id)?;
        couple.join(partner.draft(tx), tx.now())?;
        check_clients(tx, &couple)?;
        keep(tx, couple, "partner.joined")
    })
    .await
}

/// From when a membership is over.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct EndOfMembership {
    /// The day from which it is over; today if absent.
    #[param(nullable = false, required = false)]
    on: Option<NaiveDate>,
}

/// End a partner's membership
///
/// What they recorded stays. From that day on nothing is shared with them.
#[utoipa::path(tag = "couples", security(("bearer" = [])),
    params(("couple_id" = CoupleId, Path, description = "The couple"), ("partner_id" = PartnerId, Path, description = "The membership"), EndOfMembership, IfMatch),
    responses((status = 200, description = "The couple as it is now", body = CoupleView)))]
#[delete("/v1/couples/{couple_id}/partners/{partner_id}")]
async fn end_partner(
    app: Data<App>,
    caller: Asker,
    ids: Path<(CoupleId, PartnerId)>,
    end: Query<EndOfMembership>,
    expected: IfMatch,
) -> Result<Found<CoupleView>, Problem> {
    app.write(&caller, Action::ManageCouples, move |tx| {
        let (couple_id, partner_id) = *ids;
        let mut couple = couples::find(tx, couple_id)?;
        expected.check(couple.version)?;
        let on = end.0.on.unwrap_or_else(|| couple.today(tx.now()));
        couple.leave(partner_id, on, tx.now())?;
        keep(tx, couple, "partner.left")
    })
    .await
    .map(Found)
}
