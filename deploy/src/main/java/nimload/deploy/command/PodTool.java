package nimload.deploy.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import nimload.deploy.DeployException;
import nimload.deploy.cluster.BenchmarkPods;
import nimload.deploy.load.LoadPod;
import nimload.deploy.pod.Advice;

/** What makes the load in a pod: where it runs, what it needs there, and what becomes of its results here. */
interface PodTool {

    BenchmarkPods.Kind pod();

    Advice advice();

    /** That the pod's image must have. */
    List<String> programs();

    /** @throws DeployException with the reason, if the pod would falsify the run or end it */
    void requireRoom(LoadPod pod);

    /**
     * Puts what came back in place.
     *
     * @return its folder; empty if nothing was measured
     */
    Optional<Path> unpack(Path tar, Path results) throws IOException;

    /** Says where the results are, and makes of them what this tool makes of them. */
    void finish(Path run) throws InterruptedException;

    /** @throws DeployException with the reason, for an exit code that says more than that it failed */
    void explain(int exitCode);
}
