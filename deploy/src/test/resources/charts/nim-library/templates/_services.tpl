{{- define "nim.services" -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ .Values.service.name | default (include "nim.fullname" .) }}
  labels: {{- include "nim.labels" . | nindent 4 }}
spec:
  type: {{ .Values.service.type }}
  selector: {{- include "nim.selector" . | nindent 4 }}
  ports:
  - {name: http-openai, port: {{ .Values.service.httpPort }}, targetPort: http-openai, protocol: TCP}
{{- if .Values.statefulSet.enabled }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ include "nim.fullname" . }}-sts
  labels: {{- include "nim.labels" . | nindent 4 }}
spec:
  clusterIP: None
  selector: {{- include "nim.selector" . | nindent 4 }}
  ports:
  - {name: http-openai, port: {{ .Values.service.httpPort }}, targetPort: http-openai, protocol: TCP}
{{- end }}
{{- if .Values.ingress.enabled }}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: {{ include "nim.fullname" . }}
  labels: {{- include "nim.labels" . | nindent 4 }}
spec:
  {{- with .Values.ingress.tls }}
  tls: {{- toYaml . | nindent 2 }}
  {{- end }}
  rules:
  {{- range .Values.ingress.hosts }}
  - host: {{ .host }}
    http:
      paths:
      - path: /
        pathType: Prefix
        backend: {service: {name: {{ include "nim.fullname" $ }}, port: {name: http-openai}}}
  {{- end }}
{{- end }}
{{- end }}
