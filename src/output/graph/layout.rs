//! Which resources are drawn, in which groups, and which lines join them.

use std::collections::{BTreeMap, BTreeSet};

use super::super::outline::captions;
use crate::model::{Address, DesiredState, KindInfo, Patterns, Role};

/// The declared resources with lines to what they belong to and to what they name.
///
/// Everything that belongs to one resource, such as the versions of an API, is in one group.
#[derive(Debug)]
pub struct Graph<'a> {
    /// The resources with others below them; these are in the group, and the resource is its frame.
    pub(super) groups: Vec<Group<'a>>,
    /// The resources that are in no group.
    pub(super) loose: Vec<Node<'a>>,
    pub(super) lines: Vec<Line>,
    /// The kinds of all nodes, in the order of their colours.
    pub(super) kinds: Vec<&'static KindInfo>,
}

/// A resource and everything below it.
#[derive(Debug)]
pub(super) struct Group<'a> {
    pub(super) root: Node<'a>,
    pub(super) nodes: Vec<Node<'a>>,
}

/// A resource.
#[derive(Debug)]
pub(super) struct Node<'a> {
    pub(super) id: usize,
    pub(super) address: &'a Address,
    /// What people call it.
    pub(super) title: Option<String>,
}

/// A line between two resources, by their ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) why: Why,
}

/// Why a line is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// The second resource is below the first one.
    Below,
    /// The first resource names the second one.
    Names,
}

impl<'a> Graph<'a> {
    /// Draws what `only` selects (without patterns: everything), what it is below, and what it names; nothing that
    /// `exclude` covers.
    ///
    /// Metadata schemas are named by nearly everything and would hide the rest; they are drawn only if
    /// asked for.
    #[must_use]
    pub fn new(
        desired: &'a DesiredState,
        only: &Patterns,
        exclude: &Patterns,
        metadata: bool,
    ) -> Self {
        let is_selected = |address: &Address| only.is_empty() || only.covers(address);
        let can_be_drawn = |address: &Address| {
            (metadata || !address.is(Role::MetadataSchema)) && !exclude.covers(address)
        };
        let mut drawn: BTreeSet<&Address> = BTreeSet::new();
        for (address, declared) in &desired.resources {
            if !is_selected(address) || !can_be_drawn(address) {
                continue;
            }
            drawn.insert(address);
            let named = declared.resource.references.iter().cloned();
            for other in address.ancestors().chain(named) {
                if let Some((other, _)) = desired.resources.get_key_value(&other)
                    && can_be_drawn(other)
                {
                    drawn.insert(other);
                    let above = other.ancestors().collect::<Vec<_>>();
                    let declared = above
                        .iter()
                        .filter_map(|a| desired.resources.get_key_value(a));
                    drawn.extend(declared.map(|(above, _)| above));
                }
            }
        }
        let ids: BTreeMap<&Address, usize> = drawn.iter().copied().zip(0..).collect();
        let mut titles = captions(desired);
        let lines = lines(desired, &ids, &is_selected);
        let mut kinds: Vec<&KindInfo> = Vec::new();
        let mut tops: Vec<(Node<'a>, Vec<Node<'a>>)> = Vec::new();
        let mut tops_by_address: BTreeMap<Address, usize> = BTreeMap::new();
        for (address, id) in &ids {
            if !kinds.contains(&address.kind()) {
                kinds.push(address.kind());
            }
            let node = Node {
                id: *id,
                address,
                title: titles.remove(*address).map(unquoted),
            };
            match tops_by_address.get(&address.root()) {
                Some(top) => tops[*top].1.push(node),
                None => {
                    tops_by_address.insert(address.root(), tops.len());
                    tops.push((node, Vec::new()));
                }
            }
        }
        kinds.sort_by_key(|kind| (kind.rank, kind.slug));
        let (groups, loose): (Vec<_>, Vec<_>) =
            tops.into_iter().partition(|(_, below)| !below.is_empty());
        Self {
            groups: groups
                .into_iter()
                .map(|(root, nodes)| Group { root, nodes })
                .collect(),
            loose: loose.into_iter().map(|(node, _)| node).collect(),
            lines,
            kinds,
        }
    }

    /// Whether nothing is drawn.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty() && self.loose.is_empty()
    }

    /// The colour of a node, as a position.
    pub(super) fn color(&self, node: &Node<'_>) -> usize {
        let kind = node.address.kind();
        self.kinds.iter().position(|one| *one == kind).unwrap_or(0)
    }

    /// The frames of groups, each with the first resource in it.
    pub(super) fn frames(&self) -> BTreeMap<usize, usize> {
        let groups = self.groups.iter();
        groups
            .filter_map(|group| Some((group.root.id, group.nodes.first()?.id)))
            .collect()
    }
}

/// A title without the quotes that lines of text have around it.
fn unquoted(title: String) -> String {
    let inner = title
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    inner.map_or_else(|| title.clone(), str::to_owned)
}

