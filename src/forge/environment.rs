//! The variables of the CI environment, as far as a comment needs them.

use std::time::Duration;

use serde_json::Value;

use super::error::{ForgeError, ForgeErrorKind};
use crate::http::{Network, Secret};

/// The CI environment of a pipeline run.
#[derive(Clone, Copy)]
pub struct CiEnvironment<'a> {
    /// A variable of the environment that is set and not empty.
    pub variable: &'a (dyn Fn(&str) -> Option<String> + Sync),
    /// The event that started a GitHub workflow.
    pub event: Option<&'a Value>,
    /// The number of the pull request, if the user gave it.
    pub number: Option<u64>,
    /// Whether nothing may be written.
    pub dry_run: bool,
    /// The limit for one request.
    pub timeout: Duration,
    /// The proxy and the certificates, as the environment names them.
    pub network: &'a Network,
}

impl CiEnvironment<'_> {
    /// The first of these variables that is set.
    pub(super) fn get(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| (self.variable)(name))
    }

    /// The first of these variables that is set; an error if none is.
    pub(super) fn need(&self, names: &[&str], what: &str) -> Result<String, ForgeError> {
        self.get(names).ok_or_else(|| {
            ForgeError::usage(format!("{} is not set: {what}", names.join(" or ")))
                .help("outside a pipeline, set it yourself")
        })
    }

    /// The token in the first of these variables that is set; a dry run works without.
    pub(super) fn token(&self, names: &[&str], help: &str) -> Result<Option<Secret>, ForgeError> {
        let token = self.get(names).map(Secret::new);
        if token.is_none() && !self.dry_run {
            let message = format!("no token: {} is not set", names.join(" or "));
            return Err(ForgeError::new(ForgeErrorKind::Denied, message).help(help));
        }
        Ok(token)
    }

    /// The number of the pull request: as the user gave it, or as found in the environment.
    pub(super) fn number(&self, found: Option<String>, what: &str) -> Result<u64, ForgeError> {
        let Some(text) = self.number.map(|number| number.to_string()).or(found) else {
            let message = format!("this is not a build of a pull request: {what}");
            return Err(ForgeError::usage(message).help("set its number: --pr N"));
        };
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<u64>()
            .ok()
            .filter(|number| digits && *number > 0)
            .ok_or_else(|| {
                ForgeError::usage("the number of the pull request must be a positive number")
            })
    }
}
