//! What a schema refuses, in few words: of alternatives, the one that was most likely meant.

use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use serde_json::Value;

use super::meta_schemas::MetaSchema;

/// The most errors that are looked at; a document with more has the same ones over and over.
const MOST: usize = 5_000;

/// The fields that state a format and its version: these were judged before.
const STATED: [&str; 3] = ["/openapi", "/swagger", "/asyncapi"];

/// A part of a value that a schema refuses.
pub(super) struct Refusal {
    /// JSON pointer of the part.
    pub(super) pointer: String,
    pub(super) flaw: Flaw,
    /// Which keyword of the schema refuses it: the same mistake elsewhere has the same one.
    pub(super) rule: String,
    pub(super) message: String,
    pub(super) help: Option<String>,
}

/// What is wrong with a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Flaw {
    /// The part itself.
    Value,
    /// This key of it.
    Key(String),
    /// It lacks this field, or one of these.
    Lacks(Vec<String>),
    /// It is a number, or looks like one, and should be a text.
    Unquoted,
}

/// What the schema refuses in a value.
pub(super) struct Refusals {
    pub(super) found: Vec<Refusal>,
    /// Whether there may be more.
    pub(super) is_truncated: bool,
}

/// What the schema refuses in a value.
pub(super) fn refusals(schema: &MetaSchema, value: &Value) -> Refusals {
    let mut found = Found {
        schema: &schema.schema,
        value,
        rule: String::new(),
        refusals: Vec::new(),
    };
    let mut errors = schema.validator.iter_errors(value);
    for error in errors.by_ref().take(MOST) {
        found.take(&error);
    }
    Refusals {
        found: without_consequences(found.refusals),
        is_truncated: errors.next().is_some(),
    }
}

/// A field that is only misspelt is not reported as missing too.
fn without_consequences(mut refusals: Vec<Refusal>) -> Vec<Refusal> {
    let unknown: Vec<(String, String)> = refusals
        .iter()
        .filter_map(|refusal| match &refusal.flaw {
            Flaw::Key(name) => Some((refusal.pointer.clone(), name.clone())),
            _ => None,
        })
        .collect();
    refusals.retain(|refusal| match &refusal.flaw {
        Flaw::Lacks(fields) => !unknown.iter().any(|(pointer, name)| {
            *pointer == refusal.pointer
                && nearest(name, fields.iter().map(String::as_str)).is_some()
        }),
        _ => true,
    });
    refusals
}

struct Found<'a> {
    schema: &'a Value,
    value: &'a Value,
    /// The keyword that the present error is about.
    rule: String,
    refusals: Vec<Refusal>,
}

