{{/*
Which credentials a kind of process reads, by their place in the settings: as a JSON array. Takes root and kind: that of a
role, `migrate`, `topology`, `doctor`, or `all`. It is what `sidecar/settings/credentials.py` says, held to it by a test.
*/}}
{{- define "sidecar.credentialPaths" -}}
{{- $work := list "broker" "store" "stripe" "magento" "tracing" }}
{{- $kinds := dict "bridge" (list "broker" "webhooks" "tracing") "consumers" $work "timers" $work "doctor" $work }}
{{- $_ := set $kinds "migrate" (list "store") }}
{{- $_ := set $kinds "topology" (list "broker" "store") }}
{{- $_ := set $kinds "all" (append $work "webhooks") }}
{{- $reads := get $kinds .kind }}
{{- $values := .root.Values }}
{{- $paths := list }}
{{- if has "broker" $reads }}{{ $paths = append $paths "broker.url" }}{{ end }}
{{- if has "store" $reads }}{{ $paths = append $paths "store.url" }}{{ end }}
{{- if and (has "tracing" $reads) $values.credentials.tracingHeaders }}{{ $paths = append $paths "tracing.otlp_headers" }}{{ end }}
{{- range $account := keys $values.settings.stripe | sortAlpha }}
{{- if has "stripe" $reads }}{{ $paths = append $paths (printf "stripe.%s.secret_key" $account) }}{{ end }}
{{- if has "webhooks" $reads }}{{ $paths = append $paths (printf "stripe.%s.webhook_secrets" $account) }}{{ end }}
{{- end }}
{{- if has "magento" $reads }}
{{- range $name := keys $values.settings.magento | sortAlpha }}
{{- $instance := get $values.settings.magento $name }}
{{- if eq (get $instance "adapter" | default "rest") "db" }}
{{- $paths = append $paths (printf "magento.%s.database_url" $name) }}
{{- else if has $name $values.credentials.oauth }}
{{- range list "consumer_key" "consumer_secret" "access_token" "access_token_secret" }}
{{- $paths = append $paths (printf "magento.%s.oauth.%s" $name .) }}
{{- end }}
{{- else }}
{{- $paths = append $paths (printf "magento.%s.token" $name) }}
{{- end }}
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
Where each credential of a process is: as a JSON array of path, secret, key and remoteRef.
Takes root, for ("setup" or a role's name), kind (see sidecar.credentialPaths) and own (the role's credentials).
*/}}
{{- define "sidecar.credentialSources" -}}
{{- $sources := list }}
{{- $values := .root.Values.credentials }}
{{- $default := include "sidecar.credentialSecret" (dict "root" .root "for" .for) }}
{{- range $path := include "sidecar.credentialPaths" . | fromJsonArray }}
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
