package nimload.deploy.command;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import nimload.deploy.Edges;
import nimload.deploy.load.Suite;
import nimload.deploy.load.SuiteImage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "image",
        mixinStandardHelpOptions = true,
        description = {
            "Builds an image that holds the suite, so that run needs no upload; set its name as benchmark.suiteImage. Needs no container engine.",
            "",
            "Writes target/nimload-image.tar, which docker load and ctr image import read, or pushes it with --push. The suite comes from mvn package"
                    + " -DskipTests, the registry's user and password from NIM_REGISTRY_USERNAME and NIM_REGISTRY_PASSWORD. Touches no cluster."
        })
final class ImageCommand implements Callable<Integer> {

    private final Edges edges;

    @Mixin
    private Options options;

    @Option(
            names = "--push",
            paramLabel = "NAME",
            description = "Push it under this name, registry/name:tag, instead of writing a file.")
    private Optional<String> push = Optional.empty();

    @Option(
            names = "--base",
            paramLabel = "IMAGE",
            description =
                    "An image with sh, tar and a JRE 17 or later, or scratch for none; default: benchmark.loadGeneratorImage.")
    private Optional<String> base = Optional.empty();

    @Option(
            names = "--suite",
            paramLabel = "FILE",
            description = "Default: the root project's target/nimload-suite.tar.")
    private Optional<Path> suite = Optional.empty();

    ImageCommand(Edges edges) {
        this.edges = edges;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (Workplace work = new Workplace(edges, options)) {
            Path root = edges.folder().toAbsolutePath().normalize().getParent();
            SuiteImage image = new SuiteImage(
                    Suite.read(suite.orElseGet(() -> root.resolve("target/nimload-suite.tar"))),
                    edges.target().resolve("image"),
                    work.login());
            String from = base.orElseGet(() -> work.settings.benchmark().loadGeneratorImage());
            if (push.isPresent()) {
                image.push(from, push.get());
                edges.out().println("pushed " + push.get() + "; set it as benchmark.suiteImage in the settings file");
            } else {
                Path file = edges.target().resolve("nimload-image.tar");
                image.write(from, "nimload:latest", file);
                edges.out().println("image is in " + file);
            }
            return 0;
        }
    }
}
