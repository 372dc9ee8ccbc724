//! The rows of the mailbox usage report.

use csv::{ReaderBuilder, StringRecord};
use jiff::civil::Date;

use crate::Error;

const REPORT: &str = "getMailboxUsageDetail";

/// A mailbox usage report.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct MailboxUsage {
    /// One row per mailbox.
    pub rows: Vec<MailboxUsageRow>,
    /// The day the figures are of; absent in a report without rows.
    pub refreshed_on: Option<Date>,
    /// Whether names are hidden, so that no row can be joined with a user.
    pub concealed: bool,
}

/// How one mailbox is used.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct MailboxUsageRow {
    /// Whose it is; a hash where names are hidden.
    pub user_principal_name: String,
    /// The name shown; a hash where names are hidden.
    pub display_name: Option<String>,
    /// Whether the mailbox is deleted.
    pub is_deleted: Option<bool>,
    /// When it was made.
    pub created_on: Option<Date>,
    /// When it was last used.
    pub last_activity_on: Option<Date>,
    /// Items in it.
    pub item_count: Option<u64>,
    /// Bytes in it.
    pub storage_used: Option<u64>,
    /// Bytes from which on the user is warned.
    pub warning_quota: Option<u64>,
    /// Bytes from which on nothing can be sent.
    pub send_quota: Option<u64>,
    /// Bytes from which on nothing can be received either.
    pub receive_quota: Option<u64>,
    /// Deleted items kept.
    pub deleted_item_count: Option<u64>,
    /// Bytes of deleted items kept.
    pub deleted_item_size: Option<u64>,
    /// Whether it has an archive; older reports do not say.
    pub has_archive: Option<bool>,
}

/// Reads the report by the names of its columns: their order is free, and those not known are passed over.
///
/// # Errors
/// `Decode` if it is not CSV, or without one of the columns for the day, the user, the last activity, the items or
/// the storage.
pub fn mailbox_usage_rows(report: &[u8]) -> Result<MailboxUsage, Error> {
    let text = report.strip_prefix(b"\xef\xbb\xbf").unwrap_or(report);
    let mut reader = ReaderBuilder::new().flexible(true).from_reader(text);
    let columns = Columns::of(reader.headers().map_err(not_csv)?)?;
    let mut usage = MailboxUsage {
        rows: Vec::new(),
        refreshed_on: None,
        concealed: false,
    };
    for record in reader.records() {
        let record = record.map_err(not_csv)?;
        usage.refreshed_on = usage.refreshed_on.max(columns.day(&record));
        if let Some(row) = columns.row(&record) {
            usage.rows.push(row);
        }
    }
    usage.concealed = !usage.rows.is_empty()
        && usage
            .rows
            .iter()
            .all(|row| !row.user_principal_name.contains('@'));
    Ok(usage)
}

fn not_csv(error: csv::Error) -> Error {
    Error::Csv {
        report: REPORT,
        line: error.position().map_or(0, csv::Position::line),
        source: error.into(),
    }
}

/// Where each column stands.
struct Columns {
    refreshed: usize,
    user: usize,
    activity: usize,
    items: usize,
    storage: usize,
    display_name: Option<usize>,
    deleted: Option<usize>,
    created: Option<usize>,
    warning_quota: Option<usize>,
    send_quota: Option<usize>,
    receive_quota: Option<usize>,
    deleted_items: Option<usize>,
    deleted_size: Option<usize>,
    archive: Option<usize>,
}

impl Columns {
    fn of(header: &StringRecord) -> Result<Self, Error> {
        let place = |name: &str| {
            header
                .iter()
                .position(|own| own.trim().eq_ignore_ascii_case(name))
        };
        let needed = |name: &'static str| {
            place(name).ok_or(Error::Column {
                report: REPORT,
                column: name,
            })
        };
        Ok(Self {
            refreshed: needed("Report Refresh Date")?,
            user: needed("User Principal Name")?,
            activity: needed("Last Activity Date")?,
            items: needed("Item Count")?,
            storage: needed("Storage Used (Byte)")?,
            display_name: place("Display Name"),
            deleted: place("Is Deleted"),
            created: place("Created Date"),
            warning_quota: place("Issue Warning Quota (Byte)"),
            send_quota: place("Prohibit Send Quota (Byte)"),
            receive_quota: place("Prohibit Send/Receive Quota (Byte)"),
            deleted_items: place("Deleted Item Count"),
            deleted_size: place("Deleted Item Size (Byte)"),
            archive: place("Has Archive"),
        })
    }

    fn day(&self, record: &StringRecord) -> Option<Date> {
        record.get(self.refreshed)?.trim().parse().ok()
    }

    /// `None` for a record that names no user.
    fn row(&self, record: &StringRecord) -> Option<MailboxUsageRow> {
        let text = |at: usize| record.get(at).map(str::trim).filter(|text| !text.is_empty());
        let date = |at: usize| text(at).and_then(|text| text.parse().ok());
        let count = |at: usize| text(at).and_then(|text| text.parse().ok());
        let flag = |at: usize| text(at).and_then(yes_or_no);
        Some(MailboxUsageRow {
            user_principal_name: text(self.user)?.to_owned(),
            display_name: self.display_name.and_then(text).map(str::to_owned),
            is_deleted: self.deleted.and_then(flag),
            created_on: self.created.and_then(date),
            last_activity_on: date(self.activity),
            item_count: count(self.items),
            storage_used: count(self.storage),
            warning_quota: self.warning_quota.and_then(count),
            send_quota: self.send_quota.and_then(count),
            receive_quota: self.receive_quota.and_then(count),
            deleted_item_count: self.deleted_items.and_then(count),
            deleted_item_size: self.deleted_size.and_then(count),
            has_archive: self.archive.and_then(flag),
        })
    }
}

