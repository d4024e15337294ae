//! Warns about what an integration needs to read its source and does not have: an identity of the
//! service, and a role on the source.

use super::findings::Findings;
use super::rule::PlanInput;
use crate::model::view::{
    IntegrationSource, IntegrationView, Principal, RoleAssignmentView, ServiceView,
};
use crate::model::{
    Address, DesiredResource, Diagnostic, LinkState, LinkStatus, Role, Scope, Suggestion, code,
};
use crate::plan::matching::gives_service;
use crate::plan::model::Action;

/// Roles that permit reading an API Management instance, the least privileged first (documented).
const GATEWAY_READERS: [&str; 5] = [
    "API Management Service Reader Role",
    "API Management Service Contributor",
    "Reader",
    "Contributor",
    "Owner",
];

/// The role that permits reading the secrets of a key vault (documented).
const SECRETS_READERS: [&str; 1] = ["Key Vault Secrets User"];

pub(super) fn check(input: &PlanInput<'_>, findings: &mut Findings) {
    for declared in input.desired.resources.values() {
        let address = &declared.resource.address;
        if address.kind().role != Role::Integration || !input.options.selects(address) {
            continue;
        }
        let check = IntegrationCheck { declared, input };
        let link = input.live.context.link(address);
        if let Some(link) = link.filter(|link| link.state == LinkStatus::Error) {
            findings.warn(check.broken_link(link));
        }
        let is_working =
            link.is_some_and(|link| link.state == LinkStatus::Syncing) && !check.is_changed();
        if !is_working && let Some(warning) = check.missing() {
            findings.warn(warning);
        }
    }
}

struct IntegrationCheck<'a> {
    declared: &'a DesiredResource,
    input: &'a PlanInput<'a>,
}

