//! Two states that start equal, and the words to change one thing.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic")]

use std::sync::Arc;

use apicenter::document;
use apicenter::kinds::{self, KINDS};
use apicenter::model::{
    Address, Body, DesiredResource, DesiredState, Document, FieldPlaces, LiveResource, LiveState,
    OwnershipMarker, Patterns, Resource, ServiceId,
};
use apicenter::plan::{IgnoreRule, MaxDeletes, Plan, PlanOptions, PruneScope, Target, plan};
use serde_json::{Value, json};

/// The document of the definition in [`Case::equal`].
pub(super) const OPENAPI: &str =
    "openapi: 3.0.3\ninfo: {title: Orders, version: 1.0.0}\npaths: {}\n";

/// What a plan is made from.
#[derive(Debug, Clone)]
pub(super) struct Case {
    pub(super) desired: DesiredState,
    pub(super) live: LiveState,
    pub(super) options: PlanOptions,
}

/// An address from its text.
pub(super) fn address(text: &str) -> Address {
    if text == "service" {
        return Address::top(&kinds::SERVICE.info, "");
    }
    let parts: Vec<&str> = text.split('/').collect();
    let mut address: Option<Address> = None;
    for pair in parts.chunks(2) {
        let kind = KINDS.iter().find(|k| k.info.slug == pair[0]).unwrap();
        address = Some(match address {
            None => Address::top(&kind.info, pair[1]),
            Some(above) => above.child(&kind.info, pair[1]),
        });
    }
    address.unwrap()
}

/// A resource in canonical form.
pub(super) fn resource(at: &str, spec: Value) -> Resource {
    let address = address(at);
    let Value::Object(spec) = spec else {
        panic!("a spec is a mapping");
    };
    kinds::of(&address).declared(address, spec)
}

pub(super) fn declared(resource: Resource) -> DesiredResource {
    DesiredResource {
        resource: Arc::new(resource),
        place: None,
        places: FieldPlaces::default(),
        document: None,
    }
}

pub(super) fn living(resource: Resource) -> LiveResource {
    LiveResource {
        resource,
        unmodelled: Body::new(),
        synchronised: false,
        text: None,
        files: None,
        created_at: None,
    }
}

pub(super) fn document(text: &str) -> Arc<Document> {
    Arc::new(Document {
        digest: document::digest(text),
        text: text.into(),
        link: None,
        files: None,
        file: None,
        parts: Vec::new(),
    })
}

/// The spec of a definition with a document, in canonical form.
pub(super) fn definition_spec(text: &str) -> Value {
    json!({"title": "OpenAPI", "specification": {"name": "openapi", "version": "3.0.3"},
        "source": document::digest(text)})
}

impl Case {
    /// Nothing declared, nothing there.
    pub(super) fn empty() -> Self {
        let options = PlanOptions {
            target: Target {
                name: "prod".into(),
                service: ServiceId {
                    subscription: "s".into(),
                    resource_group: "g".into(),
                    name: "contoso".into(),
                },
            },
            ..PlanOptions::default()
        };
        Self {
            desired: DesiredState::default(),
            live: LiveState::default(),
            options,
        }
    }

    /// A small catalogue, declared and live alike.
    pub(super) fn equal() -> Self {
        Self::empty()
            .both(
                "service",
                json!({"location": "westeurope", "sku": {"name": "Standard"}}),
            )
            .both(
                "metadata-schema/team",
                json!({"schema": {"type": "string"}, "assignedTo": [{"entity": "api"}]}),
            )
            .both(
                "environment/prod",
                json!({"title": "Prod", "kind": "production"}),
            )
            .both(
                "environment/test",
                json!({"title": "Test", "kind": "testing"}),
            )
            .both(
                "api/orders",
                json!({"title": "Orders", "kind": "rest", "summary": "All orders.",
                    "customProperties": {"team": "checkout"}}),
            )
            .both(
                "api/orders/version/1-0-0",
                json!({"title": "v1", "lifecycleStage": "production"}),
            )
            .both(
                "api/orders/version/1-0-0/definition/openapi",
                definition_spec(OPENAPI),
            )
            .documented("api/orders/version/1-0-0/definition/openapi", OPENAPI)
            .both(
                "api/orders/deployment/eu",
                json!({"title": "EU", "environment": "prod", "definition": "1-0-0/openapi"}),
            )
    }

    pub(super) fn both(self, at: &str, spec: Value) -> Self {
        self.declare(at, spec.clone()).have(at, spec)
    }

