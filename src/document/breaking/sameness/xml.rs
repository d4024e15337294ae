//! Descriptions in XML.

use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{LocalName, QName, ResolveResult};
use quick_xml::reader::NsReader;

use super::form::Form;
use crate::document::breaking::wsdl::{QUALIFIED, XSD};

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
    // What is around the documentation of a type; it says nothing by itself.
    let annotation = format!("<{{{XSD}}}annotation >");
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
                if !is_empty {
                    continue;
                }
                END.to_owned()
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
            0 if said == END && form.meaning.last() == Some(&annotation) => {
                form.meaning.pop();
            }
            0 => form.meaning.push(said),
            _ => form
                .descriptions
                .push(format!("{}: {said}", form.meaning.len())),
        }
    }
}

/// The name of an element and its attributes, without prefixes.
fn element(reader: &NsReader<&[u8]>, start: &BytesStart<'_>) -> Option<String> {
    let qualified = |name: QName<'_>| spelt(reader.resolver().resolve_element(name));
    let name = qualified(start.name());
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.ok()?;
        if attribute.key.as_namespace_binding().is_some() {
            continue;
        }
        let key = spelt(reader.resolver().resolve_attribute(attribute.key));
        let value = String::from_utf8_lossy(&attribute.value);
        let value = match QUALIFIED
            .map(str::as_bytes)
            .contains(&attribute.key.as_ref())
        {
            true => {
                let names = value.split_whitespace();
                let names: Vec<String> = names
                    .map(|name| qualified(QName(name.as_bytes())))
                    .collect();
                names.join(" ")
            }
            false => value.into_owned(),
        };
        attributes.push(format!("{key}={value:?}"));
    }
    attributes.sort_unstable();
    Some(format!("<{name} {}>", attributes.join(" ")))
}

/// A name with its namespace, or with its prefix if that stands for none.
fn spelt((namespace, local): (ResolveResult<'_>, LocalName<'_>)) -> String {
    let namespace = match namespace {
        ResolveResult::Bound(namespace) => namespace.into_inner(),
        ResolveResult::Unknown(ref prefix) => prefix,
        ResolveResult::Unbound => b"",
    };
    let text = String::from_utf8_lossy;
    format!("{{{}}}{}", text(namespace), text(local.as_ref()))
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

    #[test]
    fn names_in_attributes_are_those_that_their_prefixes_stand_for() {
        let one = "<a xmlns:p='m' xmlns:q='n' type='p:T' name='p:T'/>";
        let sameness = |other: &str| form(one).unwrap().sameness(&form(other).unwrap());
        for (other, expected) in [
            ("<a xmlns:r='m' type='r:T' name='p:T'/>", Sameness::Same),
            (
                "<a xmlns:p='n' xmlns:q='m' type='p:T' name='p:T'/>",
                Sameness::Different,
            ),
            (
                "<a xmlns:p='m' xmlns:q='n' type='q:T' name='p:T'/>",
                Sameness::Different,
            ),
            (
                "<a xmlns:p='m' xmlns:q='n' type='p:T' name='q:T'/>",
                Sameness::Different,
            ),
        ] {
            assert_eq!(sameness(other), expected, "{other}");
        }
    }

    #[test]
    fn documentation_belongs_to_an_element() {
        let schema = |a: &str, b: &str| {
            let text = format!("<x:a xmlns:x='{XSD}'><x:b>{a}</x:b><x:b>{b}</x:b></x:a>");
            form(&text).unwrap()
        };
        let documented = "<x:annotation><x:documentation>c</x:documentation></x:annotation>";
        let stated = "<x:annotation><x:appinfo>c</x:appinfo></x:annotation>";
        for (before, after, expected) in [
            ((documented, ""), (documented, ""), Sameness::Same),
            (
                (documented, ""),
                ("", documented),
                Sameness::ExceptDescriptions,
            ),
            (("", ""), (documented, ""), Sameness::ExceptDescriptions),
            ((stated, ""), ("", ""), Sameness::Different),
        ] {
            let (before, after) = (schema(before.0, before.1), schema(after.0, after.1));
            assert_eq!(before.sameness(&after), expected, "{before:?} {after:?}");
        }
    }
}
