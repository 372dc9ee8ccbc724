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
        /// The type, where it is not the plain one.
        object_type, OBJECT_TYPE = "@odata.type": Option<String>,
        /// The name, unique within the partner.
        display_name, DISPLAY_NAME = "displayName": Option<String> [EQUAL.order(Need::Plain)],
        /// The customer; absent in an invitation that any customer may accept.
        customer, CUSTOMER = "customer": Option<RelationshipCustomer>,
        /// The roles it covers.
        access_details, ACCESS_DETAILS = "accessDetails": Option<AccessDetails>,
        /// How long it lasts, ISO 8601.
        duration, DURATION = "duration": Option<String>,
        /// By how much it is extended at its end, ISO 8601; see [`Relationship::extends_itself`].
        auto_extend_duration, AUTO_EXTEND_DURATION = "autoExtendDuration": Option<String>,
        /// Where it stands.
        status, STATUS = "status": Option<RelationshipStatus> [EQUAL],
        /// When it was made.
        created_date_time, CREATED_DATE_TIME = "createdDateTime": Option<Timestamp>,
        /// When the customer's acceptance took effect.
        activated_date_time, ACTIVATED_DATE_TIME = "activatedDateTime": Option<Timestamp>,
        /// When it ends.
        end_date_time, END_DATE_TIME = "endDateTime": Option<Timestamp>,
        /// When it last changed.
        last_modified_date_time, LAST_MODIFIED_DATE_TIME = "lastModifiedDateTime": Option<Timestamp>,
        /// Of indirect resellers, the provider between.
        indirect_provider_tenant_id, INDIRECT_PROVIDER_TENANT_ID = "indirectProviderTenantId": Option<String>,
        /// Of indirect resellers, whether the partner has yet to agree.
        is_partner_consent_pending, IS_PARTNER_CONSENT_PENDING = "isPartnerConsentPending": Option<bool>,
    }
}

impl Relationship {
    /// The tenant id of the customer, for filters.
    pub const TENANT: Property<Self> = Self::CUSTOMER.inner("customer/tenantId", Kind::Text, EQUAL);

    /// Where the customer accepts the relationship, once it was sent.
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

    /// Whether it covers Global Administrator, and so cannot be extended by itself.
    pub fn covers_global_administrator(&self) -> bool {
        self.roles()
            .any(|role| role.eq_ignore_ascii_case(crate::roles::GLOBAL_ADMINISTRATOR))
    }

    /// The roles it covers, by template id.
    pub fn roles(&self) -> impl Iterator<Item = &str> {
        self.access_details.iter().flat_map(AccessDetails::roles)
    }

    /// Whether it goes on by itself at its end.
    pub fn extends_itself(&self) -> bool {
        let span = self
            .auto_extend_duration
            .as_deref()
            .and_then(|text| text.parse::<Span>().ok());
        span.is_some_and(Span::is_positive)
    }

    /// Whether Microsoft made it (`MLT_…`): it can be read, and serves nothing.
    pub fn is_microsoft_led(&self) -> bool {
        is_microsoft_led(self.display_name.as_deref().unwrap_or_default())
    }
}

/// Whether a relationship of this name was made by Microsoft.
pub(crate) fn is_microsoft_led(name: &str) -> bool {
    name.get(..4)
        .is_some_and(|start| start.eq_ignore_ascii_case("MLT_"))
}

msp365_core::model! {
    /// The customer of a relationship.
    pub struct RelationshipCustomer {
        /// The tenant id.
        tenant_id, TENANT_ID = "tenantId": Option<String>,
        /// The name shown.
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
    /// Where a relationship stands. Only an active one gives access.
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
    /// A group of the partner's and the roles it has at a customer.
    pub struct AccessAssignment {
        /// The id.
        id, ID = "id": String,
        /// The version, which a change has to name.
        etag, ETAG = "@odata.etag": Option<String>,
        /// The group.
        access_container, ACCESS_CONTAINER = "accessContainer": Option<AccessContainer>,
        /// The roles, a part of those of the relationship.
        access_details, ACCESS_DETAILS = "accessDetails": Option<AccessDetails>,
        /// Where it stands.
        status, STATUS = "status": Option<AssignmentStatus>,
        /// When it was made.
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
        /// What it is; `securityGroup` is known.
        access_container_type, ACCESS_CONTAINER_TYPE = "accessContainerType": Option<String>,
    }
}

open_enum! {
    /// Where an access assignment stands. It is made and removed in the background.
    pub enum AssignmentStatus {
        Pending = "pending",
        Active = "active",
        Deleting = "deleting",
        Deleted = "deleted",
        Error = "error",
    }
}

msp365_core::model! {
    /// What was asked of a relationship: to send it to the customer, or to end it.
    pub struct RelationshipRequest {
        /// The id.
        id, ID = "id": String,
        /// What was asked.
        action, ACTION = "action": Option<RequestAction>,
        /// How far it is.
        status, STATUS = "status": Option<RequestStatus>,
        /// When it was asked.
        created_date_time, CREATED_DATE_TIME = "createdDateTime": Option<Timestamp>,
        /// When it last changed.
        last_modified_date_time, LAST_MODIFIED_DATE_TIME = "lastModifiedDateTime": Option<Timestamp>,
    }
}

open_enum! {
    /// What may be asked of a relationship. Approving and rejecting is the customer's.
    pub enum RequestAction {
        LockForApproval = "lockForApproval",
        Approve = "approve",
        Terminate = "terminate",
        Reject = "reject",
    }
}

open_enum! {
    /// How far a request is.
    pub enum RequestStatus {
        Created = "created",
        Pending = "pending",
        Succeeded = "succeeded",
        Failed = "failed",
    }
}

msp365_core::model! {
    /// Work on a relationship that goes on in the background.
    pub struct RelationshipOperation {
        /// The id.
        id, ID = "id": String,
        /// What is changed.
        operation_type, OPERATION_TYPE = "operationType": Option<OperationType>,
        /// How far it is.
        status, STATUS = "status": Option<OperationStatus>,
        /// The data it works on, JSON as text.
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
    /// How far an operation is.
    pub enum OperationStatus {
        NotStarted = "notStarted",
        Running = "running",
        Succeeded = "succeeded",
        Failed = "failed",
    }
}
