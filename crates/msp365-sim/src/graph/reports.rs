//! Usage reports, which are files elsewhere, and the setting that conceals names in them.

use aws_lc_rs::digest;
use bytes::Bytes;
use http::StatusCode;
use jiff::{Span, civil::Date, tz::TimeZone};
use msp365_core::{SeededRandom, random};
use serde_json::json;

use super::{
    answer::Answer,
    caller::Caller,
    read_only,
    rights::{REPORT_SETTINGS, REPORTS},
    unknown,
};
use crate::{
    odata::{Refused, tenant::ADMIN_REPORT_SETTINGS},
    world::{Mailbox, Tenant, access::object},
};

/// The columns of the mailbox report, in order.
const MAILBOX_COLUMNS: [&str; 18] = [
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
/// How old the newest report is.
const LAG_DAYS: i64 = 2;

pub(super) fn serve(caller: &Caller<'_>, rest: &[&str]) -> Result<Answer, Refused> {
    let [function] = rest else {
        return Err(unknown(rest));
    };
    let arguments = function
        .strip_prefix("getMailboxUsageDetail(")
        .and_then(|rest| rest.strip_suffix(')'))
        .ok_or_else(|| Refused::unknown_segment(function))?;
    read_only(caller, &REPORTS)?;
    let days = match arguments {
        "period='D7'" => 7,
        "period='D30'" => 30,
        "period='D90'" => 90,
        "period='D180'" => 180,
        _ => {
            return Err(Refused::new(
                StatusCode::BAD_REQUEST,
                "UnknownError",
                "{\"error\":{\"code\":\"InvalidArgument\",\"message\":\"Invalid period value specified.\"}}",
            ));
        }
    };
    let call = caller.call;
    let purpose = format!(
        "report {} {arguments} {} {}",
        caller.tenant.id,
        call.now,
        caller.world.downloads.len()
    );
    let key = random::uuid(&SeededRandom::for_purpose(caller.world.seed, &purpose))
        .simple()
        .to_string();
    let today = call.now.to_zoned(TimeZone::UTC).date();
    let refreshed = today.checked_sub(Span::new().days(LAG_DAYS)).unwrap_or(today);
    Ok(Answer::Download {
        key,
        body: mailboxes(caller.tenant, refreshed, days),
    })
}

/// `admin/reportSettings`.
pub(super) fn settings(caller: &Caller<'_>, rest: &[&str]) -> Result<Answer, Refused> {
    let ["reportSettings"] = rest else {
        return Err(unknown(rest));
    };
    read_only(caller, &REPORT_SETTINGS)?;
    let row = object(json!({"displayConcealedNames": caller.tenant.conceals_reports}));
    caller.entity(
        "admin/reportSettings",
        &ADMIN_REPORT_SETTINGS,
        Some(&row),
        "reportSettings",
    )
}

fn mailboxes(tenant: &Tenant, refreshed: Date, days: u16) -> Bytes {
    let mut file = String::from('\u{feff}');
    line(&mut file, &MAILBOX_COLUMNS.map(str::to_owned));
    for mailbox in &tenant.mailboxes {
        line(&mut file, &row(tenant, mailbox, refreshed, days));
    }
    Bytes::from(file)
}

fn row(tenant: &Tenant, mailbox: &Mailbox, refreshed: Date, days: u16) -> [String; 18] {
    let name = |text: &str| {
        if tenant.conceals_reports {
            concealed(tenant, text)
        } else {
            text.to_owned()
        }
    };
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

/// A name as 32 upper-case hex digits, the same for the same name of one tenant.
fn concealed(tenant: &Tenant, name: &str) -> String {
    let hash = digest::digest(&digest::SHA256, format!("{} {name}", tenant.id).as_bytes());
    let number = hash
        .as_ref()
        .iter()
        .take(16)
        .fold(0_u128, |number, byte| (number << 8) | u128::from(*byte));
    format!("{number:032X}")
}

fn line(file: &mut String, fields: &[String]) {
    let cells: Vec<String> = fields
        .iter()
        .map(|field| {
            if field.contains(['"', ',', '\r', '\n']) {
                format!("\"{}\"", field.replace('"', "\"\""))
            } else {
                field.clone()
            }
        })
        .collect();
    file.push_str(&cells.join(","));
    file.push_str("\r\n");
}