impl Found<'_> {
    fn take(&mut self, error: &ValidationError<'_>) {
        let pointer = error.instance_path().to_string();
        if STATED.contains(&pointer.as_str()) {
            return;
        }
        self.rule = error.schema_path().to_string();
        match error.kind() {
            Kind::AnyOf { context } | Kind::OneOfNotValid { context } => {
                self.alternatives(&pointer, context);
            }
            Kind::AdditionalProperties { unexpected }
            | Kind::UnevaluatedProperties { unexpected } => {
                self.unknown(error, &pointer, unexpected);
            }
            Kind::Required { property } => {
                let field = property.as_str().unwrap_or_default().to_owned();
                self.lacks(pointer, vec![field]);
            }
            // An empty list or mapping is often a placeholder, and harms no reader.
            Kind::MinProperties { .. } | Kind::MinItems { .. } => {}
            Kind::Type { kind } => self.wrong_type(pointer, kind),
            Kind::Enum { options } => {
                let choices = options.as_array().map_or(&[][..], Vec::as_slice);
                self.not_a_choice(pointer, choices);
            }
            Kind::Constant { expected_value } => {
                self.not_a_choice(pointer, std::slice::from_ref(expected_value));
            }
            Kind::Pattern { pattern } => {
                let text = self.shown(&pointer);
                let message = format!("{text} does not match `{pattern}`");
                self.push(pointer, Flaw::Value, message, None);
            }
            Kind::PropertyNames { error } => {
                let name = error.instance().as_str().unwrap_or_default().to_owned();
                let message = format!("`{}` cannot be a name here", short(&name));
                self.push(pointer, Flaw::Key(name), message, None);
            }
            // What a schema denies says little about what it wants, and is the first to err.
            Kind::Not { .. } | Kind::FalseSchema | Kind::OneOfMultipleValid { .. } => {}
            _ => {
                let message: String = error.masked().to_string().chars().take(120).collect();
                self.push(pointer, Flaw::Value, message, None);
            }
        }
    }

    /// Of several alternatives, the one whose mistakes are deepest, so that it was probably meant.
    fn alternatives(&mut self, pointer: &str, context: &[Vec<ValidationError<'static>>]) {
        let is_reference = |errors: &[ValidationError<'static>]| {
            let lacks = |e: &ValidationError<'_>| matches!(e.kind(), Kind::Required { property } if property == "$ref");
            errors.iter().any(lacks)
        };
        let either: Option<Vec<String>> = context
            .iter()
            .filter(|errors| !is_reference(errors))
            .map(|errors| only_lacking(errors, pointer))
            .collect();
        if let Some(fields) = either.filter(|fields| fields.len() > 1) {
            return self.lacks(pointer.to_owned(), fields);
        }
        let is_of_another_type = |errors: &[ValidationError<'static>]| {
            errors.iter().any(|error| {
                matches!(error.kind(), Kind::Type { .. })
                    && error.instance_path().to_string() == pointer
            })
        };
        // A `type` or `in` that states another alternative.
        let is_mapping = self.value.pointer(pointer).is_some_and(Value::is_object);
        let is_of_another_choice = |errors: &[ValidationError<'static>]| {
            errors.iter().any(|error| {
                let path = error.instance_path().to_string();
                let is_own = path.rsplit_once('/').is_some_and(|(own, _)| own == pointer);
                is_mapping
                    && is_own
                    && matches!(error.kind(), Kind::Enum { .. } | Kind::Constant { .. })
            })
        };
        let best = context.iter().min_by_key(|errors| {
            let depth = errors.iter().map(deepest).max().unwrap_or_default();
            (
                is_reference(errors),
                is_of_another_type(errors),
                is_of_another_choice(errors),
                std::cmp::Reverse(depth),
                errors.len(),
            )
        });
        for error in best.into_iter().flatten() {
            self.take(error);
        }
    }

    fn unknown(&mut self, error: &ValidationError<'_>, pointer: &str, unexpected: &[String]) {
        let path = error.schema_path().to_string();
        let holder = path
            .rsplit_once('/')
            .and_then(|(holder, _)| self.schema.pointer(holder));
        let fields = holder.and_then(|holder| holder.get("properties")?.as_object());
        let known: Vec<String> = fields
            .into_iter()
            .flatten()
            .map(|(name, _)| name.clone())
            .collect();
        for name in unexpected.iter().filter(|name| !known.contains(name)) {
            let near = nearest(name, known.iter().map(String::as_str));
            let help = match near {
                Some(near) => Some(format!("did you mean `{near}`?")),
                None if pointer == "/paths" => Some("a path starts with `/`".to_owned()),
                None => Some("a field of your own starts with `x-`".to_owned()),
            };
            let message = format!("unknown field `{}`", short(name));
            self.push(pointer.to_owned(), Flaw::Key(name.clone()), message, help);
        }
    }

    /// A mapping without a field that it must have; one that refers to another may have it there.
    fn lacks(&mut self, pointer: String, mut fields: Vec<String>) {
        let holder = self.value.pointer(&pointer);
        if holder.is_some_and(|holder| holder.get("$ref").is_some()) {
            return;
        }
        fields.dedup();
        let named: Vec<String> = fields.iter().map(|field| format!("`{field}`")).collect();
        let message = match named.as_slice() {
            [field] => format!("the required field {field} is missing"),
            fields => format!("one of the fields {} is required", fields.join(", ")),
        };
        self.push(pointer, Flaw::Lacks(fields), message, None);
    }

    fn wrong_type(&mut self, pointer: String, kind: &TypeKind) {
        let wanted: Vec<String> = match kind {
            TypeKind::Single(kind) => vec![kind.to_string()],
            TypeKind::Multiple(kinds) => kinds.iter().map(|kind| kind.to_string()).collect(),
        };
        let found = match self.value.pointer(&pointer) {
            Some(Value::Null) => "nothing",
            Some(Value::Bool(_)) => "a boolean",
            Some(Value::Number(_)) => "a number",
            Some(Value::String(_)) => "a text",
            Some(Value::Array(_)) => "a list",
            Some(Value::Object(_)) => "a mapping",
            None => return,
        };
        let is_unquoted = found == "a number" && wanted.iter().any(|kind| kind == "string");
        let words: Vec<&str> = wanted
            .iter()
            .map(|kind| match kind.as_str() {
                "object" => "a mapping",
                "array" => "a list",
                "string" => "a text",
                "boolean" => "true or false",
                "integer" => "a whole number",
                "number" => "a number",
                _ => "nothing",
            })
            .collect();
        let message = format!("{found} where {} is expected", words.join(" or "));
        let flaw = if is_unquoted {
            Flaw::Unquoted
        } else {
            Flaw::Value
        };
        self.push(pointer, flaw, message, None);
    }

    fn not_a_choice(&mut self, pointer: String, choices: &[Value]) {
        let text = self.shown(&pointer);
        let shown: Vec<String> = choices
            .iter()
            .take(12)
            .map(|choice| match choice {
                Value::String(text) => format!("`{text}`"),
                other => format!("`{other}`"),
            })
            .collect();
        let value = self
            .value
            .pointer(&pointer)
            .and_then(Value::as_str)
            .unwrap_or_default();
        let near = nearest(value, choices.iter().filter_map(Value::as_str));
        let all = format!("the choices are {}", shown.join(", "));
        let is_unquoted = !text.is_empty()
            && choices
                .iter()
                .any(|choice| choice.as_str() == Some(text.trim_matches('`')));
        let help = match near {
            _ if is_unquoted => format!("quote it, to make a text of it ({all})"),
            Some(near) => format!("did you mean `{near}`? ({all})"),
            None => all,
        };
        let message = format!("{text} is not one of the allowed values");
        self.push(pointer, Flaw::Value, message, Some(help));
    }

    fn shown(&self, pointer: &str) -> String {
        match self.value.pointer(pointer) {
            Some(Value::String(text)) => format!("`{}`", short(text)),
            Some(Value::Object(_)) => "this mapping".to_owned(),
            Some(Value::Array(_)) => "this list".to_owned(),
            Some(other) => format!("`{other}`"),
            None => "this".to_owned(),
        }
    }

    fn push(&mut self, pointer: String, flaw: Flaw, message: String, help: Option<String>) {
        self.refusals.push(Refusal {
            pointer,
            flaw,
            rule: self.rule.clone(),
            message,
            help,
        });
    }
}

