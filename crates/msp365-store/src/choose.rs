//! Choosing and ordering tenants.

use jiff::{Timestamp, tz::TimeZone};

use crate::{
    Direction, Error, Pattern, Result, TenantRecord, TenantStatus, Value,
    query::{self, ABSENT, Check, Checked, Field, FieldKind, State, Test, fold},
    row::{Cell, Column},
};

macro_rules! columns {
    ($($(#[$meta:meta])* $variant:ident = $name:literal $kind:ident,)+) => {
        /// A column of the list of tenants: it can be shown, filtered and sorted by.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum TenantColumn {
            $($(#[$meta])* $variant,)+
        }

        impl TenantColumn {
            /// Every column.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The column as it is written in filters: `synced_at`.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            const fn field(self) -> Field {
                match self {
                    $(Self::$variant => Field {
                        name: $name,
                        sql: $name,
                        kind: FieldKind::$kind,
                        stream: None,
                    },)+
                }
            }
        }
    };
}

columns! {
    /// Their names.
    Name = "name" Text,
    /// Their ids.
    Id = "tenant_id" Text,
    /// Their domains: the one that new users get, and the one they were made with. A filter holds where it does of one.
    Domain = "domain" List,
    /// The partner's own, a customer's, or one that is connected directly.
    Kind = "kind" Text,
    /// How they stand.
    Status = "status" Text,
    /// Why they stand so, as a short word.
    Reason = "reason" Text,
    /// Whether they are marked to be synced.
    Selected = "selected" Truth,
    /// Whether Partner Center lists them.
    InPartnerCenter = "in_partner_center" Truth,
    /// Whether a GDAP relationship names them.
    InGdap = "in_gdap" Truth,
    /// When a listing last named them.
    ListedAt = "listed_at" Time,
    /// When they were last read as a whole.
    SyncedAt = "synced_at" Time,
}

impl TenantColumn {
    /// The column of this name.
    pub fn named(name: &str) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|column| column.as_str() == name.trim())
    }

    /// The same, or an error that lists the columns there are.
    ///
    /// # Errors
    /// `Invalid` if there is no such column.
    pub fn parse(name: &str) -> Result<Self> {
        Self::named(name).ok_or_else(|| {
            let names: Vec<_> = Self::ALL.iter().map(|column| column.as_str()).collect();
            Error::UnknownColumn {
                of: "tenants",
                name: name.to_owned(),
                columns: names.join(", "),
            }
        })
    }

    /// What a tenant has in it. A tenant that was not read as a whole so far never was.
    pub fn value(self, tenant: &TenantRecord) -> Value {
        let field = self.field();
        match query::shown(tenant.cell(field), field) {
            Value::None if field.is_event() => Value::Never,
            value => value,
        }
    }

    /// Orders tenants by it; those without a value come first, and equal ones by name, then id. Descending is the exact
    /// reverse.
    pub fn sort(self, tenants: &mut [TenantRecord], direction: Direction) {
        let field = self.field();
        tenants.sort_by_cached_key(|tenant| {
            let (number, text) = if field.kind.is_text() {
                (ABSENT, fold(&tenant.text(field)))
            } else {
                (tenant.number(field), String::new())
            };
            (number, text, tenant.order())
        });
        if direction == Direction::Descending {
            tenants.reverse();
        }
    }
}

impl Checked for TenantRecord {
    fn cell(&self, field: Field) -> Cell<'_> {
        match TenantColumn::named(field.sql) {
            Some(TenantColumn::Name) => self.name.to_cell(),
            Some(TenantColumn::Id) => Cell::Text(self.id.to_string().into()),
            Some(TenantColumn::Domain) => {
                let both = [&self.default_domain, &self.initial_domain];
                let domains: Vec<&String> = both.into_iter().flatten().collect();
                serde_json::to_string(&domains).map_or(Cell::Null, |json| Cell::Text(json.into()))
            }
            Some(TenantColumn::Kind) => Cell::Text(self.kind.as_str().into()),
            Some(TenantColumn::Status) => Cell::Text(self.status.as_str().into()),
            Some(TenantColumn::Reason) => self.reason.to_cell(),
            Some(TenantColumn::Selected) => self.selected.to_cell(),
            Some(TenantColumn::InPartnerCenter) => self.in_partner_center.to_cell(),
            Some(TenantColumn::InGdap) => self.in_gdap.to_cell(),
            Some(TenantColumn::ListedAt) => self.listed_at.to_cell(),
            Some(TenantColumn::SyncedAt) => self.synced_at.to_cell(),
            None => Cell::Null,
        }
    }

    /// Everything is known of a tenant that is in the list.
    fn is_unread(&self, _field: Field, _without: &[i64]) -> bool {
        false
    }
}

