//! Addresses of servers as deployments.

use std::iter;

use serde_json::{Value, json};

use super::draft::Version;
use super::metadata_extraction::Server;
use super::names::Names;
use crate::kinds::NAME;
use crate::model::view::{self, DeploymentView};
use crate::model::{Body, limit};

/// The deployments of an API in one environment: one per version and server, named after the
/// environment and, where there are several, after the version. `taken` are names of other deployments.
///
/// If an API has more than the service accepts, those of the oldest versions are dropped, with a note.
pub(super) fn deployments(
    environment: &str,
    versions: &[(&Version, Vec<Server>)],
    taken: &[String],
    notes: &mut Vec<String>,
) -> Vec<Value> {
    let mut names = Names::default();
    for name in taken {
        names.unique(name);
    }
    let with_servers = versions.iter().filter(|(_, servers)| !servers.is_empty());
    let several = with_servers.count() > 1 || !taken.is_empty();
    let mut deployments = Vec::new();
    for (age, (version, servers)) in versions.iter().enumerate() {
        // A version without a description can run all the same.
        let definition = version.definitions.first().and_then(|d| d[NAME].as_str());
        let definition = definition.map(|name| format!("{}/{name}", version.name));
        for server in servers {
            let wanted = if several {
                format!("{environment}-{}", version.name.replace('.', "-"))
            } else {
                environment.to_owned()
            };
            let wanted: String = wanted.chars().take(90).collect();
            let title = server
                .description
                .clone()
                .unwrap_or_else(|| host(&server.url).to_owned());
            let uris: Vec<&String> = iter::once(&server.url).chain(&server.also).collect();
            let mut deployment = Body::new();
            view::set(&mut deployment, NAME, names.unique(&wanted));
            view::set(&mut deployment, DeploymentView::TITLE, title);
            view::set(&mut deployment, DeploymentView::ENVIRONMENT, environment);
            view::set(
                &mut deployment,
                DeploymentView::DEFINITION,
                definition.clone(),
            );
            view::set(&mut deployment, DeploymentView::RUNTIME_URI, json!(uris));
            deployments.push((age, Value::Object(deployment)));
        }
    }
    keep_newest(&mut deployments, taken.len(), notes);
    let deployments = deployments.into_iter();
    deployments.map(|(_, deployment)| deployment).collect()
}

/// Drops the last deployment of the oldest version until there are not too many.
fn keep_newest(deployments: &mut Vec<(usize, Value)>, others: usize, notes: &mut Vec<String>) {
    let most = limit::DEPLOYMENTS.standard.saturating_sub(others);
    if deployments.len() > most {
        let most = limit::DEPLOYMENTS.standard;
        notes.push(format!(
            "{} addresses, and the service takes {most} deployments of one API: the rest is left \
             out, from the oldest version on",
            deployments.len() + others
        ));
    }
    while deployments.len() > most {
        let oldest = deployments.first().map(|(age, _)| *age);
        let last = deployments
            .iter()
            .rposition(|(age, _)| Some(*age) == oldest);
        deployments.remove(last.unwrap_or_default());
    }
}

fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn servers(urls: &[&str]) -> Vec<Server> {
        let server = |url: &&str| Server {
            url: (*url).to_owned(),
            ..Server::default()
        };
        urls.iter().map(server).collect()
    }

    fn version(name: &str) -> Version {
        Version {
            name: name.to_owned(),
            ..Version::default()
        }
    }

    #[test]
    fn the_oldest_versions_and_their_last_servers_go_first() {
        let (old, new) = (version("old"), version("new"));
        let many = [
            "https://a",
            "https://b",
            "https://c",
            "https://d",
            "https://e",
            "https://f",
        ];
        let all = [(&old, servers(&many)), (&new, servers(&many))];
        let mut notes = Vec::new();
        let kept = deployments("prod", &all, &[], &mut notes);
        let names: Vec<&str> = kept.iter().filter_map(|d| d["name"].as_str()).collect();
        assert_eq!(
            names,
            [
                "prod-old",
                "prod-old-2",
                "prod-old-3",
                "prod-old-4",
                "prod-new",
                "prod-new-2",
                "prod-new-3",
                "prod-new-4",
                "prod-new-5",
                "prod-new-6"
            ]
        );
        assert_eq!(notes.len(), 1);
        let kept = deployments("prod", &all[1..], &[], &mut notes);
        assert_eq!((kept.len(), &kept[0]["name"]), (6, &json!("prod")));
        assert_eq!(notes.len(), 1);
    }
}
