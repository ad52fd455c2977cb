package nimload.deploy.cluster;

import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.api.model.Cluster;
import io.fabric8.kubernetes.api.model.Config;
import io.fabric8.kubernetes.api.model.Context;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import nimload.deploy.DeployException;
import tools.jackson.core.JacksonException;

/**
 * The kubeconfig files as one, by kubectl's rules (<a
 * href="https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/">kubernetes.io</a>): the first file that sets
 * current-context decides it; contexts, clusters and users of all files are one set, in which the first definition of a name counts as a whole; a file
 * that does not exist is skipped; paths are relative to the file they are in.
 *
 * @param files those that were read
 */
record Kubeconfig(
        List<Path> files,
        String currentContext,
        Map<String, Context> contexts,
        Map<String, Cluster> clusters,
        Map<String, AuthInfo> users) {

    /** A context with its cluster and user; all paths are absolute. */
    record Choice(String context, Cluster cluster, AuthInfo user) {}

    /** Of the option if given, which is one file and must exist; otherwise of KUBECONFIG, otherwise of ~/.kube/config. */
    static Kubeconfig of(Optional<Path> option, UnaryOperator<String> environment) {
        Kubeconfig merged = new Kubeconfig(
                new ArrayList<>(), null, new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>());
        for (Path file : option.map(List::of).orElseGet(() -> fromEnvironment(environment))) {
            Optional<Config> config = read(file.toAbsolutePath());
            if (config.isPresent()) {
                merged = merged.with(file.toAbsolutePath(), config.get());
            } else if (option.isPresent()) {
                throw new DeployException("no kubeconfig at " + file + "; correct --kubeconfig");
            }
        }
        return merged;
    }

    boolean isEmpty() {
        return currentContext == null && contexts.isEmpty() && clusters.isEmpty() && users.isEmpty();
    }

    /**
     * The named context, or the current one.
     *
     * @throws DeployException if it, its cluster or its user is in no file
     */
    Choice choose(Optional<String> name) {
        String wanted = name.orElse(currentContext);
        Context context = wanted == null ? null : contexts.get(wanted);
        if (context == null) {
            throw new DeployException(name.map(n -> "--context " + n + ": no such context")
                            .orElse(
                                    currentContext == null
                                            ? "no current context is set"
                                            : "current-context " + currentContext + ": no such context")
                    + " in " + fileNames() + "; use --context with one of: "
                    + String.join(", ", contexts.keySet()));
        }
        Cluster cluster = clusters.get(context.getCluster());
        if (cluster == null
                || cluster.getServer() == null
                || cluster.getServer().isBlank()) {
            throw new DeployException("context " + wanted + ": "
                    + (isUnset(context.getCluster())
                            ? "names no cluster"
                            : "its cluster " + context.getCluster()
                                    + (cluster == null ? " is in no kubeconfig" : " has no server"))
                    + " (" + fileNames() + "); correct the file, add another to KUBECONFIG, or use --context");
        }
        AuthInfo user = isUnset(context.getUser()) ? new AuthInfo() : users.get(context.getUser());
        if (user == null) {
            throw new DeployException("context " + wanted + ": its user " + context.getUser() + " is in no kubeconfig ("
                    + fileNames() + "); correct the file, add another to KUBECONFIG, or use --context");
        }
        return new Choice(wanted, cluster, user);
    }

    private static List<Path> fromEnvironment(UnaryOperator<String> environment) {
        String variable = environment.apply("KUBECONFIG");
        if (variable != null && !variable.isEmpty()) {
            return Stream.of(variable.split(File.pathSeparator))
                    .filter(part -> !part.isEmpty())
                    .map(Path::of)
                    .toList();
        }
        String home = environment.apply("HOME") != null ? environment.apply("HOME") : environment.apply("USERPROFILE");
        return home == null ? List.of() : List.of(Path.of(home, ".kube", "config"));
    }

    /** Empty if the file does not exist. What it contains never becomes part of an error: it may be a password. */
    private static Optional<Config> read(Path file) {
        try {
            Config config = Serialization.unmarshal(Files.readString(file), Config.class);
            return Optional.of(config == null ? new Config() : config);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new DeployException(
                    file + ": not readable (" + e.getClass().getSimpleName() + "); correct KUBECONFIG or --kubeconfig");
        } catch (RuntimeException e) {
            throw new DeployException(file + ": cannot be read as a kubeconfig" + place(e)
                    + "; correct it, or use another with --kubeconfig");
        }
    }

    private static String place(Throwable e) {
        return e instanceof JacksonException json
                        && json.getLocation() != null
                        && json.getLocation().getLineNr() > 0
                ? " (line " + json.getLocation().getLineNr() + ", column "
                        + json.getLocation().getColumnNr() + ")"
                : e.getCause() == null ? "" : place(e.getCause());
    }

    private Kubeconfig with(Path file, Config config) {
        UnaryOperator<String> absolute = path ->
                isUnset(path) ? path : file.resolveSibling(path).normalize().toString();
        files.add(file);
        add(
                file,
                "context",
                config.getContexts(),
                c -> c.getName(),
                c -> c.getContext(),
                Context::new,
                c -> {},
                contexts);
        add(
                file,
                "cluster",
                config.getClusters(),
                c -> c.getName(),
                c -> c.getCluster(),
                Cluster::new,
                c -> c.setCertificateAuthority(absolute.apply(c.getCertificateAuthority())),
                clusters);
        add(
                file,
                "user",
                config.getUsers(),
                u -> u.getName(),
                u -> u.getUser(),
                AuthInfo::new,
                user -> {
                    user.setClientCertificate(absolute.apply(user.getClientCertificate()));
                    user.setClientKey(absolute.apply(user.getClientKey()));
                    user.setTokenFile(absolute.apply(user.getTokenFile()));
                    if (user.getExec() != null
                            && String.valueOf(user.getExec().getCommand()).contains(File.separator)) {
                        user.getExec().setCommand(absolute.apply(user.getExec().getCommand()));
                    }
                },
                users);
        String current = currentContext != null || isUnset(config.getCurrentContext())
                ? currentContext
                : config.getCurrentContext();
        return new Kubeconfig(files, current, contexts, clusters, users);
    }

    private static <N, T> void add(
            Path file,
            String kind,
            List<N> entries,
            Function<N, String> name,
            Function<N, T> value,
            Supplier<T> none,
            Consumer<T> resolve,
            Map<String, T> merged) {
        Map<String, T> here = new LinkedHashMap<>();
        for (N entry : entries == null ? List.<N>of() : entries) {
            T definition = value.apply(entry) == null ? none.get() : value.apply(entry);
            resolve.accept(definition);
            if (here.put(String.valueOf(name.apply(entry)), definition) != null) {
                throw new DeployException(file + ": " + kind + " " + name.apply(entry)
                        + " is defined twice, which kubectl refuses too; remove one of them");
            }
        }
        here.forEach(merged::putIfAbsent);
    }

    private static boolean isUnset(String text) {
        return text == null || text.isEmpty();
    }

    private String fileNames() {
        return String.join(", ", files.stream().map(Path::toString).toList());
    }
}
