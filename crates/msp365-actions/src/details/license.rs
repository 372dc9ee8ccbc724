//! Licences: what somebody holds and by which way, and what is left of a product.

use jiff::Timestamp;
use msp365_core::id::canonical;
use msp365_graph::{
    licenses::{
        AssignmentError, LicenseAssignmentState, LicenseDetails, LicenseState, ProvisioningStatus,
        ServicePlan,
    },
    sku_names,
    subscribed_skus::SubscribedSku,
};
use msp365_store::{LicenseRow, UserLicense};
use serde::Serialize;
use std::collections::BTreeMap;

/// A product that somebody holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct License {
    /// The product's id.
    pub sku_id: String,
    /// The product's name; its part number or id where no name is known.
    pub product: String,
    /// Whether it works by at least one way.
    pub status: LicenseStatus,
    /// The ways by which it is held, the direct one first.
    pub ways: Vec<Way>,
    /// The product's services and whether they are on; empty where a gap says why.
    pub plans: Vec<PlanEntry>,
}

/// Whether a licence works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LicenseStatus {
    /// It works.
    Active,
    /// It works, and something is wrong with it.
    ActiveWithError,
    /// It is being given.
    Pending,
    /// The product is switched off for the user.
    Disabled,
    /// It does not work.
    Error,
}

impl LicenseStatus {
    /// What the service's word means: a word that is not known may be on the way.
    pub const fn of(state: Option<&LicenseState>) -> Self {
        match state {
            Some(LicenseState::Active) => Self::Active,
            Some(LicenseState::ActiveWithError) => Self::ActiveWithError,
            Some(LicenseState::Disabled) => Self::Disabled,
            Some(LicenseState::Error) => Self::Error,
            _ => Self::Pending,
        }
    }
}

/// A way by which a licence is held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Way {
    /// The group that gives it; `None`: it was assigned directly.
    pub group: Option<Named>,
    /// Whether it works by this way.
    pub status: LicenseStatus,
    /// What keeps it from working, in Microsoft's word.
    pub problem: Option<String>,
    /// What to do about that.
    pub remedy: Option<&'static str>,
    /// Ids of the services that this way leaves out.
    pub disabled_plans: Vec<String>,
    /// Since when.
    pub since: Option<Timestamp>,
}

impl Way {
    /// A way of which only the state is known.
    fn new(group: Option<Named>, state: Option<&LicenseState>) -> Self {
        Self {
            group,
            status: LicenseStatus::of(state),
            problem: None,
            remedy: None,
            disabled_plans: Vec::new(),
            since: None,
        }
    }
}

/// An object with its name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub struct Named {
    /// Object id.
    pub id: String,
    /// Name as shown; `None` where it is not known here.
    pub name: Option<String>,
}

impl Named {
    pub(crate) fn new(id: impl Into<String>, name: Option<String>) -> Self {
        Self { id: id.into(), name }
    }

    /// The name, or the id where there is none.
    pub fn label(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.id)
    }
}

/// A service of a product, for this user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PlanEntry {
    /// The service plan's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it is switched on. One that waits for something else is.
    pub is_on: bool,
    /// Where it stands, in Microsoft's word.
    pub status: String,
}

impl License {
    /// Whether it was assigned directly, so that it can be taken directly.
    pub fn is_direct(&self) -> bool {
        self.ways.iter().any(|way| way.group.is_none())
    }

    /// The groups that give it.
    pub fn groups(&self) -> impl Iterator<Item = &Named> {
        self.ways.iter().filter_map(|way| way.group.as_ref())
    }
}

/// Names of groups by their ids.
pub(super) type GroupNames = BTreeMap<String, Option<String>>;

/// Licences by product, each with all its ways, from what the service says of a user.
pub(super) fn held(
    states: &[LicenseAssignmentState],
    details: &[LicenseDetails],
    groups: &GroupNames,
) -> Vec<License> {
    let mut ways: BTreeMap<String, Vec<Way>> = BTreeMap::new();
    for state in states {
        let Some(sku) = &state.sku_id else {
            continue;
        };
        let problem = state.problem();
        let mut way = Way::new(
            group(state.assigned_by_group.as_deref(), groups),
            state.state.as_ref(),
        );
        way.remedy = problem.as_ref().map(AssignmentError::remedy);
        way.problem = problem.map(|problem| problem.to_string());
        way.disabled_plans.clone_from(&state.disabled_plans);
        way.since = state.last_updated_date_time;
        ways.entry(canonical(sku)).or_default().push(way);
    }
    let detail = |sku: &str| details.iter().find(|one| is(one.sku_id.as_deref(), sku));
    let license = |(sku, ways): (String, Vec<Way>)| {
        let detail = detail(&sku);
        let part = detail.and_then(|detail| detail.sku_part_number.as_deref());
        let plans = detail.map(|detail| detail.service_plans.iter().map(plan).collect());
        of(&sku, part, ways, plans.unwrap_or_default())
    };
    ways.into_iter().map(license).collect()
}

