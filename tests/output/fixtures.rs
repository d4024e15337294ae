//! Small states, and the plans between them.

use std::sync::Arc;

use apicenter::kinds;
use apicenter::model::{
    Address, Body, DesiredResource, DesiredState, Diagnostic, Document, FieldPlaces, KindInfo,
    LiveResource, LiveState, Resource, Scope, ServiceId, SharedPaths, SourceId, Sources, Span,
    SyncOrigin,
};
use apicenter::output::{OptionsJson, PlanOrigin, Portal, Review, render_html, render_markdown};
use apicenter::plan::{Plan, PlanOptions, PruneScope, Target, plan};
use serde_json::Value;

pub(super) const SUBSCRIPTION: &str = "5ab1e000-aaaa-bbbb-cccc-0123456789ab";

/// Two states that begin equal (empty), and what surrounds a plan between them.
pub(super) struct PlanFixture {
    pub(super) desired: DesiredState,
    pub(super) live: LiveState,
    pub(super) options: PlanOptions,
    pub(super) sources: Sources,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) asked: OptionsJson,
    pub(super) is_emulator: bool,
    pub(super) show_unchanged: bool,
    pub(super) origin: PlanOrigin,
    pub(super) portal: Option<Portal>,
    pub(super) elsewhere: Option<String>,
    file: SourceId,
    lines: usize,
}

impl PlanFixture {
    pub(super) fn new() -> Self {
        let mut sources = Sources::default();
        let text = "a: b\n".repeat(10_000);
        let file = sources.add("apis/orders.yaml", text);
        let options = PlanOptions {
            target: Target {
                name: "prod".to_owned(),
                service: ServiceId {
                    subscription: SUBSCRIPTION.to_owned(),
                    resource_group: "rg-apis".to_owned(),
                    name: "contoso".to_owned(),
                },
            },
            ..PlanOptions::default()
        };
        Self {
            desired: DesiredState::default(),
            live: LiveState::default(),
            options,
            sources,
            diagnostics: Vec::new(),
            asked: OptionsJson::default(),
            is_emulator: false,
            show_unchanged: false,
            origin: PlanOrigin::default(),
            portal: None,
            elsewhere: None,
            file,
            lines: 0,
        }
    }

    /// The next line of the only manifest.
    pub(super) fn span(&mut self) -> Span {
        self.lines += 1;
        let start = (self.lines % 10_000) * 5;
        Span {
            source: self.file,
            start,
            end: start + 1,
        }
    }

    pub(super) fn declare(&mut self, address: &Address, body: &Value) -> &mut DesiredResource {
        let place = self.span();
        let declared_body = body_of(body);
        let fields = declared_body.keys().map(|key| (key.clone(), place, None));
        let declared = DesiredResource {
            resource: Arc::new(resource(address, body)),
            place: Some(place),
            places: FieldPlaces::new(fields.collect(), &mut SharedPaths::default()),
            document: None,
        };
        self.desired.resources.insert(address.clone(), declared);
        self.desired
            .resources
            .get_mut(address)
            .expect("just inserted")
    }

    pub(super) fn live(&mut self, address: &Address, body: &Value) -> &mut LiveResource {
        let current = LiveResource {
            resource: resource(address, body),
            unmodelled: Body::new(),
            synchronised: false,
            text: None,
            files: None,
            created_at: None,
        };
        self.live.resources.insert(address.clone(), current);
        self.live.resources.get_mut(address).expect("just inserted")
    }

    pub(super) fn both(&mut self, address: &Address, body: &Value) {
        self.live(address, body);
        self.declare(address, body);
    }

    /// A definition whose document is another one than the live one.
    pub(super) fn document(&mut self, address: &Address, before: &str, after: &str) {
        let body = |text| serde_json::json!({"title": "OpenAPI", "source": digest(text)});
        self.live(address, &body(before)).text = Some(Arc::from(before));
        self.declare(address, &body(after)).document = Some(document(after));
    }

    /// An integration without the identity that it needs.
    pub(super) fn integration(&mut self, name: &str) {
        let instance = format!(
            "/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.ApiManagement/\
             service/contoso-apim"
        );
        self.live.context.service_id = Scope::new("/x/services/contoso");
        let source = serde_json::json!({"source": {"apiManagement": {"resourceId": instance}}});
        self.declare(&top(&kinds::INTEGRATION.info, name), &source);
    }

    pub(super) fn prune_all(&mut self) {
        self.options.prune.enabled = true;
        self.options.prune.scope = PruneScope::All;
    }

    /// A pull request on GitHub, and a target in Azure.
    pub(super) fn in_a_pipeline(&mut self) {
        let page = "https://github.com/contoso/apis/blob/0123456789abcdef";
        self.origin.file = Some(format!("{page}/{{path}}#L{{line}}"));
        self.portal = Some(Portal {
            service: format!(
                "https://portal.azure.com/#resource/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-apis/providers/\
                 Microsoft.ApiCenter/services/contoso"
            ),
            path: kinds::arm_path,
        });
    }

    pub(super) fn plan(&self) -> Plan {
        plan(&self.desired, &self.live, &self.options)
    }

