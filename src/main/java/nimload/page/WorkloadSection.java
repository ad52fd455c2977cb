package nimload.page;

import java.util.List;
import nimload.plan.Workload;
import nimload.results.Footnotes;
import nimload.results.Table;

/** A workload's part of the page: per shape its levels and their charts. */
record WorkloadSection(String id, Workload workload, List<Part> shapes) {

    record Part(String id, String label, Table levels) {}

    static WorkloadSection of(ShapeLevels.Group group, Footnotes footnotes) {
        return new WorkloadSection(
                group.id(),
                group.workload(),
                group.shapes().stream()
                        .map(shape -> new Part(shape.id(), shape.shape().label(), LevelTable.of(shape, footnotes)))
                        .toList());
    }
}
