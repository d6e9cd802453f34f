{{/*
What an upgrade cannot change of an installation that is there. Only `helm install` and `helm upgrade` can ask the cluster:
of `helm template` nothing is refused.
*/}}
{{- define "parley.validateInstalled" -}}
{{- include "parley.refusePartitions" (dict "had" (include "parley.partitionsHad" .) "wanted" .Values.partitions) -}}
{{- if not .Values.nats.external.url -}}
{{- include "parley.refuseServers" (dict "root" . "had" (include "parley.serversHad" (dict "root" . "server" "nats")) "wanted" .Values.nats.embedded.replicas) -}}
{{- include "parley.validateVolumes" (dict "root" . "server" "nats") -}}
{{- end -}}
{{- if .Values.mongodb.embedded.enabled -}}
{{- include "parley.refuseMembers" (dict "root" . "had" (include "parley.serversHad" (dict "root" . "server" "mongodb")) "wanted" .Values.mongodb.embedded.replicas) -}}
{{- include "parley.validateVolumes" (dict "root" . "server" "mongodb") -}}
{{- end -}}
{{- end -}}

{{/* How many partitions the services of the release were told of: 0 when there are none. */}}
{{- define "parley.partitionsHad" -}}
{{- $had := 0 -}}
{{- $conversation := lookup "apps/v1" "Deployment" .Release.Namespace (printf "%s-conversation" (include "parley.fullname" .)) -}}
{{- range (dig "spec" "template" "spec" "containers" list $conversation) -}}
{{- range .env -}}
{{- if and (eq .name "PARLEY_PARTITIONS") (not $had) -}}
{{- $had = int .value -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $had -}}
{{- end -}}

{{/*
Refuses fewer partitions: the services would go on with those that there are, but the users of NATS could not reach the
streams of the last ones any more. dict "had" 8 "wanted" 4.
*/}}
{{- define "parley.refusePartitions" -}}
{{- if lt (int .wanted) (int .had) -}}
{{- fail (printf "\n\npartitions is %d, but the conversation log has %d, in all of which there are chats: their number never falls. Set partitions=%d.\n" (int .wanted) (int .had) (int .had)) -}}
{{- end -}}
{{- end -}}

{{/*
With how many servers of NATS or members of MongoDB the release runs or ran: 0 when with none. Told by the volume claims,
which outlive the release and do not change when somebody scales. dict "root" $ "server" "nats".
*/}}
{{- define "parley.serversHad" -}}
{{- $had := 0 -}}
{{- range $servers := list 1 3 5 -}}
{{- $claim := printf "data-%s-%s-%d" (include "parley.fullname" $.root) $.server (sub $servers 1) -}}
{{- $existing := lookup "v1" "PersistentVolumeClaim" $.root.Release.Namespace $claim -}}
{{- if and $existing (not (dig "metadata" "deletionTimestamp" "" $existing)) -}}
{{- $had = $servers -}}
{{- end -}}
{{- end -}}
{{- $had -}}
{{- end -}}

{{/* Compares the volumes of an embedded server with what they are to be: dict "root" $ "server" "nats". */}}
{{- define "parley.validateVolumes" -}}
{{- $set := printf "%s-%s" (include "parley.fullname" .root) .server -}}
{{- $values := (index .root.Values .server).embedded -}}
{{- range (dig "spec" "volumeClaimTemplates" list (lookup "apps/v1" "StatefulSet" .root.Release.Namespace $set)) -}}
{{- include "parley.refuseClass" (dict "root" $.root "server" $.server "had" (.spec.storageClassName | default "") "wanted" $values.storage.className) -}}
{{- include "parley.refuseVolumes" (dict "root" $.root "server" $.server "set" $set "servers" $values.replicas "had" .spec.resources.requests.storage "wanted" $values.storage.size) -}}
{{- end -}}
{{- end -}}

{{/*
Refuses another storage class of the volumes: Kubernetes would with words that name no way, and volumes stay where they
are. Empty: the cluster's default. dict "root" $ "server" "nats" "had" "" "wanted" "fast".
*/}}
{{- define "parley.refuseClass" -}}
{{- if ne .had .wanted -}}
{{- fail (printf "\n\n%s.embedded.storage.className is %s, but the volumes were made with %s, and an upgrade cannot move them. Set %s.embedded.storage.className=%s.\nThe way to another class: %s\n" .server (.wanted | default "empty") (.had | default "the default class of the cluster") .server (.had | default "''") (include "parley.wayByCopy" .)) -}}
{{- end -}}
{{- end -}}

