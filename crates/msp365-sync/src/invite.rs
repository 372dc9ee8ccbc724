//! Sending a GDAP invitation, and following it until the groups of the partner have their roles.

use std::time::Duration;

use futures_util::TryStreamExt;
use msp365_core::ErrorKind;
use msp365_partner::{
    privilege::Invitation,
    relationships::{
        self as gdap, AccessAssignment, AssignmentStatus, AutoExtend, Relationship, RelationshipEdit,
        RelationshipStatus,
    },
};
use serde::Serialize;

use crate::{Engine, Error};

/// How often a relationship is looked at.
const PAUSE: Duration = Duration::from_secs(15);

/// An invitation that the customer can accept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Sent {
    /// The id of the relationship.
    pub relationship: String,
    /// Where a Global Administrator of the customer accepts it.
    pub link: String,
}

/// How far a relationship has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "stage")]
#[non_exhaustive]
pub enum Stage {
    /// The customer has not accepted it yet.
    Waiting,
    /// It is being activated, or its groups are being given their roles.
    UnderWay,
    /// It is active, and every group has its roles.
    Done,
    /// It ended, was refused, or a group could not be given its roles.
    Over {
        /// Why, in words.
        because: String,
    },
}

impl Engine {
    /// Drafts the relationship and sends it to the customer. One of that name that was drafted before is gone on with, so
    /// that a lost answer makes no second one.
    ///
    /// # Errors
    /// `Denied` without `DelegatedAdminRelationship.ReadWrite.All` or outside `AdminAgents`; `Invalid` for a name or span that
    /// the service does not take.
    pub async fn invite(&self, invitation: &Invitation) -> Result<Sent, Error> {
        let partner = self.partner()?;
        let name = &invitation.relationship.display_name;
        let doing = || Error::request_error("sending a GDAP invitation");
        let all: Vec<Relationship> = partner
            .stream(gdap::list())
            .try_collect()
            .await
            .map_err(doing())?;
        let named = |one: &Relationship| one.display_name.as_ref() == Some(name);
        let draft = match all.into_iter().find(named) {
            Some(known) => known,
            None => partner
                .send(gdap::create(&invitation.relationship))
                .await
                .map_err(doing())?,
        };
        if draft.status == Some(RelationshipStatus::Created) {
            match partner.send(gdap::send_to_customer(&draft.id)).await {
                Ok(_) => {}
                // It is being sent already: the service takes a moment to lock a draft.
                Err(error) if error.kind() == ErrorKind::Conflict => {}
                Err(error) => return Err(doing()(error)),
            }
        }
        Ok(Sent {
            link: draft.invitation(),
            relationship: draft.id,
        })
    }

    /// Looks how far a relationship has come, and gives the groups of the plan their roles once it is active.
    ///
    /// # Errors
    /// `NotFound` for a relationship that is gone; the kind of the failed request.
    pub async fn follow(&self, relationship: &str, invitation: &Invitation) -> Result<Stage, Error> {
        let partner = self.partner()?;
        let doing = || Error::request_error("following a GDAP invitation");
        let found = partner.send(gdap::get(relationship)).await.map_err(doing())?;
        match &found.status {
            Some(RelationshipStatus::Created | RelationshipStatus::ApprovalPending) => {
                return Ok(Stage::Waiting);
            }
            Some(RelationshipStatus::Approved | RelationshipStatus::Activating) => {
                return Ok(Stage::UnderWay);
            }
            Some(RelationshipStatus::Active) => {}
            other => {
                let status = other.as_ref().map_or("unknown", RelationshipStatus::as_str);
                let because = format!("the relationship is `{status}`");
                return Ok(Stage::Over { because });
            }
        }
        self.extend(&found, invitation).await?;
        let held: Vec<AccessAssignment> = partner
            .stream(gdap::access_assignments(relationship))
            .try_collect()
            .await
            .map_err(doing())?;
        let mut stage = Stage::Done;
        for group in &invitation.groups {
            let own = held.iter().find(|one| is_of(one, &group.group));
            match own.and_then(|one| one.status.as_ref()) {
                None => {
                    let request = gdap::assign(relationship, &group.group, &group.roles);
                    partner.send(request).await.map_err(doing())?;
                    stage = Stage::UnderWay;
                }
                Some(AssignmentStatus::Active) => {}
                Some(AssignmentStatus::Error) => {
                    let because = format!("the group `{}` could not be given its roles", group.group);
                    return Ok(Stage::Over { because });
                }
                Some(_) => stage = Stage::UnderWay,
            }
        }
        Ok(stage)
    }

    /// Follows a relationship until it is done or over, or `patience` has passed. Customers may take days: follow it again
    /// then.
    ///
    /// # Errors
    /// As of [`Engine::follow`].
    pub async fn follow_for(
        &self,
        relationship: &str,
        invitation: &Invitation,
        patience: Duration,
    ) -> Result<Stage, Error> {
        let mut left = patience;
        loop {
            let stage = self.follow(relationship, invitation).await?;
            let ended = matches!(stage, Stage::Done | Stage::Over { .. });
            if ended || left.is_zero() {
                return Ok(stage);
            }
            let pause = PAUSE.min(left);
            self.clock.sleep(pause).await;
            left -= pause;
        }
    }

    /// Automatic extension can be turned on only while a relationship is active, so a draft may have lost it.
    async fn extend(&self, found: &Relationship, invitation: &Invitation) -> Result<(), Error> {
        if found.extends_itself() || !invitation.extends_itself() {
            return Ok(());
        }
        let mut edit = RelationshipEdit::default();
        edit.auto_extend = Some(AutoExtend::HalfYear);
        match self.partner()?.send(gdap::update(found, &edit)).await {
            Ok(()) => Ok(()),
            // Changed meanwhile: the next look finds it as it is.
            Err(error) if error.kind() == ErrorKind::Conflict => Ok(()),
            Err(error) => Err(Error::request_error("turning on automatic extension")(error)),
        }
    }
}

fn is_of(assignment: &AccessAssignment, group: &str) -> bool {
    let is_live = !matches!(
        assignment.status,
        Some(AssignmentStatus::Deleting | AssignmentStatus::Deleted)
    );
    is_live
        && assignment
            .group_id()
            .is_some_and(|own| own.eq_ignore_ascii_case(group))
}
