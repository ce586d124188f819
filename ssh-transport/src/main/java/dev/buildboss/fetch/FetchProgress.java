package dev.buildboss.fetch;

/** Hears how far a transfer is. Called from the thread that does it, often: cheap, and without exceptions. */
@FunctionalInterface
public interface FetchProgress {

    /** Nobody listens. */
    FetchProgress NONE = (what, done, total) -> {};

    /**
     * So much is done.
     *
     * @param what what is done, such as {@code "fetching x.tar.xz"}
     * @param done bytes
     * @param total bytes, or −1 if that is not known
     */
    void at(String what, long done, long total);
}
