//! The words of a question in both dialects.

use jiff::civil::Date;

use super::{Database, Index, Question};
use crate::{
    Resource,
    query::{ABSENT, APART, Direction, Field, FieldKind, Mark, Pattern, SortKey, Test, fold},
    row::{Row, any_rows},
};

/// Whose SQL it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    #[cfg_attr(
        not(feature = "postgres"),
        expect(dead_code, reason = "the other database is left out")
    )]
    Postgres,
}

/// A value that a statement is given.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Given {
    Integer(i64),
    Text(String),
    Integers(Vec<i64>),
    Texts(Vec<String>),
}

/// A statement's values, in the order of their places.
pub(crate) struct Sql {
    dialect: Dialect,
    pub(crate) given: Vec<Given>,
}

impl Sql {
    pub(crate) const fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            given: Vec::new(),
        }
    }

    fn place(&mut self, value: Given) -> String {
        self.given.push(value);
        let sign = match self.dialect {
            Dialect::Sqlite => '?',
            Dialect::Postgres => '$',
        };
        format!("{sign}{}", self.given.len())
    }

    pub(crate) fn integer(&mut self, value: i64) -> String {
        self.place(Given::Integer(value))
    }

    pub(crate) fn text(&mut self, value: impl Into<String>) -> String {
        self.place(Given::Text(value.into()))
    }

    pub(crate) fn key(&mut self, value: &SortKey) -> String {
        match value {
            SortKey::Number(number) => self.integer(*number),
            SortKey::Text(text) => self.text(text),
        }
    }

    fn array(&mut self, values: Vec<String>) -> String {
        self.place(Given::Texts(values))
    }

    /// That an expression is one of some values.
    fn one_of(&mut self, expression: &str, values: Given) -> String {
        let place = self.place(values);
        match self.dialect {
            Dialect::Sqlite => format!("{expression} IN (SELECT value FROM json_each({place}))"),
            Dialect::Postgres => format!("{expression} = ANY({place})"),
        }
    }

    pub(crate) fn integers(&mut self, expression: &str, values: &[i64]) -> String {
        if let [only] = values {
            return format!("{expression} = {}", self.integer(*only));
        }
        self.one_of(expression, Given::Integers(values.to_vec()))
    }

    pub(crate) fn texts(&mut self, expression: &str, values: Vec<String>) -> String {
        if let [only] = values.as_slice() {
            return format!("{expression} = {}", self.text(only));
        }
        self.one_of(expression, Given::Texts(values))
    }
}

/// How the table of a resource speaks of its rows.
pub(crate) struct Words {
    pub(crate) table: &'static str,
    /// The key of a row.
    pub(crate) id: &'static str,
    dialect: Dialect,
}

impl Words {
    pub(crate) const fn dialect(&self) -> Dialect {
        self.dialect
    }

    pub(crate) fn of(dialect: Dialect, resource: Resource) -> Self {
        Self {
            table: resource.as_str(),
            id: match dialect {
                Dialect::Sqlite => any_rows!(resource, type R => R::KEY),
                Dialect::Postgres => "key",
            },
            dialect,
        }
    }

    /// What rows are sorted by: of a text the first 500 characters without letter case, so that an index can hold it.
    pub(crate) fn key(field: Field) -> String {
        if field.kind.is_text() {
            format!("sort_key({})", field.sql)
        } else {
            format!("coalesce({}, {ABSENT})", field.sql)
        }
    }

    /// The same, and for the tenant's name, which is no column, nothing.
    pub(crate) fn sort_key(field: Field) -> String {
        if field.is_of_tenant() {
            "''".to_owned()
        } else {
            Self::key(field)
        }
    }

    /// A text, or all texts of a list, without letter case.
    pub(crate) fn whole(field: Field) -> String {
        format!("folded({})", field.whole())
    }

    /// What holds of all that fits, in the form that an index of runs of characters takes.
    pub(crate) fn may_fit(field: Field, pattern: &str, sql: &mut Sql) -> String {
        let pattern = Pattern::new(pattern).like();
        let pattern = sql.text(match field.kind {
            FieldKind::List => format!("%{pattern}%"),
            _ => pattern,
        });
        format!("{} LIKE {pattern}", Self::whole(field))
    }

