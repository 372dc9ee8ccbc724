// Microsoft's Graph client for JavaScript reads a customer, with tokens that MSAL for Node gets.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { ConfidentialClientApplication } from "@azure/msal-node";
import { BatchRequestContent, BatchResponseContent, Client, PageIterator } from "@microsoft/microsoft-graph-client";

const SCOPE = "https://graph.microsoft.com/.default";
const NOBODY = "00000000-0000-4000-8000-000000000000";
const cloud = JSON.parse(readFileSync(process.env.MSP365_CLOUD, "utf8"));
const truth = readFileSync(process.env.MSP365_TRUTH, "utf8").trimEnd().split("\n").map((line) => JSON.parse(line));

// The largest customer without trouble.
const { tenant } = truth
  .filter((line) => line.kind === "tenant" && line.trouble === null)
  .reduce((one, other) => (other.counts.users > one.counts.users ? other : one));
const known = (kind) => truth.filter((line) => line.kind === kind && line.tenant === tenant);
const ids = (rows) => rows.map((row) => row.id).sort();

function signIn(secret) {
  const app = cloud.apps.find((app) => app.kind === "app_only");
  return new ConfidentialClientApplication({
    auth: {
      clientId: app.client_id,
      clientSecret: secret ?? app.client_secret,
      authority: `${cloud.authority}/${tenant}`,
      knownAuthorities: [new URL(cloud.authority).host],
    },
  });
}

const app = signIn();
const client = Client.initWithMiddleware({
  authProvider: {
    getAccessToken: async () => (await app.acquireTokenByClientCredential({ scopes: [SCOPE] })).accessToken,
  },
  baseUrl: cloud.graph,
  customHosts: new Set([new URL(cloud.graph).hostname]),
});

test("MSAL for Node names the number of a refusal", async () => {
  const refused = signIn("wrong").acquireTokenByClientCredential({ scopes: [SCOPE] });

  await assert.rejects(refused, (error) => error.errorCode === "invalid_client" && /AADSTS7000215/.test(error.message));
});

test("the page iterator meets every user once", async () => {
  const first = await client.api("/users").select(["id", "displayName", "jobTitle"]).top(9).get();
  const met = [];

  await new PageIterator(client, first, (user) => met.push(user) > 0).iterate();

  assert.equal(first.value.length, 9);
  assert.ok(first["@odata.nextLink"]);
  const wanted = known("user").map(({ id, displayName, jobTitle }) => ({ id, displayName, jobTitle }));
  const sorted = (rows) => rows.toSorted((one, other) => one.id.localeCompare(other.id));
  assert.deepEqual(sorted(met), sorted(wanted));
});

test("pages of members carry the kind of each", async () => {
  const { group } = known("membership")[0];
  const first = await client.api(`/groups/${group}/members`).top(2).get();
  const met = [];

  await new PageIterator(client, first, (member) => met.push([member.id, member["@odata.type"]]) > 0).iterate();

  const inside = known("membership").filter((line) => line.group === group);
  assert.deepEqual(met.sort(), inside.map((line) => [line.member, line.type]).sort());
});

test("a round of changes is followed to its end", async () => {
  const first = await client.api("/users/delta").select("id").get();
  const met = [];
  const iterator = new PageIterator(client, first, (user) => met.push(user) > 0);

  await iterator.iterate();
  const later = await client.api(iterator.getDeltaLink()).get();

  assert.deepEqual(ids(met), ids(known("user")));
  assert.deepEqual(later.value, []);
});

test("each request of a batch waits for the one before and has its own answer", async () => {
  const user = known("user")[0];
  // Node takes whole addresses only; the client cuts the host off.
  const step = (id, path, dependsOn) => ({ id, dependsOn, request: new Request(`${cloud.graph}${path}`) });
  const content = new BatchRequestContent([
    step("groups", "/groups?$select=id&$top=999"),
    step("user", `/users/${user.id}?$select=id,displayName`, ["groups"]),
    step("nobody", `/users/${NOBODY}`, ["user"]),
    step("after", "/subscribedSkus", ["nobody"]),
  ]);

  const answers = new BatchResponseContent(await client.api("/$batch").post(await content.getContent()));

  const status = (id) => answers.getResponseById(id).status;
  assert.deepEqual(["groups", "user", "nobody", "after"].map(status), [200, 200, 404, 424]);
  const { value } = await answers.getResponseById("groups").json();
  assert.deepEqual(ids(value), ids(known("group")));
  const { id, displayName } = await answers.getResponseById("user").json();
  assert.deepEqual({ id, displayName }, { id: user.id, displayName: user.displayName });
});

test("an error has the code that the service gives", async () => {
  const refused = client.api(`/users/${NOBODY}`).get();

  await assert.rejects(refused, { statusCode: 404, code: "Request_ResourceNotFound" });
});
