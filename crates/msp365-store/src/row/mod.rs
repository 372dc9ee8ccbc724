//! The rows of the directory: one type per resource, each a table of typed columns.

mod cell;
mod device;
mod entry;
mod group;
mod packed;
mod user;

pub use cell::Names;
pub use device::{DeviceRow, ManagedDeviceRow};
pub use entry::{LicenseRow, MailboxRow, RoleAssignmentRow, SignInRow};
pub use group::{GroupRow, MembershipRow};
pub use user::{UserLicense, UserRow};

#[cfg_attr(
    not(feature = "postgres"),
    expect(unused_imports, reason = "SQLite types values, not columns")
)]
pub(crate) use cell::Kind;
pub(crate) use cell::{Cell, Column};
pub(crate) use packed::{Packed, PackedRow, digest};

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::{Resource, query::Field};

/// A row type and its table.
pub(crate) trait Row: Clone + Default + Send + Sync + Sized + 'static {
    const RESOURCE: Resource;
    const COLUMNS: &'static [&'static str];
    /// What they hold, in the same order.
    #[cfg_attr(
        not(feature = "postgres"),
        expect(dead_code, reason = "SQLite types values, not columns")
    )]
    const KINDS: &'static [Kind];
    /// What lists of them can be filtered and sorted by.
    const FIELDS: &'static [Field];
    /// The key as an expression over the columns.
    const KEY: &'static str;

    /// The text that names the row within its tenant and resource.
    fn key(&self) -> Cow<'_, str>;

    /// The values in the order of the columns.
    fn cells<'a>(&'a self, into: &mut Vec<Cell<'a>>);

    /// The row back from its values; the error is the column that cannot be read.
    fn from_cells(cells: &mut dyn Iterator<Item = Cell<'_>>) -> Result<Self, &'static str>;

    fn into_rows(rows: Vec<Self>) -> Rows;

    /// The rows if they are of this type, else none.
    fn of(rows: &Rows) -> &[Self];
}

/// The key of a membership, and the start of the keys of all members of a group.
pub(crate) fn join<const N: usize>(parts: [&str; N]) -> Cow<'_, str> {
    match parts.as_slice() {
        [only] => Cow::Borrowed(*only),
        more => Cow::Owned(more.join("/")),
    }
}

/// Defines a row type with its table.
macro_rules! row {
    (
        $(#[$meta:meta])*
        pub struct $name:ident of $resource:ident by ($first:ident $(, $more:ident)*) {
            $($(#[$field_meta:meta])* pub $field:ident: $type:ty,)+
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(default)]
        #[non_exhaustive]
        pub struct $name {
            $($(#[$field_meta])* pub $field: $type,)+
        }

        impl $name {
            /// A row of this key that nothing else is known of.
            pub fn new($first: impl Into<String> $(, $more: impl Into<String>)*) -> Self {
                Self { $first: $first.into(), $($more: $more.into(),)* ..Self::default() }
            }
        }

        impl $crate::row::Row for $name {
            const RESOURCE: $crate::Resource = $crate::Resource::$resource;
            const COLUMNS: &'static [&'static str] = &[$(stringify!($field)),+];
            const KINDS: &'static [$crate::row::Kind] = &[$(<$type as $crate::row::Column>::KIND),+];
            const FIELDS: &'static [$crate::query::Field] = &[$($crate::query::Field {
                name: stringify!($field),
                sql: stringify!($field),
                kind: <$type as $crate::row::Column>::FIELD,
                stream: Some($crate::Resource::$resource.stream()),
            }),+];
            const KEY: &'static str = concat!(stringify!($first) $(, " || '/' || ", stringify!($more))*);

            fn key(&self) -> std::borrow::Cow<'_, str> {
                $crate::row::join([self.$first.as_str() $(, self.$more.as_str())*])
            }

            fn cells<'a>(&'a self, into: &mut Vec<$crate::row::Cell<'a>>) {
                $(into.push($crate::row::Column::to_cell(&self.$field));)+
            }

            fn from_cells(
                cells: &mut dyn Iterator<Item = $crate::row::Cell<'_>>,
            ) -> Result<Self, &'static str> {
                Ok(Self {
                    $($field: cells
                        .next()
                        .and_then($crate::row::Column::from_cell)
                        .ok_or(stringify!($field))?,)+
                })
            }

            fn into_rows(rows: Vec<Self>) -> $crate::Rows {
                $crate::Rows::$resource(rows)
            }

            fn of(rows: &$crate::Rows) -> &[Self] {
                match rows {
                    $crate::Rows::$resource(rows) => rows,
                    _ => &[],
                }
            }
        }

        impl From<Vec<$name>> for $crate::Rows {
            fn from(rows: Vec<$name>) -> Self {
                Self::$resource(rows)
            }
        }
    };
}
use row;

