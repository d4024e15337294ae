//! A project with every kind before and after, and a service that is as it was before.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex};

use apicenter::emulator::{EmulatorOptions, RecordedRequest, Storage};
use serde_json::{Value, json};

use crate::cli::harness::Project;
use crate::cli::held::held;
use crate::cli::service_fixture::{ServiceFixture, is_write};

/// The command that turns the service into what is declared after.
pub(super) const APPLY: &str = "apply --auto-approve --prune --allow-destroy integration/*";

/// The same, one request after the other, so that the nth is always the same.
pub(super) const APPLY_IN_ORDER: &str =
    "apply --auto-approve --prune --allow-destroy integration/* --parallelism 1";

/// How long the program waits for a request that hangs, in seconds. A request that a busy machine delays for
/// longer is sent again; it is lost only if all five attempts take that long.
pub(super) const HANG_TIMEOUT: &str = "3";

const SETTINGS: &str = "prune: {scope: all}\nsafety: {maxDeletes: \"100%\"}";

const GATEWAY: &str = "own";

/// What is declared before.
const BEFORE: &str = "\
apiVersion: apicenter/v1
kind: Service
metadata: {name: contoso}
spec:
  location: eastus
  sku: {name: Standard}
  identity: {type: SystemAssigned}
  tags: {stage: before}
---
apiVersion: apicenter/v1
kind: MetadataSchema
metadata: {name: team}
spec:
  schema: {type: string, title: Team}
  assignedTo: [{entity: api}]
---
apiVersion: apicenter/v1
kind: MetadataSchema
metadata: {name: old-key}
spec:
  schema: {type: string, title: Old}
  assignedTo: [{entity: api}]
---
apiVersion: apicenter/v1
kind: Environment
metadata: {name: production}
spec: {title: Production, kind: production}
---
apiVersion: apicenter/v1
kind: Environment
metadata: {name: old-place}
spec: {title: Old, kind: testing}
---
apiVersion: apicenter/v1
kind: RoleAssignment
metadata: {name: reads-keys}
spec:
  role: Key Vault Secrets User
  scope: /subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg
  principal: {serviceIdentity: true}
---
apiVersion: apicenter/v1
kind: Analyzer
metadata: {name: default}
spec: {ruleset: rules}
---
apiVersion: apicenter/v1
kind: Integration
metadata: {name: amazon}
spec:
  source:
    amazonApiGateway:
      accessKey: https://contoso-vault.vault.azure.net/secrets/access
      secretAccessKey: https://contoso-vault.vault.azure.net/secrets/secret
      region: eu-west-1
---
apiVersion: apicenter/v1
kind: Api
metadata: {name: old-api}
spec:
  title: Old
  kind: rest
  versions:
    - name: 1-0-0
      title: v1
      lifecycleStage: deprecated
