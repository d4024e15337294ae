//! What an integration needs before it can read its source: an identity of the service, and a role on
//! the source. What is missing is told with the manifest that adds it.

use serde_json::Value;

use super::findings::Findings;
use super::rule::PlanInput;
use crate::model::{
    Address, Body, DesiredResource, DesiredState, Diagnostic, LiveState, code, scope_key,
};
use crate::plan::matching::gives_service;
use crate::plan::model::Action;

/// Roles that permit an integration with API Management to read it: the least one first (documented).
const GATEWAY_READERS: [&str; 5] = [
    "API Management Service Reader Role",
    "API Management Service Contributor",
    "Reader",
    "Contributor",
    "Owner",
];

/// The role that reads secrets of a key vault (documented).
const SECRETS_READERS: [&str; 1] = ["Key Vault Secrets User"];

pub(super) fn check(input: &PlanInput<'_>, findings: &mut Findings) {
    let PlanInput {
        plan,
        desired,
        live,
        options,
        ..
    } = *input;
    for declared in desired.resources.values() {
        let address = &declared.resource.address;
        if address.kind().name != "Integration" || !options.selects(address) {
            continue;
        }
        let link = live
            .surroundings
            .links
            .get(&address.name().to_ascii_lowercase());
        if link.is_some_and(|link| link.state == "error") {
            findings.warn(broken_link(declared, live));
        }
        let settled = link.is_some_and(|link| link.state == "syncing")
            && !plan
                .changes
                .iter()
                .any(|change| change.address == *address && change.action() != Action::Blocked);
        if !settled {
            let needs = Needs {
                declared,
                desired,
                live,
            };
            needs
                .missing()
                .into_iter()
                .for_each(|warning| findings.warn(warning));
        }
    }
}

fn broken_link(declared: &DesiredResource, live: &LiveState) -> Diagnostic {
    let address = &declared.resource.address;
    let link = live
        .surroundings
        .links
        .get(&address.name().to_ascii_lowercase());
    let message = link
        .and_then(|link| link.message.clone())
        .unwrap_or_else(|| "the service gives no reason".to_owned());
    let message = format!("{address} is not synchronising: {message}");
    Diagnostic::warning(code::INTEGRATION_LINK, message)
        .at_opt(declared.place_of("source"), "this source")
}

struct Needs<'a> {
    declared: &'a DesiredResource,
    desired: &'a DesiredState,
    live: &'a LiveState,
}

