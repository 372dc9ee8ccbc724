//! Groups and their members.

use super::row;

row! {
    /// A group of a tenant.
    pub struct GroupRow of Groups by (id) {
        /// Object id.
        pub id: String,
        /// Name as shown.
        pub display_name: Option<String>,
        /// What it is for.
        pub description: Option<String>,
        /// Its e-mail address.
        pub mail: Option<String>,
        /// What sort of group it is, as a short word.
        pub kind: String,
        /// Whether it grants access.
        pub security_enabled: Option<bool>,
        /// Whether it receives mail.
        pub mail_enabled: Option<bool>,
        /// Whether directory roles can be given to it.
        pub is_assignable_to_role: Option<bool>,
        /// Whether it comes from a local directory.
        pub on_premises_sync_enabled: Option<bool>,
        /// Whether a rule decides who its members are.
        pub is_dynamic: bool,
    }
}

row! {
    /// A direct member of a group.
    pub struct MembershipRow of Memberships by (group_id, member_id) {
        /// The group.
        pub group_id: String,
        /// The member.
        pub member_id: String,
        /// What the member is: `user`, `group`, `device` and so on.
        pub member_type: String,
    }
}
