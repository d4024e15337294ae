//! The built-in roles that matter around an API Center. Names and GUIDs are documented; of the
//! actions only those that describe the role are listed.

use crate::emulator::core::roles::{last_segment, same};

pub(super) struct Role {
    pub(super) guid: &'static str,
    pub(super) name: &'static str,
    pub(super) description: &'static str,
    pub(super) actions: &'static [&'static str],
    pub(super) not_actions: &'static [&'static str],
    pub(super) data_actions: &'static [&'static str],
}

const NOTHING: &[&str] = &[];

pub(super) static ROLES: &[Role] = &[
    Role {
        guid: "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
        name: "Owner",
        description: "Grants full access to manage all resources, including the ability to assign roles.",
        actions: &["*"],
        not_actions: NOTHING,
        data_actions: NOTHING,
    },
    Role {
        guid: "b24988ac-6180-42a0-ab88-20f7382dd24c",
        name: "Contributor",
        description: "Grants full access to manage all resources, but does not allow to assign roles.",
        actions: &["*"],
        not_actions: &[
            "Microsoft.Authorization/*/Delete",
            "Microsoft.Authorization/*/Write",
            "Microsoft.Authorization/elevateAccess/Action",
        ],
        data_actions: NOTHING,
    },
    Role {
        guid: "acdd72a7-3385-48ef-bd42-f606fba81ae7",
        name: "Reader",
        description: "View all resources, but does not allow to make any changes.",
        actions: &["*/read"],
        not_actions: NOTHING,
        data_actions: NOTHING,
    },
    Role {
        guid: "c7244dfb-f447-457d-b2ba-3999044d1706",
        name: "Azure API Center Data Reader",
        description: "Allows for access to Azure API Center data plane read operations.",
        actions: NOTHING,
        not_actions: NOTHING,
        data_actions: &["Microsoft.ApiCenter/services/*/read"],
    },
    Role {
        guid: "dd24193f-ef65-44e5-8a7e-6fa6e03f7713",
        name: "Azure API Center Service Contributor",
        description: "Allows managing Azure API Center service.",
        actions: &[
            "Microsoft.ApiCenter/services/*",
            "Microsoft.Authorization/*/read",
        ],
        not_actions: &[
            "Microsoft.ApiCenter/services/workspaces/apis/versions/definitions/updateAnalysisState/action",
        ],
        data_actions: NOTHING,
    },
    Role {
        guid: "6cba8790-29c5-48e5-bab1-c7541b01cb04",
        name: "Azure API Center Service Reader",
        description: "Allows read-only access to Azure API Center service.",
        actions: &[
            "Microsoft.ApiCenter/services/*/read",
            "Microsoft.ApiCenter/services/workspaces/apis/versions/definitions/exportSpecification/action",
            "Microsoft.Authorization/*/read",
        ],
        not_actions: NOTHING,
        data_actions: NOTHING,
    },
    Role {
        guid: "ede9aaa3-4627-494e-be13-4aa7c256148d",
        name: "Azure API Center Compliance Manager",
        description: "Allows managing API compliance in Azure API Center service.",
        actions: &[
            "Microsoft.ApiCenter/services/*/read",
            "Microsoft.ApiCenter/services/workspaces/apis/versions/definitions/updateAnalysisState/action",
        ],
        not_actions: NOTHING,
        data_actions: NOTHING,
    },
    Role {
        guid: "71522526-b88f-4d52-b57f-d31fc3546d0d",
        name: "API Management Service Reader Role",
        description: "Read-only access to service and APIs",
        actions: &[
            "Microsoft.ApiManagement/service/*/read",
            "Microsoft.ApiManagement/service/read",
        ],
        not_actions: &["Microsoft.ApiManagement/service/users/keys/read"],
        data_actions: NOTHING,
    },
    Role {
        guid: "312a565d-c81f-4fd8-895a-4e21e48d571c",
        name: "API Management Service Contributor",
        description: "Can manage service and the APIs",
        actions: &["Microsoft.ApiManagement/service/*"],
        not_actions: NOTHING,
        data_actions: NOTHING,
    },
    Role {
        guid: "4633458b-17de-408a-b874-0445c86b69e6",
        name: "Key Vault Secrets User",
        description: "Read secret contents.",
        actions: NOTHING,
        not_actions: NOTHING,
        data_actions: &[
            "Microsoft.KeyVault/vaults/secrets/getSecret/action",
            "Microsoft.KeyVault/vaults/secrets/readMetadata/action",
        ],
    },
    Role {
        guid: "e022efe7-f5ba-4159-bbe4-b44f577e9b61",
        name: "API Management Service Operator Role",
        description: "Can manage service but not the APIs",
        actions: &[
            "Microsoft.ApiManagement/service/*/read",
            "Microsoft.ApiManagement/service/backup/action",
            "Microsoft.ApiManagement/service/delete",
            "Microsoft.ApiManagement/service/managedeployments/action",
            "Microsoft.ApiManagement/service/read",
            "Microsoft.ApiManagement/service/restore/action",
            "Microsoft.ApiManagement/service/write",
        ],
        not_actions: &["Microsoft.ApiManagement/service/users/keys/read"],
        data_actions: NOTHING,
    },
    Role {
        guid: "f58310d9-a9f6-439a-9e8d-f62e7b41a168",
        name: "Role Based Access Control Administrator",
        description: "Manages access to resources by assigning roles.",
        actions: &[
            "Microsoft.Authorization/roleAssignments/write",
            "Microsoft.Authorization/roleAssignments/delete",
            "*/read",
        ],
        not_actions: NOTHING,
        data_actions: NOTHING,
    },
    Role {
        guid: "00482a5a-887f-4fb3-b363-3b7fe8e74483",
        name: "Key Vault Administrator",
        description: "Performs all data plane operations on a key vault and all objects in it.",
        actions: &["Microsoft.KeyVault/vaults/*/read"],
        not_actions: NOTHING,
        data_actions: &["Microsoft.KeyVault/vaults/*"],
    },
    Role {
        guid: "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
        name: "Key Vault Secrets Officer",
        description: "Performs any action on the secrets of a key vault, except managing permissions.",
        actions: &["Microsoft.KeyVault/vaults/*/read"],
        not_actions: NOTHING,
        data_actions: &["Microsoft.KeyVault/vaults/secrets/*"],
    },
    Role {
        guid: "21090545-7ca7-4776-b22c-e363652d74d2",
        name: "Key Vault Reader",
        description: "Reads metadata of key vaults and their secrets, not their contents.",
        actions: &["Microsoft.KeyVault/vaults/*/read"],
        not_actions: NOTHING,
        data_actions: &[
            "Microsoft.KeyVault/vaults/*/read",
            "Microsoft.KeyVault/vaults/secrets/readMetadata/action",
        ],
    },
    Role {
        guid: "f25e0fa2-a7c4-4377-a976-54943a77a395",
        name: "Key Vault Contributor",
        description: "Manages key vaults, but not access to them or what is in them.",
        actions: &["Microsoft.KeyVault/*"],
        not_actions: NOTHING,
        data_actions: NOTHING,
    },
];

