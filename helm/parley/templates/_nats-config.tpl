{{/* Configuration of the embedded servers. Passwords are not in it: they come from the environment (parley.natsEnv). */}}
{{- define "parley.natsConfig" -}}
{{- $root := . -}}
{{- $name := include "parley.fullname" $root -}}
{{- $replicas := int $root.Values.nats.embedded.replicas -}}
server_name: $POD_NAME
port: 4222
http: 8222
lame_duck_grace_period: 5s
lame_duck_duration: 30s
max_payload: 8MB
jetstream {
  store_dir: /data
  # Every acknowledged commit is on disk, on a majority of the servers.
  sync_interval: always
}
{{- if gt $replicas 1 }}
cluster {
  name: {{ $name }}
  port: 6222
  authorization { user: cluster, password: $CLUSTER_PASSWORD_QUOTED }
  routes: [
    {{- range $i := until $replicas }}
    $ROUTE_{{ $i }}
    {{- end }}
  ]
}
{{- end }}
authorization {
  users: [
    {{- range $service := splitList " " (include "parley.services" $root) }}
    {{- $scope := dict "root" $root "service" $service }}
    {
      user: {{ $service }}
      password: ${{ upper $service }}_PASSWORD_QUOTED
      permissions {
        publish { allow: {{ include "parley.natsPublish" $scope | fromYamlArray | toRawJson }} }
        subscribe { allow: {{ include "parley.natsSubscribe" $scope | fromYamlArray | toRawJson }} }
        # Answers go where the asker wants them.
        allow_responses { max: 100000, expires: "2m" }
      }
    }
    {{- end }}
    {
      # Copies and restores logs; used by people, not by services.
      user: backup
      password: $BACKUP_PASSWORD_QUOTED
      permissions {
        publish { allow: {{ include "parley.natsBackup" $root | fromYamlArray | toRawJson }} }
        subscribe { allow: ["_INBOX.backup.>"] }
        allow_responses { max: 100000, expires: "2m" }
      }
    }
  ]
}
{{- end -}}

{{/* Who has a password: the services, the servers among themselves, and who copies. */}}
{{- define "parley.natsUsers" -}}
{{ include "parley.services" . }} cluster backup
{{- end -}}

{{- define "parley.natsUsersSecret" -}}
{{- .Values.nats.embedded.existingSecret | default (printf "%s-nats-users" (include "parley.fullname" .)) -}}
{{- end -}}

{{/* Environment of the embedded servers. NATS reads a variable as a piece of configuration, in which 12e4 is a number unless it is quoted. */}}
{{- define "parley.natsEnv" -}}
{{- $root := . -}}
{{- $name := include "parley.fullname" . -}}
- name: POD_NAME
  valueFrom: { fieldRef: { fieldPath: metadata.name } }
{{- range $user := splitList " " (include "parley.natsUsers" .) }}
- name: {{ upper $user }}_PASSWORD
  valueFrom: { secretKeyRef: { name: {{ include "parley.natsUsersSecret" $root }}, key: {{ $user }} } }
- { name: {{ upper $user }}_PASSWORD_QUOTED, value: '"$({{ upper $user }}_PASSWORD)"' }
{{- end }}
{{- if gt (int .Values.nats.embedded.replicas) 1 }}
{{- range $i := until (int .Values.nats.embedded.replicas) }}
- { name: ROUTE_{{ $i }}, value: '"nats://cluster:$(CLUSTER_PASSWORD)@{{ $name }}-nats-{{ $i }}.{{ $name }}-nats:6222"' }
{{- end }}
{{- end }}
{{- end -}}
