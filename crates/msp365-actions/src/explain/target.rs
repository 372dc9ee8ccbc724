//! The user itself: whether it is there, whether names are free, and where it is mastered.

use msp365_graph::{
    devices::{Device, TrustType},
    users::User,
};

use super::{
    Action, DeviceChange, LinkId, Mender,
    chain::{Case, Chain},
};

/// What can be set here of a user that is mastered on-premises.
const OURS: [&str; 1] = ["usageLocation"];

/// Whether there is such a user, or none yet, and whether the action changes anything.
pub(super) fn check(case: &Case<'_>, chain: &mut Chain) {
    name(case, chain);
    match case.action {
        Action::Create { .. } => return,
        // These are about somebody or something else: the user may be gone.
        Action::ChangeDevice { device, change } => return machine(case, (device, *change), chain),
        Action::SetManagerOf {
            user,
            manager: Some(manager),
        } => return set_manager_of(case, user, manager, chain),
        _ => {}
    }
    let user = match case.target.user.known() {
        Err(why) => return chain.unknown(LinkId::Target, "whether there is such a user", why),
        Ok(user) => user.as_ref(),
    };
    let Some(user) = user else {
        let what = if *case.action == Action::Restore {
            "deleted user"
        } else {
            "user"
        };
        return chain.broken(
            (LinkId::Target, Mender::Caller),
            format!("the tenant has no {what} '{}'", case.target.asked),
            "check the name or the object id; deleted users can be restored for 30 days",
        );
    };
    chain.holds(LinkId::Target, format!("found: {}", label(user)));
    match case.action {
        Action::Edit(_) if case.action.properties().is_empty() => nothing(chain),
        Action::SetManager(manager) => set_manager(case, user, manager, chain),
        Action::HandGroupTo { heir, .. } => is_there(case, heir, "the owner", chain),
        Action::SetManagerOf { user: other, .. } if other.eq_ignore_ascii_case(&user.id) => itself(chain),
        Action::SetManagerOf { user: other, .. } => led(case, other, chain),
        Action::RemoveManager if case.target.manager.get() == Some(&None) => chain.already(),
        Action::Block if user.account_enabled == Some(false) => chain.already(),
        Action::Unblock if user.account_enabled == Some(true) => chain.already(),
        Action::RemoveMethods => methods(case, chain),
        _ => {}
    }
    cautions(case, user, chain);
}

/// Refuses an action that would do nothing.
pub(super) fn nothing(chain: &mut Chain) {
    chain.broken(
        (LinkId::Target, Mender::Caller),
        "nothing would be done",
        "choose what is to be changed",
    );
}

pub(super) fn label(user: &User) -> &str {
    user.user_principal_name.as_deref().unwrap_or(&user.id)
}

fn set_manager(case: &Case<'_>, user: &User, manager: &str, chain: &mut Chain) {
    if manager.eq_ignore_ascii_case(&user.id) {
        return itself(chain);
    }
    is_there(case, manager, "the manager", chain);
    let present = case.target.manager.get().and_then(Option::as_deref);
    if present.is_some_and(|present| present.eq_ignore_ascii_case(manager)) {
        chain.already();
    }
}

/// Whether somebody is there who is to be the manager, or the owner.
fn is_there(case: &Case<'_>, id: &str, what: &str, chain: &mut Chain) {
    match case.target.other(id) {
        Ok(Some(_)) => {}
        Ok(None) => chain.broken(
            (LinkId::Target, Mender::Caller),
            format!("the tenant has no user '{id}' to be {what}"),
            format!("check the object id of {what}"),
        ),
        Err(why) => chain.unknown(LinkId::Target, &format!("whether {what} is there"), why),
    }
}

fn itself(chain: &mut Chain) {
    chain.broken(
        (LinkId::Target, Mender::Caller),
        "a user cannot be the manager of itself",
        "choose somebody else",
    );
}

fn set_manager_of(case: &Case<'_>, other: &str, manager: &str, chain: &mut Chain) {
    if manager.eq_ignore_ascii_case(other) {
        return itself(chain);
    }
    is_there(case, manager, "the manager", chain);
    led(case, other, chain);
}

/// Whether there is who gets another manager.
fn led(case: &Case<'_>, other: &str, chain: &mut Chain) {
    match case.target.other(other) {
        Err(why) => chain.unknown(LinkId::Target, "whether there is who gets another manager", why),
        Ok(None) => chain.broken(
            (LinkId::Target, Mender::Caller),
            format!("the tenant has no user '{other}', whose manager is to be set"),
            "leave this user out",
        ),
        Ok(Some(other)) => chain.holds(LinkId::Target, format!("found: {}", label(other))),
    }
}

fn machine(case: &Case<'_>, (id, change): (&str, DeviceChange), chain: &mut Chain) {
    match (case.target.device(id), change) {
        (Err(why), _) => chain.unknown(LinkId::Target, "whether there is such a device", why),
        (Ok(None), DeviceChange::Delete) => {
            chain.holds(LinkId::Target, format!("there is no device '{id}' any more"));
            chain.already();
        }
        (Ok(None), _) => chain.broken(
            (LinkId::Target, Mender::Caller),
            format!("the tenant has no device '{id}'"),
            "check the object id of the device; one that was deleted has to be registered again",
        ),
        (Ok(Some(device)), change) => {
            let is_so = device.account_enabled == Some(change == DeviceChange::Enable);
            if change != DeviceChange::Delete && is_so {
                chain.already();
            }
            chain.holds(LinkId::Target, format!("found: {}", machine_label(device)));
        }
    }
}

fn machine_label(device: &Device) -> &str {
    device.display_name.as_deref().unwrap_or(&device.id)
}

