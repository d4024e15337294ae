//! The objects of description formats: which of their fields hold objects that may be elsewhere.

/// What a value is: one object, objects by name, or a list of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Position {
    /// One object, or a list of alternatives to it.
    One(Kind),
    /// Objects by name.
    Map(Kind),
    /// A list of objects.
    List(Kind),
}

/// The kinds of objects that are distinguished.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// A value in which nothing is a reference: an example, an extension.
    Data,
    /// An object of the format that has no fields of its own here.
    Plain,
    OpenApi,
    Swagger,
    Components,
    Paths,
    PathItem,
    Operation,
    Responses,
    Callback,
    Response,
    RequestBody,
    MediaType,
    Encoding,
    Parameter,
    Header,
    Example,
    Link,
    SecurityScheme,
    Schema,
    Discriminator,
    AsyncApi,
    EventComponents,
    Channel,
    EventOperation,
    OperationTrait,
    Message,
    MessageTrait,
    /// A schema that may be of another language.
    Payload,
    CorrelationId,
    EventParameter,
    Reply,
    ReplyAddress,
    Server,
    ServerVariable,
    ServerBindings,
    ChannelBindings,
    OperationBindings,
    MessageBindings,
    Binding,
}

impl Position {
    /// What the value of a key is.
    pub(super) fn child(self, key: &str) -> Self {
        match self {
            Self::Map(kind) | Self::List(kind) => Self::One(kind),
            Self::One(_) if key.starts_with("x-") => Self::One(Kind::Data),
            Self::One(kind) => field(kind, key),
        }
    }

    /// What an item of a list is.
    pub(super) fn item(self) -> Self {
        let (Self::One(kind) | Self::Map(kind) | Self::List(kind)) = self;
        Self::One(kind)
    }

    /// What is at the end of some steps.
    pub(super) fn at(self, steps: impl Iterator<Item = String>) -> Self {
        steps.fold(self, |position, step| {
            let child = position.child(&step);
            let is_index = step.bytes().all(|b| b.is_ascii_digit());
            let is_item = is_index && child.is_data() && position.is_schema();
            if is_item { position.item() } else { child }
        })
    }

    pub(super) fn is_data(self) -> bool {
        self == Self::One(Kind::Data)
    }

    pub(super) fn is_schema(self) -> bool {
        matches!(self, Self::One(Kind::Schema | Kind::Payload))
    }
}

fn field(kind: Kind, key: &str) -> Position {
    use Position::{List, Map, One};
    match kind {
        Kind::OpenApi | Kind::Swagger | Kind::Components => of_root(kind, key),
        Kind::AsyncApi | Kind::EventComponents => of_event_root(kind, key),
        Kind::Paths | Kind::Callback => One(Kind::PathItem),
        Kind::Responses => One(Kind::Response),
        Kind::PathItem | Kind::Operation => of_operation(kind, key),
        Kind::Schema => of_schema(key),
        Kind::Payload if key == "schema" => One(Kind::Schema),
        Kind::Payload => of_schema(key),
        Kind::Plain => match key {
            "example" | "examples" | "default" | "enum" | "const" => One(Kind::Data),
            _ => One(Kind::Plain),
        },
        Kind::Response
        | Kind::RequestBody
        | Kind::MediaType
        | Kind::Encoding
        | Kind::Parameter
        | Kind::Header => match key {
            "headers" => Map(Kind::Header),
            "content" => Map(Kind::MediaType),
            "links" => Map(Kind::Link),
            "schema" | "itemSchema" | "items" => One(Kind::Schema),
            "examples" if kind != Kind::Response => Map(Kind::Example),
            "encoding" => Map(Kind::Encoding),
            "prefixEncoding" => List(Kind::Encoding),
            "itemEncoding" => One(Kind::Encoding),
            _ => One(Kind::Data),
        },
        Kind::Link if key == "server" => One(Kind::Plain),
        Kind::ServerBindings
        | Kind::ChannelBindings
        | Kind::OperationBindings
        | Kind::MessageBindings => One(Kind::Binding),
        Kind::Binding => match key {
            "key" | "query" | "headers" => One(Kind::Schema),
            _ => One(Kind::Data),
        },
        Kind::Data
        | Kind::Discriminator
        | Kind::Example
        | Kind::Link
        | Kind::SecurityScheme
        | Kind::CorrelationId
        | Kind::ReplyAddress
        | Kind::ServerVariable => One(Kind::Data),
        _ => of_event(kind, key),
    }
}

fn of_root(kind: Kind, key: &str) -> Position {
    use Position::{Map, One};
    match (kind, key) {
        (Kind::Swagger, "definitions") => Map(Kind::Schema),
        (Kind::Swagger, "responses") => Map(Kind::Response),
        (Kind::Swagger, "parameters") => Map(Kind::Parameter),
        (Kind::Components, "pathItems") | (Kind::OpenApi, "webhooks") => Map(Kind::PathItem),
        (Kind::Components, "mediaTypes") => Map(Kind::MediaType),
        (Kind::Components, _) => in_section(&OPENAPI_SECTIONS, key),
        (Kind::OpenApi, "components") => One(Kind::Components),
        (Kind::OpenApi | Kind::Swagger, "paths") => One(Kind::Paths),
        (Kind::OpenApi | Kind::Swagger, "info" | "tags" | "servers" | "externalDocs") => {
            One(Kind::Plain)
        }
        _ => One(Kind::Data),
    }
}

/// What a key of `components` holds.
fn in_section(sections: &[(&str, Kind)], key: &str) -> Position {
    let mut sections = sections.iter();
    let found = sections.find(|(pointer, _)| pointer.strip_prefix("/components/") == Some(key));
    found.map_or(Position::One(Kind::Data), |(_, kind)| Position::Map(*kind))
}

