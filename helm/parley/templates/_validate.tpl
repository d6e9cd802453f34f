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
{{- if and .Values.extraCaCerts.configMap .Values.extraCaCerts.secret -}}
{{- fail "\n\nextraCaCerts.configMap and extraCaCerts.secret exclude each other: put all certificates under one key of one of them.\n" -}}
{{- end -}}
{{- with .Values.gatewayApi -}}
{{- if and .enabled .grpcHostnames (not .hostnames) -}}
{{- fail "\n\ngatewayApi.grpcHostnames needs gatewayApi.hostnames: without names of their own, pages take those of gRPC too, and the Gateway accepts one of the two routes only.\n" -}}
{{- end -}}
{{- range $name := ternary .hostnames list .enabled -}}
{{- range $grpc := $.Values.gatewayApi.grpcHostnames -}}
{{- $covers := and (hasPrefix "*." $name) (hasSuffix (trimPrefix "*" $name) $grpc) -}}
{{- $covered := and (hasPrefix "*." $grpc) (hasSuffix (trimPrefix "*" $grpc) $name) -}}
{{- if or (eq $name $grpc) $covers $covered -}}
{{- fail (printf "\n\ngatewayApi.hostnames and gatewayApi.grpcHostnames have to differ, because a Gateway accepts one of two routes for the same name only: %s and %s overlap.\n" $name $grpc) -}}
{{- end -}}
{{- end -}}
{{- end -}}
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
{{- include "parley.validateInstalled" . -}}
{{- end -}}
