// The official JavaScript clients against the emulator, unmodified.
//
// They know its address (EMULATOR) and whom to trust (NODE_EXTRA_CA_CERTS). Any difference throws.
// Of API Center, the official client knows services only; what is below them goes through the client
// for resources of any type.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import apiCenter from "@azure/arm-apicenter";
import authorizationManagement from "@azure/arm-authorization";
import { ResourceManagementClient } from "@azure/arm-resources";
import { ClientSecretCredential } from "@azure/identity";

const EMULATOR = process.env.EMULATOR;
const SUBSCRIPTION = "00000000-0000-0000-0000-000000000002";
const TENANT = "22222222-2222-4222-8222-222222222222";
const GROUP = "javascript";
const SERVICE = "javascript-sdk";
const VERSION = "2024-03-01";
const OPTIONS = { endpoint: EMULATOR, updateIntervalInMs: 100 };

let passed = 0;

function check(words, found, wanted = true) {
  assert.deepEqual(found, wanted, words);
  passed += 1;
  console.log(`ok      javascript: ${words}`);
}

async function refused(words, call, status, text) {
  await assert.rejects(call, (error) => {
    assert.equal(error.statusCode, status, words);
    assert.match(`${error.code} ${error.message} ${error.response?.bodyAsText}`, text, words);
    return true;
  });
  passed += 1;
  console.log(`ok      javascript: ${words}`);
}

async function all(pages) {
  const found = [];
  for await (const one of pages) found.push(one);
  return found;
}

function credential(secret = "the right secret") {
  return new ClientSecretCredential(TENANT, "an-application", secret, {
    authorityHost: EMULATOR,
    disableInstanceDiscovery: true,
  });
}

async function signingIn() {
  const scope = `${EMULATOR}/.default`;
  const token = await credential().getToken(scope);
  const minutes = (token.expiresOnTimestamp - Date.now()) / 60_000;
  check("a token ends within about an hour", minutes > 50 && minutes < 62);
  await refused(
    "a wrong secret is refused",
    () => credential("a wrong one").getToken(scope),
    undefined, // the client keeps the status to itself
    /7000215/,
  );
}

// The model of this client knows no plan, which the service requires: the client for all resources has one.
async function services(center, resources) {
  const id =
    `/subscriptions/${SUBSCRIPTION}/resourceGroups/${GROUP}/providers/Microsoft.ApiCenter/services/${SERVICE}`;
  const put = (more) =>
    resources.resources.beginCreateOrUpdateByIdAndWait(id, "2024-03-01", {
      location: "westeurope",
      sku: { name: "Free" },
      ...more,
    });
  const made = await put({ tags: { team: "apis" }, identity: { type: "SystemAssigned" } });
  check("a service is made", [made.name, made.tags], [SERVICE, { team: "apis" }]);
  check("it is read", (await center.services.get(GROUP, SERVICE)).id, made.id);
  const replaced = await put({ tags: { team: "shop" } });
  check("it is replaced", [replaced.tags, replaced.identity], [{ team: "shop" }, undefined]);
  const updated = await center.services.update(GROUP, SERVICE, { parameters: {} });
  check("an empty update changes nothing", updated.tags, { team: "shop" });
  const names = (await all(center.services.listByResourceGroup(GROUP))).map((one) => one.name);
  check("it is listed", names, [SERVICE]);
  await refused("a missing service is named", () => center.services.get(GROUP, "nowhere"), 404, /ResourceNotFound/);
  const operations = (await all(center.operations.list())).map((one) => one.name);
  check("the operations are listed", operations.includes("Microsoft.ApiCenter/services/read"));
  return made;
}

