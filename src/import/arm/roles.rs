//! Role assignments that templates and states declare.

use serde_json::Value;

use super::ids::service_and_path;
use crate::export::{self, ExportFile};
use crate::import::names::{Names, resource_name};
use crate::kinds::{ROLE_ASSIGNMENT, role_name};
use crate::model::Scope;
use crate::model::view::{Principal, RoleAssignmentView};

/// A role assignment that was found.
pub(super) struct Found {
    /// The resource that the role is for; empty if it is not said or not known.
    pub(super) scope: String,
    /// Empty if it is not known.
    pub(super) role: String,
    /// The object id, empty if it is not known; `None` for the identity of the service.
    pub(super) principal: Option<String>,
    pub(super) principal_type: Option<String>,
    pub(super) description: Option<String>,
}

/// The manifests of roles on the service and of its identity; others have nothing to do with it.
pub(super) fn files(roles: &[Found], notes: &mut Vec<String>) -> Vec<ExportFile> {
    let mut names = Names::default();
    let mut files = Vec::new();
    for found in roles {
        match found.body() {
            Ok(Some((role, body))) => {
                let name = resource_name(&role).unwrap_or_else(|| "role".to_owned());
                let name = names.unique(&name);
                let file = export::file_name(&name);
                files.push(ExportFile {
                    path: format!("{}s/{file}.yaml", ROLE_ASSIGNMENT.info.slug),
                    bytes: export::manifest(&ROLE_ASSIGNMENT, &name, body),
                });
            }
            Ok(None) => {}
            Err(problem) => notes.push(format!("{}: left out, as {problem}", found.title())),
        }
    }
    files
}

impl Found {
    /// The role and what a manifest says of it; `None` if it does not concern the service. Otherwise why there is
    /// none.
    fn body(&self) -> Result<Option<(String, Value)>, &'static str> {
        let path = service_and_path(&self.scope).map(|(_, path)| path);
        let is_on_service = path.is_some_and(|path| path.trim_end_matches('/').is_empty());
        let principal = match &self.principal {
            None => Principal::ServiceIdentity,
            Some(_) if path.is_none() => return Ok(None),
            Some(_) if !is_on_service => {
                return Err("it is for a part of the service");
            }
            Some(id) if id.is_empty() => return Err("its principal is not known"),
            Some(id) => Principal::Object {
                id,
                kind: self.principal_type.as_deref(),
            },
        };
        if self.role.is_empty() {
            return Err("its role is not known");
        }
        if self.scope.is_empty() {
            return Err("its scope is not known");
        }
        let scope = (!is_on_service).then(|| Scope::new(&self.scope));
        let role = self.role_name();
        let description = self.description.as_deref();
        let body = RoleAssignmentView::body(&role, scope.as_ref(), principal, description);
        Ok(Some((role, Value::Object(body))))
    }

    fn role_name(&self) -> String {
        role_name(self.role.rsplit('/').next().unwrap_or_default())
    }

    /// What the assignment is called in a note.
    fn title(&self) -> String {
        let role = match self.role.is_empty() {
            true => "a role".to_owned(),
            false => format!("the role `{}`", self.role_name()),
        };
        let whose = match &self.principal {
            None => " of the service's identity",
            Some(_) => "",
        };
        match self.scope.is_empty() {
            true => format!("{role}{whose}"),
            false => format!("{role}{whose} at {}", self.scope),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERVICE: &str =
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.ApiCenter/services/x";
    const READER: &str = "Azure API Center Data Reader";

    #[test]
    fn a_role_never_becomes_wider_and_is_never_half() {
        let gateway =
            "/subscriptions/s/resourceGroups/g/providers/Microsoft.ApiManagement/service/a";
        let part = format!("{SERVICE}/workspaces/default");
        let slash = format!("{SERVICE}/");
        for (scope, role, principal, written, noted) in [
            (SERVICE, READER, Some("p"), "objectId: p", ""),
            (slash.as_str(), READER, Some("p"), "objectId: p", ""),
            (gateway, READER, None, "scope: /subscriptions/", ""),
            (SERVICE, READER, None, "serviceIdentity: true", ""),
            (gateway, READER, Some("p"), "", ""),
            (
                &part,
                READER,
                Some("p"),
                "",
                "it is for a part of the service",
            ),
            (SERVICE, READER, Some(""), "", "its principal is not known"),
            (SERVICE, "", Some("p"), "", "a role at /subscriptions/"),
            ("", READER, None, "", "its scope is not known"),
            (
                "",
                "",
                None,
                "",
                "a role of the service's identity: left out",
            ),
        ] {
            let found = Found {
                scope: scope.to_owned(),
                role: role.to_owned(),
                principal: principal.map(str::to_owned),
                principal_type: None,
                description: None,
            };
            let mut notes = Vec::new();
            let files = files(&[found], &mut notes);
            let case = format!("{scope} {role} {principal:?}");
            assert_eq!(files.len(), usize::from(!written.is_empty()), "{case}");
            assert_eq!(notes.len(), usize::from(!noted.is_empty()), "{case}");
            let text = files
                .iter()
                .map(|file| String::from_utf8_lossy(&file.bytes));
            assert!(text.collect::<String>().contains(written), "{case}");
            assert!(notes.concat().contains(noted), "{case}: {notes:?}");
        }
    }
}