/// What a caller must be allowed to do.
#[derive(Debug, Clone, Copy)]
pub(in crate::emulator) enum RequiredAction {
    /// On the resource itself, through the resource manager.
    Management(&'static str),
    /// On what the resource holds.
    Data(&'static str),
}

/// Whether a role allows an action. A role that is not built in allows nothing here, because its
/// definition is not known.
pub(in crate::emulator) fn allows(role: &str, action: RequiredAction) -> bool {
    let Some(role) = ROLES.iter().find(|one| same(one.guid, last_segment(role))) else {
        return false;
    };
    let any =
        |patterns: &[&str], action: &str| patterns.iter().any(|pattern| matches(pattern, action));
    match action {
        RequiredAction::Management(action) => {
            any(role.actions, action) && !any(role.not_actions, action)
        }
        RequiredAction::Data(action) => any(role.data_actions, action),
    }
}

/// Documented: compared without case, and `*` stands for any text, slashes included.
fn matches(pattern: &str, action: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return same(pattern, action);
    };
    let tail = action.get(start.len()..).filter(|_| {
        action
            .get(..start.len())
            .is_some_and(|head| same(head, start))
    });
    tail.is_some_and(|tail| {
        let mut ends = tail.char_indices().map(|(at, _)| at).chain([tail.len()]);
        ends.any(|at| tail.get(at..).is_some_and(|tail| matches(rest, tail)))
    })
}

#[cfg(test)]
mod tests {
    use super::{ROLES, RequiredAction, allows, matches};

    #[test]
    fn a_star_stands_for_any_text() {
        let read = "Microsoft.ApiManagement/service/apis/read";
        for pattern in [
            "*",
            "*/read",
            "microsoft.apimanagement/SERVICE/*/read",
            read,
        ] {
            assert!(matches(pattern, read), "{pattern}");
        }
        for pattern in [
            "*/write",
            "*/rea",
            "Microsoft.ApiManagement/service/read",
            "",
        ] {
            assert!(!matches(pattern, read), "{pattern}");
        }
    }

    #[test]
    fn roles_allow_what_their_definitions_say() {
        let allowing = |action| -> Vec<&str> {
            let roles = ROLES.iter().filter(|role| allows(role.guid, action));
            roles.map(|role| role.name).collect()
        };
        let secret = "Microsoft.KeyVault/vaults/secrets/getSecret/action";
        assert_eq!(
            allowing(RequiredAction::Data(secret)),
            [
                "Key Vault Secrets User",
                "Key Vault Administrator",
                "Key Vault Secrets Officer"
            ]
        );
        let keys = "Microsoft.ApiManagement/service/users/keys/read";
        let keys = allowing(RequiredAction::Management(keys));
        assert!(keys.contains(&"Owner") && !keys.contains(&"API Management Service Reader Role"));
        assert!(!allows("of nobody", RequiredAction::Management("any")));
    }
}
