/**
 * Work inside a pod. {@link nimload.deploy.pod.PodShell} runs one command there; {@link nimload.deploy.pod.PatientShell} does so across lost
 * connections; {@link nimload.deploy.pod.DetachedJob} starts a job that outlives both, follows, stops and fetches it, whatever the job is.
 * The other half of it is pod.sh, which runs in the pod.
 */
package nimload.deploy.pod;
