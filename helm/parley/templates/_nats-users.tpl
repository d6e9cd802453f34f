{{/*
What a user of NATS may publish and hear: one user a service, each with its own subjects and nothing else. JetStream's API
names a stream in one token, which no pattern can match in part, so every partition is listed.
*/}}

{{/* Streams of a log: dict "root" $ "log" "conversation". Logs by tenant have four partitions, always. */}}
{{- define "parley.natsStreamsOf" -}}
{{- $count := ternary .root.Values.partitions 4 (eq .log "conversation") -}}
{{- range $p := until (int $count) }}
- {{ upper $.log }}_{{ $p }}
{{- end }}
{{- end -}}

{{/* Reading a stream, and making it where it is missing: whoever comes first does. */}}
{{- define "parley.natsRead" }}
- $JS.API.STREAM.INFO.{{ . }}
- $JS.API.STREAM.CREATE.{{ . }}
- $JS.API.STREAM.UPDATE.{{ . }}
- $JS.API.STREAM.MSG.GET.{{ . }}
- $JS.API.DIRECT.GET.{{ . }}
- $JS.API.DIRECT.GET.{{ . }}.>
{{- end -}}

{{/* What a service may publish: dict "root" $ "service" "routing". */}}
{{- define "parley.natsPublish" -}}
{{- $root := .root -}}
{{- $bus := index (include "parley.bus" $root | fromYaml) .service -}}
- $JS.API.INFO
- $JS.API.STREAM.NAMES
{{- range concat ($bus.writes | default list) ($bus.reads | default list) }}
{{- range (include "parley.natsStreamsOf" (dict "root" $root "log" .) | fromYamlArray) }}
{{- include "parley.natsRead" . }}
{{- end }}
{{- end }}
{{- range $bus.writes }}
- {{ . }}.appended
- {{ . }}.*.*.*
{{- end }}
{{- range $bus.purges }}
{{- range (include "parley.natsStreamsOf" (dict "root" $root "log" .) | fromYamlArray) }}
- $JS.API.STREAM.PURGE.{{ . }}
{{- end }}
{{- end }}
{{- if $bus.groups }}
{{- include "parley.natsRead" "KV_members" }}
{{- end }}
{{- range $bus.groups }}
- $KV.members.{{ . }}.*
{{- end }}
{{- if or $bus.announces $bus.readsPlaces }}
{{- include "parley.natsRead" "KV_CHECKPOINTS" }}
{{- end }}
{{- range $bus.announces }}
- $KV.CHECKPOINTS.{{ . }}.*.*
{{- end }}
{{- if $bus.leases }}
{{- include "parley.natsRead" "KV_GATEWAYS" }}
{{- end }}
{{- if eq ($bus.leases | default "") "write" }}
- $KV.GATEWAYS.*
{{- end }}
{{- range index (include "parley.calls" $root | fromYaml) .service }}
- {{ . }}.command.*
{{- end }}
{{- range $bus.tells }}
- {{ . }}
{{- end }}
{{- end -}}

{{/* What a service may hear: answers to itself, its commands, and what its part says. */}}
{{- define "parley.natsSubscribe" -}}
{{- $bus := index (include "parley.bus" .root | fromYaml) .service -}}
- _INBOX.{{ .service }}.>
{{- if ne .service "gateway" }}
- {{ .service }}.command.*
{{- end }}
{{- range concat ($bus.writes | default list) ($bus.reads | default list) }}
- {{ . }}.appended
{{- end }}
{{- if $bus.groups }}
- $KV.members.>
{{- end }}
{{- if eq ($bus.leases | default "") "read" }}
- $KV.GATEWAYS.>
{{- end }}
{{- range $bus.hears }}
- {{ . }}
{{- end }}
{{- end -}}

{{/* What the user of backups may publish: all of the logs, and erasures that are made again. */}}
{{- define "parley.natsBackup" -}}
- $JS.API.INFO
- $JS.API.STREAM.NAMES
- $JS.API.STREAM.INFO.*
- $JS.API.STREAM.SNAPSHOT.*
- $JS.API.STREAM.RESTORE.*
- $JS.API.STREAM.DELETE.*
- $JS.API.DIRECT.GET.*
- $JS.API.DIRECT.GET.*.>
- $JS.SNAPSHOT.>
{{- include "parley.natsRead" "KV_members" }}
{{- include "parley.natsRead" "KV_CHECKPOINTS" }}
- $KV.CHECKPOINTS.purges-paused-until
- conversation.command.*
{{- end -}}
