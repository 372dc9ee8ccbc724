//! What the simulated cloud consists of. Objects are JSON in Microsoft's own spelling; a counter of the whole world
//! stamps every change, so that a delta token is a version.

use std::{
    cell::Cell,
    collections::{BTreeMap, BTreeSet},
};

use bytes::Bytes;
use jiff::{Timestamp, civil::Date};
use msp365_core::TenantId;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    apps::AppSecret,
    packed::Packed,
    register::{Journal, Register},
    replicas::Replicas,
};
use crate::app::SimApp;

/// A JSON object.
pub(crate) type Json = Map<String, Value>;

/// Everything there is, behind one lock.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) seed: u64,
    /// The moment all data was made for.
    pub(crate) epoch: Timestamp,
    /// Counts changes; starts at 1, which is the version of all first rows.
    pub(crate) version: u64,
    pub(crate) partner: Tenant,
    pub(crate) customers: Vec<Tenant>,
    /// GDAP relationships of all customers, of any status.
    pub(crate) relationships: Vec<Relationship>,
    /// Object id of the account the provider signs in with.
    pub(crate) service_account: String,
    /// Object id of the group `AdminAgents` in the partner tenant.
    pub(crate) admin_agents: String,
    /// The app that acts for the signed-in account.
    pub(crate) app: SimApp,
    /// The app that acts for itself, consented in customers by their administrators.
    pub(crate) app_only: SimApp,
    /// App id → its secrets.
    pub(crate) secrets: BTreeMap<String, Vec<AppSecret>>,
    /// The national cloud all tenants are in.
    pub(crate) nation: msp365_core::Cloud,
    /// Report downloads waiting to be fetched, by the opaque part of their address.
    pub(crate) downloads: BTreeMap<String, Download>,
    /// Counts requests, for their ids.
    pub(crate) exchanges: u64,
    pub(crate) journal: Journal,
}

/// A file that waits to be fetched.
#[derive(Debug, Clone)]
pub(crate) struct Download {
    pub(crate) body: Bytes,
    pub(crate) until: Timestamp,
}

/// One directory.
#[derive(Debug)]
pub(crate) struct Tenant {
    pub(crate) id: TenantId,
    pub(crate) name: String,
    pub(crate) default_domain: String,
    pub(crate) initial_domain: String,
    /// ISO 3166 country code.
    pub(crate) country: String,
    pub(crate) trouble: Option<Trouble>,
    /// Troubles beside that one.
    pub(crate) also: BTreeSet<Trouble>,
    /// Whether Entra ID P1 is licensed (sign-in activity, sign-in logs).
    pub(crate) has_p1: bool,
    /// Whether Intune is licensed.
    pub(crate) has_intune: bool,
    /// Whether usage reports show hashes in place of names.
    pub(crate) conceals_reports: bool,
    /// What the delegated app may do here.
    pub(crate) consent: Consent,
    /// What the app-only app may do here.
    pub(crate) app_consent: Consent,
    pub(crate) organization: Json,
    pub(crate) domains: Vec<Json>,
    pub(crate) users: Table,
    pub(crate) groups: Table,
    pub(crate) devices: Table,
    pub(crate) managed_devices: Table,
    pub(crate) role_assignments: Table,
    pub(crate) role_definitions: Table,
    pub(crate) subscribed_skus: Vec<Json>,
    pub(crate) service_principals: Table,
    pub(crate) permission_grants: Table,
    /// Group id → member id → edge. Removed edges stay, for delta.
    pub(crate) members: BTreeMap<String, BTreeMap<String, MemberEdge>>,
    /// User id → `signInActivity`; absent for users who never signed in.
    pub(crate) sign_in_activity: BTreeMap<String, Packed>,
    pub(crate) mailboxes: Vec<Mailbox>,
    pub(crate) register: Register,
    /// What of its changes reads do not see yet.
    pub(super) replicas: Replicas,
}

/// What is wrong with a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Trouble {
    /// No GDAP relationship that was ever accepted.
    NoRelationship,
    /// All relationships are past their end.
    Expired,
    /// The newest active relationship is assigned to a group the account is not in.
    NewestWithoutGroup,
    /// The relationship grants Privileged Role Administrator and nothing else.
    OnlyPrivilegedRoleAdministrator,
    /// Partner Center answers 403 with code 900150 for this customer.
    NotAdminAgent,
    /// Partner Center says the consent exists, the customer holds no grant.
    ConsentMissing,
    /// A policy of the customer blocks the provider's account (AADSTS53003).
    ConditionalAccess,
    /// No Entra ID P1; read all the same, but for sign-in activity.
    #[serde(rename = "no_p1")]
    NoP1,
    /// Reports conceal names; read all the same.
    ReportNamesConcealed,
    /// The one relationship waits for the customer's acceptance.
    InvitationPending,
    /// The one active relationship was made by Microsoft for the transition.
    MicrosoftLed,
    /// The one active relationship gives its roles to no group.
    Unassigned,
    /// The relationship ends within two weeks and does not extend itself.
    EndsSoon,
    /// The relationship does not extend itself, though its end is far.
    NotExtending,
    /// The app was consented to all it is registered for, but for reading sign-ins.
    PartialConsent,
}

