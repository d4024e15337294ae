//! Manifests from an instance of API Management.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::deployments::deployments;
use super::draft::{Draft, Version, definition};
use super::files::Imported;
use super::metadata_extraction::{self, Facts, Server, text};
use super::names::{Names, resource_name, version_name};
use super::truncation::fit;
use super::version_order::by_version;
use crate::document;
use crate::export::{self, ExportFile};
use crate::kinds::{DocumentSource, ENVIRONMENT};
use crate::manifest::MOST_INLINE_BYTES;
use crate::model::Body;
use crate::model::view::{self, ApiView, EnvironmentView};

/// An instance of API Management, or one of its workspaces.
#[derive(Debug, Clone, Default)]
pub struct Gateway {
    /// Its ARM id.
    pub resource_id: String,
    /// The instance as the resource manager returns it.
    pub service: Value,
    /// Its version sets as the resource manager returns them.
    pub version_sets: Vec<Value>,
    /// Its APIs.
    pub apis: Vec<GatewayApi>,
}

/// An API of an instance.
#[derive(Debug, Clone, Default)]
pub struct GatewayApi {
    /// The API as the resource manager returns it.
    pub contract: Value,
    /// Its description, as exported; `None` where there is none to export.
    pub document: Option<Arc<str>>,
}

/// How an instance is imported.
#[derive(Debug, Clone, Default)]
pub struct GatewayOptions {
    /// The environment of the instance.
    pub environment: String,
    /// Whether its manifest is written too.
    pub writes_environment: bool,
    /// Stage of every version, such as `production`.
    pub stage: String,
    /// Whether definitions name the instance as their source, instead of a file.
    pub links: bool,
}

/// An API Management API with what its contract and its description say.
struct Item<'a> {
    api: &'a GatewayApi,
    /// The format of its description, and what it says.
    described: Option<(String, Facts)>,
    version: Option<String>,
}

/// The manifests for an instance: one API per version set or API, with deployments at its gateway.
#[must_use]
pub fn api_management(gateway: &Gateway, options: &GatewayOptions) -> Imported {
    let mut groups: BTreeMap<(String, String), Vec<Item<'_>>> = BTreeMap::new();
    for api in &gateway.apis {
        let set = version_set(gateway, &api.contract);
        let name = name(set.unwrap_or(&api.contract)).to_owned();
        let key = (title(set, &api.contract).to_lowercase(), name);
        groups
            .entry(key)
            .or_default()
            .push(Item::new(api, set.is_some()));
    }
    let mut names = Names::default();
    let mut imported = Imported::default();
    for items in groups.into_values() {
        import(gateway, options, items, &mut names, &mut imported);
    }
    if options.writes_environment {
        imported
            .files
            .push(environment(gateway, options, &mut imported.notes));
    }
    imported.sorted()
}

fn import(
    gateway: &Gateway,
    options: &GatewayOptions,
    mut items: Vec<Item<'_>>,
    names: &mut Names,
    imported: &mut Imported,
) {
    items.sort_by(|a, b| {
        let versions = by_version(a.version.as_deref(), b.version.as_deref());
        versions.then_with(|| name(&a.api.contract).cmp(name(&b.api.contract)))
    });
    let Some(newest) = items.last() else { return };
    let set = version_set(gateway, &newest.api.contract);
    let title = title(set, &newest.api.contract);
    // Titles may be the same; the names of API Management are not.
    let own = resource_name(name(set.unwrap_or(&newest.api.contract)));
    let wanted = resource_name(&title).or_else(|| own.clone());
    let wanted = wanted.unwrap_or_else(|| "api".to_owned());
    let mut draft = Draft {
        name: names.first_free(&wanted, own.as_deref()),
        title,
        kind: kind_of(&newest.api.contract).to_owned(),
        about: about(set, newest),
        ..Draft::default()
    };
    let mut versions = Names::default();
    let mut servers = Vec::new();
    for item in &items {
        let mut version = Version {
            name: versions.unique(&version_name(item.version.as_deref())),
            title: item.version.clone().unwrap_or_else(|| "1.0.0".to_owned()),
            stage: options.stage.clone(),
            definitions: Vec::new(),
        };
        let found = definition_of(gateway, options, item, &draft.name, &version.name, imported);
        version.definitions.extend(found);
        draft.versions.push(version);
        servers.push(item.servers(gateway, set));
    }
    let versions: Vec<(&Version, Vec<Server>)> = draft.versions.iter().zip(servers).collect();
    draft.deployments = deployments(&options.environment, &versions, &[], &mut draft.notes);
    let path = format!("apis/{}/api.yaml", export::file_name(&draft.name));
    draft.write(path, imported);
}

