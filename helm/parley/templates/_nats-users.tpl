{{/*
Who may say what on the bus: one user a service, with the subjects of design and nothing else. Answers go to the asker's
inbox, which allow_responses lets through. Streams cannot be named by a pattern, so every partition is listed.
*/}}

{{/* JetStream API of a log's partitions: dict "log" "CONVERSATION" "count" 4 "what" "write" | "read" | "purge". */}}
{{- define "parley.natsStreams" -}}
{{- $what := .what -}}
{{- $log := .log -}}
{{- range $p := until (int .count) }}
{{- $stream := printf "%s_%d" $log $p }}
- $JS.API.STREAM.INFO.{{ $stream }}
- $JS.API.STREAM.CREATE.{{ $stream }}
- $JS.API.STREAM.UPDATE.{{ $stream }}
- $JS.API.STREAM.MSG.GET.{{ $stream }}
- $JS.API.DIRECT.GET.{{ $stream }}
- $JS.API.DIRECT.GET.{{ $stream }}.>
- $JS.API.CONSUMER.CREATE.{{ $stream }}
- $JS.API.CONSUMER.CREATE.{{ $stream }}.>
- $JS.API.CONSUMER.DELETE.{{ $stream }}.>
- $JS.API.CONSUMER.INFO.{{ $stream }}.>
- $JS.API.CONSUMER.MSG.NEXT.{{ $stream }}.>
{{- if eq $what "write" }}
- {{ lower $log }}.{{ $p }}.>
- {{ lower $log }}.appended
{{- end }}
{{- if eq $what "purge" }}
- $JS.API.STREAM.PURGE.{{ $stream }}
{{- end }}
{{- end }}
{{- end -}}

{{/* A bucket of leases or settings. */}}
{{- define "parley.natsBucket" }}
- $KV.{{ . }}.>
- $JS.API.STREAM.INFO.KV_{{ . }}
- $JS.API.STREAM.CREATE.KV_{{ . }}
- $JS.API.STREAM.UPDATE.KV_{{ . }}
- $JS.API.STREAM.MSG.GET.KV_{{ . }}
- $JS.API.DIRECT.GET.KV_{{ . }}
- $JS.API.DIRECT.GET.KV_{{ . }}.>
- $JS.API.CONSUMER.CREATE.KV_{{ . }}
- $JS.API.CONSUMER.CREATE.KV_{{ . }}.>
- $JS.API.CONSUMER.DELETE.KV_{{ . }}.>
{{- end -}}

{{- define "parley.natsCommands" }}
{{- range . }}
- {{ . }}.command.*
{{- end }}
{{- end -}}

{{/* What a service may publish. */}}
{{- define "parley.natsPublish" -}}
{{- $service := .service -}}
{{- $partitions := .root.Values.partitions -}}
- $JS.API.INFO
- $JS.API.STREAM.NAMES
{{- include "parley.natsBucket" "members" }}
{{- include "parley.natsBucket" "CHECKPOINTS" }}
{{- if eq $service "gateway" }}
{{- include "parley.natsBucket" "GATEWAYS" }}
{{- include "parley.natsStreams" (dict "log" "TENANT" "count" 4 "what" "write") }}
{{- include "parley.natsCommands" (list "conversation" "routing" "presence" "transcript" "analytics" "notification") }}
- conversation.typing.>
- presence.sessions.*
- gateway.ended
{{- else if eq $service "conversation" }}
{{- include "parley.natsStreams" (dict "log" "CONVERSATION" "count" $partitions "what" "write") }}
{{- include "parley.natsCommands" (list "conversation" "routing") }}
- conversation.live.>
- inbox.live.>
{{- else if eq $service "routing" }}
{{- include "parley.natsStreams" (dict "log" "ROUTING" "count" 4 "what" "write") }}
{{- include "parley.natsStreams" (dict "log" "ROUTING" "count" 4 "what" "purge") }}
{{- include "parley.natsStreams" (dict "log" "CONVERSATION" "count" $partitions "what" "read") }}
{{- include "parley.natsCommands" (list "conversation" "routing" "presence") }}
- routing.live.>
{{- else if eq $service "presence" }}
{{- include "parley.natsBucket" "GATEWAYS" }}
{{- include "parley.natsCommands" (list "conversation" "routing" "presence") }}
- presence.live.>
- gateway.snapshot.*
{{- else if eq $service "transcript" }}
{{- include "parley.natsStreams" (dict "log" "CONVERSATION" "count" $partitions "what" "purge") }}
{{- include "parley.natsCommands" (list "conversation") }}
{{- else if eq $service "analytics" }}
{{- include "parley.natsStreams" (dict "log" "CONVERSATION" "count" $partitions "what" "read") }}
{{- include "parley.natsStreams" (dict "log" "ROUTING" "count" 4 "what" "read") }}
{{- include "parley.natsCommands" (list "conversation" "routing" "presence") }}
{{- else if eq $service "notification" }}
{{- include "parley.natsStreams" (dict "log" "CONVERSATION" "count" $partitions "what" "read") }}
{{- include "parley.natsCommands" (list "conversation") }}
{{- end }}
{{- end -}}

{{/* What a service may hear. */}}
{{- define "parley.natsSubscribe" -}}
{{- $service := .service -}}
- _INBOX.>
- $KV.members.>
- $KV.CHECKPOINTS.>
- conversation.appended
- routing.appended
{{- if eq $service "gateway" }}
- conversation.live.>
- conversation.typing.>
- inbox.live.>
- routing.live.>
- presence.live.>
- gateway.snapshot.*
- gateway.ended
{{- else }}
- {{ $service }}.command.*
{{- end }}
{{- if eq $service "presence" }}
- presence.sessions.*
- $KV.GATEWAYS.>
{{- end }}
{{- end -}}
