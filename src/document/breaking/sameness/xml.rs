//! Descriptions in XML.

use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;

use super::form::Form;

/// The element whose text is for people, in WSDL and in XML Schema.
const FOR_PEOPLE: &[u8] = b"documentation";

/// The statement that an element ends.
const END: &str = "</>";

/// Declarations of namespaces, at most: each name is looked up in those that are open.
const MOST_NAMESPACES: usize = 1000;

/// The elements with their namespaces, attributes and texts, in their order; `None` if the text is not well-formed.
pub(super) fn form(text: &str) -> Option<Form> {
    if text.matches("xmlns").count() > MOST_NAMESPACES {
        return None;
    }
    let mut reader = NsReader::from_str(text);
    let mut form = Form::default();
    // How many elements are open within one whose text is for people, with that one.
    let mut within = 0_usize;
    loop {
        let event = reader.read_event().ok()?;
        let said = match &event {
            Event::Eof => return Some(form),
            Event::Start(start) | Event::Empty(start) => {
                let is_empty = matches!(event, Event::Empty(_));
                if within > 0 || start.local_name().as_ref() == FOR_PEOPLE {
                    within += usize::from(!is_empty);
                    continue;
                }
                form.meaning.push(element(&reader, start)?);
                if is_empty {
                    form.meaning.push(END.to_owned());
                }
                continue;
            }
            Event::End(_) if within > 0 => {
                within -= 1;
                continue;
            }
            Event::End(_) => END.to_owned(),
            Event::Text(text) => String::from_utf8_lossy(text).trim().to_owned(),
            Event::CData(text) => String::from_utf8_lossy(text).trim().to_owned(),
            Event::GeneralRef(name) => format!("&{}", String::from_utf8_lossy(name)),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => continue,
        };
        match within {
            _ if said.is_empty() => {}
            0 => form.meaning.push(said),
            _ => form.descriptions.push(said),
        }
    }
}

/// The name of an element and its attributes, without prefixes.
fn element(reader: &NsReader<&[u8]>, start: &BytesStart<'_>) -> Option<String> {
    let namespace = |result: ResolveResult<'_>| match result {
        ResolveResult::Bound(namespace) => String::from_utf8_lossy(namespace.as_ref()).into_owned(),
        _ => String::new(),
    };
    let (of, local) = reader.resolver().resolve_element(start.name());
    let name = format!(
        "{{{}}}{}",
        namespace(of),
        String::from_utf8_lossy(local.as_ref())
    );
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.ok()?;
        if attribute.key.as_namespace_binding().is_some() {
            continue;
        }
        let (of, local) = reader.resolver().resolve_attribute(attribute.key);
        let value = String::from_utf8_lossy(&attribute.value).into_owned();
        let key = String::from_utf8_lossy(local.as_ref());
        attributes.push(format!("{{{}}}{key}={value:?}", namespace(of)));
    }
    attributes.sort_unstable();
    Some(format!("<{name} {}>", attributes.join(" ")))
}

#[cfg(test)]
mod tests {
    use super::super::form::Sameness;
    use super::*;

    #[test]
    fn layout_and_documentation_are_not_what_is_meant() {
        let one = "<a xmlns='n' b='1' c='2'><documentation>x<i/></documentation><d/>t</a>";
        let sameness = |other: &str| form(one).unwrap().sameness(&form(other).unwrap());
        for (other, expected) in [
            (
                "<?xml version='1.0'?>\n<a xmlns='n' c=\"2\" b=\"1\">\n <!-- c -->\n <documentation>x</documentation>\n <d></d>\n t\n</a>",
                Sameness::Same,
            ),
            (
                "<p:a xmlns:p='n' b='1' c='2'><p:documentation>x</p:documentation><p:d/>t</p:a>",
                Sameness::Same,
            ),
            (
                "<a xmlns='n' b='1' c='2'><d/>t</a>",
                Sameness::ExceptDescriptions,
            ),
            (
                "<a xmlns='m' b='1' c='2'><documentation>x</documentation><d/>t</a>",
                Sameness::Different,
            ),
            (
                "<a xmlns='n' b='1' c='2'><documentation>x</documentation>t</a>",
                Sameness::Different,
            ),
            (
                "<a xmlns='n' b='1' c='2'><documentation>x</documentation><d/>u</a>",
                Sameness::Different,
            ),
            (
                "<a xmlns='n' b='1' c='3'><documentation>x</documentation><d/>t</a>",
                Sameness::Different,
            ),
        ] {
            assert_eq!(sameness(other), expected, "{other}");
        }
        assert!(form("<a").is_none());
    }
}
