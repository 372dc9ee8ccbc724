//! A question to a list, whatever it lists: what has to hold, the order, and which page.

use msp365_core::TenantId;
use serde::{Deserialize, Serialize};

use super::{Direction, Field, Test};
use crate::{Error, Resource, Result};

/// Rows on a page unless told otherwise.
pub(crate) const PAGE_SIZE: usize = 100;

/// Which rows of a resource are wanted, in which order, and which page of them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Find {
    pub(crate) resource: Resource,
    /// Those of these tenants; `None` for all.
    pub(crate) tenants: Option<Vec<TenantId>>,
    /// The tenants that were asked for by their ids.
    pub(crate) named: Vec<TenantId>,
    pub(crate) tests: Vec<Test>,
    /// Those named by tenant and key alone.
    pub(crate) only: Option<Vec<(TenantId, String)>>,
    /// All but those.
    pub(crate) except: Vec<(TenantId, String)>,
    pub(crate) sort: Field,
    pub(crate) direction: Direction,
    pub(crate) number: usize,
    pub(crate) size: usize,
    pub(crate) mark: Option<String>,
}

/// Where a page ended: the sort key, key and tenant of its last row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Mark {
    sort: String,
    pub(crate) key: SortKey,
    pub(crate) id: String,
    pub(crate) tenant: TenantId,
}

/// What rows are ordered by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum SortKey {
    Number(i64),
    Text(String),
}

/// Where a row is: what it is ordered by, and its number in the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hit {
    pub(crate) key: SortKey,
    pub(crate) id: String,
    pub(crate) tenant: i64,
    pub(crate) row: i64,
}

impl Find {
    pub(crate) const fn of(resource: Resource, sort: Field) -> Self {
        Self {
            resource,
            tenants: None,
            named: Vec::new(),
            tests: Vec::new(),
            only: None,
            except: Vec::new(),
            sort,
            direction: Direction::Ascending,
            number: 1,
            size: PAGE_SIZE,
            mark: None,
        }
    }

    /// Takes in these tenants, too; none leaves it as it is.
    pub(crate) fn widen(&mut self, tenants: impl IntoIterator<Item = TenantId>) {
        let mut tenants = tenants.into_iter().peekable();
        if tenants.peek().is_some() {
            let before = self.named.len();
            self.named.extend(tenants);
            let new = self.named.iter().skip(before).copied();
            self.tenants.get_or_insert_default().extend(new);
        }
    }

    /// The page of this number, with so many rows, in place of one that a mark named.
    pub(crate) fn turn_to(&mut self, number: usize, size: usize) {
        self.number = number;
        self.size = size;
        self.mark = None;
    }

    /// Keeps only these tenants of those that were wanted so far.
    pub(crate) fn narrow(&mut self, tenants: Vec<TenantId>) {
        self.tenants = Some(match self.tenants.take() {
            None => tenants,
            Some(wanted) => wanted.into_iter().filter(|one| tenants.contains(one)).collect(),
        });
    }

    pub(crate) fn is_by_tenant(&self) -> bool {
        self.sort.is_of_tenant()
    }

    /// Rows of a page.
    pub(crate) fn size(&self) -> usize {
        self.size.max(1)
    }

    /// Rows before the page, where it is asked for by its number.
    pub(crate) fn skip(&self) -> usize {
        match self.mark {
            Some(_) => 0,
            None => self.number.saturating_sub(1).saturating_mul(self.size()),
        }
    }

    fn sort_name(&self) -> String {
        let sign = match self.direction {
            Direction::Ascending => "",
            Direction::Descending => "-",
        };
        format!("{sign}{}", self.sort.name)
    }

    /// The mark of a page that ends with this row.
    pub(crate) fn mark(&self, last: &Hit, tenant: TenantId) -> Option<String> {
        let mark = Mark {
            sort: self.sort_name(),
            key: last.key.clone(),
            id: last.id.clone(),
            tenant,
        };
        serde_json::to_string(&mark)
            .ok()
            .map(|json| format!("{}:{json}", self.resource.as_str()))
    }

    /// Where the page before this one ended.
    pub(crate) fn begin(&self) -> Result<Option<Mark>> {
        let Some(text) = &self.mark else { return Ok(None) };
        let json = text
            .strip_prefix(self.resource.as_str())
            .and_then(|rest| rest.strip_prefix(':'));
        let mark = json.and_then(|json| serde_json::from_str::<Mark>(json).ok());
        let fits = |mark: &Mark| {
            let is_text = matches!(mark.key, SortKey::Text(_));
            mark.sort == self.sort_name() && is_text == self.sort.kind.is_text()
        };
        mark.filter(fits)
            .map(Some)
            .ok_or_else(|| Error::PageMark { mark: text.clone() })
    }
}
