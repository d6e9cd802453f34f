{{/* Whom pods reach, for the network policies: rules of egress, each of a named server with its ports. */}}

{{/* One rule: dict "ports" (list 27017) "peers" list. */}}
{{- define "parley.egressRule" -}}
- ports:
    {{- range .ports }}
    - port: {{ . }}
    {{- end }}
  {{- with .peers }}
  to: {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}

{{/* The ports in addresses that commas separate: dict "urls" text "standard" (dict scheme port). A list in JSON. */}}
{{- define "parley.portsOf" -}}
{{- $standard := .standard -}}
{{- $ports := list -}}
{{- range splitList "," .urls -}}
{{- $url := urlParse . -}}
{{- $port := regexFind ":[0-9]+$" $url.host | trimPrefix ":" -}}
{{- $ports = append $ports (int ($port | default (index $standard $url.scheme))) -}}
{{- end -}}
{{- $ports | uniq | toJson -}}
{{- end -}}

{{/* The pods of an embedded server: dict "root" $ "component" "nats" "port" 4222. */}}
{{- define "parley.egressToPods" -}}
- ports: [{ port: {{ .port }} }]
  to:
    - podSelector:
        matchLabels: {{- include "parley.selector" . | nindent 10 }}
{{- end -}}

{{/* NATS and MongoDB, embedded or external. */}}
{{- define "parley.egressToStores" -}}
{{- $egress := .Values.networkPolicy.egress -}}
{{- if not .Values.nats.external.url }}
{{ include "parley.egressToPods" (dict "root" . "component" "nats" "port" 4222) }}
{{- end }}
{{- if .Values.mongodb.embedded.enabled }}
{{ include "parley.egressToPods" (dict "root" . "component" "mongodb" "port" 27017) }}
{{- end }}
{{- if .Values.mongodb.external.existingSecret }}
{{ include "parley.egressRule" $egress.mongodb }}
{{- end }}
{{- with .Values.nats.external.url }}
{{- $ports := $egress.nats.ports | default (include "parley.portsOf" (dict "urls" . "standard" (dict "nats" 4222 "tls" 4222)) | fromJsonArray) }}
{{ include "parley.egressRule" (dict "ports" $ports "peers" $egress.nats.peers) }}
{{- end }}
{{- end -}}

{{/* What else a service reaches: dict "root" $ "service" "notification". */}}
{{- define "parley.egressOf" -}}
{{- $egress := .root.Values.networkPolicy.egress -}}
{{- with .root.Values.tracing.endpoint }}
{{- $ports := $egress.tracing.ports | default (include "parley.portsOf" (dict "urls" . "standard" (dict "http" 80 "https" 443)) | fromJsonArray) }}
{{ include "parley.egressRule" (dict "ports" $ports "peers" $egress.tracing.peers) }}
{{- end }}
{{- if eq .service "notification" }}
# The service itself refuses webhooks to private addresses.
{{ include "parley.egressRule" $egress.smtp }}
{{ include "parley.egressRule" $egress.webhooks }}
{{- end }}
{{- end -}}
