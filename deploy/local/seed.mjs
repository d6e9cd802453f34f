import { readFileSync } from 'node:fs';

/**
 * Gives the tenants of the seed file their queues and agents, by the same public API that everybody uses; what exists
 * already stays as it is. (The gateway itself makes tenants and users from the file.) Returns the logins to print.
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
  return tenants.flatMap(({ users }) => users);
}

async function call(httpUrl, method, body, token) {
  const response = await fetch(`${httpUrl}/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify(body),
  });
  const json = await response.json();
  if (!response.ok)
    throw new Error(`seeding: ${method} answered ${response.status}: ${json.detail ?? JSON.stringify(json)}`);
  return json;
}
