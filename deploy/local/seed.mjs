import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/**
 * Seeds the platform of a data folder at its first start, of which `noteFile` is the note: what people change or remove
 * afterwards stays as they want it. Returns the logins that the tenants were made with.
 */
export async function seedOnce(httpUrl, seedFile, noteFile) {
  if (!existsSync(noteFile)) {
    await seedDemo(httpUrl, seedFile).catch((error) => {
      // An earlier release seeded the folder without a note of it, and its admin was changed since.
      if (error.status !== 401 && error.status !== 403) throw error;
    });
    writeFileSync(noteFile, `${new Date().toISOString()}\n`);
  }
  return loginsOf(seedFile);
}

/**
 * Gives the tenants of the seed file their queues and agents, by the same public API that everybody uses; what exists
 * already stays as it is. (The gateway itself makes tenants and users from the file.) Returns the logins that they
 * were made with.
 */
export async function seedDemo(httpUrl, seedFile) {
  const { tenants } = JSON.parse(readFileSync(seedFile, 'utf8'));
  for (const { tenant, users, queues = [], agents = [] } of tenants) {
    const admin = users.find((user) => user.role === 'admin');
    const { tokens } = await call(httpUrl, 'parley.gateway.v1.AuthService/Login', {
      tenant,
      email: admin.email,
      password: admin.password,
    });
    const token = tokens.accessToken;
    const routing = (method, body) =>
      call(httpUrl, `parley.routing.v1.RoutingService/${method}`, body, token);
    const known = new Set(
      ((await routing('ListQueues', {})).queues ?? []).map((state) => state.queue.queueId),
    );
    for (const queue of queues)
      if (!known.has(queue.queueId))
        await routing('PutQueue', { commandId: `seed-queue-${queue.queueId}`, ...queue });
    const present = new Set(
      ((await routing('ListAgents', {})).agents ?? []).map((state) => state.agent.agentId),
    );
    for (const agent of agents)
      if (!present.has(agent.agentId))
        await routing('PutAgent', { commandId: `seed-agent-${agent.agentId}`, ...agent });
  }
  return loginsOf(seedFile);
}

const loginsOf = (seedFile) =>
  JSON.parse(readFileSync(seedFile, 'utf8')).tenants.flatMap(({ users }) => users);

async function call(httpUrl, method, body, token) {
  const response = await fetch(`${httpUrl}/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify(body),
  });
  const json = await response.json();
  if (!response.ok) {
    const said = json.detail ?? JSON.stringify(json);
    throw Object.assign(new Error(`seeding: ${method} answered ${response.status}: ${said}`), {
      status: response.status,
    });
  }
  return json;
}
