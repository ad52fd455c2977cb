package nimload.plan;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import nimload.nim.Json;

/** The 23 levels of NVIDIA's guide: {@code simulations-data/published-grid.json}, read from the class path. */
public final class PublishedGrid {
    private static final String RESOURCE = "/published-grid.json";

    private PublishedGrid() {}

    public static Map<Workload, WorkloadGrid> load() {
        try (InputStream in = PublishedGrid.class.getResourceAsStream(RESOURCE)) {
            JsonNode root = Json.MAPPER.readTree(in);
            Map<Workload, WorkloadGrid> grids = new EnumMap<>(Workload.class);
            for (Workload workload : Workload.values()) {
                JsonNode grid = root.required(workload.key());
                grids.put(
                        workload,
                        new WorkloadGrid(
                                workload,
                                numbers(grid.required("tokens")),
                                grid.path("queryTokens").intValue(),
                                numbers(grid.required(workload.itemsSetting())),
                                numbers(grid.required("concurrency"))));
            }
            return grids;
        } catch (IOException e) {
            throw new UncheckedIOException("unreadable on the class path: " + RESOURCE, e);
        }
    }

    private static List<Integer> numbers(JsonNode array) {
        List<Integer> numbers = new ArrayList<>();
        array.forEach(number -> numbers.add(number.intValue()));
        return numbers;
    }
}
