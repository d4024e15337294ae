//! One-shot imports: copies without a link to the source, made by a long-running operation (observed).

use serde_json::{Map, Value, json};

use crate::emulator::core::handler::{HandlerResult, WriteOutcome};
use crate::emulator::core::provider::HandlerContext;
use crate::emulator::core::request::HandlerRequest;
use crate::emulator::core::response::refused;
use crate::emulator::providers::api_center::action::{PostAction, Run};
use crate::emulator::providers::api_center::namespace::{NEWEST, STABLE_ON};
use crate::emulator::providers::api_center::path::ResourcePath;
use crate::emulator::providers::api_center::sources::offered::Offered;
use crate::emulator::providers::api_center::sources::settings::SourceSettings;
use crate::emulator::providers::api_center::sources::writing::Writing;
use crate::emulator::providers::api_center::sources::{access, offer, settings};
use crate::emulator::providers::api_center::{existing, operations};
use crate::emulator::providers::api_management::path::ApimPath;
use crate::emulator::store::{Changes, Copied, ServiceKey, StoreError, Work, child_key};

pub(in crate::emulator) const IMPORT_FROM_APIM: PostAction = PostAction {
    on: "",
    name: "importFromApim",
    api_versions: STABLE_ON,
    run: Run::Write(import_from_apim),
};

pub(in crate::emulator) const IMPORT_API_SOURCE: PostAction = PostAction {
    on: "workspaces",
    name: "importApiSource",
    api_versions: NEWEST,
    run: Run::Write(import_api_source),
};

/// `{"sourceResourceIds": […]}`: APIs, or all of an instance with `*` (observed). What is not there
/// fails the operation, not the request (observed).
fn import_from_apim(
    context: &HandlerContext,
    changes: &Changes<'_>,
    path: &ResourcePath,
    request: &HandlerRequest,
) -> HandlerResult<WriteOutcome> {
    let ids = request
        .body
        .as_ref()
        .and_then(|body| body.get("sourceResourceIds"))
        .and_then(Value::as_array);
    let ids = ids.filter(|ids| !ids.is_empty());
    let ids = ids.ok_or_else(|| refused("The SourceResourceIds field is required."))?;
    let mut copies = Vec::new();
    for id in ids {
        let id = id.as_str().unwrap_or_default();
        let place = ApimPath::of_id(id).filter(|place| place.api().is_some());
        let Some(place) = place else {
            return Err(
                refused(format!("'{id}' is not the ID of an API in API Management.")).into(),
            );
        };
        let api = place.api().filter(|api| *api != "*").map(str::to_owned);
        copies.push(Copied {
            properties: from_instance(&place),
            api,
        });
    }
    operations::begin(context, changes, path, request, Work::Copy(copies))
}

/// An instance as an API source. Observed: the environment is the one that a link has, too.
fn from_instance(place: &ApimPath) -> Map<String, Value> {
    let source = json!({"resourceId": place.instance_id()});
    Map::from_iter([
        ("azureApiManagementSource".to_owned(), source),
        ("importSpecification".to_owned(), json!("always")),
    ])
}

/// The body is an API source without its envelope; the operation is the service's (observed).
fn import_api_source(
    context: &HandlerContext,
    changes: &Changes<'_>,
    path: &ResourcePath,
    request: &HandlerRequest,
) -> HandlerResult<WriteOutcome> {
    let service = existing::service(changes.view(), &path.service)?;
    existing::all_exist(changes.view(), &path.segments)?;
    let body = request.body.as_ref().and_then(Value::as_object);
    let body = body.ok_or_else(|| refused("A non-empty request body is required."))?;
    let properties = settings::completed(&service, body)?;
    let end = path
        .id
        .to_ascii_lowercase()
        .rfind("/workspaces/")
        .unwrap_or(path.id.len());
    let of_service = ResourcePath {
        service: path.service.clone(),
        segments: Vec::new(),
        id: path.id[..end].to_owned(),
    };
    let work = Work::Copy(vec![Copied {
        properties,
        api: None,
    }]);
    operations::begin(context, changes, &of_service, request, work)
}

/// Copies the APIs; the inner `Err` is the failure message of the operation.
pub(in crate::emulator) fn run(
    context: &HandlerContext,
    changes: &Changes<'_>,
    operation: &str,
    copies: &[Copied],
) -> Result<Result<(), String>, StoreError> {
    let service = ServiceKey::stored(operations::subject(operation));
    let mut read = Vec::new();
    for copied in copies {
        match offered(context, changes, &service, copied)? {
            Ok(offered) => read.push(offered),
            Err(message) => return Ok(Err(message)),
        }
    }
    let number: usize = read.iter().map(|(_, offered)| offered.len()).sum();
    if let Some(message) = too_many(context, changes, &service, number)? {
        return Ok(Err(message));
    }
    for (settings, offered) in read {
        let writing = Writing {
            changes,
            service: service.as_str().to_owned(),
            settings: &settings,
            source: None,
            seed: operation.to_owned(),
        };
        writing.environment(&offer::environment(&settings.gateway))?;
        writing.apis(&offered)?;
    }
    Ok(Ok(()))
}

fn offered(
    context: &HandlerContext,
    changes: &Changes<'_>,
    service: &ServiceKey,
    copied: &Copied,
) -> Result<Result<(SourceSettings, Vec<Offered>), String>, StoreError> {
    let view = changes.view();
    let (Some(service), Some(settings)) = (
        view.service(service)?,
        SourceSettings::read(&copied.properties),
    ) else {
        return Ok(Err("The service is gone.".to_owned()));
    };
    if let Some(obstacle) = access::obstacle(context, view, &service, &settings)? {
        return Ok(Err(obstacle));
    }
    let mut offered = match offer::of(changes, &settings)? {
        Ok(offered) => offered,
        Err(message) => return Ok(Err(message)),
    };
    if let Some(api) = &copied.api {
        for one in &mut offered {
            one.versions
                .retain(|version| version.origin.eq_ignore_ascii_case(api));
        }
        offered.retain(|one| !one.versions.is_empty());
        if offered.is_empty() {
            return Ok(Err(not_found(&settings, api)));
        }
    }
    Ok(Ok((settings, offered)))
}

/// Observed.
fn not_found(settings: &SourceSettings, api: &str) -> String {
    let id = format!("{}/apis/{api}", settings.instance().unwrap_or_default()).to_ascii_lowercase();
    format!(
        "Failed to obtain schema from APIM for {id}\nFailed when talking to APIM: \
         Failed to fetch specification from API Management service: NotFound Not Found"
    )
}

fn too_many(
    context: &HandlerContext,
    changes: &Changes<'_>,
    service: &ServiceKey,
    number: usize,
) -> Result<Option<String>, StoreError> {
    let view = changes.view();
    let free = view
        .service(service)?
        .as_ref()
        .is_none_or(existing::is_free);
    let workspace = child_key(service.as_str(), "workspaces", "default");
    let most = if free { 200 } else { 10_000 };
    let after = view.count(&workspace, "apis")? + u64::try_from(number).unwrap_or(u64::MAX);
    let message =
        || format!("The maximum number of apis ({most}) is reached for the service's plan.");
    Ok((context.options.limits && after > most).then(message))
}
