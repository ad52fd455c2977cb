package io.gatling.core.util;

import java.io.File;
import java.util.UUID;
import scala.Option;
import scala.collection.immutable.List;
import scala.collection.immutable.List$;

/**
 * What a simulation is told of where it runs. Gatling's own class of this name says that it is no load generator of Gatling
 * Enterprise, and the engine there has one that says which; this one stands in for the engine's, before Gatling's on the
 * class path.
 */
public final class DeploymentInfo$ {
    public static final DeploymentInfo$ MODULE$ = new DeploymentInfo$();

    private DeploymentInfo$() {}

    public Option<UUID> runId() {
        return Option.apply(UUID.fromString("00000000-0000-4000-8000-000000000001"));
    }

    public Option<String> locationName() {
        return Option.apply("prl_nim");
    }

    public int numberOfLoadGeneratorsInLocation() {
        return numberOfLoadGeneratorsInRun();
    }

    public int indexOfLoadGeneratorInLocation() {
        return 0;
    }

    /** Chosen by the test. */
    public int numberOfLoadGeneratorsInRun() {
        return Integer.parseInt(System.getProperty("emulated.loadGenerators"));
    }

    public int indexOfLoadGeneratorInRun() {
        return 0;
    }

    public List<File> logFiles() {
        return List$.MODULE$.empty();
    }
}
