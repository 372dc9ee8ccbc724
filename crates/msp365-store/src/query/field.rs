//! What lists can be filtered and sorted by, whatever they list.

use std::borrow::Cow;

use msp365_core::TenantId;

use super::list::{APART, bare, listed};
use crate::{
    Error, Resource, Result,
    row::{Row, any_rows},
};

/// What stands for an absent number or moment in sort keys: it is before all others.
pub(crate) const ABSENT: i64 = -i64::MAX;
/// What stands between the names of a list of names.
pub(crate) const BETWEEN: &str = "; ";

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FieldKind {
    Text,
    /// Several names in one text, in order.
    Names,
    /// Several texts, of which any one may be meant; stored as a JSON array.
    List,
    Truth,
    Time,
    /// A day as text, `2026-01-31`.
    Day,
    Number,
}

impl FieldKind {
    /// Whether its sort keys are texts; else they are numbers.
    pub(crate) const fn is_text(self) -> bool {
        matches!(self, Self::Text | Self::Names | Self::List | Self::Day)
    }
}

/// One thing that rows of a resource can be filtered and sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// What it is called in filters.
    pub(crate) name: &'static str,
    /// Its value as an expression over the columns of the table.
    pub(crate) sql: &'static str,
    pub(crate) kind: FieldKind,
    /// The stream that brings it, where what is absent may not have been read.
    pub(crate) stream: Option<Resource>,
}

impl Field {
    /// The tenant of a row, by its name.
    pub(crate) const TENANT: Self = Self {
        name: "tenant",
        sql: "",
        kind: FieldKind::Text,
        stream: None,
    };
    /// The tenant of a row, by its id.
    pub(crate) const TENANT_ID: Self = Self {
        name: "tenant_id",
        sql: "",
        kind: FieldKind::Text,
        stream: None,
    };
    /// All names and addresses of a user, any one of which may be meant.
    pub(crate) const ANY_NAME: Self = Self {
        name: "name_or_address",
        sql: "coalesce(display_name, '') || '\u{1f}' || user_principal_name || '\u{1f}' || coalesce(mail, '') \
              || '\u{1f}' || bare(proxy_addresses)",
        kind: FieldKind::List,
        stream: None,
    };
    /// The column of addresses with their kinds.
    const ADDRESSES: &'static str = "proxy_addresses";

    /// Whether it tells of the tenant, which is in no column.
    pub(crate) const fn is_of_tenant(&self) -> bool {
        self.sql.is_empty()
    }

    /// What it tells of a tenant.
    pub(crate) fn of_tenant(&self, id: &TenantId, name: &str) -> String {
        if self.name == Self::TENANT_ID.name {
            id.to_string()
        } else {
            name.to_owned()
        }
    }

    /// Whether nothing in it means that something never happened.
    pub(crate) fn is_event(&self) -> bool {
        let is_of_acts = self.name.starts_with("last_") || self.name == "synced_at";
        is_of_acts && matches!(self.kind, FieldKind::Time | FieldKind::Day)
    }

    /// The text that patterns are about, as an expression; of a list all texts, with [`APART`] between them. An address
    /// is among them with its kind and without.
    pub(crate) fn whole(&self) -> Cow<'static, str> {
        match self.kind {
            FieldKind::List if *self == Self::ANY_NAME => self.sql.into(),
            FieldKind::List if self.sql == Self::ADDRESSES => {
                let column = self.sql;
                format!("listed({column}) || '{APART}' || bare({column})").into()
            }
            FieldKind::List => format!("listed({})", self.sql).into(),
            _ => self.sql.into(),
        }
    }

    /// The same of a user's or other row's texts: `text` answers those of a column.
    pub(crate) fn whole_of<'a>(&self, text: impl Fn(&'static str) -> Cow<'a, str>) -> Cow<'a, str> {
        match self.kind {
            FieldKind::List if *self == Self::ANY_NAME => {
                let [name, sign_in, mail] = ["display_name", "user_principal_name", "mail"].map(&text);
                let addresses = bare(&text(Self::ADDRESSES));
                [&name, &sign_in, &mail, addresses.as_str()].join(APART).into()
            }
            FieldKind::List if self.sql == Self::ADDRESSES => {
                let json = text(self.sql);
                [listed(&json), bare(&json)].join(APART).into()
            }
            FieldKind::List => listed(&text(self.sql)).into(),
            _ => text(self.sql),
        }
    }

    /// What stands between its texts.
    pub(crate) const fn between(&self) -> &'static str {
        match self.kind {
            FieldKind::List => APART,
            _ => BETWEEN,
        }
    }

    /// The columns that its value is made from.
    pub(crate) fn columns(&self) -> Vec<&'static str> {
        if *self == Self::ANY_NAME {
            vec!["display_name", "user_principal_name", "mail", Self::ADDRESSES]
        } else {
            vec![self.sql]
        }
    }

    /// The field of a resource by its name.
    pub(crate) fn of(resource: Resource, name: &str) -> Result<Self> {
        let name = name.trim();
        let of_tenant = [Self::TENANT, Self::TENANT_ID];
        if let Some(field) = of_tenant.into_iter().find(|field| field.name == name) {
            return Ok(field);
        }
        let fields = any_rows!(resource, type R => R::FIELDS);
        let found = fields.iter().find(|field| field.name == name);
        found.copied().ok_or_else(|| Error::UnknownColumn {
            of: resource.as_str(),
            name: name.to_owned(),
            columns: of_tenant
                .iter()
                .chain(fields)
                .map(|field| field.name)
                .collect::<Vec<_>>()
                .join(", "),
        })
    }
}
