//! The permissions that the caller has on a service, and those that this program needs.

use std::collections::BTreeSet;

use serde_json::Value;

use super::service::ArmService;
use crate::kinds::{self, Content, KINDS, Kind};
use crate::live::ServiceError;
use crate::model::{Address, covers};

/// Documented: the authorisation provider lists what the caller may do at a scope.
const API_VERSION: &str = "2022-04-01";

/// The role that permits everything a plan needs (documented: it includes the export action).
pub const READER_ROLE: &str = "Azure API Center Service Reader";
/// The role that permits everything an apply needs.
pub const CONTRIBUTOR_ROLE: &str = "Azure API Center Service Contributor";
/// The role that permits to give roles to others, and nothing else (documented).
const ROLE_ADMINISTRATOR: &str = "Role Based Access Control Administrator";

/// What the caller may do at a scope: granted is what an entry allows and does not exclude.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Permissions {
    entries: Vec<Entry>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Entry {
    actions: Vec<String>,
    not_actions: Vec<String>,
}

impl Permissions {
    fn parse(entries: &[Value]) -> Self {
        let texts = |entry: &Value, field: &str| {
            let list = entry.get(field).and_then(Value::as_array);
            list.into_iter()
                .flatten()
                .filter_map(|text| Some(text.as_str()?.to_owned()))
                .collect()
        };
        let entries = entries
            .iter()
            .map(|entry| Entry {
                actions: texts(entry, "actions"),
                not_actions: texts(entry, "notActions"),
            })
            .collect();
        Self { entries }
    }

    /// Whether an action such as `Microsoft.ApiCenter/services/read` is granted.
    #[must_use]
    pub fn grants(&self, action: &str) -> bool {
        self.entries.iter().any(|entry| {
            entry.actions.iter().any(|pattern| covers(pattern, action))
                && !entry
                    .not_actions
                    .iter()
                    .any(|pattern| covers(pattern, action))
        })
    }

    /// The actions of a list that are not granted.
    #[must_use]
    pub fn missing(&self, actions: &[String]) -> Vec<String> {
        actions
            .iter()
            .filter(|action| !self.grants(action))
            .cloned()
            .collect()
    }
}

/// The actions that a plan needs, with or without `folders` to compare.
///
/// Documented: the role of those who only read does not include the export of rulesets.
#[must_use]
pub fn needed_to_plan(folders: bool) -> Vec<String> {
    let mut actions: Vec<String> = KINDS
        .iter()
        .filter(|kind| kind.is_of_service() && !kind.may_be_missing)
        .filter_map(|kind| action(kind, "read"))
        .collect();
    for (kind, content) in with_content() {
        if folders || content.readers_may_export {
            actions.extend(action(kind, &format!("{}/action", content.export_action)));
        }
    }
    actions
}

/// The actions that an apply needs besides those of a plan.
#[must_use]
pub fn needed_to_apply() -> Vec<String> {
    let mut actions = Vec::new();
    let kinds = KINDS.iter().filter(|kind| kind.is_of_service());
    for kind in kinds.filter(|kind| !kind.may_be_missing) {
        actions.extend(action(kind, "write"));
        if !kind.location.is_root() {
            actions.extend(action(kind, "delete"));
        }
        if let Some(content) = &kind.content {
            actions.extend(action(kind, &format!("{}/action", content.import_action)));
        }
    }
    actions
}

/// The actions that resources need of the types that a service may lack: nothing else requires those.
#[must_use]
pub fn needed_for<'a>(addresses: impl Iterator<Item = &'a Address>, verbs: &[&str]) -> Vec<String> {
    let newer = addresses.filter(|address| kinds::of(address).may_be_missing);
    let types: BTreeSet<String> = newer.filter_map(kinds::arm_type_of).collect();
    types
        .iter()
        .flat_map(|one| verbs.iter().map(move |verb| format!("{one}/{verb}")))
        .collect()
}

/// The least role that grants all of these actions.
#[must_use]
pub fn role_for(actions: &[String]) -> &'static str {
    let plan = needed_to_plan(false);
    let reads = |action: &String| {
        let listed = plan
            .iter()
            .any(|needed| needed.eq_ignore_ascii_case(action));
        listed || action.ends_with("/read")
    };
    let gives_roles = |action: &String| {
        let action = action.to_ascii_lowercase();
        action.starts_with("microsoft.authorization/") && !action.ends_with("/read")
    };
    if actions.iter().any(gives_roles) {
        ROLE_ADMINISTRATOR
    } else if actions.iter().all(reads) {
        READER_ROLE
    } else {
        CONTRIBUTOR_ROLE
    }
}

