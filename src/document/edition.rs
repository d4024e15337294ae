//! Syntax of protocol buffers editions, in terms of `proto3`, which the parser reads.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// A comment, a string, a name or number, or one sign.
static TOKEN: LazyLock<Regex> = LazyLock::new(|| {
    let comment = r"(?<comment>//[^\n]*|/\*(?s:.*?)\*/)";
    let string = r#""(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'"#;
    Regex::new(&format!(r"{comment}|{string}|[\w.]+|[^\s\w.]")).expect("the pattern is a constant")
});

/// Rewrites what `proto3` does not have, in one pass over the tokens:
///
/// * names after `reserved` get quotes,
/// * `export` and `local` before a message or an enum, and `option` after `import`, are removed,
/// * `default` among the options of a field becomes an option of its own, `(default)`.
///
/// Features need no change: they are options.
pub(super) fn as_proto3(text: &str) -> String {
    let tokens: Vec<Range<usize>> = TOKEN
        .captures_iter(text)
        .filter(|token| token.name("comment").is_none())
        .filter_map(|token| Some(token.get(0)?.range()))
        .collect();
    let token = |at: usize| tokens.get(at).map_or("", |range| &text[range.clone()]);
    let mut written = String::with_capacity(text.len());
    let mut end = 0;
    let (mut is_start, mut is_reserved) = (true, false);
    for (at, range) in tokens.iter().enumerate() {
        written.push_str(&text[end..range.end]);
        end = range.end;
        let length = written.len() - range.len();
        let before = at.checked_sub(1).map_or("", token);
        match (token(at), token(at + 1)) {
            ("export" | "local", "message" | "enum") if is_start && is_name(token(at + 2)) => {
                written.truncate(length);
                continue;
            }
            ("option", next) if before == "import" && next.starts_with(['"', '\'']) => {
                written.truncate(length);
            }
            ("default", "=") if matches!(before, "[" | ",") => {
                written.truncate(length);
                written.push_str("(default)");
            }
            ("reserved", next) if is_start => is_reserved = is_name(next),
            (name, _) if is_reserved && is_name(name) => {
                written.truncate(length);
                written.push_str(&format!("\"{name}\""));
            }
            (";", _) => is_reserved = false,
            _ => {}
        }
        is_start = matches!(token(at), ";" | "{" | "}");
    }
    written.push_str(&text[end..]);
    written
}

fn is_name(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_proto3_lacks_is_rewritten() {
        for (edition, proto3) in [
            ("reserved foo, bar;", "reserved \"foo\", \"bar\";"),
            ("{reserved/*c*/a;b c=1;}", "{reserved/*c*/\"a\";b c=1;}"),
            ("reserved 1, 5 to max;", "reserved 1, 5 to max;"),
            ("reserved \"a b\";", "reserved \"a b\";"),
            (
                "enum E { reserved = 1; b = 2; }",
                "enum E { reserved = 1; b = 2; }",
            ),
            ("{ reserved reserved; }", "{ reserved \"reserved\"; }"),
            ("export message M {}", " message M {}"),
            ("; local enum E { a = 0; }", ";  enum E { a = 0; }"),
            ("{ export message = 1; }", "{ export message = 1; }"),
            ("{ string export = 1; }", "{ string export = 1; }"),
            ("import option \"a\";", "import  \"a\";"),
            (
                "a b = 1 [x = 1, default = -7];",
                "a b = 1 [x = 1, (default) = -7];",
            ),
            ("string default = 1;", "string default = 1;"),
            (
                "// [default = 1\n\"[default = 1\" '",
                "// [default = 1\n\"[default = 1\" '",
            ),
            ("é /* open", "é /* open"),
        ] {
            assert_eq!(as_proto3(edition), proto3);
        }
    }
}
