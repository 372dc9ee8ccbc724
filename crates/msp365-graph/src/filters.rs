//! The filters that the service takes, by kind of property. Source: Microsoft's table of advanced query support, with
//! which the notes of its SDK of 2026 still agree.

use msp365_core::query::{
    Filters,
    Need::{Advanced, Plain},
};

const NONE: Filters = Filters::NONE;

/// An object id.
pub(crate) const ID: Filters = NONE.eq(Plain).ne(Advanced).one_of(Plain);
/// A name or other text of people, groups and devices.
pub(crate) const NAME: Filters = NONE
    .eq(Plain)
    .ne(Advanced)
    .range(Plain)
    .one_of(Plain)
    .starts(Plain)
    .null(Advanced)
    .order(Advanced);
/// The display name, which can also be sorted by in a plain query.
pub(crate) const DISPLAY_NAME: Filters = NAME.order(Plain);
/// A mail address.
pub(crate) const MAIL: Filters = NAME.ends(Advanced);
/// The sign-in name, which is never null.
pub(crate) const SIGN_IN_NAME: Filters = NONE
    .eq(Plain)
    .ne(Advanced)
    .range(Plain)
    .one_of(Plain)
    .starts(Plain)
    .ends(Advanced)
    .order(Plain);
/// A text that only advanced queries filter.
pub(crate) const SLOW_NAME: Filters = NONE
    .eq(Advanced)
    .ne(Advanced)
    .range(Advanced)
    .one_of(Advanced)
    .starts(Advanced)
    .null(Advanced)
    .order(Advanced);
/// A time that only advanced queries filter.
pub(crate) const SLOW_TIME: Filters = NONE
    .eq(Advanced)
    .ne(Advanced)
    .range(Advanced)
    .one_of(Advanced)
    .order(Advanced);
/// A yes or no.
pub(crate) const FLAG: Filters = NONE.eq(Plain).ne(Advanced);
/// A yes or no that also takes `in`.
pub(crate) const FLAG_IN: Filters = FLAG.one_of(Plain);
/// A yes or no that may be null.
pub(crate) const FLAG_OR_NULL: Filters = FLAG_IN.null(Advanced);
/// Member or guest.
pub(crate) const USER_TYPE: Filters = FLAG_OR_NULL;
/// When something was created.
pub(crate) const CREATED: Filters = NONE
    .eq(Plain)
    .ne(Advanced)
    .range(Plain)
    .one_of(Advanced)
    .null(Advanced)
    .order(Advanced);
/// When something was last seen.
pub(crate) const LAST_SEEN: Filters = NONE
    .eq(Plain)
    .ne(Advanced)
    .range(Plain)
    .null(Advanced)
    .order(Advanced);
/// When somebody last signed in; cannot be combined with other filters.
pub(crate) const SIGN_IN: Filters = NONE.eq(Plain).ne(Advanced).range(Plain).lonely();
/// A list, filtered by one of its elements.
pub(crate) const LIST: Filters = NONE.eq(Plain).ne(Advanced);
/// A list of objects, filtered by a GUID in one of its elements.
pub(crate) const GUIDS: Filters = LIST.guid();
/// An operating system or its version.
pub(crate) const SYSTEM: Filters = NONE
    .eq(Plain)
    .ne(Advanced)
    .range(Plain)
    .starts(Plain)
    .null(Advanced);
/// The id of a device's registration.
pub(crate) const DEVICE_ID: Filters = NONE.eq(Plain).ne(Advanced).starts(Plain);
/// Only equality, for services that offer no more.
pub(crate) const EQUAL: Filters = NONE.eq(Plain);
/// Equality with a GUID.
pub(crate) const EQUAL_GUID: Filters = EQUAL.guid();
/// Equality with one or several values.
pub(crate) const ONE_OF: Filters = EQUAL.one_of(Plain);
/// Equality or a beginning, in the sign-in log.
pub(crate) const LOGGED_NAME: Filters = EQUAL.starts(Plain);
/// A time in a log, which can also be sorted by.
pub(crate) const LOGGED_TIME: Filters = EQUAL.range(Plain).order(Plain);
/// A time that can only be compared.
pub(crate) const SYNCED_TIME: Filters = NONE.range(Plain);
