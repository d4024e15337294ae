//! What XML descriptions say about themselves, as far as they are well-formed.

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};

/// Attributes of one element that are looked at.
const MAX_ATTRIBUTES: usize = 100;

/// The addresses of a WSDL's ports or of a WADL's resources.
pub(super) fn addresses(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut reader = Reader::from_str(text);
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag) | Event::Empty(tag)) => {
                let new = address(&tag).filter(|address| !found.contains(address));
                found.extend(new);
            }
            Ok(Event::Eof) | Err(_) => return found,
            Ok(_) => {}
        }
    }
}

fn address(tag: &BytesStart<'_>) -> Option<String> {
    if !matches!(
        tag.local_name().as_ref(),
        b"address" | b"endpoint" | b"resources"
    ) {
        return None;
    }
    let address = tag
        .attributes()
        .take(MAX_ATTRIBUTES)
        .flatten()
        .find(|attribute| matches!(attribute.key.as_ref(), b"location" | b"address" | b"base"))?;
    let text = String::from_utf8_lossy(&address.value).into_owned();
    Some(unescape(&text).map_or_else(|_| text.clone(), std::borrow::Cow::into_owned))
}

/// The text of the documentation that the root starts with.
pub(super) fn documentation(text: &str) -> Option<String> {
    let mut reader = Reader::from_str(text);
    let mut root = None;
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) if root.is_none() => root = Some(tag.local_name().as_ref().to_vec()),
            Event::Start(tag) => {
                let is_known = matches!(
                    root.as_deref(),
                    Some(b"definitions" | b"description" | b"application")
                );
                let is_text = matches!(tag.local_name().as_ref(), b"documentation" | b"doc");
                let tag = tag.into_owned();
                let text = reader
                    .read_text(tag.name())
                    .ok()
                    .filter(|_| is_known && is_text)?;
                let text = text.decode().ok()?;
                let words = text.split('<').next().filter(|words| !words.is_empty())?;
                return Some(
                    unescape(words).map_or_else(|_| words.to_owned(), std::borrow::Cow::into_owned),
                );
            }
            Event::Text(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::DocType(_) => {}
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_documentation_are_found_under_any_prefix() {
        let text = "<wsdl:definitions name='S' xmlns:wsdl='x'>\n <wsdl:documentation>Ships &amp; \
                    tracks.</wsdl:documentation>\n<service><port><soap:address \
                    location='https://a/x?b&amp;c'/><http:address location=\"https://a/x?b&amp;c\"/>";
        assert_eq!(addresses(text), ["https://a/x?b&c"]);
        assert_eq!(documentation(text).as_deref(), Some("Ships & tracks."));
        assert_eq!(addresses("<resources base=\"https://b/\">"), ["https://b/"]);
        assert_eq!(addresses("<address city='x'/>"), [""; 0]);
    }
}
