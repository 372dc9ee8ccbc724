//! What happens over time.

use msp365_core::TenantId;

use super::{
    Wrong,
    customers::{device, known, note},
    moment, product, properties, role, wrong,
};
use crate::{
    odata::people::USER,
    scenario::{
        file::{Action, Change},
        names::{Kind, Names},
    },
};

pub(super) fn check(changes: &[Change], names: &mut Names) -> Result<(), Wrong> {
    // Who joins or is added in one change may be named in another, whichever stands first.
    for change in changes {
        moment(&change.at)?;
        let tenant = tenant(change, names)?;
        match (tenant, change.action.as_ref()) {
            (Some(tenant), Action::UserJoins(joining)) => {
                note((tenant, Kind::User), &joining.user, None, names)?;
            }
            (Some(tenant), Action::AddDevice(new)) => device(tenant, new, names)?,
            _ => {}
        }
    }
    for change in changes {
        if let Some(tenant) = tenant(change, names)? {
            action(tenant, change.action.as_ref(), names)?;
        }
    }
    Ok(())
}

/// The tenant of a change; `None` for what happens to the partner.
fn tenant(change: &Change, names: &Names) -> Result<Option<TenantId>, Wrong> {
    let is_of_partner = matches!(
        change.action.as_ref(),
        Action::EndSecrets(_) | Action::DisableServiceAccount | Action::RevokeServiceSessions
    );
    match (&change.tenant, is_of_partner) {
        (None, true) => Ok(None),
        (Some(word), false) => names.tenant(word.as_ref()).map(Some).ok_or_else(|| {
            let message = format!(
                "there is no tenant `{}`; generated ones are known where the file has a seed",
                word.as_ref()
            );
            wrong(word, message)
        }),
        (Some(word), true) => Err(wrong(word, "this happens to the partner, so it names no tenant")),
        (None, false) => Err((change.action.span(), "`tenant` is missing beside this".to_owned())),
    }
}

fn action(tenant: TenantId, action: &Action, names: &Names) -> Result<(), Wrong> {
    let (user, group) = ((tenant, Kind::User), (tenant, Kind::Group));
    let one = |place, name| known(place, name, names);
    match action {
        Action::UserJoins(joining) => joining.licences.iter().try_for_each(product),
        Action::UserLeaves(name)
        | Action::BlockUser(name)
        | Action::UnblockUser(name)
        | Action::SignIn(name)
        | Action::RevokeSessions(name) => one(user, name),
        Action::RenameUser(renamed) => one(user, &renamed.user),
        Action::SetUser(setting) => {
            one(user, &setting.user)?;
            properties(&setting.properties, &USER)
        }
        Action::GiveLicence(giving) | Action::TakeLicence(giving) => {
            one(user, &giving.user)?;
            product(&giving.product)
        }
        Action::GiveRole(giving) | Action::TakeRole(giving) => {
            one(user, &giving.user)?;
            role(&giving.role)
        }
        Action::RenameGroup(renamed) => one(group, &renamed.group),
        Action::DeleteGroup(name) => one(group, name),
        Action::AddMember(membership) | Action::RemoveMember(membership) => {
            one(group, &membership.group)?;
            one(user, &membership.user)
        }
        Action::ReplaceDevice(replacing) => one((tenant, Kind::Device), &replacing.device),
        Action::RemoveDevice(name) => one((tenant, Kind::Device), name),
        Action::Buy(subscription) | Action::GiveBack(subscription) => product(&subscription.product),
        Action::AddDevice(_)
        | Action::Consent
        | Action::RevokeConsent
        | Action::ExpireRelationships
        | Action::BlockByPolicy
        | Action::LiftPolicy
        | Action::EndSecrets(_)
        | Action::DisableServiceAccount
        | Action::RevokeServiceSessions => Ok(()),
    }
}