/// The same from what is stored, which knows no services; `bought` tells part numbers.
pub(super) fn stored(licenses: &[UserLicense], bought: &[LicenseRow], groups: &GroupNames) -> Vec<License> {
    let mut ways: BTreeMap<&str, Vec<Way>> = BTreeMap::new();
    for license in licenses {
        let state = license.state.as_deref().map(LicenseState::from);
        let way = Way::new(
            group(license.assigned_by_group.as_deref(), groups),
            state.as_ref(),
        );
        ways.entry(&license.sku_id).or_default().push(way);
    }
    ways.into_iter()
        .map(|(sku, ways)| {
            let row = bought.iter().find(|row| row.sku_id == sku);
            of(
                sku,
                row.and_then(|row| row.sku_part_number.as_deref()),
                ways,
                Vec::new(),
            )
        })
        .collect()
}

fn group(id: Option<&str>, names: &GroupNames) -> Option<Named> {
    let id = canonical(id?);
    let name = names.get(&id).cloned().flatten();
    Some(Named::new(id, name))
}

fn of(sku: &str, part: Option<&str>, mut ways: Vec<Way>, plans: Vec<PlanEntry>) -> License {
    ways.sort_by(|one, other| one.group.cmp(&other.group));
    License {
        sku_id: sku.to_owned(),
        product: name(sku, part),
        status: ways
            .iter()
            .map(|way| way.status)
            .min()
            .unwrap_or(LicenseStatus::Pending),
        ways,
        plans,
    }
}

/// What the tenant's own licences call a product, by its id.
pub(super) fn called(sku: &str, bought: &[Availability]) -> Option<String> {
    let own = bought.iter().find(|one| one.sku_id.eq_ignore_ascii_case(sku))?;
    Some(own.product.clone())
}

/// The name of a product, or else its part number, or else its id.
fn name(sku: &str, part: Option<&str>) -> String {
    let known = sku_names::name(sku).or_else(|| part.and_then(sku_names::name));
    known.or(part).unwrap_or(sku).to_owned()
}

fn plan(plan: &ServicePlan) -> PlanEntry {
    let id = plan.service_plan_id.clone().unwrap_or_default();
    let known = sku_names::plan(&id).map(|plan| plan.name.to_owned());
    PlanEntry {
        name: known
            .or_else(|| plan.service_plan_name.clone())
            .unwrap_or_else(|| id.clone()),
        is_on: !matches!(
            plan.provisioning_status,
            Some(ProvisioningStatus::Disabled) | None
        ),
        status: plan
            .provisioning_status
            .as_ref()
            .map_or("", ProvisioningStatus::as_str)
            .to_owned(),
        id,
    }
}

fn is(id: Option<&str>, other: &str) -> bool {
    id.is_some_and(|id| id.eq_ignore_ascii_case(other))
}

/// What is left of a product, while it is chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Availability {
    /// The product's id.
    pub sku_id: String,
    /// The product's name; its part number or id where no name is known.
    pub product: String,
    /// Units in force.
    pub enabled: i64,
    /// Units that ran out and are in the period of grace: they count, and will end.
    pub warning: i64,
    /// Units that are suspended or locked out: they do not count.
    pub suspended: i64,
    /// Units assigned.
    pub consumed: i64,
    /// Units that can still be assigned; negative where more are in use than there are.
    pub available: i64,
    /// Whether none is left.
    pub has_run_out: bool,
    /// Whether it is assigned to users; others are for the company as a whole.
    pub is_for_users: bool,
    /// Whether the purchase is in force, in Microsoft's word.
    pub status: Option<String>,
}

impl Availability {
    pub(super) fn live(sku: &SubscribedSku) -> Self {
        let units = sku.prepaid_units.as_ref();
        let count = |units: Option<i64>| units.unwrap_or_default();
        let available = sku.available_units();
        Self {
            sku_id: canonical(sku.sku_id.clone().unwrap_or_default()),
            product: sku.label().to_owned(),
            enabled: units.map_or(0, |units| count(units.enabled)),
            warning: units.map_or(0, |units| count(units.warning)),
            suspended: units.map_or(0, |units| {
                count(units.suspended).saturating_add(count(units.locked_out))
            }),
            consumed: count(sku.consumed_units),
            available,
            has_run_out: available <= 0,
            is_for_users: sku.is_for_users(),
            status: sku.capability_status.as_ref().map(ToString::to_string),
        }
    }

    pub(super) fn stored(row: &LicenseRow) -> Self {
        let available = row
            .enabled
            .saturating_add(row.warning)
            .saturating_sub(row.consumed);
        Self {
            sku_id: row.sku_id.clone(),
            product: name(&row.sku_id, row.sku_part_number.as_deref()),
            enabled: row.enabled,
            warning: row.warning,
            suspended: row.suspended.saturating_add(row.locked_out),
            consumed: row.consumed,
            available,
            has_run_out: available <= 0,
            is_for_users: row.applies_to.as_deref() != Some("Company"),
            status: row.capability_status.clone(),
        }
    }
}
