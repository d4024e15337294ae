//! Syntax errors in plain words.

use std::borrow::Cow;

use granit_parser::ErrorKind;
use serde_json::Value;

use crate::model::{Certainty, Diagnostic, Fix, Span, code};

/// An alias to nothing, which may be a text that starts with `*`.
pub(super) fn dangling_alias(name: &str, span: Span) -> Diagnostic {
    let message = format!("`*{name}` stands for nothing");
    let text = Value::from(format!("*{name}")).to_string();
    Diagnostic::error(code::YAML_ALIAS, message)
        .at(span, "no such anchor before this place")
        .help(format!(
            "put `&{name}` before the value that it refers to, in the same document; for a text that starts with \
             `*`, write `{text}`"
        ))
        .fix(Fix::write(Certainty::Suggested, span, text))
}

/// What is wrong, without its place, and how to fix it.
pub(super) fn explain(kind: &ErrorKind) -> (Cow<'static, str>, Option<&'static str>) {
    let (message, help) = match kind {
        ErrorKind::UnexpectedCharacter { character } => {
            let message = match character {
                c if c.is_control() => {
                    format!("the character U+{:04X} is not allowed here", *c as u32)
                }
                c => format!("`{c}` cannot start a value"),
            };
            return (message.into(), Some("put the value in quotes"));
        }
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => {
            return (
                format!("`{open}` is closed by `{close}`").into(),
                Some("close brackets in the reverse order in which they are opened"),
            );
        }
        ErrorKind::UnclosedFlowCollection { open } => {
            let help = match open {
                '[' => CLOSE_LIST,
                _ => CLOSE_MAPPING,
            };
            return (format!("`{open}` is never closed").into(), Some(help));
        }
        kind => values(kind)
            .or_else(|| quotes_and_blocks(kind))
            .unwrap_or_else(|| rare(kind)),
    };
    (message.into(), help)
}

const CLOSE_LIST: &str = "write `]` after its last item";
const CLOSE_MAPPING: &str = "write `}` after its last field";

type Words = (&'static str, Option<&'static str>);

/// Keys, values, lists and their layout.
fn values(kind: &ErrorKind) -> Option<Words> {
    use ErrorKind as E;
    Some(match kind {
        E::MappingValueNotAllowed | E::InvalidColonPlacement => (
            "a `:` is not allowed here",
            Some(
                "quote the text if the colon belongs to it; otherwise check the indentation and the line above",
            ),
        ),
        E::InvalidMappingValueWhitespace | E::FlowMappingValueAdjacentCollection => {
            ("a space is missing after `:`", Some("write `key: value`"))
        }
        E::SimpleKeyExpected | E::InvalidSimpleKey => (
            "a key without its `:`",
            Some("write `key: value`; quote a text that goes over several lines"),
        ),
        E::ExpectedBlockMappingKey | E::MappingKeyNotAllowed => (
            "expected a key here",
            Some("check the indentation: the keys of one mapping start in the same column"),
        ),
        E::ExpectedBlockSequenceEntry => (
            "expected a list item here",
            Some("check the indentation: the items of one list start with `-` in the same column"),
        ),
        E::BlockSequenceEntryNotAllowed | E::BlockEntryInFlowCollection => (
            "a list item cannot start here",
            Some("put `- ` on a line of its own, or quote a text that starts with a dash"),
        ),
        E::InvalidBlockEntryWhitespace => ("a space is missing after `-`", Some("write `- value`")),
        E::InvalidIndentation | E::InvalidFlowScalarIndent => (
            "this line is not indented like its neighbours",
            Some("indent with spaces, the same number for values that belong together"),
        ),
        E::TabNotAllowed | E::TabInBlockIndentation | E::TabInIndentation | E::TabInPlainScalar => {
            ("a tab cannot be used for indentation", Some("use spaces"))
        }
        E::ExpectedFlowMappingSeparator => ("`,` or `}` is missing", None),
        E::ExpectedFlowSequenceSeparator => ("`,` or `]` is missing", None),
        E::UnexpectedEofFlowSequence => ("`[` is never closed", Some(CLOSE_LIST)),
        E::UnexpectedEofFlowMapping | E::UnexpectedEofImplicitFlowMapping => {
            ("`{` is never closed", Some(CLOSE_MAPPING))
        }
        E::MisplacedFlowCollectionEnd => (
            "a closing bracket without an opening one",
            Some("put the value in quotes if the bracket belongs to it"),
        ),
        E::PlainScalarStartsWithDashFlowIndicator => (
            "a text that starts with a dash and a bracket or comma needs quotes",
            None,
        ),
        E::ExpectedNodeContent => ("expected a value here", None),
        _ => return None,
    })
}

