//! Whether an expression fits a shape, and how it must be asked for.

use super::{End, Expression, Literal, Operator};
use crate::odata::{
    Refused, Shape,
    shape::{Column, Item, Level, Occurs, listed},
};

/// The level of the whole expression, and the paths it names.
pub(super) fn check(expression: &Expression, shape: &'static Shape) -> Result<(Level, Vec<String>), Refused> {
    let mut check = Check {
        shape,
        scope: None,
        level: Level::Plain,
        negated: false,
        paths: Vec::new(),
    };
    check.visit(expression)?;
    Ok((check.level, check.paths))
}

/// The variable of the lambda that is being read, and the list it stands for.
struct Scope {
    variable: String,
    list: Vec<String>,
    item: Item,
}

impl Scope {
    /// What stands at the end of a path that begins at the variable.
    fn resolve(&self, rest: &[String]) -> Result<(Item, Occurs), Refused> {
        match (self.item, rest.is_empty()) {
            (item, true) => Ok((item, Occurs::One)),
            (Item::Complex(inner), false) => inner.resolve(rest),
            (item, false) => Err(Refused::bad(format!(
                "Invalid filter clause: '{}' has no property.",
                item.edm()
            ))),
        }
    }
}

struct Check {
    shape: &'static Shape,
    scope: Option<Scope>,
    level: Level,
    negated: bool,
    paths: Vec<String>,
}

impl Check {
    fn visit(&mut self, expression: &Expression) -> Result<(), Refused> {
        match expression {
            Expression::Both(left, right) | Expression::Either(left, right) => {
                self.visit(left)?;
                self.visit(right)
            }
            Expression::Not(inner) => {
                let outer = std::mem::replace(&mut self.negated, true);
                let done = self.visit(inner);
                self.negated = outer;
                done
            }
            Expression::Compare {
                path,
                operator,
                literal,
            } => self.compare(path, *operator, literal),
            Expression::Within { path, literals } => {
                let (item, name) = self.scalar(path)?;
                literals
                    .iter()
                    .try_for_each(|literal| fits(item, literal, "Equal"))?;
                self.need(&name, &[Column::Within])
            }
            Expression::Affix { end, path, .. } => {
                let (item, name) = self.scalar(path)?;
                if !matches!(item, Item::Text) {
                    return Err(Refused::bad(format!(
                        "Invalid filter clause: No function signature for the function with name 'startswith' \
                         matches the specified arguments: '{}', 'Edm.String'.",
                        item.edm()
                    )));
                }
                self.need(
                    &name,
                    &[if *end == End::Start {
                        Column::Starts
                    } else {
                        Column::Ends
                    }],
                )
            }
            Expression::Any { path, body } => self.any(path, body.as_ref()),
        }
    }

    fn compare(&mut self, path: &[String], operator: Operator, literal: &Literal) -> Result<(), Refused> {
        let (item, name) = self.scalar(path)?;
        let (column, word) = match operator {
            Operator::Eq => (Column::Equal, "Equal"),
            Operator::Ne => (Column::Negated, "NotEqual"),
            Operator::Gt => (Column::Ordered, "GreaterThan"),
            Operator::Ge => (Column::Ordered, "GreaterThanOrEqual"),
            Operator::Lt => (Column::Ordered, "LessThan"),
            Operator::Le => (Column::Ordered, "LessThanOrEqual"),
        };
        fits(item, literal, word)?;
        match (literal, column) {
            (Literal::Null, Column::Equal) => self.need(&name, &[Column::Null]),
            (Literal::Null, _) => self.need(&name, &[Column::Null, column]),
            _ => self.need(&name, &[column]),
        }
    }

    fn any(&mut self, path: &[String], body: Option<&(String, Box<Expression>)>) -> Result<(), Refused> {
        if self.scope.is_some() {
            return Err(Refused::unsupported(
                "Invalid filter clause: any() inside any() is not supported.",
            ));
        }
        let (item, occurs) = self.shape.resolve(path)?;
        if occurs == Occurs::One {
            let name = path.join("/");
            return Err(Refused::bad(format!(
                "Invalid filter clause: '{name}' is not a collection."
            )));
        }
        let Some((variable, body)) = body else {
            return self.need(&format!("{}/$count", path.join("/")), &[Column::Equal]);
        };
        self.scope = Some(Scope {
            variable: variable.clone(),
            list: path.to_vec(),
            item,
        });
        let done = self.visit(body);
        self.scope = None;
        done
    }

    /// What a path to one value holds, and the path as the table of support names it.
    fn scalar(&mut self, path: &[String]) -> Result<(Item, String), Refused> {
        let inside = self
            .scope
            .as_ref()
            .filter(|scope| path.first() == Some(&scope.variable));
        let (item, occurs, name) = if let Some(scope) = inside {
            let rest = path.get(1..).unwrap_or_default();
            let (item, occurs) = scope.resolve(rest)?;
            let full: Vec<&str> = scope.list.iter().chain(rest).map(String::as_str).collect();
            (item, occurs, full.join("/"))
        } else {
            let (item, occurs) = self.shape.resolve(path)?;
            (item, occurs, path.join("/"))
        };
        if occurs == Occurs::Many {
            return Err(Refused::bad(format!(
                "Invalid filter clause: '{name}' is a collection: use any()."
            )));
        }
        Ok((item, name))
    }

    fn need(&mut self, name: &str, columns: &[Column]) -> Result<(), Refused> {
        let negation = self.negated.then_some(Column::Negated);
        for column in columns.iter().copied().chain(negation) {
            let level = self.shape.level(name, column);
            if level == Level::Never {
                return Err(Refused::unsupported(format!(
                    "Unsupported or invalid query filter clause specified for property '{name}' of resource \
                     '{}'.",
                    self.shape.name
                )));
            }
            self.level = self.level.max(level);
        }
        self.paths.push(name.to_owned());
        Ok(())
    }
}

/// Whether a literal may be compared with such a value.
fn fits(item: Item, literal: &Literal, operator: &str) -> Result<(), Refused> {
    let given = match literal {
        Literal::Null => return Ok(()),
        Literal::Text(_) => "Edm.String",
        Literal::Instant(_) => "Edm.DateTimeOffset",
        Literal::Guid(_) => "Edm.Guid",
        Literal::Number(_) => "Edm.Int32",
        Literal::Flag(_) => "Edm.Boolean",
    };
    let fine = match (item, literal) {
        (Item::Text, Literal::Text(_))
        | (Item::Guid, Literal::Guid(_))
        | (Item::Instant, Literal::Instant(_))
        | (Item::Flag, Literal::Flag(_))
        | (Item::Number, Literal::Number(_)) => true,
        (Item::Guid, Literal::Text(text)) => uuid::Uuid::try_parse(text).is_ok(),
        (Item::Word(members), Literal::Text(text)) => listed(members, text),
        _ => false,
    };
    if fine {
        return Ok(());
    }
    Err(Refused::bad(format!(
        "Invalid filter clause: A binary operator with incompatible types was detected. Found operand types \
         '{}' and '{given}' for operator kind '{operator}'.",
        item.edm()
    )))
}
