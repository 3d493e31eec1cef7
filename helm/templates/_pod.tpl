{{/* What every pod has in common: takes root, for, own, args, resources, and of a role env, volumes, volumeMounts. */}}
{{- define "sidecar.podSettings" -}}
automountServiceAccountToken: false
# Kubernetes would describe each Service in variables, and `SIDECAR_…` of a release that is called so is no setting.
enableServiceLinks: false
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  {{- toYaml .root.Values.podSecurityContext | nindent 2 }}
{{- end }}

{{- define "sidecar.container" -}}
name: sidecar
image: {{ include "sidecar.image" .root }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
args: {{ toJson .args }}
{{- with .env }}
env:
  {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  {{- toYaml .root.Values.securityContext | nindent 2 }}
resources:
  {{- toYaml .resources | nindent 2 }}
volumeMounts:
  - name: settings
    mountPath: /etc/sidecar
    readOnly: true
  - name: credentials
    mountPath: {{ include "sidecar.credentialFolder" .root }}
    readOnly: true
  {{- with .volumeMounts }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}

{{- define "sidecar.volumes" -}}
- name: settings
  configMap:
    name: {{ .settings }}
- {{ include "sidecar.credentialVolume" . | nindent 2 | trim }}
{{- with .volumes }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* The port that a role serves its pages on. */}}
{{- define "sidecar.port" -}}
{{- $settings := .root.Values.settings }}
{{- if eq .role.kind "bridge" }}{{ int $settings.bridge.port }}{{ else }}{{ int $settings.runtime.http_port }}{{ end }}
{{- end }}

{{- define "sidecar.args" -}}
{{- if eq .kind "consumers" }}{{ concat (list "run") .queues | toJson }}{{ else }}{{ list .kind | toJson }}{{ end }}
{{- end }}
