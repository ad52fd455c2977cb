package nimload.run;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import nimload.UserError;
import nimload.plan.LoadPoint;
import nimload.plan.Shape;
import nimload.plan.Workload;

/**
 * Which levels the servers take. Before the load the request of a shape is sent once, the largest first; a shape that is no
 * larger in any way than one that was answered needs none.
 *
 * @param planned what the settings ask for, in order
 * @param taken shapes whose request was answered rightly, the largest first
 * @param refused what stands against each shape that the server does not take
 */
record LevelTrial(List<LoadPoint> planned, Set<Shape> taken, Map<Shape, String> refused) {

    /**
     * @param refusal sends the request of a level once; empty if it is answered rightly
     * @throws UserError if a workload has no level left
     */
    static LevelTrial of(List<LoadPoint> planned, Function<LoadPoint, Optional<String>> refusal) {
        Map<Shape, LoadPoint> shapes = new LinkedHashMap<>();
        planned.forEach(point -> shapes.putIfAbsent(point.shape(), point));
        List<Shape> largestFirst = shapes.keySet().stream()
                .sorted(Comparator.comparing(Shape::workload)
                        .thenComparing(
                                Comparator.comparingLong(LevelTrial::tokens).reversed()))
                .toList();
        Set<Shape> taken = new LinkedHashSet<>();
        Map<Shape, String> refused = new LinkedHashMap<>();
        for (Shape shape : largestFirst) {
            if (taken.stream().anyMatch(other -> contains(other, shape))) {
                continue;
            }
            Optional<String> why = refusal.apply(shapes.get(shape));
            if (why.isPresent()) {
                refused.put(shape, why.get());
            } else {
                taken.add(shape);
            }
        }
        LevelTrial trial = new LevelTrial(planned, taken, refused);
        planned.stream().map(LoadPoint::workload).distinct().forEach(trial::requireALevel);
        return trial;
    }

    private static long tokens(Shape shape) {
        return shape.texts()
                .map(own -> (long) own.linesPerRequest())
                .orElseGet(() -> (long) shape.items() * (shape.inputTokens() + shape.queryTokens()));
    }

    private static boolean contains(Shape large, Shape small) {
        return large.workload() == small.workload()
                // What fits a file's largest request may not be what fits that of another batch.
                && large.texts().isEmpty()
                && small.texts().isEmpty()
                && large.spread() == 0
                && small.spread() == 0
                && large.items() >= small.items()
                && large.inputTokens() >= small.inputTokens()
                && large.queryTokens() >= small.queryTokens();
    }

    private void requireALevel(Workload workload) {
        if (points().stream().anyMatch(point -> point.workload() == workload)) {
            return;
        }
        List<Shape> all = refusedOf(workload);
        Shape smallest = all.get(all.size() - 1);
        String settings = "nim." + workload.key() + ".";
        throw new UserError(workload.key() + ": no level can run, the server does not take "
                + (all.size() == 1 ? "its request" : "the smallest request either") + ", " + smallest.label() + ": "
                + refused.get(smallest) + "; " + smaller(smallest, settings));
    }

    private static String smaller(Shape shape, String settings) {
        return shape.texts().isPresent()
                ? "give shorter texts"
                        + (shape.workload().inputType().isPresent() ? ", a smaller -D" + settings + "batch=…" : "")
                        + " or -Dnim.truncate=END"
                : "give a smaller one, -D" + settings + shape.workload().itemsSetting() + "=… or -D" + settings
                        + "tokens=…";
    }

    private List<Shape> refusedOf(Workload workload) {
        return refused.keySet().stream()
                .filter(shape -> shape.workload() == workload)
                .toList();
    }

    /** The most items that each workload's server took in a request, with the tokens that they had. */
    Map<Workload, Shape> largest() {
        Map<Workload, Shape> largest = new LinkedHashMap<>();
        for (Shape shape : taken) {
            largest.merge(shape.workload(), shape, (one, other) -> other.items() > one.items() ? other : one);
        }
        return largest;
    }

    /** The levels that can run, in order. */
    List<LoadPoint> points() {
        return planned.stream()
                .filter(point -> !refused.containsKey(point.shape()))
                .toList();
    }

    /** A sentence for each shape that is left out. */
    List<String> notes() {
        return refused.entrySet().stream()
                .map(entry -> entry.getKey().description() + ": " + levels(entry.getKey()) + " left out, "
                        + entry.getValue() + ".")
                .toList();
    }

    private String levels(Shape shape) {
        long levels =
                planned.stream().filter(point -> point.shape().equals(shape)).count();
        return levels + (levels == 1 ? " level" : " levels");
    }

    /** A line for each workload of which levels are left out: the run is not the one that was planned. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        for (Workload workload : Workload.values()) {
            List<LoadPoint> all = of(workload, planned);
            List<LoadPoint> left = of(workload, points());
            if (left.size() < all.size()) {
                Shape largest = refusedOf(workload).get(0);
                problems.add((all.size() - left.size()) + " of " + all.size() + " " + workload.key()
                        + " levels were left out, since the server does not take " + largest.label() + ": "
                        + refused.get(largest) + "; plan the others alone with " + settings(workload, all, left));
            }
        }
        return problems;
    }

    private static List<LoadPoint> of(Workload workload, List<LoadPoint> points) {
        return points.stream().filter(point -> point.workload() == workload).toList();
    }

    /** The lists that give the levels left, if lists do. */
    private static String settings(Workload workload, List<LoadPoint> all, List<LoadPoint> left) {
        String prefix = "-Dnim." + workload.key() + ".";
        String items = prefix + workload.itemsSetting() + "=";
        String tokens = prefix + "tokens=";
        Set<Integer> itemsLeft =
                new TreeSet<>(left.stream().map(LoadPoint::items).toList());
        Set<Integer> tokensLeft =
                new TreeSet<>(left.stream().map(LoadPoint::inputTokens).toList());
        long shapes = left.stream().map(LoadPoint::shape).distinct().count();
        if (shapes < (long) itemsLeft.size() * tokensLeft.size()) {
            return items + "… or " + tokens + "…";
        }
        List<String> settings = new ArrayList<>();
        if (itemsLeft.size() < all.stream().map(LoadPoint::items).distinct().count()) {
            settings.add(items + list(itemsLeft));
        }
        if (tokensLeft.size()
                < all.stream().map(LoadPoint::inputTokens).distinct().count()) {
            settings.add(tokens + list(tokensLeft));
        }
        return String.join(" ", settings);
    }

    private static String list(Set<Integer> numbers) {
        return numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
}
