/**
 * A load test from inside the cluster, as a Job. {@link nimload.deploy.load.RunJob} creates it from manifests/run.yaml; {@link
 * nimload.deploy.load.ClusterRun} brings the suite into its pod, follows its log, and fetches its results; {@link
 * nimload.deploy.load.InClusterEndpoints} gives the addresses of the NIMs as seen from there. {@link nimload.deploy.load.ToolLevels} is the same
 * grid with another tool.
 */
package nimload.deploy.load;
