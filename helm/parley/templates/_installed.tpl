{{/*
What an upgrade cannot change of an installation that is there. Only `helm install` and `helm upgrade` can ask the cluster:
of `helm template` nothing is refused.
*/}}
{{- define "parley.validateInstalled" -}}
{{- if not .Values.nats.external.url -}}
{{- include "parley.refuseServers" (dict "root" . "had" (include "parley.natsServersHad" .) "wanted" .Values.nats.embedded.replicas) -}}
{{- end -}}
{{- end -}}

{{/*
With how many servers of NATS the release runs or ran: 0 when with none. Told by the volume claims, which outlive the
release and do not change when somebody scales.
*/}}
{{- define "parley.natsServersHad" -}}
{{- $root := . -}}
{{- $had := 0 -}}
{{- range $servers := list 1 3 5 -}}
{{- $claim := printf "data-%s-nats-%d" (include "parley.fullname" $root) (sub $servers 1) -}}
{{- $existing := lookup "v1" "PersistentVolumeClaim" $root.Release.Namespace $claim -}}
{{- if and $existing (not (dig "metadata" "deletionTimestamp" "" $existing)) -}}
{{- $had = $servers -}}
{{- end -}}
{{- end -}}
{{- $had -}}
{{- end -}}

{{/*
Refuses a number of servers with which the event log would be lost: a single one keeps its streams elsewhere than a
cluster does, and of five servers two may hold most copies of a stream. dict "root" $ "had" 1 "wanted" 3.
*/}}
{{- define "parley.refuseServers" -}}
{{- $had := int .had -}}
{{- $wanted := int .wanted -}}
{{- if not (or (eq $had 0) (eq $had $wanted) (and (eq $had 3) (eq $wanted 5))) -}}
{{- fail (printf "\n\nnats.embedded.replicas is %d, but the event log is on %d: it would be lost. Set nats.embedded.replicas=%d.\nThe way to %d: back up (docs/operations.md), helm uninstall, kubectl -n %s delete pvc -l app.kubernetes.io/instance=%s,app.kubernetes.io/component=nats, helm install, restore.\n" $wanted $had $had $wanted .root.Release.Namespace .root.Release.Name) -}}
{{- end -}}
{{- end -}}
