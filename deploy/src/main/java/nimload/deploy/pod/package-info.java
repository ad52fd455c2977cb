/**
 * Work inside a pod. {@link nimload.deploy.pod.PodShell} runs one command there; {@link nimload.deploy.pod.PatientShell} repeats it across lost
 * connections; {@link nimload.deploy.pod.DetachedJob} starts a job that outlives both, and follows, stops and fetches it, whatever the job is.
 * The other half is pod.sh, which runs in the pod.
 */
package nimload.deploy.pod;
