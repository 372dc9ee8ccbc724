//! The user list in PostgreSQL: one statement that counts, one that reads the page, one for its roles.

use std::{borrow::Cow, collections::HashMap};

use deadpool_postgres::GenericClient;
use tokio_postgres::types::ToSql;

use super::{Done, PostgresStore, limit, moment, number, query, query_one, rows::decode, tenant_id, text};
use crate::{
    Direction, LastSignIn, Resource, UserColumn, UserPage, UserQuery, UserRow, UserView,
    query::{ColumnKind, NOT_LICENSED, SignInState, Test},
    row::Row,
};

/// The latest of three moments, or none.
const LATEST: &str = "greatest(s.last_sign_in_at, s.last_non_interactive_at, s.last_successful_at)";

const ROLES: &str = "SELECT w.tenant, w.id, coalesce(a.role_name, a.role_definition_id) AS name
    FROM unnest($1::bigint[], $2::text[]) AS w (tenant, id)
    JOIN role_assignments a ON a.tenant = w.tenant AND (a.principal_id = w.id
        OR a.principal_id IN (SELECT group_id FROM memberships m WHERE m.tenant = w.tenant AND m.member_id = w.id))
    GROUP BY 1, 2, 3 ORDER BY 3";

/// Conditions with their parameters.
struct Conditions {
    sql: Vec<String>,
    parameters: Vec<Box<dyn ToSql + Send + Sync>>,
}

pub(super) async fn users(store: &PostgresStore, wanted: &UserQuery) -> Done<UserPage> {
    let (offset, size) = wanted.window()?;
    let client = store.client().await?;
    let mut conditions = Conditions::of(wanted);
    let from = format!(
        "FROM users u JOIN tenants t ON t.row = u.tenant
         LEFT JOIN sign_ins s ON s.tenant = u.tenant AND s.key = u.key
         LEFT JOIN streams x ON x.tenant = u.tenant AND x.resource = {}
         WHERE {}",
        Resource::SignIns.code(),
        conditions.sql.join(" AND "),
    );
    let row = query_one(&client, &format!("SELECT count(*) {from}"), &conditions.all()).await?;
    let count = row.map(|row| row.try_get(0)).transpose()?.map_or(0, number);
    let first = conditions.parameter(limit(size));
    let second = conditions.parameter(limit(offset));
    let sql = format!(
        "SELECT t.row, t.id, t.name, {LATEST}, x.stale_because, x.fresh_as_of, u.{} {from}
         ORDER BY {}, t.id, u.id LIMIT {first} OFFSET {second}",
        UserRow::COLUMNS.join(", u."),
        order(wanted.sort),
    );
    let found = query(&client, &sql, &conditions.all()).await?;
    let mut tenants: Vec<i64> = Vec::with_capacity(found.len());
    let mut rows = Vec::with_capacity(found.len());
    for row in &found {
        let stale: Option<String> = row.try_get(4)?;
        let fresh: Option<i64> = row.try_get(5)?;
        tenants.push(row.try_get(0)?);
        rows.push(UserView {
            tenant_id: tenant_id(&row.try_get::<_, String>(1)?)?,
            tenant_name: text::owned(row.try_get(2)?),
            roles: Vec::new(),
            user: decode(row, 6)?,
            last_sign_in: match moment(row, 3, "last_sign_in")? {
                Some(at) => LastSignIn::Date(at),
                None if stale.as_deref() == Some(NOT_LICENSED) => LastSignIn::NotLicensed,
                None if fresh.is_some() => LastSignIn::Never,
                None => LastSignIn::Unknown,
            },
        });
    }
    add_roles(&client, &tenants, &mut rows).await?;
    let next = UserQuery::next(offset, rows.len(), count);
    Ok(UserPage { count, rows, next })
}

async fn add_roles(on: &impl GenericClient, tenants: &[i64], rows: &mut [UserView]) -> Done<()> {
    let ids: Vec<Cow<'_, str>> = rows.iter().map(|row| text::stored(&row.user.id)).collect();
    let mut held: HashMap<(i64, String), Vec<String>> = HashMap::new();
    for row in query(on, ROLES, &[&tenants, &ids]).await? {
        let user = (row.try_get(0)?, row.try_get(1)?);
        held.entry(user).or_default().push(text::owned(row.try_get(2)?));
    }
    let keys: Vec<String> = ids.into_iter().map(Cow::into_owned).collect();
    for ((row, tenant), id) in rows.iter_mut().zip(tenants).zip(keys) {
        row.roles = held.remove(&(*tenant, id)).unwrap_or_default();
    }
    Ok(())
}

