//! Warns about what an integration needs to read its source and does not have: an identity of the
//! service, and a role on the source.

use std::collections::BTreeSet;

use super::findings::Findings;
use super::rule::PlanInput;
use crate::model::view::{
    IntegrationSource, IntegrationView, Principal, RoleAssignmentView, ServiceView,
};
use crate::model::{
    Address, BuiltInRole, DesiredResource, Diagnostic, LinkState, LinkStatus, Operation, Role,
    Scope, Suggestion, code,
};
use crate::plan::model::Action;

/// What the identity must be permitted to do, and the least role that permits it.
#[derive(Clone, Copy)]
struct Need {
    operation: Operation,
    role: &'static str,
}

/// Reading the APIs of an API Management instance (documented).
const READ_GATEWAY: Need = Need {
    operation: Operation::Management("Microsoft.ApiManagement/service/apis/read"),
    role: "API Management Service Reader Role",
};

/// Reading the secrets of a key vault (documented).
const READ_SECRETS: Need = Need {
    operation: Operation::Data("Microsoft.KeyVault/vaults/secrets/getSecret/action"),
    role: "Key Vault Secrets User",
};

/// What is known of the roles that an identity has.
enum Standing {
    /// One of them permits the operation.
    Permitted,
    /// What this one permits is not known: it is not built in.
    Unknown(String),
    /// None of them permits the operation.
    Missing,
}

