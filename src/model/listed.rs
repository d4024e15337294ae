//! Live resources as lists show them: what people ask a catalogue for.

use std::borrow::Cow;

use serde_json::Value;

use super::address::Address;
use super::kind::KindInfo;
use super::service_id::ServiceId;
use super::state::LiveResource;
use super::view::{ApiView, CustomProperties, title_of};

/// Who keeps a live resource as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keeper {
    /// This repository: it declares the resource, or its marker is on it.
    Repository,
    /// Another repository, by the name in its marker.
    OtherOwner(String),
    /// An integration that synchronises it.
    Integration {
        /// The integration.
        integration: Address,
        /// Whether that is certain: the service does not say where a resource comes from.
        is_confirmed: bool,
    },
    /// Nobody: it was made by hand, or by a client that leaves no marker.
    Nobody,
}

impl Keeper {
    /// The word of machine forms and conditions.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Repository => "repository",
            Self::OtherOwner(_) => "owner",
            Self::Integration { .. } => "integration",
            Self::Nobody => "nobody",
        }
    }

    /// The other owner, or the integration.
    #[must_use]
    pub fn name(&self) -> Option<String> {
        match self {
            Self::OtherOwner(owner) => Some(owner.clone()),
            Self::Integration { integration, .. } => Some(integration.to_string()),
            Self::Repository | Self::Nobody => None,
        }
    }
}

/// A live resource as a list shows it.
#[derive(Debug, Clone)]
pub struct ListedResource {
    /// The resource.
    pub current: LiveResource,
    /// The stage of its life, which the service may derive.
    pub stage: Option<String>,
    /// How many resources are below it, by the field of a manifest that lists them.
    pub counts: Vec<(&'static str, usize)>,
    /// The owner in the marker that it has, or that what it belongs to has.
    pub owner: Option<String>,
    /// Who keeps it, where that was asked for.
    pub keeper: Option<Keeper>,
}

/// A service of a subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedService {
    /// What identifies it.
    pub id: ServiceId,
    /// Its region.
    pub location: Option<String>,
}

/// Which columns a list of resources of some kinds has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListedColumns {
    /// Whether the kinds have a stage.
    pub stage: bool,
    /// Fields of the manifest.
    pub fields: Vec<&'static str>,
    /// What is counted below a resource.
    pub counts: Vec<&'static str>,
    /// Whether a resource can have a marker.
    pub owner: bool,
}

impl ListedResource {
    /// How conditions name the custom metadata of a resource.
    pub const METADATA: &str = "metadata";

    /// What conditions can name besides the fields of a manifest.
    pub const OWN_FIELDS: [&str; 6] = ["address", "name", "stage", "owner", "keeper", "createdAt"];

    /// The address.
    #[must_use]
    pub fn address(&self) -> &Address {
        &self.current.resource.address
    }

    fn kind(&self) -> &'static KindInfo {
        self.address().kind()
    }

    /// What people call it.
    #[must_use]
    pub fn title(&self) -> Option<&str> {
        title_of(&self.current.resource)
    }

    /// How many resources a field of the manifest would list.
    #[must_use]
    pub fn count(&self, field: &str) -> Option<usize> {
        let mut counts = self.counts.iter();
        let (_, count) = counts.find(|(own, _)| own.eq_ignore_ascii_case(field))?;
        Some(*count)
    }

    /// The keys and positions of a path such as `contacts[0].email` or `metadata["a.b"]`.
    #[must_use]
    pub fn steps(path: &str) -> Vec<Cow<'_, str>> {
        let mut steps = Vec::new();
        let mut rest = path;
        while !rest.is_empty() {
            let (step, after) = match rest.strip_prefix('[') {
                Some(inner) => {
                    let quote = inner.chars().next().filter(|c| ['"', '\''].contains(c));
                    let (content, close) = match quote {
                        Some('"') => (&inner[1..], "\"]"),
                        Some(_) => (&inner[1..], "']"),
                        None => (inner, "]"),
                    };
                    content.split_once(close).unwrap_or((content, ""))
                }
                None => {
                    let end = rest.find(['.', '[']).unwrap_or(rest.len());
                    rest.split_at(end)
                }
            };
            steps.push(Cow::from(step));
            rest = after.strip_prefix('.').unwrap_or(after);
        }
        steps
    }

    /// The values of a field, as conditions name it; none if it is not set.
    #[must_use]
    pub fn values(&self, field: &str) -> Vec<Value> {
        let text = |text: Option<&str>| text.map(Value::from).into_iter().collect();
        let is = |name: &str| field.eq_ignore_ascii_case(name);
        if is("address") {
            return vec![self.address().to_string().into()];
        }
        if is("name") {
            return text(Some(self.address().name()));
        }
        if is("stage") || self.kind().stage.is_some_and(is) {
            return text(self.stage.as_deref());
        }
        if is("owner") {
            return text(self.owner.as_deref());
        }
        if is("keeper") {
            let keeper = self.keeper.iter();
            let words = keeper.flat_map(|one| [Some(one.word().to_owned()), one.name()]);
            return words.flatten().map(Value::from).collect();
        }
        if is("createdAt") {
            let created = self.current.created_at.as_ref();
            let text = created.map(|time| Value::from(time.to_seconds()));
            return text.into_iter().collect();
        }
        if is(ApiView::TITLE) {
            return text(self.title());
        }
        if let Some(count) = self.count(field) {
            return vec![count.into()];
        }
        let mut steps = Self::steps(field);
        if steps
            .first()
            .is_some_and(|first| first.eq_ignore_ascii_case(Self::METADATA))
        {
            steps[0] = CustomProperties::FIELD.into();
        }
        let mut found = Vec::new();
        let body = Value::Object(self.current.resource.body.clone());
        collect(&body, &steps, &mut found);
        found
    }
}

/// The values at a path; a list without a position stands for all of its items.
fn collect(value: &Value, steps: &[Cow<'_, str>], found: &mut Vec<Value>) {
    match (value, steps) {
        (Value::Null, _) => {}
        (Value::Array(items), [first, rest @ ..]) => match first.parse::<usize>() {
            Ok(position) => {
                if let Some(item) = items.get(position) {
                    collect(item, rest, found);
                }
            }
            Err(_) => items.iter().for_each(|item| collect(item, steps, found)),
        },
        (Value::Array(items), []) => found.extend(items.iter().cloned()),
        (_, []) => found.push(value.clone()),
        (Value::Object(fields), [first, rest @ ..]) => {
            let named = |(key, _): &(&String, &Value)| key.eq_ignore_ascii_case(first);
            if let Some((_, value)) = fields.iter().find(named) {
                collect(value, rest, found);
            }
        }
        _ => {}
    }
}
