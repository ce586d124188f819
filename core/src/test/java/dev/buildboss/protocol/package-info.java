/** Tests of the wire's messages and their JSON form. */
@NullMarked
package dev.buildboss.protocol;

import org.jspecify.annotations.NullMarked;
