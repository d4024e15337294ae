//! Every field of AsyncAPI, WSDL and XML Schema is judged, or left out for a reason.

use std::collections::BTreeSet;

use serde_json::Value;

use super::super::{BREAKING_RULES, breaking};
use super::wsdl::SHOP;

/// Fields of AsyncAPI, and the rules that judge an added, changed or removed one, or why none does.
const ASYNCAPI: &[(&str, &str)] = &[
    (
        "schema-type schema-values schema-constraint schema-format schema-alternative schema-undecided property-required property-optional property-removed property-direction object-closed object-opened",
        "payload headers schema schemas additionalItems additionalProperties allOf anyOf const contains dependencies else enum exclusiveMaximum exclusiveMinimum format if items maxItems maxLength maxProperties maximum minItems minLength minProperties minimum multipleOf not oneOf pattern patternProperties properties propertyNames readOnly required then type uniqueItems writeOnly nullable",
    ),
    ("schema-default", "default"),
    ("discriminator", "discriminator propertyName mapping"),
    ("channel-removed channel-address", "channels address"),
    ("operation-removed", "operations publish subscribe"),
    ("operation-action", "action"),
    ("operation-channel", "channel"),
    (
        "message-removed message-added",
        "message messages messageId name",
    ),
    ("media-type-removed", "contentType defaultContentType"),
    (
        "payload-format",
        "schemaFormat aliases doc fields namespace order size symbols values",
    ),
    ("correlation-id", "correlationId correlationIds"),
    (
        "reply-removed reply-changed",
        "reply replies replyAddresses",
    ),
    (
        "parameter-location correlation-id reply-changed",
        "location",
    ),
    ("schema-values", "parameters"),
    (
        "server-removed",
        "servers host pathname url variables serverVariables",
    ),
    ("server-protocol", "protocol protocolVersion"),
    ("security", "security securitySchemes scheme scopes in"),
    (
        "security-flow",
        "flows implicit password clientCredentials authorizationCode",
    ),
    (
        "security-address",
        "authorizationUrl tokenUrl openIdConnectUrl",
    ),
    (
        "binding-changed",
        "bindings channelBindings messageBindings operationBindings serverBindings amqp amqp1 anypointmq googlepubsub http ibmmq jms kafka mqtt mqtt5 nats pulsar redis sns solace sqs stomp ws",
    ),
    (
        "(applied to what has them)",
        "traits messageTraits operationTraits",
    ),
    (
        "(followed where they are used)",
        "$ref components definitions $id",
    ),
    (
        "(the version and the dialect)",
        "asyncapi $schema bindingVersion",
    ),
    (
        "(scopes that may be asked for, while `scopes` says which are needed)",
        "availableScopes",
    ),
    (
        "(says nothing about what is sent)",
        "id info title summary description contact license termsOfService version email externalDocs tags example examples $comment operationId bearerFormat contentEncoding contentMediaType x-linkedin x-x",
    ),
    (
        "(how XML is written: not compared)",
        "xml attribute prefix wrapped",
    ),
    (
        "(announces a removal and breaks nothing by itself)",
        "deprecated",
    ),
    ("(clients do without it)", "refreshUrl"),
];

fn fields(value: &Value, found: &mut BTreeSet<String>) {
    if let Some(properties) = value.get("properties").and_then(Value::as_object) {
        found.extend(properties.keys().cloned());
    }
    match value {
        Value::Object(map) => map
            .iter()
            .filter(|(name, _)| {
                !name
                    .rsplit('/')
                    .next()
                    .is_some_and(|name| name.starts_with("bindings-"))
            })
            .for_each(|(_, value)| fields(value, found)),
        Value::Array(items) => items.iter().for_each(|value| fields(value, found)),
        _ => {}
    }
}

/// The rules that a table names exist; the other rows give a reason.
fn rules_exist(table: &[(&str, &str)]) {
    for rule in table
        .iter()
        .filter(|(rules, _)| !rules.starts_with('('))
        .flat_map(|(rules, _)| rules.split(' '))
    {
        assert!(
            BREAKING_RULES.iter().any(|known| known.id == rule),
            "{rule}"
        );
    }
}

/// The fields of bindings are compared whatever they are called, so only their names are left out.
#[test]
fn no_field_of_asyncapi_is_forgotten() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/document/schemas");
    let known: BTreeSet<&str> = ASYNCAPI
        .iter()
        .flat_map(|(_, fields)| fields.split(' '))
        .collect();
    rules_exist(ASYNCAPI);
    for version in ["2.6", "3.0"] {
        let text = std::fs::read(format!("{folder}/asyncapi-{version}.json")).unwrap();
        let mut found = BTreeSet::new();
        fields(&serde_json::from_slice(&text).unwrap(), &mut found);
        assert!(found.len() > 100, "{found:?}");
        let forgotten: Vec<&String> = found
            .iter()
            .filter(|field| !known.contains(field.as_str()))
            .collect();
        assert!(forgotten.is_empty(), "{version}: {forgotten:?}");
    }
}

/// Elements and attributes of WSDL 1.1 and 2.0, of SOAP in it, and of XML Schema.
const NAMES: &str = "definitions description types message part portType interface operation input output fault outfault \
    infault binding service port endpoint import include documentation name targetNamespace element type ref extends \
    pattern address location transport style soapAction use parts namespace encodingStyle header headerfault \
    parameterOrder schema complexType simpleType sequence all choice group any attribute attributeGroup anyAttribute \
    simpleContent complexContent extension restriction list union enumeration minLength maxLength length \
    minInclusive maxInclusive minExclusive maxExclusive totalDigits fractionDigits whiteSpace assertion minOccurs maxOccurs \
    nillable default fixed form elementFormDefault attributeFormDefault mixed abstract base itemType memberTypes \
    substitutionGroup block final processContents key keyref unique selector field annotation appinfo id version";

