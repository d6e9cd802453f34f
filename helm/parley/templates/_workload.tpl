{{/*
Everything of one service: Deployment, headless Service, ServiceAccount, and what its values switch on.
dict "root" $ "service" "routing".
*/}}
{{- define "parley.workload" -}}
{{- $root := .root -}}
{{- $service := .service -}}
{{- $values := index $root.Values $service -}}
{{- $name := printf "%s-%s" (include "parley.fullname" $root) $service -}}
{{- $scope := dict "root" $root "component" $service -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ $name }}
  labels: {{- include "parley.labels" $scope | nindent 4 }}
automountServiceAccountToken: false
---
# Headless: gRPC clients balance over the pods themselves.
apiVersion: v1
kind: Service
metadata:
  name: {{ $name }}{{ if eq $service "gateway" }}-internal{{ end }}
  labels: {{- include "parley.labels" $scope | nindent 4 }}
    parley.dev/metrics: "true"
spec:
  clusterIP: None
  selector: {{- include "parley.selector" $scope | nindent 4 }}
  ports:
    - { name: grpc, port: 7001, targetPort: service-grpc, appProtocol: kubernetes.io/h2c }
    - { name: health, port: 7000, targetPort: health }
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ $name }}
  labels: {{- include "parley.labels" $scope | nindent 4 }}
spec:
  {{- if not $values.autoscaling.enabled }}
  replicas: {{ $values.replicas }}
  {{- end }}
  revisionHistoryLimit: 3
  {{- with $values.minReadySeconds }}
  minReadySeconds: {{ . }}
  {{- end }}
  selector:
    matchLabels: {{- include "parley.selector" $scope | nindent 6 }}
  strategy:
    type: RollingUpdate
    rollingUpdate: { maxUnavailable: 0, maxSurge: 1 }
  template:
    metadata:
      labels: {{- include "parley.labels" $scope | nindent 8 }}
      annotations:
        {{- with $values.podAnnotations }}{{ toYaml . | nindent 8 }}{{ end }}
        kubectl.kubernetes.io/default-container: {{ $service }}
    spec:
      serviceAccountName: {{ $name }}
      automountServiceAccountToken: false
      enableServiceLinks: false
      terminationGracePeriodSeconds: {{ $values.terminationGracePeriodSeconds }}
      securityContext: {{- include "parley.podSecurity" $root | nindent 8 }}
      {{- with $root.Values.image.pullSecrets }}
      imagePullSecrets:
        {{- range . }}
        - name: {{ . }}
        {{- end }}
      {{- end }}
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels: {{- include "parley.selector" $scope | nindent 14 }}
        - maxSkew: 1
          topologyKey: topology.kubernetes.io/zone
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels: {{- include "parley.selector" $scope | nindent 14 }}
      containers:
        - name: {{ $service }}
          image: {{ include "parley.image" $root }}
          imagePullPolicy: {{ $root.Values.image.pullPolicy }}
          command: [node]
          args:
            {{- if $root.Values.tracing.endpoint }}
            - --import
            - /app/services/{{ $service }}/dist/preload.js
            {{- end }}
            - services/{{ $service }}/dist/main.js
          securityContext: {{- include "parley.containerSecurity" $root | nindent 12 }}
          ports:
            - { name: health, containerPort: 7000 }
            - { name: service-grpc, containerPort: 7001 }
            {{- if eq $service "gateway" }}
            - { name: http, containerPort: 8080 }
            - { name: grpc, containerPort: 50051 }
            {{- end }}
          env: {{- include "parley.env" (dict "root" $root "service" $service) | nindent 12 }}
          # Nobody is sent here any more by the time the service is told to end: until then it serves as before.
          lifecycle:
            preStop: { sleep: { seconds: 5 } }
          startupProbe:
            # A minute and more for NATS and MongoDB to answer, another one for JetStream to have a leader.
            httpGet: { path: /healthz/ready, port: health }
            periodSeconds: 1
            timeoutSeconds: 3
            failureThreshold: 180
          livenessProbe:
            httpGet: { path: /healthz/live, port: health }
            periodSeconds: 10
            timeoutSeconds: 5
            failureThreshold: 6
          readinessProbe:
            httpGet: { path: /healthz/ready, port: health }
            periodSeconds: 3
            timeoutSeconds: 3
            failureThreshold: 2
          resources: {{- toYaml $values.resources | nindent 12 }}
          volumeMounts:
            - { name: tmp, mountPath: /tmp }
            {{- with include "parley.caMount" $root | trim }}
            {{- . | nindent 12 }}
            {{- end }}
            {{- if eq $service "gateway" }}
            {{- range $seed, $secret := (include "parley.seeds" $root | fromYaml) }}
            - { name: {{ $seed }}, mountPath: /etc/parley/{{ $seed }}, readOnly: true }
            {{- end }}
            {{- end }}
      volumes:
        - name: tmp
          emptyDir: { sizeLimit: 64Mi }
        {{- with include "parley.caVolume" $root | trim }}
        {{- . | nindent 8 }}
        {{- end }}
        {{- if eq $service "gateway" }}
        {{- range $seed, $secret := (include "parley.seeds" $root | fromYaml) }}
        - name: {{ $seed }}
          secret: { secretName: {{ $secret }}, items: [{ key: seed.json, path: seed.json }] }
        {{- end }}
        {{- end }}
      {{- with $values.nodeSelector }}
      nodeSelector: {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $values.tolerations }}
      tolerations: {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $values.affinity }}
      affinity: {{- toYaml . | nindent 8 }}
      {{- end }}
{{- if $values.pdb.enabled }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ $name }}
  labels: {{- include "parley.labels" $scope | nindent 4 }}
