{{/* Names and labels that every object shares. */}}

{{- define "parley.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "parley.services" -}}
gateway conversation routing presence transcript analytics notification
{{- end -}}

{{/* Labels of a component: dict "root" $ "component" "gateway". */}}
{{- define "parley.selector" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{- define "parley.labels" -}}
{{ include "parley.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end -}}

{{- define "parley.image" -}}
{{- $image := .Values.image -}}
{{- if $image.digest -}}
{{ $image.repository }}@{{ $image.digest }}
{{- else -}}
{{ $image.repository }}:{{ $image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{/* What the restricted Pod Security Standard asks of a pod and of a container. */}}
{{- define "parley.podSecurity" -}}
runAsNonRoot: true
runAsUser: 1000
runAsGroup: 1000
fsGroup: 1000
seccompProfile: { type: RuntimeDefault }
{{- end -}}

{{- define "parley.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end -}}

{{- define "parley.natsUrl" -}}
{{- if .Values.nats.external.url -}}
{{ .Values.nats.external.url }}
{{- else -}}
{{- $name := include "parley.fullname" . -}}
{{- $servers := list -}}
{{- range $i := until (int .Values.nats.embedded.replicas) -}}
{{- $servers = append $servers (printf "nats://%s-nats-%d.%s-nats:4222" $name $i $name) -}}
{{- end -}}
{{ join "," $servers }}
{{- end -}}
{{- end -}}

{{- define "parley.natsReplicas" -}}
{{- if .Values.nats.external.url -}}3{{- else if ge (int .Values.nats.embedded.replicas) 3 -}}3{{- else -}}1{{- end -}}
{{- end -}}

{{/* Name of the secret with MONGODB_URL. */}}
{{- define "parley.mongodbSecret" -}}
{{- .Values.mongodb.external.existingSecret | default (printf "%s-mongodb" (include "parley.fullname" .)) -}}
{{- end -}}

{{- define "parley.secretName" -}}
{{- .Values.secrets.existingSecret | default (printf "%s-secrets" (include "parley.fullname" .)) -}}
{{- end -}}

{{/*
A value of a secret that was generated: what the cluster has already, otherwise a new random one. dict "root" $ "secret"
name "key" key.
*/}}
{{- define "parley.generated" -}}
{{- $existing := lookup "v1" "Secret" .root.Release.Namespace .secret -}}
{{- if and $existing (hasKey ($existing.data | default dict) .key) -}}
{{- index $existing.data .key | b64dec -}}
{{- else -}}
{{- randAlphaNum 40 -}}
{{- end -}}
{{- end -}}

{{/* Private authorities that pods trust besides the public ones: what a container mounts, and the volume. Empty without. */}}
{{- define "parley.caMount" -}}
{{- if or .Values.extraCaCerts.configMap .Values.extraCaCerts.secret }}
- { name: ca, mountPath: /etc/parley/ca, readOnly: true }
{{- end }}
{{- end -}}

{{- define "parley.caVolume" -}}
{{- with .Values.extraCaCerts }}
{{- $items := list (dict "key" .key "path" "ca.crt") | toJson }}
{{- if .configMap }}
- name: ca
  configMap: { name: {{ .configMap }}, items: {{ $items }} }
{{- else if .secret }}
- name: ca
  secret: { secretName: {{ .secret }}, items: {{ $items }} }
{{- end }}
{{- end }}
{{- end -}}

{{- /* Whether x-forwarded-for says who calls: behind a proxy of this chart's that nobody can pass by, it does. */ -}}
{{- define "parley.trustProxy" -}}
{{- $behindOurs := and (or .Values.ingress.enabled .Values.gatewayApi.enabled) (eq .Values.service.type "ClusterIP") -}}
{{- or .Values.gateway.trustProxy $behindOurs -}}
{{- end }}
