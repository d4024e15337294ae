//! Built-in roles of Azure, and what they permit.

/// A built-in role (documented: Azure built-in roles; of the actions, those around API Center).
#[derive(Debug)]
pub struct BuiltInRole {
    /// Its name.
    pub name: &'static str,
    /// Its GUID, the same in every tenant.
    pub id: &'static str,
    /// What it is for.
    pub meaning: &'static str,
    actions: &'static [&'static str],
    not_actions: &'static [&'static str],
    data_actions: &'static [&'static str],
}

/// An operation that a role may permit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// On a resource, through the resource manager.
    Management(&'static str),
    /// On what a resource holds.
    Data(&'static str),
}

impl Operation {
    /// The name of the operation, such as `Microsoft.ApiManagement/service/apis/read`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Management(name) | Self::Data(name) => name,
        }
    }
}

impl BuiltInRole {
    /// The role with this name or GUID, in any case.
    #[must_use]
    pub fn find(role: &str) -> Option<&'static Self> {
        BUILT_IN_ROLES.iter().find(|known| {
            known.name.eq_ignore_ascii_case(role) || known.id.eq_ignore_ascii_case(role)
        })
    }

    /// Whether it permits an operation: an entry covers it and none excludes it.
    #[must_use]
    pub fn permits(&self, operation: Operation) -> bool {
        let any = |patterns: &[&str], name| patterns.iter().any(|pattern| covers(pattern, name));
        match operation {
            Operation::Management(name) => any(self.actions, name) && !any(self.not_actions, name),
            Operation::Data(name) => any(self.data_actions, name),
        }
    }
}

