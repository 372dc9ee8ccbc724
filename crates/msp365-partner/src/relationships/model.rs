//! Relationships, access assignments, requests and operations as the service describes them.

use jiff::{Span, Timestamp};
use msp365_core::{
    model::Kind,
    open_enum,
    query::{Filters, Need, Property},
};

const EQUAL: Filters = Filters::NONE.eq(Need::Plain);

msp365_core::model! {
    /// A GDAP relationship with one customer.
    pub struct Relationship {
        /// The id, two GUIDs joined.
        id, ID = "id": String,
        /// The version, which a change has to name.
        etag, ETAG = "@odata.etag": Option<String>,
        /// The type, unless it is the plain one.
        object_type, OBJECT_TYPE = "@odata.type": Option<String>,
        /// The name, unique within the partner.
        display_name, DISPLAY_NAME = "displayName": Option<String> [EQUAL.order(Need::Plain)],
        /// The customer; absent in an invitation that any customer may accept.
        customer, CUSTOMER = "customer": Option<RelationshipCustomer>,
        /// The roles it covers.
        access_details, ACCESS_DETAILS = "accessDetails": Option<AccessDetails>,
        /// How long it lasts, ISO 8601.
        duration, DURATION = "duration": Option<String>,
        /// How long each extension lasts, ISO 8601; see [`Relationship::extends_itself`].
        auto_extend_duration, AUTO_EXTEND_DURATION = "autoExtendDuration": Option<String>,
        /// The status.
        status, STATUS = "status": Option<RelationshipStatus> [EQUAL],
        /// When it was created.
        created_date_time, CREATED_DATE_TIME = "createdDateTime": Option<Timestamp>,
        /// When it became active, after the customer accepted it.
        activated_date_time, ACTIVATED_DATE_TIME = "activatedDateTime": Option<Timestamp>,
        /// When it ends.
        end_date_time, END_DATE_TIME = "endDateTime": Option<Timestamp>,
        /// When it last changed.
        last_modified_date_time, LAST_MODIFIED_DATE_TIME = "lastModifiedDateTime": Option<Timestamp>,
        /// For indirect resellers: the provider in between.
        indirect_provider_tenant_id, INDIRECT_PROVIDER_TENANT_ID = "indirectProviderTenantId": Option<String>,
        /// For indirect resellers: whether the partner still has to agree.
        is_partner_consent_pending, IS_PARTNER_CONSENT_PENDING = "isPartnerConsentPending": Option<bool>,
    }
}

impl Relationship {
    /// The tenant id of the customer, for filters.
    pub const TENANT: Property<Self> = Self::CUSTOMER.inner("customer/tenantId", Kind::Text, EQUAL);

    /// Where the customer accepts the relationship, once it has been sent.
    pub fn invitation(&self) -> String {
        let id: String = self
            .id
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
            .collect();
        format!(
            "https://admin.microsoft.com/AdminPortal/Home#/partners/invitation/granularAdminRelationships/{id}"
        )
    }

    /// Whether it covers Global Administrator, and so cannot be extended automatically.
    pub fn covers_global_administrator(&self) -> bool {
        self.roles()
            .any(|role| role.eq_ignore_ascii_case(crate::roles::GLOBAL_ADMINISTRATOR))
    }

    /// The roles it covers, by template id.
    pub fn roles(&self) -> impl Iterator<Item = &str> {
        self.access_details.iter().flat_map(AccessDetails::roles)
    }

    /// Whether it is extended automatically at its end.
    pub fn extends_itself(&self) -> bool {
        let span = self
            .auto_extend_duration
            .as_deref()
            .and_then(|text| text.parse::<Span>().ok());
        span.is_some_and(Span::is_positive)
    }

    /// Whether Microsoft created it (`MLT_…`): it can be read, but is of no use.
    pub fn is_microsoft_led(&self) -> bool {
        is_microsoft_led(self.display_name.as_deref().unwrap_or_default())
    }
}

/// Whether a relationship with this name was created by Microsoft.
pub(crate) fn is_microsoft_led(name: &str) -> bool {
    name.get(..4)
        .is_some_and(|start| start.eq_ignore_ascii_case("MLT_"))
}

msp365_core::model! {
    /// The customer of a relationship.
    pub struct RelationshipCustomer {
        /// The tenant id.
        tenant_id, TENANT_ID = "tenantId": Option<String>,
        /// The display name.
        display_name, DISPLAY_NAME = "displayName": Option<String>,
    }
}

msp365_core::model! {
    /// Roles that are given.
    #[derive(Default)]
    pub struct AccessDetails {
        /// The roles.
        unified_roles, UNIFIED_ROLES = "unifiedRoles": Vec<UnifiedRole>,
    }
}

impl AccessDetails {
    /// The roles by template id.
    pub fn roles(&self) -> impl Iterator<Item = &str> {
        self.unified_roles
            .iter()
            .filter_map(|role| role.role_definition_id.as_deref())
    }
}

