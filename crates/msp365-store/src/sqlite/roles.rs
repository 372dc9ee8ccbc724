//! The roles of users, kept beside their rows as of the last finished pass.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, params};

use super::{Done, tail::Tails, value};
use crate::{
    MembershipRow, Names, Resource, RoleAssignmentRow, UserRow,
    row::{Column, join},
};

/// Brings the roles of a tenant's users up to date, after a pass that may have changed them.
pub(super) fn refresh(connection: &Connection, tails: &mut Tails, tenant: i64) -> Done<()> {
    tails.settle::<UserRow>(connection)?;
    tails.settle::<MembershipRow>(connection)?;
    tails.settle::<RoleAssignmentRow>(connection)?;
    let held = held(connection, tenant)?;
    let before = before(connection, tenant)?;
    let mut update = connection.prepare_cached(
        "UPDATE users SET roles = ?3 WHERE row =
            (SELECT row FROM entries WHERE tenant = ?1 AND resource = ?4 AND key = ?2)",
    )?;
    let none = Names::default();
    let users: BTreeSet<&String> = held.keys().chain(before.keys()).collect();
    for user in users {
        let (new, old) = (held.get(user).unwrap_or(&none), before.get(user).unwrap_or(&none));
        if new != old {
            update.execute(params![tenant, user, new.to_cell(), Resource::Users.code()])?;
        }
    }
    Ok(())
}

/// The roles by those who hold them, users or not.
fn held(connection: &Connection, tenant: i64) -> Done<BTreeMap<String, Names>> {
    let mut select = connection.prepare_cached(
        "SELECT principal_id, trim(coalesce(role_name, role_definition_id))
            || CASE coalesce(directory_scope_id, '/') WHEN '/' THEN '' ELSE ' (scoped)' END
         FROM role_assignments WHERE tenant = ?1",
    )?;
    let mut members = connection.prepare_cached(
        "SELECT m.member_id FROM entries e JOIN memberships m ON m.row = e.row
         WHERE e.tenant = ?1 AND e.resource = ?2 AND e.key >= ?3 AND e.key < ?4",
    )?;
    let mut held: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut found = select.query([tenant])?;
    while let Some(row) = found.next()? {
        let (principal, role): (String, String) = (row.get(0)?, row.get(1)?);
        // `0` is the character after `/`.
        let (from, to) = (join([&principal, ""]), format!("{principal}0"));
        let of = params![tenant, Resource::Memberships.code(), from, to];
        let users: Vec<String> = members
            .query_map(of, |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        for holder in users.into_iter().chain([principal]) {
            held.entry(holder).or_default().push(role.clone());
        }
    }
    Ok(held
        .into_iter()
        .map(|(holder, roles)| (holder, Names::of(roles)))
        .collect())
}

/// The roles that users had so far.
fn before(connection: &Connection, tenant: i64) -> Done<BTreeMap<String, Names>> {
    let mut select =
        connection.prepare_cached("SELECT id, roles FROM users WHERE tenant = ?1 AND roles IS NOT NULL")?;
    let mut found = select.query([tenant])?;
    let mut before = BTreeMap::new();
    while let Some(row) = found.next()? {
        before.insert(row.get(0)?, value(row, 1, "roles")?);
    }
    Ok(before)
}
