//! Licences of people and groups: which they hold, where these come from, and changing them.

mod model;
#[cfg(test)]
mod tests;

use msp365_core::{Operation, Page, Request, operation::Verb, path};
use serde_json::{Value, json};

pub use model::{
    AssignedLicense, AssignedPlan, AssignmentError, LicenseAssignmentState, LicenseDetails,
    LicenseProcessing, LicenseState, ProcessingState, ProvisionedPlan, ProvisioningStatus, ServicePlan,
};

use crate::{groups::Group, users::User};

pub(crate) static OPERATIONS: &[&Operation] = &[&DETAILS, &ASSIGN, &ASSIGN_TO_GROUP, &REPROCESS];

static DETAILS: Operation = Operation::whole("licenses.details", "users/{user}/licenseDetails")
    .permission(&["User.Read.All"])
    .options(&["$select"])
    .note("newer docs deny it to the application alone");
static ASSIGN: Operation = Operation::new(Verb::Post, "licenses.assign", "users/{user}/assignLicense")
    .permission(&["LicenseAssignment.ReadWrite.All"])
    .same()
    .note("the user needs a usage location; licences through groups cannot be removed");
static ASSIGN_TO_GROUP: Operation = Operation::new(
    Verb::Post,
    "licenses.assign_to_group",
    "groups/{group}/assignLicense",
)
.permission(&["LicenseAssignment.ReadWrite.All"])
.same()
.license("Entra ID P1")
.note("carried out later");
static REPROCESS: Operation = Operation::new(
    Verb::Post,
    "licenses.reprocess",
    "users/{user}/reprocessLicenseAssignment",
)
.permission(&["User.ReadWrite.All"])
.same();

/// The licences a user holds, with the state of each service plan.
///
/// Permission: `User.Read.All`. Comes in one page.
pub fn details(user: impl AsRef<str>) -> Request<Page<LicenseDetails>> {
    DETAILS.list(path!["users", user, "licenseDetails"])
}

/// Gives licences to a user and removes others, in one step; returns the user.
///
/// The service refuses a user without a usage location, a product without free units or unknown to the tenant, and the
/// removal of a licence that comes through a group.
///
/// Permission: `LicenseAssignment.ReadWrite.All`.
pub fn assign(user: impl AsRef<str>, change: &LicenseChange) -> Request<User> {
    change.carried_by(ASSIGN.one(path!["users", user, "assignLicense"]))
}

/// Gives licences to all members of a group and removes others. This happens in the background; the group shows the
/// progress.
///
/// Permission: `LicenseAssignment.ReadWrite.All`. The tenant needs Entra ID P1.
pub fn assign_to_group(group: impl AsRef<str>, change: &LicenseChange) -> Request<Group> {
    change.carried_by(ASSIGN_TO_GROUP.one(path!["groups", group, "assignLicense"]))
}

/// Recalculates the licences a user gets through groups; returns the user.
///
/// Permission: `User.ReadWrite.All`.
pub fn reprocess(user: impl AsRef<str>) -> Request<User> {
    REPROCESS.one(path!["users", user, "reprocessLicenseAssignment"])
}

/// Licences to give and to remove in one step.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct LicenseChange {
    /// Products to give.
    pub add: Vec<LicenseGrant>,
    /// Products to remove, by their ids.
    pub remove: Vec<String>,
}

/// A product to give.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LicenseGrant {
    /// The product.
    pub sku_id: String,
    /// Service plans that stay off. They replace those that were off before.
    pub disabled_plans: Vec<String>,
}

impl LicenseChange {
    /// Also gives this product, with all its service plans.
    #[must_use]
    pub fn giving(self, sku: impl Into<String>) -> Self {
        self.giving_without(sku, Vec::<String>::new())
    }

    /// Also gives this product, without these service plans.
    #[must_use]
    pub fn giving_without<S: Into<String>>(
        mut self,
        sku: impl Into<String>,
        plans: impl IntoIterator<Item = S>,
    ) -> Self {
        self.add.push(LicenseGrant {
            sku_id: sku.into(),
            disabled_plans: plans.into_iter().map(Into::into).collect(),
        });
        self
    }

    /// Also removes this product.
    #[must_use]
    pub fn taking(mut self, sku: impl Into<String>) -> Self {
        self.remove.push(sku.into());
        self
    }

    fn carried_by<T>(&self, request: Request<T>) -> Request<T> {
        let ids = self
            .add
            .iter()
            .flat_map(|grant| grant.disabled_plans.iter().chain([&grant.sku_id]));
        if self.add.is_empty() && self.remove.is_empty() {
            return request.refuse("no licence is given or taken");
        }
        if !ids.chain(&self.remove).all(|id| is_guid(id)) {
            return request.refuse("products and service plans are named by their ids, which are GUIDs");
        }
        let body = json!({ "addLicenses": as_value(&self.add), "removeLicenses": self.remove });
        request.json(body)
    }
}

fn as_value(grants: &[LicenseGrant]) -> Value {
    grants
        .iter()
        .map(|grant| json!({ "skuId": grant.sku_id, "disabledPlans": grant.disabled_plans }))
        .collect()
}

/// Whether a text is a GUID in the form that the service writes.
pub(crate) fn is_guid(text: &str) -> bool {
    text.split('-').map(str::len).eq([8, 4, 4, 4, 12])
        && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}
