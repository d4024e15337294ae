//! What a way to sign in requires and does not have.

use std::fmt;

use super::method::Method;
use super::variables::Variables;

/// A requirement of a way to sign in that is not met; printed as the end of a sentence about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingRequirement {
    /// The way to sign in.
    pub method: Method,
    pub(super) what: String,
}

impl fmt::Display for MissingRequirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

/// What is missing by variables and programs alone. Without `programs`, that a program exists is assumed.
pub(super) fn missing_requirement(
    method: Method,
    variables: &Variables,
    programs: Option<&[&str]>,
) -> Option<MissingRequirement> {
    // Of synonymous names, the first is the one to set.
    let missing: Vec<&str> = method
        .variables()
        .iter()
        .filter(|names| variables.first(names).is_none())
        .filter_map(|names| names.first().copied())
        .collect();
    let what = match (method.program(), programs) {
        (Some(program), Some(there)) if !there.contains(&program) => {
            format!("requires the program `{program}`, which is not on the PATH")
        }
        _ if missing.is_empty() => return None,
        _ => format!("lacks {}", missing.join(", ")),
    };
    Some(MissingRequirement { method, what })
}
