//! The ownership marker: which repository manages a resource.

/// The marker that a repository sets on everything that it manages.
///
/// Where the service stores custom metadata, the custom property `property` has the value `owner`. A
/// role assignment has only a description: it ends with `[PROPERTY: OWNER/NAME]`, where the name is the
/// assignment's name in the manifests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnershipMarker {
    /// The custom property with the marker.
    pub property: String,
    /// The name of the repository in the marker.
    pub owner: String,
}

/// A description that ends with a marker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MarkedText<'a> {
    /// The description without the marker; `None` if there is nothing else.
    pub text: Option<&'a str>,
    /// The name in the marker.
    pub name: &'a str,
}

impl OwnershipMarker {
    /// The description with the marker at its end.
    #[must_use]
    pub fn append_to(&self, description: Option<&str>, name: &str) -> String {
        let marker = format!("{}{name}]", self.prefix());
        match description {
            Some(text) => format!("{text} {marker}"),
            None => marker,
        }
    }

    /// The parts of a description that ends with this marker; `None` for any other.
    #[must_use]
    pub fn parse<'a>(&self, description: &'a str) -> Option<MarkedText<'a>> {
        let marked = description.trim_end().strip_suffix(']')?;
        let (text, name) = marked.rsplit_once(&self.prefix())?;
        let text = text.trim_end();
        (!name.contains('/')).then_some(MarkedText {
            text: (!text.is_empty()).then_some(text),
            name,
        })
    }

    fn prefix(&self) -> String {
        format!("[{}: {}/", self.property, self.owner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marker() -> OwnershipMarker {
        OwnershipMarker {
            property: "managed-by".to_owned(),
            owner: "contoso/apis".to_owned(),
        }
    }

    #[test]
    fn what_is_written_is_read() {
        for text in [None, Some("Reads the gateway."), Some("[managed-by: x/y]")] {
            let written = marker().append_to(text, "reader");
            let name = "reader";
            assert_eq!(marker().parse(&written), Some(MarkedText { text, name }));
        }
    }

    #[test]
    fn other_descriptions_have_no_marker() {
        for text in [
            "",
            "Reader",
            "[managed-by: other/reader]",
            "[x: contoso/apis/reader]",
            "[managed-by: contoso/apis/reader] and more",
            "[managed-by: contoso/apis/a/b]",
        ] {
            assert_eq!(marker().parse(text), None, "{text}");
        }
    }
}
