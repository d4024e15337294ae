//! Reading an expression of conditions.

use std::cmp::Ordering;

use super::bad::BadCondition;
use super::single::Condition;
use super::test::Test;

/// The signs between a field and a value, longer ones first.
const OPERATORS: [(&str, Operator); 9] = [
    ("==", Operator::Equals),
    ("!=", Operator::Differs),
    ("!~", Operator::Lacks),
    ("<=", Operator::Compares(&[Ordering::Less, Ordering::Equal])),
    (
        ">=",
        Operator::Compares(&[Ordering::Greater, Ordering::Equal]),
    ),
    ("=", Operator::Equals),
    ("~", Operator::Contains),
    ("<", Operator::Compares(&[Ordering::Less])),
    (">", Operator::Compares(&[Ordering::Greater])),
];

#[derive(Debug, Clone, Copy)]
enum Operator {
    Equals,
    Differs,
    Contains,
    Lacks,
    Compares(&'static [Ordering]),
}

const AN_OPERATOR: &str = "expected an operator: =, !=, ~, !~, <, <=, >, >=, in (…) or notin (…)";
const AN_END: &str = "expected `,` or the end";

impl Condition {
    /// The conditions of an expression, all of which must be met.
    ///
    /// # Errors
    /// At the first character that cannot be understood.
    pub fn parse(text: &str) -> Result<Vec<Self>, BadCondition> {
        conditions(text)
    }
}

fn conditions(text: &str) -> Result<Vec<Condition>, BadCondition> {
    let mut reader = Reader {
        chars: text.chars().collect(),
        at: 0,
    };
    let mut found = Vec::new();
    loop {
        found.push(
            reader
                .condition(!found.is_empty())
                .map_err(|problem| BadCondition {
                    text: text.to_owned(),
                    message: problem.message,
                    at: problem.at,
                })?,
        );
        if reader.is_at_end() {
            return Ok(found);
        }
        // A condition ends at a comma or at the end.
        reader.at += 1;
    }
}

struct Problem {
    message: String,
    at: usize,
}

struct Reader {
    chars: Vec<char>,
    at: usize,
}

impl Reader {
    fn condition(&mut self, is_next: bool) -> Result<Condition, Problem> {
        self.skip_blanks();
        let is_negated = self.take("!");
        self.skip_blanks();
        let (at, field) = self.field(is_next)?;
        self.skip_blanks();
        let test = if is_negated {
            Test::Not(Box::new(Test::Is))
        } else {
            self.test()?
        };
        self.skip_blanks();
        match self.peek() {
            None | Some(',') => Ok(Condition {
                field,
                at,
                expression: self.chars.iter().collect(),
                test,
            }),
            Some(_) => Err(self.problem(AN_END)),
        }
    }

    /// The path of a field; what is quoted in brackets may have any characters.
    fn field(&mut self, is_next: bool) -> Result<(usize, String), Problem> {
        let start = self.at;
        let mut quote = None;
        while let Some(c) = self.peek() {
            let is_part = match quote {
                Some(_) => true,
                None => c.is_alphanumeric() || "-_.[]\"'".contains(c),
            };
            if !is_part {
                break;
            }
            quote = match quote {
                Some(open) if open == c => None,
                None if "\"'".contains(c) => Some(c),
                other => other,
            };
            self.at += 1;
        }
        if self.at > start {
            return Ok((start, self.chars[start..self.at].iter().collect()));
        }
        Err(match self.peek() {
            Some(c) => self.problem(&format!("expected a field before `{c}`")),
            None if is_next => self.problem("expected a field after `,`"),
            None => self.problem("expected a field"),
        })
    }

    fn test(&mut self) -> Result<Test, Problem> {
        if matches!(self.peek(), None | Some(',')) {
            return Ok(Test::Is);
        }
        for (word, is_negated) in [("in", false), ("notin", true)] {
            if self.take_word(word) {
                let test = Test::Equals(self.list()?);
                return Ok(match is_negated {
                    true => Test::Not(Box::new(test)),
                    false => test,
                });
            }
        }
        let found = OPERATORS.iter().find(|(sign, _)| self.take(sign));
        let Some((_, operator)) = found else {
            return Err(self.problem(AN_OPERATOR));
        };
        self.skip_blanks();
        let start = self.at;
        let value = self.value(",")?;
        // A text can be compared with nothing, and contains nothing in any case.
        let needs_value = !matches!(operator, Operator::Equals | Operator::Differs);
        if value.is_empty() && needs_value {
            self.at = start;
            return Err(self.problem("expected a value"));
        }
        Ok(match operator {
            Operator::Equals => Test::Equals(vec![value]),
            Operator::Differs => Test::Not(Box::new(Test::Equals(vec![value]))),
            Operator::Contains => Test::Contains(value),
            Operator::Lacks => Test::Not(Box::new(Test::Contains(value))),
            Operator::Compares(orders) => Test::Compares(orders.to_vec(), value),
        })
    }

    /// Values in parentheses.
    fn list(&mut self) -> Result<Vec<String>, Problem> {
        self.skip_blanks();
        if !self.take("(") {
            return Err(self.problem("expected `(` and a list of values"));
        }
        let mut values = Vec::new();
        loop {
            self.skip_blanks();
            let start = self.at;
            let value = self.value(",)")?;
            if self.at == start {
                return Err(self.problem("expected a value"));
            }
            values.push(value);
            self.skip_blanks();
            if self.take(")") {
                return Ok(values);
            }
            if !self.take(",") {
                return Err(self.problem("expected `,` or `)`"));
            }
        }
    }

    /// A text in quotes, or one up to one of these characters.
    fn value(&mut self, ends: &str) -> Result<String, Problem> {
        if let Some(quote @ ('"' | '\'')) = self.peek() {
            return self.quoted(quote);
        }
        let start = self.at;
        while self.peek().is_some_and(|c| !ends.contains(c)) {
            self.at += 1;
        }
        let text: String = self.chars[start..self.at].iter().collect();
        Ok(text.trim_end().to_owned())
    }

    fn quoted(&mut self, quote: char) -> Result<String, Problem> {
        let start = self.at;
        let mut text = String::new();
        self.at += 1;
        while let Some(c) = self.peek() {
            self.at += 1;
            if c == quote {
                return Ok(text);
            }
            let escaped = self.peek().filter(|next| [quote, '\\'].contains(next));
            match escaped.filter(|_| c == '\\') {
                Some(next) => {
                    self.at += 1;
                    text.push(next);
                }
                None => text.push(c),
            }
        }
        self.at = start;
        Err(self.problem(&format!("this text has no closing `{quote}`")))
    }

    fn is_at_end(&self) -> bool {
        self.at >= self.chars.len()
    }

    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn skip_blanks(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    fn take(&mut self, text: &str) -> bool {
        let rest = self.chars[self.at..].iter().copied();
        let is_next = text.chars().eq(rest.take(text.chars().count()));
        if is_next {
            self.at += text.chars().count();
        }
        is_next
    }

    /// Takes a word that no letter follows.
    fn take_word(&mut self, word: &str) -> bool {
        let start = self.at;
        let is_word =
            self.take(word) && !self.peek().is_some_and(|c| c.is_alphanumeric() || c == '_');
        if !is_word {
            self.at = start;
        }
        is_word
    }

    fn problem(&self, message: &str) -> Problem {
        Problem {
            message: message.to_owned(),
            at: self.at,
        }
    }
}
