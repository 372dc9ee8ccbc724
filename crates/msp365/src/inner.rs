//! What the handle and its views work with.

use std::sync::Arc;

use msp365_actions::{ActivityLog, ApprovalGate, Protection};
use msp365_client::Client;
use msp365_core::Clock;
use msp365_store::Store;
use msp365_sync::Options;

use crate::{Error, link::Link};

pub(crate) struct Inner {
    pub(crate) client: Client,
    pub(crate) link: Arc<Link>,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) display_name: String,
    pub(crate) options: Options,
    pub(crate) log: Option<ActivityLog>,
    pub(crate) protection: Protection,
    pub(crate) gate: Option<Arc<dyn ApprovalGate>>,
}

impl Inner {
    /// The activity log, where it has a key.
    pub(crate) fn log(&self) -> Result<ActivityLog, Error> {
        self.log.clone().ok_or(Error::NoAuditKey)
    }
}