/// Runs the same code for the rows of any resource, or for the row type that belongs to a resource.
macro_rules! any_rows {
    ($of:expr, $rows:ident => $do:expr) => {
        match $of {
            $crate::Rows::Users($rows) => $do,
            $crate::Rows::Groups($rows) => $do,
            $crate::Rows::Memberships($rows) => $do,
            $crate::Rows::RoleAssignments($rows) => $do,
            $crate::Rows::Licenses($rows) => $do,
            $crate::Rows::Devices($rows) => $do,
            $crate::Rows::ManagedDevices($rows) => $do,
            $crate::Rows::SignIns($rows) => $do,
            $crate::Rows::Mailboxes($rows) => $do,
        }
    };
    ($of:expr, type $row:ident => $do:expr) => {
        match $of {
            $crate::Resource::Users => {
                type $row = $crate::UserRow;
                $do
            }
            $crate::Resource::Groups => {
                type $row = $crate::GroupRow;
                $do
            }
            $crate::Resource::Memberships => {
                type $row = $crate::MembershipRow;
                $do
            }
            $crate::Resource::RoleAssignments => {
                type $row = $crate::RoleAssignmentRow;
                $do
            }
            $crate::Resource::Licenses => {
                type $row = $crate::LicenseRow;
                $do
            }
            $crate::Resource::Devices => {
                type $row = $crate::DeviceRow;
                $do
            }
            $crate::Resource::ManagedDevices => {
                type $row = $crate::ManagedDeviceRow;
                $do
            }
            $crate::Resource::SignIns => {
                type $row = $crate::SignInRow;
                $do
            }
            $crate::Resource::Mailboxes => {
                type $row = $crate::MailboxRow;
                $do
            }
        }
    };
}
pub(crate) use any_rows;

/// Rows of one resource.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "resource", content = "rows")]
#[non_exhaustive]
pub enum Rows {
    /// Users.
    Users(Vec<UserRow>),
    /// Groups.
    Groups(Vec<GroupRow>),
    /// Members of groups.
    Memberships(Vec<MembershipRow>),
    /// Directory roles held.
    RoleAssignments(Vec<RoleAssignmentRow>),
    /// Subscribed SKUs.
    Licenses(Vec<LicenseRow>),
    /// Devices in the directory.
    Devices(Vec<DeviceRow>),
    /// Devices in Intune.
    ManagedDevices(Vec<ManagedDeviceRow>),
    /// Last sign-ins.
    SignIns(Vec<SignInRow>),
    /// Mailbox usage.
    Mailboxes(Vec<MailboxRow>),
}

impl Rows {
    /// How many there are.
    pub fn len(&self) -> usize {
        any_rows!(self, rows => rows.len())
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What they are.
    pub const fn resource(&self) -> Resource {
        match self {
            Self::Users(_) => Resource::Users,
            Self::Groups(_) => Resource::Groups,
            Self::Memberships(_) => Resource::Memberships,
            Self::RoleAssignments(_) => Resource::RoleAssignments,
            Self::Licenses(_) => Resource::Licenses,
            Self::Devices(_) => Resource::Devices,
            Self::ManagedDevices(_) => Resource::ManagedDevices,
            Self::SignIns(_) => Resource::SignIns,
            Self::Mailboxes(_) => Resource::Mailboxes,
        }
    }

    /// The key of the last row, after which the next rows begin.
    ///
    /// A key is the id of the row; of a membership it is `group/member`, of a mailbox its user principal name.
    pub fn last_key(&self) -> Option<String> {
        any_rows!(self, rows => rows.last().map(|row| Row::key(row).into_owned()))
    }
}
