package nimload.plan;

import java.util.Map;

/** The 23 levels of NVIDIA's guide: {@code simulations-data/published-grid.json}, read from the class path. */
public final class PublishedGrid {
    public static final String NAME = "published";

    private PublishedGrid() {}

    public static Map<Workload, WorkloadGrid> load() {
        return Grid.named(NAME).workloads();
    }
}
