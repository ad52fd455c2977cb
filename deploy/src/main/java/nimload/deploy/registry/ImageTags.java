package nimload.deploy.registry;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nimload.deploy.DeployException;
import nimload.deploy.EnvironmentProxy;
import nimload.deploy.KeyCheck;
import nimload.deploy.Unreachable;
import nimload.deploy.settings.Settings;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The tags that a registry offers for a repository, through the OCI distribution API ({@code GET /v2/<name>/tags/list}) and its token exchange.
 * Credentials go over https to the registry's own host, or to the token host named in the settings, and nowhere else.
 */
public final class ImageTags {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** At 100 or more tags per page this is beyond any NIM's repository, so it is a loop. */
    private static final int MAX_PAGES = 100;

    private static final Pattern NEXT = Pattern.compile("<([^>]+)>\\s*;\\s*rel=\"?next\"?");

    private final HttpClient http;
    private final Settings.Images images;
    private final Optional<String> basicCredentials;

    /** @param basicCredentials {@code user:password} in Base64; absent for anonymous access */
    public ImageTags(HttpClient http, Settings.Images images, Optional<String> basicCredentials) {
        this.http = http;
        this.images = images;
        this.basicCredentials = basicCredentials;
    }

    /**
     * Asks the registry whether it accepts the credentials for a repository, as a node would before it pulls; empty without credentials. Only a
     * refusal of the credentials themselves counts: what they give access to, the node finds out.
     *
     * @throws DeployException if it does not
     */
    public Optional<KeyCheck> checkKey(String repository) {
        if (basicCredentials.isEmpty()) {
            return Optional.empty();
        }
        String name = "key for " + images.registry() + "/" + repository;
        Optional<String> unknown = Optional.empty();
        try {
            HttpResponse<String> response = get(page(repository), Optional.empty(), name);
            if (response.statusCode() == 401) {
                String authorization = authorize(response, repository, name);
                if (authorization.startsWith("Basic ")
                        && get(page(repository), Optional.of(authorization), name)
                                        .statusCode()
                                == 401) {
                    throw refused(name, 401);
                }
            } else if (response.statusCode() != 200) {
                unknown = Optional.of("the registry answered " + response.statusCode());
            }
        } catch (Refused e) {
            throw e;
        } catch (DeployException | IllegalArgumentException e) {
            unknown = Optional.of(e.getMessage().replace(name + ": ", ""));
        }
        return Optional.of(new KeyCheck(images.registry(), unknown));
    }

    private URI page(String repository) {
        return URI.create("https://" + images.registry() + "/v2/" + repository + "/tags/list?n=100");
    }

    /** Newest version first. */
    public List<String> of(String repository) {
        String name = "tags of " + images.registry() + "/" + repository;
        URI page = page(repository);
        Optional<String> authorization = Optional.empty();
        List<String> tags = new ArrayList<>();
        for (int pages = 0; pages < MAX_PAGES; pages++) {
            HttpResponse<String> response = get(page, authorization, name);
            if (response.statusCode() == 401 && authorization.isEmpty()) {
                authorization = Optional.of(authorize(response, repository, name));
                response = get(page, authorization, name);
            }
            if (response.statusCode() != 200) {
                throw refused(name, response.statusCode());
            }
            json(response, name).path("tags").forEach(tag -> tags.add(tag.asString()));
            Optional<URI> next = next(page, response);
            if (next.isEmpty()) {
                return tags.stream().sorted(VersionOrder.NEWEST_FIRST).toList();
            }
            page = next.get();
        }
        throw new DeployException(name + ": more than " + MAX_PAGES + " pages; is this the right registry?");
    }

    private String authorize(HttpResponse<String> response, String repository, String name) {
        Challenge challenge = response.headers().allValues("www-authenticate").stream()
                .flatMap(header -> Challenge.parse(header).stream())
                .filter(c -> c.scheme().equals("bearer") || c.scheme().equals("basic"))
                .findFirst()
                .orElseThrow(() -> new DeployException(
                        name + ": the registry answered 401 without saying how to log in; is a proxy in the way?"));
        if (challenge.scheme().equals("basic")) {
            return "Basic " + basicCredentials.orElseThrow(() -> refused(name, 401));
        }
        URI realm = URI.create(challenge.parameters().getOrDefault("realm", ""));
        requireKnown(realm, name);
        String query =
                "scope=" + encoded(challenge.parameters().getOrDefault("scope", "repository:" + repository + ":pull"))
                        + Optional.ofNullable(challenge.parameters().get("service"))
                                .map(service -> "&service=" + encoded(service))
                                .orElse("");
        URI address = URI.create(realm + (realm.getRawQuery() == null ? "?" : "&") + query);
        HttpResponse<String> token = get(address, basicCredentials.map(basic -> "Basic " + basic), name);
        if (token.statusCode() != 200) {
            throw refused(name, token.statusCode());
        }
        JsonNode json = json(token, name);
        return "Bearer " + json.path("token").asString(json.path("access_token").asString(""));
    }

    /** A compromised registry could name any host here and would be sent the key. */
    private void requireKnown(URI realm, String name) {
        boolean known = "https".equals(realm.getScheme())
                && (images.registry().equals(realm.getAuthority())
                        || images.tokenHost().equals(Optional.ofNullable(realm.getAuthority())));
        if (!known) {
            throw new DeployException(
                    name + ": the registry asks for the credentials to be sent to another host, " + realm
                            + "; if that is right, set images.tokenHost: " + realm.getAuthority()
                            + " in the settings file");
        }
    }

    private HttpResponse<String> get(URI address, Optional<String> authorization, String name) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address).timeout(LIMIT);
        EnvironmentProxy.authorize(http, request, address);
        authorization.ifPresent(value -> request.header("Authorization", value));
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new DeployException(
                    name + ": " + address.getAuthority() + " does not answer (" + Unreachable.reason(e)
                            + "); check images.registry in the settings file, and the proxy (doctor does)",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DeployException(name + ": interrupted", e);
        }
    }

    private DeployException refused(String name, int status) {
        String variables = images.fromNvidia() ? "NGC_API_KEY" : "NIM_REGISTRY_USERNAME and NIM_REGISTRY_PASSWORD";
        String answered = name + ": the registry answered " + status;
        return switch (status) {
            case 401, 403 ->
                new Refused(answered
                        + (basicCredentials.isEmpty()
                                ? ": it requires credentials; export " + variables
                                : status == 401
                                        ? ": it does not accept " + variables + "; correct and export them again"
                                        : ": these credentials have no access; check " + variables));
            case 404 -> new DeployException(answered + ": no such repository; correct image in the settings file");
            default -> new DeployException(answered + "; try again later");
        };
    }

    private static final class Refused extends DeployException {
        private static final long serialVersionUID = 1;

        Refused(String message) {
            super(message);
        }
    }

    private Optional<URI> next(URI page, HttpResponse<String> response) {
        Matcher matcher = NEXT.matcher(response.headers().firstValue("link").orElse(""));
        return matcher.find()
                ? Optional.of(page.resolve(matcher.group(1)))
                        .filter(next ->
                                images.registry().equals(next.getAuthority()) && "https".equals(next.getScheme()))
                : Optional.empty();
    }

    private static JsonNode json(HttpResponse<String> response, String name) {
        try {
            return JsonMapper.shared().readTree(response.body());
        } catch (JacksonException e) {
            throw new DeployException(
                    name + ": the response is not JSON; is images.registry a registry, or is a login page in the way?",
                    e);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
