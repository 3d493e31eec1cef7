{{/* Which credentials the settings ask for, by their place in them: as a JSON array. */}}
{{- define "sidecar.credentialPaths" -}}
{{- $paths := list "broker.url" "store.url" }}
{{- if .Values.credentials.tracingHeaders }}{{ $paths = append $paths "tracing.otlp_headers" }}{{ end }}
{{- range $account := keys .Values.settings.stripe | sortAlpha }}
{{- $paths = append $paths (printf "stripe.%s.secret_key" $account) }}
{{- $paths = append $paths (printf "stripe.%s.webhook_secrets" $account) }}
{{- end }}
{{- range $name := keys .Values.settings.magento | sortAlpha }}
{{- $instance := get $.Values.settings.magento $name }}
{{- if eq (get $instance "adapter" | default "rest") "db" }}
{{- $paths = append $paths (printf "magento.%s.database_url" $name) }}
{{- else if has $name $.Values.credentials.oauth }}
{{- range list "consumer_key" "consumer_secret" "access_token" "access_token_secret" }}
{{- $paths = append $paths (printf "magento.%s.oauth.%s" $name .) }}
{{- end }}
{{- else }}
{{- $paths = append $paths (printf "magento.%s.token" $name) }}
{{- end }}
{{- end }}
{{- toJson $paths }}
{{- end }}

{{/* The Secret that holds what is nowhere else: takes root and for. */}}
{{- define "sidecar.credentialSecret" -}}
{{- if .root.Values.credentials.externalSecret.enabled -}}
{{ include "sidecar.fullname" .root }}-{{ ternary "setup" "credentials" (eq .for "setup") }}
{{- else -}}
{{ .root.Values.credentials.existingSecret }}
{{- end }}
{{- end }}

{{/*
Where each credential is, for one role or for the setup: as a JSON array of path, secret, key and remoteRef.
Takes root, for ("setup" or a role's name) and own (the role's credentials).
*/}}
{{- define "sidecar.credentialSources" -}}
{{- $sources := list }}
{{- $values := .root.Values.credentials }}
{{- $default := include "sidecar.credentialSecret" (dict "root" .root "for" .for) }}
{{- range $path := include "sidecar.credentialPaths" .root | fromJsonArray }}
{{- $chosen := mergeOverwrite (deepCopy (get $values.from $path | default dict)) (deepCopy (get $.own $path | default dict)) }}
{{- $key := $chosen.key | default $path }}
{{- $source := dict "path" $path "key" $key "secret" ($chosen.existingSecret | default $default) }}
{{- $_ := set $source "external" (and $values.externalSecret.enabled (not $chosen.existingSecret)) }}
{{- $_ := set $source "remoteRef" ($chosen.remoteRef | default (dict "key" (printf "%s%s" $values.externalSecret.remotePrefix $key))) }}
{{- $sources = append $sources $source }}
{{- end }}
{{- toJson $sources }}
{{- end }}

{{/* A volume with a file for each credential. */}}
{{- define "sidecar.credentialVolume" -}}
{{- $items := dict }}
{{- range include "sidecar.credentialSources" . | fromJsonArray }}
{{- $_ := set $items .secret (append (get $items .secret | default list) (dict "key" .key "path" .path)) }}
{{- end -}}
name: credentials
projected:
  defaultMode: 0440
  sources:
    {{- range $secret, $files := $items }}
    - secret:
        name: {{ $secret }}
        items:
          {{- range $files }}
          - key: {{ .key }}
            path: {{ .path }}
          {{- end }}
    {{- end }}
{{- end }}

{{/* Makes a Secret out of what the External Secrets Operator finds: takes root, name, sources, labels and annotations. */}}
{{- define "sidecar.externalSecret" -}}
{{- $external := .root.Values.credentials.externalSecret -}}
apiVersion: {{ $external.apiVersion }}
kind: ExternalSecret
metadata:
  name: {{ .name }}
  labels:
    {{- .labels | nindent 4 }}
  {{- with .annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  refreshInterval: {{ $external.refreshInterval }}
  secretStoreRef:
    kind: {{ $external.storeKind }}
    name: {{ $external.storeName }}
  target:
    name: {{ .name }}
    creationPolicy: Owner
  data:
    {{- range $key, $ref := .data }}
    - secretKey: {{ $key }}
      remoteRef:
        {{- toYaml $ref | nindent 8 }}
    {{- end }}
{{- end }}
