//! XML, read as events by quick-xml: whether it is well-formed, and what its elements say.
//!
//! Entities are never expanded and nothing is read from elsewhere.

use std::borrow::Cow;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::escape::{EscapeError, resolve_predefined_entity, unescape_with};
use quick_xml::events::attributes::AttrError;
use quick_xml::events::{BytesStart, Event};

use super::description::{Description, DocumentError, Format};

const WSDL_1: &str = "http://schemas.xmlsoap.org/wsdl/";
const WSDL_2: &str = "http://www.w3.org/ns/wsdl";
const WADL: &str = "http://wadl.dev.java.net/";

/// The byte order mark. Callers take the one away that a text may have.
const MARK: char = '\u{feff}';

/// Limit on attributes per element: the duplicate check is quadratic.
const MAX_ATTRIBUTES: usize = 1000;

/// An XML text. The suffix of its file name may claim WSDL, WADL or XML; without one, only a text
/// that starts with `<?xml` or has the namespace of WSDL or WADL must be well-formed.
pub(super) fn describe(text: &str, suffix: &str) -> Result<Description, DocumentError> {
    let (elements, outcome) = read(text);
    let root = elements.first();
    let local = root.map_or("", |root| root.local);
    let namespace = root.map_or("", |root| root.namespace.as_str());
    let (name, version) = match (local, namespace) {
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
            "not {}: the root element is `{local}`",
            suffix.to_ascii_uppercase()
        );
        let place = root.map_or(0..0, |root| root.place.clone());
        return Err(DocumentError::at(message, place));
    }
    let title = match name {
        "wsdl" => root.and_then(|root| root.name.clone()),
        "wadl" => elements
            .iter()
            .find(|element| element.local == "doc")
            .and_then(|doc| doc.title.clone()),
        _ => None,
    };
    Ok(Description::new(name, version.map(str::to_owned), Format::Xml).titled(title))
}

/// The start of an element.
#[derive(Debug, Clone)]
pub(super) struct Element<'a> {
    /// How many elements are around it.
    pub(super) depth: usize,
    /// Its name without a prefix.
    pub(super) local: &'a str,
    /// Its attribute `name`.
    pub(super) name: Option<String>,
    /// Its attribute `title`.
    title: Option<String>,
    /// All its attributes, with their prefixes.
    pub(super) attributes: Vec<(String, String)>,
    /// The element around it, by its number.
    pub(super) parent: Option<usize>,
    /// The namespace that it declares for itself; empty if none.
    namespace: String,
    /// The bytes of its name.
    pub(super) place: Range<usize>,
}

impl Element<'_> {
    /// The prefix of its name; empty if it has none.
    pub(super) fn prefix<'t>(&self, text: &'t str) -> &'t str {
        let name = text.get(self.place.clone()).unwrap_or_default();
        name.split_once(':').map_or("", |(prefix, _)| prefix)
    }
}

/// The elements of a well-formed text, without a byte order mark, in their order.
pub(super) fn elements(text: &str) -> Option<Vec<Element<'_>>> {
    let (elements, outcome) = read(text);
    outcome.ok().map(|()| elements)
}

/// The elements up to the first error, and that error.
fn read(text: &str) -> (Vec<Element<'_>>, Result<(), DocumentError>) {
    let mut scan = Scan {
        text,
        elements: Vec::new(),
        open: Vec::new(),
        around: Vec::new(),
        has_doctype: false,
    };
    if text.starts_with(MARK) {
        // The library would drop it, and count from behind it.
        let outcome = scan.wrong("more than one byte order mark", 0..MARK.len_utf8());
        return (scan.elements, outcome);
    }
    let mut reader = Reader::from_str(text);
    loop {
        let start = offset(reader.buffer_position());
        let outcome = match reader.read_event() {
            Ok(Event::Eof) => {
                let outcome = scan.end();
                return (scan.elements, outcome);
            }
            Ok(event) => scan.take(&event, start),
            Err(error) => {
                let start = offset(reader.error_position());
                scan.wrong(&reason(&error), scan.markup(start))
            }
        };
        if let Err(error) = outcome {
            return (scan.elements, Err(error));
        }
    }
}

fn offset(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

struct Scan<'a> {
    text: &'a str,
    elements: Vec<Element<'a>>,
    /// The names of the open elements, with their places.
    open: Vec<Range<usize>>,
    /// The numbers of the open elements.
    around: Vec<usize>,
    has_doctype: bool,
}

