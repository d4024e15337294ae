//! Descriptions against the official schemas of their formats, and against themselves.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::description::Description;
use super::meta_schemas::{self, Known};
use super::reading::Reading;
use super::schema_refusals::{self, Flaw, Refusal, Refusals};
use super::{structured, unquoted_dates, yaml_text};
use crate::model::{code, counted};
use crate::yaml::Node;

/// The most problems of a document that are reported.
const MOST: usize = 10;

/// Where a description states which dialect of JSON Schema it uses.
const DIALECT: &str = "jsonSchemaDialect";

/// Something that readers of a description will trip over; the service takes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Oddity {
    /// Whether the document has a key twice, rather than not being what its format asks for.
    pub is_duplicate: bool,
    /// The field that is missing, or the ones of which one is.
    subject: Option<Vec<String>>,
    /// One sentence.
    pub message: String,
    /// Where, as a range of bytes.
    pub place: Range<usize>,
    /// Where a key is for the first time.
    pub first: Option<Range<usize>>,
    /// What to write instead.
    pub help: Option<String>,
}

/// What is odd about a well-formed description: keys that it has twice, a version of its format that does
/// not exist, and what the official schema of its format refuses; at most ten.
pub(super) fn of_reading(reading: &Reading<'_>, description: &Description) -> Vec<Oddity> {
    let format = description.specification.name.as_str();
    if !matches!(format, "openapi" | "asyncapi") {
        return Vec::new();
    }
    let mark = reading.mark();
    let version = description
        .specification
        .version
        .as_deref()
        .unwrap_or_default();
    let mut oddities = of_body(reading, format, version);
    for oddity in &mut oddities {
        oddity.place = oddity.place.start + mark..oddity.place.end + mark;
        oddity.first = oddity
            .first
            .take()
            .map(|first| first.start + mark..first.end + mark);
    }
    oddities
}

fn of_body(reading: &Reading<'_>, format: &str, version: &str) -> Vec<Oddity> {
    let is_json = reading.text.trim_start().starts_with('{');
    let strict = reading.strict().filter(|_| is_json);
    if let Some(value) = strict {
        let dialect = value.get(DIALECT).and_then(Value::as_str);
        if let Known::Schema(schema) = meta_schemas::of(format, version, dialect)
            && schema.validator.is_valid(value)
        {
            return Vec::new();
        }
    }
    let yaml = reading.yaml();
    let Some(root) = yaml.first_root() else {
        return Vec::new();
    };
    let dialect = root.get(DIALECT).and_then(|node| node.scalar_text());
    let known = meta_schemas::of(format, version, dialect);
    let mut oddities = duplicates(yaml);
    match known {
        // What was left out of an outline, or could not be read, is not judged.
        Known::Schema(schema) if strict.is_some() || is_whole(yaml) => {
            let Some(value) = strict.or_else(|| reading.value()) else {
                return few(oddities);
            };
            let mut refusals = schema_refusals::refusals(schema, value);
            if !is_json {
                let found = &mut refusals.found;
                found.extend(unquoted_dates::refusals(schema, root, value));
            }
            oddities.extend(joined(root, refusals, is_json));
        }
        Known::Schema(_) => {}
        Known::Versions(versions) => {
            oddities.extend(unknown_version(root, format, version, &versions));
        }
    }
    few(oddities)
}

/// Whether the tree has everything that the text has, but for keys that are there twice.
fn is_whole(yaml: &yaml_text::Yaml) -> bool {
    let mut problems = yaml.diagnostics.iter();
    problems.all(|problem| problem.code == code::YAML_DUPLICATE_KEY)
}

fn duplicates(yaml: &yaml_text::Yaml) -> Vec<Oddity> {
    let twice = yaml
        .diagnostics
        .iter()
        .filter(|d| d.code == code::YAML_DUPLICATE_KEY);
    twice
        .filter_map(|diagnostic| {
            let second = diagnostic.primary.as_ref()?.span;
            let first = diagnostic
                .related
                .first()
                .map(|label| label.span.start..label.span.end);
            Some(Oddity {
                is_duplicate: true,
                subject: None,
                message: diagnostic.message.clone(),
                place: second.start..second.end,
                first,
                help: Some("readers see only one of the two: join them, or remove one".to_owned()),
            })
        })
        .collect()
}

