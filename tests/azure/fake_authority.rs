//! A stand-in for whoever gives tokens: the sign-in authority, GitHub, Azure Pipelines, and the metadata
//! service of a machine.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::cli::harness::{Outcome, Project};
use crate::cli::service_fixture::ServiceFixture;

pub(super) const TENANT: &str = "11111111-aaaa-4000-8000-000000000001";
pub(super) const CLIENT: &str = "22222222-bbbb-4000-8000-000000000002";
pub(super) const OBJECT: &str = "33333333-cccc-4000-8000-000000000003";
pub(super) const AUDIENCE: &str = "https://management.example.com";
/// Values that may show up nowhere.
pub(super) const SECRET: &str = "s3cret~value+with/odd=characters";
pub(super) const ASSERTION: &str = "the-assertion-of-somebody-else";
pub(super) const REQUEST_TOKEN: &str = "the-request-token-of-the-job";
pub(super) const SIGNATURE: &str = "signature-of-an-issued-token";

/// A request as it came in.
#[derive(Debug, Clone)]
pub(super) struct ReceivedRequest {
    pub(super) line: String,
    pub(super) headers: HeaderMap,
    pub(super) query: BTreeMap<String, String>,
    pub(super) form: BTreeMap<String, String>,
}

impl ReceivedRequest {
    pub(super) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).map(|value| value.to_str());
        value.expect("the header is there").expect("it is text")
    }
}

#[derive(Default)]
struct Inner {
    seen: Vec<ReceivedRequest>,
    /// What is answered instead of a token; `{form}` in it is the body of the request, and
    /// `{values}` what the body holds.
    refusal: Option<(u16, String)>,
    /// What is answered in place of the resource manager.
    service: Option<(u16, String)>,
}

/// The stand-in; it runs as long as the center.
#[derive(Clone)]
pub(super) struct FakeAuthority {
    pub(super) url: String,
    inner: Arc<Mutex<Inner>>,
}

impl FakeAuthority {
    pub(super) fn start(center: &ServiceFixture) -> Self {
        let runtime = center.background();
        let socket = runtime
            .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
            .expect("a port");
        let authority = Self {
            url: format!("http://{}", socket.local_addr().expect("an address")),
            inner: Arc::default(),
        };
        let router = Router::new().fallback(answer).with_state(authority.clone());
        runtime.spawn(async move { axum::serve(socket, router).await });
        authority
    }

    /// From now on this is answered instead of tokens.
    pub(super) fn refuse(&self, status: u16, body: impl ToString) {
        let mut inner = self.inner.lock().expect("nobody panicked");
        inner.refusal = Some((status, body.to_string()));
    }

    /// From now on this stands in for the resource manager too, and answers this.
    pub(super) fn serve(&self, status: u16, body: impl ToString) {
        let mut inner = self.inner.lock().expect("nobody panicked");
        inner.service = Some((status, body.to_string()));
    }

    /// Everything that was asked.
    pub(super) fn seen(&self) -> Vec<ReceivedRequest> {
        self.inner.lock().expect("nobody panicked").seen.clone()
    }

    /// The lines of everything that was asked.
    pub(super) fn lines(&self) -> Vec<String> {
        self.seen().into_iter().map(|seen| seen.line).collect()
    }

    /// Forgets what was asked.
    pub(super) fn mark(&self) {
        self.inner.lock().expect("nobody panicked").seen.clear();
    }
}

/// A token for [`CLIENT`], like those that Azure issues.
pub(super) fn issued_token() -> String {
    let payload = json!({"tid": TENANT, "appid": CLIENT, "oid": OBJECT}).to_string();
    format!(
        "eyJhbGciOiJub25lIn0.{}.{SIGNATURE}",
        URL_SAFE_NO_PAD.encode(payload)
    )
}

fn pairs(text: &str) -> BTreeMap<String, String> {
    let mut url = reqwest::Url::parse("form:").expect("a constant");
    url.set_query(Some(text));
    let pairs = url.query_pairs();
    pairs
        .map(|(n, v)| (n.into_owned(), v.into_owned()))
        .collect()
}

async fn answer(
    State(authority): State<FakeAuthority>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let body = String::from_utf8(body.to_vec()).expect("the body is text");
    let path = uri.path().to_owned();
    let has_metadata = headers.contains_key("metadata");
    let (refusal, service) = {
        let mut inner = authority.inner.lock().expect("nobody panicked");
        inner.seen.push(ReceivedRequest {
            line: format!("{method} {path}"),
            headers,
            query: pairs(uri.query().unwrap_or_default()),
            form: pairs(&body),
        });
        (inner.refusal.clone(), inner.service.clone())
    };
    let is_authority = path.ends_with("/oauth2/v2.0/token");
    let is_machine = path.ends_with("/identity/oauth2/token") || path == "/msi/token";
    let (status, text) = match (refusal, path.as_str()) {
        (Some((status, text)), _) if is_authority || is_machine && has_metadata => {
            let values = pairs(&body).into_values().collect::<Vec<_>>().join(" ");
            let values = format!("{values} {}", body.replace(['&', '='], " "));
            let text = text.replace("{form}", &body);
            (status, text.replace("{values}", &values))
        }
        (_, "/github") => (200, json!({"value": ASSERTION}).to_string()),
        (_, "/pipelines") => (200, json!({"oidcToken": ASSERTION}).to_string()),
        _ if is_machine && !has_metadata => (400, json!({"error": "invalid_request"}).to_string()),
        _ if is_machine => (200, machine_token().to_string()),
        _ if is_authority => (200, token().to_string()),
        _ => service.unwrap_or((404, String::new())),
    };
    let status = StatusCode::from_u16(status).expect("a status");
    (status, text).into_response()
}

