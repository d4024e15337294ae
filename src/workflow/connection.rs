//! The live service that a target names.

use std::sync::Arc;
use std::time::Duration;

use super::endpoint::endpoint_of;
use super::error::WorkflowError;
use super::sign_in::{Auth, token_source};
use crate::azure::{
    AllowedHosts, ArmClient, ArmService, ClientOptions, Endpoint, Parallelism, StaticToken,
    TokenSource,
};
use crate::config::Environment;
use crate::emulator::{Emulator, EmulatorError, EmulatorOptions, Storage};
use crate::kinds;
use crate::model::Address;
use crate::project::{LoadedProject, ServiceLocation, outside_of_checkout};

/// The location of the embedded emulator's service, unless a manifest declares another.
const EMULATOR_LOCATION: &str = "westeurope";

/// How to connect.
#[derive(Debug, Clone)]
pub struct ConnectOptions {
    /// How to sign in; `None` for what the environment names.
    pub auth: Option<Auth>,
    /// Hosts that may get credentials although only the project file names them, besides those of the
    /// environment.
    pub allowed_hosts: AllowedHosts,
    /// How many requests are sent at once.
    pub parallelism: Parallelism,
}

/// A connection to a target's service. It runs the embedded emulator if the target has one.
#[derive(Debug)]
pub struct Connection {
    pub(super) service: ArmService,
    emulator: Option<Emulator>,
}

impl Connection {
    /// Connects to the target's service. Nothing is sent to Azure yet; the embedded emulator is started.
    ///
    /// # Errors
    /// If there are no credentials, an address is invalid, or the emulator does not start.
    pub async fn open(
        project: &LoadedProject,
        connect: ConnectOptions,
        environment: &Environment,
    ) -> Result<Self, WorkflowError> {
        let (endpoint, token, emulator) = match &project.target.location {
            ServiceLocation::Emulator { data } => {
                let options = EmulatorOptions {
                    data: Storage::File(data.clone()),
                    ..EmulatorOptions::default()
                };
                let emulator = start(options, data).await?;
                ensure_service(project, &emulator)?;
                let endpoint = Endpoint::custom(&emulator.url(), None, None)?;
                let token: Arc<dyn TokenSource> = Arc::new(StaticToken::new("local-emulator")?);
                (endpoint, token, Some(emulator))
            }
            ServiceLocation::Azure { cloud } => {
                let endpoint = endpoint_of(project, cloud, connect.allowed_hosts, environment)?;
                let token = token_source(&endpoint, connect.auth, environment).await?;
                (endpoint, token, None)
            }
        };
        let mut options = ClientOptions::new(endpoint, token);
        options.parallelism = connect.parallelism;
        options.network = environment.network.clone();
        if let Some(timeout) = environment.http_timeout {
            options.timeout = timeout;
            options.connect_timeout = options.connect_timeout.min(timeout);
        }
        // The embedded emulator has another address in each run, and is fast.
        let cache = match emulator {
            Some(_) => None,
            None => environment
                .cache_folder
                .as_deref()
                .and_then(|folder| outside_of_checkout(folder, project.files.root())),
        };
        let service = ArmService::new(
            ArmClient::new(options)?,
            &project.options.target.service,
            cache,
        );
        Ok(Self { service, emulator })
    }

    /// The number of read requests that were sent.
    #[must_use]
    pub fn reads(&self) -> u64 {
        self.service.client().sent().reads
    }

    /// Lets the embedded emulator finish its work.
    pub async fn close(self) {
        if let Some(emulator) = self.emulator {
            emulator.stop().await;
        }
    }
}

/// Starts the embedded emulator. If another run is just ending, waits for it.
async fn start(
    options: EmulatorOptions,
    data: &std::path::Path,
) -> Result<Emulator, WorkflowError> {
    if let Some(folder) = data.parent() {
        std::fs::create_dir_all(folder).map_err(|error| {
            WorkflowError::failed(format!(
                "cannot create the folder {}: {error}",
                folder.display()
            ))
        })?;
    }
    let mut patience = 20;
    loop {
        match Emulator::start(options.clone()).await {
            Err(EmulatorError::Busy { .. }) if patience > 0 => {
                patience -= 1;
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            result => return Ok(result?),
        }
    }
}

/// Creates the emulator's service, unless a manifest declares it: then the plan creates it.
fn ensure_service(project: &LoadedProject, emulator: &Emulator) -> Result<(), WorkflowError> {
    let declared = Address::top(&kinds::SERVICE.info, "");
    if project.declares(&declared) {
        return Ok(());
    }
    let id = &project.options.target.service;
    emulator.ensure_service(
        &id.subscription,
        &id.resource_group,
        &id.name,
        EMULATOR_LOCATION,
    )?;
    Ok(())
}

impl From<EmulatorError> for WorkflowError {
    fn from(error: EmulatorError) -> Self {
        let failed = Self::failed(error.to_string());
        match error.help() {
            Some(help) => failed.help(help),
            None => failed,
        }
    }
}