/// The definition of an API's description, whose file is written unless it is linked.
fn definition_of(
    gateway: &Gateway,
    options: &GatewayOptions,
    item: &Item<'_>,
    api: &str,
    version: &str,
    imported: &mut Imported,
) -> Option<Value> {
    let own_name = name(&item.api.contract);
    let Some((text, (format, _))) = item.api.document.as_ref().zip(item.described.as_ref()) else {
        imported.notes.push(format!(
            "api/{api}: API Management exports no description of `{own_name}`, which is of type {}: \
             version {version} has no definition",
            item.api.type_of()
        ));
        return None;
    };
    if options.links {
        let source = DocumentSource::ApiManagement {
            resource_id: &gateway.resource_id,
            api: own_name,
        };
        return Some(definition(format, format, Some(source)));
    }
    let file = format!("{version}/{format}.{}", export::suffix_of(format, text));
    let path = format!("apis/{}/{file}", export::file_name(api));
    imported.files.push(ExportFile {
        path: path.clone(),
        bytes: text.as_bytes().to_vec(),
    });
    if text.len() > MOST_INLINE_BYTES {
        imported.notes.push(format!(
            "api/{api}: the description of `{own_name}` is larger than the 3 MB that can be sent from \
             a file; it is written to {path}, and the manifest does not name it"
        ));
        return Some(definition(format, format, None));
    }
    Some(definition(
        format,
        format,
        Some(DocumentSource::File(&file)),
    ))
}

impl<'a> Item<'a> {
    fn new(api: &'a GatewayApi, is_versioned: bool) -> Self {
        let described = api
            .document
            .as_ref()
            .map(|text| match document::describe(None, text) {
                Ok(description) => {
                    let facts = metadata_extraction::facts(&description, text);
                    (description.specification.name, facts)
                }
                Err(_) => ("other".to_owned(), Facts::default()),
            });
        let stated = metadata_extraction::text(&api.contract["properties"]["apiVersion"]);
        let version = if is_versioned {
            // The API from which a version set was made.
            stated.or_else(|| Some("Original".to_owned()))
        } else {
            stated.or_else(|| described.as_ref()?.1.version.clone())
        };
        Self {
            api,
            described,
            version,
        }
    }

    /// Where the API is served: at the instance's own host names, else at its default one.
    fn servers(&self, gateway: &Gateway, set: Option<&Value>) -> Vec<Server> {
        let properties = &self.api.contract["properties"];
        let protocols: Vec<&str> = properties["protocols"]
            .as_array()
            .map_or_else(Vec::new, |all| {
                all.iter().filter_map(Value::as_str).collect()
            });
        let secure = ["https", "wss", "http", "ws"];
        let protocol = secure.into_iter().find(|known| protocols.contains(known));
        let mut path = String::new();
        let mut step = |text: Option<String>| {
            let text = text.unwrap_or_default();
            if !text.trim_matches('/').is_empty() {
                path.push('/');
                path.push_str(text.trim_matches('/'));
            }
        };
        step(text(&properties["path"]));
        if set.is_some_and(|set| set["properties"]["versioningScheme"] == "Segment") {
            step(text(&properties["apiVersion"]));
        }
        if self.api.type_of() == "mcp" {
            step(Some("mcp".to_owned()));
        }
        let default = if self.api.type_of() == "websocket" {
            "wss"
        } else {
            "https"
        };
        let protocol = protocol.unwrap_or(default);
        let hosts = hosts(&gateway.service).into_iter();
        let mut urls = hosts.map(|host| format!("{protocol}://{host}{path}"));
        let first = urls.next().map(|url| Server {
            url,
            also: urls.collect(),
            description: Some(name_of_instance(gateway).to_owned()),
        });
        first.into_iter().collect()
    }
}

