//! Passwords, temporary passes, and removing the methods by which a user proves who they are.

use msp365_graph::authentication_methods::{
    ALTERNATE_MOBILE_PHONE, AuthenticationMethod, MethodKind, PassPolicy, PassTarget, PolicyState,
};

use crate::{
    Facts, Plan, Protection, Refused,
    facts::Person,
    plan::{Action, PasswordRoute, StepKind},
    protection::Harm,
    refused::Reason,
};

/// A new password, made while the plan runs, to be changed at the next sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ResetPassword;

impl ResetPassword {
    /// The plan for one user. Of a user mastered on-premises the password is written back there, which takes a while.
    ///
    /// # Errors
    /// `Invalid` for a user whose sign-in is federated; `Denied` for an account that is to be left alone.
    pub fn plan(self, facts: &Facts, protection: &Protection) -> Result<Plan, Refused> {
        let person = facts.present()?;
        protection.check(facts, person, Harm::Other)?;
        person.check_managed(facts)?;
        let mut plan = Plan::new(facts.tenant, Action::ResetPassword, person.subject());
        let route = if person.user.is_synced() {
            PasswordRoute::Writeback
        } else {
            PasswordRoute::Profile
        };
        if route == PasswordRoute::Writeback {
            plan.warn(
                "the password is written back on-premises a little later, if the tenant has that switched on",
            );
        }
        plan.warn("the password does not end by itself; a temporary access pass does");
        plan.push(StepKind::SetPassword {
            user: person.whom(),
            route,
        });
        Ok(plan)
    }
}

/// A temporary access pass; what is left out follows the policy of the tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct AccessPass {
    /// Minutes it lasts.
    pub lifetime_in_minutes: Option<i64>,
    /// Whether it serves for one sign-in alone.
    pub is_usable_once: Option<bool>,
}

impl AccessPass {
    /// Lasts so many minutes.
    #[must_use]
    pub const fn lasting(mut self, minutes: i64) -> Self {
        self.lifetime_in_minutes = Some(minutes);
        self
    }

    /// Serves for one sign-in alone.
    #[must_use]
    pub const fn once(mut self) -> Self {
        self.is_usable_once = Some(true);
        self
    }

    /// The plan for one user.
    ///
    /// # Errors
    /// `Denied` where the policy of the tenant is off, leaves the user out or allows no such pass, and for an account
    /// that is to be left alone; `Invalid` where the policy was not read.
    pub fn plan(self, facts: &Facts, protection: &Protection) -> Result<Plan, Refused> {
        let person = facts.present()?;
        protection.check(facts, person, Harm::Other)?;
        let Some(policy) = &facts.pass_policy else {
            return Err(Reason::NotKnown.with(
                "the tenant's policy on temporary passes was not read",
                "allow `Policy.Read.AuthenticationMethod`, and ask for passes",
            ));
        };
        let refused = |words: String, remedy: &str| Err(Reason::PassPolicy.with(words, remedy));
        if policy.state != Some(PolicyState::Enabled) {
            return refused(
                "temporary passes are switched off in the tenant".to_owned(),
                "switch them on in the authentication methods policy",
            );
        }
        if !is_included(policy, person)? {
            return refused(
                format!("the policy leaves `{}` out", person.name()),
                "put the user into a group that the policy names",
            );
        }
        let least = policy.minimum_lifetime_in_minutes.unwrap_or(10);
        let most = policy.maximum_lifetime_in_minutes.unwrap_or(43_200);
        if let Some(minutes) = self
            .lifetime_in_minutes
            .filter(|minutes| !(least..=most).contains(minutes))
        {
            return refused(
                format!("{minutes} minutes are not within the {least} to {most} of the policy"),
                "choose a time within the policy",
            );
        }
        let mut plan = Plan::new(facts.tenant, Action::AccessPass, person.subject());
        let always_once = policy.is_usable_once == Some(true);
        if always_once && self.is_usable_once == Some(false) {
            return refused(
                "the policy allows passes for one sign-in alone".to_owned(),
                "make it for one sign-in",
            );
        }
        plan.warn("a pass the user has already stops working");
        plan.push(StepKind::CreatePass {
            user: person.whom(),
            lifetime_in_minutes: self.lifetime_in_minutes,
            is_usable_once: self.is_usable_once.or(always_once.then_some(true)),
        });
        Ok(plan)
    }
}

/// Whether a policy gives passes to a user, who may be in its groups through others.
fn is_included(policy: &PassPolicy, person: &Person) -> Result<bool, Refused> {
    let by_itself = |target: &PassTarget| target.id == "all_users" || target.id == person.user.id;
    let meets = |targets: &[PassTarget]| {
        if targets.iter().any(by_itself) || targets.is_empty() {
            return Ok(!targets.is_empty());
        }
        let Some(groups) = &person.all_groups else {
            return Err(Reason::NotKnown.with(
                "whether the user is in a group of the policy was not read",
                "allow `GroupMember.Read.All`, and ask for passes",
            ));
        };
        let is_in = |target: &PassTarget| groups.iter().any(|id| id.eq_ignore_ascii_case(&target.id));
        Ok(targets.iter().any(is_in))
    };
    Ok(meets(&policy.include_targets)? && !meets(&policy.exclude_targets)?)
}

/// Removes all methods but the password, then ends all sessions: the user registers anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ResetMethods;

impl ResetMethods {
    /// The plan for one user. The method that is asked for first goes last, as the service wants it.
    ///
    /// # Errors
    /// `Invalid` where there is nothing to remove or the methods were not read; `Denied` for an account that is to be
    /// left alone.
    pub fn plan(self, facts: &Facts, protection: &Protection) -> Result<Plan, Refused> {
        let person = facts.present()?;
        protection.check(facts, person, Harm::Other)?;
        let Some(methods) = &person.methods else {
            return Err(Reason::NotKnown.with(
                "the methods of the user were not read",
                "ask for them; those of administrators take a higher role",
            ));
        };
        let mut plan = Plan::new(facts.tenant, Action::ResetMethods, person.subject());
        // Of several of the default's kind the first is the default, so that the later ones go earlier.
        let mut order: Vec<&AuthenticationMethod> = methods.iter().rev().collect();
        order.sort_by_key(|method| (rank(method.kind.as_ref()), method.id != ALTERNATE_MOBILE_PHONE));
        for method in order {
            let Some(kind) = method.kind.clone().filter(|kind| kind.collection().is_some()) else {
                continue;
            };
            let (user, method) = (person.whom(), method.id.clone());
            plan.push(match kind {
                MethodKind::TemporaryAccessPass => StepKind::DeletePass { user, pass: method },
                kind => StepKind::DeleteMethod { user, method, kind },
            });
        }
        let plan = plan.not_empty()?;
        Ok(with_revoke(plan, person.whom()))
    }
}

fn with_revoke(mut plan: Plan, user: crate::plan::Whom) -> Plan {
    plan.push(StepKind::RevokeSessions { user });
    plan.warn("the user cannot prove a second factor until one is registered again");
    plan
}

/// What goes earlier: second phones before first ones, and last the kinds that the service prefers as default.
const fn rank(kind: Option<&MethodKind>) -> u8 {
    match kind {
        Some(MethodKind::Email | MethodKind::TemporaryAccessPass) => 0,
        Some(MethodKind::WindowsHello | MethodKind::PlatformCredential | MethodKind::External) => 1,
        Some(MethodKind::SoftwareOath) => 2,
        Some(MethodKind::Fido2) => 3,
        Some(MethodKind::Phone) => 4,
        Some(MethodKind::MicrosoftAuthenticator) => 5,
        _ => 6,
    }
}
