package nimload.results;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nimload.plan.LoadPoint;

/**
 * A mix of requests at constant rates for hours, in slices of equal length. It may have been killed and continued; the slice
 * that was under way is lost.
 *
 * @param slicesPlanned of all parts together
 * @param sliceSeconds length of each
 * @param mix what is sent, with its rates
 * @param slices those that ended, in order
 * @param verdict how it went, in a sentence; empty while it goes on
 */
public record Soak(
        int slicesPlanned,
        double sliceSeconds,
        List<LoadPoint> mix,
        List<SoakSlice> slices,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Optional<String> verdict) {

    public Soak {
        mix = mix == null ? List.of() : List.copyOf(mix);
        slices = slices == null ? List.of() : List.copyOf(slices);
        verdict = verdict == null ? Optional.empty() : verdict;
    }

    /** A time without load between two parts: the process was killed, and the soak continued later. */
    public record Gap(Instant from, Instant to) {
        public Duration length() {
            return Duration.between(from, to);
        }
    }

    @JsonIgnore
    public List<Gap> gaps() {
        List<Gap> gaps = new ArrayList<>();
        for (int i = 1; i < slices.size(); i++) {
            if (slices.get(i).part() != slices.get(i - 1).part()) {
                gaps.add(new Gap(slices.get(i - 1).ended(), slices.get(i).began()));
            }
        }
        return gaps;
    }

    /** The part that would come next, from 1. */
    @JsonIgnore
    public int nextPart() {
        return slices.isEmpty() ? 1 : slices.get(slices.size() - 1).part() + 1;
    }

    @JsonIgnore
    public boolean complete() {
        return slices.size() >= slicesPlanned;
    }

    public Soak with(SoakSlice slice) {
        List<SoakSlice> more = new ArrayList<>(slices);
        more.add(slice);
        return new Soak(slicesPlanned, sliceSeconds, mix, more, Optional.empty());
    }

    /** The same soak, which goes on. */
    public Soak goingOn() {
        return new Soak(slicesPlanned, sliceSeconds, mix, slices, Optional.empty());
    }

    public Soak withVerdict(String sentence) {
        return new Soak(slicesPlanned, sliceSeconds, mix, slices, Optional.of(sentence));
    }
}