spec:
  maxUnavailable: 1
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels: {{- include "parley.selector" $scope | nindent 6 }}
{{- end }}
{{- if $values.autoscaling.enabled }}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ $name }}
  labels: {{- include "parley.labels" $scope | nindent 4 }}
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: {{ $name }} }
  minReplicas: {{ $values.autoscaling.min }}
  maxReplicas: {{ $values.autoscaling.max }}
  metrics:
    {{- if $values.autoscaling.cpuPercent }}
    - type: Resource
      resource:
        name: cpu
        target: { type: Utilization, averageUtilization: {{ $values.autoscaling.cpuPercent }} }
    {{- end }}
    {{- if $values.autoscaling.metric.name }}
    - type: Pods
      pods:
        metric: { name: {{ $values.autoscaling.metric.name }} }
        target: { type: AverageValue, averageValue: {{ $values.autoscaling.metric.value | quote }} }
    {{- end }}
  behavior:
    # Sockets move when pods go: shrink slowly.
    scaleDown:
      stabilizationWindowSeconds: 600
      policies: [{ type: Pods, value: 1, periodSeconds: 120 }]
{{- end }}
{{- end -}}

{{/* Secrets with a seed.json: the company's, and the tenant of `helm test`, which has nothing to do with any company. */}}
{{- define "parley.seeds" -}}
{{- if .Values.seed.existingSecret }}
seed: {{ .Values.seed.existingSecret }}
{{- else if .Values.seed.tenant }}
seed: {{ include "parley.fullname" . }}-seed
{{- end }}
{{- if .Values.tests.enabled }}
test-seed: {{ include "parley.testSeedSecret" . }}
{{- end }}
{{- end -}}

{{- define "parley.testSeedSecret" -}}
{{- .Values.tests.existingSecret | default (printf "%s-test-seed" (include "parley.fullname" .)) -}}
{{- end -}}

{{/* How NATS and MongoDB are reached, and whom to trust: dict "root" $ "user" of NATS. */}}
{{- define "parley.storesEnv" -}}
{{- $root := .root -}}
{{- $user := .user -}}
{{- if include "parley.caMount" $root }}
- { name: NODE_EXTRA_CA_CERTS, value: /etc/parley/ca/ca.crt }
{{- end }}
- { name: NATS_URL, value: {{ include "parley.natsUrl" $root | quote }} }
{{- if not $root.Values.nats.external.url }}
- { name: NATS_USER, value: {{ $user }} }
- name: NATS_PASSWORD
  valueFrom: { secretKeyRef: { name: {{ include "parley.natsUsersSecret" $root }}, key: {{ $user }} } }
{{- else if $root.Values.nats.external.existingSecret }}
- name: NATS_USER
  valueFrom: { secretKeyRef: { name: {{ $root.Values.nats.external.existingSecret }}, key: NATS_USER } }
