//! Licences that are paid for and of no use, as far as stored rows prove it.
//!
//! What is not known is no waste: tenants whose licences were not read to the end, users of whom no sign-in is known, or
//! whose tenant does not show sign-ins, are counted apart. Products that cost nothing are left out. Whether a blocked or
//! silent account still needs its licence, as a large shared mailbox does, is for a person to say.

use std::io::Write;

use jiff::Timestamp;
use msp365_core::TenantId;
use msp365_graph::sku_names;
use msp365_store::{
    DirectoryReader, Incomplete, LastSignIn, LicenseRow, RowQuery, Rows, Times, UserFilter, UserPage,
    UserQuery, UserView,
};
use serde::Serialize;
use serde_json::json;

use crate::{Activity, ActivityLog, Error, Exported, listing, sheet};

/// Products that cost nothing, by part number: they come in tens of thousands of units.
pub const FREE: [&str; 5] = [
    "FLOW_FREE",
    "POWER_BI_STANDARD",
    "POWERAPPS_VIRAL",
    "STREAM",
    "WINDOWS_STORE",
];
/// Rows read at a time.
const PAGE: usize = 1_000;

/// Why a licence is of no use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Idle {
    /// Units that nobody has.
    Unassigned,
    /// Its user may not sign in.
    Blocked,
    /// Its user was made long ago, and never signed in.
    Never,
    /// Its user has not signed in for long.
    Silent,
}

impl Idle {
    /// The reason as it is shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unassigned => "unassigned",
            Self::Blocked => "blocked",
            Self::Never => "never",
            Self::Silent => "silent",
        }
    }
}

/// Units of a product that nobody has, or the licences of a user who makes no use of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Wasted {
    /// The tenant.
    pub tenant_id: TenantId,
    /// Its name.
    pub tenant: String,
    /// Why they are of no use.
    pub why: Idle,
    /// The user's id; `None` of units that nobody has.
    pub user: Option<String>,
    /// The user's sign-in name.
    pub user_principal_name: Option<String>,
    /// The products by name, those aside that cost nothing.
    pub products: Vec<String>,
    /// How many units.
    pub units: i64,
    /// When the user signed in last, where that is why.
    pub last_sign_in: Option<Timestamp>,
}

impl Wasted {
    /// The row as texts, by [`Waste::COLUMNS`].
    pub fn cells(&self, times: &Times) -> [String; 7] {
        [
            self.tenant.clone(),
            self.tenant_id.to_string(),
            self.why.as_str().to_owned(),
            self.user_principal_name.clone().unwrap_or_default(),
            self.products.join("; "),
            self.units.to_string(),
            self.last_sign_in.map(|at| times.show(at)).unwrap_or_default(),
        ]
    }
}

/// What is wasted, and what is not known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Waste {
    /// What is wasted: by tenant, then by why.
    pub rows: Vec<Wasted>,
    /// Users with licences of whom it is not known when they signed in.
    pub unknown: u64,
    /// Users with licences whose tenant does not show sign-ins.
    pub not_licensed: u64,
    /// The tenants whose licences are not all known.
    pub licenses: Incomplete,
    /// The tenants whose users are not all known.
    pub users: Incomplete,
}

/// Finds what is wasted among these licences and users, of whatever tenants the queries are; silent is who has not
/// signed in for so many days.
///
/// # Errors
/// `Invalid` for a query that cannot be; `Storage` if the database failed.
pub async fn waste(
    reader: &dyn DirectoryReader,
    (licenses, users): (&RowQuery, &UserQuery),
    days: u32,
    now: Timestamp,
) -> Result<Waste, Error> {
    let mut found = Waste::default();
    found.of_units(reader, licenses).await?;
    let wanted = |conditions: &[&str]| -> Result<UserQuery, Error> {
        let mut query = users
            .clone()
            .page(1, PAGE)
            .filter(UserFilter::parse("licenses~%", now)?);
        for condition in conditions {
            query = query.filter(UserFilter::parse(condition, now)?);
        }
        Ok(query)
    };
    let (silent, before) = (format!("last_sign_in>{days}d"), format!("created_at>{days}d"));
    let may = "account_enabled=true";
    for (why, conditions) in [
        (Idle::Blocked, &["account_enabled=false"][..]),
        (Idle::Never, &[may, "last_sign_in=never", &before]),
        (Idle::Silent, &[may, &silent]),
    ] {
        found.of_users(reader, (wanted(conditions)?, why)).await?;
    }
    let count = async |state: &str| -> Result<u64, Error> {
        Ok(reader.user_count(&wanted(&[may, state])?, u64::MAX).await?.0)
    };
    found.unknown = count("last_sign_in=unknown").await?;
    found.not_licensed = count("last_sign_in=not_licensed").await?;
    let order = |row: &Wasted| (row.tenant.to_lowercase(), row.tenant_id, row.why);
    found.rows.sort_by_cached_key(order);
    Ok(found)
}

impl Waste {
    /// The columns of a list of it.
    pub const COLUMNS: [&'static str; 7] = [
        "tenant",
        "tenant_id",
        "why",
        "user_principal_name",
        "products",
        "units",
        "last_sign_in",
    ];

