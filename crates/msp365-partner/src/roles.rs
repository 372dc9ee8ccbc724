//! Template ids of the directory roles that matter for customers.
//!
//! Source: Microsoft Entra built-in roles reference, as of January 2026.

/// Everything; setting up sign-in asks for it, and a relationship with it cannot be extended automatically.
pub const GLOBAL_ADMINISTRATOR: &str = "62e90394-69f5-4237-9190-012177145e10";
/// May consent to applications; the least privileged of the three accepted roles.
pub const CLOUD_APPLICATION_ADMINISTRATOR: &str = "158c047a-c907-4556-b7ef-446551a6b5f7";
/// May consent to applications.
pub const APPLICATION_ADMINISTRATOR: &str = "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3";
/// Assigns roles. Once sufficient for consent, but no longer.
pub const PRIVILEGED_ROLE_ADMINISTRATOR: &str = "e8611ab8-c189-46e8-94e1-60213ab1f814";
/// Creates and changes users and groups.
pub const USER_ADMINISTRATOR: &str = "fe930be7-5e62-47db-91af-98c3a49a38b1";
/// Assigns licences.
pub const LICENSE_ADMINISTRATOR: &str = "4d6ac14f-3453-41d0-bef9-a3e0c569773a";
/// Resets passwords of people without roles.
pub const HELPDESK_ADMINISTRATOR: &str = "729827e3-9c14-49f7-bb1b-9608f156bbb8";
/// Resets and blocks administrators, too.
pub const PRIVILEGED_AUTHENTICATION_ADMINISTRATOR: &str = "7be44c8a-adaf-4e2a-84d6-ab2649e08a13";
/// Reads and changes managed devices.
pub const INTUNE_ADMINISTRATOR: &str = "3a2c62db-5318-420d-8d74-23affee5d9d5";
/// Reads the directory.
pub const DIRECTORY_READERS: &str = "88d8e3e3-8f55-4a1e-953a-9b9898b8876b";
/// Changes group memberships.
pub const GROUPS_ADMINISTRATOR: &str = "fdd7a751-b60b-444a-984c-02652fe8fa1c";
/// Creates temporary access passes for people without roles.
pub const AUTHENTICATION_ADMINISTRATOR: &str = "c4e39bd9-1100-46d3-8c65-fb160da0071f";
/// Disables and deletes directory devices.
pub const CLOUD_DEVICE_ADMINISTRATOR: &str = "7698a772-787b-4ac8-901f-60d6b08affd2";
/// Reads everything.
pub const GLOBAL_READER: &str = "f2ef992c-3afb-46b9-b7cf-a126ee74c451";
/// Reads usage reports and sign-ins.
pub const REPORTS_READER: &str = "4a5d8f65-41da-4de4-8968-e035b65339cf";
/// Reads sign-ins, including the policies that applied to them.
pub const SECURITY_READER: &str = "5d6b6bb7-de71-4623-b4af-96380a352509";
/// Changes what protects a tenant.
pub const SECURITY_ADMINISTRATOR: &str = "194ae4cb-b126-40b2-bd5b-6091b380977d";
/// Changes Conditional Access policies.
pub const CONDITIONAL_ACCESS_ADMINISTRATOR: &str = "b1be1c3e-b65d-4f19-8427-f6fa0d97feb9";

/// The accepted roles; a customer's relationship must give at least one.
pub const ACCEPTED_FOR_SYNC: [&str; 3] = [
    GLOBAL_ADMINISTRATOR,
    CLOUD_APPLICATION_ADMINISTRATOR,
    APPLICATION_ADMINISTRATOR,
];

/// The stricter set, for those who accept only Global Administrator.
pub const STRICT_GLOBAL_ADMIN: [&str; 1] = [GLOBAL_ADMINISTRATOR];

/// The name of one of the roles above, ignoring the id's case.
pub fn name(id: &str) -> Option<&'static str> {
    NAMES
        .iter()
        .find(|(own, _)| own.eq_ignore_ascii_case(id))
        .map(|(_, name)| *name)
}

const NAMES: [(&str, &str); 18] = [
    (GLOBAL_ADMINISTRATOR, "Global Administrator"),
    (CLOUD_APPLICATION_ADMINISTRATOR, "Cloud Application Administrator"),
    (APPLICATION_ADMINISTRATOR, "Application Administrator"),
    (PRIVILEGED_ROLE_ADMINISTRATOR, "Privileged Role Administrator"),
    (USER_ADMINISTRATOR, "User Administrator"),
    (LICENSE_ADMINISTRATOR, "License Administrator"),
    (HELPDESK_ADMINISTRATOR, "Helpdesk Administrator"),
    (
        PRIVILEGED_AUTHENTICATION_ADMINISTRATOR,
        "Privileged Authentication Administrator",
    ),
    (INTUNE_ADMINISTRATOR, "Intune Administrator"),
    (DIRECTORY_READERS, "Directory Readers"),
    (GLOBAL_READER, "Global Reader"),
    (REPORTS_READER, "Reports Reader"),
    (GROUPS_ADMINISTRATOR, "Groups Administrator"),
    (AUTHENTICATION_ADMINISTRATOR, "Authentication Administrator"),
    (CLOUD_DEVICE_ADMINISTRATOR, "Cloud Device Administrator"),
    (SECURITY_READER, "Security Reader"),
    (SECURITY_ADMINISTRATOR, "Security Administrator"),
    (
        CONDITIONAL_ACCESS_ADMINISTRATOR,
        "Conditional Access Administrator",
    ),
];