impl GatewayApi {
    fn type_of(&self) -> &str {
        let properties = &self.contract["properties"];
        properties["type"].as_str().unwrap_or("http")
    }
}

/// Host names that consumers use: those that the owner set, if there are any.
fn hosts(service: &Value) -> Vec<String> {
    let properties = &service["properties"];
    let own = properties["hostnameConfigurations"]
        .as_array()
        .into_iter()
        .flatten();
    let mut own: Vec<String> = own
        .filter(|entry| entry["type"] == "Proxy")
        .filter_map(|entry| text(&entry["hostName"]))
        .filter(|host| !host.ends_with(".azure-api.net"))
        .collect();
    own.sort();
    own.dedup();
    if own.is_empty() {
        let default = text(&properties["gatewayUrl"]);
        let host = default.map(|url| url.split("://").last().unwrap_or_default().to_owned());
        return host
            .map(|host| host.trim_end_matches('/').to_owned())
            .into_iter()
            .collect();
    }
    own
}

fn about(set: Option<&Value>, newest: &Item<'_>) -> Body {
    let contract = &newest.api.contract["properties"];
    let stated = newest
        .described
        .as_ref()
        .map(|(_, facts)| facts.about.clone());
    let mut about = stated.unwrap_or_default();
    let mut put = |path: &str, value: Option<Value>| {
        if let Some(value) = value {
            view::set(&mut about, path, value);
        }
    };
    let description = text(&contract["description"])
        .or_else(|| text(&set?["properties"]["description"]))
        .map(Value::from);
    put(ApiView::DESCRIPTION, description);
    let terms = text(&contract["termsOfServiceUrl"]).map(Value::from);
    put(ApiView::TERMS_URL, terms);
    let contact = metadata_extraction::contact(&contract["contact"]);
    put(ApiView::CONTACTS, contact.map(|contact| json!([contact])));
    put(
        ApiView::LICENSE,
        metadata_extraction::license(&contract["license"]),
    );
    about
}

fn environment(gateway: &Gateway, options: &GatewayOptions, notes: &mut Vec<String>) -> ExportFile {
    let name = &options.environment;
    let instance = name_of_instance(gateway);
    // A Developer instance promises nothing; every other tier is made for production (documented).
    let kind = match gateway.service["sku"]["name"].as_str() {
        Some("Developer") => "development",
        _ => "production",
    };
    let mut spec = Body::new();
    view::set(&mut spec, EnvironmentView::TITLE, instance);
    view::set(&mut spec, EnvironmentView::STAGE, kind);
    view::set(
        &mut spec,
        EnvironmentView::SERVER_TYPE,
        "Azure API Management",
    );
    if let Some(url) = text(&gateway.service["properties"]["developerPortalUrl"]) {
        view::set(&mut spec, EnvironmentView::DEVELOPER_PORTAL, json!([url]));
    }
    let mut spec = Value::Object(spec);
    fit((ENVIRONMENT.schema)(), &mut spec, notes);
    notes.push(format!(
        "environment/{name}: its kind is taken to be {kind}; change it where it is another"
    ));
    ExportFile {
        path: format!("environments/{}.yaml", export::file_name(name)),
        bytes: export::manifest(&ENVIRONMENT, name, spec),
    }
}

/// The name of the instance, as its id has it.
fn name_of_instance(gateway: &Gateway) -> &str {
    let mut steps = gateway
        .resource_id
        .split('/')
        .skip_while(|step| !step.eq_ignore_ascii_case("service"));
    steps.nth(1).unwrap_or_default()
}

fn version_set<'a>(gateway: &'a Gateway, contract: &Value) -> Option<&'a Value> {
    let id = text(&contract["properties"]["apiVersionSetId"])?;
    let wanted = last_step(&id);
    gateway
        .version_sets
        .iter()
        .find(|set| name(set).eq_ignore_ascii_case(wanted))
}