/// Quoted texts, block texts and comments.
fn quotes_and_blocks(kind: &ErrorKind) -> Option<Words> {
    use ErrorKind as E;
    Some(match kind {
        E::UnclosedQuotedScalar | E::DocumentIndicatorInQuotedScalar => (
            "a quoted text is never closed",
            Some(
                "write the same quote again at its end; inside single quotes, an apostrophe is written twice",
            ),
        ),
        E::InvalidQuotedScalarIndent => (
            "a quoted text goes on in a line that is not indented",
            Some("close the quote on the line above, or indent this line"),
        ),
        E::InvalidTrailingSingleQuotedScalar => (
            "unexpected text after the closing quote",
            Some("inside single quotes, write a single quote twice: 'it''s'"),
        ),
        E::InvalidTrailingDoubleQuotedScalar => (
            "unexpected text after the closing quote",
            Some(r#"inside double quotes, write a double quote as \""#),
        ),
        E::UnknownQuotedScalarEscape => (
            "an escape after `\\` that YAML does not have",
            Some("write the backslash twice, or use single quotes, where it has no meaning"),
        ),
        E::InvalidQuotedScalarHexEscape
        | E::InvalidLowSurrogateHexEscape
        | E::InvalidLowSurrogate
        | E::MissingLowSurrogate
        | E::UnpairedLowSurrogate
        | E::InvalidUnicodeEscape => ("an escape that names no character", None),
        E::ZeroBlockScalarIndent | E::InvalidBlockScalarHeader => (
            "`|` or `>` is followed by something other than `+`, `-` or a digit from 1 to 9",
            Some("the text starts on the next line; quote a value that begins with `|` or `>`"),
        ),
        E::TabAtBlockScalarStart => ("a tab cannot be used for indentation", Some("use spaces")),
        E::InvalidBlockScalarIndent => (
            "a line of a block text is not indented like its first line",
            Some("indent every line of the text with the same number of spaces, or more"),
        ),
        E::CommentInterceptedScalar => (
            "a comment inside a text of several lines",
            Some("put the comment above the text, or the text in quotes"),
        ),
        E::CommentNotSeparated => (
            "a space is missing before `#`",
            Some("write ` #` with a space before it"),
        ),
        E::ExpectedWhitespace => ("a space is missing", None),
        _ => return None,
    })
}

/// Documents, directives, tags, anchors.
fn rare(kind: &ErrorKind) -> Words {
    use ErrorKind as E;
    match kind {
        E::ExpectedDocumentStart | E::InvalidDocumentEnd => (
            "the document has ended, and something else follows",
            Some("start another document with `---`, or check the indentation"),
        ),
        E::MissingDocumentEndBeforeDirective => (
            "`%` cannot start a line here",
            Some("put the value in quotes"),
        ),
        E::UnsupportedYamlMajorVersion
        | E::DuplicateVersionDirective
        | E::DuplicateTagDirective
        | E::InvalidDirectiveTerminator
        | E::MissingYamlVersionSeparator
        | E::MissingDirectiveName
        | E::InvalidDirectiveName
        | E::DirectiveByteLimitExceeded { .. }
        | E::TooManyReservedDirectiveParams { .. }
        | E::YamlVersionTooLong
        | E::MissingYamlVersion
        | E::ExpectedTagDirectiveBang
        | E::InvalidTagDirectiveTerminator => (
            "a line that starts with `%` is a directive, and this one is not well-formed",
            Some("remove the line, or quote the value if it is one"),
        ),
        E::UndeclaredTagHandle
        | E::ExpectedTagBang
        | E::InvalidGlobalTagCharacter
        | E::InvalidTagTerminator
        | E::MissingTagUri
        | E::UnclosedVerbatimTag
        | E::InvalidTagEscape
        | E::InvalidTagUtf8LeadingByte
        | E::InvalidTagUtf8TrailingByte
        | E::InvalidTagUtf8 => (
            "`!` starts a tag, and this one is not well-formed",
            Some("put the value in quotes if it is a text"),
        ),
        E::MissingAnchorOrAliasName => (
            "`&` or `*` must be followed by a name",
            Some("put the value in quotes if it is a text"),
        ),
        E::BomInsideDocument => (
            "a byte order mark inside the text",
            Some("remove it, or save the file as UTF-8 without one"),
        ),
        E::UnexpectedEof | E::UnexpectedEofBlockSequence | E::UnexpectedEofBlockMapping => {
            ("the file ends too early", None)
        }
        _ => ("this is not well-formed YAML", None),
    }
}