fn of_operation(kind: Kind, key: &str) -> Position {
    use Position::{List, Map, One};
    match (kind, key) {
        (_, "parameters") => List(Kind::Parameter),
        (_, "servers" | "externalDocs") => One(Kind::Plain),
        (Kind::Operation, "requestBody") => One(Kind::RequestBody),
        (Kind::Operation, "responses") => One(Kind::Responses),
        (Kind::Operation, "callbacks") => Map(Kind::Callback),
        (Kind::PathItem, "additionalOperations") => Map(Kind::Operation),
        (
            Kind::PathItem,
            "get" | "put" | "post" | "delete" | "options" | "head" | "patch" | "trace" | "query",
        ) => One(Kind::Operation),
        _ => One(Kind::Data),
    }
}

fn of_schema(key: &str) -> Position {
    use Position::{List, Map, One};
    match key {
        "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas"
        | "dependencies" => Map(Kind::Schema),
        "allOf" | "anyOf" | "oneOf" | "prefixItems" => List(Kind::Schema),
        "items"
        | "additionalItems"
        | "additionalProperties"
        | "unevaluatedItems"
        | "unevaluatedProperties"
        | "not"
        | "if"
        | "then"
        | "else"
        | "contains"
        | "propertyNames"
        | "contentSchema" => One(Kind::Schema),
        "discriminator" => One(Kind::Discriminator),
        "externalDocs" => One(Kind::Plain),
        _ => One(Kind::Data),
    }
}

fn of_event_root(kind: Kind, key: &str) -> Position {
    use Position::{Map, One};
    match (kind, key) {
        (_, "channels") => Map(Kind::Channel),
        (_, "operations") => Map(Kind::EventOperation),
        (_, "servers") => Map(Kind::Server),
        (Kind::AsyncApi, "components") => One(Kind::EventComponents),
        (Kind::AsyncApi, "info" | "tags" | "externalDocs") => One(Kind::Plain),
        (Kind::EventComponents, "replyAddresses") => Map(Kind::ReplyAddress),
        (Kind::EventComponents, _) => in_section(&ASYNCAPI_SECTIONS, key),
        _ => One(Kind::Data),
    }
}

fn of_event(kind: Kind, key: &str) -> Position {
    use Position::{List, Map, One};
    match (kind, key) {
        (Kind::Channel, "subscribe" | "publish") => One(Kind::EventOperation),
        (Kind::Channel, "messages") => Map(Kind::Message),
        (Kind::Channel, "parameters") => Map(Kind::EventParameter),
        (Kind::Channel, "servers") => List(Kind::Server),
        (Kind::Channel, "bindings") => One(Kind::ChannelBindings),
        (Kind::EventOperation, "message") => One(Kind::Message),
        (Kind::EventOperation, "traits") => List(Kind::OperationTrait),
        (Kind::EventOperation, "reply") => One(Kind::Reply),
        (Kind::EventOperation | Kind::Reply, "messages") => List(Kind::Message),
        (Kind::EventOperation | Kind::Reply, "channel") => One(Kind::Channel),
        (Kind::EventOperation | Kind::OperationTrait, "bindings") => One(Kind::OperationBindings),
        (Kind::EventOperation | Kind::OperationTrait | Kind::Server, "security") => {
            List(Kind::SecurityScheme)
        }
        (Kind::Reply, "address") => One(Kind::ReplyAddress),
        (Kind::Message, "oneOf") => List(Kind::Message),
        (Kind::Message, "traits") => List(Kind::MessageTrait),
        (Kind::Message, "payload") => One(Kind::Payload),
        (Kind::Message | Kind::MessageTrait, "headers") => One(Kind::Schema),
        (Kind::Message | Kind::MessageTrait, "correlationId") => One(Kind::CorrelationId),
        (Kind::Message | Kind::MessageTrait, "bindings") => One(Kind::MessageBindings),
        (Kind::Server, "variables") => Map(Kind::ServerVariable),
        (Kind::Server, "bindings") => One(Kind::ServerBindings),
        (Kind::EventParameter, "schema") => One(Kind::Schema),
        (_, "tags" | "externalDocs") => One(Kind::Plain),
        _ => One(Kind::Data),
    }
}

pub(super) const OPENAPI_SECTIONS: [(&str, Kind); 9] = [
    ("/components/schemas", Kind::Schema),
    ("/components/responses", Kind::Response),
    ("/components/parameters", Kind::Parameter),
    ("/components/examples", Kind::Example),
    ("/components/requestBodies", Kind::RequestBody),
    ("/components/headers", Kind::Header),
    ("/components/securitySchemes", Kind::SecurityScheme),
    ("/components/links", Kind::Link),
    ("/components/callbacks", Kind::Callback),
];

pub(super) const ASYNCAPI_SECTIONS: [(&str, Kind); 16] = [
    ("/components/schemas", Kind::Schema),
    ("/components/messages", Kind::Message),
    ("/components/parameters", Kind::EventParameter),
    ("/components/correlationIds", Kind::CorrelationId),
    ("/components/operationTraits", Kind::OperationTrait),
    ("/components/messageTraits", Kind::MessageTrait),
    ("/components/servers", Kind::Server),
    ("/components/serverVariables", Kind::ServerVariable),
    ("/components/securitySchemes", Kind::SecurityScheme),
    ("/components/serverBindings", Kind::ServerBindings),
    ("/components/channelBindings", Kind::ChannelBindings),
    ("/components/operationBindings", Kind::OperationBindings),
    ("/components/messageBindings", Kind::MessageBindings),
    ("/components/channels", Kind::Channel),
    ("/components/operations", Kind::EventOperation),
    ("/components/replies", Kind::Reply),
];
