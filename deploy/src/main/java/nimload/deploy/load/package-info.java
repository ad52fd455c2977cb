/**
 * A load test from inside the cluster. {@link nimload.deploy.load.LoadPod} finds the pod and checks that it does not distort the measurement;
 * {@link nimload.deploy.load.InClusterEndpoints} gives the addresses of the NIMs as seen from there; {@link nimload.deploy.load.Suite} is what
 * runs, and {@link nimload.deploy.load.FetchedRun} what comes back. Getting there and back is the job of {@link nimload.deploy.pod}.
 */
package nimload.deploy.load;