/// The field that an alternative lacks, if that is all that is wrong with it.
fn only_lacking(errors: &[ValidationError<'static>], pointer: &str) -> Option<String> {
    let mut lacking = errors.iter().map(|error| match error.kind() {
        Kind::Required { property } if error.instance_path().to_string() == pointer => {
            property.as_str()
        }
        _ => None,
    });
    let first = lacking.next()??;
    lacking
        .all(|field| field.is_some())
        .then(|| first.to_owned())
}

fn deepest(error: &ValidationError<'static>) -> usize {
    match error.kind() {
        Kind::AnyOf { context } | Kind::OneOfNotValid { context } => context
            .iter()
            .flatten()
            .map(deepest)
            .max()
            .unwrap_or_default(),
        _ => error.instance_path().to_string().matches('/').count(),
    }
}

fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    known
        .filter_map(|candidate| {
            let most = 1 + candidate.len().max(word.len()) / 4;
            // A distance is at least the difference of the lengths, and takes as much memory as their product.
            if candidate.chars().count().abs_diff(length) > most {
                return None;
            }
            let distance = strsim::damerau_levenshtein(word, candidate);
            (distance <= most).then_some((distance, candidate))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

fn short(text: &str) -> String {
    text.lines()
        .next()
        .unwrap_or_default()
        .chars()
        .take(60)
        .collect()
}
