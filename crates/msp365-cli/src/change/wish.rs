//! What was typed, as a plan made from live facts.

use msp365::{
    ErrorKind, TenantId,
    actions::{
        Access, AccessPass, Ask, Create, Edit, Facts, Grant, Groups, Licenses, Offboard, Plan, Protection,
        Refused, ResetPassword, Roles, rehire,
    },
};

use super::{Desk, stored};
use crate::{
    args::{self, ChangeCommand},
    failure::Failure,
    given,
};

/// The plan, from facts that are read now.
pub(super) async fn plan(desk: &Desk, command: &ChangeCommand) -> Result<Plan, Failure> {
    match command {
        ChangeCommand::Create(own) => create(desk, own).await,
        ChangeCommand::Rehire(own) => again(desk, own).await,
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
        ChangeCommand::Offboard(own) => offboard(own).plan(facts, protection),
        ChangeCommand::TemporaryPass(own) => pass(own).plan(facts, protection),
        ChangeCommand::Licenses(own) => licenses(own).plan(facts, protection),
        ChangeCommand::Groups(own) => groups(own).plan(facts, protection),
        ChangeCommand::Roles(own) => roles(own).plan(facts, protection),
        ChangeCommand::Edit(own) => edit(own)?.plan(facts, protection),
        ChangeCommand::Create(_) | ChangeCommand::Rehire(_) => {
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
    let mut wish = Create::new(name, user).profile(given::edit(&command.set)?);
    wish.manager.clone_from(&command.manager);
    for role in &command.role {
        wish = wish.role(given::role(role));
    }
    for sku in &command.license {
        wish = wish.licence(Grant::new(sku));
    }
    for group in &command.group {
        wish = wish.group(group);
    }
    let ask = Ask::newcomer(user).groups(&command.group);
    wish.plan(&facts(desk, &tenant, ask).await?).map_err(refused)
}

fn edit(command: &args::Edit) -> Result<Edit, Failure> {
    let edit = Edit::new(given::edit(&command.set)?);
    Ok(match &command.manager {
        Some(manager) => edit.manager(manager),
        None if command.no_manager => edit.no_manager(),
        None => edit,
    })
}

fn offboard(command: &args::Offboard) -> Offboard {
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
    if wish == Offboard::user() {
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
