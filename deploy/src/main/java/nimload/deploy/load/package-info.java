/**
 * A load test from inside the cluster: which pod it runs in and whether that pod would falsify it ({@link nimload.deploy.load.LoadPod}), where the NIMs
 * are as seen from there ({@link nimload.deploy.load.InClusterEndpoints}), what is run ({@link nimload.deploy.load.Suite}), and what comes back
 * ({@link nimload.deploy.load.FetchedRun}). How it gets there is {@link nimload.deploy.pod}'s.
 */
package nimload.deploy.load;
