//! Paths with variables, as `google.api.http` has them.

use std::ops::Range;

/// A path whose variables stand for some of its segments.
pub(super) struct PathTemplate {
    segments: Vec<String>,
    /// What follows the last `:`.
    verb: String,
    pub(super) variables: Vec<Variable>,
    shape: String,
}

/// A field of the request that some segments of a path are the value of.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Variable {
    pub(super) field: String,
    segments: Range<usize>,
}

impl PathTemplate {
    /// `/v1/{name=shelves/*}:get` has the segments `v1`, `shelves` and `*`; what is not well-formed is a segment too.
    pub(super) fn of(path: &str) -> Self {
        let (mut segments, mut variables) = (Vec::new(), Vec::new());
        let mut verb = "";
        let mut rest = Some(path.strip_prefix('/').unwrap_or(path));
        while let Some(text) = rest {
            let inner = text.strip_prefix('{');
            let (segment, next) = match inner.and_then(|inner| inner.split_once('}')) {
                Some((variable, after)) => {
                    let (field, pattern) = variable.split_once('=').unwrap_or((variable, "*"));
                    let start = segments.len();
                    segments.extend(pattern.split('/').map(|it| it.trim().to_owned()));
                    variables.push(Variable {
                        field: field.trim().to_owned(),
                        segments: start..segments.len(),
                    });
                    split(after)
                }
                None => {
                    segments.push(String::new());
                    split(text)
                }
            };
            let segment = match (next, segment.rsplit_once(':')) {
                (None, Some((segment, last))) => {
                    verb = last;
                    segment
                }
                _ => segment,
            };
            if let Some(last) = segments.last_mut() {
                last.push_str(segment);
            }
            rest = next;
        }
        Self {
            shape: format!("{}:{verb}", segments.join("/")),
            segments,
            verb: verb.to_owned(),
            variables,
        }
    }

    /// The same text for templates that match the same paths.
    pub(super) fn shape(&self) -> &str {
        &self.shape
    }

    /// Whether it matches every path that the other matches.
    pub(super) fn is_as_wide_as(&self, other: &Self) -> bool {
        if self.verb != other.verb {
            return false;
        }
        let mut others = other.segments.iter();
        for segment in &self.segments {
            match (segment.as_str(), others.next()) {
                ("**", _) => return true,
                ("*", Some(other)) if other != "**" => {}
                (segment, Some(other)) if segment == other => {}
                _ => return false,
            }
        }
        others.next().is_none()
    }

    /// The segments of another template, all of whose paths this one matches, that a variable stands for there.
    pub(super) fn segments_in(&self, variable: &Variable, other: &Self) -> Range<usize> {
        let Range { start, end } = variable.segments;
        let last = end.checked_sub(1).and_then(|at| self.segments.get(at));
        match last.map(String::as_str) {
            Some("**") => start..other.segments.len(),
            _ => start..end,
        }
    }

    /// The variable that stands for some segments.
    pub(super) fn variable_at(&self, segments: &Range<usize>) -> Option<&Variable> {
        self.variables.iter().find(|it| it.segments == *segments)
    }
}

/// A segment, and what follows behind the next slash.
fn split(text: &str) -> (&str, Option<&str>) {
    let next = text.split_once('/');
    next.map_or((text, None), |(segment, rest)| (segment, Some(rest)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_stand_for_segments() {
        for (path, shape, variables) in [
            ("/v1/{id}", "v1/*:", &[("id", 1..2)][..]),
            (
                "/v1/{name=shelves/*}/{b.c}:get",
                "v1/shelves/*/*:get",
                &[("name", 1..3), ("b.c", 3..4)],
            ),
            ("/v1/a:b", "v1/a:b", &[]),
            ("/v1/{id}:b", "v1/*:b", &[("id", 1..2)]),
            ("/v1/{id=**}", "v1/**:", &[("id", 1..2)]),
            ("/a:b/c", "a:b/c:", &[]),
            ("/v1/{open", "v1/{open:", &[]),
            ("}{", "}{:", &[]),
            ("", ":", &[]),
        ] {
            let template = PathTemplate::of(path);
            assert_eq!(template.shape(), shape, "{path}");
            let found = template.variables.iter();
            let found: Vec<(&str, Range<usize>)> = found
                .map(|it| (it.field.as_str(), it.segments.clone()))
                .collect();
            assert_eq!(found, variables, "{path}");
        }
    }

    #[test]
    fn stars_take_what_is_narrower() {
        let is_wider = |path: &str, other: &str| {
            PathTemplate::of(path).is_as_wide_as(&PathTemplate::of(other))
        };
        for (path, other) in [
            ("/v1/{id=**}:get", "/v1/{id}:get"),
            ("/v1/{id=**}", "/v1/{id}/{part}"),
            ("/v1/{id=**}", "/v1"),
            ("/v1/{id}", "/v1/all"),
            ("/v1/{name=shelves/*}", "/v1/shelves/{id}"),
        ] {
            assert!(is_wider(path, other), "{path} {other}");
        }
        for (path, other) in [
            ("/v1/{id}", "/v1/{id=**}"),
            ("/v1/{id=**}:get", "/v1/{id}"),
            ("/v1/all", "/v1/{id}"),
            ("/v1/{id}", "/v1/{id}/a"),
            ("/v1/{id}/a", "/v1/{id}"),
            ("/v1/{id}", "/v2/{id}"),
        ] {
            assert!(!is_wider(path, other), "{path} {other}");
        }
    }
}
