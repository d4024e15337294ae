"""The official Python clients against the emulator, unmodified.

They know its address (EMULATOR) and whom to trust (REQUESTS_CA_BUNDLE). Any difference raises.
"""

import io
import http.server
import json
import os
import threading
import time
import uuid

import requests
from azure.core.exceptions import (
    ClientAuthenticationError,
    HttpResponseError,
    ResourceExistsError,
    ResourceNotFoundError,
)
from azure.identity import ClientSecretCredential
from azure.mgmt.apicenter import ApiCenterMgmtClient, models
from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.resource.resources import ResourceManagementClient
from azure.mgmt.resource.subscriptions import SubscriptionClient

EMULATOR = os.environ["EMULATOR"]
SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
TENANT = "22222222-2222-4222-8222-222222222222"
GROUP = "python"
SERVICE = "python-sdk"
WORKSPACE = (GROUP, SERVICE, "default")
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"

passed = 0


def check(words, condition, found=None):
    global passed
    if not condition:
        raise SystemExit(f"FAILED  {words}: {found!r}")
    passed += 1
    print(f"ok      python: {words}")


def raises(kind, call):
    """The error of this kind that the call raises; that it does is a check, too."""
    global passed
    try:
        call()
    except kind as error:
        passed += 1
        return error
    raise SystemExit(f"FAILED  {call} raised no {kind.__name__}")


def credential(secret="the right secret"):
    return ClientSecretCredential(
        tenant_id=TENANT,
        client_id="an-application",
        client_secret=secret,
        authority=EMULATOR,
        disable_instance_discovery=True,
    )


def settings(secret="the right secret"):
    return {
        "credential": credential(secret),
        "base_url": EMULATOR,
        "credential_scopes": [f"{EMULATOR}/.default"],
        "polling_interval": 0.1,
    }


def signing_in(center):
    scope = f"{EMULATOR}/.default"
    token = credential().get_token(scope)
    check("a token ends within about an hour", 3000 < token.expires_on - time.time() < 3700, token)
    error = raises(ClientAuthenticationError, lambda: credential("a wrong one").get_token(scope))
    check("a wrong secret is refused", "AADSTS7000215" in str(error), error)
    foreign = requests.get(
        f"{EMULATOR}/subscriptions?api-version=2022-12-01",
        headers={"Authorization": "Bearer somebody's"},
        timeout=10,
    )
    check("a foreign token is refused", foreign.status_code == 401, foreign.status_code)
    check(
        "and the answer says where to sign in",
        f'authorization_uri="{EMULATOR}/' in foreign.headers["WWW-Authenticate"],
        foreign.headers,
    )
    check("the operations are listed", "Microsoft.ApiCenter/services/read" in {o.name for o in center.operations.list()})


def around(resources, subscriptions):
    group = resources.resource_groups.create_or_update(GROUP, {"location": "westeurope", "tags": {"a": "b"}})
    check("a group is made", (group.name, group.location, group.tags) == (GROUP, "westeurope", {"a": "b"}), group)
    check("a group is there", resources.resource_groups.check_existence(GROUP))
    check("another is not", not resources.resource_groups.check_existence("nowhere"))
    error = raises(ResourceNotFoundError, lambda: resources.resource_groups.get("nowhere"))
    check("a missing group is named", error.error.code == "ResourceGroupNotFound", error)
    check("groups are listed", [g.name for g in resources.resource_groups.list()] == [GROUP])
    found = subscriptions.subscriptions.get(SUBSCRIPTION)
    check("the subscription is enabled", found.state == "Enabled", found)
    listed = [one.subscription_id for one in subscriptions.subscriptions.list()]
    check("subscriptions are listed", listed == [SUBSCRIPTION], listed)
    check("there is a tenant", len(list(subscriptions.tenants.list())) == 1)
    provider = resources.providers.register("Microsoft.ApiCenter")
    check("the provider is registered", provider.registration_state == "Registered", provider)
    types = {one.resource_type: one for one in provider.resource_types}
    check("it has services", "2024-03-01" in types["services"].api_versions, types)


def service(**more):
    """The body of a service. The model of the client knows no plan, which the service requires."""
    body = {"location": "westeurope", "sku": {"name": "Free"}, **more}
    return io.BytesIO(json.dumps(body).encode())


def services(center, resources):
    made = center.services.create_or_update(
        GROUP,
        SERVICE,
        service(tags={"team": "apis"}, identity={"type": "SystemAssigned"}),
    )
    check("a service is made", (made.name, made.tags) == (SERVICE, {"team": "apis"}), made)
    check("it has an identity", uuid.UUID(made.identity.principal_id) is not None, made.identity)
    check("it is read", center.services.get(GROUP, SERVICE).id == made.id)
    updated = center.services.update(GROUP, SERVICE, models.ServiceUpdate(tags={"team": "platform"}))
    check("it is updated", updated.tags == {"team": "platform"}, updated)
    check("it is listed in its group", [s.name for s in center.services.list_by_resource_group(GROUP)] == [SERVICE])
    check("and in its subscription", SERVICE in [s.name for s in center.services.list_by_subscription()])
    error = raises(ResourceNotFoundError, lambda: center.services.get(GROUP, "nowhere"))
    check("a missing service is named", error.error.code == "ResourceNotFound", error)
    listed = list(resources.resources.list(filter="resourceType eq 'Microsoft.ApiCenter/services'"))
    check("it is among all resources", [one.id for one in listed] == [made.id], listed)
    return made