    pub(crate) fn fits(&self, field: Field, pattern: &str, sql: &mut Sql) -> String {
        let value = Self::whole(field);
        match (self.dialect, field.kind) {
            (Dialect::Sqlite, FieldKind::List) => format!("any_fits({}, {value})", sql.text(pattern)),
            (Dialect::Sqlite, _) => {
                format!("(fits({}, {value}) AND {value} <> '')", sql.text(pattern))
            }
            (Dialect::Postgres, FieldKind::List) => Self::any_fits(field, pattern, sql),
            (Dialect::Postgres, _) => {
                format!("({} AND {value} <> '')", Self::may_fit(field, pattern, sql))
            }
        }
    }

    /// That one text of a list fits. What stands between texts is in no pattern, so that a pattern which may stand
    /// anywhere need not be held against each; for the others few are left by then.
    fn any_fits(field: Field, pattern: &str, sql: &mut Sql) -> String {
        let may_fit = Self::may_fit(field, pattern, sql);
        let pattern = Pattern::new(pattern);
        if pattern.is_part() {
            return may_fit;
        }
        let (value, pattern) = (Self::whole(field), sql.text(pattern.like()));
        format!(
            "({may_fit} AND EXISTS (SELECT 1 FROM unnest(string_to_array({value}, '{APART}')) part
                WHERE part <> '' AND part LIKE {pattern}))"
        )
    }

    /// That a text has one of these runs of one or two characters, as the index over them is asked for it.
    pub(crate) fn has_runs(field: Field, runs: &[String], sql: &mut Sql) -> String {
        format!(
            "short_runs({}) && {}",
            Self::whole(field),
            sql.array(runs.to_vec())
        )
    }

    pub(crate) fn test(&self, test: &Test, sql: &mut Sql) -> String {
        match test {
            Test::OneOf(field, values) => {
                let values = values.iter().map(|value| fold(value)).collect();
                sql.texts(&Self::whole(*field), values)
            }
            Test::Holds(field, values) => self.holds(*field, values, sql),
            Test::Like(field, _) if !field.kind.is_text() => "1 = 0".to_owned(),
            Test::Like(field, pattern) => self.fits(*field, pattern, sql),
            Test::Between(field, from, until) => {
                let key = Self::key(*field);
                let from = sql.integer(from.unwrap_or(ABSENT + 1));
                let until = until.map(|until| format!(" AND {key} < {}", sql.integer(until)));
                format!("({key} >= {from}{})", until.unwrap_or_default())
            }
            Test::Days(field, from, until) => {
                let key = Self::key(*field);
                let from = sql.text(day_key(*from));
                let until = until.map(|until| format!(" AND {key} < {}", sql.text(until.to_string())));
                format!("({key} >= {from}{})", until.unwrap_or_default())
            }
            Test::Absent(field) => Self::absent(*field),
            Test::State(..) => "1 = 1".to_owned(),
            Test::Known(field, without) => {
                let unread = self.unread(*field, without, sql);
                format!("NOT ({} AND {unread})", Self::absent(*field))
            }
            Test::Unknown(field, without) => self.unread(*field, without, sql),
        }
    }

    /// That nothing was read of a field: in these tenants, and of users who were made after the pass began.
    fn unread(&self, field: Field, without: &[i64], sql: &mut Sql) -> String {
        let mut ways = Vec::new();
        if !without.is_empty() {
            ways.push(sql.integers("tenant", without));
        }
        // Only users say when they were made; all other lists are of their own stream.
        let is_users = self.table == Resource::Users.as_str();
        if let Some(stream) = field
            .stream
            .filter(|stream| is_users && *stream != Resource::Users)
        {
            ways.push(format!(
                "coalesce(created_at, {ABSENT}) >= coalesce((SELECT s.fresh_as_of FROM streams s
                    WHERE s.tenant = {}.tenant AND s.resource = {}), {})",
                self.table,
                stream.code(),
                i64::MAX
            ));
        }
        if ways.is_empty() {
            return "1 = 0".to_owned();
        }
        format!("({})", ways.join(" OR "))
    }

    fn absent(field: Field) -> String {
        if field == Field::ANY_NAME {
            "1 = 0".to_owned()
        } else if field.kind.is_text() {
            format!("coalesce({}, '') = ''", field.sql)
        } else {
            format!("{} = {ABSENT}", Self::key(field))
        }
    }

    fn holds(&self, field: Field, values: &[String], sql: &mut Sql) -> String {
        let between = field.between();
        let list = format!("'{between}' || {} || '{between}'", Self::whole(field));
        let each = values.iter().map(|value| {
            if value.is_empty() {
                return Self::absent(field);
            }
            let wanted = sql.text(format!("{between}{}{between}", fold(value)));
            match self.dialect {
                Dialect::Sqlite => format!("instr({list}, {wanted}) > 0"),
                Dialect::Postgres => format!("strpos({list}, {wanted}) > 0"),
            }
        });
        format!("({})", each.collect::<Vec<_>>().join(" OR "))
    }
}