fn token() -> Value {
    json!({"token_type": "Bearer", "expires_in": 3599, "ext_expires_in": 3599,
        "access_token": issued_token()})
}

fn machine_token() -> Value {
    json!({"access_token": issued_token(), "expires_on": in_an_hour().to_string(),
        "resource": AUDIENCE, "token_type": "Bearer"})
}

/// In seconds since 1970.
pub(super) fn in_an_hour() -> u64 {
    let now = std::time::SystemTime::now();
    let since = now.duration_since(std::time::UNIX_EPOCH);
    since.expect("it is later than 1970").as_secs() + 3600
}

/// A project whose only target is the center, behind the stand-in, with nothing to sign in with.
pub(super) fn project(center: &ServiceFixture, authority: &FakeAuthority) -> Project {
    project_with(center, &authority.url)
}

/// The same with an authority of one's own.
pub(super) fn project_with(center: &ServiceFixture, authority: &str) -> Project {
    let more = format!("\", authority: \"{authority}\", audience: \"{AUDIENCE}\"}}");
    let target = center.target().replace("\"}", &more);
    let project = Project::with_spec(&format!("targets:\n  live:\n    {target}"));
    // Nothing answers there, so that no metadata service of this machine is found.
    project.env("AZURE_POD_IDENTITY_AUTHORITY_HOST", "http://127.0.0.1:9")
}

/// With the tenant and the client.
pub(super) fn client(project: Project) -> Project {
    project
        .env("AZURE_TENANT_ID", TENANT)
        .env("AZURE_CLIENT_ID", CLIENT)
}

pub(super) fn with_secret(project: Project) -> Project {
    client(project).env("AZURE_CLIENT_SECRET", SECRET)
}

pub(super) fn with_file(project: Project) -> Project {
    let project = client(project).file("token", &format!("{ASSERTION}\n"));
    let path = project.path("token").display().to_string();
    project.env("AZURE_FEDERATED_TOKEN_FILE", &path)
}

pub(super) fn with_github(project: Project, authority: &FakeAuthority) -> Project {
    let url = format!("{}/github?api-version=2.0", authority.url);
    client(project)
        .env("ACTIONS_ID_TOKEN_REQUEST_URL", &url)
        .env("ACTIONS_ID_TOKEN_REQUEST_TOKEN", REQUEST_TOKEN)
}

pub(super) fn with_pipelines(project: Project, authority: &FakeAuthority) -> Project {
    project
        .env("AZURESUBSCRIPTION_TENANT_ID", TENANT)
        .env("AZURESUBSCRIPTION_CLIENT_ID", CLIENT)
        .env("AZURESUBSCRIPTION_SERVICE_CONNECTION_ID", "connection-1")
        .env(
            "SYSTEM_OIDCREQUESTURI",
            &format!("{}/pipelines", authority.url),
        )
        .env("SYSTEM_ACCESSTOKEN", REQUEST_TOKEN)
}

/// With a program on the PATH that notes how it was called; the script says what it does then.
pub(super) fn with_program(project: Project, name: &str, script: &str) -> Project {
    let path = format!("programs/{name}");
    let calls = calls_file(&project, name);
    project.write(
        &path,
        format!(
            "#!/bin/sh\necho \"$*\" >> '{}'\n{script}\n",
            calls.display()
        ),
    );
    let all = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(project.path(&path), all).expect("it may be run");
    let folder = project.path("programs").display().to_string();
    project.env("PATH", &format!("{folder}:/usr/bin:/bin"))
}

fn calls_file(project: &Project, name: &str) -> PathBuf {
    project.path(&format!("{name}-calls"))
}

/// How a program was called.
pub(super) fn calls(project: &Project, name: &str) -> Vec<String> {
    match calls_file(project, name) {
        file if file.exists() => project
            .read(&format!("{name}-calls"))
            .lines()
            .map(str::to_owned)
            .collect(),
        _ => Vec::new(),
    }
}

/// With the Azure CLI, signed in.
pub(super) fn with_az(project: Project) -> Project {
    let json =
        json!({"accessToken": issued_token(), "expires_on": in_an_hour(), "tokenType": "Bearer"});
    with_program(project, "az", &format!("echo '{json}'"))
}

/// With the Azure Developer CLI, signed in.
pub(super) fn with_azd(project: Project) -> Project {
    let json = json!({"token": issued_token(), "expiresOn": "2199-01-01T00:00:00Z"});
    with_program(project, "azd", &format!("echo '{json}'"))
}

/// Runs the program; none of the secrets may be in what it says.
pub(super) fn run(project: &Project, arguments: &str) -> Outcome {
    let outcome = project.run(arguments);
    let encoded: String = reqwest::Url::parse_with_params("form:", [("a", SECRET)])
        .expect("a URL")
        .to_string();
    let encoded = encoded.trim_start_matches("form:?a=");
    for secret in [SECRET, encoded, ASSERTION, REQUEST_TOKEN, SIGNATURE] {
        let said = format!("{}{}", outcome.stdout, outcome.stderr);
        assert!(!said.contains(secret), "`{secret}` in {outcome}");
    }
    outcome
}
