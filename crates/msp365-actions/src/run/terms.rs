//! What a plan is run under beside its steps: stored with it, so that whoever runs it keeps to it.

use msp365_store::PlanRecord;
use serde::{Deserialize, Serialize};

use crate::{Delivery, Error, Protection};

/// To whom secrets go, who is left alone, and who let the plan run.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Terms {
    /// The public key that secrets are sealed to, in base64.
    pub(super) recipient: Option<String>,
    /// The accounts that the plan leaves alone.
    pub(super) protection: Protection,
    /// Who let it run.
    pub(super) approved_by: Option<String>,
}

impl Terms {
    pub(super) fn new(delivery: &Delivery, protection: &Protection) -> Self {
        Self {
            recipient: delivery.recipient(),
            protection: protection.clone(),
            approved_by: None,
        }
    }

    pub(super) fn of(record: &PlanRecord) -> Result<Self, Error> {
        if record.terms.is_null() {
            return Ok(Self::default());
        }
        serde_json::from_value(record.terms.clone()).map_err(|source| Error::Stored {
            plan: record.id,
            source,
        })
    }

    pub(super) fn value(&self, record: &PlanRecord) -> Result<serde_json::Value, Error> {
        serde_json::to_value(self).map_err(|source| Error::Stored {
            plan: record.id,
            source,
        })
    }

    /// How secrets are handed over: to whom the plan names, else as whoever runs it says.
    pub(super) fn delivery(&self, otherwise: &Delivery) -> Result<Delivery, Error> {
        Ok(match &self.recipient {
            Some(key) => Delivery::Sealed(key.parse()?),
            None => otherwise.clone(),
        })
    }
}
