{{/*
Who does what: the one place from which the users of NATS and the network policies are made. tools/chart checks it against
the code of the services.
*/}}

{{/* Which services a service calls, by commands over NATS or by reads over gRPC. */}}
{{- define "parley.calls" -}}
gateway: [conversation, routing, presence, transcript, analytics, notification]
conversation: [conversation, routing, presence, transcript]
routing: [conversation, routing, presence, transcript]
presence: [conversation, routing]
transcript: [conversation]
analytics: [transcript]
notification: [conversation, transcript]
{{- end -}}

{{/* Of those, whom it reads from: only these are reached over gRPC. */}}
{{- define "parley.reads" -}}
gateway: [conversation, routing, presence, transcript, analytics, notification]
conversation: [routing, transcript]
routing: [conversation, transcript]
presence: []
transcript: [conversation]
analytics: [transcript]
notification: [conversation, transcript]
{{- end -}}

{{/*
What else a service does on the bus.
  writes, reads, purges: logs; only an owner writes to its log
  groups: memberships that it takes part in
  announces: projections whose place it tells; those who purge read them (readsPlaces)
  leases: of gateways, `write` or `read`
  tells, hears: live subjects
*/}}
{{- define "parley.bus" -}}
gateway:
  writes: [tenant]
  leases: write
  tells: [conversation.typing.>, presence.sessions.*, gateway.ended]
  hears: [conversation.live.>, conversation.typing.>, inbox.live.>, routing.live.>, presence.live.>, gateway.snapshot.*, gateway.ended]
conversation:
  writes: [conversation]
  groups: [conversation]
  announces: [inbox]
  tells: [conversation.live.>, inbox.live.>]
routing:
  writes: [routing]
  reads: [conversation]
  purges: [routing]
  groups: [routing, routing-steps, routing-input]
  announces: [routing-steps, routing-input]
  readsPlaces: true
  tells: [routing.live.>]
presence:
  groups: [presence]
  leases: read
  tells: [presence.live.>, gateway.snapshot.*]
  hears: [presence.sessions.*]
transcript:
  reads: [conversation]
  purges: [conversation]
  groups: [transcript]
  announces: [transcript]
  readsPlaces: true
analytics:
  reads: [conversation, routing]
  groups: [analytics-consumer, analytics-routing-consumer]
  announces: [analytics, analytics-routing]
notification:
  reads: [conversation]
  groups: [notification]
  announces: [notification]
{{- end -}}
