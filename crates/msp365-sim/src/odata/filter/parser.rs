//! From words to an expression.

use super::{
    End, Expression, Literal, Operator,
    lexer::{self, Token},
};
use crate::odata::Refused;

/// Deeper nesting is refused: nobody writes it, and it would cost the stack.
const DEEPEST: usize = 40;
/// The most comparisons one filter may join.
const MOST_WORDS: usize = 2_000;
/// The most values in one `in (…)`.
const MOST_VALUES: usize = 15;

pub(super) fn parse(text: &str) -> Result<Expression, Refused> {
    let words = lexer::words(text)?;
    if words.len() > MOST_WORDS {
        return Err(Refused::bad("Invalid filter clause: the expression is too long."));
    }
    let mut parser = Parser {
        text,
        words,
        at: 0,
        depth: 0,
    };
    let expression = parser.either()?;
    if parser.at == parser.words.len() {
        Ok(expression)
    } else {
        Err(parser.syntax())
    }
}

struct Parser<'a> {
    text: &'a str,
    words: Vec<Token>,
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    fn syntax(&self) -> Refused {
        let word = self.at;
        Refused::bad(format!(
            "Invalid filter clause: Syntax error at word {word} of '{}'.",
            self.text
        ))
    }

    fn peek(&self) -> Option<&Token> {
        self.words.get(self.at)
    }

    fn next(&mut self) -> Result<Token, Refused> {
        let token = self.words.get(self.at).cloned().ok_or_else(|| self.syntax())?;
        self.at += 1;
        Ok(token)
    }

    fn eat(&mut self, wanted: &Token) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, wanted: &Token) -> Result<(), Refused> {
        if self.eat(wanted) {
            Ok(())
        } else {
            Err(self.syntax())
        }
    }

    fn keyword(&mut self, wanted: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Name(name)) if name == wanted);
        self.at += usize::from(found);
        found
    }

    fn either(&mut self) -> Result<Expression, Refused> {
        let mut left = self.both()?;
        while self.keyword("or") {
            left = Expression::Either(Box::new(left), Box::new(self.both()?));
        }
        Ok(left)
    }

    fn both(&mut self) -> Result<Expression, Refused> {
        let mut left = self.unary()?;
        while self.keyword("and") {
            left = Expression::Both(Box::new(left), Box::new(self.unary()?));
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<Expression, Refused> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Refused::bad(
                "Invalid filter clause: the expression is nested too deeply.",
            ));
        }
        let found = if self.keyword("not") {
            Expression::Not(Box::new(self.unary()?))
        } else if self.eat(&Token::Open) {
            let inner = self.either()?;
            self.expect(&Token::Close)?;
            inner
        } else {
            self.claim()?
        };
        self.depth -= 1;
        Ok(found)
    }

    fn claim(&mut self) -> Result<Expression, Refused> {
        let Token::Name(name) = self.next()? else {
            return Err(self.syntax());
        };
        if self.eat(&Token::Open) {
            return self.call(&name);
        }
        let path = split(&name);
        if self.keyword("in") {
            return self.within(path);
        }
        let operator = self.operator()?;
        let literal = self.literal()?;
        Ok(Expression::Compare {
            path,
            operator,
            literal,
        })
    }

    fn operator(&mut self) -> Result<Operator, Refused> {
        let Token::Name(name) = self.next()? else {
            return Err(self.syntax());
        };
        match name.as_str() {
            "eq" => Ok(Operator::Eq),
            "ne" => Ok(Operator::Ne),
            "gt" => Ok(Operator::Gt),
            "ge" => Ok(Operator::Ge),
            "lt" => Ok(Operator::Lt),
            "le" => Ok(Operator::Le),
            _ => Err(self.syntax()),
        }
    }

    fn literal(&mut self) -> Result<Literal, Refused> {
        match self.next()? {
            Token::Text(text) => Ok(Literal::Text(text)),
            Token::Instant(moment) => Ok(Literal::Instant(moment)),
            Token::Guid(id) => Ok(Literal::Guid(id)),
            Token::Number(number) => Ok(Literal::Number(number)),
            Token::Name(name) if name == "true" => Ok(Literal::Flag(true)),
            Token::Name(name) if name == "false" => Ok(Literal::Flag(false)),
            Token::Name(name) if name == "null" => Ok(Literal::Null),
            _ => Err(self.syntax()),
        }
    }

    fn within(&mut self, path: Vec<String>) -> Result<Expression, Refused> {
        self.expect(&Token::Open)?;
        let mut literals = vec![self.literal()?];
        while self.eat(&Token::Comma) {
            literals.push(self.literal()?);
        }
        self.expect(&Token::Close)?;
        if literals.len() > MOST_VALUES {
            return Err(Refused::unsupported(format!(
                "Too many child clauses specified in search filter expression containing 'IN' operator: {}. Max allowed: {MOST_VALUES}.",
                literals.len()
            )));
        }
        Ok(Expression::Within { path, literals })
    }

    fn call(&mut self, name: &str) -> Result<Expression, Refused> {
        if let Some(list) = name.strip_suffix("/any") {
            return self.any(split(list));
        }
        let end = match name {
            "startswith" | "startsWith" => End::Start,
            "endswith" | "endsWith" => End::Finish,
            _ => {
                return Err(Refused::unsupported(format!(
                    "Invalid filter clause: the function '{name}' is not supported."
                )));
            }
        };
        let (Token::Name(path), true, Token::Text(text)) =
            (self.next()?, self.eat(&Token::Comma), self.next()?)
        else {
            return Err(self.syntax());
        };
        self.expect(&Token::Close)?;
        if self.keyword("eq") && !self.keyword("true") {
            return Err(self.syntax());
        }
        Ok(Expression::Affix {
            end,
            path: split(&path),
            text,
        })
    }

    fn any(&mut self, path: Vec<String>) -> Result<Expression, Refused> {
        if self.eat(&Token::Close) {
            return Ok(Expression::Any { path, body: None });
        }
        let Token::Name(variable) = self.next()? else {
            return Err(self.syntax());
        };
        self.expect(&Token::Colon)?;
        let body = self.either()?;
        self.expect(&Token::Close)?;
        Ok(Expression::Any {
            path,
            body: Some((variable, Box::new(body))),
        })
    }
}

fn split(path: &str) -> Vec<String> {
    path.split('/').map(str::to_owned).collect()
}
