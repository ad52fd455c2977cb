package nimload.deploy.command;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;

/** The root project's archive: `mvn package -DskipTests` there builds it, and `mvn verify` there runs this module's tests afterwards. */
final class RealSuite {

    static final Path FILE = Path.of("..", "target", "nimload-suite.tar");

    private RealSuite() {}

    /** Tests that need it are skipped in a checkout where only this module was built; the root's build says that it must be there. */
    static void require() {
        if (!Boolean.getBoolean("nimload.suite.required")) {
            assumeThat(FILE)
                    .as("run mvn package -DskipTests in the root project to include this test")
                    .exists();
        }
    }
}
