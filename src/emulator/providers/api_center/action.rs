//! The contract of a POST action.

use crate::emulator::core::handler::{HandlerResult, WriteOutcome};
use crate::emulator::core::provider::HandlerContext;
use crate::emulator::core::request::HandlerRequest;
use crate::emulator::providers::api_center::path::ResourcePath;
use crate::emulator::store::{Changes, View};

/// A POST on a resource.
#[derive(Debug)]
pub(in crate::emulator) struct PostAction {
    /// The collection of the resource it is on; empty for the service.
    pub(in crate::emulator) on: &'static str,
    /// The last segment of the path.
    pub(in crate::emulator) name: &'static str,
    /// The API versions that know it.
    pub(in crate::emulator) api_versions: &'static [&'static str],
    pub(in crate::emulator) run: Run,
}

/// The handler of an action that only reads, or of one that also writes.
#[derive(Debug)]
pub(in crate::emulator) enum Run {
    Read(fn(&HandlerContext, View<'_>, &ResourcePath, &HandlerRequest) -> HandlerResult),
    Write(
        fn(
            &HandlerContext,
            &Changes<'_>,
            &ResourcePath,
            &HandlerRequest,
        ) -> HandlerResult<WriteOutcome>,
    ),
}
