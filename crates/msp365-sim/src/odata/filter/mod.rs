//! `$filter`: read, checked against a shape, and held against rows.

mod check;
mod eval;
mod lexer;
mod parser;
#[cfg(test)]
mod tests;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{Refused, Shape, shape::Level};

/// A filter that fits its shape.
#[derive(Debug, Clone)]
pub(crate) struct Filter {
    expression: Expression,
    level: Level,
    paths: Vec<String>,
}

impl Filter {
    /// Reads and checks a filter.
    ///
    /// # Errors
    /// A refusal if it does not parse, names what the shape lacks, compares what cannot be compared, or uses an
    /// operator the property does not support.
    pub(crate) fn parse(text: &str, shape: &'static Shape) -> Result<Self, Refused> {
        let expression = parser::parse(text)?;
        let (level, paths) = check::check(&expression, shape)?;
        Ok(Self {
            expression,
            level,
            paths,
        })
    }

    /// Whether it is served as an advanced query only.
    pub(crate) fn is_advanced(&self) -> bool {
        self.level == Level::Advanced
    }

    /// The paths it names, as often as it does.
    pub(crate) fn paths(&self) -> &[String] {
        &self.paths
    }

    /// Whether a row fits.
    pub(crate) fn matches(&self, row: &Map<String, Value>) -> bool {
        eval::holds(&self.expression, row)
    }
}

/// An expression that is true or false of a row.
#[derive(Debug, Clone, PartialEq)]
enum Expression {
    Both(Box<Self>, Box<Self>),
    Either(Box<Self>, Box<Self>),
    Not(Box<Self>),
    Compare {
        path: Vec<String>,
        operator: Operator,
        literal: Literal,
    },
    Within {
        path: Vec<String>,
        literals: Vec<Literal>,
    },
    Affix {
        end: End,
        path: Vec<String>,
        text: String,
    },
    /// `list/any(variable:body)`; without a body, whether the list has anything.
    Any {
        path: Vec<String>,
        body: Option<(String, Box<Self>)>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Eq,
    Ne,
    Gt,
    Ge,
    Lt,
    Le,
}

/// At which end of a text is looked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Start,
    Finish,
}

#[derive(Debug, Clone, PartialEq)]
enum Literal {
    Text(String),
    Instant(Timestamp),
    Guid(String),
    Number(f64),
    Flag(bool),
    Null,
}
