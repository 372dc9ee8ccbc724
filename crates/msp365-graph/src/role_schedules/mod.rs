//! Roles that somebody may activate, and roles activated for a limited time (Privileged Identity Management).

use jiff::Timestamp;
use msp365_core::{Operation, Page, Request, open_enum, operation::Verb, path};
use serde_json::{Value, json};

use crate::{directory_objects::DirectoryObject, filters};

pub(crate) static OPERATIONS: &[&Operation] = &[&ELIGIBLE, &ELIGIBILITIES, &ACTIVE, &REQUEST];

/// Rows on a page (seen 2026).
const PAGE: u32 = 999;
const OPTIONS: &[&str] = &["$select", "$filter", "$expand"];
const PLAN: &str = "Entra ID P2";

static ELIGIBLE: Operation = Operation::pages(
    "role_schedules.eligible",
    "roleManagement/directory/roleEligibilityScheduleInstances",
    PAGE,
)
.permission(&["RoleEligibilitySchedule.Read.Directory"])
.options(OPTIONS)
.license(PLAN);
static ELIGIBILITIES: Operation = Operation::pages(
    "role_schedules.eligibilities",
    "roleManagement/directory/roleEligibilitySchedules",
    PAGE,
)
.permission(&["RoleEligibilitySchedule.Read.Directory"])
.options(OPTIONS)
.license(PLAN);
static ACTIVE: Operation = Operation::pages(
    "role_schedules.active",
    "roleManagement/directory/roleAssignmentScheduleInstances",
    PAGE,
)
.permission(&["RoleAssignmentSchedule.Read.Directory"])
.options(OPTIONS)
.license(PLAN);
static REQUEST: Operation = Operation::new(
    Verb::Post,
    "role_schedules.request_eligibility",
    "roleManagement/directory/roleEligibilityScheduleRequests",
)
.permission(&["RoleEligibilitySchedule.ReadWrite.Directory"])
.license(PLAN);

/// Who may activate which role now.
///
/// Permission: `RoleEligibilitySchedule.Read.Directory`. Pages of 999; the tenant needs Entra ID P2.
pub fn eligible() -> Request<Page<RoleSchedule>> {
    ELIGIBLE
        .list(path![
            "roleManagement",
            "directory",
            "roleEligibilityScheduleInstances"
        ])
        .top(PAGE)
}

/// Who may activate which role now or later.
///
/// Permission: `RoleEligibilitySchedule.Read.Directory`. Pages of 999; the tenant needs Entra ID P2.
pub fn eligibilities() -> Request<Page<RoleSchedule>> {
    ELIGIBILITIES
        .list(path!["roleManagement", "directory", "roleEligibilitySchedules"])
        .top(PAGE)
}

/// Who holds which role now, and whether it was assigned or activated.
///
/// Permission: `RoleAssignmentSchedule.Read.Directory`. Pages of 999; the tenant needs Entra ID P2.
pub fn active() -> Request<Page<RoleSchedule>> {
    ACTIVE
        .list(path![
            "roleManagement",
            "directory",
            "roleAssignmentScheduleInstances"
        ])
        .top(PAGE)
}

/// Lets somebody activate a role, or ends that.
///
/// It is sent once: after a lost answer, check whether it exists.
///
/// Permission: `RoleEligibilitySchedule.ReadWrite.Directory`. The tenant needs Entra ID P2.
pub fn request_eligibility(wish: &EligibilityWish) -> Request<EligibilityRequest> {
    let request = REQUEST.one(path![
        "roleManagement",
        "directory",
        "roleEligibilityScheduleRequests"
    ]);
    if wish.scope.starts_with('/') {
        request.json(wish.body())
    } else {
        request.refuse("a scope begins with `/`")
    }
}

/// Who is to be able to activate which role, or no longer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct EligibilityWish {
    /// What to do, such as to begin or to end.
    pub action: ScheduleAction,
    /// The user, group or service principal.
    pub principal: String,
    /// The role.
    pub role_definition: String,
    /// Its scope: `/`, `/administrativeUnits/…` or `/…`.
    pub scope: String,
    /// Why.
    pub justification: String,
    /// When it starts.
    pub start: Timestamp,
    /// When it ends.
    pub end: ScheduleEnd,
}

