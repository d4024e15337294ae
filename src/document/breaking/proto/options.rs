//! Options as they are written: names, parts of names, and blocks in the text format.

use std::sync::LazyLock;

use prost_types::UninterpretedOption;
use regex::Regex;

/// Blocks in blocks, at most; what is deeper is left out.
const MAX_DEPTH: usize = 32;

/// A string, a name or number, or one sign.
static TOKEN: LazyLock<Regex> = LazyLock::new(|| {
    let string = r#""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'"#;
    Regex::new(&format!(r"{string}|[\w.+-]+|[^\s\w]")).expect("the pattern is a constant")
});

/// The options of a part of a descriptor, as they are written; descriptors have a type for those of each part.
macro_rules! written {
    ($of:expr) => {
        $of.options
            .as_ref()
            .map_or(&[][..], |options| &options.uninterpreted_option)
    };
}

pub(super) use written;

/// Options, or the fields of a block of one.
#[derive(Default, Clone)]
pub(super) struct Options(Vec<(String, Setting)>);

#[derive(Clone)]
enum Setting {
    Text(String),
    Block(Options),
}

impl Options {
    pub(super) fn of(options: &[UninterpretedOption]) -> Self {
        let all = options.iter().filter_map(|option| {
            let mut names = option.name.iter().rev().map(|part| {
                let name = part.name_part.trim_start_matches('.');
                match part.is_extension {
                    true => format!("({name})"),
                    false => name.to_owned(),
                }
            });
            let last = (names.next()?, setting(option));
            // `(a).b = 1` is `(a) = {b: 1}`.
            Some(names.fold(last, |inner, name| {
                (name, Setting::Block(Self(vec![inner])))
            }))
        });
        Self(all.collect())
    }

    /// The text at the end of a path; the last one, if there are several.
    pub(super) fn text(&self, path: &[&str]) -> Option<&str> {
        let (first, rest) = path.split_first()?;
        let named = self.0.iter().rev().filter(|(name, _)| name == first);
        named
            .filter_map(|(_, setting)| match setting {
                Setting::Text(text) if rest.is_empty() => Some(text.as_str()),
                Setting::Text(_) => None,
                Setting::Block(block) => block.text(rest),
            })
            .next()
    }

    pub(super) fn is_true(&self, name: &str) -> bool {
        self.text(&[name]) == Some("true")
    }

    /// All blocks of a name.
    pub(super) fn blocks<'o>(&'o self, name: &'o str) -> impl Iterator<Item = &'o Self> {
        let named = self.0.iter().filter(move |(known, _)| known == name);
        named.filter_map(|(_, setting)| match setting {
            Setting::Text(_) => None,
            Setting::Block(block) => Some(block),
        })
    }

    /// What several blocks say together, as parts of one option do.
    pub(super) fn joined<'o>(blocks: impl Iterator<Item = &'o Self>) -> Self {
        Self(blocks.flat_map(|block| block.0.iter().cloned()).collect())
    }

    /// Reads a block in the text format, as far as it can be read.
    fn parse(text: &str) -> Self {
        let mut open: Vec<Open> = Vec::new();
        let mut current = Open::default();
        let mut too_deep = 0_usize;
        for token in TOKEN.find_iter(text).map(|token| token.as_str()) {
            match token {
                "{" | "<" if too_deep > 0 || open.len() >= MAX_DEPTH => too_deep += 1,
                "}" | ">" if too_deep > 0 => too_deep -= 1,
                _ if too_deep > 0 => {}
                "{" | "<" => open.push(std::mem::take(&mut current)),
                "}" | ">" => match open.pop() {
                    Some(outer) => current = outer.with(current),
                    None => return current.options,
                },
                token => current.read(token),
            }
        }
        while let Some(outer) = open.pop() {
            current = outer.with(current);
        }
        current.options
    }
}

