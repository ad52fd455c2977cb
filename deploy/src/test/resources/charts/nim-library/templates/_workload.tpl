{{- define "nim.workload" -}}
{{- $claimTemplate := and .Values.persistence.enabled .Values.statefulSet.enabled (not .Values.persistence.existingClaim) (eq .Values.persistence.accessMode "ReadWriteOnce") }}
apiVersion: apps/v1
kind: {{ ternary "StatefulSet" "Deployment" .Values.statefulSet.enabled }}
metadata:
  name: {{ include "nim.fullname" . }}
  labels: {{- include "nim.labels" . | nindent 4 }}
spec:
  replicas: {{ .Values.replicaCount }}
  {{- if .Values.statefulSet.enabled }}
  serviceName: {{ include "nim.fullname" . }}-sts
  {{- end }}
  selector:
    matchLabels: {{- include "nim.selector" . | nindent 6 }}
  template:
    metadata:
      labels: {{- include "nim.selector" . | nindent 8 }}
      annotations: {{- toYaml .Values.podAnnotations | nindent 8 }}
    spec:
      securityContext: {{- toYaml .Values.podSecurityContext | nindent 8 }}
      imagePullSecrets: {{- toYaml .Values.imagePullSecrets | nindent 8 }}
      nodeSelector: {{- toYaml .Values.nodeSelector | nindent 8 }}
      tolerations: {{- toYaml .Values.tolerations | nindent 8 }}
      containers:
      - name: {{ .Chart.Name }}
        image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
        imagePullPolicy: {{ .Values.image.pullPolicy }}
        env: {{- include "nim.env" . | nindent 8 }}
        ports:
        - {name: http-openai, containerPort: {{ .Values.nim.httpPort }}}
        startupProbe:
          httpGet: {path: {{ .Values.startupProbe.path }}, port: http-openai}
          initialDelaySeconds: {{ .Values.startupProbe.initialDelaySeconds }}
          periodSeconds: {{ .Values.startupProbe.periodSeconds }}
          failureThreshold: {{ .Values.startupProbe.failureThreshold }}
        resources: {{- toYaml .Values.resources | nindent 10 }}
        volumeMounts:
        - {name: model-store, mountPath: {{ .Values.nim.nimCache }}}
      {{- if not $claimTemplate }}
      volumes:
      - name: model-store
        {{- if .Values.persistence.enabled }}
        persistentVolumeClaim: {claimName: {{ .Values.persistence.existingClaim | default (include "nim.fullname" .) }}}
        {{- else }}
        emptyDir: {}
        {{- end }}
      {{- end }}
  {{- if $claimTemplate }}
  volumeClaimTemplates:
  - metadata: {name: model-store}
    spec:
      accessModes: [{{ .Values.persistence.accessMode }}]
      {{- with .Values.persistence.storageClass }}
      storageClassName: {{ . }}
      {{- end }}
      resources: {requests: {storage: {{ .Values.persistence.size }}}}
  {{- end }}
{{- end }}
