//! The identity of an Azure service.

/// What identifies an Azure service: its subscription, its resource group and its name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServiceId {
    /// Azure subscription.
    pub subscription: String,
    /// Resource group.
    pub resource_group: String,
    /// Name of the service.
    pub name: String,
}

impl ServiceId {
    /// Whether both are the same service: Azure compares ids ignoring case.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.subscription.eq_ignore_ascii_case(&other.subscription)
            && self
                .resource_group
                .eq_ignore_ascii_case(&other.resource_group)
            && self.name.eq_ignore_ascii_case(&other.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_is_the_same_in_any_case() {
        let of = |name: &str| ServiceId {
            subscription: "S".to_owned(),
            resource_group: "rg".to_owned(),
            name: name.to_owned(),
        };
        assert!(of("Contoso").is_same(&of("contoso")));
        assert!(!of("contoso").is_same(&of("fabrikam")));
    }
}
