//! Addresses of servers as deployments.

use std::iter;

use serde_json::{Value, json};

use super::draft::Version;
use super::facts::Server;
use super::names::Names;

/// The deployments of an API in one environment: one per version and server, named after the
/// environment and, where there are several, after the version.
pub(super) fn deployments(environment: &str, versions: &[(&Version, Vec<Server>)]) -> Vec<Value> {
    let mut names = Names::default();
    let several = versions
        .iter()
        .filter(|(_, servers)| !servers.is_empty())
        .count()
        > 1;
    let mut deployments = Vec::new();
    for (version, servers) in versions {
        // A version without a description can run all the same.
        let definition = version.definitions.first().and_then(|d| d["name"].as_str());
        let definition = definition.map(|name| format!("{}/{name}", version.name));
        for server in servers {
            let wanted = if several {
                format!("{environment}-{}", version.name)
            } else {
                environment.to_owned()
            };
            let wanted: String = wanted.chars().take(90).collect();
            let title = server
                .description
                .clone()
                .unwrap_or_else(|| host(&server.url).to_owned());
            let uris: Vec<&String> = iter::once(&server.url).chain(&server.also).collect();
            deployments.push(json!({
                "name": names.unique(&wanted),
                "title": title,
                "environment": environment,
                "definition": definition,
                "server": {"runtimeUri": uris},
            }));
        }
    }
    deployments
}

fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or(rest)
}
