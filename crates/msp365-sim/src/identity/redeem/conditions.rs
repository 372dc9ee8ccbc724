//! Whether an account may have a token in a tenant, and which permissions it then carries.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{
    super::{
        Visit,
        claimed::Claimed,
        client::{Client, not_in_tenant},
        desk::{Desk, Login},
        policy::AccessPolicy,
        refusal::Refusal,
        scopes::{Named, Resource},
    },
    invalid_grant,
};
use crate::world::{Json, Tenant, Trouble, World, access::text};

/// An account that wants a token in some tenant.
pub(super) struct Redemption<'a> {
    pub(super) world: &'a World,
    pub(super) visit: &'a Visit<'a>,
    pub(super) client: Client<'a>,
    pub(super) login: &'a Login,
    pub(super) target: &'a Tenant,
    pub(super) claimed: Claimed,
}

/// What a token is for and what it carries.
pub(super) struct Granted {
    pub(super) resource: Resource,
    pub(super) scopes: Vec<String>,
    /// Whether all that is granted was asked for, and nothing by name.
    pub(super) by_default: bool,
}

impl<'a> Redemption<'a> {
    /// The account, if it is still there and enabled.
    pub(super) fn user(&self) -> Result<&'a Json, Refusal> {
        let home = self.world.tenant(self.login.home).ok_or_else(gone)?;
        let user = home.users.get(&self.login.oid).ok_or_else(gone)?;
        if user.get("accountEnabled") == Some(&Value::Bool(false)) {
            return Err(invalid_grant(50_057, "The user account is disabled."));
        }
        Ok(user)
    }

    /// The permissions that a token of the account carries in the target, if it may have one.
    pub(super) fn grant(&self, desk: &Desk, wanted: &(Resource, Named)) -> Result<Granted, Refusal> {
        let user = self.user()?;
        let is_foreign = self.target.id != self.login.home;
        if is_foreign && self.roles().is_empty() {
            let message = format!(
                "User account '{}' from identity provider does not exist in tenant '{}' and cannot access the \
                 application '{}' in that tenant.",
                text(user, "userPrincipalName").unwrap_or_default(),
                self.target.name,
                self.client.id()
            );
            return Err(invalid_grant(50_020, message));
        }
        self.check_principal()?;
        let scopes = self.granted(wanted)?;
        self.check_policy(desk, is_foreign)?;
        Ok(Granted {
            resource: wanted.0,
            scopes,
            by_default: wanted.1 == Named::Default,
        })
    }

    /// The app has to be there, and enabled.
    fn check_principal(&self) -> Result<(), Refusal> {
        let consent = self.world.consent_in(self.target, self.client.id());
        let Some(principal) = &consent.service_principal else {
            return Err(not_in_tenant(self.client.id(), self.target.id));
        };
        enabled(self.target, principal, self.client.id())
    }

    /// Everything granted on a resource, if what is named is among it.
    fn granted(&self, (resource, named): &(Resource, Named)) -> Result<Vec<String>, Refusal> {
        let consent = self.world.consent_in(self.target, self.client.id());
        let all = consent.scopes.get(resource.app_id);
        let suffices = match named {
            Named::Default => all.is_some_and(|scopes| !scopes.is_empty()),
            Named::Scopes(wanted) if wanted.is_empty() => true,
            Named::Scopes(wanted) => all.is_some_and(|scopes| wanted.is_subset(scopes)),
        };
        if suffices {
            return Ok(all.into_iter().flatten().cloned().collect());
        }
        let message = format!(
            "The user or administrator has not consented to use the application with ID '{}'. Send an interactive \
             authorization request for this user and resource.",
            self.client.id()
        );
        Err(invalid_grant(65_001, message).suberror("consent_required"))
    }

    /// What the tenant asks of those who sign in to it.
    fn check_policy(&self, desk: &Desk, is_foreign: bool) -> Result<(), Refusal> {
        let policy = desk.watch.policy(self.target.id);
        let blocked = is_foreign && self.target.has(Trouble::ConditionalAccess);
        if blocked || policy == AccessPolicy::Block {
            let message = "Access has been blocked by Conditional Access policies. The access policy does not allow \
                           token issuance.";
            return Err(invalid_grant(53_003, message)
                .suberror("message_only")
                .claims(&self.conditions()));
        }
        let is_weak = policy != AccessPolicy::Open || !self.claimed.contexts.is_empty();
        if is_weak && !self.login.second_factor {
            let message = "Due to a configuration change made by your administrator, or because you moved to a new \
                           location, you must use multi-factor authentication to access the resource.";
            return Err(Refusal::new("interaction_required", 50_076, message)
                .suberror("basic_action")
                .claims(&self.conditions()));
        }
        if let AccessPolicy::SignInFrequency(span) = policy {
            let span = SignedDuration::try_from(span).unwrap_or(SignedDuration::MAX);
            if self.visit.now.duration_since(self.login.at) >= span {
                let message = "The refresh token has expired or is invalid due to sign-in frequency checks by \
                               Conditional Access.";
                return Err(invalid_grant(70_043, message)
                    .suberror("token_expired")
                    .claims(&self.conditions()));
            }
        }
        Ok(())
    }

    /// The claims that a sign-in has to bring to satisfy the target.
    fn conditions(&self) -> Value {
        json!({"access_token": {"capolids": {"essential": true, "values": [self.target.id]}}})
    }

    /// Directory roles of the account in the target.
    pub(super) fn roles(&self) -> Vec<String> {
        self.world
            .directory_roles(self.target.id, &self.login.oid, self.visit.now)
    }
}

/// Refuses an app whose service principal is switched off.
pub(in crate::identity) fn enabled(tenant: &Tenant, principal: &str, client: &str) -> Result<(), Refusal> {
    let row = tenant.service_principals.get(principal);
    if row.and_then(|row| row.get("accountEnabled")) == Some(&Value::Bool(false)) {
        let message = format!("Application '{client}' is disabled.");
        return Err(Refusal::new("unauthorized_client", 7_000_112, message));
    }
    Ok(())
}

pub(super) fn gone() -> Refusal {
    invalid_grant(50_034, "The user account does not exist in the directory.")
}
