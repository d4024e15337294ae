//! The live service that a target names.

use std::sync::Arc;
use std::time::Duration;

use super::credential;
use super::failure::Failure;
use super::global::GlobalArgs;
use crate::azure::{
    ArmClient, ArmService, ClientOptions, Cloud, Endpoint, StaticToken, TokenSource,
};
use crate::config::Environment;
use crate::emulator::{Data, Emulator, EmulatorOptions};
use crate::kinds;
use crate::manifest::CloudSpec;
use crate::manifest::source::STATE_FOLDER;
use crate::model::Address;
use crate::project::LoadedProject;
use crate::project::ServiceLocation;

/// Where the embedded emulator's service is said to be, unless a manifest says otherwise.
const EMULATOR_LOCATION: &str = "westeurope";

/// A service to read and write, and the emulator that keeps it alive where there is one.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) service: ArmService,
    emulator: Option<Emulator>,
}

impl Connection {
    /// Connects to the target's service. Nothing is sent to Azure yet; the embedded emulator is started.
    pub(super) async fn open(
        project: &LoadedProject,
        global: &GlobalArgs,
        environment: &Environment,
    ) -> Result<Self, Failure> {
        let (endpoint, token, emulator) = match &project.target.location {
            ServiceLocation::Emulator { data } => {
                let options = EmulatorOptions {
                    data: Data::File(data.clone()),
                    ..EmulatorOptions::default()
                };
                let emulator = start(options, data).await?;
                ensure_service(project, &emulator)?;
                let endpoint = Endpoint::custom(&emulator.url(), None, None)?;
                let token: Arc<dyn TokenSource> = Arc::new(StaticToken::new("local-emulator")?);
                (endpoint, token, Some(emulator))
            }
            ServiceLocation::Azure { cloud } => {
                let endpoint = endpoint_of(cloud, environment)?;
                let token = credential::of(&endpoint, global, environment).await?;
                (endpoint, token, None)
            }
        };
        let mut options = ClientOptions::new(endpoint, token);
        options.parallelism = usize::from(global.parallelism);
        credential::limit(
            environment,
            &mut options.timeout,
            &mut options.connect_timeout,
        );
        let target = &project.options.target;
        let service = ArmService::new(
            ArmClient::new(options)?,
            &target.subscription,
            &target.resource_group,
            &target.service,
            Some(project.files.root().join(STATE_FOLDER).join("cache")),
        );
        Ok(Self { service, emulator })
    }

    /// Lets the embedded emulator finish its work.
    pub(super) async fn close(self) {
        if let Some(emulator) = self.emulator {
            emulator.stop().await;
        }
    }
}

/// Starts the embedded emulator; another run that is just ending is waited for.
async fn start(options: EmulatorOptions, data: &std::path::Path) -> Result<Emulator, Failure> {
    if let Some(folder) = data.parent() {
        std::fs::create_dir_all(folder).map_err(|error| {
            Failure::error(format!(
                "cannot create the folder {}: {error}",
                folder.display()
            ))
        })?;
    }
    let mut patience = 20;
    loop {
        match Emulator::start(options.clone()).await {
            Err(crate::emulator::EmulatorError::Busy { .. }) if patience > 0 => {
                patience -= 1;
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            result => return Ok(result?),
        }
    }
}

/// The emulator's service exists from the start, unless a manifest declares it: then the plan creates it.
fn ensure_service(project: &LoadedProject, emulator: &Emulator) -> Result<(), Failure> {
    let declared = Address::top(&kinds::SERVICE.info, "");
    if project.desired.resources.contains_key(&declared) {
        return Ok(());
    }
    let target = &project.options.target;
    emulator.ensure_service(
        &target.subscription,
        &target.resource_group,
        &target.service,
        EMULATOR_LOCATION,
    )?;
    Ok(())
}

/// Where the project file leaves the authority open, the environment may name it.
fn endpoint_of(cloud: &CloudSpec, environment: &Environment) -> Result<Endpoint, Failure> {
    let authority = environment.credentials.get("AZURE_AUTHORITY_HOST");
    // Some tools take the name of the host alone.
    let authority = authority.map(|host| match host.contains("://") {
        true => host.to_owned(),
        false => format!("https://{host}"),
    });
    let authority = authority.as_deref();
    let endpoint = match (&cloud.resource_manager, &cloud.name) {
        (Some(url), _) => {
            let authority = cloud.authority.as_deref().or(authority);
            Endpoint::custom(url, authority, cloud.audience.as_deref())
        }
        (None, None) => {
            let endpoint = Endpoint::of(Cloud::Public)?;
            let url = endpoint.resource_manager().as_str();
            Endpoint::custom(url, authority, None)
        }
        (None, Some(name)) => {
            let cloud: Cloud = name.parse().map_err(|_| {
                Failure::error(format!("unknown cloud `{name}`")).help(
                    "the clouds are `public`, `usgovernment` and `china`, or {resourceManager: \
                     URL, authority: URL, audience: URI}",
                )
            })?;
            Endpoint::of(cloud)
        }
    };
    Ok(endpoint?)
}
