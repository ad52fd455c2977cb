package nimload.deploy.diagnosis;

/** Whose pods are diagnosed, in the words of the advice. */
public enum Subject {
    NIM("run up again", "in the settings file", "under values in the settings file", "persistence.", " and gpus"),
    JOB("run again", "under benchmark in the settings file", "under benchmark in the settings file", "", "");

    private final String again;
    private final String settings;
    private final String values;
    private final String persistence;
    private final String gpus;

    Subject(String again, String settings, String values, String persistence, String gpus) {
        this.again = again;
        this.settings = settings;
        this.values = values;
        this.persistence = persistence;
        this.gpus = gpus;
    }

    /**
     * Replaces {again} that repeats the command, {settings} where resources and storage are set, {values} where the rest of a pod is,
     * {persistence.} before a setting of the storage, and {and gpus} where there are some.
     */
    String fill(String text) {
        return text.replace("{again}", again)
                .replace("{settings}", settings)
                .replace("{values}", values)
                .replace("{persistence.}", persistence)
                .replace("{and gpus}", gpus);
    }
}
