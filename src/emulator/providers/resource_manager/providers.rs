//! The registrations of resource providers.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::emulator::core::response::{Answer, Outcome, arm_error};
use crate::emulator::providers::api_center::target;
use crate::emulator::providers::authorization;

/// Where API Center can be had: some of the regions that are documented.
const LOCATIONS: [&str; 6] = [
    "Australia East",
    "Central India",
    "East US",
    "UK South",
    "West Europe",
    "France Central",
];

/// The resource manager's own API versions are many, so a date will do (chosen here).
pub(in crate::emulator) fn is_version(version: &str) -> bool {
    let date = version.trim_end_matches("-preview");
    let digits = |text: &str, count| {
        text.len() == count && text.bytes().all(|letter| letter.is_ascii_digit())
    };
    let mut parts = date.split('-');
    let widths = [4, 2, 2];
    widths
        .iter()
        .all(|width| parts.next().is_some_and(|part| digits(part, *width)))
        && parts.next().is_none()
}

pub(super) fn list(subscription: &str) -> Answer {
    Answer::ok(json!({"value": all(subscription)}))
}

pub(super) fn get(subscription: &str, namespace: &str) -> Outcome {
    let found = all(subscription).into_iter().find(|one| {
        let name = one["namespace"].as_str().unwrap_or_default();
        name.eq_ignore_ascii_case(namespace)
    });
    let provider = found.ok_or_else(|| {
        let message = format!("The resource namespace '{namespace}' is invalid.");
        arm_error(StatusCode::NOT_FOUND, "InvalidResourceNamespace", message)
    })?;
    Ok(Answer::ok(provider))
}

fn all(subscription: &str) -> Vec<Value> {
    let with_deleted = &target::API_VERSIONS[2..];
    let api_center = [
        ("services", &LOCATIONS[..], target::API_VERSIONS),
        ("deletedServices", &LOCATIONS[..], with_deleted),
        ("operations", &[], target::API_VERSIONS),
    ];
    let none: &[&str] = &[];
    let authorization = ["roleAssignments", "roleDefinitions", "permissions"]
        .map(|name| (name, none, authorization::API_VERSIONS));
    let resources = ["tenants", "subscriptions", "resourceGroups", "resources"]
        .map(|name| (name, none, &["2021-04-01", "2022-12-01"][..]));
    vec![
        provider(subscription, target::PROVIDER, &api_center),
        provider(subscription, "Microsoft.Authorization", &authorization),
        provider(subscription, "Microsoft.Resources", &resources),
    ]
}

fn provider(subscription: &str, namespace: &str, types: &[(&str, &[&str], &[&str])]) -> Value {
    let types: Vec<Value> = types
        .iter()
        .map(|(name, locations, versions)| {
            json!({
                "resourceType": name,
                "locations": locations,
                "apiVersions": versions.iter().rev().collect::<Vec<_>>(),
                "capabilities": "None",
            })
        })
        .collect();
    json!({
        "id": format!("/subscriptions/{subscription}/providers/{namespace}"),
        "namespace": namespace,
        "resourceTypes": types,
        "registrationState": "Registered",
        "registrationPolicy": "RegistrationRequired",
    })
}

#[cfg(test)]
mod tests {
    use super::is_version;

    #[test]
    fn a_version_is_a_date() {
        assert!(is_version("2021-04-01"));
        assert!(is_version("2019-10-01-preview"));
        for bad in ["", "latest", "2021-04", "2021-04-01-beta", "21-04-01"] {
            assert!(!is_version(bad), "{bad}");
        }
    }
}
