//! Services and resources as a path addresses them.

use crate::emulator::core::handler::{HandlerError, HandlerResult};
use crate::emulator::core::response::refused;
use crate::emulator::providers::api_center::kind::ResourceKind;
use crate::emulator::store::{ServiceKey, service_key};

/// A service as the caller addressed it.
#[derive(Debug, Clone)]
pub(in crate::emulator) struct ServicePath {
    pub(in crate::emulator) subscription: String,
    pub(in crate::emulator) group: String,
    pub(in crate::emulator) name: String,
    pub(in crate::emulator) key: ServiceKey,
}

impl ServicePath {
    pub(in crate::emulator) fn new(subscription: &str, group: &str, name: &str) -> Self {
        Self {
            subscription: subscription.to_owned(),
            group: group.to_owned(),
            name: name.to_owned(),
            key: service_key(subscription, group, name),
        }
    }
}

/// One resource on the way down from the service.
#[derive(Clone)]
pub(in crate::emulator) struct PathSegment {
    pub(in crate::emulator) kind: &'static dyn ResourceKind,
    pub(in crate::emulator) name: String,
    pub(in crate::emulator) key: String,
}

/// A service or a resource below it.
#[derive(Clone)]
pub(in crate::emulator) struct ResourcePath {
    pub(in crate::emulator) service: ServicePath,
    pub(in crate::emulator) segments: Vec<PathSegment>,
    /// The path as the caller wrote it, without what an action or a list adds.
    pub(in crate::emulator) id: String,
}

impl ResourcePath {
    /// The key of the resource, or of the service.
    pub(in crate::emulator) fn key(&self) -> &str {
        self.segments
            .last()
            .map_or(self.service.key.as_str(), |segment| &segment.key)
    }

    /// The key of the parent of the resource.
    pub(in crate::emulator) fn parent_key(&self) -> &str {
        let parent = self
            .segments
            .len()
            .checked_sub(2)
            .and_then(|index| self.segments.get(index));
        parent.map_or(self.service.key.as_str(), |segment| &segment.key)
    }

    /// The name of the resource, or of the service.
    pub(in crate::emulator) fn name(&self) -> &str {
        self.segments
            .last()
            .map_or(&self.service.name, |segment| &segment.name)
    }
}

/// What a service may be called: the documented pattern. The message follows the service's style.
pub(in crate::emulator) fn check_service_name(name: &str) -> HandlerResult<()> {
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
    if (3..=90).contains(&name.len()) && name.chars().all(allowed) {
        return Ok(());
    }
    Err(bad_name("ServiceName", "^[a-zA-Z0-9-]{3,90}$"))
}

/// What is below a service has fewer rules: `v1` and names with dots are reported from the service itself, though
/// the published pattern has neither. The length is the published one.
pub(in crate::emulator) fn check_name(parameter: &str, name: &str) -> HandlerResult<()> {
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '.');
    if (1..=90).contains(&name.len()) && name.chars().all(allowed) {
        return Ok(());
    }
    Err(bad_name(parameter, r"^[a-zA-Z0-9\-\.]{1,90}$"))
}

fn bad_name(parameter: &str, pattern: &str) -> HandlerError {
    refused(format!(
        "The field {parameter} must match the regular expression '{pattern}'."
    ))
    .into()
}
