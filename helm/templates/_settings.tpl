{{/* Where credentials are mounted; each file is called by its place in the settings. */}}
{{- define "sidecar.credentialFolder" -}}/run/sidecar/credentials{{- end }}

{{/* sidecar.toml: the settings, with the path of a file for each credential. */}}
{{- define "sidecar.settings" -}}
{{- $settings := deepCopy .Values.settings }}
{{- $folder := include "sidecar.credentialFolder" . }}
{{- range $path := include "sidecar.credentialPaths" (dict "root" . "kind" "all") | fromJsonArray }}
{{- $parts := splitList "." $path }}
{{- $section := $settings }}
{{- range initial $parts }}
{{- if not (hasKey $section .) }}{{ $_ := set $section . dict }}{{ end }}
{{- $section = get $section . }}
{{- end }}
{{- $_ := set $section (printf "%s_file" (last $parts)) (printf "%s/%s" $folder $path) }}
{{- end }}
{{- include "sidecar.table" (dict "path" "" "table" $settings) | trim }}
{{- end }}

{{/* A table of TOML and the tables in it. Helm's own toToml writes whole numbers as floats. */}}
{{- define "sidecar.table" }}
{{- $plain := dict }}{{ $tables := dict }}{{ $lists := dict }}
{{- range $key, $value := .table }}
{{- if kindIs "map" $value }}{{ $_ := set $tables $key $value }}
{{- else if and (kindIs "slice" $value) $value (kindIs "map" (first $value)) }}{{ $_ := set $lists $key $value }}
{{- else if not (kindIs "invalid" $value) }}{{ $_ := set $plain $key $value }}
{{- end }}
{{- end }}
{{- if and .path $plain }}

[{{ .path }}]
{{- end }}
{{- range $key, $value := $plain }}
{{ $key }} = {{ include "sidecar.tomlValue" $value }}
{{- end }}
{{- $before := ternary (printf "%s." .path) "" (ne .path "") }}
{{- range $key, $value := $tables }}
{{- include "sidecar.table" (dict "path" (printf "%s%s" $before $key) "table" $value) }}
{{- end }}
{{- range $key, $list := $lists }}
{{- range $list }}

[[{{ $before }}{{ $key }}]]
{{- range $name, $value := . }}
{{ $name }} = {{ include "sidecar.tomlValue" $value }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "sidecar.tomlValue" -}}
{{- if kindIs "slice" . -}}
[{{ range $index, $item := . }}{{ if $index }}, {{ end }}{{ include "sidecar.tomlValue" $item }}{{ end }}]
{{- else if kindIs "float64" . -}}
{{ if eq (floor .) . }}{{ int64 . }}{{ else }}{{ toJson . }}{{ end }}
{{- else -}}
{{ toJson . }}
{{- end }}
{{- end }}
