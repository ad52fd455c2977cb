package nimload.deploy.pod;

/**
 * What messages tell the user to do.
 *
 * @param run the command that owns the pod, e.g. {@code run --tool genai-perf}; {@code --attach} or {@code --stop} is appended
 * @param image what to do if the image lacks something
 */
public record Advice(String run, String image) {

    public String attach() {
        return run + " --attach";
    }

    public String stop() {
        return run + " --stop";
    }
}
