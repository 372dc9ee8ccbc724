//! The user list in memory.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use msp365_core::TenantId;

use super::State;
use crate::{
    Direction, LastSignIn, MembershipRow, Resource, Result, RoleAssignmentRow, SignInRow, TenantRecord,
    UserColumn, UserPage, UserQuery, UserRow, UserView,
    query::{ColumnKind, NOT_LICENSED, Pattern, SignInState, Test},
    row::Row,
};

struct Candidate<'a> {
    tenant: &'a TenantRecord,
    user: &'a UserRow,
    last_sign_in: LastSignIn,
}

/// A test with its pattern made ready.
enum Check<'a> {
    Test(&'a Test),
    Like(UserColumn, Pattern),
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum SortKey {
    Text(Option<String>),
    Truth(Option<bool>),
    Time(Option<Timestamp>),
}

impl State {
    pub(super) fn users(&self, query: &UserQuery) -> Result<UserPage> {
        let (offset, size) = query.window()?;
        let checks: Vec<Check<'_>> = query
            .tests
            .iter()
            .map(|test| match test {
                Test::Like(column, pattern) => Check::Like(*column, Pattern::new(pattern)),
                other => Check::Test(other),
            })
            .collect();
        let wanted: BTreeSet<_> = query.tenants.iter().collect();
        let mut found: Vec<Candidate<'_>> = self
            .tenants
            .values()
            .filter(|tenant| wanted.is_empty() || wanted.contains(&tenant.id))
            .flat_map(|tenant| self.candidates(tenant))
            .filter(|candidate| checks.iter().all(|check| check.accepts(candidate)))
            .collect();
        let (column, direction) = query.sort;
        found.sort_by_cached_key(Candidate::id);
        found.sort_by(|one, other| match direction {
            Direction::Ascending => one.sort_key(column).cmp(&other.sort_key(column)),
            Direction::Descending => other.sort_key(column).cmp(&one.sort_key(column)),
        });
        let count = found.len() as u64;
        let rows: Vec<UserView> = found
            .iter()
            .skip(offset)
            .take(size)
            .map(|candidate| self.view(candidate))
            .collect();
        let next = UserQuery::next(offset, rows.len(), count);
        Ok(UserPage { count, rows, next })
    }

    fn candidates<'a>(&'a self, tenant: &'a TenantRecord) -> impl Iterator<Item = Candidate<'a>> {
        let sign_ins: HashMap<&str, Option<Timestamp>> = self
            .typed::<SignInRow>(&tenant.id)
            .map(|row| (row.user_id.as_str(), row.latest()))
            .collect();
        let without = self.without_date(&tenant.id);
        self.typed::<UserRow>(&tenant.id).map(move |user| Candidate {
            tenant,
            user,
            last_sign_in: sign_ins
                .get(user.id.as_str())
                .copied()
                .flatten()
                .map_or(without, LastSignIn::Date),
        })
    }

    /// What is known of a user of whom no date is known.
    fn without_date(&self, tenant: &TenantId) -> LastSignIn {
        match self.streams.get(&(*tenant, Resource::SignIns)) {
            Some(stream) if stream.stale_because.as_deref() == Some(NOT_LICENSED) => LastSignIn::NotLicensed,
            Some(stream) if stream.fresh_as_of.is_some() => LastSignIn::Never,
            _ => LastSignIn::Unknown,
        }
    }

    fn view(&self, candidate: &Candidate<'_>) -> UserView {
        let (tenant, user) = (&candidate.tenant.id, &candidate.user.id);
        let mut principals: BTreeSet<&str> = self
            .typed::<MembershipRow>(tenant)
            .filter(|membership| membership.member_id == *user)
            .map(|membership| membership.group_id.as_str())
            .collect();
        principals.insert(user);
        let roles: BTreeSet<&str> = self
            .typed::<RoleAssignmentRow>(tenant)
            .filter(|assignment| principals.contains(assignment.principal_id.as_str()))
            .map(RoleAssignmentRow::label)
            .collect();
        UserView {
            tenant_id: *tenant,
            tenant_name: candidate.tenant.name.clone(),
            user: candidate.user.clone(),
            roles: roles.into_iter().map(str::to_owned).collect(),
            last_sign_in: candidate.last_sign_in,
        }
    }

    fn typed<R: Row>(&self, tenant: &TenantId) -> impl Iterator<Item = &R> {
        self.table(tenant, R::RESOURCE)
            .flat_map(|(_, entry)| R::of(&entry.row))
    }
}

impl Check<'_> {
    fn accepts(&self, of: &Candidate<'_>) -> bool {
        match self {
            Self::Like(column, pattern) => of.text(*column).is_some_and(|text| pattern.fits(text)),
            Self::Test(Test::Like(column, pattern)) => of
                .text(*column)
                .is_some_and(|text| Pattern::new(pattern).fits(text)),
            Self::Test(Test::Text(column, wanted)) => {
                let value = of.text(*column).unwrap_or_default();
                value.to_lowercase() == wanted.to_lowercase()
            }
            Self::Test(Test::Truth(column, wanted)) => of.truth(*column) == Some(*wanted),
            Self::Test(Test::Before(column, moment)) => of.time(*column).is_some_and(|time| time < *moment),
            Self::Test(Test::Since(column, moment)) => of.time(*column).is_some_and(|time| time >= *moment),
            Self::Test(Test::SignIn(state)) => matches!(
                (state, of.last_sign_in),
                (SignInState::Never, LastSignIn::Never)
                    | (SignInState::Unknown, LastSignIn::Unknown)
                    | (SignInState::NotLicensed, LastSignIn::NotLicensed)
            ),
        }
    }
}