fn unknown_version(root: &Node, format: &str, version: &str, versions: &str) -> Option<Oddity> {
    let key = structured::description_key(root)?;
    let span = root.get(key)?.span;
    let name = if format == "asyncapi" {
        "AsyncAPI"
    } else {
        "OpenAPI"
    };
    Some(Oddity {
        is_duplicate: false,
        subject: None,
        message: format!("`{key}: {version}` is not a version of {name} that this program knows"),
        place: span.start..span.end,
        first: None,
        help: Some(format!("known versions are {versions}")),
    })
}

/// A refusal in a document, and how often the same one is in it.
struct Finding<'a> {
    node: &'a Node,
    place: Range<usize>,
    refusal: Refusal,
    count: usize,
}

/// Equal refusals as one, at the first place.
fn joined(root: &Node, refusals: Refusals, is_json: bool) -> Vec<Oddity> {
    let mut findings: BTreeMap<(String, String), Finding<'_>> = BTreeMap::new();
    for refusal in refusals.found {
        let (node, place) = place(root, &refusal);
        let kind = (refusal.rule.clone(), refusal.message.clone());
        let count = findings.get(&kind).map_or(1, |known| known.count + 1);
        let is_first = findings
            .get(&kind)
            .is_none_or(|known| place.start < known.place.start);
        match findings.get_mut(&kind) {
            Some(known) if !is_first => known.count = count,
            _ => {
                let finding = Finding {
                    node,
                    place,
                    refusal,
                    count,
                };
                findings.insert(kind, finding);
            }
        }
    }
    let findings = findings.into_values();
    let least = if refusals.is_truncated { "least " } else { "" };
    findings
        .map(|finding| finding.oddity(is_json, least))
        .collect()
}

impl Finding<'_> {
    fn oddity(self, is_json: bool, least: &str) -> Oddity {
        let refusal = self.refusal;
        let help = match &refusal.flaw {
            Flaw::Unquoted => self.node.scalar_text().map(|text| {
                let quote = if is_json { '"' } else { '\'' };
                format!("quote it: `{quote}{text}{quote}`")
            }),
            _ => refusal.help,
        };
        let message = match self.count - 1 {
            0 => refusal.message,
            more => {
                let places = counted(more, "more place");
                format!("{} (and at {least}{places})", refusal.message)
            }
        };
        Oddity {
            is_duplicate: false,
            subject: match refusal.flaw {
                Flaw::Lacks(fields) => Some(fields),
                _ => None,
            },
            message,
            place: self.place,
            first: None,
            help,
        }
    }
}

/// The part of a document that a refusal is about, and its place.
fn place<'a>(root: &'a Node, refusal: &Refusal) -> (&'a Node, Range<usize>) {
    let mut node = root;
    let mut key = None;
    for step in refusal.pointer.split('/').skip(1) {
        let step = step.replace("~1", "/").replace("~0", "~");
        let item = step.parse().ok().and_then(|i: usize| node.items()?.get(i));
        let entry = node.entry(&step);
        let Some(inner) = entry.map(|entry| &entry.value).or(item) else {
            break;
        };
        key = entry.map(|entry| entry.key.span);
        node = inner;
    }
    let own = match &refusal.flaw {
        Flaw::Key(name) => node.entry(name).map(|entry| entry.key.span),
        _ => None,
    };
    let span = own
        .or_else(|| {
            node.scalar()
                .map(|_| node.span)
                .filter(|span| span.start < span.end)
        })
        .or(key)
        .unwrap_or_else(|| node.first_span());
    (node, span.start..span.end)
}

/// The first ones by place: one for each place, and for each field that is missing there.
fn few(mut oddities: Vec<Oddity>) -> Vec<Oddity> {
    oddities.sort_by(|a, b| order(a).cmp(&order(b)));
    oddities.dedup_by(|a, b| (a.place.start, &a.subject) == (b.place.start, &b.subject));
    let more = oddities.len().saturating_sub(MOST);
    oddities.truncate(MOST);
    if let Some(last) = oddities.last_mut().filter(|_| more > 0) {
        let help = last
            .help
            .take()
            .map_or_else(String::new, |help| format!("{help}; "));
        last.help = Some(format!("{help}the document has more problems of this kind"));
    }
    oddities
}