    pub(super) fn review(&self) -> Review<'_> {
        Review {
            sources: &self.sources,
            elsewhere: self.elsewhere.as_deref(),
            diagnostics: &self.diagnostics,
            options: &self.asked,
            desired: &self.desired,
            origin: &self.origin,
            portal: self.portal.clone(),
            is_emulator: self.is_emulator,
            show_unchanged: self.show_unchanged,
            diff_lines: 200,
        }
    }

    pub(super) fn markdown(&self) -> String {
        self.markdown_within(60_000)
    }

    pub(super) fn markdown_within(&self, budget: usize) -> String {
        render_markdown(&self.plan(), &self.review(), budget)
    }

    pub(super) fn html(&self) -> String {
        render_html(&self.plan(), self.review()).to_string()
    }
}

fn resource(address: &Address, body: &Value) -> Resource {
    Resource {
        within: None,
        address: address.clone(),
        body: body_of(body),
        references: std::collections::BTreeSet::new(),
        id: None,
    }
}

fn body_of(body: &Value) -> Body {
    body.as_object().cloned().expect("a body is an object")
}

pub(super) fn digest(text: &str) -> String {
    apicenter::document::digest(text)
}

pub(super) fn document(text: &str) -> Arc<Document> {
    Arc::new(Document {
        digest: digest(text),
        text: Arc::from(text),
        link: None,
        files: None,
        file: None,
        parts: Vec::new(),
    })
}

pub(super) fn top(kind: &'static KindInfo, name: &str) -> Address {
    Address::top(kind, name)
}

pub(super) fn api(name: &str) -> Address {
    top(&kinds::API.info, name)
}

pub(super) fn environment(name: &str) -> Address {
    top(&kinds::ENVIRONMENT.info, name)
}

pub(super) fn service() -> Address {
    top(&kinds::SERVICE.info, "")
}

pub(super) fn version(api: &Address, name: &str) -> Address {
    api.child(&kinds::API_VERSION.info, name)
}

pub(super) fn definition(version: &Address, name: &str) -> Address {
    version.child(&kinds::API_DEFINITION.info, name)
}

/// A service in which little of everything happens.
pub(super) fn varied() -> PlanFixture {
    let mut world = PlanFixture::new();
    world.prune_all();
    world.options.safety.protect =
        apicenter::model::Patterns::new(["environment/prod*"]).expect("a pattern");
    let v1 = |name: &str| version(&api(name), "1-0-0");
    world.live(
        &api("orders"),
        &serde_json::json!({"title": "Orders", "kind": "rest", "summary": "Old"}),
    );
    let changed = serde_json::json!({
        "title": "Order API", "kind": "rest", "description": "Takes orders.\nAnd cancels them.",
        "customProperties": {"owner": "0a1b2c3d-1111-2222-3333-444455556666"}
    });
    world.declare(&api("orders"), &changed);
    world.both(
        &v1("orders"),
        &serde_json::json!({"title": "1.0.0", "lifecycleStage": "production"}),
    );
    let before = "openapi: 3.0.3\ninfo:\n  title: Orders\npaths:\n  /orders: {}\n  /legacy: {}\n";
    let after =
        "openapi: 3.0.3\ninfo:\n  title: Orders\npaths:\n  /orders: {}\n  /orders/{id}: {}\n";
    world.document(&definition(&v1("orders"), "openapi"), before, after);
    let v2 = version(&api("orders"), "2-0-0");
    world.declare(
        &v2,
        &serde_json::json!({"title": "2.0.0", "lifecycleStage": "preview"}),
    );
    world
        .declare(
            &definition(&v2, "openapi"),
            &serde_json::json!({"source": digest(after)}),
        )
        .document = Some(document(after));
    world.declare(
        &api("carts"),
        &serde_json::json!({"title": "Carts", "kind": "graphql"}),
    );
    world.live(
        &api("legacy"),
        &serde_json::json!({"title": "Legacy", "kind": "rest"}),
    );
    world.live(&v1("legacy"), &serde_json::json!({"title": "1.0.0"}));
    world.live(
        &environment("prod-eu"),
        &serde_json::json!({"title": "Production"}),
    );
    world.both(&environment("test"), &serde_json::json!({"title": "Test"}));
    world
}

/// An integration that goes away with what it brought in.
pub(super) fn cascade() -> PlanFixture {
    let mut world = PlanFixture::new();
    world.prune_all();
    let apim = top(&kinds::INTEGRATION.info, "apim");
    world.live(&apim, &serde_json::json!({"targetEnvironment": "gateway"}));
    for name in ["orders", "carts"] {
        for address in [api(name), version(&api(name), "1-0-0")] {
            world
                .live(&address, &serde_json::json!({"title": name}))
                .synchronised = true;
        }
        let origin = SyncOrigin {
            integration: apim.clone(),
            is_confirmed: true,
            others: Vec::new(),
        };
        world.live.origins.insert(api(name), origin);
    }
    world.declare(
        &environment("gateway"),
        &serde_json::json!({"title": "Gateway"}),
    );
    world
}

/// `n` changes of every sort.
pub(super) fn large(n: usize) -> PlanFixture {
    let mut world = PlanFixture::new();
    world.prune_all();
    world.options.safety.min_existing = usize::MAX;
    for i in 0..n {
        let name = api(&format!("api-{i:05}"));
        let body = |title: &str| {
            serde_json::json!({"title": format!("{title} {i}"), "kind": "rest",
                "summary": format!("Number {i} of many, kept by team {}", i % 37)})
        };
        match i % 10 {
            0 => {
                world.live(&name, &body("Gone"));
            }
            1..=5 => {
                world.live(&name, &body("Old"));
                world.declare(&name, &body("New"));
            }
            _ => {
                world.declare(&name, &body("New"));
            }
        }
    }
    world
}
