//! The namespace of the provider and its API versions.

/// The namespace.
pub(in crate::emulator) const NAMESPACE: &str = "Microsoft.ApiCenter";

/// Every API version that exists, as the `api-supported-versions` header lists them (observed).
pub(in crate::emulator) static API_VERSIONS: &[&str] = &[
    "2023-07-01-preview",
    "2024-03-01",
    "2024-03-15-preview",
    "2024-06-01-preview",
];

/// The API versions that support soft-deleted services.
pub(super) static WITH_DELETED: &[&str] = &["2024-03-15-preview", "2024-06-01-preview"];

/// The API versions that support every type but the newer ones.
pub(super) static STABLE_ON: &[&str] = &["2024-03-01", "2024-03-15-preview", "2024-06-01-preview"];

/// The API version that supports the newer types.
pub(super) static NEWEST: &[&str] = &["2024-06-01-preview"];
