{{/* What a schema cannot say. */}}
{{- define "sidecar.validate" -}}
{{- $values := .Values }}
{{- range $section := list "stripe" "magento" "stores" }}
{{- if not (get $values.settings $section) }}
{{- fail (printf "settings.%s is empty: see `helm show readme`, and values.yaml for an example" $section) }}
{{- end }}
{{- end }}
{{- $external := $values.credentials.externalSecret }}
{{- if and $external.enabled (not $external.storeName) }}
{{- fail "credentials.externalSecret.storeName is empty: name the store of the External Secrets Operator" }}
{{- end }}
{{- if and $external.enabled $values.credentials.existingSecret }}
{{- fail "credentials.existingSecret contradicts credentials.externalSecret.enabled: keep one" }}
{{- end }}
{{- $paths := include "sidecar.credentialPaths" (dict "root" . "kind" "all") | fromJsonArray }}
{{- range $path := keys $values.credentials.from | sortAlpha }}
{{- if not (has $path $paths) }}
{{- fail (printf "credentials.from.%s: the settings ask for no such credential; they ask for %s" $path (join ", " $paths)) }}
{{- end }}
{{- end }}
{{- $roles := include "sidecar.roles" . | fromJson }}
{{- $owner := dict }}
{{- range $name, $role := $roles }}
{{- range $role.queues }}
{{- if hasKey $owner . }}
{{- fail (printf "roles.%s: queue %s is consumed by roles.%s already" $name . (get $owner .)) }}
{{- end }}
{{- $_ := set $owner . $name }}
{{- end }}
{{- $_ := include "sidecar.validateSources" (dict "root" $ "for" $name "kind" $role.kind "own" $role.credentials) }}
{{- end }}
{{- if $values.setup.enabled }}
{{- range $path := keys $values.setup.credentials | sortAlpha }}
{{- if not (has $path (list "broker.url" "store.url")) }}
{{- fail (printf "setup.credentials.%s: it reads no such credential; it reads broker.url, store.url" $path) }}
{{- end }}
{{- end }}
{{- end }}
{{- if and (or $values.webhooks.ingress.enabled $values.webhooks.httpRoute.enabled) (not $values.webhooks.host) }}
{{- fail "webhooks.host is empty: name the host that Stripe calls" }}
{{- end }}
{{- if and $values.webhooks.httpRoute.enabled (not $values.webhooks.httpRoute.parentRefs) }}
{{- fail "webhooks.httpRoute.parentRefs is empty: name the Gateway" }}
{{- end }}
{{- end }}

{{- define "sidecar.validateSources" }}
{{- $paths := include "sidecar.credentialPaths" . | fromJsonArray }}
{{- range $path := keys .own | sortAlpha }}
{{- if not (has $path $paths) }}
{{- fail (printf "roles.%s.credentials.%s: the role reads no such credential; it reads %s" $.for $path (join ", " $paths)) }}
{{- end }}
{{- end }}
{{- range include "sidecar.credentialSources" . | fromJsonArray }}
{{- if not .secret }}
{{- $every := include "sidecar.credentialPaths" (dict "root" $.root "kind" "all") | fromJsonArray }}
{{- fail (printf "credentials.existingSecret is empty: name a Secret that has %s" (join ", " $every)) }}
{{- end }}
{{- end }}
{{- end }}