impl Candidate<'_> {
    fn id(&self) -> (TenantId, String) {
        (self.tenant.id, self.user.id.clone())
    }

    fn sort_key(&self, column: UserColumn) -> SortKey {
        match column.kind() {
            ColumnKind::Text => SortKey::Text(self.text(column).map(str::to_ascii_lowercase)),
            ColumnKind::Truth => SortKey::Truth(self.truth(column)),
            ColumnKind::Time => SortKey::Time(self.time(column)),
        }
    }

    fn text(&self, column: UserColumn) -> Option<&str> {
        let user = self.user;
        match column {
            UserColumn::Id => Some(&user.id),
            UserColumn::Tenant => Some(&self.tenant.name),
            UserColumn::UserPrincipalName => Some(&user.user_principal_name),
            UserColumn::DisplayName => user.display_name.as_deref(),
            UserColumn::GivenName => user.given_name.as_deref(),
            UserColumn::Surname => user.surname.as_deref(),
            UserColumn::Mail => user.mail.as_deref(),
            UserColumn::UserType => user.user_type.as_deref(),
            UserColumn::JobTitle => user.job_title.as_deref(),
            UserColumn::Department => user.department.as_deref(),
            UserColumn::CompanyName => user.company_name.as_deref(),
            UserColumn::OfficeLocation => user.office_location.as_deref(),
            UserColumn::City => user.city.as_deref(),
            UserColumn::Country => user.country.as_deref(),
            UserColumn::UsageLocation => user.usage_location.as_deref(),
            UserColumn::EmployeeId => user.employee_id.as_deref(),
            UserColumn::AccountEnabled
            | UserColumn::OnPremisesSyncEnabled
            | UserColumn::CreatedAt
            | UserColumn::LastPasswordChangeAt
            | UserColumn::LastSignIn => None,
        }
    }

    fn truth(&self, column: UserColumn) -> Option<bool> {
        match column {
            UserColumn::AccountEnabled => self.user.account_enabled,
            UserColumn::OnPremisesSyncEnabled => self.user.on_premises_sync_enabled,
            _ => None,
        }
    }

    fn time(&self, column: UserColumn) -> Option<Timestamp> {
        match (column, self.last_sign_in) {
            (UserColumn::CreatedAt, _) => self.user.created_at,
            (UserColumn::LastPasswordChangeAt, _) => self.user.last_password_change_at,
            (UserColumn::LastSignIn, LastSignIn::Date(at)) => Some(at),
            _ => None,
        }
    }
}