---
apiVersion: apicenter/v1
kind: Api
metadata: {name: orders}
spec:
  title: Orders
  kind: rest
  customProperties: {team: checkout}
  versions:
    - name: 1-0-0
      title: v1
      lifecycleStage: production
      definitions:
        - {name: openapi, title: OpenAPI, source: {file: openapi.yaml}}
        - {name: old-form, title: Old, source: {file: openapi.yaml}}
  deployments:
    - name: prod-eu
      title: Production
      environment: production
      definition: 1-0-0/openapi
      server: {runtimeUri: [\"https://api.contoso.com/orders\"]}
    - name: old-site
      title: Old
      environment: old-place
      definition: 1-0-0/openapi
      server: {runtimeUri: [\"https://old.contoso.com/orders\"]}
";

/// What is declared after: of every kind something is new, changed and gone.
const AFTER: &str = "\
apiVersion: apicenter/v1
kind: Service
metadata: {name: contoso}
spec:
  location: eastus
  sku: {name: Standard}
  identity: {type: SystemAssigned}
  tags: {stage: after}
---
apiVersion: apicenter/v1
kind: MetadataSchema
metadata: {name: team}
spec:
  schema: {type: string, title: The team}
  assignedTo: [{entity: api}]
---
apiVersion: apicenter/v1
kind: MetadataSchema
metadata: {name: tier}
spec:
  schema: {type: string, title: Tier}
  assignedTo: [{entity: api}, {entity: environment}]
---
apiVersion: apicenter/v1
kind: Environment
metadata: {name: production}
spec: {title: Production in Europe, kind: production}
---
apiVersion: apicenter/v1
kind: Environment
metadata: {name: staging}
spec: {title: Staging, kind: staging, customProperties: {tier: gold}}
---
apiVersion: apicenter/v1
kind: RoleAssignment
metadata: {name: reads-keys}
spec:
  role: Key Vault Secrets User
  scope: /subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg
  principal: {serviceIdentity: true}
  description: Kept, and explained.
---
apiVersion: apicenter/v1
kind: RoleAssignment
metadata: {name: reads-gateways}
spec:
  role: API Management Service Reader Role
  scope: GATEWAYS/own
  principal: {serviceIdentity: true}
---
apiVersion: apicenter/v1
kind: Analyzer
metadata: {name: default}
spec: {ruleset: rules, description: What every API obeys.}
---
apiVersion: apicenter/v1
kind: Integration
metadata: {name: gateway}
spec:
  source: {apiManagement: {resourceId: GATEWAYS/own}}
  importSpecification: always
---
apiVersion: apicenter/v1
kind: SyncedApi
metadata: {name: echo}
spec:
  match: {integration: gateway, title: Echo}
  summary: Says what it hears.
---
apiVersion: apicenter/v1
kind: Api
metadata: {name: orders}
spec:
  title: Orders of customers
  kind: rest
  customProperties: {team: checkout, tier: gold}
  versions:
    - name: 1-0-0
      title: v1
      lifecycleStage: deprecated
      definitions:
        - {name: openapi, title: The OpenAPI, source: {file: changed.yaml}}
    - name: 2-0-0
      title: v2
      lifecycleStage: production
      definitions:
        - {name: openapi, title: OpenAPI, source: {file: openapi.yaml}}
  deployments:
    - name: prod-eu
      title: Production in Europe
      environment: production
      definition: 2-0-0/openapi
      server: {runtimeUri: [\"https://api.contoso.com/orders\"]}
    - name: stage-eu
      title: Staging
      environment: staging
      definition: 2-0-0/openapi
      server: {runtimeUri: [\"https://stage.contoso.com/orders\"]}
";

const RULES: &str = "\
rules:
  has-summary:
    given: $.info
    then: {field: summary, function: truthy}
";

const DOCUMENT: &str = "\
openapi: 3.0.3
info: {title: Orders, version: 1.0.0}
paths:
  /orders:
    get:
      summary: List orders
      responses:
        '200': {description: Orders}
";

/// A service as it was before, kept in a file, and the state it must come to.
pub(super) struct Template {
    _folder: tempfile::TempDir,
    file: PathBuf,
    /// Everything that the service holds once the apply has been carried out.
    pub(super) after: Value,
    /// The requests of an undisturbed apply, one after the other.
    pub(super) requests: Vec<RecordedRequest>,
}

/// Made once for all tests.
pub(super) static TEMPLATE: LazyLock<Template> = LazyLock::new(Template::make);

impl Template {
    fn make() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("before.redb");
        let center = ServiceFixture::with(|options| options.data = Storage::File(file.clone()));
        own_gateway(&center);
        let project = declare(Project::of_with(&center, SETTINGS), BEFORE, RULES);
        project.run(APPLY).success();
        project.run("plan --prune --detailed-exitcode").success();
        drop(center);
        let mut template = Self {
            _folder: folder,
            file,
            after: Value::Null,
            requests: Vec::new(),
        };
        let case = Case::of(&template, |_| {});
        case.project.run(APPLY_IN_ORDER).success();
        template.requests = case.center.requests();
        case.project
            .run("plan --prune --detailed-exitcode")
            .success()
            .says(&["No changes."]);
        template.after = case.state();
        drop(case);
        template
    }

    /// The positions, from 1, of the requests that change something.
    pub(super) fn writes(&self) -> Vec<u32> {
        (1..)
            .zip(&self.requests)
            .filter(|(_, request)| is_write(request))
            .map(|(at, _)| at)
            .collect()
    }
}

/// Runs a test for each of these, so many at once: most of the time they wait.
pub(super) fn at_once<T: Send>(
    threads: usize,
    cases: impl IntoIterator<Item = T>,
    test: impl Fn(T) + Sync,
) {
    LazyLock::force(&TEMPLATE);
    let cases: Mutex<VecDeque<T>> = Mutex::new(cases.into_iter().collect());
    let next = || cases.lock().expect("nobody panics with it").pop_front();
    let work = || {
        while let Some(case) = next() {
            test(case);
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(work);
        }
    });
}

/// One service as it was before, and the project that declares what comes after.
pub(super) struct Case {
    pub(super) center: ServiceFixture,
    pub(super) project: Project,
    data: Kept,
}

/// The file of a service, and the folder that goes with it.
pub(super) struct Kept {
    pub(super) file: PathBuf,
    _folder: tempfile::TempDir,
}

impl Case {
    pub(super) fn new(change: impl FnOnce(&mut EmulatorOptions)) -> Self {
        Self::of(&TEMPLATE, change)
    }

    fn of(template: &Template, change: impl FnOnce(&mut EmulatorOptions)) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("center.redb");
        std::fs::copy(&template.file, &file).expect("the file is copied");
        let center = Self::center(&file, change);
        let changed = RULES.replace("truthy", "defined");
        let project = declare(Project::of_with(&center, SETTINGS), AFTER, &changed);
        Self {
            center,
            project,
            data: Kept {
                file,
                _folder: folder,
            },
        }
    }

    fn center(file: &Path, change: impl FnOnce(&mut EmulatorOptions)) -> ServiceFixture {
        ServiceFixture::without_service(|options| {
            options.data = Storage::File(file.to_owned());
            change(options);
        })
    }

    /// Ends the service; its file stays, for another one.
    pub(super) fn stop(self) -> (Kept, Project) {
        (self.data, self.project)
    }

    /// Serves a file again.
    pub(super) fn resume(data: Kept, project: Project) -> Self {
        let center = Self::center(&data.file, |_| {});
        project.aim_at(center.url().trim_start_matches("http://"));
        Self {
            center,
            project,
            data,
        }
    }

    /// Runs the apply once more, undisturbed, and compares what the service then holds.
    #[track_caller]
    pub(super) fn converges(&mut self, about: &str, had_ended: bool) {
        self.center.heal();
        self.center.mark();
        let again = self.project.run(APPLY);
        let text = format!("{about}: {again}");
        assert!(again.is_success(), "{text}");
        if had_ended {
            assert!(again.stdout.contains("No changes."), "{text}");
            assert!(self.center.writes().is_empty(), "{text}");
        }
        assert_eq!(self.state(), TEMPLATE.after, "{text}");
    }

    /// Everything that the service holds, without times and generated names.
    pub(super) fn state(&self) -> Value {
        held(&self.center)
    }
}

fn declare(project: Project, manifests: &str, rules: &str) -> Project {
    project
        .file(
            "all.yaml",
            &manifests.replace("GATEWAYS/own", &ServiceFixture::instance(GATEWAY)),
        )
        .file("rules/ruleset.yml", rules)
        .file("openapi.yaml", DOCUMENT)
        .file(
            "changed.yaml",
            &DOCUMENT.replace("List orders", "All orders"),
        )
}

/// An instance with one API: the sample has so many.
fn own_gateway(center: &ServiceFixture) {
    let own = ServiceFixture::instance(GATEWAY);
    center.manage(&own, &json!({"location": "eastus"}));
    let echo = json!({"properties": {"displayName": "Echo", "path": "echo"}});
    center.manage(&format!("{own}/apis/echo"), &echo);
}