impl<'a> Scan<'a> {
    fn take(&mut self, event: &Event<'a>, start: usize) -> Result<(), DocumentError> {
        let is_outside = self.open.is_empty();
        match event {
            Event::Start(tag) => {
                let place = self.element(tag, start)?;
                self.open.push(place);
                self.around.push(self.elements.len() - 1);
            }
            Event::Empty(tag) => {
                self.element(tag, start)?;
            }
            Event::End(_) => {
                self.open.pop();
                self.around.pop();
            }
            Event::DocType(_) if self.elements.is_empty() => self.has_doctype = true,
            Event::DocType(_) => return self.wrong("misplaced `<!DOCTYPE`", start..start + 9),
            Event::CData(_) if is_outside => {
                return self.wrong("text outside the root element", start..start + 9);
            }
            Event::Text(_) if is_outside => {
                let rest = &self.text[start..];
                let content = &rest[..rest.find('<').unwrap_or(rest.len())];
                let blank = content.len() - content.trim_start().len();
                if blank < content.len() {
                    let start = start + blank;
                    return self.wrong("text outside the root element", start..start + 1);
                }
            }
            Event::GeneralRef(_) => {
                let rest = &self.text[start..];
                let end = start + rest.find(';').map_or(rest.len(), |end| end + 1);
                if is_outside {
                    return self.wrong("text outside the root element", start..end);
                }
                self.decode(&self.text[start..end], start..end)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn end(&self) -> Result<(), DocumentError> {
        if let Some(place) = self.open.last() {
            let message = format!("`{}` is not closed", &self.text[place.clone()]);
            return self.wrong(&message, place.start - 1..place.end);
        }
        match self.elements.first() {
            Some(_) => Ok(()),
            None => self.wrong("no root element", 0..self.text.len()),
        }
    }

    /// Adds an element; returns the place of its name.
    fn element(
        &mut self,
        tag: &BytesStart<'_>,
        start: usize,
    ) -> Result<Range<usize>, DocumentError> {
        let place = start + 1..start + 1 + tag.name().as_ref().len();
        let name = &self.text[place.clone()];
        if !is_name(name) {
            return self.wrong(
                "expected a name",
                place.start..place.end.max(place.start + 1),
            );
        }
        if self.open.is_empty() && !self.elements.is_empty() {
            return self.wrong("a second root element", start..place.end);
        }
        let local = name.rsplit_once(':').map_or(name, |(_, local)| local);
        let parent = self.around.last().copied();
        let mut element = Element {
            depth: self.open.len(),
            local,
            attributes: Vec::new(),
            parent,
            name: None,
            title: None,
            namespace: String::new(),
            place: place.clone(),
        };
        let declaration = match name.split_once(':') {
            Some((prefix, _)) => Cow::Owned(format!("xmlns:{prefix}")),
            None => Cow::Borrowed("xmlns"),
        };
        for (i, attribute) in tag.attributes().enumerate() {
            if i == MAX_ATTRIBUTES {
                return self.wrong("too many attributes", start..place.end);
            }
            let attribute = match attribute {
                Ok(attribute) => attribute,
                Err(AttrError::Duplicated(..)) => {
                    return self.wrong("duplicate attribute", start..place.end);
                }
                Err(error) => return self.wrong(&reason(&error), start..place.end),
            };
            let key = String::from_utf8_lossy(attribute.key.as_ref());
            let value = String::from_utf8_lossy(&attribute.value);
            if value.contains('<') {
                return self.wrong("`<` in an attribute: write `&lt;`", start..place.end);
            }
            let value = self.decode(&value, start..place.end)?.into_owned();
            match &*key {
                key if *key == *declaration => element.namespace.clone_from(&value),
                "name" => element.name = Some(value.clone()),
                "title" => element.title = Some(value.clone()),
                _ => {}
            }
            element.attributes.push((key.into_owned(), value));
        }
        self.elements.push(element);
        Ok(place)
    }

    /// A text with its references replaced. A document type may define more of them, which stay.
    fn decode<'t>(
        &self,
        text: &'t str,
        place: Range<usize>,
    ) -> Result<Cow<'t, str>, DocumentError> {
        match unescape_with(text, resolve_predefined_entity) {
            Err(EscapeError::UnrecognizedEntity(..)) if self.has_doctype => Ok(Cow::Borrowed(text)),
            Err(error) => self.wrong(&reason(&error), place),
            Ok(decoded) => Ok(decoded),
        }
    }

    /// The start of a tag, a comment or a reference.
    fn markup(&self, start: usize) -> Range<usize> {
        let rest = self.text.get(start..).unwrap_or_default();
        let is_end =
            |(at, c): &(usize, char)| *at > 0 && (c.is_whitespace() || matches!(c, '<' | '>'));
        let end = rest
            .char_indices()
            .find(is_end)
            .map_or(rest.len(), |(at, _)| at);
        start..start + end
    }

    fn wrong<T>(&self, message: &str, place: Range<usize>) -> Result<T, DocumentError> {
        Err(DocumentError::of_parser(message, self.text, place))
    }
}

/// The library's words without its positions, which count from elsewhere.
fn reason(error: &dyn std::error::Error) -> String {
    let message = error.to_string();
    match message.split_once(": ") {
        Some((place, words)) if place.starts_with("position ") || place.starts_with("at ") => {
            words.to_owned()
        }
        Some(("ill-formed document" | "syntax error", words)) => words.to_owned(),
        _ => message,
    }
}

fn is_name(name: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | ':' | '-' | '.' | '\u{b7}');
    name.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | ':'))
        && name.chars().all(is_part)
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
            ("<a><b></a>", "expected `</b>`, but `</a>` was found", "</a"),
            ("<a>", "`a` is not closed", "<a"),
            ("</a>", "does not match any open tag", "</a"),
            ("<a/><b/>", "a second root element", "<b"),
            ("<a/> x", "text outside the root element", "x"),
            ("<a b=1/>", "attribute value must be enclosed in", "<a"),
            ("<a b='1' b='2'/>", "duplicate attribute", "<a"),
            ("<a b='<'/>", "write `&lt;`", "<a"),
            ("<a>x & y</a>", "reference not closed", "&"),
            ("<a>&nbsp;</a>", "unrecognized entity `nbsp`", "&nbsp;"),
            ("<a b='&nbsp;'/>", "unrecognized entity `nbsp`", "<a"),
            ("<a><!-- </a>", "comment not closed", "<!--"),
            ("<a", "tag not closed", "<a"),
            ("<a / >", "attribute key must be directly followed", "<a"),
            ("<>", "expected a name", ">"),
            ("<!-- c -->", "no root element", "<!-- c -->"),
            ("<?xml", "XML declaration not closed", "<?xml"),
            ("<a><!DOCTYPE b></a>", "misplaced", "<!DOCTYPE"),
        ] {
            let error = describe(text, "xml").unwrap_err();
            assert!(error.message.contains(message), "{text}: {error}");
            assert_eq!(&text[error.place.unwrap()], place, "{text}");
        }
    }

    #[test]
    fn attributes_without_end_are_refused() {
        let attributes = |n: usize| (0..n).map(|i| format!(" a{i}=''")).collect::<String>();
        let element = |n| format!("<a{}/>", attributes(n));
        describe(&element(MAX_ATTRIBUTES), "xml").unwrap();
        let error = describe(&element(60_000), "xml").unwrap_err();
        assert_eq!(error.message, "too many attributes");
    }

    #[test]
    fn entities_are_not_expanded_and_depth_is_no_matter() {
        let entity =
            "<!DOCTYPE a [<!ENTITY e '&e;&e;&e;'><!ENTITY f SYSTEM 'file:///etc/passwd'>]>";
        describe(
            &format!("{entity}<a name='&e;'>{}&f;</a>", "&e;".repeat(100_000)),
            "xml",
        )
        .unwrap();
        let (open, close) = ("<a>".repeat(200_000), "</a>".repeat(200_000));
        describe(&format!("{open}{close}"), "xml").unwrap();
        let error = describe(&open, "xml").unwrap_err();
        assert_eq!(error.message, "`a` is not closed");
    }

    #[test]
    fn a_text_has_no_byte_order_mark_of_its_own() {
        assert_eq!(elements("<definitions/>").unwrap().len(), 1);
        for marks in 1..=3 {
            let text = format!("{}<definitions/>", "\u{feff}".repeat(marks));
            assert!(elements(&text).is_none(), "{marks}");
            let error = describe(&text, "wsdl").unwrap_err();
            assert_eq!(error.message, "more than one byte order mark");
            assert_eq!(error.place, Some(0..3));
        }
    }

    #[test]
    fn titles_are_decoded() {
        let text = format!("<definitions xmlns='{WSDL_1}' name='A &amp; B'/>");
        assert_eq!(describe(&text, "").unwrap().title.as_deref(), Some("A & B"));
    }
}
