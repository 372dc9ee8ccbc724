//! Properties of models, and the filters the service takes on each.

use std::{fmt, marker::PhantomData};

use super::{Filter, Literal};
use crate::model::Kind;

/// Most values in one `in`.
const ONE_OF_BOUND: usize = 15;

/// What a filter requires.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Need {
    /// The service refuses it.
    #[default]
    Refused,
    /// Nothing.
    Plain,
    /// An advanced query: `ConsistencyLevel: eventual` and `$count=true`, answered from an index that lags.
    Advanced,
}

/// The filters that the service takes on one property.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Filters {
    /// `eq`.
    pub eq: Need,
    /// `ne` and `not`.
    pub ne: Need,
    /// `ge`, `le`, `gt`, `lt`.
    pub range: Need,
    /// `in`.
    pub one_of: Need,
    /// `startswith`.
    pub starts: Need,
    /// `endswith`.
    pub ends: Need,
    /// `eq null` and `ne null`.
    pub null: Need,
    /// Sorting.
    pub order: Need,
    /// Whether the service treats text values as GUIDs, written without quotes.
    pub is_guid: bool,
    /// Whether the filter cannot be combined with others.
    pub is_lonely: bool,
}

impl Filters {
    /// None at all.
    pub const NONE: Self = Self {
        eq: Need::Refused,
        ne: Need::Refused,
        range: Need::Refused,
        one_of: Need::Refused,
        starts: Need::Refused,
        ends: Need::Refused,
        null: Need::Refused,
        order: Need::Refused,
        is_guid: false,
        is_lonely: false,
    };

    /// With `eq`.
    #[must_use]
    pub const fn eq(mut self, need: Need) -> Self {
        self.eq = need;
        self
    }

    /// With `ne`, and with `not` before it.
    #[must_use]
    pub const fn ne(mut self, need: Need) -> Self {
        self.ne = need;
        self
    }

    /// With `ge`, `le`, `gt` and `lt`.
    #[must_use]
    pub const fn range(mut self, need: Need) -> Self {
        self.range = need;
        self
    }

    /// With `in`.
    #[must_use]
    pub const fn one_of(mut self, need: Need) -> Self {
        self.one_of = need;
        self
    }

    /// With `startswith`.
    #[must_use]
    pub const fn starts(mut self, need: Need) -> Self {
        self.starts = need;
        self
    }

    /// With `endswith`.
    #[must_use]
    pub const fn ends(mut self, need: Need) -> Self {
        self.ends = need;
        self
    }

    /// With comparisons to null.
    #[must_use]
    pub const fn null(mut self, need: Need) -> Self {
        self.null = need;
        self
    }

    /// With sorting.
    #[must_use]
    pub const fn order(mut self, need: Need) -> Self {
        self.order = need;
        self
    }

    /// With values that are GUIDs, written without quotes.
    #[must_use]
    pub const fn guid(mut self) -> Self {
        self.is_guid = true;
        self
    }

    /// Only on its own, with no other filter beside it.
    #[must_use]
    pub const fn lonely(mut self) -> Self {
        self.is_lonely = true;
        self
    }
}

/// A property of the model `M`, by which queries select, filter and sort.
pub struct Property<M> {
    name: &'static str,
    place: u8,
    kind: Kind,
    filters: Filters,
    model: PhantomData<fn() -> M>,
}

impl<M> Property<M> {
    /// A property of this name. Models declare theirs by [`model!`](crate::model!).
    pub const fn new(name: &'static str, place: u8, kind: Kind) -> Self {
        Self {
            name,
            place,
            kind,
            filters: Filters::NONE,
            model: PhantomData,
        }
    }

    /// The property with these filters.
    #[must_use]
    pub const fn filtered(mut self, filters: Filters) -> Self {
        self.filters = filters;
        self
    }

    /// A property inside this one (`status/errorCode`), only for filters.
    #[must_use]
    pub const fn inner(self, path: &'static str, kind: Kind, filters: Filters) -> Self {
        Self {
            name: path,
            kind,
            filters,
            ..self
        }
    }

    /// Its name on the wire.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The filters it takes.
    pub const fn filters(&self) -> Filters {
        self.filters
    }

    pub(crate) const fn kind(&self) -> Kind {
        self.kind
    }

    /// Its place among the fields of the model.
    #[doc(hidden)]
    pub const fn place(&self) -> u8 {
        self.place
    }

    /// Equal to this value.
    pub fn eq(self, value: impl Into<Literal>) -> Filter<M> {
        Filter::compare(self, "eq", self.filters.eq, &value.into())
    }

    /// Not equal to this value.
    pub fn ne(self, value: impl Into<Literal>) -> Filter<M> {
        Filter::compare(self, "ne", self.filters.ne, &value.into())
    }

    /// At least this value.
    pub fn ge(self, value: impl Into<Literal>) -> Filter<M> {
        Filter::compare(self, "ge", self.filters.range, &value.into())
    }

    /// At most this value.
    pub fn le(self, value: impl Into<Literal>) -> Filter<M> {
        Filter::compare(self, "le", self.filters.range, &value.into())
    }

    /// More than this value.
    pub fn gt(self, value: impl Into<Literal>) -> Filter<M> {
        Filter::compare(self, "gt", self.filters.range, &value.into())
    }

    /// Less than this value.
    pub fn lt(self, value: impl Into<Literal>) -> Filter<M> {
        Filter::compare(self, "lt", self.filters.range, &value.into())
    }

    /// Without a value.
    pub fn is_null(self) -> Filter<M> {
        Filter::of(self, self.filters.null, format!("{} eq null", self.name))
    }

    /// With any value.
    pub fn is_not_null(self) -> Filter<M> {
        Filter::of(self, self.filters.null, format!("{} ne null", self.name))
    }

    /// Equal to one of these values, at most fifteen.
    pub fn one_of<L: Into<Literal>>(self, values: impl IntoIterator<Item = L>) -> Filter<M> {
        let mut wrong = None;
        let texts: Vec<String> = values
            .into_iter()
            .filter_map(|value| {
                value
                    .into()
                    .shown(&self)
                    .map_err(|reason| wrong = Some(reason))
                    .ok()
            })
            .collect();
        let count = texts.len();
        let filter = Filter::of(
            self,
            self.filters.one_of,
            format!("{} in ({})", self.name, texts.join(",")),
        );
        match wrong {
            Some(reason) => filter.refuse(reason),
            None if count == 0 || count > ONE_OF_BOUND => filter.refuse("`in` takes one to fifteen values"),
            None => filter,
        }
    }

    /// A text that begins with this, ignoring case.
    pub fn starts_with(self, text: &str) -> Filter<M> {
        Filter::call(self, "startswith", self.filters.starts, text)
    }

    /// A text that ends with this, ignoring case.
    pub fn ends_with(self, text: &str) -> Filter<M> {
        Filter::call(self, "endswith", self.filters.ends, text)
    }

    /// A list with an element equal to this value.
    pub fn any(self, value: impl Into<Literal>) -> Filter<M> {
        Filter::any(self, "x", &value.into())
    }

    /// A list of objects, one of which has a member equal to this value.
    pub fn any_with(self, member: &'static str, value: impl Into<Literal>) -> Filter<M> {
        Filter::any(self, &format!("x/{member}"), &value.into())
    }
}

impl<M> Clone for Property<M> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M> Copy for Property<M> {}

impl<M> AsRef<str> for Property<M> {
    fn as_ref(&self) -> &str {
        self.name
    }
}

impl<M> fmt::Display for Property<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl<M> fmt::Debug for Property<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Property").field(&self.name).finish()
    }
}
