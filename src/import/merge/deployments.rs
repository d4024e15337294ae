//! Deployments of what is new.

use serde_json::Value;

use super::written::{fits, items_of};
use super::{Merge, SPEC};
use crate::import::deployments::deployments;
use crate::import::draft::{self, Version};
use crate::import::item::Item;
use crate::import::metadata_extraction::Server;
use crate::kinds::{API, NAME};
use crate::model::view::{ApiVersionView, ApiView, DeploymentView};

impl Merge<'_> {
    /// Adds deployments of new versions, and of all versions if there are none in the environment.
    pub(super) fn deploy(&mut self, items: &[Item<'_>]) {
        let Some(environment) = self.options.environment.clone() else {
            return;
        };
        let declared = items_of(&self.spec()[ApiView::DEPLOYMENTS]);
        let field = |deployment: &Value, key: &str| deployment[key].as_str().map(str::to_owned);
        let is_first = !declared.iter().any(|deployment| {
            field(deployment, DeploymentView::ENVIRONMENT).as_deref() == Some(&environment)
        });
        let taken: Vec<String> = declared
            .iter()
            .filter_map(|deployment| field(deployment, NAME))
            .collect();
        let mut versions: Vec<(Version, Vec<Server>)> = Vec::new();
        for value in self.versions() {
            let name = value[NAME].as_str().unwrap_or_default();
            let of_version = items.iter().filter(|item| fits(item, value));
            let servers = of_version.flat_map(|item| item.facts.servers.clone());
            if is_first || self.new_versions.iter().any(|new| new == name) {
                let version = Version {
                    name: name.to_owned(),
                    definitions: items_of(&value[ApiVersionView::DEFINITIONS]).to_vec(),
                    ..Version::default()
                };
                versions.push((version, servers.collect()));
            }
        }
        let borrowed: Vec<_> = versions
            .iter()
            .map(|(version, servers)| (version, servers.clone()))
            .collect();
        for mut deployment in deployments(&environment, &borrowed, &taken, &mut self.notes) {
            draft::fit_deployment(&mut deployment, &mut self.notes);
            let name = deployment[NAME].as_str().unwrap_or_default().to_owned();
            self.append(&[SPEC], (API.schema)(), ApiView::DEPLOYMENTS, deployment);
            self.changes.added.push(format!("deployment {name}"));
        }
    }
}