impl Conditions {
    fn of(query: &UserQuery) -> Self {
        let mut all = Self {
            sql: vec!["true".to_owned()],
            parameters: Vec::new(),
        };
        if !query.tenants.is_empty() {
            let ids: Vec<String> = query.tenants.iter().map(ToString::to_string).collect();
            let ids = all.parameter(ids);
            all.sql.push(format!(
                "u.tenant IN (SELECT row FROM tenants WHERE id = ANY({ids}))"
            ));
        }
        for test in &query.tests {
            let condition = all.condition(test);
            all.sql.push(condition);
        }
        all
    }

    fn condition(&mut self, test: &Test) -> String {
        match test {
            Test::Text(of, wanted) => {
                let wanted = self.parameter(text::stored(wanted).into_owned());
                format!(
                    "{} = {}",
                    folded(&format!("coalesce({}, '')", column(*of))),
                    folded(&wanted)
                )
            }
            Test::Truth(of, wanted) => {
                let wanted = self.parameter(i64::from(*wanted));
                format!("{} = {wanted}", column(*of))
            }
            Test::Before(of, moment) => {
                let moment = self.parameter(moment.as_microsecond());
                format!("{} < {moment}", column(*of))
            }
            Test::Since(of, moment) => {
                let moment = self.parameter(moment.as_microsecond());
                format!("{} >= {moment}", column(*of))
            }
            Test::Like(of, _) if of.kind() != ColumnKind::Text => "false".to_owned(),
            Test::Like(of, pattern) => {
                let pattern = self.parameter(text::stored(&like(pattern)).into_owned());
                format!("{} LIKE {}", folded(&column(*of)), folded(&pattern))
            }
            Test::SignIn(state) => {
                let not_licensed = self.parameter(NOT_LICENSED.to_owned());
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

    /// The place of a new parameter, with its type.
    fn parameter(&mut self, value: impl Parameter) -> String {
        let kind = value.kind();
        self.parameters.push(Box::new(value));
        format!("${}::{kind}", self.parameters.len())
    }

    fn all(&self) -> Vec<&(dyn ToSql + Sync)> {
        self.parameters
            .iter()
            .map(|value| &**value as &(dyn ToSql + Sync))
            .collect()
    }
}

/// A value that a condition compares with.
trait Parameter: ToSql + Send + Sync + 'static {
    fn kind(&self) -> &'static str;
}

impl Parameter for i64 {
    fn kind(&self) -> &'static str {
        "bigint"
    }
}

impl Parameter for String {
    fn kind(&self) -> &'static str {
        "text"
    }
}

impl Parameter for Vec<String> {
    fn kind(&self) -> &'static str {
        "text[]"
    }
}

/// The text without letter case, in every language.
fn folded(text: &str) -> String {
    format!(r#"lower({text} COLLATE "und-x-icu")"#)
}

/// The pattern as `LIKE` takes it: without wildcards it may stand anywhere.
fn like(pattern: &str) -> String {
    let mut kept = String::with_capacity(pattern.len() + 2);
    let mut is_wild = false;
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        match character {
            '%' | '_' => {
                is_wild = true;
                kept.push(character);
            }
            '\\' => match characters.next().unwrap_or('\\') {
                plain @ ('%' | '_' | '\\') => kept.extend(['\\', plain]),
                plain => kept.push(plain),
            },
            plain => kept.push(plain),
        }
    }
    if is_wild { kept } else { format!("%{kept}%") }
}

fn column(column: UserColumn) -> String {
    match column {
        UserColumn::Tenant => "t.name".to_owned(),
        UserColumn::LastSignIn => LATEST.to_owned(),
        other => format!("u.{}", other.as_str()),
    }
}

fn order((by, direction): (UserColumn, Direction)) -> String {
    let value = match by.kind() {
        // In the collation of the column, this folds the letters of ASCII alone.
        ColumnKind::Text => format!("lower({})", column(by)),
        ColumnKind::Truth | ColumnKind::Time => column(by),
    };
    match direction {
        Direction::Ascending => format!("{value} ASC NULLS FIRST"),
        Direction::Descending => format!("{value} DESC NULLS LAST"),
    }
}