fn title(set: Option<&Value>, contract: &Value) -> String {
    let shown = |item: &Value| text(&item["properties"]["displayName"]);
    set.and_then(shown)
        .or_else(|| shown(contract))
        .unwrap_or_else(|| name(contract).to_owned())
}

fn name(resource: &Value) -> &str {
    resource["name"].as_str().unwrap_or_default()
}

fn last_step(id: &str) -> &str {
    id.rsplit('/').next().unwrap_or(id)
}

/// The style of an API, from its type in API Management.
fn kind_of(contract: &Value) -> &str {
    match contract["properties"]["type"].as_str() {
        None | Some("http" | "odata") => "rest",
        Some(other) => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gateway(service: Value, contract: Value) -> Gateway {
        Gateway {
            resource_id: "/subscriptions/s/resourceGroups/g/providers/Microsoft.ApiManagement\
                          /service/Contoso-APIM"
                .to_owned(),
            service,
            version_sets: vec![json!({"name": "set", "properties": {
                "displayName": "Shop", "versioningScheme": "Segment", "description": "A set."
            }})],
            apis: vec![GatewayApi {
                contract,
                document: None,
            }],
        }
    }

    fn manifest(gateway: &Gateway) -> String {
        let options = GatewayOptions {
            environment: "gate".to_owned(),
            stage: "production".to_owned(),
            ..GatewayOptions::default()
        };
        let mut imported = api_management(gateway, &options);
        String::from_utf8(imported.files.remove(0).bytes).unwrap()
    }

    #[test]
    fn addresses_are_those_that_consumers_use() {
        let proxy = |host: &str| json!({"type": "Proxy", "hostName": host});
        let own = json!({"properties": {"gatewayUrl": "https://c.azure-api.net", "hostnameConfigurations": [
            proxy("c.azure-api.net"), proxy("b.contoso.com"), proxy("a.contoso.com"),
            {"type": "Portal", "hostName": "portal.contoso.com"},
        ]}});
        let default = json!({"properties": {"gatewayUrl": "https://c.azure-api.net/"}});
        let set = "/apiVersionSets/SET";
        for (service, contract, urls) in [
            (
                &own,
                json!({"displayName": "A", "path": "/x/y/"}),
                vec!["https://a.contoso.com/x/y", "https://b.contoso.com/x/y"],
            ),
            (
                &default,
                json!({"displayName": "A", "path": "", "protocols": ["http"]}),
                vec!["http://c.azure-api.net"],
            ),
            (
                &default,
                json!({"displayName": "A", "path": "x", "apiVersion": "v2", "apiVersionSetId": set}),
                vec!["https://c.azure-api.net/x/v2"],
            ),
            (
                &default,
                json!({"displayName": "A", "path": "x", "type": "websocket"}),
                vec!["wss://c.azure-api.net/x"],
            ),
            (
                &default,
                json!({"displayName": "A", "path": "x", "type": "mcp", "protocols": ["http", "https"]}),
                vec!["https://c.azure-api.net/x/mcp"],
            ),
            (&json!({}), json!({"displayName": "A", "path": "x"}), vec![]),
        ] {
            let contract = json!({"name": "a", "properties": contract});
            let text = manifest(&gateway(service.clone(), contract));
            let found: Vec<&str> = text
                .lines()
                .filter_map(|line| line.trim().strip_prefix("- "))
                .filter(|item| item.contains("://"))
                .collect();
            assert_eq!(found, urls, "{text}");
        }
    }

    #[test]
    fn a_version_set_names_and_describes_its_api() {
        let contract = json!({"name": "shop-v1", "properties": {
            "displayName": "Something else", "apiVersionSetId": "/x/apiVersionSets/set", "description": null,
            "contact": {"name": null, "email": "shop@contoso.com"}, "license": {"name": "X", "url": "https://x"},
        }});
        let text = manifest(&gateway(json!({}), contract));
        for part in [
            "name: shop\n",
            "title: Shop\n",
            "description: A set.\n",
            "title: Original\n",
            "email: shop@contoso.com\n",
            "url: https://x\n",
        ] {
            assert!(text.contains(part), "{part} {text}");
        }
    }
}
