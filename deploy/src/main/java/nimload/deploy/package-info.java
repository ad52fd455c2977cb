/**
 * Installs two NIMs on a Kubernetes cluster with one command, names the cause instead of timing out, and hands their addresses to the
 * simulations.
 *
 * <p>How {@code up} flows: {@link nimload.deploy.settings.Settings} describe what to install; {@link nimload.deploy.chart.ChartSource} fetches
 * each chart; {@link nimload.deploy.chart.ChartValues} computes the chart's values; {@link nimload.deploy.cluster.Prerequisites} creates
 * namespaces and Secrets; {@link nimload.deploy.helm.HelmReleases} installs; {@link nimload.deploy.cluster.Observer} reads pods, events and
 * volumes, and {@link nimload.deploy.diagnosis.Diagnose} names the state or its cause until the pods are ready;
 * {@link nimload.deploy.report.EndpointsFile} stores the addresses.
 *
 * <p>Terms are Kubernetes' own: release, chart, values (Helm); pod, event, claim (PersistentVolumeClaim), storage class, taint. A <i>NIM</i> is
 * one of the two services; a <i>cause</i> is the first thing that keeps its pod from becoming ready; an object is <i>ours</i> if it has the label
 * {@code app.kubernetes.io/managed-by=nimload-deploy}.
 */
package nimload.deploy;
