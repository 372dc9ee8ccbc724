//! What a query asks, in words that can be kept on record.

use jiff::{Timestamp, civil::Date};
use msp365_core::TenantId;

use super::{Direction, Field, FieldKind, Listing, Query, Test, filter::State};

/// Tenants that are named one by one; more are counted.
const NAMED: usize = 20;

impl<L: Listing> Query<L> {
    /// What has to hold, a condition each, as [`UserFilter`](crate::UserFilter) reads them, with the moments that ages
    /// meant; behind them the tenants where they are some, how many rows were named or left out by name, and the order.
    ///
    /// ```
    /// use msp365_store::{UserFilter, UserQuery};
    ///
    /// let now = "2026-03-01T00:00:00Z".parse()?;
    /// let query = UserQuery::all().filter(UserFilter::parse("last_sign_in>90d", now)?);
    /// assert_eq!(query.asked(), ["last_sign_in=..2025-12-01T00:00:00Z", "sort display_name"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn asked(&self) -> Vec<String> {
        let (find, rows) = (&self.find, self.resource().as_str());
        let mut asked: Vec<String> = find.tests.iter().map(test).collect();
        asked.extend(find.tenants.as_deref().map(tenants));
        asked.extend(
            find.only
                .as_ref()
                .map(|only| format!("{} {rows} by name", only.len())),
        );
        if !find.except.is_empty() {
            asked.push(format!("all but {} {rows} by name", find.except.len()));
        }
        let sign = match find.direction {
            Direction::Ascending => "",
            Direction::Descending => "-",
        };
        asked.push(format!("sort {sign}{}", find.sort.name));
        asked
    }
}

fn tenants(tenants: &[TenantId]) -> String {
    if tenants.len() > NAMED {
        return format!("{} tenants", tenants.len());
    }
    let ids: Vec<String> = tenants.iter().map(ToString::to_string).collect();
    format!("tenant_id={}", ids.join("|"))
}

fn test(test: &Test) -> String {
    match test {
        Test::OneOf(field, values) | Test::Holds(field, values) => {
            let escaped = |value: &String| value.replace('\\', r"\\").replace('|', r"\|");
            let values: Vec<String> = values.iter().map(escaped).collect();
            format!("{}={}", field.name, values.join("|"))
        }
        Test::Like(field, pattern) => format!("{}~{pattern}", field.name),
        Test::Between(field, from, until) => between(*field, *from, *until),
        Test::Days(field, from, until) => days(*field, *from, *until),
        Test::Absent(field) => format!("{}=", field.name),
        Test::State(field, state) => {
            let state = match state {
                State::Never => "never",
                State::Unknown => "unknown",
                State::NotLicensed => "not_licensed",
            };
            format!("{}={state}", field.name)
        }
        // These come of others, once it is known which tenants there are.
        Test::Known(field, _) => format!("{}=known", field.name),
        Test::Unknown(field, _) => format!("{}=unknown", field.name),
    }
}

/// A range of days as it is written: the last one is in it.
fn days(field: Field, from: Option<Date>, until: Option<Date>) -> String {
    let shown = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let last = until.map(|until| until.yesterday().unwrap_or(until));
    format!("{}={}..{}", field.name, shown(from), shown(last))
}

fn between(field: Field, from: Option<i64>, until: Option<i64>) -> String {
    let shown = |end: Option<i64>| match (end, field.kind) {
        (None, _) => String::new(),
        (Some(number), FieldKind::Time) => {
            Timestamp::from_microsecond(number).map_or_else(|_| number.to_string(), |at| at.to_string())
        }
        (Some(number), _) => number.to_string(),
    };
    match field.kind {
        FieldKind::Truth => format!("{}={}", field.name, from == Some(1)),
        _ => format!("{}={}..{}", field.name, shown(from), shown(until)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{UserColumn, UserFilter, UserQuery};

    #[test]
    fn what_was_asked_can_be_asked_again() {
        let now = "2026-03-01T00:00:00Z".parse().unwrap();
        let texts = [
            r"department=Sales|R\|D",
            "roles=Global Reader",
            "name~ada%",
            "account_enabled=false",
            "mail=",
            "last_sign_in=not_licensed",
            "last_sign_in=2026-01-01..2026-01-31",
        ];
        let read = |query: UserQuery, text: &str| query.filter(UserFilter::parse(text, now).unwrap());
        let query = texts
            .iter()
            .fold(UserQuery::all(), |query, text| read(query, text));
        let query = query.sort(UserColumn::Mail, Direction::Descending);

        let asked = query.asked();

        let again = asked
            .iter()
            .take(texts.len())
            .fold(UserQuery::all(), |query, text| read(query, text));
        assert_eq!(again.sort(UserColumn::Mail, Direction::Descending), query);
        assert_eq!(asked.last().map(String::as_str), Some("sort -mail"));
    }

    #[test]
    fn tenants_and_named_users_are_counted_where_they_are_many() {
        let tenant: TenantId = "11111111-2222-3333-4444-555555555555".parse().unwrap();

        let few = UserQuery::all().tenants([tenant]).only([(tenant, "1")]).asked();
        let many = UserQuery::all()
            .tenants([tenant; 21])
            .except([(tenant, "1")])
            .asked();

        assert_eq!(
            few,
            [
                "tenant_id=11111111-2222-3333-4444-555555555555",
                "1 users by name",
                "sort display_name"
            ]
        );
        assert_eq!(many[..2], ["21 tenants", "all but 1 users by name"]);
    }
}
