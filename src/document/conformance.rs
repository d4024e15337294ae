//! Descriptions against the official schemas of their formats, and against themselves.

use std::ops::Range;

use super::description::Description;
use super::meta_schemas::{self, Known};
use super::schema_refusals::{self, Refusal};
use super::{json, structured};
use crate::model::code;
use crate::yaml::Node;

/// The most problems of a document that are reported.
const MOST: usize = 10;

/// Something that readers of a description will trip over; the service takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Oddity {
    /// Whether the document has a key twice, rather than not being what its format asks for.
    pub is_duplicate: bool,
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
/// not exist, and what the official schema of its format refuses; at most a dozen.
#[must_use]
pub fn oddities(text: &str, description: &Description) -> Vec<Oddity> {
    let format = description.specification.name.as_str();
    if !matches!(format, "openapi" | "asyncapi") {
        return Vec::new();
    }
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mark = text.len() - body.len();
    let version = description
        .specification
        .version
        .as_deref()
        .unwrap_or_default();
    let mut oddities = of_body(body, format, version);
    for oddity in &mut oddities {
        oddity.place = oddity.place.start + mark..oddity.place.end + mark;
        oddity.first = oddity
            .first
            .take()
            .map(|first| first.start + mark..first.end + mark);
    }
    oddities
}

fn of_body(text: &str, format: &str, version: &str) -> Vec<Oddity> {
    let is_json = text.trim_start().starts_with('{');
    let strict = is_json.then(|| json::strict(text)).flatten();
    let known = meta_schemas::of(format, version);
    if let (Some(value), Known::Schema(schema)) = (&strict, &known)
        && schema.validator.is_valid(value)
    {
        return Vec::new();
    }
    let yaml = structured::read_yaml(text);
    let Some(root) = yaml.first_root() else {
        return Vec::new();
    };
    let mut oddities = duplicates(&yaml);
    match known {
        // What was left out of an outline, or could not be read, is not judged.
        Known::Schema(schema) if strict.is_some() || is_whole(&yaml) => {
            let value = strict.unwrap_or_else(|| root.to_json());
            let refusals = schema_refusals::refusals(schema, &value);
            oddities.extend(refusals.into_iter().map(|refusal| placed(root, refusal)));
        }
        Known::Schema(_) => {}
        Known::Versions(versions) => {
            oddities.extend(unknown_version(root, format, version, &versions));
        }
    }
    few(oddities)
}

/// Whether the tree has everything that the text has, but for keys that are there twice.
fn is_whole(yaml: &structured::Yaml) -> bool {
    let mut problems = yaml.diagnostics.iter();
    problems.all(|problem| problem.code == code::YAML_DUPLICATE_KEY)
}

fn duplicates(yaml: &structured::Yaml) -> Vec<Oddity> {
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
        message: format!("`{key}: {version}` is not a version of {name} that this program knows"),
        place: span.start..span.end,
        first: None,
        help: Some(format!("known versions are {versions}")),
    })
}

fn placed(root: &Node, refusal: Refusal) -> Oddity {
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
    let own = refusal
        .key
        .as_ref()
        .and_then(|name| Some(node.entry(name)?.key.span));
    let span = own
        .or_else(|| {
            node.scalar()
                .map(|_| node.span)
                .filter(|span| span.start < span.end)
        })
        .or(key)
        .unwrap_or_else(|| node.first_span());
    Oddity {
        is_duplicate: false,
        message: refusal.message,
        place: span.start..span.end,
        first: None,
        help: refusal.help,
    }
}

/// The first ones by place, one for each place.
fn few(mut oddities: Vec<Oddity>) -> Vec<Oddity> {
    oddities.sort_by_key(|oddity| (oddity.place.start, !oddity.is_duplicate));
    oddities.dedup_by_key(|oddity| oddity.place.start);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::describe;

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
            &OPENAPI.replace("'1'", "1.0"),
            &OPENAPI.replace("3.0.3", "3.0"),
            &OPENAPI.replace("3.0.3", "3.1.0"),
            &OPENAPI.replace("3.0.3", "3.2.0"),
            &OPENAPI.replace("'200'", "200"),
            &OPENAPI.replace("openapi: 3.0.3", "swagger: 2.0"),
            "openapi: 3.1.0\ninfo: {title: T, version: '1'}\ncomponents: {}\n",
            "asyncapi: 2.6.0\ninfo: {title: T, version: '1'}\nchannels: {}\n",
            "asyncapi: '3.0.0'\ninfo: {title: T, version: '1'}\n",
            "syntax = \"proto3\";\nmessage M {}\n",
            "openapi: 3.0.3\ninfo: {}\n",
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
            (json.replace("\"responses\": {}", "\"responses\": {}, \"parameters\": [{\"name\": \"n\", \"in\": \"quary\", \"schema\": {}}]"), vec!["3:79 `quary` is none of the choices"]),
            ("asyncapi: 2.6.0\ninfo: {title: T}\nchanels: {}\n".to_owned(), vec!["3:1 unknown field `chanels`"]),
            ("asyncapi: 3.0.0\ninfo: {title: T, version: '1'}\noperations: {a: {action: sent, channel: {$ref: '#/channels/x'}}}\n".to_owned(), vec!["3:26 `sent` is none of the choices"]),
        ] {
            assert_eq!(found(&text), expected, "{text}");
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
    }
}
