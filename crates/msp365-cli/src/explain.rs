//! `msp365 explain`.

use std::path::Path;

use msp365::{
    Msp365, TenantId,
    actions::{
        self, Offboard, Protection, Reason,
        explain::{Action, Actor, Ask, Decision, DeviceChange, Explanation, Levels, State, Verdict, of_plan},
    },
    graph::{
        authentication_methods::NewPass,
        licenses::LicenseChange,
        users::{self, User},
    },
};
use serde_json::{Map, Value, json};

use crate::{
    Ended,
    args::{Asker, Deed, Explain, Global},
    cards::Eyes,
    change,
    failure::Failure,
    given, output, session, which,
};

pub(crate) async fn run(global: &Global, command: &Explain) -> Result<Ended, Failure> {
    let mut action = action(command)?;
    let msp = session::connected(global).await?;
    let eyes = Eyes::asking(&command.asker)?;
    let typed = (command.tenant.as_deref(), Some(command.user.as_str()));
    let tenant = which::tenant(&**msp.store(), eyes.viewer(), typed).await?;
    let allowed = actor(command, tenant, &action)?.decision == Decision::Allowed;
    if command.action == Deed::Offboard && allowed {
        action = Box::pin(offboarding(&msp, command, &tenant, action)).await?;
    }
    let actor = actor(command, tenant, &action)?;
    let said = msp.explain(&actor, &tenant, &action, &command.user).await?;
    if global.json {
        output::json(&document(tenant, &command.user, &said)?)?;
    } else {
        show(&said)?;
    }
    Ok(match said.verdict {
        Verdict::WillWork | Verdict::AlreadySo => Ended::Done,
        _ => Ended::InPart,
    })
}

/// What is to be done, as it was typed.
fn action(command: &Explain) -> Result<Action, Failure> {
    let one = |what: Option<&String>, option: &str| {
        what.cloned()
            .ok_or_else(|| Failure::usage(format!("`{option}` is missing")))
    };
    Ok(match command.action {
        Deed::Create => Action::Create {
            user_principal_name: command.user.clone(),
        },
        Deed::Edit => Action::Edit(Box::new(given::edit(&command.set)?)),
        Deed::Manager if command.remove => Action::RemoveManager,
        Deed::Manager => Action::SetManager(one(command.manager.as_ref(), "--manager")?),
        Deed::Delete => Action::Delete,
        Deed::Restore => Action::Restore,
        Deed::Licenses if command.remove && command.license.is_empty() => Action::RemoveAllLicenses,
        Deed::Licenses => Action::Licenses(licenses(command)),
        Deed::Groups if command.remove && command.group.is_none() => Action::LeaveAllGroups,
        Deed::Groups if command.remove => Action::LeaveGroup(one(command.group.as_ref(), "--group")?),
        Deed::Groups => Action::JoinGroup(one(command.group.as_ref(), "--group")?),
        Deed::Roles if command.remove && command.role.is_none() => Action::RemoveAllRoles,
        Deed::Roles if command.remove => {
            Action::RemoveRole(given::role(&one(command.role.as_ref(), "--role")?))
        }
        Deed::Roles => Action::AddRole(given::role(&one(command.role.as_ref(), "--role")?)),
        Deed::Block => Action::Block,
        Deed::Unblock => Action::Unblock,
        Deed::Revoke => Action::Revoke,
        Deed::ResetPassword => Action::ResetPassword,
        Deed::TemporaryPass => {
            let mut pass = NewPass::default();
            pass.lifetime_in_minutes = command.minutes;
            Action::TemporaryPass(pass)
        }
        Deed::RemoveMethods => Action::RemoveMethods,
        Deed::Devices => Action::ChangeDevice {
            device: one(command.device.as_ref(), "--device")?,
            change: match (command.remove, command.enable) {
                (true, _) => DeviceChange::Delete,
                (_, true) => DeviceChange::Enable,
                _ => DeviceChange::Disable,
            },
        },
        Deed::Offboard => Action::Offboard(leaving(&change::offboard(&command.leaving))),
    })
}

/// The steps of an offboarding of which nothing but the wish is known, in the order of a plan.
fn leaving(wish: &Offboard) -> Vec<Action> {
    let steps = [
        (wish.block, Action::Block),
        (wish.revoke_sessions, Action::Revoke),
        (wish.reset_password, Action::ResetPassword),
        (wish.remove_roles, Action::RemoveAllRoles),
        (wish.leave_groups, Action::LeaveAllGroups),
        (wish.remove_licences, Action::RemoveAllLicenses),
        (wish.delete, Action::Delete),
    ];
    let chosen = steps.into_iter().filter(|(is_chosen, _)| *is_chosen);
    chosen.map(|(_, step)| step).collect()
}