/// Whether a pattern of a role, with `*` for any text, covers an operation; case does not matter.
#[must_use]
pub fn covers(pattern: &str, action: &str) -> bool {
    let (pattern, action) = (pattern.to_ascii_lowercase(), action.to_ascii_lowercase());
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = action.strip_prefix(first) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else {
        return rest.is_empty();
    };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

const NONE: &[&str] = &[];

const API_CENTER_EXPORT: &str =
    "Microsoft.ApiCenter/services/workspaces/apis/versions/definitions/exportSpecification/action";
const API_CENTER_ANALYSIS: &str =
    "Microsoft.ApiCenter/services/workspaces/apis/versions/definitions/updateAnalysisState/action";
const USER_KEYS: &str = "Microsoft.ApiManagement/service/users/keys/read";

/// The roles that manifests can name.
pub static BUILT_IN_ROLES: &[BuiltInRole] = &[
    BuiltInRole {
        name: "API Management Service Reader Role",
        id: "71522526-b88f-4d52-b57f-d31fc3546d0d",
        meaning: "Reads an API Management instance and its APIs: what an integration needs.",
        actions: &[
            "Microsoft.ApiManagement/service/*/read",
            "Microsoft.ApiManagement/service/read",
        ],
        not_actions: &[USER_KEYS],
        data_actions: NONE,
    },
    BuiltInRole {
        name: "Key Vault Secrets User",
        id: "4633458b-17de-408a-b874-0445c86b69e6",
        meaning: "Reads secrets of a key vault: what an integration with Amazon needs.",
        actions: NONE,
        not_actions: NONE,
        data_actions: &[
            "Microsoft.KeyVault/vaults/secrets/getSecret/action",
            "Microsoft.KeyVault/vaults/secrets/readMetadata/action",
        ],
    },
    BuiltInRole {
        name: "Azure API Center Data Reader",
        id: "c7244dfb-f447-457d-b2ba-3999044d1706",
        meaning: "Reads the catalogue through the portal and the data interface.",
        actions: NONE,
        not_actions: NONE,
        data_actions: &["Microsoft.ApiCenter/services/*/read"],
    },
    BuiltInRole {
        name: "Azure API Center Service Reader",
        id: "6cba8790-29c5-48e5-bab1-c7541b01cb04",
        meaning: "Reads the service and exports documents: what `apicenter plan` needs.",
        actions: &[
            "Microsoft.ApiCenter/services/*/read",
            API_CENTER_EXPORT,
            "Microsoft.Authorization/*/read",
        ],
        not_actions: NONE,
        data_actions: NONE,
    },
    BuiltInRole {
        name: "Azure API Center Service Contributor",
        id: "dd24193f-ef65-44e5-8a7e-6fa6e03f7713",
        meaning: "Manages the service and its catalogue: what `apicenter apply` needs.",
        actions: &[
            "Microsoft.ApiCenter/services/*",
            "Microsoft.Authorization/*/read",
        ],
        not_actions: &[API_CENTER_ANALYSIS],
        data_actions: NONE,
    },
    BuiltInRole {
        name: "Azure API Center Compliance Manager",
        id: "ede9aaa3-4627-494e-be13-4aa7c256148d",
        meaning: "Manages API analysis and its results.",
        actions: &["Microsoft.ApiCenter/services/*/read", API_CENTER_ANALYSIS],
        not_actions: NONE,
        data_actions: NONE,
    },
    BuiltInRole {
        name: "API Management Service Contributor",
        id: "312a565d-c81f-4fd8-895a-4e21e48d571c",
        meaning: "Manages an API Management instance and its APIs.",
        actions: &["Microsoft.ApiManagement/service/*"],
        not_actions: NONE,
        data_actions: NONE,
    },
    BuiltInRole {
        name: "API Management Service Operator Role",
        id: "e022efe7-f5ba-4159-bbe4-b44f577e9b61",
        meaning: "Manages an API Management instance, and only reads its APIs.",
        actions: &[
            "Microsoft.ApiManagement/service/*/read",
            "Microsoft.ApiManagement/service/read",
            "Microsoft.ApiManagement/service/write",
            "Microsoft.ApiManagement/service/delete",
        ],
        not_actions: &[USER_KEYS],
        data_actions: NONE,
    },
    BuiltInRole {
        name: "Key Vault Secrets Officer",
        id: "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
        meaning: "Manages the secrets of a key vault.",
        actions: &["Microsoft.KeyVault/vaults/*/read"],
        not_actions: NONE,
        data_actions: &["Microsoft.KeyVault/vaults/secrets/*"],
    },
    BuiltInRole {
        name: "Key Vault Administrator",
        id: "00482a5a-887f-4fb3-b363-3b7fe8e74483",
        meaning: "Manages everything that a key vault holds.",
        actions: &["Microsoft.KeyVault/vaults/*/read"],
        not_actions: NONE,
        data_actions: &["Microsoft.KeyVault/vaults/*"],
    },
    BuiltInRole {
        name: "Key Vault Reader",
        id: "21090545-7ca7-4776-b22c-e363652d74d2",
        meaning: "Reads what a key vault holds, but no value of a secret.",
        actions: &["Microsoft.KeyVault/vaults/*/read"],
        not_actions: NONE,
        data_actions: &[
            "Microsoft.KeyVault/vaults/*/read",
            "Microsoft.KeyVault/vaults/secrets/readMetadata/action",
        ],
    },
    BuiltInRole {
        name: "Key Vault Contributor",
        id: "f25e0fa2-a7c4-4377-a976-54943a77a395",
        meaning: "Manages key vaults, but nothing that they hold.",
        actions: &["Microsoft.KeyVault/*"],
        not_actions: NONE,
        data_actions: NONE,
    },
    BuiltInRole {
        name: "Reader",
        id: "acdd72a7-3385-48ef-bd42-f606fba81ae7",
        meaning: "Reads everything, no secrets.",
        actions: &["*/read"],
        not_actions: NONE,
        data_actions: NONE,
    },
    BuiltInRole {
        name: "Contributor",
        id: "b24988ac-6180-42a0-ab88-20f7382dd24c",
        meaning: "Manages everything but access.",
        actions: &["*"],
        not_actions: &[
            "Microsoft.Authorization/*/Delete",
            "Microsoft.Authorization/*/Write",
            "Microsoft.Authorization/elevateAccess/Action",
        ],
        data_actions: NONE,
    },
    BuiltInRole {
        name: "Owner",
        id: "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
        meaning: "Manages everything, access included.",
        actions: &["*"],
        not_actions: NONE,
        data_actions: NONE,
    },
    BuiltInRole {
        name: "Role Based Access Control Administrator",
        id: "f58310d9-a9f6-439a-9e8d-f62e7b41a168",
        meaning: "Gives roles to others, and reads everything else.",
        actions: &[
            "Microsoft.Authorization/roleAssignments/write",
            "Microsoft.Authorization/roleAssignments/delete",
            "*/read",
        ],
        not_actions: NONE,
        data_actions: NONE,
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_cover_as_azure_means_them() {
        const READ: &str = "Microsoft.ApiCenter/services/read";
        for (pattern, action, covered) in [
            ("*", READ, true),
            ("*/read", READ, true),
            ("*/read", "Microsoft.ApiCenter/services/write", false),
            (
                "Microsoft.ApiCenter/services/*/read",
                "microsoft.apicenter/services/apis/read",
                true,
            ),
            (
                "Microsoft.ApiCenter/services/*",
                "Microsoft.ApiCenter/services",
                false,
            ),
            (READ, READ, true),
            (READ, "Microsoft.ApiCenter/services/readmore", false),
        ] {
            assert_eq!(covers(pattern, action), covered, "{pattern} {action}");
        }
    }

    #[test]
    fn a_role_permits_what_its_actions_cover_and_do_not_exclude() {
        let permits = |role: &str, operation| BuiltInRole::find(role).unwrap().permits(operation);
        let secret = Operation::Data("Microsoft.KeyVault/vaults/secrets/getSecret/action");
        assert!(permits("key vault administrator", secret));
        assert!(permits("B86A8FE4-44CE-4948-AEE5-ECCB2C155CD7", secret));
        // Management does not include what a vault holds.
        assert!(!permits("Owner", secret) && !permits("Key Vault Reader", secret));
        let keys = Operation::Management(USER_KEYS);
        assert!(permits("Reader", keys));
        assert!(!permits("API Management Service Reader Role", keys));
        assert!(BuiltInRole::find("Nobody").is_none());
    }
}
