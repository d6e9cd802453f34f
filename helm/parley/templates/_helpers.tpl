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

{{/* What cannot be right together, said before anything is installed. */}}
{{- define "parley.validate" -}}
{{- if and (not .Values.mongodb.external.existingSecret) (not .Values.mongodb.embedded.enabled) -}}
{{- fail "\n\nParley needs MongoDB. Put the connection string of a replica set into a secret and set mongodb.external.existingSecret to its name,\nor, for evaluation only, set mongodb.embedded.enabled=true.\n" -}}
{{- end -}}
{{- if and .Values.mongodb.external.existingSecret .Values.mongodb.embedded.enabled -}}
{{- fail "\n\nmongodb.external.existingSecret and mongodb.embedded.enabled exclude each other: choose one.\n" -}}
{{- end -}}
{{- if and (not .Values.nats.external.url) (not .Values.nats.embedded.enabled) -}}
{{- fail "\n\nParley needs NATS with JetStream: set nats.external.url, or leave nats.embedded.enabled at true.\n" -}}
{{- end -}}
{{- if and .Values.gatewayApi.enabled (not .Values.gatewayApi.parentRefs) -}}
{{- fail "\n\ngatewayApi.enabled needs gatewayApi.parentRefs: the Gateways that the routes belong to, such as [{name: public, namespace: ingress}].\n" -}}
{{- end -}}
{{- if and .Values.ingress.tls.existingSecret .Values.ingress.tls.certManager.issuer -}}
{{- fail "\n\ningress.tls.existingSecret and ingress.tls.certManager.issuer exclude each other: choose one.\n" -}}
{{- end -}}
{{- if .Values.ingress.enabled -}}
{{- if not .Values.ingress.hosts -}}
{{- fail "\n\ningress.enabled needs ingress.hosts: the names under which people reach it, such as [chat.example.com].\n" -}}
{{- end -}}
{{- if and .Values.ingress.grpc.enabled (not .Values.ingress.grpc.host) -}}
{{- fail "\n\ningress.grpc.enabled needs ingress.grpc.host, such as grpc.example.com.\n" -}}
{{- end -}}
{{- end -}}
{{- range $service := splitList " " (include "parley.services" .) -}}
{{- with (index $.Values $service).autoscaling -}}
{{- if gt (int .min) (int .max) -}}
{{- fail (printf "\n\n%s.autoscaling.min is more than its max.\n" $service) -}}
{{- end -}}
{{- if and .enabled (not .cpuPercent) (not .metric.name) -}}
{{- fail (printf "\n\n%s.autoscaling has nothing to go by: set its cpuPercent or its metric.\n" $service) -}}
{{- end -}}
{{- if and .metric.name (not .metric.value) -}}
{{- fail (printf "\n\n%s.autoscaling.metric.name needs %s.autoscaling.metric.value: the mean of a pod that is aimed at.\n" $service $service) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
