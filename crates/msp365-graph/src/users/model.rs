//! Users as the service describes them.

use jiff::Timestamp;
use msp365_core::{
    model::Kind,
    open_enum,
    query::{Filter, Property},
};
use serde::{Deserialize, Deserializer, Serialize};

use crate::{
    changes::{self, MemberChange, Removed},
    directory_objects::DirectoryObject,
    filters,
    licenses::{AssignedLicense, AssignedPlan, LicenseAssignmentState, ProvisionedPlan},
};

msp365_core::model! {
    /// One person or guest in a directory. Properties that were not selected are absent.
    pub struct User {
        /// The object id.
        id, ID = "id": String [filters::ID],
        /// The sign-in name; for guests `name_domain#EXT#@…`.
        user_principal_name, USER_PRINCIPAL_NAME = "userPrincipalName": Option<String> [filters::SIGN_IN_NAME],
        /// The display name. Not unique.
        display_name, DISPLAY_NAME = "displayName": Option<String> [filters::DISPLAY_NAME],
        /// First name.
        given_name, GIVEN_NAME = "givenName": Option<String> [filters::NAME],
        /// Family name.
        surname, SURNAME = "surname": Option<String> [filters::NAME],
        /// The primary mail address, which need not be the user principal name.
        mail, MAIL = "mail": Option<String> [filters::MAIL],
        /// The alias of the mailbox.
        mail_nickname, MAIL_NICKNAME = "mailNickname": Option<String> [filters::NAME],
        /// Member or guest; absent on some old objects.
        user_type, USER_TYPE = "userType": Option<UserType> [filters::USER_TYPE],
        /// Whether the user may sign in.
        account_enabled, ACCOUNT_ENABLED = "accountEnabled": Option<bool> [filters::FLAG_IN],
        /// Job title.
        job_title, JOB_TITLE = "jobTitle": Option<String> [filters::NAME],
        /// Department.
        department, DEPARTMENT = "department": Option<String> [filters::NAME],
        /// Company.
        company_name, COMPANY_NAME = "companyName": Option<String> [filters::SLOW_NAME],
        /// Office.
        office_location, OFFICE_LOCATION = "officeLocation": Option<String> [filters::SLOW_NAME],
        /// Street.
        street_address, STREET_ADDRESS = "streetAddress": Option<String> [filters::SLOW_NAME],
        /// City.
        city, CITY = "city": Option<String> [filters::NAME],
        /// State or province.
        state, STATE = "state": Option<String> [filters::NAME],
        /// Postal code.
        postal_code, POSTAL_CODE = "postalCode": Option<String> [filters::SLOW_NAME],
        /// Country or region.
        country, COUNTRY = "country": Option<String> [filters::NAME],
        /// Two-letter country code for the use of services; licences need it.
        usage_location, USAGE_LOCATION = "usageLocation": Option<String> [filters::NAME],
        /// Language, such as `en-US`.
        preferred_language, PREFERRED_LANGUAGE = "preferredLanguage": Option<String> [filters::NAME],
        /// Mobile number.
        mobile_phone, MOBILE_PHONE = "mobilePhone": Option<String> [filters::SLOW_NAME],
        /// Business phone numbers; the directory holds at most one.
        business_phones, BUSINESS_PHONES = "businessPhones": Vec<String>,
        /// Fax number.
        fax_number, FAX_NUMBER = "faxNumber": Option<String>,
        /// All addresses; `SMTP:` marks the primary one, `smtp:` an alias.
        proxy_addresses, PROXY_ADDRESSES = "proxyAddresses": Vec<String> [filters::LIST],
        /// Further addresses, such as those for password resets.
        other_mails, OTHER_MAILS = "otherMails": Vec<String> [filters::LIST],
        /// Addresses for calls and chats.
        im_addresses, IM_ADDRESSES = "imAddresses": Vec<String>,
        /// Employee number.
        employee_id, EMPLOYEE_ID = "employeeId": Option<String> [filters::NAME],
        /// Kind of employment.
        employee_type, EMPLOYEE_TYPE = "employeeType": Option<String> [filters::SLOW_NAME],
        /// When employment began or begins.
        employee_hire_date, EMPLOYEE_HIRE_DATE = "employeeHireDate": Option<Timestamp> [filters::SLOW_TIME],
        /// When employment ended or ends; needs a permission of its own.
        employee_leave_date_time, EMPLOYEE_LEAVE_DATE_TIME = "employeeLeaveDateTime": Option<Timestamp>,
        /// Cost centre and division.
        employee_org_data, EMPLOYEE_ORG_DATA = "employeeOrgData": Option<EmployeeOrgData>,
        /// How the account was created; absent for ordinary accounts.
        creation_type, CREATION_TYPE = "creationType": Option<String>,
        /// The status of a guest's invitation.
        external_user_state, EXTERNAL_USER_STATE = "externalUserState": Option<String>,
        /// When that status last changed.
        external_user_state_change_date_time, EXTERNAL_USER_STATE_CHANGE_DATE_TIME = "externalUserStateChangeDateTime": Option<Timestamp>,
        /// The ways to sign in.
        identities, IDENTITIES = "identities": Vec<ObjectIdentity>,
        /// Rules that the password is exempt from, joined by commas.
        password_policies, PASSWORD_POLICIES = "passwordPolicies": Option<String>,
        /// What happens to the password at the next sign-in.
        password_profile, PASSWORD_PROFILE = "passwordProfile": Option<PasswordState>,
        /// Whether the user appears in address lists.
        show_in_address_list, SHOW_IN_ADDRESS_LIST = "showInAddressList": Option<bool>,
        /// True: mastered on-premises. Absent: cloud only. False: formerly synced.
        on_premises_sync_enabled, ON_PREMISES_SYNC_ENABLED = "onPremisesSyncEnabled": Option<bool> [filters::FLAG_OR_NULL],
        /// Whether the user is in a restricted administrative unit, where few may change it.
        is_management_restricted, IS_MANAGEMENT_RESTRICTED = "isManagementRestricted": Option<bool>,
        /// When it was last synced from on-premises.
        on_premises_last_sync_date_time, ON_PREMISES_LAST_SYNC_DATE_TIME = "onPremisesLastSyncDateTime": Option<Timestamp>,
        /// The on-premises name, as a path.
        on_premises_distinguished_name, ON_PREMISES_DISTINGUISHED_NAME = "onPremisesDistinguishedName": Option<String>,
        /// The on-premises domain.
        on_premises_domain_name, ON_PREMISES_DOMAIN_NAME = "onPremisesDomainName": Option<String>,
        /// What connects it to its on-premises object.
        on_premises_immutable_id, ON_PREMISES_IMMUTABLE_ID = "onPremisesImmutableId": Option<String> [filters::NAME],
        /// The on-premises account name.
        on_premises_sam_account_name, ON_PREMISES_SAM_ACCOUNT_NAME = "onPremisesSamAccountName": Option<String>,
        /// The on-premises security id.
        on_premises_security_identifier, ON_PREMISES_SECURITY_IDENTIFIER = "onPremisesSecurityIdentifier": Option<String>,
        /// The on-premises sign-in name.
        on_premises_user_principal_name, ON_PREMISES_USER_PRINCIPAL_NAME = "onPremisesUserPrincipalName": Option<String>,
        /// The security id in the cloud.
        security_identifier, SECURITY_IDENTIFIER = "securityIdentifier": Option<String>,
        /// When it was created.
        created_date_time, CREATED_DATE_TIME = "createdDateTime": Option<Timestamp> [filters::CREATED],
        /// When it was deleted.
        deleted_date_time, DELETED_DATE_TIME = "deletedDateTime": Option<Timestamp> [filters::LAST_SEEN],
        /// When the password was last changed or set.
        last_password_change_date_time, LAST_PASSWORD_CHANGE_DATE_TIME = "lastPasswordChangeDateTime": Option<Timestamp>,
        /// Sessions from before this time are no longer valid.
        sign_in_sessions_valid_from_date_time, SIGN_IN_SESSIONS_VALID_FROM_DATE_TIME = "signInSessionsValidFromDateTime": Option<Timestamp>,
        /// Licences, both direct and through groups.
        assigned_licenses, ASSIGNED_LICENSES = "assignedLicenses": Vec<AssignedLicense> [filters::GUIDS],
        /// Where each licence comes from and whether it works.
        license_assignment_states, LICENSE_ASSIGNMENT_STATES = "licenseAssignmentStates": Vec<LicenseAssignmentState>,
        /// Where each licence comes from, and whether it works.
        assigned_plans, ASSIGNED_PLANS = "assignedPlans": Vec<AssignedPlan>,
        /// Services that were set up.
        provisioned_plans, PROVISIONED_PLANS = "provisionedPlans": Vec<ProvisionedPlan>,
        /// When the user last signed in. Absent does not mean never: it may not have been requested, or not be known.
        sign_in_activity, SIGN_IN_ACTIVITY = "signInActivity": Option<SignInActivity>,
        /// The manager, if expanded; a user or a contact.
        manager, MANAGER = "manager": Option<DirectoryObject>,
    }
}

