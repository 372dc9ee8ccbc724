//! Licences as the service describes them.

use jiff::Timestamp;
use msp365_core::open_enum;

use crate::filters;

msp365_core::model! {
    /// A licence that somebody holds.
    pub struct AssignedLicense {
        /// The product.
        sku_id, SKU_ID = "skuId": Option<String> [filters::EQUAL_GUID],
        /// Service plans of the product that are switched off.
        disabled_plans, DISABLED_PLANS = "disabledPlans": Vec<String>,
    }
}

msp365_core::model! {
    /// One of the ways in which a user holds a licence.
    pub struct LicenseAssignmentState {
        /// The product.
        sku_id, SKU_ID = "skuId": Option<String>,
        /// The group it comes from; absent if it was assigned directly.
        assigned_by_group, ASSIGNED_BY_GROUP = "assignedByGroup": Option<String>,
        /// Whether it works.
        state, STATE = "state": Option<LicenseState>,
        /// What keeps it from working, such as `CountViolation`; the text `None` means that nothing does. See
        /// [`LicenseAssignmentState::problem`].
        error, ERROR = "error": Option<String>,
        /// When this last changed.
        last_updated_date_time, LAST_UPDATED_DATE_TIME = "lastUpdatedDateTime": Option<Timestamp>,
        /// Service plans of the product that are switched off.
        disabled_plans, DISABLED_PLANS = "disabledPlans": Vec<String>,
    }
}

impl LicenseAssignmentState {
    /// What keeps the licence from working, if anything does.
    pub fn problem(&self) -> Option<AssignmentError> {
        let name = self.error.as_deref()?;
        (!name.is_empty() && name != "None").then(|| name.into())
    }

    /// Whether it was assigned directly, so that it can be removed directly.
    pub fn is_direct(&self) -> bool {
        self.assigned_by_group.is_none()
    }
}

open_enum! {
    /// Whether an assigned licence works.
    pub enum LicenseState {
        Active = "Active",
        ActiveWithError = "ActiveWithError",
        Disabled = "Disabled",
        Error = "Error",
    }
}

open_enum! {
    /// What keeps a licence from working.
    pub enum AssignmentError {
        NoUnits = "CountViolation",
        Exclusive = "MutuallyExclusiveViolation",
        Dependency = "DependencyViolation",
        UsageLocation = "ProhibitedInUsageLocationViolation",
        ProxyAddress = "UniquenessViolation",
        Unspecified = "Other",
    }
}

impl AssignmentError {
    /// Who has to do what.
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::NoUnits => "buy more units, or free some",
            Self::Exclusive => "remove the licence that excludes this one, or switch the service plan off",
            Self::Dependency => "assign the product that this one builds on, or keep its service plan on",
            Self::UsageLocation => "set another usage location, or switch the service plan off",
            Self::ProxyAddress => "change the mail address that another object has too",
            Self::Unspecified | Self::Other(_) => {
                "reprocess the licences of the user, then look at the audit log"
            }
        }
    }
}

msp365_core::model! {
    /// A product that a user holds, with its service plans.
    pub struct LicenseDetails {
        /// The id of the row.
        id, ID = "id": String,
        /// The product.
        sku_id, SKU_ID = "skuId": Option<String>,
        /// The product's part number.
        sku_part_number, SKU_PART_NUMBER = "skuPartNumber": Option<String>,
        /// The service plans and their state for this user.
        service_plans, SERVICE_PLANS = "servicePlans": Vec<ServicePlan>,
    }
}

msp365_core::model! {
    /// A service plan of a product.
    pub struct ServicePlan {
        /// The id.
        service_plan_id, SERVICE_PLAN_ID = "servicePlanId": Option<String>,
        /// The name, such as `EXCHANGE_S_STANDARD`.
        service_plan_name, SERVICE_PLAN_NAME = "servicePlanName": Option<String>,
        /// The status.
        provisioning_status, PROVISIONING_STATUS = "provisioningStatus": Option<ProvisioningStatus>,
        /// `User` or `Company`.
        applies_to, APPLIES_TO = "appliesTo": Option<String>,
    }
}

open_enum! {
    /// The status of a service plan.
    pub enum ProvisioningStatus {
        Success = "Success",
        Disabled = "Disabled",
        Error = "Error",
        PendingInput = "PendingInput",
        PendingActivation = "PendingActivation",
        PendingProvisioning = "PendingProvisioning",
    }
}

msp365_core::model! {
    /// A service plan that was assigned to a user or tenant.
    pub struct AssignedPlan {
        /// When it was assigned.
        assigned_date_time, ASSIGNED_DATE_TIME = "assignedDateTime": Option<Timestamp>,
        /// `Enabled`, `Warning`, `Suspended`, `Deleted` or `LockedOut`.
        capability_status, CAPABILITY_STATUS = "capabilityStatus": Option<String>,
        /// The service, such as `exchange`.
        service, SERVICE = "service": Option<String>,
        /// The service plan.
        service_plan_id, SERVICE_PLAN_ID = "servicePlanId": Option<String>,
    }
}

msp365_core::model! {
    /// A service that was set up for a user or tenant.
    pub struct ProvisionedPlan {
        /// `Enabled`, `Warning`, `Suspended`, `Deleted` or `LockedOut`.
        capability_status, CAPABILITY_STATUS = "capabilityStatus": Option<String>,
        /// `Success`, or what prevents it.
        provisioning_status, PROVISIONING_STATUS = "provisioningStatus": Option<String>,
        /// The service.
        service, SERVICE = "service": Option<String>,
    }
}

msp365_core::model! {
    /// The progress of assigning a group's licences to its members.
    pub struct LicenseProcessing {
        /// The status.
        state, STATE = "state": Option<ProcessingState>,
    }
}

open_enum! {
    /// The progress of a group's licences.
    pub enum ProcessingState {
        Queued = "QueuedForProcessing",
        InProgress = "ProcessingInProgress",
        Complete = "ProcessingComplete",
    }
}
