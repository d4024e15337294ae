//! Problems as SARIF 2.1.0, for code scanning.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::annotation::Region;
use super::data::Data;
use super::help::help_text;
use super::shown::{MOST_LISTED, Shown};
use crate::model::{
    Code, Diagnostic, ExemptedFinding, Fix, Label, Severity, Sources, TextEdit, code,
};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// Paths are relative to this: the root of the repository.
const ROOT: &str = "%SRCROOT%";

/// Writes problems as SARIF. `prefix` leads from the repository to the project (empty, or with `/` at
/// its end); a problem without a place is shown at the start of `fallback`, as code scanning demands one.
#[must_use]
pub fn render_sarif(
    diagnostics: &[Diagnostic],
    exempted: &[ExemptedFinding],
    sources: &Sources,
    prefix: &str,
    fallback: &str,
) -> Data<'static> {
    let accepted = exempted.iter().map(|one| &one.finding);
    let codes = codes(diagnostics.iter().chain(accepted));
    let rules: Vec<Value> = codes.iter().map(|code| rule(code)).collect();
    let context = Context {
        sources,
        prefix,
        fallback,
        codes,
    };
    let shown = Shown::of(diagnostics, MOST_LISTED);
    let mut results: Vec<Value> = shown
        .diagnostics
        .iter()
        .map(|d| context.result(d))
        .collect();
    if !exempted.is_empty() {
        // If one result has suppressions, all must (documented: SARIF 2.1.0, 3.27.23).
        for result in &mut results {
            result["suppressions"] = json!([]);
        }
        let room = MOST_LISTED - results.len();
        results.extend(
            exempted
                .iter()
                .take(room)
                .map(|one| context.suppressed(one)),
        );
    }
    let mut log = log("apicenter/validate/", &rules, &results);
    if let Some(omission) = shown.omission() {
        log["runs"][0]["invocations"] = json!([{
            "executionSuccessful": true,
            "toolExecutionNotifications": [
                {"level": "warning", "message": {"text": sentence(&omission)}},
            ],
        }]);
    }
    Data::json(log)
}

/// One run of the program. `category` distinguishes the results of one commit (documented: GitHub, code scanning).
pub(super) fn log(category: &str, rules: &[Value], results: &[Value]) -> Value {
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "apicenter",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "automationDetails": {"id": category},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

/// The program's own codes, then those of rules that were made at run time.
fn codes<'a>(diagnostics: impl Iterator<Item = &'a Diagnostic>) -> Vec<&'a Code> {
    let own = code::ALL.iter();
    let others: BTreeSet<&Code> = diagnostics
        .map(|diagnostic| &diagnostic.code)
        .filter(|code| !code::ALL.contains(code))
        .collect();
    own.chain(others).collect()
}

fn rule(code: &Code) -> Value {
    let help = format!("{} See the message for what to do about it.", code.meaning);
    json!({
        "id": code.id,
        "shortDescription": {"text": code.meaning},
        "fullDescription": {"text": code.meaning},
        "help": {"text": help},
        "properties": {"tags": ["api-center"]},
    })
}

struct Context<'a> {
    sources: &'a Sources,
    prefix: &'a str,
    fallback: &'a str,
    codes: Vec<&'a Code>,
}