fn yes_or_no(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" => Some(true),
        "false" | "no" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use msp365_core::ErrorKind;
    use proptest::prelude::*;

    use super::*;

    const REPORT: &str = "\u{feff}Report Refresh Date,User Principal Name,Display Name,Is Deleted,Deleted Date,\
        Created Date,Last Activity Date,Item Count,Storage Used (Byte),Deleted Item Count,Has Archive,Report Period\r\n\
        2026-11-20,ada@contoso.example,\"Lovelace, Ada\",False,,2020-01-02,2026-11-19,12,4096,3,Yes,30\r\n\
        2026-11-20,bo@contoso.example,Bo,True,2026-10-01,2021-01-02,,0,0,,,30\r\n";

    #[test]
    fn rows_are_read_by_the_names_of_their_columns() {
        let usage = mailbox_usage_rows(REPORT.as_bytes()).unwrap();

        let [ada, bo] = &usage.rows[..] else {
            panic!("{usage:?}")
        };
        assert_eq!(usage.refreshed_on, Some("2026-11-20".parse().unwrap()));
        assert!(!usage.concealed);
        assert_eq!(ada.display_name.as_deref(), Some("Lovelace, Ada"));
        assert_eq!(
            (ada.item_count, ada.storage_used, ada.has_archive),
            (Some(12), Some(4096), Some(true))
        );
        assert_eq!(
            (bo.is_deleted, bo.last_activity_on, bo.has_archive),
            (Some(true), None, None)
        );
    }

    #[test]
    fn columns_may_be_added_and_change_their_order() {
        let report = "Storage Used (Byte),Brand New,Last Activity Date,Item Count,User Principal Name,Report Refresh Date\n\
            7,x,2026-11-01,5,cleo@contoso.example,2026-11-20\n";

        let usage = mailbox_usage_rows(report.as_bytes()).unwrap();

        assert_eq!(usage.rows[0].user_principal_name, "cleo@contoso.example");
        assert_eq!(
            (usage.rows[0].storage_used, usage.rows[0].item_count),
            (Some(7), Some(5))
        );
    }

    #[test]
    fn a_report_without_a_needed_column_is_refused() {
        let report = REPORT.replace("Storage Used (Byte)", "Storage");

        let error = mailbox_usage_rows(report.as_bytes()).unwrap_err();

        assert_eq!(error.kind(), ErrorKind::Decode);
        assert_eq!(
            error.to_string(),
            "the report `getMailboxUsageDetail` lacks the column `Storage Used (Byte)`"
        );
    }

    #[test]
    fn hashes_in_place_of_names_are_noticed() {
        let report = REPORT
            .replace("ada@contoso.example", "0F3A5C79E1B24D6880AA12BC34DE56F7")
            .replace("bo@contoso.example", "(Unknown)");

        assert!(mailbox_usage_rows(report.as_bytes()).unwrap().concealed);
    }

    #[test]
    fn a_report_without_mailboxes_conceals_nothing() {
        let header = REPORT.lines().next().unwrap();

        let usage = mailbox_usage_rows(header.as_bytes()).unwrap();

        assert_eq!(
            (usage.rows.len(), usage.refreshed_on, usage.concealed),
            (0, None, false)
        );
    }

    #[test]
    fn an_empty_reply_is_no_empty_report() {
        assert!(mailbox_usage_rows(b"").is_err());
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(tail in proptest::collection::vec(any::<u8>(), 0..200)) {
            let mut report = REPORT.as_bytes().to_vec();
            report.extend(tail);

            let _ = mailbox_usage_rows(&report);
        }
    }
}
