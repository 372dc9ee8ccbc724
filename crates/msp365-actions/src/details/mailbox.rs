//! The use of somebody's mailbox, by the usage report that passes read.

use jiff::civil::Date;
use msp365_core::TenantId;
use msp365_store::{MailboxRow, Resource, Result, Rows, Store};
use serde::Serialize;

use super::{
    card::{Card, Gap, Source, Why},
    stored::card,
};

/// A mailbox, as the usage report of a day shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Mailbox {
    /// The day that the report shows, which is about two days old when it appears.
    pub reported_on: Option<Date>,
    /// The last day something was done in it.
    pub last_activity_on: Option<Date>,
    /// Items in it.
    pub item_count: Option<i64>,
    /// Bytes in it.
    pub storage_used_bytes: Option<i64>,
}

impl From<MailboxRow> for Mailbox {
    fn from(row: MailboxRow) -> Self {
        Self {
            reported_on: row.report_refreshed_on,
            last_activity_on: row.last_activity_on,
            item_count: row.item_count,
            storage_used_bytes: row.storage_used_bytes,
        }
    }
}

/// The mailbox of a user by the name for signing in; `None` within: the report shows none. Where the tenant conceals names
/// in reports, nobody's mailbox can be told.
///
/// # Errors
/// `Storage` if the database failed.
pub async fn mailbox(store: &dyn Store, tenant: &TenantId, name: &str) -> Result<Card<Option<Mailbox>>> {
    let stream = store.stream(tenant, Resource::Mailboxes).await?;
    let keys = [name.to_owned()];
    let found = match store.rows_of(tenant, Resource::Mailboxes, &keys).await? {
        Rows::Mailboxes(rows) => rows.into_iter().next(),
        _ => None,
    };
    let mut card = card("mailbox", &stream, found.map(Mailbox::from));
    if card.gaps.iter().any(|gap| gap.why == Why::Concealed) {
        card.content = None;
    }
    Ok(card)
}

/// What is said where reports are not looked at: they come with passes alone.
pub(super) fn not_live() -> Card<Option<Mailbox>> {
    let mut gap = Gap::known("mailbox", Why::NotSupplied);
    "usage reports come with passes alone".clone_into(&mut gap.cause);
    "look at what is stored".clone_into(&mut gap.remedy);
    Card::unread(Source::Live, gap)
}
