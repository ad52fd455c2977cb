package nimload.faults;

/**
 * What nimload is to say of a fault.
 *
 * @param words of the kind, reason or remark
 * @param exit code of the run
 */
record Expected(Way way, String words, int exit) {
    enum Way {
        /** Each request that got the fault is one failed request of this kind, and no other failed. */
        COUNTED,
        /** Likewise, but some of them may have come to no harm. */
        COUNTED_AT_MOST,
        /** A reason against the level. */
        NOTICED,
        /** Such a reason, or none: it depends on which answers are compared. */
        BY_CHANCE,
        /** A remark; the level is valid. */
        REMARKED,
        /** Nothing: the level is valid. */
        HARMLESS
    }

    static Expected counted(String kind) {
        return new Expected(Way.COUNTED, kind, 2);
    }

    static Expected countedAtMost(String kind) {
        return new Expected(Way.COUNTED_AT_MOST, kind, 2);
    }

    static Expected noticed(String reason) {
        return new Expected(Way.NOTICED, reason, 2);
    }

    static Expected byChance(String reason) {
        return new Expected(Way.BY_CHANCE, reason, 2);
    }

    /** A level that is not valid, but in which no request failed. */
    static Expected doubted(String reason) {
        return new Expected(Way.NOTICED, reason, 0);
    }

    static Expected remarked(String remark) {
        return new Expected(Way.REMARKED, remark, 0);
    }

    static Expected harmless() {
        return new Expected(Way.HARMLESS, "", 0);
    }

    /** For the table. */
    String text() {
        return switch (way) {
            case COUNTED -> '`' + words + '`';
            case COUNTED_AT_MOST -> '`' + words + "`, at most as many";
            case NOTICED -> '"' + words + " …\"" + (exit == 0 ? ", exit 0" : "");
            case BY_CHANCE -> "by chance: \"" + words + " …\"";
            case REMARKED -> "remark \"" + words + " …\", valid";
            case HARMLESS -> "valid";
        };
    }
}
