//! How checks of values report what they find.

use std::collections::BTreeMap;

use serde_json::Value;

use super::remedy;
use super::wording::quoted;
use crate::model::{Address, Diagnostic, Diagnostics, Sources, code};
use crate::yaml::{Node, NodeValue};

/// What a check needs besides schema and tree.
pub(super) struct SchemaCheckContext<'a> {
    /// The texts of the manifests.
    pub(super) sources: &'a Sources,
    /// Where problems go.
    pub(super) diagnostics: &'a mut Diagnostics,
    /// Declared metadata schemas by lower-case name: they decide how custom properties are read.
    pub(super) metadata: &'a BTreeMap<String, Value>,
    /// The resource that is declared, where it has a name.
    pub(super) about: Option<&'a Address>,
}

impl SchemaCheckContext<'_> {
    /// Reports a problem of a value that is dropped.
    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Reports a value that is kept: it may be what the service has, whatever the rule says.
    pub(super) fn report_kept(&mut self, mut diagnostic: Diagnostic) {
        diagnostic.about.extend(self.about.cloned());
        self.report(diagnostic);
    }

    /// Reports a value of another type than the field takes, and keeps it where it can be what the service has.
    pub(super) fn keep_wrong_type(
        &mut self,
        wanted: &str,
        schema: &Value,
        node: &Node,
    ) -> Option<Value> {
        let mut diagnostic = wrong_type(wanted, node);
        if let Some(remedy) = remedy::for_type(schema, node, self.sources) {
            diagnostic = remedy.put_on(diagnostic);
        }
        self.report_kept(diagnostic);
        self.about.map(|_| node.to_json())
    }
}

/// A value of another type than the field takes.
pub(super) fn wrong_type(wanted: &str, node: &Node) -> Diagnostic {
    let found = match &node.value {
        NodeValue::Mapping(_) => "a mapping".to_owned(),
        NodeValue::Sequence(_) => "a list".to_owned(),
        NodeValue::Scalar(_) if node.is_null() => "nothing".to_owned(),
        NodeValue::Scalar(scalar) => quoted(&scalar.text),
    };
    let diagnostic = Diagnostic::error(
        code::WRONG_TYPE,
        format!("{found} where {wanted} is expected"),
    )
    .at(node.first_span(), format!("{wanted} is expected"));
    match is_json_in_quotes(wanted, node) {
        true => diagnostic.help("write it as YAML, without the quotes around it"),
        false => diagnostic,
    }
}

/// Whether a text is a mapping or a list as JSON where one of them is wanted, as templates and scripts pass schemas.
fn is_json_in_quotes(wanted: &str, node: &Node) -> bool {
    let NodeValue::Scalar(scalar) = &node.value else {
        return false;
    };
    let is_collection = matches!(
        serde_json::from_str(&scalar.text),
        Ok(Value::Object(_) | Value::Array(_))
    );
    is_collection && ["a mapping", "a list"].contains(&wanted)
}
