package nimload.deploy.pod;

/**
 * How messages name what the user can do.
 *
 * @param run the command whose pod it is, e.g. {@code run --tool genai-perf}; {@code --attach} and {@code --stop} go after it
 * @param image what to do about an image that lacks something
 */
public record Advice(String run, String image) {

    public String attach() {
        return run + " --attach";
    }

    public String stop() {
        return run + " --stop";
    }
}
