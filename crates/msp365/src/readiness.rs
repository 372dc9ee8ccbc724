//! Whether customers are ready, what it takes, what runs out, and the way out.

use std::time::Duration;

use msp365_core::TenantId;
use msp365_partner::privilege::Invitation;
use msp365_store::LogFate;
use msp365_sync::{Diagnosis, Exit, Sent, Stage, expiry::Expiries};

use crate::{Error, Msp365, Tenants};

impl Msp365 {
    /// Turns all of it off: takes the application out of every customer, removes all that is stored, the connection
    /// included and the activity log as is said, and tells what stays behind and where it is removed. It can be connected
    /// again at once.
    ///
    /// # Errors
    /// `SignIn` where nothing is connected; `Storage`.
    pub async fn disconnect(&self, log: LogFate) -> Result<Exit, Error> {
        let exit = self
            .engine(self.inner.options.clone())
            .await?
            .disconnect(log)
            .await?;
        self.inner.link.leave().await;
        Ok(exit)
    }

    /// What expires when: secrets, certificates, the sign-in, relationships, invitations, subscriptions.
    ///
    /// # Errors
    /// `SignIn` if nothing is connected; the kind of the failed request if the partner tenant cannot be read;
    /// `Storage`.
    pub async fn expiries(&self) -> Result<Expiries, Error> {
        Ok(self.engine(self.inner.options.clone()).await?.expiries().await?)
    }
}

impl Tenants<'_> {
    /// Checks tenants without changing anything; without ids, all of them. `see` is called with each result as it
    /// becomes known.
    ///
    /// # Errors
    /// `SignIn` where nothing is connected; `NotFound` for an unknown tenant; the kind of the failed request.
    pub async fn doctor(
        &self,
        tenants: &[TenantId],
        see: impl FnMut(&Diagnosis) + Send,
    ) -> Result<Vec<Diagnosis>, Error> {
        Ok(self.engine().await?.doctor(tenants, see).await?)
    }

    /// Like [`Tenants::doctor`], but keeps nothing: `see` is called with each result as it becomes known.
    ///
    /// # Errors
    /// As for [`Tenants::doctor`].
    pub async fn inspect(
        &self,
        tenants: &[TenantId],
        see: impl FnMut(&Diagnosis) + Send,
    ) -> Result<(), Error> {
        Ok(self.engine().await?.inspect(tenants, see).await?)
    }

    /// Sends a customer a GDAP invitation. It takes the permission `DelegatedAdminRelationship.ReadWrite.All`, which
    /// connecting does not ask for by itself.
    ///
    /// # Errors
    /// `SignIn` where nothing is connected; `Denied` without that permission; `Invalid` for a name or span that the
    /// service does not take.
    pub async fn invite(&self, invitation: &Invitation) -> Result<Sent, Error> {
        Ok(self.engine().await?.invite(invitation).await?)
    }

    /// Follows an invitation: assigns the groups of its plan their roles once the customer has accepted. Returns how
    /// far it has come, after `patience` at most.
    ///
    /// # Errors
    /// `SignIn` if nothing is connected; `NotFound` for a relationship that is gone; the kind of the failed request.
    pub async fn follow(
        &self,
        relationship: &str,
        invitation: &Invitation,
        patience: Duration,
    ) -> Result<Stage, Error> {
        let engine = self.engine().await?;
        Ok(engine.follow_for(relationship, invitation, patience).await?)
    }

    /// Adds the application itself to the partner's group `AdminAgents`, for work without a person. Returns whether it
    /// was added: `false` if it was already a member.
    ///
    /// # Errors
    /// `SignIn` where nothing is connected; `Denied` without `GroupMember.ReadWrite.All`; `NotFound` where the tenant is
    /// no partner.
    pub async fn join_admin_agents(&self) -> Result<bool, Error> {
        Ok(self.engine().await?.join_admin_agents().await?)
    }
}
