//! Choosing and ordering tenants.

use std::borrow::Cow;

use crate::{Direction, Pattern, TenantRecord, TenantStatus};

/// What tenants can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum TenantSort {
    /// Their names, letter case aside.
    #[default]
    Name,
    /// Their ids.
    Id,
    /// How they stand.
    Status,
    /// When they were last read as a whole; those that never were come first.
    SyncedAt,
}

impl TenantSort {
    /// The sort of this name: `name`, `tenant_id`, `status` or `synced_at`.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "name" => Some(Self::Name),
            "tenant_id" => Some(Self::Id),
            "status" => Some(Self::Status),
            "synced_at" => Some(Self::SyncedAt),
            _ => None,
        }
    }

    /// Orders tenants; equal ones by name, then id. Descending is the exact reverse.
    pub fn sort(self, tenants: &mut [TenantRecord], direction: Direction) {
        tenants.sort_by_cached_key(|tenant| {
            let (id, order) = (tenant.id, tenant.order());
            match self {
                Self::Name => (None, None, None, order),
                Self::Id => (Some(id), None, None, order),
                Self::Status => (None, Some(tenant.status.as_str()), None, order),
                Self::SyncedAt => (None, None, tenant.synced_at, order),
            }
        });
        if direction == Direction::Descending {
            tenants.reverse();
        }
    }
}

/// What patterns of tenants are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TenantColumn {
    /// Their names.
    Name,
    /// Their ids.
    Id,
    /// Their domains: the one that new users get, and the one they were made with.
    Domain,
    /// How they stand.
    Status,
}

impl TenantColumn {
    /// The column of this name: `name`, `tenant_id`, `domain` or `status`.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "name" => Some(Self::Name),
            "tenant_id" => Some(Self::Id),
            "domain" => Some(Self::Domain),
            "status" => Some(Self::Status),
            _ => None,
        }
    }

    fn of(self, tenant: &TenantRecord) -> Vec<Cow<'_, str>> {
        let domains = || [&tenant.default_domain, &tenant.initial_domain];
        match self {
            Self::Name => vec![tenant.name.as_str().into()],
            Self::Id => vec![tenant.id.to_string().into()],
            Self::Domain => domains().into_iter().flatten().map(Into::into).collect(),
            Self::Status => vec![tenant.status.as_str().into()],
        }
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
            let pattern = Pattern::new(pattern);
            column.of(tenant).iter().any(|value| pattern.fits(value))
        };
        let named = [TenantColumn::Name, TenantColumn::Id, TenantColumn::Domain];
        let text = self.text.as_ref();
        text.is_none_or(|text| named.into_iter().any(|column| fits(column, text)))
            && self.like.iter().all(|(column, pattern)| fits(*column, pattern))
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
            (TenantSort::Name, ["alpha", "Alpha_2", "Beta", "Gamma"]),
            (TenantSort::Id, ["alpha", "Gamma", "Beta", "Alpha_2"]),
            (TenantSort::Status, ["alpha", "Alpha_2", "Beta", "Gamma"]),
            (TenantSort::SyncedAt, ["Gamma", "Alpha_2", "Beta", "alpha"]),
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
        for name in ["name", "tenant_id", "domain", "status"] {
            assert!(TenantColumn::named(name).is_some(), "{name}");
        }
        assert_eq!(TenantColumn::named("shoe_size"), None);
    }
}
