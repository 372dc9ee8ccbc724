//! Whether customers are ready, what it takes, what runs out, and the way out.

use std::time::Duration;

use msp365_core::TenantId;
use msp365_partner::privilege::Invitation;
use msp365_store::LogFate;
use msp365_sync::{Diagnosis, Exit, Sent, Stage, expiry::Expiries};

use crate::{Error, Msp365, Tenants, choosing::left};

impl Msp365 {
    /// Turns all of it off: takes the application out of every customer, removes all that is stored, the connection
    /// included and the activity log as is said, and tells what stays behind and where it is removed. It can be connected
    /// again at once.
    ///
    /// That it begins is recorded, and how it ended with each customer in a record of its own, as long as the log stays. Of
    /// one that is removed the host's own log gets the last record: that the log is removed.
    ///
    /// # Errors
    /// `SignIn` where nothing is connected; `Storage`, also where the activity log cannot be written: before the start, and
    /// then nothing is done, or after the end.
    pub async fn disconnect(&self, log: LogFate) -> Result<Exit, Error> {
        let engine = self.engine(self.inner.options.clone()).await?;
        let (recorder, partner) = (self.recorder(), self.inner.link.partner().await.ok());
        let act = |action| {
            let act = recorder.act(action);
            partner.map_or_else(|| recorder.act(action), |partner| act.on(partner))
        };
        let mut begun = vec![act("disconnect")];
        if log == LogFate::Remove {
            begun.push(act("purge_log"));
        }
        recorder.begun(begun).await?;
        let done = engine.disconnect(log).await;
        if done.is_ok() {
            self.inner.link.leave().await;
        }
        let acts = match &done {
            // With the log its key is gone, too.
            Ok(_) if log == LogFate::Remove => Vec::new(),
            Ok(exit) => {
                let mut acts = left(recorder, &exit.tenants);
                acts.push(act("disconnect"));
                acts
            }
            Err(_) => vec![act("disconnect")],
        };
        recorder.ended(acts, done.map_err(Error::from)).await
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
    /// connecting does not ask for by itself. It is recorded with the id of the relationship.
    ///
    /// # Errors
    /// `SignIn` where nothing is connected; `Denied` without that permission; `Invalid` for a name or span that the
    /// service does not take.
    pub async fn invite(&self, invitation: &Invitation) -> Result<Sent, Error> {
        let sent = self.engine().await?.invite(invitation).await;
        let recorder = self.msp.recorder();
        let customer = invitation.relationship.customer.as_deref();
        let mut act = recorder.act("invite");
        if let Some(customer) = customer.and_then(|id| id.parse().ok()) {
            act = act.on(customer);
        }
        if let Ok(sent) = &sent {
            act = act.target(&sent.relationship);
        }
        recorder.ended(vec![act], sent.map_err(Error::from)).await
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
        let engine = self.engine().await?;
        let joined = engine.join_admin_agents().await.map_err(Error::from);
        let recorder = self.msp.recorder();
        let partner = self.msp.inner.link.partner().await?;
        let acts = match &joined {
            Ok(false) => Vec::new(),
            _ => vec![recorder.act("join_admin_agents").on(partner)],
        };
        recorder.ended(acts, joined).await
    }
}