/// A block that is being read.
#[derive(Default)]
struct Open {
    options: Options,
    name: String,
    /// Whether a value comes next, as after `:`.
    has_name: bool,
    is_list: bool,
    /// Whether the last token was a string that is a value. A string that follows directly belongs to it.
    is_after_string: bool,
}

impl Open {
    fn read(&mut self, token: &str) {
        let is_string = token.starts_with(['"', '\'']);
        if is_string
            && self.is_after_string
            && let Some((_, Setting::Text(text))) = self.options.0.last_mut()
        {
            text.push_str(&unquoted(token));
            return;
        }
        self.is_after_string = is_string && self.has_name;
        match token {
            ":" => self.has_name = true,
            "[" => self.is_list = self.has_name,
            "]" => (self.is_list, self.has_name) = (false, self.has_name && !self.is_list),
            "," | ";" => {}
            token if self.has_name => {
                let value = Setting::Text(unquoted(token));
                self.options.0.push((self.name.clone(), value));
                self.has_name = self.is_list;
            }
            token => token.clone_into(&mut self.name),
        }
    }

    fn with(mut self, inner: Self) -> Self {
        self.is_after_string = false;
        let block = Setting::Block(inner.options);
        self.options.0.push((self.name.clone(), block));
        self.has_name = self.is_list;
        self
    }
}

fn setting(option: &UninterpretedOption) -> Setting {
    if let Some(block) = &option.aggregate_value {
        return Setting::Block(Options::parse(block));
    }
    let number = || {
        let whole = option.positive_int_value.map(|it| it.to_string());
        whole
            .or_else(|| option.negative_int_value.map(|it| it.to_string()))
            .or_else(|| option.double_value.map(|it| it.to_string()))
    };
    let bytes = option.string_value.as_deref();
    let text = option
        .identifier_value
        .clone()
        .or_else(|| bytes.map(|bytes| String::from_utf8_lossy(bytes).into_owned()));
    Setting::Text(text.or_else(number).unwrap_or_default())
}

/// A string without its quotes. Escapes stay: both sides have them.
fn unquoted(token: &str) -> String {
    let inner = |quote: char| token.strip_prefix(quote)?.strip_suffix(quote);
    inner('"')
        .or_else(|| inner('\''))
        .unwrap_or(token)
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_read_whatever_they_contain() {
        let text = "get : \"/v1/{id}\" body : '*' additional_bindings { put : \"/a\" } \
                    additional_bindings : [ { post : \"/b\" } , { custom { kind : HEAD } } ] n : [ 1 , 2 ] z : 3";
        let options = Options::parse(text);
        assert_eq!(options.text(&["get"]), Some("/v1/{id}"));
        assert_eq!(options.text(&["body"]), Some("*"));
        assert_eq!(options.text(&["z"]), Some("3"));
        let bindings: Vec<&Options> = options.blocks("additional_bindings").collect();
        assert_eq!(bindings.len(), 3);
        assert_eq!(bindings[1].text(&["post"]), Some("/b"));
        assert_eq!(bindings[2].text(&["custom", "kind"]), Some("HEAD"));
    }

    #[test]
    fn strings_beside_each_other_are_one() {
        let options = Options::parse("get: '/v1' \"/{id}\" body: '*' n: ['a' 'b', 'c'] z: 3");
        assert_eq!(options.text(&["get"]), Some("/v1/{id}"));
        assert_eq!(options.text(&["body"]), Some("*"));
        assert_eq!(options.text(&["n"]), Some("c"));
        assert_eq!(options.text(&["z"]), Some("3"));
    }

    #[test]
    fn depth_is_bounded() {
        let deep = Options::parse(&format!(
            "a : 1 {}{} b : 2",
            "c { ".repeat(50_000),
            "} ".repeat(50_000)
        ));
        assert_eq!(
            (deep.text(&["a"]), deep.text(&["b"])),
            (Some("1"), Some("2"))
        );
        for text in ["} } a : 1", "{ { {", "[ [ ] : :", "\"open"] {
            let _ = Options::parse(text);
        }
    }
}