fn order(oddity: &Oddity) -> (usize, bool, &Option<Vec<String>>) {
    (oddity.place.start, !oddity.is_duplicate, &oddity.subject)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::describe;

    fn oddities(text: &str, description: &Description) -> Vec<Oddity> {
        of_reading(&Reading::new(text), description)
    }

    /// `line:column message` of each oddity.
    fn found(text: &str) -> Vec<String> {
        let description = describe(None, text).unwrap();
        let oddities = oddities(text, &description);
        oddities
            .iter()
            .map(|oddity| {
                let before = &text[..oddity.place.start];
                let line = before.matches('\n').count() + 1;
                let column = before
                    .rsplit('\n')
                    .next()
                    .unwrap_or_default()
                    .chars()
                    .count()
                    + 1;
                format!("{line}:{column} {}", oddity.message)
            })
            .collect()
    }

    const OPENAPI: &str = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths:\n  /a:\n    get:\n      responses:\n        '200': {description: ok}\n";

    #[test]
    fn valid_documents_are_fine() {
        for text in [
            OPENAPI,
            &OPENAPI.replace("3.0.3", "3.0"),
            &OPENAPI.replace("3.0.3", "3.1.0"),
            &OPENAPI.replace("3.0.3", "3.2.0"),
            &OPENAPI.replace("'200'", "200"),
            &OPENAPI.replace("openapi: 3.0.3", "swagger: 2.0"),
            "openapi: 3.1.0\ninfo: {title: T, version: '1'}\ncomponents: {}\n",
            "asyncapi: 2.6.0\ninfo: {title: T, version: '1'}\nchannels: {}\n",
            "asyncapi: '3.0.0'\ninfo: {title: T, version: '1'}\n",
            "syntax = \"proto3\";\nmessage M {}\n",
            "{}",
            "",
        ] {
            assert_eq!(found(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn mistakes_are_found_where_they_are() {
        let json = "{\"openapi\": \"3.0.3\",\n\t\"info\": {\"title\": \"T\", \"version\": \"1\"},\n\t\"paths\": {\"/a\": {\"get\": {\"responses\": {}}}}}";
        for (text, expected) in [
            (OPENAPI.replace("3.0.3", "4.0.0"), vec!["1:10 `openapi: 4.0.0` is not a version of OpenAPI that this program knows"]),
            (OPENAPI.replace("responses", "respnses"), vec!["6:7 unknown field `respnses`"]),
            (OPENAPI.replace("3.0.3", "3.1.0").replace("responses", "respnses"), vec!["6:7 unknown field `respnses`"]),
            (OPENAPI.replace("paths", "path"), vec!["3:1 unknown field `path`"]),
            (OPENAPI.replace("description: ok", "descripton: ok"), vec!["7:17 unknown field `descripton`"]),
            (OPENAPI.replace("/a:", "a:"), vec!["4:3 unknown field `a`"]),
            (OPENAPI.replace("{description: ok}", "[]"), vec!["7:9 a list where a mapping is expected"]),
            (format!("{OPENAPI}paths: {{}}\n"), vec!["8:1 the key `paths` appears twice in this mapping"]),
            (OPENAPI.replace("        '200'", "        200: {description: a}\n        '200'"), vec!["8:9 the key `200` appears twice in this mapping"]),
            (json.replace("\"responses\"", "\"respnses\""), vec!["3:27 unknown field `respnses`"]),
            (json.replace("\"info\"", "\"paths\": {},\n\t\"info\""), vec!["4:2 the key `paths` appears twice in this mapping"]),
            (json.replace("\"responses\": {}", "\"responses\": {}, \"parameters\": [{\"name\": \"n\", \"in\": \"quary\", \"schema\": {}}]"), vec!["3:79 `quary` is not one of the allowed values"]),
            ("asyncapi: 2.6.0\ninfo: {title: T, version: '1'}\nchanels: {}\n".to_owned(), vec!["3:1 unknown field `chanels`"]),
            ("asyncapi: 3.0.0\ninfo: {title: T, version: '1'}\noperations: {a: {action: sent, channel: {$ref: '#/channels/x'}}}\n".to_owned(), vec!["3:26 `sent` is not one of the allowed values"]),
        ] {
            assert_eq!(found(&text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_missing_is_reported_where_it_is_missing() {
        let twice = OPENAPI.replace(
            "{description: ok}",
            "{}\n        '404': {}\n        '500': {}",
        );
        for (text, expected) in [
            (
                "openapi: 3.0.3\ninfo: {title: T}\n",
                vec![
                    "1:1 the required field `paths` is missing",
                    "2:1 the required field `version` is missing",
                ],
            ),
            (
                "openapi: 3.1.0\ninfo: {}\n",
                vec![
                    "1:1 one of the fields `paths`, `components`, `webhooks` is required",
                    "2:1 the required field `title` is missing",
                    "2:1 the required field `version` is missing",
                ],
            ),
            (
                &twice,
                vec!["7:9 the required field `description` is missing (and at 2 more places)"],
            ),
            (
                &twice.replace("3.0.3", "3.1.0"),
                vec!["7:9 the required field `description` is missing (and at 2 more places)"],
            ),
            (
                &OPENAPI.replace(
                    "responses:",
                    "parameters: [{name: n, in: query}]\n      responses:",
                ),
                vec!["6:20 one of the fields `schema`, `content` is required"],
            ),
            (
                &OPENAPI.replace(
                    "responses:",
                    "parameters: [{name: n, schema: {}}]\n      responses:",
                ),
                vec!["6:20 the required field `in` is missing"],
            ),
            (
                &OPENAPI.replace("openapi: 3.0.3", "swagger: '2.0'").replace(
                    "responses:",
                    "parameters: [{name: n, in: query}]\n      responses:",
                ),
                vec!["6:20 the required field `type` is missing"],
            ),
            (
                &format!(
                    "{OPENAPI}components: {{securitySchemes: {{k: {{type: apiKey, in: header}}}}}}\n"
                ),
                vec!["8:32 the required field `name` is missing"],
            ),
            (
                &OPENAPI.replace("responses:", "$ref: x.yaml\n      respones:"),
                vec!["6:7 unknown field `$ref`", "7:7 unknown field `respones`"],
            ),
            (
                "asyncapi: 2.6.0\ninfo: {title: T}\nchannels: {}\n",
                vec!["2:1 the required field `version` is missing"],
            ),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn numbers_and_dates_for_texts_are_to_be_quoted() {
        let json = r#"{"openapi": "3.0.3", "info": {"title": "T", "version": 1.10}, "paths": {}}"#;
        for (text, expected) in [
            (
                OPENAPI.replace("'1'", "1.10"),
                (
                    "2:27 a number where a text is expected",
                    "quote it: `'1.10'`",
                ),
            ),
            (
                OPENAPI.replace("'1'", "2024-01-01"),
                (
                    "2:27 a date where a text is expected",
                    "quote it: `'2024-01-01'`",
                ),
            ),
            (
                json.to_owned(),
                (
                    "1:56 a number where a text is expected",
                    "quote it: `\"1.10\"`",
                ),
            ),
        ] {
            let description = describe(None, &text).unwrap();
            assert_eq!(found(&text), [expected.0], "{text}");
            let oddities = oddities(&text, &description);
            assert_eq!(oddities[0].help.as_deref(), Some(expected.1), "{text}");
        }
        for fine in [
            "'2024-01-01'",
            "!!str 2024-01-01",
            "\"1.10\"",
            "v1.10",
            "1.10.0",
            "2024-01-01-preview",
        ] {
            assert_eq!(
                found(&OPENAPI.replace("'1'", fine)),
                Vec::<String>::new(),
                "{fine}"
            );
        }
        let anything = "components: {schemas: {A: {type: string, example: 2024-01-01, default: 1.0, enum: [1, 2024-01-01]}}}\n";
        for version in ["3.0.3", "3.1.0"] {
            let text = format!("{OPENAPI}{anything}").replace("3.0.3", version);
            assert_eq!(found(&text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn schema_objects_are_checked_in_the_dialect_of_the_document() {
        let schema = |version: &str, schema: &str| {
            format!("{OPENAPI}components: {{schemas: {{A: {schema}}}}}\n").replace("3.0.3", version)
        };
        for version in ["3.1.0", "3.1.1", "3.2.0"] {
            for (text, expected) in [
                (
                    "{type: strin}",
                    "8:34 `strin` is not one of the allowed values",
                ),
                (
                    "{properties: {a: {items: {type: [string, nul]}}}}",
                    "8:68 `nul` is not one of the allowed values",
                ),
                (
                    "{type: [string, null]}",
                    "8:43 `null` is not one of the allowed values",
                ),
                (
                    "{required: true}",
                    "8:38 a boolean where a list is expected",
                ),
                (
                    "{minimum: 1, exclusiveMinimum: true}",
                    "8:58 a boolean where a number is expected",
                ),
                (
                    "{discriminator: {propertyNam: kind}}",
                    "8:44 unknown field `propertyNam`",
                ),
                (
                    "{xml: {attribute: 'yes'}}",
                    "8:45 a text where true or false is expected",
                ),
                (
                    "{$schema: 'https://json-schema.org/draft/2020-12/schema', type: strin}",
                    "8:91 `strin` is not one of the allowed values",
                ),
            ] {
                assert_eq!(
                    found(&schema(version, text)),
                    [expected],
                    "{version} {text}"
                );
            }
            for fine in [
                "true",
                "{type: [string, 'null'], const: 1, examples: [1], prefixItems: [{type: number}], nullable: true}",
                "{$ref: '#/components/schemas/B', description: more}",
                "{$schema: 'http://json-schema.org/draft-04/schema#', exclusiveMinimum: true, properties: {a: {type: strin}}}",
                "{type: object, unknown: {type: strin}, x-type: strin, xml: {name: n, x-a: 1}}",
                "{discriminator: {propertyName: kind, mapping: {a: B}}, externalDocs: {url: u}, example: {type: strin}}",
                "{$defs: {a: {$dynamicAnchor: n}}, $dynamicRef: '#n', unevaluatedProperties: false, contentEncoding: base64}",
            ] {
                assert_eq!(
                    found(&schema(version, fine)),
                    Vec::<String>::new(),
                    "{version} {fine}"
                );
            }
            let dialect = |uri: &str| {
                schema(version, "{type: strin}").replacen(
                    "info:",
                    &format!("jsonSchemaDialect: '{uri}'\ninfo:"),
                    1,
                )
            };
            assert_eq!(
                found(&dialect("https://example.com/dialect")),
                Vec::<String>::new()
            );
            assert_eq!(
                found(&dialect("https://json-schema.org/draft/2020-12/schema")).len(),
                1
            );
            assert_eq!(
                found(&dialect("https://spec.openapis.org/oas/3.1/dialect/base")).len(),
                1
            );
        }
    }

    #[test]
    fn hostile_documents_end_soon() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let schema = format!(
            "{}{}",
            "{\"properties\": {\"p\": ".repeat(60),
            "3".to_owned() + &"}}".repeat(60)
        );
        for x in [deep, schema] {
            let text = format!(
                "{{\"openapi\": \"3.0.3\", \"info\": {{}}, \"components\": {{\"schemas\": {{\"A\": {x}}}}}}}"
            );
            assert!(found(&text).len() <= MOST);
        }
        let many = format!(
            "openapi: 3.0.3\ninfo: {{}}\npaths:\n{}",
            (0..20_000)
                .map(|i| format!("  p{i}: {{}}\n"))
                .collect::<String>()
        );
        assert_eq!(found(&many).len(), MOST);
        let same = format!(
            "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths: {{}}\ntags:\n{}",
            (0..6000)
                .map(|i| format!("- {{description: t{i}}}\n"))
                .collect::<String>()
        );
        assert_eq!(
            found(&same),
            ["5:3 the required field `name` is missing (and at least 4999 more places)"]
        );
    }
}
