//! What was typed, as a plan made from live facts.

use std::path::Path;

use msp365::{
    ErrorKind, TenantId,
    actions::{
        Access, AccessPass, Ask, Create, Devices, Edit, Facts, Grant, Groups, LastOwner, Licenses, Offboard,
        Plan, Protection, Refused, ResetMethods, ResetPassword, Restore, Roles, Template, check_together,
        from_csv, rehire,
    },
    graph::users::User,
};

use super::{Desk, stored};
use crate::{
    args::{self, ChangeCommand},
    failure::Failure,
    given,
};

/// The plans, from facts that are read now; of a file of users one for each.
pub(super) async fn plans(desk: &Desk, command: &ChangeCommand) -> Result<Vec<Plan>, Failure> {
    match command {
        ChangeCommand::Create(own @ args::Create { csv: Some(path), .. }) => many(desk, own, path).await,
        other => Ok(vec![plan(desk, other).await?]),
    }
}

async fn plan(desk: &Desk, command: &ChangeCommand) -> Result<Plan, Failure> {
    match command {
        ChangeCommand::Create(own) => create(desk, own).await,
        ChangeCommand::Rehire(own) => again(desk, own).await,
        ChangeCommand::Restore(own) => restored(desk, own).await,
        other => {
            let tenant = Desk::tenant(other.change())?;
            let user = desk.user(&tenant, other.user()).await?;
            let facts = facts(desk, &tenant, ask(other, user)).await?;
            of(other, &facts, &desk.protection)
        }
    }
}

fn ask(command: &ChangeCommand, user: String) -> Ask {
    let ask = Ask::user(user);
    match command {
        ChangeCommand::TemporaryPass(_) => ask.passes().methods(),
        ChangeCommand::ResetMethods(_) => ask.methods(),
        ChangeCommand::Offboard(own) if own.leaving.has_devices() => ask.devices(),
        ChangeCommand::Groups(own) => ask.groups(own.add.iter().chain(&own.remove)),
        _ => ask,
    }
}

fn of(command: &ChangeCommand, facts: &Facts, protection: &Protection) -> Result<Plan, Failure> {
    let plan = match command {
        ChangeCommand::Block(_) => Access::Block.plan(facts, protection),
        ChangeCommand::Unblock(_) => Access::Unblock.plan(facts, protection),
        ChangeCommand::Revoke(_) => Access::Revoke.plan(facts, protection),
        ChangeCommand::ResetPassword(_) => ResetPassword.plan(facts, protection),
        ChangeCommand::ResetMethods(_) => ResetMethods.plan(facts, protection),
        ChangeCommand::Offboard(own) => offboard(&own.leaving).plan(facts, protection),
        ChangeCommand::TemporaryPass(own) => pass(own).plan(facts, protection),
        ChangeCommand::Licenses(own) => licenses(own).plan(facts, protection),
        ChangeCommand::Groups(own) => groups(own).plan(facts, protection),
        ChangeCommand::Roles(own) => roles(own).plan(facts, protection),
        ChangeCommand::Edit(own) => edit(own)?.plan(facts, protection),
        ChangeCommand::Create(_) | ChangeCommand::Rehire(_) | ChangeCommand::Restore(_) => {
            return Err(Failure::usage("the user is missing"));
        }
    };
    plan.map_err(refused)
}

async fn facts(desk: &Desk, tenant: &TenantId, ask: Ask) -> Result<Facts, Failure> {
    Ok(desk.msp.actions().facts(tenant, &ask).await?)
}

/// A wish that the rules refuse: the words, and what to do.
fn refused(refused: Refused) -> Failure {
    Failure::from(msp365::Error::from(msp365::actions::Error::from(refused)))
}

async fn create(desk: &Desk, command: &args::Create) -> Result<Plan, Failure> {
    let tenant = Desk::tenant(&command.change)?;
    let (Some(name), Some(user)) = (&command.name, &command.user) else {
        return Err(Failure::usage("the user or `--name` is missing"));
    };
    let mut wish = Create::new(name, user).like(&template(command)?);
    wish.manager.clone_from(&command.manager);
    newcomer(desk, &tenant, &wish).await
}

async fn newcomer(desk: &Desk, tenant: &TenantId, wish: &Create) -> Result<Plan, Failure> {
    let ask = Ask::newcomer(&wish.user_principal_name).groups(&wish.template.groups);
    wish.plan(&facts(desk, tenant, ask).await?).map_err(refused)
}

/// What all users get that a command makes.
fn template(command: &args::Create) -> Result<Template, Failure> {
    let mut template = Template::default();
    template.profile = given::edit(&command.set)?;
    template.roles = command.role.iter().map(|role| given::role(role)).collect();
    template.licences = command.license.iter().map(Grant::new).collect();
    template.groups.clone_from(&command.group);
    Ok(template)
}