def metadata(center):
    schemas = center.metadata_schemas
    text = json.dumps({"type": "string", "title": "Team"})
    made = schemas.create_or_update(
        GROUP,
        SERVICE,
        "team",
        models.MetadataSchema(
            properties=models.MetadataSchemaProperties(
                schema=text, assigned_to=[models.MetadataAssignment(entity="api", required=False)]
            )
        ),
    )
    check("a metadata schema is made", made.properties.schema == text, made)
    check("it is there", schemas.head(GROUP, SERVICE, "team") is True)
    raises(ResourceNotFoundError, lambda: schemas.head(GROUP, SERVICE, "none"))
    exported = center.services.begin_export_metadata_schema(
        GROUP, SERVICE, models.MetadataSchemaExportRequest(assigned_to="api")
    ).result()
    properties = json.loads(exported.value)["properties"]["customProperties"]["properties"]
    check("it is in the exported schema", properties["team"]["title"] == "Team", properties)


def environments(center):
    made = center.environments.create_or_update(
        *WORKSPACE,
        "prod",
        models.Environment(
            properties=models.EnvironmentProperties(
                title="Production",
                kind="production",
                server=models.EnvironmentServer(type="Kubernetes", management_portal_uri=["https://k8s.example"]),
            )
        ),
    )
    check("an environment is made", made.properties.server.type == "Kubernetes", made)
    return "/workspaces/default/environments/prod"


def api(title="Orders", **more):
    return models.Api(properties=models.ApiProperties(title=title, kind="rest", **more))


def apis(center):
    for name in ["orders", *(f"api-{number}" for number in range(7))]:
        center.apis.create_or_update(*WORKSPACE, name, api(name.title()))
    listed = [one.name for one in center.apis.list(*WORKSPACE)]
    check("a list of three pages is read to its end", len(listed) == 8 and listed[0] == "orders", listed)
    by_page = [len(list(page)) for page in center.apis.list(*WORKSPACE).by_page()]
    check("there are three pages", by_page == [3, 3, 2], by_page)
    filtered = [one.name for one in center.apis.list(*WORKSPACE, filter="name eq 'api-3'")]
    check("a filter filters", filtered == ["api-3"], filtered)
    updated = center.apis.create_or_update(
        *WORKSPACE,
        "orders",
        api("Orders", summary="Buying things", custom_properties={"team": "shop"}),
    )
    check("an API is updated", updated.properties.summary == "Buying things", updated)
    read = center.apis.get(*WORKSPACE, "orders")
    check("its own metadata is kept", read.properties.custom_properties == {"team": "shop"}, read)
    check("its times are read", read.system_data.created_at < read.system_data.last_modified_at, read.system_data)
    center.apis.delete(*WORKSPACE, "api-6")
    error = raises(ResourceNotFoundError, lambda: center.apis.get(*WORKSPACE, "api-6"))
    check("a deleted API is not found", error.status_code == 404, error)
    center.apis.delete(*WORKSPACE, "api-6")
    raises(ResourceNotFoundError, lambda: center.apis.head(*WORKSPACE, "api-6"))
    error = raises(HttpResponseError, lambda: center.apis.create_or_update(*WORKSPACE, "long", api("t" * 51)))
    check("a title that is too long is refused", error.status_code == 400, error)
    check("in the service's words", "maximum length of '50'" in error.response.text(), error.response.text())


