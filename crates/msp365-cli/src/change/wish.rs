//! What was typed, as a plan made from live facts.

use std::path::Path;

use msp365::{
    ErrorKind, TenantId,
    actions::{
        Access, AccessPass, Ask, Create, Devices, Edit, Facts, Grant, Groups, LastOwner, Licenses, Offboard,
        Outcome, Plan, Refused, Restore, Roles, Template, bulk::Wish, from_csv, rehire,
    },
    graph::{sku_names, users::User},
    store::{PlanRecord, PlanState},
};

use super::{Desk, stored};
use crate::{
    args::{self, ChangeCommand},
    failure::Failure,
    given, session,
};

/// The plan, from facts that are read now.
pub(super) async fn plan(desk: &Desk, command: &ChangeCommand) -> Result<Plan, Failure> {
    match command {
        ChangeCommand::Create(own) => create(desk, own).await,
        ChangeCommand::Rehire(own) => again(desk, own).await,
        ChangeCommand::Restore(own) => restored(desk, own).await,
        ChangeCommand::Undo(own) => over(desk, &named(desk, own).await?)
            .await?
            .inverse()
            .map_err(refused),
        ChangeCommand::Again(own) => {
            // Of one that was run in stages the last tells what is left.
            let first = named(desk, own).await?;
            let runner = desk.msp.actions().runner()?;
            let latest = runner.latest_stages(&first.id).await;
            rest(&over(desk, &latest.map_err(msp365::Error::from)?).await?)
        }
        other => {
            let tenant = desk.tenant(other.change(), other.user()).await?;
            let wish = wish(other)?;
            let user = desk.user(&tenant, other.user()).await?;
            let facts = facts(desk, &tenant, wish.ask(user)).await?;
            wish.plan(&facts, &desk.protection).map_err(refused)
        }
    }
}

/// What is wished for users who are there.
pub(super) fn wish(command: &ChangeCommand) -> Result<Wish, Failure> {
    Ok(match command {
        ChangeCommand::Block(_) => Wish::Access(Access::Block),
        ChangeCommand::Unblock(_) => Wish::Access(Access::Unblock),
        ChangeCommand::Revoke(_) => Wish::Access(Access::Revoke),
        ChangeCommand::ResetPassword(_) => Wish::ResetPassword,
        ChangeCommand::ResetMethods(_) => Wish::ResetMethods,
        ChangeCommand::Offboard(own) => Wish::Offboard(offboard(&own.leaving)),
        ChangeCommand::TemporaryPass(own) => Wish::AccessPass(pass(own)),
        ChangeCommand::Licenses(own) => Wish::Licenses(licenses(own)?),
        ChangeCommand::Groups(own) => Wish::Groups(groups(own)),
        ChangeCommand::Roles(own) => Wish::Roles(roles(own)),
        ChangeCommand::Edit(own) => Wish::from(edit(own)?),
        ChangeCommand::Create(_)
        | ChangeCommand::Rehire(_)
        | ChangeCommand::Restore(_)
        | ChangeCommand::Undo(_)
        | ChangeCommand::Again(_) => return Err(Failure::usage("this is for one user at a time")),
    })
}

/// The stored plan that was typed.
async fn named(desk: &Desk, command: &args::OfStored) -> Result<PlanRecord, Failure> {
    let id = command
        .plan
        .as_deref()
        .ok_or_else(|| Failure::usage("the id of the plan is missing"))?;
    stored(&desk.msp, id).await
}

/// How a stored plan went that is over.
async fn over(desk: &Desk, record: &PlanRecord) -> Result<Outcome, Failure> {
    let id = record.id;
    let is_over = matches!(
        record.state,
        PlanState::Done | PlanState::Cancelled | PlanState::Expired
    );
    if !is_over && session::now() < record.expires_at {
        return Err(
            Failure::new(ErrorKind::Conflict, format!("plan `{id}` is not over"))
                .remedy("go on with it by `--resume`, or keep it from going on with `users cancel`"),
        );
    }
    let runner = desk.msp.actions().runner()?;
    let outcome = runner.progress(&record.id).await;
    Ok(outcome.map_err(msp365::Error::from)?)
}