impl User {
    /// When the user last tried to sign in, for filters; cannot be combined with other filters.
    pub const LAST_SIGN_IN: Property<Self> =
        Self::SIGN_IN_ACTIVITY.inner("signInActivity/lastSignInDateTime", Kind::Time, filters::SIGN_IN);

    /// Users who hold this product, given by its id.
    pub fn holds(sku: &str) -> Filter<Self> {
        Self::ASSIGNED_LICENSES.any_with("skuId", sku)
    }

    /// Whether the user is mastered on-premises, so that the profile cannot be changed here.
    pub fn is_synced(&self) -> bool {
        self.on_premises_sync_enabled == Some(true)
    }
}

open_enum! {
    /// Whether a user belongs to the tenant or was invited.
    pub enum UserType { Member = "Member", Guest = "Guest" }
}

msp365_core::model! {
    /// Somebody's place in a company.
    pub struct EmployeeOrgData {
        /// Cost centre.
        cost_center, COST_CENTER = "costCenter": Option<String>,
        /// Division.
        division, DIVISION = "division": Option<String>,
    }
}

msp365_core::model! {
    /// A way to sign in.
    pub struct ObjectIdentity {
        /// `userName`, `emailAddress`, `userPrincipalName` or `federated`.
        sign_in_type, SIGN_IN_TYPE = "signInType": Option<String>,
        /// The issuer.
        issuer, ISSUER = "issuer": Option<String>,
        /// Its id at the issuer.
        issuer_assigned_id, ISSUER_ASSIGNED_ID = "issuerAssignedId": Option<String>,
    }
}

