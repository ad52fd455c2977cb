package nimload.page;

import java.util.List;
import java.util.Optional;
import nimload.plan.Workload;
import nimload.results.Footnotes;
import nimload.results.Table;

/** A workload's part of the page: per shape its levels and their charts, or a search and its. */
record WorkloadSection(String id, Workload workload, List<Part> shapes) {

    /**
     * @param closed whether users wait for their answers
     * @param arrivals whether it is known when requests were to be sent
     * @param levels empty for a search
     */
    record Part(
            String id,
            String label,
            boolean closed,
            boolean arrivals,
            Optional<Table> levels,
            Optional<SearchPart> search) {}

    static WorkloadSection of(ShapeLevels.Group group, Footnotes footnotes) {
        return new WorkloadSection(
                group.id(),
                group.workload(),
                group.shapes().stream().map(shape -> part(shape, footnotes)).toList());
    }

    private static Part part(ShapeLevels shape, Footnotes footnotes) {
        return new Part(
                shape.id(),
                shape.shape().label(),
                shape.shape().load().closed(),
                shape.arrivals(),
                shape.search().isPresent() ? Optional.empty() : Optional.of(LevelTable.of(shape, footnotes)),
                shape.search().map(search -> SearchPart.of(shape, search, footnotes)));
    }
}