impl IntegrationCheck<'_> {
    fn address(&self) -> &Address {
        &self.declared.resource.address
    }

    fn is_changed(&self) -> bool {
        self.input
            .plan
            .changes
            .iter()
            .any(|change| change.address == *self.address() && change.action() != Action::Blocked)
    }

    fn broken_link(&self, link: &LinkState) -> Diagnostic {
        let reason = link.message.as_deref();
        let message = format!(
            "{} is not synchronising: {}",
            self.address(),
            reason.unwrap_or("the service gives no reason")
        );
        Diagnostic::warning(code::INTEGRATION_LINK, message).at_opt(
            self.declared.place_of(IntegrationView::SOURCE),
            "this source",
        )
    }

    /// The first thing that is missing.
    fn missing(&self) -> Option<Diagnostic> {
        let source = IntegrationView::of(&self.declared.resource.body).source()?;
        let identity = source.identity();
        self.missing_identity(identity).or_else(|| match &source {
            IntegrationSource::ApiManagement { instance, .. } => {
                self.missing_gateway_role(instance, identity)
            }
            IntegrationSource::AmazonApiGateway { access_key, .. } => {
                self.missing_vault_role(access_key, identity)
            }
        })
    }

    /// The declared service, which may give it an identity in this plan.
    fn declared_service(&self) -> Option<ServiceView<'_>> {
        let service = self
            .input
            .desired
            .resources
            .values()
            .find(|declared| declared.resource.address.kind().role == Role::Service)?;
        Some(ServiceView::of(&service.resource.body))
    }

    fn missing_identity(&self, named: Option<&str>) -> Option<Diagnostic> {
        let live = &self.input.live.context.identity;
        let declared = self.declared_service();
        let (exists, message) = match named {
            Some(id) => (
                live.user_assigned(id).is_some()
                    || declared.is_some_and(|service| service.has_user_assigned(id)),
                format!(
                    "{} reads its source as `{id}`, which the service does not have",
                    self.address()
                ),
            ),
            None => (
                live.of_service().is_some() || declared.is_some_and(ServiceView::has_identity),
                format!(
                    "{} needs a managed identity of the service, and there is none",
                    self.address()
                ),
            ),
        };
        if exists {
            return None;
        }
        let suggestion = Suggestion {
            kind: ServiceView::KIND,
            name: self.input.live.context.service_id.name().to_owned(),
            spec: ServiceView::body(self.location(), named),
        };
        Some(self.warning(message, suggestion))
    }

    fn missing_gateway_role(&self, instance: &Scope, identity: Option<&str>) -> Option<Diagnostic> {
        let is_declared = self
            .input
            .desired
            .resources
            .values()
            .any(|declared| gives_service(declared, &GATEWAY_READERS, instance));
        if is_declared {
            return None;
        }
        let context = &self.input.live.context;
        let principal = match identity {
            Some(id) => context.identity.user_assigned(id),
            None => context.identity.of_service(),
        };
        let needs = format!(
            "{} needs the role `{}` on its source",
            self.address(),
            GATEWAY_READERS[0]
        );
        let message = match (context.grants.get(instance), principal) {
            (None, Some(_)) => {
                format!("{needs}; its role assignments cannot be read from here")
            }
            (Some(grants), Some(principal))
                if grants.iter().any(|grant| {
                    grant.principal.eq_ignore_ascii_case(principal)
                        && GATEWAY_READERS.contains(&grant.role.as_str())
                }) =>
            {
                return None;
            }
            _ => format!("{needs}, and the service does not have it"),
        };
        let suggestion = self.role_assignment(GATEWAY_READERS[0], instance, identity);
        Some(self.warning(message, suggestion))
    }

    /// Looks at declared roles only: the URI of a secret does not contain the id of its key vault, so
    /// the vault's live role assignments are unknown.
    fn missing_vault_role(&self, access_key: &str, identity: Option<&str>) -> Option<Diagnostic> {
        let vault = access_key
            .strip_prefix("https://")?
            .split(['.', '/'])
            .next()?
            .to_ascii_lowercase();
        let is_declared = self.input.desired.resources.values().any(|declared| {
            let scope = RoleAssignmentView::of(&declared.resource.body).scope();
            scope.is_some_and(|scope| {
                let is_vault = scope.name().eq_ignore_ascii_case(&vault);
                (is_vault || !scope.has_segment("vaults"))
                    && gives_service(declared, &SECRETS_READERS, &scope)
            })
        });
        if is_declared {
            return None;
        }
        let scope = Scope::new(format!(
            "/subscriptions/…/resourceGroups/…/providers/Microsoft.KeyVault/vaults/{vault}"
        ));
        let message = format!(
            "{} needs the role `{}` on the key vault `{vault}`; no manifest declares it",
            self.address(),
            SECRETS_READERS[0]
        );
        let suggestion = self.role_assignment(SECRETS_READERS[0], &scope, identity);
        Some(self.warning(message, suggestion))
    }

    fn role_assignment(&self, role: &str, scope: &Scope, identity: Option<&str>) -> Suggestion {
        let known = &self.input.live.context.identity;
        let principal = match identity.and_then(|id| known.user_assigned(id)) {
            Some(id) => Principal::Object {
                id,
                kind: Some("ServicePrincipal"),
            },
            None => Principal::ServiceIdentity,
        };
        Suggestion {
            kind: RoleAssignmentView::KIND,
            name: format!("{}-source", self.address().name()),
            spec: RoleAssignmentView::body(role, Some(scope), principal, None),
        }
    }

    fn warning(&self, message: String, suggestion: Suggestion) -> Diagnostic {
        Diagnostic::warning(code::INTEGRATION_PREREQUISITE, message)
            .help("declare it")
            .suggest(suggestion)
            .at_opt(
                self.declared.place_of(IntegrationView::SOURCE),
                "this source",
            )
    }

    fn location(&self) -> &str {
        self.input
            .live
            .resources
            .values()
            .find(|current| current.resource.address.kind().role == Role::Service)
            .and_then(|current| ServiceView::of(&current.resource.body).location())
            .unwrap_or("westeurope")
    }
}
