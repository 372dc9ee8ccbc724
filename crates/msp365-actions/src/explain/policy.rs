//! What the policies of the tenant allow: temporary access passes, and who sets passwords.

use msp365_core::id::canonical;
use msp365_graph::authentication_methods::{NewPass, PassPolicy, PolicyState};

use super::{
    Action, LinkId, Mender,
    chain::{Case, Chain},
};
use crate::details::{self, PassVerdict};

/// Whether the policies allow it.
pub(super) fn check(case: &Case<'_>, chain: &mut Chain) {
    match case.action {
        Action::TemporaryPass(pass) => passes(case, pass, chain),
        Action::ResetPassword => password(case, chain),
        _ => {}
    }
}

fn passes(case: &Case<'_>, pass: &NewPass, chain: &mut Chain) {
    let policy = match case.tenant.pass_policy.known() {
        Err(why) => {
            return chain.unknown(
                LinkId::Policy,
                "what the tenant allows of temporary access passes",
                why,
            );
        }
        Ok(policy) => policy,
    };
    if policy.state != Some(PolicyState::Enabled) {
        return chain.broken(
            (LinkId::Policy, Mender::CustomerAdministrator),
            "the tenant has temporary access passes turned off",
            "turn them on in the authentication methods policy (Authentication Policy Administrator)",
        );
    }
    terms(policy, pass, chain);
    match included(case, policy) {
        Ok(true) => chain.holds(LinkId::Policy, "the tenant's policy gives passes to the user"),
        Ok(false) => chain.broken(
            (LinkId::Policy, Mender::CustomerAdministrator),
            "the tenant's policy gives no passes to the user, so that one would be made and not be usable",
            "include the user, or a group it is in, in the policy on temporary access passes",
        ),
        Err(why) => chain.unknown(LinkId::Policy, "whether the policy gives passes to the user", why),
    }
}

/// Whether the pass that is wanted lies within the policy.
fn terms(policy: &PassPolicy, pass: &NewPass, chain: &mut Chain) {
    let least = policy.minimum_lifetime_in_minutes.unwrap_or(10);
    let most = policy.maximum_lifetime_in_minutes.unwrap_or(43_200);
    if let Some(wanted) = pass
        .lifetime_in_minutes
        .filter(|wanted| !(least..=most).contains(wanted))
    {
        chain.broken(
            (LinkId::Policy, Mender::Caller),
            format!("a pass of {wanted} minutes; the policy allows {least} to {most}"),
            format!("ask for {least} to {most} minutes"),
        );
    }
    if policy.is_usable_once == Some(true) && pass.is_usable_once == Some(false) {
        chain.broken(
            (LinkId::Policy, Mender::Caller),
            "the policy demands passes for one sign-in alone",
            "ask for a pass for one sign-in",
        );
    }
}

fn included<'a>(case: &'a Case<'_>, policy: &PassPolicy) -> Result<bool, &'a str> {
    let user = case.target.user.known()?.as_ref();
    let id = user.map(|user| user.id.as_str()).unwrap_or_default();
    let groups = case.target.groups.known();
    let ids = groups.map(|groups| groups.iter().map(|group| canonical(&group.id)).collect());
    match details::passes(policy, id, ids.as_ref().ok()).verdict {
        PassVerdict::Allowed => Ok(true),
        PassVerdict::Off | PassVerdict::LeftOut => Ok(false),
        PassVerdict::Unknown => Err(ids.err().unwrap_or("the user's groups are not known")),
    }
}

fn password(case: &Case<'_>, chain: &mut Chain) {
    let Some(user) = case.target.user.get().and_then(Option::as_ref) else {
        return;
    };
    if case.is_synced() {
        return chain.unknown(
            LinkId::Policy,
            "whether passwords are written back to the directory on-premises",
            "no request tells it; without write-back the reset is accepted and fails later",
        );
    }
    let domain = user
        .user_principal_name
        .as_deref()
        .and_then(|name| Some(name.rsplit_once('@')?.1));
    let domains = match case.tenant.domains.known() {
        Err(why) => return chain.unknown(LinkId::Policy, "whether the user's domain is federated", why),
        Ok(domains) => domains,
    };
    let own = domains
        .iter()
        .find(|one| domain.is_some_and(|name| one.id.eq_ignore_ascii_case(name)));
    if own.is_some_and(|own| own.authentication_type.as_deref() == Some("Federated")) {
        return chain.broken(
            (LinkId::Policy, Mender::CustomerAdministrator),
            format!(
                "the domain '{}' is federated: passwords are kept by its own sign-in service",
                domain.unwrap_or_default()
            ),
            "set the password where the domain is federated to",
        );
    }
    chain.holds(LinkId::Policy, "passwords of the user's domain are kept here");
}
