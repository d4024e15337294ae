//! The fields that a project leaves to others.

use serde_json::Value;

use crate::kinds::{KINDS, Kind, by_name};
use crate::manifest::{Project, did_you_mean, list};
use crate::model::{Code, Diagnostic, Diagnostics, code};
use crate::plan::IgnoreRule;

/// The rules; a kind or a field that does not exist is reported at its place, because a rule that
/// matches nothing protects nothing.
pub(super) fn rules(project: &Project, diagnostics: &mut Diagnostics) -> Vec<IgnoreRule> {
    let mut rules = Vec::new();
    for (i, rule) in project.spec.ignore.iter().flatten().enumerate() {
        let problem = match by_name(&rule.kind) {
            None => Some(unknown_kind(&rule.kind)),
            Some(kind) => unknown_field(kind, &rule.field),
        };
        if let Some(Problem {
            code,
            message,
            key,
            label,
            help,
        }) = problem
        {
            let mut diagnostic = Diagnostic::error(code, message).help(help);
            if let Some(span) = project.place(&["ignore", &i.to_string(), key]) {
                diagnostic = diagnostic.at(span, label);
            }
            diagnostics.push(diagnostic);
        }
        rules.push(IgnoreRule {
            kind: rule.kind.clone(),
            field: rule.field.clone(),
        });
    }
    rules
}

struct Problem {
    code: Code,
    message: String,
    /// The key whose value is wrong.
    key: &'static str,
    label: &'static str,
    help: String,
}

fn unknown_kind(name: &str) -> Problem {
    let known: Vec<&str> = KINDS.iter().map(|kind| kind.info.name).collect();
    Problem {
        code: code::UNKNOWN_KIND,
        message: format!("unknown kind `{name}`"),
        key: "kind",
        label: "no such kind",
        help: did_you_mean(name, &known)
            .unwrap_or_else(|| format!("the kinds are {}", list(&known, "and"))),
    }
}

/// Walks the path down the kind's schema as far as that names fields.
fn unknown_field(kind: &Kind, path: &str) -> Option<Problem> {
    let mut schema = (kind.schema)();
    for step in path.split('.') {
        if schema.get("items").is_some() {
            let help = format!(
                "lists are left to others as a whole: `{}`",
                before(path, step)
            );
            return Some(no_field(kind, path, help));
        }
        let fields = schema.get("properties").and_then(Value::as_object)?;
        let Some(field) = fields.get(step) else {
            let known: Vec<&str> = fields.keys().map(String::as_str).collect();
            let help = did_you_mean(step, &known)
                .unwrap_or_else(|| format!("the fields are {}", list(&known, "and")));
            return Some(no_field(kind, path, help));
        };
        schema = field;
    }
    None
}

/// The part of a path above a step.
fn before<'p>(path: &'p str, step: &str) -> &'p str {
    path.split_once(&format!(".{step}"))
        .map_or(path, |(above, _)| above)
}

fn no_field(kind: &Kind, path: &str, help: String) -> Problem {
    Problem {
        code: code::UNKNOWN_FIELD,
        message: format!("{} has no field `{path}`", kind.info.name),
        key: "field",
        label: "no such field",
        help,
    }
}
