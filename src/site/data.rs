//! The resources of a catalogue, as the script of its page has them.

use std::collections::BTreeMap;

use serde::Serialize;

use super::catalogue::{Catalogue, CatalogueResource};
use super::descriptions;
use crate::kinds::{KINDS, Kind};
use crate::model::view::{ApiVersionView, CustomProperties, EnvironmentView, title_of};
use crate::model::{Body, Resource, Role};

/// The script with the data.
pub(super) fn script(catalogue: &Catalogue<'_>) -> String {
    let data = Data {
        service: catalogue.service,
        source: &catalogue.source,
        kinds: kinds_in_order(),
        resources: catalogue.resources.iter().map(Entry::of).collect(),
    };
    let json = serde_json::to_string(&data).expect("keys are texts");
    format!("const catalogue = {json};\n")
}

#[derive(Serialize)]
struct Data<'a> {
    service: &'a str,
    source: &'a str,
    kinds: Vec<KindEntry>,
    resources: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct KindEntry {
    slug: &'static str,
    plural: String,
}

#[derive(Serialize)]
struct Entry<'a> {
    address: String,
    name: &'a str,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stage: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<&'a Body>,
    fields: BTreeMap<&'a str, &'a serde_json::Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    uses: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    document: Option<DocumentEntry>,
}

#[derive(Serialize)]
struct DocumentEntry {
    file: String,
    format: String,
}

impl<'a> Entry<'a> {
    fn of(one: &CatalogueResource<'a>) -> Self {
        let resource = one.resource;
        let (address, info) = (&resource.address, resource.address.kind());
        let is_field =
            |key: &str| key != CustomProperties::FIELD && info.digest_field() != Some(key);
        let fields = resource
            .body
            .iter()
            .map(|(key, value)| (key.as_str(), value));
        Self {
            address: address.to_string(),
            name: address.name(),
            kind: info.slug,
            parent: resource.parent().map(|parent| parent.to_string()),
            title: title_of(resource),
            stage: stage(resource),
            metadata: CustomProperties::of(&resource.body).values(),
            fields: fields.filter(|(key, _)| is_field(key)).collect(),
            uses: resource
                .references
                .iter()
                .map(ToString::to_string)
                .collect(),
            document: one.text.map(|_| DocumentEntry {
                file: descriptions::path(address),
                format: descriptions::format(resource),
            }),
        }
    }
}

fn stage(resource: &Resource) -> Option<&str> {
    match resource.address.kind().role {
        Role::ApiVersion => ApiVersionView::of(&resource.body).lifecycle_stage(),
        Role::Environment => resource.body.get(EnvironmentView::STAGE)?.as_str(),
        _ => None,
    }
}

/// APIs first, then the kinds in their usual order.
fn kinds_in_order() -> Vec<KindEntry> {
    let mut all: Vec<&'static Kind> = KINDS.to_vec();
    all.sort_by_key(|kind| (kind.info.role != Role::Api, kind.info.rank));
    let entries = all.iter().map(|kind| KindEntry {
        slug: kind.info.slug,
        plural: plural(kind),
    });
    entries.collect()
}

/// The name of several, as a heading: `Metadata schemas`.
fn plural(kind: &Kind) -> String {
    let noun = kind.info.noun;
    let (first, rest) = noun.split_at(noun.chars().next().map_or(0, char::len_utf8));
    format!("{}{rest}s", first.to_uppercase())
}
