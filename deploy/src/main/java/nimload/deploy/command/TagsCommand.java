package nimload.deploy.command;

import java.util.List;
import java.util.concurrent.Callable;
import nimload.deploy.Edges;
import nimload.deploy.registry.ImageTags;
import nimload.deploy.settings.Nim;
import nimload.deploy.settings.NimSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "tags",
        mixinStandardHelpOptions = true,
        description = {
            "Lists the image tags that the configured registry offers for each NIM, newest first; set one as tag in the settings file.",
            "",
            "Asks the registry itself (OCI distribution API): nvcr.io with NGC_API_KEY, any other with NIM_REGISTRY_USERNAME and"
                    + " NIM_REGISTRY_PASSWORD. Needs no cluster."
        })
final class TagsCommand implements Callable<Integer> {

    private final Edges edges;

    @Mixin
    private Options options;

    TagsCommand(Edges edges) {
        this.edges = edges;
    }

    @Override
    public Integer call() {
        try (Workplace work = new Workplace(edges, options)) {
            ImageTags tags = work.imageTags();
            for (Nim nim : options.nims()) {
                NimSettings settings = work.settings.of(nim);
                List<String> offered = tags.of(settings.image());
                edges.out().println(nim + ": " + work.settings.images().registry() + "/" + settings.image());
                offered.forEach(tag -> edges.out()
                        .println("  " + tag + (tag.equals(settings.tag()) ? "   <- in the settings file" : "")));
                if (!offered.contains(settings.tag())) {
                    edges.out().println("  (" + settings.tag() + " from the settings file is not offered)");
                }
            }
            return 0;
        }
    }
}