msp365_core::model! {
    /// One role that is given.
    pub struct UnifiedRole {
        /// Its template id.
        role_definition_id, ROLE_DEFINITION_ID = "roleDefinitionId": Option<String>,
    }
}

open_enum! {
    /// The status of a relationship. Only an active one gives access.
    pub enum RelationshipStatus {
        Created = "created",
        ApprovalPending = "approvalPending",
        Approved = "approved",
        Activating = "activating",
        Active = "active",
        Expiring = "expiring",
        Expired = "expired",
        TerminationRequested = "terminationRequested",
        Terminating = "terminating",
        Terminated = "terminated",
    }
}

msp365_core::model! {
    /// One of the partner's groups and the roles it has at a customer.
    pub struct AccessAssignment {
        /// The id.
        id, ID = "id": String,
        /// The version, which a change has to name.
        etag, ETAG = "@odata.etag": Option<String>,
        /// The group.
        access_container, ACCESS_CONTAINER = "accessContainer": Option<AccessContainer>,
        /// The roles, all of them among those of the relationship.
        access_details, ACCESS_DETAILS = "accessDetails": Option<AccessDetails>,
        /// The status.
        status, STATUS = "status": Option<AssignmentStatus>,
        /// When it was created.
        created_date_time, CREATED_DATE_TIME = "createdDateTime": Option<Timestamp>,
        /// When it last changed.
        last_modified_date_time, LAST_MODIFIED_DATE_TIME = "lastModifiedDateTime": Option<Timestamp>,
    }
}

impl AccessAssignment {
    /// The object id of the group, in the partner's tenant.
    pub fn group_id(&self) -> Option<&str> {
        self.access_container.as_ref()?.access_container_id.as_deref()
    }

    /// The roles the group has, by template id.
    pub fn roles(&self) -> impl Iterator<Item = &str> {
        self.access_details.iter().flat_map(AccessDetails::roles)
    }
}

msp365_core::model! {
    /// What roles are given to.
    pub struct AccessContainer {
        /// The object id, in the partner's tenant.
        access_container_id, ACCESS_CONTAINER_ID = "accessContainerId": Option<String>,
        /// Its type; `securityGroup` is the known one.
        access_container_type, ACCESS_CONTAINER_TYPE = "accessContainerType": Option<String>,
    }
}

open_enum! {
    /// The status of an access assignment. Assignments are made and removed in the background.
    pub enum AssignmentStatus {
        Pending = "pending",
        Active = "active",
        Deleting = "deleting",
        Deleted = "deleted",
        Error = "error",
    }
}

msp365_core::model! {
    /// A request about a relationship: to send it to the customer, or to end it.
    pub struct RelationshipRequest {
        /// The id.
        id, ID = "id": String,
        /// What was requested.
        action, ACTION = "action": Option<RequestAction>,
        /// Its progress.
        status, STATUS = "status": Option<RequestStatus>,
        /// When it was requested.
        created_date_time, CREATED_DATE_TIME = "createdDateTime": Option<Timestamp>,
        /// When it last changed.
        last_modified_date_time, LAST_MODIFIED_DATE_TIME = "lastModifiedDateTime": Option<Timestamp>,
    }
}

open_enum! {
    /// What may be requested for a relationship. Approving and rejecting are up to the customer.
    pub enum RequestAction {
        LockForApproval = "lockForApproval",
        Approve = "approve",
        Terminate = "terminate",
        Reject = "reject",
    }
}

open_enum! {
    /// The progress of a request.
    pub enum RequestStatus {
        Created = "created",
        Pending = "pending",
        Succeeded = "succeeded",
        Failed = "failed",
    }
}

msp365_core::model! {
    /// Background work on a relationship.
    pub struct RelationshipOperation {
        /// The id.
        id, ID = "id": String,
        /// What is being changed.
        operation_type, OPERATION_TYPE = "operationType": Option<OperationType>,
        /// Its progress.
        status, STATUS = "status": Option<OperationStatus>,
        /// The data it works on: JSON as text.
        data, DATA = "data": Option<String>,
        /// When it began.
        created_date_time, CREATED_DATE_TIME = "createdDateTime": Option<Timestamp>,
        /// When it last changed.
        last_modified_date_time, LAST_MODIFIED_DATE_TIME = "lastModifiedDateTime": Option<Timestamp>,
    }
}

open_enum! {
    /// What an operation changes.
    pub enum OperationType {
        AccessAssignment = "delegatedAdminAccessAssignmentUpdate",
        Relationship = "delegatedAdminRelationshipUpdate",
    }
}

open_enum! {
    /// The progress of an operation.
    pub enum OperationStatus {
        NotStarted = "notStarted",
        Running = "running",
        Succeeded = "succeeded",
        Failed = "failed",
    }
}
