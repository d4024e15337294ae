//! The problems that an output shows, where there are more than anybody reads.

use crate::model::{Diagnostic, Severity, counted};

/// Most problems that are printed for people (chosen here).
pub(super) const MOST_PRINTED: usize = 1000;

/// Most problems in a form for programs (as many as code scanning shows; documented: GitHub, SARIF support).
pub(super) const MOST_LISTED: usize = 5000;

/// The first problems, errors before warnings if there are too many, and how many others there are.
pub(super) struct Shown<'a> {
    /// The problems that are shown, in the order in which they were given.
    pub(super) diagnostics: Vec<&'a Diagnostic>,
    /// Errors that are not shown.
    pub(super) omitted_errors: usize,
    /// Warnings that are not shown.
    pub(super) omitted_warnings: usize,
}

impl<'a> Shown<'a> {
    /// At most so many problems.
    pub(super) fn of(
        diagnostics: impl IntoIterator<Item = &'a Diagnostic, IntoIter: Clone>,
        most: usize,
    ) -> Self {
        let all = diagnostics.into_iter();
        let is_error = |diagnostic: &&Diagnostic| diagnostic.severity == Severity::Error;
        let errors = all.clone().filter(is_error).count();
        let warnings = all.clone().count() - errors;
        let mut errors_left = errors.min(most);
        let mut warnings_left = warnings.min(most - errors_left);
        let (omitted_errors, omitted_warnings) = (errors - errors_left, warnings - warnings_left);
        let diagnostics = all.filter(|diagnostic| {
            let left = match diagnostic.severity {
                Severity::Error => &mut errors_left,
                Severity::Warning => &mut warnings_left,
            };
            let is_shown = *left > 0;
            *left = left.saturating_sub(1);
            is_shown
        });
        Self {
            diagnostics: diagnostics.collect(),
            omitted_errors,
            omitted_warnings,
        }
    }

    /// How many problems are not shown, if any.
    pub(super) fn omission(&self) -> Option<String> {
        let (errors, warnings) = (self.omitted_errors, self.omitted_warnings);
        let parts: Vec<String> = [(errors, "more error"), (warnings, "more warning")]
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, noun)| counted(count, noun))
            .collect();
        let verb = if errors + warnings == 1 { "is" } else { "are" };
        (!parts.is_empty()).then(|| format!("{} {verb} not shown", parts.join(" and ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::code;

    #[test]
    fn errors_come_before_warnings_where_there_is_no_room_for_all() {
        let of = |is_error: bool| match is_error {
            true => Diagnostic::error(code::YAML_SYNTAX, "x"),
            false => Diagnostic::warning(code::YAML_SYNTAX, "x"),
        };
        let all = [false, true, false, true, true].map(of);
        for (most, shown, omission) in [
            (9, "wewee", None),
            (5, "wewee", None),
            (4, "weee", Some("1 more warning is not shown")),
            (3, "eee", Some("2 more warnings are not shown")),
            (
                2,
                "ee",
                Some("1 more error and 2 more warnings are not shown"),
            ),
        ] {
            let found = Shown::of(&all, most);
            let letters = found.diagnostics.iter().map(|d| &d.severity.word()[..1]);
            let letters: String = letters.collect();
            assert_eq!(letters, shown, "{most}");
            assert_eq!(found.omission().as_deref(), omission, "{most}");
        }
    }
}
