//! Whether a row fits an expression.

use std::cmp::Ordering;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{End, Expression, Literal, Operator};

/// The row, and the item a lambda stands at.
#[derive(Clone, Copy)]
struct Place<'a> {
    row: &'a Map<String, Value>,
    item: Option<(&'a str, &'a Value)>,
}

pub(super) fn holds(expression: &Expression, row: &Map<String, Value>) -> bool {
    Place { row, item: None }.holds(expression)
}

impl<'a> Place<'a> {
    fn holds(self, expression: &'a Expression) -> bool {
        match expression {
            Expression::Both(left, right) => self.holds(left) && self.holds(right),
            Expression::Either(left, right) => self.holds(left) || self.holds(right),
            Expression::Not(inner) => !self.holds(inner),
            Expression::Compare {
                path,
                operator,
                literal,
            } => match counted(path) {
                Some(list) => {
                    let length = self.at(list).and_then(Value::as_array).map_or(0, Vec::len);
                    compare(&Value::from(length), *operator, literal)
                }
                None => compare(self.at(path).unwrap_or(&Value::Null), *operator, literal),
            },
            Expression::Within { path, literals } => {
                let value = self.at(path).unwrap_or(&Value::Null);
                literals
                    .iter()
                    .any(|literal| compare(value, Operator::Eq, literal))
            }
            Expression::Affix { end, path, text } => self
                .at(path)
                .and_then(Value::as_str)
                .is_some_and(|value| affixed(value, text, *end)),
            Expression::Any { path, body } => {
                let list = self
                    .at(path)
                    .and_then(Value::as_array)
                    .map_or(&[][..], Vec::as_slice);
                match body {
                    None => !list.is_empty(),
                    Some((variable, body)) => list.iter().any(|item| {
                        Self {
                            row: self.row,
                            item: Some((variable, item)),
                        }
                        .holds(body)
                    }),
                }
            }
        }
    }

    fn at(self, path: &[String]) -> Option<&'a Value> {
        let (first, rest) = path.split_first()?;
        let start = match self.item {
            Some((variable, item)) if variable == first => item,
            _ => self.row.get(first)?,
        };
        rest.iter().try_fold(start, |value, name| value.get(name))
    }
}

fn counted(path: &[String]) -> Option<&[String]> {
    path.split_last()
        .filter(|(last, _)| *last == "$count")
        .map(|(_, list)| list)
}

fn affixed(value: &str, text: &str, end: End) -> bool {
    let (value, text) = (value.to_lowercase(), text.to_lowercase());
    match end {
        End::Start => value.starts_with(&text),
        End::Finish => value.ends_with(&text),
    }
}

fn compare(value: &Value, operator: Operator, literal: &Literal) -> bool {
    let order = order(value, literal);
    match operator {
        Operator::Eq => order == Some(Ordering::Equal),
        Operator::Ne => order != Some(Ordering::Equal),
        Operator::Gt => order == Some(Ordering::Greater),
        Operator::Ge => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
        Operator::Lt => order == Some(Ordering::Less),
        Operator::Le => matches!(order, Some(Ordering::Less | Ordering::Equal)),
    }
}

/// How a value stands to a literal; `None` where there is no order between them. Case does not count.
fn order(value: &Value, literal: &Literal) -> Option<Ordering> {
    match (value, literal) {
        (Value::Null, Literal::Null) => Some(Ordering::Equal),
        (Value::String(value), Literal::Text(text) | Literal::Guid(text)) => {
            Some(value.to_lowercase().cmp(&text.to_lowercase()))
        }
        (Value::String(value), Literal::Instant(moment)) => {
            value.parse::<Timestamp>().ok().map(|value| value.cmp(moment))
        }
        (Value::Number(value), Literal::Number(number)) => value.as_f64()?.partial_cmp(number),
        (Value::Bool(value), Literal::Flag(flag)) => Some(value.cmp(flag)),
        _ => None,
    }
}