{{/*
Refuses another size of the volumes, which Kubernetes would with words that name no way. dict "root" $ "server" "nats" "set"
"parley-nats" "servers" 3 "had" "10Gi" "wanted" "20Gi".
*/}}
{{- define "parley.refuseVolumes" -}}
{{- $had := include "parley.kibibytes" .had | int64 -}}
{{- $wanted := include "parley.kibibytes" .wanted | int64 -}}
{{- if gt $had $wanted -}}
{{- fail (printf "\n\n%s.embedded.storage.size is %s, but the volumes have %s, and volumes cannot shrink. Set %s.embedded.storage.size=%s.\n" .server .wanted .had .server .had) -}}
{{- else if lt $had $wanted -}}
{{- $patch := dict "spec" (dict "resources" (dict "requests" (dict "storage" .wanted))) | toJson -}}
{{- $kubectl := printf "kubectl -n %s" .root.Release.Namespace -}}
{{- fail (printf "\n\n%s.embedded.storage.size is %s, but the volumes have %s, and an upgrade cannot enlarge them. If their storage class can, enlarge them first:\n  for i in $(seq 0 %d); do %s patch pvc data-%s-$i -p '%s'; done\n  %s delete statefulset %s --cascade=orphan   # its pods go on\nThen repeat the upgrade, which makes the StatefulSet anew for the same pods.\n" .server .wanted .had (sub (int .servers) 1) $kubectl .set $patch $kubectl .set) -}}
{{- end -}}
{{- end -}}

{{/* A size such as 10Gi as a number. */}}
{{- define "parley.kibibytes" -}}
{{- $factor := 1 -}}
{{- range $unit := list "K" "M" "G" "T" "P" -}}
{{- if hasSuffix (printf "%si" $unit) $ -}}
{{- mul (trimSuffix (printf "%si" $unit) $ | int64) $factor -}}
{{- end -}}
{{- $factor = mul $factor 1024 -}}
{{- end -}}
{{- end -}}

{{/*
Refuses a number of servers with which the event log would be lost: a single one keeps its streams elsewhere than a
cluster does, and of five servers two may hold most copies of a stream. dict "root" $ "had" 1 "wanted" 3.
*/}}
{{- define "parley.refuseServers" -}}
{{- $had := int .had -}}
{{- $wanted := int .wanted -}}
{{- if not (or (eq $had 0) (eq $had $wanted) (and (eq $had 3) (eq $wanted 5))) -}}
{{- fail (printf "\n\nnats.embedded.replicas is %d, but the event log is on %d: it would be lost. Set nats.embedded.replicas=%d.\nThe way to %d: %s\n" $wanted $had $had $wanted (include "parley.wayByCopy" (dict "root" .root "server" "nats"))) -}}
{{- end -}}
{{- end -}}

{{/*
Refuses another number of members of the embedded MongoDB: they are told to the replica set once, when it is made, so that
further ones would stay empty, and what is left of three or five may have no majority. dict "root" $ "had" 1 "wanted" 3.
*/}}
{{- define "parley.refuseMembers" -}}
{{- $had := int .had -}}
{{- $wanted := int .wanted -}}
{{- if not (or (eq $had 0) (eq $had $wanted)) -}}
{{- fail (printf "\n\nmongodb.embedded.replicas is %d, but the replica set was made of %d, and an upgrade changes its members no more. Set mongodb.embedded.replicas=%d.\nThe way to %d: %s\n" $wanted $had $had $wanted (include "parley.wayByCopy" (dict "root" .root "server" "mongodb"))) -}}
{{- end -}}
{{- end -}}

{{/* How an embedded server comes to volumes that are other ones: dict "root" $ "server" "nats". */}}
{{- define "parley.wayByCopy" -}}
{{- printf "back up (docs/operations.md), helm uninstall, kubectl -n %s delete pvc -l app.kubernetes.io/instance=%s,app.kubernetes.io/component=%s, helm install, restore." .root.Release.Namespace .root.Release.Name .server -}}
{{- end -}}