/// How to get actions granted that are missing, in words. Scopes below a service become the service.
#[must_use]
pub fn how_to_grant(missing: &[String], scope: &str, object: Option<&str>) -> String {
    format!(
        "grant the role: az role assignment create --role \"{}\" --assignee {} --scope {}",
        role_for(missing),
        object.unwrap_or("OBJECT_ID"),
        service_of(scope)
    )
}

fn service_of(scope: &str) -> &str {
    const SERVICES: &str = "/microsoft.apicenter/services/";
    let Some(at) = scope.to_ascii_lowercase().find(SERVICES) else {
        return scope;
    };
    let name = at + SERVICES.len();
    let end = scope[name..].find('/');
    &scope[..end.map_or(scope.len(), |end| name + end)]
}

fn with_content() -> impl Iterator<Item = (&'static Kind, &'static Content)> {
    KINDS
        .iter()
        .filter_map(|kind| Some((*kind, kind.content.as_ref()?)))
}

/// The action on resources of a kind, such as `Microsoft.ApiCenter/services/read`.
fn action(kind: &Kind, verb: &str) -> Option<String> {
    Some(format!("{}/{verb}", kind.resource_type()?))
}

impl ArmService {
    /// Whether the service exists. The cheapest request that needs credentials and the network.
    ///
    /// # Errors
    /// As described by [`crate::live::ErrorKind`].
    pub async fn exists(&self) -> Result<bool, ServiceError> {
        let path = self.path(&Address::top(&kinds::SERVICE.info, ""));
        Ok(self
            .client
            .get(&path, kinds::SERVICE.api_version)
            .await?
            .is_some())
    }

    /// What the caller may do on the service.
    ///
    /// # Errors
    /// As described by [`crate::live::ErrorKind`].
    pub async fn permissions(&self) -> Result<Permissions, ServiceError> {
        let service = self.path(&Address::top(&kinds::SERVICE.info, ""));
        let path = format!("{service}/providers/Microsoft.Authorization/permissions");
        Ok(Permissions::parse(
            &self.client.list(&path, API_VERSION).await?,
        ))
    }

    /// The service's full ARM id, as role assignments name it.
    #[must_use]
    pub fn arm_id(&self) -> String {
        self.path(&Address::top(&kinds::SERVICE.info, ""))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_reader_can_plan_and_not_apply_and_a_plain_reader_lacks_the_export() {
        let reader = Permissions::parse(&[json!({
            "actions": ["Microsoft.ApiCenter/services/*/read", "Microsoft.ApiCenter/services/read",
                "Microsoft.ApiCenter/services/workspaces/apis/versions/definitions/exportSpecification/action"],
            "notActions": []})]);
        assert_eq!(reader.missing(&needed_to_plan(false)), [""; 0]);
        assert_eq!(reader.missing(&needed_to_apply()), needed_to_apply());
        let more = reader.missing(&needed_to_plan(true));
        let is_restricted = |content: &Content| !content.readers_may_export;
        let restricted = with_content().filter(|(_, content)| is_restricted(content));
        assert_eq!(more.len(), restricted.count());
        let export = "/analyzerConfigs/exportRuleset/action";
        assert!(more.iter().any(|action| action.ends_with(export)));
        let plain = Permissions::parse(&[json!({"actions": ["*/read"]})]);
        let missing = plain.missing(&needed_to_plan(false));
        assert_eq!(missing.len(), 1);
        assert!(missing[0].ends_with("/exportSpecification/action"));
    }

    #[test]
    fn the_least_role_is_named() {
        assert_eq!(role_for(&needed_to_plan(false)), READER_ROLE);
        assert_eq!(role_for(&needed_to_apply()), CONTRIBUTOR_ROLE);
        let assign = "Microsoft.Authorization/roleAssignments/write".to_owned();
        assert_eq!(role_for(&[assign]), ROLE_ADMINISTRATOR);
        let help = how_to_grant(
            &needed_to_apply(),
            "/x/Microsoft.ApiCenter/services/s/apis/a",
            None,
        );
        assert!(
            help.ends_with("--scope /x/Microsoft.ApiCenter/services/s"),
            "{help}"
        );
        let help = how_to_grant(&needed_to_plan(false)[..1], "/x", Some("o-1"));
        assert!(help.ends_with("--assignee o-1 --scope /x"), "{help}");
    }

    #[test]
    fn what_an_entry_excludes_another_may_still_grant() {
        let both = Permissions::parse(&[
            json!({"actions": ["*"], "notActions": ["*/write"]}),
            json!({"actions": ["Microsoft.ApiCenter/services/write"]}),
        ]);
        assert!(both.grants("Microsoft.ApiCenter/services/write"));
        assert!(!both.grants("Microsoft.ApiCenter/services/workspaces/apis/write"));
    }
}
