//! Conditions on the rows of a listing.

use std::{fmt, marker::PhantomData};

use super::{Literal, Need, Property, literal::quoted};

/// A condition on rows of the model `M`, built from its properties.
#[must_use = "a filter does nothing until a request takes it"]
pub struct Filter<M> {
    text: String,
    need: Need,
    bond: Bond,
    is_lonely: bool,
    refusal: Option<&'static str>,
    model: PhantomData<fn() -> M>,
}

/// How the parts of a filter are joined, which decides where brackets are needed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bond {
    Single,
    And,
    Or,
}

impl<M> Filter<M> {
    pub(super) fn of(property: Property<M>, need: Need, text: String) -> Self {
        let refusal = (need == Need::Refused).then_some("the property takes no such filter");
        Self {
            text,
            need,
            bond: Bond::Single,
            is_lonely: property.filters().is_lonely,
            refusal,
            model: PhantomData,
        }
    }

    pub(super) fn compare(property: Property<M>, operator: &str, need: Need, value: &Literal) -> Self {
        match value.shown(&property) {
            Ok(value) => Self::of(property, need, format!("{property} {operator} {value}")),
            Err(reason) => Self::of(property, need, String::new()).refuse(reason),
        }
    }

    pub(super) fn call(property: Property<M>, function: &str, need: Need, text: &str) -> Self {
        Self::of(property, need, format!("{function}({property},{})", quoted(text)))
    }

    pub(super) fn any(property: Property<M>, operand: &str, value: &Literal) -> Self {
        let need = property.filters().eq;
        match value.shown(&property) {
            Ok(value) => Self::of(property, need, format!("{property}/any(x:{operand} eq {value})")),
            Err(reason) => Self::of(property, need, String::new()).refuse(reason),
        }
    }

    pub(super) fn refuse(mut self, reason: &'static str) -> Self {
        self.refusal.get_or_insert(reason);
        self
    }

    /// Both conditions.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "conditions are put together from parts used once"
    )]
    pub fn and(self, other: Self) -> Self {
        self.join(&other, Bond::And)
    }

    /// Either condition, or both.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "conditions are put together from parts used once"
    )]
    pub fn or(self, other: Self) -> Self {
        self.join(&other, Bond::Or)
    }

    /// The opposite; an advanced query.
    pub fn negate(mut self) -> Self {
        self.text = format!("not({})", self.text);
        self.bond = Bond::Single;
        self.need = Need::Advanced;
        self
    }

    fn join(self, other: &Self, bond: Bond) -> Self {
        let word = if bond == Bond::And { "and" } else { "or" };
        let part = |filter: &Self| {
            if filter.bond == Bond::Single || filter.bond == bond {
                filter.text.clone()
            } else {
                format!("({})", filter.text)
            }
        };
        let lonely =
            (self.is_lonely || other.is_lonely).then_some("a filter on sign-in activity goes with no other");
        Self {
            text: format!("{} {word} {}", part(&self), part(other)),
            need: if self.need == Need::Advanced {
                self.need
            } else {
                other.need
            },
            bond,
            is_lonely: self.is_lonely || other.is_lonely,
            refusal: self.refusal.or(other.refusal).or(lonely),
            model: PhantomData,
        }
    }

    pub(crate) fn into_text(self) -> String {
        self.text
    }

    /// The condition in the service's syntax, before percent-encoding.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it needs an advanced query.
    pub fn is_advanced(&self) -> bool {
        self.need == Need::Advanced
    }

    /// Why no request takes it, if that is so.
    pub const fn refusal(&self) -> Option<&'static str> {
        self.refusal
    }
}

impl<M> Clone for Filter<M> {
    fn clone(&self) -> Self {
        Self {
            text: self.text.clone(),
            ..*self
        }
    }
}

impl<M> fmt::Debug for Filter<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Filter").field(&self.text).finish()
    }
}

impl<M> fmt::Display for Filter<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
