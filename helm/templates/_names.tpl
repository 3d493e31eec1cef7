{{- define "sidecar.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* At most 40 characters, so that "-" and a role's name (22) fit behind it. A long name keeps what tells it apart. */}}
{{- define "sidecar.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride }}
{{- $full := .Values.fullnameOverride }}
{{- if not $full }}
{{- $full = ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) }}
{{- end }}
{{- if gt (len $full) 40 }}
{{- $full = printf "%s-%s" ($full | trunc 31 | trimSuffix "-") ($full | sha256sum | trunc 8) }}
{{- end }}
{{- $full | trimSuffix "-" }}
{{- end }}

{{- define "sidecar.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
app.kubernetes.io/version: {{ .Values.image.tag | default .Chart.AppVersion | trunc 63 | trimAll "-._" | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/part-of: {{ .Chart.Name }}
{{ include "sidecar.selector" . }}
{{- end }}

{{/* Selectors of a Deployment can never be changed: nothing that an upgrade changes belongs here. */}}
{{- define "sidecar.selector" -}}
app.kubernetes.io/name: {{ include "sidecar.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "sidecar.roleSelector" -}}
{{ include "sidecar.selector" .root }}
app.kubernetes.io/component: {{ .name }}
{{- end }}

{{- define "sidecar.roleLabels" -}}
{{ include "sidecar.labels" .root }}
app.kubernetes.io/component: {{ .name }}
{{- end }}

{{- define "sidecar.serviceAccount" -}}
{{- if .Values.serviceAccount.create }}
{{- .Values.serviceAccount.name | default (include "sidecar.fullname" .) }}
{{- else }}
{{- .Values.serviceAccount.name | default "default" }}
{{- end }}
{{- end }}

{{- define "sidecar.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}
{{- end }}

{{/* The enabled roles, by name, each with its defaults: as JSON. */}}
{{- define "sidecar.roles" -}}
{{- $roles := dict }}
{{- range $name, $role := .Values.roles }}
{{- $whole := mergeOverwrite (deepCopy $.Values.roleDefaults) (deepCopy $role) }}
{{- if $whole.enabled }}
{{- $_ := set $whole "queues" ($whole.queues | default list) }}
{{- $_ := set $roles $name $whole }}
{{- end }}
{{- end }}
{{- toJson $roles }}
{{- end }}

{{/* How many replicas a role has at least. */}}
{{- define "sidecar.leastReplicas" -}}
{{- if .autoscaling.enabled }}{{ int .autoscaling.minReplicas }}{{ else }}{{ int .replicas }}{{ end }}
{{- end }}