    /// Writes it as CSV, behind a preface such as [`sheet::BOM`], with records in the log of this person that it started
    /// and ended, where one is given. That the reader went away is no failure.
    ///
    /// # Errors
    /// `Storage` if what is written cannot be taken, or where the log cannot be written: before the start, and then
    /// nothing is written, or after the end, as [`Error::Unrecorded`].
    pub async fn export(
        &self,
        by: Option<(&ActivityLog, &str)>,
        (times, preface): (&Times, &str),
        out: &mut (dyn Write + Send),
    ) -> Result<Exported, Error> {
        let Some((log, actor)) = by else {
            let (done, written) = self.write((times, preface), out);
            return written.map(|()| done);
        };
        let mut activity = Activity::new(actor, "export_waste", "started");
        activity.target.push_str("waste");
        activity.asked = Some(json!({ "columns": Self::COLUMNS }));
        listing::recorded(log, activity, async { self.write((times, preface), out) }).await
    }

    fn write(
        &self,
        (times, preface): (&Times, &str),
        out: &mut (dyn Write + Send),
    ) -> (Exported, Result<(), Error>) {
        let lines = self.rows.iter().map(|row| sheet::line(row.cells(times)));
        let (mut done, written) = listing::write_lines((preface, &Self::COLUMNS), lines, out);
        done.incomplete = self.users.clone();
        (done, written)
    }

    async fn of_units(&mut self, reader: &dyn DirectoryReader, query: &RowQuery) -> Result<(), Error> {
        let mut query = query.clone().page(1, PAGE);
        loop {
            let page = reader.row_page(&query).await?;
            let Rows::Licenses(rows) = &page.rows else {
                return Ok(());
            };
            let tenants = page.tenants.iter().zip(&page.tenant_names);
            for (row, (tenant_id, tenant)) in rows.iter().zip(tenants) {
                let was_read = page
                    .source(tenant_id)
                    .is_some_and(|source| source.fresh_as_of.is_some());
                let units = unassigned(row);
                if was_read && units > 0 {
                    self.rows.push(Wasted {
                        tenant_id: *tenant_id,
                        tenant: tenant.clone(),
                        why: Idle::Unassigned,
                        user: None,
                        user_principal_name: None,
                        products: vec![product(&row.sku_id, row.sku_part_number.as_deref())],
                        units,
                        last_sign_in: None,
                    });
                }
            }
            self.licenses = page.incomplete;
            match page.next {
                Some(mark) => query = query.after(mark),
                None => return Ok(()),
            }
        }
    }

    async fn of_users(
        &mut self,
        reader: &dyn DirectoryReader,
        (mut query, why): (UserQuery, Idle),
    ) -> Result<(), Error> {
        loop {
            let UserPage {
                rows,
                next,
                incomplete,
                ..
            } = reader.user_page(&query).await?;
            self.rows
                .extend(rows.into_iter().filter_map(|user| of_user(user, why)));
            self.users = incomplete;
            match next {
                Some(mark) => query = query.after(mark),
                None => return Ok(()),
            }
        }
    }
}

/// Units in force or in grace that nobody has, of a product that users have and that is paid for.
fn unassigned(row: &LicenseRow) -> i64 {
    let is_for_users = row
        .applies_to
        .as_deref()
        .is_some_and(|kind| kind.eq_ignore_ascii_case("User"));
    let status = row.capability_status.as_deref().unwrap_or_default();
    let is_in_use = ["Enabled", "Warning"]
        .iter()
        .any(|one| one.eq_ignore_ascii_case(status));
    if !is_for_users || !is_in_use || is_free(&row.sku_id, row.sku_part_number.as_deref()) {
        return 0;
    }
    let bought = row.enabled.saturating_add(row.warning);
    bought.saturating_sub(row.consumed).max(0)
}

/// The licences of a user that cost something, if there are any.
fn of_user(user: UserView, why: Idle) -> Option<Wasted> {
    let paid = user
        .user
        .licenses
        .iter()
        .filter(|license| !is_free(&license.sku_id, None));
    let mut products: Vec<String> = paid.map(|license| product(&license.sku_id, None)).collect();
    products.sort_unstable();
    products.dedup();
    Some(Wasted {
        tenant_id: user.tenant_id,
        tenant: user.tenant_name,
        why,
        user: Some(user.user.id),
        user_principal_name: Some(user.user.user_principal_name),
        units: i64::try_from(products.len()).ok().filter(|units| *units > 0)?,
        products,
        last_sign_in: match user.last_sign_in {
            LastSignIn::Date(at) => Some(at),
            _ => None,
        },
    })
}

fn is_free(sku: &str, part_number: Option<&str>) -> bool {
    let known = sku_names::find(sku).map(|product| product.part_number);
    let part_number = part_number.or(known);
    part_number.is_some_and(|part_number| FREE.contains(&part_number))
}

/// A product by its name, or else by its part number or id.
fn product(sku: &str, part_number: Option<&str>) -> String {
    let name = sku_names::name(sku).or_else(|| part_number.and_then(sku_names::name));
    name.or(part_number).unwrap_or(sku).to_owned()
}

#[cfg(test)]
mod tests;