/// The names, and the rules that judge an added, changed or removed one, or why none does.
const WSDL: &[(&str, &str)] = &[
    ("port-type-removed", "portType interface extends"),
    ("operation-removed", "operation"),
    ("operation-pattern", "input output pattern"),
    ("message-part", "message part element ref"),
    ("(a hint for generated signatures)", "parameterOrder"),
    ("fault-changed", "fault outfault infault"),
    ("port-removed", "service port endpoint"),
    ("server-removed", "address location"),
    (
        "binding-changed",
        "binding transport style use parts namespace encodingStyle header headerfault",
    ),
    ("soap-action", "soapAction"),
    (
        "namespace-changed",
        "targetNamespace form elementFormDefault",
    ),
    ("element-order", "sequence all"),
    (
        "schema-type schema-values schema-constraint schema-alternative schema-undecided property-required property-optional property-removed object-closed object-opened",
        "types type schema complexType simpleType choice group any attribute attributeGroup anyAttribute simpleContent complexContent extension restriction list union enumeration minLength maxLength length minInclusive maxInclusive minExclusive maxExclusive totalDigits fractionDigits assertion minOccurs maxOccurs nillable fixed mixed base itemType memberTypes substitutionGroup",
    ),
    ("schema-default", "default"),
    ("discriminator", "abstract"),
    ("schema-undecided", "key keyref unique selector field"),
    (
        "(names what others refer to)",
        "definitions description name",
    ),
    (
        "(what other files say is not read; references to it are cautions if they change)",
        "import include",
    ),
    (
        "(says nothing about what is sent)",
        "documentation annotation appinfo id version whiteSpace",
    ),
    (
        "(types that stand for others: not compared, as the page says)",
        "block final processContents",
    ),
    ("(not compared, as the page says)", "attributeFormDefault"),
];

#[test]
fn no_name_of_wsdl_and_xml_schema_is_forgotten() {
    rules_exist(WSDL);
    let known: BTreeSet<&str> = WSDL
        .iter()
        .flat_map(|(_, names)| names.split(' '))
        .collect();
    let all: BTreeSet<&str> = NAMES.split_whitespace().collect();
    assert_eq!(known, all);
}

/// Additions, changes and removals, and the one rule that reports each; none where the table gives a reason.
const CHANGES: &[(&str, &str, &str)] = &[
    (
        "<xs:attribute name=\"lang\"",
        "<xs:attribute form=\"qualified\" name=\"lang\"",
        "",
    ),
    (
        "<xs:simpleType name=\"Sku\">",
        "<xs:simpleType name=\"Sku\" id=\"a\" final=\"#all\">",
        "",
    ),
    (
        "<xs:complexType><xs:sequence>\n",
        "<xs:complexType block=\"extension\"><xs:sequence>\n",
        "",
    ),
    (
        "<xs:complexType><xs:sequence>\n",
        "<xs:complexType mixed=\"true\"><xs:sequence>\n",
        "",
    ),
    (
        "<message name=\"PlaceOut\">",
        "<message name=\"PlaceOut\"><documentation>It.</documentation>",
        "",
    ),
    (
        "<xs:maxLength value=\"9\"/>",
        "<xs:maxLength value=\"9\"/><xs:whiteSpace value=\"collapse\"/>",
        "",
    ),
    (
        "<xs:maxLength value=\"9\"/>",
        "<xs:maxLength value=\"8\"/>",
        "schema-constraint",
    ),
    (
        "<xs:maxLength value=\"9\"/>",
        "<xs:enumeration value=\"a\"/>",
        "schema-values",
    ),
    (
        "name=\"count\" type=\"xs:int\"",
        "name=\"count\" type=\"xs:boolean\"",
        "schema-type",
    ),
    (
        "name=\"count\" type=\"xs:int\"",
        "name=\"count\" type=\"xs:int\" fixed=\"3\"",
        "schema-values",
    ),
    (
        "name=\"lang\" type=\"xs:string\"",
        "name=\"lang\" type=\"xs:string\" use=\"required\"",
        "property-required",
    ),
    (
        "name=\"id\" type=\"xs:string\"",
        "name=\"id\" type=\"xs:string\" minOccurs=\"0\"",
        "property-optional",
    ),
    (
        "name=\"id\" type=\"xs:string\"",
        "name=\"id\" type=\"xs:string\" nillable=\"true\"",
        "schema-type",
    ),
    (
        "<soap:body use=\"literal\" namespace=\"urn:n\"/>",
        "<soap:body use=\"literal\" namespace=\"urn:m\"/>",
        "binding-changed",
    ),
    (
        "<soap:body use=\"literal\" namespace=\"urn:n\"/>",
        "<soap:body use=\"literal\" namespace=\"urn:n\" parts=\"text\"/>",
        "binding-changed",
    ),
];

#[test]
fn changes_of_names_are_reported_by_their_rules() {
    for (old, new, rule) in CHANGES {
        assert_eq!(SHOP.matches(old).count(), 1, "{old}");
        let found = breaking(SHOP, &SHOP.replace(old, new));
        let rules: BTreeSet<&str> = found.iter().map(|found| found.rule).collect();
        let expected: BTreeSet<&str> = Some(*rule)
            .filter(|rule| !rule.is_empty())
            .into_iter()
            .collect();
        assert_eq!(rules, expected, "{new}: {found:?}");
    }
}
