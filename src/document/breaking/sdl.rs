//! A GraphQL schema in its own language.

use super::graphql::{Field, Schema, Type};
use crate::document::graphql::{DEFINITIONS, Kind, tokens};

/// Lists within one another, at most.
const DEEPEST: usize = 16;

/// Reads the schema language; `None` if the text is not in it.
pub(super) fn read(text: &str) -> Option<Schema> {
    let mut words = Vec::new();
    for token in tokens(text) {
        let token = token.ok()?;
        // What a quoted text says does not matter, but that one stands there does.
        words.push(if token.kind == Kind::Text {
            QUOTED
        } else {
            token.text
        });
    }
    let mut parser = Parser { words, at: 0 };
    let mut schema = Schema::default();
    while parser.skip_quoted().is_some() {
        parser.definition(&mut schema)?;
    }
    if schema.roots.is_empty() {
        for name in ["Query", "Mutation", "Subscription"] {
            if schema.types.contains_key(name) {
                schema.roots.insert(name.to_lowercase(), name.to_owned());
            }
        }
    }
    (!schema.types.is_empty()).then_some(schema)
}

const QUOTED: &str = "\"";

struct Parser<'t> {
    words: Vec<&'t str>,
    at: usize,
}

impl<'t> Parser<'t> {
    fn peek(&self) -> Option<&'t str> {
        self.words.get(self.at).copied()
    }

    fn next(&mut self) -> Option<&'t str> {
        let word = self.peek()?;
        self.at += 1;
        Some(word)
    }

    /// The next word behind descriptions, which stays where it is.
    fn skip_quoted(&mut self) -> Option<&'t str> {
        while self.peek() == Some(QUOTED) {
            self.at += 1;
        }
        self.peek()
    }

    fn take(&mut self, word: &str) -> bool {
        let is_next = self.peek() == Some(word);
        self.at += usize::from(is_next);
        is_next
    }

    fn name(&mut self) -> Option<String> {
        self.skip_quoted();
        let word = self.next()?;
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        word.chars().all(is_name).then(|| word.to_owned())
    }

    fn definition(&mut self, schema: &mut Schema) -> Option<()> {
        self.take("extend");
        let word = self.next()?;
        match word {
            "schema" => {
                self.directives()?;
                if self.take("{") {
                    while !self.ends("}")? {
                        let operation = self.name()?;
                        self.take(":").then_some(())?;
                        schema.roots.insert(operation, self.name()?);
                    }
                }
            }
            "directive" => self.directive_definition()?,
            "scalar" | "type" | "interface" | "input" | "union" | "enum" => {
                let name = self.name()?;
                let defined = schema.types.entry(name).or_default();
                // An extension may stand before what it extends.
                defined.kind = word.to_owned();
                self.body(defined)?;
            }
            _ => return None,
        }
        Some(())
    }

    fn body(&mut self, defined: &mut Type) -> Option<()> {
        if self.take("implements") {
            self.take("&");
            loop {
                defined.interfaces.insert(self.name()?);
                // In old schemas, nothing stands between them.
                let is_name = |word: &str| {
                    word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                        && !DEFINITIONS.contains(&word)
                };
                if !self.take("&") && !self.peek().is_some_and(is_name) {
                    break;
                }
            }
        }
        self.directives()?;
        if defined.kind == "union" {
            if self.take("=") {
                self.take("|");
                defined.values.insert(self.name()?);
                while self.take("|") {
                    defined.values.insert(self.name()?);
                }
            }
        } else if self.take("{") {
            while !self.ends("}")? {
                let name = self.name()?;
                if defined.kind == "enum" {
                    defined.values.insert(name);
                    self.directives()?;
                } else {
                    let field = self.field()?;
                    defined.fields.insert(name, field);
                }
            }
        }
        Some(())
    }

    /// Whether a list ends here; descriptions of what follows are passed over.
    fn ends(&mut self, sign: &str) -> Option<bool> {
        self.skip_quoted()?;
        Some(self.take(sign))
    }

    /// What stands behind the name of a field or an argument.
    fn field(&mut self) -> Option<Field> {
        let mut field = Field::default();
        if self.take("(") {
            while !self.ends(")")? {
                let name = self.name()?;
                // Arguments have none of their own, so that this goes no deeper.
                (self.peek() == Some(":")).then_some(())?;
                let argument = self.field()?;
                field.arguments.insert(name, argument);
            }
        }
        self.take(":").then_some(())?;
        field.kind = self.type_text()?;
        if self.take("=") {
            field.has_default = true;
            self.value()?;
        }
        self.directives()?;
        Some(field)
    }

    fn type_text(&mut self) -> Option<String> {
        let mut lists = 0;
        while self.take("[") {
            lists += 1;
            (lists <= DEEPEST).then_some(())?;
        }
        let mut text = self.name()?;
        for list in 0..=lists {
            if list > 0 {
                self.take("]").then_some(())?;
                text = format!("[{text}]");
            }
            if self.take("!") {
                text.push('!');
            }
        }
        Some(text)
    }

    /// A value, which does not matter.
    fn value(&mut self) -> Option<()> {
        self.take("$");
        match self.next()? {
            "[" | "{" => self.skip_brackets(),
            _ => Some(()),
        }
    }

    /// To the end of a bracket that is open.
    fn skip_brackets(&mut self) -> Option<()> {
        let mut depth = 1usize;
        while depth > 0 {
            match self.next()? {
                "[" | "{" | "(" => depth += 1,
                "]" | "}" | ")" => depth -= 1,
                _ => {}
            }
        }
        Some(())
    }

    fn directives(&mut self) -> Option<()> {
        while self.take("@") {
            self.name()?;
            if self.take("(") {
                self.skip_brackets()?;
            }
        }
        Some(())
    }

    fn directive_definition(&mut self) -> Option<()> {
        self.take("@").then_some(())?;
        self.name()?;
        if self.take("(") {
            self.skip_brackets()?;
        }
        self.take("repeatable");
        self.take("on").then_some(())?;
        self.take("|");
        self.name()?;
        while self.take("|") {
            self.name()?;
        }
        Some(())
    }
}
