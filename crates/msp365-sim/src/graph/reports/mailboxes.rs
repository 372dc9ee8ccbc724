//! The report about mailboxes.

use jiff::civil::Date;

use super::sheet::Sheet;
use crate::world::{Mailbox, Tenant};

/// The columns of the mailbox report, in order.
pub(super) const COLUMNS: [&str; 18] = [
    "Report Refresh Date",
    "User Principal Name",
    "Display Name",
    "Is Deleted",
    "Deleted Date",
    "Created Date",
    "Last Activity Date",
    "Item Count",
    "Storage Used (Byte)",
    "Issue Warning Quota (Byte)",
    "Prohibit Send Quota (Byte)",
    "Prohibit Send/Receive Quota (Byte)",
    "Deleted Item Count",
    "Deleted Item Size (Byte)",
    "Deleted Item Quota (Byte)",
    "Has Archive",
    "Recipient Type",
    "Report Period",
];
/// The rows of the report.
pub(super) fn rows(tenant: &Tenant, refreshed: Date, days: u16) -> Vec<Vec<String>> {
    let all = tenant.mailboxes.iter();
    all.map(|mailbox| row(tenant, mailbox, refreshed, days).to_vec())
        .collect()
}

fn row(tenant: &Tenant, mailbox: &Mailbox, refreshed: Date, days: u16) -> [String; 18] {
    let name = |text: &str| Sheet::shown(tenant, text);
    [
        refreshed.to_string(),
        name(&mailbox.user_principal_name),
        name(&mailbox.display_name),
        "False".to_owned(),
        String::new(),
        mailbox.created.to_string(),
        mailbox
            .last_activity
            .map(|day| day.to_string())
            .unwrap_or_default(),
        mailbox.item_count.to_string(),
        mailbox.storage_used.to_string(),
        mailbox.issue_warning_quota.to_string(),
        mailbox.prohibit_send_quota.to_string(),
        mailbox.prohibit_send_receive_quota.to_string(),
        mailbox.deleted_item_count.to_string(),
        mailbox.deleted_item_size.to_string(),
        mailbox.deleted_item_quota.to_string(),
        if mailbox.has_archive { "True" } else { "False" }.to_owned(),
        mailbox.recipient_type.to_owned(),
        days.to_string(),
    ]
}