/// Whether a device is kept in the cloud.
fn machine_on_premises(case: &Case<'_>, id: &str, chain: &mut Chain) {
    let Ok(Some(device)) = case.target.device(id) else {
        return;
    };
    if device.trust_type == Some(TrustType::HybridJoined) {
        return chain.broken(
            (LinkId::OnPremises, Mender::CustomerAdministrator),
            format!("{} is joined on-premises as well, where it is kept", machine_label(device)),
            "disable or delete it in the directory on-premises; the next synchronization brings it to the cloud",
        );
    }
    chain.holds(LinkId::OnPremises, "the device is kept in the cloud");
}

fn methods(case: &Case<'_>, chain: &mut Chain) {
    let Some(methods) = case.target.methods.get() else {
        return;
    };
    let removable = |method: &&msp365_graph::authentication_methods::AuthenticationMethod| {
        method
            .kind
            .as_ref()
            .is_some_and(|kind| kind.collection().is_some())
    };
    if methods.iter().filter(removable).count() == 0 {
        chain.already();
    }
}

/// Whether a user can get the name that it would have.
fn name(case: &Case<'_>, chain: &mut Chain) {
    let restored = || {
        let user = case.target.user.get().and_then(Option::as_ref)?;
        (*case.action == Action::Restore).then_some(user.user_principal_name.as_deref())?
    };
    let Some(name) = case.action.new_name().or_else(restored) else {
        return;
    };
    if case.action.new_name().is_some() {
        domain(case, name, chain);
    }
    match case.target.name_holder.known() {
        Err(why) => chain.unknown(LinkId::Target, "whether the name is free", why),
        Ok(None) => chain.holds(LinkId::Target, format!("the name '{name}' is free")),
        Ok(Some(holder)) => chain.broken(
            (LinkId::Target, Mender::Caller),
            format!("{holder} has the name '{name}' already"),
            "choose another name, or rename, restore or purge who has it",
        ),
    }
}

fn domain(case: &Case<'_>, name: &str, chain: &mut Chain) {
    let Some((local, domain)) = name.rsplit_once('@').filter(|(local, _)| !local.is_empty()) else {
        return chain.broken(
            (LinkId::Target, Mender::Caller),
            format!("'{name}' is no name for signing in"),
            "a name has a part before and a domain after its '@'",
        );
    };
    if !local
        .chars()
        .all(|one| one.is_ascii_alphanumeric() || "'.-_!#^~".contains(one))
        || local.ends_with('.')
    {
        chain.broken(
            (LinkId::Target, Mender::Caller),
            format!("'{local}' holds characters that a name for signing in must not have"),
            "use letters without accents, digits, and ' . - _ ! # ^ ~",
        );
    }
    match case.tenant.domains.known() {
        Err(why) => chain.unknown(LinkId::Target, "which domains the tenant has", why),
        Ok(domains) => {
            let is_it = |own: &&msp365_graph::domains::Domain| {
                own.is_verified == Some(true) && own.id.eq_ignore_ascii_case(domain)
            };
            if !domains.iter().any(|own| is_it(&own)) {
                chain.broken(
                    (LinkId::Target, Mender::CustomerAdministrator),
                    format!("'{domain}' is no verified domain of the tenant"),
                    "use a domain of the tenant, or have this one verified",
                );
            }
        }
    }
}

/// Whether what is changed is mastered in the cloud.
pub(super) fn on_premises(case: &Case<'_>, chain: &mut Chain) {
    if let Action::ChangeDevice { device, .. } = case.action {
        return machine_on_premises(case, device, chain);
    }
    let properties = case.action.properties();
    let is_ours = |name: &String| OURS.contains(&name.as_str());
    let touches = match case.action {
        Action::Edit(_) | Action::Block | Action::Unblock => !properties.iter().all(is_ours),
        Action::SetManager(_) | Action::RemoveManager | Action::SetManagerOf { .. } => true,
        _ => false,
    };
    let user = match case.action {
        Action::SetManagerOf { user, .. } => case.target.other(user).ok().flatten(),
        _ => case.target.user.get().and_then(Option::as_ref),
    };
    let Some(user) = user else {
        return;
    };
    if !touches {
        return;
    }
    if user.on_premises_sync_enabled == Some(true) {
        return chain.broken(
            (LinkId::OnPremises, Mender::CustomerAdministrator),
            format!(
                "{} is mastered on-premises, where this has to be changed",
                label(user)
            ),
            "change it in the directory on-premises; the next synchronization brings it to the cloud",
        );
    }
    chain.holds(LinkId::OnPremises, "the user is mastered in the cloud");
}

fn cautions(case: &Case<'_>, user: &User, chain: &mut Chain) {
    let synced = user.on_premises_sync_enabled == Some(true);
    let guest = user.user_type == Some(msp365_graph::users::UserType::Guest);
    match case.action {
        Action::Block => {
            chain.caution("access that was given lives on for up to an hour; revoke the sessions, too");
        }
        Action::Revoke => {
            chain.caution("sessions end within minutes; access that was given lives on to its end");
        }
        Action::ResetPassword => {
            chain.caution("the password holds until it is changed at the next sign-in; a temporary access pass ends by itself");
        }
        Action::Delete => {
            chain.caution("the user can be restored for 30 days, without roles, groups and licences");
        }
        _ => {}
    }
    if synced && *case.action == Action::Delete {
        chain.caution("the user is mastered on-premises: the next synchronization may bring it back");
    }
    if guest
        && matches!(
            case.action,
            Action::Revoke | Action::ResetPassword | Action::TemporaryPass(_)
        )
    {
        chain.caution("the user is a guest: its sign-in at home is not touched");
    }
}