/// Which tenants are wanted; the default is all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TenantFilter {
    /// A [pattern](crate::Pattern) that the name, the id or a domain fits.
    pub text: Option<String>,
    /// Patterns that columns fit.
    pub like: Vec<(TenantColumn, String)>,
    /// One of these states; empty for any.
    pub statuses: Vec<TenantStatus>,
    /// Marked to be synced, or not.
    pub selected: Option<bool>,
    /// Conditions that hold.
    tests: Vec<Test>,
}

impl TenantFilter {
    /// Every tenant.
    pub fn all() -> Self {
        Self::default()
    }

    /// Only those whose name, id or a domain of which fits a pattern: `%` stands for any text, `_` for one character, `\`
    /// takes the meaning from the character after it, and without `%` and `_` it may stand anywhere. Letter case is ignored.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.text = Some(text.into());
        self
    }

    /// Only those of which a column fits a pattern.
    #[must_use]
    pub fn like(mut self, column: TenantColumn, pattern: impl Into<String>) -> Self {
        self.like.push((column, pattern.into()));
        self
    }

    /// Only those for which a condition holds, written as those of [users](crate::UserFilter) over the columns of
    /// tenants: `synced_at>7d`, `status=blocked|degraded`, `reason=`. Days are those of a time zone.
    ///
    /// # Errors
    /// `Invalid` if the text is no condition or names no column.
    pub fn filter_in(mut self, text: &str, now: Timestamp, zone: &TimeZone) -> Result<Self> {
        let column = |name: &str| Ok(TenantColumn::parse(name)?.field());
        self.tests.push(match query::read(text, (now, zone), column)? {
            Test::State(field, State::Never) => Test::Absent(field),
            other => other,
        });
        Ok(self)
    }

    /// Also those of this status.
    #[must_use]
    pub fn status(mut self, status: TenantStatus) -> Self {
        self.statuses.push(status);
        self
    }

    /// Only those marked to be synced, or only the others.
    #[must_use]
    pub const fn selected(mut self, selected: bool) -> Self {
        self.selected = Some(selected);
        self
    }

    /// Whether this tenant passes.
    pub fn accepts(&self, tenant: &TenantRecord) -> bool {
        let fits = |column: TenantColumn, pattern: &str| {
            Check::Like(column.field(), Pattern::new(pattern)).accepts(tenant)
        };
        let named = [TenantColumn::Name, TenantColumn::Id, TenantColumn::Domain];
        let text = self.text.as_ref();
        text.is_none_or(|text| named.into_iter().any(|column| fits(column, text)))
            && self.like.iter().all(|(column, pattern)| fits(*column, pattern))
            && self.tests.iter().all(|test| Check::of(test).accepts(tenant))
            && (self.statuses.is_empty() || self.statuses.contains(&tenant.status))
            && self.selected.is_none_or(|selected| tenant.selected == selected)
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    fn tenant(first: char, name: &str, status: TenantStatus, synced_at: Option<i64>) -> TenantRecord {
        let id = format!("{first}0000000-0000-4000-8000-000000000001")
            .parse()
            .unwrap();
        let mut record = TenantRecord::new(id, name);
        record.status = status;
        record.synced_at = synced_at.map(|second| Timestamp::from_second(second).unwrap());
        record.default_domain = Some(format!("{}.com", name.to_lowercase()));
        record.initial_domain = Some(format!("{}.onmicrosoft.com", name.to_lowercase()));
        record
    }

    fn some() -> Vec<TenantRecord> {
        vec![
            tenant('3', "Beta", TenantStatus::Synced, Some(20)),
            tenant('1', "alpha", TenantStatus::Blocked, Some(30)),
            tenant('2', "Gamma", TenantStatus::Synced, None),
            tenant('4', "Alpha_2", TenantStatus::Degraded, Some(20)),
        ]
    }

    #[test]
    fn tenants_are_sorted_by_status_and_by_when_they_were_read() {
        let table = [
            (TenantColumn::Name, ["alpha", "Alpha_2", "Beta", "Gamma"]),
            (TenantColumn::Id, ["alpha", "Gamma", "Beta", "Alpha_2"]),
            (TenantColumn::Status, ["alpha", "Alpha_2", "Beta", "Gamma"]),
            (TenantColumn::SyncedAt, ["Gamma", "Alpha_2", "Beta", "alpha"]),
            (TenantColumn::Reason, ["alpha", "Alpha_2", "Beta", "Gamma"]),
            (TenantColumn::Selected, ["alpha", "Alpha_2", "Beta", "Gamma"]),
        ];
        for (sort, expected) in table {
            let mut tenants = some();
            sort.sort(&mut tenants, Direction::Ascending);
            let names = |tenants: &[TenantRecord]| -> Vec<String> {
                tenants.iter().map(|tenant| tenant.name.clone()).collect()
            };
            assert_eq!(names(&tenants), expected, "{sort:?}");

            sort.sort(&mut tenants, Direction::Descending);
            tenants.reverse();
            assert_eq!(names(&tenants), expected, "{sort:?} down");
        }
    }

    #[test]
    fn patterns_choose_tenants_by_column() {
        let table = [
            (TenantColumn::Name, "alpha", &["alpha", "Alpha_2"][..]),
            (TenantColumn::Name, r"alpha\_%", &["Alpha_2"]),
            (TenantColumn::Name, "_eta", &["Beta"]),
            (TenantColumn::Id, "2%", &["Gamma"]),
            (
                TenantColumn::Domain,
                "%.com",
                &["Beta", "alpha", "Gamma", "Alpha_2"],
            ),
            (TenantColumn::Domain, "gamma.on%", &["Gamma"]),
            (TenantColumn::Domain, "gamma.com%.onmicrosoft%", &[]),
            (
                TenantColumn::Status,
                "%ed",
                &["Beta", "alpha", "Gamma", "Alpha_2"],
            ),
            (TenantColumn::Status, "sync%", &["Beta", "Gamma"]),
        ];
        for (column, pattern, expected) in table {
            let filter = TenantFilter::all().like(column, pattern);
            let found = some().into_iter().filter(|tenant| filter.accepts(tenant));
            let names: Vec<_> = found.map(|tenant| tenant.name).collect();
            assert_eq!(names, expected, "{column:?} {pattern}");
        }
        let any = TenantFilter::all().text("beta.on%");
        assert_eq!(some().iter().filter(|tenant| any.accepts(tenant)).count(), 1);
        for column in TenantColumn::ALL {
            assert_eq!(TenantColumn::named(column.as_str()), Some(*column));
        }
        assert_eq!(TenantColumn::named("shoe_size"), None);
    }

    #[test]
    fn conditions_choose_tenants_by_every_column() {
        let now = Timestamp::from_second(40).unwrap();
        let table = [
            ("name~alpha", &["alpha", "Alpha_2"][..]),
            ("status=blocked|degraded", &["alpha", "Alpha_2"]),
            ("synced_at=never", &["Gamma"]),
            ("synced_at=", &["Gamma"]),
            ("synced_at<1h", &["Beta", "alpha", "Alpha_2"]),
            ("synced_at>1h", &[]),
            ("synced_at=1970-01-01..1970-01-01", &["Beta", "alpha", "Alpha_2"]),
            ("domain=beta.com", &["Beta"]),
            ("kind=customer", &["Beta", "alpha", "Gamma", "Alpha_2"]),
            ("reason=", &["Beta", "alpha", "Gamma", "Alpha_2"]),
            ("selected=true", &[]),
            ("in_gdap=false", &["Beta", "alpha", "Gamma", "Alpha_2"]),
            ("tenant_id~2%", &["Gamma"]),
        ];
        for (text, expected) in table {
            let filter = TenantFilter::all().filter_in(text, now, &TimeZone::UTC).unwrap();
            let found = some().into_iter().filter(|tenant| filter.accepts(tenant));
            let names: Vec<_> = found.map(|tenant| tenant.name).collect();
            assert_eq!(names, expected, "{text}");
        }
        for wrong in ["shoe_size=43", "synced_at=soon", "selected=maybe"] {
            let error = TenantFilter::all()
                .filter_in(wrong, now, &TimeZone::UTC)
                .unwrap_err();
            assert_eq!(error.kind(), msp365_core::ErrorKind::Invalid, "{wrong}");
        }
    }

    #[test]
    fn what_a_tenant_has_in_a_column_is_told_in_states() {
        let all = some();
        let [beta, .., gamma, _] = all.as_slice() else {
            panic!("there are four");
        };
        let text = |text: &str| Value::Text(text.to_owned());

        assert_eq!(TenantColumn::Name.value(beta), text("Beta"));
        assert_eq!(
            TenantColumn::Domain.value(beta),
            Value::Names(vec!["beta.com".to_owned(), "beta.onmicrosoft.com".to_owned()])
        );
        assert_eq!(TenantColumn::Selected.value(beta), Value::Truth(false));
        assert_eq!(TenantColumn::Reason.value(beta), Value::None);
        assert_eq!(TenantColumn::SyncedAt.value(gamma), Value::Never);
        assert_eq!(
            TenantColumn::SyncedAt.value(beta),
            Value::Date(Timestamp::from_second(20).unwrap())
        );
    }
}
