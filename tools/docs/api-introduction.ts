/** What holds for every method, in Markdown. */
export const API_INTRODUCTION = `# API

The same methods, with the same checks, are served in three ways:

- **gRPC** on one port (50051), with health (\`grpc.health.v1\`) and reflection. The token is the metadata
  \`authorization: Bearer <token>\`.
- **JSON over HTTP**: \`POST /parley.<service>.v1.<Service>/<Method>\` with the request as an object, the token in the
  header \`authorization: Bearer <token>\`.
- **WebSocket** at \`/ws\`: text frames, each a [ClientFrame](#gateway.v1.clientframe) or
  [ServerFrame](#gateway.v1.serverframe) in JSON. The first frame is \`hello\` with the token; a \`call\` frame carries
  any method; \`watch\` and \`watchInbox\` bring what happens from then on.

**Streams.** [WatchQueues](#routing.v1.routingservice-watchqueues) and
[WatchAgents](#routing.v1.routingservice-watchagents) tell everything first and then what changes, each row once a second
at most; the last row of the beginning is marked \`complete\`. Over gRPC they are server streams, over HTTP the same
\`POST\` is answered with one JSON object a line (\`application/x-ndjson\`): \`{"result": …}\`, \`{"heartbeat": {}}\`
every 15 s, and, when the server ends it, \`{"error": …}\` as the last line. A stream ends with its token
(\`TOKEN_EXPIRED\`, \`SESSION_ENDED\`) and when the gateway goes down (\`DRAINING\`, with the time after which to call
again); a reader who is slow misses states in between, never the last one. A session has 16 streams at most.

\`\`\`sh
grpcurl -plaintext -H "authorization: Bearer $TOKEN" -d '{"queueIds": ["sales"]}' \\
  localhost:50051 parley.routing.v1.RoutingService/WatchQueues
curl -N -X POST -H "authorization: Bearer $TOKEN" -H 'content-type: application/json' -d '{}' \\
  localhost:8080/parley.routing.v1.RoutingService/WatchAgents
\`\`\`

JSON is protobuf's: fields in camelCase, enums by name, times such as \`"2026-01-31T09:30:00Z"\`, 64-bit numbers as
strings, bytes in base64; fields with their default value are left out of answers. Requests are read strictly: an unknown
field, a wrong type or a broken rule is an error that names the field and the reason, and shows an example of what is right.

**Tokens.** People get theirs by [Login](#gateway.v1.authservice-login) (15 minutes, then
[RefreshToken](#gateway.v1.authservice-refreshtoken)), visitors by
[StartVisitorSession](#gateway.v1.authservice-startvisitorsession), integrations send an API key that an admin made by
[CreateApiKey](#gateway.v1.tenantservice-createapikey). Tenant and role always come from the token.

**Rules.** "id" means 1 to 64 letters, digits, \`_\` or \`-\`. A field marked "personal" is erased with the conversation
or contact it belongs to and never logged. Commands carry an id that the caller chooses: the same id again is answered
with the outcome of the first time, so a command whose answer was lost is simply sent again.

**Limits.** A request has at most 128 KB, a message text 64 KB. A call takes 10 s at most where its method does not say
otherwise. Lists are read in pages: give \`nextCursor\` of the answer as \`page.cursor\` of the next request.

**Errors** have a code of gRPC, a message that says what to do, a machine-readable \`reason\` and, for wrong fields,
\`violations\`. Over HTTP they are problem details (RFC 9457), over gRPC \`google.rpc.Status\` with \`ErrorInfo\`,
\`BadRequest\` and \`RetryInfo\`, in the socket an [Error](#gateway.v1.error).`;