/// Whether a set of troubles holds one.
pub(super) fn troubled(first: Option<Trouble>, also: &BTreeSet<Trouble>, trouble: Trouble) -> bool {
    first == Some(trouble) || also.contains(&trouble)
}

impl Tenant {
    /// Whether it has this trouble.
    pub(crate) fn has(&self, trouble: Trouble) -> bool {
        troubled(self.trouble, &self.also, trouble)
    }

    /// Takes a trouble from it.
    pub(crate) fn lift(&mut self, trouble: Trouble) {
        self.trouble = self.trouble.filter(|own| *own != trouble);
        self.also.remove(&trouble);
    }
}

/// The grants of one app in one tenant.
#[derive(Debug, Clone, Default)]
pub(crate) struct Consent {
    /// Object id of the app's service principal here, if there is one.
    pub(crate) service_principal: Option<String>,
    /// App id of the resource → delegated permissions granted for all principals.
    pub(crate) scopes: BTreeMap<String, BTreeSet<String>>,
    /// App roles granted on Microsoft Graph.
    pub(crate) roles: BTreeSet<String>,
}

/// Objects of one kind in one tenant, by id.
#[derive(Debug, Default)]
pub(crate) struct Table {
    pub(crate) rows: BTreeMap<String, Row>,
    /// Whether a row was opened since all were closed.
    pub(super) touched: Cell<bool>,
    /// While a change is made that does not arrive at once: the rows it met, as they were.
    pub(super) met: Option<BTreeMap<String, Option<Row>>>,
}

/// One object.
#[derive(Debug)]
pub(crate) struct Row {
    /// All properties that are modelled, `id` among them.
    pub(crate) json: Packed,
    /// World version of the last change.
    pub(crate) version: u64,
    pub(crate) removed: Option<Removed>,
}

/// Why an object is gone, in the words of `@removed`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Removed {
    /// Soft-deleted: may be restored (`changed`).
    Changed,
    /// Gone for good (`deleted`).
    Deleted,
}

/// A membership of a group.
#[derive(Debug, Clone)]
pub(crate) struct MemberEdge {
    /// Such as `#microsoft.graph.user`.
    pub(crate) odata_type: String,
    /// World version of the last change.
    pub(crate) version: u64,
    pub(crate) removed: bool,
}

/// A row of the mailbox usage report.
#[derive(Debug, Clone)]
pub(crate) struct Mailbox {
    /// Object id of the owner.
    pub(crate) user: String,
    pub(crate) user_principal_name: String,
    pub(crate) display_name: String,
    pub(crate) created: Date,
    pub(crate) last_activity: Option<Date>,
    pub(crate) item_count: u64,
    pub(crate) storage_used: u64,
    pub(crate) issue_warning_quota: u64,
    pub(crate) prohibit_send_quota: u64,
    pub(crate) prohibit_send_receive_quota: u64,
    pub(crate) deleted_item_count: u64,
    pub(crate) deleted_item_size: u64,
    pub(crate) deleted_item_quota: u64,
    pub(crate) has_archive: bool,
    /// `User` or `Shared`.
    pub(crate) recipient_type: &'static str,
}

/// A GDAP relationship. Dates and status follow the clock: see `status` and `end`.
#[derive(Debug, Clone)]
pub(crate) struct Relationship {
    /// Two GUIDs joined by a hyphen.
    pub(crate) id: String,
    /// Unless it is an invitation to whoever accepts it.
    pub(crate) customer: Option<TenantId>,
    pub(crate) customer_name: String,
    pub(crate) display_name: String,
    /// Role template ids.
    pub(crate) roles: Vec<String>,
    pub(crate) duration_days: i64,
    /// Whether 180 days are added at the end, again and again.
    pub(crate) auto_extends: bool,
    /// Days by which it was extended until that was turned off.
    pub(crate) extended_days: i64,
    /// Status as stored; an `active` one past its end shows as `expired`.
    pub(crate) stored_status: &'static str,
    pub(crate) created: Timestamp,
    pub(crate) activated: Option<Timestamp>,
    pub(crate) modified: Timestamp,
    pub(crate) assignments: Vec<Assignment>,
    pub(crate) version: u64,
}

/// Which group of the partner tenant holds which roles of a relationship.
#[derive(Debug, Clone)]
pub(crate) struct Assignment {
    pub(crate) id: String,
    /// Object id of a security group in the partner tenant.
    pub(crate) group: String,
    /// Role template ids, a part of the relationship's.
    pub(crate) roles: Vec<String>,
    /// `pending`, `active`, `deleting`, `deleted` or `error`.
    pub(crate) status: &'static str,
    pub(crate) created: Timestamp,
    pub(crate) modified: Timestamp,
    pub(crate) version: u64,
}
