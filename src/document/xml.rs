//! XML: whether it is well-formed, and what its root says.

use std::ops::Range;

use super::description::{Description, DocumentError, Format};

const WSDL_1: &str = "http://schemas.xmlsoap.org/wsdl/";
const WSDL_2: &str = "http://www.w3.org/ns/wsdl";
const WADL: &str = "http://wadl.dev.java.net/";

/// Each attribute is compared with those before it, so their number must have an end.
const MAX_ATTRIBUTES: usize = 1000;

/// An XML text. The suffix of its file name may claim WSDL, WADL or XML; without one, only a text
/// that starts with `<?xml` or has the namespace of WSDL or WADL must be well-formed.
pub(super) fn describe(text: &str, suffix: &str) -> Result<Description, DocumentError> {
    let mut reader = Reader::new(text);
    let outcome = reader.read();
    let root = reader.root.unwrap_or_default();
    let (name, version) = match (root.local, root.namespace.as_str()) {
        ("definitions", WSDL_1) => ("wsdl", Some("1.1")),
        ("definitions", "") if suffix == "wsdl" => ("wsdl", Some("1.1")),
        ("description", WSDL_2) => ("wsdl", Some("2.0")),
        ("application", namespace) if namespace.starts_with(WADL) => ("wadl", None),
        ("application", "") if suffix == "wadl" => ("wadl", None),
        _ => ("other", None),
    };
    let claimed = !suffix.is_empty() || name != "other" || text.trim_start().starts_with("<?xml");
    match outcome {
        Err(error) if claimed => return Err(error),
        Err(_) => return Ok(Description::other(Format::Text)),
        Ok(()) => {}
    }
    if matches!(suffix, "wsdl" | "wadl") && name != suffix {
        let message = format!(
            "not {}: the root element is `{}`",
            suffix.to_ascii_uppercase(),
            root.local
        );
        return Err(DocumentError::at(message, root.place));
    }
    let title = match name {
        "wsdl" => root.name,
        "wadl" => reader.title,
        _ => None,
    };
    Ok(Description::new(name, version.map(str::to_owned), Format::Xml).titled(title))
}

#[derive(Default)]
struct Root<'a> {
    /// Its name without a prefix.
    local: &'a str,
    namespace: String,
    /// Its attribute `name`.
    name: Option<String>,
    place: Range<usize>,
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// The elements that are open, with their offsets.
    open: Vec<(&'a str, usize)>,
    root: Option<Root<'a>>,
    /// The attribute `title` of the first element `doc`.
    title: Option<String>,
    doctype: bool,
    /// Every element, if they are asked for.
    elements: Option<Vec<Element<'a>>>,
}

/// The start of an element.
pub(super) struct Element<'a> {
    /// How many elements are around it.
    pub(super) depth: usize,
    /// Its name without a prefix.
    pub(super) local: &'a str,
    /// Its attribute `name`.
    pub(super) name: Option<String>,
}

/// The elements of a well-formed text in their order.
pub(super) fn elements(text: &str) -> Option<Vec<Element<'_>>> {
    let mut reader = Reader::new(text);
    reader.elements = Some(Vec::new());
    reader.read().ok()?;
    reader.elements
}

