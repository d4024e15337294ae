//! Problems as JUnit XML: one suite for each file, one case for each problem.

use std::collections::BTreeMap;

use super::annotation::Region;
use super::data::Data;
use super::help::help_text;
use super::shown::{MOST_LISTED, Shown};
use crate::model::{Acceptance, Diagnostic, ExemptedFinding, Severity, Sources};

/// Writes problems as JUnit XML. `files` are all files that were read: those without a problem pass.
/// `prefix` leads from the repository to the project: empty, or with `/` at its end.
#[must_use]
pub fn render_junit<'a>(
    diagnostics: &[Diagnostic],
    exempted: &[ExemptedFinding],
    files: impl IntoIterator<Item = &'a str>,
    sources: &Sources,
    prefix: &str,
) -> Data<'static> {
    let mut suites: BTreeMap<String, Vec<Case<'_>>> = BTreeMap::new();
    for file in files {
        suites.entry(format!("{prefix}{file}")).or_default();
    }
    let shown = Shown::of(diagnostics, MOST_LISTED);
    let room = MOST_LISTED - shown.diagnostics.len();
    let reported = shown
        .diagnostics
        .iter()
        .map(|diagnostic| (*diagnostic, None));
    let accepted = exempted.iter().take(room);
    let accepted = accepted.map(|one| (&one.finding, Some(&*one.acceptance)));
    for (diagnostic, acceptance) in reported.chain(accepted) {
        let region = diagnostic
            .primary
            .as_ref()
            .map(|label| Region::new(label.span, sources, prefix));
        let file = region.as_ref().map_or("project", |region| &region.file);
        suites.entry(file.to_owned()).or_default().push(Case {
            diagnostic,
            region,
            acceptance,
        });
    }
    let omission = shown.omission();
    let omitted_failures = usize::from(shown.omitted_errors > 0);
    let tests: usize = suites.values().map(|cases| cases.len().max(1)).sum();
    let failures: usize = suites.values().map(|cases| failures(cases)).sum();
    let tests = tests + usize::from(omission.is_some());
    let failures = failures + omitted_failures;
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    out.push_str(&format!(
        "<testsuites name=\"apicenter validate\" tests=\"{tests}\" failures=\"{failures}\" \
         errors=\"0\">\n"
    ));
    for (file, cases) in &suites {
        suite(&mut out, file, cases, sources, prefix);
    }
    if let Some(omission) = omission {
        let failure = match omitted_failures {
            0 => String::new(),
            _ => format!("<failure message=\"{omission}\"/>"),
        };
        out.push_str(&format!(
            "  <testsuite name=\"not shown\" tests=\"1\" failures=\"{omitted_failures}\" errors=\"0\" \
             skipped=\"0\">\n    <testcase name=\"{omission}\" classname=\"not shown\">{failure}</testcase>\n  \
             </testsuite>\n"
        ));
    }
    out.push_str("</testsuites>\n");
    Data::xml(&out)
}

/// One problem, and who accepts it, if it is exempted.
struct Case<'a> {
    diagnostic: &'a Diagnostic,
    region: Option<Region>,
    acceptance: Option<&'a Acceptance>,
}

fn failures(cases: &[Case<'_>]) -> usize {
    let is_failure =
        |case: &&Case| case.acceptance.is_none() && case.diagnostic.severity == Severity::Error;
    cases.iter().filter(is_failure).count()
}

fn suite(out: &mut String, file: &str, cases: &[Case<'_>], sources: &Sources, prefix: &str) {
    let name = attribute(file);
    out.push_str(&format!(
        "  <testsuite name=\"{name}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\">\n",
        cases.len().max(1),
        failures(cases),
        cases
            .iter()
            .filter(|case| case.acceptance.is_some())
            .count()
    ));
    if cases.is_empty() {
        out.push_str(&format!(
            "    <testcase name=\"valid\" classname=\"{name}\" file=\"{name}\"/>\n"
        ));
    }
    for one in cases {
        case(out, &name, one, sources, prefix);
    }
    out.push_str("  </testsuite>\n");
}

fn case(out: &mut String, file: &str, case: &Case<'_>, sources: &Sources, prefix: &str) {
    let Case { diagnostic, .. } = case;
    let region = case.region.as_ref();
    let (at, line) = region.map_or((String::new(), String::new()), |region| {
        let at = format!(" ({}:{})", region.line, region.column);
        (at, format!(" line=\"{}\"", region.line))
    });
    let code = attribute(&diagnostic.code.id);
    let name = attribute(&format!("{}{at}: {}", diagnostic.code, diagnostic.message));
    out.push_str(&format!(
        "    <testcase name=\"{name}\" classname=\"{file}\" file=\"{file}\"{line}>\n"
    ));
    let text = content(&explanation(diagnostic, region, sources, prefix));
    if let Some(acceptance) = case.acceptance {
        let message = attribute(&accepted(acceptance));
        out.push_str(&format!(
            "      <skipped message=\"{message}\">{text}</skipped>\n    </testcase>\n"
        ));
        return;
    }
    out.push_str(&match diagnostic.severity {
        Severity::Error => {
            let message = attribute(&diagnostic.message);
            format!(
                "      <failure type=\"{code}\" message=\"{message}\">{text}</failure>\n    \
                 </testcase>\n"
            )
        }
        // JUnit knows no warning: the case passes and says what there is to say.
        Severity::Warning => {
            format!("      <system-out>{text}</system-out>\n    </testcase>\n")
        }
    });
}

/// Who accepts a finding, why, and for how long.
fn accepted(acceptance: &Acceptance) -> String {
    let by = acceptance.by.as_ref();
    let by = by.map_or(String::new(), |by| format!(" by {by}"));
    let until = acceptance.until;
    let until = until.map_or(String::new(), |until| format!(" until {until}"));
    format!("exempted{by}{until}: {}", acceptance.reason)
}

fn explanation(
    diagnostic: &Diagnostic,
    region: Option<&Region>,
    sources: &Sources,
    prefix: &str,
) -> String {
    let mut text = match region {
        Some(region) => format!("{}:{}:{}: ", region.file, region.line, region.column),
        None => String::new(),
    };
    text.push_str(&format!(
        "{}[{}]: {}",
        diagnostic.severity.word(),
        diagnostic.code,
        diagnostic.message
    ));
    for label in &diagnostic.related {
        let at = Region::new(label.span, sources, prefix);
        text.push_str(&format!(
            "\n{}:{}:{}: {}",
            at.file, at.line, at.column, label.text
        ));
    }
    if let Some(help) = help_text(diagnostic) {
        text.push_str(&format!("\nhelp: {help}"));
    }
    text
}

fn attribute(text: &str) -> String {
    content(text)
        .replace('"', "&quot;")
        .replace('\n', "&#10;")
        .replace('\t', "&#9;")
}

/// Text in which XML sees only text. Characters that XML cannot hold become U+FFFD.
fn content(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\r' => out.push_str("&#13;"),
            '\n' | '\t' => out.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_is_markup() {
        let hostile = "]]></failure>\"'&\u{1b}\u{0}\r\nx";
        assert_eq!(
            attribute(hostile),
            "]]&gt;&lt;/failure&gt;&quot;'&amp;\u{fffd}\u{fffd}&#13;&#10;x"
        );
    }
}
