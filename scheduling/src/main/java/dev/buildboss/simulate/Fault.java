package dev.buildboss.simulate;

/** Something that happens to a machine in a simulation. */
public sealed interface Fault {

    /** When, in seconds. */
    double atS();

    /** Which machine, by its place in the fleet. */
    int machine();

    /** It is gone for good; its boss finds out after a while. */
    record Loss(double atS, int machine, double foundAfterS) implements Fault {}

    /** It is slower (or faster) from then on, without anybody's being told. */
    record Slowdown(double atS, int machine, double factor) implements Fault {}
}
