//! Whether what is in memory passes a test.

use std::borrow::Cow;

use jiff::civil::Date;

use super::{ABSENT, Field, FieldKind, Pattern, Test, fold, holds, parts};
use crate::row::Cell;

/// What tests are about.
pub(crate) trait Checked {
    /// Its value of a field.
    fn cell(&self, field: Field) -> Cell<'_>;

    /// Whether nothing was read of a field: in these tenants, and of who was made after the pass began.
    fn is_unread(&self, field: Field, without: &[i64]) -> bool;

    fn text(&self, field: Field) -> Cow<'_, str> {
        match self.cell(field) {
            Cell::Text(text) => text,
            Cell::Null | Cell::Integer(_) => Cow::Borrowed(""),
        }
    }

    fn number(&self, field: Field) -> i64 {
        match self.cell(field) {
            Cell::Integer(number) => number,
            Cell::Null | Cell::Text(_) => ABSENT,
        }
    }

    /// What patterns are about: of a list all texts.
    fn whole(&self, field: Field) -> Cow<'_, str> {
        field.whole_of(|column| self.text(Field { sql: column, ..field }))
    }

    /// Whether it has no value. Everybody has some name.
    fn lacks(&self, field: Field) -> bool {
        if field == Field::ANY_NAME {
            false
        } else if field.kind.is_text() {
            self.text(field).is_empty()
        } else {
            self.number(field) == ABSENT
        }
    }
}

/// A test with its pattern made ready.
pub(crate) enum Check<'a> {
    Test(&'a Test),
    Like(Field, Pattern),
}

impl<'a> Check<'a> {
    pub(crate) fn of(test: &'a Test) -> Self {
        match test {
            Test::Like(field, pattern) => Self::Like(*field, Pattern::new(pattern)),
            other => Self::Test(other),
        }
    }

    pub(crate) fn accepts(&self, of: &impl Checked) -> bool {
        match self {
            Self::Like(field, pattern) => {
                let text = of.whole(*field);
                match field.kind {
                    FieldKind::List => parts(&text).any(|part| pattern.fits(part)),
                    kind => kind.is_text() && !text.is_empty() && pattern.fits(&text),
                }
            }
            Self::Test(Test::OneOf(field, values)) => {
                let own = fold(&of.text(*field));
                values.iter().any(|value| fold(value) == own)
            }
            Self::Test(Test::Holds(field, values)) => {
                (of.lacks(*field) && values.iter().any(String::is_empty))
                    || holds(&fold(&of.whole(*field)), values, field.between())
            }
            Self::Test(Test::Between(field, from, until)) => {
                let own = of.number(*field);
                own >= from.unwrap_or(ABSENT + 1) && until.is_none_or(|until| own < until)
            }
            Self::Test(Test::Days(field, from, until)) => {
                let own: Option<Date> = of.text(*field).parse().ok();
                own.is_some_and(|own| {
                    from.is_none_or(|from| own >= from) && until.is_none_or(|until| own < until)
                })
            }
            Self::Test(Test::Absent(field)) => of.lacks(*field),
            Self::Test(Test::Known(field, without)) => !of.is_unread(*field, without) || !of.lacks(*field),
            Self::Test(Test::Unknown(field, without)) => of.is_unread(*field, without),
            Self::Test(Test::Like(..) | Test::State(..)) => true,
        }
    }
}
