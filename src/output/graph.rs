//! What depends on what, for Mermaid and Graphviz.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::text::Text;
use crate::model::{Address, DesiredState, Role};

/// The language of a graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GraphLanguage {
    /// Mermaid, which forges draw inside Markdown.
    Mermaid,
    /// DOT, for Graphviz.
    Dot,
}

/// Writes the declared resources with lines to their parents and to what they name.
///
/// Metadata schemas are named by nearly everything and would hide the rest; they are drawn only if
/// asked for.
#[must_use]
pub fn render_graph(desired: &DesiredState, language: GraphLanguage, metadata: bool) -> Text {
    let wanted = |address: &&Address| metadata || !address.is(Role::MetadataSchema);
    let nodes: BTreeMap<&Address, usize> = desired
        .resources
        .keys()
        .filter(wanted)
        .enumerate()
        .map(|(i, a)| (a, i))
        .collect();
    let mut out = String::new();
    match language {
        GraphLanguage::Mermaid => mermaid(&mut out, desired, &nodes),
        GraphLanguage::Dot => dot(&mut out, desired, &nodes),
    }
    Text::lines(&out)
}

/// Lines from a resource: to its parent, and to what it names.
fn lines<'a>(
    desired: &'a DesiredState,
    nodes: &'a BTreeMap<&'a Address, usize>,
) -> impl Iterator<Item = (usize, usize, bool)> + 'a {
    nodes.iter().flat_map(move |(address, from)| {
        let parent = address
            .parent()
            .and_then(|parent| nodes.get(&parent).copied());
        let named = desired.resources[*address]
            .resource
            .references
            .iter()
            .filter_map(|target| nodes.get(target).copied());
        let parents = parent.into_iter().map(move |parent| (parent, *from, true));
        parents
            .chain(named.map(move |target| (*from, target, false)))
            .collect::<Vec<_>>()
    })
}

fn mermaid(out: &mut String, desired: &DesiredState, nodes: &BTreeMap<&Address, usize>) {
    out.push_str("flowchart LR\n");
    for (address, id) in nodes {
        let _ = writeln!(
            out,
            "  n{id}[\"{}\"]",
            address.to_string().replace('"', "#quot;")
        );
    }
    for (from, to, is_parent) in lines(desired, nodes) {
        let arrow = if is_parent { "---" } else { "-.->" };
        let _ = writeln!(out, "  n{from} {arrow} n{to}");
    }
}

fn dot(out: &mut String, desired: &DesiredState, nodes: &BTreeMap<&Address, usize>) {
    out.push_str("digraph apicenter {\n  rankdir=LR;\n  node [shape=box];\n");
    for (address, id) in nodes {
        let label = address
            .to_string()
            .replace('\\', "\\\\")
            .replace('"', "\\\"");
        let _ = writeln!(out, "  n{id} [label=\"{label}\"];");
    }
    for (from, to, is_parent) in lines(desired, nodes) {
        let style = if is_parent {
            "dir=none"
        } else {
            "style=dashed"
        };
        let _ = writeln!(out, "  n{from} -> n{to} [{style}];");
    }
    out.push_str("}\n");
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kinds;
    use crate::model::DesiredResource;

    fn state() -> DesiredState {
        let mut desired = DesiredState::default();
        let api = Address::top(&kinds::API.info, "orders");
        let deployment = api.child(&kinds::DEPLOYMENT.info, "prod");
        let environment = Address::top(&kinds::ENVIRONMENT.info, "production");
        let team = Address::top(&kinds::METADATA_SCHEMA.info, "team");
        for (address, body) in [
            (api, json!({"customProperties": {"team": "a"}})),
            (deployment, json!({"environment": "production"})),
            (environment, json!({})),
            (team, json!({})),
        ] {
            let body = body.as_object().unwrap().clone();
            let resource = kinds::of(&address).declared(address.clone(), body);
            let declared = DesiredResource {
                resource,
                place: None,
                places: BTreeMap::new(),
                keys: BTreeMap::new(),
                document: None,
            };
            desired.resources.insert(address, declared);
        }
        desired
    }

    #[test]
    fn parents_are_joined_and_what_is_named_is_pointed_at() {
        let text = render_graph(&state(), GraphLanguage::Mermaid, false).to_string();
        assert_eq!(
            text,
            "flowchart LR\n  n0[\"environment/production\"]\n  n1[\"api/orders\"]\n  \
             n2[\"api/orders/deployment/prod\"]\n  n1 --- n2\n  n2 -.-> n0\n"
        );
    }

    #[test]
    fn metadata_schemas_are_drawn_when_asked_for() {
        let text = render_graph(&state(), GraphLanguage::Dot, true).to_string();
        assert!(
            text.contains("n0 [label=\"metadata-schema/team\"];"),
            "{text}"
        );
        assert!(text.contains("n2 -> n0 [style=dashed];"), "{text}");
        assert!(text.ends_with("}\n"));
    }
}
