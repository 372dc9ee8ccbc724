//! Cases: which roles the account has, what is to be done, and to whom.

use msp365::{
    actions::explain::{Action, DeviceChange},
    core::Change,
    graph::{authentication_methods::NewPass, licenses::LicenseChange, users::UserEdit},
};

use crate::{
    dice::Dice,
    world::{Customer, role},
};

/// Roles of the account.
pub(crate) const ACTING: [&str; 18] = [
    "Global Administrator",
    "Global Administrator",
    "Privileged Authentication Administrator",
    "User Administrator",
    "User Administrator",
    "License Administrator",
    "Groups Administrator",
    "Helpdesk Administrator",
    "Password Administrator",
    "Authentication Administrator",
    "Privileged Authentication Administrator",
    "Privileged Role Administrator",
    "Directory Writers",
    "Global Reader",
    "Cloud Application Administrator",
    "Cloud Device Administrator",
    "Cloud Device Administrator",
    "Intune Administrator",
];
/// Roles over administrative units.
pub(crate) const OVER: [&str; 6] = [
    "Authentication Administrator",
    "Groups Administrator",
    "Helpdesk Administrator",
    "Password Administrator",
    "Privileged Authentication Administrator",
    "User Administrator",
];
/// Roles that are given and taken.
const GIVEN: [&str; 4] = [
    "Helpdesk Administrator",
    "Reports Reader",
    "Global Administrator",
    "Directory Readers",
];

/// What roles the account has; mostly it reads the directory.
pub(crate) fn acting(dice: &mut Dice) -> Vec<&'static str> {
    let mut roles: Vec<_> = dice.some(&ACTING, 8).into_iter().map(role).collect();
    if dice.percent(95) {
        roles.push(role("Directory Readers"));
    }
    roles.sort_unstable();
    roles.dedup();
    roles
}

/// What roles an application has over units: mostly none.
pub(crate) fn acting_over(customer: &Customer, dice: &mut Dice) -> Vec<(&'static str, String)> {
    if dice.percent(60) {
        return Vec::new();
    }
    let mut over = || (role(dice.pick::<&str>(&OVER)), dice.pick(&customer.units).clone());
    vec![over(), over()]
}

/// Something to do, and to whom.
pub(crate) fn draw(customer: &Customer, dice: &mut Dice, number: usize) -> (Action, String) {
    let mut user = dice.pick(&customer.users).clone();
    if dice.percent(2) {
        user = "00000000-0000-4000-8000-00000000dead".to_owned();
    }
    let other = || dice_of(number).pick(&customer.users).clone();
    let group = dice.pick(&customer.groups).clone();
    let action = match dice.below(26) {
        0 => Action::Create {
            user_principal_name: new_name(customer, dice, number),
        },
        1..=3 => Action::Edit(Box::new(edit(customer, dice, number))),
        4 if dice.percent(60) => Action::SetManager(other()),
        4 => Action::RemoveManager,
        5 => Action::Delete,
        6 => {
            let gone = customer.deleted.last().filter(|_| dice.percent(85));
            user = gone.unwrap_or(&user).clone();
            Action::Restore
        }
        7 | 8 => Action::Licenses(licenses(customer, dice)),
        9 => Action::RemoveAllLicenses,
        10 => Action::JoinGroup(group),
        11 => Action::LeaveGroup(group),
        12 => Action::LeaveAllGroups,
        13 => Action::AddRole(role(dice.pick::<&str>(&GIVEN)).to_owned()),
        14 if dice.percent(50) => Action::RemoveAllRoles,
        14 => Action::RemoveRole(role(dice.pick::<&str>(&GIVEN)).to_owned()),
        15 => Action::Block,
        16 => Action::Unblock,
        17 => Action::Revoke,
        18 => Action::ResetPassword,
        19 => Action::TemporaryPass(pass(dice)),
        20 => Action::RemoveMethods,
        21 => Action::OwnGroup(group),
        22 => report(customer, dice),
        23 | 24 => machine(customer, dice),
        _ => Action::Offboard(leaving(customer, dice)),
    };
    (action, user)
}

