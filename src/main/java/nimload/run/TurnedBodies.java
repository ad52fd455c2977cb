package nimload.run;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import nimload.plan.LoadPoint;
import nimload.run.Body.Arrangement;

/** A few bodies that take turns, for a server that has nothing to compute and answers known ones without reading them. */
final class TurnedBodies implements Bodies {
    private static final int COUNT = 16;

    private final RequestFactory requests;
    private final LoadPoint point;
    private final List<Body> bodies;
    private final AtomicInteger turns = new AtomicInteger();

    TurnedBodies(RequestFactory requests, LoadPoint point) {
        this.requests = requests;
        this.point = point;
        this.bodies = IntStream.range(0, COUNT)
                .mapToObj(number -> again(number, Arrangement.WHOLE))
                .toList();
    }

    @Override
    public Body next() {
        return bodies.get(Math.floorMod(turns.getAndIncrement(), COUNT));
    }

    @Override
    public Body again(int number, Arrangement arrangement) {
        return requests.body(point, 0, number, arrangement);
    }

    @Override
    public int handedOut() {
        return COUNT;
    }
}