async function children(resources, service) {
  const workspace = `${service.id}/workspaces/default`;
  const put = (path, properties) =>
    resources.resources.beginCreateOrUpdateByIdAndWait(`${workspace}/${path}`, VERSION, { properties }, OPTIONS);
  for (const name of ["orders", "payments", "returns", "stock"]) {
    await put(`apis/${name}`, { title: name, kind: "rest" });
  }
  const orders = await resources.resources.getById(`${workspace}/apis/orders`, VERSION);
  check("an API is made and read", [orders.properties.title, orders.properties.kind], ["orders", "rest"]);
  await put("apis/orders/versions/1-0-0", { title: "1.0.0", lifecycleStage: "preview" });
  const staged = await resources.resources.getById(`${workspace}/apis/orders`, VERSION);
  check("it is in the stage of its version", staged.properties.lifecycleStage, "preview");
  await put("environments/prod", { title: "Production", kind: "production" });
  const deployment = await put("apis/orders/deployments/prod", {
    title: "Production",
    environmentId: "/workspaces/default/environments/prod",
    server: { runtimeUri: ["https://prod.example"] },
  });
  check("a deployment is made", deployment.properties.server.runtimeUri, ["https://prod.example"]);
  await refused(
    "a title that is too long is refused",
    () => put("apis/long", { title: "t".repeat(51), kind: "rest" }),
    400,
    /maximum length of '50'/,
  );
  const orderPath = `${workspace}/apis/orders`;
  await resources.resources.beginDeleteByIdAndWait(orderPath, VERSION, OPTIONS);
  await refused("a deleted API is not found", () => resources.resources.getById(orderPath, VERSION), 404, /404/);
}

async function roles(authorization, service) {
  const [role] = await all(
    authorization.roleDefinitions.list(service.id, { filter: "roleName eq 'Azure API Center Service Reader'" }),
  );
  check("a role is found by its name", role.name, "6cba8790-29c5-48e5-bab1-c7541b01cb04");
  const name = randomUUID();
  const body = { roleDefinitionId: role.id, principalId: randomUUID(), principalType: "User" };
  const made = await authorization.roleAssignments.create(service.id, name, body);
  check("a role is assigned", [made.scope, made.principalId], [service.id, body.principalId]);
  await refused(
    "the same by another name is refused",
    () => authorization.roleAssignments.create(service.id, randomUUID(), body),
    409,
    /RoleAssignmentExists/,
  );
  await refused(
    "a name is a GUID",
    () => authorization.roleAssignments.create(service.id, "reader", body),
    400,
    /GUID/,
  );
  const filter = `principalId eq '${body.principalId}'`;
  const listed = await all(authorization.roleAssignments.listForSubscription({ filter }));
  check("it is listed", listed.map((one) => one.name), [name]);
  check("it is deleted", (await authorization.roleAssignments.delete(service.id, name)).name, name);
}

async function main() {
  const center = new apiCenter.AzureAPICenter(credential(), SUBSCRIPTION, OPTIONS);
  const resources = new ResourceManagementClient(credential(), SUBSCRIPTION, OPTIONS);
  const authorization = new authorizationManagement.AuthorizationManagementClient(
    credential(),
    SUBSCRIPTION,
    OPTIONS,
  );
  await signingIn();
  await resources.resourceGroups.createOrUpdate(GROUP, { location: "westeurope" });
  check("a group is made", (await resources.resourceGroups.checkExistence(GROUP)).body);
  const service = await services(center, resources);
  await children(resources, service);
  await roles(authorization, service);
  const filter = "resourceType eq 'Microsoft.ApiCenter/services'";
  const listed = await all(resources.resources.list({ filter }));
  check("the service is among all resources", listed.map((one) => one.id), [service.id]);
  await center.services.delete(GROUP, SERVICE);
  await refused("the service is gone", () => center.services.get(GROUP, SERVICE), 404, /ResourceNotFound/);
  await resources.resourceGroups.beginDeleteAndWait(GROUP, OPTIONS);
  check("the group is gone", (await resources.resourceGroups.checkExistence(GROUP)).body, false);
  console.log(`javascript: ${passed} passed`);
}

await main();