def document_server(text):
    """A page to import from, on this machine."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *arguments):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/openapi.json"


def documents(center, environment):
    at = (*WORKSPACE, "orders", "1-0-0")
    center.api_versions.create_or_update(
        *at,
        models.ApiVersion(properties=models.ApiVersionProperties(title="1.0.0", lifecycle_stage="production")),
    )
    stage = center.apis.get(*WORKSPACE, "orders").properties.lifecycle_stage
    check("the API is in the stage of its version", stage == "production", stage)
    definition = models.ApiDefinition(properties=models.ApiDefinitionProperties(title="OpenAPI"))
    center.api_definitions.create_or_update(*at, "openapi", definition)
    small = '{"openapi": "3.0.3", "info": {"title": "Orders", "version": "1"}, "paths": {}}\r\n'
    kind = models.ApiSpecImportRequestSpecification(name="openapi", version="3.0.3")

    def imported(**request):
        body = models.ApiSpecImportRequest(specification=kind, **request)
        center.api_definitions.begin_import_specification(*at, "openapi", body).result()

    imported(format="inline", value=small)
    exported = center.api_definitions.begin_export_specification(*at, "openapi").result()
    check("a document comes back as it went", (exported.format, exported.value) == ("inline", small), exported)
    read = center.api_definitions.get(*at, "openapi").properties.specification
    check("the definition says what it is", (read.name, read.version) == ("openapi", "3.0.3"), read)
    large = small.replace("Orders", "Orders " * 500)
    imported(format="link", value=document_server(large))
    exported = center.api_definitions.begin_export_specification(*at, "openapi").result()
    check("a large document is exported as a link", exported.format == "link", exported)
    fetched = requests.get(exported.value, timeout=10).text
    check("the link import waited until it was there", fetched.strip() == large.strip(), fetched[:80])
    error = raises(HttpResponseError, lambda: imported(format="link", value="http://127.0.0.1:1/none"))
    check("an import that fails is an error", error is not None, error)
    deployed = center.deployments.create_or_update(
        *WORKSPACE,
        "orders",
        "prod-eu",
        models.Deployment(
            properties=models.DeploymentProperties(
                title="EU",
                environment_id=environment,
                definition_id="/workspaces/default/apis/orders/versions/1-0-0/definitions/openapi",
                server=models.DeploymentServer(runtime_uri=["https://eu.example"]),
            )
        ),
    )
    check("a deployment is made", deployed.properties.server.runtime_uri == ["https://eu.example"], deployed)
    check("it is listed", len(list(center.deployments.list(*WORKSPACE, "orders"))) == 1)
    center.apis.delete(*WORKSPACE, "orders")
    error = raises(ResourceNotFoundError, lambda: center.api_definitions.get(*at, "openapi"))
    check("an API takes all below it along", error.status_code == 404, error)


def roles(authorization, service):
    vault = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}/providers/Microsoft.KeyVault/vaults/secrets"
    role = next(iter(authorization.role_definitions.list(service.id, filter="roleName eq 'Reader'")))
    check("a role is found by its name", role.name == READER, role)
    body = {
        "role_definition_id": role.id,
        "principal_id": service.identity.principal_id,
        "principal_type": "ServicePrincipal",
    }
    name = str(uuid.uuid4())
    late = str(uuid.uuid4())
    create = authorization.role_assignments.create
    refused = set()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            made = create(vault, name, body)
            break
        except HttpResponseError as error:
            refused.add(error.error.code)
            time.sleep(0.1)
    check("a new identity is not known at once", refused == {"PrincipalNotFound"}, refused)
    check("a role is assigned", (made.scope, made.principal_id) == (vault, body["principal_id"]), made)
    check("the same again does no harm", create(vault, name, body).id == made.id)
    error = raises(ResourceExistsError, lambda: create(vault, late, body))
    check("the same by another name is refused", error.error.code == "RoleAssignmentExists", error)
    other = {**body, "principal_id": str(uuid.uuid4())}
    error = raises(HttpResponseError, lambda: create(vault, name, other))
    check("an assignment keeps its principal", error.error.code == "RoleAssignmentUpdateNotPermitted", error)
    create(f"/subscriptions/{SUBSCRIPTION}", late, body)
    listed = authorization.role_assignments.list_for_scope(vault, filter="atScope()")
    check("inherited assignments are listed", {one.name for one in listed} == {name, late})
    mine = f"principalId eq '{other['principal_id']}'"
    check("nobody else has one", list(authorization.role_assignments.list_for_subscription(filter=mine)) == [])
    gone = authorization.role_assignments.delete(vault, name)
    check("a deleted assignment is told", gone.name == name, gone)
    check("there is none a second time", authorization.role_assignments.delete(vault, name) is None)
    authorization.role_assignments.delete(f"/subscriptions/{SUBSCRIPTION}", late)


def ends(center, resources):
    center.metadata_schemas.delete(GROUP, SERVICE, "team")
    check("nothing is left", list(center.metadata_schemas.list(GROUP, SERVICE)) == [])
    center.services.delete(GROUP, SERVICE)
    check("the service is gone", SERVICE not in [s.name for s in center.services.list_by_subscription()])
    error = raises(
        HttpResponseError,
        lambda: center.services.create_or_update(GROUP, SERVICE, service()),
    )
    check("its name stays taken", "already taken" in error.response.text(), error.response.text())
    resources.resource_groups.begin_delete(GROUP).result()
    check("the group is gone", not resources.resource_groups.check_existence(GROUP))


def main():
    center = ApiCenterMgmtClient(subscription_id=SUBSCRIPTION, **settings())
    resources = ResourceManagementClient(subscription_id=SUBSCRIPTION, **settings())
    authorization = AuthorizationManagementClient(subscription_id=SUBSCRIPTION, **settings())
    signing_in(center)
    around(resources, SubscriptionClient(**settings()))
    service = services(center, resources)
    roles(authorization, service)
    metadata(center)
    environment = environments(center)
    apis(center)
    documents(center, environment)
    ends(center, resources)
    print(f"python: {passed} passed")


main()
