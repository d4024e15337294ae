//! What a schema refuses, in few words: of alternatives, the one that was most likely meant.

use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use serde_json::Value;

use super::meta_schemas::MetaSchema;

/// The most errors that are looked at.
const MOST: usize = 200;

/// The fields that state a format and its version: these were judged before.
const STATED: [&str; 3] = ["/openapi", "/swagger", "/asyncapi"];

/// A part of a value that a schema refuses.
pub(super) struct Refusal {
    /// JSON pointer of the part.
    pub(super) pointer: String,
    /// The key in it that is to blame.
    pub(super) key: Option<String>,
    pub(super) message: String,
    pub(super) help: Option<String>,
}

/// What the schema refuses in a value.
pub(super) fn refusals(schema: &MetaSchema, value: &Value) -> Vec<Refusal> {
    let mut found = Found {
        schema: &schema.schema,
        value,
        refusals: Vec::new(),
    };
    for error in schema.validator.iter_errors(value).take(MOST) {
        found.take(&error);
    }
    found.refusals
}

struct Found<'a> {
    schema: &'a Value,
    value: &'a Value,
    refusals: Vec<Refusal>,
}

impl Found<'_> {
    fn take(&mut self, error: &ValidationError<'_>) {
        let pointer = error.instance_path().to_string();
        if STATED.contains(&pointer.as_str()) {
            return;
        }
        match error.kind() {
            Kind::AnyOf { context } | Kind::OneOfNotValid { context } => {
                self.alternatives(&pointer, context);
            }
            Kind::AdditionalProperties { unexpected }
            | Kind::UnevaluatedProperties { unexpected } => {
                self.unknown(error, &pointer, unexpected);
            }
            // Many a document in use lacks something that its schema asks for, and nobody minds.
            Kind::Required { .. } | Kind::MinProperties { .. } | Kind::MinItems { .. } => {}
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
                self.push(
                    pointer,
                    None,
                    format!("{text} does not match `{pattern}`"),
                    None,
                );
            }
            Kind::PropertyNames { error } => {
                let name = error.instance().as_str().unwrap_or_default().to_owned();
                let message = format!("`{}` cannot be a name here", short(&name));
                self.push(pointer, Some(name), message, None);
            }
            // What a schema denies says little about what it wants, and is the first to err.
            Kind::Not { .. } | Kind::FalseSchema | Kind::OneOfMultipleValid { .. } => {}
            _ => {
                let message: String = error.masked().to_string().chars().take(120).collect();
                self.push(pointer, None, message, None);
            }
        }
    }

    /// Of several alternatives, the one whose mistakes are deepest, so that it was probably meant.
    fn alternatives(&mut self, pointer: &str, context: &[Vec<ValidationError<'static>>]) {
        let is_reference = |errors: &[ValidationError<'static>]| {
            let lacks = |e: &ValidationError<'_>| matches!(e.kind(), Kind::Required { property } if property == "$ref");
            errors.iter().any(lacks)
        };
        let is_of_another_type = |errors: &[ValidationError<'static>]| {
            errors.iter().any(|error| {
                matches!(error.kind(), Kind::Type { .. })
                    && error.instance_path().to_string() == pointer
            })
        };
        let best = context.iter().min_by_key(|errors| {
            let depth = errors.iter().map(deepest).max().unwrap_or_default();
            (
                is_reference(errors),
                is_of_another_type(errors),
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
            self.push(pointer.to_owned(), Some(name.clone()), message, help);
        }
    }

    fn wrong_type(&mut self, pointer: String, kind: &TypeKind) {
        let wanted: Vec<String> = match kind {
            TypeKind::Single(kind) => vec![kind.to_string()],
            TypeKind::Multiple(kinds) => kinds.iter().map(|kind| kind.to_string()).collect(),
        };
        let found = match self.value.pointer(&pointer) {
            // `version: 1.0`: whoever reads it makes a text of it.
            Some(Value::Number(_)) if wanted.iter().any(|kind| kind == "string") => return,
            Some(Value::Null) => "nothing",
            Some(Value::Bool(_)) => "a boolean",
            Some(Value::Number(_)) => "a number",
            Some(Value::String(_)) => "a text",
            Some(Value::Array(_)) => "a list",
            Some(Value::Object(_)) => "a mapping",
            None => return,
        };
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
        self.push(pointer, None, message, None);
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
        let help = near.map_or(all.clone(), |near| {
            format!("did you mean `{near}`? ({all})")
        });
        self.push(
            pointer,
            None,
            format!("{text} is none of the choices"),
            Some(help),
        );
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

    fn push(
        &mut self,
        pointer: String,
        key: Option<String>,
        message: String,
        help: Option<String>,
    ) {
        self.refusals.push(Refusal {
            pointer,
            key,
            message,
            help,
        });
    }
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