/// A plan for each line of a file. None is made where one of them cannot be.
async fn many(desk: &Desk, command: &args::Create, path: &Path) -> Result<Vec<Plan>, Failure> {
    let tenant = Desk::tenant(&command.change)?;
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::usage(format!("cannot read `{}`: {error}", path.display())))?;
    let mut wishes = from_csv(&text, &template(command)?).map_err(refused)?;
    for wish in &mut wishes {
        wish.manager.clone_from(&command.manager);
    }
    let Some(first) = wishes.first() else {
        return Err(Failure::usage(format!("`{}` names no user", path.display())));
    };
    let known = facts(desk, &tenant, Ask::newcomer(&first.user_principal_name)).await?;
    check_together(&wishes, &known).map_err(refused)?;
    let mut plans = Vec::new();
    for wish in &wishes {
        plans.push(newcomer(desk, &tenant, wish).await?);
    }
    Ok(plans)
}

/// A deleted user is typed by object id, or by the name it had.
async fn restored(desk: &Desk, command: &args::About) -> Result<Plan, Failure> {
    let tenant = Desk::tenant(&command.change)?;
    let typed = command
        .user
        .as_deref()
        .ok_or_else(|| Failure::usage("the user is missing"))?;
    let known = facts(desk, &tenant, Ask::deleted(typed)).await?;
    let is_it = |user: &&User| {
        let name = user.user_principal_name.as_deref();
        user.id.eq_ignore_ascii_case(typed) || name.is_some_and(|name| name.eq_ignore_ascii_case(typed))
    };
    let deleted = known.deleted.iter().flatten().find(is_it);
    let id = deleted.map_or_else(|| typed.to_owned(), |user| user.id.clone());
    let known = facts(desk, &tenant, Ask::deleted(id)).await?;
    Restore.plan(&known).map_err(refused)
}

fn edit(command: &args::Edit) -> Result<Edit, Failure> {
    let edit = Edit::new(given::edit(&command.set)?);
    Ok(match &command.manager {
        Some(manager) => edit.manager(manager),
        None if command.no_manager => edit.no_manager(),
        None => edit,
    })
}

/// The offboarding that was typed; without any choice everything but deleting and a new password.
pub(crate) fn offboard(command: &args::Leaving) -> Offboard {
    let mut wish = Offboard::user();
    wish.block = command.block;
    wish.revoke_sessions = command.revoke;
    wish.reset_password = command.reset_password;
    wish.remove_roles = command.remove_roles;
    wish.remove_licences = command.remove_licenses;
    wish.leave_groups = command.leave_groups;
    wish.delete = command.delete;
    wish.hand_reports_to.clone_from(&command.hand_reports_to);
    wish.forward_mail_to.clone_from(&command.forward_mail_to);
    wish.devices = match (command.disable_devices, command.delete_devices) {
        (_, true) => Devices::Deleted,
        (true, _) => Devices::Disabled,
        _ => Devices::Kept,
    };
    let is_bare = wish == Offboard::user();
    wish.last_owner = match command.hand_groups_to.as_deref() {
        Some("manager") => LastOwner::Manager,
        Some(heir) => LastOwner::Heir(heir.to_owned()),
        None if command.leave_ownerless => LastOwner::Warned,
        None => LastOwner::Refused,
    };
    if is_bare {
        wish = wish
            .block()
            .revoke_sessions()
            .remove_roles()
            .remove_licences()
            .leave_groups();
    }
    wish
}

/// The plan that gives back what a stored offboarding took.
async fn again(desk: &Desk, command: &args::Rehire) -> Result<Plan, Failure> {
    let id = command
        .plan
        .as_deref()
        .ok_or_else(|| Failure::usage("the id of the plan is missing"))?;
    let record = stored(&desk.msp, id).await?;
    let plan: Option<Plan> = serde_json::from_value(record.body).ok();
    let snapshot = plan.and_then(|plan| plan.snapshot).ok_or_else(|| {
        Failure::new(
            ErrorKind::NotFound,
            format!("plan `{id}` took nobody's access away"),
        )
        .remedy("name the plan of an offboarding; `msp365 activity` lists them")
    })?;
    let user = snapshot.user.key();
    let facts = match facts(desk, &snapshot.tenant, Ask::user(user)).await {
        Err(failure) if failure.is(ErrorKind::NotFound) => {
            facts(desk, &snapshot.tenant, Ask::deleted(user)).await?
        }
        found => found?,
    };
    rehire(&snapshot, &facts).map_err(refused)
}

fn pass(command: &args::TemporaryPass) -> AccessPass {
    let mut wish = AccessPass::default();
    wish.lifetime_in_minutes = command.minutes;
    wish.is_usable_once = command.once.then_some(true);
    wish
}

fn licenses(command: &args::Licenses) -> Licenses {
    let mut wish = Licenses::default();
    wish.add = command.add.iter().map(Grant::new).collect();
    wish.remove.clone_from(&command.remove);
    wish.usage_location.clone_from(&command.usage_location);
    wish
}

fn groups(command: &args::Groups) -> Groups {
    let mut wish = Groups::default();
    wish.join.clone_from(&command.add);
    wish.leave.clone_from(&command.remove);
    if command.for_roles { wish.for_roles() } else { wish }
}

fn roles(command: &args::Roles) -> Roles {
    let mut wish = Roles::default();
    wish.give = command.add.iter().map(|role| given::role(role)).collect();
    wish.take = command.remove.iter().map(|role| given::role(role)).collect();
    wish
}
