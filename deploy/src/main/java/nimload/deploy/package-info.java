/**
 * The bootstrap: two NIMs on a Kubernetes cluster by one command, a cause instead of a time-out, and their addresses for the simulations.
 *
 * <p>How {@code up} flows: {@link nimload.deploy.settings.Settings} say what is wanted; {@link nimload.deploy.chart.ChartSource} brings each
 * chart; {@link nimload.deploy.chart.ChartValues} computes what the chart is given; {@link nimload.deploy.cluster.Prerequisites} makes
 * namespaces and Secrets; {@link nimload.deploy.helm.HelmReleases} installs; {@link nimload.deploy.cluster.Observer} reads pods, events and
 * volumes, and {@link nimload.deploy.diagnosis.Diagnose} names the state or its cause until the pods are ready;
 * {@link nimload.deploy.report.EndpointsFile} holds the addresses.
 *
 * <p>Words are Kubernetes' own: release, chart, values (Helm); pod, event, claim (PersistentVolumeClaim), storage class, taint. A <i>NIM</i> is one of
 * the two services; a <i>cause</i> is the first thing that keeps its pod from being ready; <i>made by us</i> means labelled
 * {@code app.kubernetes.io/managed-by=nimload-deploy}.
 */
package nimload.deploy;