type Attributes<'a> = Vec<(&'a str, String)>;

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            open: Vec::new(),
            root: None,
            title: None,
            doctype: false,
            elements: None,
        }
    }

    fn read(&mut self) -> Result<(), DocumentError> {
        loop {
            let rest = self.rest();
            let Some(length) = rest.find('<') else {
                self.content(rest.len())?;
                break;
            };
            self.content(length)?;
            let rest = self.rest();
            if rest.starts_with("<!--") {
                self.skip_to("-->", 4, "a comment is never closed")?;
            } else if rest.starts_with("<?") {
                self.skip_to("?>", 2, "`<?` is never closed")?;
            } else if rest.starts_with("<![CDATA[") && !self.open.is_empty() {
                self.skip_to("]]>", 9, "`<![CDATA[` is never closed")?;
            } else if rest.starts_with("<!DOCTYPE") && self.root.is_none() {
                self.doctype()?;
            } else if rest.starts_with("</") {
                self.end_tag()?;
            } else {
                self.start_tag()?;
            }
        }
        if let Some(&(name, at)) = self.open.last() {
            let place = at..at + 1 + name.len();
            return Err(DocumentError::at(
                format!("`{name}` is never closed"),
                place,
            ));
        }
        if self.root.is_none() {
            return Err(DocumentError::at("no root element", 0..self.text.len()));
        }
        Ok(())
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn wrong<T>(&self, message: impl Into<String>) -> Result<T, DocumentError> {
        let end = self.at + self.rest().chars().next().map_or(0, char::len_utf8);
        Err(DocumentError::at(message, self.at..end))
    }

    /// Text between tags.
    fn content(&mut self, length: usize) -> Result<(), DocumentError> {
        let content = &self.rest()[..length];
        if self.open.is_empty() {
            let blank = content.len() - content.trim_start().len();
            if blank < content.len() {
                self.at += blank;
                return self.wrong("text outside the root element");
            }
        } else {
            self.decode(content, self.at)?;
        }
        self.at += length;
        Ok(())
    }

    fn skip_to(&mut self, end: &str, from: usize, problem: &str) -> Result<(), DocumentError> {
        match self.rest()[from..].find(end) {
            Some(length) => {
                self.at += from + length + end.len();
                Ok(())
            }
            None => Err(DocumentError::at(problem, self.at..self.at + from)),
        }
    }

    fn doctype(&mut self) -> Result<(), DocumentError> {
        self.doctype = true;
        let mut quote = None;
        let mut inner = 0usize;
        for (at, c) in self.rest().char_indices().skip(1) {
            match (quote, c) {
                (Some(open), c) if c == open => quote = None,
                (Some(_), _) => {}
                (None, '"' | '\'') => quote = Some(c),
                (None, '<' | '[') => inner += 1,
                (None, ']') => inner = inner.saturating_sub(1),
                (None, '>') if inner == 0 => {
                    self.at += at + 1;
                    return Ok(());
                }
                (None, '>') => inner -= 1,
                (None, _) => {}
            }
        }
        Err(DocumentError::at(
            "`<!DOCTYPE` is never closed",
            self.at..self.at + 9,
        ))
    }

    fn start_tag(&mut self) -> Result<(), DocumentError> {
        let start = self.at;
        self.at += 1;
        let name = self.name()?;
        let attributes = self.attributes(start)?;
        let empty = self.rest().starts_with('/');
        self.at += usize::from(empty);
        if !self.rest().starts_with('>') {
            return self.wrong("`>` is missing");
        }
        self.at += 1;
        let local = local(name);
        if self.open.is_empty() {
            if self.root.is_some() {
                let place = start..start + 1 + name.len();
                return Err(DocumentError::at("a second root element", place));
            }
            self.root = Some(root(name, start + 1, &attributes));
        }
        if local == "doc" && self.title.is_none() {
            self.title = attribute(&attributes, "title").map(str::to_owned);
        }
        if let Some(elements) = &mut self.elements {
            elements.push(Element {
                depth: self.open.len(),
                local,
                name: attribute(&attributes, "name").map(str::to_owned),
            });
        }
        if !empty {
            self.open.push((name, start));
        }
        Ok(())
    }

    fn end_tag(&mut self) -> Result<(), DocumentError> {
        let start = self.at;
        self.at += 2;
        let name = self.name()?;
        let place = start..self.at;
        self.skip_blanks();
        if !self.rest().starts_with('>') {
            return self.wrong("`>` is missing");
        }
        self.at += 1;
        let message = match self.open.pop() {
            Some((open, _)) if open == name => return Ok(()),
            Some((open, _)) => format!("`{open}` is closed by `{name}`"),
            None => format!("`{name}` closes nothing"),
        };
        Err(DocumentError::at(message, place))
    }

    fn name(&mut self) -> Result<&'a str, DocumentError> {
        let rest = self.rest();
        let is_name =
            |c: char| c.is_alphanumeric() || matches!(c, '_' | ':' | '-' | '.' | '\u{b7}');
        let length = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
        let name = &rest[..length];
        if !name.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | ':')) {
            return self.wrong("a name should stand here");
        }
        self.at += length;
        Ok(name)
    }

    fn attributes(&mut self, tag: usize) -> Result<Attributes<'a>, DocumentError> {
        let mut attributes: Attributes<'a> = Vec::new();
        loop {
            let blanks = self.skip_blanks();
            match self.rest().chars().next() {
                Some('>' | '/') => return Ok(attributes),
                Some(_) if blanks => {}
                Some(_) => return self.wrong("a space should stand here"),
                None => return Err(DocumentError::at("a tag is never closed", tag..self.at)),
            }
            if attributes.len() == MAX_ATTRIBUTES {
                return self.wrong("more attributes than any element has");
            }
            let start = self.at;
            let name = self.name()?;
            if attribute(&attributes, name).is_some() {
                let message = format!("the attribute `{name}` stands twice");
                return Err(DocumentError::at(message, start..self.at));
            }
            self.skip_blanks();
            if !self.rest().starts_with('=') {
                return self.wrong("`=` is missing");
            }
            self.at += 1;
            self.skip_blanks();
            let Some(quote @ ('"' | '\'')) = self.rest().chars().next() else {
                return self.wrong("expected a quoted value");
            };
            self.at += 1;
            let Some(length) = self.rest().find([quote, '<']) else {
                return Err(DocumentError::at(
                    "a quoted value is never closed",
                    self.at - 1..self.at,
                ));
            };
            let value = self.decode(&self.rest()[..length], self.at)?;
            self.at += length;
            if self.rest().starts_with('<') {
                return self.wrong("`<` cannot stand in a quoted value");
            }
            self.at += 1;
            attributes.push((name, value));
        }
    }

    fn skip_blanks(&mut self) -> bool {
        let rest = self.rest();
        let length = rest.len() - rest.trim_start().len();
        self.at += length;
        length > 0
    }

    /// A text with its references replaced. A document type may define more of them.
    fn decode(&self, text: &str, at: usize) -> Result<String, DocumentError> {
        let mut decoded = String::with_capacity(text.len());
        let mut from = 0;
        while let Some(ampersand) = text[from..].find('&') {
            let start = from + ampersand;
            decoded.push_str(&text[from..start]);
            let reference = text[start + 1..].split_once(';').map(|(name, _)| name);
            let Some(name) = reference.filter(|name| !name.contains(char::is_whitespace)) else {
                let place = at + start..at + start + 1;
                return Err(DocumentError::at("write `&amp;` for `&`", place));
            };
            from = start + name.len() + 2;
            match character(name) {
                Some(c) => decoded.push(c),
                None if self.doctype => decoded.push_str(&text[start..from]),
                None => {
                    let message = format!("`&{name};` stands for nothing");
                    return Err(DocumentError::at(message, at + start..at + from));
                }
            }
        }
        decoded.push_str(&text[from..]);
        Ok(decoded)
    }
}

