//! File names for documents that come without one.

use super::describe::describe;
use super::description::Format;
use super::yaml_text;

/// The suffix, without a dot, of a file that is to hold a document of that specification.
#[must_use]
pub fn extension(spec_name: &str, text: &str) -> &'static str {
    let json = text
        .trim_start_matches('\u{feff}')
        .trim_start()
        .starts_with(['{', '[']);
    match spec_name.to_ascii_lowercase().as_str() {
        "openapi" | "asyncapi" if json => "json",
        "openapi" | "asyncapi" => "yaml",
        "graphql" if json && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok() => "json",
        "graphql" => "graphql",
        "wsdl" => "wsdl",
        "wadl" => "wadl",
        "grpc" => "proto",
        "raml" => "raml",
        _ => of_content(text),
    }
}

fn of_content(text: &str) -> &'static str {
    let Ok(description) = describe(None, text) else {
        return "txt";
    };
    match (description.specification.name.as_str(), description.format) {
        ("wsdl", _) => "wsdl",
        ("wadl", _) => "wadl",
        ("raml", _) => "raml",
        ("grpc", _) => "proto",
        (_, Format::Json) => "json",
        (_, Format::Yaml) => "yaml",
        (_, Format::Xml) => "xml",
        ("graphql", Format::Text) => "graphql",
        (_, Format::Text) if is_markdown(text) => "md",
        (_, Format::Text) if is_yaml(text) => "yaml",
        (_, Format::Text) => "txt",
    }
}

/// A heading, a fenced block or a link.
fn is_markdown(text: &str) -> bool {
    let heading = |line: &str| {
        let rest = line.trim_start_matches('#');
        (1..=6).contains(&(line.len() - rest.len())) && rest.starts_with(' ')
    };
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let mut lines = text.lines();
    let first_is_heading = lines.next().is_some_and(heading);
    first_is_heading && !is_yaml(text)
        || lines.any(|line| line.starts_with("```"))
        || text.contains("](http")
}

/// A mapping in more than one line.
fn is_yaml(text: &str) -> bool {
    let yaml = yaml_text::read_yaml(text);
    yaml.diagnostics.is_empty()
        && yaml
            .only_root()
            .is_some_and(|root| root.entries().is_some_and(|e| e.len() > 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suffixes_fit_their_content() {
        for (spec, text, suffix) in [
            ("openapi", "openapi: 3.0.0", "yaml"),
            ("OpenAPI", " {\"openapi\"", "json"),
            ("asyncapi", "\u{feff}{}", "json"),
            ("graphql", "{ a }", "graphql"),
            ("graphql", "{\"data\":{}}", "json"),
            ("wsdl", "<a/>", "wsdl"),
            ("wadl", "<a/>", "wadl"),
            ("grpc", "message A {}", "proto"),
            ("raml", "#%RAML 1.0", "raml"),
            ("other", "# Title\n\nText", "md"),
            ("other", "See [this](https://example.com).", "md"),
            ("other", "{\"a\": 1}", "json"),
            ("other", "<a/>", "xml"),
            ("other", "# settings\na: 1\nb: 2\n", "yaml"),
            ("other", "plain words", "txt"),
            ("other", "", "txt"),
            ("mcp", "openapi: 3.0.0\ninfo: {}\n", "yaml"),
            ("new", "syntax = \"proto3\";", "proto"),
        ] {
            assert_eq!(extension(spec, text), suffix, "{spec} {text}");
        }
    }
}