impl Needs<'_> {
    fn missing(&self) -> Option<Diagnostic> {
        let body = &self.declared.resource.body;
        let source = body.get("source")?;
        let instance = source.get("apiManagement");
        let of = instance.or_else(|| source.get("amazonApiGateway"))?;
        let identity = of.get("identity").and_then(Value::as_str);
        if let Some(diagnostic) = self.lacks_identity(identity) {
            return Some(diagnostic);
        }
        match instance.and_then(|of| of.get("resourceId")?.as_str()) {
            Some(instance) => self.lacks_gateway_role(instance, identity),
            None => self.lacks_vault_role(of),
        }
    }

    /// What the service's identity is, or will be once the plan is carried out.
    fn declared_identity(&self) -> Option<&Value> {
        let service =
            |declared: &&DesiredResource| declared.resource.address.kind().name == "Service";
        let declared = self.desired.resources.values().find(service)?;
        declared.resource.body.get("identity")
    }

    fn lacks_identity(&self, named: Option<&str>) -> Option<Diagnostic> {
        let live = &self.live.surroundings.identity;
        let declared = self.declared_identity();
        let kind = declared
            .and_then(|identity| identity.get("type")?.as_str())
            .unwrap_or_default()
            .to_ascii_lowercase();
        let address = &self.declared.resource.address;
        let (there, message, wanted) = match named {
            Some(id) => {
                let assigned = declared
                    .and_then(|identity| identity.get("userAssignedIdentities")?.as_object())
                    .is_some_and(|all| all.keys().any(|key| key.eq_ignore_ascii_case(id)));
                (
                    live.user_assigned(id).is_some() || assigned,
                    format!(
                        "{address} reads its source as `{id}`, which the service does not have"
                    ),
                    format!(
                        "identity: {{type: UserAssigned, userAssignedIdentities: {{\"{id}\": {{}}}}}}"
                    ),
                )
            }
            None => (
                live.of_service().is_some() || kind.contains("assigned"),
                format!("{address} needs a managed identity of the service, and there is none"),
                "identity: SystemAssigned".to_owned(),
            ),
        };
        if there {
            return None;
        }
        let help = format!(
            "declare it:\n\n  apiVersion: apicenter/v1\n  kind: Service\n  metadata: {{name: {}}}\n  \
             spec:\n    location: {}\n    {wanted}",
            self.service_name(),
            self.location()
        );
        Some(self.warning(message, help))
    }

    fn lacks_gateway_role(&self, instance: &str, identity: Option<&str>) -> Option<Diagnostic> {
        if self.declares(&GATEWAY_READERS, instance) {
            return None;
        }
        let known = &self.live.surroundings.identity;
        let principal = match identity {
            Some(id) => known.user_assigned(id),
            None => known.of_service(),
        };
        let address = &self.declared.resource.address;
        let grants = self.live.surroundings.grants.get(&scope_key(instance));
        let message = match (grants, principal) {
            (None, Some(_)) => format!(
                "{address} needs the role `{}` on its source; its role assignments cannot be read \
                 from here",
                GATEWAY_READERS[0]
            ),
            (Some(grants), Some(principal))
                if grants.iter().any(|grant| {
                    grant.principal.eq_ignore_ascii_case(principal)
                        && GATEWAY_READERS.contains(&grant.role.as_str())
                }) =>
            {
                return None;
            }
            _ => format!(
                "{address} needs the role `{}` on its source, and the service does not have it",
                GATEWAY_READERS[0]
            ),
        };
        let help = self.role_manifest(GATEWAY_READERS[0], instance, identity);
        Some(self.warning(message, help))
    }

    /// The id of a key vault cannot be told from the address of its secrets, so live roles on it are not
    /// known; a declaration for a vault of that name is.
    fn lacks_vault_role(&self, of: &Value) -> Option<Diagnostic> {
        let secret = of.get("accessKey")?.as_str()?;
        let vault = secret
            .strip_prefix("https://")?
            .split(['.', '/'])
            .next()?
            .to_ascii_lowercase();
        let declared = self.desired.resources.values().any(|declared| {
            let scope = declared.resource.body.get("scope").and_then(Value::as_str);
            scope.is_some_and(|scope| {
                let scope = scope_key(scope);
                let same = scope.ends_with(&format!("/vaults/{vault}"));
                (same || !scope.contains("/vaults/"))
                    && gives_service(declared, &SECRETS_READERS, &scope)
            })
        });
        if declared {
            return None;
        }
        let scope = format!(
            "/subscriptions/…/resourceGroups/…/providers/Microsoft.KeyVault/vaults/{vault}"
        );
        let message = format!(
            "{} needs the role `{}` on the key vault `{vault}`; no manifest declares it",
            self.declared.resource.address, SECRETS_READERS[0]
        );
        let identity = of.get("identity").and_then(Value::as_str);
        let help = self.role_manifest(SECRETS_READERS[0], &scope, identity);
        Some(self.warning(message, help))
    }

    fn declares(&self, roles: &[&str], scope: &str) -> bool {
        self.desired
            .resources
            .values()
            .any(|declared| gives_service(declared, roles, scope))
    }

    fn role_manifest(&self, role: &str, scope: &str, identity: Option<&str>) -> String {
        let principal =
            match identity.and_then(|id| self.live.surroundings.identity.user_assigned(id)) {
                Some(id) => format!("{{objectId: {id}, type: ServicePrincipal}}"),
                None => "{serviceIdentity: true}".to_owned(),
            };
        format!(
            "declare it:\n\n  apiVersion: apicenter/v1\n  kind: RoleAssignment\n  metadata: {{name: \
             {}-source}}\n  spec:\n    role: {role}\n    scope: {scope}\n    principal: {principal}",
            self.declared.resource.address.name()
        )
    }

    fn warning(&self, message: String, help: String) -> Diagnostic {
        Diagnostic::warning(code::INTEGRATION_PREREQUISITE, message)
            .help(help)
            .at_opt(self.declared.place_of("source"), "this source")
    }

    fn service_name(&self) -> &str {
        let id = &self.live.surroundings.service_id;
        id.rsplit('/').next().unwrap_or_default()
    }

    fn location(&self) -> String {
        let of = |body: &Body| Some(body.get("location")?.as_str()?.to_owned());
        let service = |address: &Address| address.kind().name == "Service";
        let live = self
            .live
            .resources
            .iter()
            .find(|(address, _)| service(address));
        live.and_then(|(_, current)| of(&current.resource.body))
            .unwrap_or_else(|| "westeurope".to_owned())
    }
}