fn character(name: &str) -> Option<char> {
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let number = match number.strip_prefix('x') {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            number.ok().and_then(char::from_u32)
        }
    }
}

fn root<'a>(name: &'a str, at: usize, attributes: &Attributes<'a>) -> Root<'a> {
    let namespace = match name.split_once(':') {
        Some((prefix, _)) => attribute(attributes, &format!("xmlns:{prefix}")),
        None => attribute(attributes, "xmlns"),
    };
    Root {
        local: local(name),
        namespace: namespace.unwrap_or_default().to_owned(),
        name: attribute(attributes, "name").map(str::to_owned),
        place: at..at + name.len(),
    }
}

fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

fn attribute<'b>(attributes: &'b Attributes<'_>, name: &str) -> Option<&'b str> {
    let found = attributes.iter().find(|(key, _)| *key == name);
    found.map(|(_, value)| value.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn well_formed_texts_are_taken() {
        for text in [
            "<a/>",
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<!-- c -->\n<a b='1' c = \"&lt;&#65;&#x42;\"><![CDATA[ <x> & ]]><b:c/></a >\n<!-- end -->\n",
            "<!DOCTYPE a [ <!ENTITY e \"]>\"> ]><a>&e;</a>",
            "<ä-ö._1>x</ä-ö._1>",
        ] {
            describe(text, "xml").unwrap();
        }
    }

    #[test]
    fn broken_texts_are_refused_at_their_place() {
        for (text, message, place) in [
            ("<a><b></a>", "`b` is closed by `a`", "</a"),
            ("<a>", "`a` is never closed", "<a"),
            ("</a>", "`a` closes nothing", "</a"),
            ("<a/><b/>", "a second root element", "<b"),
            ("<a/> x", "text outside the root element", "x"),
            ("<a b=1/>", "expected a quoted value", "1"),
            ("<a b='1' b='2'/>", "the attribute `b` stands twice", "b"),
            ("<a b='1'c='2'/>", "a space should stand here", "c"),
            ("<a b='<'/>", "`<` cannot stand in a quoted value", "<"),
            ("<a>x & y</a>", "write `&amp;` for `&`", "&"),
            ("<a>&nbsp;</a>", "`&nbsp;` stands for nothing", "&nbsp;"),
            ("<a><!-- </a>", "a comment is never closed", "<!--"),
            ("<a", "a tag is never closed", "<a"),
            ("<a / >", "`>` is missing", " "),
            ("<>", "a name should stand here", ">"),
            ("<!-- c -->", "no root element", "<!-- c -->"),
            ("<?xml", "`<?` is never closed", "<?"),
        ] {
            let error = describe(text, "xml").unwrap_err();
            assert_eq!(error.message, message, "{text}");
            assert_eq!(&text[error.place.unwrap()], place, "{text}");
        }
    }

    #[test]
    fn attributes_without_end_are_refused() {
        let attributes = |n: usize| (0..n).map(|i| format!(" a{i}=''")).collect::<String>();
        let element = |n| format!("<a{}/>", attributes(n));
        describe(&element(MAX_ATTRIBUTES), "xml").unwrap();
        let error = describe(&element(60_000), "xml").unwrap_err();
        assert_eq!(error.message, "more attributes than any element has");
    }

    #[test]
    fn titles_are_decoded() {
        let text = format!("<definitions xmlns='{WSDL_1}' name='A &amp; B'/>");
        assert_eq!(describe(&text, "").unwrap().title.as_deref(), Some("A & B"));
    }
}
