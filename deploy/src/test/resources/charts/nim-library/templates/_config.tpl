{{- /* The originals' fault: inside the first range the dot is an entry's value, so the inner loops have no .Values. */}}
{{- define "nim.env" -}}
- name: NIM_CACHE_PATH
  value: {{ .Values.nim.nimCache }}
- name: NGC_API_KEY
  valueFrom:
    secretKeyRef: {name: {{ .Values.nim.ngcAPISecret }}, key: NGC_API_KEY}
- name: NIM_LOG_LEVEL
  value: {{ .Values.nim.logLevel }}
{{- if .Values.env }}
{{ toYaml .Values.env }}
{{- else }}
{{- range $k, $v := .Values.envVars }}
- name: {{ $k }}
  value: {{ $v | quote }}
{{- range $name, $port := .Values.ingress_endpoint }}
- name: ingress_{{ $name }}
  value: {{ $port | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
