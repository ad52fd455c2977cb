package nimload.servermetrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import nimload.nim.ServerText;

/**
 * Which of the models in a server's metrics did the level's work. Triton may run a NIM as an ensemble: the ensemble and
 * each of its steps (tokenizer, network) then count every request, under names that only resemble the NIM's.
 *
 * @param front the model whose request count equals the incoming requests; empty if unknown
 * @param steps the models that queue and compute: the front itself if it has no steps
 */
record CountedModels(Optional<String> front, Set<String> steps, List<String> notes) {

    private static final int LISTED = 5;
    private static final int LISTED_LENGTH = 100;

    /**
     * @param wanted the model's name in requests
     * @param requests that each model counted during the level
     */
    static CountedModels of(String wanted, Map<String, Double> requests) {
        Set<String> named = requests.keySet().stream()
                .filter(model -> resembles(wanted, model))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> working = (named.isEmpty() ? requests.keySet() : named)
                .stream().filter(model -> requests.get(model) > 0).collect(Collectors.toCollection(TreeSet::new));
        Optional<String> front = front(wanted, working, requests);
        Set<String> steps = new TreeSet<>(working);
        if (steps.size() > 1 && front.isPresent() && isWhole(wanted, front.get())) {
            steps.remove(front.get());
        }
        List<String> notes = new ArrayList<>();
        if (named.isEmpty() && working.size() > 1) {
            notes.add("The server names no model like " + wanted + "; its busy models are taken together: "
                    + listed(working) + ".");
        }
        if (front.isEmpty() && !working.isEmpty()) {
            notes.add("The server's models counted different numbers of requests (" + listed(working)
                    + "): how many came in is unknown.");
        }
        return new CountedModels(front, steps, notes);
    }

    /** Whether a server's model is one in requests, or a step of it. */
    static boolean resembles(String wanted, String model) {
        return plain(model).contains(baseName(wanted));
    }

    /** The model whose request time covers all of the server's work; empty if that is spread over steps. */
    Optional<String> whole() {
        return front.filter(model -> steps.size() < 2 || !steps.contains(model));
    }

    /** Shortened, because a page may name any number of models, of any length. */
    private static String listed(Set<String> models) {
        String first = models.stream()
                .limit(LISTED)
                .map(ServerText::oneLine)
                .map(model -> model.length() > LISTED_LENGTH ? model.substring(0, LISTED_LENGTH) + "…" : model)
                .collect(Collectors.joining(", "));
        return models.size() > LISTED ? first + " and " + (models.size() - LISTED) + " more" : first;
    }

    Set<String> all() {
        Set<String> all = new TreeSet<>(steps);
        front.ifPresent(all::add);
        return all;
    }

    private static Optional<String> front(String wanted, Set<String> working, Map<String, Double> requests) {
        Optional<String> whole =
                working.stream().filter(model -> isWhole(wanted, model)).findFirst();
        boolean allCountedTheSame =
                working.stream().map(requests::get).distinct().count() == 1;
        return whole.isPresent() || !allCountedTheSame
                ? whole
                : working.stream().findFirst();
    }

    /** Whether a model does all of a NIM's work rather than one step. */
    private static boolean isWhole(String wanted, String model) {
        String plain = plain(model);
        return plain.equals(baseName(wanted)) || plain.equals(plain(wanted)) || plain.contains("ensemble");
    }

    /** Without the organisation: Triton may call {@code nvidia/nv-embedqa-e5-v5} {@code nv_embedqa_e5_v5}. */
    private static String baseName(String wanted) {
        return plain(wanted.substring(wanted.lastIndexOf('/') + 1));
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }
}