impl<D: Database> Question<'_, D> {
    /// What tells SQLite which index to use; PostgreSQL is told by the shape of the statement.
    pub(super) fn hint(&self, index: Option<&Index>) -> String {
        use super::IndexKind;
        match (self.db.dialect(), index) {
            (Dialect::Postgres, _) => String::new(),
            (Dialect::Sqlite, Some(index)) if !matches!(index.kind, IndexKind::Grams(_)) => {
                format!(" INDEXED BY {}", index.name())
            }
            (Dialect::Sqlite, _) => " NOT INDEXED".to_owned(),
        }
    }

    /// Everything that has to hold of a row, in a form that reaches for no index.
    pub(super) fn residual(&self, sql: &mut Sql) -> Vec<String> {
        let mut wheres = Vec::new();
        if let Some(tenants) = &self.resolved.tenants {
            wheres.push(sql.integers("tenant", tenants));
        }
        wheres.extend(self.resolved.tests.iter().map(|test| self.words.test(test, sql)));
        let named = self
            .named()
            .and_then(|named| named.condition(&self.words, sql, None));
        wheres.extend(named);
        if !self.find().except.is_empty() {
            let except = self.by_tenant_number(&self.find().except);
            let except = except.condition(&self.words, sql, None);
            wheres.extend(except.map(|except| format!("NOT {except}")));
        }
        match self.db.dialect() {
            Dialect::Sqlite => wheres,
            Dialect::Postgres => wheres
                .into_iter()
                .map(|condition| format!("({condition}) IS TRUE"))
                .collect(),
        }
    }

    pub(super) fn order(&self, columns: &[&str]) -> String {
        let sign = match self.find().direction {
            Direction::Ascending => "",
            Direction::Descending => " DESC",
        };
        let columns: Vec<String> = columns.iter().map(|column| format!("{column}{sign}")).collect();
        columns.join(", ")
    }

    /// That a row is behind the mark, in the columns `k`, `i` and `t`.
    pub(super) fn beyond_mark(&self, sql: &mut Sql) -> String {
        let Some((mark, tenant)) = &self.resolved.begin else {
            return "1 = 1".to_owned();
        };
        let Mark { key, id, .. } = mark;
        let (key, id, tenant) = (sql.key(key), sql.text(id), sql.integer(*tenant));
        let than = self.than();
        format!("(k {than} {key} OR (k = {key} AND (i {than} {id} OR (i = {id} AND t {than} {tenant}))))")
    }

    pub(super) fn than(&self) -> char {
        match self.find().direction {
            Direction::Ascending => '>',
            Direction::Descending => '<',
        }
    }
}

/// The kind of the field's sort keys tells which of the two it is.
pub(super) const fn absent_key(kind: FieldKind) -> SortKey {
    if kind.is_text() {
        SortKey::Text(String::new())
    } else {
        SortKey::Number(ABSENT)
    }
}

/// Where days begin, as a sort key: before the first there is no value.
pub(super) fn day_key(from: Option<Date>) -> String {
    from.map_or_else(|| "-".to_owned(), |day| day.to_string())
}