/// What is left of a plan.
fn rest(outcome: &Outcome) -> Result<Plan, Failure> {
    outcome.rest().ok_or_else(|| {
        let id = outcome.id;
        Failure::new(ErrorKind::Conflict, format!("nothing is left of plan `{id}`"))
    })
}

async fn facts(desk: &Desk, tenant: &TenantId, ask: Ask) -> Result<Facts, Failure> {
    Ok(desk.msp.actions().facts(tenant, &ask).await?)
}

/// A wish that the rules refuse: the words, and what to do.
pub(super) fn refused(refused: Refused) -> Failure {
    Failure::from(msp365::Error::from(msp365::actions::Error::from(refused)))
}

async fn create(desk: &Desk, command: &args::Create) -> Result<Plan, Failure> {
    let tenant = desk.tenant(&command.change, None).await?;
    let (Some(name), Some(user)) = (&command.name, &command.user) else {
        return Err(Failure::usage("the user or `--name` is missing"));
    };
    let mut wish = Create::new(name, user).like(&template(command)?);
    wish.manager.clone_from(&command.manager);
    newcomer(desk, &tenant, &wish).await
}

async fn newcomer(desk: &Desk, tenant: &TenantId, wish: &Create) -> Result<Plan, Failure> {
    let ask = Ask::newcomer(&wish.user_principal_name)
        .groups(&wish.template.groups)
        .others(&wish.manager);
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

/// The users of a file, who are to be made.
pub(super) fn newcomers(command: &args::Create, path: &Path) -> Result<Vec<Create>, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::usage(format!("cannot read `{}`: {error}", path.display())))?;
    let mut wishes = from_csv(&text, &template(command)?).map_err(refused)?;
    for wish in &mut wishes {
        wish.manager.clone_from(&command.manager);
    }
    if wishes.is_empty() {
        return Err(Failure::usage(format!("`{}` names no user", path.display())));
    }
    Ok(wishes)
}

/// A deleted user is typed by object id, or by the name it had.
async fn restored(desk: &Desk, command: &args::About) -> Result<Plan, Failure> {
    let tenant = desk.tenant(&command.change, None).await?;
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
    let mut edit = Edit::new(given::edit(&command.set)?);
    if command.unless_changed {
        edit = edit.unless_changed();
    }
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
    let about = |ask: Ask| facts(desk, &snapshot.tenant, ask.managers_of(&snapshot.reports));
    let facts = match about(Ask::user(user)).await {
        Err(failure) if failure.is(ErrorKind::NotFound) => about(Ask::deleted(user)).await?,
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

fn licenses(command: &args::Licenses) -> Result<Licenses, Failure> {
    let mut wish = Licenses::default();
    let mut grants: Vec<_> = command.add.iter().map(Grant::new).collect();
    for typed in &command.without {
        let plan = service_plan(typed);
        let is_alone = grants.len() == 1;
        let holds = |grant: &Grant| sku_names::plans_of(&grant.sku_id).any(|own| own.id == plan);
        let mut taken = grants
            .iter_mut()
            .filter(|grant| is_alone || holds(grant))
            .peekable();
        if taken.peek().is_none() {
            return Err(
                Failure::usage(format!("no product that is given is known to have `{typed}`"))
                    .remedy("give the product that has it by a command of its own"),
            );
        }
        taken.for_each(|grant| grant.disabled_plans.push(plan.clone()));
    }
    wish.add = grants;
    wish.remove.clone_from(&command.remove);
    wish.usage_location.clone_from(&command.usage_location);
    Ok(wish)
}

/// A service plan by its id or its name.
fn service_plan(typed: &str) -> String {
    let named = sku_names::plans().find(|plan| plan.part_name.eq_ignore_ascii_case(typed));
    named.map_or(typed, |plan| plan.id).to_owned()
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