impl Standing {
    fn of<'a>(need: Need, roles: impl Iterator<Item = &'a str>) -> Self {
        let mut standing = Self::Missing;
        for role in roles {
            match BuiltInRole::find(role) {
                Some(known) if known.permits(need.operation) => return Self::Permitted,
                Some(_) => {}
                None => standing = Self::Unknown(role.to_owned()),
            }
        }
        standing
    }

    /// What to do. Only built-in roles are known: a custom role and the roles of groups may be enough.
    fn help(&self, need: Need) -> String {
        let operation = need.operation.name();
        match self {
            Self::Unknown(_) => format!(
                "if that custom role permits `{operation}`, ignore this warning; otherwise declare the \
                 built-in role"
            ),
            Self::Permitted | Self::Missing => format!(
                "declare it, or ignore this warning if a custom role, or a group of the identity, permits \
                 `{operation}`"
            ),
        }
    }
}

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
        if !is_working {
            for warning in check.missing() {
                findings.warn(warning);
            }
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

    /// Everything that is missing, so that one round of changes adds it.
    fn missing(&self) -> Vec<Diagnostic> {
        let Some(source) = IntegrationView::of(&self.declared.resource.body).source() else {
            return Vec::new();
        };
        let identity = source.identity();
        let mut missing = Vec::from_iter(self.missing_identity(identity));
        match &source {
            IntegrationSource::ApiManagement { instance, .. } => {
                missing.extend(self.missing_gateway_role(instance, identity));
            }
            IntegrationSource::AmazonApiGateway { keys, .. } => {
                let vaults: BTreeSet<String> = keys.iter().filter_map(|key| vault(key)).collect();
                let roles = vaults.iter();
                missing.extend(roles.filter_map(|name| self.missing_vault_role(name, identity)));
            }
        }
        missing
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
        Some(self.warning(message, "declare it".to_owned(), suggestion))
    }

    fn missing_gateway_role(&self, instance: &Scope, identity: Option<&str>) -> Option<Diagnostic> {
        let declared = self.declared_roles(identity, |scope| scope.covers(instance));
        let context = &self.input.live.context;
        let principal = self.principal(identity);
        let grants = context.grants.get(instance).map(Vec::as_slice);
        let held = grants.unwrap_or_default().iter().filter(|grant| {
            principal.is_some_and(|own| own.eq_ignore_ascii_case(&grant.principal))
        });
        let held = held.map(|grant| grant.role.as_str());
        let needs = self.needs(READ_GATEWAY, "its source");
        let standing = Standing::of(READ_GATEWAY, declared.chain(held));
        let message = match &standing {
            Standing::Permitted => return None,
            Standing::Unknown(role) => unknown_role(&needs, role),
            Standing::Missing if grants.is_none() && principal.is_some() => {
                format!("{needs}; its role assignments cannot be read from here")
            }
            Standing::Missing => format!("{needs}, and the service does not have it"),
        };
        let suggestion = self.role_assignment(READ_GATEWAY.role, instance, identity);
        let help = standing.help(READ_GATEWAY);
        Some(self.warning(message, help, suggestion))
    }

    /// Looks at declared roles only: the URI of a secret does not contain the id of its key vault, so
    /// the vault's live role assignments are unknown.
    fn missing_vault_role(&self, vault: &str, identity: Option<&str>) -> Option<Diagnostic> {
        // A resource group, a subscription or a management group may be that of the vault.
        let may_cover = |scope: &Scope| {
            let is_vault = scope.has_segment("vaults") && scope.name().eq_ignore_ascii_case(vault);
            is_vault || !scope.has_segment("providers") || scope.has_segment("managementGroups")
        };
        let needs = self.needs(READ_SECRETS, &format!("the key vault `{vault}`"));
        let declared = self.declared_roles(identity, may_cover);
        let standing = Standing::of(READ_SECRETS, declared);
        let message = match &standing {
            Standing::Permitted => return None,
            Standing::Unknown(role) => unknown_role(&needs, role),
            Standing::Missing => format!("{needs}; no manifest declares it"),
        };
        let scope = Scope::new(format!(
            "/subscriptions/…/resourceGroups/…/providers/Microsoft.KeyVault/vaults/{vault}"
        ));
        let suggestion = self.role_assignment(READ_SECRETS.role, &scope, identity);
        let help = standing.help(READ_SECRETS);
        Some(self.warning(message, help, suggestion))
    }

    fn needs(&self, need: Need, on: &str) -> String {
        format!("{} needs the role `{}` on {on}", self.address(), need.role)
    }

    /// The roles that manifests give to the identity that reads the source, at scopes that count.
    fn declared_roles(
        &self,
        identity: Option<&str>,
        counts: impl Fn(&Scope) -> bool,
    ) -> impl Iterator<Item = &str> {
        let principal = self.principal(identity);
        let is_own = identity.is_none_or(|id| self.is_own_identity(id));
        let desired = self.input.desired.resources.values();
        desired.filter_map(move |declared| {
            if declared.resource.address.kind().role != Role::RoleAssignment {
                return None;
            }
            let view = RoleAssignmentView::of(&declared.resource.body);
            let is_for_it = match view.object_id() {
                // Whose id it is shows once the identity belongs to the service.
                Some(id) => principal.is_none_or(|own| own.eq_ignore_ascii_case(id)),
                None => view.service_identity() == Some(true) && is_own,
            };
            let counts = view.scope().is_some_and(|scope| counts(&scope));
            view.role().filter(|_| is_for_it && counts)
        })
    }

    /// The object id of the identity that reads the source, if the service has it.
    fn principal(&self, identity: Option<&str>) -> Option<&str> {
        let known = &self.input.live.context.identity;
        match identity {
            Some(id) => known.user_assigned(id),
            None => known.of_service(),
        }
    }

    /// Whether `serviceIdentity` means this user-assigned identity.
    fn is_own_identity(&self, id: &str) -> bool {
        let known = &self.input.live.context.identity;
        match (known.user_assigned(id), known.of_service()) {
            (Some(user), Some(own)) => user == own,
            (Some(_), None) => false,
            (None, _) => self.declared_service().is_some_and(|service| {
                service.has_user_assigned(id) && !service.has_system_assigned()
            }),
        }
    }

    fn role_assignment(&self, role: &str, scope: &Scope, identity: Option<&str>) -> Suggestion {
        let known = &self.input.live.context.identity;
        let principal = match identity {
            // Its object id shows once it belongs to the service.
            Some(id) => Principal::Object {
                id: known.user_assigned(id).unwrap_or("OBJECT_ID"),
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

    fn warning(&self, message: String, help: String, suggestion: Suggestion) -> Diagnostic {
        Diagnostic::warning(code::INTEGRATION_PREREQUISITE, message)
            .help(help)
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

fn unknown_role(needs: &str, role: &str) -> String {
    format!(
        "{needs}; it has the role {role}, which is not a built-in role, so what it permits is not known"
    )
}

/// The name of the key vault in the URI of a secret.
fn vault(uri: &str) -> Option<String> {
    let name = uri.strip_prefix("https://")?.split(['.', '/']).next()?;
    (!name.is_empty()).then(|| name.to_ascii_lowercase())
}
