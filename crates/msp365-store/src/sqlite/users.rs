//! The user list in SQLite: one statement that counts, one that reads the page, one per user for its roles.

use rusqlite::{Connection, params, params_from_iter};

use super::{Done, directory::decode, limit, number, tail::unsettled, tenant_id, value};
use crate::{
    Direction, LastSignIn, Resource, UserColumn, UserPage, UserQuery, UserRow, UserView,
    query::{ColumnKind, NOT_LICENSED, SignInState, Test},
    row::{Cell, Column, Row},
};

/// The latest of three moments; the number is before all of them.
const LATEST: &str = "nullif(max(coalesce(s.last_sign_in_at, -1000000000000000000),
    coalesce(s.last_non_interactive_at, -1000000000000000000),
    coalesce(s.last_successful_at, -1000000000000000000)), -1000000000000000000)";

const ROLES: &str = "SELECT DISTINCT coalesce(role_name, role_definition_id) FROM role_assignments
    WHERE tenant = ?1 AND (principal_id = ?2
        OR principal_id IN (SELECT group_id FROM memberships WHERE tenant = ?1 AND member_id = ?2))
    ORDER BY 1";

/// Conditions with their parameters.
struct Conditions<'a> {
    sql: Vec<String>,
    parameters: Vec<Cell<'a>>,
}

pub(super) fn users(connection: &Connection, query: &UserQuery) -> Done<UserPage> {
    let (offset, size) = query.window()?;
    let mut conditions = Conditions::of(query);
    let from = format!(
        "FROM users u JOIN tenants t ON t.row = u.tenant
         LEFT JOIN sign_ins s ON s.tenant = u.tenant AND s.user_id = u.id
         LEFT JOIN streams x ON x.tenant = u.tenant AND x.resource = {}
         WHERE {}",
        Resource::SignIns.code(),
        conditions.sql.join(" AND "),
    );
    let count = number(
        connection
            .prepare_cached(&format!("SELECT count(*) {from}"))?
            .query_row(params_from_iter(&conditions.parameters), |row| row.get(0))?,
    );
    let first = conditions.parameter(Cell::Integer(limit(size)));
    let second = conditions.parameter(Cell::Integer(limit(offset)));
    let mut select = connection.prepare_cached(&format!(
        "SELECT t.row, t.id, t.name, {LATEST}, x.stale_because, x.fresh_as_of, u.{} {from}
         ORDER BY {}, t.id, u.id LIMIT {first} OFFSET {second}",
        UserRow::COLUMNS.join(", u."),
        order(query.sort),
    ))?;
    let mut found = select.query(params_from_iter(&conditions.parameters))?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        let stale: Option<String> = row.get(4)?;
        let fresh: Option<i64> = row.get(5)?;
        let user: UserRow = decode(row, 6)?;
        rows.push(UserView {
            tenant_id: tenant_id(row, 1)?,
            tenant_name: row.get(2)?,
            roles: roles(connection, row.get(0)?, &user.id)?,
            user,
            last_sign_in: match value(row, 3, "last_sign_in")? {
                Some(at) => LastSignIn::Date(at),
                None if stale.as_deref() == Some(NOT_LICENSED) => LastSignIn::NotLicensed,
                None if fresh.is_some() => LastSignIn::Never,
                None => LastSignIn::Unknown,
            },
        });
    }
    let next = UserQuery::next(offset, rows.len(), count);
    Ok(UserPage { count, rows, next })
}

fn roles(connection: &Connection, tenant: i64, user: &str) -> Done<Vec<String>> {
    let mut select = connection.prepare_cached(ROLES)?;
    let names = select.query_map(params![tenant, user], |row| row.get(0))?;
    Ok(names.collect::<Result<_, _>>()?)
}

impl<'a> Conditions<'a> {
    fn of(query: &'a UserQuery) -> Self {
        let mut all = Self {
            sql: vec!["1 = 1".to_owned()],
            parameters: Vec::new(),
        };
        if !query.tenants.is_empty() {
            // One parameter for any number of tenants.
            let ids = serde_json::json!(query.tenants).to_string();
            let ids = all.parameter(Cell::Text(ids.into()));
            let tenants = format!("SELECT row FROM tenants WHERE id IN (SELECT value FROM json_each({ids}))");
            // `users` has no index but its row numbers: `entries` knows which rows are of a tenant.
            all.sql.push(format!(
                "u.row IN (SELECT row FROM entries WHERE resource = {} AND tenant IN ({tenants})
                    UNION ALL SELECT row FROM ({}) WHERE tenant IN ({tenants}))",
                Resource::Users.code(),
                unsettled::<UserRow>(),
            ));
        }
        for test in &query.tests {
            let condition = all.condition(test);
            all.sql.push(condition);
        }
        all
    }

    fn condition(&mut self, test: &'a Test) -> String {
        match test {
            Test::Text(of, wanted) => {
                let wanted = self.parameter(Cell::Text(wanted.to_lowercase().into()));
                format!("folded({}) = {wanted}", column(*of))
            }
            Test::Truth(of, wanted) => {
                let wanted = self.parameter(wanted.to_cell());
                format!("{} = {wanted}", column(*of))
            }
            Test::Before(of, moment) => {
                let moment = self.parameter(moment.to_cell());
                format!("{} < {moment}", column(*of))
            }
            Test::Since(of, moment) => {
                let moment = self.parameter(moment.to_cell());
                format!("{} >= {moment}", column(*of))
            }
            Test::Like(of, pattern) => {
                let pattern = self.parameter(Cell::Text(pattern.into()));
                format!("fits({pattern}, {})", column(*of))
            }
            Test::SignIn(state) => {
                let not_licensed = self.parameter(Cell::Text(NOT_LICENSED.into()));
                let is_licensed = format!("coalesce(x.stale_because, '') <> {not_licensed}");
                let rest = match state {
                    SignInState::NotLicensed => format!("x.stale_because = {not_licensed}"),
                    SignInState::Never => format!("x.fresh_as_of IS NOT NULL AND {is_licensed}"),
                    SignInState::Unknown => format!("x.fresh_as_of IS NULL AND {is_licensed}"),
                };
                format!("{LATEST} IS NULL AND {rest}")
            }
        }
    }

    /// The place of a new parameter.
    fn parameter(&mut self, value: Cell<'a>) -> String {
        self.parameters.push(value);
        format!("?{}", self.parameters.len())
    }
}

fn column(column: UserColumn) -> String {
    match column {
        UserColumn::Tenant => "t.name".to_owned(),
        UserColumn::LastSignIn => LATEST.to_owned(),
        other => format!("u.{}", other.as_str()),
    }
}

fn order((by, direction): (UserColumn, Direction)) -> String {
    let collate = match by.kind() {
        ColumnKind::Text => " COLLATE NOCASE",
        ColumnKind::Truth | ColumnKind::Time => "",
    };
    let direction = match direction {
        Direction::Ascending => "",
        Direction::Descending => " DESC",
    };
    format!("{}{collate}{direction}", column(by))
}