/// Lines from the selected resources. A group contains what is directly below its resource, so no line says it.
fn lines(
    desired: &DesiredState,
    ids: &BTreeMap<&Address, usize>,
    is_selected: &dyn Fn(&Address) -> bool,
) -> Vec<Line> {
    let mut lines = Vec::new();
    for (address, id) in ids {
        let parent = address.parent().filter(|parent| parent.parent().is_some());
        if let Some(from) = parent.and_then(|parent| ids.get(&parent).copied()) {
            let (to, why) = (*id, Why::Below);
            lines.push(Line { from, to, why });
        }
        if is_selected(address) {
            let named = &desired.resources[*address].resource.references;
            let targets: BTreeSet<usize> = named
                .iter()
                .filter_map(|target| ids.get(target).copied())
                .collect();
            let (from, why) = (*id, Why::Names);
            // What is in a frame names what it is in by being there.
            let frame = ids.get(&address.root()).copied();
            let others = targets.into_iter().filter(|to| Some(*to) != frame);
            lines.extend(others.map(|to| Line { from, to, why }));
        }
    }
    lines
}

impl Node<'_> {
    /// Address and title on one line.
    pub(super) fn caption(&self) -> String {
        match &self.title {
            Some(title) => format!("{} \"{title}\"", self.address),
            None => self.address.to_string(),
        }
    }

    /// Kind and name without those above it, for a node in the frame of another one.
    pub(super) fn own_part(&self) -> String {
        let name = self.address.name();
        match self.address.kind().slug {
            slug if name.is_empty() => slug.to_owned(),
            slug => format!("{slug}/{name}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::{Value, json};

    use super::*;
    use crate::kinds;
    use crate::model::{DesiredResource, FieldPlaces};

    fn state(resources: impl IntoIterator<Item = (Address, Value)>) -> DesiredState {
        let mut desired = DesiredState::default();
        for (address, body) in resources {
            let body = body.as_object().unwrap().clone();
            let resource = kinds::of(&address).declared(address.clone(), body);
            let declared = DesiredResource {
                resource: Arc::new(resource),
                place: None,
                places: FieldPlaces::default(),
                document: None,
            };
            desired.resources.insert(address, declared);
        }
        desired
    }

    fn api(name: &str) -> Address {
        Address::top(&kinds::API.info, name)
    }

    fn catalogue() -> DesiredState {
        let version = api("orders").child(&kinds::API_VERSION.info, "v1");
        let definition = version.child(&kinds::API_DEFINITION.info, "openapi");
        let uses = json!({"environment": "production", "definition": "v1/openapi"});
        state([
            (
                api("orders"),
                json!({"title": "Orders & \"all\"", "customProperties": {"team": "a"}}),
            ),
            (version, json!({"title": "v1"})),
            (definition, json!({"title": "OpenAPI"})),
            (api("orders").child(&kinds::DEPLOYMENT.info, "prod"), uses),
            (api("weather"), json!({"title": "weather"})),
            (
                Address::top(&kinds::ENVIRONMENT.info, "production"),
                json!({"title": "Production"}),
            ),
            (
                Address::top(&kinds::METADATA_SCHEMA.info, "team"),
                json!({}),
            ),
        ])
    }

    fn drawn(only: &[&str], metadata: bool) -> (String, String) {
        let (desired, only) = (catalogue(), Patterns::new(only).unwrap());
        let graph = Graph::new(&desired, &only, &Patterns::default(), metadata);
        let (mermaid, limit) = graph.mermaid();
        assert_eq!(limit, None);
        (mermaid.to_string(), graph.dot().to_string())
    }

    #[test]
    fn an_api_is_a_group_and_what_is_named_is_pointed_at() {
        let (mermaid, dot) = drawn(&[], false);
        insta::assert_snapshot!(mermaid);
        insta::assert_snapshot!(dot);
    }

    #[test]
    fn a_selection_shows_what_it_is_below_and_what_it_names() {
        let (mermaid, _) = drawn(&["api/orders/deployment/*"], false);
        assert!(mermaid.contains("api/orders"), "{mermaid}");
        assert!(mermaid.contains("environment/production"), "{mermaid}");
        assert!(mermaid.contains("definition/openapi"), "{mermaid}");
        assert!(!mermaid.contains("weather"), "{mermaid}");
        let (mermaid, dot) = drawn(&["api/weather"], false);
        assert_eq!(mermaid.matches("[\"").count(), 1, "{mermaid}");
        assert!(!dot.contains("cluster"), "{dot}");
    }

    #[test]
    fn metadata_schemas_are_drawn_when_asked_for() {
        let (_, dot) = drawn(&[], true);
        assert!(dot.contains("label=\"metadata-schema/team\""), "{dot}");
        assert!(dot.contains("ltail=cluster_"), "{dot}");
    }

    #[test]
    fn a_graph_that_mermaid_does_not_draw_is_reported() {
        let environment = Address::top(&kinds::ENVIRONMENT.info, "production");
        let deployments = (0..501).map(|i| {
            let address = api(&format!("api-{i}")).child(&kinds::DEPLOYMENT.info, "prod");
            (address, json!({"environment": "production"}))
        });
        let desired = state(
            (0..501)
                .map(|i| (api(&format!("api-{i}")), json!({})))
                .chain(deployments)
                .chain([(environment, json!({}))]),
        );
        let limit = |only: &[&str]| {
            let only = Patterns::new(only).unwrap();
            Graph::new(&desired, &only, &Patterns::default(), false)
                .mermaid()
                .1
        };
        let message = limit(&[]).unwrap().to_string();
        assert!(message.contains("has 501 lines and "), "{message}");
        assert_eq!(limit(&["api/api-1*"]), None);
    }
}
