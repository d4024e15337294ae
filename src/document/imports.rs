//! Files that a description imports and that cannot be joined with it: proto, XML Schema, WSDL, WADL, RAML.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;
use serde::{Deserialize, Serialize};

use super::description::Description;
use super::reading::Reading;
use super::yaml_text::read_yaml;

/// Imports of these come with every compiler of protocol buffers.
const WELL_KNOWN: &str = "google/protobuf/";

/// A file that a description imports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    /// The file, as it is written.
    pub file: String,
    /// Where that is, in bytes.
    pub place: Range<usize>,
}

static PROTO: LazyLock<Regex> = LazyLock::new(|| {
    let comment = r"//[^\n]*|/\*(?s:.*?)\*/";
    let import =
        r#"\bimport\s+(?:(?:public|weak|option)\s+)?(?:"(?<a>[^"\n]+)"|'(?<b>[^'\n]+)')\s*;"#;
    Regex::new(&format!("{comment}|{import}")).expect("the pattern is a constant")
});

static XML: LazyLock<Regex> = LazyLock::new(|| {
    let comment = r"<!--(?s:.*?)-->|<!\[CDATA\[(?s:.*?)\]\]>";
    let element = r"<(?:[\w.-]+:)?(?:import|include|redefine|override)\s";
    let attribute =
        r#"(?:[^<>]*?\s)?(?:schemaLocation|location|href)\s*=\s*(?:"(?<a>[^"]*)"|'(?<b>[^']*)')"#;
    Regex::new(&format!("{comment}|{element}{attribute}")).expect("the pattern is a constant")
});

static RAML: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?m)^\s*#[^\n]*$|[\s:\[,]!include\s+(?<a>[^\s,\]}]+)")
        .expect("the pattern is a constant")
});

/// The files that a description imports, in the order of the text. Addresses, and what every reader of the
/// format has, do not count.
pub(super) fn of_reading(reading: &Reading<'_>, description: &Description) -> Vec<Import> {
    let text = reading.whole;
    let mut found = match description.specification.name.as_str() {
        "grpc" => named(&PROTO, text),
        "wsdl" | "wadl" => named(&XML, text),
        "raml" => {
            let mut found = named(&RAML, text);
            found.extend(libraries(text));
            found
        }
        _ => Vec::new(),
    };
    found.retain(|import| {
        let is_address = import.file.contains("://") || import.file.starts_with("urn:");
        !is_address && !import.file.is_empty() && !import.file.starts_with(WELL_KNOWN)
    });
    found.sort_by_key(|import| import.place.start);
    found
}

fn named(pattern: &Regex, text: &str) -> Vec<Import> {
    let found = pattern.captures_iter(text);
    found
        .filter_map(|found| {
            let file = found.name("a").or_else(|| found.name("b"))?;
            Some(Import {
                file: file.as_str().to_owned(),
                place: file.range(),
            })
        })
        .collect()
}

/// The files that a RAML document names in `uses` and `extends`.
fn libraries(text: &str) -> Vec<Import> {
    let yaml = read_yaml(text);
    let Some(root) = yaml.first_root() else {
        return Vec::new();
    };
    let uses = root.get("uses").and_then(|uses| uses.entries());
    let uses = uses.into_iter().flatten().map(|entry| &entry.value);
    uses.chain(root.get("extends"))
        .filter_map(|node| {
            Some(Import {
                file: node.scalar_text()?.to_owned(),
                place: node.span.start..node.span.end,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::describe;

    fn imports(text: &str, description: &Description) -> Vec<Import> {
        of_reading(&Reading::new(text), description)
    }

    fn found(name: &str, text: &str) -> Vec<String> {
        let description = describe(Some(name), text).unwrap();
        let found = imports(text, &description);
        for import in &found {
            assert!(text[import.place.clone()].contains(&import.file), "{text}");
        }
        found.into_iter().map(|import| import.file).collect()
    }

    #[test]
    fn files_are_named_and_nothing_else() {
        let wsdl = "<definitions xmlns='http://schemas.xmlsoap.org/wsdl/' xmlns:x='y'><import namespace='n' location='other.wsdl'/><types><x:schema><x:import namespace='n'/><!-- <x:include schemaLocation='no.xsd'/> --><x:include schemaLocation=\"types.xsd\"/><x:import schemaLocation='http://example.com/x.xsd'/></x:schema></types></definitions>";
        let wadl = "<application xmlns='http://wadl.dev.java.net/2009/02'><grammars><include href='g.xsd'/></grammars></application>";
        let proto = "syntax = \"proto3\";\n// import \"no.proto\";\nimport \"a.proto\"; import public 'b/c.proto';\nimport \"google/protobuf/any.proto\";\nmessage M { string s = 1; /* import \"no.proto\"; */ }\n";
        let raml = "#%RAML 1.0\ntitle: T\nuses:\n  lib: libraries/lib.raml\n  far: https://example.com/lib.raml\n# !include no.raml\ntypes:\n  A: !include a.json\n";
        for (name, text, expected) in [
            ("a.wsdl", wsdl, vec!["other.wsdl", "types.xsd"]),
            ("a.wadl", wadl, vec!["g.xsd"]),
            ("a.proto", proto, vec!["a.proto", "b/c.proto"]),
            ("a.raml", raml, vec!["libraries/lib.raml", "a.json"]),
            ("a.yaml", "openapi: 3.0.3\ninfo: {title: T}\n", vec![]),
            (
                "a.graphql",
                "# import \"a.proto\";\ntype Query { a: Int }\n",
                vec![],
            ),
        ] {
            assert_eq!(found(name, text), expected, "{name}");
        }
    }
}