- name: NATS_PASSWORD
  valueFrom: { secretKeyRef: { name: {{ $root.Values.nats.external.existingSecret }}, key: NATS_PASSWORD } }
{{- end }}
- name: MONGODB_URL
  valueFrom:
    secretKeyRef:
      name: {{ include "parley.mongodbSecret" $root }}
      key: {{ ternary $root.Values.mongodb.external.key "MONGODB_URL" (ne $root.Values.mongodb.external.existingSecret "") }}
- { name: PARLEY_NATS_REPLICAS, value: {{ include "parley.natsReplicas" $root | quote }} }
{{- end -}}

{{/* Environment of a service: dict "root" $ "service" "routing". Later entries win in Kubernetes, so `env` comes last. */}}
{{- define "parley.env" -}}
{{- $root := .root -}}
{{- $service := .service -}}
{{- $name := include "parley.fullname" $root -}}
{{ include "parley.storesEnv" (dict "root" $root "user" $service) | trim }}
- name: PARLEY_SECRET
  valueFrom: { secretKeyRef: { name: {{ include "parley.secretName" $root }}, key: PARLEY_SECRET } }
- { name: PARLEY_PARTITIONS, value: {{ $root.Values.partitions | quote }} }
- { name: PARLEY_SERVICE_HOST, value: 0.0.0.0 }
- { name: PARLEY_SERVICE_HTTP_PORT, value: "7000" }
- { name: PARLEY_SERVICE_GRPC_PORT, value: "7001" }
- { name: PARLEY_LOG_LEVEL, value: {{ $root.Values.logLevel | quote }} }
- { name: PARLEY_DATA, value: /tmp }
{{- range $other := splitList " " (include "parley.services" $root) }}
{{- if ne $other "gateway" }}
- { name: PARLEY_{{ upper $other }}_ADDRESS, value: "dns:///{{ $name }}-{{ $other }}:7001" }
{{- end }}
{{- end }}
{{- if eq $service "gateway" }}
- { name: PARLEY_WEB_ROOT, value: /app/web }
- { name: PARLEY_TRUST_PROXY, value: {{ include "parley.trustProxy" $root | quote }} }
{{- $seeds := include "parley.seeds" $root | fromYaml }}
{{- if $seeds }}
- name: PARLEY_SEED
  value: {{ range $i, $seed := keys $seeds | sortAlpha }}{{ if $i }},{{ end }}/etc/parley/{{ $seed }}/seed.json{{ end }}
{{- end }}
{{- end }}
{{- if eq $service "notification" }}
- { name: PARLEY_MAIL_FROM, value: {{ $root.Values.smtp.from | quote }} }
{{- if $root.Values.smtp.existingSecret }}
- name: SMTP_URL
  valueFrom: { secretKeyRef: { name: {{ $root.Values.smtp.existingSecret }}, key: SMTP_URL } }
{{- end }}
{{- end }}
{{- if $root.Values.tracing.endpoint }}
- { name: OTEL_EXPORTER_OTLP_ENDPOINT, value: {{ $root.Values.tracing.endpoint | quote }} }
- { name: OTEL_TRACES_SAMPLER, value: parentbased_traceidratio }
- { name: OTEL_TRACES_SAMPLER_ARG, value: {{ $root.Values.tracing.sampleRatio | quote }} }
- { name: OTEL_SERVICE_NAME, value: parley-{{ $service }} }
{{- end }}
{{- range $key, $value := (index $root.Values $service).env }}
- { name: {{ $key }}, value: {{ $value | quote }} }
{{- end }}
{{- end -}}
