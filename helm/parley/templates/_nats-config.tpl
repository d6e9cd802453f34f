{{/* Configuration of the embedded servers: dict "root" $ "passwords" by user. */}}
{{- define "parley.natsConfig" -}}
{{- $root := .root -}}
{{- $passwords := .passwords -}}
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
  authorization { user: cluster, password: {{ $passwords.cluster | quote }} }
  routes: [
    {{- range $i := until $replicas }}
    nats://cluster:{{ $passwords.cluster }}@{{ $name }}-nats-{{ $i }}.{{ $name }}-nats:6222
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
      password: {{ index $passwords $service | quote }}
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
      password: {{ $passwords.backup | quote }}
      permissions {
        publish { allow: {{ include "parley.natsBackup" $root | fromYamlArray | toRawJson }} }
        subscribe { allow: ["_INBOX.backup.>"] }
        allow_responses { max: 100000, expires: "2m" }
      }
    }
  ]
}
{{- end -}}
