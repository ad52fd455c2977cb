package nimload.preflight;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;
import nimload.UserError;
import nimload.nim.NimError;
import nimload.nim.NimKind;
import nimload.nim.ServerText;
import nimload.preflight.NimClient.Answer;

/** Answers that are no success: what they say, and what the user can do. */
final class Refusals {
    /** Of a body that is not a NIM's error. */
    private static final int MOST_OF_A_PAGE = 120;

    private static final Pattern LOG_IN = Pattern.compile("(?i).*(log-?in|sign-?[io]n|sso|oauth|saml|auth).*");

    private Refusals() {}

    /** The server's words on one line; empty if it has none. */
    static String words(Answer answer) {
        return ServerText.oneLine(NimError.messageIn(answer.body()).orElseGet(() -> {
            String text = new String(answer.body(), StandardCharsets.UTF_8).strip();
            return text.length() > MOST_OF_A_PAGE ? text.substring(0, MOST_OF_A_PAGE) + "…" : text;
        }));
    }

    /** {@code HTTP 422 (its words)}. */
    static String quoted(Answer answer) {
        String words = words(answer);
        return answer.what() + (words.isEmpty() ? "" : " (" + words + ")");
    }

    /** @param kind whose settings are named in what to do next */
    static UserError error(NimKind kind, URI url, String route, Answer answer) {
        if (answer.status() / 100 == 3) {
            return new UserError(redirect(kind, url, route, answer));
        }
        String next = switch (answer.status()) {
            case 401, 403 ->
                "give a valid key in the environment: NIM_API_KEY=…, or the header that it takes: -Dnim." + kind.key()
                        + ".headers=…";
            case 404, 405 -> "check the address: nimload adds " + route + " itself";
            default -> "check the NIM's log";
        };
        return new UserError(url + route + " answered " + quoted(answer) + "; " + next);
    }

    private static String redirect(NimKind kind, URI url, String route, Answer answer) {
        String setting = "-Dnim." + kind.key() + ".url=";
        Optional<URI> target = answer.location().flatMap(location -> resolved(url, route, location));
        if (target.isEmpty()) {
            return url + route + " redirects without saying where (" + answer.what() + "); give the NIM's own address: "
                    + setting + "…";
        }
        // The rest of a sign-on page's address may hold what nobody should read.
        String to = ServerText.oneLine(target.get().toString().replaceAll("[?#].*", ""));
        String base = to.replaceFirst("/$", "");
        if (base.endsWith(route)) {
            base = base.substring(0, base.length() - route.length());
            return base.equals(url.toString())
                    ? url + route + " redirects to itself (" + answer.what() + "); check what stands before the NIM"
                    : url + " redirects to " + base + " (" + answer.what() + "); give that address: " + setting + base;
        }
        return LOG_IN.matcher(to).matches()
                ? url + ": a log-in stands before it (it redirects to " + to + "); give an address behind that, or the"
                        + " key that it takes in the environment: NIM_API_KEY=…"
                : url + route + " redirects to " + to + " (" + answer.what() + "), which is another route; give the"
                        + " NIM's own address: " + setting + "…";
    }

    private static Optional<URI> resolved(URI url, String route, String location) {
        try {
            return Optional.of(URI.create(url + route).resolve(location));
        } catch (IllegalArgumentException notAnAddress) {
            return Optional.empty();
        }
    }
}