/// The offboarding that would run: the steps of its plan, made from what is there now. Where the user cannot be read, or
/// nothing is left to be done, what was wished.
async fn offboarding(
    msp: &Msp365,
    command: &Explain,
    tenant: &TenantId,
    wished: Action,
) -> Result<Action, Failure> {
    let wish = change::offboard(&command.leaving);
    let found = msp
        .tenant(tenant)
        .send(users::get(&command.user).select([User::ID]))
        .await;
    let Ok(user) = found else { return Ok(wished) };
    let mut ask = actions::Ask::user(user.id);
    if command.leaving.has_devices() {
        ask = ask.devices();
    }
    let Ok(facts) = msp.actions().facts(tenant, &ask).await else {
        return Ok(wished);
    };
    match wish.plan(&facts, &Protection::new()) {
        Ok(plan) => Ok(of_plan(&plan).unwrap_or(wished)),
        Err(refused) if refused.reason == Reason::NothingToDo => Ok(wished),
        Err(refused) => Err(Failure::from(msp365::Error::from(actions::Error::from(refused)))),
    }
}

fn licenses(command: &Explain) -> LicenseChange {
    let change = LicenseChange::default();
    command.license.iter().fold(change, |change, sku| {
        if command.remove {
            change.taking(sku)
        } else {
            change.giving(sku)
        }
    })
}

fn actor(command: &Explain, tenant: TenantId, action: &Action) -> Result<Actor, Failure> {
    let asker = &command.asker;
    let Some((technician, levels)) = technician(asker)? else {
        return Ok(Actor::host());
    };
    let ask = Ask::action(tenant, action.kind()).in_sites(asker.site.iter().cloned());
    Ok(Actor::asking(&levels, technician, &ask, action))
}

/// The technician that was named, with what the host lets technicians do.
pub(crate) fn technician(asker: &Asker) -> Result<Option<(String, Levels)>, Failure> {
    match (&asker.technician, &asker.levels) {
        (Some(id), Some(file)) => Ok(Some((id.clone(), levels(file)?))),
        _ => Ok(None),
    }
}

fn levels(file: &Path) -> Result<Levels, Failure> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| Failure::usage(format!("cannot read `{}`: {error}", file.display())))?;
    serde_json::from_str(&text)
        .map_err(|error| Failure::usage(format!("`{}` holds no levels: {error}", file.display())))
}

fn document(tenant: TenantId, user: &str, said: &Explanation) -> Result<Value, Failure> {
    let mut document = Map::from_iter([
        ("tenant".to_owned(), json!(tenant)),
        ("user".to_owned(), json!(user)),
        (
            "first_broken".to_owned(),
            json!(said.first_broken().map(|link| link.id)),
        ),
    ]);
    match serde_json::to_value(said) {
        Ok(Value::Object(own)) => document.extend(own),
        _ => {
            return Err(Failure::new(
                msp365::ErrorKind::Other,
                "the explanation cannot be written",
            ));
        }
    }
    Ok(Value::Object(document))
}

fn show(said: &Explanation) -> Result<(), Failure> {
    for link in &said.links {
        let mark = match link.state {
            State::Holds => "  ",
            State::Broken => "! ",
            _ => "? ",
        };
        output::line(&format!(
            "{mark}{:<12} {}",
            link.id.as_str(),
            output::shown(&link.evidence)
        ))?;
        if let (Some(remedy), Some(mender)) = (&link.remedy, link.mender) {
            output::line(&format!(
                "      remedy: {} ({})",
                output::shown(remedy),
                mender.as_str()
            ))?;
        }
    }
    for caution in &said.cautions {
        output::line(&format!("  note: {}", output::shown(caution)))?;
    }
    let verdict = match (said.verdict, said.first_broken()) {
        (Verdict::WillWork, _) => "It will work.".to_owned(),
        (Verdict::AlreadySo, _) => "There is nothing to do: it is so already.".to_owned(),
        (Verdict::WillNot, Some(link)) => format!("It will not work: `{}` is broken.", link.id.as_str()),
        _ => "It may work: something could not be known.".to_owned(),
    };
    output::line(&verdict)
}