/// When a schedule ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScheduleEnd {
    /// Never; a tenant may forbid that.
    Never,
    /// At this time.
    At(Timestamp),
    /// After this ISO 8601 duration, such as `P90D`.
    After(String),
}

impl EligibilityWish {
    /// An administrator's request that somebody may activate a role of the whole tenant.
    pub fn assign(
        principal: impl Into<String>,
        role_definition: impl Into<String>,
        start: Timestamp,
        end: ScheduleEnd,
    ) -> Self {
        Self {
            action: ScheduleAction::AdminAssign,
            principal: principal.into(),
            role_definition: role_definition.into(),
            scope: "/".to_owned(),
            justification: String::new(),
            start,
            end,
        }
    }

    fn body(&self) -> Value {
        let expiration = match &self.end {
            ScheduleEnd::Never => json!({ "type": "noExpiration" }),
            ScheduleEnd::At(time) => json!({ "type": "afterDateTime", "endDateTime": time.to_string() }),
            ScheduleEnd::After(duration) => json!({ "type": "afterDuration", "duration": duration }),
        };
        json!({
            "action": self.action,
            "principalId": self.principal,
            "roleDefinitionId": self.role_definition,
            "directoryScopeId": self.scope,
            "justification": self.justification,
            "scheduleInfo": { "startDateTime": self.start.to_string(), "expiration": expiration },
        })
    }
}

open_enum! {
    /// What a request about a schedule does.
    pub enum ScheduleAction {
        AdminAssign = "adminAssign",
        AdminUpdate = "adminUpdate",
        AdminRemove = "adminRemove",
        SelfActivate = "selfActivate",
        SelfDeactivate = "selfDeactivate",
        AdminExtend = "adminExtend",
        AdminRenew = "adminRenew",
        SelfExtend = "selfExtend",
        SelfRenew = "selfRenew",
    }
}

msp365_core::model! {
    /// A role that somebody holds or may activate, and for how long.
    pub struct RoleSchedule {
        /// The id.
        id, ID = "id": String,
        /// The holder.
        principal_id, PRINCIPAL_ID = "principalId": Option<String> [filters::EQUAL],
        /// The role.
        role_definition_id, ROLE_DEFINITION_ID = "roleDefinitionId": Option<String> [filters::EQUAL],
        /// Its scope.
        directory_scope_id, DIRECTORY_SCOPE_ID = "directoryScopeId": Option<String>,
        /// `Direct`, `Group` or `Inherited`.
        member_type, MEMBER_TYPE = "memberType": Option<String>,
        /// `Assigned` or `Activated`; only for active roles.
        assignment_type, ASSIGNMENT_TYPE = "assignmentType": Option<String>,
        /// The status of the schedule.
        status, STATUS = "status": Option<String>,
        /// When it starts.
        start_date_time, START_DATE_TIME = "startDateTime": Option<Timestamp>,
        /// When it ends; absent if it does not.
        end_date_time, END_DATE_TIME = "endDateTime": Option<Timestamp>,
        /// The holder, if that was expanded.
        principal, PRINCIPAL = "principal": Option<DirectoryObject>,
    }
}

msp365_core::model! {
    /// A request about a schedule, as the service accepted it.
    pub struct EligibilityRequest {
        /// The id.
        id, ID = "id": String,
        /// What it does.
        action, ACTION = "action": Option<ScheduleAction>,
        /// The status, such as `Provisioned` or `PendingApproval`.
        status, STATUS = "status": Option<String>,
        /// The holder.
        principal_id, PRINCIPAL_ID = "principalId": Option<String>,
        /// The role.
        role_definition_id, ROLE_DEFINITION_ID = "roleDefinitionId": Option<String>,
        /// Its scope.
        directory_scope_id, DIRECTORY_SCOPE_ID = "directoryScopeId": Option<String>,
        /// Why.
        justification, JUSTIFICATION = "justification": Option<String>,
        /// When it was created.
        created_date_time, CREATED_DATE_TIME = "createdDateTime": Option<Timestamp>,
        /// When it was carried out.
        completed_date_time, COMPLETED_DATE_TIME = "completedDateTime": Option<Timestamp>,
    }
}

#[cfg(test)]
mod tests;