/// What is done when somebody leaves; deleting takes the user out of groups by itself.
fn leaving(customer: &Customer, dice: &mut Dice) -> Vec<Action> {
    let mut steps = vec![Action::RemoveAllRoles, Action::Block, Action::Revoke];
    // In half of all cases roles go last of these, as in plans.
    if dice.percent(50) {
        steps.rotate_left(1);
    }
    if dice.percent(30) {
        steps.push(Action::ResetPassword);
    }
    if dice.percent(30) {
        steps.push(machine(customer, dice));
    }
    if dice.percent(30) {
        steps.push(report(customer, dice));
    }
    steps.push(Action::RemoveAllLicenses);
    if dice.percent(40) {
        steps.push(Action::LeaveAllGroups);
    }
    steps.push(Action::Delete);
    steps
}

/// Somebody else gets another manager: who this is about, or a third person.
fn report(customer: &Customer, dice: &mut Dice) -> Action {
    let user = dice.pick(&customer.users).clone();
    let manager = dice.percent(60).then(|| dice.pick(&customer.users).clone());
    Action::SetManagerOf {
        manager: manager.filter(|manager| *manager != user),
        user,
    }
}

/// A device, which may be gone by now, or never have been.
fn machine(customer: &Customer, dice: &mut Dice) -> Action {
    let nowhere = "00000000-0000-4000-8000-00000000dead".to_owned();
    let known = if customer.devices.is_empty() || dice.percent(5) {
        nowhere
    } else {
        dice.pick(&customer.devices).clone()
    };
    Action::ChangeDevice {
        device: known,
        change: *dice.pick(&[DeviceChange::Disable, DeviceChange::Enable, DeviceChange::Delete]),
    }
}

const fn dice_of(number: usize) -> Dice {
    Dice::new(number as u64)
}

fn new_name(customer: &Customer, dice: &mut Dice, number: usize) -> String {
    match dice.below(6) {
        0 => dice.pick(&customer.names).clone(),
        1 => format!("new{number}@elsewhere.example"),
        2 => format!("n\u{e9}w{number}@{}", customer.domain),
        _ => format!("new{number}@{}", customer.domain),
    }
}

fn edit(customer: &Customer, dice: &mut Dice, number: usize) -> UserEdit {
    let mut edit = UserEdit::default();
    for _ in 0..=dice.below(2) {
        match dice.below(8) {
            0 => edit.job_title = Change::Set("Engineer".to_owned()),
            1 => edit.department = Change::Clear,
            2 => edit.mobile_phone = Change::Set("+44 20 7946 0000".to_owned()),
            3 => edit.business_phones = Some(vec!["+44 20 7946 0001".to_owned()]),
            4 => edit.other_mails = Some(vec!["ada@elsewhere.example".to_owned()]),
            5 => edit.usage_location = Some("GB".to_owned()),
            6 => edit.user_principal_name = Some(new_name(customer, dice, number)),
            _ => edit.employee_hire_date = Change::Clear,
        }
    }
    edit
}

fn licenses(customer: &Customer, dice: &mut Dice) -> LicenseChange {
    let mut change = LicenseChange::default();
    if customer.products.is_empty() {
        return change;
    }
    let way = dice.below(4);
    if way != 0 {
        change = change.giving(dice.pick(&customer.products));
    }
    if way == 0 || way == 3 {
        change = change.taking(dice.pick(&customer.products));
    }
    change
}

fn pass(dice: &mut Dice) -> NewPass {
    let mut pass = NewPass::default();
    pass.lifetime_in_minutes = *dice.pick(&[None, Some(60), Some(10), Some(5_000)]);
    pass.is_usable_once = *dice.pick(&[None, Some(true), Some(false)]);
    pass
}