impl Context<'_> {
    /// A finding that an exemption accepts.
    fn suppressed(&self, exempted: &ExemptedFinding) -> Value {
        let mut result = self.result(&exempted.finding);
        let acceptance = &exempted.acceptance;
        let place = Label {
            span: acceptance.place,
            text: String::new(),
        };
        let mut suppression = json!({
            "kind": "external",
            "status": "accepted",
            "justification": acceptance.reason,
            "location": self.location(&place, None),
        });
        let until = acceptance.until.map(|until| until.to_string());
        for (name, value) in [("by", &acceptance.by), ("until", &until)] {
            if let Some(value) = value {
                suppression["properties"][name] = value.as_str().into();
            }
        }
        result["suppressions"] = json!([suppression]);
        result
    }

    fn result(&self, diagnostic: &Diagnostic) -> Value {
        let mut message = sentence(&diagnostic.message);
        if let Some(help) = help_text(diagnostic) {
            message.push_str(&format!("\nHelp: {}", sentence(&help)));
        }
        let mut result = Map::new();
        result.insert("ruleId".to_owned(), diagnostic.code.id.as_ref().into());
        let index = self.codes.iter().position(|code| **code == diagnostic.code);
        if let Some(index) = index {
            result.insert("ruleIndex".to_owned(), index.into());
        }
        let level = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        result.insert("level".to_owned(), level.into());
        result.insert("message".to_owned(), json!({"text": message}));
        let mut place = match &diagnostic.primary {
            Some(label) => self.location(label, None),
            None => json!({"physicalLocation": physical(
                &format!("{}{}", self.prefix, self.fallback),
                &json!({"startLine": 1}),
            )}),
        };
        if !diagnostic.addresses.is_empty() {
            let resources = diagnostic.addresses.iter().map(
                |address| json!({"fullyQualifiedName": address.to_string(), "kind": "resource"}),
            );
            place["logicalLocations"] = resources.collect();
        }
        result.insert("locations".to_owned(), json!([place]));
        if !diagnostic.related.is_empty() {
            let related = diagnostic.related.iter().enumerate();
            let related: Vec<Value> = related
                .map(|(id, label)| self.location(label, Some(id)))
                .collect();
            result.insert("relatedLocations".to_owned(), related.into());
        }
        if let Some(fix) = &diagnostic.fix {
            result.insert("fixes".to_owned(), json!([self.fix(fix)]));
        }
        let fingerprint = json!({"apicenterDiagnostic/v1": self.fingerprint(diagnostic)});
        result.insert("partialFingerprints".to_owned(), fingerprint);
        Value::Object(result)
    }

    /// A proposed fix, all of whose edits are of one file.
    fn fix(&self, fix: &Fix) -> Value {
        let first = fix.edits.first();
        let file = first.map_or(self.fallback, |edit| self.sources.locate(edit.span).0);
        let replacements: Vec<Value> = fix
            .edits
            .iter()
            .map(|edit| self.replacement(edit))
            .collect();
        json!({
            "description": {"text": sentence(&fix.to_string())},
            "artifactChanges": [{
                "artifactLocation": artifact(&format!("{}{file}", self.prefix)),
                "replacements": replacements,
            }],
            "properties": {"certain": fix.is_certain()},
        })
    }

    fn replacement(&self, edit: &TextEdit) -> Value {
        let at = Region::new(edit.span, self.sources, self.prefix);
        json!({
            // Also where nothing is deleted: an insertion has a region of length 0 (documented: SARIF 2.1.0, 3.57.3).
            "deletedRegion": {
                "startLine": at.line, "startColumn": at.column,
                "endLine": at.end_line, "endColumn": at.end_column,
            },
            "insertedContent": {"text": edit.text},
        })
    }

    fn location(&self, label: &Label, id: Option<usize>) -> Value {
        let at = Region::new(label.span, self.sources, self.prefix);
        let mut location = Map::new();
        if let Some(id) = id {
            location.insert("id".to_owned(), id.into());
        }
        location.insert("physicalLocation".to_owned(), physical_location(&at));
        if !label.text.is_empty() {
            let message = json!({"text": sentence(&label.text)});
            location.insert("message".to_owned(), message);
        }
        Value::Object(location)
    }

    /// The same problem has the same fingerprint when lines above it come and go.
    fn fingerprint(&self, diagnostic: &Diagnostic) -> String {
        let file = diagnostic
            .primary
            .as_ref()
            .map_or(self.fallback, |label| self.sources.locate(label.span).0);
        let mut hash = Sha256::new();
        for part in [&*diagnostic.code.id, file, &diagnostic.message] {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        let digest = hash.finalize();
        digest[..16].iter().map(|b| format!("{b:02x}")).collect()
    }
}

/// A place in a file.
pub(super) fn physical_location(at: &Region) -> Value {
    let mut region = json!({"startLine": at.line, "startColumn": at.column});
    if (at.end_line, at.end_column) > (at.line, at.column) {
        region["endLine"] = at.end_line.into();
        region["endColumn"] = at.end_column.into();
    }
    physical(&at.file, &region)
}

fn physical(file: &str, region: &Value) -> Value {
    json!({"artifactLocation": artifact(file), "region": region})
}

fn artifact(file: &str) -> Value {
    json!({"uri": uri(file), "uriBaseId": ROOT})
}

/// A path as a relative reference.
fn uri(path: &str) -> String {
    let mut uri = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/._~-".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

/// With a capital and a full stop, as SARIF asks; a name at the start stays as it is.
pub(super) fn sentence(text: &str) -> String {
    let text = text.trim();
    let first = text.split(' ').next().unwrap_or_default();
    let is_word = first.bytes().all(|byte| byte.is_ascii_lowercase());
    let mut chars = text.chars();
    let mut sentence = String::new();
    if is_word {
        sentence.extend(chars.next().into_iter().flat_map(char::to_uppercase));
    }
    sentence.push_str(chars.as_str());
    if !sentence.ends_with(['.', '!', '?']) {
        sentence.push('.');
    }
    // `[a](1)` would be a link to a related place.
    if sentence.contains("](") {
        sentence = sentence
            .replace('\\', "\\\\")
            .replace('[', "\\[")
            .replace(']', "\\]");
    }
    sentence
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_begin_with_a_capital_and_hold_no_links() {
        assert_eq!(sentence("unknown field `x`"), "Unknown field `x`.");
        assert_eq!(
            sentence("api/orders is declared twice"),
            "api/orders is declared twice."
        );
        assert_eq!(sentence("see [this](0)!"), "See \\[this\\](0)!");
        assert_eq!(sentence("one of [a, b]"), "One of [a, b].");
    }

    #[test]
    fn paths_become_addresses() {
        assert_eq!(uri("a b/ü%.yaml"), "a%20b/%C3%BC%25.yaml");
    }
}
