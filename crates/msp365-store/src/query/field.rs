//! What lists can be filtered and sorted by, whatever they list.

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
    Truth,
    Time,
    Number,
}

impl FieldKind {
    /// Whether its sort keys are texts; else they are numbers.
    pub(crate) const fn is_text(self) -> bool {
        matches!(self, Self::Text | Self::Names)
    }
}

/// One thing that rows of a resource can be filtered and sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Field {
    /// What it is called in filters.
    pub(crate) name: &'static str,
    /// Its value as an expression over the columns of the table.
    pub(crate) sql: &'static str,
    pub(crate) kind: FieldKind,
}

impl Field {
    /// The tenant of a row, by its name.
    pub(crate) const TENANT: Self = Self {
        name: "tenant",
        sql: "",
        kind: FieldKind::Text,
    };
    /// The tenant of a row, by its id.
    pub(crate) const TENANT_ID: Self = Self {
        name: "tenant_id",
        sql: "",
        kind: FieldKind::Text,
    };
    /// All names and addresses of a user in one text.
    pub(crate) const ANY_NAME: Self = Self {
        name: "name_or_address",
        sql: "coalesce(display_name, '') || ' | ' || user_principal_name || ' | ' || coalesce(mail, '') \
              || ' | ' || coalesce(proxy_addresses, '')",
        kind: FieldKind::Text,
    };

    /// Whether it tells of the tenant, which is in no column.
    pub(crate) const fn is_of_tenant(&self) -> bool {
        self.sql.is_empty()
    }

    /// The columns that its value is made from.
    pub(crate) fn columns(&self) -> Vec<&'static str> {
        if *self == Self::ANY_NAME {
            vec!["display_name", "user_principal_name", "mail", "proxy_addresses"]
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
