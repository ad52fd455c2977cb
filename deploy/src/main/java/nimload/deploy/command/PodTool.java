package nimload.deploy.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import nimload.deploy.DeployException;
import nimload.deploy.cluster.BenchmarkPods;
import nimload.deploy.load.LoadPod;
import nimload.deploy.pod.Advice;

/** What generates the load in a pod: where it runs, what it needs there, and what happens to its results here. */
interface PodTool {

    BenchmarkPods.Kind pod();

    Advice advice();

    /** Programs that the image of the pod must have. */
    List<String> programs();

    /** @throws DeployException with the reason, if the pod would distort the run or kill it */
    void requireRoom(LoadPod pod);

    /**
     * Moves what came back into place.
     *
     * @return its folder; empty if nothing was measured
     */
    Optional<Path> unpack(Path tar, Path results) throws IOException;

    /** Prints where the results are, and processes them further if the tool needs it. */
    void finish(Path run) throws InterruptedException;

    /** @throws DeployException with the reason, for an exit code that means more than failure */
    void explain(int exitCode);
}
