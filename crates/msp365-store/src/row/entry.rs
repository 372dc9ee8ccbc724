//! What belongs to a tenant or a user beside the objects of the directory: roles, licences, sign-ins, mailboxes.

use jiff::{Timestamp, civil::Date};

use super::row;

row! {
    /// A directory role held by a user, group or application.
    pub struct RoleAssignmentRow of RoleAssignments by (id) {
        /// Id of the assignment.
        pub id: String,
        /// Who holds it.
        pub principal_id: String,
        /// The role.
        pub role_definition_id: String,
        /// The name of the role.
        pub role_name: Option<String>,
        /// Where it holds; `/` is the whole directory.
        pub directory_scope_id: Option<String>,
    }
}

row! {
    /// A SKU that a tenant subscribes to.
    pub struct LicenseRow of Licenses by (sku_id) {
        /// Id of the SKU.
        pub sku_id: String,
        /// Name of the SKU such as `SPE_E3`.
        pub sku_part_number: Option<String>,
        /// `User` or `Company`.
        pub applies_to: Option<String>,
        /// `Enabled`, `Warning`, `Suspended` and so on.
        pub capability_status: Option<String>,
        /// Units given to users.
        pub consumed: i64,
        /// Units that can be used.
        pub enabled: i64,
        /// Units in the period of grace.
        pub warning: i64,
        /// Units that are suspended.
        pub suspended: i64,
        /// Units that are locked out.
        pub locked_out: i64,
    }
}

row! {
    /// When a user last signed in.
    pub struct SignInRow of SignIns by (user_id) {
        /// The user.
        pub user_id: String,
        /// Last attempt by the person, successful or not.
        pub last_sign_in_at: Option<Timestamp>,
        /// Last attempt by a program on the person's behalf.
        pub last_non_interactive_at: Option<Timestamp>,
        /// Last success of either sort.
        pub last_successful_at: Option<Timestamp>,
    }
}

row! {
    /// Use of a mailbox.
    pub struct MailboxRow of Mailboxes by (user_principal_name) {
        /// Its owner.
        pub user_principal_name: String,
        /// Name as shown.
        pub display_name: Option<String>,
        /// The last day something was done in it.
        pub last_activity_on: Option<Date>,
        /// Items in it.
        pub item_count: Option<i64>,
        /// Bytes in it.
        pub storage_used_bytes: Option<i64>,
        /// Whether it is deleted.
        pub is_deleted: Option<bool>,
        /// The day that the report shows.
        pub report_refreshed_on: Option<Date>,
    }
}

impl SignInRow {
    /// The latest of the three moments.
    pub(crate) fn latest(&self) -> Option<Timestamp> {
        self.last_sign_in_at
            .max(self.last_non_interactive_at)
            .max(self.last_successful_at)
    }
}

impl RoleAssignmentRow {
    /// The name of the role, or its id where the name is not known, with a mark where it holds over a part of the tenant.
    pub(crate) fn label(&self) -> String {
        let name = self.role_name.as_deref().unwrap_or(&self.role_definition_id);
        match self.directory_scope_id.as_deref() {
            None | Some("/") => name.to_owned(),
            Some(_) => format!("{} (scoped)", name.trim()),
        }
    }
}