    pub(super) fn declare(mut self, at: &str, spec: Value) -> Self {
        let declared = declared(resource(at, spec));
        self.desired.resources.insert(address(at), declared);
        self
    }

    pub(super) fn undeclare(mut self, at: &str) -> Self {
        let gone = address(at);
        let stays = |other: &Address| *other != gone && !other.is_below(&gone);
        self.desired.resources.retain(|other, _| stays(other));
        self
    }

    pub(super) fn have(mut self, at: &str, spec: Value) -> Self {
        let living = living(resource(at, spec));
        self.live.resources.insert(address(at), living);
        self
    }

    pub(super) fn lack(mut self, at: &str) -> Self {
        let gone = address(at);
        let stays = |other: &Address| *other != gone && !other.is_below(&gone);
        self.live.resources.retain(|other, _| stays(other));
        self
    }

    /// Gives a declared definition a document, in its body as well.
    pub(super) fn documented(mut self, at: &str, text: &str) -> Self {
        let declared = self.desired.resources.get_mut(&address(at)).unwrap();
        let document = document(text);
        let body = &mut Arc::make_mut(&mut declared.resource).body;
        body.insert("source".into(), json!(document.digest));
        declared.document = Some(document);
        self
    }

    /// Sets a field of a declared resource.
    pub(super) fn desire(mut self, at: &str, field: &str, value: Value) -> Self {
        let declared = self.desired.resources.get_mut(&address(at)).unwrap();
        let mut body = declared.resource.body.clone();
        body.insert(field.to_owned(), value);
        declared.resource = Arc::new(resource(at, body.into()));
        self
    }

    /// Sets a field of a live resource.
    pub(super) fn set_live(mut self, at: &str, field: &str, value: Value) -> Self {
        let live = self.live_mut(at);
        let mut body = live.resource.body.clone();
        body.insert(field.to_owned(), value);
        live.resource = resource(at, body.into());
        self
    }

    pub(super) fn live_mut(&mut self, at: &str) -> &mut LiveResource {
        self.live.resources.get_mut(&address(at)).unwrap()
    }

    pub(super) fn prune(mut self, scope: PruneScope) -> Self {
        self.options.prune.enabled = true;
        self.options.prune.scope = scope;
        self
    }

    /// Our marker is `managed-by: us`, on what is declared; nothing live carries it yet.
    pub(super) fn ours(mut self) -> Self {
        self.options.ownership = Some(OwnershipMarker {
            owner: "us".into(),
            property: "managed-by".into(),
        });
        self
    }

    pub(super) fn protect(mut self, patterns: &[&str]) -> Self {
        self.options.safety.protect = Patterns::new(patterns).unwrap();
        self
    }

    pub(super) fn at_most(mut self, max_deletes: MaxDeletes, min_existing: usize) -> Self {
        self.options.safety.max_deletes = max_deletes;
        self.options.safety.min_existing = min_existing;
        self
    }

    pub(super) fn only(mut self, patterns: &[&str]) -> Self {
        self.options.only = Patterns::new(patterns).unwrap();
        self
    }

    pub(super) fn ignore(mut self, kind: &str, field: &str) -> Self {
        self.options.ignore.push(IgnoreRule {
            kind: kind.to_owned(),
            field: field.to_owned(),
        });
        self
    }

    pub(super) fn plan(&self) -> Plan {
        plan(&self.desired, &self.live, &self.options)
    }

    /// The plan's changes, one line each.
    pub(super) fn changes(&self) -> Vec<String> {
        show(&self.plan())
    }
}

/// Each change: its symbol, its address, the fields of an update, the rule that blocks it.
pub(super) fn show(plan: &Plan) -> Vec<String> {
    let side = |value: &Option<Value>| value.as_ref().map_or("-".to_owned(), Value::to_string);
    let line = |change: &apicenter::plan::Change| {
        let mut line = format!("{} {}", change.action().symbol(), change.address);
        if change.before().is_some() && change.after().is_some() {
            for field in &change.fields {
                let (before, after) = (side(&field.before), side(&field.after));
                line.push_str(&format!(" {}: {before} => {after}", field.path));
            }
        }
        if let Some(rule) = &change.blocked {
            line.push_str(&format!(" ({rule})"));
        }
        line
    };
    plan.changes.iter().map(line).collect()
}

/// The texts of the rules that forbid the plan.
pub(super) fn refusals(plan: &Plan) -> Vec<&str> {
    let messages = plan.refusals.iter().map(|refusal| refusal.message.as_str());
    messages.collect()
}

pub(super) fn texts(addresses: &[Address]) -> Vec<String> {
    addresses.iter().map(ToString::to_string).collect()
}
