//! Whether the target's own roles protect it from the account.

use std::collections::BTreeSet;

use msp365_graph::{groups::Group, role_assignments::RoleAssignment};
use msp365_partner::roles::{GLOBAL_ADMINISTRATOR, PRIVILEGED_AUTHENTICATION_ADMINISTRATOR};

use super::{
    LinkId, Mender, State, TargetFacts,
    access::{self, Roles, either, has, names},
    chain::{Case, Chain},
    tables::{Matrix, Task, reaches},
    units::{self, Restriction},
};

/// The roles that reach everybody.
const TOP: [&str; 2] = [PRIVILEGED_AUTHENTICATION_ADMINISTRATOR, GLOBAL_ADMINISTRATOR];
/// What a token has to carry besides, to touch somebody whom only these roles reach.
const AS_USER: &str = "Directory.AccessAsUser.All";

/// What is not known where a unit or its members are not.
const OVER: &str = "whether a role over an administrative unit reaches the user";

/// What an application needs besides, to set a password without a directory role.
const PASSWORDS: &str = "User-PasswordProfile.ReadWrite.All";

/// How a user is protected from acts of one matrix.
enum Guard {
    /// Holders of these roles reach it, and those who reach everybody.
    By(BTreeSet<&'static str>, String),
    /// Only those who reach everybody; the words say why.
    Privileged(String),
    /// That could not be known.
    Unknown(String),
}

/// Whether a role of the account reaches the user.
pub(super) fn check(case: &Case<'_>, tasks: &[Task], own: &Roles, chain: &mut Chain) {
    match units::restriction(case, tasks) {
        Restriction::None => {}
        Restriction::Keeps => return kept(chain),
        Restriction::Unsure => {
            return chain.unknown(
                LinkId::Protection,
                OVER,
                "the user is in a restricted one, and no request here tells which that is",
            );
        }
    }
    let Some(matrix) = tasks.iter().find_map(|task| task.matrix) else {
        return;
    };
    if case.tenant.is_direct() && itself(case, matrix, tasks, chain) {
        return;
    }
    let Some(own) = own else {
        return chain.unknown(
            LinkId::Protection,
            "whether a role of the account reaches the user",
            "see above",
        );
    };
    match units::roles(case) {
        Ok(over) => by_roles(case, matrix, &(own | &over), chain),
        Err(why) => {
            let mut without = Chain::default();
            by_roles(case, matrix, own, &mut without);
            if without.links.iter().all(|link| link.state == State::Holds) {
                return chain.links.append(&mut without.links);
            }
            chain.unknown(LinkId::Protection, OVER, why);
        }
    }
}

/// Whether one of these roles reaches the user.
fn by_roles(case: &Case<'_>, matrix: Matrix, own: &BTreeSet<String>, chain: &mut Chain) {
    let reaches_all = TOP.iter().any(|role| own.contains(*role));
    match guard(matrix, case.target) {
        Guard::By(roles, why) => {
            let mut reaching = roles.iter().chain(&TOP).filter(|role| own.contains(**role));
            match reaching.next() {
                Some(role) => chain.holds(
                    LinkId::Protection,
                    format!("{why}; {} reaches it", access::name(role)),
                ),
                None => refuse(case, &why, (own, &either(roles.iter().chain(&TOP[..1]))), chain),
            }
        }
        Guard::Privileged(why) if !reaches_all => refuse(case, &why, (own, &either(TOP)), chain),
        Guard::Privileged(why) if matrix == Matrix::Methods || case.tenant.is_direct() => {
            chain.holds(LinkId::Protection, why);
        }
        Guard::Privileged(why) => as_user(case, &why, chain),
        Guard::Unknown(why)
            if reaches_all
                && (matrix == Matrix::Methods
                    || case.tenant.is_direct()
                    || may_as_user(case) == Some(true)) =>
        {
            chain.holds(
                LinkId::Protection,
                format!("the account reaches everybody, though {why}"),
            );
        }
        Guard::Unknown(why) => chain.unknown(LinkId::Protection, "what protects the user", &why),
    }
}

fn kept(chain: &mut Chain) {
    chain.broken(
        (LinkId::Protection, Mender::CustomerAdministrator),
        "the user is in a restricted administrative unit, which roles of the whole tenant do not reach",
        "have it done by an administrator of that unit",
    );
}

/// Whether an application reaches the user without a role of its own: how anybody signs in, and everything else of those
/// who are no administrators; setting a password takes the permission for passwords besides.
fn itself(case: &Case<'_>, matrix: Matrix, tasks: &[Task], chain: &mut Chain) -> bool {
    if matrix == Matrix::Methods {
        chain.holds(
            LinkId::Protection,
            "an application reaches how everybody signs in",
        );
        return true;
    }
    let granted = case.tenant.consent.get().and_then(Option::as_ref);
    let is_password = tasks.iter().any(|task| task.name == "reset_password");
    let permits = !is_password || granted.is_some_and(|granted| has(granted, PASSWORDS));
    let holds_nothing = case.target.roles.get().is_some_and(Vec::is_empty);
    let is_plain = holds_nothing
        && case.target.groups.get().is_some()
        && case.target.owned_role_groups.get().is_some_and(Vec::is_empty)
        && group_for_roles(case.target).is_none();
    if permits && is_plain {
        chain.holds(LinkId::Protection, "the user is no administrator");
    }
    permits && is_plain
}

fn refuse(case: &Case<'_>, why: &str, (own, reaching): (&BTreeSet<String>, &str), chain: &mut Chain) {
    let (who, mender, group) = if case.tenant.is_direct() {
        ("application", Mender::CustomerAdministrator, "application")
    } else {
        ("account", Mender::PartnerAdministrator, "relationship's group")
    };
    chain.broken(
        (LinkId::Protection, mender),
        format!("{why}; the {who} is {}, and it takes {reaching}", names(own)),
        format!("have it done by an administrator of the customer, or give the {group} {reaching}"),
    );
}

fn as_user(case: &Case<'_>, why: &str, chain: &mut Chain) {
    match may_as_user(case) {
        Some(true) => chain.holds(
            LinkId::Protection,
            format!("{why}, and the account reaches everybody"),
        ),
        Some(false) => chain.broken(
            (LinkId::Protection, Mender::PartnerAdministrator),
            format!("{why}; the application lacks {AS_USER}, which it takes to touch such a user"),
            format!(
                "{}, which asks for {AS_USER}",
                access::turning_on("administrators")
            ),
        ),
        None => chain.unknown(
            LinkId::Protection,
            "whether the application may touch such a user",
            "its permissions are not known",
        ),
    }
}

fn may_as_user(case: &Case<'_>) -> Option<bool> {
    let granted = case.tenant.consent.get()?;
    Some(granted.as_ref().is_some_and(|granted| has(granted, AS_USER)))
}

fn guard(matrix: Matrix, target: &TargetFacts) -> Guard {
    if let Some(why) = group_for_roles(target) {
        return Guard::Privileged(why);
    }
    let roles = target.roles.known().map(|roles| ids(roles));
    let roles = match roles {
        Ok(roles) => roles,
        Err(why) => return Guard::Unknown(format!("the user's roles are not known: {why}")),
    };
    let unit = target
        .roles
        .get()
        .into_iter()
        .flatten()
        .find_map(RoleAssignment::unit);
    let reaching: BTreeSet<_> = reaches(matrix)
        .filter(|row| roles.iter().all(|role| row.reached.contains(&role.as_str())))
        .map(|row| row.role)
        .collect();
    let why = match roles.len() {
        0 => "the user holds no directory role".to_owned(),
        _ => format!("the user is {}", names(&roles)),
    };
    if reaching.is_empty() {
        return Guard::Privileged(why);
    }
    if unit.is_some() {
        return Guard::Unknown(
            "the user holds a role in an administrative unit, of which no request here tells whether it is restricted"
                .to_owned(),
        );
    }
    let unread = [
        target.groups.known().err(),
        target.owned_role_groups.known().err(),
    ];
    match unread.into_iter().flatten().next() {
        Some(reason) => Guard::Unknown(format!(
            "it is not known whether the user is in a group for roles: {reason}"
        )),
        None => Guard::By(reaching, why),
    }
}

/// A group that roles can be given to, which the user is in or owns.
fn group_for_roles(target: &TargetFacts) -> Option<String> {
    let is_for_roles = |group: &&Group| group.is_assignable_to_role == Some(true);
    let found = target.groups.get().into_iter().flatten().find(is_for_roles);
    if let Some(group) = found {
        let name = group.display_name.as_deref().unwrap_or(&group.id);
        return Some(format!(
            "the user is in '{name}', a group that roles can be given to"
        ));
    }
    let owned = target.owned_role_groups.get()?.first()?;
    Some(format!(
        "the user owns '{owned}', a group that roles can be given to"
    ))
}

fn ids(roles: &[RoleAssignment]) -> BTreeSet<String> {
    let ids = roles.iter().filter_map(|role| role.role_definition_id.as_deref());
    ids.map(str::to_ascii_lowercase).collect()
}