msp365_core::model! {
    /// What happens to a password at the next sign-in. The password itself is never returned.
    pub struct PasswordState {
        /// Whether it has to be changed.
        force_change_password_next_sign_in, FORCE_CHANGE = "forceChangePasswordNextSignIn": Option<bool>,
        /// Whether it has to be changed after a second factor has been proved.
        force_change_password_next_sign_in_with_mfa, FORCE_CHANGE_WITH_MFA = "forceChangePasswordNextSignInWithMfa": Option<bool>,
        /// Null in replies.
        password, PASSWORD = "password": Option<msp365_core::model::Secret>,
    }
}

msp365_core::model! {
    /// A user and when they last signed in.
    pub struct UserActivity {
        /// The object id.
        id, ID = "id": String,
        /// Absent for users who never signed in, or not since April 2020.
        sign_in_activity, SIGN_IN_ACTIVITY = "signInActivity": Option<SignInActivity>,
    }
}

msp365_core::model! {
    /// When a user last signed in. Values lag by hours.
    #[derive(Default)]
    pub struct SignInActivity {
        /// The last interactive attempt, even if it failed.
        last_sign_in_date_time, LAST_SIGN_IN_DATE_TIME = "lastSignInDateTime": Option<Timestamp>,
        /// The request of that attempt.
        last_sign_in_request_id, LAST_SIGN_IN_REQUEST_ID = "lastSignInRequestId": Option<String>,
        /// The last attempt by an application on the user's behalf.
        last_non_interactive_sign_in_date_time, LAST_NON_INTERACTIVE_SIGN_IN_DATE_TIME = "lastNonInteractiveSignInDateTime": Option<Timestamp>,
        /// The request of that attempt.
        last_non_interactive_sign_in_request_id, LAST_NON_INTERACTIVE_SIGN_IN_REQUEST_ID = "lastNonInteractiveSignInRequestId": Option<String>,
        /// The last success of either kind; not filled before late 2023.
        last_successful_sign_in_date_time, LAST_SUCCESSFUL_SIGN_IN_DATE_TIME = "lastSuccessfulSignInDateTime": Option<Timestamp>,
        /// The request of that success.
        last_successful_sign_in_request_id, LAST_SUCCESSFUL_SIGN_IN_REQUEST_ID = "lastSuccessfulSignInRequestId": Option<String>,
    }
}

/// A user that is new, changed or removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct UserChange {
    /// The user: on a first round with the selected properties, later with those that changed; if removed, only the id.
    #[serde(flatten)]
    pub user: User,
    /// Present if the user was removed.
    #[serde(rename = "@removed", skip_serializing_if = "Option::is_none")]
    pub removed: Option<Removed>,
    /// The manager that was added, and the one that was removed.
    #[serde(rename = "manager@delta", skip_serializing_if = "Vec::is_empty")]
    pub manager: Vec<MemberChange>,
}

impl<'de> Deserialize<'de> for UserChange {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let changed = changes::read(deserializer, "manager@delta")?;
        Ok(Self {
            user: changed.row,
            removed: changed.removed,
            manager: changed.related,
        })
    }
}
